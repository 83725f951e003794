//! The steps of a publication with changes by hand between them, on both databases.

use matchday_api::{scheduling::v1 as pb, venues::v1::ReserveBookingsResponse};
use matchday_kernel::{ActivityName, Instant, Interval, SignedDuration, TournamentName};
use matchday_rpc::parse::to_timestamp;
use matchday_store::{
    BoxFuture, Locks, Record, Store, Tx,
    testing::{call, databases, now},
};

use super::{Subject, steps};
use crate::{
    Error,
    domain::version::Answer,
    draft::{Proposal, propose},
    grpc::activities::activity,
    store::{
        activities::{self, ActivityRow},
        tournaments::TournamentRow,
        versions,
    },
};

const PITCH: &str = "sites/s/venues/v/zones/pitch";

fn tournament() -> TournamentName {
    "tournaments/t".parse().expect("a name")
}

fn at(hour: i64) -> Instant {
    now().checked_add(SignedDuration::from_hours(hour)).expect("a moment of the calendar")
}

fn name(id: &str) -> String {
    format!("tournaments/t/activities/{id}")
}

fn training(id: &str, hour: i64) -> pb::Activity {
    pb::Activity {
        name: name(id),
        kind: pb::ActivityKind::Training.into(),
        title: id.into(),
        zone: PITCH.into(),
        start_time: Some(to_timestamp(at(hour))),
        end_time: Some(to_timestamp(at(hour + 1))),
        ..pb::Activity::default()
    }
}

async fn step<P, F>(store: &Store, work: F) -> Result<P, Error>
where
    P: prost::Message + Default + 'static,
    F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<P, Error>> + Send + 'static,
{
    store.write(call(None, 0), Locks::none(), work).await
}

/// Trainings at the hours 10, 20 and 30, and a draft that moves the first to 15 and the second to 25, cancels the
/// third, and has a new one at 35.
async fn drafted(store: &Store) -> String {
    let drafted = step(store, |tx| {
        Box::pin(async move {
            let (name, sites) = ("tournaments/t".into(), "sites/s".into());
            TournamentRow { name, sites, ..TournamentRow::default() }.create(tx).await?;
            let mut proposed = Vec::new();
            for (id, hour, wanted) in [("a1", 10, 15), ("a2", 20, 25), ("a3", 30, 30)] {
                let row = activity(&name_of(id), training(id, hour))?.create(tx).await?;
                proposed.push(pb::Activity { revision: row.revision, ..training(id, wanted) });
            }
            proposed[2].set_state(pb::ActivityState::Cancelled);
            proposed.push(training("a4", 35));
            let proposal = Proposal {
                origin: pb::VersionOrigin::Repaired,
                title: String::new(),
                run: String::new(),
                base: String::new(),
                activities: proposed,
            };
            Ok(pb::ScheduleVersion::from(propose(tx, &tournament(), proposal).await?))
        })
    });
    drafted.await.expect("a draft").name
}

fn name_of(id: &str) -> ActivityName {
    name(id).parse().expect("a name")
}

async fn begin(store: &Store, draft: &str) -> Result<pb::PublishScheduleResponse, Error> {
    let subject = Subject::Draft(draft.parse().expect("a name"));
    step(store, |tx| Box::pin(steps::begin(tx, subject))).await
}

async fn claim(store: &Store, draft: &str) -> i64 {
    claimed(store, draft, true).await
}

async fn claimed(store: &Store, draft: &str, is_repeat: bool) -> i64 {
    let draft = draft.to_owned();
    step(store, move |tx| Box::pin(steps::claim(tx, draft, is_repeat))).await.expect("an attempt")
}

async fn conclude(store: &Store, draft: &str, attempt: i64, answer: Answer) -> pb::ScheduleVersion {
    let draft = draft.to_owned();
    let places = ReserveBookingsResponse::default();
    let concluded =
        step(store, move |tx| Box::pin(steps::conclude(tx, draft, attempt, answer, places))).await;
    concluded.expect("it is concluded").version.expect("a version")
}

/// Moves an activity by hand, ten minutes on.
async fn by_hand(store: &Store, id: &str) {
    let id = name(id);
    let moved = step(store, |tx| {
        Box::pin(async move {
            let row = ActivityRow::get(tx, &id).await?;
            let slot = row.slot()?;
            let time = slot.time.shift(SignedDuration::from_mins(10)).expect("a moment of the calendar");
            let slot = slot.clone().planned_for(slot.zone, time);
            Ok(pb::Activity::from(row.with_slot(&slot, "by hand".into()).save(tx).await?))
        })
    });
    moved.await.expect("it is moved");
}

