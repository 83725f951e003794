//! Visitor flow: gates and devices, credentials, scans, and who is inside.
//!
//! | where | what |
//! |---|---|
//! | [`domain`] | the phases of an opening, its capacity, the decision of a scan, who is inside; pure |
//! | [`domain::flow`] | people counters: their bias, the zones they count, which of them lies; pure |
//! | `store` | rows and queries |
//! | `grpc` | the handlers of `GateService`, `CredentialService`, `AdmissionService`, `GovernorService`, `OfflineService`, `FlowService` and `AlertService` |
//! | [`domain::alert`] | when somebody has to know, who, and what to do about it; pure |
//! | `alerts` | what is measured of a venue, and the task that raises alerts |
//! | `feed` | what many watch is computed once |
//! | `follow` | what happens when other logs grow: openings follow sessions, passes accreditations |
//!
//! What always holds: a scan is decided once; its device and sequence give the same decision for ever. A
//! credential has at most one open admission of an opening: scans, clear-outs, phase changes and the schedule take
//! the lock of the tournament's openings, read, and decide in [`domain::scan::decide`].
//!
//! A scan is no event: scans are rows of an append-only table of their own, and a log of tens of thousands of
//! events an evening would keep every follower busy with what none of them needs.

use std::sync::Arc;

use matchday_api::visitors::v1::{
    admission_service_server::AdmissionServiceServer, alert_service_server::AlertServiceServer,
    credential_service_server::CredentialServiceServer, flow_service_server::FlowServiceServer,
    gate_service_server::GateServiceServer, governor_service_server::GovernorServiceServer,
    offline_service_server::OfflineServiceServer,
};
use matchday_runtime::{Context, Desk, Follow, Service};
use matchday_store::{BoxFuture, Migrations, StoreError};
use tokio_util::sync::CancellationToken;
use tonic::server::NamedService;

mod alerts;
pub mod domain;
mod error;
mod feed;
mod follow;
mod grpc;
#[cfg(test)]
mod stage;
mod store;

pub use error::Error;

/// Name of the service, of its log and of its schema.
pub const NAME: &str = "visitors";

/// Largest request with credentials, in bytes: a quarter of a million of them. The contract says the same.
const LARGEST_IMPORT: usize = 64 * 1024 * 1024;

/// The tables of the service.
#[must_use]
pub fn migrations() -> Migrations {
    Migrations {
        sqlite: sqlx::migrate!("migrations/sqlite"),
        postgres: sqlx::migrate!("migrations/postgres"),
    }
}

/// What the handlers share.
#[derive(Clone)]
struct Visitors {
    desk: Desk,
    feeds: feed::Feeds,
    stop: CancellationToken,
}

/// Builds the service.
#[must_use]
pub fn build(context: Context) -> BoxFuture<'static, Result<Service, StoreError>> {
    Box::pin(async move {
        let desk = context.open(NAME, migrations()).await?;
        let passes = follow::accreditations::Accreditations { random: context.random.clone() };
        let feeds = feed::Feeds::new(&desk);
        let visitors = Visitors { desk: desk.clone(), feeds, stop: context.stop.clone() };
        let looking = Box::pin(alerts::tend(desk.clone()));
        Ok(Service {
            name: NAME,
            store: desk.store().clone(),
            routes: Box::new(move |routes| {
                let credentials = CredentialServiceServer::new(visitors.clone());
                routes
                    .add_service(GateServiceServer::new(visitors.clone()))
                    .add_service(FlowServiceServer::new(visitors.clone()))
                    .add_service(GovernorServiceServer::new(visitors.clone()))
                    .add_service(OfflineServiceServer::new(visitors.clone()))
                    .add_service(AlertServiceServer::new(visitors.clone()))
                    .add_service(credentials.max_decoding_message_size(LARGEST_IMPORT))
                    .add_service(AdmissionServiceServer::new(visitors))
            }),
            grpc: vec![
                GateServiceServer::<Visitors>::NAME,
                FlowServiceServer::<Visitors>::NAME,
                GovernorServiceServer::<Visitors>::NAME,
                OfflineServiceServer::<Visitors>::NAME,
                AlertServiceServer::<Visitors>::NAME,
                CredentialServiceServer::<Visitors>::NAME,
                AdmissionServiceServer::<Visitors>::NAME,
            ],
            follows: vec![
                Follow { log: "scheduling", effect: Arc::new(follow::Scheduling) },
                Follow { log: "volunteers", effect: Arc::new(passes) },
            ],
            pages: None,
            tasks: vec![looking],
        })
    })
}
