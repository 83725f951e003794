//! What a refusal says.

use tonic::{Code, Response, Status};
use tonic_types::StatusExt;

/// The code and the reason of a refusal; `Ok` and `accepted` when there was none.
pub fn refusal<T>(answer: &Result<T, Status>) -> (Code, String) {
    match answer {
        Ok(_) => (Code::Ok, "accepted".into()),
        Err(status) => {
            let reason = matchday_rpc::reason(status);
            (status.code(), reason.unwrap_or_else(|| format!("no reason: {status:?}")))
        }
    }
}

/// Expects an answer to be refused so.
///
/// # Panics
/// When it is not.
#[track_caller]
pub fn refused<T>(answer: Result<T, Status>, code: Code, reason: &str) -> Status {
    assert_eq!(refusal(&answer), (code, reason.to_owned()), "{:?}", answer.err());
    answer.err().expect("it was compared to a refusal")
}

/// Expects an answer to be refused with a code, for whatever reason.
///
/// # Panics
/// When it is not.
#[track_caller]
pub fn refused_as<T>(answer: Result<T, Status>, code: Code) -> Status {
    assert_eq!(refusal(&answer).0, code, "{:?}", answer.err());
    answer.err().expect("it has a code")
}

/// Expects an answer to be refused for one of its fields.
///
/// # Panics
/// When it is not, or for another field.
#[track_caller]
pub fn refused_field<T>(answer: Result<T, Status>, field: &str) {
    let status = refused(answer, Code::InvalidArgument, "INVALID_FIELD");
    let fields: Vec<String> = status
        .get_details_bad_request()
        .map(|request| request.field_violations.into_iter().map(|one| one.field).collect())
        .unwrap_or_default();
    assert_eq!(fields, [field.to_owned()], "{status:?}");
}

/// The subjects of what a refusal says is in the way.
#[must_use]
pub fn subjects(status: &Status) -> Vec<String> {
    status
        .get_details_precondition_failure()
        .map(|failure| failure.violations.into_iter().map(|one| one.subject).collect())
        .unwrap_or_default()
}

/// Expects an answer.
///
/// # Panics
/// When it was refused.
#[track_caller]
pub fn answered<T>(answer: Result<Response<T>, Status>) -> T {
    match answer {
        Ok(response) => response.into_inner(),
        Err(status) => panic!("refused: {:?} {status:?}", matchday_rpc::reason(&status)),
    }
}
