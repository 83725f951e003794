//! Who somebody is, as little of it as is needed: identity documents that are told apart without being kept, and the age
//! of somebody.

use std::fmt::{self, Write};

use matchday_kernel::{Instant, Zone, civil::Date};
use ring::hmac;

/// From this age on nobody has to consent for somebody.
pub const ADULT: i16 = 18;
/// Characters of a document's number that are kept to tell documents apart at a desk.
const LAST: usize = 4;
/// Longest number of a document, in characters.
const LONGEST: usize = 40;
/// Shortest number of a document: of less, the last characters would be all of it.
const SHORTEST: usize = 6;

/// The number of an identity document, as it is compared. It is printed nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct Document(String);

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Document(…)")
    }
}

impl Document {
    /// Reads a number: spaces and hyphens do not count, nor does the size of letters. `None` for an empty one.
    ///
    /// # Errors
    /// What is wrong with it, without quoting it.
    pub fn read(text: &str) -> Result<Option<Self>, &'static str> {
        let is_between = |c: &char| c.is_whitespace() || *c == '-';
        let number: String = text.chars().filter(|c| !is_between(c)).flat_map(char::to_uppercase).collect();
        if number.is_empty() {
            return Ok(None);
        }
        if !number.chars().all(char::is_alphanumeric) {
            return Err("holds characters other than letters, digits, spaces and hyphens");
        }
        match number.chars().count() {
            length if length < SHORTEST => Err("is shorter than 6 characters"),
            length if length > LONGEST => Err("is longer than 40 characters"),
            _ => Ok(Some(Self(number))),
        }
    }

    /// Its last characters.
    #[must_use]
    pub fn last(&self) -> String {
        let length = self.0.chars().count();
        self.0.chars().skip(length.saturating_sub(LAST)).collect()
    }

    /// Its hash under a key, in hexadecimal digits: the same for the same document, and without the key of no use.
    #[must_use]
    pub fn hash(&self, key: &[u8]) -> String {
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), self.0.as_bytes());
        tag.as_ref().iter().fold(String::new(), |mut hash, byte| {
            // writing to a text never fails
            let _ = write!(hash, "{byte:02x}");
            hash
        })
    }
}

/// Reads a day of birth that lies before today, and not more than 120 years.
///
/// # Errors
/// What is wrong with it, without quoting it.
pub fn birth_date(text: &str, today: Date) -> Result<Date, &'static str> {
    let date: Date = text.trim().parse().map_err(|_| "is no date: write it like 2004-05-17")?;
    if date >= today {
        return Err("lies in the future");
    }
    if age(date, today) > 120 {
        return Err("lies more than 120 years ago");
    }
    Ok(date)
}

/// Years that somebody has completed on a day. Who is born on 29 February is a year older on 1 March where there is none.
#[must_use]
pub fn age(born: Date, today: Date) -> i16 {
    let had_birthday = (today.month(), today.day()) >= (born.month(), born.day());
    today.year() - born.year() - i16::from(!had_birthday)
}

/// The day that the clocks of a zone show at a moment.
#[must_use]
pub fn today(now: Instant, zone: &Zone) -> Date {
    now.in_zone(zone).date()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn document(text: &str) -> Document {
        Document::read(text).unwrap().unwrap()
    }

    #[test]
    fn one_document_is_one_however_it_is_written() {
        let one = document("51010119990101123x");
        assert_eq!(one, document(" 510101 19990101 123-X "));
        assert_eq!(one.last(), "123X");
        assert_eq!(one.hash(b"key"), document("51010119990101123X").hash(b"key"));
        assert_ne!(one.hash(b"key"), one.hash(b"other key"));
        assert_ne!(one.hash(b"key"), document("51010119990101124X").hash(b"key"));
        assert_eq!(one.hash(b"key").len(), 64);
        assert!(!format!("{one:?}").contains("1999"));
    }

    #[test]
    fn what_is_no_number_is_refused_and_not_quoted() {
        assert_eq!(Document::read(" - "), Ok(None));
        for wrong in ["12345", "123456\u{0}", "ab/cdefg", &"9".repeat(41)] {
            let problem = Document::read(wrong).unwrap_err();
            assert!(!problem.contains(wrong));
        }
        // a letter whose capital is several letters counts as those
        assert!(Document::read(&"ß".repeat(21)).is_err());
    }

    #[test]
    fn somebody_is_of_age_on_the_birthday() {
        assert_eq!(age(date("2005-07-28"), date("2023-07-27")), 17);
        assert_eq!(age(date("2005-07-28"), date("2023-07-28")), 18);
        assert_eq!(age(date("2004-02-29"), date("2022-02-28")), 17);
        assert_eq!(age(date("2004-02-29"), date("2022-03-01")), 18);
    }

    #[test]
    fn a_day_of_birth_is_in_the_past_and_believable() {
        let today = date("2023-07-28");
        assert_eq!(birth_date("2004-05-17", today), Ok(date("2004-05-17")));
        for wrong in ["", "17.5.2004", "2004-13-01", "2023-07-28", "1902-07-27", "-009999-01-01"] {
            assert!(birth_date(wrong, today).is_err(), "{wrong}");
        }
    }
}
