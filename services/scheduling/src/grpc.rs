//! The handlers, thin: parse, write under locks, answer.

pub(crate) mod activities;
mod checks;
mod competition_service;
mod competitions;
mod diff;
mod export;
mod fixtures;
pub(crate) mod frame_value;
mod frames;
mod import;
mod leaving;
mod live;
mod officials;
mod plans;
mod results;
mod rule_value;
pub(crate) mod rules;
mod run_order;
mod runs;
mod schedule;
pub(crate) mod season;
mod sessions;
mod standings;
mod steps;
mod teams;
mod tournaments;
mod versions;
mod watch;

use matchday_kernel::{Slug, TournamentName};
use matchday_rpc::parse;
use matchday_store::{NewEvent, Tx};

use crate::Error;

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

/// An id that may be absent.
fn optional_id(field: &str, id: String) -> Result<String, Error> {
    if !id.is_empty() {
        parse::text_as::<Slug>(field, &id)?;
    }
    Ok(id)
}
