//! What comes out of the engine holds, whatever goes in.

mod small;

use std::ops::ControlFlow;

use matchday_roster::bound::bound;
use matchday_roster::check::check;
use matchday_roster::model::{Instance, Kind, Roster, Rule, Severity, Shift, Span, Volunteer};
use matchday_roster::outcome::{Budget, Outcome};
use matchday_roster::solve::{complete, solve};
use matchday_roster::validate::validate;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use small::instances;

fn solved(instance: &Instance, seed: u64, threads: usize) -> Outcome {
    let budget = Budget { seed, passes: 30, iterations: 4_000, threads };
    solve(instance, budget, &mut |_| ControlFlow::Continue(()))
}

/// The lowest cost of any roster, by looking at all of them.
fn optimum(instance: &Instance) -> i64 {
    let (people, shifts) = (instance.volunteers.len(), instance.shifts.len());
    let rosters = (0..1u32 << (people * shifts)).filter_map(|chosen| {
        let holds = |shift: usize, one: usize| chosen >> (shift * people + one) & 1 == 1;
        let crews: Vec<Vec<usize>> =
            (0..shifts).map(|shift| (0..people).filter(|one| holds(shift, *one)).collect()).collect();
        let seated =
            crews.iter().zip(&instance.shifts).all(|(crew, shift)| crew.len() <= shift.headcount as usize);
        seated.then_some(Roster { crews })
    });
    let reports = rosters.map(|roster| check(instance, &roster));
    reports
        .filter(|report| report.hard == 0)
        .map(|report| report.cost)
        .min()
        .expect("an empty roster breaks nothing hard")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_roster_passes_the_checker(instance in instances(8, 12), seed in any::<u64>()) {
        prop_assert_eq!(validate(&instance), vec![]);
        let outcome = solved(&instance, seed, 1);
        let report = check(&instance, &outcome.roster);
        let broken: Vec<_> = report.rules.iter().filter(|rule| !rule.violations.is_empty()).collect();
        prop_assert_eq!(report.hard, 0, "{:?}", broken);
        prop_assert_eq!(report.cost, outcome.cost, "{:?}", broken);
        prop_assert_eq!(report.open_seats, outcome.open_seats);
        prop_assert_eq!(report.broken_groups, outcome.broken_groups);
        prop_assert!(outcome.bound <= outcome.cost);
        prop_assert!(bound(&instance, &outcome.prices) <= outcome.bound);
    }

    #[test]
    fn small_ones_are_solved_and_no_bound_is_above_the_optimum(
        instance in instances(3, 4),
        prices in prop::collection::vec(-200_000..200_000i64, 4),
    ) {
        let best = optimum(&instance);
        let outcome = solved(&instance, 1, 1);
        prop_assert_eq!(outcome.cost, best);
        prop_assert_eq!(outcome.bound, best, "proven");
        prop_assert!(bound(&instance, &prices[..instance.shifts.len()]) <= best, "any prices give a bound");
    }
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let tree = instances(400, 60).new_tree(&mut runner).expect("instances are made");
    let mut instance = tree.current();
    // Enough people to be dealt into lanes, and enough work for them.
    let (people, work) = (instance.volunteers.clone(), instance.shifts.clone());
    for (number, volunteer) in people.iter().cycle().take(310).enumerate() {
        instance.volunteers.push(Volunteer { id: format!("w{number}"), ..volunteer.clone() });
    }
    for (number, shift) in work.iter().cycle().take(150).enumerate() {
        instance.shifts.push(Shift { id: format!("t{number}"), headcount: 4, ..shift.clone() });
    }
    let soft = |weight| Severity::Soft { weight };
    let rules = [
        (Kind::HoursInAll(540), Severity::Hard),
        (Kind::Rest(660), Severity::Hard),
        (Kind::PreferredPlace, soft(7)),
        (Kind::Continuity, soft(5)),
        (Kind::Engagement(2), soft(30)),
    ];
    let stated = rules.into_iter().enumerate();
    instance.rules =
        stated.map(|(number, (kind, severity))| Rule { id: format!("r{number}"), kind, severity }).collect();
    assert_eq!(validate(&instance), vec![]);
    let solved = |threads| {
        let budget = Budget { seed: 3, passes: 4, iterations: 20_000, threads };
        solve(&instance, budget, &mut |_| ControlFlow::Continue(()))
    };
    let alone = solved(1);
    assert_eq!(alone.iterations, 20_000, "it is not solved at once");
    for threads in [2, 3, 8] {
        assert_eq!(solved(threads), alone);
    }
}

#[test]
fn what_is_settled_stays_and_what_was_declined_is_not_given() {
    let shift = |id: &str, start, priority| Shift {
        id: id.into(),
        post: 0,
        place: 0,
        span: Span { start, end: start + 240 },
        headcount: 1,
        unit_headcount: 0,
        skills: vec![],
        languages: vec![],
        priority,
    };
    let volunteer = |id: &str, declined| Volunteer {
        id: id.into(),
        available: vec![Span { start: 0, end: 1_440 }],
        declined,
        ..Volunteer::default()
    };
    let day = Rule { id: "day".into(), kind: Kind::HoursPerDay(240), severity: Severity::Hard };
    let instance = Instance {
        days: vec![0],
        places: vec!["stadium".into()],
        posts: vec!["gate".into()],
        volunteers: vec![volunteer("a", vec![]), volunteer("b", vec![2]), volunteer("c", vec![])],
        shifts: vec![shift("held", 540, 0), shift("early", 480, 100), shift("late", 900, 100)],
        rules: vec![day],
        ..Instance::default()
    };
    assert_eq!(validate(&instance), vec![]);
    let kept = Roster { crews: vec![vec![0], vec![], vec![]] };
    let budget = Budget { seed: 1, passes: 10, iterations: 1_000, threads: 1 };
    let settled = [true, false, false];
    let outcome = complete(&instance, &settled, &kept, budget, &mut |_| ControlFlow::Continue(()));
    assert_eq!(outcome.roster.crews, [vec![0], vec![1], vec![2]]);
    assert_eq!((outcome.cost, outcome.bound), (0, 0));
    let wrong = Roster { crews: vec![vec![0], vec![2], vec![1]] };
    assert_eq!(check(&instance, &wrong).hard, 1, "the checker sees who has declined");
}
