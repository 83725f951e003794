//! What the search once got wrong, found by the properties or by reading.

use std::ops::ControlFlow;

use matchday_timetable::{
    check::check,
    disruption::apply,
    model::{
        Day, Fixed, Instance, Kind, Match, Minute, Official, Pitch, Place, Rule, Scope, Severity, Side, Span,
        Team, Timetable,
    },
    outcome::{Budget, Disruption, Outcome, Repair},
    repair::repair,
    solve::{feasible, solve},
};

pub(super) const BUDGET: Budget = Budget { seed: 1, conflicts: 10_000, rounds: 50 };

pub(super) fn game(id: &str, sides: [Side; 2]) -> Match {
    Match {
        id: id.into(),
        competition: "men".into(),
        stage: "knockout".into(),
        group: String::new(),
        round: 0,
        sides,
        length: 90,
        set_up: 0,
        occupied: 90,
        crowd: 0,
        people: 1,
        kick_offs: None,
        pitches: None,
        pinned: None,
        appointed: Vec::new(),
        crews: 0,
    }
}

pub(super) fn rule(kind: Kind, severity: Severity) -> Rule {
    Rule { id: "r".into(), kind, severity, scope: Scope::default(), source: String::new(), assumed: false }
}

/// One day, one pitch, three kick-offs.
pub(super) fn day(matches: Vec<Match>) -> Instance {
    let team = |id: &str| Team {
        id: id.into(),
        competition: "men".into(),
        country: "x".into(),
        people: 1,
        travel: Vec::new(),
    };
    let pitch = Pitch {
        id: "main".into(),
        venue: "park".into(),
        site: String::new(),
        open: vec![Span { start: 0, end: 1440 }],
        closed: Vec::new(),
        surface: String::new(),
        capacity: 0,
        floodlit: false,
        reserve: false,
        warm_up_area: None,
    };
    Instance {
        name: "day".into(),
        days: vec![Day { label: "day 1".into(), start: 0 }],
        end: 1440,
        kick_offs: vec![600, 700, 800],
        teams: ["a", "b", "c"].map(team).into(),
        pitches: vec![pitch],
        matches,
        ..Instance::default()
    }
}

fn answer(instance: &Instance) -> Outcome {
    solve(instance, BUDGET, &mut |_| ControlFlow::Continue(()))
}

fn cost(instance: &Instance) -> i64 {
    let outcome = answer(instance);
    let Outcome::Optimal(found) = outcome else { panic!("{outcome:?}") };
    assert_eq!(check(instance, &found.timetable).cost, found.cost);
    assert!(check(instance, &found.timetable).is_clean());
    found.cost
}

#[test]
fn a_match_waits_for_what_decides_one_that_is_called_off() {
    let mut instance = day(vec![
        game("first", [Side::Team(0), Side::Team(1)]),
        game("second", [Side::Winner(0), Side::Team(2)]),
        game("final", [Side::Winner(1), Side::Open]),
    ]);
    instance.cancelled = vec![1];
    let late = Scope { matches: vec!["first".into()], ..Scope::default() };
    let late = Rule { scope: late, ..rule(Kind::KickOffWithin { from: 800, until: 900 }, Severity::Hard) };
    instance.rules = vec![late];
    assert!(matches!(answer(&instance), Outcome::Infeasible(_)));
}

#[test]
fn a_place_across_groups_may_lead_to_a_rank_of_the_next_stage() {
    let group = |id: &str, stage: &str, group: &str, sides| Match {
        stage: stage.into(),
        group: group.into(),
        ..game(id, sides)
    };
    let mut instance = day(vec![
        group("a1", "first", "A", [Side::Team(0), Side::Team(1)]),
        group("b1", "second", "B", [Side::Across { of: 0, place: 1 }, Side::Team(2)]),
        game("final", [Side::Rank { of: 1, rank: 1 }, Side::Open]),
        game("friendly", [Side::Across { of: 0, place: 1 }, Side::Open]),
    ]);
    instance.kick_offs.push(900);
    instance.rules = vec![rule(Kind::RestKickOff(101), Severity::Soft { weight: 1 })];
    // Every two of them may be played by one team, and three pairs follow each other.
    assert_eq!(cost(&instance), 3);
}

#[test]
fn an_order_is_about_the_matches_in_scope() {
    let games = ["m1", "m2"].map(|id| game(id, [Side::Open, Side::Open]));
    let mut instance = day(games.into());
    let mut order = rule(Kind::InOrder(vec!["m2".into(), "m1".into()]), Severity::Hard);
    order.scope.matches = vec!["m1".into()];
    instance.rules = vec![order];
    instance.matches[0].kick_offs = Some(vec![600]);
    assert_eq!(cost(&instance), 0);
}

#[test]
fn officials_that_cost_very_much_are_compared_all_the_same() {
    let mut instance = day(vec![game("m1", [Side::Team(0), Side::Team(1)])]);
    instance.matches[0].crews = 1;
    instance.officials =
        vec![Official { id: "o".into(), country: "x".into(), conflicts: Vec::new(), away: Vec::new() }];
    let early = rule(Kind::KickOffWithin { from: 0, until: 650 }, Severity::Soft { weight: 1 });
    let neutral = rule(Kind::OfficialNeutral, Severity::Soft { weight: 5_000_000 });
    instance.rules = vec![Rule { id: "early".into(), ..early }, neutral];
    assert_eq!(cost(&instance), 5_000_000);
}

