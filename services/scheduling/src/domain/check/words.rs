//! Moments, lengths and names as the sentences of a check tell them.

use matchday_kernel::{Instant, SignedDuration};

use super::timetable::{Activity, Timetable};

/// A length of time: `45 h`, `43 h 5 min`, `20 min`.
pub(in crate::domain) fn length(length: SignedDuration) -> String {
    let minutes = length.as_mins().abs();
    let (hours, minutes) = (minutes / 60, minutes % 60);
    let sign = if length.is_negative() { "-" } else { "" };
    match (hours, minutes) {
        (0, minutes) => format!("{sign}{minutes} min"),
        (hours, 0) => format!("{sign}{hours} h"),
        (hours, minutes) => format!("{sign}{hours} h {minutes} min"),
    }
}

/// The id at the end of a name.
pub(in crate::domain) fn id(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// The ids in a place's name: `jinjiang/stadium/pitch`.
pub(in crate::domain) fn place(name: &str) -> String {
    name.split('/').skip(1).step_by(2).collect::<Vec<_>>().join("/")
}

/// An activity by its id and title: `m15 (Women's semi-final)`.
pub(in crate::domain) fn called(activity: &Activity) -> String {
    format!("{} ({})", id(&activity.name), activity.title)
}

/// Most names in one phrase.
const MOST_LISTED: usize = 10;

/// Some names in one phrase: `a, b and c`.
pub(in crate::domain) fn listed(names: &[String]) -> String {
    joined(names, "and")
}

/// Some names of which one is meant: `a, b or c`.
pub(in crate::domain) fn one_of(names: &[String]) -> String {
    joined(names, "or")
}

/// Of many names only the first are told, and how many there are beside.
fn joined(names: &[String], by: &str) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        _ if names.len() > MOST_LISTED => {
            let (first, rest) = names.split_at(MOST_LISTED);
            format!("{} {by} {} more", first.join(", "), rest.len())
        }
        [first @ .., last] => format!("{} {by} {last}", first.join(", ")),
    }
}

impl Timetable {
    /// A moment on the tournament's clocks.
    pub(in crate::domain) fn at(&self, moment: Instant) -> String {
        self.zone.format(moment)
    }

    /// An activity with its start.
    pub(in crate::domain) fn starting(&self, activity: &Activity) -> String {
        format!("{} at {}", called(activity), self.at(activity.time.start()))
    }

    /// What people call a team; its id where nobody entered it.
    pub(in crate::domain) fn team_called(&self, name: &str) -> String {
        self.teams.get(name).map_or_else(|| id(name).to_owned(), |team| team.display_name.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_told_in_hours_and_minutes() {
        for (minutes, told) in
            [(2700, "45 h"), (2585, "43 h 5 min"), (20, "20 min"), (0, "0 min"), (-90, "-1 h 30 min")]
        {
            assert_eq!(length(SignedDuration::from_mins(minutes)), told);
        }
    }

    #[test]
    fn names_are_told_short() {
        assert_eq!(place("sites/jinjiang/venues/stadium/zones/pitch"), "jinjiang/stadium/pitch");
        assert_eq!(id("tournaments/t/activities/m1"), "m1");
        assert_eq!(listed(&["a".into(), "b".into(), "c".into()]), "a, b and c");
        assert_eq!(one_of(&["a".into(), "b".into()]), "a or b");
        assert_eq!(listed(&vec!["a".to_owned(); 12]), "a, a, a, a, a, a, a, a, a, a and 2 more");
    }
}
