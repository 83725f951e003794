//! Tells who follows a log that it has grown.
//!
//! In this process a watch channel does. Between processes on one PostgreSQL a notification after the
//! commit does, and a poll finds what was not notified.

use std::{sync::Arc, time::Duration};

use sqlx::{PgPool, postgres::PgListener};
use tokio::{
    sync::{Notify, watch},
    time::{MissedTickBehavior, interval, sleep},
};
use tokio_util::sync::CancellationToken;
use tracing::debug;

use crate::{StoreError, database::Pools};

/// How often the head is read from the database.
const POLL: Duration = Duration::from_millis(250);
/// How long after a failed connection another one is tried.
const RETRY: Duration = Duration::from_secs(1);

/// The sequence of the last event known to be committed.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    sequence: watch::Sender<i64>,
    committed: Arc<Notify>,
}

impl Head {
    pub(crate) fn new(sequence: i64) -> Self {
        Self { sequence: watch::Sender::new(sequence), committed: Arc::default() }
    }

    pub(crate) fn subscribe(&self) -> watch::Receiver<i64> {
        self.sequence.subscribe()
    }

    /// This process has committed events up to `sequence`.
    pub(crate) fn committed(&self, sequence: i64) {
        self.seen(sequence);
        self.committed.notify_one();
    }

    /// Somebody has committed events up to `sequence`; it never goes back.
    fn seen(&self, sequence: i64) {
        self.sequence.send_if_modified(|head| {
            let is_new = sequence > *head;
            *head = sequence.max(*head);
            is_new
        });
    }
}

/// Starts what PostgreSQL needs; it ends with `stop`.
pub(crate) fn start(
    service: &'static str,
    pools: &Pools,
    head: &Head,
    notify: bool,
    stop: &CancellationToken,
) {
    let Pools::Postgres { own, read, .. } = pools else {
        return;
    };
    let spawn = |task: futures_util::future::BoxFuture<'static, ()>| {
        let stop = stop.clone();
        tokio::spawn(async move { stop.run_until_cancelled(task).await });
    };
    spawn(Box::pin(poll(read.clone(), head.clone())));
    if notify {
        let channel = format!("matchday_{service}");
        spawn(Box::pin(send(own.clone(), head.clone(), channel.clone())));
        spawn(Box::pin(listen(own.clone(), head.clone(), channel)));
    }
}

/// Reads the head of the log.
async fn poll(pool: PgPool, head: Head) {
    let mut ticks = interval(POLL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        match sqlx::query_scalar("SELECT sequence FROM log_head").fetch_one(&pool).await {
            Ok(sequence) => head.seen(sequence),
            Err(error) => debug!(%error, "log head not read"),
        }
    }
}

/// Notifies the other processes, apart from the writer so that no write waits for it; what gathers
/// meanwhile is one notification.
async fn send(pool: PgPool, head: Head, channel: String) {
    loop {
        head.committed.notified().await;
        let sequence = *head.sequence.borrow();
        let sent = sqlx::query("SELECT pg_notify($1, $2)")
            .bind(&channel)
            .bind(sequence.to_string())
            .execute(&pool)
            .await;
        if let Err(error) = sent {
            debug!(%error, "followers not notified; they poll");
        }
    }
}

/// Hears the notifications of the other processes.
async fn listen(pool: PgPool, head: Head, channel: String) {
    loop {
        let error: StoreError = match receive(&pool, &head, &channel).await {
            Ok(()) => return,
            Err(error) => error.into(),
        };
        debug!(%error, "not listening; polling");
        sleep(RETRY).await;
    }
}

async fn receive(pool: &PgPool, head: &Head, channel: &str) -> Result<(), sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(channel).await?;
    loop {
        let notification = match listener.recv().await {
            Err(sqlx::Error::PoolClosed) => return Ok(()),
            other => other?,
        };
        if let Ok(sequence) = notification.payload().parse() {
            head.seen(sequence);
        }
    }
}
