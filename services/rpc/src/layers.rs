//! The stack every call passes, local or remote, in one order.
//!
//! | | layer | why it stands there |
//! |---|---|---|
//! | 1 | [`trace`] | everything below logs with the request id; finds the method once for all |
//! | 2 | [`metrics`] | counts what callers see, refusals and panics included |
//! | 3 | [`mod@panic`] | a defect ends one call, not the connection nor an in-process caller |
//! | 4 | [`authenticate`] | nothing is read of a caller nobody knows |
//! | 5 | [`deadline`] | covers reading the body, waiting for a free place and the handler; also where no transport does |
//! | 6 | [`authorise`] | permission before the body is read; scope once it is |
//! | 7 | [`limit`] | last, so that only calls that may run take a place; one set of places per service, because nested calls under a shared limit would wait for each other |

use std::{
    convert::Infallible,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use matchday_kernel::{Clock, Random};
use tonic::{body::Body, service::Routes};
use tower::{Service, ServiceExt};

use crate::{Methods, Verifier};

pub mod authenticate;
pub mod authorise;
pub mod deadline;
pub mod limit;
pub mod metrics;
pub mod panic;
pub mod trace;

pub use limit::Places;
pub use metrics::RpcMetrics;

/// A request as the layers see it.
pub type Request = http::Request<Body>;
/// A response as the layers see it.
pub type Response = http::Response<Body>;

/// What lies below a layer.
pub trait Inner: Send + Sync + 'static {
    /// Answers a call.
    fn answer(&self, request: Request) -> impl Future<Output = Response> + Send;
}

/// One layer: what it does with a call on its way in and out.
pub trait Step: Send + Sync + 'static {
    /// Handles a call, handing it to `inner` or refusing it.
    fn run<S: Inner>(&self, request: Request, inner: &S) -> impl Future<Output = Response> + Send;
}

/// Hands a call to what lies below.
pub(crate) fn pass<S: Inner>(inner: &S, request: Request) -> impl Future<Output = Response> + Send {
    inner.answer(request)
}

/// A layer around what lies below.
#[derive(Clone, Debug)]
struct Around<T, S> {
    step: T,
    inner: S,
}

impl<T: Step, S: Inner> Inner for Around<T, S> {
    fn answer(&self, request: Request) -> impl Future<Output = Response> + Send {
        self.step.run(request, &self.inner)
    }
}

impl Inner for Routes {
    async fn answer(&self, request: Request) -> Response {
        match self.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }
}

/// The layers around the services of a process, as a service. They are shared by all calls: a clone is one
/// more reference.
#[derive(Debug)]
pub struct Layered<S>(Arc<S>);

impl<S> Clone for Layered<S> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<S: Inner> Service<Request> for Layered<S> {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let layers = self.0.clone();
        Box::pin(async move { Ok(layers.answer(deadline::begin(request)).await) })
    }
}

/// What the layers need to know.
#[derive(Clone)]
pub struct Layers {
    /// The methods of the contract.
    pub methods: Methods,
    /// Verifies tokens.
    pub verifier: Arc<Verifier>,
    /// Counts calls.
    pub metrics: RpcMetrics,
    /// How many calls and streams a service takes at once.
    pub places: Places,
    /// The clock of request ids.
    pub clock: Clock,
    /// The randomness of request ids.
    pub random: Random,
}

impl Layers {
    /// Puts the layers around the services of a process; read it from the bottom up.
    #[must_use]
    pub fn around(&self, routes: Routes) -> Layered<impl Inner + use<>> {
        let around_limit = Around { step: limit::Limit::new(self.places), inner: routes.prepare() };
        let around_authorise = Around { step: authorise::Authorise, inner: around_limit };
        let around_deadline = Around { step: deadline::Deadline, inner: around_authorise };
        let around_authenticate =
            Around { step: authenticate::Authenticate::new(self.verifier.clone()), inner: around_deadline };
        let around_panic = Around { step: panic::CatchPanic, inner: around_authenticate };
        let around_metrics = Around { step: self.metrics.clone(), inner: around_panic };
        let trace = trace::Trace::new(self.methods.clone(), self.clock.clone(), self.random.clone());
        Layered(Arc::new(Around { step: trace, inner: around_metrics }))
    }
}
