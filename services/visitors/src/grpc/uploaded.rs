//! Tests of quotas and uploads over both databases: no limit is passed while gates are cut off, a log tells the same in
//! any order and any number of times, and every double is found.

use matchday_api::visitors::v1::{self as pb, ConflictKind, Direction, QuotaState, Verdict};
use matchday_kernel::{Fault, Instant, PageSize, SignedDuration};
use matchday_rpc::parse::{to_duration, to_timestamp};
use matchday_store::Store;

use super::{
    at_the_gate::{clear, count, revoke_device, scan, verdict},
    governed::{check_count, limit},
    quotas::{Grant, WriteOff},
    upload::Upload,
};
use crate::{
    Error,
    stage::{OPENING, device, furnish, houses, minute, write},
    store::{control, offline, passages::ConflictRow},
};

pub(super) async fn grant(store: &Store, number: usize, places: i32) -> Result<pb::Quota, Error> {
    grant_after(store, number, places, 0).await
}

/// A quota for a device that has used its sequences up to one.
pub(super) async fn grant_after(
    store: &Store,
    number: usize,
    places: i32,
    last_sequence: i64,
) -> Result<pb::Quota, Error> {
    let request = pb::GrantQuotaRequest {
        opening: OPENING.into(),
        device: device(number),
        places,
        lasts: Some(to_duration(SignedDuration::from_hours(1))),
        last_sequence,
        ..Default::default()
    };
    let grant = Grant::parse(&request)?;
    let granted = write(store, minute(1), grant.locks(), move |tx| Box::pin(grant.carry_out(tx))).await?;
    Ok(granted.quota.unwrap())
}

pub(super) async fn write_off(store: &Store, number: usize) -> Result<pb::Quota, Error> {
    let request = pb::WriteOffQuotaRequest {
        opening: OPENING.into(),
        device: device(number),
        reason: "it fell into the pond".into(),
        ..Default::default()
    };
    let write_off = WriteOff::parse(&request)?;
    let written = write(store, minute(1), write_off.locks(), move |tx| Box::pin(write_off.carry_out(tx)));
    Ok(written.await?.quota.unwrap())
}

/// Somebody let in or out without a network.
pub(super) fn passed(sequence: i64, code: &str, direction: Direction, at: i64) -> pb::OfflineScan {
    let verdict = if direction == Direction::Entry { Verdict::Admitted } else { Verdict::Left };
    pb::OfflineScan {
        sequence,
        code: code.into(),
        direction: direction.into(),
        verdict: verdict.into(),
        device_time: Some(to_timestamp(minute(at))),
    }
}

pub(super) async fn upload(
    store: &Store,
    at: Instant,
    number: usize,
    scans: Vec<pb::OfflineScan>,
    last_sequence: i64,
) -> Result<pb::UploadScansResponse, Error> {
    let (device, opening) = (device(number), OPENING.into());
    let last = offline::last_quota(&mut store.read().await.unwrap(), OPENING, &device).await.unwrap();
    let quota = last.map_or(0, |row| i32::try_from(row.number).unwrap());
    let request =
        pb::UploadScansRequest { device, opening, scans, last_sequence, quota, ..Default::default() };
    let upload = Upload::parse(&request)?;
    write(store, at, upload.locks(), move |tx| Box::pin(upload.carry_out(tx))).await
}

pub(super) async fn conflicts(store: &Store) -> Vec<ConflictRow> {
    let mut conn = store.read().await.unwrap();
    let (mut after, mut all) = (None, Vec::new());
    loop {
        let two = PageSize::new(2).unwrap();
        let page = offline::conflicts(&mut conn, OPENING, after.as_deref(), two).await.unwrap();
        all.extend(page.items);
        after = page.next;
        if after.is_none() {
            return all;
        }
    }
}

pub(super) async fn held(store: &Store) -> i64 {
    let mut conn = store.read().await.unwrap();
    control::count(&mut conn, OPENING).await.unwrap().unwrap().held
}

