//! Every rule and everything that always holds: what breaks it, what it says, and when it does not apply.

mod always;
mod limits;
mod teams;

use matchday_timetable::check::{Outcome, Report, RuleReport, check};
use matchday_timetable::model::{
    Closure, Day, Fixed, Instance, Kind, Match, Minute, Official, Pitch, Place, Rule, Scope, Severity, Side,
    Span, Team, Timetable,
};

const DAY: Minute = 1440;

fn hours(hours: Minute, minutes: Minute) -> Minute {
    hours * 60 + minutes
}

fn at(day: Minute, clock: Minute, pitch: usize) -> Place {
    Place { start: day * DAY + clock, pitch }
}

fn game(id: &str, sides: [Side; 2]) -> Match {
    Match {
        id: id.into(),
        competition: "men".into(),
        stage: "group".into(),
        group: String::new(),
        round: 0,
        sides,
        length: 115,
        set_up: 45,
        occupied: 135,
        crowd: 0,
        people: 0,
        kick_offs: None,
        pitches: None,
        pinned: None,
        appointed: Vec::new(),
        crews: 0,
    }
}

/// Seven days from 22 October on, two pitches, four teams, no matches.
fn empty() -> Instance {
    let pitch = |id: &str, venue: &str| Pitch {
        id: id.into(),
        venue: venue.into(),
        site: "park".into(),
        open: vec![Span { start: 0, end: 8 * DAY }],
        closed: Vec::new(),
        surface: "natural grass".into(),
        capacity: 0,
        floodlit: false,
        reserve: false,
        warm_up_area: None,
    };
    let team = |id: &str| Team {
        id: id.into(),
        competition: "men".into(),
        country: String::new(),
        people: 0,
        travel: Vec::new(),
    };
    Instance {
        name: "week".into(),
        days: (0..8).map(|day| Day { label: format!("2023-10-{}", 22 + day), start: day * DAY }).collect(),
        end: 8 * DAY,
        kick_offs: (0..8 * DAY).collect(),
        teams: ["frankfurt", "paris", "lagos", "lima"].map(team).into(),
        pitches: vec![pitch("main", "stadium"), pitch("second", "annex")],
        ..Instance::default()
    }
}

fn pair(a: usize, b: usize) -> [Side; 2] {
    [Side::Team(a), Side::Team(b)]
}

fn rule(kind: Kind) -> Rule {
    Rule {
        id: "r".into(),
        kind,
        severity: Severity::Soft { weight: 3 },
        scope: Scope::default(),
        source: String::new(),
        assumed: false,
    }
}

fn timetable(places: impl Into<Vec<Place>>) -> Timetable {
    Timetable { places: places.into(), officials: Vec::new() }
}

fn of<'r>(report: &'r Report, id: &str) -> &'r RuleReport {
    report.rules.iter().find(|rule| rule.id == id).expect("the rule is in the report")
}

/// The one rule, on the matches at these places.
fn report(instance: &Instance, kind: Kind, places: &[Place]) -> RuleReport {
    let mut instance = instance.clone();
    instance.rules = vec![rule(kind)];
    let report = check(&instance, &timetable(places));
    let own = of(&report, "r").clone();
    assert_eq!(report.cost, own.units * 3);
    own
}

/// Breaks the rule by these units, and says so.
fn breaks(instance: &Instance, kind: Kind, places: &[Place], units: i64, says: &str) {
    let report = report(instance, kind, places);
    assert_eq!((report.outcome, report.units), (Outcome::Violated, units), "{report:#?}");
    let sentences: Vec<&str> = report.violations.iter().map(|one| one.sentence.as_str()).collect();
    assert!(sentences.contains(&says), "{sentences:#?}");
    assert!(report.violations.iter().all(|one| !one.resolution.is_empty() && !one.matches.is_empty()));
}

fn keeps(instance: &Instance, kind: Kind, places: &[Place]) {
    let report = report(instance, kind, places);
    assert_eq!(report.outcome, Outcome::Kept, "{report:#?}");
}

fn does_not_apply(instance: &Instance, kind: Kind, places: &[Place], why: &str) {
    let report = report(instance, kind, places);
    assert_eq!((report.outcome, report.why.as_str()), (Outcome::NotApplicable, why));
}

/// Breaks something that always holds, once, and says so.
fn never(instance: &Instance, timetable: &Timetable, law: &str, says: &str) {
    let report = check(instance, timetable);
    let broken: Vec<(&str, &str)> = report
        .broken()
        .flat_map(|rule| rule.violations.iter().map(|one| (rule.id.as_str(), one.sentence.as_str())))
        .collect();
    assert_eq!(broken, [(law, says)]);
    assert_eq!(report.hard, 1);
}

/// Frankfurt's three matches of 2023: 16:00 on the 22nd, 19:00 on the 24th, 16:00 on the 26th.
fn frankfurt() -> (Instance, [Place; 3]) {
    let mut instance = empty();
    instance.matches = vec![game("m1", pair(0, 1)), game("m2", pair(2, 0)), game("m3", pair(0, 3))];
    (instance, [at(0, hours(16, 0), 0), at(2, hours(19, 0), 0), at(4, hours(16, 0), 0)])
}

/// Four teams, the last round on one day.
fn group() -> (Instance, [Place; 4]) {
    let mut instance = empty();
    let in_round = |id: &str, a, b, round| Match { group: "A".into(), round, ..game(id, pair(a, b)) };
    instance.matches = vec![
        in_round("m1", 0, 1, 1),
        in_round("m2", 2, 3, 1),
        in_round("m3", 0, 2, 2),
        in_round("m4", 1, 3, 2),
    ];
    (instance, [at(0, 600, 0), at(0, 900, 0), at(3, 900, 0), at(3, 960, 1)])
}

/// Two matches of group A at the same time, and two officials.
fn led(officials: [Vec<usize>; 2], starts: [Place; 2]) -> (Instance, Timetable) {
    let (mut instance, _) = group();
    instance.matches.truncate(2);
    let official = |id: &str, country: &str| Official {
        id: id.into(),
        country: country.into(),
        conflicts: Vec::new(),
        away: Vec::new(),
    };
    instance.officials = vec![official("ada", "de"), official("bo", "pe")];
    instance.teams[0].country = "de".into();
    for game in &mut instance.matches {
        game.crews = 1;
    }
    (instance, Timetable { places: starts.into(), officials: officials.into() })
}
