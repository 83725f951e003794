use std::thread;

use matchday_kernel::{Clock, Instant, ManualClock, Random, SignedDuration, uuid_v7};

use crate::at;

fn bytes(random: &Random, count: usize) -> Vec<u8> {
    let mut bytes = vec![0; count];
    random.fill(&mut bytes);
    bytes
}

#[test]
fn a_manual_clock_moves_the_clocks_it_gave() {
    let manual = ManualClock::new(at("2023-10-21T12:00:00Z"));
    let clock = manual.clock();
    manual.advance(SignedDuration::from_mins(45));
    assert_eq!(clock.now(), at("2023-10-21T12:45:00Z"));
    manual.set(at("2023-10-22T12:00:00Z"));
    assert_eq!(clock.clone().now(), at("2023-10-22T12:00:00Z"));
    manual.advance(SignedDuration::MIN);
    assert_eq!(manual.now(), Instant::MIN);
}

#[test]
fn no_advance_is_lost_between_threads() {
    let manual = ManualClock::new(at("1970-01-01T00:00:00Z"));
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..1000).for_each(|_| manual.advance(SignedDuration::from_micros(1))));
        }
    });
    assert_eq!(manual.now().as_micros(), 4000);
}

#[test]
fn a_clock_reads_its_function() {
    let clock = Clock::new(|| Instant::MAX);
    assert_eq!(clock.now(), Instant::MAX);
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let random = Random::seeded(1);
    let drawn = (bytes(&random, 11), bytes(&random.clone(), 3));
    let again = Random::seeded(1);
    assert_eq!(drawn, (bytes(&again, 11), bytes(&again, 3)));
    assert_ne!(bytes(&Random::seeded(1), 16), bytes(&Random::seeded(2), 16));
}

#[test]
fn the_seeded_source_is_splitmix64() {
    // The first values of the reference implementation for the seed 1234567.
    let expected = [6_457_827_717_110_365_317_u64, 3_203_168_211_198_807_973];
    let random = Random::seeded(1_234_567);
    assert_eq!(bytes(&random, 16), expected.map(u64::to_le_bytes).concat());
}

#[test]
fn ids_sort_by_the_millisecond_they_were_made_in() {
    let manual = ManualClock::new(at("2023-10-21T12:00:00Z"));
    let (clock, random) = (manual.clock(), Random::seeded(7));
    let first = uuid_v7(&clock, &random);
    let same_time = uuid_v7(&clock, &random);
    manual.advance(SignedDuration::from_millis(1));
    let later = uuid_v7(&clock, &random);

    assert_eq!(first.get_version_num(), 7);
    assert_ne!(first, same_time);
    assert!(first < later && same_time < later);
    assert_eq!(first, uuid_v7(&Clock::new(|| at("2023-10-21T12:00:00Z")), &Random::seeded(7)));
}

#[test]
fn a_clock_before_1970_makes_ids_too() {
    let id = uuid_v7(&Clock::new(|| Instant::MIN), &Random::seeded(7));
    assert_eq!(id.get_version_num(), 7);
    assert_eq!(id.as_bytes()[..6], [0; 6]);
}
