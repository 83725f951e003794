//! What is written of a schedule, whatever the format.

use matchday_api::scheduling::v1 as pb;
use matchday_kernel::{Instant, Interval, Zone, civil::Date};

use super::words::Words;
use crate::domain::check::slot::Slot;

/// A schedule, or a part of it, to be written.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// Id of the tournament.
    pub tournament: String,
    /// What it is a schedule of: the tournament, and the team or venue it is limited to.
    pub title: String,
    /// Whose clocks and calendar count.
    pub zone: Zone,
    /// The last write that it knows of; absent when it is empty.
    pub as_of: Option<Instant>,
    /// What takes place, and what was cancelled, by start.
    pub entries: Vec<Entry>,
}

/// An activity to be written.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its id.
    pub id: String,
    /// Counts its writes.
    pub revision: i64,
    /// When it was last written.
    pub updated: Instant,
    /// What it is.
    pub kind: pb::ActivityKind,
    /// Where it stands.
    pub state: pb::ActivityState,
    /// What people call it.
    pub title: String,
    /// When it takes place.
    pub time: Interval,
    /// When it needs its place.
    pub occupation: Interval,
    /// Start as planned.
    pub planned_start: Instant,
    /// What people call its venue, and the zone of it.
    pub place: [String; 2],
    /// What people call its session; empty when it is part of none.
    pub session: String,
    /// Why it was delayed, moved or cancelled.
    pub reason: String,
    /// The match, when it is one.
    pub game: Option<Game>,
}

/// A match to be written.
#[derive(Clone, Debug)]
pub struct Game {
    /// Competition.
    pub competition: String,
    /// Stage.
    pub stage: String,
    /// Group; empty outside a group stage.
    pub group: String,
    /// Who plays.
    pub sides: [Party; 2],
    /// Goals; absent before they are known.
    pub goals: Option<[i32; 2]>,
    /// Kicks from the penalty mark; absent without them.
    pub penalties: Option<[i32; 2]>,
    /// Ids of its officials.
    pub officials: Vec<String>,
}

/// A side of a match to be written.
#[derive(Clone, Debug)]
pub enum Party {
    /// A team, as people call it.
    Team(String),
    /// Whoever takes a slot.
    Slot(Slot),
}

impl Sheet {
    /// The days on which something takes place, each with what begins on it, in order.
    #[must_use]
    pub fn days(&self) -> Vec<(Date, Vec<&Entry>)> {
        let mut days: Vec<(Date, Vec<&Entry>)> = Vec::new();
        for entry in &self.entries {
            let date = self.zone.local_date(entry.time.start());
            match days.last_mut() {
                Some((last, entries)) if *last == date => entries.push(entry),
                _ => days.push((date, vec![entry])),
            }
        }
        days
    }

    /// A moment on the tournament's clocks with their offset, ISO 8601: `2023-10-25T10:00:00+08:00`.
    #[must_use]
    pub fn iso(&self, moment: Instant) -> String {
        moment.in_zone(&self.zone).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    }

    /// Hours and minutes of a moment on the tournament's clocks.
    #[must_use]
    pub fn clock(&self, moment: Instant) -> String {
        let local = moment.in_zone(&self.zone);
        format!("{:02}:{:02}", local.hour(), local.minute())
    }
}

impl Entry {
    /// Whether it does not take place.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.state == pb::ActivityState::Cancelled
    }

    /// Venue and zone, as people call them.
    #[must_use]
    pub fn place(&self) -> String {
        self.place.join(" · ")
    }

    /// What it is, in words.
    #[must_use]
    pub fn kind_in(&self, words: &Words) -> String {
        words.say(&word(self.kind.as_str_name()), &[])
    }

    /// Where it stands, in words.
    #[must_use]
    pub fn state_in(&self, words: &Words) -> String {
        words.say(&word(self.state.as_str_name()), &[])
    }
}

impl Game {
    /// Who plays: `Jinjiang – winner of m37`.
    #[must_use]
    pub fn sides_in(&self, words: &Words) -> String {
        let [home, away] = [&self.sides[0], &self.sides[1]].map(|side| side.text_in(words));
        words.say("sides", &[("home", &home), ("away", &away)])
    }

    /// Stage and group: `group A`, `final`.
    #[must_use]
    pub fn stage_in(&self, words: &Words) -> String {
        if self.group.is_empty() { self.stage.clone() } else { words.say("group", &[("group", &self.group)]) }
    }

