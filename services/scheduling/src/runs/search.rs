//! The search itself: what the engine is given, and what it has found. Runs in a thread of its own.

use std::ops::ControlFlow;

use matchday_api::scheduling::v1 as pb;
use matchday_timetable::{
    check::{Report, check},
    model::{Severity, Timetable},
    outcome::{self, Choice, Found, Move, Outcome, Price, Reason, Repair},
    repair::repair,
    solve::solve,
};

use super::{
    live::{Telling, length},
    task::{Disrupted, Task},
};
use crate::domain::run::{Budget, Spending};

/// Conflicts after which the exact search leaves what is open to the search of neighbourhoods.
const CONFLICTS: u64 = 400_000;
/// Rounds of the search of neighbourhoods: more than there is time for.
const ROUNDS: u64 = 1 << 40;

/// What a search has found.
pub(super) enum Answer {
    /// Timetables, the lowest price first, and what the checker says of each.
    Timetables(Vec<(Choice, Report)>),
    /// There is none.
    Infeasible(Reason),
    /// The budget ended before either was known.
    Undecided,
}

/// Searches until there is an answer, the budget is spent, or the run is halted; tells how far it is.
///
/// # Errors
/// What the checker, which shares no code with the search, finds wrong with a timetable.
pub(super) fn search(
    task: &Task,
    budget: Budget,
    mut telling: Telling,
) -> Result<(Answer, pb::RunProgress), String> {
    let mut spending = Spending::new(budget);
    let mut last = pb::RunProgress::default();
    let mut watch = |progress: outcome::Progress| {
        if telling.is_halted() {
            return ControlFlow::Break(());
        }
        let elapsed = telling.elapsed();
        let said = spending.go_on(elapsed);
        // a part of the search that looks for reasons knows neither
        last.best = progress.best.or(last.best);
        last.bound = progress.bound.filter(|bound| *bound > i64::MIN).or(last.bound);
        last.iteration = i64::try_from(spending.iterations()).unwrap_or(i64::MAX);
        let phase = if last.best.is_some() { pb::RunPhase::Improving } else { pb::RunPhase::Searching };
        telling.tell(|| pb::RunProgress { phase: phase.into(), elapsed: Some(length(elapsed)), ..last });
        said
    };
    let limits = outcome::Budget { seed: budget.seed, conflicts: CONFLICTS, rounds: ROUNDS };
    let (instance, before) = (&task.stated.instance, &task.stated.timetable);
    let found = match &task.repair {
        None => made(solve(instance, limits, &mut watch), before),
        Some(Disrupted { now, disruptions, .. }) => {
            repair(instance, before, *now, disruptions, limits, &mut watch).map_err(|fault| fault.what)?
        }
    };
    let answer = match found {
        Repair::Choices(choices) => Answer::Timetables(
            choices.into_iter().map(|choice| checked(task, choice)).collect::<Result<_, _>>()?,
        ),
        Repair::Infeasible(reason) => Answer::Infeasible(reason),
        Repair::Unknown => Answer::Undecided,
    };
    if let Answer::Timetables(found) = &answer
        && let Some((choice, _)) = found.first()
        && choice.optimal
    {
        // what proved it may have counted, and told no bound on the way
        (last.best, last.bound) = (Some(choice.price.quality), Some(choice.price.quality));
    }
    last.phase = pb::RunPhase::Ended.into();
    last.elapsed = Some(length(telling.elapsed()));
    Ok((answer, last))
}

/// Lets the checker look at a timetable.
fn checked(task: &Task, choice: Choice) -> Result<(Choice, Report), String> {
    let report = check(task.instance(), &choice.timetable);
    let hard = report.broken().find(|rule| !matches!(rule.severity, Severity::Soft { .. }));
    match hard {
        None => Ok((choice, report)),
        Some(rule) => {
            let sentence = rule.violations.first().map_or("", |violation| violation.sentence.as_str());
            Err(format!("a timetable that was found breaks {}: {sentence}", rule.id))
        }
    }
}

/// A timetable made anew is one way to repair the schedule.
fn made(outcome: Outcome, before: &Timetable) -> Repair {
    match outcome {
        Outcome::Optimal(found) => Repair::Choices(vec![choice(found, true, before)]),
        Outcome::Best { found, .. } => Repair::Choices(vec![choice(found, false, before)]),
        Outcome::Infeasible(reason) => Repair::Infeasible(reason),
        Outcome::Unknown => Repair::Unknown,
    }
}

/// A timetable made anew, beside the schedule as it stood.
fn choice(found: Found, optimal: bool, before: &Timetable) -> Choice {
    let places = before.places.iter().zip(&found.timetable.places).enumerate();
    let moves: Vec<Move> = places
        .filter(|(_, (from, to))| from != to)
        .map(|(index, (from, to))| Move { index, from: *from, to: *to, why: String::new() })
        .collect();
    let kick_offs = moves.iter().filter(|one| one.from.start != one.to.start).count();
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Choice {
        price: Price {
            people: 0,
            kick_offs: count(kick_offs),
            pitches: count(moves.len() - kick_offs),
            quality: found.cost,
        },
        timetable: found.timetable,
        optimal,
        title: if optimal { "best timetable, proven" } else { "best timetable found" }.to_owned(),
        moves,
    }
}
