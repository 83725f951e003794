//! Tests of scans over both databases: decided once, kept, one winner, and nobody left after the clear-out.

use matchday_api::visitors::v1::{self as pb, Direction, IdentityCheck as Identity, Verdict};
use matchday_kernel::{ErrorKind, Fault, Instant, PageSize};
use matchday_store::{Locks, Record, Store};

use super::{
    governor,
    openings::{self, Advance},
    openings_of,
    redeem::Redeem,
};
use crate::{
    Error,
    domain::occupancy::Occupancy,
    stage::{OPENING, device, furnish, houses, minute, write},
    store::{
        admissions,
        credentials::CredentialRow,
        gates::{DeviceRow, last_sequences},
        scans,
    },
};

pub(super) fn scan(
    device: String,
    sequence: i64,
    code: &str,
    direction: Direction,
) -> pb::RedeemCredentialRequest {
    pb::RedeemCredentialRequest {
        device,
        sequence,
        opening: OPENING.into(),
        code: code.into(),
        direction: direction.into(),
        ..pb::RedeemCredentialRequest::default()
    }
}

pub(super) async fn redeem(
    store: &Store,
    at: Instant,
    request: &pb::RedeemCredentialRequest,
) -> Result<pb::RedeemCredentialResponse, Error> {
    let redeem = Redeem::parse(request)?;
    write(store, at, redeem.locks(), move |tx| Box::pin(redeem.carry_out(tx))).await
}

pub(super) async fn verdict(store: &Store, at: Instant, request: &pb::RedeemCredentialRequest) -> Verdict {
    redeem(store, at, request).await.unwrap().scan.unwrap().verdict()
}

pub(super) async fn revoke_device(store: &Store, number: usize) {
    let revoked = write(store, minute(1), Locks::none(), move |tx| {
        Box::pin(async move {
            let row = DeviceRow::get(tx, &device(number)).await?;
            DeviceRow { state: pb::DeviceState::Revoked.into(), ..row }.save(tx).await?;
            Ok::<_, Error>(())
        })
    });
    revoked.await.unwrap();
}

pub(super) async fn clear(store: &Store, at: Instant) -> Result<pb::ClearOpeningResponse, Error> {
    let name = OPENING.parse().unwrap();
    write(store, at, Locks::of([openings_of(OPENING)]), move |tx| {
        Box::pin(openings::clear(tx, name, String::new()))
    })
    .await
}

