//! What a follower needs: a log to follow, and what to do with its events.

use std::fmt;

use futures_util::{future::BoxFuture, stream::BoxStream};
use uuid::Uuid;

use crate::{Event, Locks, StoreError, Tx};

/// How far a follower has come in a log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// Id of the log; `None` before the first event.
    pub log_id: Option<Uuid>,
    /// Sequence of the last event applied; 0 before the first.
    pub sequence: i64,
}

/// A log to follow.
pub trait Source: Send + Sync + 'static {
    /// The events after a position: the history, then what is appended, without a gap and without an end.
    fn tail(&self, after: Position) -> BoxFuture<'_, Result<Tail, SourceError>>;
}

/// The stream of a log.
pub type Tail = BoxStream<'static, Result<Event, SourceError>>;

/// Why a log cannot be followed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// It does not answer; it is tried again.
    #[error("{0}")]
    Unavailable(String),
    /// It is not the log that was followed: it has another id, or ends before the position.
    #[error("{0}")]
    Foreign(String),
}

/// What a follower does with events.
///
/// It never refuses: what a rule of this service forbids is stored as a named conflict.
pub trait Effect: Send + Sync + 'static {
    /// The locks that applying these events needs.
    fn locks(&self, events: &[Event]) -> Locks;
    /// Applies an event, in the transaction that moves the cursor past it.
    fn apply<'t>(&'t self, tx: &'t mut Tx, event: &'t Event) -> BoxFuture<'t, Result<(), Defect>>;
}

/// Why an event cannot be applied; it stops the follower.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defect(pub String);

impl Defect {
    /// A defect with its cause.
    pub fn new(cause: impl fmt::Display) -> Self {
        Self(cause.to_string())
    }
}

impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Defect {}

impl From<sqlx::Error> for Defect {
    fn from(error: sqlx::Error) -> Self {
        Self::new(error)
    }
}

impl From<StoreError> for Defect {
    fn from(error: StoreError) -> Self {
        Self(chain(&error))
    }
}

/// An error with its causes.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let next = error.to_string();
        // some errors print their source themselves
        if !text.contains(&next) {
            text.push_str(": ");
            text.push_str(&next);
        }
        cause = error.source();
    }
    text
}
