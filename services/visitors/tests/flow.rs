//! Counters, reference counts and occupancy over gRPC, with the service alone in a process.

use matchday_api::visitors::v1::{self as pb, flow_service_client::FlowServiceClient};
use matchday_kernel::{Instant, SignedDuration};
use matchday_rpc::{Peer, parse::to_timestamp, reason};
use matchday_runtime::testing::Solo;
use matchday_store::testing::now;

const VENUE: &str = "sites/s/venues/v";

async fn hosted() -> Vec<Solo> {
    Solo::on_each_database(matchday_visitors::NAME, matchday_visitors::build, &[]).await
}

fn zone(id: &str) -> String {
    format!("{VENUE}/zones/{id}")
}

fn minute(minutes: i64) -> Instant {
    now().saturating_add(SignedDuration::from_mins(minutes))
}

/// Outside – plaza – stand, a counter at each link.
fn graph() -> pb::FlowGraph {
    let of = |id: &str| pb::FlowZone {
        zone: zone(id),
        area_m2: Some(100.0),
        tiers: vec![pb::DensityTier { label: "orange".into(), from_density: 3.0 }],
        provenance: None,
    };
    let link = |id: &str, from: String, to: String| pb::FlowLink { id: id.into(), from, to };
    let counter = |id: &str, link: &str| pb::FlowCounter {
        id: id.into(),
        link: link.into(),
        spread: Some(0.05),
        ..pb::FlowCounter::default()
    };
    pb::FlowGraph {
        zones: vec![of("plaza"), of("stand")],
        links: vec![link("gate", String::new(), zone("plaza")), link("tunnel", zone("plaza"), zone("stand"))],
        counters: vec![counter("outer", "gate"), counter("inner", "tunnel")],
    }
}

/// A reading of the minute before `minutes`.
fn reading(counter: &str, sequence: i64, minutes: i64, entries: i64, exits: i64) -> pb::CounterReading {
    pb::CounterReading {
        counter: counter.into(),
        sequence,
        start_time: Some(to_timestamp(minute(minutes - 1))),
        end_time: Some(to_timestamp(minute(minutes))),
        entries,
        exits,
    }
}

type Client = FlowServiceClient<Peer>;

async fn record(client: &mut Client, readings: Vec<pb::CounterReading>) -> (i32, i32, i32) {
    let request = pb::RecordReadingsRequest { parent: VENUE.into(), readings };
    let reply = client.record_readings(request).await.expect("it is accepted").into_inner();
    (reply.counted, reply.repeated_readings, reply.late)
}

async fn count(client: &mut Client, id: &str, people: i64) -> pb::VenueOccupancy {
    let request = pb::RecordReferenceCountRequest {
        parent: VENUE.into(),
        zone: zone(id),
        people,
        ..pb::RecordReferenceCountRequest::default()
    };
    client
        .record_reference_count(request)
        .await
        .expect("it is accepted")
        .into_inner()
        .occupancy
        .expect("an estimate")
}

async fn occupancy(client: &mut Client) -> pb::VenueOccupancy {
    let request = pb::GetVenueOccupancyRequest { parent: VENUE.into() };
    client
        .get_venue_occupancy(request)
        .await
        .expect("it is accepted")
        .into_inner()
        .occupancy
        .expect("an estimate")
}

/// The client of a venue with a graph whose zones were empty at minute 0.
async fn begun(solo: &Solo) -> Client {
    let mut client = FlowServiceClient::new(solo.peer.clone());
    let apply =
        pb::ApplyFlowGraphRequest { parent: VENUE.into(), graph: Some(graph()), request_id: "graph".into() };
    for _ in 0..2 {
        client.apply_flow_graph(apply.clone()).await.expect("it is accepted");
    }
    count(&mut client, "plaza", 0).await;
    count(&mut client, "stand", 0).await;
    client
}

