//! What is on and what comes next on each pitch at a moment, and what is at risk.

use std::collections::BTreeMap;

use matchday_kernel::{Instant, SignedDuration};

use super::slot::{Slot, State};

/// How far the board looks ahead.
pub const AHEAD: SignedDuration = SignedDuration::from_hours(24);
/// How long after its expected end a match stays on the board that nobody has said to have begun.
pub const UNCONFIRMED: SignedDuration = SignedDuration::from_hours(3);
/// Most that is shown of what comes next on a pitch.
const MOST_NEXT: usize = 3;

/// An activity that may stand on the board.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    /// When and where it takes place, and where it stands.
    pub slot: Slot,
    /// What people call it.
    pub title: String,
    /// Since when it is in its state.
    pub since: Option<Instant>,
    /// It is a match: somebody says when it begins and ends. Nobody does of anything else.
    pub is_match: bool,
}

/// An activity on a pitch.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The activity.
    pub activity: Placed,
    /// It is under way, or due by now; otherwise it comes next.
    pub is_on: bool,
    /// When it is expected to end.
    pub end: Instant,
    /// It is due, and nobody has said that it began.
    pub is_unconfirmed: bool,
    /// How much too short the time before it is.
    pub short_by: Option<SignedDuration>,
}

/// The board at a moment, by zone and start: what is on, and of what comes within [`AHEAD`] the first of each zone.
#[must_use]
pub fn board(activities: Vec<Placed>, now: Instant) -> Vec<Entry> {
    let mut zones: BTreeMap<String, Vec<Placed>> = BTreeMap::new();
    for activity in activities.into_iter().filter(|activity| activity.is_on(now) || activity.is_next(now)) {
        zones.entry(activity.slot.zone.to_string()).or_default().push(activity);
    }
    zones.into_values().flat_map(|activities| of_zone(activities, now)).collect()
}

fn of_zone(mut activities: Vec<Placed>, now: Instant) -> Vec<Entry> {
    activities.sort_by_key(|activity| activity.slot.time.start());
    let (mut entries, mut next) = (Vec::new(), 0);
    // when the pitch is free of what comes before
    let mut free = Instant::MIN;
    for activity in activities {
        let (end, is_on) = (activity.expected_end(now), activity.is_on(now));
        let needed = activity.slot.time.start().saturating_add(-activity.slot.set_up);
        let short_by = (!is_on && free > needed).then(|| free.since(needed));
        free = free.max(end.saturating_add(activity.slot.turnaround));
        next += usize::from(!is_on);
        if next <= MOST_NEXT {
            let is_unconfirmed = is_on && !activity.is_under_way();
            entries.push(Entry { activity, is_on, end, is_unconfirmed, short_by });
        }
    }
    entries
}

impl Placed {
    fn is_under_way(&self) -> bool {
        matches!(self.slot.state, State::InPlay | State::Suspended)
    }

    fn is_to_come(&self) -> bool {
        matches!(self.slot.state, State::Scheduled | State::Delayed | State::Rescheduled)
    }

    /// Nobody has said that it began, and it is not long since it should be over.
    fn is_due(&self, now: Instant) -> bool {
        let time = self.slot.time;
        let grace = if self.is_match { UNCONFIRMED } else { SignedDuration::ZERO };
        self.is_to_come() && time.start() <= now && now < time.end().saturating_add(grace)
    }

    /// It is under way, or should be.
    fn is_on(&self, now: Instant) -> bool {
        self.is_under_way() || self.is_due(now)
    }

    fn is_next(&self, now: Instant) -> bool {
        let start = self.slot.time.start();
        self.is_to_come() && now < start && start <= now.saturating_add(AHEAD)
    }

    /// When it ends as far as can be told: what is interrupted loses time until now, and what is under way, or may
    /// be, is not over.
    fn expected_end(&self, now: Instant) -> Instant {
        let end = self.slot.time.end();
        match (self.slot.state, self.since) {
            (State::Suspended, Some(since)) => end.saturating_add(now.since(since)).max(now),
            _ if self.is_on(now) => end.max(now),
            _ => end,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::slot::tests::{at, mins, slot};

    fn placed(id: &str, start: i64, end: i64, state: State) -> Placed {
        let slot = Slot { state, set_up: mins(10), turnaround: mins(20), ..slot(id, start, end) };
        Placed { slot, title: id.into(), since: None, is_match: true }
    }

    #[test]
    fn what_is_on_and_what_comes_next_are_told_apart() {
        let activities = vec![
            placed("over", 0, 90, State::Finished),
            placed("m1", 100, 215, State::InPlay),
            placed("off", 240, 300, State::Cancelled),
            placed("m2", 245, 360, State::Scheduled),
            placed("far", 245 + 24 * 60, 2000, State::Scheduled),
        ];
        let entries = board(activities, at(200));
        let told: Vec<_> = entries.iter().map(|entry| (entry.activity.title.as_str(), entry.is_on)).collect();
        assert_eq!(told, [("m1", true), ("m2", false)]);
        assert_eq!(entries[1].short_by, None);
    }

    #[test]
    fn an_interruption_and_an_overrun_put_the_next_at_risk() {
        let next = || placed("m2", 245, 360, State::Scheduled);
        let suspended = Placed { since: Some(at(150)), ..placed("m1", 100, 215, State::Suspended) };
        let entries = board(vec![next(), suspended], at(160));
        assert_eq!((entries[0].end, entries[1].short_by), (at(225), Some(mins(10))));
        let entries = board(vec![next(), placed("m1", 100, 215, State::InPlay)], at(218));
        assert_eq!((entries[0].end, entries[1].short_by), (at(218), Some(mins(3))));
    }

    #[test]
    fn a_kick_off_that_nobody_confirmed_is_told() {
        let is_unconfirmed = |state| board(vec![placed("m1", 100, 215, state)], at(101))[0].is_unconfirmed;
        assert!(is_unconfirmed(State::Delayed));
        assert!(!is_unconfirmed(State::InPlay));
        let at_hour = |hour: i64| board(vec![placed("m1", 100, 215, State::Scheduled)], at(215 + hour * 60));
        assert_eq!(at_hour(1)[0].end, at(275), "it may still be played");
        assert!(at_hour(3).is_empty());
        let ceremony = Placed { is_match: false, ..placed("ceremony", 100, 215, State::Scheduled) };
        assert!(board(vec![ceremony], at(215)).is_empty(), "nobody says when a ceremony ends");
    }

    #[test]
    fn each_of_the_next_counts_from_those_before_and_the_first_are_shown() {
        let next = [(100, 200), (225, 300), (330, 400), (500, 600)];
        let activities = next.iter().map(|(from, until)| placed("m", *from, *until, State::Scheduled));
        let entries = board(activities.collect(), at(50));
        let short: Vec<_> = entries.iter().map(|entry| entry.short_by).collect();
        assert_eq!(short, [None, Some(mins(5)), None]);
    }

    #[test]
    fn zones_are_told_in_order() {
        let on = |zone: &str, activity: Placed| {
            let zone = format!("sites/s/venues/v/zones/{zone}").parse().unwrap();
            Placed { slot: Slot { zone, ..activity.slot }, ..activity }
        };
        let early = placed("m1", 100, 200, State::Scheduled);
        let late = placed("m2", 150, 250, State::Scheduled);
        let entries = board(vec![on("pitch-2", early), on("pitch-1", late)], at(50));
        assert_eq!(entries[0].activity.title, "m2");
    }
}
