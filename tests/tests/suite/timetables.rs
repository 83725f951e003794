//! Timetables made and repaired: drafts that hold the rules, repairs that move little, and what is refused first.

use matchday_api::scheduling::v1::{
    Activity, Disruption, GenerateScheduleRequest, GetScheduleVersionRequest, ListRunsRequest,
    RepairScheduleRequest, RuleKind, Run, RunBudget, RunState, VersionState, disruption, disruption::What,
    rule::Value, run_budget::Limit,
};
use matchday_kernel::SignedDuration;
use matchday_tests::{
    PATIENCE,
    clients::Clients,
    cup, make,
    refusal::{answered, refused, refused_field, subjects},
    stage::Stage,
    tests_of,
};
use tokio::time::timeout;
use tonic::{Code, Status};

/// Round 2 of a cup is on 24 October, which begins this many minutes after the first day in UTC.
const SECOND_ROUND: i64 = 3 * 24 * 60 - 8 * 60;

macro_rules! in_this_process {
    ($($journey:ident)*) => {$(
        mod $journey {
            super::tests_of! { $journey
                on_sqlite: Sqlite, Local;
                on_postgres: Postgres, Local;
            }
        }
    )*};
}

in_this_process! {
    a_timetable_is_a_draft_and_can_be_made_again
    what_has_begun_stays_where_it_is
    a_repair_moves_what_lost_its_place
    what_cannot_be_is_said_with_its_rules
    what_is_wrong_is_refused_before_a_search
    a_repair_is_of_what_is_in_force
}

fn spend(limit: Limit) -> RunBudget {
    RunBudget { limit: Some(limit), seed: 3 }
}

async fn generate(admin: &mut Clients, id: &str, limit: Limit) -> Result<Run, Status> {
    let request = GenerateScheduleRequest {
        parent: format!("tournaments/{id}"),
        budget: Some(spend(limit)),
        ..GenerateScheduleRequest::default()
    };
    let mut messages = admin.runs.generate_schedule(request).await?.into_inner();
    let ended = async {
        let mut last = None;
        while let Some(message) = messages.message().await? {
            last = message.run;
        }
        Ok(last.expect("the run as it ended"))
    };
    timeout(PATIENCE, ended).await.expect("it ends in time")
}

fn repair(id: &str, what: What) -> RepairScheduleRequest {
    RepairScheduleRequest {
        parent: format!("tournaments/{id}"),
        disruptions: vec![Disruption { what: Some(what) }],
        budget: Some(spend(Limit::Seconds(30))),
        ..RepairScheduleRequest::default()
    }
}

async fn repaired(admin: &mut Clients, request: RepairScheduleRequest) -> Result<Run, Status> {
    let mut messages = admin.runs.repair_schedule(request).await?.into_inner();
    let ended = async {
        let mut last = None;
        while let Some(message) = messages.message().await? {
            last = message.run;
        }
        Ok(last.expect("the run as it ended"))
    };
    timeout(PATIENCE, ended).await.expect("it ends in time")
}

fn lost(zone: String) -> What {
    What::PitchLost(disruption::PitchLost {
        zone,
        start_time: Some(make::at(SECOND_ROUND)),
        end_time: Some(make::at(SECOND_ROUND + 24 * 60)),
        reason: "a burst pipe".into(),
    })
}

/// What a draft says: its matches by name, with their kick-offs and pitches.
async fn draft(admin: &mut Clients, version: &str, run: &Run) -> Vec<Activity> {
    let request = GetScheduleVersionRequest { name: version.into() };
    let reply = answered(admin.schedule.get_schedule_version(request).await);
    let version = reply.version.expect("the version");
    assert_eq!((version.state(), &version.run), (VersionState::Draft, &run.name));
    let mut activities = reply.activities;
    activities.sort_by(|one, other| one.name.cmp(&other.name));
    activities
}

fn places(activities: &[Activity]) -> Vec<(&str, Option<prost_types::Timestamp>, &str)> {
    let place = |activity: &'_ Activity| activity.start_time;
    activities.iter().map(|it| (it.name.as_str(), place(it), it.zone.as_str())).collect()
}

async fn runs(admin: &mut Clients, id: &str) -> usize {
    let request = ListRunsRequest { parent: format!("tournaments/{id}"), ..ListRunsRequest::default() };
    answered(admin.runs.list_runs(request).await).runs.len()
}

