//! Why the service refuses.

use matchday_kernel::{Common, ErrorKind, Fault, Violation};
use matchday_rpc::fault_status;
use matchday_store::{Defect, StoreError};
use tonic::Status;

use crate::domain::{alert::case, capacity::Refusal, course::WrongPhase, quota};

/// Why the service refuses.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What every store refuses.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Several fields of an import are wrong.
    #[error(
        "{} of the import {} wrong, nothing was created; the first is {}",
        faults_of(faults),
        be(faults),
        first(faults)
    )]
    Faults {
        /// Each of them, up to the limit of those that are collected.
        faults: Vec<Violation>,
    },
    /// Credentials to be created exist already.
    #[error(
        "{} of the credentials exist already, nothing was created; the first is {}: leave them out of the import",
        names.len(), names.first().map_or("", String::as_str)
    )]
    CredentialsExist {
        /// Their names, up to the limit of those that are collected.
        names: Vec<String>,
    },
    /// Nobody registered the device.
    #[error(
        "{device} is not registered, and its scan was not kept: import it with its gate, then scan again"
    )]
    DeviceUnknown {
        /// The device.
        device: String,
    },
    /// The device sent another scan with the same sequence before.
    #[error(
        "{device} sent another scan with the sequence {sequence} before, with another {difference}: send a new scan \
         with the next sequence"
    )]
    ScanKeyReused {
        /// The device.
        device: String,
        /// The sequence.
        sequence: i64,
        /// Name of the field that differs.
        difference: &'static str,
    },
    /// No counter of this id is in the graph of the venue.
    #[error(
        "the counter {counter} is not in the flow graph of {venue}, and no reading of the call was kept: add it to \
         the graph, then send them again"
    )]
    CounterUnknown {
        /// The counter.
        counter: String,
        /// The venue.
        venue: String,
    },
    /// The counter sent another reading with the same sequence.
    #[error(
        "the counter {counter} sent another reading with the sequence {sequence}, and no reading of the call was \
         kept: send a new reading with the next sequence"
    )]
    ReadingKeyReused {
        /// The counter.
        counter: String,
        /// The sequence.
        sequence: i64,
    },
    /// The opening is in a phase that does not allow it.
    #[error("{opening} is {refusal}")]
    OpeningPhase {
        /// The opening.
        opening: String,
        /// Its phase, and what can be done instead.
        refusal: WrongPhase,
    },
    /// The limits of an opening stay as they are.
    #[error("{opening} {refusal}")]
    Capacity {
        /// The opening.
        opening: String,
        /// Why.
        refusal: Refusal,
    },
    /// The credential was revoked, which is final.
    #[error(
        "{credential} was revoked, which is final: its holder is kept out anyway; import another one to let the \
         holder in"
    )]
    CredentialRevoked {
        /// The credential.
        credential: String,
    },
    /// A watch lags so far behind that what it has missed is not kept for it.
    #[error(
        "the watch is behind: more changed after sequence {sequence} than is kept; watch again with this sequence"
    )]
    WatchBehind {
        /// The last sequence it was sent.
        sequence: i64,
    },
    /// An alert stays as it is.
    #[error("{alert} {refusal}")]
    Alert {
        /// The alert.
        alert: String,
        /// Why.
        refusal: case::Refusal,
    },
    /// No quota is granted or written off.
    #[error("{opening} {refusal} ({device})")]
    Quota {
        /// The opening.
        opening: String,
        /// The device.
        device: String,
        /// Why.
        refusal: quota::Refusal,
    },
}

fn faults_of(faults: &[Violation]) -> String {
    if faults.len() == 1 { "1 field".to_owned() } else { format!("{} fields", faults.len()) }
}

