//! The peer of a scan: what a ticketing system does that decides a check-in in SQL, as pretix does. Schema and statements
//! are our own, of the same shape: look the ticket up, lock its row, read its check-ins, insert one and a line of a log,
//! commit.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use matchday_store::testing::{self, TestDatabase};
use sqlx::{Connection, Executor, PgConnection};
use tokio::sync::Mutex;

use crate::{hosted::url, load::rate};

/// Clients, each with a connection of its own.
pub(crate) const CLIENTS: usize = 32;
/// Tickets there are: more than the machine checks in.
const TICKETS: i64 = 400_000;

const SCHEMA: &str = "
    CREATE TABLE tickets (id BIGINT PRIMARY KEY, secret TEXT NOT NULL UNIQUE, item BIGINT NOT NULL, paid BOOLEAN NOT NULL);
    CREATE TABLE check_ins (
        id BIGSERIAL PRIMARY KEY,
        ticket BIGINT NOT NULL REFERENCES tickets,
        list BIGINT NOT NULL,
        moment TIMESTAMPTZ NOT NULL,
        nonce TEXT NOT NULL,
        successful BOOLEAN NOT NULL
    );
    CREATE INDEX check_ins_by_ticket ON check_ins (ticket, list);
    CREATE TABLE log (id BIGSERIAL PRIMARY KEY, ticket BIGINT NOT NULL, action TEXT NOT NULL, moment TIMESTAMPTZ NOT NULL);
    CREATE INDEX log_by_ticket ON log (ticket);
";

/// Such a system, with its clients.
pub(crate) struct Ticketing {
    clients: Vec<Client>,
    _database: TestDatabase,
}

/// A client and the ticket that comes next.
#[derive(Clone)]
struct Client {
    connection: Arc<Mutex<PgConnection>>,
    next: Arc<AtomicI64>,
}

impl Ticketing {
    /// Sells the tickets and connects the clients; `None` where there is no server.
    ///
    /// # Panics
    /// When the server does not answer.
    pub(crate) async fn open() -> Option<Self> {
        let database = testing::postgres().await?;
        let url = url(&database).expect("it is a server's");
        let mut connection = PgConnection::connect(&url).await.expect("the server answers");
        connection.execute(SCHEMA).await.expect("new tables");
        let sell = "INSERT INTO tickets SELECT n, 't' || n, 1, TRUE FROM generate_series(1, $1) AS n";
        sqlx::query(sell).bind(TICKETS).execute(&mut connection).await.expect("new tickets");
        connection.execute("ANALYZE").await.expect("it is counted");
        let next = Arc::new(AtomicI64::new(1));
        let mut clients = Vec::with_capacity(CLIENTS);
        for _ in 0..CLIENTS {
            let connection = PgConnection::connect(&url).await.expect("the server answers");
            clients.push(Client { connection: Arc::new(Mutex::new(connection)), next: next.clone() });
        }
        Some(Self { clients, _database: database })
    }

    /// Checks people in for a while; returns check-ins per second.
    pub(crate) async fn check_in(&self, lasts: Duration) -> f64 {
        rate(&self.clients, lasts, |client| async move {
            let number = client.next.fetch_add(1, Ordering::Relaxed);
            assert!(number <= TICKETS, "there are tickets for the whole while");
            let mut connection = client.connection.lock().await;
            check_in(&mut connection, number).await.expect("the ticket is good for one check-in");
        })
        .await
    }
}

async fn check_in(connection: &mut PgConnection, number: i64) -> Result<(), sqlx::Error> {
    let mut transaction = connection.begin().await?;
    let ticket: i64 = sqlx::query_scalar("SELECT id FROM tickets WHERE secret = $1 AND paid")
        .bind(format!("t{number}"))
        .fetch_one(&mut *transaction)
        .await?;
    sqlx::query("SELECT id FROM tickets WHERE id = $1 FOR UPDATE")
        .bind(ticket)
        .execute(&mut *transaction)
        .await?;
    let before: i64 =
        sqlx::query_scalar("SELECT count(*) FROM check_ins WHERE ticket = $1 AND list = 1 AND successful")
            .bind(ticket)
            .fetch_one(&mut *transaction)
            .await?;
    assert_eq!(before, 0, "ticket {number} is checked in once");
    let insert =
        "INSERT INTO check_ins (ticket, list, moment, nonce, successful) VALUES ($1, 1, now(), $2, TRUE)";
    sqlx::query(insert).bind(ticket).bind(format!("n{number}")).execute(&mut *transaction).await?;
    sqlx::query("INSERT INTO log (ticket, action, moment) VALUES ($1, 'checkin', now())")
        .bind(ticket)
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await
}
