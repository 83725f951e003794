//! When matches may kick off on a day.

use std::collections::BTreeSet;

use matchday_kernel::{
    Instant, LocalTimeError, SignedDuration, Zone,
    civil::{Date, Time},
};

/// When matches may kick off on a day, on the clocks of the tournament.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KickOffs {
    /// Times.
    pub times: Vec<Time>,
    /// Free windows.
    pub windows: Vec<FreeWindow>,
}

/// A time of the day within which matches may kick off freely; both ends are included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FreeWindow {
    /// Earliest.
    pub from: Time,
    /// Latest.
    pub until: Time,
    /// From one kick-off to the next; at least a minute.
    pub step: SignedDuration,
}

impl KickOffs {
    /// All times of the day, sorted.
    #[must_use]
    pub fn clocks(&self) -> BTreeSet<Time> {
        let within = self.windows.iter().flat_map(|window| {
            let step = window.step.max(SignedDuration::from_mins(1));
            std::iter::successors(Some(window.from), move |time| time.checked_add(step).ok())
                .take_while(|time| *time <= window.until)
        });
        self.times.iter().copied().chain(within).collect()
    }

    /// The moments on a day. A time that the clocks skip is none; of one that they show twice it is the first.
    pub fn on(&self, date: Date, zone: &Zone) -> impl Iterator<Item = Instant> {
        self.clocks().into_iter().filter_map(move |time| match zone.resolve(date.to_datetime(time)) {
            Ok(moment) | Err(LocalTimeError::Ambiguous { earlier: moment, .. }) => Some(moment),
            Err(LocalTimeError::Gap { .. } | LocalTimeError::OutOfRange { .. }) => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use matchday_kernel::civil::{date, time};

    use super::*;

    #[test]
    fn a_free_window_ends_with_its_last_kick_off() {
        let window = FreeWindow {
            from: time(10, 0, 0, 0),
            until: time(11, 0, 0, 0),
            step: SignedDuration::from_mins(30),
        };
        let kick_offs = KickOffs { times: vec![time(20, 0, 0, 0)], windows: vec![window] };
        let clocks: Vec<String> =
            kick_offs.clocks().iter().map(|time| time.strftime("%H:%M").to_string()).collect();
        assert_eq!(clocks, ["10:00", "10:30", "11:00", "20:00"]);
        let late = FreeWindow { from: time(23, 30, 0, 0), until: time(23, 59, 0, 0), ..window };
        assert_eq!(KickOffs { times: vec![], windows: vec![late] }.clocks().len(), 1, "it ends with the day");
    }

    #[test]
    fn clocks_that_change_skip_a_kick_off_and_never_give_two() {
        let zone: Zone = "Europe/Berlin".parse().unwrap();
        let night = KickOffs { times: vec![time(2, 30, 0, 0), time(20, 0, 0, 0)], windows: vec![] };
        let on = |month, day| night.on(date(2024, month, day), &zone).map(|moment| moment.to_string());
        assert_eq!(on(3, 31).collect::<Vec<_>>(), ["2024-03-31T18:00:00Z"]);
        assert_eq!(on(10, 27).collect::<Vec<_>>(), ["2024-10-27T00:30:00Z", "2024-10-27T19:00:00Z"]);
    }
}
