//! What cannot be is said with its numbers, and the numbers are those of the instance.

use std::ops::ControlFlow;

use matchday_timetable::{
    model::Instance,
    outcome::{Budget, Disruption, LeadsTo, Outcome, Progress, Reason, Repair},
    repair::repair,
    solve::solve,
    validate::validate,
};
use serde::Deserialize;
use serde_json::{Value, json};

const BUDGET: Budget = Budget { seed: 1, conflicts: 20_000, rounds: 200 };

/// Four teams, two semi-finals and the final; kick-offs at 10:00 and 15:00 on each day, two pitches.
fn cup(days: i32, rules: &Value) -> Value {
    let game = |id: &str, stage: &str, sides: Value| {
        json!({"id": id, "competition": "men", "stage": stage, "sides": sides, "length": 105, "set_up": 0,
            "occupied": 135, "crowd": 40})
    };
    let starts: Vec<i32> = (0..days).flat_map(|day| [day * 1440 + 600, day * 1440 + 900]).collect();
    let open = json!([{"start": 0, "end": days * 1440}]);
    let calendar: Vec<Value> =
        (0..days).map(|day| json!({"label": format!("day {}", day + 1), "start": day * 1440})).collect();
    let teams = ["a", "b", "c", "d"].map(|id| json!({"id": id, "competition": "men"}));
    let pitches = ["main", "second"].map(|id| json!({"id": id, "venue": "park", "open": open}));
    json!({
        "name": "cup",
        "days": calendar,
        "end": days * 1440,
        "kick_offs": starts,
        "teams": teams,
        "pitches": pitches,
        "matches": [
            game("s1", "semi-final", json!([{"team": 0}, {"team": 1}])),
            game("s2", "semi-final", json!([{"team": 2}, {"team": 3}])),
            game("f", "final", json!([{"winner": 0}, {"winner": 1}])),
        ],
        "rules": rules,
    })
}

fn rule(id: &str, kind: &Value) -> Value {
    json!({"id": id, "kind": kind, "severity": "hard"})
}

fn why(instance: &Value) -> Reason {
    let instance: Instance = Instance::deserialize(instance).expect("the model");
    assert_eq!(validate(&instance), []);
    match solve(&instance, BUDGET, &mut |_| ControlFlow::Continue(())) {
        Outcome::Infeasible(reason) => reason,
        outcome => panic!("{outcome:?}"),
    }
}

#[test]
fn waits_that_are_too_long_are_added_up() {
    let reason = why(&cup(1, &json!([rule("rest", &json!({"rest_whistle": 600}))])));
    assert_eq!(
        reason.sentence,
        "semi-final and final follow each other: one gap of 10 h + 105 min needs 11 h 45 min; from day 1 10:00 to day \
         1 15:00 there are 5 h"
    );
    assert_eq!((&*reason.rules, &*reason.matches), (&["rest".to_owned()][..], &[0, 2][..]));
}

#[test]
fn days_between_matches_count_as_days() {
    let reason = why(&cup(2, &json!([rule("rest", &json!({"rest_calendar_days": 1}))])));
    assert!(reason.sentence.contains("one gap of 1 calendar day"), "{}", reason.sentence);
    assert_eq!(reason.rules, ["rest"]);
}

#[test]
fn a_match_that_no_rule_leaves_a_place_is_named_with_what_takes_them() {
    let mut cup = cup(2, &json!([rule("late", &json!({"kick_off_within": {"from": 720, "until": 1439}}))]));
    for pitch in 0..2 {
        cup["pitches"][pitch]["closed"] = json!([
            {"span": {"start": 900, "end": 1000}, "why": "flooded"},
            {"span": {"start": 2340, "end": 2400}, "why": "flooded"},
        ]);
    }
    let reason = why(&cup);
    assert_eq!(
        reason.sentence,
        "s1 has no place: of its 8 places at 4 kick-offs on 2 pitches, 4 are in a closure (flooded) and 4 are against \
         late (kick-offs from 12:00 to 23:59)"
    );
    assert_eq!((&*reason.rules, &*reason.matches), (&["late".to_owned()][..], &[0][..]));
}

#[test]
fn a_pin_that_is_in_the_way_is_named() {
    let mut cup = cup(2, &json!([]));
    cup["matches"][2]["pinned"] = json!({"start": 2040, "pitch": 0});
    cup["pitches"][0]["closed"] = json!([{"span": {"start": 2000, "end": 2100}, "why": "a concert"}]);
    let reason = why(&cup);
    assert_eq!(
        reason.sentence,
        "f is pinned to main at day 2 10:00, and the pitch is closed then: a concert"
    );
    assert_eq!(reason.rules, Vec::<String>::new());
}

