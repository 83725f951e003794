//! How much search fits a time on this machine. The engine reads no clock: whoever asks brings one.

use std::ops::ControlFlow;

use crate::model::{Instance, Roster};
use crate::outcome::Budget;
use crate::solve::complete;

/// The passes and iterations that fit until the end on a clock of microseconds, a third of the time for the bound; what
/// the fixed budget names already stays. A tiny trial says how long a trial of an eighth of the time is, and that one
/// says the rest: the first steps of a search are slower than those that follow. The shifts that are settled, and who
/// holds them, are as for [`complete`].
pub fn fitting(
    instance: &Instance,
    settled: &[bool],
    kept: &Roster,
    fixed: Budget,
    end: u64,
    clock: &dyn Fn() -> u64,
) -> Budget {
    let trial = |budget| Pace::of(instance, settled, kept, budget, end, clock);
    let tiny = Budget { passes: 2, iterations: 100 * instance.volunteers.len() as u64, ..fixed };
    let left = end.saturating_sub(clock());
    let longer = trial(tiny).fit(fixed, left / 8);
    let longer = Budget { passes: longer.passes.max(tiny.passes), ..longer };
    let pace = trial(longer);
    pace.fit(fixed, end.saturating_sub(clock()))
}

/// How fast this machine is, in microseconds.
struct Pace {
    prepare: u64,
    pass: u64,
    /// For [`Pace::iterations`] of them.
    searching: u64,
    iterations: u64,
}

impl Pace {
    fn of(
        instance: &Instance,
        settled: &[bool],
        kept: &Roster,
        trial: Budget,
        end: u64,
        clock: &dyn Fn() -> u64,
    ) -> Self {
        let begun = clock();
        let (mut prepared, mut passed, mut searched) = (begun, (0, begun), (0, begun));
        complete(instance, settled, kept, trial, &mut |progress| {
            let now = clock();
            match (progress.pass, progress.iteration) {
                (0, 0) => (prepared, passed) = (now, (0, now)),
                (pass, 0) => passed = (pass, now),
                (_, iteration) => searched = (iteration, now),
            }
            if now < end { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        Self {
            prepare: prepared.saturating_sub(begun).max(1),
            pass: passed.1.saturating_sub(prepared).max(1).div_ceil(passed.0.max(1)),
            searching: searched.1.saturating_sub(passed.1).max(1),
            iterations: searched.0,
        }
    }

    fn fit(&self, fixed: Budget, micros: u64) -> Budget {
        let left = micros.saturating_sub(self.prepare);
        // Fewer than ten say nothing.
        let fit = Some((left / 3 / self.pass).min(600)).filter(|passes| *passes >= 10).unwrap_or(0);
        let passes = if fixed.passes > 0 { fixed.passes } else { fit };
        let searching = left.saturating_sub(passes.saturating_mul(self.pass)).saturating_mul(9) / 10;
        let iterations = searching.saturating_mul(self.iterations) / self.searching;
        Budget { passes, iterations: iterations.max(1), ..fixed }
    }
}
