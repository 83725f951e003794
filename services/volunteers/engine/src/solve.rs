//! Makes a roster: first prices, which prove a bound and tell who is likely to hold what; then the search; at
//! last, where little is left to look at, the proof.

use crate::bound::{Ascent, Relaxation};
use crate::exact;
use crate::model::{Instance, Roster};
use crate::outcome::{Budget, Outcome, Progress, Watch};
use crate::problem::Problem;
use crate::rule::GroupsWhole;
use crate::search::{Search, construct};
use crate::state::State;

/// Makes the best roster that the budget allows. The instance has no fault that
/// [`validate`](crate::validate::validate) finds.
pub fn solve(instance: &Instance, budget: Budget, watch: &mut Watch) -> Outcome {
    let problem = Problem::new(instance);
    let mut first = State::new(&problem);
    construct::fill(&mut first);
    run(&problem, first, budget, watch)
}

/// Completes a roster: shifts that are settled are held by those who hold them there, whatever the rules say, and count
/// with all the work of these people; the rest is made as by [`solve`].
///
/// The bound holds where a settled shift costs nothing that stays open.
pub fn complete(
    instance: &Instance,
    settled: &[bool],
    kept: &Roster,
    budget: Budget,
    watch: &mut Watch,
) -> Outcome {
    let problem = Problem::new(instance);
    let mut first = State::of(&problem, kept, settled.into());
    construct::fill(&mut first);
    run(&problem, first, budget, watch)
}

/// Improves a roster.
pub(crate) fn run(problem: &Problem, first: State, budget: Budget, watch: &mut Watch) -> Outcome {
    let mut ascent = Ascent::new(Relaxation::new(problem), budget.seed, budget.passes, budget.threads);
    let mut progress = Progress { pass: 0, iteration: 0, best: first.cost, bound: ascent.bound() };
    let mut go_on = watch(progress).is_continue() && progress.bound < progress.best;
    while go_on && progress.pass < budget.passes {
        ascent.climb();
        progress.pass += 1;
        progress.bound = ascent.bound();
        go_on = watch(progress).is_continue() && progress.bound < progress.best;
    }
    let mut search = Search::new(first, ascent.likely(), &budget);
    while go_on && progress.iteration < budget.iterations {
        search.round(budget.iterations - progress.iteration);
        progress.iteration = search.done();
        progress.best = search.best().cost;
        go_on = watch(progress).is_continue() && progress.bound < progress.best;
    }
    let mut best = search.into_best();
    if progress.bound < best.cost && exact::prove(ascent.relaxation(), ascent.best_prices(), &mut best) {
        progress.bound = best.cost;
    }
    Outcome {
        roster: best.roster(),
        cost: best.cost,
        bound: progress.bound,
        open_seats: best.open.iter().sum(),
        broken_groups: GroupsWhole::new(problem.instance).broken(&best),
        prices: ascent.best_prices().to_vec(),
        passes: progress.pass,
        iterations: progress.iteration,
    }
}
