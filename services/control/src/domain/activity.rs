//! What scheduling says of an activity.

use matchday_kernel::{Instant, SignedDuration};

use super::item::{Item, People, State};

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
            state: if self.takes_place { State::Planned } else { State::Cancelled },
            people: People::default(),
        }
    }

    /// What is wrong with it: a delay, in minutes begun.
    #[must_use]
    pub fn concerns(&self) -> Vec<String> {
        let delay = self.start.since(self.planned);
        if delay <= SignedDuration::ZERO {
            return Vec::new();
        }
        let minutes = (delay.as_secs() + 59) / 60;
        let what = if self.is_match { "kick-off" } else { "start" };
        vec![format!("{what} delayed by {minutes} min")]
    }
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
    fn what_is_cancelled_stays_on_the_sheet() {
        let cancelled = Activity { takes_place: false, ..activity("m01", 100, 0, 2) };
        assert_eq!(cancelled.item().state, State::Cancelled);
    }
}
