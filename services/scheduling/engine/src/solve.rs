//! Makes a timetable: what is proven best, the best that was found, or the proof that there is none.
//!
//! An instance that is small enough goes to the exact search; what it leaves open, and what is too large for it, to
//! the search of neighbourhoods.

use std::ops::ControlFlow;

use crate::change::Measure;
use crate::check::passes;
use crate::exact::{Incumbent, Proof, Search, search};
use crate::explain::{argue, explain};
use crate::ladder::{SEARCHED, STEP_CONFLICTS, STEP_ROUNDS, climb};
use crate::model::Instance;
use crate::neighbourhood::improve;
use crate::officials::cheapest;
use crate::outcome::{Budget, Found, LeadsTo, Outcome, Progress, Reason, Watch};
use crate::problem::{Candidate, Problem};
use crate::whole::Whole;

/// Makes the best timetable that the budget allows. The instance has no fault that
/// [`validate`](crate::validate::validate) finds.
///
/// What cannot be is often proven by counting, before any search. The reason of an infeasible instance names rules and
/// matches that contradict each other, and what the steps of its ladder lead to; both are looked for beside the budget.
pub fn solve(instance: &Instance, budget: Budget, watch: &mut Watch) -> Outcome {
    let mut whole = Whole::new(watch);
    let reason = match whole.part(|watch| argue(instance, watch)) {
        Some(reason) => reason,
        None => match whole.part(|watch| run(&Problem::new(instance), budget, false, watch)) {
            Outcome::Infeasible(_) => whole.part(|watch| explain(instance, budget.seed, watch)),
            outcome => return outcome,
        },
    };
    let ladder = climb(instance, &mut whole, |eased, watch| step(eased, budget.seed, watch));
    Outcome::Infeasible(Reason { ladder, ..reason })
}

/// What a step of the ladder leads to.
fn step(eased: &Instance, seed: u64, watch: &mut Watch) -> LeadsTo {
    if let Some(reason) = argue(eased, watch) {
        return LeadsTo::Infeasible(reason.sentence);
    }
    let budget = Budget { seed, conflicts: STEP_CONFLICTS, rounds: STEP_ROUNDS };
    match run(&Problem::new(eased), budget, false, watch) {
        Outcome::Optimal(found) | Outcome::Best { found, .. } => {
            LeadsTo::Works { cost: found.cost, timetable: found.timetable, price: None }
        }
        Outcome::Infeasible(_) => LeadsTo::Infeasible(SEARCHED.to_owned()),
        Outcome::Unknown => LeadsTo::Unknown,
    }
}

/// Looks for any timetable, or the proof that there is none, and improves it only a little. The reason of an
/// infeasible one is empty: [`contradiction`](crate::exact::contradiction) finds it.
pub fn feasible(instance: &Instance, budget: Budget, watch: &mut Watch) -> Outcome {
    let problem = Problem::new(instance);
    run(&problem, budget, true, watch)
}

fn run(problem: &Problem, budget: Budget, first: bool, watch: &mut Watch) -> Outcome {
    let asked = Search {
        seed: budget.seed,
        conflicts: budget.conflicts,
        rounds: budget.rounds,
        measures: &[Measure::Quality],
        change: None,
        guide: Vec::new(),
        prefer: &[],
        first,
        within: &[],
    };
    let (best, proof) = both(problem, &asked, None, watch);
    outcome(problem, best, proof)
}

/// Both searches, one after the other; what is known already is where the second begins if the first has nothing better.
pub(crate) fn both<'p>(
    problem: &'p Problem<'p>,
    asked: &Search<'p>,
    from: Option<Incumbent>,
    watch: &mut Watch,
) -> (Option<Incumbent>, Proof) {
    if problem.is_empty() {
        return (None, Proof::Complete);
    }
    let mut bound = if asked.measures.first() == Some(&Measure::Quality) { static_bound(problem) } else { 0 };
    let mut best = None;
    let mut spent = 0;
    let mut stopped = false;
    if is_small(problem) {
        let (found, proof) = search(problem, asked, &mut |conflicts, best| {
            spent = conflicts;
            let said = watch(Progress { iteration: conflicts, conflicts, best, bound: Some(bound) });
            stopped |= said.is_break();
            said
        });
        best = found;
        match proof {
            Proof::Complete => return (best, proof),
            Proof::Stopped { bound: proven } => bound = bound.max(proven),
        }
    }
    best = best.into_iter().chain(from).min_by(|one, other| one.values.cmp(&other.values));
    if !stopped {
        let before = best.clone();
        best = improve(problem, asked, best, &mut |rounds, best| {
            let iteration = spent.saturating_add(rounds);
            let said = watch(Progress { iteration, conflicts: spent, best, bound: Some(bound) });
            // Nothing costs less than the bound.
            if best.is_some_and(|best| best <= bound) && asked.measures.len() == 1 {
                ControlFlow::Break(())
            } else {
                said
            }
        });
        if let Some(best) = best.as_mut().filter(|best| before.as_ref() != Some(*best)) {
            best.spent = best.spent.saturating_add(spent);
        }
    }
    (best, Proof::Stopped { bound })
}

fn outcome(problem: &Problem, best: Option<Incumbent>, proof: Proof) -> Outcome {
    match (best, proof) {
        (Some(best), proof) => {
            let mut timetable = problem.timetable(&best.chosen);
            timetable.officials = best.officials;
            let cost = best.values.first().copied().unwrap_or(0);
            if !passes(problem.instance, &timetable, cost) {
                return Outcome::Unknown;
            }
            let found = Found { timetable, cost, iteration: best.spent };
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

/// What no timetable costs less than: the least of each match alone, and of officials.
fn static_bound(problem: &Problem) -> i64 {
    let least = |options: &Vec<Candidate>| options.iter().map(|option| option.cost).min().unwrap_or(0);
    problem.options.iter().map(least).fold(cheapest(problem), i64::saturating_add)
}

/// Whether a problem is small enough for the exact search: its clauses then fit into a few hundred megabytes.
fn is_small(problem: &Problem) -> bool {
    let slots: usize = problem
        .gaps
        .iter()
        .chain(problem.soft_gaps.iter().map(|soft| &soft.gap))
        .map(|gap| problem.options[gap.a].len().min(problem.times.len()) * if gap.ordered { 1 } else { 2 })
        .sum();
    problem.size() <= 60_000 && slots <= 1_000_000
}
