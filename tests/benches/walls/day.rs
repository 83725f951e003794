//! The reference tournament with its service plan, the day before it begins: the time from the acknowledgement
//! of a delay until everybody has followed, and what a check of its schedule takes.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use futures_util::future;
use matchday_api::{
    event::v1::{AwaitFollowerRequest, event_service_client::EventServiceClient},
    scheduling::v1::CheckScheduleRequest,
};
use matchday_rpc::Peer;
use matchday_tests::{clients::Clients, evening, log, make, process, refusal::answered, stage::Engine};
use tonic::Request;

use crate::{
    Effort,
    figure::{Target, count, median, millis, percentile, show},
    hosted::Hosted,
    import,
};

/// The tournament.
const CUP: &str = "fisu-2023";
/// Its matches; they count from 1.
const MATCHES: usize = 46;
/// What the clock shows at the beginning: a day before [`make::at`]'s first one. Nothing has begun then.
const NOW: i64 = -24 * 60;
/// The logs, as [`evening::heads`] returns their sequences.
const LOGS: [&str; 5] = ["scheduling", "venues", "volunteers", "visitors", "control"];
/// How long one delay may take before the measurement fails.
const PATIENCE: Duration = Duration::from_secs(30);

/// Measures and prints.
pub(crate) async fn measure(effort: Effort) {
    println!(
        "  the reference tournament: from the acknowledgement of a match's delay until venues, volunteers, \
         visitors and control have followed, {} delays",
        effort.delays
    );
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let Some(house) = Hosted::rehearsing(engine, NOW).await else {
            continue;
        };
        let mut clients = house.clients();
        publish(&house, &mut clients).await;
        show_checks(engine, &mut clients, effort.rounds * 10).await;
        show_lags(engine, &mut clients, effort.delays).await;
        house.close().await;
    }
    import::measure(effort).await;
}

/// Imports the tournament by the program, as people do, and publishes it.
async fn publish(house: &Hosted, clients: &mut Clients) {
    run(house, &["site", "import", "site.yaml"]);
    run(house, &["tournament", "import", "tournament.yaml"]);
    run(house, &["tournament", "import", "neighbours.yaml"]);
    run(house, &["plan", "apply", "plan.yaml"]);
    run(house, &["gate", "import", "gates.yaml"]);
    // sessions must be known where tickets name them
    log::settle(clients).await;
    run(house, &["volunteer", "import", "volunteers.csv", "--groups", "groups.csv", "--tournament", CUP]);
    run(house, &["credential", "import", "credentials.csv", "--tournament", CUP]);
    for id in [CUP, "jinjiang-community-2023"] {
        answered(clients.schedule.publish_schedule(make::publish(id)).await);
    }
    log::settle(clients).await;
}

/// Runs a command of the program on files of the reference tournament.
fn run(house: &Hosted, arguments: &[&str]) {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/fisu-2023");
    let is_file = |text: &str| Path::new(text).extension().is_some();
    let written = arguments.iter().map(|text| {
        if is_file(text) { examples.join(text).display().to_string() } else { (*text).to_owned() }
    });
    let token = house.token_file().display().to_string();
    let connection = ["--server".to_owned(), house.url(), "--token-file".to_owned(), token];
    let all: Vec<String> = written.chain(connection).collect();
    // it fails the measurement when it is refused
    let _ = process::command(&all.iter().map(String::as_str).collect::<Vec<_>>());
}

async fn show_checks(engine: Engine, clients: &mut Clients, checks: usize) {
    let mut times = Vec::new();
    for _ in 0..checks {
        let begun = Instant::now();
        let check = CheckScheduleRequest { parent: format!("tournaments/{CUP}") };
        answered(clients.checks.check_schedule(check).await);
        times.push(millis(begun.elapsed()));
    }
    show(&format!("{engine:?}: CheckSchedule, median of {checks}"), median(&times), "ms", Target::None);
}

async fn show_lags(engine: Engine, clients: &mut Clients, delays: usize) {
    let before = evening::heads(clients).await;
    let mut lags = Vec::new();
    for number in (1..=MATCHES).cycle().take(delays) {
        let delay = make::delay(&make::name(CUP, &format!("m{number:02}")), 1);
        answered(clients.schedule.delay_activity(delay).await);
        let acknowledged = Instant::now();
        followed(clients).await;
        lags.push(millis(acknowledged.elapsed()));
    }
    let after = evening::heads(clients).await;
    show(&format!("{engine:?}: p50"), percentile(&lags, 50), "ms", Target::None);
    show(&format!("{engine:?}: p99"), percentile(&lags, 99), "ms", Target::None);
    for ((log, before), after) in LOGS.into_iter().zip(before).zip(after) {
        let events = usize::try_from(after - before).expect("a log only grows");
        show(
            &format!("{engine:?}: events of {log} to a delay"),
            count(events) / count(delays),
            "",
            Target::None,
        );
    }
}

/// Waits until each follower of scheduling has applied everything its log holds now, and control everything that
/// came of it in all logs. They are asked all at once: the last one counts.
async fn followed(clients: &Clients) {
    let head = log::head(&mut clients.scheduling.clone(), "scheduling").await;
    let others =
        [("venues", &clients.venues), ("volunteers", &clients.volunteers), ("visitors", &clients.visitors)];
    let through_others = others.map(|(name, events)| async move {
        reached(events, name, "scheduling", head).await;
        let head = log::head(&mut events.clone(), name).await;
        reached(&clients.control, "control", name, head).await;
    });
    let straight = reached(&clients.control, "control", "scheduling", head);
    future::join(future::join_all(through_others), straight).await;
}

async fn reached(events: &EventServiceClient<Peer>, follower: &str, log: &str, sequence: i64) {
    let awaited = AwaitFollowerRequest { follower: follower.into(), log: log.into(), sequence };
    let mut request = Request::new(awaited);
    request.set_timeout(PATIENCE);
    answered(events.clone().await_follower(request).await);
}