async fn a_timetable_is_a_draft_and_can_be_made_again(stage: Stage) {
    let mut admin = stage.admin();
    make::set_up(&mut admin, 2, cup::cup("cup", 4)).await;
    let run = generate(&mut admin, "cup", Limit::Seconds(30)).await.expect("it is made");
    assert_eq!(run.state(), RunState::Succeeded, "{run:?}");
    assert_eq!(run.options.len(), 1);
    let made = draft(&mut admin, &run.options[0].version, &run).await;
    assert_eq!(made.len(), 6);
    // nothing is in force, and nothing has moved
    let stands = cup::cup("cup", 4).activities;
    for activity in &stands {
        let now = answered(
            admin
                .schedule
                .get_activity(matchday_api::scheduling::v1::GetActivityRequest {
                    name: activity.name.clone(),
                })
                .await,
        );
        let now = now.activity.expect("the activity");
        assert_eq!((now.start_time, &now.zone), (activity.start_time, &activity.zone));
    }
    let spent = run.progress.expect("what it spent").iteration;
    let again = generate(&mut admin, "cup", Limit::Iterations(spent.max(1))).await.expect("it is made");
    assert_eq!(again.progress.expect("what it spent").iteration, spent);
    let same = draft(&mut admin, &again.options[0].version, &again).await;
    assert_eq!(places(&same), places(&made));
}

/// Made anew between the second and the third round, a timetable moves neither of the first two, and places nothing
/// before the present. The services' clock shows noon in UTC of the first day.
async fn what_has_begun_stays_where_it_is(stage: Stage) {
    let mut admin = stage.admin();
    make::set_up(&mut admin, 2, cup::cup("cup", 4)).await;
    make::published(&mut admin, "cup").await;
    let clock = stage.clock().expect("the services are in this process");
    clock.advance(SignedDuration::from_mins(SECOND_ROUND + 24 * 60 - 12 * 60));
    let now = stage.now().as_micros() / 1_000_000;
    // the first token has run out
    let mut admin = stage.admin();
    let run = generate(&mut admin, "cup", Limit::Seconds(30)).await.expect("it is made");
    assert_eq!(run.state(), RunState::Succeeded, "{run:?}");
    let made = draft(&mut admin, &run.options[0].version, &run).await;
    let stands = cup::cup("cup", 4).activities;
    let (begun, open): (Vec<_>, Vec<_>) =
        stands.into_iter().partition(|game| game.start_time.is_some_and(|start| start.seconds < now));
    assert_eq!((begun.len(), open.len()), (4, 2));
    assert_eq!(places(&made)[..4], places(&begun)[..]);
    let is_to_come = |game: &Activity| game.start_time.is_some_and(|start| start.seconds >= now);
    assert!(made[4..].iter().all(is_to_come), "{made:?}");
}

async fn a_repair_moves_what_lost_its_place(stage: Stage) {
    let mut admin = stage.admin();
    make::set_up(&mut admin, 3, cup::cup("cup", 4)).await;
    make::published(&mut admin, "cup").await;
    let request = repair("cup", lost(make::pitch(1)));
    let run = repaired(&mut admin, request).await.expect("it is repaired");
    assert_eq!(run.state(), RunState::Succeeded, "{run:?}");
    assert_eq!(run.base, "tournaments/cup/versions/1");
    assert!((1..=3).contains(&run.options.len()), "{run:?}");
    let prices: Vec<_> = run.options.iter().filter_map(|option| option.price).collect();
    let ranks: Vec<_> =
        prices.iter().map(|price| (price.people, price.kick_offs, price.pitches, price.quality)).collect();
    assert!(ranks.is_sorted(), "{ranks:?}");
    let stood = cup::cup("cup", 4).activities;
    for option in &run.options {
        let proposed = draft(&mut admin, &option.version, &run).await;
        let moved: Vec<&str> = proposed
            .iter()
            .zip(&stood)
            .filter(|(now, then)| (now.start_time, &now.zone) != (then.start_time, &then.zone))
            .map(|(now, _)| now.name.as_str())
            .collect();
        let told: Vec<&str> = option.moves.iter().map(|one| one.activity.as_str()).collect();
        assert_eq!(moved.len(), told.len());
        assert!(told.iter().all(|name| moved.contains(name)), "{told:?} {moved:?}");
        assert!(option.moves.iter().all(|one| !one.why.is_empty()), "{option:?}");
        let day = |activity: &Activity| activity.start_time.map_or(0, |start| start.seconds / 86_400);
        let on_it = |activity: &&Activity| {
            activity.zone == make::pitch(1)
                && day(activity) == make::at(SECOND_ROUND + 24 * 60 - 1).seconds / 86_400
        };
        assert_eq!(proposed.iter().find(on_it), None, "{}", option.title);
    }
    // one match was there: it alone moves, to another day, and its two teams and whoever comes are told
    let first = &run.options[0];
    assert_eq!((first.move_count, prices[0].people, prices[0].kick_offs), (1, 3, 1), "{first:?}");
}

