//! The engine against its checker, on small tournaments with rules of every kind: what it calls the best is the
//! cheapest of all timetables there are, it says that there is none only where there is none, and whatever it gives
//! passes the check at the cost it names.

use std::ops::ControlFlow;

use matchday_timetable::{
    check::check,
    model::{Instance, Place, Severity, Timetable},
    outcome::{Budget, Outcome, Progress},
    solve::{feasible, solve},
    validate::validate,
};
use proptest::prelude::*;
use proptest::sample::Index;

use super::random::{all, cheapest, instance};

const BUDGET: Budget = Budget { seed: 1, conflicts: 20_000, rounds: 60 };

fn on(_: Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// Fails unless a timetable keeps what must hold and costs what it is said to.
fn passes(instance: &Instance, timetable: &Timetable, cost: i64) -> Result<(), TestCaseError> {
    let report = check(instance, timetable);
    let broken: Vec<_> = report.broken().collect();
    prop_assert!(report.is_clean(), "{broken:#?}\n{timetable:?}");
    prop_assert_eq!(report.cost, cost, "{:#?}\n{:?}", broken, timetable);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, max_global_rejects: 100_000, ..ProptestConfig::default() })]

    #[test]
    fn the_best_is_the_cheapest_of_all_and_none_means_none(instance in instance()) {
        prop_assume!(validate(&instance).is_empty());
        let all = all(&instance);
        prop_assume!(all.is_some());
        let cheapest = cheapest(&instance, &all.unwrap_or_default());
        let outcome = solve(&instance, BUDGET, &mut on);
        match (&outcome, cheapest) {
            (Outcome::Optimal(found), Some(cost)) => {
                passes(&instance, &found.timetable, found.cost)?;
                prop_assert_eq!(found.cost, cost);
            }
            (Outcome::Best { found, bound }, Some(cost)) => {
                passes(&instance, &found.timetable, found.cost)?;
                prop_assert!(*bound <= cost && cost <= found.cost, "{bound} <= {cost} <= {}", found.cost);
            }
            (Outcome::Infeasible(_), None) | (Outcome::Unknown, _) => {}
            (outcome, cheapest) => prop_assert!(false, "{outcome:?}, where the cheapest costs {cheapest:?}"),
        }
        prop_assert_eq!(&solve(&instance, BUDGET, &mut on), &outcome, "the same twice");
        let mut before = i64::MAX;
        for rounds in [5, 20, 60] {
            let outcome = solve(&instance, Budget { conflicts: 0, rounds, ..BUDGET }, &mut on);
            match (&outcome, cheapest) {
                (Outcome::Optimal(found), Some(cost)) => prop_assert_eq!(found.cost, cost),
                (Outcome::Best { found, bound }, Some(cost)) => {
                    prop_assert!(*bound <= cost && cost <= found.cost, "{bound} <= {cost} <= {}", found.cost);
                }
                (Outcome::Infeasible(_), None) | (Outcome::Unknown, _) => {}
                (outcome, cheapest) => prop_assert!(false, "{outcome:?}, where the cheapest costs {cheapest:?}"),
            }
            if let Outcome::Optimal(found) | Outcome::Best { found, .. } = outcome {
                passes(&instance, &found.timetable, found.cost)?;
                prop_assert!(found.cost <= before, "{} after {before} with fewer rounds", found.cost);
                before = found.cost;
            }
        }
        match feasible(&instance, BUDGET, &mut on) {
            Outcome::Optimal(found) | Outcome::Best { found, .. } => {
                passes(&instance, &found.timetable, found.cost)?;
            }
            Outcome::Infeasible(_) => prop_assert_eq!(cheapest, None),
            Outcome::Unknown => {}
        }
    }
}

proptest! {
    // No search is needed where everything is pinned: many are looked at in little time.
    #![proptest_config(ProptestConfig { cases: 150, max_global_rejects: 100_000, ..ProptestConfig::default() })]

    #[test]
    fn of_a_timetable_that_is_pinned_whole_the_search_says_what_the_check_says(
        mut instance in instance(),
        picks in prop::collection::vec((any::<Index>(), 0..2usize), 4),
    ) {
        instance.officials.clear();
        let starts = picks.iter().map(|(start, pitch)| (*start.get(&instance.kick_offs), *pitch));
        let mut pins: Vec<Place> = starts.map(|(start, pitch)| Place { start, pitch }).collect();
        // In the order of the matches, so that few come before what decides them.
        pins.sort_unstable();
        for (game, pin) in instance.matches.iter_mut().zip(pins) {
            (game.crews, game.pinned) = (0, Some(pin));
        }
        for rule in &mut instance.rules {
            if rule.severity == Severity::Hard {
                rule.severity = Severity::Soft { weight: 7 };
            }
        }
        prop_assume!(validate(&instance).is_empty());
        let places = instance.matches.iter().filter_map(|game| game.pinned).collect();
        let report = check(&instance, &Timetable { places, officials: Vec::new() });
        match feasible(&instance, BUDGET, &mut on) {
            Outcome::Optimal(found) | Outcome::Best { found, .. } => {
                prop_assert!(report.is_clean(), "{:#?}", report.broken().collect::<Vec<_>>());
                prop_assert_eq!(found.cost, report.cost, "{:#?}", report.broken().collect::<Vec<_>>());
            }
            Outcome::Infeasible(_) => prop_assert!(!report.is_clean()),
            Outcome::Unknown => prop_assert!(false, "nothing is left to search"),
        }
    }
}
