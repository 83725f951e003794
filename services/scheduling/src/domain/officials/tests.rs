//! What speaks against an official, and what comes of an appointment.

use matchday_kernel::SignedDuration;

use super::super::check::{
    rule::Scope,
    testing::{self, game, span, team, timetable},
    timetable::Team,
};
use super::*;

fn official(id: &str) -> Official {
    Official { name: format!("tournaments/t/officials/{id}"), ..Official::default() }
}

fn led_by(ids: &[&str], mut game: Activity) -> Activity {
    let officials = ids.iter().map(ToString::to_string).collect();
    game.played.as_mut().unwrap().officials = officials;
    game
}

fn rule(limit: Limit, severity: Severity) -> Rule {
    Rule { severity, ..testing::hard(Kind::Timetable(limit)) }
}

fn hard(limit: Limit) -> Vec<Rule> {
    vec![rule(limit, Severity::Hard)]
}

/// m1 at 16:00, m2 at 19:00, m3 on the next day at 16:00; `referee-01` leads m1.
fn day() -> Timetable {
    let mut timetable = timetable(vec![
        led_by(&["referee-01"], game("m1", 16 * 60, "a", "b")),
        game("m2", 19 * 60, "c", "d"),
        game("m3", 40 * 60, "a", "winner of m2"),
    ]);
    let team_of = |country: &str| Team {
        display_name: "A".into(),
        competition: "men".into(),
        group: String::new(),
        country: country.into(),
    };
    timetable.teams.insert(team("a"), team_of("Brazil"));
    timetable.teams.insert(team("b"), team_of(""));
    timetable
}

#[track_caller]
fn objected(official: &Official, game: usize, rules: &[Rule]) -> Vec<String> {
    let timetable = day();
    let found = Case::new(&timetable.activities[game], &timetable, rules).objections(official);
    found.into_iter().map(|objection| format!("{}: {}", objection.rule, objection.sentence)).collect()
}

#[test]
fn nobody_leads_while_away_or_two_matches_at_once() {
    let away = |from, until| Official { away: vec![span(from, until)], ..official("referee-02") };
    let [told] = &objected(&away(17 * 60, 18 * 60), 0, &[])[..] else { panic!("one objection") };
    assert_eq!(
        told,
        "always-away: referee-02 is away from 2023-10-21 17:00 +08:00 to 2023-10-21 18:00 +08:00"
    );
    assert!(objected(&away(17 * 60 + 55, 20 * 60), 0, &[]).is_empty(), "it is over by then");
    let timetable = timetable(vec![
        led_by(&["referee-01"], game("m1", 0, "a", "b")),
        game("m2", 114, "c", "d"),
        game("m3", 115, "c", "d"),
    ]);
    let of = |game: usize| {
        Case::new(&timetable.activities[game], &timetable, &[]).objections(&official("referee-01"))
    };
    assert_eq!(of(1)[0].rule, "always-one-match");
    assert!(of(2).is_empty());
    assert!(of(0).is_empty(), "its own match is none beside it");
}

#[test]
fn neutrality_is_of_countries_and_of_conflicts() {
    let of = |country: &str| Official { country: country.into(), ..official("referee-02") };
    let told = objected(&of("Brazil"), 0, &hard(Limit::OfficialNeutral));
    assert_eq!(told, ["the-rule: referee-02 and A are both of Brazil"]);
    assert!(objected(&of(""), 0, &hard(Limit::OfficialNeutral)).is_empty(), "nobody said, for both");
    assert!(objected(&of("Brazil"), 1, &hard(Limit::OfficialNeutral)).is_empty());
    assert!(objected(&of("Brazil"), 0, &[]).is_empty(), "no rule asks for it");
    assert!(objected(&of("Brazil"), 0, &[rule(Limit::OfficialNeutral, Severity::Off)]).is_empty());
    let conflict = Official { conflicts: vec![team("c")], ..official("referee-02") };
    assert_eq!(
        objected(&conflict, 1, &hard(Limit::OfficialNeutral)),
        ["the-rule: referee-02 does not lead matches of c"]
    );
}

