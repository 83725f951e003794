//! A search that was stopped, by a clock or otherwise, is repeated by the conflicts and rounds it names.

use std::ops::ControlFlow;

use matchday_timetable::{
    model::{Instance, Timetable},
    outcome::{Budget, Disruption, Outcome, Progress, Repair},
    repair::repair,
    solve::solve,
};

/// Matches that are played.
const PLAYED: usize = 12;

/// The first part of a tournament of 48 matches, so that it is made again in no time.
fn instance() -> Instance {
    let whole = include_str!("../instances/peer48-feasible.json");
    let mut instance: Instance = serde_json::from_str(whole).expect("the model");
    instance.cancelled = (PLAYED..instance.matches.len()).collect();
    instance
}

/// Asks to stop at a call, and keeps the last that was told.
fn stopping(at: usize, last: &mut Progress) -> impl FnMut(Progress) -> ControlFlow<()> {
    let mut calls = 0;
    move |progress| {
        *last = progress;
        calls += 1;
        if calls < at { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }
}

fn spent(last: Progress) -> Budget {
    Budget { seed: 7, conflicts: last.conflicts, rounds: last.iteration - last.conflicts }
}

#[test]
fn a_timetable_is_made_again() {
    let instance = instance();
    // The exact search alone, the search of neighbourhoods alone, and one after the other.
    for (conflicts, rounds) in [(u64::MAX, 0), (0, u64::MAX), (20, u64::MAX)] {
        for at in [1, 6] {
            let mut last = Progress::default();
            let budget = Budget { seed: 7, conflicts, rounds };
            let outcome = solve(&instance, budget, &mut stopping(at, &mut last));
            assert!(last.iteration > 0 || at == 1, "{budget:?} was over before it was stopped");
            let again = solve(&instance, spent(last), &mut |_| ControlFlow::Continue(()));
            assert_eq!(again, outcome, "stopped at call {at} of {budget:?}, after {last:?}");
        }
    }
}

#[test]
fn a_repair_is_made_again() {
    let instance = instance();
    let budget = Budget { seed: 7, conflicts: 20, rounds: 0 };
    let (Outcome::Best { found, .. } | Outcome::Optimal(found)) =
        solve(&instance, budget, &mut |_| ControlFlow::Continue(()))
    else {
        panic!("a few conflicts are enough for some timetable");
    };
    let before: Timetable = found.timetable;
    let now = 4 * 1440;
    let why = "flooded".to_owned();
    let happened = [Disruption::PitchLost { pitch: 0, from: now, until: now + 1440, why }];
    for at in [1, 5] {
        let mut last = Progress::default();
        let budget = Budget { seed: 7, conflicts: 60, rounds: 40 };
        let repaired = repair(&instance, &before, now, &happened, budget, &mut stopping(at, &mut last));
        let again =
            repair(&instance, &before, now, &happened, spent(last), &mut |_| ControlFlow::Continue(()));
        assert_eq!(again, repaired, "stopped at call {at}, after {last:?}");
        assert!(matches!(repaired, Ok(Repair::Choices(_) | Repair::Unknown)), "{repaired:?}");
    }
}
