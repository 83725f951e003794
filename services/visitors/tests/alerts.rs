//! Alerts over gRPC, with the service alone in a process: raised by what counters say, watched, acted upon, measured.

use matchday_api::visitors::v1::{
    self as pb, alert_service_client::AlertServiceClient, flow_service_client::FlowServiceClient,
};
use matchday_kernel::{Instant, SignedDuration};
use matchday_rpc::{Peer, parse::to_timestamp, reason};
use matchday_runtime::testing::Solo;
use matchday_store::testing::{PATIENCE, now};
use tokio::time::timeout;
use tonic::Streaming;

const VENUE: &str = "sites/s/venues/v";
const STAND: &str = "sites/s/venues/v/zones/stand";

async fn hosted() -> Vec<Solo> {
    Solo::on_each_database(matchday_visitors::NAME, matchday_visitors::build, &[]).await
}

fn minute(minutes: i64) -> Instant {
    now().saturating_add(SignedDuration::from_mins(minutes))
}

/// A stand of 100 m² with one counter at its only way in; orange from 4 people per m² by the graph.
fn graph() -> pb::FlowGraph {
    pb::FlowGraph {
        zones: vec![pb::FlowZone {
            zone: STAND.into(),
            area_m2: Some(100.0),
            tiers: vec![pb::DensityTier { label: "orange".into(), from_density: 4.0 }],
            provenance: None,
        }],
        links: vec![pb::FlowLink { id: "tunnel".into(), from: String::new(), to: STAND.into() }],
        counters: vec![pb::FlowCounter {
            id: "door".into(),
            link: "tunnel".into(),
            spread: Some(0.0),
            ..pb::FlowCounter::default()
        }],
    }
}

struct House {
    flow: FlowServiceClient<Peer>,
    alerts: AlertServiceClient<Peer>,
}

impl House {
    /// A venue whose stand was empty at minute 0; what is dense is told at once.
    async fn begun(solo: &Solo) -> Self {
        let mut flow = FlowServiceClient::new(solo.peer.clone());
        let mut alerts = AlertServiceClient::new(solo.peer.clone());
        let apply = pb::ApplyFlowGraphRequest {
            parent: VENUE.into(),
            graph: Some(graph()),
            ..pb::ApplyFlowGraphRequest::default()
        };
        flow.apply_flow_graph(apply).await.expect("it is accepted");
        let empty = pb::RecordReferenceCountRequest {
            parent: VENUE.into(),
            zone: STAND.into(),
            ..pb::RecordReferenceCountRequest::default()
        };
        flow.record_reference_count(empty).await.expect("it is accepted");
        let mut rule = rules(&mut alerts).await.rules.remove(0);
        assert_eq!((rule.cause(), rule.thresholds.len()), (pb::AlertCause::Density, 3));
        (rule.dwell_up, rule.dwell_down) = (None, None);
        set_rule(&mut alerts, rule).await.expect("it is accepted");
        Self { flow, alerts }
    }

    async fn read(&mut self, sequence: i64, minutes: i64, entries: i64, exits: i64) {
        let reading = pb::CounterReading {
            counter: "door".into(),
            sequence,
            start_time: Some(to_timestamp(minute(minutes - 1))),
            end_time: Some(to_timestamp(minute(minutes))),
            entries,
            exits,
        };
        let request = pb::RecordReadingsRequest { parent: VENUE.into(), readings: vec![reading] };
        self.flow.record_readings(request).await.expect("it is accepted");
    }

    async fn watch(&mut self, after_sequence: i64) -> Streaming<pb::WatchAlertsResponse> {
        let request = pb::WatchAlertsRequest { parent: VENUE.into(), after_sequence };
        self.alerts.watch_alerts(request).await.expect("it is accepted").into_inner()
    }

    async fn get(&mut self, name: &str) -> pb::GetAlertResponse {
        let request = pb::GetAlertRequest { name: name.into() };
        self.alerts.get_alert(request).await.expect("it is there").into_inner()
    }

