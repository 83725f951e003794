//! Connections: one to read with, and the transaction a write runs in.

use std::ops::{Deref, DerefMut};

use matchday_kernel::Instant;
use sqlx::{Postgres, Sqlite, pool::PoolConnection};

use crate::{
    NewEvent,
    call::{Call, Cause},
};

/// Expands a body once for each database, so that one SQL text serves both with native types.
///
/// `$conn` is a [`Conn`] or a [`Tx`] (or a `&mut` of one); `$c` is bound to a `&mut SqliteConnection` or a
/// `&mut PgConnection` of this crate's `sqlx`.
///
/// ```ignore
/// let seats: i64 = on_db!(tx, |c| sqlx::query_scalar("SELECT seats FROM zones WHERE name = $1")
///     .bind(name)
///     .fetch_one(c)
///     .await)?;
/// ```
#[macro_export]
macro_rules! on_db {
    ($conn:expr, |$c:ident| $body:expr) => {
        match $conn.native() {
            $crate::Native::Sqlite(connection) => {
                let $c: &mut $crate::sqlx::SqliteConnection = connection;
                $body
            }
            $crate::Native::Postgres(connection) => {
                let $c: &mut $crate::sqlx::PgConnection = connection;
                $body
            }
        }
    };
}

/// A connection of one of the two databases.
#[derive(Debug)]
pub enum Native {
    /// A connection to the service's file.
    Sqlite(PoolConnection<Sqlite>),
    /// A connection to the service's schema.
    Postgres(PoolConnection<Postgres>),
}

/// A connection to read with; use it through [`on_db!`].
#[derive(Debug)]
pub struct Conn {
    native: Native,
}

impl Conn {
    pub(crate) fn new(native: Native) -> Self {
        Self { native }
    }

    /// The native connection.
    pub fn native(&mut self) -> &mut Native {
        &mut self.native
    }
}

/// The transaction of a write: a [`Conn`] that also knows the time and collects events.
///
/// It is committed by the store. A statement of a write never begins or ends a transaction; after a
/// failed statement the write returns an error.
#[derive(Debug)]
pub struct Tx {
    conn: Conn,
    now: Instant,
    cause: Cause,
    emitted: Vec<Emitted>,
}

/// An event to be appended, with why and when.
#[derive(Debug)]
pub(crate) struct Emitted {
    pub(crate) event: NewEvent,
    pub(crate) cause: Cause,
    pub(crate) at: Instant,
}

impl Tx {
    pub(crate) fn new(conn: Conn, now: Instant) -> Self {
        Self { conn, now, cause: Cause::default(), emitted: Vec::new() }
    }

    /// The time of the call.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.now
    }

    /// Appends an event to the log, when the write is committed.
    pub fn emit(&mut self, event: NewEvent) {
        self.emitted.push(Emitted { event, cause: self.cause.clone(), at: self.now });
    }

    /// Begins a write of the batch; returns how many events stand before it.
    pub(crate) fn start(&mut self, call: &Call) -> usize {
        self.now = call.now;
        self.cause = Cause {
            actor: call.actor.clone(),
            change: call.change.clone(),
            request_id: call.request_id.clone().unwrap_or_default(),
        };
        self.emitted.len()
    }

    /// Sets why the following events happen.
    pub(crate) fn set_cause(&mut self, cause: Cause) {
        self.cause = cause;
    }

    /// The id of the change the write belongs to.
    #[must_use]
    pub fn change(&self) -> &str {
        &self.cause.change
    }

    /// The actor of the write.
    #[must_use]
    pub fn actor(&self) -> &str {
        &self.cause.actor
    }

    /// Checks the events emitted since `mark`.
    pub(crate) fn check(&self, mark: usize) -> Result<(), String> {
        self.emitted[mark..].iter().try_for_each(|emitted| emitted.event.check())
    }

    /// Forgets the events emitted since `mark`.
    pub(crate) fn forget(&mut self, mark: usize) {
        self.emitted.truncate(mark);
    }

    /// Takes all events of the batch.
    pub(crate) fn take_emitted(&mut self) -> Vec<Emitted> {
        std::mem::take(&mut self.emitted)
    }
}

impl Deref for Tx {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}
