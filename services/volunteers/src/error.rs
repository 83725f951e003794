//! Why the service refuses.

use matchday_kernel::{Common, ErrorKind, Fault, Violation};
use matchday_rpc::fault_status;
use matchday_store::{Defect, StoreError};
use tonic::Status;

use crate::domain::{application, care, hours, reach, refusal::Refusal, training};

/// Why the service refuses.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What every store refuses.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A rule of shifts and assignments.
    #[error(transparent)]
    Rule(#[from] Refusal),
    /// A rule of applications.
    #[error(transparent)]
    Application(#[from] application::Refusal),
    /// A rule of hours and certificates.
    #[error(transparent)]
    Hours(#[from] hours::Refusal),
    /// A rule of courses.
    #[error(transparent)]
    Training(#[from] training::Refusal),
    /// A rule of breaks, meals and equipment.
    #[error(transparent)]
    Care(#[from] care::Refusal),
    /// Somebody who is no volunteer calls what volunteers do for themselves.
    #[error(
        "{subject} is no volunteer: this is what volunteers do for themselves, with a token issued for \
         tournaments/TOURNAMENT/volunteers/VOLUNTEER in the role `volunteer`"
    )]
    NotAVolunteer {
        /// Who calls.
        subject: String,
    },
    /// A rule of broadcasts.
    #[error(transparent)]
    Reach(#[from] reach::Refusal),
    /// Fields of an import are wrong.
    #[error("{} fields are wrong, nothing was imported; the first: {}", faults.len(), first(faults))]
    Fields {
        /// Each of them.
        faults: Vec<Violation>,
    },
    /// Groups or volunteers of an import exist already.
    #[error("{} of the names exist already, nothing was imported; the first: {}", names.len(), first(names))]
    Exist {
        /// Fields with the names.
        names: Vec<Violation>,
    },
    /// A roster of the tournament is being made, or as many as a process takes.
    #[error(
        "a roster of this tournament is being made already, or {most} of others are: repeat when it has ended; \
         `matchday roster list` shows what came out"
    )]
    RosterBusy {
        /// Searches at once in a process.
        most: usize,
    },
    /// A roster is published already.
    #[error("{roster} is published already: make a new one for the seats that are open now")]
    RosterState {
        /// The roster.
        roster: String,
    },
    /// Seats of a draft cannot be taken any more.
    #[error(
        "{} seats of {roster} cannot be taken any more, nothing was published: make it anew; the first: {}",
        refused.len(), first(refused)
    )]
    RosterOutdated {
        /// The roster.
        roster: String,
        /// Each of these seats.
        refused: Vec<Violation>,
    },
}

fn first(faults: &[Violation]) -> String {
    faults.first().map_or_else(String::new, |one| format!("{}: {}", one.subject, one.description))
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
            Self::Rule(refusal) => refusal.kind(),
            Self::Application(refusal) => refusal.kind(),
            Self::Hours(refusal) => refusal.kind(),
            Self::Training(refusal) => refusal.kind(),
            Self::Care(refusal) => refusal.kind(),
            Self::Reach(refusal) => refusal.kind(),
            Self::Fields { .. } => ErrorKind::InvalidArgument,
            Self::Exist { .. } => ErrorKind::AlreadyExists,
            Self::NotAVolunteer { .. } => ErrorKind::PermissionDenied,
            Self::RosterBusy { .. } => ErrorKind::ResourceExhausted,
            Self::RosterState { .. } | Self::RosterOutdated { .. } => ErrorKind::FailedPrecondition,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Store(error) => error.reason(),
            Self::Rule(refusal) => refusal.reason(),
            Self::Application(refusal) => refusal.reason(),
            Self::Hours(refusal) => refusal.reason(),
            Self::Training(refusal) => refusal.reason(),
            Self::Care(refusal) => refusal.reason(),
            Self::Reach(refusal) => refusal.reason(),
            Self::Fields { .. } => "INVALID_FIELD",
            Self::Exist { .. } => "RESOURCE_EXISTS",
            Self::NotAVolunteer { .. } => "NOT_A_VOLUNTEER",
            Self::RosterBusy { .. } => "ROSTER_BUSY",
            Self::RosterState { .. } => "ROSTER_STATE",
            Self::RosterOutdated { .. } => "ROSTER_OUTDATED",
        }
    }

    fn metadata(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Store(error) => error.metadata(),
            Self::Rule(refusal) => refusal.metadata(),
            Self::Application(refusal) => refusal.metadata(),
            Self::Hours(refusal) => refusal.metadata(),
            Self::Training(refusal) => refusal.metadata(),
            Self::Care(refusal) => refusal.metadata(),
            Self::Reach(refusal) => refusal.metadata(),
            Self::Fields { faults } => {
                let field = faults.first().map(|one| one.subject.clone()).unwrap_or_default();
                vec![("field", field), ("faults", faults.len().to_string())]
            }
            Self::Exist { names } => {
                let resource = names.first().map(|one| one.description.clone()).unwrap_or_default();
                vec![("resource", resource)]
            }
            Self::NotAVolunteer { subject } => vec![("subject", subject.clone())],
            Self::RosterBusy { most } => vec![("searching", most.to_string())],
            Self::RosterState { roster } => vec![("roster", roster.clone())],
            Self::RosterOutdated { roster, refused } => {
                vec![("roster", roster.clone()), ("seats", refused.len().to_string())]
            }
        }
    }

    fn violations(&self) -> Vec<Violation> {
        match self {
            Self::Store(error) => error.violations(),
            Self::Rule(refusal) => refusal.violations(),
            Self::Application(refusal) => refusal.violations(),
            Self::Hours(refusal) => refusal.violations(),
            Self::Training(refusal) => refusal.violations(),
            Self::Care(refusal) => refusal.violations(),
            Self::Reach(refusal) => refusal.violations(),
            Self::Fields { faults: all } | Self::Exist { names: all } => all.clone(),
            Self::RosterOutdated { refused, .. } => refused.clone(),
            Self::NotAVolunteer { .. } | Self::RosterBusy { .. } | Self::RosterState { .. } => Vec::new(),
        }
    }

    fn resource(&self) -> Option<&str> {
        match self {
            Self::Store(error) => error.resource(),
            Self::Rule(refusal) => refusal.resource(),
            Self::Application(refusal) => refusal.resource(),
            Self::Hours(refusal) => refusal.resource(),
            Self::Training(refusal) => refusal.resource(),
            Self::Care(refusal) => refusal.resource(),
            Self::Reach(refusal) => refusal.resource(),
            Self::Exist { names } => names.first().map(|one| one.description.as_str()),
            Self::RosterState { roster } | Self::RosterOutdated { roster, .. } => Some(roster),
            Self::NotAVolunteer { .. } | Self::Fields { .. } | Self::RosterBusy { .. } => None,
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
        match error {
            // with its causes
            Error::Store(error) => error.into(),
            other => Self::new(other),
        }
    }
}
