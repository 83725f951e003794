//! Many writers, one place.

use std::sync::Arc;

use futures_util::future::join_all;
use matchday_api::venues::v1::{BookingState, ReleaseBookingRequest};
use matchday_tests::{
    clients::Clients,
    dice::Dice,
    log, make, on_every_stage,
    overlap::double_bookings,
    refusal::{answered, refusal},
    replica::Replica,
    stage::{Engine, Hosting, Stage},
    town::Plan,
};
use tokio::{sync::Barrier, task::JoinError};
use tonic::Code;

/// Writers that want the same place.
const WRITERS: usize = 64;
/// Places they want, one after the other.
const ROUNDS: i64 = 8;
const SEPARATE: Hosting = Hosting::Processes(Plan::Separate);

on_every_stage! {
    one_writer_wins_a_place
    delays_and_bookings_by_hand_never_overlap
}

async fn one_writer_wins_a_place(stage: Stage) {
    let mut admin = stage.admin();
    answered(admin.places.import_site(make::site(1)).await);
    race(&[admin]).await;
}

/// Two processes host venues on one database, and each gets half of the writers.
#[tokio::test(flavor = "multi_thread")]
async fn one_writer_wins_a_place_between_two_processes() {
    let Some(mut stage) = Stage::open(Engine::Postgres, SEPARATE).await else {
        return;
    };
    let second = Replica::start(&mut stage).await;
    let mut admin = stage.admin();
    answered(admin.places.import_site(make::site(1)).await);
    race(&[admin, second.clients]).await;
}

/// What a task has found out.
fn told<T>(outcome: Result<T, JoinError>) -> T {
    outcome.expect("it does not panic")
}

/// All writers book the first pitch for the same time, and one gets it; then for another time.
async fn race(callers: &[Clients]) {
    let not_free = (Code::FailedPrecondition, "ZONE_NOT_FREE".to_owned());
    for round in 0..ROUNDS {
        let line = Arc::new(Barrier::new(WRITERS));
        let writers = (0..WRITERS).map(|number| {
            let (mut clients, line) = (callers[number % callers.len()].clone(), line.clone());
            tokio::spawn(async move {
                line.wait().await;
                let wanted = make::by_hand(1, 600 + 100 * round, 700 + 100 * round);
                refusal(&clients.bookings.create_booking(wanted).await)
            })
        });
        let outcomes: Vec<_> = join_all(writers).await.into_iter().map(told).collect();
        let won = outcomes.iter().filter(|(code, _)| *code == Code::Ok).count();
        let lost = outcomes.iter().filter(|outcome| **outcome == not_free).count();
        assert_eq!((won, lost), (1, WRITERS - 1), "round {round}: {outcomes:?}");
    }
    let bookings = make::live_bookings(&mut callers[0].clone()).await;
    assert_eq!(i64::try_from(bookings.len()), Ok(ROUNDS));
}

async fn delays_and_bookings_by_hand_never_overlap(stage: Stage) {
    let bookers = stage.admin();
    mix(&mut stage.admin(), &bookers).await;
}

/// The same, with the bookings by hand made in another process than the one that follows the delays.
#[tokio::test(flavor = "multi_thread")]
async fn delays_and_bookings_by_hand_never_overlap_between_two_processes() {
    let Some(mut stage) = Stage::open(Engine::Postgres, SEPARATE).await else {
        return;
    };
    let second = Replica::start(&mut stage).await;
    mix(&mut stage.admin(), &second.clients).await;
}

/// Activities are delayed and moved, and their bookings follow, while others book the same pitches by hand and
/// give them up again.
async fn mix(admin: &mut Clients, bookers: &Clients) {
    const ACTIVITIES: [&str; 8] = ["a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7"];
    let programme: Vec<_> = (0..8)
        .zip(ACTIVITIES)
        .map(|(number, id)| {
            (id, 1 + number / 4, 200 * i64::try_from(number % 4).expect("a small number"), 100)
        })
        .collect();
    make::set_up(admin, 2, make::programme("camp", &programme)).await;
    make::published(admin, "camp").await;

    let movers = (0..4).map(|seed| tokio::spawn(move_about(admin.clone(), seed)));
    let bookers = (4..8).map(|seed| tokio::spawn(book_about(bookers.clone(), seed)));
    let outcomes = join_all(movers.chain(bookers)).await;
    let made: usize = outcomes.into_iter().map(told).sum();
    log::settle(admin).await;

    let all = [BookingState::Booked, BookingState::Displaced, BookingState::Released];
    let bookings = make::bookings_in(admin, &all).await;
    assert_eq!(double_bookings(&bookings), []);
    let by_hand = bookings.iter().filter(|booking| booking.holder.is_empty()).count();
    assert_eq!(by_hand, made, "every booking that was acknowledged is there");
    for activity in ACTIVITIES {
        let booking = make::booking_of(admin, &make::name("camp", activity)).await;
        let is_displaced = booking.state() == BookingState::Displaced;
        assert_eq!(is_displaced, !booking.conflicts.is_empty(), "{booking:?}");
    }
}

