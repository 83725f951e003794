//! Schedules stated as instances, and back.
//!
//! | file | subject |
//! |---|---|
//! | `back` | a timetable turned into a schedule again |
//! | `example` | the reference tournament |
//! | `refused` | what is told before any search |

mod back;
mod example;
mod refused;

use std::collections::{BTreeMap, BTreeSet};

use matchday_kernel::civil::date;
use matchday_timetable::model::Side;

use super::*;
use crate::domain::{
    check::{
        rule::{Kind, Rule},
        testing,
        timetable::{Activity, Session, Timetable as Schedule},
    },
    frame::{FramePitch, FrameTeam, KickOffs},
};

/// A schedule with the frame that follows from it, in Shanghai from 21 to 23 October 2023.
fn material(activities: Vec<Activity>) -> Material {
    of(testing::timetable(activities))
}

fn of(timetable: Schedule) -> Material {
    let zones: BTreeSet<&String> = timetable.matches().map(|(activity, _)| &activity.zone).collect();
    let pitch = |zone: &&String| FramePitch { zone: (*zone).clone(), ..FramePitch::default() };
    let clock = |activity: &Activity| activity.time.start().in_zone(&timetable.zone).time();
    let clocks: BTreeSet<_> = timetable.matches().map(|(activity, _)| clock(activity)).collect();
    let frame = Frame {
        kick_offs: KickOffs { times: clocks.into_iter().collect(), windows: vec![] },
        pitches: zones.iter().map(pitch).collect(),
        ..Frame::default()
    };
    Material {
        tournament: "t".into(),
        dates: [date(2023, 10, 21), date(2023, 10, 23)],
        rules: vec![],
        frame,
        officials: vec![],
        now: testing::at(0),
        timetable,
    }
}

fn hard(kind: Kind) -> Rule {
    testing::hard(kind)
}

#[test]
fn without_a_frame_pitches_and_kick_offs_are_those_in_use() {
    let games = vec![
        testing::game("m1", 16 * 60, "a", "b"),
        testing::at_venue("v2", testing::game("m2", 44 * 60, "c", "d")),
    ];
    let stated = state(&material(games)).unwrap();
    let instance = &stated.instance;
    let pitches: Vec<[&str; 3]> =
        instance.pitches.iter().map(|pitch| [pitch.id.as_str(), &pitch.venue, &pitch.site]).collect();
    assert_eq!(pitches, [["s/v1/pitch", "s/v1", "s"], ["s/v2/pitch", "s/v2", "s"]]);
    assert_eq!(instance.kick_offs, [960, 1200, 2400, 2640, 3840, 4080], "16:00 and 20:00 of three days");
    assert_eq!(instance.days.iter().map(|day| day.start).collect::<Vec<_>>(), [0, 1440, 2880]);
    assert_eq!(instance.matches[0].length, 115);
    assert_eq!(stated.timetable.places[1], matchday_timetable::model::Place { start: 2640, pitch: 1 });
}

#[test]
fn slots_become_sides_that_are_decided() {
    let games = vec![
        testing::in_group("A", testing::game("m1", 0, "a", "b")),
        testing::in_group("A", testing::game("m2", 1440, "a", "c")),
        testing::game("m3", 2000, "winner of m1", "loser of m2"),
        testing::game("m4", 2400, "second of group A", "last of group A"),
        testing::game("m5", 2800, "winner of m9", "whoever comes"),
    ];
    let stated = state(&material(games)).unwrap();
    let sides: Vec<[Side; 2]> = stated.instance.matches.iter().map(|game| game.sides).collect();
    assert_eq!(sides[0], [Side::Team(0), Side::Team(1)]);
    assert_eq!(sides[2], [Side::Winner(0), Side::Loser(1)]);
    assert_eq!(sides[3], [Side::Rank { of: 0, rank: 2 }, Side::Rank { of: 0, rank: 3 }]);
    assert_eq!(sides[4], [Side::Open, Side::Open]);
}

#[test]
fn what_stays_is_pinned_and_what_is_no_match_stands_in_the_way() {
    let mut begun = testing::game("m1", 960, "a", "b");
    begun.state = crate::domain::slot::State::InPlay;
    let mut pinned = testing::game("m2", 1200, "c", "d");
    pinned.pinned = true;
    let kept = testing::game("m3", 2400, "e", "f");
    let free = testing::game("m4", 2640, "g", "h");
    let ceremony = Activity { played: None, ..testing::game("opening", 800, "x", "y") };
    let elsewhere =
        testing::at_venue("v9", Activity { played: None, ..testing::game("market", 0, "x", "y") });
    let mut material = material(vec![begun, pinned, kept, free, ceremony, elsewhere]);
    material.frame.kept.insert("m3".into());
    let stated = state(&material).unwrap();
    let pinned: Vec<bool> = stated.instance.matches.iter().map(|game| game.pinned.is_some()).collect();
    assert_eq!(pinned, [true, true, true, false]);
    assert_eq!(stated.instance.fixed.len(), 1);
    assert_eq!((stated.instance.fixed[0].id.as_str(), stated.instance.fixed[0].span.start), ("opening", 800));
}

#[test]
fn the_crowd_is_the_sessions_and_ways_are_to_the_nearest_place() {
    let mut game = testing::game("m1", 960, "a", "b");
    game.session = "tournaments/t/sessions/evening".into();
    let mut material = material(vec![game, testing::at_venue("v2", testing::game("m2", 960, "c", "d"))]);
    let session = Session { title: "Evening".into(), venue: "sites/s/venues/v1".into(), expected: 6000 };
    material.timetable.sessions.insert("tournaments/t/sessions/evening".into(), session);
    let minutes = matchday_kernel::SignedDuration::from_mins;
    let ways: BTreeMap<_, _> =
        [("sites/s".to_owned(), minutes(30)), ("sites/s/venues/v2".to_owned(), minutes(12))].into();
    material.frame.teams.insert("a".into(), FrameTeam { people: 25, ways });
    let stated = state(&material).unwrap();
    assert_eq!(stated.instance.matches.iter().map(|game| game.crowd).collect::<Vec<_>>(), [6000, 0]);
    assert_eq!((stated.instance.teams[0].people, &stated.instance.teams[0].travel[..]), (25, &[30, 12][..]));
    assert_eq!((stated.instance.teams[1].people, stated.instance.teams[1].travel.len()), (1, 0));
}

#[test]
fn a_zone_that_the_frame_does_not_name_holds_what_stands_there_and_nothing_else() {
    let games =
        vec![testing::game("m1", 960, "a", "b"), testing::at_venue("v2", testing::game("m2", 960, "c", "d"))];
    let mut material = material(games);
    material.frame.pitches = vec![FramePitch { zone: testing::pitch("v1"), ..FramePitch::default() }];
    let stated = state(&material).unwrap();
    let other = &stated.instance.pitches[1];
    assert_eq!((other.reserve, other.open.len(), other.open[0].start), (true, 1, 960));
}
