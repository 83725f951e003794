//! What every refusal says of itself, and the refusals that every service has.
//!
//! A service's own error is one `thiserror` enum that implements [`Fault`]; `rpc` turns any of them into a
//! status in one place.

use std::fmt::Display;

/// What a caller can do about an error, in the words of the gRPC status codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The request is wrong, whatever the state.
    InvalidArgument,
    /// A resource does not exist.
    NotFound,
    /// A resource exists already.
    AlreadyExists,
    /// The state does not allow it; repeating it will not help.
    FailedPrecondition,
    /// Somebody else was faster; reading again and repeating may help.
    Aborted,
    /// The caller is known and may not.
    PermissionDenied,
    /// The caller is not known.
    Unauthenticated,
    /// A limit is reached.
    ResourceExhausted,
    /// It does not work for the moment; repeating it later may help.
    Unavailable,
    /// It took longer than the caller would wait.
    DeadlineExceeded,
    /// There is no such method.
    Unimplemented,
    /// A defect of the service.
    Internal,
}

/// One thing that is wrong, and with what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The field of the request, or the resource.
    pub subject: String,
    /// What is wrong with it, for people.
    pub description: String,
}

/// An error that a caller is told of.
pub trait Fault: std::error::Error + Send + Sync + 'static {
    /// What the caller can do about it.
    fn kind(&self) -> ErrorKind;

    /// The one word for it, such as `SHIFT_OVERLAP`; each has a page in `docs/errors`.
    fn reason(&self) -> &'static str;

    /// Values for programs, by name.
    fn metadata(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    /// What is wrong, one by one.
    fn violations(&self) -> Vec<Violation> {
        Vec::new()
    }

    /// The name of the resource it is about.
    fn resource(&self) -> Option<&str> {
        None
    }
}

/// The refusals that every service has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Common {
    /// A field of the request is wrong.
    #[error("{field}: {problem}")]
    Field {
        /// The path of the field, such as `activity.start_time`.
        field: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A resource does not exist.
    #[error("{resource} does not exist")]
    NotFound {
        /// Its name.
        resource: String,
    },
    /// A resource exists already.
    #[error("{resource} exists already")]
    AlreadyExists {
        /// Its name.
        resource: String,
    },
    /// A resource has changed since the caller read it.
    #[error("{resource} has changed since it was read: read it again and repeat with its new etag")]
    EtagMismatch {
        /// Its name.
        resource: String,
    },
    /// A defect; the cause is for the log and is not shown.
    #[error("internal error")]
    Internal(String),
}

impl Common {
    /// A field of the request is wrong.
    pub fn field(field: impl Into<String>, problem: impl Display) -> Self {
        Self::Field { field: field.into(), problem: problem.to_string() }
    }

    /// A resource does not exist.
    pub fn not_found(resource: impl Display) -> Self {
        Self::NotFound { resource: resource.to_string() }
    }

    /// A resource exists already.
    pub fn already_exists(resource: impl Display) -> Self {
        Self::AlreadyExists { resource: resource.to_string() }
    }

    /// A resource has changed since the caller read it.
    pub fn etag_mismatch(resource: impl Display) -> Self {
        Self::EtagMismatch { resource: resource.to_string() }
    }

    /// A defect, with its cause for the log.
    pub fn internal(cause: impl Display) -> Self {
        Self::Internal(cause.to_string())
    }
}

impl Fault for Common {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Field { .. } => ErrorKind::InvalidArgument,
            Self::NotFound { .. } => ErrorKind::NotFound,
            Self::AlreadyExists { .. } => ErrorKind::AlreadyExists,
            Self::EtagMismatch { .. } => ErrorKind::Aborted,
            Self::Internal(_) => ErrorKind::Internal,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Field { .. } => "INVALID_FIELD",
            Self::NotFound { .. } => "RESOURCE_NOT_FOUND",
            Self::AlreadyExists { .. } => "RESOURCE_EXISTS",
            Self::EtagMismatch { .. } => "ETAG_MISMATCH",
            Self::Internal(_) => "INTERNAL",
        }
    }

    fn violations(&self) -> Vec<Violation> {
        match self {
            Self::Field { field, problem } => {
                vec![Violation { subject: field.clone(), description: problem.clone() }]
            }
            _ => Vec::new(),
        }
    }

    fn metadata(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Field { field, .. } => vec![("field", field.clone())],
            _ => self.resource().map(|resource| ("resource", resource.to_owned())).into_iter().collect(),
        }
    }

    fn resource(&self) -> Option<&str> {
        match self {
            Self::NotFound { resource }
            | Self::AlreadyExists { resource }
            | Self::EtagMismatch { resource } => Some(resource),
            Self::Field { .. } | Self::Internal(_) => None,
        }
    }
}