    /// Goals and penalties: `1:1, penalties 5:4`; empty before they are known.
    #[must_use]
    pub fn result_in(&self, words: &Words) -> String {
        let score = |[home, away]: [i32; 2]| format!("{home}:{away}");
        let penalties = self.penalties.map(|kicks| words.say("penalties", &[("score", &score(kicks))]));
        self.goals.map(score).into_iter().chain(penalties).collect::<Vec<_>>().join(", ")
    }
}

impl Party {
    /// As people call it; a slot is told in the language.
    #[must_use]
    pub fn text_in(&self, words: &Words) -> String {
        let slot = match self {
            Self::Team(title) => return title.clone(),
            Self::Slot(slot) => slot,
        };
        let (of_what, of) = match slot {
            Slot::OfMatch { id, .. } => ("match", id),
            Slot::OfGroup { group, .. } => ("group", group),
            Slot::Unread { text } => return text.clone(),
        };
        let place = slot.text().split_whitespace().next().unwrap_or_default().to_lowercase();
        let id = format!("slot-of-{of_what}-{place}");
        if words.has(&id) { words.say(&id, &[("of", of)]) } else { slot.text().to_owned() }
    }
}

/// The message for a value of one of the contract's enums: `activity-kind-match`.
pub(super) fn word(value: &str) -> String {
    value.to_lowercase().replace('_', "-")
}

#[cfg(test)]
pub(super) mod tests {
    use matchday_kernel::SignedDuration;

    use super::*;
    use crate::domain::export::words::{self, Language};

    pub(crate) fn at(minute: i64) -> Instant {
        // 2023-10-25 00:00 in Jinjiang
        Instant::from_micros((1_698_163_200 + minute * 60) * 1_000_000).unwrap()
    }

    /// A match of two hours at a minute of 25 October 2023.
    pub(crate) fn game(id: &str, start: i64, sides: [&str; 2]) -> Entry {
        let time = Interval::new(at(start), at(start + 120)).unwrap();
        let buffer = SignedDuration::from_mins(30);
        Entry {
            id: id.into(),
            revision: 3,
            updated: at(-1440),
            kind: pb::ActivityKind::Match,
            state: pb::ActivityState::Scheduled,
            title: "Women's semi-final".into(),
            time,
            occupation: time.with_buffers(buffer, buffer).unwrap(),
            planned_start: at(start),
            place: ["主体育场".into(), "Pitch".into()],
            session: String::new(),
            reason: String::new(),
            game: Some(Game {
                competition: "women".into(),
                stage: "semi-final".into(),
                group: String::new(),
                sides: sides.map(|side| match Slot::read(side, "women") {
                    Slot::Unread { text } => Party::Team(text),
                    slot => Party::Slot(slot),
                }),
                goals: None,
                penalties: None,
                officials: vec!["referee-01".into()],
            }),
        }
    }

    pub(crate) fn sheet(entries: Vec<Entry>) -> Sheet {
        Sheet {
            tournament: "fisu-2023".into(),
            title: "FISU 2023".into(),
            zone: "Asia/Shanghai".parse().unwrap(),
            as_of: entries.iter().map(|entry| entry.updated).max(),
            entries,
        }
    }

    #[test]
    fn sides_are_told_in_the_language() {
        let one = game("m1", 600, ["São Paulo <1>", "runner-up of women's group B"]);
        let sides = |language| one.game.as_ref().map(|game| game.sides_in(words::of(language))).unwrap();
        assert_eq!(sides(Language::English), "São Paulo <1> – runner-up of group B");
        assert_eq!(sides(Language::Chinese), "São Paulo <1> – B 组第二名");
    }

    #[test]
    fn a_result_shows_the_kicks_from_the_mark() {
        let mut one = game("m1", 600, ["a", "b"]).game.unwrap();
        assert_eq!(one.result_in(words::of(Language::English)), "");
        (one.goals, one.penalties) = (Some([1, 1]), Some([5, 4]));
        assert_eq!(one.result_in(words::of(Language::Chinese)), "1:1, 点球 5:4");
    }

    #[test]
    fn an_activity_belongs_to_the_day_on_which_it_begins() {
        let sheet = sheet(vec![
            game("m1", 600, ["a", "b"]),
            game("m2", 1430, ["a", "b"]),
            game("m3", 1450, ["a", "b"]),
        ]);
        let days: Vec<usize> = sheet.days().iter().map(|(_, entries)| entries.len()).collect();
        assert_eq!(days, [2, 1]);
        assert_eq!(sheet.clock(sheet.entries[1].time.start()), "23:50");
    }
}
