//! Limits of the work of people: the longest shift, the longest day, the shortest rest.

use std::fmt;

use matchday_kernel::{Interval, SignedDuration, Zone, civil::Date};

use super::duty::Duty;

/// A limit of the service plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// The longest, or the shortest of a rest.
    pub value: SignedDuration,
    /// Whether an assignment that breaks it is refused; otherwise it is flagged.
    pub is_hard: bool,
}

/// The limits of a tournament; what is absent bounds nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Limits {
    /// Longest shift.
    pub shift: Option<Limit>,
    /// Longest work on one day of the calendar.
    pub day: Option<Limit>,
    /// Shortest rest between the shifts of two days. A shift belongs to the day it begins on.
    pub rest: Option<Limit>,
    /// The time zone of the tournament, whose days are meant.
    pub zone: Zone,
}

/// A limit that is broken, with its numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Which one.
    pub what: What,
    /// How long it is.
    pub is: SignedDuration,
    /// The limit.
    pub limit: SignedDuration,
    /// Whether an assignment that breaks it is refused.
    pub is_hard: bool,
}

/// What breaks a limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// The shift itself.
    Shift,
    /// The work of one person on a day.
    Day(Date),
    /// The rest of one person between the shift and this other one.
    Rest(String),
}

impl What {
    /// The code of the limit.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Shift => "SHIFT_TOO_LONG",
            Self::Day(_) => "DAY_TOO_LONG",
            Self::Rest(_) => "REST_TOO_SHORT",
        }
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (is, limit) = (in_words(self.is), in_words(self.limit));
        match &self.what {
            What::Shift => write!(f, "the shift lasts {is}; the limit is {limit}"),
            What::Day(date) => write!(f, "{is} of work on {date}; the limit is {limit}"),
            What::Rest(other) => {
                write!(f, "{is} of rest between this shift and {other}; at least {limit} are asked for")
            }
        }
    }
}

