//! Idempotency rows: the replies to calls with a request id, kept seven days.

use std::collections::HashMap;

use matchday_kernel::{Instant, SignedDuration};
use sqlx::{QueryBuilder, Sqlite};

use crate::{Native, StoreError, Tx, call::Key, on_db};

/// How long a reply is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How often old replies are looked for.
const EVERY: SignedDuration = SignedDuration::from_hours(1);
/// Old replies removed in one batch, so that no batch is long.
const PURGED: i64 = 1000;
/// Rows of one statement on `SQLite`: bounds the number of different statements to prepare.
const ROWS: usize = 64;
/// The lock under which old replies are removed.
pub(crate) const PURGE_LOCK: &str = "replies/purge";

/// A stored reply.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) body_hash: [u8; 32],
    pub(crate) reply: Vec<u8>,
}

type Row = (String, String, String, Vec<u8>, Vec<u8>);

/// The stored replies to these keys.
pub(crate) async fn load(tx: &mut Tx, keys: &[&Key]) -> Result<HashMap<Key, Reply>, StoreError> {
    let mut rows: Vec<Row> = Vec::new();
    match tx.native() {
        _ if keys.is_empty() => {}
        Native::Sqlite(connection) => {
            for keys in keys.chunks(ROWS) {
                let mut query = QueryBuilder::<Sqlite>::new("WITH wanted (caller, method, request_id) AS (");
                query.push_values(keys, |mut row, key| {
                    row.push_bind(&key.caller).push_bind(&key.method).push_bind(&key.request_id);
                });
                query.push(
                    ") SELECT replies.caller, replies.method, replies.request_id, body_hash, reply \
                     FROM wanted CROSS JOIN replies USING (caller, method, request_id)",
                );
                rows.extend(query.build_query_as::<Row>().fetch_all(&mut **connection).await?);
            }
        }
        Native::Postgres(connection) => {
            rows = sqlx::query_as(
                "SELECT caller, method, request_id, body_hash, reply FROM replies \
                 WHERE (caller, method, request_id) IN (SELECT * FROM UNNEST($1::text[], $2::text[], $3::text[]))",
            )
            .bind(column(keys, |key| &key.caller))
            .bind(column(keys, |key| &key.method))
            .bind(column(keys, |key| &key.request_id))
            .fetch_all(&mut **connection)
            .await?;
        }
    }
    rows.into_iter()
        .map(|(caller, method, request_id, body_hash, reply)| {
            let body_hash =
                body_hash.try_into().map_err(|_| StoreError::internal("a body hash is not 32 bytes"))?;
            Ok((Key { caller, method, request_id }, Reply { body_hash, reply }))
        })
        .collect()
}

/// Stores the replies of a batch.
pub(crate) async fn save(tx: &mut Tx, replies: &[(&Key, Instant, &Reply)]) -> Result<(), StoreError> {
    match tx.native() {
        _ if replies.is_empty() => {}
        Native::Sqlite(connection) => {
            for replies in replies.chunks(ROWS) {
                let mut query = QueryBuilder::<Sqlite>::new(
                    "INSERT INTO replies (caller, method, request_id, body_hash, reply, at) ",
                );
                query.push_values(replies, |mut row, (key, at, reply)| {
                    row.push_bind(&key.caller).push_bind(&key.method).push_bind(&key.request_id);
                    row.push_bind(reply.body_hash.as_slice())
                        .push_bind(&reply.reply)
                        .push_bind(at.as_micros());
                });
                query.build().execute(&mut **connection).await?;
            }
        }
        Native::Postgres(connection) => {
            sqlx::query(
                "INSERT INTO replies (caller, method, request_id, body_hash, reply, at) \
                 SELECT * FROM UNNEST($1::text[], $2::text[], $3::text[], $4::bytea[], $5::bytea[], $6::bigint[])",
            )
            .bind(column(replies, |(key, ..)| &key.caller))
            .bind(column(replies, |(key, ..)| &key.method))
            .bind(column(replies, |(key, ..)| &key.request_id))
            .bind(replies.iter().map(|(.., reply)| reply.body_hash.as_slice()).collect::<Vec<_>>())
            .bind(replies.iter().map(|(.., reply)| reply.reply.as_slice()).collect::<Vec<_>>())
            .bind(replies.iter().map(|(_, at, _)| at.as_micros()).collect::<Vec<_>>())
            .execute(&mut **connection)
            .await?;
        }
    }
    Ok(())
}

/// One text of each row, as PostgreSQL takes a column.
fn column<T>(rows: &[T], text: impl Fn(&T) -> &str) -> Vec<&str> {
    rows.iter().map(text).collect()
}

/// When old replies were last removed.
#[derive(Debug, Default)]
pub(crate) struct Purge {
    next: Option<Instant>,
}

impl Purge {
    /// Whether it is time to look for old replies.
    pub(crate) fn is_due(&self, now: Instant) -> bool {
        self.next.is_none_or(|next| now >= next)
    }

    /// Removes old replies, at most a thousand; the next batch goes on where there are more.
    pub(crate) async fn run(&mut self, tx: &mut Tx, now: Instant) -> Result<(), StoreError> {
        let Some(before) = now.checked_add(-KEPT) else {
            return Ok(());
        };
        let removed = on_db!(tx, |c| sqlx::query(
            "DELETE FROM replies WHERE (caller, method, request_id) IN \
             (SELECT caller, method, request_id FROM replies WHERE at < $1 ORDER BY at LIMIT $2)"
        )
        .bind(before.as_micros())
        .bind(PURGED)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
        let is_done = removed < PURGED.unsigned_abs();
        self.next = is_done.then(|| now.checked_add(EVERY)).flatten();
        Ok(())
    }
}
