//! Officials of a tournament: imported, away, appointed, and why not.

use matchday_api::{
    common::v1::Basis,
    scheduling::v1::{
        Absence, Activity, ActivityKind, ApplyRulesRequest, AppointOfficialsRequest, Candidate,
        GetActivityRequest, ImportOfficialsRequest, ImportTournamentRequest, ListCandidatesRequest,
        ListOfficialsRequest, Match, Official, OfficialsAppointed, Rule, RuleKind, RuleSeverity,
        SetAvailabilityRequest, Team, UpdateActivityRequest, rule::Value,
    },
};
use matchday_tests::{
    clients::Clients,
    log, make, on_every_stage,
    refusal::{answered, refused, refused_field},
    stage::Stage,
};
use prost::Name;
use prost_types::FieldMask;
use tonic::Code;

const CUP: &str = "tournaments/cup";

on_every_stage! {
    an_import_is_all_or_nothing
    an_appointment_stands_or_names_who_could
    who_is_away_leads_nothing
}

fn official(id: &str, country: &str) -> Official {
    Official {
        name: format!("{CUP}/officials/{id}"),
        country: country.into(),
        category: "referee".into(),
        ..Official::default()
    }
}

fn import(officials: Vec<Official>) -> ImportOfficialsRequest {
    ImportOfficialsRequest { parent: CUP.into(), officials, ..ImportOfficialsRequest::default() }
}

fn game(id: &str, from: i64, home: &str) -> Activity {
    let team = |id: &str| format!("{CUP}/teams/{id}");
    Activity {
        kind: ActivityKind::Match.into(),
        r#match: Some(Match {
            competition: "men".into(),
            stage: "group".into(),
            home: team(home),
            away: team("c"),
            ..Match::default()
        }),
        ..make::training(make::name("cup", id), 1, from, 100)
    }
}

fn team(id: &str, country: &str) -> Team {
    Team {
        name: format!("{CUP}/teams/{id}"),
        display_name: id.to_uppercase(),
        competition: "men".into(),
        country: country.into(),
        ..Team::default()
    }
}

/// Two matches on one day, three teams, three officials; officials are neutral, and lead one match a day where it can
/// be.
async fn begin(stage: &Stage) -> Clients {
    let mut admin = stage.admin();
    let programme = ImportTournamentRequest {
        teams: vec![team("a", "Brazil"), team("b", "Japan"), team("c", "")],
        activities: vec![game("m1", 600, "a"), game("m2", 900, "b")],
        ..make::programme("cup", &[])
    };
    make::set_up(&mut admin, 1, programme).await;
    let rule = |id: &str, kind: RuleKind, severity: RuleSeverity, weight, value| Rule {
        id: id.into(),
        kind: kind.into(),
        severity: severity.into(),
        weight,
        value,
        source: "test".into(),
        basis: Basis::Assumed.into(),
        ..Rule::default()
    };
    let rules = vec![
        rule("neutral", RuleKind::OfficialNeutral, RuleSeverity::Hard, 0, None),
        rule("day", RuleKind::OfficialMatchesPerDay, RuleSeverity::Soft, 5, Some(Value::Count(1))),
    ];
    let apply = ApplyRulesRequest { parent: CUP.into(), rules, ..ApplyRulesRequest::default() };
    answered(admin.checks.apply_rules(apply).await);
    let officials = vec![
        official("referee-01", "Brazil"),
        official("referee-02", "China"),
        official("referee-03", "Japan"),
    ];
    answered(admin.officials.import_officials(import(officials)).await);
    admin
}

fn appoint(activity: &str, ids: &[&str]) -> AppointOfficialsRequest {
    AppointOfficialsRequest {
        activity: make::name("cup", activity),
        officials: ids.iter().map(ToString::to_string).collect(),
        ..AppointOfficialsRequest::default()
    }
}

async fn candidates(admin: &mut Clients, activity: &str) -> Vec<Candidate> {
    let request = ListCandidatesRequest { activity: make::name("cup", activity) };
    answered(admin.officials.list_candidates(request).await).candidates
}

