//! How many calls and open streams each service takes at once.

use std::{
    collections::HashMap,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use matchday_kernel::{ErrorKind, Fault};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tonic::{Status, body::Body};

use super::{Inner, Request, Response, Step, pass};
use crate::{Method, Shape, status::fault_status};

/// How many calls and open streams one service takes at once. A call above waits for its deadline; a stream
/// above is refused, because streams end only when their callers do.
#[derive(Clone, Copy, Debug)]
pub struct Places {
    /// Unary calls.
    pub calls: usize,
    /// Open streams.
    pub streams: usize,
}

impl Default for Places {
    fn default() -> Self {
        Self { calls: 1024, streams: 256 }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("{service} has all its {limit} streams open: close one, or try again later")]
struct TooManyStreams {
    service: String,
    limit: usize,
}

impl Fault for TooManyStreams {
    fn kind(&self) -> ErrorKind {
        ErrorKind::ResourceExhausted
    }

    fn reason(&self) -> &'static str {
        "TOO_MANY_STREAMS"
    }
}

/// See the module.
#[derive(Clone)]
pub struct Limit {
    places: Places,
    services: Arc<Mutex<HashMap<String, Taken>>>,
}

#[derive(Clone)]
struct Taken {
    calls: Arc<Semaphore>,
    streams: Arc<Semaphore>,
}

impl Limit {
    /// The same number of places for every service.
    #[must_use]
    pub fn new(places: Places) -> Self {
        Self { places, services: Arc::default() }
    }

    fn of(&self, service: &str) -> Taken {
        let mut services = self.services.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(taken) = services.get(service) {
            return taken.clone();
        }
        let taken = Taken { calls: semaphore(self.places.calls), streams: semaphore(self.places.streams) };
        services.insert(service.to_owned(), taken.clone());
        taken
    }
}

/// As many places as asked for, or as a semaphore can count: more would be a panic.
fn semaphore(places: usize) -> Arc<Semaphore> {
    Arc::new(Semaphore::new(places.min(Semaphore::MAX_PERMITS)))
}

impl Step for Limit {
    async fn run<S: Inner>(&self, request: Request, inner: &S) -> Response {
        let Some(method) = request.extensions().get::<Arc<Method>>().cloned() else {
            return pass(inner, request).await;
        };
        let taken = self.of(&method.service);
        if method.shape == Shape::Unary {
            let _place = taken.calls.acquire().await.expect("the semaphore is never closed");
            return pass(inner, request).await;
        }
        let Ok(place) = taken.streams.try_acquire_owned() else {
            let (service, limit) = (method.service.clone(), self.places.streams);
            return fault_status(&TooManyStreams { service, limit }).into_http();
        };
        pass(inner, request).await.map(|body| Body::new(Holding { _place: place, body }))
    }
}

/// A response body that keeps its place until it is dropped; the place goes first, so that whoever notices the
/// end of the stream finds it free.
struct Holding {
    _place: OwnedSemaphorePermit,
    body: Body,
}

impl HttpBody for Holding {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