/// A duration as people say it: `11 h 30 min`.
#[must_use]
pub fn in_words(duration: SignedDuration) -> String {
    let minutes = duration.as_mins();
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

impl Limits {
    /// No limits, in a time zone.
    #[must_use]
    pub fn none(zone: Zone) -> Self {
        Self { shift: None, day: None, rest: None, zone }
    }

    /// The days that a time lies on, the one it begins on first.
    #[must_use]
    pub fn days(&self, time: &Interval) -> Vec<Interval> {
        let first = self.zone.day(self.zone.local_date(time.start()));
        let mut days = vec![first];
        let mut last = first;
        while last.end() < time.end() {
            last = self.zone.day(self.zone.local_date(last.end()));
            days.push(last);
        }
        days
    }

    /// The limit that the shift itself breaks.
    #[must_use]
    pub fn broken_by_shift(&self, time: &Interval) -> Option<Broken> {
        let Limit { value, is_hard } = self.shift?;
        let is = time.duration();
        (is > value).then_some(Broken { what: What::Shift, is, limit: value, is_hard })
    }

    /// The limits that a person's work breaks with a shift at this time: that of each of its [`days`](Self::days),
    /// and the rest before and after it. `duties` is all the work of the person; that on the shift does not count.
    #[must_use]
    pub fn broken_by_person(
        &self,
        shift: &str,
        time: &Interval,
        days: &[Interval],
        duties: &[Duty],
    ) -> Vec<Broken> {
        let others = || duties.iter().filter(|duty| duty.shift != shift);
        let mut broken = Vec::new();
        if let Some(Limit { value, is_hard }) = self.day {
            for day in days {
                let work: SignedDuration = others()
                    .map(|duty| common(&duty.time, day))
                    .fold(common(time, day), SignedDuration::saturating_add);
                if work > value {
                    let what = What::Day(self.zone.local_date(day.start()));
                    broken.push(Broken { what, is: work, limit: value, is_hard });
                }
            }
        }
        if let (Some(Limit { value, is_hard }), Some(own_day)) = (self.rest, days.first()) {
            for other in others().filter(|other| !own_day.contains(other.time.start())) {
                let gap = gap(time, &other.time);
                if gap < value {
                    let what = What::Rest(other.shift.clone());
                    broken.push(Broken { what, is: gap, limit: value, is_hard });
                }
            }
        }
        broken
    }
}

/// How long two times are both there.
fn common(one: &Interval, other: &Interval) -> SignedDuration {
    let (start, end) = (one.start().max(other.start()), one.end().min(other.end()));
    end.since(start).max(SignedDuration::ZERO)
}

/// How long lies between two times; nothing when they touch or overlap.
fn gap(one: &Interval, other: &Interval) -> SignedDuration {
    let between = one.start().since(other.end()).max(other.start().since(one.end()));
    between.max(SignedDuration::ZERO)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::domain::{assignment::State, duty::tests::duty, shift::tests::between};

    /// 8 h a shift, 10 h a day, 11 h of rest, where minute 0 is a midnight.
    pub(crate) fn limits(is_hard: bool) -> Limits {
        let limit = |hours| Some(Limit { value: SignedDuration::from_hours(hours), is_hard });
        Limits { shift: limit(8), day: limit(10), rest: limit(11), zone: "Asia/Shanghai".parse().unwrap() }
    }

    fn said(start: i64, end: i64, duties: &[Duty]) -> Vec<String> {
        let (limits, time) = (limits(true), between(start, end));
        let days = limits.days(&time);
        let broken = limits.broken_by_person("tournaments/t/shifts/x", &time, &days, duties);
        broken.iter().map(|one| format!("{}: {one}", one.what.code())).collect()
    }

    #[test]
    fn durations_read_as_people_say_them() {
        let words = |minutes| in_words(SignedDuration::from_mins(minutes));
        assert_eq!([words(45), words(60), words(690)], ["45 min", "1 h", "11 h 30 min"]);
    }

    #[test]
    fn days_are_those_of_the_tournaments_zone() {
        let limits = limits(true);
        assert_eq!(limits.days(&between(60, 1440)), [between(0, 1440)]);
        assert_eq!(limits.days(&between(1380, 1500)), [between(0, 1440), between(1440, 2880)]);
    }

    #[test]
    fn a_shift_is_too_long_by_itself() {
        assert_eq!(limits(true).broken_by_shift(&between(0, 480)), None);
        let broken = limits(true).broken_by_shift(&between(0, 525)).unwrap();
        assert_eq!(broken.to_string(), "the shift lasts 8 h 45 min; the limit is 8 h");
    }

    #[test]
    fn a_day_counts_all_work_that_lies_on_it() {
        let morning = [duty("a", 360, 720, State::Accepted)];
        assert!(said(780, 1020, &morning).is_empty(), "6 h and 4 h");
        let long = said(780, 1021, &morning);
        assert_eq!(long, ["DAY_TOO_LONG: 10 h 1 min of work on 2023-10-21; the limit is 10 h"]);
    }

    #[test]
    fn work_over_midnight_counts_on_both_days() {
        let next_day = [duty("a", 1500, 2040, State::Accepted)];
        let limits = Limits { rest: None, ..limits(true) };
        let over_midnight = between(1200, 1501);
        let days = limits.days(&over_midnight);
        let broken = limits.broken_by_person("x", &over_midnight, &days, &next_day);
        assert_eq!(broken.len(), 1);
        assert_eq!(broken[0].is, SignedDuration::from_mins(61 + 540));
    }

    #[test]
    fn rest_lies_between_the_shifts_of_two_days() {
        let evening = [duty("a", 1000, 1320, State::Accepted)];
        assert!(said(1320 + 660, 2100, &evening).is_empty(), "11 h after 22:00");
        assert_eq!(
            said(1320 + 659, 2100, &evening),
            [
                "REST_TOO_SHORT: 10 h 59 min of rest between this shift and tournaments/t/shifts/a; at least 11 h are \
              asked for"
            ]
        );
        assert!(said(600, 660, &[duty("a", 400, 500, State::Accepted)]).is_empty(), "on one day");
        assert_eq!(
            said(1400, 1430, &[duty("a", 1450, 1500, State::SignedOut)]).len(),
            1,
            "before another day"
        );
    }
}
