//! What a volunteer has to do, or has done: an assignment, as far as it takes the person's time.

use matchday_kernel::{Instant, Interval, SignedDuration};

use super::assignment::State;

/// The time a shift takes of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duty {
    /// Name of the shift.
    pub shift: String,
    /// When the person is busy: that of the shift, and for somebody who has left until then.
    pub time: Interval,
    /// Where the assignment stands.
    pub state: State,
}

impl Duty {
    /// The duty of an assignment; `signed_out` is when the person left. `None` when it takes no time of the
    /// person, as when it was declined.
    #[must_use]
    pub fn of(shift: String, time: Interval, state: State, signed_out: Option<Instant>) -> Option<Self> {
        if !state.holds_seat() && !state.is_worked() {
            return None;
        }
        let time = match signed_out {
            // who left before the shift began has not worked
            Some(left) if state.is_worked() => Interval::new(time.start(), left).ok()?,
            _ => time,
        };
        Some(Self { shift, time, state })
    }

    /// Whether the person is bound to it, so that nothing else may overlap.
    #[must_use]
    pub fn is_held(&self) -> bool {
        self.state.holds_person()
    }
}

/// The first duty that keeps a person from a shift at this time: the one place that decides an overlap.
#[must_use]
pub fn overlapping<'a>(duties: &'a [Duty], shift: &str, time: &Interval) -> Option<&'a Duty> {
    duties.iter().find(|duty| duty.is_held() && duty.shift != shift && duty.time.overlaps(time))
}

/// All the time that duties take.
#[must_use]
pub fn work(duties: &[Duty]) -> SignedDuration {
    duties.iter().fold(SignedDuration::ZERO, |sum, duty| sum.saturating_add(duty.time.duration()))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::domain::shift::tests::between;

    pub(crate) fn duty(shift: &str, start: i64, end: i64, state: State) -> Duty {
        Duty { shift: format!("tournaments/t/shifts/{shift}"), time: between(start, end), state }
    }

    #[test]
    fn touching_is_no_overlap_and_only_what_is_held_counts() {
        let duties = [duty("a", 0, 60, State::Proposed), duty("b", 100, 160, State::SignedOut)];
        assert_eq!(overlapping(&duties, "x", &between(60, 100)), None);
        assert_eq!(overlapping(&duties, "x", &between(59, 100)), Some(&duties[0]));
        assert_eq!(overlapping(&duties, "x", &between(110, 120)), None, "the person has left");
        assert_eq!(overlapping(&duties, &duties[0].shift, &between(0, 60)), None, "its own shift");
    }

    #[test]
    fn who_has_left_was_busy_until_then() {
        let at = |minute| between(minute, minute + 1).start();
        let of = |state, left| Duty::of("s".into(), between(0, 60), state, left);
        assert_eq!(of(State::Accepted, None).unwrap().time, between(0, 60));
        assert_eq!(of(State::SignedOut, Some(at(40))).unwrap().time, between(0, 40));
        assert_eq!(of(State::SignedOut, Some(at(75))).unwrap().time, between(0, 75));
        assert_eq!(of(State::Left, Some(at(40))).unwrap().time, between(0, 40));
        assert_eq!(of(State::SignedOut, Some(at(0))), None);
        assert_eq!(of(State::Declined, None), None);
    }
}
