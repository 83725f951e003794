//! What a server refused, told to people: the reason, what is wrong where, and what can be done.

use matchday_kernel::uuid_v7;
use matchday_runtime::{Exit, ambient};
use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::failure::Failure;

impl From<Status> for Failure {
    fn from(status: Status) -> Self {
        let details = status.get_error_details();
        let reason =
            details.error_info().map_or_else(|| format!("{:?}", status.code()), |info| info.reason.clone());
        let fields = details
            .bad_request()
            .into_iter()
            .flat_map(|request| &request.field_violations)
            .map(|violation| (&violation.field, &violation.description));
        let broken = details
            .precondition_failure()
            .into_iter()
            .flat_map(|failure| &failure.violations)
            .map(|violation| (&violation.subject, &violation.description));
        let message = match status.message() {
            "" => status.code().description(),
            message => message,
        };
        let mut failure = Self::new(exit(status.code()), format!("{reason}: {message}"));
        for (subject, description) in fields.chain(broken) {
            let violation = format!("{subject}: {description}");
            if message != description && !message.contains(&violation) {
                failure = failure.with_detail(violation);
            }
        }
        if let Some(id) = status.metadata().get("x-request-id").and_then(|id| id.to_str().ok()) {
            failure = failure.with_detail(format!("request id: {id}"));
        }
        match hint(&reason, status.code()) {
            Some(hint) => failure.with_hint(hint),
            None => failure,
        }
    }
}

fn exit(code: Code) -> Exit {
    match code {
        Code::InvalidArgument | Code::OutOfRange => Exit::Input,
        Code::NotFound
        | Code::AlreadyExists
        | Code::FailedPrecondition
        | Code::Aborted
        | Code::ResourceExhausted
        | Code::Unimplemented => Exit::Refused,
        Code::Unauthenticated | Code::PermissionDenied => Exit::Denied,
        Code::Unavailable | Code::DeadlineExceeded => Exit::Unreachable,
        _ => Exit::Failed,
    }
}

fn hint(reason: &str, code: Code) -> Option<&'static str> {
    match (reason, code) {
        ("PEER_UNREACHABLE", _) => Some("start it with `matchday serve`, or name another with --server"),
        ("TOKEN_EXPIRED", _) => Some("issue a new one: matchday token issue --help"),
        ("SESSION_AT_OTHER_VENUE", _) => Some(
            "an activity of a session is at the session's venue: take it out first with `matchday activity \
             update NAME --no-session`",
        ),
        (_, Code::Unauthenticated) => {
            Some("the token in use is not one of this server: name another with --token-file or --data")
        }
        (_, Code::Unimplemented) => {
            Some("this server does not host that service; name the process that does with --server")
        }
        (_, Code::PermissionDenied) => {
            Some("`matchday token show` says what your token allows; an administrator issues another")
        }
        _ => None,
    }
}

/// The id that makes a repeated write one write.
#[derive(clap::Args)]
pub(crate) struct Repeat {
    /// Id of this write: repeating the command with the same id does it once; a new one without
    #[arg(long, value_name = "ID")]
    request_id: Option<String>,
}

impl Repeat {
    /// The id given, or a new one.
    pub(crate) fn request(self) -> Request {
        self.request_id.map_or_else(Request::new, Request)
    }
}

/// A write and its id.
pub(crate) struct Request(String);

impl Request {
    /// A write with an id of its own.
    pub(crate) fn new() -> Self {
        Self(uuid_v7(&ambient::clock(), &ambient::random()).to_string())
    }

    /// The id.
    pub(crate) fn id(&self) -> String {
        self.0.clone()
    }

    /// The failure of the write. When nobody knows whether it was done, it says how to find out safely.
    pub(crate) fn refused(&self, status: Status) -> Failure {
        // nothing was done, or the server does the rest by itself
        const KNOWN: [&str; 3] = ["PEER_UNREACHABLE", "VENUES_UNAVAILABLE", "PUBLISH_PENDING"];
        let is_known = matchday_rpc::reason(&status).is_some_and(|reason| KNOWN.contains(&reason.as_str()));
        let is_unknown = !is_known && matches!(status.code(), Code::Unavailable | Code::DeadlineExceeded);
        let failure = Failure::from(status);
        if is_unknown {
            let hint = format!("whether it was done is not known; repeat it with --request-id {}", self.0);
            return failure.with_hint(hint);
        }
        failure
    }
}

