//! What can go wrong in the store, and what a caller sees of it.

use std::{error::Error, io, path::PathBuf};

use matchday_kernel::{Common, ErrorKind, Fault, Violation};

/// Why the store refused or failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// What is asked for is not there, is there already, or has changed.
    #[error(transparent)]
    Refused(#[from] Common),
    /// The request id was used before by the same caller and method, with another body.
    #[error("request id {request_id} was used before with another body for {method}; use a new one")]
    RequestIdReused {
        /// Full name of the method.
        method: String,
        /// The request id.
        request_id: String,
    },
    /// A field of the call cannot be stored.
    #[error("{field}: {problem}")]
    InvalidCall {
        /// Name of the field.
        field: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// The database did not answer; nothing was written.
    #[error("the database is not available, nothing was written: {0}")]
    Unavailable(String),
    /// The connection was lost while the database committed.
    #[error("the database did not confirm the commit, outcome unknown; repeat with the same request id: {0}")]
    OutcomeUnknown(String),
    /// The database gave way to another transaction; nothing was written.
    #[error("another write was in the way, nothing was written; repeat the call")]
    Aborted,
    /// The store is closed.
    #[error("the store is closed")]
    Closed,
    /// Another process holds the data directory.
    #[error("data directory {} is used by another process; stop it, or name another directory", path.display())]
    Locked {
        /// The directory.
        path: PathBuf,
    },
    /// The data directory cannot be used.
    #[error("data directory {} cannot be used: {cause}", path.display())]
    Directory {
        /// The directory.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        cause: io::Error,
    },
    /// The database was migrated by a newer program.
    #[error(
        "the database of {service} was written by a newer matchday (migration {version}; this one knows up to \
         {known}); start the newer one, or restore a backup made before it"
    )]
    NewerDatabase {
        /// The service.
        service: &'static str,
        /// Version of the migration found.
        version: i64,
        /// Last version this program knows.
        known: i64,
    },
    /// The database was made by other migrations than this program's.
    #[error("the database of {service} is not one of matchday's: {problem}; name another database")]
    ForeignDatabase {
        /// The service.
        service: &'static str,
        /// What does not agree.
        problem: String,
    },
    /// The configuration cannot be used.
    #[error("{0}")]
    InvalidConfig(String),
    /// A defect; the cause is the source and is not shown to callers.
    #[error("internal error")]
    Internal(#[source] Box<dyn Error + Send + Sync>),
}

impl StoreError {
    /// Makes an internal error from its cause.
    pub fn internal(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Internal(cause.into())
    }
}

impl Fault for StoreError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Refused(refusal) => refusal.kind(),
            Self::RequestIdReused { .. } | Self::InvalidCall { .. } => ErrorKind::InvalidArgument,
            Self::Unavailable(_) | Self::OutcomeUnknown(_) | Self::Closed => ErrorKind::Unavailable,
            Self::Aborted => ErrorKind::Aborted,
            Self::Locked { .. }
            | Self::Directory { .. }
            | Self::NewerDatabase { .. }
            | Self::ForeignDatabase { .. }
            | Self::InvalidConfig(_) => ErrorKind::FailedPrecondition,
            Self::Internal(_) => ErrorKind::Internal,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.reason(),
            Self::RequestIdReused { .. } => "REQUEST_ID_REUSED",
            Self::InvalidCall { .. } => "INVALID_FIELD",
            Self::Unavailable(_) | Self::Closed => "STORE_UNAVAILABLE",
            Self::OutcomeUnknown(_) => "OUTCOME_UNKNOWN",
            Self::Aborted => "WRITE_ABORTED",
            Self::Locked { .. } => "DATA_DIRECTORY_LOCKED",
            Self::Directory { .. } => "DATA_DIRECTORY_UNUSABLE",
            Self::NewerDatabase { .. } => "DATABASE_NEWER",
            Self::ForeignDatabase { .. } => "DATABASE_FOREIGN",
            Self::InvalidConfig(_) => "INVALID_CONFIG",
            Self::Internal(_) => "INTERNAL",
        }
    }

    fn metadata(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Refused(refusal) => refusal.metadata(),
            Self::RequestIdReused { method, request_id } => {
                vec![("method", method.clone()), ("request_id", request_id.clone())]
            }
            _ => Vec::new(),
        }
    }

    fn violations(&self) -> Vec<Violation> {
        match self {
            Self::Refused(refusal) => refusal.violations(),
            Self::InvalidCall { field, problem } => {
                vec![Violation { subject: (*field).to_owned(), description: problem.clone() }]
            }
            _ => Vec::new(),
        }
    }

    fn resource(&self) -> Option<&str> {
        match self {
            Self::Refused(refusal) => refusal.resource(),
            _ => None,
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::Error as E;
        match &error {
            E::Database(database) => match database.code().as_deref() {
                // serialization failure, deadlock, lock not available
                Some("40001" | "40P01" | "55P03") => Self::Aborted,
                Some(code) if is_unavailable(code) => Self::Unavailable(database.to_string()),
                _ => Self::internal(error),
            },
            E::Io(_) | E::Tls(_) | E::PoolTimedOut | E::PoolClosed | E::WorkerCrashed => {
                Self::Unavailable(error.to_string())
            }
            _ => Self::internal(error),
        }
    }
}

/// PostgreSQL: connection lost (08), out of resources (53), shut down (57P). `SQLite`, with its extended
/// codes in the upper bytes: busy, locked, input/output error, full, cannot open.
fn is_unavailable(code: &str) -> bool {
    let sqlite = code.parse::<u32>().map(|code| code & 0xff);
    let is_postgres = code.len() == 5 && ["08", "53", "57P"].iter().any(|class| code.starts_with(class));
    is_postgres || (code.len() < 5 && matches!(sqlite, Ok(5 | 6 | 10 | 13 | 14)))
}
