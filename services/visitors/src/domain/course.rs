//! The course of an opening: which phase its gates are in, by its times and by hand.

use matchday_kernel::Instant;

/// What the gates of a session do, in the order they go through it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Not open yet.
    Planned,
    /// People enter and leave.
    Open,
    /// Nobody is let in any more; who leaves is scanned.
    ExitOnly,
    /// Everybody leaves without a scan.
    FreeEgress,
    /// The place was cleared, and every admission closed.
    Cleared,
    /// The session does not take place.
    Cancelled,
}

impl Phase {
    /// The phase as an adjective, for messages.
    #[must_use]
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Planned => "not open yet",
            Self::Open => "open",
            Self::ExitOnly => "exit-only",
            Self::FreeEgress => "in free egress",
            Self::Cleared => "cleared",
            Self::Cancelled => "cancelled",
        }
    }
}

/// When the gates go from one phase to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// They open.
    pub open: Instant,
    /// Nobody is let in any more.
    pub exit_only: Instant,
    /// Everybody leaves without a scan.
    pub free_egress: Instant,
    /// The place is to be cleared; somebody does it, the time does not.
    pub clear: Instant,
}

/// The times of an opening are not in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the gates would open at {}, let nobody in from {}, let everybody out from {} and be cleared at {}, which is \
     not in this order",
    .0.open, .0.exit_only, .0.free_egress, .0.clear
)]
pub struct Disorder(pub Times);

impl Times {
    /// The times, if the gates are open for a while and what comes after follows in order.
    ///
    /// # Errors
    /// [`Disorder`]
    pub fn in_order(self) -> Result<Self, Disorder> {
        let is_in_order = self.open < self.exit_only
            && self.exit_only <= self.free_egress
            && self.free_egress <= self.clear;
        if is_in_order { Ok(self) } else { Err(Disorder(self)) }
    }
}

/// A step that the phase does not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {next}", .phase.in_words())]
pub struct WrongPhase {
    /// The phase it is in.
    pub phase: Phase,
    /// What can be done instead.
    pub next: &'static str,
}

/// The times of an opening, and the phase it was put into by hand: a lower bound of the phase it is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Course {
    /// When it goes from one phase to the next by itself.
    pub times: Times,
    /// The earliest phase it can be in. Cleared and cancelled are never reached by time alone.
    pub by_hand: Phase,
}

impl Course {
    /// A course that nobody has touched.
    #[must_use]
    pub const fn planned(times: Times) -> Self {
        Self { times, by_hand: Phase::Planned }
    }

    /// The phase at a moment.
    #[must_use]
    pub fn phase(&self, now: Instant) -> Phase {
        let by_time = if now >= self.times.free_egress {
            Phase::FreeEgress
        } else if now >= self.times.exit_only {
            Phase::ExitOnly
        } else if now >= self.times.open {
            Phase::Open
        } else {
            Phase::Planned
        };
        by_time.max(self.by_hand)
    }

    /// Whether it is past its plan: from then on no delay brings it back.
    #[must_use]
    pub fn has_begun(&self, now: Instant) -> bool {
        !matches!(self.phase(now), Phase::Planned | Phase::Cancelled)
    }

    /// Puts it into a later phase before its time.
    ///
    /// # Errors
    /// [`WrongPhase`] when it is there or further, or over.
    pub fn advance(self, to: Phase, now: Instant) -> Result<Self, WrongPhase> {
        let phase = self.phase(now);
        let next = match phase {
            Phase::Cancelled => "its session does not take place",
            Phase::Cleared => "it is over, and its phase does not change any more",
            Phase::FreeEgress => "phases only go forward; clear it when the place is empty",
            _ if to <= phase => "phases only go forward; advance it to a later one",
            _ => return Ok(Self { by_hand: to, ..self }),
        };
        Err(WrongPhase { phase, next })
    }

    /// Ends it: the place was cleared. That is final.
    ///
    /// # Errors
    /// [`WrongPhase`] before everybody is let out, and when it is over.
    pub fn clear(self, now: Instant) -> Result<Self, WrongPhase> {
        let phase = self.phase(now);
        let next = match phase {
            Phase::FreeEgress => return Ok(Self { by_hand: Phase::Cleared, ..self }),
            Phase::Planned | Phase::Open | Phase::ExitOnly => {
                "advance it to free egress first, then clear it"
            }
            Phase::Cleared => "there is nothing left to clear",
            Phase::Cancelled => "its session does not take place, and nobody was let in",
        };
        Err(WrongPhase { phase, next })
    }

    /// Gives it up, unless it has begun: then people may be inside, and it is cleared in the end.
    #[must_use]
    pub fn cancel(self, now: Instant) -> Self {
        if self.has_begun(now) { self } else { Self { by_hand: Phase::Cancelled, ..self } }
    }

