//! The store of a service: opens its database and takes its reads and writes.

use std::{fmt, sync::Arc};

use futures_util::future::BoxFuture;
use matchday_kernel::{Clock, Random, uuid_v7};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    Call, Conn, Database, Lease, Locks, Log, Migrations, StoreError, Tx,
    call::Key,
    database::Pools,
    gather::Gatherers,
    job::{Job, Write},
    lease::Candidate,
    on_db, wake,
    wake::Head,
    writer::Writer,
};

/// Writes that may wait; more callers wait to be let in.
const QUEUE: usize = 4096;

/// How to open a store.
#[derive(Clone, Debug)]
pub struct Config {
    /// Name of the service: also of its log and its PostgreSQL schema.
    pub service: &'static str,
    /// Where its data is.
    pub database: Database,
    /// Its tables.
    pub migrations: Migrations,
    /// The time, for what the store does on its own.
    pub clock: Clock,
    /// Randomness, for the id of a new log.
    pub random: Random,
    /// Whether processes on one PostgreSQL notify each other of events; otherwise they poll.
    pub notify: bool,
    /// Most writes committed at once; 1,000 is a good number.
    pub max_batch: usize,
}

/// The store of a service; clones are the same store.
///
/// When the last clone is dropped, the writes in the queue are still finished; [`Store::close`] waits for
/// them.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    service: &'static str,
    log: Log,
    gatherers: Gatherers,
    clock: Clock,
    queue: mpsc::Sender<Job>,
    closing: CancellationToken,
    finished: CancellationToken,
    /// Ends the tasks that wake followers.
    stop: CancellationToken,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl Store {
    /// Opens the database, brings it up to date and starts the writer.
    ///
    /// # Errors
    /// [`StoreError::NewerDatabase`], [`StoreError::ForeignDatabase`], [`StoreError::InvalidConfig`] or
    /// [`StoreError::Unavailable`].
    pub async fn open(config: Config) -> Result<Self, StoreError> {
        let Config { service, database, migrations, clock, random, notify, max_batch } = config;
        let pools = Pools::open(service, &database, &migrations).await?;
        let (id, sequence) = ensure_log(&pools, uuid_v7(&clock, &random), clock.clone()).await?;
        let head = Head::new(sequence);
        let (queue, jobs) = mpsc::channel(QUEUE);
        let closing = CancellationToken::new();
        let finished = CancellationToken::new();
        let writer = Writer {
            service,
            pools: pools.clone(),
            clock: clock.clone(),
            head: head.clone(),
            max_batch: max_batch.max(1),
            closing: closing.clone(),
        };
        let done = finished.clone().drop_guard();
        tokio::spawn(async move {
            writer.run(jobs).await;
            drop(done);
        });
        let stop = CancellationToken::new();
        wake::start(service, &pools, &head, notify, &stop);
        let gatherers = Gatherers::new(pools.clone(), closing.clone());
        let log = Log { id, pools, head };
        Ok(Self { inner: Arc::new(Inner { service, log, gatherers, clock, queue, closing, finished, stop }) })
    }

    /// Name of the service.
    #[must_use]
    pub fn service(&self) -> &'static str {
        self.inner.service
    }

    /// A connection to read with.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn read(&self) -> Result<Conn, StoreError> {
        self.inner.log.pools.read().await
    }

    /// Reads a resource that must exist, as it stands after every write acknowledged before.
    ///
    /// # Errors
    /// `RESOURCE_NOT_FOUND`, [`StoreError::Unavailable`] and [`StoreError::Closed`].
    pub async fn get<R: crate::Record + Clone + 'static>(&self, name: &str) -> Result<R, StoreError> {
        let found = self.inner.gatherers.find(name).await?;
        Ok(found.ok_or_else(|| matchday_kernel::Common::not_found(name))?)
    }

    /// Runs `work` in a transaction under `locks` and returns after the commit; its changes, its events and
    /// its idempotency row are written together, or not at all.
    ///
    /// A call that repeats the request id of an earlier success of the same caller and method gets that
    /// one's reply, and `work` is not run. Dropping the returned future does not stop a write that has been
    /// queued.
    ///
    /// Other writes wait while `work` runs: it only speaks to the database, and never calls `write` itself.
    /// After 30 seconds its batch is given up.
    ///
    /// # Errors
    /// What `work` returns; then nothing is written. Otherwise a [`StoreError`]:
    /// [`StoreError::RequestIdReused`], [`StoreError::InvalidCall`], [`StoreError::Unavailable`],
    /// [`StoreError::Aborted`], [`StoreError::Closed`] and [`StoreError::Internal`] mean that nothing was
    /// written, [`StoreError::OutcomeUnknown`] that it may have been.
    pub async fn write<R, E, F>(&self, call: Call, locks: Locks, work: F) -> Result<R, E>
    where
        R: prost::Message + Default + 'static,
        E: From<StoreError> + Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<R, E>> + Send + 'static,
    {
        call.check()?;
        let (caller, outcome) = oneshot::channel();
        let job = Job { key: Key::of(&call), call, locks, work: Box::new(Write::new(work, caller)) };
        self.inner.queue.send(job).await.map_err(|_| StoreError::Closed)?;
        outcome.await.map_err(|_| StoreError::Closed)??
    }

    /// Takes the lease of a name; `None` while another process of the service holds it. On SQLite there is one
    /// process, and a lease is never refused.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn lease(&self, name: &str) -> Result<Option<Lease>, StoreError> {
        Candidate::new(self.inner.service, self.pools(), name).take().await
    }

    /// The service's event log.
    #[must_use]
    pub fn log(&self) -> Log {
        self.inner.log.clone()
    }

    /// Finishes the writes in the queue, refuses new ones and closes all connections.
    pub async fn close(&self) {
        self.inner.closing.cancel();
        self.inner.finished.cancelled().await;
        self.inner.stop.cancel();
        self.inner.log.pools.close().await;
    }

    pub(crate) fn pools(&self) -> &Pools {
        &self.inner.log.pools
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.inner.clock
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store")
            .field("service", &self.inner.service)
            .field("log", &self.inner.log)
            .finish_non_exhaustive()
    }
}

/// Gives a new database its log; returns the log's id and head.
async fn ensure_log(pools: &Pools, id: Uuid, clock: Clock) -> Result<(Uuid, i64), StoreError> {
    let mut tx = Tx::new(pools.write().await?, clock.now());
    on_db!(tx, |c| sqlx::query(
        "INSERT INTO log_head (one, log_id, sequence) VALUES (1, $1, 0) ON CONFLICT DO NOTHING"
    )
    .bind(id)
    .execute(c)
    .await
    .map(drop))?;
    Ok(on_db!(tx, |c| sqlx::query_as("SELECT log_id, sequence FROM log_head").fetch_one(c).await)?)
}
