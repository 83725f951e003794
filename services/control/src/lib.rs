//! The operations centre: the run sheet of a day, and its log.
//!
//! | where | what |
//! |---|---|
//! | [`domain`] | what each service's reports make of a line of the run sheet; the rules of the log; pure |
//! | `store` | rows and queries |
//! | `grpc` | the handlers of `RunSheetService` and `LogService` |
//! | `follow` | what happens when the log of another service grows |
//!
//! What always holds: a line of the run sheet depends on what each service has said, in its own order, and not on
//! which service was heard first. An entry of the log is written once and struck at most once; nothing else changes
//! it.

use std::sync::Arc;

use matchday_api::control::v1::{
    log_service_server::LogServiceServer, run_sheet_service_server::RunSheetServiceServer,
};
use matchday_runtime::{Context, Desk, Follow, Service};
use matchday_store::{BoxFuture, Migrations, StoreError};
use tokio_util::sync::CancellationToken;
use tonic::server::NamedService;

pub mod domain;
mod error;
mod follow;
mod grpc;
mod store;

pub use error::Error;

/// Name of the service, of its log and of its schema.
pub const NAME: &str = "control";

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
struct Control {
    desk: Desk,
    stop: CancellationToken,
}

/// Builds the service.
#[must_use]
pub fn build(context: Context) -> BoxFuture<'static, Result<Service, StoreError>> {
    Box::pin(async move {
        let desk = context.open(NAME, migrations()).await?;
        let control = Control { desk: desk.clone(), stop: context.stop.clone() };
        Ok(Service {
            name: NAME,
            store: desk.store().clone(),
            routes: Box::new(move |routes| {
                routes
                    .add_service(RunSheetServiceServer::new(control.clone()))
                    .add_service(LogServiceServer::new(control))
            }),
            grpc: vec![RunSheetServiceServer::<Control>::NAME, LogServiceServer::<Control>::NAME],
            follows: vec![
                Follow { log: "scheduling", effect: Arc::new(follow::Scheduling) },
                Follow { log: "venues", effect: Arc::new(follow::Told(follow::venues::report)) },
                Follow { log: "volunteers", effect: Arc::new(follow::Told(follow::volunteers::report)) },
                Follow { log: "visitors", effect: Arc::new(follow::Told(follow::visitors::report)) },
            ],
            pages: None,
            tasks: vec![],
        })
    })
}
