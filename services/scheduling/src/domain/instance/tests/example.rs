//! The reference tournament: its schedule is stated, comes back as it was, and keeps the rules that the real one kept.

use matchday_kernel::{Instant, Interval, SignedDuration, Zone};
use serde::Deserialize;

use super::*;
use crate::domain::{
    check::{
        limit::Limit,
        report::Outcome,
        rule::{Rest, Severity},
        timetable::{self as schedule, Played, Team},
    },
    slot::State,
};

const FILE: &str = include_str!("../../../../../../examples/fisu-2023/tournament.yaml");

#[derive(Deserialize)]
struct Written {
    teams: Vec<WrittenTeam>,
    activities: Vec<WrittenActivity>,
}

#[derive(Deserialize)]
struct WrittenTeam {
    id: String,
    display_name: String,
    competition: String,
    group: String,
}

#[derive(Deserialize)]
struct WrittenActivity {
    id: String,
    title: String,
    zone: String,
    start: String,
    duration: String,
    #[serde(default)]
    set_up: String,
    #[serde(default)]
    turnaround: String,
    r#match: Option<WrittenMatch>,
}

#[derive(Deserialize)]
struct WrittenMatch {
    competition: String,
    stage: String,
    #[serde(default)]
    group: String,
    home: String,
    away: String,
}

fn reference() -> Material {
    let written: Written = serde_saphyr::from_str(FILE).unwrap();
    let zone: Zone = "Asia/Shanghai".parse().unwrap();
    let activities = written.activities.iter().map(|activity| (State::Scheduled, activity.read(&zone)));
    let mut timetable = Schedule::new(zone.clone(), activities.collect());
    timetable.teams = written.teams.into_iter().map(WrittenTeam::read).collect();
    Material { dates: [date(2023, 10, 21), date(2023, 10, 31)], ..of(timetable) }
}

impl WrittenTeam {
    fn read(self) -> (String, Team) {
        let Self { id, display_name, competition, group } = self;
        (testing::team(&id), Team { display_name, competition, group, country: String::new() })
    }
}

impl WrittenActivity {
    fn read(&self, zone: &Zone) -> Activity {
        let start: Instant = zone.parse_local_or_offset(&self.start).unwrap();
        let length = |text: &String| match text.as_str() {
            "" => SignedDuration::ZERO,
            text => text.parse().unwrap(),
        };
        let time = Interval::new(start, start.saturating_add(length(&self.duration))).unwrap();
        let parts: Vec<&str> = self.zone.split('/').collect();
        Activity {
            name: testing::activity(&self.id),
            title: self.title.clone(),
            zone: format!("sites/{}/venues/{}/zones/{}", parts[0], parts[1], parts[2]),
            occupation: time.with_buffers(length(&self.set_up), length(&self.turnaround)).unwrap(),
            time,
            session: String::new(),
            state: State::Scheduled,
            pinned: false,
            played: self.r#match.as_ref().map(WrittenMatch::read),
        }
    }
}

impl WrittenMatch {
    fn read(&self) -> Played {
        let side = |text: &String| {
            let is_slot = text.contains(' ');
            schedule::Side::read(&if is_slot { text.clone() } else { testing::team(text) }, &self.competition)
        };
        Played {
            competition: self.competition.clone(),
            stage: self.stage.clone(),
            group: self.group.clone(),
            sides: [side(&self.home), side(&self.away)],
            officials: vec![],
            round: 0,
        }
    }
}

#[test]
fn the_schedule_comes_back_as_it_was() {
    let material = reference();
    let stated = state(&material).unwrap();
    assert_eq!(stated.instance.matches.len(), 46);
    assert_eq!(stated.instance.pitches.len(), 6);
    let placements = stated.placements(&stated.timetable);
    for ((activity, _), placement) in material.timetable.matches().zip(placements) {
        assert_eq!((&placement.zone, placement.time), (&activity.zone, activity.time), "{}", activity.name);
    }
    let of = |id: &str| stated.instance.matches.iter().find(|game| game.id == id).unwrap();
    assert_eq!((of("m06").length, of("m06").occupied, of("m06").set_up), (115, 145, 45));
    assert_eq!(of("m45").length, 160, "extra time and penalties may come");
    let rounds: Vec<u32> = ["m05", "m06", "m14", "m15", "m21", "m22"].map(|id| of(id).round).into();
    assert_eq!(rounds, [1, 1, 2, 2, 3, 3], "of the women's group A");
    assert_eq!(of("m01").round, 0, "a group of three has no last round");
}

