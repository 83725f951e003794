//! Schedules checked against rules: the reference tournament, real fixtures, rules of one's own.

use std::path::{Path, PathBuf};

use matchday_api::{
    common::v1::Basis,
    scheduling::v1::{
        ApplyRulesRequest, CheckScheduleRequest, CheckScheduleResponse, ListRulesRequest, Rule, RuleKind,
        RuleOrigin, RuleOutcome, RuleReport, RuleScope, RuleSeverity, RulesApplied, rule::Value,
    },
};
use matchday_tests::{
    clients::Clients,
    log, make, on_every_stage, on_separate_processes,
    process::command,
    refusal::{answered, refused, refused_field},
    stage::Stage,
    tests_of,
    town::Plan,
};
use tonic::Code;

on_separate_processes! {
    the_reference_tournament_breaks_no_hard_rule
    venues_that_are_down_are_told
}

on_every_stage! {
    rules_are_replaced_all_or_nothing
    what_others_hold_is_told_before_publishing
    wrong_rules_are_named
}

mod in_2018_everybody_rested_66_hours {
    super::tests_of! { in_2018_everybody_rested_66_hours
        on_sqlite: Sqlite, Processes(super::Plan::One);
        on_postgres: Postgres, Processes(super::Plan::One);
    }
}

mod in_2022_two_matches_stand_in_lusail_on_one_day {
    super::tests_of! { in_2022_two_matches_stand_in_lusail_on_one_day
        on_sqlite: Sqlite, Processes(super::Plan::One);
        on_postgres: Postgres, Processes(super::Plan::One);
    }
}

fn rule(id: &str, kind: RuleKind, value: impl Into<Option<Value>>) -> Rule {
    Rule {
        id: id.into(),
        kind: kind.into(),
        severity: RuleSeverity::Hard.into(),
        source: "a test".into(),
        basis: Basis::Assumed.into(),
        value: value.into(),
        ..Rule::default()
    }
}

fn hours(hours: i64) -> Value {
    Value::Duration(make::minutes(hours * 60))
}

async fn apply(admin: &mut Clients, tournament: &str, rules: Vec<Rule>) {
    let parent = format!("tournaments/{tournament}");
    let request = ApplyRulesRequest { parent, rules, ..ApplyRulesRequest::default() };
    answered(admin.checks.apply_rules(request).await);
}

async fn check(admin: &mut Clients, tournament: &str) -> CheckScheduleResponse {
    let parent = format!("tournaments/{tournament}");
    answered(admin.checks.check_schedule(CheckScheduleRequest { parent }).await)
}

fn report<'a>(checked: &'a CheckScheduleResponse, rule: &str) -> &'a RuleReport {
    let of = |report: &&RuleReport| report.rule.as_ref().is_some_and(|of| of.id == rule);
    checked.reports.iter().find(of).expect("a report for each rule")
}

async fn rules_in_force(admin: &mut Clients, tournament: &str) -> (Vec<String>, RuleOrigin) {
    let request = ListRulesRequest { parent: format!("tournaments/{tournament}") };
    let listed = answered(admin.checks.list_rules(request).await);
    let origin = listed.origin();
    (listed.rules.into_iter().map(|rule| rule.id).collect(), origin)
}

