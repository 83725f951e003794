//! Scans at the gates of one opening, each of another ticket: as many at once as devices send, beside one at a
//! time, with a limit and without, and beside what the disk and the database can do at all.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use matchday_api::visitors::v1::{
    CapacityLimits, SetCapacityRequest, Verdict, admission_service_client::AdmissionServiceClient,
};
use matchday_tests::{evening, log, refusal::answered, stage::Engine};

use crate::{
    Effort,
    crowd::{self, KICK_OFF},
    figure::{Target, median, show},
    hosted::{CONNECTIONS, Hosted, spread},
    limits,
    load::rate,
    ticketing::{self, Ticketing},
};

/// Calls in flight: one device, whose scans have a transaction each; the gates of an evening; a rush.
const IN_FLIGHT: [usize; 3] = [1, 64, 1000];
/// Devices, each with at most one scan in flight.
const DEVICES: usize = 1000;
/// Tickets at hand for a millisecond of scans: more than the machine admits.
const TICKETS: u128 = 20;

/// Measures and prints.
pub(crate) async fn measure(effort: Effort) {
    println!(
        "  RedeemCredential over {CONNECTIONS} connections, each admits another ticket to one opening, median of \
         {} rounds",
        effort.rounds
    );
    limits::show_disk(effort.round);
    for engine in [Engine::Sqlite, Engine::Postgres] {
        if !limits::show_database(engine, effort.round).await {
            continue;
        }
        let house =
            Hosted::rehearsing(engine, KICK_OFF - 60).await.expect("the server answered a moment ago");
        let peer = if engine == Engine::Postgres { Ticketing::open().await } else { None };
        compare(engine, &house, peer.as_ref(), effort).await;
        house.close().await;
    }
}

async fn compare(engine: Engine, house: &Hosted, peer: Option<&Ticketing>, effort: Effort) {
    let mut clients = house.clients();
    crowd::announce(&mut clients).await;
    crowd::open_gates(&mut clients, DEVICES).await;
    let mut queue = Queue::default();
    for in_flight in IN_FLIGHT {
        // connects, prepares
        queue.pass(house, in_flight, effort.round / 4).await;
    }
    let mut rates = [const { Vec::new() }; IN_FLIGHT.len()];
    let mut peers = Vec::new();
    for _ in 0..effort.rounds {
        if let Some(peer) = peer {
            peers.push(peer.check_in(effort.round).await);
        }
        for (in_flight, rates) in IN_FLIGHT.into_iter().zip(&mut rates) {
            rates.push(queue.pass(house, in_flight, effort.round).await);
        }
    }
    show(
        &format!("{engine:?}, 1 in flight: one scan to a transaction"),
        median(&rates[0]),
        "/s",
        Target::None,
    );
    for (in_flight, many) in IN_FLIGHT.into_iter().zip(&rates).skip(1) {
        let name = format!("{engine:?}, {in_flight} in flight");
        show(&format!("{name}: many"), median(many), "/s", Target::None);
        let times: Vec<f64> = many.iter().zip(&rates[0]).map(|(many, one)| many / one).collect();
        show(&format!("{name}: many to one"), median(&times), "x", Target::None);
    }
    if peer.is_some() {
        let name = format!("a check-in decided in SQL, {} clients", ticketing::CLIENTS);
        show(&name, median(&peers), "/s", Target::None);
        let times: Vec<f64> = rates[1].iter().zip(&peers).map(|(ours, theirs)| ours / theirs).collect();
        let name = format!("{engine:?}, {} in flight: to that", IN_FLIGHT[1]);
        show(&name, median(&times), "x", Target::AtLeast(5.0));
    }
    answered(clients.governor.set_capacity(far_away()).await);
    for (in_flight, without) in IN_FLIGHT.into_iter().zip(&rates).skip(1) {
        let mut limited = Vec::new();
        for _ in 0..effort.rounds {
            limited.push(queue.pass(house, in_flight, effort.round).await);
        }
        let name = format!("{engine:?}, {in_flight} in flight, counted along with a limit");
        show(&name, median(&limited), "/s", Target::None);
        show(&format!("{name}: to without"), median(&limited) / median(without), "x", Target::None);
    }
}

/// A limit that nobody reaches.
fn far_away() -> SetCapacityRequest {
    let limits = CapacityLimits { holding: Some(1_000_000), ..CapacityLimits::default() };
    SetCapacityRequest {
        name: evening::OPENING.into(),
        limits: Some(limits),
        ..SetCapacityRequest::default()
    }
}

/// People before the gates, each with a ticket.
#[derive(Default)]
struct Queue {
    passed: Arc<AtomicUsize>,
    sold: usize,
}

impl Queue {
    /// Lets people in for a while, with so many scans in flight; returns scans per second.
    async fn pass(&mut self, house: &Hosted, in_flight: usize, lasts: Duration) -> f64 {
        self.sell(house, lasts).await;
        let connect = || (AdmissionServiceClient::new(house.connection()), self.passed.clone());
        rate(&spread(in_flight, connect), lasts, |(mut client, passed)| async move {
            let number = passed.fetch_add(1, Ordering::Relaxed);
            let sequence = i64::try_from(number / DEVICES + 1).expect("it counts up");
            let scan = evening::scan(number % DEVICES, sequence, number);
            let decided = answered(client.redeem_credential(scan).await).scan.unwrap_or_default();
            assert_eq!(decided.verdict(), Verdict::Admitted, "ticket {number} is good for one entry");
        })
        .await
    }

    /// Sells as many tickets as a while may need, before it begins.
    async fn sell(&mut self, house: &Hosted, lasts: Duration) {
        let wanted = usize::try_from(lasts.as_millis() * TICKETS).expect("a while is short");
        // those in flight at the end come on top
        let until = self.passed.load(Ordering::Relaxed) + wanted + DEVICES;
        if until > self.sold {
            let mut clients = house.clients();
            answered(clients.credentials.import_credentials(crowd::tickets(self.sold..until)).await);
            log::settle(&mut clients).await;
            self.sold = until;
        }
    }
}
