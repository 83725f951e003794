//! The engine against every timetable there is: on small tournaments its answer is the cheapest of all, and it says
//! that there is none only where there is none. The judge here shares no code with the search.

use std::ops::ControlFlow;

use matchday_timetable::{
    check::check,
    model::{
        Day, Instance, Kind, Match, Minute, Official, Pitch, Place, Rule, Scope, Severity, Side, Span, Team,
        Timetable,
    },
    outcome::{Budget, Disruption, Outcome, Repair},
    repair::repair,
    solve::solve,
    validate::{Code, validate},
};
use proptest::prelude::*;

const BUDGET: Budget = Budget { seed: 1, conflicts: 100_000, rounds: 200 };
const LENGTH: Minute = 105;
const OCCUPIED: Minute = 135;
const DAY: Minute = 1440;

fn rule(id: &str, kind: Kind, severity: Severity) -> Rule {
    Rule { id: id.into(), kind, severity, scope: Scope::default(), source: "a test".into(), assumed: true }
}

/// Two semi-finals between four teams, and the final; two pitches.
fn cup(days: u16, rest: Minute, early: i64, uneven: i64) -> Instance {
    let days: Minute = days.into();
    let game = |id: &str, stage: &str, sides| Match {
        id: id.into(),
        competition: "men".into(),
        stage: stage.into(),
        group: String::new(),
        round: 0,
        sides,
        length: LENGTH,
        set_up: 0,
        occupied: OCCUPIED,
        crowd: 0,
        people: 10,
        kick_offs: None,
        pitches: None,
        pinned: None,
        appointed: Vec::new(),
        crews: 0,
    };
    let pitch = |id: &str| Pitch {
        id: id.into(),
        venue: "park".into(),
        site: String::new(),
        open: vec![Span { start: 0, end: days * DAY }],
        closed: Vec::new(),
        surface: String::new(),
        capacity: 0,
        floodlit: false,
        reserve: false,
        warm_up_area: None,
    };
    let team = |id: &str| Team {
        id: id.into(),
        competition: "men".into(),
        country: String::new(),
        people: 30,
        travel: Vec::new(),
    };
    Instance {
        name: "cup".into(),
        days: (0..days).map(|day| Day { label: format!("day {}", day + 1), start: day * DAY }).collect(),
        end: days * DAY,
        kick_offs: (0..days).flat_map(|day| [day * DAY + 600, day * DAY + 900]).collect(),
        teams: ["a", "b", "c", "d"].map(team).into(),
        pitches: vec![pitch("main"), pitch("second")],
        matches: vec![
            game("s1", "semi-final", [Side::Team(0), Side::Team(1)]),
            game("s2", "semi-final", [Side::Team(2), Side::Team(3)]),
            game("f", "final", [Side::Winner(0), Side::Winner(1)]),
        ],
        rules: vec![
            rule("rest", Kind::RestWhistle(rest), Severity::Hard),
            rule("late", Kind::KickOffWithin { from: 720, until: DAY }, Severity::Soft { weight: early }),
            rule("equal", Kind::EqualRest, Severity::Soft { weight: uneven }),
        ],
        ..Instance::default()
    }
}

/// What a timetable of the cup costs; `None` when it breaks what must hold.
fn judge(places: &[Place], rest: Minute, early: i64, uneven: i64, lost: Option<Span>) -> Option<i64> {
    let apart = |a: Place, b: Place| a.pitch != b.pitch || (a.start - b.start).abs() >= OCCUPIED;
    let holds = apart(places[0], places[1]) && apart(places[0], places[2]) && apart(places[1], places[2]);
    let rested = places[..2].iter().all(|semi| places[2].start >= semi.start + LENGTH + rest);
    let open = lost.is_none_or(|lost| {
        let hit = |place: &&Place| {
            place.pitch == 0 && place.start < lost.end && place.start + OCCUPIED > lost.start
        };
        !places.iter().any(|place| hit(&place))
    });
    let mornings: i64 = places.iter().map(|place| i64::from(place.start % DAY < 720)).sum();
    let difference = i64::from((places[0].start - places[1].start).abs());
    (holds && rested && open).then(|| mornings * early + difference * uneven)
}

