//! Tests of limits and entry states over both databases: nobody above a limit whoever races, nobody kept inside,
//! and the count kept along is that of the admissions.

use matchday_api::visitors::v1::{self as pb, Direction, EntryState, Verdict};
use matchday_kernel::Fault;
use matchday_store::{Locks, Store, on_db};

use super::{
    at_the_gate::{clear, count, scan, verdict},
    governor::{OverrideCapacity, SetCapacity, SetEntryState},
    openings_of,
};
use crate::{
    Error,
    stage::{OPENING, VENUE, device, furnish, houses, minute, write},
    store::control,
};

/// Sets limits, at most so many of the public and of everybody.
pub(super) async fn limit(store: &Store, limits: pb::CapacityLimits) -> Result<pb::EntryControl, Error> {
    limit_as(store, limits, true).await
}

/// The same by a supervisor, or by who runs the gates.
async fn limit_as(
    store: &Store,
    limits: pb::CapacityLimits,
    may_raise: bool,
) -> Result<pb::EntryControl, Error> {
    let request = pb::SetCapacityRequest { name: OPENING.into(), limits: Some(limits), ..Default::default() };
    let set = SetCapacity::parse(&request, may_raise)?;
    let locks = Locks::of([openings_of(OPENING)]);
    let set = write(store, minute(0), locks, move |tx| Box::pin(set.carry_out(tx))).await?;
    Ok(set.control.unwrap())
}

async fn raise(store: &Store, raised_to: i32) -> Result<pb::EntryControl, Error> {
    let reason = "the north stand is empty".into();
    let request =
        pb::OverrideCapacityRequest { name: OPENING.into(), raised_to, reason, ..Default::default() };
    let raise = OverrideCapacity::parse(&request)?;
    let locks = Locks::of([openings_of(OPENING)]);
    let raised = write(store, minute(0), locks, move |tx| Box::pin(raise.carry_out(tx))).await?;
    Ok(raised.control.unwrap())
}

pub(super) async fn set_state(
    store: &Store,
    gate: &str,
    state: EntryState,
) -> Result<pb::EntryControl, Error> {
    let (name, gate) = (OPENING.into(), gate.into());
    let request = pb::SetEntryStateRequest { name, gate, state: state.into(), ..Default::default() };
    let set = SetEntryState::parse(&request)?;
    let locks = Locks::of([openings_of(OPENING)]);
    let set = write(store, minute(0), locks, move |tx| Box::pin(set.carry_out(tx))).await?;
    Ok(set.control.unwrap())
}

/// How many events of a type the log holds.
async fn events(store: &Store, name: &str) -> i64 {
    let mut conn = store.read().await.unwrap();
    on_db!(&mut conn, |c| sqlx::query_scalar("SELECT COUNT(*) FROM events WHERE kind LIKE $1")
        .bind(format!("%{name}"))
        .fetch_one(c)
        .await)
    .unwrap()
}

