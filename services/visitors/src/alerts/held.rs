//! Tests of alerts over both databases: raised once whoever looks, seen, escalated, cleared, and never lost.

use std::collections::BTreeMap;

use matchday_api::visitors::v1 as pb;
use matchday_kernel::{Fault, Instant, SignedDuration};
use matchday_store::{Locks, Record, Store};

use super::{Condition, Rules, alerts_of, keep::keep, measured, rules};
use crate::{
    Error,
    domain::alert::{Cause, measure::Measure},
    grpc::alert_deeds::{Act, Deed, End},
    stage::{OPENING, VENUE, furnish, houses, minute, write},
    store::{
        alerts::{self, AlertRow, rules as kept, steps as transitions},
        control::{self, CountRow},
        flow::{self, FlowGraphRow, ReadingRow, ReferenceRow},
    },
};

const ZONE: &str = "sites/s/venues/v/zones/stand";
const CONFLICTS: [i64; 3] = [1, 2, 3];

async fn shipped(store: &Store) -> Rules {
    let mut conn = store.read().await.unwrap();
    rules::of_venue(&mut conn, VENUE).await.unwrap()
}

fn dense(rules: &Rules, figure: Option<f64>) -> Condition {
    Condition::new(rules, Cause::Density, ZONE, figure.map(Measure::exact)).unwrap()
}

/// Looks at so many seconds after minute 0, and sees a density.
async fn look(store: &Store, seconds: i64, figure: Option<f64>) {
    let rules = shipped(store).await;
    let conditions = vec![dense(&rules, figure)];
    let at = minute(0).saturating_add(SignedDuration::from_secs(seconds));
    let kept = write(store, at, Locks::of([alerts_of(VENUE)]), move |tx| {
        Box::pin(async move { keep(tx, VENUE, &conditions, &rules, at).await.map_err(Error::from) })
    });
    kept.await.unwrap();
}

async fn alert(store: &Store, number: i64) -> pb::Alert {
    let mut conn = store.read().await.unwrap();
    AlertRow::get(&mut conn, &format!("{VENUE}/alerts/{number}")).await.unwrap().to_pb().unwrap()
}

async fn count(store: &Store) -> i64 {
    let mut conn = store.read().await.unwrap();
    alerts::heads(&mut conn, VENUE).await.unwrap().0
}

async fn steps(store: &Store, number: i64) -> Vec<pb::AlertStep> {
    let mut conn = store.read().await.unwrap();
    let rows = transitions::transitions(&mut conn, VENUE, number, 100).await.unwrap();
    rows.into_iter().map(|row| pb::AlertTransition::from(row).step()).collect()
}

async fn act(store: &Store, at: Instant, number: i64, deed: Deed) -> Result<pb::Alert, Error> {
    let act = Act::parse(&format!("{VENUE}/alerts/{number}"), "", deed)?;
    write(store, at, act.locks(), move |tx| Box::pin(act.carry_out(tx))).await
}

fn shelf(until: Instant) -> Deed {
    Deed::Shelve { end: End::At(until), reason: "work at the stand".into() }
}

