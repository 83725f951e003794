//! Processes killed while a draft is published: the schedule is the old one or the new one, never half of both, and
//! the places follow it. In half of the rounds somebody delays an activity that the draft moves meanwhile.

use std::collections::BTreeMap;

use matchday_api::{
    scheduling::v1::{PublicationStarted, PublishVersionRequest, VersionState},
    venues::v1::{BookingCreated, BookingState},
};
use matchday_tests::{
    clients::Clients,
    dice::Dice,
    draft::{self, AHEAD, Place, places, wanted},
    log, make,
    refusal::{answered, refusal},
    stage::{Engine, Hosting, Stage},
    town::Plan,
};
use tokio::sync::watch;
use tonic::Code;

use crate::{
    crashes::{rounds, seed},
    publishing::{heads, is_decision, until_decided, versions_of},
};

const DAY: i64 = 24 * 60;

/// When a process is killed.
#[derive(Clone, Copy, Debug)]
enum Moment {
    /// When the draft has been fixed, and the venues are being asked.
    Started,
    /// When the places have been reserved.
    Reserved,
    /// When it has been decided.
    Decided,
}

async fn run(engine: Engine, plan: Plan, number: u64) {
    let Some(mut stage) = Stage::open(engine, Hosting::Processes(plan)).await else {
        return;
    };
    let dice = Dice::new(seed(number));
    let mut admin = stage.admin();
    answered(admin.places.import_site(make::site(3)).await);
    for round in 0..rounds() {
        let id = format!("cup-{round}");
        let day = i64::try_from(round).expect("a small number") * DAY;
        let trainings: Vec<_> = ["a0", "a1", "a2", "a3", "a4", "a5"]
            .into_iter()
            .zip(0..)
            .map(|(id, n): (_, u64)| (id, 1 + n % 3, AHEAD + day + i64::from(n >= 3) * 300, 90))
            .collect();
        answered(admin.tournaments.import_tournament(make::programme(&id, &trainings)).await);
        make::published(&mut admin, &id).await;
        log::settle(&mut admin).await;
        let old = places(&mut admin, &id).await;
        let proposed = propose(&mut admin, &id, day).await;
        let new = expected(day);

        let moment = *dice.one_of(&[Moment::Started, Moment::Reserved, Moment::Decided]);
        let is_delayed = dice.below(2) == 0;
        let (alive, is_alive) = watch::channel(true);
        let (scheduled, followed) = heads(&mut admin).await;
        let mut scheduling = log::tail(&mut admin.scheduling, "scheduling", scheduled).await;
        let mut venues = log::tail(&mut admin.venues, "venues", followed).await;
        let request = PublishVersionRequest { request_id: id.clone(), ..draft::publish(&proposed) };
        let call = move |mut clients: Clients| {
            let request = request.clone();
            async move { refusal(&clients.versions.publish_version(request).await) }
        };
        let publishing =
            tokio::spawn(until_decided(stage.admin(), id.clone(), scheduled, is_alive.clone(), call));
        match moment {
            Moment::Started => drop(scheduling.next_of::<PublicationStarted>().await),
            Moment::Reserved => drop(venues.next_of::<BookingCreated>().await),
            Moment::Decided => while !is_decision(&scheduling.next().await) {},
        }
        let size = u64::try_from(stage.town().size()).expect("a small number");
        let victim = usize::try_from(dice.below(size)).expect("a small number");
        stage.town().process(victim).kill();
        alive.send_replace(false);
        stage.town().process(victim).start_again().await;
        let what = format!("round {round}, {moment:?}, {victim} killed, delayed {is_delayed}");
        let seen = places(&mut admin, &id).await;
        assert!(seen == old || seen == new, "{what}: half of both: {seen:?}");
        if is_delayed {
            let delay = make::delay(&make::name(&id, "a0"), 5);
            answered(admin.schedule.delay_activity(delay).await);
        }
        alive.send_replace(true);

        let answer = publishing.await.expect("it does not panic");
        log::settle(&mut admin).await;
        let version = versions_of(&mut admin, &id).await.remove(0);
        let mut now = places(&mut admin, &id).await;
        let what = format!("{what}: {answer:?}, {version:?}");
        let delayed = now.remove("a0").expect("the first");
        let without = |places: &BTreeMap<String, Place>| {
            let mut places = places.clone();
            places.remove("a0");
            places
        };
        let is_published = answer.0 == Code::Ok;
        assert!(is_published || is_delayed, "{what}: nothing stands in its way");
        let ended = if is_published { VersionState::Published } else { VersionState::Refused };
        assert_eq!(version.state(), ended, "{what}");
        assert_eq!(now, without(if is_published { &new } else { &old }), "{what}");
        let is_kept = !version.kept.is_empty();
        let from = if is_published && !is_kept { &new } else { &old };
        let by = i64::from(is_delayed) * 5;
        let expected = from["a0"].clone().map(|(zone, start)| {
            let start = start.map(|time| prost_types::Timestamp { seconds: time.seconds + by * 60, ..time });
            (zone, start)
        });
        assert_eq!(delayed, expected, "{what}");
        now.insert("a0".into(), delayed);
        now.retain(|_, place| place.is_some());
        // what is kept may find its place taken: it waits there for somebody to decide
        let mut wanted = wanted(&mut admin, &id).await;
        let is_displaced = wanted["a0"].1 == BookingState::Displaced;
        assert!(is_kept || !is_displaced, "{what}");
        let places: BTreeMap<String, Place> =
            wanted.iter().map(|(activity, (place, _))| (activity.clone(), place.clone())).collect();
        assert_eq!(places, now, "{what}");
        wanted.remove("a0");
        assert!(wanted.values().all(|(_, state)| *state == BookingState::Booked), "{what}: {wanted:?}");
    }
}

/// The first three go on to the next pitch and so do the next two; the last one is cancelled for a new one.
async fn propose(admin: &mut Clients, id: &str, day: i64) -> String {
    let mut schedule = draft::schedule(admin, id).await;
    for (short, place) in expected(day) {
        let name = make::name(id, &short);
        match place {
            None => draft::cancel(&mut schedule, &name),
            Some(_) if short == "a6" => draft::add(&mut schedule, &name, 3, day + 600),
            Some((zone, _)) => schedule.get_mut(&name).expect("it is there").zone = zone,
        }
    }
    draft::proposed(admin, id, schedule).await.name
}

fn expected(day: i64) -> BTreeMap<String, Place> {
    let moved =
        (0..5).map(|n: u64| (format!("a{n}"), draft::place(1 + (n + 1) % 3, day + i64::from(n >= 3) * 300)));
    moved.chain([("a5".to_owned(), None), ("a6".to_owned(), draft::place(3, day + 600))]).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_process_on_sqlite() {
    run(Engine::Sqlite, Plan::One, 31).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_process_on_postgres() {
    run(Engine::Postgres, Plan::One, 32).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn separate_processes_on_sqlite() {
    run(Engine::Sqlite, Plan::Separate, 33).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn separate_processes_on_postgres() {
    run(Engine::Postgres, Plan::Separate, 34).await;
}
