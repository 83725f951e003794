//! The handlers, thin: parse, write under locks, answer.

pub(crate) mod assign;
pub(crate) mod attendance;
mod drafts;
mod explain;
pub(crate) mod fill;
pub(crate) mod import;
pub(crate) mod invitation;
mod publish;
mod roster;
mod volunteers;

use matchday_store::Locks;

/// The lock of a roster: everything that concerns assignments of a tournament is decided under it.
fn lock(tournament: impl AsRef<str>) -> Locks {
    Locks::of([tournament.as_ref()])
}
