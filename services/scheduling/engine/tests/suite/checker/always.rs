//! What always holds.

use super::*;

#[test]
fn officials_are_there_and_in_one_place_at_a_time() {
    let starts = [at(0, 600, 0), at(0, 600, 1)];
    let (mut instance, timetable) = led([vec![0], vec![1]], starts);
    assert!(check(&instance, &timetable).is_clean());
    instance.officials[1].away = vec![Span { start: 0, end: 601 }];
    let says = "bo leads m2 at 2023-10-22 10:00 and is away from 2023-10-22 00:00 to 10:01";
    never(&instance, &timetable, "always-officials-present", says);

    let (instance, timetable) = led([vec![1], vec![1]], starts);
    let says = "bo leads m1 at 2023-10-22 10:00 and m2 at 2023-10-22 10:00, \
                which begins before the other has ended at 2023-10-22 11:55";
    never(&instance, &timetable, "always-one-match-of-an-official", says);

    let (mut instance, timetable) = led([vec![1], vec![]], starts);
    never(&instance, &timetable, "always-crews-appointed", "m2 at 2023-10-22 10:00 has no crew of officials");
    instance.matches[1].crews = 0;
    instance.matches[1].appointed = vec![0];
    let says = "ada is appointed to m2 at 2023-10-22 10:00 and does not lead it";
    never(&instance, &timetable, "always-appointed-stay", says);
}

#[test]
fn a_match_has_a_place_where_it_may_stand() {
    let (mut instance, mut places) = frankfurt();
    instance.matches[1].kick_offs = Some(vec![2 * DAY + 600, 2 * DAY + hours(18, 0)]);
    let says = "m2 at 2023-10-24 19:00 is no time at which it may kick off";
    never(&instance, &timetable(places), "always-kick-off-allowed", says);
    instance.matches[1].kick_offs = None;
    instance.matches[1].pitches = Some(vec![1]);
    let says = "m2 at 2023-10-24 19:00 is on pitch main, where it may not be played";
    never(&instance, &timetable(places), "always-pitch-allowed", says);
    instance.matches[1].pitches = None;
    instance.matches[1].pinned = Some(at(2, 600, 0));
    let says =
        "m2 at 2023-10-24 19:00 on pitch main is not where it is pinned: 2023-10-24 10:00 on pitch main";
    never(&instance, &timetable(places), "always-pins-kept", says);
    instance.matches[1].pinned = None;
    instance.pitches[1].reserve = true;
    assert!(check(&instance, &timetable(places)).is_clean());
    places[1].pitch = 1;
    let says = "m2 at 2023-10-24 19:00 is on pitch second, which is held in reserve";
    never(&instance, &timetable(places), "always-pitch-allowed", says);
    places[1].pitch = 2;
    let says = "m2 has no pitch and kick-off between 2023-10-22 00:00 and the end of the last day";
    never(&instance, &timetable(places), "always-placed", says);
    never(&instance, &timetable([places[0], at(9, 0, 0), places[2]]), "always-placed", says);
    let says = "m3 has no pitch and kick-off between 2023-10-22 00:00 and the end of the last day";
    places[1].pitch = 0;
    never(&instance, &timetable([places[0], places[1]]), "always-placed", says);
}