fn be(faults: &[Violation]) -> &'static str {
    if faults.len() == 1 { "is" } else { "are" }
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
            Self::Faults { .. } => ErrorKind::InvalidArgument,
            Self::CredentialsExist { .. } | Self::ScanKeyReused { .. } | Self::ReadingKeyReused { .. } => {
                ErrorKind::AlreadyExists
            }
            Self::DeviceUnknown { .. } | Self::CounterUnknown { .. } => ErrorKind::NotFound,
            Self::WatchBehind { .. } => ErrorKind::Unavailable,
            Self::OpeningPhase { .. }
            | Self::Capacity { .. }
            | Self::Alert { .. }
            | Self::CredentialRevoked { .. }
            | Self::Quota { .. } => ErrorKind::FailedPrecondition,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Store(error) => error.reason(),
            Self::Faults { .. } => "INVALID_FIELD",
            Self::CredentialsExist { .. } => "CREDENTIALS_EXIST",
            Self::DeviceUnknown { .. } => "DEVICE_UNKNOWN",
            Self::ScanKeyReused { .. } => "SCAN_KEY_REUSED",
            Self::CounterUnknown { .. } => "COUNTER_UNKNOWN",
            Self::ReadingKeyReused { .. } => "READING_KEY_REUSED",
            Self::OpeningPhase { .. } => "OPENING_PHASE",
            Self::Capacity { refusal: Refusal::PermitMissing { .. }, .. } => "PERMIT_REFERENCE_MISSING",
            Self::Capacity { .. } => "CAPACITY_NOT_RAISED",
            Self::CredentialRevoked { .. } => "CREDENTIAL_REVOKED",
            Self::WatchBehind { .. } => "WATCH_BEHIND",
            Self::Alert { refusal: case::Refusal::Over, .. } => "ALERT_OVER",
            Self::Alert { .. } => "ALERT_NOT_SHELVED",
            Self::Quota { refusal: quota::Refusal::NoRoom { .. }, .. } => "QUOTA_WITHOUT_ROOM",
            Self::Quota { refusal: quota::Refusal::StillOpen { .. }, .. } => "QUOTA_OPEN",
            Self::Quota { refusal: quota::Refusal::NoneOpen, .. } => "QUOTA_NOT_OPEN",
        }
    }

    fn metadata(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Store(error) => error.metadata(),
            Self::Faults { faults } => {
                let field = faults.first().map(|one| one.subject.clone()).unwrap_or_default();
                vec![("field", field), ("faults", faults.len().to_string())]
            }
            Self::CredentialsExist { names } => {
                vec![("credentials", names.join(" ")), ("count", names.len().to_string())]
            }
            Self::DeviceUnknown { device } => vec![("device", device.clone())],
            Self::ScanKeyReused { device, sequence, difference } => vec![
                ("device", device.clone()),
                ("sequence", sequence.to_string()),
                ("difference", (*difference).to_owned()),
            ],
            Self::CounterUnknown { counter, .. } => vec![("counter", counter.clone())],
            Self::ReadingKeyReused { counter, sequence } => {
                vec![("counter", counter.clone()), ("sequence", sequence.to_string())]
            }
            Self::WatchBehind { sequence } => vec![("sequence", sequence.to_string())],
            Self::Alert { .. } | Self::CredentialRevoked { .. } => Vec::new(),
            Self::OpeningPhase { refusal, .. } => vec![("phase", refusal.phase.in_words().to_owned())],
            Self::Capacity { refusal, .. } => match refusal {
                Refusal::PermitMissing { before, permit, .. } => {
                    vec![("approved", before.to_string()), ("permit", permit.clone())]
                }
                Refusal::AboveSafeLimit { most, .. } => vec![("most", most.to_string())],
                Refusal::NotHigher { governing, .. } => vec![("limit", governing.to_string())],
                Refusal::SupervisorMissing { figure } => vec![("figure", (*figure).into())],
                Refusal::NoSafeLimit => Vec::new(),
            },
            Self::Quota { device, refusal, .. } => match refusal {
                quota::Refusal::NoRoom { free, .. } => {
                    vec![("device", device.clone()), ("free", free.to_string())]
                }
                quota::Refusal::StillOpen { places } => {
                    vec![("device", device.clone()), ("places", places.to_string())]
                }
                quota::Refusal::NoneOpen => vec![("device", device.clone())],
            },
        }
    }

    fn violations(&self) -> Vec<Violation> {
        match self {
            Self::Store(error) => error.violations(),
            Self::Faults { faults } => faults.clone(),
            Self::CredentialsExist { names } => names
                .iter()
                .map(|name| Violation { subject: name.clone(), description: "exists already".to_owned() })
                .collect(),
            _ => Vec::new(),
        }
    }

    fn resource(&self) -> Option<&str> {
        match self {
            Self::Store(error) => error.resource(),
            Self::DeviceUnknown { device } | Self::ScanKeyReused { device, .. } => Some(device),
            Self::OpeningPhase { opening, .. }
            | Self::Capacity { opening, .. }
            | Self::Quota { opening, .. } => Some(opening),
            Self::Alert { alert, .. } => Some(alert),
            Self::CredentialRevoked { credential } => Some(credential),
            Self::CounterUnknown { venue, .. } => Some(venue),
            Self::Faults { .. }
            | Self::CredentialsExist { .. }
            | Self::WatchBehind { .. }
            | Self::ReadingKeyReused { .. } => None,
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
