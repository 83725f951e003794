//! The ledger of hours and certificates, on both databases.

use matchday_api::{
    scheduling::v1::OnDelay,
    volunteers::v1::{CertificateState, HoursKind as Kind},
};
use matchday_kernel::{PageSize, Random};
use proptest::{prelude::*, test_runner::TestRunner};

use super::*;
use crate::{
    grpc::{
        certificates::{Issue, Revoke},
        hours::{Confirm, Correct, Write},
        replace::Redeploy,
    },
    store::{
        certificates::{self, CertificateRow},
        erasures,
        hours::{self, Balance, HoursRow},
    },
};

impl World {
    async fn entries(&self, id: &str) -> Vec<HoursRow> {
        let filter = hours::Filter { ancestor: volunteer(id), shift: String::new(), unconfirmed: false };
        let mut conn = self.store.read().await.unwrap();
        hours::page(&mut conn, &filter, None, PageSize::MAX).await.unwrap().items
    }

    async fn balance(&self, id: &str) -> Balance {
        hours::balance(&mut self.store.read().await.unwrap(), &volunteer(id)).await.unwrap()
    }

    async fn confirm(&self, on: &str, ids: &[&str]) -> Result<pb::ConfirmHoursResponse, Error> {
        let confirm = Confirm::parse(&pb::ConfirmHoursRequest {
            shift: shift(on),
            volunteers: ids.iter().map(|id| volunteer(id)).collect(),
            ..pb::ConfirmHoursRequest::default()
        })?;
        self.write(move |tx| Box::pin(confirm.carry_out(tx))).await
    }

    /// Corrects an entry to a time, in minutes, or to none.
    async fn correct(&self, name: &str, time: Option<(i64, i64)>) -> Result<pb::CorrectHoursResponse, Error> {
        let correct = Correct::parse(&pb::CorrectHoursRequest {
            name: name.into(),
            start_time: time.map(|(start, _)| to_timestamp(at(start))),
            end_time: time.map(|(_, end)| to_timestamp(at(end))),
            reason: "signed out late".into(),
            ..pb::CorrectHoursRequest::default()
        })?;
        self.write(move |tx| Box::pin(correct.carry_out(tx))).await
    }

    async fn record(&self, id: &str, start: i64, end: i64) -> Result<pb::RecordHoursResponse, Error> {
        let record = Write::parse(&pb::RecordHoursRequest {
            volunteer: volunteer(id),
            start_time: Some(to_timestamp(at(start))),
            end_time: Some(to_timestamp(at(end))),
            reason: "packed bags".into(),
            ..pb::RecordHoursRequest::default()
        })?;
        self.write(move |tx| Box::pin(record.carry_out(tx))).await
    }

    async fn issue(&self, id: &str, seed: u64) -> Result<pb::Certificate, Error> {
        let request = pb::IssueCertificateRequest { volunteer: volunteer(id), ..Default::default() };
        let issue = Issue::parse(&request, &Random::seeded(seed))?;
        let issued = self.write(move |tx| Box::pin(issue.carry_out(tx))).await?;
        Ok(issued.certificate.unwrap())
    }

    async fn certificate(&self, name: &str) -> CertificateRow {
        CertificateRow::get(&mut self.store.read().await.unwrap(), name).await.unwrap()
    }
}