#[test]
fn a_pitch_is_open_and_free_while_a_match_needs_it() {
    let (mut instance, places) = frankfurt();
    let open = |end| Span { start: 0, end };
    instance.pitches[0].open = vec![open(2 * DAY + hours(21, 15)), Span { start: 3 * DAY, end: 8 * DAY }];
    assert!(check(&instance, &timetable(places)).is_clean());
    instance.pitches[0].open[0] = open(2 * DAY + hours(21, 0));
    let says = "m2 at 2023-10-24 19:00 needs pitch main from 2023-10-24 18:15 to 21:15, \
                and it is open from 2023-10-22 00:00 to 2023-10-24 21:00";
    never(&instance, &timetable(places), "always-open", says);
    instance.pitches[0].open = vec![open(8 * DAY)];

    let during = |from: Minute, until: Minute| Span { start: 2 * DAY + from, end: 2 * DAY + until };
    instance.pitches[0].closed = vec![Closure { span: during(0, hours(18, 15)), why: "rain".into() }];
    assert!(check(&instance, &timetable(places)).is_clean(), "it ends when the match needs it");
    instance.pitches[0].closed[0].span = during(hours(21, 14), hours(22, 0));
    let says = "m2 at 2023-10-24 19:00 needs pitch main from 2023-10-24 18:15 to 21:15, \
                and it is closed from 2023-10-24 21:14 to 22:00: rain";
    never(&instance, &timetable(places), "always-not-closed", says);
    instance.pitches[0].closed.clear();

    let (id, title) = ("show".to_owned(), "a show".to_owned());
    instance.fixed = vec![Fixed { id, title, pitch: 0, span: during(hours(17, 0), hours(18, 16)) }];
    let says = "m2 at 2023-10-24 19:00 needs pitch main from 2023-10-24 18:15 to 21:15, \
                and it is booked from 2023-10-24 17:00 to 18:16: a show";
    never(&instance, &timetable(places), "always-not-booked", says);
    instance.fixed[0].pitch = 1;
    assert!(check(&instance, &timetable(places)).is_clean(), "another pitch is booked");
    instance.fixed[0].pitch = 0;
    instance.fixed[0].span = during(hours(20, 0), hours(20, 0));
    assert!(check(&instance, &timetable(places)).is_clean(), "a booking of no time");
}

#[test]
fn a_pitch_and_a_warm_up_area_hold_one_match_at_a_time() {
    let mut instance = empty();
    instance.matches = vec![game("m1", pair(0, 1)), game("m2", pair(2, 3))];
    let apart = |minutes: Minute, pitch: usize| timetable([at(0, 600, 0), at(0, 600 + minutes, pitch)]);
    assert!(check(&instance, &apart(180, 0)).is_clean());
    let says = "m1 and m2 both need pitch main: m1 from 2023-10-22 09:15 to 12:15, m2 from 2023-10-22 12:14 to 15:14";
    never(&instance, &apart(179, 0), "always-one-match-on-a-pitch", says);
    // a warm-up area takes half an hour of the set-up off the pitch
    instance.warm_up_areas = vec!["hall".into()];
    for pitch in &mut instance.pitches {
        pitch.warm_up_area = Some(0);
    }
    assert!(check(&instance, &apart(150, 0)).is_clean());
    assert!(!check(&instance, &apart(149, 0)).is_clean());
    assert!(check(&instance, &apart(30, 1)).is_clean());
    let says = "m1 and m2 both need warm-up area hall: m1 from 2023-10-22 09:15 to 09:45, \
                m2 from 2023-10-22 09:44 to 10:14";
    never(&instance, &apart(29, 1), "always-one-match-in-a-warm-up-area", says);
}

#[test]
fn a_team_plays_one_match_at_a_time_and_after_what_decides_it() {
    let (instance, _) = frankfurt();
    let says = "frankfurt plays m1 at 2023-10-22 10:00 and m2 at 2023-10-22 11:54, \
                which begins before the other has ended at 2023-10-22 11:55";
    let together = |minutes: Minute| timetable([at(0, 600, 0), at(0, 600 + minutes, 1), at(3, 600, 0)]);
    never(&instance, &together(114), "always-one-match-of-a-team", says);
    assert!(check(&instance, &together(115)).is_clean());

    let mut instance = empty();
    instance.matches = vec![
        game("s1", pair(0, 1)),
        game("s2", pair(2, 3)),
        game("final", [Side::Winner(0), Side::Winner(1)]),
    ];
    let says = "final at 2023-10-22 11:54 begins before s2, which decides who plays it, has ended at 2023-10-22 11:55";
    let then = |minutes: Minute| timetable([at(0, 400, 0), at(0, 600, 1), at(0, 600 + minutes, 0)]);
    never(&instance, &then(114), "always-after-what-decides-it", says);
    assert!(check(&instance, &then(115)).is_clean());
    // what is called off decides nothing and holds nothing
    instance.cancelled = vec![1];
    assert!(check(&instance, &then(0)).is_clean());
}
