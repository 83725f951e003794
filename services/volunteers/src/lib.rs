//! Volunteers: the people, the shifts that follow the service plan, and who holds them.
//!
//! | where | what |
//! |---|---|
//! | [`domain`] | who may hold a shift, assignments, limits, filling, what a change breaks; pure |
//! | `store` | rows and queries |
//! | `roster` | shifts and assignments while a write changes them: counters, alerts, events |
//! | `hours` | the ledger of hours while a write adds to it: [`domain::hours`] says what counts |
//! | `making` | rosters while the engine makes them; [`domain::instance`] states for it what there is to fill |
//! | `proposals` | repairs proposed after a change that broke assignments |
//! | `outbox` | messages to volunteers on their way out; [`domain::message`] says when one is tried again |
//! | `grpc` | the handlers; `grpc::own` those of what volunteers do for themselves |
//! | `pages` | pages for people with a code: certificates verified, own shifts as a calendar |
//! | `follow` | what happens when scheduling's log grows; `replan` derives the shifts anew |
//!
//! What always holds, whatever path wrote it: nobody holds two assignments that overlap, and no more seats of a shift
//! are taken than it has. Every path takes the tournament's lock, loads the work of the person, and decides in
//! [`domain::duty::overlapping`], [`domain::eligibility`] and, after a change of the schedule,
//! [`domain::clash`].
//!
//! Who somebody is stands in the tables of volunteers and applications alone: events and replies that are kept name
//! people by their resource names.

use std::sync::Arc;

use matchday_api::volunteers::v1::{
    application_service_server::ApplicationServiceServer, attendance_service_server::AttendanceServiceServer,
    certificate_service_server::CertificateServiceServer, duty_service_server::DutyServiceServer,
    hours_service_server::HoursServiceServer, message_service_server::MessageServiceServer,
    roster_draft_service_server::RosterDraftServiceServer, roster_service_server::RosterServiceServer,
    self_service_server::SelfServiceServer, training_service_server::TrainingServiceServer,
    volunteer_service_server::VolunteerServiceServer,
};
use matchday_kernel::Random;
use matchday_runtime::{Context, Desk, Follow, Service};
use matchday_store::{BoxFuture, Migrations, StoreError};
use tokio::sync::Semaphore;
use tonic::server::NamedService;

pub mod domain;
mod error;
mod follow;
mod grpc;
mod hours;
mod making;
mod outbox;
mod pages;
mod proposals;
mod replan;
mod roster;
mod store;
#[cfg(test)]
mod tests;

pub use error::Error;

use outbox::{Outbox, sender::Sender};

/// Name of the service, of its log and of its schema.
pub const NAME: &str = "volunteers";

/// Largest import, in bytes, as the contract says of its method.
const LARGEST_IMPORT: usize = 64 << 20;

/// Largest import of applications, in bytes, as the contract says of its method.
const MOST_APPLICATIONS: usize = 128 << 20;

/// Volunteers who are told at once what they could take: each question takes a core for a while.
const OFFERS_AT_ONCE: usize = 2;

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
struct Volunteers {
    desk: Desk,
    making: making::Making,
    /// Places of those who look for what they could take.
    offers: Arc<Semaphore>,
    /// What the keys of identity documents are made from.
    random: Random,
    /// The channels that this process has a sender of.
    senders: Arc<[domain::message::Channel]>,
}

/// Builds the service.
#[must_use]
pub fn build(context: Context) -> BoxFuture<'static, Result<Service, StoreError>> {
    Box::pin(async move {
        let desk = context.open(NAME, migrations()).await?;
        let making = making::Making::new(desk.clone(), context.stop.clone());
        let proposals = proposals::Proposals::new(desk.clone(), making.clone(), context.stop.clone());
        let senders = Sender::all(&context.senders)?;
        let channels = senders.iter().map(Sender::channel).collect();
        let outbox =
            Outbox::open(desk.clone(), senders, context.finishing.clone(), context.stop.clone()).await?;
        let random = context.random.clone();
        let volunteers = Volunteers {
            desk: desk.clone(),
            making,
            offers: Arc::new(Semaphore::new(OFFERS_AT_ONCE)),
            random,
            senders: channels,
        };
        let people =
            VolunteerServiceServer::new(volunteers.clone()).max_decoding_message_size(LARGEST_IMPORT);
        let applications =
            ApplicationServiceServer::new(volunteers.clone()).max_decoding_message_size(MOST_APPLICATIONS);
        let asked = volunteers.clone();
        Ok(Service {
            name: NAME,
            store: desk.store().clone(),
            routes: Box::new(move |routes| {
                routes
                    .add_service(people)
                    .add_service(applications)
                    .add_service(DutyServiceServer::new(volunteers.clone()))
                    .add_service(SelfServiceServer::new(volunteers.clone()))
                    .add_service(TrainingServiceServer::new(volunteers.clone()))
                    .add_service(AttendanceServiceServer::new(volunteers.clone()))
                    .add_service(HoursServiceServer::new(volunteers.clone()))
                    .add_service(CertificateServiceServer::new(volunteers.clone()))
                    .add_service(MessageServiceServer::new(volunteers.clone()))
                    .add_service(RosterDraftServiceServer::new(volunteers.clone()))
                    .add_service(RosterServiceServer::new(volunteers))
            }),
            grpc: vec![
                VolunteerServiceServer::<Volunteers>::NAME,
                ApplicationServiceServer::<Volunteers>::NAME,
                DutyServiceServer::<Volunteers>::NAME,
                SelfServiceServer::<Volunteers>::NAME,
                TrainingServiceServer::<Volunteers>::NAME,
                AttendanceServiceServer::<Volunteers>::NAME,
                HoursServiceServer::<Volunteers>::NAME,
                CertificateServiceServer::<Volunteers>::NAME,
                MessageServiceServer::<Volunteers>::NAME,
                RosterDraftServiceServer::<Volunteers>::NAME,
                RosterServiceServer::<Volunteers>::NAME,
            ],
            follows: vec![Follow { log: "scheduling", effect: Arc::new(follow::Scheduling) }],
            pages: Some(Box::new(move |_| pages::router(asked))),
            tasks: vec![Box::pin(proposals.tend()), Box::pin(outbox.run())],
        })
    })
}
