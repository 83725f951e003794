//! What happens when scheduling's log grows: shifts follow the service plan and their activities and sessions.
//!
//! It never refuses. An assignment that cannot follow is to be replaced: it holds nobody, says why, and waits for
//! somebody else.

use matchday_api::scheduling::v1 as scheduling;
use matchday_store::{BoxFuture, Defect, Effect, Event, Locks, Tx};
use prost::{Message, Name};

use crate::{replan::replan, store::limits};

/// Follows scheduling.
pub(crate) struct Scheduling;

impl Effect for Scheduling {
    fn locks(&self, events: &[Event]) -> Locks {
        matchday_agenda::locks(events)
    }

    fn apply<'t>(&'t self, tx: &'t mut Tx, event: &'t Event) -> BoxFuture<'t, Result<(), Defect>> {
        Box::pin(async move {
            if let Some(tournament) = tournament(event)? {
                limits::keep(tx, &tournament).await?;
            }
            let occasions = matchday_agenda::hear(tx, event).await?;
            let now = matchday_agenda::time_of(event)?;
            Ok(replan(tx, &occasions, now, &event.change).await?)
        })
    }
}

/// The tournament, where the event says what it is now.
fn tournament(event: &Event) -> Result<Option<scheduling::Tournament>, Defect> {
    fn read<M: Message + Name + Default>(event: &Event) -> Result<M, Defect> {
        let payload = event.payload.as_ref().ok_or_else(|| Defect::new("the event has no payload"))?;
        M::decode(payload.value.as_slice()).map_err(Defect::new)
    }
    let kind = event.r#type.as_str();
    Ok(if kind == scheduling::TournamentCreated::full_name() {
        read::<scheduling::TournamentCreated>(event)?.tournament
    } else if kind == scheduling::TournamentUpdated::full_name() {
        read::<scheduling::TournamentUpdated>(event)?.tournament
    } else {
        None
    })
}
