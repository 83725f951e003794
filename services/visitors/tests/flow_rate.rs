//! How many readings of counters are kept a second. Run by hand:
//! `cargo test --release -p matchday-visitors --test flow_rate -- --ignored --nocapture`.

use std::time::Instant;

use matchday_api::visitors::v1::{self as pb, flow_service_client::FlowServiceClient};
use matchday_kernel::SignedDuration;
use matchday_rpc::parse::to_timestamp;
use matchday_runtime::testing::Solo;
use matchday_store::testing::now;

const VENUE: &str = "sites/s/venues/v";
const COUNTERS: i64 = 100;
const READINGS_OF_A_CALL: i64 = 5_000;
const CALLS: i64 = 40;

fn graph() -> pb::FlowGraph {
    let zone = format!("{VENUE}/zones/a");
    let counter =
        |number| pb::FlowCounter { id: format!("c{number}"), link: "l".into(), ..pb::FlowCounter::default() };
    pb::FlowGraph {
        zones: vec![pb::FlowZone { zone: zone.clone(), ..pb::FlowZone::default() }],
        links: vec![pb::FlowLink { id: "l".into(), from: String::new(), to: zone }],
        counters: (0..COUNTERS).map(counter).collect(),
    }
}

fn reading(number: i64) -> pb::CounterReading {
    pb::CounterReading {
        counter: format!("c{}", number % COUNTERS),
        sequence: number / COUNTERS + 1,
        start_time: Some(to_timestamp(now().saturating_add(SignedDuration::from_secs(-60)))),
        end_time: Some(to_timestamp(now())),
        entries: 3,
        exits: 1,
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "measures; run by hand"]
async fn readings_kept_a_second() {
    for solo in Solo::on_each_database(matchday_visitors::NAME, matchday_visitors::build, &[]).await {
        let mut client = FlowServiceClient::new(solo.peer.clone());
        let apply = pb::ApplyFlowGraphRequest {
            parent: VENUE.into(),
            graph: Some(graph()),
            request_id: String::new(),
        };
        client.apply_flow_graph(apply).await.unwrap();
        let began = Instant::now();
        for call in 0..CALLS {
            let numbers = call * READINGS_OF_A_CALL..(call + 1) * READINGS_OF_A_CALL;
            let request =
                pb::RecordReadingsRequest { parent: VENUE.into(), readings: numbers.map(reading).collect() };
            let reply = client.record_readings(request).await.unwrap().into_inner();
            assert_eq!(i64::from(reply.counted), READINGS_OF_A_CALL);
        }
        let took = began.elapsed();
        let began = Instant::now();
        let request = pb::GetVenueOccupancyRequest { parent: VENUE.into() };
        let reply = client.get_venue_occupancy(request).await.unwrap().into_inner();
        assert_eq!(reply.occupancy.unwrap().zones[0].people, 2 * CALLS * READINGS_OF_A_CALL);
        println!(
            "{}: {} readings in {took:.2?}; an estimate over all of them in {:.0?}",
            if solo.database.is_postgres() { "PostgreSQL" } else { "SQLite" },
            CALLS * READINGS_OF_A_CALL,
            began.elapsed()
        );
    }
}