async fn an_import_is_all_or_nothing(stage: Stage) {
    let mut admin = stage.admin();
    make::set_up(&mut admin, 1, make::programme("cup", &[])).await;
    let mut wrong = import(vec![official("referee-01", "Brazil"), official("referee-02", "China")]);
    wrong.officials[1].conflicts = vec![format!("{CUP}/teams/nobody")];
    refused(admin.officials.import_officials(wrong.clone()).await, Code::NotFound, "RESOURCE_NOT_FOUND");
    wrong.officials[1] = wrong.officials[0].clone();
    refused(admin.officials.import_officials(wrong.clone()).await, Code::InvalidArgument, "INVALID_FIELD");
    wrong.officials.truncate(1);
    let preview = ImportOfficialsRequest { validate_only: true, ..wrong.clone() };
    assert_eq!(answered(admin.officials.import_officials(preview.clone()).await).officials, 1);
    let list = ListOfficialsRequest { parent: CUP.into(), ..ListOfficialsRequest::default() };
    assert_eq!(answered(admin.officials.list_officials(list.clone()).await).officials, []);
    answered(admin.officials.import_officials(wrong).await);
    assert_eq!(answered(admin.officials.list_officials(list).await).officials.len(), 1);
    refused(admin.officials.import_officials(preview).await, Code::AlreadyExists, "RESOURCE_EXISTS");
}

async fn an_appointment_stands_or_names_who_could(stage: Stage) {
    let mut admin = begin(&stage).await;
    let own = admin.officials.appoint_officials(appoint("m1", &["referee-01"])).await;
    let message = own.as_ref().expect_err("the official is of a team's country").message().to_owned();
    assert!(
        message.ends_with("referee-01 and A are both of Brazil; referee-02 or referee-03 could"),
        "{message}"
    );
    refused(own, Code::FailedPrecondition, "OFFICIAL_OBJECTED");
    answered(admin.officials.appoint_officials(appoint("m1", &["referee-02"])).await);

    let ranked: Vec<(String, usize)> = candidates(&mut admin, "m2")
        .await
        .into_iter()
        .map(|one| (one.official.rsplit('/').next().unwrap_or_default().to_owned(), one.objections.len()))
        .collect();
    let expected = [("referee-01", 0), ("referee-02", 1), ("referee-03", 1)];
    assert_eq!(
        ranked,
        expected.map(|(id, count)| (id.to_owned(), count)),
        "the soft one before the hard one"
    );

    let second = appoint("m2", &["referee-02"]);
    let answer = admin.officials.appoint_officials(second.clone()).await;
    refused(answer, Code::FailedPrecondition, "OFFICIAL_OBJECTED");
    let aside =
        AppointOfficialsRequest { set_aside_soft: true, reason: "referee-01 is late".into(), ..second };
    let response = answered(admin.officials.appoint_officials(aside).await);
    assert_eq!(response.set_aside[0].rule, "day");
    let request = GetActivityRequest { name: make::name("cup", "m2") };
    let stored = answered(admin.schedule.get_activity(request).await).activity.expect("a match");
    let played = stored.r#match.clone().expect("a match");
    assert_eq!(played.officials, ["referee-02"]);
    // nobody leads it past what an appointment looks at
    let others = Match { officials: vec!["referee-03".into()], ..played };
    let update = UpdateActivityRequest {
        activity: Some(Activity { r#match: Some(others), ..stored }),
        update_mask: Some(FieldMask { paths: vec!["match".into()] }),
        ..UpdateActivityRequest::default()
    };
    refused_field(admin.schedule.update_activity(update).await, "activity.match.officials");
    let unknown = admin.officials.appoint_officials(appoint("m2", &["referee-09"])).await;
    refused(unknown, Code::NotFound, "RESOURCE_NOT_FOUND");
    let events = log::whole(&mut admin.scheduling, "scheduling").await;
    let told = events.iter().filter(|event| event.r#type == OfficialsAppointed::full_name()).count();
    assert_eq!(told, 2);
}

async fn who_is_away_leads_nothing(stage: Stage) {
    let mut admin = begin(&stage).await;
    let away = SetAvailabilityRequest {
        name: format!("{CUP}/officials/referee-02"),
        away: vec![Absence { start_time: Some(make::at(650)), end_time: Some(make::at(700)) }],
        ..SetAvailabilityRequest::default()
    };
    answered(admin.officials.set_availability(away).await);
    let found = candidates(&mut admin, "m1").await;
    let second = found.iter().find(|one| one.official.ends_with("referee-02")).expect("all are told");
    assert_eq!(second.objections[0].rule, "always-away");
    let aside = AppointOfficialsRequest {
        set_aside_soft: true,
        reason: "nobody else".into(),
        ..appoint("m1", &["referee-02"])
    };
    let answer = admin.officials.appoint_officials(aside).await;
    refused(answer, Code::FailedPrecondition, "OFFICIAL_OBJECTED");
}
