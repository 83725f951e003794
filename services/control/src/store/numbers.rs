//! Kinds, states and reporting services as numbers: those of the contract, which are those of the rows.

use matchday_api::control::v1 as pb;
use matchday_kernel::Common;
use matchday_store::StoreError;

use crate::domain::{
    item::{Kind, State},
    line::Source,
};

/// A kind as the contract writes it.
pub(crate) fn kind_to_pb(kind: Kind) -> pb::RunSheetKind {
    match kind {
        Kind::Activity => pb::RunSheetKind::Activity,
        Kind::GatesOpen => pb::RunSheetKind::GatesOpen,
        Kind::ExitOnly => pb::RunSheetKind::ExitOnly,
        Kind::Clear => pb::RunSheetKind::Clear,
        Kind::Shift => pb::RunSheetKind::Shift,
        Kind::WorkOrder => pb::RunSheetKind::WorkOrder,
    }
}

/// A kind of the contract.
pub(crate) fn kind_of(number: i32) -> Option<Kind> {
    match pb::RunSheetKind::try_from(number).ok()? {
        pb::RunSheetKind::Activity => Some(Kind::Activity),
        pb::RunSheetKind::GatesOpen => Some(Kind::GatesOpen),
        pb::RunSheetKind::ExitOnly => Some(Kind::ExitOnly),
        pb::RunSheetKind::Clear => Some(Kind::Clear),
        pb::RunSheetKind::Shift => Some(Kind::Shift),
        pb::RunSheetKind::WorkOrder => Some(Kind::WorkOrder),
        pb::RunSheetKind::Unspecified => None,
    }
}

/// A state as the contract writes it.
pub(crate) fn state_to_pb(state: State) -> pb::RunSheetState {
    match state {
        State::Planned => pb::RunSheetState::Planned,
        State::UnderWay => pb::RunSheetState::UnderWay,
        State::Done => pb::RunSheetState::Done,
        State::Cancelled => pb::RunSheetState::Cancelled,
    }
}

/// A state of the contract.
pub(crate) fn state_of(number: i32) -> Option<State> {
    match pb::RunSheetState::try_from(number).ok()? {
        pb::RunSheetState::Planned => Some(State::Planned),
        pb::RunSheetState::UnderWay => Some(State::UnderWay),
        pb::RunSheetState::Done => Some(State::Done),
        pb::RunSheetState::Cancelled => Some(State::Cancelled),
        pb::RunSheetState::Unspecified => None,
    }
}

/// The number a service is stored as.
pub(super) fn source_number(source: Source) -> i32 {
    match source {
        Source::Scheduling => 1,
        Source::Venues => 2,
        Source::Volunteers => 3,
        Source::Visitors => 4,
    }
}

/// The service stored as a number.
pub(super) fn source_of(number: i32) -> Result<Source, StoreError> {
    [Source::Scheduling, Source::Venues, Source::Volunteers, Source::Visitors]
        .into_iter()
        .find(|source| source_number(*source) == number)
        .ok_or_else(|| Common::internal(format!("no service reports as {number}")).into())
}