#[test]
fn a_booking_that_a_match_has_overrun_is_in_nobodys_way() {
    let mut instance =
        day(vec![game("m1", [Side::Team(0), Side::Team(1)]), game("m2", [Side::Team(1), Side::Team(2)])]);
    let show = Span { start: 690, end: 695 };
    instance.fixed = vec![Fixed { id: "show".into(), title: "a show".into(), pitch: 0, span: show }];
    let at = |start: Minute| Place { start, pitch: 0 };
    let before = Timetable { places: vec![at(600), at(700)], officials: Vec::new() };
    let late = [Disruption::MatchOverruns { index: 0, by: 50 }];
    let adapted = apply(&instance, &before, 650, &late).expect("a match may overrun");
    let repaired = repair(&instance, &before, 650, &late, BUDGET, &mut |_| ControlFlow::Continue(()));
    let Ok(Repair::Choices(choices)) = repaired else { panic!("{repaired:?}") };
    assert_eq!(choices[0].timetable.places, [at(600), at(800)]);
    assert!(check(&adapted.instance, &choices[0].timetable).is_clean());
}

/// A match of the day that needs a crew.
fn led(id: &str) -> Match {
    Match { crews: 1, ..game(id, [Side::Open, Side::Open]) }
}

fn official(id: &str, country: &str) -> Official {
    Official { id: id.into(), country: country.into(), conflicts: Vec::new(), away: Vec::new() }
}

#[test]
fn a_search_whose_officials_never_fit_ends_where_it_is_told_to() {
    let mut instance = day(["m1", "m2", "m3", "m4", "m5", "m6", "m7"].map(led).into());
    instance.kick_offs = (0..14).map(|slot| slot * 100).collect();
    instance.officials = vec![official("o", "")];
    instance.rules = vec![rule(Kind::OfficialRest(1440), Severity::Hard)];
    let mut last = 0;
    let budget = Budget { seed: 1, conflicts: 30, rounds: 0 };
    let outcome = feasible(&instance, budget, &mut |progress| {
        last = progress.conflicts;
        ControlFlow::Continue(())
    });
    assert!(matches!(outcome, Outcome::Unknown | Outcome::Infeasible(_)), "{outcome:?}");
    assert!(last <= budget.conflicts, "{last}");
    let mut calls = 0;
    let budget = Budget { conflicts: u64::MAX, ..budget };
    feasible(&instance, budget, &mut |_| {
        calls += 1;
        ControlFlow::Break(())
    });
    assert!(calls < 10, "asked {calls} times after it was stopped");
}

#[test]
fn soft_rules_on_officials_are_proven_best_without_going_through_kick_offs() {
    let games = ["m1", "m2", "m3", "m4", "m5", "m6", "m7"];
    let named = |id: &str| Match { sides: [Side::Team(0), Side::Team(1)], ..led(id) };
    let mut instance = day(games.map(named).into());
    instance.kick_offs = (0..14).map(|slot| slot * 100).collect();
    instance.officials = vec![official("o", "x")];
    let matches = rule(Kind::OfficialMatches(4), Severity::Soft { weight: 10 });
    let neutral = rule(Kind::OfficialNeutral, Severity::Soft { weight: 5 });
    instance.rules = vec![Rule { id: "many".into(), ..matches }, neutral];
    assert_eq!(cost(&instance), 7 * 5 + 3 * 10);
}

#[test]
fn weights_that_are_large_alike_are_proven_all_the_same() {
    let mut instance =
        day(vec![game("m1", [Side::Team(0), Side::Team(1)]), game("m2", [Side::Team(1), Side::Team(2)])]);
    let late = rule(Kind::KickOffWithin { from: 800, until: 900 }, Severity::Soft { weight: 1_000_000_000 });
    instance.rules = vec![late];
    assert_eq!(cost(&instance), 1_000_000_000);
}

#[test]
fn what_cannot_be_is_proven_whatever_soft_rules_weigh() {
    let mut instance = day(vec![game("m1", [Side::Open, Side::Open]), game("m2", [Side::Open, Side::Open])]);
    let alone = Scope { matches: vec!["m1".into()], ..Scope::default() };
    let soft = |id: &str, from, weight, scope: &Scope| Rule {
        id: id.into(),
        scope: scope.clone(),
        ..rule(Kind::KickOffWithin { from, until: 900 }, Severity::Soft { weight })
    };
    let together = rule(Kind::Together(vec!["m1".into(), "m2".into()]), Severity::Hard);
    instance.rules =
        vec![soft("a", 700, 999_999_999, &Scope::default()), soft("b", 800, 999_999_937, &alone), together];
    assert!(matches!(answer(&instance), Outcome::Infeasible(_)), "{:?}", answer(&instance));
}

#[test]
fn a_team_goes_through_a_bracket_of_any_depth() {
    // The winner stays on: whoever plays the last match may have played the first.
    let mut games = vec![game("m0", [Side::Team(0), Side::Team(1)])];
    for index in 1..100 {
        games.push(game(&format!("m{index}"), [Side::Winner(index - 1), Side::Open]));
    }
    games.push(game("again", [Side::Team(0), Side::Open]));
    games.push(game("other", [Side::Team(2), Side::Open]));
    let mut instance = day(games);
    instance.kick_offs = vec![0];
    instance.rules = vec![rule(Kind::TeamOnceADay, Severity::Soft { weight: 1 })];
    // On one day no two matches of a team keep the rule: the search and the check count the same pairs.
    let last = Some(vec![9_000]);
    instance.days = (0..8).map(|day| Day { label: format!("day {day}"), start: day * 1440 }).collect();
    instance.end = 8 * 1440;
    instance.pitches[0].open[0].end = instance.end;
    for (index, game) in instance.matches.iter_mut().enumerate() {
        game.kick_offs = Some(vec![i32::try_from(index).unwrap_or(0) * 90]);
    }
    instance.matches[100].kick_offs = last;
    instance.matches[101].kick_offs = Some(vec![9_100]);
    assert!(cost(&instance) > 0);
}
