//! The handlers, thin: parse, write under locks, answer.

mod applicants;
mod applications;
pub(crate) mod apply;
pub(crate) mod apply_many;
pub(crate) mod assign;
pub(crate) mod attendance;
mod broadcast;
pub(crate) mod by_code;
pub(crate) mod calendars;
pub(crate) mod care;
pub(crate) mod certificates;
mod choose;
pub(crate) mod decide;
mod drafts;
mod duty;
mod erase;
mod explain;
pub(crate) mod facts;
mod fields;
pub(crate) mod fill;
pub(crate) mod fixed;
pub(crate) mod hours;
pub(crate) mod import;
pub(crate) mod interview;
pub(crate) mod invitation;
mod learning;
pub(crate) mod many;
pub(crate) mod messages;
mod own;
pub(crate) mod phase;
mod publish;
pub(crate) mod replace;
mod roster;
pub(crate) mod roster_rules;
pub(crate) mod trade;
pub(crate) mod training;
mod volunteers;
pub(crate) mod waiting;

use matchday_store::Locks;

/// The lock of a roster: everything that concerns assignments of a tournament is decided under it.
fn lock(tournament: impl AsRef<str>) -> Locks {
    Locks::of([tournament.as_ref()])
}
