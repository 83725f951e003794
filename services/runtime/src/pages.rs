//! Plain HTTP pages on the gRPC port: metrics, and whether the process lives and is ready.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing::get,
};
use matchday_api::common::v1::Permission;
use matchday_kernel::Fault;
use matchday_rpc::{Verifier, layers::authenticate};
use prometheus_client::{encoding::text, registry::Registry};

/// What the pages show.
#[derive(Clone)]
pub(crate) struct Pages {
    pub(crate) registry: Arc<Registry>,
    pub(crate) verifier: Arc<Verifier>,
    pub(crate) ready: Arc<AtomicBool>,
}

impl Pages {
    /// `/healthz` and `/readyz` are public, as health is; `/metrics` needs a token with the permission.
    pub(crate) fn router(self) -> Router {
        Router::new()
            .route("/metrics", get(metrics))
            .route("/healthz", get(|| async { "alive\n" }))
            .route("/readyz", get(ready))
            .with_state(self)
    }
}

async fn metrics(State(pages): State<Pages>, headers: HeaderMap) -> Response {
    let identity = match authenticate::identity(&pages.verifier, &headers) {
        Ok(identity) => identity,
        Err(error) => {
            return (StatusCode::UNAUTHORIZED, format!("{}: {error}\n", error.reason())).into_response();
        }
    };
    if !identity.may(Permission::MetricsRead, "") {
        let text = "PERMISSION_MISSING: the metrics need the role monitor or administrator\n";
        return (StatusCode::FORBIDDEN, text).into_response();
    }
    let mut page = String::new();
    if text::encode(&mut page, &pages.registry).is_err() {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    ([(CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], page).into_response()
}

async fn ready(State(pages): State<Pages>) -> Response {
    if pages.ready.load(Ordering::Acquire) {
        "ready\n".into_response()
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "not ready\n").into_response()
    }
}
