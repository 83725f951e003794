//! Why the service refuses.

use matchday_kernel::{Common, ErrorKind, Fault, Violation};
use matchday_rpc::fault_status;
use matchday_store::{Defect, StoreError};
use tonic::Status;

use crate::domain::entry::Struck;

/// Why the service refuses.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What every store refuses.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An entry of the log is struck.
    #[error(transparent)]
    Struck(#[from] Struck),
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
            Self::Struck(_) => ErrorKind::FailedPrecondition,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Store(error) => error.reason(),
            Self::Struck(_) => "LOG_ENTRY_STRUCK",
        }
    }

    fn metadata(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Store(error) => error.metadata(),
            Self::Struck(struck) => vec![("strike_time", struck.at.to_string())],
        }
    }

    fn violations(&self) -> Vec<Violation> {
        match self {
            Self::Store(error) => error.violations(),
            Self::Struck(_) => Vec::new(),
        }
    }

    fn resource(&self) -> Option<&str> {
        match self {
            Self::Store(error) => error.resource(),
            Self::Struck(struck) => Some(&struck.entry),
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