/// No rule is broken that the real event kept, and what does not apply says why.
async fn the_reference_tournament_breaks_no_hard_rule(mut stage: Stage) {
    let mut admin = stage.admin();
    let token = stage.data().join("admin.token").display().to_string();
    for (what, file, service) in [
        ("site", "site.yaml", "venues"),
        ("tournament", "tournament.yaml", "scheduling"),
        ("tournament", "neighbours.yaml", "scheduling"),
    ] {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/fisu-2023").join(file);
        let (file, server) = (file.display().to_string(), stage.town().url(service));
        let _ = command(&[what, "import", &file, "--server", &server, "--token-file", &token]);
    }
    make::published(&mut admin, "jinjiang-community-2023").await;

    let checked = check(&mut admin, "fisu-2023").await;
    assert_eq!(checked.origin(), RuleOrigin::Shipped);
    let broken: Vec<_> = checked.reports.iter().flat_map(|report| &report.violations).collect();
    assert_eq!(checked.hard_violations, 0, "{broken:#?}");
    for id in [
        "place-double-booked",
        "place-held-by-others",
        "sessions-at-one-venue",
        "team-in-two-places",
        "rest-calendar-day",
        "rest-between-kick-offs",
        "last-group-matches-together",
        "knockout-after-feeders",
        "names-known",
        "zones-known",
    ] {
        let report = report(&checked, id);
        assert_eq!(report.outcome(), RuleOutcome::Checked, "{report:?}");
        assert!(report.looked_at > 0, "{report:?}");
    }
    let groups = report(&checked, "last-group-matches-together");
    assert_eq!(groups.looked_at, 2, "the women's groups of four");
    for group in ["men A (3 teams", "men B (3 teams", "men C (3 teams", "men D (3 teams"] {
        assert!(groups.why.contains(group), "{}", groups.why);
    }
    // the real gaps of 51 and 45 hours are shorter than what is wanted
    assert_eq!(report(&checked, "rest-between-kick-offs-wanted").outcome(), RuleOutcome::Violated);
    assert!(checked.soft_violations > 0);
    assert_eq!(report(&checked, "matches-per-venue-and-day").outcome(), RuleOutcome::Off);

    let server = stage.town().url("scheduling");
    let shown = command(&["check", "fisu-2023", "--server", &server, "--token-file", &token]);
    assert!(shown.contains("rest-between-kick-offs-wanted (soft 10)"), "{shown}");
}

/// Imports a file of fixtures where it is there, with the word that it is not where it is not.
pub(crate) fn import(stage: &mut Stage, year: u32, time_zone: &str) -> bool {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "../../shared/data/fixtures"].iter().collect();
    let file = path.join(format!("openfootball-worldcup-{year}.json"));
    if !file.is_file() {
        println!("SKIPPED: {} is not there", file.display());
        return false;
    }
    let (file, server) = (file.display().to_string(), stage.town().url("scheduling"));
    let token = stage.data().join("admin.token").display().to_string();
    let _ = command(&[
        "import",
        "openfootball",
        &file,
        "--tournament",
        "world-cup",
        "--time-zone",
        time_zone,
        "--server",
        &server,
        "--token-file",
        &token,
    ]);
    true
}

async fn in_2018_everybody_rested_66_hours(mut stage: Stage) {
    if !import(&mut stage, 2018, "Europe/Moscow") {
        return;
    }
    let mut admin = stage.admin();
    let rest = |id: &str, least| rule(id, RuleKind::RestBetweenKickOffs, hours(least));
    let together = rule("together", RuleKind::LastGroupMatchesTogether, None);
    apply(&mut admin, "world-cup", vec![rest("rest-66", 66), rest("rest-70", 70), together]).await;
    let checked = check(&mut admin, "world-cup").await;
    let kept = report(&checked, "rest-66");
    assert_eq!((kept.outcome(), kept.violation_count), (RuleOutcome::Checked, 0), "{kept:?}");
    // 64 matches of two of 32 teams: each but its first follows one of its own
    assert_eq!(kept.looked_at, 128 - 32);
    assert_eq!(report(&checked, "rest-70").outcome(), RuleOutcome::Violated);
    let groups = report(&checked, "together");
    assert_eq!((groups.outcome(), groups.looked_at), (RuleOutcome::Checked, 8), "{groups:?}");
}

