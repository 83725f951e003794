//! The timetable of the reference tournament by the program, as its how-to tells it: made and put in force on the day
//! before the event, and repaired when the main pitch is lost for a day.

use std::collections::BTreeMap;

use matchday_api::{
    scheduling::v1::{Activity, ActivityKind, ActivityState},
    venues::v1::BookingState,
};
use matchday_tests::{
    clients::Clients,
    draft, log, make,
    overlap::double_bookings,
    rehearsal,
    stage::{Engine, Stage},
    town::Plan,
};

const CUP: &str = "fisu-2023";
/// 20 October 2023, 16:00 in Jinjiang, in minutes after [`make::at`]'s first day began.
const THE_DAY_BEFORE: i64 = -16 * 60;
const MAIN_PITCH: &str = "sites/jinjiang/venues/stadium/zones/pitch";

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite() {
    let stage = rehearsal::open(Engine::Sqlite, Plan::One, THE_DAY_BEFORE).await;
    it_is_made_and_repaired(stage.expect("SQLite is there")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres() {
    if let Some(stage) = rehearsal::open(Engine::Postgres, Plan::One, THE_DAY_BEFORE).await {
        it_is_made_and_repaired(stage).await;
    }
}

/// Day of October on which an activity begins in Jinjiang, eight hours ahead of UTC.
fn day(activity: &Activity) -> i64 {
    let start = activity.start_time.expect("a start");
    21 + (start.seconds + 8 * 3_600).div_euclid(86_400) - make::at(0).seconds.div_euclid(86_400)
}

async fn matches(admin: &mut Clients) -> BTreeMap<String, Activity> {
    let activities = draft::schedule(admin, CUP).await.into_values();
    let is_match = |activity: &Activity| {
        activity.kind() == ActivityKind::Match && activity.state() != ActivityState::Cancelled
    };
    let named =
        |activity: Activity| (activity.name.rsplit('/').next().unwrap_or_default().to_owned(), activity);
    activities.filter(is_match).map(named).collect()
}

async fn it_is_made_and_repaired(mut stage: Stage) {
    for words in [
        "site import site.yaml",
        "tournament import tournament.yaml",
        "rule apply rules.yaml --tournament fisu-2023",
        "schedule frame apply timetable.yaml",
    ] {
        rehearsal::run(&mut stage, &words.split(' ').collect::<Vec<_>>());
    }
    let mut admin = stage.admin();

    let said = rehearsal::run(&mut stage, &["schedule", "generate", "--tournament", CUP, "--seconds", "50"]);
    assert!(said.contains("draft fisu-2023/1"), "{said}");
    rehearsal::run(&mut stage, &["schedule", "publish", "fisu-2023/1"]);
    let made = matches(&mut admin).await;
    assert_eq!(made.len(), 46);
    assert_eq!(made.values().filter(|game| day(game) == 28).count(), 0);
    assert_eq!(["m45", "m46"].map(|id| day(&made[id])), [31, 31]);
    let on_it = |game: &&Activity| game.zone == MAIN_PITCH && day(game) == 25;
    assert_ne!(made.values().filter(on_it).count(), 0, "the pitch is used on the day it is lost");

    let lost = "jinjiang/stadium/pitch@2023-10-25";
    let said = rehearsal::run(&mut stage, &["schedule", "repair", CUP, "--pitch-lost", lost]);
    assert!(said.contains("1. fewest people told") && said.contains("to be told:"), "{said}");
    rehearsal::run(&mut stage, &["schedule", "publish", "fisu-2023/2"]);
    let repaired = matches(&mut admin).await;
    assert_eq!(repaired.len(), 46);
    assert_eq!(repaired.values().find(on_it), None);
    let moved: Vec<&String> = made
        .iter()
        .filter(|(id, game)| {
            let now = &repaired[*id];
            (now.start_time, &now.zone) != (game.start_time, &game.zone)
        })
        .map(|(id, _)| id)
        .collect();
    assert!(moved.iter().all(|id| said.contains(&format!("{id}: "))), "{moved:?}: {said}");

    log::settle(&mut admin).await;
    let bookings = make::live_bookings(&mut admin).await;
    assert_eq!(double_bookings(&bookings), []);
    for game in repaired.values() {
        let own: Vec<_> = bookings.iter().filter(|booking| booking.holder == game.name).collect();
        let place = |state: BookingState| (state, game.zone.as_str());
        let booked: Vec<_> = own.iter().map(|own| (own.state(), own.zone.as_str())).collect();
        assert_eq!(booked, [place(BookingState::Booked)], "{}", game.name);
    }
}
