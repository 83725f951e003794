//! A single row, read through all layers, beside a bare tonic echo of the same messages.

use std::time::Duration;

use matchday_api::{
    event::v1::{ListFollowersRequest, event_service_client::EventServiceClient},
    venues::v1::{Booking, GetBookingRequest, booking_service_client::BookingServiceClient},
};
use matchday_rpc::Peer;
use matchday_tests::{make, refusal::answered, stage::Engine};

use crate::{
    Effort,
    echo::Echo,
    figure::{Target, median, show},
    hosted::{CONNECTIONS, Hosted, spread},
    load::rate,
};

/// Calls in flight.
const IN_FLIGHT: usize = 64;
/// Share of an echo's calls that a read must reach, in per cent.
const SHARE: f64 = 60.0;

/// One side of the comparison.
struct Side {
    name: String,
    target: Target,
    /// A client for each call in flight, and the booking it reads.
    clients: Vec<(BookingServiceClient<Peer>, String)>,
}

impl Side {
    /// Each client reads a booking of its own.
    fn new(name: String, target: Target, bookings: &[Booking], connect: impl Fn() -> Peer) -> Self {
        let clients = spread(IN_FLIGHT, || BookingServiceClient::new(connect()));
        let names = bookings.iter().map(|booking| booking.name.clone());
        Self { name, target, clients: clients.into_iter().zip(names).collect() }
    }

    async fn round(&self, lasts: Duration) -> f64 {
        rate(&self.clients, lasts, |(mut client, name)| async move {
            answered(client.get_booking(GetBookingRequest { name }).await);
        })
        .await
    }
}

/// Measures and prints.
pub(crate) async fn measure(effort: Effort) {
    let mut houses = Vec::new();
    for engine in [Engine::Sqlite, Engine::Postgres] {
        if let Some(house) = Hosted::open(engine, 1000).await {
            let bookings = bookings(&house).await;
            houses.push((engine, house, bookings));
        }
    }
    let echoed = &houses[0].2;
    let echo = Echo::start(echoed[0].clone()).await;
    let mut sides = vec![Side::new("bare echo".into(), Target::None, echoed, || echo.connection())];
    for (engine, house, bookings) in &houses {
        let (at_port, local) = (format!("{engine:?}"), format!("{engine:?}, in this process"));
        sides.push(Side::new(at_port, Target::AtLeast(SHARE), bookings, || house.connection()));
        sides.push(Side::new(local, Target::None, bookings, || house.local()));
    }

    for side in &sides {
        // connects, prepares, fills caches
        side.round(effort.round / 4).await;
    }
    let mut rates = vec![Vec::new(); sides.len()];
    let mut layers = Vec::new();
    for _ in 0..effort.rounds {
        for (side, rates) in sides.iter().zip(&mut rates) {
            rates.push(side.round(effort.round).await);
        }
        layers.push(list_followers(&houses[0].1, effort.round).await);
    }

    println!("  {IN_FLIGHT} in flight over {CONNECTIONS} connections, median of {} rounds", effort.rounds);
    for (side, own) in sides.iter().zip(&rates) {
        show(&side.name, median(own), "/s", Target::None);
    }
    show("all layers and no database (ListFollowers)", median(&layers), "/s", Target::None);
    for (side, own) in sides.iter().zip(&rates).skip(1) {
        let shares: Vec<f64> = own.iter().zip(&rates[0]).map(|(own, echo)| own / echo * 100.0).collect();
        show(&format!("{}, share of the echo", side.name), median(&shares), "%", side.target);
    }
    for (_, house, _) in houses {
        house.close().await;
    }
}

/// Calls a method that needs no database.
async fn list_followers(house: &Hosted, lasts: Duration) -> f64 {
    let clients = spread(IN_FLIGHT, || EventServiceClient::new(house.connection()));
    rate(&clients, lasts, |mut client| async move {
        answered(client.list_followers(ListFollowersRequest {}).await);
    })
    .await
}

/// Makes the bookings that are read, one for each call in flight.
async fn bookings(house: &Hosted) -> Vec<Booking> {
    let mut clients = house.clients();
    answered(clients.places.import_site(make::site(1)).await);
    let mut bookings = Vec::new();
    for hour in (0..).step_by(60).take(IN_FLIGHT) {
        let created = answered(clients.bookings.create_booking(make::by_hand(1, hour, hour + 30)).await);
        bookings.push(created.booking.expect("a booking was created"));
    }
    bookings
}
