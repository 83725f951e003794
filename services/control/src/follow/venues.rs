//! What venues reports: work orders, and activities that have lost their place.

use matchday_api::venues::v1 as pb;
use matchday_kernel::Common;
use matchday_store::{Defect, Event};

use super::{heard, time};
use crate::domain::{item::State, report::Report, work_order::WorkOrder};

/// What an event reports.
pub(crate) fn report(event: &Event) -> Result<Option<Report>, Defect> {
    if let Some(order) = order(event)? {
        return work_order(order).map(Some).map_err(Defect::new);
    }
    Ok(booking(event)?.filter(|booking| !booking.holder.is_empty()).map(place))
}

fn order(event: &Event) -> Result<Option<pb::WorkOrder>, Defect> {
    Ok(if let Some(planned) = heard::<pb::WorkOrderPlanned>(event)? {
        planned.work_order
    } else if let Some(changed) = heard::<pb::WorkOrderChanged>(event)? {
        changed.work_order
    } else if let Some(cancelled) = heard::<pb::WorkOrderCancelled>(event)? {
        cancelled.work_order
    } else {
        None
    })
}

fn booking(event: &Event) -> Result<Option<pb::Booking>, Defect> {
    Ok(if let Some(created) = heard::<pb::BookingCreated>(event)? {
        created.booking
    } else if let Some(moved) = heard::<pb::BookingMoved>(event)? {
        moved.booking
    } else if let Some(displaced) = heard::<pb::BookingDisplaced>(event)? {
        displaced.booking
    } else if let Some(released) = heard::<pb::BookingReleased>(event)? {
        released.booking
    } else {
        None
    })
}

/// Whether the activity that holds a booking has its place.
fn place(booking: pb::Booking) -> Report {
    let zone = &booking.zone;
    let problem = match booking.state() {
        pb::BookingState::Displaced if booking.conflicts == [zone.as_str()] => {
            Some(format!("its place {zone} does not exist"))
        }
        pb::BookingState::Displaced => {
            Some(format!("its place {zone} is not free: {} in the way", booking.conflicts.join(", ")))
        }
        pb::BookingState::Booked if !booking.conflicts.is_empty() => {
            Some(format!("it runs into what comes next in {zone}: {}", booking.conflicts.join(", ")))
        }
        _ => None,
    };
    Report::Place { activity: booking.holder, problem }
}

fn work_order(order: pb::WorkOrder) -> Result<Report, Common> {
    let due = time("work_order.due_time", order.due_time)?;
    let state = match order.state() {
        pb::WorkOrderState::Planned => State::Planned,
        pb::WorkOrderState::InProgress => State::UnderWay,
        pb::WorkOrderState::Done => State::Done,
        pb::WorkOrderState::Cancelled => State::Cancelled,
        pb::WorkOrderState::Unspecified => return Err(Common::field("work_order.state", "is not set")),
    };
    Ok(Report::WorkOrder(WorkOrder {
        planned: time("work_order.planned_due_time", order.planned_due_time)?,
        name: order.name,
        tournament: order.tournament,
        title: order.title,
        place: order.place,
        occasion: order.occasion,
        assignee: order.assignee,
        due,
        state,
        revision: order.revision,
    }))
}