#[test]
fn matches_without_room_are_counted_against_the_room() {
    let mut cup = cup(
        2,
        &json!([
            rule("semis-first", &json!({"not_on_days": [1]})),
            rule("main-1", &json!({"matches_per_pitch_and_day": 1})),
        ]),
    );
    cup["rules"][0]["scope"] = json!({"stages": ["semi-final"]});
    for semi in 0..2 {
        cup["matches"][semi]["pitches"] = json!([0]);
    }
    let reason = why(&cup);
    assert_eq!(
        reason.sentence,
        "2 matches (s1 and s2) have to kick off from day 1 10:00 to day 1 15:00 on main, and there is room for 1 then \
         under semis-first (not on day 2) and main-1 (at most 1 match a day on a pitch)"
    );
    assert_eq!(reason.matches, [0, 1]);
}

#[test]
fn officials_who_are_too_few_are_no_room_either() {
    let mut cup = cup(1, &json!([rule("one-each", &json!({"official_matches_per_day": 1}))]));
    cup["officials"] = json!([{"id": "ann"}, {"id": "ben"}]);
    for game in 0..3 {
        cup["matches"][game]["crews"] = json!(1);
    }
    let reason = why(&cup);
    assert!(reason.sentence.starts_with("3 matches (s1, s2 and f)"), "{}", reason.sentence);
    assert!(
        reason.sentence.ends_with("room for 2 then under one-each (at most 1 match of an official a day)")
    );
}

#[test]
fn a_match_that_nobody_may_lead_is_named_with_the_rule() {
    let mut cup = cup(3, &json!([rule("neutral", &json!("official_neutral"))]));
    cup["officials"] =
        json!([{"id": "ann", "conflicts": [2]}, {"id": "ben", "away": [{"start": 0, "end": 4320}]}]);
    cup["matches"][1]["crews"] = json!(1);
    let reason = why(&cup);
    assert_eq!(
        reason.sentence,
        "s2 needs a crew, and nobody can lead it: of 2 officials, 1 is not neutral under neutral (officials are \
         neutral) and 1 is away at all its kick-offs"
    );
    assert_eq!((&*reason.rules, &*reason.matches), (&["neutral".to_owned()][..], &[1][..]));
}

#[test]
fn more_matches_than_officials_may_lead_in_all_are_counted() {
    let mut cup = cup(3, &json!([rule("once", &json!({"official_matches": 1}))]));
    cup["officials"] = json!([{"id": "ann"}, {"id": "ben"}]);
    for game in 0..3 {
        cup["matches"][game]["crews"] = json!(1);
    }
    assert_eq!(
        why(&cup).sentence,
        "3 matches (s1, s2 and f) need a crew, and 2 officials can lead 2 under once (at most 1 match of an official \
         in all)"
    );
}

#[test]
fn officials_and_warm_up_areas_that_leave_no_room_are_named() {
    let mut led = cup(1, &json!([]));
    led["officials"] = json!([{"id": "ann"}]);
    for semi in 0..2 {
        led["matches"][semi]["pinned"] = json!({"start": 600, "pitch": semi});
        led["matches"][semi]["crews"] = json!(1);
    }
    assert_eq!(
        why(&led).sentence,
        "pitches, kick-offs, officials and the order of the bracket leave no room for s1 and s2"
    );
    let mut warm = cup(1, &json!([]));
    warm["warm_up_areas"] = json!(["hall"]);
    for semi in 0..2 {
        warm["pitches"][semi]["warm_up_area"] = json!(0);
        warm["matches"][semi]["pinned"] = json!({"start": 600, "pitch": semi});
    }
    assert_eq!(
        why(&warm).sentence,
        "pitches, kick-offs, warm-up areas and the order of the bracket leave no room for s1 and s2"
    );
}

#[test]
fn rules_that_no_counting_refutes_are_named_with_their_limits() {
    let reason = why(&cup(
        3,
        &json!([
            rule("semis-together", &json!({"together": ["s1", "s2"]})),
            rule("crowd", &json!({"crowd_at_once": 60})),
            rule("travel", &json!({"travel": 30})),
        ]),
    ));
    assert_eq!(
        reason.sentence,
        "at the pitches and kick-offs there are, s1 and s2 cannot hold semis-together (s1 and s2 start together) and \
         crowd (a crowd of at most 60 at once)"
    );
    assert_eq!(reason.rules, ["semis-together", "crowd"]);
}

#[test]
fn what_the_reason_and_the_ladder_cost_is_told_with_the_search() {
    let mut cup = cup(
        3,
        &json!([
            rule("semis-together", &json!({"together": ["s1", "s2"]})),
            rule("crowd", &json!({"crowd_at_once": 60})),
        ]),
    );
    cup["ladder"] = json!([
        {"title": "a larger crowd", "changes": [{"rule": {"id": "crowd", "kind": {"crowd_at_once": 80}}}]},
        {"title": "no larger crowd", "changes": [{"rule": {"id": "crowd", "kind": {"crowd_at_once": 70}}}]},
    ]);
    let instance = Instance::deserialize(&cup).expect("the model");
    let mut told: Vec<Progress> = Vec::new();
    let outcome = solve(&instance, BUDGET, &mut |progress| {
        told.push(progress);
        ControlFlow::Continue(())
    });
    assert!(told.is_sorted_by_key(|progress| (progress.conflicts, progress.iteration)), "{told:?}");
    let last = told.last().expect("a search tells how far it is");
    let budget = Budget { seed: 1, conflicts: last.conflicts, rounds: last.iteration - last.conflicts };
    assert_eq!(solve(&instance, budget, &mut |_| ControlFlow::Continue(())), outcome);
    assert!(matches!(outcome, Outcome::Infeasible(reason) if reason.ladder.len() == 2));
}