/// Checks that the count kept along is that of the admissions.
pub(super) async fn check_count(store: &Store) {
    let counted = count(store).await.occupancy;
    let mut conn = store.read().await.unwrap();
    let kept = control::count(&mut conn, OPENING).await.unwrap().expect("it has limits");
    assert_eq!((kept.public_inside, kept.everyone_inside), (counted.public, counted.everyone));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_enters_above_a_limit_whoever_races() {
    const DEVICES: usize = 10;
    for (database, stores) in houses().await {
        furnish(&stores[0], DEVICES).await;
        // somebody is inside before there is a limit
        let first = scan(device(0), 90, "k-0", Direction::Entry);
        assert_eq!(verdict(&stores[0], minute(1), &first).await, Verdict::Admitted);
        let limits = pb::CapacityLimits { holding: Some(4), everyone: Some(5), ..Default::default() };
        limit(&stores[0], limits).await.unwrap();
        let mut scans = tokio::task::JoinSet::new();
        for number in 0..DEVICES {
            let store = stores[number % 2].clone();
            let entry = scan(device(number), 1, &format!("k-{number}"), Direction::Entry);
            scans.spawn(async move { verdict(&store, minute(1), &entry).await });
        }
        let verdicts = scans.join_all().await;
        let of = |wanted| verdicts.iter().filter(|verdict| **verdict == wanted).count();
        let inside = count(&stores[0]).await.occupancy;
        assert_eq!((inside.public, inside.everyone), (4, 5), "{}", database.name());
        assert_eq!(
            (of(Verdict::Admitted), of(Verdict::CapacityReached), of(Verdict::AlreadyInside)),
            (4, 5, 1)
        );
        check_count(&stores[0]).await;
        assert_eq!(events(&stores[0], "CapacityReached").await, 1, "told once");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_below_what_is_inside_holds_and_keeps_nobody_inside() {
    for (database, [store, _]) in houses().await {
        furnish(&store, 1).await;
        for sequence in 1..=3 {
            let entry = scan(device(0), sequence, &format!("k-{sequence}"), Direction::Entry);
            assert_eq!(verdict(&store, minute(1), &entry).await, Verdict::Admitted);
        }
        let two = pb::CapacityLimits { emergency: Some(2), ..Default::default() };
        limit(&store, two).await.unwrap();
        let scans = [
            ("k-4", Direction::Entry, Verdict::CapacityReached),
            ("k-1", Direction::Exit, Verdict::Left),
            ("k-4", Direction::Entry, Verdict::CapacityReached),
            ("k-2", Direction::Exit, Verdict::Left),
            ("k-4", Direction::Entry, Verdict::Admitted),
            ("k-1", Direction::Entry, Verdict::CapacityReached),
            ("k-9", Direction::Entry, Verdict::Admitted),
        ];
        for (sequence, (code, direction, wanted)) in (10..).zip(scans) {
            let got = verdict(&store, minute(1), &scan(device(0), sequence, code, direction)).await;
            assert_eq!(got, wanted, "{}: {code}", database.name());
        }
        check_count(&store).await;
        clear(&store, minute(110)).await.unwrap();
        check_count(&store).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_runs_the_gates_lowers_figures_and_a_supervisor_raises_them() {
    for (database, [store, _]) in houses().await {
        furnish(&store, 1).await;
        let figures = |holding, everyone| pb::CapacityLimits { holding, everyone, ..Default::default() };
        for lower in [figures(Some(10), None), figures(Some(8), Some(20)), figures(Some(8), Some(12))] {
            limit_as(&store, lower, false).await.unwrap();
        }
        for higher in [figures(Some(9), Some(12)), figures(None, Some(12)), figures(Some(8), None)] {
            let refused = limit_as(&store, higher, false).await.unwrap_err();
            assert_eq!(refused.reason(), "CAPACITY_NOT_RAISED", "{}", database.name());
        }
        limit_as(&store, figures(Some(9), None), true).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn more_needs_a_permit_and_a_supervisor_stays_below_it() {
    for (_database, [store, _]) in houses().await {
        furnish(&store, 1).await;
        let limits = |approved, permit: &str| pb::CapacityLimits {
            approved: Some(approved),
            permit: permit.into(),
            entry: Some(2),
            safe_limit: Some(3),
            ..Default::default()
        };
        assert_eq!(raise(&store, 3).await.unwrap_err().reason(), "CAPACITY_NOT_RAISED");
        assert_eq!(limit(&store, limits(5, "P-1")).await.unwrap().public_limit, Some(2));
        let more = limit(&store, limits(6, "P-1")).await.unwrap_err();
        assert_eq!(more.reason(), "PERMIT_REFERENCE_MISSING");
        assert_eq!(raise(&store, 3).await.unwrap().public_limit, Some(3));
        assert_eq!(raise(&store, 4).await.unwrap_err().reason(), "CAPACITY_NOT_RAISED");
        for sequence in 1..=4 {
            let entry = scan(device(0), sequence, &format!("k-{sequence}"), Direction::Entry);
            let wanted = if sequence <= 3 { Verdict::Admitted } else { Verdict::CapacityReached };
            assert_eq!(verdict(&store, minute(1), &entry).await, wanted);
        }
        assert_eq!(limit(&store, limits(6, "P-2")).await.unwrap().public_limit, Some(2), "the override ends");
        let unsafe_one = pb::CapacityLimits { safe_limit: Some(7), ..limits(6, "P-3") };
        let fault = limit(&store, unsafe_one).await.unwrap_err();
        assert_eq!(fault.violations()[0].subject, "limits.safe_limit");
        let nameless = limit(&store, limits(6, "")).await.unwrap_err();
        assert_eq!(nameless.violations()[0].subject, "limits.permit");
        assert_eq!(events(&store, "CapacityOverridden").await, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn gates_obey_at_once_and_nobody_is_kept_inside() {
    for (database, [store, other]) in houses().await {
        furnish(&store, 1).await;
        let mut sequence = 0;
        let mut check = async |code: &str, direction, wanted| {
            sequence += 1;
            let got = verdict(&other, minute(1), &scan(device(0), sequence, code, direction)).await;
            assert_eq!(got, wanted, "{}: scan {sequence} of {code}", database.name());
        };
        let north = format!("{VENUE}/gates/north");
        check("k-1", Direction::Entry, Verdict::Admitted).await;
        check("k-2", Direction::Entry, Verdict::Admitted).await;
        let paused = set_state(&store, &north, EntryState::Paused).await.unwrap();
        assert_eq!((paused.states[0].gate.as_str(), paused.states.len()), (north.as_str(), 1));
        check("k-3", Direction::Entry, Verdict::EntryPaused).await;
        check("k-1", Direction::Exit, Verdict::Left).await;
        set_state(&store, "", EntryState::OneInOneOut).await.unwrap();
        check("k-3", Direction::Entry, Verdict::EntryPaused).await;
        set_state(&store, &north, EntryState::Normal).await.unwrap();
        check("k-3", Direction::Entry, Verdict::EntryPaused).await;
        check("k-2", Direction::Exit, Verdict::Left).await;
        check("k-3", Direction::Entry, Verdict::Admitted).await;
        check("k-4", Direction::Entry, Verdict::EntryPaused).await;
        set_state(&store, "", EntryState::Normal).await.unwrap();
        check("k-4", Direction::Entry, Verdict::Admitted).await;
        let south = format!("{VENUE}/gates/south");
        let stray = set_state(&store, &south, EntryState::Paused).await.unwrap_err();
        assert_eq!(stray.violations()[0].subject, "gate", "it does not open for the session");
    }
}