#[test]
fn matches_are_counted_by_day_and_in_all_and_lie_apart() {
    let busy = official("referee-01");
    let told = objected(&busy, 1, &hard(Limit::OfficialMatchesPerDay(1)));
    assert_eq!(told, ["the-rule: referee-01 would lead 2 matches on 2023-10-21, at most 1 are allowed"]);
    assert!(objected(&busy, 1, &hard(Limit::OfficialMatchesPerDay(2))).is_empty());
    assert!(objected(&busy, 2, &hard(Limit::OfficialMatchesPerDay(1))).is_empty(), "another day");
    assert!(!objected(&busy, 2, &hard(Limit::OfficialMatches(1))).is_empty());
    let told = objected(&busy, 1, &hard(Limit::OfficialRest(SignedDuration::from_hours(4))));
    assert_eq!(told, ["the-rule: referee-01 kicks off m1 (a against b) 3 h apart, 4 h required"]);
    assert!(objected(&busy, 1, &hard(Limit::OfficialRest(SignedDuration::from_hours(3)))).is_empty());
}

#[test]
fn a_limit_counts_the_matches_it_is_about() {
    let scope = Scope { stages: vec!["final".into()], ..Scope::default() };
    let finals = Rule { scope, ..rule(Limit::OfficialMatchesPerDay(1), Severity::Hard) };
    assert!(objected(&official("referee-01"), 1, &[finals]).is_empty());
}

#[test]
fn a_refusal_names_those_who_could() {
    let timetable = day();
    let of = |id: &str, category: &str| Official { category: category.into(), ..official(id) };
    let all =
        [of("referee-01", "referee"), of("referee-02", "assistant-referee"), of("referee-03", "referee")];
    let rules = hard(Limit::OfficialMatchesPerDay(1));
    let decide = |wanted: &[Official], aside, rules: &[Rule]| {
        appoint(&timetable.activities[1], wanted, &all, aside, &timetable, rules)
    };
    let refused = decide(&all[..1], true, &rules).unwrap_err();
    assert_eq!(refused.instead, [all[2].name.clone(), all[1].name.clone()], "of the same category first");
    assert!(
        refused.to_string().ends_with("at most 1 are allowed; referee-03 or referee-02 could"),
        "{refused}"
    );
    assert_eq!(decide(&all[1..], false, &rules), Ok(vec![]));
    let soft = [rule(Limit::OfficialMatchesPerDay(1), Severity::Soft { weight: 7 })];
    let refused = decide(&all[..1], false, &soft).unwrap_err();
    assert!(refused.to_string().ends_with("or set the soft rules aside with a reason"), "{refused}");
    assert_eq!(decide(&all[..1], true, &soft).unwrap()[0].weight(), 7);
    assert_eq!(decide(&[], false, &rules), Ok(vec![]));
}

#[test]
fn candidates_are_ranked() {
    let timetable = day();
    let away = Official { away: vec![span(0, 48 * 60)], ..official("referee-00") };
    let all = [away, official("referee-01"), official("referee-02")];
    let soft = [rule(Limit::OfficialMatchesPerDay(1), Severity::Soft { weight: 7 })];
    let ranked = candidates(&timetable.activities[1], &all, &timetable, &soft);
    let ids: Vec<&str> = ranked.iter().map(|candidate| candidate.official.id()).collect();
    assert_eq!(ids, ["referee-02", "referee-01", "referee-00"]);
    assert_eq!((ranked[1].matches_of_day, ranked[1].matches, ranked[1].is_appointed), (1, 1, false));
    let own = candidates(&timetable.activities[0], &all, &timetable, &soft);
    let first = own.iter().find(|candidate| candidate.is_appointed).unwrap();
    assert_eq!((first.official.id(), first.matches), ("referee-01", 0));
}
