//! Moments, lengths and names as the sentences of a check tell them.

use super::tournament::Tournament;
use crate::model::{Minute, Side, Span};

/// Most names in one phrase.
const MOST_LISTED: usize = 10;

/// A length of time: `45 h`, `43 h 5 min`, `20 min`.
pub(crate) fn length(minutes: impl Into<i64>) -> String {
    let minutes: i64 = minutes.into();
    let sign = if minutes < 0 { "-" } else { "" };
    let (hours, minutes) = (minutes.abs() / 60, minutes.abs() % 60);
    match (hours, minutes) {
        (0, minutes) => format!("{sign}{minutes} min"),
        (hours, 0) => format!("{sign}{hours} h"),
        (hours, minutes) => format!("{sign}{hours} h {minutes} min"),
    }
}

/// A time of the day: `09:30`.
pub(crate) fn clock(minutes: Minute) -> String {
    format!("{:02}:{:02}", minutes.div_euclid(60), minutes.rem_euclid(60))
}

/// A number of things: `1 match`, `3 matches`.
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// Some names in one phrase: `a, b and c`. Of many only the first are told, and how many there are beside.
pub(crate) fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        _ if names.len() > MOST_LISTED => {
            let (first, rest) = names.split_at(MOST_LISTED);
            format!("{} and {} more", first.join(", "), rest.len())
        }
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

impl Tournament<'_> {
    /// A moment: `2023-10-25 16:00`.
    pub(crate) fn moment(&self, minute: Minute) -> String {
        let instance = self.instance;
        match instance.days.first() {
            Some(first) if minute < first.start => {
                format!("{} before the first day", length(first.start - minute))
            }
            Some(_) if minute < instance.end => {
                let day = self.day(minute);
                format!("{} {}", instance.days[day].label, clock(self.clock(minute)))
            }
            _ if minute == instance.end => "the end of the last day".to_owned(),
            _ => format!("{} after the last day", length(minute - instance.end)),
        }
    }

    /// A time: `2023-10-25 16:00 to 18:00`.
    pub(super) fn span(&self, span: Span) -> String {
        let until = if self.day(span.start) == self.day(span.end) && span.end < self.instance.end {
            clock(self.clock(span.end))
        } else {
            self.moment(span.end)
        };
        format!("{} to {until}", self.moment(span.start))
    }

    /// Id of a match.
    pub(crate) fn id(&self, index: usize) -> &str {
        &self.instance.matches[index].id
    }

    /// Ids of matches, in one phrase.
    pub(super) fn ids(&self, matches: &[usize]) -> String {
        let ids: Vec<&str> = matches.iter().map(|index| self.id(*index)).collect();
        listed(&ids)
    }

    /// A side: `fra`, `the winner of m41`, `rank 2 of group B`.
    fn side(&self, side: Side) -> String {
        match side {
            Side::Team(team) => self.instance.teams[team].id.clone(),
            Side::Winner(index) => format!("the winner of {}", self.id(index)),
            Side::Loser(index) => format!("the loser of {}", self.id(index)),
            Side::Rank { of, rank } => format!("rank {rank} of group {}", self.instance.matches[of].group),
            Side::Across { place, .. } => format!("place {place} across groups"),
            Side::Open => "a team that is not known yet".to_owned(),
        }
    }

    /// Who plays two matches, or may: `fra plays`, `the winner of m41 may play`.
    pub(super) fn who(&self, earlier: usize, later: usize) -> String {
        let [one, two] = [earlier, later].map(|index| self.instance.matches[index].sides);
        if let Some(side) = one.into_iter().find(|side| *side != Side::Open && two.contains(side)) {
            let verb = if matches!(side, Side::Team(_)) { "plays" } else { "may play" };
            return format!("{} {verb}", self.side(side));
        }
        let game = &self.instance.matches[earlier];
        let decided = two.into_iter().find(|side| match side {
            Side::Winner(index) | Side::Loser(index) => *index == earlier,
            Side::Rank { of, .. } => {
                let other = &self.instance.matches[*of];
                !game.group.is_empty()
                    && (&other.competition, &other.stage, &other.group)
                        == (&game.competition, &game.stage, &game.group)
            }
            _ => false,
        });
        match decided {
            Some(side) => format!("{} may play", self.side(side)),
            None => "the same team may play".to_owned(),
        }
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
            assert_eq!(length(minutes), told);
        }
    }

    #[test]
    fn many_names_are_told_short() {
        assert_eq!(listed(&["a", "b", "c"]), "a, b and c");
        assert_eq!(listed(&["a"; 12]), "a, a, a, a, a, a, a, a, a, a and 2 more");
    }
}
