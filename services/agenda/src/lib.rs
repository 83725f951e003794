//! The agenda: what a service that follows scheduling keeps of it, and the work that follows from it.
//!
//! | where | what |
//! |---|---|
//! | `occasion` | an activity or a session with its class of the service plan, and its key times; pure |
//! | `changed` | the activity that an event is about |
//! | `follow` | how work follows when its occasion is delayed; ids of derived work; pure |
//! | `mirror` | the table `agenda` of the follower: [`hear`] an event, read [`occasions`] and the [`plan`], say what is [`followed`] |
//!
//! A follower calls [`hear`] for every event of scheduling's log and derives its own things anew for the
//! occasions that come back, as if it had never done so before: what is there already and unchanged stays. It
//! takes the event's time for the present, so that every replica and every replay decides the same.
//!
//! The table, in each follower's own schema (`TEXT COLLATE "C"` and `BYTEA` on `PostgreSQL`):
//!
//! ```sql
//! CREATE TABLE agenda (
//!     name TEXT NOT NULL PRIMARY KEY,
//!     tournament TEXT NOT NULL,
//!     session TEXT NOT NULL,
//!     body BLOB NOT NULL,
//!     fixed TEXT NOT NULL,
//!     published INTEGER NOT NULL
//! ) STRICT;
//! CREATE INDEX agenda_by_session ON agenda (session);
//! CREATE INDEX agenda_by_tournament ON agenda (tournament);
//! ```

mod changed;
mod follow;
mod mirror;
mod occasion;

pub use changed::{Changed, changed};
pub use follow::{follow, work_id};
pub use mirror::{followed, hear, locks, occasions, plan, time_of};
pub use occasion::{Occasion, Unresolved};
