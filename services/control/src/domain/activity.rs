//! What scheduling says of an activity.

use matchday_kernel::{Instant, SignedDuration};

use super::item::{Item, People, State};

/// Where an activity stands on its day, as far as somebody has recorded it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    /// To come.
    ToCome,
    /// Kicked off, or begun.
    InPlay,
    /// Interrupted.
    Suspended,
    /// Ended before its time.
    Abandoned,
    /// Over.
    Finished,
}

/// An activity of a published version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activity {
    /// Its name.
    pub name: String,
    /// Name of its tournament.
    pub tournament: String,
    /// What people call it.
    pub title: String,
    /// Name of its zone.
    pub zone: String,
    /// Whether it is a match, which kicks off.
    pub is_match: bool,
    /// Its start.
    pub start: Instant,
    /// Its end.
    pub end: Instant,
    /// Its start as planned.
    pub planned: Instant,
    /// Its end as planned.
    pub planned_end: Instant,
    /// Where it stands.
    pub course: Course,
    /// Why it does, in the words of who said so; empty when nobody did.
    pub reason: String,
    /// It is not cancelled.
    pub takes_place: bool,
    /// Counts its writes.
    pub revision: i64,
}

impl Activity {
    /// Its line.
    #[must_use]
    pub fn item(&self) -> Item {
        Item {
            tournament: self.tournament.clone(),
            time: self.start,
            end: Some(self.end),
            planned: self.planned,
            title: self.title.clone(),
            place: self.zone.clone(),
            occasion: self.name.clone(),
            owner: String::new(),
            state: self.state(),
            people: People::default(),
        }
    }

    fn state(&self) -> State {
        match self.course {
            _ if !self.takes_place => State::Cancelled,
            Course::ToCome => State::Planned,
            Course::InPlay | Course::Suspended => State::UnderWay,
            Course::Abandoned | Course::Finished => State::Done,
        }
    }

    /// What is wrong with it: an interruption, an early end, a late start, an end later than its start alone makes
    /// it; in minutes begun.
    #[must_use]
    pub fn concerns(&self) -> Vec<String> {
        let because = if self.reason.is_empty() { String::new() } else { format!(": {}", self.reason) };
        let halted = match self.course {
            Course::Suspended => Some(format!("suspended{because}")),
            Course::Abandoned => Some(format!("abandoned{because}")),
            Course::ToCome | Course::InPlay | Course::Finished => None,
        };
        let late =
            minutes(self.start.since(self.planned)).map(|minutes| match (self.course, self.is_match) {
                (Course::ToCome, true) => format!("kick-off delayed by {minutes} min"),
                (Course::ToCome, false) => format!("start delayed by {minutes} min"),
                (_, true) => format!("kicked off {minutes} min late"),
                (_, false) => format!("began {minutes} min late"),
            });
        let lost = self.end.since(self.planned_end) - self.start.since(self.planned);
        let longer = minutes(lost).filter(|_| self.course != Course::ToCome);
        let longer = longer.map(|minutes| format!("lasts {minutes} min longer than planned"));
        [halted, late, longer].into_iter().flatten().collect()
    }
}

/// A length of time in minutes begun; `None` when it is none.
fn minutes(length: SignedDuration) -> Option<i64> {
    (length > SignedDuration::ZERO).then(|| (length.as_secs() + 59) / 60)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn at(minute: i64) -> Instant {
        Instant::from_micros(minute * 60_000_000).unwrap()
    }

    pub(crate) fn activity(id: &str, planned: i64, delay: i64, revision: i64) -> Activity {
        Activity {
            name: format!("tournaments/t/activities/{id}"),
            tournament: "tournaments/t".into(),
            title: id.into(),
            zone: "sites/s/venues/v/zones/pitch".into(),
            is_match: true,
            start: at(planned + delay),
            end: at(planned + delay + 115),
            planned: at(planned),
            planned_end: at(planned + 115),
            course: Course::ToCome,
            reason: String::new(),
            takes_place: true,
            revision,
        }
    }

    #[test]
    fn a_delay_is_said_in_minutes() {
        let on_time = activity("m01", 100, 0, 1);
        assert!(on_time.concerns().is_empty());
        let late = activity("m01", 100, 45, 2);
        assert_eq!(late.concerns(), ["kick-off delayed by 45 min"]);
        assert_eq!(
            (late.item().time, late.item().planned, late.item().end),
            (at(145), at(100), Some(at(260)))
        );
        let start = late.start.saturating_add(SignedDuration::from_secs(1));
        let market = Activity { is_match: false, start, ..late };
        assert_eq!(market.concerns(), ["start delayed by 46 min"]);
    }

    #[test]
    fn what_is_recorded_on_the_day_is_said() {
        let on = |course, delay, longer: i64| {
            let late = activity("m01", 100, delay, 2);
            let end = late.end.saturating_add(SignedDuration::from_mins(longer));
            Activity { course, end, reason: "thunderstorm".into(), ..late }
        };
        let suspended = on(Course::Suspended, 7, 0);
        assert_eq!(suspended.item().state, State::UnderWay);
        assert_eq!(suspended.concerns(), ["suspended: thunderstorm", "kicked off 7 min late"]);
        let resumed = on(Course::InPlay, 7, 25);
        assert_eq!(resumed.concerns(), ["kicked off 7 min late", "lasts 25 min longer than planned"]);
        let abandoned = on(Course::Abandoned, 0, -60);
        assert_eq!(
            (abandoned.item().state, abandoned.concerns()),
            (State::Done, vec!["abandoned: thunderstorm".into()])
        );
        let finished = on(Course::Finished, 0, -3);
        assert_eq!((finished.item().state, finished.concerns()), (State::Done, vec![]));
    }

    #[test]
    fn what_is_cancelled_stays_on_the_sheet() {
        let cancelled = Activity { takes_place: false, ..activity("m01", 100, 0, 2) };
        assert_eq!(cancelled.item().state, State::Cancelled);
    }
}
