//! The log of the operations centre: numbered, append-only, an entry struck at most once.

use matchday_kernel::{Common, Instant, LogEntryName, Slug};

/// Longest text of an entry, in characters.
pub const LONGEST_TEXT: usize = 4000;
/// Longest reason for striking an entry, in characters.
pub const LONGEST_REASON: usize = 1000;
/// Most resources an entry is about.
pub const MOST_RESOURCES: usize = 20;
/// The last number of a tournament's log: six digits, so that the order of names is that of numbers.
pub const LAST_NUMBER: u32 = 999_999;
/// Longest name of a resource, in bytes: more than the longest of any kind.
const LONGEST_NAME: usize = 400;

/// The entry is struck already.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{entry} was struck at {at} already, and stays as it is: write a new entry to add something")]
pub struct Struck {
    /// The entry.
    pub entry: String,
    /// When it was struck.
    pub at: Instant,
}

/// Refuses to strike an entry twice.
///
/// # Errors
/// [`Struck`]
pub fn check_stands(entry: &str, struck: Option<Instant>) -> Result<(), Struck> {
    struck.map_or(Ok(()), |at| Err(Struck { entry: entry.to_owned(), at }))
}

/// The id of the entry after the last one: 000001, 000002, …
///
/// # Errors
/// [`Common::Field`] when the log is full, [`Common::Internal`] when the last one has no number.
pub fn id_after(last: Option<&LogEntryName>) -> Result<Slug, Common> {
    let last = last.map_or(Ok(0), |name| name.id().parse::<u32>()).map_err(Common::internal)?;
    if last >= LAST_NUMBER {
        return Err(Common::field("parent", format!("its log is full: it holds {LAST_NUMBER} entries")));
    }
    format!("{:06}", last + 1).parse().map_err(Common::internal)
}

/// Reads what a person wrote: not empty, lines allowed, other control characters not.
///
/// # Errors
/// [`Common::Field`]
pub fn text(field: &str, written: &str, longest: usize) -> Result<String, Common> {
    let text = written.trim().replace("\r\n", "\n");
    let length = text.chars().count();
    if text.is_empty() {
        Err(Common::field(field, "is empty"))
    } else if length > longest {
        Err(Common::field(field, format!("is {length} characters long; at most {longest} are kept")))
    } else if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        Err(Common::field(field, "holds control characters other than line breaks and tabs"))
    } else {
        Ok(text)
    }
}

/// Reads the resources that an entry is about: names of any kind, each once, in the order written.
///
/// # Errors
/// [`Common::Field`] when there are too many, or one is no name of a resource.
pub fn resources(field: &str, written: &[String]) -> Result<Vec<String>, Common> {
    if written.len() > MOST_RESOURCES {
        return Err(Common::field(
            field,
            format!("names {}; at most {MOST_RESOURCES} are kept", written.len()),
        ));
    }
    let mut names: Vec<String> = Vec::new();
    for (index, name) in written.iter().enumerate() {
        let is_name = name.len() <= LONGEST_NAME
            && name.split('/').count().is_multiple_of(2)
            && name.split('/').all(|segment| segment.parse::<Slug>().is_ok());
        if !is_name {
            let problem = "is no name of a resource: write it like tournaments/jcup/activities/m01";
            return Err(Common::field(format!("{field}[{index}]"), problem));
        }
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    Ok(names)
}

/// When something happened that was written down now.
///
/// # Errors
/// [`Common::Field`] when it lies in the future.
pub fn happened(field: &str, said: Option<Instant>, now: Instant) -> Result<Instant, Common> {
    match said {
        Some(said) if said > now => Err(Common::field(field, format!("lies in the future: it is {now} now"))),
        said => Ok(said.unwrap_or(now)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(minute: i64) -> Instant {
        Instant::from_micros(minute * 60_000_000).unwrap()
    }

    fn entry(id: &str) -> LogEntryName {
        format!("tournaments/t/log-entries/{id}").parse().unwrap()
    }

    #[test]
    fn entries_are_numbered_from_one_until_the_log_is_full() {
        assert_eq!(id_after(None).unwrap().as_str(), "000001");
        assert_eq!(id_after(Some(&entry("000009"))).unwrap().as_str(), "000010");
        assert_eq!(id_after(Some(&entry("999998"))).unwrap().as_str(), "999999");
        assert!(matches!(id_after(Some(&entry("999999"))), Err(Common::Field { .. })));
        assert!(matches!(id_after(Some(&entry("first"))), Err(Common::Internal(_))));
    }

    #[test]
    fn an_entry_is_struck_once() {
        assert!(check_stands("e", None).is_ok());
        let refusal = check_stands("e", Some(at(5))).unwrap_err();
        assert_eq!(refusal, Struck { entry: "e".into(), at: at(5) });
    }

    #[test]
    fn text_may_have_lines_and_has_a_limit() {
        assert_eq!(text("text", " 北门拥堵\r\n已分流 ", LONGEST_TEXT).unwrap(), "北门拥堵\n已分流");
        assert!(text("text", &"字".repeat(LONGEST_TEXT), LONGEST_TEXT).is_ok());
        for wrong in [String::new(), " \n".into(), "a\0b".into(), "字".repeat(LONGEST_TEXT + 1)] {
            assert!(text("text", &wrong, LONGEST_TEXT).is_err());
        }
    }

    #[test]
    fn resources_are_names_each_once() {
        let m01 = "tournaments/t/activities/m01".to_owned();
        let order = "sites/s/venues/v/work-orders/m01-lines".to_owned();
        assert_eq!(resources("r", &[m01.clone(), order.clone(), m01.clone()]).unwrap(), [m01, order]);
        for wrong in ["", "tournaments", "tournaments/t/activities", "Li Wei", "tournaments//x/y", "a b/c"] {
            assert!(resources("r", &[wrong.to_owned()]).is_err(), "{wrong:?}");
        }
        let most: Vec<String> = (0..MOST_RESOURCES).map(|n| format!("staff/s{n}")).collect();
        assert_eq!(resources("r", &most).unwrap(), most);
        assert!(resources("r", &vec!["staff/a".to_owned(); MOST_RESOURCES + 1]).is_err());
    }

    #[test]
    fn nothing_happened_in_the_future() {
        assert_eq!(happened("t", None, at(5)), Ok(at(5)));
        assert_eq!(happened("t", Some(at(3)), at(5)), Ok(at(3)));
        assert_eq!(happened("t", Some(at(5)), at(5)), Ok(at(5)));
        assert!(happened("t", Some(at(6)), at(5)).is_err());
    }

    proptest! {
        /// The order of names is the order of numbers.
        #[test]
        fn names_sort_like_numbers(one in 0..LAST_NUMBER, other in 0..LAST_NUMBER) {
            let id = |last: u32| id_after(Some(&entry(&format!("{last:06}")))).unwrap();
            prop_assert_eq!(id(one).cmp(&id(other)), one.cmp(&other));
        }
    }
}
