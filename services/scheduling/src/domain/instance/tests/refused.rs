//! What is told before any search begins.

use matchday_kernel::{SignedDuration, civil::time};

use super::*;
use crate::domain::{
    check::{
        limit::Limit,
        rule::{Rest, Scope, Window},
    },
    frame::{Easing, Step},
};

/// Expects a fault of a kind that says this.
#[track_caller]
fn refused(material: &Material, code: Code, words: &str) {
    let faults = state(material).unwrap_err();
    let found = faults.iter().any(|fault| fault.code == code && fault.what.contains(words));
    assert!(found, "{faults:#?}");
}

fn two() -> Material {
    material(vec![testing::game("m1", 960, "a", "b"), testing::game("m2", 2400, "c", "d")])
}

#[test]
fn pins_that_contradict_each_other() {
    let mut material =
        material(vec![testing::game("m1", 960, "a", "b"), testing::game("m2", 1000, "c", "d")]);
    material.frame.kept = ["m1".to_owned(), "m2".to_owned()].into();
    refused(&material, Code::Pins, "m1 and m2 are pinned to pitch s/v1/pitch at the same time");
}

#[test]
fn a_pin_where_the_pitch_is_closed_or_held() {
    let mut closed = two();
    closed.frame.kept.insert("m1".into());
    closed.frame.pitches[0].closures = vec![(testing::span(1000, 1100), "new lawn".into())];
    refused(
        &closed,
        Code::Pins,
        "m1 stays at 2023-10-21 16:00 +08:00 on s/v1/pitch, which is closed then (new lawn)",
    );
    let ceremony = Activity { played: None, ..testing::game("opening", 900, "x", "y") };
    let mut held = material(vec![testing::game("m1", 960, "a", "b"), ceremony]);
    held.frame.kept.insert("m1".into());
    refused(&held, Code::Pins, "(opening) holds then");
}

#[test]
fn a_pitch_that_never_opens() {
    let mut closed = two();
    closed.frame.pitches[0].closures = vec![(testing::span(-10, 3 * 1440), "works".into())];
    refused(&closed, Code::NeverOpen, "s/v1/pitch is never open");
}

#[test]
fn matches_that_wait_for_each_other() {
    let ring =
        vec![testing::game("m1", 0, "winner of m2", "a"), testing::game("m2", 1440, "loser of m1", "b")];
    refused(&material(ring), Code::Cycle, "m1, m2");
}

#[test]
fn a_group_of_one() {
    let alone = testing::in_group("A", testing::game("m1", 0, "a", "a"));
    refused(&material(vec![alone]), Code::Group, "same team on both sides");
}

#[test]
fn more_matches_than_places() {
    let games = (0..5).map(|index| testing::game(&format!("m{index}"), 960, "a", "b")).collect();
    refused(&material(games), Code::Places, "5 matches are more than the 3 places");
}

#[test]
fn rules_that_name_what_is_not_there() {
    let mut material = two();
    let about = |scope: Scope| Rule { scope, ..hard(Kind::Rest(Rest::CalendarDays(1))) };
    material.rules = vec![about(Scope { competitions: vec!["veterans".into()], ..Scope::default() })];
    refused(&material, Code::Unknown, "about the competition veterans");
    material.rules = vec![about(Scope { places: vec!["sites/s".into()], ..Scope::default() })];
    refused(&material, Code::Rule, "names places");
    for (limit, words) in [
        (Limit::OnDays(vec![date(2023, 11, 5)]), "2023-11-05, which is no day"),
        (Limit::OnPitches(vec![testing::pitch("v7")]), "s/v7/pitch, which is no pitch"),
        (Limit::InOrder(vec!["m1".into(), "m9".into()]), "the match m9"),
    ] {
        material.rules = vec![hard(Kind::Timetable(limit))];
        refused(&material, Code::Unknown, words);
    }
}

#[test]
fn a_ladder_that_eases_what_is_not_there() {
    let mut material = two();
    let step = |easing| vec![Step { title: "more".into(), easings: vec![easing] }];
    let kind = Kind::Rest(Rest::CalendarDays(0));
    material.frame.ladder = step(Easing::Rule { id: "rest".into(), kind });
    refused(&material, Code::Unknown, "step \"more\" of the ladder: no rule rest is in force");
    material.frame.ladder = step(Easing::Day(date(2023, 10, 23)));
    refused(&material, Code::Unknown, "2023-10-23 is no reserve day");
}

#[test]
fn what_no_timetable_can_keep_is_said_and_not_dropped() {
    let mut material = two();
    let gap = SignedDuration::from_hours(24);
    material.rules = vec![hard(Kind::KnockoutAfterFeeders { gap })];
    refused(&material, Code::Rule, "rest-after-whistle");
    material.rules[0].severity = crate::domain::check::rule::Severity::Soft { weight: 1 };
    assert_eq!(state(&material).unwrap().left_out[0].rule, "the-rule");
    let window = Window { opens: time(8, 0, 0, 0), closes: time(10, 0, 0, 0) };
    material.rules = vec![hard(Kind::OpeningHours(window))];
    refused(&material, Code::Places, "2 matches are more than the 0 places");
}
