//! Counts calls by method and status, and measures how long they take.

use std::{sync::Arc, time::Instant};

use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, histogram::Histogram},
    registry::Registry,
};
use tonic::{Code, Status};

use super::{Inner, Request, Response, Step, pass};
use crate::Method;

/// Upper bounds of the duration histogram, in seconds.
const BUCKETS: [f64; 12] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0];

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CallLabels {
    method: String,
    code: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct MethodLabels {
    method: String,
}

/// The metrics of all calls of a process. A stream counts when it begins.
#[derive(Clone)]
pub struct RpcMetrics {
    calls: Family<CallLabels, Counter>,
    seconds: Family<MethodLabels, Histogram, fn() -> Histogram>,
}

impl RpcMetrics {
    /// Makes the metrics and registers them.
    #[must_use]
    pub fn register(registry: &mut Registry) -> Self {
        let metrics = Self {
            calls: Family::default(),
            seconds: Family::new_with_constructor(|| Histogram::new(BUCKETS)),
        };
        registry.register("matchday_rpc_calls", "Calls by method and status", metrics.calls.clone());
        registry.register(
            "matchday_rpc_duration_seconds",
            "Time until a call is answered, or its stream begins",
            metrics.seconds.clone(),
        );
        metrics
    }
}

impl Step for RpcMetrics {
    async fn run<S: Inner>(&self, request: Request, inner: &S) -> Response {
        // a path nobody knows is one label, or callers could make as many as they like
        let method = request
            .extensions()
            .get::<Arc<Method>>()
            .map_or_else(|| "unknown".to_owned(), |method| method.path.clone());
        let mut call = Call { metrics: self.clone(), method, begun: Instant::now(), code: Code::Cancelled };
        let response = pass(inner, request).await;
        call.code = Status::from_header_map(response.headers()).map_or(Code::Ok, |status| status.code());
        response
    }
}

/// A call that is being answered. It counts when it is dropped: also, as cancelled, when its caller hangs up.
struct Call {
    metrics: RpcMetrics,
    method: String,
    begun: Instant,
    code: Code,
}

impl Drop for Call {
    fn drop(&mut self) {
        let method = std::mem::take(&mut self.method);
        let labels = MethodLabels { method: method.clone() };
        self.metrics.seconds.get_or_create(&labels).observe(self.begun.elapsed().as_secs_f64());
        self.metrics.calls.get_or_create(&CallLabels { method, code: format!("{:?}", self.code) }).inc();
    }
}
