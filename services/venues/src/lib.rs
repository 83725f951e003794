//! Venue logistics: the tree of places, who holds them, and the work on them.
//!
//! | where | what |
//! |---|---|
//! | [`domain`] | occupations, reserving all places of a schedule, following an activity, what is done with work; pure |
//! | `store` | rows and queries |
//! | `grpc` | the handlers of `PlaceService`, `BookingService` and `WorkOrderService` |
//! | `follow` | what happens when scheduling's log grows |
//!
//! What always holds: two bookings in the state *booked* never overlap in one zone, buffers included,
//! whatever path wrote them. Every path takes the zone's lock, loads what overlaps, and decides in
//! [`domain::booking::in_the_way`]. Work orders are what the service plan in force asks for, but for work that has
//! begun.

use std::sync::Arc;

use matchday_api::venues::v1::{
    booking_service_server::BookingServiceServer, place_service_server::PlaceServiceServer,
    work_order_service_server::WorkOrderServiceServer,
};
use matchday_runtime::{Context, Desk, Follow, Service};
use matchday_store::{BoxFuture, Migrations, StoreError};
use tonic::server::NamedService;

pub mod domain;
mod error;
mod follow;
mod grpc;
mod store;

pub use error::Error;

/// Name of the service, of its log and of its schema.
pub const NAME: &str = "venues";

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
struct Venues {
    desk: Desk,
}

/// Builds the service.
#[must_use]
pub fn build(context: Context) -> BoxFuture<'static, Result<Service, StoreError>> {
    Box::pin(async move {
        let desk = context.open(NAME, migrations()).await?;
        let effect = Arc::new(follow::Scheduling { desk: desk.clone() });
        let venues = Venues { desk: desk.clone() };
        Ok(Service {
            name: NAME,
            store: desk.store().clone(),
            routes: Box::new(move |routes| {
                routes
                    .add_service(PlaceServiceServer::new(venues.clone()))
                    .add_service(BookingServiceServer::new(venues.clone()))
                    .add_service(WorkOrderServiceServer::new(venues))
            }),
            grpc: vec![
                PlaceServiceServer::<Venues>::NAME,
                BookingServiceServer::<Venues>::NAME,
                WorkOrderServiceServer::<Venues>::NAME,
            ],
            follows: vec![Follow { log: "scheduling", effect }],
            pages: None,
            tasks: vec![],
        })
    })
}
