//! The engine against its checker, on small tournaments with rules of every kind: what it calls the best is the
//! cheapest of all timetables there are, it says that there is none only where there is none, and whatever it gives
//! passes the check at the cost it names.

use std::ops::ControlFlow;

use matchday_timetable::{
    check::check,
    model::{Instance, Timetable},
    outcome::{Budget, Outcome, Progress},
    solve::{feasible, solve},
    validate::validate,
};
use proptest::prelude::*;

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
        match feasible(&instance, BUDGET, &mut on) {
            Outcome::Optimal(found) | Outcome::Best { found, .. } => {
                passes(&instance, &found.timetable, found.cost)?;
            }
            Outcome::Infeasible(_) => prop_assert_eq!(cheapest, None),
            Outcome::Unknown => {}
        }
    }
}
