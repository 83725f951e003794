//! Gives every call a request id and a span, and finds its method once for all layers.

use http::HeaderValue;
use matchday_kernel::{Clock, Random, uuid_v7};
use tracing::Instrument;

use super::{Inner, Request, Response, Step, pass};
use crate::Methods;

/// Header that carries the id of a call: taken from the caller where it is usable, made otherwise, and
/// always sent back.
pub const REQUEST_ID: &str = "x-request-id";
const MAX_LENGTH: usize = 128;

/// See the module.
#[derive(Clone)]
pub struct Trace {
    methods: Methods,
    clock: Clock,
    random: Random,
}

impl Trace {
    /// A trace layer over the methods of the contract.
    #[must_use]
    pub fn new(methods: Methods, clock: Clock, random: Random) -> Self {
        Self { methods, clock, random }
    }

    fn id_of(&self, request: &Request) -> HeaderValue {
        let is_usable = |value: &&HeaderValue| {
            value.len() <= MAX_LENGTH
                && !value.is_empty()
                && value.as_bytes().iter().all(u8::is_ascii_graphic)
        };
        request.headers().get(REQUEST_ID).filter(is_usable).cloned().unwrap_or_else(|| {
            let id = uuid_v7(&self.clock, &self.random).to_string();
            HeaderValue::try_from(id).expect("a UUID is ASCII")
        })
    }
}

impl Step for Trace {
    async fn run<S: Inner>(&self, mut request: Request, inner: &S) -> Response {
        let id = self.id_of(&request);
        let path = request.uri().path();
        let span = tracing::info_span!("rpc", method = path, request_id = ?id);
        if let Some(method) = self.methods.get(path).cloned() {
            request.extensions_mut().insert(method);
        }
        let mut response = pass(inner, request).instrument(span).await;
        response.headers_mut().insert(REQUEST_ID, id);
        response
    }
}
