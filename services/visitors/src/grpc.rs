//! The handlers, thin: parse, write under locks, answer.

mod admissions;
pub(crate) mod alert_deeds;
mod alert_figures;
mod alert_rules;
pub(crate) mod alert_watch;
mod alerts;
#[cfg(test)]
mod at_the_gate;
mod credentials;
mod flow;
pub(crate) mod flow_estimate;
mod flow_graph;
mod gates;
#[cfg(test)]
mod governed;
mod governor;
mod import;
#[cfg(test)]
mod many_credentials;
#[cfg(test)]
mod modelled;
mod offline;
mod openings;
mod passages;
mod quotas;
pub(crate) mod redeem;
mod upload;
#[cfg(test)]
mod uploaded;
pub(crate) mod watched;

use matchday_api::visitors::v1 as pb;
use matchday_store::{NewEvent, Tx};

/// An event of something that belongs to a tournament, whose name begins with the tournament's.
pub(crate) fn emit<M: prost::Name>(tx: &mut Tx, resource: &str, payload: &M) {
    let mut event = NewEvent::new(resource, None, payload);
    tournament_of(resource).clone_into(&mut event.tournament);
    tx.emit(event);
}

/// Name of the tournament that a name begins with.
pub(crate) fn tournament_of(name: &str) -> &str {
    let end = name.match_indices('/').nth(1).map_or(name.len(), |(at, _)| at);
    &name[..end]
}

/// The lock under which the scans of a tournament are decided and its openings change. It is one for all of them:
/// a service plan or a schedule version may change each, and nobody is let in by an opening that another process
/// is giving up. `name` is the tournament's, or begins with it.
pub(crate) fn openings_of(name: &str) -> String {
    format!("{}/openings", tournament_of(name))
}

/// An event that an opening was changed.
pub(crate) fn changed(tx: &mut Tx, now: &pb::Opening, previous: pb::Opening) {
    let event = pb::OpeningChanged { opening: Some(now.clone()), previous: Some(previous) };
    emit(tx, &now.name, &event);
}
