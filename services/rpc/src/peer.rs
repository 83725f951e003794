//! The transport of a client: the same for a service in this process and for one elsewhere.

use std::{
    convert::Infallible,
    error::Error,
    fmt,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use http::{HeaderValue, Request, Response, header::AUTHORIZATION};
use http_body_util::BodyExt;
use matchday_kernel::{ErrorKind, Fault};
use tonic::{
    Status, TimeoutExpired,
    body::Body,
    transport::{Channel, Endpoint},
};
use tower::{Service, ServiceExt, service_fn, util::BoxCloneSyncService};

use crate::{
    layers::deadline::{Passed, wish},
    status::fault_status,
};

/// How long a connection may take to come up.
const CONNECT: Duration = Duration::from_secs(5);

/// One transport for every client. The error is the concrete [`Status`]: with a boxed one, spawned calls do
/// not compile.
pub type Peer = BoxCloneSyncService<Request<Body>, Response<Body>, Status>;

/// The address of another process cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("`{address}` is no address of a service: write http://HOST:PORT")]
pub struct AddressError {
    /// What was written.
    pub address: String,
}

/// Makes a peer of the layered services of this process. As over the network, headers and body arrive and
/// nothing else: what a caller attached to its request in memory (who called *it*, above all) stays with it.
pub fn local<S>(service: S) -> Peer
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible> + Clone + Send + Sync + 'static,
    S::Future: Send + 'static,
{
    let bare = |mut request: Request<Body>| {
        request.extensions_mut().clear();
        request
    };
    BoxCloneSyncService::new(service.map_request(bare).map_err(|never| match never {}))
}

/// Makes a peer of another process. It connects when it is first used, and again when the connection ends.
///
/// # Errors
/// [`AddressError`] when the address is no URL.
pub fn remote(address: &str) -> Result<Peer, AddressError> {
    let wrong = || AddressError { address: address.into() };
    let endpoint = Endpoint::from_shared(address.to_owned()).map_err(|_| wrong())?;
    if endpoint.uri().scheme_str() != Some("http") || endpoint.uri().host().is_none() {
        return Err(wrong());
    }
    // TCP_NODELAY is the endpoint's default; the keep-alive notices a peer that went without a word
    let channel: Channel = endpoint
        .connect_timeout(CONNECT)
        .http2_keep_alive_interval(Duration::from_secs(10))
        .keep_alive_timeout(Duration::from_secs(5))
        .connect_lazy();
    let address: Arc<str> = address.into();
    Ok(BoxCloneSyncService::new(service_fn(move |request: Request<Body>| {
        let (channel, address, wish) = (channel.clone(), address.clone(), wish(request.headers()));
        async move {
            match channel.oneshot(request).await {
                Ok(response) => Ok(response.map(|body| until_cut(address, body))),
                Err(error) => Err(not_answered(&address, wish, &error)),
            }
        }
    })))
}

/// A deadline that passed here and not in the other process is still a deadline.
fn not_answered(address: &str, wish: Option<Duration>, error: &tonic::transport::Error) -> Status {
    let mut cause: Option<&dyn Error> = Some(error);
    while cause.is_some_and(|error| !error.is::<TimeoutExpired>()) {
        cause = cause.and_then(Error::source);
    }
    if let Some(allowed) = wish.filter(|_| cause.is_some()) {
        return fault_status(&Passed { allowed });
    }
    tracing::debug!(address, %error, "peer not reached");
    fault_status(&Unreachable { address: address.into() })
}

/// An answer that is cut off on its way is no answer: what the service itself refuses arrives in trailers,
/// never as an error of the body.
fn until_cut(address: Arc<str>, body: Body) -> Body {
    Body::new(body.map_err(move |error| {
        tracing::debug!(address = &*address, %error, "answer cut off");
        fault_status(&Unreachable { address: address.to_string() })
    }))
}

/// The other process does not answer.
#[derive(Debug, thiserror::Error)]
#[error("{address} does not answer: is it running?")]
struct Unreachable {
    address: String,
}

impl Fault for Unreachable {
    fn kind(&self) -> ErrorKind {
        ErrorKind::Unavailable
    }

    fn reason(&self) -> &'static str {
        "PEER_UNREACHABLE"
    }

    fn metadata(&self) -> Vec<(&'static str, String)> {
        vec![("address", self.address.clone())]
    }
}

/// Where the token of a call comes from: asked at every call, so that a token can be renewed.
#[derive(Clone)]
pub struct Credentials(Arc<dyn Fn() -> Option<HeaderValue> + Send + Sync>);

impl Credentials {
    /// Always the same token.
    ///
    /// # Errors
    /// [`http::header::InvalidHeaderValue`] when it holds what no header may.
    pub fn token(token: &str) -> Result<Self, http::header::InvalidHeaderValue> {
        let mut value = HeaderValue::try_from(format!("Bearer {}", token.trim()))?;
        value.set_sensitive(true);
        Ok(Self(Arc::new(move || Some(value.clone()))))
    }

    /// A token asked for at every call.
    pub fn renewed(token: impl Fn() -> Option<HeaderValue> + Send + Sync + 'static) -> Self {
        Self(Arc::new(token))
    }

    /// Makes a peer that sends the token with every call.
    #[must_use]
    pub fn on(&self, peer: Peer) -> Peer {
        BoxCloneSyncService::new(WithToken { peer, credentials: self.clone() })
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials(hidden)")
    }
}

#[derive(Clone)]
struct WithToken {
    peer: Peer,
    credentials: Credentials,
}

impl Service<Request<Body>> for WithToken {
    type Response = Response<Body>;
    type Error = Status;
    type Future = <Peer as Service<Request<Body>>>::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Status>> {
        self.peer.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        if let Some(token) = (self.credentials.0)() {
            request.headers_mut().insert(AUTHORIZATION, token);
        }
        self.peer.call(request)
    }
}
