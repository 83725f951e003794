//! Single rows that many read at once.

use futures_util::future::join_all;
use matchday_kernel::{Common, Fault};
use matchday_store::{
    Locks, Record, Store, StoreError, table,
    testing::{call, databases},
};
use tokio::time::timeout;

use crate::schema::{migration, of};

/// More kinds than there are readers of an `SQLite` file.
const KINDS: &str = "\
    CREATE TABLE k1 (name TEXT NOT NULL PRIMARY KEY, revision BIGINT NOT NULL, created BIGINT NOT NULL, updated BIGINT NOT NULL); \
    CREATE TABLE k2 (name TEXT NOT NULL PRIMARY KEY, revision BIGINT NOT NULL, created BIGINT NOT NULL, updated BIGINT NOT NULL); \
    CREATE TABLE k3 (name TEXT NOT NULL PRIMARY KEY, revision BIGINT NOT NULL, created BIGINT NOT NULL, updated BIGINT NOT NULL); \
    CREATE TABLE k4 (name TEXT NOT NULL PRIMARY KEY, revision BIGINT NOT NULL, created BIGINT NOT NULL, updated BIGINT NOT NULL); \
    CREATE TABLE k5 (name TEXT NOT NULL PRIMARY KEY, revision BIGINT NOT NULL, created BIGINT NOT NULL, updated BIGINT NOT NULL); \
    CREATE TABLE k6 (name TEXT NOT NULL PRIMARY KEY, revision BIGINT NOT NULL, created BIGINT NOT NULL, updated BIGINT NOT NULL)";

table! {
    struct First in "k1" {}
}
table! {
    struct Second in "k2" {}
}
table! {
    struct Third in "k3" {}
}
table! {
    struct Fourth in "k4" {}
}
table! {
    struct Fifth in "k5" {}
}
table! {
    struct Sixth in "k6" {}
}

async fn create(store: &Store, name: String) {
    let row = First { name, ..First::default() };
    let created: Result<String, StoreError> = store
        .write(call(None, 0), Locks::none(), |tx| Box::pin(async move { Ok(row.create(tx).await?.name) }))
        .await;
    created.expect("a new row");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_caller_gets_the_row_it_asked_for() {
    for database in databases().await {
        let store = database.open("spec", of(&[migration(1, KINDS)])).await.unwrap();
        for number in 0..100 {
            create(&store, format!("n{number}")).await;
        }
        // every second one is there, and some are asked for twice
        let asked: Vec<String> = (0..300).map(|number| format!("n{}", number % 200)).collect();
        let answers = join_all(asked.iter().map(|name| store.get::<First>(name))).await;
        for (name, answer) in asked.iter().zip(answers) {
            let number: usize = name[1..].parse().unwrap();
            match answer {
                Ok(row) => assert!(row.name == *name && number < 100, "{name}: {row:?}"),
                Err(StoreError::Refused(Common::NotFound { resource })) => {
                    assert!(resource == *name && number >= 100, "{name}");
                }
                Err(error) => panic!("{name}: {error}"),
            }
        }
        store.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_is_read() {
    for database in databases().await {
        let store = database.open("spec", of(&[migration(1, KINDS)])).await.unwrap();
        for number in 0..50 {
            let name = format!("n{number}");
            create(&store, name.clone()).await;
            assert_eq!(store.get::<First>(&name).await.unwrap().name, name, "{}", database.name());
        }
        store.close().await;
        let closed = store.get::<First>("n1").await.unwrap_err();
        assert_eq!(closed.reason(), "STORE_UNAVAILABLE");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn more_kinds_than_readers_do_not_wait_for_each_other() {
    async fn ask<R: Record + Clone + 'static>(store: &Store) {
        for _ in 0..100 {
            let answer = store.get::<R>("nothing").await.err();
            assert!(matches!(answer, Some(StoreError::Refused(Common::NotFound { .. }))), "{answer:?}");
        }
    }
    for database in databases().await {
        let store = database.open("spec", of(&[migration(1, KINDS)])).await.unwrap();
        let all = async {
            tokio::join!(
                ask::<First>(&store),
                ask::<Second>(&store),
                ask::<Third>(&store),
                ask::<Fourth>(&store),
                ask::<Fifth>(&store),
                ask::<Sixth>(&store),
            )
        };
        timeout(matchday_store::testing::PATIENCE, all).await.expect("nobody waits for ever");
        // and a page can be read beside them
        assert_eq!(First::between(&mut store.read().await.unwrap(), "", "z", 10).await.unwrap(), []);
        store.close().await;
    }
}