async fn what_cannot_be_is_said_with_its_rules(stage: Stage) {
    let mut admin = stage.admin();
    make::set_up(&mut admin, 2, cup::cup("cup", 4)).await;
    // three matches of a team, and eleven days
    let days = Value::Duration(make::minutes(6 * 24 * 60));
    cup::apply(&mut admin, "cup", vec![cup::rule("six-days", RuleKind::RestBetweenKickOffs, days)]).await;
    let run = generate(&mut admin, "cup", Limit::Seconds(30)).await.expect("it is an answer");
    assert_eq!(run.state(), RunState::Infeasible, "{run:?}");
    let why = run.infeasibility.expect("why");
    assert!(!why.sentence.is_empty());
    assert_eq!(why.rules, ["six-days"]);
    assert!(run.options.is_empty() && why.ladder.is_empty());
}

async fn what_is_wrong_is_refused_before_a_search(stage: Stage) {
    let mut admin = stage.admin();
    answered(admin.places.import_site(make::site(6)).await);
    let mut pinned = cup::cup("pinned", 4);
    let place = pinned.activities[0].clone();
    for activity in &mut pinned.activities[..2] {
        activity.pinned = true;
        activity.zone.clone_from(&place.zone);
        activity.start_time = place.start_time;
        activity.end_time = place.end_time;
    }
    let mut crowded = cup::cup("crowded", 12);
    crowded.activities.iter_mut().for_each(|activity| activity.zone = make::pitch(1));
    for (id, tournament, subject) in [("pinned", pinned, "pins"), ("crowded", crowded, "places")] {
        answered(admin.tournaments.import_tournament(tournament).await);
        let status = generate(&mut admin, id, Limit::Seconds(30)).await.map(|run| run.name);
        let status = refused(status, Code::FailedPrecondition, "TIMETABLE_INVALID");
        assert!(subjects(&status).iter().any(|it| it == subject), "{status:?}");
        assert_eq!(runs(&mut admin, id).await, 0, "{id}");
    }
    let nowhere = GenerateScheduleRequest { parent: "tournaments/none".into(), ..Default::default() };
    refused(admin.runs.generate_schedule(nowhere).await, Code::NotFound, "RESOURCE_NOT_FOUND");
    let slow = GenerateScheduleRequest {
        parent: "tournaments/pinned".into(),
        budget: Some(spend(Limit::Seconds(601))),
        ..Default::default()
    };
    refused_field(admin.runs.generate_schedule(slow).await, "budget.seconds");
}

async fn a_repair_is_of_what_is_in_force(stage: Stage) {
    let mut admin = stage.admin();
    make::set_up(&mut admin, 2, cup::cup("cup", 4)).await;
    make::published(&mut admin, "cup").await;
    make::published(&mut admin, "cup").await;
    let request = repair("cup", lost(make::pitch(1)));
    let outdated = RepairScheduleRequest { base: "tournaments/cup/versions/1".into(), ..request.clone() };
    let status = repaired(&mut admin, outdated).await.map(|run| run.name);
    refused(status, Code::FailedPrecondition, "BASE_SUPERSEDED");
    let elsewhere = repair("cup", lost(format!("{}/zones/car-park", make::VENUE)));
    refused_field(repaired(&mut admin, elsewhere).await, "disruptions[0]");
    assert_eq!(runs(&mut admin, "cup").await, 0);
    let current = RepairScheduleRequest { base: "tournaments/cup/versions/2".into(), ..request };
    let run = repaired(&mut admin, current).await.expect("it is repaired");
    assert_eq!(run.base, "tournaments/cup/versions/2");
}