async fn set_chain(store: &Store, zone: &str, holders: &[&str]) {
    let holder = |title: &&str| pb::DutyHolder { holder: (*title).into(), ..pb::DutyHolder::default() };
    let chain = pb::DutyChain { zone: zone.into(), holders: holders.iter().map(holder).collect() };
    let set = write(store, minute(0), Locks::of([alerts_of(VENUE)]), move |tx| {
        Box::pin(async move { kept::save_chain(tx, VENUE, &chain).await.map_err(Error::from) })
    });
    set.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dense_zone_is_told_goes_up_the_chain_and_is_over() {
    use pb::AlertStep as S;
    for (database, [store, other]) in houses().await {
        set_chain(&store, ZONE, &["leader north"]).await;
        set_chain(&store, "", &["venue", "centre"]).await;
        look(&store, 0, Some(3.5)).await;
        look(&other, 59, Some(3.5)).await;
        assert_eq!(count(&store).await, 0, "{}: it dwells", database.name());
        look(&other, 60, Some(3.5)).await;
        let raised = alert(&store, 1).await;
        assert_eq!(
            (raised.level(), raised.state()),
            (pb::AlertLevel::Orange, pb::AlertState::Unacknowledged)
        );
        assert_eq!((raised.holder.as_str(), raised.threshold), ("leader north", 3.0));
        assert_eq!(raised.texts.len(), 2, "{:?}", raised.texts);
        look(&store, 60 + 180, Some(3.5)).await;
        assert_eq!(alert(&store, 1).await.holder, "venue", "three minutes are over");
        let seen = act(&other, minute(5), 1, Deed::Acknowledge).await.unwrap();
        assert_eq!(seen.state(), pb::AlertState::Acknowledged);
        look(&store, 600, Some(3.5)).await;
        for seconds in [660, 720, 780, 840] {
            look(&store, seconds, Some(0.5)).await;
        }
        let over = alert(&other, 1).await;
        assert_eq!((over.state(), over.level()), (pb::AlertState::Cleared, pb::AlertLevel::Orange));
        assert_eq!(steps(&store, 1).await, [S::Raised, S::Escalated, S::Acknowledged, S::Cleared]);
        let late = act(&store, minute(20), 1, Deed::Acknowledge).await.unwrap_err();
        assert_eq!(late.reason(), "ALERT_OVER");

        look(&store, 1_000, Some(3.5)).await;
        look(&store, 1_060, Some(3.5)).await;
        assert_eq!(alert(&store, 2).await.state(), pb::AlertState::Unacknowledged, "the next one is another");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_highest_level_is_never_shelved_and_ends_a_shelf() {
    use pb::AlertStep as S;
    for (_database, [store, _]) in houses().await {
        look(&store, 0, Some(3.5)).await;
        look(&store, 60, Some(3.5)).await;
        let far = act(&store, minute(2), 1, shelf(minute(9 * 60))).await.unwrap_err();
        assert_eq!(far.violations()[0].subject, "end_time");
        let shelved = act(&store, minute(2), 1, shelf(minute(60))).await.unwrap();
        assert_eq!(
            (shelved.state(), shelved.shelf_reason.as_str()),
            (pb::AlertState::Shelved, "work at the stand")
        );
        look(&store, 120, Some(6.0)).await;
        look(&store, 180, Some(6.0)).await;
        let red = alert(&store, 1).await;
        assert_eq!((red.level(), red.state()), (pb::AlertLevel::Red, pb::AlertState::Unacknowledged));
        assert_eq!(
            act(&store, minute(4), 1, shelf(minute(60))).await.unwrap_err().reason(),
            "ALERT_NOT_SHELVED"
        );
        assert_eq!(steps(&store, 1).await, [S::Raised, S::Shelved, S::LevelRaised, S::Unshelved]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_look_at_once_raise_one_alert_and_it_outlives_gaps() {
    for (database, stores) in houses().await {
        look(&stores[0], 0, Some(6.0)).await;
        let looks = (0..10).map(|number| look(&stores[number % 2], 60, Some(6.0)));
        futures_util::future::join_all(looks).await;
        assert_eq!(count(&stores[0]).await, 1, "{}", database.name());
        // nobody looks for an hour; then nothing can be measured; then it is low, for less than its dwell
        look(&stores[0], 3_660, Some(0.0)).await;
        look(&stores[1], 3_700, None).await;
        look(&stores[0], 3_720, Some(0.0)).await;
        look(&stores[1], 3_780, Some(0.0)).await;
        let open = alert(&stores[0], 1).await;
        assert_eq!((open.state(), open.level()), (pb::AlertState::Unacknowledged, pb::AlertLevel::Red));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn gates_are_measured_from_what_is_counted_and_uploaded() {
    for (database, [store, _]) in houses().await {
        furnish(&store, 3).await;
        let sql = write(&store, minute(0), Locks::none(), move |tx| {
            Box::pin(async move {
                let count = CountRow {
                    public_limit: Some(100),
                    public_inside: 88,
                    everyone_inside: 90,
                    held: 4,
                    ..CountRow::default()
                };
                control::save_count(tx, OPENING, &count).await?;
                fixtures(tx).await.map_err(Error::from)
            })
        });
        sql.await.unwrap();
        let rules = shipped(&store).await;
        let at = minute(40);
        let mut conn = store.read().await.unwrap();
        let venue = VENUE.parse().unwrap();
        let found = measured(&mut conn, &venue, &rules, at).await.unwrap();
        let of: BTreeMap<Cause, &Condition> = found.iter().map(|one| (one.key.0, one)).collect();
        let figure = |cause| of[&cause].measure.unwrap().middle;
        let is = |cause, wanted: f64| (figure(cause) - wanted).abs() < 1e-9;
        assert!(is(Cause::Capacity, 92.0) && is(Cause::Conflict, 3.0), "{}", database.name());
        let forecast = of[&Cause::Capacity].forecast.unwrap();
        assert_eq!((forecast.inflow, forecast.outflow), (0.2, 0.0), "two of the last ten minutes");
        assert_eq!(of[&Cause::Capacity].gates, [format!("{VENUE}/gates/north")]);
        assert_eq!(
            (figure(Cause::DeviceSilent), &of[&Cause::DeviceSilent].children[..]),
            (1.0, &["north/d0".to_owned()][..])
        );
        assert_eq!((figure(Cause::QuotaOverdue), of[&Cause::QuotaOverdue].count), (10.0, 1));
        let closed = measured(&mut conn, &venue, &rules, minute(120)).await.unwrap();
        let causes: Vec<Cause> = closed.iter().map(|one| one.key.0).collect();
        assert_eq!(causes, [Cause::Conflict, Cause::QuotaOverdue], "free egress counts nobody");
    }
}

/// A stand of 100 m² at a venue, with one counter at its only way in, empty at minute 0.
async fn count_at(store: &Store, venue: &str) {
    let zone = format!("{venue}/zones/stand");
    let graph = pb::FlowGraph {
        zones: vec![pb::FlowZone { zone: zone.clone(), area_m2: Some(100.0), ..pb::FlowZone::default() }],
        links: vec![pb::FlowLink { id: "tunnel".into(), from: String::new(), to: zone.clone() }],
        counters: vec![pb::FlowCounter {
            id: "door".into(),
            link: "tunnel".into(),
            ..pb::FlowCounter::default()
        }],
    };
    let (row, venue) = (FlowGraphRow::of(venue, &graph), venue.to_owned());
    let reference = ReferenceRow { zone, counted: minute(0).as_micros(), people: 0, deviation: 0.0 };
    let written = write(store, minute(0), Locks::none(), move |tx| {
        Box::pin(async move {
            row.create(tx).await?;
            flow::save_reference(tx, &venue, &reference).await.map_err(Error::from)
        })
    });
    written.await.unwrap();
}

/// Looks at a venue as it is counted.
async fn look_at(store: &Store, venue: &str, at: Instant) {
    let rules = shipped(store).await;
    let name = venue.parse().unwrap();
    let mut conn = store.read().await.unwrap();
    let conditions = measured(&mut conn, &name, &rules, at).await.unwrap();
    drop(conn);
    let venue = venue.to_owned();
    let kept = write(store, at, Locks::of([alerts_of(&venue)]), move |tx| {
        Box::pin(async move { keep(tx, &venue, &conditions, &rules, at).await.map_err(Error::from) })
    });
    kept.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_order_in_which_readings_come_changes_nothing() {
    // of the minutes 1 to 3 before the first look, and 4 to 6 before the others
    let readings = [(1, 90, 0), (2, 150, 5), (3, 200, 0), (4, 120, 10), (5, 0, 30), (6, 40, 0)];
    let orders = [[0, 1, 2, 3, 4, 5], [2, 1, 0, 5, 4, 3], [1, 2, 0, 4, 3, 5]];
    for (database, [store, _]) in houses().await {
        let mut told = Vec::new();
        for (number, order) in orders.iter().enumerate() {
            let venue = format!("sites/s/venues/v{number}");
            count_at(&store, &venue).await;
            for (index, reading) in order.iter().enumerate() {
                let (at, entries, exits) = readings[*reading];
                let row = ReadingRow {
                    counter: "door".into(),
                    sequence: at,
                    started: minute(at - 1).as_micros(),
                    ended: minute(at).as_micros(),
                    entries,
                    exits,
                    late: 0,
                };
                let of = venue.clone();
                let kept = write(&store, minute(6), Locks::none(), move |tx| {
                    Box::pin(async move { flow::insert_readings(tx, &of, &[row]).await.map_err(Error::from) })
                });
                kept.await.unwrap();
                if index == 2 {
                    look_at(&store, &venue, minute(3)).await;
                }
            }
            for at in [6, 7] {
                look_at(&store, &venue, minute(at)).await;
            }
            let mut conn = store.read().await.unwrap();
            let rows = alerts::open(&mut conn, &venue).await.unwrap();
            let shown = rows.iter().map(|row| row.to_pb().unwrap());
            let of = |alert: pb::Alert| (alert.cause, alert.level, alert.raise_time, alert.figure.to_bits());
            told.push(shown.map(of).collect::<Vec<_>>());
        }
        assert_eq!(told[0].len(), 1, "{}: {told:?}", database.name());
        assert!(told.iter().all(|one| *one == told[0]), "{}: {told:?}", database.name());
    }
}

/// Scans of two devices, three conflicts, and a quota of half an hour.
async fn fixtures(tx: &mut matchday_store::Tx) -> Result<(), matchday_store::StoreError> {
    let device = |number: usize| crate::stage::device(number);
    let scans = [(0, 1, 15), (0, 2, 20), (1, 1, 32), (1, 2, 39)];
    for (of, sequence, at) in scans {
        matchday_store::on_db!(tx, |c| sqlx::query(
            "INSERT INTO scans (device, sequence, opening, code, direction, verdict, decided, offline) \
             VALUES ($1, $2, $3, 'k-1', 1, 1, $4, 0)"
        )
        .bind(device(of))
        .bind(i64::from(sequence))
        .bind(OPENING)
        .bind(minute(at).as_micros())
        .execute(c)
        .await
        .map(drop))?;
    }
    for sequence in CONFLICTS {
        matchday_store::on_db!(tx, |c| {
            sqlx::query(
            "INSERT INTO conflicts (device, sequence, kind, opening, credential, happened, other_device, other_sequence) \
             VALUES ($1, $2, 1, $3, 'tournaments/t/credentials/k-1', $4, '', 0)"
        )
        .bind(device(1))
        .bind(sequence)
        .bind(OPENING)
        .bind(minute(35).as_micros())
        .execute(c)
        .await
        .map(drop)
        })?;
    }
    let half_an_hour = SignedDuration::from_mins(30).as_micros();
    matchday_store::on_db!(tx, |c| {
        sqlx::query(
        "INSERT INTO quotas (opening, device, number, places, filled, state, granted, lasts, first_sequence, reason) \
         VALUES ($1, $2, 1, 4, 0, 1, $3, $4, 1, '')"
    )
    .bind(OPENING)
    .bind(device(2))
    .bind(minute(0).as_micros())
    .bind(i64::try_from(half_an_hour).unwrap())
    .execute(c)
    .await
    .map(drop)
    })?;
    Ok(())
}
