//! What volunteers reports: shifts, and how many people are on them.

use matchday_api::volunteers::v1 as pb;
use matchday_kernel::{Common, ShiftName};
use matchday_rpc::parse;
use matchday_store::{Defect, Event};

use super::{heard, time};
use crate::domain::{report::Report, shift::Shift};

/// What an event reports.
pub(crate) fn report(event: &Event) -> Result<Option<Report>, Defect> {
    let shift = if let Some(planned) = heard::<pb::ShiftPlanned>(event)? {
        planned.shift
    } else if let Some(changed) = heard::<pb::ShiftChanged>(event)? {
        changed.shift
    } else if let Some(cancelled) = heard::<pb::ShiftCancelled>(event)? {
        cancelled.shift
    } else if let Some(changed) = heard::<pb::AssignmentChanged>(event)? {
        changed.shift
    } else {
        None
    };
    shift.map(shift_now).transpose().map_err(Defect::new)
}

fn shift_now(shift: pb::Shift) -> Result<Report, Common> {
    let name: ShiftName = parse::text_as("shift.name", &shift.name)?;
    Ok(Report::Shift(Shift {
        tournament: name.parent().to_string(),
        is_cancelled: shift.state() == pb::ShiftState::Cancelled,
        start: time("shift.start_time", shift.start_time)?,
        end: time("shift.end_time", shift.end_time)?,
        planned: time("shift.planned_start_time", shift.planned_start_time)?,
        name: shift.name,
        title: shift.title,
        place: shift.place,
        occasion: shift.occasion,
        unit: shift.unit,
        headcount: shift.headcount,
        reported: shift.reported,
        taken: shift.taken,
        accepted: shift.accepted,
        signed_in: shift.signed_in,
        to_be_replaced: shift.to_be_replaced,
        alerts: shift.alerts.into_iter().map(|alert| alert.description).collect(),
        revision: shift.revision,
    }))
}
