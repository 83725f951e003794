//! Two stores on one PostgreSQL schema, as two processes would have.

use futures_util::future::join_all;
use matchday_store::{
    Locks, Store,
    testing::{Refused, TestDatabase, append, call, databases, take_place, wait_for},
};
use sqlx::postgres::PgListener;
use tokio::join;

use crate::schema::migrations;

async fn replicas(database: &TestDatabase, notify: bool) -> (Store, Store) {
    let open = || {
        let mut config = database.config("spec", migrations());
        config.notify = notify;
        // several batches rather than one
        config.max_batch = 8;
        Store::open(config)
    };
    let (first, second) = join!(open(), open());
    (first.expect("the first opens"), second.expect("the second opens"))
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_64_writers_wins() {
    for database in databases().await.iter().filter(|database| database.is_postgres()) {
        let (first, second) = replicas(database, true).await;
        for round in 0..5 {
            let place = format!("zones/{round}");
            let writes = (0..64).map(|number| {
                let store = if number % 2 == 0 { &first } else { &second };
                let name = place.clone();
                store.write(call(None, 0), Locks::of([&place]), |tx| take_place(tx, name))
            });
            let outcomes = join_all(writes).await;
            let winners = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
            let refused = outcomes.iter().filter(|outcome| matches!(outcome, Err(Refused::Rule))).count();
            assert_eq!((winners, refused), (1, 63), "round {round}");
        }
        join!(first.close(), second.close());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeat_at_the_other_replica_runs_once() {
    for database in databases().await.iter().filter(|database| database.is_postgres()) {
        let (first, second) = replicas(database, true).await;
        for round in 0..20 {
            let id = format!("round-{round}");
            let write = |store: &Store| {
                let call = call(Some(&id), 0);
                let store = store.clone();
                async move { store.write(call, Locks::none(), |tx| append(tx, "zones/a", 1)).await }
            };
            let (one, other) = join!(write(&first), write(&second));
            assert_eq!((one.unwrap(), other.unwrap()), (1, 1));
        }
        assert_eq!(first.log().head().await.unwrap(), 20);
        join!(first.close(), second.close());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_gap_free_with_failures_in_between() {
    for database in databases().await.iter().filter(|database| database.is_postgres()) {
        let (first, second) = replicas(database, true).await;
        let writes = (0..400).map(|number| {
            let store = if number % 2 == 0 { &first } else { &second };
            // locks that overlap between the replicas, in every order
            let locks = Locks::of([format!("zones/{}", number % 7), format!("zones/{}", (number + 3) % 7)]);
            store.write(call(None, 0), locks, move |tx| {
                Box::pin(async move {
                    append(tx, "zones/a", 2).await?;
                    if number % 5 == 0 { Err(Refused::Rule) } else { Ok(1_i64) }
                })
            })
        });
        let outcomes = join_all(writes).await;
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 320);
        let events = second.log().after(0, 1000).await.unwrap();
        assert!(events.iter().map(|event| event.sequence).eq(1..=640));
        join!(first.close(), second.close());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_with_many_locks_excludes_the_other_replica() {
    for database in databases().await.iter().filter(|database| database.is_postgres()) {
        let (first, second) = replicas(database, true).await;
        let many = |place: &str| Locks::of((0..600).map(|n| format!("many/{n}"))).and(place);
        let writes = (0..32).map(|number| {
            let (store, locks) = match number % 2 {
                0 => (&first, many("zones/a")),
                _ => (&second, Locks::of(["zones/a"])),
            };
            store.write(call(None, 0), locks, |tx| take_place(tx, "zones/a".to_owned()))
        });
        let outcomes = join_all(writes).await;
        let refused = outcomes.iter().filter(|outcome| matches!(outcome, Err(Refused::Rule))).count();
        assert_eq!(refused, 31);
        join!(first.close(), second.close());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_other_replica_wakes_with_and_without_notifications() {
    for database in databases().await.iter().filter(|database| database.is_postgres()) {
        for notify in [true, false] {
            let (first, second) = replicas(database, notify).await;
            let mut head = second.log().subscribe();
            let before = *head.borrow();
            first.write(call(None, 0), Locks::none(), |tx| append(tx, "zones/a", 3)).await.unwrap();
            assert_eq!(*first.log().subscribe().borrow(), before + 3, "the own watch is ahead of the answer");
            assert_eq!(wait_for(&mut head, |head| *head > before).await, before + 3);
            join!(first.close(), second.close());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_notifies() {
    for database in databases().await.iter().filter(|database| database.is_postgres()) {
        let (first, second) = replicas(database, true).await;
        let matchday_store::Database::Postgres { url } = database.database("spec") else { unreachable!() };
        let mut listener = PgListener::connect(&url).await.unwrap();
        listener.listen("matchday_spec").await.unwrap();
        first.write(call(None, 0), Locks::none(), |tx| append(tx, "zones/a", 2)).await.unwrap();
        let notification = tokio::time::timeout(matchday_store::testing::PATIENCE, listener.recv()).await;
        assert_eq!(notification.unwrap().unwrap().payload(), "2");
        join!(first.close(), second.close());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lease_is_held_by_one_replica_until_it_lets_go() {
    for database in databases().await.iter().filter(|database| database.is_postgres()) {
        let (first, second) = replicas(database, true).await;
        let mut held = first.lease("runs/first").await.unwrap().expect("nobody holds it");
        assert!(held.is_held().await);
        assert!(second.lease("runs/first").await.unwrap().is_none());
        assert!(second.lease("runs/second").await.unwrap().is_some());
        drop(held);
        // the server learns of a closed connection by itself
        while second.lease("runs/first").await.unwrap().is_none() {
            tokio::task::yield_now().await;
        }
        join!(first.close(), second.close());
    }
}