/// A log that is told again after the next quota was granted, and one of before it that was never told.
#[tokio::test(flavor = "multi_thread")]
async fn an_old_log_settles_no_newer_quota() {
    for (database, [store, _]) in houses().await {
        furnish(&store, 1).await;
        grant(&store, 0, 5).await.unwrap();
        let entry = |sequence| passed(sequence, &format!("k-{sequence}"), Direction::Entry, 5);
        let first = pb::UploadScansRequest {
            device: device(0),
            opening: OPENING.into(),
            scans: vec![entry(1)],
            last_sequence: 1,
            quota: 1,
            ..Default::default()
        };
        let tell = async |request: &pb::UploadScansRequest| {
            let upload = Upload::parse(request).unwrap();
            write(&store, minute(10), upload.locks(), move |tx| Box::pin(upload.carry_out(tx))).await
        };
        tell(&first).await.unwrap();
        assert_eq!(held(&store).await, 0, "{}", database.name());
        // scans 2 and 3 were made before the second quota, and are told after it
        let second = grant_after(&store, 0, 4, 3).await.unwrap();
        assert_eq!((second.number, second.first_sequence), (2, 4));
        tell(&first).await.unwrap();
        assert_eq!(held(&store).await, 4, "told again, it settles nothing");
        let late = pb::UploadScansRequest { scans: vec![entry(2), entry(3)], last_sequence: 3, ..first };
        tell(&late).await.unwrap();
        assert_eq!(held(&store).await, 4, "what was done before fills nothing of it");
        let before = pb::UploadScansRequest { scans: vec![], last_sequence: 2, quota: 2, ..late.clone() };
        assert_eq!(tell(&before).await.unwrap_err().violations()[0].subject, "last_sequence");
        tell(&pb::UploadScansRequest { scans: vec![entry(4)], last_sequence: 4, quota: 2, ..late })
            .await
            .unwrap();
        assert_eq!(held(&store).await, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quota_takes_places_until_its_log_is_complete() {
    for (database, [store, other]) in houses().await {
        furnish(&store, 2).await;
        limit(&store, pb::CapacityLimits { holding: Some(4), ..Default::default() }).await.unwrap();
        let too_many = grant(&store, 0, 5).await.unwrap_err();
        assert_eq!(too_many.reason(), "QUOTA_WITHOUT_ROOM");
        let quota = grant(&other, 0, 3).await.unwrap();
        assert_eq!((quota.first_sequence, quota.number, quota.state()), (1, 1, QuotaState::Open));
        assert_eq!(grant(&store, 0, 1).await.unwrap_err().reason(), "QUOTA_OPEN");
        let entry = |sequence, code: &str| scan(device(1), sequence, code, Direction::Entry);
        assert_eq!(verdict(&store, minute(2), &entry(1, "k-0")).await, Verdict::Admitted);
        assert_eq!(verdict(&store, minute(2), &entry(2, "k-1")).await, Verdict::CapacityReached);

        // the end of the log comes first, and says what is missing
        let second = vec![passed(2, "k-3", Direction::Entry, 5)];
        let told = upload(&store, minute(10), 0, second.clone(), 2).await.unwrap();
        assert_eq!((told.recorded, told.missing, told.conflicts), (1, 1, 0), "{}", database.name());
        assert_eq!((told.quota.unwrap().filled, held(&store).await), (1, 2));
        let all = [vec![passed(1, "k-2", Direction::Entry, 4)], second].concat();
        let told = upload(&other, minute(11), 0, all.clone(), 2).await.unwrap();
        assert_eq!((told.recorded, told.repeated_scans, told.missing), (1, 1, 0));
        assert_eq!((told.quota.unwrap().state(), held(&store).await), (QuotaState::Settled, 0));
        check_count(&store).await;
        let again = upload(&store, minute(12), 0, all, 2).await.unwrap();
        assert_eq!((again.recorded, again.repeated_scans, again.conflicts), (0, 2, 0));
        assert_eq!(count(&store).await.occupancy.public, 3);
        // one place is free again, and no more
        assert_eq!(verdict(&store, minute(13), &entry(3, "k-1")).await, Verdict::Admitted);
        assert_eq!(verdict(&store, minute(13), &entry(4, "k-4")).await, Verdict::CapacityReached);
        assert!(conflicts(&store).await.is_empty());
        assert_eq!(grant(&store, 0, 1).await.unwrap_err().reason(), "QUOTA_WITHOUT_ROOM");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_double_is_found_in_whatever_order_it_is_told() {
    for turned in [false, true] {
        for (database, [store, other]) in houses().await {
            furnish(&store, 3).await;
            grant(&store, 0, 2).await.unwrap();
            grant(&store, 1, 2).await.unwrap();
            let online = scan(device(2), 1, "k-5", Direction::Entry);
            assert_eq!(verdict(&store, minute(7), &online).await, Verdict::Admitted);
            // k-5 came at 5, at 6 and at 7; k-6 left at 8 and had come at 6
            let mut logs = vec![
                (0, vec![passed(1, "k-5", Direction::Entry, 5), passed(2, "k-6", Direction::Exit, 8)]),
                (1, vec![passed(1, "k-5", Direction::Entry, 6), passed(2, "k-6", Direction::Entry, 6)]),
            ];
            if turned {
                logs.reverse();
                for (_, log) in &mut logs {
                    log.reverse();
                }
            }
            for (number, log) in logs {
                // one by one, and all once more
                for scan in log.clone() {
                    upload(&store, minute(20), number, vec![scan], 0).await.unwrap();
                }
                let told = upload(&other, minute(20), number, log, 2).await.unwrap();
                assert_eq!((told.recorded, told.repeated_scans), (0, 2));
            }
            let found = conflicts(&store).await;
            let shown: Vec<_> = found
                .iter()
                .map(|one| (one.kind(), one.device.clone(), one.sequence, one.other_device.clone()))
                .collect();
            let double = ConflictKind::DoubleAdmission;
            let wanted = [(double, device(1), 1, device(0)), (double, device(2), 1, device(0))];
            assert_eq!(shown, wanted, "{}, turned: {turned}", database.name());
            let inside = count(&store).await.occupancy;
            assert_eq!((inside.public, inside.entries, inside.exits), (3, 4, 1));
            check_count(&store).await;

            // each of the three leaves, and then nobody is inside with it
            for (sequence, wanted) in
                [(2, Verdict::Left), (3, Verdict::Left), (4, Verdict::Left), (5, Verdict::NotInside)]
            {
                let exit = scan(device(2), sequence, "k-5", Direction::Exit);
                assert_eq!(verdict(&store, minute(30 + sequence), &exit).await, wanted);
                check_count(&store).await;
            }
            assert_eq!(count(&store).await.occupancy.everyone, 0);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_happened_is_kept_and_named() {
    for (database, [store, _]) in houses().await {
        furnish(&store, 2).await;
        limit(&store, pb::CapacityLimits { holding: Some(1), ..Default::default() }).await.unwrap();
        grant(&store, 0, 1).await.unwrap();
        let log = vec![
            passed(1, "k-1", Direction::Entry, 3),
            passed(2, "k-2", Direction::Entry, 4),
            passed(3, "stranger", Direction::Entry, 5),
            passed(4, "k-3", Direction::Exit, 6),
            pb::OfflineScan {
                verdict: Verdict::CapacityReached.into(),
                ..passed(5, "k-4", Direction::Entry, 7)
            },
        ];
        let told = upload(&store, minute(9), 0, log, 5).await.unwrap();
        assert_eq!((told.recorded, told.conflicts), (5, 4), "{}", database.name());
        let kinds: Vec<_> = conflicts(&store).await.iter().map(ConflictRow::kind).collect();
        assert_eq!(
            kinds,
            [
                ConflictKind::BeyondQuota,
                ConflictKind::BeyondQuota,
                ConflictKind::CredentialInvalid,
                ConflictKind::ExitWithoutEntry,
            ]
        );
        assert_eq!(count(&store).await.occupancy.public, 3, "they are inside, above the limit or not");
        check_count(&store).await;
        let more = scan(device(1), 1, "k-5", Direction::Entry);
        assert_eq!(verdict(&store, minute(10), &more).await, Verdict::CapacityReached);

        let other = passed(1, "k-9", Direction::Entry, 3);
        let reused = upload(&store, minute(10), 0, vec![other], 0).await.unwrap_err();
        assert_eq!(reused.reason(), "SCAN_KEY_REUSED");
        let turned_away =
            pb::OfflineScan { verdict: Verdict::Revoked.into(), ..passed(1, "k-1", Direction::Entry, 3) };
        let reused = upload(&store, minute(10), 0, vec![turned_away], 0).await.unwrap_err();
        assert!(reused.to_string().contains("another verdict"), "{reused}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_told_after_the_clear_out_leaves_nobody_inside() {
    for (database, [store, _]) in houses().await {
        furnish(&store, 1).await;
        grant(&store, 0, 5).await.unwrap();
        clear(&store, minute(120)).await.unwrap();
        assert_eq!(held(&store).await, 5, "what the gate did is not known yet");
        let log = vec![
            passed(1, "k-1", Direction::Entry, 3),
            passed(2, "k-1", Direction::Entry, 4),
            passed(3, "k-1", Direction::Exit, 5),
        ];
        let told = upload(&store, minute(200), 0, log, 3).await.unwrap();
        assert_eq!((told.conflicts, told.quota.unwrap().filled), (1, 2), "{}", database.name());
        let inside = count(&store).await.occupancy;
        assert_eq!((inside.everyone, inside.entries, inside.exits, held(&store).await), (0, 2, 1, 0));
        check_count(&store).await;
        let late = grant(&store, 0, 1).await;
        // the clock of the test stands at minute 1, but the opening was cleared by hand
        assert_eq!(late.unwrap_err().reason(), "OPENING_PHASE");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_device_is_written_off_and_its_log_still_counts() {
    for (_database, [store, _]) in houses().await {
        furnish(&store, 1).await;
        assert_eq!(write_off(&store, 0).await.unwrap_err().reason(), "QUOTA_NOT_OPEN");
        grant(&store, 0, 5).await.unwrap();
        assert_eq!(write_off(&store, 0).await.unwrap().state(), QuotaState::WrittenOff);
        assert_eq!(held(&store).await, 0);
        let told =
            upload(&store, minute(5), 0, vec![passed(1, "k-1", Direction::Entry, 3)], 1).await.unwrap();
        assert_eq!((told.recorded, told.conflicts), (1, 1), "no quota covered it");
        assert_eq!(grant(&store, 0, 2).await.unwrap().number, 2);
        check_count(&store).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_off_is_set_right() {
    for (_database, [store, _]) in houses().await {
        furnish(&store, 1).await;
        grant(&store, 0, 5).await.unwrap();
        let years: i64 = 5 * 365 * 24 * 60;
        let request = pb::UploadScansRequest {
            device: device(0),
            opening: OPENING.into(),
            scans: vec![
                passed(1, "k-1", Direction::Entry, 10 - years),
                passed(2, "k-1", Direction::Entry, 12 - years),
            ],
            sent_time: Some(to_timestamp(minute(20 - years))),
            last_sequence: 2,
            quota: 1,
        };
        let sent = Upload::parse(&request).unwrap();
        let told = write(&store, minute(20), sent.locks(), move |tx| Box::pin(sent.carry_out(tx))).await;
        let told: pb::UploadScansResponse = told.unwrap();
        assert_eq!(told.clock_offset.unwrap().seconds, years * 60);
        let found = conflicts(&store).await;
        assert_eq!((found.len(), found[0].happened), (1, minute(12).as_micros()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn quotas_and_entries_that_race_share_the_places() {
    for (database, stores) in houses().await {
        furnish(&stores[0], 10).await;
        limit(&stores[0], pb::CapacityLimits { emergency: Some(7), ..Default::default() }).await.unwrap();
        let mut races = tokio::task::JoinSet::new();
        for number in 0..10 {
            let store = stores[number % 2].clone();
            races.spawn(async move {
                if number % 2 == 0 {
                    return i64::from(grant(&store, number, 2).await.map_or(0, |quota| quota.places));
                }
                let entry = scan(device(number), 1, &format!("k-{}", number - 1), Direction::Entry);
                i64::from(verdict(&store, minute(2), &entry).await == Verdict::Admitted)
            });
        }
        let taken: i64 = races.join_all().await.into_iter().sum();
        let inside = count(&stores[0]).await.occupancy.public;
        assert_eq!(inside + held(&stores[0]).await, taken, "{}", database.name());
        assert!((6..=7).contains(&taken), "a quota of two may find one place left, and no more");
        check_count(&stores[0]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_revoked_device_tells_is_counted_in_and_frees_nothing() {
    for (database, [store, _]) in houses().await {
        furnish(&store, 2).await;
        limit(&store, pb::CapacityLimits { holding: Some(5), ..Default::default() }).await.unwrap();
        let entry = scan(device(1), 1, "k-1", Direction::Entry);
        assert_eq!(verdict(&store, minute(1), &entry).await, Verdict::Admitted);
        revoke_device(&store, 0).await;
        let log = vec![passed(1, "k-2", Direction::Entry, 3), passed(2, "k-1", Direction::Exit, 4)];
        let told = upload(&store, minute(10), 0, log.clone(), 2).await.unwrap();
        // both by a device that is revoked, and the entry without a quota
        assert_eq!((told.recorded, told.conflicts), (2, 3), "{}", database.name());
        assert_eq!(count(&store).await.occupancy.public, 2, "nobody left by it");
        check_count(&store).await;
        let again = upload(&store, minute(11), 0, log, 2).await.unwrap();
        assert_eq!((again.recorded, again.conflicts), (0, 0), "once");
    }
}

/// A clock that is put back between two scans tells them in the order they were made.
#[tokio::test(flavor = "multi_thread")]
async fn a_clock_put_back_turns_no_exit_before_its_entry() {
    for (database, [store, _]) in houses().await {
        furnish(&store, 1).await;
        grant(&store, 0, 2).await.unwrap();
        let log = vec![passed(1, "k-2", Direction::Entry, 8), passed(2, "k-2", Direction::Exit, 5)];
        let told = upload(&store, minute(10), 0, log, 2).await.unwrap();
        assert_eq!((told.recorded, told.conflicts), (2, 0), "{}", database.name());
        assert_eq!(count(&store).await.occupancy.public, 0);
        check_count(&store).await;
    }
}