#[test]
fn each_step_of_the_ladder_is_tried_alone_and_priced() {
    let mut cup = cup(
        1,
        &json!([
            rule("rest", &json!({"rest_whistle": 600})),
            {"id": "late", "kind": {"kick_off_within": {"from": 720, "until": 1439}}, "severity": {"soft": {"weight": 7}}},
        ]),
    );
    cup["ladder"] = json!([
        {"title": "less rest", "changes": [{"rule": {"id": "rest", "kind": {"rest_whistle": 500}}}]},
        {"title": "a night kick-off", "changes": [{"kick_offs": [1380]}]},
        {"title": "any rest", "changes": [{"rule": {"id": "rest", "kind": {"rest_whistle": 60}}}]},
    ]);
    let ladder = why(&cup).ladder;
    let [less, night, any] = &ladder[..] else { panic!("{ladder:?}") };
    assert!(
        matches!(&less.leads_to, LeadsTo::Infeasible(why) if why.contains("8 h 20 min + 105 min")),
        "{less:?}"
    );
    // From 10:00 to 23:00 there are more than 11 h 45; no occupation of 135 minutes ends by midnight.
    assert!(matches!(night.leads_to, LeadsTo::Infeasible(_)), "{night:?}");
    assert!(matches!(any.leads_to, LeadsTo::Works { cost: 14, price: None, .. }), "{any:?}");
}

#[test]
fn steps_that_are_not_enough_alone_are_tried_together() {
    let mut cup = cup(1, &json!([rule("rest", &json!({"rest_whistle": 600}))]));
    cup["ladder"] = json!([
        {"title": "a late kick-off", "changes": [{"kick_offs": [1320]}]},
        {"title": "open until two", "changes": [{"open": {"pitch": 0, "span": {"start": 1440, "end": 1560}}}]},
    ]);
    let ladder = why(&cup).ladder;
    let works: Vec<(&str, bool)> = ladder
        .iter()
        .map(|step| (step.title.as_str(), matches!(step.leads_to, LeadsTo::Works { .. })))
        .collect();
    assert_eq!(works, [("a late kick-off", false), ("open until two", false), ("all steps together", true)]);
}

#[test]
fn a_step_that_saves_a_repair_is_priced_in_people_and_kick_offs() {
    let mut cup = cup(3, &json!([rule("rest", &json!({"rest_kick_off": 1440}))]));
    cup["kick_offs"] = json!([600, 900, 2040, 2340]);
    cup["matches"][2]["people"] = json!(25);
    cup["ladder"] = json!([
        {"title": "less rest", "changes": [{"rule": {"id": "rest", "kind": {"rest_kick_off": 1200}}}]},
        {"title": "the reserve day", "changes": [{"kick_offs": [3480]}]},
    ]);
    let instance = Instance::deserialize(&cup).expect("the model");
    let Outcome::Optimal(found) = solve(&instance, BUDGET, &mut |_| ControlFlow::Continue(())) else {
        panic!("two days are enough");
    };
    let rain = Disruption::Weather { venues: Vec::new(), from: 1440, until: 2880, why: "rain".into() };
    let repaired =
        repair(&instance, &found.timetable, 1440, &[rain], BUDGET, &mut |_| ControlFlow::Continue(()));
    let Ok(Repair::Infeasible(reason)) = repaired else { panic!("{repaired:?}") };
    assert_eq!(
        reason.sentence,
        "f has no place: of its 4 places at 2 kick-offs on 2 pitches, 4 are in a closure (rain)"
    );
    let [less, day] = &reason.ladder[..] else { panic!("{reason:?}") };
    assert!(matches!(less.leads_to, LeadsTo::Infeasible(_)), "{less:?}");
    let LeadsTo::Works { price: Some(price), .. } = &day.leads_to else { panic!("{day:?}") };
    assert_eq!((price.people, price.kick_offs, price.pitches), (25, 1, 0));
}

#[test]
fn the_case_of_the_peer_that_cannot_be_is_told_with_its_numbers() {
    let instance = include_str!("../instances/peer48-infeasible.json");
    let mut instance: Value = serde_json::from_str(instance).expect("JSON");
    instance["ladder"] = json!([]);
    let reason = why(&instance);
    assert_eq!(
        reason.sentence,
        "a men's group of three plays serially, then quarter-final, semi-final and final: five gaps of 48 h + 105 min \
         in 2.5 h slots need 252.5 h; from day 1 10:00 to day 11 20:00 there are 250 h"
    );
    assert_eq!(reason.rules, ["rest"]);
    assert_eq!(reason.matches.len(), 6);
}
