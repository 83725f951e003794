//! The days of a tournament on the engine's clock, which counts whole minutes on and on.

use std::collections::BTreeMap;

use matchday_kernel::{Instant, Interval, SignedDuration, Zone, civil::Date};
use matchday_timetable::model::{Day, Minute, Span};

/// Most days that are counted; the engine refuses fewer already.
const MOST_DAYS: usize = 1000;

/// The days, and where they begin on the engine's clock.
#[derive(Clone, Debug)]
pub struct Calendar {
    zone: Zone,
    origin: Instant,
    /// The days, in order.
    dates: Vec<Date>,
    by_date: BTreeMap<Date, usize>,
    starts: Vec<Minute>,
    end: Minute,
}

impl Calendar {
    /// The days from the first to the last, on the clocks of a zone: one on which they change has 23 or 25 hours.
    #[must_use]
    pub fn new(zone: &Zone, first: Date, last: Date) -> Self {
        let mut dates = vec![first];
        while let Some(next) = dates.last().filter(|date| **date < last && dates.len() < MOST_DAYS) {
            let Ok(next) = next.tomorrow() else { break };
            dates.push(next);
        }
        let mut calendar = Self {
            zone: zone.clone(),
            origin: zone.day(first).start(),
            by_date: dates.iter().copied().zip(0..).collect(),
            dates,
            starts: Vec::new(),
            end: 0,
        };
        calendar.starts =
            calendar.dates.iter().map(|date| calendar.minute(zone.day(*date).start())).collect();
        calendar.end = calendar.dates.last().map_or(0, |date| calendar.minute_after(zone.day(*date).end()));
        calendar
    }

    /// The days as the engine knows them.
    #[must_use]
    pub fn days(&self) -> Vec<Day> {
        let day = |(date, start): (&Date, &Minute)| Day { label: date.to_string(), start: *start };
        self.dates.iter().zip(&self.starts).map(day).collect()
    }

    /// The dates, in order.
    #[must_use]
    pub fn dates(&self) -> &[Date] {
        &self.dates
    }

    /// Where the last day ends.
    #[must_use]
    pub const fn end(&self) -> Minute {
        self.end
    }

    /// Which day a date is.
    #[must_use]
    pub fn day_of(&self, date: Date) -> Option<usize> {
        self.by_date.get(&date).copied()
    }

    /// Which day a minute lies on; those before the first count to it.
    #[must_use]
    pub fn day_at(&self, minute: Minute) -> usize {
        self.starts.partition_point(|start| *start <= minute).saturating_sub(1)
    }

    /// The minute that a moment lies in.
    #[must_use]
    pub fn minute(&self, moment: Instant) -> Minute {
        bounded(self.micros(moment).div_euclid(MICROS))
    }

    /// The first minute at or after a moment.
    #[must_use]
    pub fn minute_after(&self, moment: Instant) -> Minute {
        bounded(-(-self.micros(moment)).div_euclid(MICROS))
    }

    /// The whole minutes that an interval touches.
    #[must_use]
    pub fn span(&self, time: &Interval) -> Span {
        Span { start: self.minute(time.start()), end: self.minute_after(time.end()) }
    }

    /// The moment at which a minute begins.
    #[must_use]
    pub fn moment(&self, minute: Minute) -> Instant {
        self.origin.saturating_add(SignedDuration::from_mins(minute.into()))
    }

    /// The moment at which a minute begins, as people of the zone write it.
    #[must_use]
    pub fn told(&self, minute: Minute) -> String {
        self.zone.format(self.moment(minute))
    }

    fn micros(&self, moment: Instant) -> i64 {
        moment.as_micros().saturating_sub(self.origin.as_micros())
    }
}

/// Microseconds of a minute.
const MICROS: i64 = 60_000_000;

/// Minutes that the engine's clock can tell; what lies further out stops at its ends, where it is refused.
fn bounded(minutes: i64) -> Minute {
    let furthest = i64::from(Minute::MAX / 2);
    Minute::try_from(minutes.clamp(-furthest, furthest)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use matchday_kernel::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn berlin(month: i8) -> Calendar {
        let zone: Zone = "Europe/Berlin".parse().unwrap();
        Calendar::new(&zone, date(2024, month, 26), date(2024, month, 31))
    }

    #[test]
    fn a_day_has_as_many_hours_as_its_clocks_show() {
        let lengths = |calendar: &Calendar| -> Vec<Minute> {
            let ends = calendar.starts.iter().skip(1).chain([&calendar.end]);
            calendar.starts.iter().zip(ends).map(|(start, end)| (end - start) / 60).collect()
        };
        assert_eq!(lengths(&berlin(3)), [24, 24, 24, 24, 24, 23]);
        assert_eq!(lengths(&berlin(10)), [24, 25, 24, 24, 24, 24]);
        assert_eq!(berlin(3).days()[5].label, "2024-03-31");
        assert_eq!(berlin(3).day_of(date(2024, 3, 31)), Some(5));
        assert_eq!([berlin(3).day_at(-5), berlin(3).day_at(1440)], [0, 1]);
    }

    #[test]
    fn what_begins_within_a_minute_touches_it() {
        let calendar = berlin(3);
        let moment = |micros| calendar.moment(10).saturating_add(SignedDuration::from_micros(micros));
        let time = Interval::new(moment(1), moment(60_000_001)).unwrap();
        assert_eq!(calendar.span(&time), Span { start: 10, end: 12 });
    }

    proptest! {
        #[test]
        fn a_minute_comes_back(minute in -1_000_000..1_000_000i32) {
            let calendar = berlin(3);
            prop_assert_eq!(calendar.minute(calendar.moment(minute)), minute);
            prop_assert_eq!(calendar.minute_after(calendar.moment(minute)), minute);
        }
    }
}
