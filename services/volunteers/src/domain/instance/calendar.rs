//! The days of a roster, and minutes on them: times of shifts are widened to whole minutes, times people can come are
//! narrowed.

use matchday_kernel::{Instant, Interval};
use matchday_roster::{
    model::{Minute, Span},
    validate::MOST_DAYS,
};

use super::Basis;

/// The days, and minutes on them.
pub(super) struct Calendar {
    start: Instant,
    pub(super) days: Vec<Minute>,
    end: Minute,
}

impl Calendar {
    pub(super) fn of(basis: &Basis) -> Self {
        let times = || basis.shifts.iter().map(|one| &one.shift.time);
        let first = times().map(Interval::start).min().unwrap_or(basis.now);
        let last = times().map(Interval::end).max().unwrap_or(basis.now);
        let zone = &basis.limits.zone;
        let mut day = zone.day(zone.local_date(first));
        let mut calendar = Self { start: day.start(), days: vec![0], end: 0 };
        // one more than the engine takes says that they are too many
        while day.end() < last && calendar.days.len() <= MOST_DAYS {
            day = zone.day(zone.local_date(day.end()));
            calendar.days.push(calendar.minute(day.start()));
        }
        calendar.end = calendar.minute(day.end());
        calendar
    }

    /// The minute that a moment lies in.
    pub(super) fn minute(&self, at: Instant) -> Minute {
        let minutes = at.as_micros().saturating_sub(self.start.as_micros()).div_euclid(60_000_000);
        Minute::try_from(minutes).unwrap_or(if minutes < 0 { Minute::MIN } else { Minute::MAX })
    }

    /// The first minute that does not begin before a moment.
    fn minute_from(&self, at: Instant) -> Minute {
        let micros = at.as_micros().saturating_sub(self.start.as_micros());
        let minutes = micros.div_euclid(60_000_000) + i64::from(micros.rem_euclid(60_000_000) > 0);
        Minute::try_from(minutes).unwrap_or(if minutes < 0 { Minute::MIN } else { Minute::MAX })
    }

    pub(super) fn around(&self, time: &Interval) -> Span {
        Span { start: self.minute(time.start()), end: self.minute_from(time.end()) }
    }

    /// From the first minute until a moment; `None` when that has passed.
    pub(super) fn until(&self, moment: Instant) -> Option<Span> {
        let end = self.minute(moment).min(self.end);
        (end > 0).then_some(Span { start: 0, end })
    }

    /// Times that touch or overlap count as one.
    pub(super) fn available(&self, times: &[Interval]) -> Vec<Span> {
        if times.is_empty() {
            return vec![Span { start: 0, end: self.end }];
        }
        let mut times = times.to_vec();
        times.sort();
        let mut spans: Vec<Span> = Vec::new();
        let mut until: Option<Instant> = None;
        for time in times {
            let end = self.minute(time.end()).clamp(0, self.end);
            match spans.last_mut().filter(|_| until.is_some_and(|until| time.start() <= until)) {
                Some(span) => span.end = span.end.max(end),
                None => spans.push(Span { start: self.minute_from(time.start()).clamp(0, self.end), end }),
            }
            until = until.max(Some(time.end()));
        }
        spans.retain(|span| span.start < span.end);
        spans
    }
}
