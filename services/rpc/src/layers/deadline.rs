//! Ends a call that takes longer than its caller waits, in this process as over the network.

use std::{sync::Arc, time::Duration};

use http::HeaderMap;

use matchday_kernel::{ErrorKind, Fault};
use tokio::time::Instant;

use super::{Inner, Request, Response, Step, pass};
use crate::{Method, Shape, status::fault_status};

/// How long a call may take when its caller says nothing, and at the most.
pub const LONGEST: Duration = Duration::from_mins(1);

/// See the module. A unary call is ended when its deadline passes; of a stream, the time until it begins is
/// covered. A stream of requests takes the time its caller does.
#[derive(Clone, Copy, Debug)]
pub struct Deadline;

/// When a call came in. The transport has a timer of its own, with the same duration and no reason in its
/// status: a deadline counted from here is never the later one.
#[derive(Clone, Copy)]
struct Begun(Instant);

/// Notes when a call comes in; stands before all layers.
pub(super) fn begin(mut request: Request) -> Request {
    request.extensions_mut().insert(Begun(Instant::now()));
    request
}

/// A call took longer than it may.
#[derive(Debug, thiserror::Error)]
#[error("the call took longer than {} ms", allowed.as_millis())]
pub(crate) struct Passed {
    pub(crate) allowed: Duration,
}

impl Fault for Passed {
    fn kind(&self) -> ErrorKind {
        ErrorKind::DeadlineExceeded
    }

    fn reason(&self) -> &'static str {
        "DEADLINE_PASSED"
    }
}

impl Step for Deadline {
    async fn run<S: Inner>(&self, request: Request, inner: &S) -> Response {
        let begun = request.extensions().get::<Begun>().map_or_else(Instant::now, |begun| begun.0);
        let shape = request.extensions().get::<Arc<Method>>().map(|method| method.shape);
        let allowed = match (wish(request.headers()), shape) {
            (Some(wish), _) => wish.min(LONGEST),
            (None, Some(Shape::ClientStream)) => return pass(inner, request).await,
            (None, _) => LONGEST,
        };
        match tokio::time::timeout_at(begun + allowed, pass(inner, request)).await {
            Ok(response) => response,
            Err(_) => fault_status(&Passed { allowed }).into_http(),
        }
    }
}

/// How long the caller waits, where it says so.
pub(crate) fn wish(headers: &HeaderMap) -> Option<Duration> {
    parse(headers.get("grpc-timeout")?.to_str().ok()?)
}

/// Reads `100m`: at most eight digits and a unit.
/// <https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#requests>
fn parse(text: &str) -> Option<Duration> {
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    if digits.is_empty() || digits.len() > 8 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let value: u64 = digits.parse().ok()?;
    match unit {
        "H" => Some(Duration::from_secs(value * 3600)),
        "M" => Some(Duration::from_secs(value * 60)),
        "S" => Some(Duration::from_secs(value)),
        "m" => Some(Duration::from_millis(value)),
        "u" => Some(Duration::from_micros(value)),
        "n" => Some(Duration::from_nanos(value)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_protocol_allows_and_nothing_else() {
        assert_eq!(parse("100m"), Some(Duration::from_millis(100)));
        assert_eq!(parse("2H"), Some(Duration::from_hours(2)));
        for wrong in ["", "m", "100", "123456789S", "-1S", "1x", "1é"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
