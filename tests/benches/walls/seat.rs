//! Seats of shifts: two hundred who want the same one, and how many decisions a second are durable.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use matchday_api::{
    common::v1::Basis,
    scheduling::v1::{
        ApplyServicePlanRequest, OnDelay, PlanBasis, PlanClass, PlanSubject, Post, ServicePlan,
    },
    volunteers::v1::{AssignVolunteerRequest, GetShiftRequest, roster_service_client::RosterServiceClient},
};
use matchday_rpc::Peer;
use matchday_tests::{clients::Clients, evening, log, make, refusal::answered, stage::Engine};
use tokio::task::JoinSet;
use tonic::Status;

use crate::{
    Effort,
    crowd::{self, KICK_OFF},
    figure::{Target, median, show},
    hosted::{CONNECTIONS, Hosted, spread},
    limits,
    load::rate,
};

/// Calls in flight: one person, whose decisions have a transaction each; many who sign up at once.
const IN_FLIGHT: [usize; 3] = [1, 64, 1000];
/// Clients who want one seat.
const RIVALS: usize = 200;
/// Seats of one shift at most.
const SEATS: usize = 10_000;
/// Shifts with so many seats, and people for all of them: more than the machine gives.
const SHIFTS: usize = 15;
/// Decisions a second that are asked for on `SQLite`, many at once.
const DECISIONS: f64 = 2_000.0;

/// Measures and prints.
pub(crate) async fn measure(effort: Effort) {
    println!(
        "  AssignVolunteer over {CONNECTIONS} connections, each gives another volunteer a seat, median of {} rounds",
        effort.rounds
    );
    limits::show_disk(effort.round);
    for engine in [Engine::Sqlite, Engine::Postgres] {
        if !limits::show_database(engine, effort.round).await {
            continue;
        }
        let house =
            Hosted::rehearsing(engine, KICK_OFF - 600).await.expect("the server answered a moment ago");
        furnish(&mut house.clients()).await;
        race(engine, &house).await;
        compare(engine, &house, effort).await;
        house.close().await;
    }
}

fn post(id: String, headcount: usize) -> Post {
    Post {
        title: id.clone(),
        id,
        start: "KO-60".into(),
        end: "END".into(),
        on_delay: OnDelay::Move.into(),
        headcount: i32::try_from(headcount).expect("a post is small"),
        basis: Some(PlanBasis { basis: Basis::Assumed.into(), source: String::new() }),
        ..Post::default()
    }
}

/// A match with one seat that many want, and many seats; and people for them.
async fn furnish(clients: &mut Clients) {
    crowd::announce(clients).await;
    let many = (0..SHIFTS).map(|number| post(format!("many-{number}"), SEATS));
    let class = PlanClass {
        id: "match".into(),
        title: "Match".into(),
        subject: PlanSubject::Activity.into(),
        posts: many.chain([post("one".into(), 1)]).collect(),
        ..PlanClass::default()
    };
    // the session's class is that of the evening
    let mut plan: ApplyServicePlanRequest = evening::plan();
    if let Some(ServicePlan { classes, .. }) = &mut plan.plan {
        classes.retain(|other| other.id != "match");
        classes.push(class);
    }
    answered(clients.plans.apply_service_plan(plan).await);
    answered(clients.schedule.publish_schedule(make::publish("cup")).await);
    log::settle(clients).await;
    answered(clients.people.import_volunteers(evening::volunteers(SEATS * SHIFTS + RIVALS)).await);
}

fn assign(shift: &str, number: usize) -> AssignVolunteerRequest {
    AssignVolunteerRequest {
        shift: format!("tournaments/cup/shifts/m1-{shift}"),
        volunteer: evening::volunteer(number),
        ..AssignVolunteerRequest::default()
    }
}

/// Two hundred clients want the one seat at once: one gets it.
async fn race(engine: Engine, house: &Hosted) {
    let clients = spread(RIVALS, || RosterServiceClient::new(house.connection()));
    let begun = Instant::now();
    let mut rivals = JoinSet::new();
    for (number, client) in clients.into_iter().enumerate() {
        let mut client: RosterServiceClient<Peer> = client;
        rivals.spawn(async move { client.assign_volunteer(assign("one", SEATS * SHIFTS + number)).await });
    }
    let outcomes: Vec<Result<_, Status>> = rivals.join_all().await;
    let winners = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    let name = "tournaments/cup/shifts/m1-one".to_owned();
    let shift = answered(house.clients().roster.get_shift(GetShiftRequest { name }).await).shift;
    assert_eq!((winners, shift.map(|shift| shift.taken)), (1, Some(1)), "one seat, one winner");
    let took = begun.elapsed().as_secs_f64() * 1000.0;
    show(
        &format!("{engine:?}, {RIVALS} clients, one seat: one winner, all told in"),
        took,
        "ms",
        Target::None,
    );
}

/// People who were given a seat so far: each one, of the next shift when one is full.
#[derive(Default)]
struct Line(AtomicUsize);

impl Line {
    async fn pass(self: &Arc<Self>, house: &Hosted, in_flight: usize, lasts: Duration) -> f64 {
        let connect = || (RosterServiceClient::new(house.connection()), self.clone());
        rate(&spread(in_flight, connect), lasts, |(mut client, line)| async move {
            let number = line.0.fetch_add(1, Ordering::Relaxed);
            answered(client.assign_volunteer(assign(&format!("many-{}", number / SEATS), number)).await);
        })
        .await
    }
}

async fn compare(engine: Engine, house: &Hosted, effort: Effort) {
    let (lasts, line) = (effort.round / 2, Arc::new(Line::default()));
    for in_flight in IN_FLIGHT {
        // connects, prepares
        line.pass(house, in_flight, lasts / 4).await;
    }
    let mut rates = [const { Vec::new() }; IN_FLIGHT.len()];
    for _ in 0..effort.rounds {
        for (in_flight, rates) in IN_FLIGHT.into_iter().zip(&mut rates) {
            rates.push(line.pass(house, in_flight, lasts).await);
        }
    }
    for (in_flight, rates) in IN_FLIGHT.into_iter().zip(&rates) {
        let target = match (engine, in_flight) {
            (Engine::Sqlite, 64..) => Target::AtLeast(DECISIONS),
            _ => Target::None,
        };
        show(&format!("{engine:?}, {in_flight} in flight: seats given"), median(rates), "/s", target);
    }
}