fn people(occupancy: &pb::VenueOccupancy) -> Vec<i64> {
    occupancy.zones.iter().map(|zone| zone.people).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn readings_count_once_in_any_order_and_people_are_where_they_went() {
    for solo in hosted().await {
        let mut client = begun(&solo).await;
        solo.clock.set(minute(3));
        let (first, second) = (reading("outer", 1, 1, 300, 0), reading("outer", 2, 2, 200, 10));
        let inner = reading("inner", 1, 3, 400, 5);
        assert_eq!(record(&mut client, vec![inner.clone(), second.clone()]).await, (2, 0, 0));
        assert_eq!(record(&mut client, vec![second.clone(), first.clone(), first]).await, (1, 2, 0));
        let found = occupancy(&mut client).await;
        assert_eq!(people(&found), [95, 395]);
        let stand = &found.zones[1];
        assert!(stand.low < 395 && stand.high > 395);
        assert_eq!((stand.standing(), stand.tier.as_str()), (pb::OccupancyStanding::Sound, "orange"));
        assert_eq!(stand.fresh_time, inner.end_time);

        let other = pb::CounterReading { entries: 7, ..second };
        let request = pb::RecordReadingsRequest {
            parent: VENUE.into(),
            readings: vec![reading("outer", 9, 3, 50, 0), other],
        };
        let refusal = client.record_readings(request).await.unwrap_err();
        assert_eq!(reason(&refusal).as_deref(), Some("READING_KEY_REUSED"));
        assert_eq!(people(&occupancy(&mut client).await), [95, 395], "all or none");
        assert_eq!(people(&count(&mut client, "stand", 380).await), [95, 380], "a count corrects");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_too_late_is_kept_and_moves_nothing() {
    for solo in hosted().await {
        let mut client = begun(&solo).await;
        solo.clock.set(minute(30));
        let readings = vec![
            reading("outer", 1, 14, 80, 0),
            reading("outer", 2, 15, 60, 0),
            reading("outer", 3, 40, 9, 0),
        ];
        assert_eq!(record(&mut client, readings.clone()).await, (1, 0, 2), "15 minutes is in time");
        assert_eq!(record(&mut client, readings).await, (0, 3, 0));
        let found = occupancy(&mut client).await;
        assert_eq!((people(&found), found.late_readings), (vec![60, 0], 2));
        let plaza = &found.zones[0];
        assert_eq!(plaza.standing(), pb::OccupancyStanding::CounterSilent);
        assert_eq!(plaza.silent_counters, ["outer", "inner"]);
        assert!(plaza.high > 100, "who passed meanwhile was not seen: {plaza:?}");

        // it speaks again: whom it told of too late are still not counted, and nobody calls that sound
        record(&mut client, vec![reading("outer", 4, 29, 5, 0), reading("inner", 1, 29, 0, 0)]).await;
        let found = occupancy(&mut client).await;
        let plaza = &found.zones[0];
        assert_eq!((people(&found)[0], plaza.standing()), (65, pb::OccupancyStanding::CounterSilent));
        assert_eq!(plaza.silent_counters, ["outer"]);
        assert!(plaza.high > 145, "the 80 may be there: {plaza:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reading_that_a_count_falls_into_is_counted_by_its_greater_part() {
    for solo in hosted().await {
        let mut client = begun(&solo).await;
        solo.clock.set(minute(2));
        let around_the_count = |sequence, from, until, entries| pb::CounterReading {
            start_time: Some(to_timestamp(now().saturating_add(SignedDuration::from_secs(from)))),
            end_time: Some(to_timestamp(now().saturating_add(SignedDuration::from_secs(until)))),
            ..reading("outer", sequence, 1, entries, 0)
        };
        let (mostly_before, mostly_after) =
            (around_the_count(1, -40, 20, 1_000), around_the_count(2, -20, 40, 30));
        record(&mut client, vec![mostly_before, mostly_after]).await;
        assert_eq!(people(&occupancy(&mut client).await), [30, 0]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_impossible_balance_is_a_fault_that_names_its_counter() {
    for solo in hosted().await {
        let mut client = begun(&solo).await;
        solo.clock.set(minute(2));
        record(&mut client, vec![reading("outer", 1, 1, 400, 0), reading("inner", 1, 2, 300, 900)]).await;
        let found = occupancy(&mut client).await;
        let stand = &found.zones[1];
        assert_eq!(stand.standing(), pb::OccupancyStanding::CounterFault);
        assert_eq!((stand.people, stand.high, stand.tier.as_str()), (0, 300, "orange"));
        assert_eq!(found.suspect_counters, ["inner"]);
        let plaza = &found.zones[0];
        assert_eq!(plaza.standing(), pb::OccupancyStanding::CounterFault, "the same counter is at the plaza");
        assert!(plaza.low == 0 && plaza.high >= 1_900, "all that it said may be wrong: {plaza:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watch_sends_what_is_and_then_what_changes() {
    for solo in hosted().await {
        let mut client = begun(&solo).await;
        solo.clock.set(minute(2));
        let request = pb::WatchVenueOccupancyRequest { parent: VENUE.into() };
        let mut watch = client.watch_venue_occupancy(request).await.unwrap().into_inner();
        let first = watch.message().await.unwrap().unwrap().occupancy.unwrap();
        assert_eq!(people(&first), [0, 0]);
        record(&mut client, vec![reading("outer", 1, 1, 40, 0)]).await;
        let next = watch.message().await.unwrap().unwrap().occupancy.unwrap();
        assert_eq!(people(&next), [40, 0]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_is_refused_with_a_reason() {
    for solo in hosted().await {
        let mut client = begun(&solo).await;
        solo.clock.set(minute(2));
        let refused = async |readings: Vec<pb::CounterReading>| {
            let request = pb::RecordReadingsRequest { parent: VENUE.into(), readings };
            reason(&client.clone().record_readings(request).await.unwrap_err())
        };
        let invalid = Some("INVALID_FIELD".to_owned());
        assert_eq!(refused(vec![reading("ghost", 1, 1, 1, 1)]).await.as_deref(), Some("COUNTER_UNKNOWN"));
        assert_eq!(refused(vec![reading("outer", 1, 1, -1, 0)]).await, invalid);
        assert_eq!(refused(vec![reading("outer", 1, 1, 0, i64::MAX)]).await, invalid);
        assert_eq!(refused(vec![reading("outer", 0, 1, 1, 0)]).await, invalid);
        let backwards =
            pb::CounterReading { end_time: Some(to_timestamp(now())), ..reading("outer", 1, 2, 1, 0) };
        assert_eq!(refused(vec![backwards]).await, invalid);
        assert_eq!(refused(vec![reading("outer", 1, 1, 1, 0); 10_001]).await, invalid);

        let with = async |change: fn(&mut pb::FlowGraph)| {
            let mut graph = graph();
            change(&mut graph);
            let request = pb::ApplyFlowGraphRequest {
                parent: VENUE.into(),
                graph: Some(graph),
                ..pb::ApplyFlowGraphRequest::default()
            };
            client.clone().apply_flow_graph(request).await.unwrap_err().message().to_owned()
        };
        let dead_end = with(|graph| {
            graph.links.pop();
            graph.counters.pop();
        });
        assert!(dead_end.await.contains("dead end"));
        let twice = with(|graph| graph.zones[0].tiers = vec![graph.zones[1].tiers[0].clone(); 2]);
        assert!(twice.await.contains("not above"));
        assert!(
            with(|graph| graph.zones[0].zone = "sites/s/venues/w/zones/x".into()).await.contains("is not at")
        );

        let elsewhere = pb::GetVenueOccupancyRequest { parent: "sites/s/venues/w".into() };
        let refusal = client.get_venue_occupancy(elsewhere).await.unwrap_err();
        assert_eq!(reason(&refusal).as_deref(), Some("RESOURCE_NOT_FOUND"));
        assert_eq!(people(&occupancy(&mut client).await), [0, 0]);
    }
}
