//! The time from a commit to its effect in a follower: an activity's delay is acknowledged, and its booking's
//! move stands in venues' log.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use matchday_api::{
    event::v1::{GetLogRequest, TailEventsRequest},
    scheduling::v1::DelayActivityRequest,
    venues::v1::BookingMoved,
};
use matchday_tests::{
    clients::Clients,
    make,
    refusal::answered,
    stage::{Engine, Hosting, Stage},
    town::Plan,
};
use prost::{Message, Name};
use tokio::{sync::mpsc, task::JoinSet, time::timeout};

use crate::{
    Effort,
    figure::{Target, millis, percentile, show},
    hosted::Hosted,
};

/// Longest way to a follower in one process, for 99 of 100 events, in milliseconds.
const ONE_PROCESS: f64 = 50.0;
/// The same between processes, one for each service.
const APART: f64 = 150.0;
/// People who delay activities at the same time.
const PEOPLE: [usize; 2] = [1, 16];
/// How long one event may take before the measurement fails.
const PATIENCE: Duration = Duration::from_secs(30);
/// The tournament.
const CUP: &str = "cup";

/// Measures and prints.
pub(crate) async fn measure(effort: Effort) {
    println!("  from the acknowledgement of a delay to the move of its booking, {} events", effort.events);
    for engine in [Engine::Sqlite, Engine::Postgres] {
        for people in PEOPLE {
            let Some(house) = Hosted::open(engine, 1000).await else {
                continue;
            };
            let lags = lags(house.clients(), people, effort.events).await;
            show_lags(&format!("{engine:?}, one process"), people, &lags, ONE_PROCESS);
            house.close().await;
        }
        for people in PEOPLE {
            let Some(stage) = Stage::open(engine, Hosting::Processes(Plan::Separate)).await else {
                continue;
            };
            let lags = lags(stage.admin(), people, effort.events).await;
            show_lags(&format!("{engine:?}, apart"), people, &lags, APART);
        }
    }
}

fn show_lags(name: &str, people: usize, lags: &[Duration], most: f64) {
    let lags: Vec<f64> = lags.iter().copied().map(millis).collect();
    let name = format!("{name}, {people} at once");
    show(&format!("{name}: p50"), percentile(&lags, 50), "ms", Target::None);
    show(&format!("{name}: p99"), percentile(&lags, 99), "ms", Target::AtMost(most));
}

/// Delays activities, each by somebody who waits for its booking before the next delay.
async fn lags(mut clients: Clients, people: usize, events: usize) -> Vec<Duration> {
    let names: Vec<String> =
        (1..=people).map(|person| make::name(CUP, &format!("training-{person}"))).collect();
    let activities = (1..).zip(&names).map(|(pitch, name)| make::training(name.clone(), pitch, 600, 60));
    let mut programme = make::programme(CUP, &[]);
    programme.activities = activities.collect();
    let pitches = u64::try_from(people).expect("a small number");
    make::set_up(&mut clients, pitches, programme).await;
    answered(clients.schedule.publish_schedule(make::publish(CUP)).await);

    let mut arrivals = listen(&mut clients, &names).await;
    let mut workers = JoinSet::new();
    for name in names {
        let mut schedule = clients.schedule.clone();
        let mut moved = arrivals.remove(&name).expect("made for every name");
        workers.spawn(async move {
            let mut lags = Vec::new();
            for _ in 0..events.div_ceil(people) {
                let delay = DelayActivityRequest {
                    name: name.clone(),
                    delay: Some(make::minutes(1)),
                    reason: "rain".into(),
                    ..DelayActivityRequest::default()
                };
                answered(schedule.delay_activity(delay).await);
                let acknowledged = Instant::now();
                let arrived = timeout(PATIENCE, moved.recv()).await.expect("the booking follows");
                let arrived = arrived.expect("the log is followed to the end");
                // the follower may be faster than the answer
                lags.push(arrived.saturating_duration_since(acknowledged));
            }
            lags
        });
    }
    workers.join_all().await.concat()
}

/// Follows venues' log from its end, and says for each activity when its booking has moved.
async fn listen(
    clients: &mut Clients,
    names: &[String],
) -> HashMap<String, mpsc::UnboundedReceiver<Instant>> {
    let (senders, receivers): (HashMap<_, _>, HashMap<_, _>) = names
        .iter()
        .map(|name| {
            let (sender, receiver) = mpsc::unbounded_channel();
            ((name.clone(), sender), (name.clone(), receiver))
        })
        .unzip();
    let log = answered(clients.venues.get_log(GetLogRequest { log: "venues".into() }).await);
    let request = TailEventsRequest {
        log: "venues".into(),
        after: log.sequence,
        log_id: log.log_id,
        resource: String::new(),
    };
    let mut tail = answered(clients.venues.tail_events(request).await);
    tokio::spawn(async move {
        // ends with the services
        while let Ok(Some(response)) = tail.message().await {
            let arrived = Instant::now();
            let Some(event) = response.event.filter(|event| event.r#type == BookingMoved::full_name()) else {
                continue;
            };
            let payload = event.payload.unwrap_or_default();
            let moved = BookingMoved::decode(payload.value.as_slice()).expect("the payload of its type");
            let holder = moved.booking.unwrap_or_default().holder;
            // nobody waits any more at the end
            let _ = senders.get(&holder).map(|sender| sender.send(arrived));
        }
    });
    receivers
}
