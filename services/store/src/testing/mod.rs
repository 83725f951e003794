//! For the tests of every service: fresh databases of both kinds, and the suite its store must pass.
//!
//! ```ignore
//! #[tokio::test(flavor = "multi_thread")]
//! async fn conforms() {
//!     matchday_store::testing::conformance("venues", matchday_venues::migrations()).await;
//! }
//! ```

mod database;
mod schema;
mod suite;
mod wait;
mod work;

pub use database::{TestDatabase, databases, postgres, sqlite};
pub use suite::conformance;
pub use wait::{PATIENCE, wait_for};
pub use work::{Refused, append, call, now, take_place};
