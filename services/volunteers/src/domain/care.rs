//! 在岗保障: when somebody on duty is due a break, and which meals a shift entitles to.

use matchday_kernel::{
    ErrorKind, Fault, Instant, Interval, SignedDuration, Violation, Zone,
    civil::{Date, Time},
};

/// A meal of the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meal {
    /// Its id.
    pub id: String,
    /// When it begins, on the tournament's clocks.
    pub start: Time,
    /// When it ends, later on the same day.
    pub end: Time,
    /// How much of a shift lies within, from which on the person is entitled.
    pub least: SignedDuration,
}

impl Meal {
    /// Whether a shift entitles to the meal of a day.
    #[must_use]
    pub fn is_for(&self, shift: &Interval, day: Date, zone: &Zone) -> bool {
        // on a day that the clocks change a meal may be off by that: it is given all the same
        let midnight = zone.day(day).start();
        let at = |time: Time| {
            let minutes = i64::from(time.hour()) * 60 + i64::from(time.minute());
            midnight.saturating_add(SignedDuration::from_mins(minutes))
        };
        let (start, end) = (at(self.start).max(shift.start()), at(self.end).min(shift.end()));
        end.since(start) >= self.least
    }
}

/// Breaks of somebody on duty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Breaks {
    /// When the one that goes on began.
    pub since: Option<Instant>,
    /// When the last one ended.
    pub last: Option<Instant>,
}

impl Breaks {
    /// When the next break is due of somebody who signed in then; `None` during one.
    #[must_use]
    pub fn due(self, signed_in: Instant, after: SignedDuration) -> Option<Instant> {
        let worked_since = self.last.unwrap_or(signed_in).max(signed_in);
        self.since.is_none().then(|| worked_since.saturating_add(after))
    }
}

/// Why breaks, meals and equipment refuse.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{subject} {problem}")]
pub struct Refusal {
    /// The assignment or the item.
    pub subject: String,
    /// What is in the way, and what can be done.
    pub problem: String,
}

impl Refusal {
    /// A refusal about an assignment or an item.
    #[must_use]
    pub fn of(subject: &str, problem: impl Into<String>) -> Self {
        Self { subject: subject.to_owned(), problem: problem.into() }
    }
}

impl Fault for Refusal {
    fn kind(&self) -> ErrorKind {
        ErrorKind::FailedPrecondition
    }

    fn reason(&self) -> &'static str {
        "DUTY_STATE"
    }

    fn metadata(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    fn violations(&self) -> Vec<Violation> {
        Vec::new()
    }

    fn resource(&self) -> Option<&str> {
        Some(&self.subject)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::shift::tests::{at, between};

    fn lunch() -> Meal {
        let time = |hour, minute| Time::constant(hour, minute, 0, 0);
        let (start, end) = (time(11, 0), time(13, 30));
        Meal { id: "lunch".into(), start, end, least: SignedDuration::from_mins(30) }
    }

    #[test]
    fn a_shift_entitles_to_a_meal_it_lies_in_for_long_enough() {
        let zone: Zone = "Asia/Shanghai".parse().unwrap();
        // at(0) is midnight in Shanghai
        let day = zone.local_date(at(0));
        for (start, end, is_entitled) in [
            (540, 900, true),
            (600, 690, true),
            (600, 689, false),
            (780, 1200, true),
            (781, 1200, false),
            (1000, 1200, false),
            (-600, 2000, true),
        ] {
            assert_eq!(lunch().is_for(&between(start, end), day, &zone), is_entitled, "{start} to {end}");
        }
        assert!(!lunch().is_for(&between(540, 900), day.tomorrow().unwrap(), &zone));
    }

    #[test]
    fn a_break_is_due_after_the_sign_in_or_the_last_one() {
        let after = SignedDuration::from_mins(240);
        let breaks = |since, last| Breaks { since, last };
        assert_eq!(breaks(None, None).due(at(60), after), Some(at(300)));
        assert_eq!(breaks(None, Some(at(200))).due(at(60), after), Some(at(440)));
        assert_eq!(breaks(Some(at(200)), None).due(at(60), after), None);
        // one of a stay before says nothing of this one
        assert_eq!(breaks(None, Some(at(30))).due(at(60), after), Some(at(300)));
    }
}
