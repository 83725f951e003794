//! What has begun is past: a repair does not ask of it what cannot be changed any more.

use std::ops::ControlFlow;

use matchday_timetable::{
    check::check,
    disruption::{apply, present},
    model::{
        Ease, Instance, Kind, Match, Minute, Official, Pitch, Place, Relaxation, Severity, Side, Timetable,
    },
    outcome::{Choice, Disruption, LeadsTo, Outcome, Repair},
    repair::repair,
    solve::solve,
};

use super::findings::{BUDGET, day, game, rule};

fn at(start: Minute) -> Place {
    Place { start, pitch: 0 }
}

/// Three matches at 10:00, 11:40 and 13:20; the second team rests ten minutes after the first whistle.
fn three(kind: Kind) -> (Instance, Timetable) {
    let games = [("m1", 0, 1), ("m2", 1, 2), ("m3", 0, 2)];
    let mut instance = day(games.map(|(id, a, b)| game(id, [Side::Team(a), Side::Team(b)])).into());
    instance.rules = vec![rule(kind, Severity::Hard)];
    (instance, Timetable { places: vec![at(600), at(700), at(800)], officials: Vec::new() })
}

/// The first way to repair it; it passes the check.
fn repaired(instance: &Instance, before: &Timetable, now: Minute, happened: Disruption) -> Choice {
    let happened = [happened];
    let adapted = apply(instance, before, now, &happened).expect("it may happen").instance;
    match repair(instance, before, now, &happened, BUDGET, &mut |_| ControlFlow::Continue(())) {
        Ok(Repair::Choices(mut choices)) => {
            let choice = choices.remove(0);
            assert!(check(&adapted, &choice.timetable).is_clean());
            choice
        }
        none => panic!("{none:?}"),
    }
}

#[test]
fn a_pitch_may_shrink_under_a_match_that_was_played() {
    let (mut instance, before) = three(Kind::FitsCapacity);
    instance.pitches[0].capacity = 200;
    instance.matches[0].crowd = 100;
    let choice = repaired(&instance, &before, 650, Disruption::CapacityChanged { pitch: 0, capacity: 50 });
    assert_eq!(choice.timetable.places, before.places);
}

#[test]
fn a_rest_that_was_cut_short_is_past_and_the_next_one_is_kept() {
    let (mut instance, before) = three(Kind::RestWhistle(10));
    instance.kick_offs.push(900);
    let choice = repaired(&instance, &before, 750, Disruption::MatchOverruns { index: 0, by: 5 });
    assert_eq!(choice.timetable.places, before.places);
    let choice = repaired(&instance, &before, 750, Disruption::MatchOverruns { index: 1, by: 5 });
    assert_eq!(choice.timetable.places, [at(600), at(700), at(900)]);
}

#[test]
fn a_sum_that_what_has_begun_breaks_takes_nothing_more() {
    let (mut instance, before) = three(Kind::MatchesPerPitchAndDay(1));
    instance.days.push(matchday_timetable::model::Day { label: "day 2".into(), start: 1440 });
    instance.end = 2880;
    instance.pitches[0].open[0].end = 2880;
    instance.kick_offs.push(2040);
    let choice = repaired(&instance, &before, 750, Disruption::CapacityChanged { pitch: 0, capacity: 50 });
    assert_eq!(choice.timetable.places, [at(600), at(700), at(2040)]);
}