    /// Follows the schedule. What was not begun takes the times wanted, and takes place again when it was
    /// given up. Of what has begun, the phases reached stay reached, and those ahead only move later.
    #[must_use]
    pub fn follow(self, wanted: Times, now: Instant) -> Self {
        let Times { open, exit_only, free_egress, clear } = self.times;
        let phase = self.phase(now);
        let times = match phase {
            Phase::Planned | Phase::Cancelled => return Self::planned(wanted),
            Phase::Open => Times {
                open,
                exit_only: exit_only.max(wanted.exit_only),
                free_egress: free_egress.max(wanted.free_egress),
                clear: clear.max(wanted.clear),
            },
            Phase::ExitOnly => Times {
                free_egress: free_egress.max(wanted.free_egress),
                clear: clear.max(wanted.clear),
                ..self.times
            },
            Phase::FreeEgress => Times { clear: clear.max(wanted.clear), ..self.times },
            Phase::Cleared => self.times,
        };
        Self { times, ..self }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;

    pub(crate) fn at(minute: i64) -> Instant {
        Instant::from_micros(minute * 60_000_000).unwrap()
    }

    /// Opens at `open`, exit-only 100 minutes later, free egress after 110, clear after 150.
    pub(crate) fn times(open: i64) -> Times {
        Times {
            open: at(open),
            exit_only: at(open + 100),
            free_egress: at(open + 110),
            clear: at(open + 150),
        }
    }

    #[test]
    fn the_phase_goes_with_the_time_and_is_never_cleared_by_it() {
        let course = Course::planned(times(0));
        let phases =
            [(-1, Phase::Planned), (0, Phase::Open), (100, Phase::ExitOnly), (110, Phase::FreeEgress)];
        for (minute, phase) in phases {
            assert_eq!(course.phase(at(minute)), phase, "{minute}");
        }
        assert_eq!(course.phase(at(10_000)), Phase::FreeEgress);
    }

    #[test]
    fn by_hand_it_goes_forward_alone() {
        let course = Course::planned(times(0)).advance(Phase::ExitOnly, at(-5)).unwrap();
        assert_eq!(course.phase(at(-5)), Phase::ExitOnly);
        assert_eq!(course.phase(at(110)), Phase::FreeEgress);
        for to in [Phase::Open, Phase::ExitOnly] {
            assert_eq!(course.advance(to, at(-5)).unwrap_err().phase, Phase::ExitOnly);
        }
        assert!(course.advance(Phase::FreeEgress, at(-5)).is_ok());
    }

    #[test]
    fn it_is_cleared_from_free_egress_on_and_once() {
        let course = Course::planned(times(0));
        let refusal = course.clear(at(50)).unwrap_err();
        assert_eq!(refusal.to_string(), "open: advance it to free egress first, then clear it");
        assert!(course.clear(at(100)).is_err(), "most people are still inside when entry ends");
        for minute in [110, 160] {
            let cleared = course.clear(at(minute)).unwrap();
            assert_eq!(cleared.phase(at(minute)), Phase::Cleared);
            assert!(cleared.clear(at(minute)).is_err());
            assert!(cleared.advance(Phase::FreeEgress, at(minute)).is_err());
        }
    }

    #[test]
    fn it_is_given_up_only_before_it_has_begun_and_taken_up_again() {
        let course = Course::planned(times(0));
        let cancelled = course.cancel(at(-1));
        assert_eq!(cancelled.phase(at(50)), Phase::Cancelled);
        assert!(cancelled.advance(Phase::Open, at(50)).is_err());
        assert_eq!(cancelled.follow(times(60), at(50)), Course::planned(times(60)));
        assert_eq!(course.cancel(at(0)), course);
    }

    #[test]
    fn a_delay_moves_what_has_not_begun_and_only_the_end_of_what_has() {
        let course = Course::planned(times(0));
        assert_eq!(course.follow(times(-30), at(-40)).times, times(-30));
        let begun = course.follow(times(45), at(0));
        assert_eq!(begun.times, Times { open: at(0), ..times(45) });
        assert_eq!(course.follow(times(-30), at(0)), course);
        let late = course.follow(times(45), at(105));
        assert_eq!(late.times, Times { open: at(0), exit_only: at(100), ..times(45) });
        let later = course.follow(times(45), at(110));
        assert_eq!(later.times, Times { clear: at(195), ..times(0) });
    }

    #[test]
    fn times_out_of_order_are_told() {
        assert_eq!(times(0).in_order(), Ok(times(0)));
        assert!(Times { exit_only: at(0), ..times(0) }.in_order().is_err());
        assert!(Times { clear: at(109), ..times(0) }.in_order().is_err());
    }

    proptest! {
        /// Whatever is asked of what has begun, its phase never goes back and its times stay in order.
        #[test]
        fn a_phase_reached_stays_reached(
            steps in prop::collection::vec((0i64..40, 0usize..5, -60i64..200), 1..80),
        ) {
            let mut course = Course::planned(times(60));
            let mut now = 0;
            for (later, step, open) in steps {
                let before = course.phase(at(now));
                now += later;
                let moment = at(now);
                course = match step {
                    0 => course.follow(times(open), moment),
                    1 => course.cancel(moment),
                    2 => course.clear(moment).unwrap_or(course),
                    3 => course.advance(Phase::Open, moment).unwrap_or(course),
                    _ => course.advance(Phase::ExitOnly, moment).unwrap_or(course),
                };
                let has_begun = !matches!(before, Phase::Planned | Phase::Cancelled);
                prop_assert!(!has_begun || course.phase(moment) >= before);
                prop_assert!(!has_begun || course.by_hand != Phase::Cancelled);
                prop_assert!(course.times.in_order().is_ok());
            }
        }
    }
}
