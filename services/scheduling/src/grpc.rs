//! The handlers, thin: parse, write under locks, answer.

mod activities;
mod import;
mod schedule;
mod sessions;
mod teams;
mod tournaments;
mod watch;

use matchday_kernel::TournamentName;
use matchday_store::{NewEvent, Tx};

/// An event of a resource, which belongs to a tournament.
pub(crate) fn emit<M: prost::Name>(tx: &mut Tx, resource: &str, tournament: &TournamentName, payload: &M) {
    tx.emit(NewEvent::new(resource, Some(tournament), payload));
}

/// The tournament a name lies in; the lock of everything that changes its schedule. A name that lies in none
/// locks nothing, and is refused later.
pub(crate) fn tournament_in(name: &str) -> Option<String> {
    let mut parts = name.split('/');
    match (parts.next(), parts.next()) {
        (Some("tournaments"), Some(id)) => Some(format!("tournaments/{id}")),
        _ => None,
    }
}
