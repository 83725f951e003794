//! Makes a timetable: what is proven best, the best that was found, or the proof that there is none.
//!
//! An instance that is small enough goes to the exact search; what it leaves open, and what is too large for it, to
//! the search of neighbourhoods.

use std::ops::ControlFlow;

use crate::change::Measure;
use crate::exact::{Incumbent, Proof, Search, contradiction, search};
use crate::model::Instance;
use crate::neighbourhood::{improve, is_small, static_bound};
use crate::outcome::{Budget, Found, Outcome, Progress, Reason, Watch};
use crate::problem::Problem;

/// Rounds that [`feasible`] spends on improvement.
const SHORT: u64 = 200;

/// Makes the best timetable that the budget allows. The instance has no fault that
/// [`validate`](crate::validate::validate) finds.
///
/// The reason of an infeasible one names rules and matches that contradict each other; its sentence is plain.
pub fn solve(instance: &Instance, budget: Budget, watch: &mut Watch) -> Outcome {
    let problem = Problem::new(instance);
    match run(&problem, budget, false, watch) {
        Outcome::Infeasible(_) => Outcome::Infeasible(reason(instance, budget, watch)),
        outcome => outcome,
    }
}

/// Looks for any timetable, or the proof that there is none, and improves it only a little. The reason of an
/// infeasible one is empty: [`contradiction`] finds it.
pub fn feasible(instance: &Instance, budget: Budget, watch: &mut Watch) -> Outcome {
    let problem = Problem::new(instance);
    run(&problem, budget, true, watch)
}

fn reason(instance: &Instance, budget: Budget, watch: &mut Watch) -> Reason {
    let Some(core) = contradiction(instance, budget, watch) else {
        let sentence = "there is no timetable: the places and rules leave no room for all matches".to_owned();
        return Reason { sentence, ..Reason::default() };
    };
    let sentence = if core.rules.is_empty() {
        "there is no timetable: pitches, kick-offs and pins leave no room for all matches".to_owned()
    } else {
        format!("there is no timetable that holds {}", core.rules.join(", "))
    };
    Reason { sentence, rules: core.rules, matches: core.matches, ladder: Vec::new() }
}

fn run(problem: &Problem, budget: Budget, first: bool, watch: &mut Watch) -> Outcome {
    let asked = Search {
        seed: budget.seed,
        conflicts: budget.conflicts,
        measures: &[Measure::Quality],
        change: None,
        guide: Vec::new(),
        prefer: &[],
        first,
        within: &[],
    };
    let rounds = if first { budget.rounds.min(SHORT) } else { budget.rounds };
    let (best, proof) = both(problem, &asked, rounds, watch);
    outcome(problem, best, proof)
}

/// Both searches, one after the other; [`Search::conflicts`] and `rounds` limit them.
pub(crate) fn both<'p>(
    problem: &'p Problem<'p>,
    asked: &Search<'p>,
    rounds: u64,
    watch: &mut Watch,
) -> (Option<Incumbent>, Proof) {
    let mut spent = 0;
    let mut stopped = false;
    let mut bound = if asked.measures.first() == Some(&Measure::Quality) { static_bound(problem) } else { 0 };
    let mut best = None;
    if problem.is_empty() {
        return (None, Proof::Complete);
    }
    if is_small(problem) {
        let mut told = |conflicts: u64, best| {
            spent = conflicts;
            let said = watch(Progress { iteration: conflicts, best, bound: Some(bound) });
            stopped |= said.is_break();
            said
        };
        let (found, proof) = search(problem, asked, &mut told);
        best = found;
        match proof {
            Proof::Complete => return (best, proof),
            Proof::Stopped { bound: proven } => bound = bound.max(proven),
        }
    }
    if !stopped {
        let mut asked = Search { conflicts: rounds, ..asked.clone() };
        // A quick answer is improved for its few rounds; making one takes as many as there are.
        if best.is_none() && asked.first {
            asked.conflicts = rounds.max(100_000);
        } else {
            asked.first = false;
        }
        let mut told = |rounds: u64, best| {
            let said: ControlFlow<()> =
                watch(Progress { iteration: spent + rounds, best, bound: Some(bound) });
            said
        };
        best = improve(problem, &asked, best, &mut told);
    }
    (best, Proof::Stopped { bound })
}

fn outcome(problem: &Problem, best: Option<Incumbent>, proof: Proof) -> Outcome {
    match (best, proof) {
        (Some(best), proof) => {
            let mut timetable = problem.timetable(&best.chosen);
            timetable.officials = best.officials;
            let cost = best.values.first().copied().unwrap_or(0);
            let found = Found { timetable, cost, iteration: best.conflicts };
            match proof {
                Proof::Complete => Outcome::Optimal(found),
                Proof::Stopped { bound } if bound >= cost => Outcome::Optimal(found),
                Proof::Stopped { bound } => Outcome::Best { found, bound },
            }
        }
        (None, Proof::Complete) => Outcome::Infeasible(Reason::default()),
        (None, Proof::Stopped { .. }) => Outcome::Unknown,
    }
}