#[test]
fn each_move_says_why() {
    let games = ["m1", "m2"].map(|id| game(id, [Side::Open, Side::Open]));
    let mut instance = day(games.into());
    instance.pitches.push(Pitch { id: "second".into(), ..instance.pitches[0].clone() });
    instance.rules = vec![rule(Kind::Together(vec!["m1".into(), "m2".into()]), Severity::Hard)];
    let places = vec![at(600), Place { start: 600, pitch: 1 }];
    let before = Timetable { places, officials: Vec::new() };
    let lost = Disruption::PitchLost { pitch: 0, from: 590, until: 700, why: "rain".into() };
    let whys = |instance: &Instance, happened: Disruption| -> Vec<String> {
        repaired(instance, &before, 500, happened).moves.into_iter().map(|one| one.why).collect()
    };
    let rain = "pitch main is lost until day 1 11:40: rain";
    assert_eq!(whys(&instance, lost.clone()), [rain, "kicks off together with m1"]);
    // A match that stands alone moves alone: a rule that should hold is no reason.
    instance.rules[0].severity = Severity::Soft { weight: 1 };
    assert_eq!(whys(&instance, lost), [rain]);
    // The larger match takes the larger pitch.
    instance.matches[0].crowd = 100;
    instance.matches[1].people = 5;
    instance.kick_offs = vec![600];
    instance.rules = vec![rule(Kind::FitsCapacity, Severity::Hard)];
    let shrunk = Disruption::CapacityChanged { pitch: 0, capacity: 50 };
    assert_eq!(whys(&instance, shrunk), ["pitch main holds 50 and 100 are expected", "gives way to m1"]);
}

#[test]
fn a_match_that_nobody_led_gets_nobody_afterwards() {
    let (mut instance, before) = three(Kind::OfficialNeutral);
    let (conflicts, away) = (Vec::new(), Vec::new());
    instance.officials = vec![Official { id: "o".into(), country: String::new(), conflicts, away }];
    let led: Vec<Match> = instance.matches.iter().map(|game| Match { crews: 1, ..game.clone() }).collect();
    instance.matches = led;
    let choice = repaired(&instance, &before, 650, Disruption::CapacityChanged { pitch: 0, capacity: 50 });
    assert_eq!(choice.timetable.officials, [vec![], vec![0], vec![0]]);
}

#[test]
fn who_takes_the_place_of_a_team_has_no_conflicts() {
    let (mut instance, before) = three(Kind::OfficialNeutral);
    let away = Vec::new();
    instance.officials =
        vec![Official { id: "o".into(), country: String::new(), conflicts: vec![0, 1], away }];
    let replaced = Disruption::TeamReplaced { team: 0, by: "d".into() };
    let adapted = apply(&instance, &before, 0, &[replaced]).expect("it may happen");
    assert_eq!(adapted.instance.officials[0].conflicts, [1]);
}

#[test]
fn a_timetable_made_anew_leaves_what_has_begun_and_begins_nothing_in_the_past() {
    let (mut instance, before) = three(Kind::RestWhistle(10));
    // better places for all three, had none of them begun
    instance.kick_offs = vec![0, 200, 400, 900, 1_100];
    let open = present(&instance, &before, 650).expect("it is its timetable");
    let Outcome::Optimal(found) = solve(&open, BUDGET, &mut |_| ControlFlow::Continue(())) else {
        panic!("there is room for two")
    };
    assert_eq!(found.timetable.places[0], before.places[0]);
    let later: Vec<Minute> = found.timetable.places[1..].iter().map(|place| place.start).collect();
    assert!(later.contains(&900) && later.contains(&1_100), "{later:?}");
    assert!(check(&open, &found.timetable).is_clean());
    let other = Timetable { places: vec![at(600)], officials: Vec::new() };
    assert!(present(&instance, &other, 650).is_err());
}

#[test]
fn a_step_of_the_ladder_adds_kick_offs_that_are_to_come() {
    let (mut instance, before) = three(Kind::RestWhistle(10));
    instance.kick_offs = vec![0, 200, 400];
    let changes = vec![Ease::KickOffs(vec![100, 900, 1_100])];
    instance.ladder = vec![Relaxation { title: "evenings".into(), changes }];
    let open = present(&instance, &before, 650).expect("it is its timetable");
    let Outcome::Infeasible(reason) = solve(&open, BUDGET, &mut |_| ControlFlow::Continue(())) else {
        panic!("nothing is left of the day")
    };
    assert!(matches!(reason.ladder[0].leads_to, LeadsTo::Works { .. }), "{:?}", reason.ladder);
}
