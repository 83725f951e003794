//! Durable unary writes, many to a transaction, beside one row to a transaction and beside what the disk and
//! the database can do at all.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use matchday_api::venues::v1::{CreateBookingRequest, booking_service_client::BookingServiceClient};
use matchday_rpc::Peer;
use matchday_tests::{make, refusal::answered, stage::Engine};

use crate::{
    Effort,
    figure::{Target, median, show},
    hosted::{CONNECTIONS, Hosted, spread},
    limits,
    load::rate,
};

/// Calls in flight: many users, and a rush.
const IN_FLIGHT: [usize; 2] = [64, 1000];
/// How many times the writes of one row to a transaction.
const TIMES: f64 = 4.0;
/// Pitches the bookings are made on.
const PITCHES: i64 = 64;

/// Bookings that never meet: each call makes the next one.
#[derive(Clone, Default)]
pub(crate) struct Bookings(Arc<AtomicI64>);

impl Bookings {
    fn next(&self) -> CreateBookingRequest {
        let number = self.0.fetch_add(1, Ordering::Relaxed);
        let (pitch, minute) = (number % PITCHES + 1, number / PITCHES * 2);
        let mut request = make::by_hand(pitch.unsigned_abs(), minute, minute + 1);
        request.request_id = format!("walls-{number}");
        request
    }
}

/// Makes the pitches.
///
/// # Panics
/// When that is refused.
pub(crate) async fn set_up(peer: &Peer) {
    let mut places = matchday_api::venues::v1::place_service_client::PlaceServiceClient::new(peer.clone());
    answered(places.import_site(make::site(PITCHES.unsigned_abs())).await);
}

/// Books for a while with so many calls in flight; returns bookings per second.
pub(crate) async fn book(
    bookings: &Bookings,
    in_flight: usize,
    connect: impl Fn() -> Peer,
    lasts: Duration,
) -> f64 {
    let clients = spread(in_flight, || (BookingServiceClient::new(connect()), bookings.clone()));
    rate(&clients, lasts, |(mut client, bookings)| async move {
        answered(client.create_booking(bookings.next()).await);
    })
    .await
}

/// Measures and prints.
pub(crate) async fn measure(effort: Effort) {
    println!(
        "  CreateBooking with request ids over {CONNECTIONS} connections, median of {} rounds",
        effort.rounds
    );
    limits::show_disk(effort.round);
    for engine in [Engine::Sqlite, Engine::Postgres] {
        if !limits::show_database(engine, effort.round).await {
            continue;
        }
        for in_flight in IN_FLIGHT {
            compare(engine, in_flight, effort).await;
        }
    }
}

async fn compare(engine: Engine, in_flight: usize, effort: Effort) {
    let mut houses = Vec::new();
    for max_batch in [1, 1000] {
        let house = Hosted::open(engine, max_batch).await.expect("the server answered a moment ago");
        set_up(&house.connection()).await;
        let bookings = Bookings::default();
        // connects, prepares
        book(&bookings, in_flight, || house.connection(), effort.round / 4).await;
        houses.push((house, bookings));
    }
    let mut rates = [Vec::new(), Vec::new()];
    for _ in 0..effort.rounds {
        for ((house, bookings), rates) in houses.iter().zip(&mut rates) {
            rates.push(book(bookings, in_flight, || house.connection(), effort.round).await);
        }
    }
    let name = format!("{engine:?}, {in_flight} in flight");
    show(&format!("{name}: one row to a transaction"), median(&rates[0]), "/s", Target::None);
    show(&format!("{name}: many"), median(&rates[1]), "/s", Target::None);
    let times: Vec<f64> = rates[1].iter().zip(&rates[0]).map(|(many, one)| many / one).collect();
    show(&format!("{name}: many to one"), median(&times), "x", Target::AtLeast(TIMES));
    for (house, _) in houses {
        house.close().await;
    }
}
