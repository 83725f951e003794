//! Slots: who will play, as schedules write it before it is known. `winner of m37`, `loser of m38`,
//! `second of group B`, `first of men's group A`, `runner-up of women's group B`.

use matchday_kernel::Slug;

use super::timetable::{Activity, Timetable};

/// Who will play.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slot {
    /// Who wins or loses a match.
    OfMatch {
        /// The slot as written.
        text: String,
        /// Id of the match.
        id: String,
        /// Who wins it takes the slot; otherwise who loses it.
        winner: bool,
    },
    /// Who takes a place in a group.
    OfGroup {
        /// The slot as written.
        text: String,
        /// Competition of the group.
        competition: String,
        /// The group.
        group: String,
        /// The place, from 1; `None` for the last.
        place: Option<u32>,
    },
    /// Words that name neither.
    Unread {
        /// The slot as written.
        text: String,
    },
}

/// Places in a group, in words; the last is as far down as the group goes.
const PLACES: [(&str, Option<u32>); 11] = [
    ("winner", Some(1)),
    ("runner-up", Some(2)),
    ("first", Some(1)),
    ("second", Some(2)),
    ("third", Some(3)),
    ("fourth", Some(4)),
    ("fifth", Some(5)),
    ("sixth", Some(6)),
    ("seventh", Some(7)),
    ("eighth", Some(8)),
    ("last", None),
];

/// The word for a place in a group, from 1, where there is one: `second`.
#[must_use]
pub fn place_word(place: u32) -> Option<&'static str> {
    // the plain ordinals stand last
    PLACES.iter().rev().find(|(_, known)| *known == Some(place)).map(|(word, _)| *word)
}

impl Slot {
    /// Reads a slot of a match; a group without a competition is of the match's own.
    #[must_use]
    pub fn read(text: &str, competition: &str) -> Self {
        let written = text.trim().to_owned();
        let Some((place, of)) = written.split_once(" of ") else {
            return Self::Unread { text: written };
        };
        let (place, of) = (place.to_lowercase(), of.trim());
        let of = of.strip_prefix("the ").unwrap_or(of);
        if let Some((_, place)) = PLACES.iter().find(|(word, _)| *word == place)
            && let Some((before, group)) = split_group(of)
        {
            let named = before.trim().trim_end_matches("'s").trim_end_matches("’s");
            let competition = if named.is_empty() { competition } else { named }.to_owned();
            let group = group.trim().to_owned();
            return Self::OfGroup { competition, group, place: *place, text: written };
        }
        let id = of.strip_prefix("match ").unwrap_or(of).trim();
        if ["winner", "loser"].contains(&place.as_str()) && id.parse::<Slug>().is_ok() {
            return Self::OfMatch { id: id.to_owned(), winner: place == "winner", text: written };
        }
        Self::Unread { text: written }
    }

    /// As written.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::OfMatch { text, .. } | Self::OfGroup { text, .. } | Self::Unread { text } => text,
        }
    }
}

/// What stands before `group` and after it.
fn split_group(text: &str) -> Option<(&str, &str)> {
    let at = text.to_ascii_lowercase().rfind("group ")?;
    let is_word = at == 0 || text[..at].ends_with(' ');
    is_word.then(|| (&text[..at], &text[at + "group ".len()..]))
}

impl Timetable {
    /// The matches that decide who takes a slot; none when the slot names nothing that takes place.
    #[must_use]
    pub fn feeders(&self, slot: &Slot) -> impl ExactSizeIterator<Item = &Activity> + use<'_> {
        let found = match slot {
            Slot::OfMatch { id, .. } => self.by_id.get(id).map(std::slice::from_ref),
            Slot::OfGroup { competition, group, .. } => {
                self.by_group.get(&(competition.clone(), group.clone())).map(Vec::as_slice)
            }
            Slot::Unread { .. } => None,
        };
        found.unwrap_or_default().iter().map(|index| &self.activities[*index])
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;

    fn read(text: &str) -> (String, String) {
        match Slot::read(text, "men") {
            Slot::OfMatch { id, .. } => ("match".into(), id),
            Slot::OfGroup { competition, group, .. } => (competition, group),
            Slot::Unread { .. } => ("unread".into(), String::new()),
        }
    }

    #[test]
    fn slots_are_read_as_schedules_write_them() {
        for (text, kind, of) in [
            ("winner of m37", "match", "m37"),
            ("Loser of match m38", "match", "m38"),
            ("second of group B", "men", "B"),
            ("winner of group A", "men", "A"),
            ("runner-up of women's group B", "women", "B"),
            ("fourth of the women’s group A", "women", "A"),
            ("first of Group A", "men", "A"),
        ] {
            assert_eq!(read(text), (kind.to_owned(), of.to_owned()), "{text}");
        }
    }

    #[test]
    fn a_slot_says_which_place_it_is() {
        let of_match = |text: &str| match Slot::read(text, "men") {
            Slot::OfMatch { winner, .. } => Some(winner),
            _ => None,
        };
        assert_eq!([1, 2, 8, 9].map(place_word), [Some("first"), Some("second"), Some("eighth"), None]);
        assert_eq!([of_match("winner of m1"), of_match("Loser of m1")], [Some(true), Some(false)]);
        let of_group = |text: &str| match Slot::read(text, "men") {
            Slot::OfGroup { place, .. } => place,
            _ => Some(0),
        };
        for (text, place) in
            [("winner of group A", Some(1)), ("runner-up of group A", Some(2)), ("last of group A", None)]
        {
            assert_eq!(of_group(text), place, "{text}");
        }
    }

    #[test]
    fn other_words_are_not_guessed_at() {
        for text in [
            "",
            "m37",
            "winner",
            "second of m37",
            "best third",
            "winner of M 37",
            "loser of group A",
            "winner of subgroup A",
        ] {
            assert_eq!(read(text).0, "unread", "{text}");
        }
    }

    #[test]
    fn a_slot_is_fed_by_one_match_or_by_a_whole_group() {
        let timetable = timetable(vec![
            in_group("A", game("m1", 0, "a", "b")),
            in_group("A", game("m2", 300, "a", "c")),
            in_group("B", game("m3", 0, "d", "e")),
        ]);
        let fed = |text: &str| timetable.feeders(&Slot::read(text, "men")).len();
        assert_eq!((fed("winner of m1"), fed("second of group A")), (1, 2));
        assert_eq!((fed("winner of m9"), fed("second of women's group A"), fed("best third")), (0, 0, 0));
    }
}