pub(super) async fn count(store: &Store) -> admissions::Count {
    admissions::count(&mut store.read().await.unwrap(), OPENING).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scan_is_decided_once() {
    for (database, [store, other]) in houses().await {
        furnish(&store, 2).await;
        let first = scan(device(0), 1, "k-0", Direction::Entry);
        let decided = redeem(&store, minute(1), &first).await.unwrap();
        assert_eq!(decided.scan.as_ref().unwrap().verdict(), Verdict::Admitted, "{}", database.name());
        assert_eq!(
            verdict(&store, minute(2), &scan(device(1), 1, "k-0", Direction::Entry)).await,
            Verdict::AlreadyInside
        );
        clear(&other, minute(120)).await.unwrap();
        let again = redeem(&other, minute(130), &first).await.unwrap();
        assert_eq!(again, decided, "{}: what was decided is decided", database.name());
        let reused =
            redeem(&store, minute(2), &scan(device(0), 1, "k-1", Direction::Entry)).await.unwrap_err();
        assert_eq!((reused.reason(), reused.kind()), ("SCAN_KEY_REUSED", ErrorKind::AlreadyExists));
        let elsewhere =
            pb::RedeemCredentialRequest { opening: "tournaments/t/openings/none".into(), ..first };
        let reused = redeem(&store, minute(2), &elsewhere).await.unwrap_err();
        assert_eq!(reused.reason(), "SCAN_KEY_REUSED", "also where the other opening does not exist");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_known_is_not_kept() {
    for (_database, [store, _]) in houses().await {
        furnish(&store, 1).await;
        let stranger = scan(device(7), 1, "k-0", Direction::Entry);
        assert_eq!(redeem(&store, minute(1), &stranger).await.unwrap_err().reason(), "DEVICE_UNKNOWN");
        let nowhere = pb::RedeemCredentialRequest {
            opening: "tournaments/t/openings/none".into(),
            ..scan(device(0), 1, "k-0", Direction::Entry)
        };
        assert_eq!(redeem(&store, minute(1), &nowhere).await.unwrap_err().reason(), "RESOURCE_NOT_FOUND");
        let count = count(&store).await;
        assert_eq!((count.occupancy, count.refused, count.last_scan), (Occupancy::default(), 0, None));
        let mut conn = store.read().await.unwrap();
        assert!(last_sequences(&mut conn, &device(0), &device(9)).await.unwrap().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_scans_are_kept_and_listed() {
    for (database, [store, _]) in houses().await {
        furnish(&store, 2).await;
        let expected = [
            (-1, "k-0", Direction::Entry, Verdict::TooEarly),
            (1, "no code at all, 票!", Direction::Entry, Verdict::UnknownCredential),
            (1, "k-99", Direction::Entry, Verdict::UnknownCredential),
            (1, "k-0", Direction::Exit, Verdict::NotInside),
            (1, "k-0", Direction::Entry, Verdict::Admitted),
            (1, "k-0", Direction::Entry, Verdict::AlreadyInside),
            (100, "k-1", Direction::Entry, Verdict::ExitOnly),
            (100, "k-0", Direction::Exit, Verdict::Left),
        ];
        for (sequence, (at, code, direction, wanted)) in (1..).zip(expected) {
            let got = verdict(&store, minute(at), &scan(device(0), sequence, code, direction)).await;
            assert_eq!(got, wanted, "{}: {code} at {at}", database.name());
        }
        revoke_device(&store, 1).await;
        let by_revoked = scan(device(1), 1, "k-2", Direction::Entry);
        assert_eq!(verdict(&store, minute(102), &by_revoked).await, Verdict::DeviceRevoked);

        let mut conn = store.read().await.unwrap();
        let three = PageSize::new(3).unwrap();
        let (mut after, mut refused) = (None, Vec::new());
        loop {
            let page = scans::page(&mut conn, OPENING, true, after.as_deref(), three).await.unwrap();
            refused.extend(page.items.into_iter().map(|row| (row.device, row.sequence)));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let own = [1, 2, 3, 4, 6, 7].map(|sequence| (device(0), sequence));
        let all: Vec<_> = own.into_iter().chain([(device(1), 1)]).collect();
        assert_eq!(refused, all, "{}", database.name());
        let count = count(&store).await;
        assert_eq!((count.refused, count.last_scan), (7, Some(minute(102))));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_devices_one_lets_a_ticket_in() {
    const DEVICES: usize = 24;
    for (database, stores) in houses().await {
        furnish(&stores[0], DEVICES).await;
        // the first batches of an hour remove old replies under a common lock, and would not race
        for (number, store) in stores.iter().enumerate() {
            verdict(store, minute(1), &scan(device(number), 99, "none", Direction::Entry)).await;
        }
        let mut scans = tokio::task::JoinSet::new();
        for ticket in 0..10 {
            for number in 0..DEVICES {
                let store = stores[number % 2].clone();
                let sequence: i64 = ticket + 1;
                let entry = scan(device(number), sequence, &format!("k-{ticket}"), Direction::Entry);
                scans.spawn(async move { (ticket, verdict(&store, minute(1), &entry).await) });
            }
        }
        let verdicts = scans.join_all().await;
        for ticket in 0..10 {
            let count = |wanted| verdicts.iter().filter(|verdict| **verdict == (ticket, wanted)).count();
            let counts = (count(Verdict::Admitted), count(Verdict::AlreadyInside));
            assert_eq!(counts, (1, DEVICES - 1), "{}: k-{ticket}", database.name());
        }
        assert_eq!(count(&stores[0]).await.occupancy.everyone, 10);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_scan_sent_many_times_at_once_is_decided_once() {
    for (database, stores) in houses().await {
        furnish(&stores[0], 1).await;
        let mut scans = tokio::task::JoinSet::new();
        for number in 0..32 {
            let store = stores[number % 2].clone();
            scans.spawn(async move {
                verdict(&store, minute(1), &scan(device(0), 1, "k-4", Direction::Entry)).await
            });
        }
        let verdicts = scans.join_all().await;
        assert!(verdicts.iter().all(|verdict| *verdict == Verdict::Admitted), "{}", database.name());
        assert_eq!(count(&stores[0]).await.occupancy.entries, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_clear_out_leaves_nobody_inside() {
    for (database, [store, other]) in houses().await {
        furnish(&store, 1).await;
        for (sequence, code) in [(1, "k-5"), (2, "k-6"), (3, "k-9")] {
            let entry = scan(device(0), sequence, code, Direction::Entry);
            assert_eq!(verdict(&store, minute(1), &entry).await, Verdict::Admitted);
        }
        let left = scan(device(0), 4, "k-5", Direction::Exit);
        assert_eq!(verdict(&store, minute(2), &left).await, Verdict::Left);
        let inside = count(&store).await.occupancy;
        assert_eq!(inside, Occupancy { public: 1, everyone: 2, entries: 3, exits: 1 }, "{}", database.name());

        let refusal = clear(&store, minute(50)).await.unwrap_err();
        assert_eq!(refusal.reason(), "OPENING_PHASE");
        assert!(refusal.to_string().contains("advance it to free egress first"), "{refusal}");
        let cleared = clear(&other, minute(110)).await.unwrap();
        assert_eq!((cleared.closed, cleared.opening.unwrap().phase()), (2, pb::OpeningPhase::Cleared));
        let empty = count(&store).await.occupancy;
        assert_eq!(empty, Occupancy { public: 0, everyone: 0, entries: 3, exits: 1 });
        for (sequence, direction) in [(5, Direction::Entry), (6, Direction::Exit)] {
            let late = scan(device(0), sequence, "k-6", direction);
            assert_eq!(verdict(&store, minute(111), &late).await, Verdict::SessionOver);
        }
        assert_eq!(clear(&store, minute(112)).await.unwrap_err().reason(), "OPENING_PHASE");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clear_out_among_entries_leaves_nobody_inside() {
    for (database, [store, other]) in houses().await {
        furnish(&store, 10).await;
        let mut scans = tokio::task::JoinSet::new();
        for number in 0..10 {
            let store = if number % 2 == 0 { store.clone() } else { other.clone() };
            scans.spawn(async move {
                let entry = scan(device(number), 1, &format!("k-{number}"), Direction::Entry);
                verdict(&store, minute(99), &entry).await
            });
        }
        let cleared = clear(&other, minute(110)).await.unwrap();
        let verdicts = scans.join_all().await;
        let admitted = verdicts.iter().filter(|verdict| **verdict == Verdict::Admitted).count();
        let late = verdicts.iter().filter(|verdict| **verdict == Verdict::SessionOver).count();
        assert_eq!(
            (usize::try_from(cleared.closed), admitted + late),
            (Ok(admitted), 10),
            "{}",
            database.name()
        );
        assert_eq!(count(&store).await.occupancy.everyone, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn by_hand_the_gates_open_early_and_never_go_back() {
    let request = |phase: pb::OpeningPhase, etag: &str| pb::AdvanceOpeningRequest {
        name: OPENING.into(),
        phase: phase.into(),
        etag: etag.into(),
        ..Default::default()
    };
    for phase in [pb::OpeningPhase::Planned, pb::OpeningPhase::Cleared, pb::OpeningPhase::Cancelled] {
        let error = Advance::parse(&request(phase, "")).map(drop).unwrap_err();
        assert_eq!(error.violations()[0].subject, "phase");
    }
    for (database, [store, _]) in houses().await {
        furnish(&store, 1).await;
        let advance = async |phase, etag| {
            let advance = Advance::parse(&request(phase, etag)).unwrap();
            let locks = Locks::of([openings_of(OPENING)]);
            write(&store, minute(-30), locks, move |tx| Box::pin(advance.carry_out(tx))).await
        };
        let entry = |sequence| scan(device(0), sequence, "k-0", Direction::Entry);
        assert_eq!(verdict(&store, minute(-30), &entry(1)).await, Verdict::TooEarly);
        let opened = advance(pb::OpeningPhase::Open, "1").await.unwrap().opening.unwrap();
        assert_eq!((opened.phase(), opened.revision), (pb::OpeningPhase::Open, 2), "{}", database.name());
        assert_eq!(verdict(&store, minute(-29), &entry(2)).await, Verdict::Admitted);
        let stale = advance(pb::OpeningPhase::ExitOnly, "1").await.unwrap_err();
        assert_eq!(stale.reason(), "ETAG_MISMATCH");
        advance(pb::OpeningPhase::FreeEgress, "").await.unwrap();
        for phase in [pb::OpeningPhase::Open, pb::OpeningPhase::ExitOnly, pb::OpeningPhase::FreeEgress] {
            assert_eq!(advance(phase, "").await.unwrap_err().reason(), "OPENING_PHASE");
        }
        assert_eq!(clear(&store, minute(-20)).await.unwrap().closed, 1);
    }
}

#[test]
fn a_scan_is_checked_before_it_is_decided() {
    let good = scan(device(0), 1, "k-0", Direction::Entry);
    let wrong = [
        ("sequence", pb::RedeemCredentialRequest { sequence: 0, ..good.clone() }),
        ("code", pb::RedeemCredentialRequest { code: "k".repeat(201), ..good.clone() }),
        ("code", pb::RedeemCredentialRequest { code: "k\0".into(), ..good.clone() }),
        ("direction", pb::RedeemCredentialRequest { direction: 0, ..good.clone() }),
        ("device", pb::RedeemCredentialRequest { device: "d1".into(), ..good.clone() }),
        ("opening", pb::RedeemCredentialRequest { opening: "o1".into(), ..good }),
    ];
    for (field, request) in wrong {
        let error = Redeem::parse(&request).map(drop).unwrap_err();
        assert_eq!(error.violations()[0].subject, field);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_the_holder_is_blocked_or_used_up_is_kept_out_and_recorded() {
    for (database, [store, other]) in houses().await {
        furnish(&store, 1).await;
        let mut sequence = 0;
        let mut check = async |code: &str, direction: Direction, identity: Identity, wanted: Verdict| {
            sequence += 1;
            let scan = scan(device(0), sequence, code, direction);
            let scan = pb::RedeemCredentialRequest { identity: identity.into(), ..scan };
            assert_eq!(verdict(&other, minute(1), &scan).await, wanted, "{}: {sequence}", database.name());
            scan
        };
        let check_identities = async |checked| {
            let locks = Locks::of([openings_of(OPENING)]);
            let name = OPENING.parse().unwrap();
            let set = write(&store, minute(0), locks, move |tx| {
                Box::pin(governor::check_identity(tx, name, checked))
            });
            set.await.unwrap();
        };
        check_identities(true).await;
        check("k-0", Direction::Entry, Identity::Unspecified, Verdict::IdentityUnchecked).await;
        let mismatch = check("k-0", Direction::Entry, Identity::Mismatch, Verdict::IdentityMismatch).await;
        check("k-0", Direction::Entry, Identity::Confirmed, Verdict::Admitted).await;
        check("k-0", Direction::Exit, Identity::Mismatch, Verdict::Left).await;
        check_identities(false).await;
        assert_eq!(verdict(&store, minute(2), &mismatch).await, Verdict::IdentityMismatch, "it is stored");
        let otherwise = pb::RedeemCredentialRequest { identity: Identity::Confirmed.into(), ..mismatch };
        assert_eq!(redeem(&store, minute(2), &otherwise).await.unwrap_err().reason(), "SCAN_KEY_REUSED");
        check("k-0", Direction::Entry, Identity::Mismatch, Verdict::Admitted).await;

        change(&store, "k-1", |row| CredentialRow { entries: 1, ..row }).await;
        check("k-1", Direction::Entry, Identity::Unspecified, Verdict::Admitted).await;
        check("k-1", Direction::Exit, Identity::Unspecified, Verdict::Left).await;
        check("k-1", Direction::Entry, Identity::Unspecified, Verdict::EntriesUsedUp).await;

        check("k-2", Direction::Entry, Identity::Unspecified, Verdict::Admitted).await;
        let blocked: i32 = pb::CredentialState::Blocked.into();
        change(&store, "k-2", move |row| CredentialRow { state: blocked, ..row }).await;
        check("k-2", Direction::Exit, Identity::Unspecified, Verdict::Left).await;
        check("k-2", Direction::Entry, Identity::Unspecified, Verdict::PersonBlocked).await;
        assert_eq!(count(&store).await.refused, 4, "each refusal is a record");
    }
}

/// Changes a credential as nobody but a test does.
pub(super) async fn change(
    store: &Store,
    code: &str,
    change: impl FnOnce(CredentialRow) -> CredentialRow + Send + 'static,
) {
    let name = format!("tournaments/t/credentials/{code}");
    let changed = write(store, minute(0), Locks::none(), move |tx| {
        Box::pin(async move {
            let row = CredentialRow::get(tx, &name).await?;
            change(row).save(tx).await?;
            Ok(())
        })
    });
    changed.await.unwrap();
}