async fn in_2022_two_matches_stand_in_lusail_on_one_day(mut stage: Stage) {
    if !import(&mut stage, 2022, "Asia/Qatar") {
        return;
    }
    let mut admin = stage.admin();
    let once = rule("once-a-day", RuleKind::MatchesPerVenueAndDay, Value::Count(1));
    apply(&mut admin, "world-cup", vec![once]).await;
    let checked = check(&mut admin, "world-cup").await;
    let [violation] = &report(&checked, "once-a-day").violations[..] else { panic!("{checked:#?}") };
    assert_eq!(checked.hard_violations, 1);
    let matches: Vec<&String> =
        violation.resources.iter().filter(|name| name.contains("/activities/")).collect();
    assert_eq!(matches.len(), 2, "{violation:?}");
    for words in [
        "lusail",
        "South Korea against Portugal",
        "2022-12-02 18:00 +03:00",
        "Cameroon against Brazil",
        "2022-12-02 22:00 +03:00",
    ] {
        assert!(violation.sentence.contains(words), "{words}: {}", violation.sentence);
    }
    assert!(violation.resolution.contains("with room on that day: "), "{}", violation.resolution);

    // as shipped, the rule is off
    apply(&mut admin, "world-cup", vec![]).await;
    let checked = check(&mut admin, "world-cup").await;
    assert_eq!(report(&checked, "matches-per-venue-and-day").outcome(), RuleOutcome::Off);
    assert_eq!(checked.hard_violations, 0, "{checked:#?}");
}

async fn rules_are_replaced_all_or_nothing(stage: Stage) {
    let mut admin = stage.admin();
    make::set_up(&mut admin, 1, make::programme("camp", &[("a1", 1, 600, 60)])).await;
    let (shipped, origin) = rules_in_force(&mut admin, "camp").await;
    assert_eq!(origin, RuleOrigin::Shipped);
    assert!(shipped.len() >= 14);

    let rest = rule("rest", RuleKind::RestCalendarDays, Value::Count(1));
    let request = ApplyRulesRequest {
        parent: "tournaments/camp".into(),
        rules: vec![rest.clone(), rule("names", RuleKind::NamesKnown, None)],
        request_id: "first".into(),
    };
    let before = log::head(&mut admin.scheduling, "scheduling").await;
    let applied = answered(admin.checks.apply_rules(request.clone()).await);
    assert_eq!(answered(admin.checks.apply_rules(request.clone()).await), applied);
    let events = log::whole(&mut admin.scheduling, "scheduling").await;
    assert_eq!(i64::try_from(events.len()), Ok(before + 1), "one event, and none for the repeat");
    let event = events.last().and_then(log::read::<RulesApplied>).expect("the rules were applied");
    assert_eq!((event.tournament.as_str(), event.rules.len()), ("tournaments/camp", 2));

    // one wrong rule, and nothing of it stays
    let wrong = rule("wrong", RuleKind::RestCalendarDays, None);
    let rules = vec![rule("zones", RuleKind::ZonesKnown, None), wrong];
    let refused = ApplyRulesRequest { rules, request_id: "second".into(), ..request };
    refused_field(admin.checks.apply_rules(refused).await, "rules[1].count");
    let own = (vec!["rest".to_owned(), "names".to_owned()], RuleOrigin::Applied);
    assert_eq!(rules_in_force(&mut admin, "camp").await, own);

    // no activity is a match: nothing applies, and everything says so
    let checked = check(&mut admin, "camp").await;
    for report in &checked.reports {
        assert_eq!(report.outcome(), RuleOutcome::NotApplicable, "{report:?}");
        assert!(!report.why.is_empty());
    }
    apply(&mut admin, "camp", vec![]).await;
    assert_eq!(rules_in_force(&mut admin, "camp").await, (shipped, RuleOrigin::Shipped));
}

