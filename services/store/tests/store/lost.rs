//! Connections that are lost, as when a server restarts.

use matchday_kernel::{ErrorKind, Fault};
use matchday_store::{
    Database, Locks, Native, Store, Tx, on_db,
    testing::{PATIENCE, Refused, TestDatabase, append, call, databases, wait_for},
};
use sqlx::{ConnectOptions, postgres::PgConnectOptions};
use tokio::time::timeout;

use crate::schema::{mark, marks, migrations};

/// The server's process of the writer's connection.
async fn backend(tx: &mut Tx) -> Result<i32, Refused> {
    let Native::Postgres(_) = tx.native() else { panic!("only PostgreSQL has such processes") };
    Ok(on_db!(tx, |c| sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(c).await)?)
}

async fn backend_of(store: &Store) -> i32 {
    store.write(call(None, 0), Locks::none(), |tx| Box::pin(backend(tx))).await.expect("the server answers")
}

async fn terminate(database: &TestDatabase, backend: i32) {
    let Database::Postgres { url } = database.database("spec") else {
        panic!("only PostgreSQL has processes")
    };
    let mut connection = url
        .parse::<PgConnectOptions>()
        .expect("the server answers")
        .connect()
        .await
        .expect("the server answers");
    let waits = "SELECT pg_terminate_backend($1, 10000)";
    let is_over: bool =
        sqlx::query_scalar(waits).bind(backend).fetch_one(&mut connection).await.expect("the server answers");
    assert!(is_over);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_lost_between_writes_is_not_noticed() {
    for database in databases().await.iter().filter(|database| database.is_postgres()) {
        let store = database.open("spec", migrations()).await.unwrap();
        let before = backend_of(&store).await;
        terminate(database, before).await;
        assert_ne!(backend_of(&store).await, before, "the write ran on a new connection");
        store.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_lost_in_a_write_fails_it_and_not_the_next() {
    for database in databases().await.iter().filter(|database| database.is_postgres()) {
        let store = database.open("spec", migrations()).await.unwrap();
        let (send, receive) = tokio::sync::oneshot::channel();
        let (go, wait) = tokio::sync::oneshot::channel::<()>();
        let write = store.write(call(None, 0), Locks::none(), |tx| {
            Box::pin(async move {
                mark(tx, "lost", None).await?;
                send.send(backend(tx).await?).expect("the test waits for it");
                wait.await.expect("the test ends it");
                append(tx, "lost", 1).await
            })
        });
        let kill = async {
            terminate(database, receive.await.unwrap()).await;
            go.send(()).unwrap();
        };
        let (outcome, ()) = tokio::join!(write, kill);
        let Err(Refused::Store(error)) = outcome else { panic!("{outcome:?}") };
        assert_eq!(error.kind(), ErrorKind::Unavailable, "{error:?}");
        assert_eq!(store.write(call(None, 0), Locks::none(), |tx| append(tx, "next", 1)).await.unwrap(), 1);
        assert!(marks(&mut store.read().await.unwrap()).await.is_empty());
        assert_eq!(store.log().after(0, 10).await.unwrap()[0].resource, "next");
        store.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_connections_lost_at_once_come_back() {
    for database in databases().await.iter().filter(|database| database.is_postgres()) {
        let store = database.open("spec", migrations()).await.unwrap();
        let other = database.open("spec", migrations()).await.unwrap();
        let Database::Postgres { url } = database.database("spec") else { unreachable!() };
        let mut connection = url.parse::<PgConnectOptions>().unwrap().connect().await.unwrap();
        let all = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity \
                   WHERE datname = current_database() AND pid <> pg_backend_pid()";
        sqlx::query(all).execute(&mut connection).await.unwrap();
        let mut head = other.log().subscribe();
        let write = store.write(call(None, 0), Locks::none(), |tx| append(tx, "a", 1));
        assert_eq!(timeout(PATIENCE, write).await.unwrap().unwrap(), 1);
        wait_for(&mut head, |head| *head == 1).await;
        store.close().await;
        other.close().await;
    }
}
