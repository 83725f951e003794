//! What happens when the log of another service grows: its reports change lines of the run sheet.

pub(crate) mod venues;
pub(crate) mod visitors;
pub(crate) mod volunteers;

mod scheduling;

use matchday_api::control::v1 as pb;
use matchday_kernel::{Common, Instant};
use matchday_rpc::parse;
use matchday_store::{BoxFuture, Defect, Effect, Event, Locks, NewEvent, Tx};
use prost::{Message, Name};
use prost_types::Timestamp;

use crate::{Error, domain::report::Report, store::run_sheet};

/// Follows scheduling, of which it keeps the agenda.
pub(crate) struct Scheduling;

/// Follows a service whose events say all: what each reports.
pub(crate) struct Told(pub(crate) fn(&Event) -> Result<Option<Report>, Defect>);

impl Effect for Scheduling {
    fn locks(&self, events: &[Event]) -> Locks {
        matchday_agenda::locks(events)
    }

    fn apply<'t>(&'t self, tx: &'t mut Tx, event: &'t Event) -> BoxFuture<'t, Result<(), Defect>> {
        Box::pin(async move {
            for occasion in matchday_agenda::hear(tx, event).await? {
                if let Some(report) = scheduling::report(&occasion)? {
                    carry(tx, &report).await?;
                }
            }
            Ok(())
        })
    }
}

impl Effect for Told {
    fn locks(&self, events: &[Event]) -> Locks {
        // one service's reports wait for those of another on the same tournament
        matchday_agenda::locks(events)
    }

    fn apply<'t>(&'t self, tx: &'t mut Tx, event: &'t Event) -> BoxFuture<'t, Result<(), Defect>> {
        Box::pin(async move {
            if let Some(report) = self.0(event)? {
                carry(tx, &report).await?;
            }
            Ok(())
        })
    }
}

/// Carries a report onto the run sheet, and tells who watches what is new there.
async fn carry(tx: &mut Tx, report: &Report) -> Result<(), Error> {
    for key in report.keys() {
        let before = run_sheet::find(tx, &key).await?;
        let line = report.change(key.kind, before.line.clone());
        if line == before.line {
            continue;
        }
        if let Some(row) = run_sheet::save(tx, &key, &before, &line).await? {
            let tournament = row.tournament().to_owned();
            let event = pb::RunSheetItemChanged { item: Some(row.into()) };
            tx.emit(NewEvent::new(&key.resource, Some(&tournament), &event));
        }
    }
    Ok(())
}

/// The payload of an event, if it is of this kind.
fn heard<M: Message + Name + Default>(event: &Event) -> Result<Option<M>, Defect> {
    if event.r#type != M::full_name() {
        return Ok(None);
    }
    let payload = event.payload.as_ref().ok_or_else(|| Defect::new("the event has no payload"))?;
    M::decode(payload.value.as_slice()).map(Some).map_err(Defect::new)
}

/// A time that a report must have.
fn time(field: &str, time: Option<Timestamp>) -> Result<Instant, Common> {
    parse::required(field, parse::instant(field, time)?)
}
