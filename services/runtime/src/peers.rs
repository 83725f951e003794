//! Finds each service, in this process or elsewhere.

use std::{
    collections::BTreeMap,
    future::Future,
    pin::Pin,
    sync::{Arc, OnceLock},
    task::{Context, Poll},
};

use http::{Request, Response};
use matchday_kernel::{ErrorKind, Fault};
use matchday_rpc::{Credentials, Peer, fault_status};
use tonic::{Status, body::Body};
use tower::{Service, ServiceExt, util::BoxCloneSyncService};

/// The peers of a process, by service. A service asks for its peers while it is built; the services of this
/// process are plugged in when all are.
#[derive(Clone)]
pub struct Switchboard {
    lines: Arc<BTreeMap<String, Arc<OnceLock<Peer>>>>,
    credentials: Credentials,
}

impl Switchboard {
    /// A board with a line for each service; every call carries the process's own token.
    #[must_use]
    pub fn new<'a>(services: impl IntoIterator<Item = &'a str>, credentials: Credentials) -> Self {
        let lines = services.into_iter().map(|service| (service.to_owned(), Arc::default())).collect();
        Self { lines: Arc::new(lines), credentials }
    }

    /// The peer of a service. A call fails with `PEER_UNKNOWN` when nobody was plugged in.
    #[must_use]
    pub fn peer(&self, service: &str) -> Peer {
        let line = self.lines.get(service).cloned().unwrap_or_default();
        self.credentials.on(BoxCloneSyncService::new(Line { service: service.to_owned(), line }))
    }

    /// Plugs a peer in; the first one stays.
    pub fn plug(&self, service: &str, peer: Peer) {
        if let Some(line) = self.lines.get(service) {
            line.get_or_init(|| peer);
        }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("nobody said where {service} is: start it here, or give `--peer {service}=http://HOST:PORT`")]
struct Unknown {
    service: String,
}

impl Fault for Unknown {
    fn kind(&self) -> ErrorKind {
        ErrorKind::Unavailable
    }

    fn reason(&self) -> &'static str {
        "PEER_UNKNOWN"
    }
}

#[derive(Clone)]
struct Line {
    service: String,
    line: Arc<OnceLock<Peer>>,
}

impl Service<Request<Body>> for Line {
    type Response = Response<Body>;
    type Error = Status;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Status>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Status>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        if let Some(peer) = self.line.get().cloned() {
            return Box::pin(peer.oneshot(request));
        }
        let status = fault_status(&Unknown { service: self.service.clone() });
        Box::pin(async move { Err(status) })
    }
}
