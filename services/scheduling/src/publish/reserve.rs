//! What the venues are asked for, and what their answer means.

use std::time::Duration;

use matchday_api::{
    scheduling::v1 as pb,
    venues::v1::{GivenUp, Reservation, ReserveBookingsRequest},
};
use matchday_rpc::reason;
use tonic::{Code, Request, Status};

use crate::{
    domain::draft::takes_place,
    store::versions::{Fixed, VersionRow},
};

/// How long the venues may take to reserve a schedule.
const RESERVE: Duration = Duration::from_secs(10);

/// The places that a version needs, and those that it gives up.
pub(super) fn order(row: &VersionRow, fixed: &[Fixed]) -> ReserveBookingsRequest {
    let (needed, given_up): (Vec<_>, Vec<_>) =
        fixed.iter().map(|one| &one.activity).partition(|activity| takes_place(activity));
    let reservation = |activity: &pb::Activity| Reservation {
        activity: activity.name.clone(),
        revision: activity.revision,
        title: activity.title.clone(),
        zone: activity.zone.clone(),
        start_time: activity.start_time,
        end_time: activity.end_time,
        set_up: activity.set_up,
        turnaround: activity.turnaround,
    };
    let given =
        |activity: &pb::Activity| GivenUp { activity: activity.name.clone(), revision: activity.revision };
    ReserveBookingsRequest {
        tournament: row.tournament.clone(),
        version: row.name.clone(),
        reservations: needed.into_iter().map(reservation).collect(),
        validate_only: false,
        request_id: String::new(),
        change: row.change_id.clone(),
        attempt: row.attempt,
        given_up: given_up.into_iter().map(given).collect(),
    }
}

/// The request, with the time it may take.
pub(super) fn timed(order: ReserveBookingsRequest) -> Request<ReserveBookingsRequest> {
    let mut request = Request::new(order);
    request.set_timeout(RESERVE);
    request
}

/// Whether the venues have refused for good, as far as this attempt goes, and reserved nothing. An attempt that
/// was superseded, or a call that may not have arrived, decides nothing.
pub(super) fn is_refusal(status: &Status) -> bool {
    match status.code() {
        Code::InvalidArgument | Code::NotFound | Code::FailedPrecondition => true,
        _ => matches!(reason(status).as_deref(), Some("SCHEDULE_CHANGED" | "MESSAGE_TOO_LARGE")),
    }
}

/// What the venues said, as this service's own answer: without the headers of their reply.
pub(super) fn told(status: &Status) -> Status {
    Status::with_details(status.code(), status.message(), status.details().to_vec().into())
}
