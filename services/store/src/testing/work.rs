//! Writes for tests that need no table of a service.

use futures_util::future::BoxFuture;
use matchday_kernel::Instant;

use crate::{Call, NewEvent, StoreError, Tx, on_db};

/// Why a write of a test failed.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The place is taken, or the test wanted a refusal.
    #[error("refused")]
    Rule,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for Refused {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

/// The time at which the clock of tests stands: 21 October 2023, 12:00 UTC.
#[must_use]
pub fn now() -> Instant {
    Instant::from_micros(1_697_889_600_000_000).unwrap_or_else(|_| unreachable!("a time in the calendar"))
}

/// A call; with a request id, its body hash is made of `body`.
#[must_use]
pub fn call(request_id: Option<&str>, body: u8) -> Call {
    Call {
        actor: "staff/anna".to_owned(),
        method: "matchday.test.v1.TestService/Take".to_owned(),
        request_id: request_id.map(ToOwned::to_owned),
        body_hash: [body; 32],
        change: "change-1".to_owned(),
        now: now(),
    }
}

/// A write that takes the place `name` in the table of cursors, emits an event and replies with the
/// place's name; refused with [`Refused::Rule`] when the place is taken.
pub fn take_place(tx: &mut Tx, name: String) -> BoxFuture<'_, Result<String, Refused>> {
    Box::pin(async move {
        let taken: i64 =
            on_db!(tx, |c| sqlx::query_scalar("SELECT count(*) FROM cursors WHERE follower = $1")
                .bind(&name)
                .fetch_one(c)
                .await)?;
        if taken > 0 {
            return Err(Refused::Rule);
        }
        on_db!(tx, |c| {
            sqlx::query(
            "INSERT INTO cursors (follower, log, log_id, sequence) SELECT $1, 'place', log_id, 0 FROM log_head"
        )
        .bind(&name)
        .execute(c)
        .await
        .map(drop)
        })?;
        tx.emit(NewEvent::new(&name, None, &prost_types::Duration::default()));
        Ok(name)
    })
}

/// A write that emits `count` events and replies with their number.
pub fn append<'t>(tx: &'t mut Tx, resource: &str, count: i32) -> BoxFuture<'t, Result<i64, Refused>> {
    for nanos in 0..count {
        tx.emit(NewEvent::new(resource, None, &prost_types::Duration { seconds: 0, nanos }));
    }
    Box::pin(async move { Ok(i64::from(count)) })
}