async fn what_others_hold_is_told_before_publishing(stage: Stage) {
    let mut admin = stage.admin();
    let camp = make::programme("camp", &[("a1", 1, 600, 60), ("a2", 1, 640, 60), ("a3", 2, 600, 60)]);
    make::set_up(&mut admin, 1, camp).await;
    answered(admin.bookings.create_booking(make::by_hand(1, 0, 595)).await);
    let checked = check(&mut admin, "camp").await;

    // a1 needs the pitch from 590 on
    let held = report(&checked, "place-held-by-others");
    let [violation] = &held.violations[..] else { panic!("{held:#?}") };
    assert_eq!(violation.resources[0], make::name("camp", "a1"));
    assert!(violation.sentence.contains("\"Care of the lawn\""), "{}", violation.sentence);
    assert!(violation.resolution.contains("start a1 at 2023-10-21 18:05 +08:00 or later"), "{violation:?}");

    let twice = report(&checked, "place-double-booked");
    assert_eq!((twice.violation_count, twice.looked_at), (1, 3), "{twice:?}");
    let zones = report(&checked, "zones-known");
    assert_eq!((zones.violation_count, zones.looked_at), (1, 3), "{zones:?}");
    assert!(zones.violations[0].sentence.contains("jinjiang/stadium/pitch-2"));
    assert_eq!(checked.hard_violations, 3);

    // its own bookings are in nobody's way
    let other = make::programme("other", &[("a1", 1, 1000, 60)]);
    answered(admin.tournaments.import_tournament(other).await);
    make::published(&mut admin, "other").await;
    assert_eq!(check(&mut admin, "other").await.hard_violations, 0);
}

async fn wrong_rules_are_named(stage: Stage) {
    let mut admin = stage.admin();
    make::set_up(&mut admin, 1, make::programme("camp", &[])).await;
    let parent = "tournaments/camp".to_owned();
    let names = rule("names", RuleKind::NamesKnown, None);
    let scope = RuleScope { places: vec!["stadium".into()], ..RuleScope::default() };
    for (rules, field) in [
        (vec![Rule { id: "Names".into(), ..names.clone() }], "rules[0].id"),
        (vec![names.clone(), names.clone()], "rules[1].id"),
        (vec![Rule { kind: 99, ..names.clone() }], "rules[0].kind"),
        (vec![Rule { severity: 0, ..names.clone() }], "rules[0].severity"),
        (vec![Rule { weight: 5, ..names.clone() }], "rules[0].weight"),
        (vec![Rule { basis: 0, ..names.clone() }], "rules[0].basis"),
        (vec![Rule { source: String::new(), ..names.clone() }], "rules[0].source"),
        (vec![Rule { value: Some(hours(1)), ..names.clone() }], "rules[0].duration"),
        (vec![Rule { scope: Some(scope), ..names.clone() }], "rules[0].scope.places[0]"),
        (vec![names.clone(); 201], "rules"),
    ] {
        let request = ApplyRulesRequest { parent: parent.clone(), rules, ..ApplyRulesRequest::default() };
        refused_field(admin.checks.apply_rules(request).await, field);
    }
    let nowhere = CheckScheduleRequest { parent: "tournaments/nowhere".into() };
    refused(admin.checks.check_schedule(nowhere).await, Code::NotFound, "RESOURCE_NOT_FOUND");
    let viewer =
        stage.clients("viewer@tournaments/camp").checks.list_rules(ListRulesRequest { parent }).await;
    answered(viewer);
}

async fn venues_that_are_down_are_told(mut stage: Stage) {
    let mut admin = stage.admin();
    make::set_up(&mut admin, 1, make::programme("camp", &[("a1", 1, 600, 60)])).await;
    let home = stage.town().home_of("venues");
    stage.town().process(home).kill();
    let checked = check(&mut admin, "camp").await;
    for id in ["place-held-by-others", "zones-known"] {
        let report = report(&checked, id);
        assert_eq!(report.outcome(), RuleOutcome::NotApplicable, "{report:?}");
        assert!(report.why.starts_with("the venues could not be asked: "), "{}", report.why);
    }
    assert_eq!(report(&checked, "place-double-booked").outcome(), RuleOutcome::Checked);
    stage.town().process(home).start_again().await;
    let checked = check(&mut admin, "camp").await;
    assert_eq!(report(&checked, "zones-known").outcome(), RuleOutcome::Checked);
}
