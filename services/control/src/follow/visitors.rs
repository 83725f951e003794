//! What visitors reports: the openings of venues' gates.

use matchday_api::visitors::v1 as pb;
use matchday_kernel::{Common, OpeningName};
use matchday_rpc::parse;
use matchday_store::{Defect, Event};

use super::{heard, time};
use crate::domain::{
    opening::{Opening, Phase},
    report::Report,
};

/// What an event reports.
pub(crate) fn report(event: &Event) -> Result<Option<Report>, Defect> {
    let planned = heard::<pb::OpeningPlanned>(event)?;
    let is_new = planned.is_some();
    let opening = if let Some(planned) = planned {
        planned.opening
    } else if let Some(changed) = heard::<pb::OpeningChanged>(event)? {
        changed.opening
    } else if let Some(cleared) = heard::<pb::OpeningCleared>(event)? {
        cleared.opening
    } else if let Some(cancelled) = heard::<pb::OpeningCancelled>(event)? {
        cancelled.opening
    } else {
        None
    };
    opening.map(|opening| opening_now(opening, is_new)).transpose().map_err(Defect::new)
}

fn opening_now(opening: pb::Opening, is_new: bool) -> Result<Report, Common> {
    let name: OpeningName = parse::text_as("opening.name", &opening.name)?;
    let phase = match opening.phase() {
        pb::OpeningPhase::Planned => Phase::Planned,
        pb::OpeningPhase::Open => Phase::Open,
        pb::OpeningPhase::ExitOnly => Phase::ExitOnly,
        pb::OpeningPhase::FreeEgress => Phase::FreeEgress,
        pb::OpeningPhase::Cleared => Phase::Cleared,
        pb::OpeningPhase::Cancelled => Phase::Cancelled,
        pb::OpeningPhase::Unspecified => return Err(Common::field("opening.phase", "is not set")),
    };
    Ok(Report::Opening(Opening {
        tournament: name.parent().to_string(),
        opens: time("opening.open_time", opening.open_time)?,
        exit_only: time("opening.exit_only_time", opening.exit_only_time)?,
        free_egress: time("opening.free_egress_time", opening.free_egress_time)?,
        clears: time("opening.clear_time", opening.clear_time)?,
        name: opening.name,
        title: opening.title,
        venue: opening.venue,
        session: opening.session,
        phase,
        is_new,
        revision: opening.revision,
    }))
}