#[cfg(test)]
mod tests {
    use matchday_kernel::{Common, ErrorKind, Fault, Violation};
    use matchday_rpc::fault_status;

    use super::*;

    /// A refusal that says no more than its code and its reason.
    #[derive(Debug, thiserror::Error)]
    #[error("no")]
    struct Plain(ErrorKind, &'static str);

    impl Fault for Plain {
        fn kind(&self) -> ErrorKind {
            self.0
        }
        fn reason(&self) -> &'static str {
            self.1
        }
    }

    #[derive(Debug, thiserror::Error)]
    #[error("2 places are not free")]
    struct NotFree;

    impl Fault for NotFree {
        fn kind(&self) -> ErrorKind {
            ErrorKind::FailedPrecondition
        }
        fn reason(&self) -> &'static str {
            "PLACES_NOT_FREE"
        }
        fn violations(&self) -> Vec<Violation> {
            vec![Violation {
                subject: "tournaments/t/activities/m01".into(),
                description: "pitch is taken".into(),
            }]
        }
    }

    #[test]
    fn a_refusal_names_its_reason_and_its_violations() {
        let failure = Failure::from(fault_status(&NotFree));
        assert_eq!(
            failure.to_string(),
            "error: PLACES_NOT_FREE: 2 places are not free\n  tournaments/t/activities/m01: pitch is taken"
        );
        assert_eq!(failure.exit(), Exit::Refused);
        let wrong = Failure::from(fault_status(&Common::field("zone", "is empty")));
        assert_eq!(wrong.to_string().matches("is empty").count(), 1, "{wrong}");
        assert_eq!(wrong.exit(), Exit::Input);
    }

    #[test]
    fn every_code_has_the_exit_that_scripts_know() {
        for (code, expected) in [
            (Code::OutOfRange, Exit::Input),
            (Code::NotFound, Exit::Refused),
            (Code::ResourceExhausted, Exit::Refused),
            (Code::Unimplemented, Exit::Refused),
            (Code::PermissionDenied, Exit::Denied),
            (Code::DeadlineExceeded, Exit::Unreachable),
            (Code::Internal, Exit::Failed),
        ] {
            assert_eq!(Failure::from(Status::new(code, "x")).exit(), expected, "{code:?}");
        }
    }

    #[test]
    fn an_unknown_outcome_says_how_to_repeat() {
        let request = Repeat { request_id: Some("r1".into()) }.request();
        let shown = request.refused(Status::unavailable("gone")).to_string();
        assert!(shown.ends_with("repeat it with --request-id r1"), "{shown}");
    }

    #[test]
    fn a_refusal_says_what_can_be_done() {
        for (kind, reason, hint) in [
            (ErrorKind::Unauthenticated, "TOKEN_EXPIRED", "matchday token issue"),
            (ErrorKind::Unauthenticated, "TOKEN_INVALID", "--token-file"),
            (ErrorKind::Unimplemented, "X", "--server"),
            (ErrorKind::FailedPrecondition, "SESSION_AT_OTHER_VENUE", "--no-session"),
        ] {
            let shown = Failure::from(fault_status(&Plain(kind, reason))).to_string();
            assert!(shown.split_once("hint: ").is_some_and(|(_, said)| said.contains(hint)), "{shown}");
        }
    }

    #[test]
    fn a_known_outcome_asks_for_no_repeat() {
        for reason in ["PUBLISH_PENDING", "VENUES_UNAVAILABLE"] {
            let status = fault_status(&Plain(ErrorKind::Unavailable, reason));
            let shown = Request::new().refused(status).to_string();
            assert!(!shown.contains("hint"), "{shown}");
        }
    }
}
