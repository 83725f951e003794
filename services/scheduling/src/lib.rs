//! Scheduling: tournaments, their teams, and their schedule.
//!
//! | where | what |
//! |---|---|
//! | [`domain`] | delaying, moving and cancelling activities; what a version goes through; pure |
//! | `store` | rows and queries |
//! | `grpc` | the handlers of `TournamentService` and `ScheduleService` |
//! | `publish` | publishing a version: places reserved in venues first, finished after a crash |
//!
//! What always holds: a published version is immutable and all its places were reserved; a change of an
//! activity is one event with the activity as it is and as it was, which venues and the others follow.

use matchday_api::scheduling::v1::{
    schedule_service_server::ScheduleServiceServer, tournament_service_server::TournamentServiceServer,
};
use matchday_runtime::{Context, Desk, Service};
use matchday_store::{BoxFuture, Migrations, StoreError};
use tokio_util::sync::CancellationToken;
use tonic::server::NamedService;

pub mod domain;
mod error;
mod grpc;
mod publish;
mod store;

pub use error::Error;

/// Name of the service, of its log and of its schema.
pub const NAME: &str = "scheduling";

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
struct Scheduling {
    desk: Desk,
    publisher: publish::Publisher,
    stop: CancellationToken,
}

/// Builds the service.
#[must_use]
pub fn build(context: Context) -> BoxFuture<'static, Result<Service, StoreError>> {
    Box::pin(async move {
        let desk = context.open(NAME, migrations()).await?;
        let publisher = publish::Publisher::new(desk.clone(), context.peer("venues"));
        let recovery = Box::pin(publisher.clone().finish_interrupted());
        let scheduling = Scheduling { desk: desk.clone(), publisher, stop: context.stop.clone() };
        Ok(Service {
            name: NAME,
            store: desk.store().clone(),
            routes: Box::new(move |routes| {
                routes
                    .add_service(TournamentServiceServer::new(scheduling.clone()))
                    .add_service(ScheduleServiceServer::new(scheduling))
            }),
            grpc: vec![
                TournamentServiceServer::<Scheduling>::NAME,
                ScheduleServiceServer::<Scheduling>::NAME,
            ],
            follows: vec![],
            tasks: vec![recovery],
        })
    })
}
