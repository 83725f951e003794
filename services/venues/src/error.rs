//! Why the service refuses.

use matchday_kernel::{Common, ErrorKind, Fault, Violation};
use matchday_rpc::fault_status;
use matchday_store::{Defect, StoreError};
use tonic::Status;

use crate::domain::{booking::Refusal, reserve::PlaceConflict, work_order::WrongState};

/// Why the service refuses.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What every store refuses.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Another booking holds the zone.
    #[error("{wish} is not free: {} in the way; choose another time or zone", blockers.join(", "))]
    ZoneNotFree {
        /// The zone and time wanted, in words.
        wish: String,
        /// Names of the bookings in the way.
        blockers: Vec<String>,
    },
    /// Places of a schedule are not free.
    #[error("{} of the places needed are not free, nothing was reserved: {}", conflicts.len(), first(conflicts))]
    PlacesNotFree {
        /// Each of them.
        conflicts: Vec<PlaceConflict>,
    },
    /// A newer revision of an activity is known than the one to be reserved.
    #[error("{activity} was changed while its schedule was being published: publish again")]
    ScheduleChanged {
        /// The activity.
        activity: String,
    },
    /// A later attempt to reserve the same places was carried out before.
    #[error("a later attempt to reserve the places of {tournament} was carried out before: this one is void")]
    AttemptSuperseded {
        /// The tournament.
        tournament: String,
    },
    /// A rule of bookings.
    #[error(transparent)]
    Booking(#[from] Refusal),
    /// The state of a work order does not allow it.
    #[error(transparent)]
    WorkOrder(#[from] WrongState),
}

fn first(conflicts: &[PlaceConflict]) -> String {
    conflicts.first().map_or_else(String::new, |one| format!("{} {}", one.activity, one.description))
}

impl From<Common> for Error {
    fn from(refusal: Common) -> Self {
        Self::Store(refusal.into())
    }
}

impl Fault for Error {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Store(error) => error.kind(),
            Self::ScheduleChanged { .. } | Self::AttemptSuperseded { .. } => ErrorKind::Aborted,
            _ => ErrorKind::FailedPrecondition,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Store(error) => error.reason(),
            Self::ZoneNotFree { .. } => "ZONE_NOT_FREE",
            Self::PlacesNotFree { .. } => "PLACES_NOT_FREE",
            Self::ScheduleChanged { .. } => "SCHEDULE_CHANGED",
            Self::AttemptSuperseded { .. } => "ATTEMPT_SUPERSEDED",
            Self::Booking(Refusal::WrongState { .. }) => "BOOKING_STATE",
            Self::Booking(Refusal::FollowsActivity { .. }) => "BOOKING_FOLLOWS_ACTIVITY",
            Self::WorkOrder(_) => "WORK_ORDER_STATE",
        }
    }

    fn metadata(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Store(error) => error.metadata(),
            Self::ZoneNotFree { blockers, .. } => vec![("blockers", blockers.join(" "))],
            Self::PlacesNotFree { conflicts } => vec![("conflicts", conflicts.len().to_string())],
            Self::ScheduleChanged { activity } => vec![("activity", activity.clone())],
            Self::AttemptSuperseded { tournament } => vec![("tournament", tournament.clone())],
            Self::Booking(Refusal::WrongState { state, .. }) | Self::WorkOrder(WrongState { state, .. }) => {
                vec![("state", (*state).into())]
            }
            Self::Booking(Refusal::FollowsActivity { holder, .. }) => vec![("activity", holder.clone())],
        }
    }

    fn violations(&self) -> Vec<Violation> {
        match self {
            Self::Store(error) => error.violations(),
            Self::PlacesNotFree { conflicts } => conflicts
                .iter()
                .map(|one| Violation { subject: one.activity.clone(), description: one.description.clone() })
                .collect(),
            _ => Vec::new(),
        }
    }

    fn resource(&self) -> Option<&str> {
        match self {
            Self::Store(error) => error.resource(),
            Self::Booking(Refusal::WrongState { booking, .. } | Refusal::FollowsActivity { booking, .. }) => {
                Some(booking)
            }
            Self::WorkOrder(WrongState { work_order, .. }) => Some(work_order),
            _ => None,
        }
    }
}

impl From<Error> for Status {
    fn from(error: Error) -> Self {
        fault_status(&error)
    }
}

impl From<Error> for Defect {
    fn from(error: Error) -> Self {
        Self::new(error)
    }
}
