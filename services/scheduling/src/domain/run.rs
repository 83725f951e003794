//! What a run of the timetable engine goes through: queued → running → ended, in one of six ways; and what it may spend.

use std::{ops::ControlFlow, time::Duration};

/// Longest search, whatever its budget says.
pub const LONGEST: Duration = Duration::from_mins(10);
/// Search of which nobody said how long it may take.
pub const USUAL: Duration = Duration::from_secs(30);

/// Where a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Waits until another run has ended.
    Queued,
    /// Searches.
    Running,
    /// Has ended in drafts.
    Succeeded,
    /// Has proven that there is no timetable.
    Infeasible,
    /// Its budget has ended before anything was known.
    Undecided,
    /// Was cancelled.
    Cancelled,
    /// Has ended by a defect.
    Failed,
    /// Its process has ended before it did.
    Interrupted,
}

impl State {
    /// Whether it may still go on.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Queued | Self::Running)
    }

    /// Takes a step. `None` when it changes nothing: what has ended stays as it ended, so that a search which is
    /// done counts no more once its run was cancelled.
    #[must_use]
    pub fn step(self, to: Self) -> Option<Self> {
        let is_step = match self {
            Self::Queued => to != Self::Queued,
            Self::Running => !to.is_open(),
            _ => false,
        };
        is_step.then_some(to)
    }
}

/// What a run may spend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Longest time that it searches.
    pub time: Duration,
    /// Most iterations; `None` is no limit.
    pub iterations: Option<u64>,
    /// Where random choices begin.
    pub seed: u64,
}

/// Counts what a search spends. An iteration is one question of the engine whether to go on: the engine asks at the
/// same points of the same search, so that their number alone says where it was ended.
#[derive(Clone, Copy, Debug)]
pub struct Spending {
    budget: Budget,
    iterations: u64,
}

impl Spending {
    /// Nothing is spent yet.
    #[must_use]
    pub fn new(budget: Budget) -> Self {
        Self { budget, iterations: 0 }
    }

    /// Goes on for another iteration, unless the budget is spent.
    pub fn go_on(&mut self, elapsed: Duration) -> ControlFlow<()> {
        let is_spent = self.budget.iterations.is_some_and(|most| self.iterations >= most);
        if is_spent || elapsed >= self.budget.time {
            return ControlFlow::Break(());
        }
        self.iterations += 1;
        ControlFlow::Continue(())
    }

    /// Iterations that were gone on for.
    #[must_use]
    pub fn iterations(&self) -> u64 {
        self.iterations
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENDS: [State; 6] = [
        State::Succeeded,
        State::Infeasible,
        State::Undecided,
        State::Cancelled,
        State::Failed,
        State::Interrupted,
    ];

    #[test]
    fn a_run_ends_once() {
        assert_eq!(State::Queued.step(State::Running), Some(State::Running));
        assert_eq!(State::Running.step(State::Queued), None);
        assert_eq!(State::Running.step(State::Running), None);
        for end in ENDS {
            assert!(!end.is_open());
            assert_eq!(State::Queued.step(end), Some(end));
            assert_eq!(State::Running.step(end), Some(end));
            for next in ENDS.into_iter().chain([State::Queued, State::Running]) {
                assert_eq!(end.step(next), None, "{end:?} to {next:?}");
            }
        }
    }

    #[test]
    fn what_time_has_ended_iterations_end_at_the_same_point() {
        let timed = Budget { time: Duration::from_secs(2), iterations: None, seed: 0 };
        let mut first = Spending::new(timed);
        let asked = (0..100).find(|asked| first.go_on(Duration::from_millis(300) * *asked).is_break());
        let replayed = Budget { time: LONGEST, iterations: Some(first.iterations()), seed: 0 };
        let mut again = Spending::new(replayed);
        assert_eq!((0..100).find(|_: &u32| again.go_on(Duration::ZERO).is_break()), asked);
        assert_eq!((first.iterations(), again.iterations()), (7, 7));
    }
}