    async fn list(&mut self, request: pb::ListAlertsRequest) -> Vec<pb::Alert> {
        let request = pb::ListAlertsRequest { parent: VENUE.into(), ..request };
        self.alerts.list_alerts(request).await.expect("it is accepted").into_inner().alerts
    }
}

async fn rules(alerts: &mut AlertServiceClient<Peer>) -> pb::AlertRules {
    let request = pb::GetAlertRulesRequest { parent: VENUE.into() };
    alerts.get_alert_rules(request).await.expect("it is accepted").into_inner().rules.expect("rules")
}

async fn set_rule(
    alerts: &mut AlertServiceClient<Peer>,
    rule: pb::AlertRule,
) -> Result<pb::AlertRules, tonic::Status> {
    let request = pb::SetAlertRulesRequest {
        parent: VENUE.into(),
        rules: vec![rule],
        ..pb::SetAlertRulesRequest::default()
    };
    Ok(alerts.set_alert_rules(request).await?.into_inner().rules.expect("rules"))
}

/// Waits for an alert as wanted, of those that a watch tells.
async fn told(
    watch: &mut Streaming<pb::WatchAlertsResponse>,
    wanted: impl Fn(&pb::Alert) -> bool,
) -> pb::Alert {
    let found = async {
        loop {
            let message = watch.message().await.expect("it goes on").expect("it goes on");
            if let Some(alert) = message.alerts.into_iter().find(|alert| wanted(alert)) {
                return alert;
            }
        }
    };
    timeout(PATIENCE, found).await.expect("it is told")
}