/// A match at minute 1200 (20:00 in Shanghai) with a gate held by `v1` and stewards held by `v2`, both signed in.
async fn evening(world: &World) {
    let posts = vec![
        post("gate", "KO-60", "END", OnDelay::Move, 2),
        post("stewards", "KO-60", "END", OnDelay::Move, 1),
    ];
    world.publish(vec![game("m01", 1200, 1200)], plan(1, posts)).await;
    world.import(people(&["v1", "v2", "v3"])).await.unwrap();
    for (on, id) in [("m01-gate", "v1"), ("m01-stewards", "v2")] {
        world.assign(on, id).await.unwrap();
        world.answer(id, Answer::Invite(None)).await.unwrap();
        world.answer(id, Answer::Accept).await.unwrap();
        world.at(1130).attend(on, id, Attend::SignIn).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_out_or_is_sent_away_has_an_entry_for_each_stay() {
    for (database, world) in worlds().await {
        evening(&world).await;
        // 2 h 40 min, of which none at night; then two stays of the steward, one of them at another post
        world.at(1290).attend("m01-gate", "v1", Attend::SignOut).await.unwrap();
        let redeploy = Redeploy::parse(&pb::RedeployVolunteerRequest {
            name: assignment("m01-stewards", "v2"),
            to_shift: shift("m01-gate"),
            reason: "crowded".into(),
            ..pb::RedeployVolunteerRequest::default()
        });
        let redeploy = redeploy.unwrap();
        world.at(1210).write(move |tx| Box::pin(redeploy.carry_out(tx))).await.unwrap();
        // forgotten until the next morning: an hour after the end counts, and the night begins at 22:00
        world.at(1900).attend("m01-gate", "v2", Attend::SignOut).await.unwrap();

        let of_first = world.entries("v1").await;
        let [entry] = &of_first[..] else { panic!("{of_first:?}") };
        assert_eq!((entry.minutes, entry.night_minutes, entry.credited), (160, 0, 160));
        assert_eq!((entry.kind, entry.shift.as_str()), (Kind::Service.into(), shift("m01-gate").as_str()));
        assert_eq!(entry.name, format!("{}/hours/0001", volunteer("v1")));
        let of_second: Vec<_> =
            world.entries("v2").await.iter().map(|one| (one.minutes, one.night_minutes)).collect();
        assert_eq!(of_second, [(80, 0), (165, 55)], "{}", database.name());
        let balance = world.balance("v2").await;
        assert_eq!((balance.shifts, balance.minutes, balance.confirmed), (2, 245, 0));
        let kinds = world.events(0).await;
        assert_eq!(kinds.iter().filter(|kind| *kind == "HoursRecorded").count(), 3);
        world.check().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_taken_back_and_never_rewritten() {
    for (_database, world) in worlds().await {
        evening(&world).await;
        let later = world.at(1500);
        world.at(1290).attend("m01-gate", "v1", Attend::SignOut).await.unwrap();
        let first = world.entries("v1").await.remove(0);
        assert_eq!(later.confirm("m01-gate", &["v2"]).await.unwrap().entries.len(), 0);
        assert_eq!(later.confirm("m01-gate", &[]).await.unwrap().entries.len(), 1);
        assert_eq!(later.confirm("m01-gate", &[]).await.unwrap().entries.len(), 0, "once");
        assert_eq!(world.balance("v1").await.confirmed, 160);

        assert_eq!(reason(&later.correct(&first.name, Some((1140, 1600))).await), "INVALID_FIELD");
        assert_eq!(reason(&later.correct(&first.name, Some((1140, 1140))).await), "INVALID_FIELD");
        let corrected = later.correct(&first.name, Some((1140, 1240))).await.unwrap();
        let (counter, right) = (corrected.counter.unwrap(), corrected.corrected.unwrap());
        assert_eq!(
            (counter.kind(), counter.minutes, counter.counters),
            (Kind::Counter, -160, first.name.clone())
        );
        assert_eq!((right.kind(), right.minutes, right.shift), (Kind::Manual, 100, shift("m01-gate")));
        let balance = world.balance("v1").await;
        assert_eq!((balance.minutes, balance.confirmed, balance.shifts), (100, 0, 1), "to be confirmed anew");
        for name in [&first.name, &counter.name] {
            assert_eq!(reason(&later.correct(name, None).await), "HOURS_STATE", "{name}");
        }
        assert_eq!(later.confirm("m01-gate", &[]).await.unwrap().entries[0].name, right.name);
        assert_eq!(world.balance("v1").await.confirmed, 100);
        later.correct(&right.name, None).await.unwrap();
        let balance = world.balance("v1").await;
        assert_eq!((balance.minutes, balance.confirmed, balance.shifts, balance.first), (0, 0, 0, None));
        assert_eq!(world.entries("v1").await.len(), 4, "nothing goes");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_attests_what_is_confirmed_and_falls_with_it() {
    for (database, world) in worlds().await {
        evening(&world).await;
        let later = world.at(1500);
        assert_eq!(reason(&later.issue("v1", 1).await), "HOURS_UNCONFIRMED");
        world.at(1290).attend("m01-gate", "v1", Attend::SignOut).await.unwrap();
        assert_eq!(reason(&later.issue("v1", 1).await), "HOURS_UNCONFIRMED");
        later.confirm("m01-gate", &[]).await.unwrap();
        later.record("v1", 1300, 1360).await.unwrap();
        let first = later.issue("v1", 1).await.unwrap();
        assert_eq!((first.credited_minutes, first.shifts, first.state()), (220, 1, CertificateState::Valid));
        assert_eq!(first.last_time, Some(to_timestamp(at(1360))));
        let second = later.issue("v1", 2).await.unwrap();
        assert!(!world.certificate(&first.name).await.is_valid(), "{}", database.name());
        let mut conn = world.store.read().await.unwrap();
        let found = certificates::with_code(&mut conn, &second.code).await.unwrap().unwrap();
        assert_eq!(found.name, second.name);
        drop(conn);

        let entry = world.entries("v1").await.remove(0);
        later.correct(&entry.name, Some((1140, 1200))).await.unwrap();
        let fallen = world.certificate(&second.name).await;
        assert!(!fallen.is_valid());
        assert_eq!(fallen.reason, "the hours it attests were corrected");
        let third = later.issue("v1", 3).await.unwrap();
        assert_eq!(third.credited_minutes, 60, "what was recorded by hand");
        let revoke = || {
            Revoke::parse(&pb::RevokeCertificateRequest {
                name: third.name.clone(),
                reason: "issued by mistake".into(),
                ..Default::default()
            })
        };
        let (once, twice) = (revoke().unwrap(), revoke().unwrap());
        later.write(move |tx| Box::pin(once.carry_out(tx))).await.unwrap();
        let again = later.write(move |tx| Box::pin(twice.carry_out(tx))).await;
        assert_eq!(reason(&again), "CERTIFICATE_REVOKED");
        // the log tells of certificates, and not what they can be verified by
        let mut conn = world.store.read().await.unwrap();
        let payloads: Vec<Vec<u8>> =
            on_db!(conn, |c| sqlx::query_scalar("SELECT payload FROM events").fetch_all(c).await).unwrap();
        let holds = |code: &str| {
            payloads.iter().any(|payload| payload.windows(code.len()).any(|part| part == code.as_bytes()))
        };
        assert!(!holds(&second.code) && !holds(&third.code));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_serves_twice_at_once_and_what_no_shift_knows_stays_confirmed() {
    for (_database, world) in worlds().await {
        evening(&world).await;
        let later = world.at(1500);
        later.record("v3", 100, 160).await.unwrap();
        assert_eq!(reason(&later.record("v3", 159, 200).await), "HOURS_STATE");
        later.record("v3", 160, 200).await.unwrap();
        let first = world.entries("v3").await.remove(0);
        assert_eq!(reason(&later.correct(&first.name, Some((100, 161))).await), "HOURS_STATE");
        assert_eq!(world.balance("v3").await.confirmed, 100, "nothing was written");
        let right = later.correct(&first.name, Some((90, 120))).await.unwrap().corrected.unwrap();
        assert_eq!((right.minutes, right.confirmer.as_str()), (30, "staff/anna"));
        assert_eq!(world.balance("v3").await.confirmed, 70);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_person_leaves_the_hours_and_no_words() {
    for (_database, world) in worlds().await {
        evening(&world).await;
        world.at(1500).record("v3", 1300, 1360).await.unwrap();
        world
            .at(1501)
            .write(|tx| {
                Box::pin(async move {
                    erasures::erase(tx, &volunteer("v3")).await?;
                    Ok::<_, Error>(pb::ErasePersonResponse::default())
                })
            })
            .await
            .unwrap();
        let [entry] = &world.entries("v3").await[..] else { panic!("one entry") };
        assert_eq!((entry.minutes, entry.reason.as_str()), (60, ""));
        assert_eq!(reason(&world.at(1502).issue("v3", 1).await), "RESOURCE_NOT_FOUND");
    }
}

/// What is done to a ledger: an entry by hand, or a correction of one of its entries.
#[derive(Clone, Debug)]
enum Step {
    Record(i64),
    Correct(usize, Option<i64>),
}

#[test]
fn the_ledger_adds_up_to_what_still_counts() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let worlds = runtime.block_on(worlds());
    let step = prop_oneof![
        (1i64..600).prop_map(Step::Record),
        (0usize..20, prop::option::of(1i64..600)).prop_map(|(which, to)| Step::Correct(which, to)),
    ];
    let steps = prop::collection::vec(step, 1..25);
    let cases = std::cell::Cell::new(0);
    // each case has a volunteer of its own in the same house: a database for each would take minutes
    let ran = TestRunner::new(ProptestConfig::with_cases(12)).run(&steps, |steps| {
        cases.set(cases.get() + 1);
        for (database, world) in &worlds {
            let id = format!("p{}-{}", cases.get(), steps.len());
            runtime.block_on(async {
                let world = world.at(50_000);
                world.import(people(&[&id])).await.unwrap();
                // what counts, by name
                let mut counts: Vec<(String, i64)> = Vec::new();
                // each entry has a time of its own: nobody serves twice at once
                for (start, step) in (0..).step_by(1000).zip(&steps) {
                    match step {
                        Step::Record(minutes) => {
                            let entry =
                                world.record(&id, start, start + minutes).await.unwrap().entry.unwrap();
                            counts.push((entry.name, *minutes));
                        }
                        Step::Correct(which, to) => {
                            let all = world.entries(&id).await;
                            let Some(entry) = all.get(*which) else { continue };
                            let place = counts.iter().position(|(name, _)| *name == entry.name);
                            let corrected =
                                world.correct(&entry.name, to.map(|to| (start, start + to))).await;
                            let Some(place) = place else {
                                assert_eq!(reason(&corrected), "HOURS_STATE");
                                continue;
                            };
                            counts.remove(place);
                            let right = corrected.unwrap().corrected;
                            counts.extend(right.map(|right| (right.name, i64::from(right.minutes))));
                        }
                    }
                }
                let balance = world.balance(&id).await;
                let wanted: i64 = counts.iter().map(|(_, minutes)| minutes).sum();
                assert_eq!((balance.minutes, balance.credited), (wanted, wanted), "{}", database.name());
                let all = world.entries(&id).await;
                assert_eq!(all.iter().map(|one| i64::from(one.minutes)).sum::<i64>(), wanted);
            });
        }
        Ok(())
    });
    ran.unwrap();
}
