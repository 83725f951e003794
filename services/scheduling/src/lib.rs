//! Scheduling: tournaments, their teams, their schedule and their service plans.
//!
//! | where | what |
//! |---|---|
//! | [`domain`] | delaying, moving and cancelling activities; what a version goes through; what a service plan must be like; pure |
//! | `store` | rows and queries |
//! | [`domain::diff`], [`domain::told`] | what differs between two schedules, and who has to be told what; pure |
//! | `grpc` | the handlers of its gRPC services |
//! | [`domain::live`], [`domain::board`] | what is recorded on the day; what is on and next on each pitch; pure |
//! | [`domain::officials`] | who may lead a match; pure |
//! | [`domain::format`], [`domain::standings`], [`domain::bracket`] | the matches of a competition, tables from results, who plays whom; pure |
//! | [`domain::check`] | checking a schedule against rules; pure |
//! | `frame` | reading all that a timetable is checked against and made of |
//! | [`domain::frame`], [`domain::instance`] | what timetables are made within; the schedule as the timetable engine knows it, and back; pure |
//! | [`rulebook`] | rules as people write them, and those that are shipped |
//! | `pages` | calendars that programs subscribe to over HTTP |
//! | [`domain::export`] | the schedule as files; pure |
//! | `inquiry` | asking the venues what a check needs to know |
//! | `draft` | proposing a whole schedule as a version |
//! | `runs` | making and repairing timetables: runs of the engine that end in drafts |
//! | [`domain::run`], [`domain::disruption`] | what a run goes through and may spend; what happens to a schedule; pure |
//! | `publish` | publishing a version: places reserved in venues first, finished after a crash |
//!
//! What always holds: a published version is immutable and all its places were reserved; a change of an
//! activity is one event with the activity as it is and as it was, which venues and the others follow.

use matchday_api::scheduling::v1::{
    check_service_server::CheckServiceServer, competition_service_server::CompetitionServiceServer,
    export_service_server::ExportServiceServer, frame_service_server::FrameServiceServer,
    live_service_server::LiveServiceServer, official_service_server::OfficialServiceServer,
    plan_service_server::PlanServiceServer, run_service_server::RunServiceServer,
    schedule_service_server::ScheduleServiceServer, tournament_service_server::TournamentServiceServer,
    version_service_server::VersionServiceServer,
};
use matchday_runtime::{Context, Desk, Service};
use matchday_store::{BoxFuture, Migrations, StoreError};
use tokio_util::sync::CancellationToken;
use tonic::server::NamedService;

pub mod domain;
mod draft;
mod error;
mod frame;
mod grpc;
mod inquiry;
mod pages;
mod publish;
pub mod rulebook;
mod runs;
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
    inquiry: inquiry::Inquiry,
    runs: runs::Runs,
    stop: CancellationToken,
}

/// Builds the service.
#[must_use]
pub fn build(context: Context) -> BoxFuture<'static, Result<Service, StoreError>> {
    Box::pin(async move {
        let desk = context.open(NAME, migrations()).await?;
        let publisher = publish::Publisher::new(desk.clone(), context.peer("venues"));
        let recovery = Box::pin(publisher.clone().finish_interrupted());
        let inquiry = inquiry::Inquiry::new(&context.peer("venues"));
        let holding = runs::Holding::take(desk.clone()).await?;
        let runs = runs::Runs::new(desk.clone(), &context.peer("venues"), &holding, context.stop.clone());
        let lost = Box::pin(holding.tend());
        let scheduling =
            Scheduling { desk: desk.clone(), publisher, inquiry, runs, stop: context.stop.clone() };
        Ok(Service {
            name: NAME,
            store: desk.store().clone(),
            routes: Box::new(move |routes| {
                routes
                    .add_service(TournamentServiceServer::new(scheduling.clone()))
                    .add_service(PlanServiceServer::new(scheduling.clone()))
                    .add_service(CheckServiceServer::new(scheduling.clone()))
                    .add_service(CompetitionServiceServer::new(scheduling.clone()))
                    .add_service(ExportServiceServer::new(scheduling.clone()))
                    .add_service(FrameServiceServer::new(scheduling.clone()))
                    .add_service(RunServiceServer::new(scheduling.clone()))
                    .add_service(VersionServiceServer::new(scheduling.clone()))
                    .add_service(LiveServiceServer::new(scheduling.clone()))
                    .add_service(OfficialServiceServer::new(scheduling.clone()))
                    .add_service(ScheduleServiceServer::new(scheduling))
            }),
            grpc: vec![
                TournamentServiceServer::<Scheduling>::NAME,
                PlanServiceServer::<Scheduling>::NAME,
                CheckServiceServer::<Scheduling>::NAME,
                CompetitionServiceServer::<Scheduling>::NAME,
                ExportServiceServer::<Scheduling>::NAME,
                FrameServiceServer::<Scheduling>::NAME,
                RunServiceServer::<Scheduling>::NAME,
                VersionServiceServer::<Scheduling>::NAME,
                LiveServiceServer::<Scheduling>::NAME,
                OfficialServiceServer::<Scheduling>::NAME,
                ScheduleServiceServer::<Scheduling>::NAME,
            ],
            follows: vec![],
            pages: Some(Box::new(pages::calendars)),
            tasks: vec![recovery, lost],
        })
    })
}