/// Every activity: id, minutes from the first hour to its start, and whether it takes place.
async fn schedule(store: &Store) -> Vec<(String, i64, bool)> {
    let mut conn = store.read().await.expect("a connection");
    let rows = activities::of_tournament(&mut conn, "tournaments/t").await.expect("the schedule");
    let line = |row: ActivityRow| {
        let time: Interval = row.slot().expect("a slot").time;
        let minutes = time.start().since(now()).as_mins();
        (row.title.clone(), minutes, row.takes_place())
    };
    let mut lines: Vec<_> = rows.into_iter().map(line).collect();
    lines.sort();
    lines
}

async fn said(store: &Store, after: i64) -> Vec<String> {
    let events = store.log().after(after, 100).await.expect("events");
    let id = |resource: &str| resource.rsplit('/').next().unwrap_or_default().to_owned();
    let kind = |kind: &str| kind.replace("matchday.scheduling.v1.", "");
    events.into_iter().map(|event| format!("{} {}", kind(&event.r#type), id(&event.resource))).collect()
}

fn line(id: &str, minutes: i64) -> (String, i64, bool) {
    (id.into(), minutes, true)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_changed_by_hand_while_the_venues_reserve_is_kept() {
    for database in databases().await {
        let store = database.open(crate::NAME, crate::migrations()).await.expect("a store");
        let draft = drafted(&store).await;
        begin(&store, &draft).await.expect("it is up to date");
        let attempt = claim(&store, &draft).await;
        let mut conn = store.read().await.expect("a connection");
        let brings = versions::that_brings(&mut conn, &name("a4")).await.expect("an answer");
        assert_eq!(brings.as_deref(), Some(draft.as_str()), "nobody else creates it meanwhile");
        drop(conn);
        by_hand(&store, "a1").await;
        by_hand(&store, "a3").await;
        let head = store.log().head().await.expect("the head of the log");
        let version = conclude(&store, &draft, attempt, Answer::Reserved).await;
        assert_eq!(
            (version.state(), version.kept),
            (pb::VersionState::Published, vec![name("a3"), name("a1")])
        );
        let expected = [line("a1", 610), line("a2", 1500), line("a3", 1810), line("a4", 2100)];
        assert_eq!(schedule(&store).await, expected);
        assert_eq!(
            said(&store, head).await,
            ["ActivityCreated a4", "ActivityMoved a2", "SchedulePublished 1"]
        );
        store.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_last_attempt_changes_the_schedule_and_only_once() {
    for database in databases().await {
        let store = database.open(crate::NAME, crate::migrations()).await.expect("a store");
        let draft = drafted(&store).await;
        let before = schedule(&store).await;
        begin(&store, &draft).await.expect("it is up to date");
        assert!(matches!(begin(&store, &draft).await, Err(Error::PublishInProgress { .. })));
        let (first, second) = (claim(&store, &draft).await, claim(&store, &draft).await);
        let still = conclude(&store, &draft, first, Answer::Reserved).await;
        assert_eq!(still.state(), pb::VersionState::Publishing);
        let refused = conclude(&store, &draft, second, Answer::NotFree).await;
        assert_eq!(refused.state(), pb::VersionState::Refused);
        assert_eq!(schedule(&store).await, before, "a refusal changes nothing");
        assert_eq!(claimed(&store, &draft, false).await, 0, "a refusal is an end");

        begin(&store, &draft).await.expect("it is tried again");
        let third = claim(&store, &draft).await;
        conclude(&store, &draft, third, Answer::Reserved).await;
        let after = schedule(&store).await;
        let expected = [line("a1", 900), line("a2", 1500), ("a3".into(), 1800, false), line("a4", 2100)];
        assert_eq!(after, expected);
        conclude(&store, &draft, third, Answer::Reserved).await;
        assert_eq!(schedule(&store).await, after, "once");
        assert_eq!(claim(&store, &draft).await, 0, "what is in force is not attempted again");
        assert!(matches!(begin(&store, &draft).await, Err(Error::VersionState { state: "in force", .. })));
        store.close().await;
    }
}
