//! How numbers, times and lists are said.

use crate::model::{Instance, Minute};
use crate::problem::Problem;

/// Matches named in a sentence, at most.
const NAMED: usize = 6;

/// A length of time: `250 h`, `2.5 h`, `105 min`.
pub(super) fn hours(minutes: Minute) -> String {
    let (hours, rest) = (minutes / 60, minutes % 60);
    match rest {
        0 => format!("{hours} h"),
        30 => format!("{hours}.5 h"),
        _ if hours == 0 || minutes < 180 => format!("{minutes} min"),
        _ => format!("{hours} h {rest:02} min"),
    }
}

/// A minute: `day 1 10:00`.
pub(super) fn moment(problem: &Problem, minute: Minute) -> String {
    format!("{} {}", day(problem.instance, problem.day(minute)), clock(problem.clock(minute)))
}

/// A time of the day, in minutes since midnight.
pub(super) fn clock(minutes: Minute) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// A day, by its place in the list.
pub(super) fn day(instance: &Instance, day: usize) -> &str {
    instance.days.get(day).map_or("", |day| day.label.as_str())
}

/// A small number as a word: `five`.
pub(super) fn number(count: usize) -> String {
    const WORDS: [&str; 13] = [
        "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve",
    ];
    WORDS.get(count).map_or_else(|| count.to_string(), |word| (*word).to_owned())
}

/// A number of things: `1 match`, `3 matches`.
pub(super) fn count(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}

/// Things, the last two with an "and".
pub(super) fn list<S: AsRef<str>>(items: &[S]) -> String {
    match items {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [first @ .., last] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", first.join(", "), last.as_ref())
        }
    }
}

/// Matches by their ids, the first of them when they are many.
pub(super) fn matches(instance: &Instance, indexes: &[usize]) -> String {
    let mut ids: Vec<String> =
        indexes.iter().filter_map(|index| instance.matches.get(*index)).map(|game| game.id.clone()).collect();
    if ids.len() > NAMED {
        let more = ids.len() - (NAMED - 1);
        ids.truncate(NAMED - 1);
        ids.push(format!("{more} more"));
    }
    list(&ids)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_said_as_people_say_them() {
        let said: Vec<String> = [15_150, 150, 105, 2985, 60, 0].map(hours).into();
        assert_eq!(said, ["252.5 h", "2.5 h", "105 min", "49 h 45 min", "1 h", "0 h"]);
    }

    #[test]
    fn lists_end_with_an_and() {
        assert_eq!(list(&["a"]), "a");
        assert_eq!(list(&["a", "b", "c"]), "a, b and c");
    }
}
