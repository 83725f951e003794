//! A crowd that grows and goes: told after its dwell, seen, handed on when nobody acknowledges it, never shelved at its
//! highest, over when it is surely over; and a gate that is watched while people enter.

use matchday_api::visitors::v1::{
    Alert, AlertCause, AlertLevel, AlertState, ApplyFlowGraphRequest, CounterReading, DensityTier,
    FlowCounter, FlowGraph, FlowLink, FlowZone, GetAlertRequest, RecordReadingsRequest,
    RecordReferenceCountRequest, ShelveAlertRequest, WatchAlertsRequest, WatchAlertsResponse,
    WatchGateRequest,
};
use matchday_kernel::SignedDuration;
use matchday_rpc::parse::to_timestamp;
use matchday_tests::{
    PATIENCE,
    clients::Clients,
    evening::{Evening, OPENING, scan},
    make,
    process::command,
    refusal::{answered, refused},
    stage::Stage,
    tests_of,
};
use tokio::{task::spawn_blocking, time::timeout};
use tonic::{Code, Streaming};

mod a_crowd_is_told_handed_on_and_over {
    use matchday_tests::town::Plan::One;

    super::tests_of! { a_crowd_is_told_handed_on_and_over
        on_sqlite: Sqlite, Processes(One);
        on_postgres: Postgres, Processes(One);
    }
}

mod a_gate_is_watched_while_people_enter {
    use matchday_tests::town::Plan::One;

    super::tests_of! { a_gate_is_watched_while_people_enter
        on_sqlite: Sqlite, Processes(One);
        on_postgres: Postgres, Processes(One);
    }
}

const VENUE: &str = "jinjiang/stadium";

/// The arguments of a command of the program that speaks to the stage.
fn spoken(stage: &mut Stage, arguments: &[&str]) -> Vec<String> {
    let (data, server) = (stage.data().display().to_string(), stage.town().url("visitors"));
    let place = ["--server".to_owned(), server, "--data".to_owned(), data];
    arguments.iter().map(|&text| text.to_owned()).chain(place).collect()
}

/// Runs a command of the program, and returns what it printed.
async fn run(stage: &mut Stage, arguments: &[&str]) -> String {
    let arguments = spoken(stage, arguments);
    let ran = spawn_blocking(move || command(&arguments.iter().map(String::as_str).collect::<Vec<_>>()));
    ran.await.expect("it does not panic")
}

/// A pitch of 100 m² with one counter at its only way in, empty now.
async fn count(admin: &mut Clients) {
    let zone = FlowZone {
        zone: make::pitch(1),
        area_m2: Some(100.0),
        tiers: vec![DensityTier { label: "orange".into(), from_density: 4.0 }],
        provenance: None,
    };
    let counter =
        FlowCounter { id: "door".into(), link: "tunnel".into(), spread: Some(0.0), ..FlowCounter::default() };
    let graph = FlowGraph {
        zones: vec![zone],
        links: vec![FlowLink { id: "tunnel".into(), from: String::new(), to: make::pitch(1) }],
        counters: vec![counter],
    };
    let apply = ApplyFlowGraphRequest {
        parent: make::VENUE.into(),
        graph: Some(graph),
        ..ApplyFlowGraphRequest::default()
    };
    answered(admin.flow.apply_flow_graph(apply).await);
    let empty = RecordReferenceCountRequest {
        parent: make::VENUE.into(),
        zone: make::pitch(1),
        ..RecordReferenceCountRequest::default()
    };
    answered(admin.flow.record_reference_count(empty).await);
}

/// People who passed the counter just now.
async fn pass(stage: &Stage, admin: &mut Clients, sequence: i64, entries: i64, exits: i64) {
    let now = stage.now();
    let reading = CounterReading {
        counter: "door".into(),
        sequence,
        start_time: Some(to_timestamp(now.saturating_add(SignedDuration::from_millis(-10)))),
        end_time: Some(to_timestamp(now)),
        entries,
        exits,
    };
    let request = RecordReadingsRequest { parent: make::VENUE.into(), readings: vec![reading] };
    assert_eq!(answered(admin.flow.record_readings(request).await).counted, 1);
}

/// Waits for the density alert to be as wanted.
async fn told(watch: &mut Streaming<WatchAlertsResponse>, wanted: impl Fn(&Alert) -> bool) -> Alert {
    let found = async {
        loop {
            let message = watch.message().await.expect("it goes on").expect("it goes on");
            let mut alerts = message.alerts.into_iter();
            let is_wanted = |alert: &Alert| alert.cause() == AlertCause::Density && wanted(alert);
            if let Some(alert) = alerts.find(is_wanted) {
                return alert;
            }
        }
    };
    timeout(PATIENCE, found).await.expect("it is told")
}

