//! What happens when scheduling's log grows: bookings follow their activities, work orders the service plan.
//!
//! It never refuses: what cannot follow is stored in a state that says so.

mod bookings;
pub(crate) mod work_orders;

use matchday_runtime::Desk;
use matchday_store::{BoxFuture, Defect, Effect, Event, Locks, Tx};

/// Follows scheduling.
pub(crate) struct Scheduling {
    pub(crate) desk: Desk,
}

impl Effect for Scheduling {
    fn locks(&self, events: &[Event]) -> Locks {
        let (bookings, agenda) = (bookings::locks(events), matchday_agenda::locks(events));
        Locks::of(bookings.iter().chain(agenda.iter()))
    }

    fn apply<'t>(&'t self, tx: &'t mut Tx, event: &'t Event) -> BoxFuture<'t, Result<(), Defect>> {
        Box::pin(async move {
            bookings::apply(tx, event, &self.desk).await?;
            work_orders::apply(tx, event).await
        })
    }
}