fn act(name: &str) -> pb::AcknowledgeAlertRequest {
    pb::AcknowledgeAlertRequest { name: name.into(), ..pb::AcknowledgeAlertRequest::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_is_told_watched_acknowledged_and_over() {
    for solo in hosted().await {
        let mut house = House::begun(&solo).await;
        let mut watch = house.watch(0).await;
        let first = watch.message().await.unwrap().unwrap();
        assert!(first.alerts.iter().all(|alert| alert.cause() != pb::AlertCause::Density));
        solo.clock.set(minute(2));
        house.read(1, 2, 460, 0).await;
        let is_dense = |alert: &pb::Alert| alert.cause() == pb::AlertCause::Density;
        let raised = told(&mut watch, is_dense).await;
        assert_eq!((raised.level(), raised.threshold), (pb::AlertLevel::Orange, 4.0), "the stand's own tier");
        assert!(raised.probability > 0.9 && raised.texts[1].language == "zh-CN", "{raised:?}");
        assert_eq!(house.list(pb::ListAlertsRequest::default()).await.len(), 1);
        let red =
            pb::ListAlertsRequest { level: pb::AlertLevel::Red.into(), ..pb::ListAlertsRequest::default() };
        assert_eq!(house.list(red).await, []);

        let seen =
            house.alerts.acknowledge_alert(act(&raised.name)).await.unwrap().into_inner().alert.unwrap();
        assert_eq!(seen.state(), pb::AlertState::Acknowledged);
        let stale = pb::AcknowledgeAlertRequest { etag: raised.etag.clone(), ..act(&raised.name) };
        let refusal = house.alerts.acknowledge_alert(stale).await.unwrap_err();
        assert_eq!(reason(&refusal).as_deref(), Some("ETAG_MISMATCH"));
        let last = told(&mut watch, |alert| alert.state() == pb::AlertState::Acknowledged).await;
        drop(watch);

        // nobody watches while it is over, and the next watch tells it
        solo.clock.set(minute(3));
        house.read(2, 3, 0, 400).await;
        let mut again = house.watch(last.sequence).await;
        let over = told(&mut again, |alert| is_dense(alert) && alert.clear_time.is_some()).await;
        assert_eq!(over.name, raised.name);
        let steps: Vec<_> =
            house.get(&raised.name).await.transitions.iter().map(pb::AlertTransition::step).collect();
        let ends = (steps.first(), steps.last());
        assert_eq!(ends, (Some(&pb::AlertStep::Raised), Some(&pb::AlertStep::Cleared)), "{steps:?}");
        let refusal = house.alerts.acknowledge_alert(act(&raised.name)).await.unwrap_err();
        assert_eq!(reason(&refusal).as_deref(), Some("ALERT_OVER"));

        let request =
            pb::GetAlarmFiguresRequest { parent: VENUE.into(), ..pb::GetAlarmFiguresRequest::default() };
        let early =
            house.alerts.get_alarm_figures(request.clone()).await.unwrap().into_inner().figures.unwrap();
        assert_eq!(early.levels.len(), 3, "the end is not of the time asked for: {early:?}");
        solo.clock.set(minute(4));
        let figures = house.alerts.get_alarm_figures(request).await.unwrap().into_inner().figures.unwrap();
        assert!(figures.alarms >= 1 && figures.acknowledged == 1, "{figures:?}");
        solo.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_impossible_balance_is_an_alert_and_the_highest_level_is_not_shelved() {
    for solo in hosted().await {
        let mut house = House::begun(&solo).await;
        let mut fault = rules(&mut house.alerts).await.rules.remove(2);
        (fault.dwell_up, fault.thresholds[0].level) = (None, pb::AlertLevel::Red.into());
        set_rule(&mut house.alerts, fault).await.expect("it is accepted");
        let mut watch = house.watch(0).await;
        solo.clock.set(minute(2));
        house.read(1, 2, 100, 900).await;
        let fault = told(&mut watch, |alert| alert.cause() == pb::AlertCause::CounterFault).await;
        assert_eq!((fault.level(), &fault.children[..]), (pb::AlertLevel::Red, &["door".to_owned()][..]));
        let shelve = pb::ShelveAlertRequest {
            name: fault.name.clone(),
            end_time: Some(to_timestamp(minute(60))),
            reason: "it is known".into(),
            ..pb::ShelveAlertRequest::default()
        };
        let refusal = house.alerts.shelve_alert(shelve).await.unwrap_err();
        assert_eq!(reason(&refusal).as_deref(), Some("ALERT_NOT_SHELVED"));
        solo.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_and_holders_are_kept_and_wrong_ones_are_refused() {
    for solo in hosted().await {
        let mut house = House::begun(&solo).await;
        let shown = rules(&mut house.alerts).await;
        assert_eq!((shown.rules.len(), shown.etag.as_str()), (8, "1"));
        let mut wrong = shown.rules[0].clone();
        wrong.thresholds.swap(0, 2);
        let refusal = set_rule(&mut house.alerts, wrong).await.unwrap_err();
        assert!(refusal.message().contains("thresholds rise with the level"), "{refusal}");
        assert_eq!(rules(&mut house.alerts).await, shown);

        let chain = |zone: &str, holders: &[&str]| pb::SetDutyHolderRequest {
            parent: VENUE.into(),
            chain: Some(pb::DutyChain {
                zone: zone.into(),
                holders: holders
                    .iter()
                    .map(|holder| pb::DutyHolder { holder: (*holder).into(), ..pb::DutyHolder::default() })
                    .collect(),
            }),
            ..pb::SetDutyHolderRequest::default()
        };
        for (zone, holders) in [("", vec!["venue", "centre"]), (STAND, vec!["stand"]), (STAND, vec![])] {
            house.alerts.set_duty_holder(chain(zone, &holders)).await.expect("it is accepted");
        }
        let list = pb::ListDutyHoldersRequest { parent: VENUE.into() };
        let chains = house.alerts.list_duty_holders(list).await.unwrap().into_inner().chains;
        assert_eq!((chains.len(), chains[0].holders.len()), (1, 2), "one without holders is none");
        for (zone, holders) in [("sites/s/venues/w/zones/x", vec!["a"]), ("", vec![""]), ("", vec!["a"; 11])]
        {
            let refusal = house.alerts.set_duty_holder(chain(zone, &holders)).await.unwrap_err();
            assert_eq!(reason(&refusal).as_deref(), Some("INVALID_FIELD"), "{zone} {holders:?}");
        }
        solo.close().await;
    }
}
