//! A batch: many writes in one transaction, a savepoint each.

use std::{collections::HashMap, time::Duration};

use futures_util::future::BoxFuture;
use matchday_kernel::Instant;
use sqlx::{Executor, TransactionManager, postgres::PgTransactionManager, sqlite::SqliteTransactionManager};
use tokio::time::timeout;

use crate::{
    Native, StoreError, Tx, append,
    call::Key,
    job::Job,
    lock, on_db,
    replies::{self, PURGE_LOCK, Purge, Reply},
};

/// How long a batch waits for one step, such as a lock or a closure, before it is given up.
const PATIENCE: Duration = Duration::from_secs(30);

/// Begins the transaction. Nothing has run yet, so that it can be begun again on another connection.
pub(crate) async fn begin(tx: &mut Tx) -> Result<(), StoreError> {
    let begin = async {
        match tx.native() {
            Native::Sqlite(c) => SqliteTransactionManager::begin(c, Some("BEGIN IMMEDIATE".into())).await,
            // the locks are taken by a statement, and the next one must see what others committed under them
            Native::Postgres(c) => {
                PgTransactionManager::begin(c, Some("BEGIN ISOLATION LEVEL READ COMMITTED".into())).await
            }
        }
    };
    within(Box::pin(begin)).await
}

/// Runs the jobs up to, but without, the commit; returns the log's new head when there are events.
///
/// # Errors
/// The batch cannot be committed, and nothing of it was.
pub(crate) async fn run(
    tx: &mut Tx,
    service: &str,
    jobs: &mut [Job],
    purge: &mut Purge,
) -> Result<Option<i64>, StoreError> {
    let latest = jobs.iter().map(|job| job.call.now).max();
    let purge_at = latest.filter(|now| purge.is_due(*now));
    if matches!(tx.native(), Native::Postgres(_)) {
        let locks = lock::keys(service, jobs, purge_at.map(|_| PURGE_LOCK));
        within(Box::pin(lock::take(tx, service, locks))).await?;
    }
    if let Some(now) = purge_at {
        within(Box::pin(purge.run(tx, now))).await?;
    }
    let keys: Vec<&Key> = jobs.iter().filter_map(|job| job.key.as_ref()).collect();
    let mut known = within(Box::pin(replies::load(tx, &keys))).await?;
    let mut fresh: Vec<(Key, Instant)> = Vec::new();

    within(Box::pin(savepoint(tx))).await?;
    for job in jobs {
        if let Some(key) = job.key.as_ref().filter(|key| known.contains_key(key)) {
            repeat(job, key.clone(), &known);
        } else if step(tx, job).await?
            && let Some(key) = &job.key
        {
            let reply = Reply { body_hash: job.call.body_hash, reply: job.work.reply() };
            known.insert(key.clone(), reply);
            fresh.push((key.clone(), job.call.now));
        }
    }

    let fresh: Vec<_> = fresh.iter().map(|(key, at)| (key, *at, &known[key])).collect();
    within(Box::pin(replies::save(tx, &fresh))).await?;
    within(Box::pin(append::append(tx))).await
}

/// Commits.
///
/// # Errors
/// Nobody knows whether it was committed.
pub(crate) async fn commit(tx: &mut Tx) -> Result<(), StoreError> {
    let commit = async {
        match tx.native() {
            Native::Sqlite(c) => SqliteTransactionManager::commit(c).await,
            Native::Postgres(c) => PgTransactionManager::commit(c).await,
        }
    };
    within(Box::pin(commit)).await
}

/// Answers a repeated call: with the earlier reply, or a refusal when it asks for something else.
fn repeat(job: &mut Job, key: Key, known: &HashMap<Key, Reply>) {
    let earlier = &known[&key];
    if earlier.body_hash == job.call.body_hash {
        job.work.replay(&earlier.reply);
    } else {
        let Key { method, request_id, .. } = key;
        job.work.refuse(StoreError::RequestIdReused { method, request_id });
    }
}

/// Runs one job between savepoints; true when it stays in the transaction.
async fn step(tx: &mut Tx, job: &mut Job) -> Result<bool, StoreError> {
    let mark = tx.start(&job.call);
    let is_success = timeout(PATIENCE, job.work.run(tx)).await.map_err(|_| late())?;
    let refusal = if !is_success {
        None
    } else if let Err(problem) = tx.check(mark) {
        Some(StoreError::internal(problem))
    } else {
        match within(Box::pin(next(tx))).await {
            Ok(()) => return Ok(true),
            // it went on after a failed statement, which PostgreSQL does not allow
            Err(error) => Some(StoreError::internal(error)),
        }
    };
    tx.forget(mark);
    within(Box::pin(roll_back(tx))).await?;
    if let Some(error) = refusal {
        job.work.refuse(error);
    }
    Ok(false)
}

async fn savepoint(tx: &mut Tx) -> Result<(), sqlx::Error> {
    on_db!(tx, |c| c.execute("SAVEPOINT w").await.map(drop))
}

/// Keeps what one job did and begins the next, in one round trip.
async fn next(tx: &mut Tx) -> Result<(), sqlx::Error> {
    on_db!(tx, |c| c.execute("RELEASE SAVEPOINT w; SAVEPOINT w").await.map(drop))
}

/// Undoes what one job did; the savepoint stays for the next.
async fn roll_back(tx: &mut Tx) -> Result<(), sqlx::Error> {
    on_db!(tx, |c| c.execute("ROLLBACK TO SAVEPOINT w").await.map(drop))
}

/// Bounds a step: a dead server must not hold up all writes for ever.
async fn within<T, E: Into<StoreError>>(step: BoxFuture<'_, Result<T, E>>) -> Result<T, StoreError> {
    timeout(PATIENCE, step).await.map_err(|_| late())?.map_err(Into::into)
}

fn late() -> StoreError {
    StoreError::Unavailable(format!("no answer within {} s", PATIENCE.as_secs()))
}
