//! From a fault to a gRPC status with `google.rpc` details, in one place.

use std::error::Error;

use matchday_kernel::{ErrorKind, Fault, Violation};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, FieldViolation, PreconditionViolation, StatusExt};

/// Domain of every reason code, as `google.rpc.ErrorInfo` wants one.
pub const DOMAIN: &str = "matchday";
/// Violations shown in one status. A status travels in headers, and most clients take 16 KiB of those: a
/// larger one would arrive as a broken connection.
const MAX_VIOLATIONS: usize = 20;
/// Bytes of all violations shown.
const MAX_VIOLATION_BYTES: usize = 4 * 1024;
/// Bytes kept of a text: errors repeat what was written, and that may be as long as a request.
const MAX_TEXT: usize = 512;

/// Turns a fault into a status: code, message, reason, metadata, violations, resource. What is internal is
/// logged, within the span that carries the request id, and not shown.
#[must_use]
pub fn fault_status(fault: &dyn Fault) -> Status {
    let mut details = ErrorDetails::new();
    let metadata = fault.metadata().into_iter().map(|(key, value)| (key.to_owned(), cut(value)));
    details.set_error_info(fault.reason(), DOMAIN, metadata.collect::<std::collections::HashMap<_, _>>());
    if let Some(resource) = fault.resource() {
        let kind = resource.rsplit('/').nth(1).unwrap_or_default();
        details.set_resource_info(cut(kind.into()), cut(resource.into()), "", "");
    }
    let violations = fault.violations().into_iter().take(MAX_VIOLATIONS).scan(0, |bytes, violation| {
        let (subject, description) = (cut(violation.subject), cut(violation.description));
        *bytes += subject.len() + description.len();
        (*bytes <= MAX_VIOLATION_BYTES).then_some(Violation { subject, description })
    });
    if fault.kind() == ErrorKind::InvalidArgument {
        let fields: Vec<_> = violations.map(|v| FieldViolation::new(v.subject, v.description)).collect();
        if !fields.is_empty() {
            details.set_bad_request(fields);
        }
    } else {
        let broken: Vec<_> = violations
            .map(|v| PreconditionViolation::new(fault.reason(), v.subject, v.description))
            .collect();
        if !broken.is_empty() {
            details.set_precondition_failure(broken);
        }
    }
    if fault.kind() == ErrorKind::Internal {
        tracing::error!(reason = fault.reason(), cause = causes(fault), "internal error");
        return Status::with_error_details(Code::Internal, "internal error: see the server's log", details);
    }
    Status::with_error_details(code(fault.kind()), cut(fault.to_string()), details)
}

/// Reads the reason code back from a status.
#[must_use]
pub fn reason(status: &Status) -> Option<String> {
    status.get_details_error_info().map(|info| info.reason)
}

fn code(kind: ErrorKind) -> Code {
    match kind {
        ErrorKind::InvalidArgument => Code::InvalidArgument,
        ErrorKind::NotFound => Code::NotFound,
        ErrorKind::AlreadyExists => Code::AlreadyExists,
        ErrorKind::FailedPrecondition => Code::FailedPrecondition,
        ErrorKind::Aborted => Code::Aborted,
        ErrorKind::PermissionDenied => Code::PermissionDenied,
        ErrorKind::Unauthenticated => Code::Unauthenticated,
        ErrorKind::ResourceExhausted => Code::ResourceExhausted,
        ErrorKind::Unavailable => Code::Unavailable,
        ErrorKind::DeadlineExceeded => Code::DeadlineExceeded,
        ErrorKind::Unimplemented => Code::Unimplemented,
        ErrorKind::Internal => Code::Internal,
    }
}

/// Cuts a text that would be too long for a header.
fn cut(mut text: String) -> String {
    if text.len() > MAX_TEXT {
        text.truncate(text.floor_char_boundary(MAX_TEXT));
        text.push('…');
    }
    text
}

fn causes(fault: &dyn Fault) -> String {
    let mut text = format!("{fault:?}");
    let mut source = fault.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = <dyn Error>::source(cause);
    }
    text
}

#[cfg(test)]
mod tests {
    use matchday_kernel::Common;

    use super::*;

    #[test]
    fn a_refusal_says_what_why_and_where() {
        let status = fault_status(&Common::field("activity.zone", "is empty"));
        assert_eq!(status.code(), Code::InvalidArgument);
        assert_eq!(reason(&status).as_deref(), Some("INVALID_FIELD"));
        let request = status.get_details_bad_request().unwrap();
        assert_eq!(request.field_violations[0].field, "activity.zone");
    }

    #[test]
    fn an_internal_cause_is_not_shown() {
        let status = fault_status(&Common::internal("password=hunter2"));
        assert_eq!(status.code(), Code::Internal);
        assert!(!format!("{status:?}").contains("hunter2"));
    }

    #[test]
    fn a_status_fits_the_headers_whatever_was_written() {
        #[derive(Debug, thiserror::Error)]
        #[error("{}", .0)]
        struct Long(String);
        impl Fault for Long {
            fn kind(&self) -> ErrorKind {
                ErrorKind::FailedPrecondition
            }
            fn reason(&self) -> &'static str {
                "LONG"
            }
            fn metadata(&self) -> Vec<(&'static str, String)> {
                vec![("written", self.0.clone())]
            }
            fn violations(&self) -> Vec<Violation> {
                vec![Violation { subject: self.0.clone(), description: self.0.clone() }; 1000]
            }
            fn resource(&self) -> Option<&str> {
                Some(&self.0)
            }
        }
        for text in ["场/".repeat(1 << 14), "\n".repeat(1 << 14)] {
            let status = fault_status(&Long(text));
            assert_eq!(reason(&status).as_deref(), Some("LONG"));
            assert!(!status.get_details_precondition_failure().unwrap().violations.is_empty());
            let response: http::Response<()> = status.into_http();
            let bytes: usize =
                response.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + 32).sum();
            assert!(bytes < 14 * 1024, "{bytes} bytes of headers");
        }
    }

    #[test]
    fn a_missing_resource_is_named_with_its_kind() {
        let status = fault_status(&Common::not_found("sites/a/venues/b"));
        let info = status.get_details_resource_info().unwrap();
        assert_eq!(
            (info.resource_type.as_str(), info.resource_name.as_str()),
            ("venues", "sites/a/venues/b")
        );
    }
}
