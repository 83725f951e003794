//! A timetable turned into a schedule again.

use matchday_kernel::{Instant, Interval, SignedDuration};
use matchday_timetable::model::Place;
use proptest::prelude::*;

use super::*;
use crate::domain::{frame::Needs, slot::State};

/// A match at any second, with buffers of any second.
fn any_game(index: usize) -> impl Strategy<Value = Activity> {
    let seconds = (0..3 * 86_400i64, 1..4 * 3600i64, 0..3600i64, 0..3600i64);
    let rest = (0..3usize, prop::bool::ANY, 0..3usize);
    (seconds, rest).prop_map(move |((start, length, set_up, turnaround), (venue, pinned, state))| {
        let game = testing::game(&format!("m{index}"), 0, "a", "b");
        let at = |seconds| testing::at(0).saturating_add(SignedDuration::from_secs(seconds));
        let interval = |from, until| Interval::new(at(from), at(until)).unwrap();
        Activity {
            zone: testing::pitch(&format!("v{venue}")),
            time: interval(start, start + length),
            occupation: interval(start - set_up, start + length + turnaround),
            pinned,
            state: [State::Scheduled, State::Delayed, State::Finished][state],
            ..game
        }
    })
}

fn any_schedule() -> impl Strategy<Value = Vec<Activity>> {
    (1..8usize).prop_flat_map(|count| (0..count).map(any_game).collect::<Vec<_>>())
}

proptest! {
    #[test]
    fn what_stays_where_it_stood_comes_back_as_it_was(games in any_schedule()) {
        let material = material(games);
        let stated = sketch(&material);
        let placements = stated.placements(&stated.timetable);
        for ((activity, played), placement) in material.timetable.matches().zip(placements) {
            prop_assert_eq!(&placement.activity, &activity.name);
            prop_assert_eq!(&placement.zone, &activity.zone);
            prop_assert_eq!(placement.time, activity.time);
            let occupation = placement.time.with_buffers(placement.set_up, placement.turnaround).unwrap();
            prop_assert_eq!(occupation, activity.occupation);
            prop_assert_eq!(&placement.session, &activity.session);
            prop_assert_eq!(&placement.officials, &played.officials);
        }
    }
}

/// Where the first match goes when it is put elsewhere.
fn moved(material: &Material, to: Place) -> Placement {
    let stated = state(material).unwrap();
    let mut timetable = stated.timetable.clone();
    timetable.places[0] = to;
    stated.placements(&timetable).remove(0)
}

fn two_venues() -> Material {
    material(vec![
        testing::game("m1", 960, "a", "b"),
        testing::at_venue("v2", testing::game("m2", 2400, "c", "d")),
    ])
}

#[test]
fn a_match_that_moves_ends_by_its_length() {
    let placement = moved(&two_venues(), Place { start: 2640, pitch: 1 });
    assert_eq!(placement.zone, testing::pitch("v2"));
    assert_eq!(placement.time, testing::span(2640, 2755));
}

#[test]
fn the_frame_says_how_long_a_match_holds_its_pitch() {
    let mut material = two_venues();
    let minutes = SignedDuration::from_mins;
    material.frame.matches = vec![
        Needs { stages: vec!["final".into()], length: Some(minutes(160)), ..Needs::default() },
        Needs { length: Some(minutes(105)), set_up: Some(minutes(45)), ..Needs::default() },
    ];
    material.frame.pitches[0].warm_up_area = "sites/s/venues/v1/zones/warm-up".into();
    let elsewhere = moved(&material, Place { start: 2640, pitch: 1 });
    assert_eq!((elsewhere.time, elsewhere.set_up), (testing::span(2640, 2745), minutes(45)));
    let beside = moved(&material, Place { start: 960, pitch: 0 });
    assert_eq!(
        (beside.time, beside.set_up),
        (testing::span(960, 1065), minutes(15)),
        "they warm up elsewhere"
    );
    let stated = state(&material).unwrap();
    let [first, second] = &stated.warm_ups(&stated.timetable)[..] else { panic!("both have other times") };
    let area = ("sites/s/venues/v1/zones/warm-up".to_owned(), testing::span(915, 945));
    assert_eq!((&first.area, &second.area), (&Some(area), &None), "from 45 to 15 minutes before 16:00");
    let instance = stated.instance;
    assert_eq!(instance.warm_up_areas, ["s/v1/warm-up"]);
    assert_eq!((instance.matches[0].length, instance.matches[0].occupied), (105, 105));
}

#[test]
fn a_match_joins_the_session_where_it_goes() {
    let mut material = two_venues();
    for (id, venue) in [("first", "v1"), ("second", "v2")] {
        let name = format!("tournaments/t/sessions/{id}");
        let session = Session { title: id.into(), venue: format!("sites/s/venues/{venue}"), expected: 0 };
        material.timetable.sessions.insert(name, session);
    }
    for (index, id) in ["first", "second"].into_iter().enumerate() {
        material.timetable.activities[index].session = format!("tournaments/t/sessions/{id}");
    }
    let session = |start, pitch| moved(&material, Place { start, pitch }).session;
    assert_eq!(session(1200, 0), "tournaments/t/sessions/first", "later on its day");
    assert_eq!(session(2640, 1), "tournaments/t/sessions/second", "beside another");
    assert_eq!(session(4080, 0), "tournaments/t/sessions/first", "all of it on another day");
    assert_eq!(session(1200, 1), "", "where no session is on that day");
}

#[test]
fn a_day_of_25_hours_is_counted_in_full() {
    let at = |text: &str| text.parse::<Instant>().unwrap();
    let game = Activity {
        time: Interval::new(at("2023-10-29T20:00:00+01:00"), at("2023-10-29T21:55:00+01:00")).unwrap(),
        occupation: Interval::new(at("2023-10-29T19:30:00+01:00"), at("2023-10-29T22:00:00+01:00")).unwrap(),
        ..testing::game("m1", 0, "a", "b")
    };
    let zone = "Europe/Berlin".parse().unwrap();
    let material = Material {
        dates: [date(2023, 10, 28), date(2023, 10, 30)],
        ..of(Schedule::new(zone, vec![(State::Scheduled, game)]))
    };
    let stated = state(&material).unwrap();
    assert_eq!(stated.instance.days.iter().map(|day| day.start).collect::<Vec<_>>(), [0, 1440, 2940]);
    assert_eq!(stated.instance.kick_offs, [1200, 2700, 4140], "at 20:00 on the clocks of each day");
    let next_day = moved(&material, Place { start: 4140, pitch: 0 });
    assert_eq!(next_day.time.start(), at("2023-10-30T20:00:00+01:00"));
}