/// Every activity is delayed to a place that somebody books by hand in another process at that moment.
#[tokio::test(flavor = "multi_thread")]
async fn a_delay_and_a_booking_by_hand_never_take_one_place() {
    const PITCHES: u64 = 24;
    let Some(mut stage) = Stage::open(Engine::Postgres, SEPARATE).await else {
        return;
    };
    let second = Replica::start(&mut stage).await;
    let mut admin = stage.admin();
    let ids: Vec<String> = (1..=PITCHES).map(|pitch| format!("a{pitch}")).collect();
    let trainings: Vec<_> = ids.iter().zip(1..).map(|(id, pitch)| (id.as_str(), pitch, 0, 60)).collect();
    make::set_up(&mut admin, PITCHES, make::programme("camp", &trainings)).await;
    make::published(&mut admin, "camp").await;
    for from in [300, 600, 900] {
        let delays = ids.iter().map(|id| {
            let (mut clients, delay) = (admin.clone(), make::delay(&make::name("camp", id), 300));
            tokio::spawn(async move { drop(answered(clients.schedule.delay_activity(delay).await)) })
        });
        let upwards: Vec<u64> = (1..=PITCHES).collect();
        let downwards: Vec<u64> = (1..=PITCHES).rev().collect();
        let bookers = [upwards, downwards].map(|pitches| {
            let mut clients = second.clients.clone();
            tokio::spawn(async move {
                for pitch in pitches {
                    let wanted = make::by_hand(pitch, from, from + 60);
                    let (code, reason) = refusal(&clients.bookings.create_booking(wanted).await);
                    assert!(code == Code::Ok || reason == "ZONE_NOT_FREE", "{reason}");
                }
            })
        });
        join_all(delays.chain(bookers)).await.into_iter().for_each(told);
        log::settle(&mut admin).await;
        let bookings = make::live_bookings(&mut admin).await;
        assert_eq!(double_bookings(&bookings), []);
        let following = bookings.iter().filter(|booking| !booking.holder.is_empty());
        assert!(following.clone().all(|booking| booking.start_time == Some(make::at(from))));
        assert_eq!(following.count(), ids.len());
    }
}

/// Delays and moves activities; makes no booking by hand.
async fn move_about(mut clients: Clients, seed: u64) -> usize {
    let dice = Dice::new(seed);
    for _ in 0..12 {
        let name = make::name("camp", &format!("a{}", dice.below(8)));
        let minute = i64::try_from(dice.below(90)).expect("a small number") * 10;
        let outcome = if dice.below(2) == 0 {
            let delay = make::delay(&name, 10 + minute % 60);
            refusal(&clients.schedule.delay_activity(delay).await)
        } else {
            let there = make::move_to(&name, 1 + dice.below(2), minute);
            refusal(&clients.schedule.move_activity(there).await)
        };
        let unchanged = (Code::FailedPrecondition, "ACTIVITY_UNCHANGED".to_owned());
        assert!(outcome.0 == Code::Ok || outcome == unchanged, "{outcome:?}");
    }
    0
}

/// Books pitches by hand and gives some up; returns how many bookings were made.
async fn book_about(mut clients: Clients, seed: u64) -> usize {
    let dice = Dice::new(seed);
    let mut made = 0;
    for _ in 0..12 {
        let minute = i64::try_from(dice.below(90)).expect("a small number") * 10;
        let wanted = make::by_hand(1 + dice.below(2), minute, minute + 30);
        match clients.bookings.create_booking(wanted).await {
            Ok(reply) => {
                made += 1;
                if dice.below(2) == 0 {
                    let name = reply.into_inner().booking.expect("a booking").name;
                    let release = ReleaseBookingRequest { name, ..ReleaseBookingRequest::default() };
                    answered(clients.bookings.release_booking(release).await);
                }
            }
            refused => assert_eq!(refusal(&refused).1, "ZONE_NOT_FREE"),
        }
    }
    made
}
