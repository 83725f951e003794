//! Rows and queries.

pub(crate) mod applications;
pub(crate) mod assignments;
pub(crate) mod broadcasts;
pub(crate) mod calendars;
pub(crate) mod care;
pub(crate) mod certificates;
pub(crate) mod erasures;
pub(crate) mod hours;
pub(crate) mod identity;
pub(crate) mod import;
pub(crate) mod interviews;
pub(crate) mod limits;
pub(crate) mod messages;
pub(crate) mod phases;
pub(crate) mod roster_rules;
pub(crate) mod rosters;
pub(crate) mod shifts;
pub(crate) mod training;
pub(crate) mod volunteers;
pub(crate) mod waitlist;

/// Words kept in one text, separated by spaces.
pub(crate) fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}
