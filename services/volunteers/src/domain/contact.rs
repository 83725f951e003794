//! How somebody is reached. What is wrong is told without quoting it.

/// Longest address, in characters, as RFC 5321 has it.
const LONGEST_EMAIL: usize = 254;
/// Longest telephone number, in characters.
const LONGEST_PHONE: usize = 40;
/// Fewest digits of a telephone number.
const FEWEST_DIGITS: usize = 3;

/// Reads an address for mail, as far as it can be told without writing to it; empty for none.
///
/// # Errors
/// What is wrong with it.
pub fn email(text: &str) -> Result<String, &'static str> {
    let text = text.trim();
    let is_address = || {
        let (name, host) = text.rsplit_once('@')?;
        let is_plain = |c: char| !c.is_whitespace() && !c.is_control() && c != '@';
        (!name.is_empty() && !host.is_empty() && name.chars().chain(host.chars()).all(is_plain)).then_some(())
    };
    match text.chars().count() {
        0 => Ok(String::new()),
        length if length > LONGEST_EMAIL => Err("is longer than 254 characters"),
        _ => is_address().map(|()| text.to_owned()).ok_or("is no address: write it like name@example.org"),
    }
}

/// Reads a telephone number; empty for none.
///
/// # Errors
/// What is wrong with it.
pub fn phone(text: &str) -> Result<String, &'static str> {
    let text = text.trim();
    let is_of_number = |c: char| c.is_ascii_digit() || " +-()./".contains(c);
    match text.chars().count() {
        0 => Ok(String::new()),
        length if length > LONGEST_PHONE => Err("is longer than 40 characters"),
        _ if !text.chars().all(is_of_number) => {
            Err("holds characters other than digits, spaces and + - ( ) . /")
        }
        _ if text.chars().filter(char::is_ascii_digit).count() < FEWEST_DIGITS => {
            Err("has fewer than 3 digits")
        }
        _ => Ok(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_numbers_are_read_as_they_stand() {
        assert_eq!(email(" lin@example.org "), Ok("lin@example.org".into()));
        assert_eq!(phone("+86 138-0013 8000"), Ok("+86 138-0013 8000".into()));
        assert_eq!((email(""), phone(" ")), (Ok(String::new()), Ok(String::new())));
    }

    #[test]
    fn what_cannot_be_reached_is_refused_and_not_quoted() {
        for wrong in ["lin", "@lin.cn", "lin@", "l in@example.org", "a@b@c", "a\u{0}@b"] {
            assert!(!email(wrong).unwrap_err().contains(wrong), "{wrong}");
        }
        assert!(email(&format!("{}@b", "x".repeat(254))).is_err());
        for wrong in ["12", "call me", "+()", &"1".repeat(41)] {
            assert!(!phone(wrong).unwrap_err().contains(wrong), "{wrong}");
        }
    }
}