/// Every way to place the three matches.
fn all(instance: &Instance) -> Vec<Vec<Place>> {
    let one: Vec<Place> = instance
        .kick_offs
        .iter()
        .flat_map(|start| (0..2).map(move |pitch| Place { start: *start, pitch }))
        .collect();
    let mut all = Vec::new();
    for a in &one {
        for b in &one {
            all.extend(one.iter().map(|c| vec![*a, *b, *c]));
        }
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_optimum_is_the_cheapest_of_all(
        days in 1u16..4, rest in 0..3000i32, early in 0..50i64, uneven in 0..3i64,
    ) {
        let instance = cup(days, rest, early, uneven);
        prop_assert_eq!(validate(&instance), vec![]);
        let ways = all(&instance);
        let cheapest = ways.iter().filter_map(|places| judge(places, rest, early, uneven, None)).min();
        // Some of them, so that it does not take long: the checker says of each what is counted here.
        for places in ways.into_iter().step_by(7) {
            let counted = judge(&places, rest, early, uneven, None);
            let report = check(&instance, &Timetable { places, officials: Vec::new() });
            prop_assert_eq!(report.is_clean().then_some(report.cost), counted, "{:?}", report);
        }
        let outcome = solve(&instance, BUDGET, &mut |_| ControlFlow::Continue(()));
        match (&outcome, cheapest) {
            (Outcome::Optimal(found), Some(cost)) => {
                prop_assert_eq!(found.cost, cost);
                prop_assert_eq!(judge(&found.timetable.places, rest, early, uneven, None), Some(cost));
            }
            (Outcome::Infeasible(_), None) => {}
            (outcome, cheapest) => prop_assert!(false, "{outcome:?}, where the cheapest costs {cheapest:?}"),
        }
        prop_assert_eq!(solve(&instance, BUDGET, &mut |_| ControlFlow::Continue(())), outcome);
    }

    #[test]
    fn a_repair_tells_the_fewest_people_and_leaves_the_past_alone(
        rest in 0..2000i32, from in 1..4i32, long in 1..2i32,
    ) {
        let instance = cup(4, rest, 10, 0);
        let Outcome::Optimal(found) = solve(&instance, BUDGET, &mut |_| ControlFlow::Continue(())) else {
            return Err(TestCaseError::fail("four days are enough for three matches"));
        };
        let (before, now) = (found.timetable, from * DAY);
        let lost = Span { start: now, end: (from + long) * DAY };
        let why = "flooded".to_owned();
        let happened = Disruption::PitchLost { pitch: 0, from: lost.start, until: lost.end, why };
        let repaired = repair(&instance, &before, now, &[happened], BUDGET, &mut |_| ControlFlow::Continue(()));
        // teams are told once, whoever follows from a feeder is not told by name
        let people = |places: &[Place]| -> u64 {
            places.iter().zip(&before.places).zip([70, 70, 10]).map(|((new, old), people)| {
                if new == old { 0 } else { people }
            }).sum()
        };
        let frozen = |places: &[Place]| places.iter().zip(&before.places).all(|(new, old)| {
            if old.start < now { new == old } else { new.start >= now }
        });
        let ways = all(&instance);
        let fewest = ways
            .iter()
            .filter(|places| frozen(places) && judge(places, rest, 0, 0, Some(lost)).is_some())
            .map(|places| people(places))
            .min();
        match (repaired, fewest) {
            (Ok(Repair::Choices(choices)), Some(fewest)) => {
                prop_assert!(choices.len() <= 3);
                prop_assert_eq!(choices[0].price.people, fewest);
                for choice in &choices {
                    let places = &choice.timetable.places;
                    prop_assert!(frozen(places), "{places:?}");
                    prop_assert!(judge(places, rest, 0, 0, Some(lost)).is_some(), "{places:?}");
                    prop_assert_eq!(choice.price.people, people(places));
                }
            }
            (Ok(Repair::Infeasible(_)), None) => {}
            (repaired, fewest) => prop_assert!(false, "{repaired:?}, where {fewest:?} is possible"),
        }
    }
}

#[test]
fn what_cannot_be_is_told_with_the_rule_that_forbids_it() {
    let outcome = solve(&cup(1, 600, 0, 0), BUDGET, &mut |_| ControlFlow::Continue(()));
    let Outcome::Infeasible(reason) = outcome else { panic!("{outcome:?}") };
    assert_eq!(reason.rules, ["rest"]);
}

#[test]
fn a_search_that_is_stopped_at_once_claims_nothing() {
    let outcome = solve(&cup(3, 60, 5, 1), BUDGET, &mut |_| ControlFlow::Break(()));
    assert!(!matches!(outcome, Outcome::Infeasible(_)), "{outcome:?}");
}

/// The kinds of fault of the cup, changed.
fn faults(change: impl Fn(&mut Instance)) -> Vec<Code> {
    let mut instance = cup(2, 0, 0, 0);
    change(&mut instance);
    validate(&instance).into_iter().map(|fault| fault.code).collect()
}

#[test]
fn what_the_engine_cannot_count_is_refused() {
    let clock = |from, until| faults(move |one| one.rules[1].kind = Kind::KickOffWithin { from, until });
    assert_eq!(clock(0, 1500), []);
    assert_eq!(clock(-1, 600), [Code::Rule]);
    assert_eq!(clock(0, Minute::MAX), [Code::Rule]);
    assert_eq!(faults(|one| one.rules[1].kind = Kind::CrowdAtOnce(u32::MAX)), [Code::Rule]);
    let notice = Kind::Notice { crowd: 0, minutes: 0, now: Minute::MIN };
    assert_eq!(faults(|one| one.rules[1].kind = notice.clone()), [Code::Rule]);
    assert_eq!(faults(|one| one.matches[0].crowd = u32::MAX), [Code::Size]);
    assert_eq!(faults(|one| one.pitches[0].capacity = u32::MAX), [Code::Size]);
    let pin = |start| faults(move |one| one.matches[0].pinned = Some(Place { start, pitch: 0 }));
    assert_eq!(pin(600), []);
    assert_eq!(pin(-60), [Code::Pins]);
    assert_eq!(pin(2 * DAY), [Code::Pins]);
    assert_eq!(faults(|one| one.begun = vec![0]), [Code::Pins]);
    let officials = |one: &mut Instance| {
        let (country, conflicts, away) = (String::new(), Vec::new(), Vec::new());
        one.officials = vec![Official { id: "o".into(), country, conflicts, away }];
        one.matches[0].appointed = vec![0, 0];
    };
    assert_eq!(faults(officials), [Code::Duplicate]);
}

#[test]
fn an_instance_that_fits_into_no_memory_is_refused() {
    let large = |one: &mut Instance| {
        one.kick_offs = (0..20_000).collect();
        one.pitches =
            (0..50).map(|number| Pitch { id: format!("p{number}"), ..one.pitches[0].clone() }).collect();
        one.matches =
            (0..200).map(|number| Match { id: format!("m{number}"), ..one.matches[0].clone() }).collect();
        one.rules.clear();
    };
    assert_eq!(faults(large), [Code::Size]);
    let many = |one: &mut Instance| {
        let rule = |number| rule(&format!("r{number}"), Kind::MatchesPerPitchAndDay(1), Severity::Hard);
        one.rules = (0..15_000).map(rule).collect();
        one.days = (0..500).map(|day| Day { label: String::new(), start: day * DAY }).collect();
        one.end = 500 * DAY;
    };
    assert_eq!(faults(many), [Code::Size]);
}

#[test]
fn faults_are_told_before_a_search() {
    let mut instance = cup(2, 0, 0, 0);
    instance.matches[0].sides[0] = Side::Winner(2);
    assert!(!validate(&instance).is_empty(), "a feeder cycle");
    let mut instance = cup(2, 0, 0, 0);
    instance.rules[1].severity = Severity::Soft { weight: -1 };
    assert!(!validate(&instance).is_empty(), "a negative weight");
    let mut instance = cup(2, 0, 0, 0);
    instance.rules[0].id = "always-rest".into();
    assert!(!validate(&instance).is_empty(), "an id of what always holds");
    let mut instance = cup(2, 0, 0, 0);
    let pin = Place { start: 600, pitch: 0 };
    instance.matches[0].pinned = Some(pin);
    instance.matches[1].pinned = Some(pin);
    assert!(!validate(&instance).is_empty(), "contradicting pins");
}