#[test]
fn sides_that_are_named_are_read_as_the_slots_they_took() {
    let stated = state(&reference()).unwrap();
    let index = |id: &str| stated.instance.matches.iter().position(|game| game.id == id).unwrap();
    let sides = |id: &str| stated.instance.matches[index(id)].sides;
    let rank = |of: &str, rank| Side::Rank { of: index(of), rank };
    assert_eq!(sides("m27"), [rank("m03", 1), rank("m04", 2)], "first of C, second of D");
    assert_eq!(sides("m30"), [rank("m03", 3), rank("m04", 3)], "the thirds of both");
    assert_eq!(sides("m37"), [Side::Loser(index("m29")), Side::Loser(index("m30"))]);
    assert_eq!(sides("m46"), [Side::Winner(index("m36")), Side::Winner(index("m35"))]);
    let report = matchday_timetable::check::check(&stated.instance, &stated.timetable);
    let always = report.rules.iter().filter(|rule| rule.id.starts_with("always-"));
    let broken: Vec<&String> = always.flat_map(|rule| &rule.violations).map(|one| &one.sentence).collect();
    assert!(broken.is_empty(), "{broken:#?}");
}

/// What comes of one hard rule of the women.
fn of_the_women(kind: Kind) -> crate::domain::check::report::Report {
    let mut material = reference();
    let mut rule = hard(kind);
    rule.scope.competitions = vec!["women".into()];
    rule.scope.stages = vec!["group".into()];
    material.rules = vec![rule];
    check(&material).remove(0)
}

#[test]
fn the_gaps_of_frankfurt_are_a_day_and_the_second_is_no_48_hours() {
    let day = of_the_women(Kind::Rest(Rest::CalendarDays(1)));
    assert_eq!(day.outcome, Outcome::Checked, "51 h and 45 h from kick-off to kick-off: {day:?}");
    let whistle = of_the_women(Kind::Rest(Rest::AfterWhistle(SignedDuration::from_hours(48))));
    let frankfurt: Vec<_> =
        whistle.violations.iter().filter(|violation| violation.sentence.contains("Frankfurt")).collect();
    assert_eq!(frankfurt.len(), 1, "{frankfurt:#?}");
    assert_eq!(frankfurt[0].resources[..2], ["m15", "m21"].map(testing::activity), "the second gap alone");
    assert!(frankfurt[0].sentence.contains("43 h 5 min"), "{}", frankfurt[0].sentence);
}

#[test]
fn the_engine_counts_the_same_rest_as_the_check() {
    let mut material = reference();
    material.rules = vec![hard(Kind::Rest(Rest::AfterWhistle(SignedDuration::from_hours(48))))];
    let stated = state(&material).unwrap();
    let report = matchday_timetable::check::check(&stated.instance, &stated.timetable);
    let rule = report.rules.iter().find(|rule| rule.id == "the-rule").unwrap();
    let id = |index: &usize| stated.instance.matches[*index].id.as_str();
    let broken: Vec<Vec<&str>> =
        rule.violations.iter().map(|violation| violation.matches.iter().map(id).collect()).collect();
    assert!(broken.contains(&vec!["m15", "m21"]), "43 h 05: {broken:?}");
    assert!(!broken.contains(&vec!["m06", "m15"]), "49 h 05: {broken:?}");
}

#[test]
fn what_the_committee_decided_holds_in_the_engines_check() {
    let mut material = reference();
    let about = |id: &str, stages: &[&str], limit: Limit| Rule {
        id: id.to_owned(),
        scope: crate::domain::check::rule::Scope {
            stages: stages.iter().map(ToString::to_string).collect(),
            ..Default::default()
        },
        ..hard(Kind::Timetable(limit))
    };
    let evening = crate::domain::check::limit::Clocks {
        from: matchday_kernel::civil::time(19, 0, 0, 0),
        until: matchday_kernel::civil::time(20, 30, 0, 0),
    };
    material.rules = vec![
        about("cultural-day", &[], Limit::NotOnDays(vec![date(2023, 10, 28)])),
        about("finals", &["final"], Limit::OnDays(vec![date(2023, 10, 31)])),
        about("order", &[], Limit::InOrder(vec!["m45".into(), "m46".into()])),
        about("together", &[], Limit::Together(vec!["m45".into(), "m46".into()])),
        about("evening", &["final"], Limit::KickOffWithin(evening)),
        about("neutral", &[], Limit::OfficialNeutral),
        Rule { severity: Severity::Off, ..about("off", &[], Limit::FitsCapacity) },
        about("veterans", &["veterans"], Limit::TeamOnceADay),
    ];
    let reports = check(&material);
    let outcomes: Vec<Outcome> = reports.iter().map(|report| report.outcome).collect();
    let (kept, broken, none) = (Outcome::Checked, Outcome::Violated, Outcome::NotApplicable);
    assert_eq!(outcomes, [kept, kept, kept, broken, broken, none, Outcome::Off, none], "{reports:#?}");
    assert_eq!(reports[4].violations.len(), 1, "the women's final kicks off in the afternoon");
    assert_eq!(reports[4].violations[0].resources, [testing::activity("m45")]);
    assert!(reports[7].why.contains("the stage veterans, which is not there"), "{}", reports[7].why);
}
