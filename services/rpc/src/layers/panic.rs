//! A panic in a handler or in a stream becomes the status `INTERNAL`.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use futures_util::FutureExt;
use http_body::{Body as HttpBody, Frame};
use matchday_kernel::Common;
use tonic::{Status, body::Body};
use tracing::Span;

use super::{Inner, Request, Response, Step, pass};
use crate::status::fault_status;

/// See the module.
#[derive(Clone, Copy, Debug)]
pub struct CatchPanic;

impl Step for CatchPanic {
    async fn run<S: Inner>(&self, request: Request, inner: &S) -> Response {
        // after a panic the call's state is dropped, never looked at again
        match AssertUnwindSafe(pass(inner, request)).catch_unwind().await {
            Ok(response) => {
                response.map(|body| Body::new(Guarded { body: Some(body), span: Span::current() }))
            }
            Err(panic) => status_of(panic.as_ref()).into_http(),
        }
    }
}

/// A response body whose panics end it with a status.
struct Guarded {
    body: Option<Body>,
    /// The call's: a stream is polled after the layers are left, and logs with the request id all the same.
    span: Span,
}

impl HttpBody for Guarded {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let span = self.span.clone();
        let _entered = span.enter();
        let Some(body) = self.body.as_mut() else {
            return Poll::Ready(None);
        };
        match catch_unwind(AssertUnwindSafe(|| Pin::new(body).poll_frame(context))) {
            Ok(polled) => polled,
            Err(panic) => {
                self.body = None;
                let mut trailers = http::HeaderMap::new();
                let frame =
                    status_of(panic.as_ref()).add_header(&mut trailers).map(|()| Frame::trailers(trailers));
                Poll::Ready(Some(frame))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(HttpBody::is_end_stream)
    }
}

fn status_of(panic: &(dyn Any + Send)) -> Status {
    let text = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no text".into());
    fault_status(&Common::internal(format!("panic: {text}")))
}
