//! The event log of a service.

use std::fmt;

use matchday_kernel::Instant;
use prost_types::{Any, Timestamp};
use tokio::sync::watch;
use uuid::Uuid;

use crate::{Event, StoreError, call::type_url, database::Pools, on_db, wake::Head};

/// A service's own log, to read.
#[derive(Clone)]
pub struct Log {
    pub(crate) id: Uuid,
    pub(crate) pools: Pools,
    pub(crate) head: Head,
}

#[derive(sqlx::FromRow)]
struct EventRow {
    sequence: i64,
    kind: String,
    resource: String,
    tournament: String,
    actor: String,
    change: String,
    request_id: String,
    at: i64,
    payload: Vec<u8>,
}

impl Log {
    /// The id of the log; another database has another one.
    #[must_use]
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// The sequence of the last event; 0 when there is none.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn head(&self) -> Result<i64, StoreError> {
        let mut conn = self.pools.read().await?;
        Ok(on_db!(conn, |c| sqlx::query_scalar("SELECT sequence FROM log_head").fetch_one(c).await)?)
    }

    /// The events after a sequence, in their order, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn after(&self, sequence: i64, limit: usize) -> Result<Vec<Event>, StoreError> {
        let mut conn = self.pools.read().await?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows: Vec<EventRow> = on_db!(conn, |c| sqlx::query_as(
            "SELECT sequence, kind, resource, tournament, actor, change, request_id, at, payload \
             FROM events WHERE sequence > $1 ORDER BY sequence LIMIT $2"
        )
        .bind(sequence)
        .bind(limit)
        .fetch_all(c)
        .await)?;
        rows.into_iter().map(|row| self.event(row)).collect()
    }

    /// Watches the sequence of the last event; it begins at the log's head.
    #[must_use]
    pub fn subscribe(&self) -> watch::Receiver<i64> {
        self.head.subscribe()
    }

    fn event(&self, row: EventRow) -> Result<Event, StoreError> {
        let at = Instant::from_micros(row.at).map_err(StoreError::internal)?;
        Ok(Event {
            sequence: row.sequence,
            log_id: self.id.to_string(),
            resource: row.resource,
            tournament: row.tournament,
            actor: row.actor,
            change: row.change,
            request_id: row.request_id,
            time: Some(timestamp(at)),
            payload: Some(Any { type_url: type_url(&row.kind), value: row.payload }),
            r#type: row.kind,
        })
    }
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Log").field("id", &self.id).finish_non_exhaustive()
    }
}

fn timestamp(at: Instant) -> Timestamp {
    let micros = at.as_micros();
    let nanos =
        i32::try_from(micros.rem_euclid(1_000_000) * 1000).expect("less than a second of nanoseconds");
    Timestamp { seconds: micros.div_euclid(1_000_000), nanos }
}
