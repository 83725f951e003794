//! What the engine says about open seats can be carried out, and holds before the checker.

mod small;

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use matchday_roster::check::{Report, check};
use matchday_roster::explain::{Prepared, Swap};
use matchday_roster::model::{Instance, Roster};
use matchday_roster::outcome::Budget;
use matchday_roster::solve::solve;
use proptest::prelude::*;
use small::instances;

/// The roster with one more person in a shift.
fn with(roster: &Roster, volunteer: usize, shift: usize) -> Roster {
    let mut roster = roster.clone();
    roster.crews[shift].push(volunteer);
    roster
}

fn swapped(roster: &Roster, swap: &Swap) -> Roster {
    let mut roster = roster.clone();
    for step in &swap.steps {
        if let Some(from) = step.from {
            roster.crews[from].retain(|one| *one != step.volunteer);
        }
        roster.crews[step.to].push(step.volunteer);
    }
    roster
}

fn broken(report: &Report, instance: &Instance) -> BTreeSet<String> {
    let hard = report.rules.iter().filter(|rule| {
        let stated = instance.rules.iter().find(|one| one.id == rule.rule);
        stated.is_none_or(|one| one.severity == matchday_roster::model::Severity::Hard)
    });
    hard.filter(|rule| !rule.violations.is_empty()).map(|rule| rule.rule.clone()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_answer_holds(instance in instances(5, 10), passes in 0..4u64) {
        let budget = Budget { seed: 1, passes, iterations: 40, threads: 1 };
        let outcome = solve(&instance, budget, &mut |_| ControlFlow::Continue(()));
        let mut roster = outcome.roster;
        // Somebody does not come: now there is more to explain.
        if let Some(crew) = roster.crews.iter_mut().find(|crew| !crew.is_empty()) {
            crew.pop();
        }
        let cost = check(&instance, &roster).cost;
        let prepared = Prepared::new(&instance);
        let mut explainer = prepared.explain(&roster);
        for told in explainer.open_seats() {
            let kept_away: usize = told.blocked.values().sum();
            let there = roster.crews[told.shift].len();
            prop_assert_eq!(kept_away + told.free.len() + there, instance.volunteers.len(), "all are accounted for");
            for choice in &told.free {
                let report = check(&instance, &with(&roster, choice.volunteer, told.shift));
                prop_assert_eq!((report.hard, report.cost), (0, cost + choice.cost));
            }
            for near in told.nearest.iter().chain(&told.relaxation) {
                let report = check(&instance, &with(&roster, near.choice.volunteer, told.shift));
                prop_assert_eq!(broken(&report, &instance), BTreeSet::from([near.rule.clone()]));
                prop_assert_eq!(report.cost, cost + near.choice.cost);
            }
            for swap in &told.swaps {
                let report = check(&instance, &swapped(&roster, swap));
                prop_assert_eq!((report.hard, report.cost), (0, cost + swap.cost));
            }
        }
        for volunteer in 0..instance.volunteers.len() {
            for choice in explainer.what_could_take(volunteer).0 {
                let report = check(&instance, &with(&roster, volunteer, choice.shift));
                prop_assert_eq!((report.hard, report.cost), (0, cost + choice.cost));
            }
        }
        for (shift, crew) in roster.crews.iter().enumerate() {
            for &volunteer in crew {
                for choice in explainer.who_could_replace(volunteer, shift).free {
                    let mut instead = with(&roster, choice.volunteer, shift);
                    instead.crews[shift].retain(|one| *one != volunteer);
                    prop_assert_eq!(check(&instance, &instead).hard, 0);
                }
            }
        }
    }
}
