//! Followers: each event once, whatever happens.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use matchday_store::{
    Effect, Event, Follower, FollowerStatus, Health, Locks, Source, Store, follow,
    testing::{PATIENCE, TestDatabase, append, call, databases, wait_for},
};
use tokio::{sync::watch, task::JoinHandle, time::timeout};
use tokio_util::sync::CancellationToken;

use crate::{
    schema::{marks, migrations},
    stubs::{Failure, Fixed, Flaky, Mark},
};

/// A follower that runs.
struct Running {
    status: watch::Receiver<FollowerStatus>,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Running {
    fn start(store: &Store, source: Arc<dyn Source>, effect: Arc<dyn Effect>) -> Self {
        let follower = Follower { name: "spec".to_owned(), log: "origin".to_owned() };
        let (shown, status) = watch::channel(FollowerStatus::starting(&follower));
        let stop = CancellationToken::new();
        let task = tokio::spawn(follow(store.clone(), follower, source, effect, shown, stop.clone()));
        Self { status, stop, task }
    }

    async fn reaches(&mut self, sequence: i64) -> FollowerStatus {
        wait_for(&mut self.status, |status| status.sequence == sequence).await
    }

    async fn stopped(&mut self) -> String {
        let is_stopped = |status: &FollowerStatus| matches!(status.health, Health::Stopped { .. });
        match wait_for(&mut self.status, is_stopped).await.health {
            Health::Stopped { reason } => reason,
            other => unreachable!("{other:?} is not stopped"),
        }
    }

    async fn is(&mut self, health: Health) {
        wait_for(&mut self.status, |status| status.health == health).await;
    }

    async fn end(self) {
        self.stop.cancel();
        timeout(PATIENCE, self.task).await.expect("it ends promptly").expect("it does not panic");
    }
}

/// A log of another service, and a store that follows.
async fn stores(database: &TestDatabase) -> (Store, Store) {
    let origin = database.open("origin", migrations()).await.expect("the origin opens");
    let store = database.open("spec", migrations()).await.expect("the follower opens");
    (origin, store)
}

async fn emit(origin: &Store, count: i32) {
    origin
        .write(call(Some(&format!("r{count}")), 0), Locks::none(), move |tx| append(tx, "a", count))
        .await
        .expect("the events are written");
}

/// Each event up to `last` was applied once, and each emitted one of its own.
async fn assert_applied(store: &Store, last: i64) {
    let names: Vec<String> = (1..=last).map(|sequence| format!("{sequence:04}")).collect();
    assert_eq!(marks(&mut store.read().await.expect("a connection")).await, names);
    assert_eq!(store.log().head().await.expect("the head"), last);
}

#[tokio::test(flavor = "multi_thread")]
async fn history_and_news_are_applied_once() {
    for database in databases().await {
        let (origin, store) = stores(&database).await;
        emit(&origin, 600).await;
        let mut running = Running::start(&store, Arc::new(origin.log()), Arc::new(Mark::default()));
        let status = running.reaches(600).await;
        assert_eq!(status.log_id, Some(origin.log().id()));
        running.is(Health::Following).await;
        emit(&origin, 3).await;
        running.reaches(603).await;
        running.end().await;
        // a process that starts again goes on where it was
        let mut again = Running::start(&store, Arc::new(origin.log()), Arc::new(Mark::default()));
        emit(&origin, 1).await;
        again.reaches(604).await;
        again.end().await;
        assert_applied(&store, 604).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_effect_emits_names_the_cause() {
    for database in databases().await {
        let (origin, store) = stores(&database).await;
        emit(&origin, 1).await;
        let mut running = Running::start(&store, Arc::new(origin.log()), Arc::new(Mark::default()));
        running.reaches(1).await;
        let event = store.log().after(0, 1).await.unwrap().remove(0);
        let Event { actor, change, request_id, .. } = event;
        assert_eq!([actor, change, request_id], ["services/spec", "change-1", "r1"], "{}", database.name());
        running.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_replicas_one_follows_and_the_other_takes_over() {
    for database in databases().await.iter().filter(|database| database.is_postgres()) {
        let (origin, first) = stores(database).await;
        let second = database.open("spec", migrations()).await.unwrap();
        let start = |store| Running::start(store, Arc::new(origin.log()), Arc::new(Mark::default()));
        let mut leader = start(&first);
        leader.is(Health::Following).await;
        let mut other = start(&second);
        other.is(Health::Standby).await;
        emit(&origin, 300).await;
        leader.reaches(300).await;
        other.reaches(300).await;
        assert_eq!(other.status.borrow().health, Health::Standby, "it shows what the leader applies");
        leader.end().await;
        emit(&origin, 20).await;
        other.reaches(320).await;
        other.end().await;
        assert_applied(&second, 320).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_that_follow_at_once_apply_each_event_once() {
    // on SQLite the lease is always granted: what remains is the cursor
    let database = databases().await.remove(0);
    let (origin, store) = stores(&database).await;
    let start = || Running::start(&store, Arc::new(origin.log()), Arc::new(Mark::default()));
    let (mut one, mut other) = (start(), start());
    for _ in 0..50 {
        emit_one(&origin).await;
    }
    one.reaches(50).await;
    other.reaches(50).await;
    assert_applied(&store, 50).await;
    one.end().await;
    other.end().await;
}

async fn emit_one(origin: &Store) {
    origin
        .write(call(None, 0), Locks::none(), |tx| append(tx, "a", 1))
        .await
        .expect("the events are written");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_defect_stops_and_is_tried_again() {
    for database in databases().await {
        for failure in [Failure::Defect, Failure::Panic] {
            let (origin, _) = stores(&database).await;
            let service = if failure == Failure::Defect { "one" } else { "two" };
            let store = database.open(service, migrations()).await.unwrap();
            let missing = 10 - origin.log().head().await.unwrap();
            for _ in 0..missing {
                emit_one(&origin).await;
            }
            let effect = Arc::new(Mark { failing: Some((7, failure)), is_mended: AtomicBool::new(false) });
            let mut running = Running::start(&store, Arc::new(origin.log()), effect.clone());
            let reason = running.stopped().await;
            let expected = if failure == Failure::Defect {
                "event 7 (google.protobuf.Duration): the effect fails"
            } else {
                "the effect panics"
            };
            assert!(reason.contains(expected), "{}: {reason}", database.name());
            let status = running.status.borrow().clone();
            assert_eq!(status.sequence, 6, "what came before the defect counts");
            assert_applied(&store, 6).await;
            effect.is_mended.store(true, Ordering::SeqCst);
            running.is(Health::Following).await;
            running.reaches(10).await;
            assert_applied(&store, 10).await;
            running.end().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_was_replaced_stops() {
    for database in databases().await {
        let (origin, store) = stores(&database).await;
        emit(&origin, 2).await;
        let mut running = Running::start(&store, Arc::new(origin.log()), Arc::new(Mark::default()));
        running.reaches(2).await;
        running.end().await;

        let replaced = database.open("replaced", migrations()).await.unwrap();
        emit(&replaced, 5).await;
        let careless = Fixed(replaced.log().after(0, 10).await.unwrap());
        let sources: [Arc<dyn Source>; 2] = [Arc::new(replaced.log()), Arc::new(careless)];
        for source in sources {
            let mut running = Running::start(&store, source, Arc::new(Mark::default()));
            let reason = running.stopped().await;
            assert!(reason.contains("was replaced"), "{}: {reason}", database.name());
            running.end().await;
        }
        assert_applied(&store, 2).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gap_stops() {
    for database in databases().await {
        let (origin, store) = stores(&database).await;
        emit(&origin, 4).await;
        let mut events = origin.log().after(0, 10).await.unwrap();
        events.remove(2);
        let mut running = Running::start(&store, Arc::new(Fixed(events)), Arc::new(Mark::default()));
        let reason = running.stopped().await;
        assert!(reason.contains("has a gap: 4 follows 2"), "{}: {reason}", database.name());
        assert_applied(&store, 2).await;
        running.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_does_not_answer_is_waited_for() {
    for database in databases().await {
        let (origin, store) = stores(&database).await;
        emit(&origin, 1).await;
        let source = Arc::new(Flaky { log: origin.log(), is_up: AtomicBool::new(false) });
        let mut running = Running::start(&store, source.clone(), Arc::new(Mark::default()));
        running.is(Health::Waiting { reason: "no answer".to_owned() }).await;
        source.is_up.store(true, Ordering::SeqCst);
        running.reaches(1).await;
        running.end().await;
        assert_applied(&store, 1).await;
    }
}