async fn a_crowd_is_told_handed_on_and_over(mut stage: Stage) {
    Evening::with_kick_off(&stage, 1, 60).await;
    let mut admin = stage.admin();
    let quick = ["--dwell-up", "2s", "--dwell-down", "2s", "--escalate-after", "1s", "--red", "6"];
    let set = run(&mut stage, &[&["flow", "rule", "set", VENUE, "density"], quick.as_slice()].concat()).await;
    assert!(set.contains("assumed") && set.contains("reported"), "figures say where they are from: {set}");
    let pitch = format!("{VENUE}/{}", make::pitch(1).rsplit('/').next().expect("a name"));
    run(&mut stage, &["flow", "duty", "set", &pitch, "--holder", "leader pitch", "--unit", "Security"]).await;
    run(&mut stage, &["flow", "duty", "set", VENUE, "--holder", "venue manager"]).await;
    let duty = run(&mut stage, &["flow", "duty", "list", VENUE]).await;
    assert!(duty.contains("leader pitch, Security") && duty.contains("venue manager"), "{duty}");

    count(&mut admin).await;
    let request = WatchAlertsRequest { parent: make::VENUE.into(), after_sequence: 0 };
    let mut watch = answered(admin.alerts.watch_alerts(request).await);
    let began = stage.now();
    pass(&stage, &mut admin, 1, 470, 0).await;
    let raised = told(&mut watch, |_| true).await;
    assert_eq!((raised.level(), raised.threshold), (AlertLevel::Orange, 4.0));
    let at = raised.raise_time.expect("it was raised");
    let dwelt = to_timestamp(began.saturating_add(SignedDuration::from_secs(2)));
    assert!((at.seconds, at.nanos) >= (dwelt.seconds, dwelt.nanos), "it dwells: {at:?} after {began}");
    assert_eq!(raised.holder, "leader pitch (Security)");

    // nobody says that it was seen
    let handed_on = told(&mut watch, |alert| alert.escalations == 1).await;
    assert_eq!(handed_on.holder, "venue manager");
    let name = raised.name.replace("sites/", "").replace("venues/", "").replace("alerts/", "");
    let shelve =
        ["flow", "alert", "shelve", &name, "--lasts", "30m", "--reason", "the door is being repaired"];
    assert!(run(&mut stage, &shelve).await.contains("shelved"));
    assert!(run(&mut stage, &["flow", "alert", "ack", &name]).await.contains("acknowledged"));
    let list = run(&mut stage, &["flow", "alerts", VENUE]).await;
    assert!(list.contains("orange") && list.contains("density") && list.contains("per m²"), "{list}");

    // it gets worse: it is to be acknowledged again, and nobody sets it aside
    pass(&stage, &mut admin, 2, 250, 0).await;
    let red = told(&mut watch, |alert| alert.level() == AlertLevel::Red).await;
    assert_eq!(red.state(), AlertState::Unacknowledged);
    let shelve = ShelveAlertRequest {
        name: red.name,
        lasts: Some(make::minutes(30)),
        reason: "it is too loud".into(),
        ..ShelveAlertRequest::default()
    };
    refused(admin.alerts.shelve_alert(shelve).await, Code::FailedPrecondition, "ALERT_NOT_SHELVED");
    let shown = run(&mut stage, &["flow", "alert", "show", &name]).await;
    assert!(shown.contains("Pause entry at north") && shown.contains("projection"), "{shown}");

    // it is over when it is surely below for its dwell
    pass(&stage, &mut admin, 3, 0, 700).await;
    told(&mut watch, |alert| alert.state() == AlertState::Cleared).await;
    let whole = answered(admin.alerts.get_alert(GetAlertRequest { name: raised.name.clone() }).await);
    assert!(whole.transitions.len() >= 6, "{:?}", whole.transitions);
    let figures = run(&mut stage, &["flow", "alarm-figures", VENUE]).await;
    let is_there = |text: &&str| figures.contains(*text);
    assert!(
        ["per-10-min", "flood", "stale", "recommended 5 %", "escalations"].iter().all(is_there),
        "{figures}"
    );
}

async fn a_gate_is_watched_while_people_enter(stage: Stage) {
    Evening::with_kick_off(&stage, 3, 60).await;
    let mut admin = stage.admin();
    let request = WatchGateRequest { name: OPENING.into() };
    let mut watch = answered(admin.governor.watch_gate(request).await);
    let mut inside = async |wanted: i32| {
        let seen = async {
            loop {
                let view =
                    watch.message().await.expect("it goes on").expect("it goes on").view.expect("a view");
                let occupancy = view.occupancy.clone().expect("a count");
                if occupancy.public == wanted {
                    return view;
                }
            }
        };
        timeout(PATIENCE, seen).await.expect("it is seen")
    };
    assert_eq!(inside(0).await.minutes.len(), 15);
    for ticket in 0..3 {
        answered(admin.admissions.redeem_credential(scan(ticket, 1, ticket)).await);
    }
    let view = inside(3).await;
    assert_eq!(view.opening.expect("an opening").name, OPENING);
    assert_eq!(view.control.expect("a control").states, []);
}
