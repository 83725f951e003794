//! The store: two databases behind one write path.
//!
//! - [`Store::write`] runs a closure in a transaction under locks, with its idempotency row and its
//!   events, and answers after the commit. One task per store commits many writes at once.
//! - [`Store::read`] lends a connection; [`on_db!`] expands one SQL text for both databases.
//! - [`Log`] is the service's own event log; [`follow`] applies the log of another service exactly once.
//! - [`Store::lease`] lends a name to one process at a time.
//! - [`DataDirectory`] keeps a second process out of the SQLite files.
//!
//! A new service brings its twin migrations and a [`Config`]; the feature `conformance` has the suite
//! that its stores must pass on both databases.

mod append;
mod batch;
mod call;
mod conn;
mod cursor;
mod database;
mod directory;
mod error;
mod follow;
mod gather;
mod job;
mod lease;
mod lock;
mod log;
mod migrate;
mod replies;
mod source;
mod status;
mod step;
mod store;
mod table;
mod tail;
#[cfg(feature = "conformance")]
pub mod testing;
mod wake;
mod writer;

pub use call::{Call, Locks, NewEvent};
pub use conn::{Conn, Native, Tx};
pub use database::Database;
pub use directory::DataDirectory;
pub use error::StoreError;
pub use follow::follow;
pub use futures_util::{future::BoxFuture, stream::BoxStream};
pub use lease::Lease;
pub use log::Log;
pub use matchday_api::event::v1::Event;
pub use migrate::Migrations;
pub use source::{Defect, Effect, Position, Source, SourceError, Tail};
/// The database library, for the expansion of [`on_db!`] and for services' own statements.
pub use sqlx;
pub use status::{Follower, FollowerStatus, Health};
pub use store::{Config, Store};
pub use table::{Record, TableSql};
