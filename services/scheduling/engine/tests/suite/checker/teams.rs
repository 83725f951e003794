//! Rules on the matches of a team and of a group: rest, kick-offs compared, shares.

use super::*;

#[test]
fn the_published_gaps_pass_the_calendar_day_and_break_48_hours_from_the_whistle_once() {
    let (instance, places) = frankfurt();
    keeps(&instance, Kind::RestCalendarDays(1), &places);
    keeps(&instance, Kind::RestKickOff(hours(45, 0)), &places);
    breaks(
        &instance,
        Kind::RestWhistle(hours(48, 0)),
        &places,
        1,
        "frankfurt plays m2 at 2023-10-24 19:00 and m3 at 2023-10-26 16:00: \
         43 h 5 min from the whistle to the kick-off, 48 h required",
    );
    let report = report(&instance, Kind::RestWhistle(hours(48, 0)), &places);
    assert_eq!(report.violations[0].resolution, "kick m3 off at 2023-10-26 20:55 or later");
    assert_eq!(report.violations[0].matches, [1, 2]);
    assert_eq!(report.looked_at, 3);
}

#[test]
fn days_between_are_whole_days_of_the_calendar() {
    let (instance, mut places) = frankfurt();
    places[1] = at(1, hours(23, 0), 0);
    breaks(
        &instance,
        Kind::RestCalendarDays(1),
        &places,
        1,
        "frankfurt plays m1 at 2023-10-22 16:00 and m2 at 2023-10-23 23:00: 0 whole days between, 1 required",
    );
    places[1] = at(0, hours(20, 0), 0);
    breaks(
        &instance,
        Kind::TeamOnceADay,
        &places,
        1,
        "frankfurt plays m1 at 2023-10-22 16:00 and m2 at 2023-10-22 20:00: both on the same day",
    );
    breaks(
        &instance,
        Kind::RestKickOff(hours(24, 0)),
        &places,
        1,
        "frankfurt plays m1 at 2023-10-22 16:00 and m2 at 2023-10-22 20:00: \
         4 h between the kick-offs, 24 h required",
    );
}

#[test]
fn whoever_may_play_two_matches_rests_between_them() {
    let mut instance = empty();
    instance.matches = vec![
        Match { group: "A".into(), ..game("a1", pair(0, 1)) },
        Match { group: "B".into(), ..game("b1", pair(2, 3)) },
        game("semi", [Side::Rank { of: 0, rank: 1 }, Side::Rank { of: 1, rank: 2 }]),
        game("third", [Side::Loser(2), Side::Open]),
    ];
    let places = [at(0, 900, 0), at(0, 900, 1), at(1, 900, 0), at(3, 900, 0)];
    let report = report(&instance, Kind::RestKickOff(hours(48, 0)), &places);
    // a1 and b1 have no team in common; all others may
    assert_eq!((report.looked_at, report.units), (5, 2));
    assert_eq!(
        report.violations[0].sentence,
        "rank 1 of group A may play a1 at 2023-10-22 15:00 and semi at 2023-10-23 15:00: \
         24 h between the kick-offs, 48 h required"
    );
    instance.matches[2].sides[1] = Side::Winner(1);
    instance.matches[3].sides[1] = Side::Winner(2);
    breaks(
        &instance,
        Kind::TeamOnceADay,
        &[at(0, 900, 0), at(0, 900, 1), at(1, 600, 0), at(1, 900, 0)],
        1,
        "the loser of semi may play semi at 2023-10-23 10:00 and third at 2023-10-23 15:00: both on the same day",
    );
}

#[test]
fn nobody_wins_and_loses_the_same_match() {
    let mut instance = empty();
    instance.matches = vec![
        game("s1", pair(0, 1)),
        game("s2", pair(2, 3)),
        game("final", [Side::Winner(0), Side::Winner(1)]),
        game("third", [Side::Loser(0), Side::Loser(1)]),
    ];
    let places = [at(0, 600, 0), at(0, 600, 1), at(2, 600, 0), at(2, 600, 1)];
    keeps(&instance, Kind::TeamOnceADay, &places);
    assert_eq!(report(&instance, Kind::TeamOnceADay, &places).looked_at, 4);
}

#[test]
fn the_last_matches_of_a_group_start_together() {
    let (mut instance, mut places) = group();
    breaks(
        &instance,
        Kind::LastGroupMatchesTogether,
        &places,
        1,
        "the last matches of group A do not kick off together: m3 at 2023-10-25 15:00 and m4 at 2023-10-25 16:00",
    );
    places[3].start = places[2].start;
    keeps(&instance, Kind::LastGroupMatchesTogether, &places);
    instance.matches.truncate(3);
    instance.matches[1].sides = pair(1, 2);
    let none = "no group has a last round of several matches; \
                not applicable to men A (3 teams: one of them does not play in the last round)";
    does_not_apply(&instance, Kind::LastGroupMatchesTogether, &places[..3], none);
}

#[test]
fn matches_start_together_or_in_order() {
    let (instance, places) = group();
    let ids = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
    breaks(
        &instance,
        Kind::Together(ids(&["m3", "m4", "m1"])),
        &places,
        2,
        "m4 at 2023-10-25 16:00 does not kick off together with m3 at 2023-10-25 15:00",
    );
    keeps(&instance, Kind::InOrder(ids(&["m1", "m2", "m4"])), &places);
    breaks(
        &instance,
        Kind::InOrder(ids(&["m4", "m3", "m1"])),
        &places,
        2,
        "m3 at 2023-10-25 15:00 comes before m4 at 2023-10-25 16:00, not after it",
    );
    let few = "fewer than two of its matches are played";
    does_not_apply(&instance, Kind::InOrder(ids(&["m1"])), &places, few);
}

#[test]
fn those_that_meet_have_rested_equally() {
    let mut instance = empty();
    instance.matches = vec![
        game("s1", pair(0, 1)),
        game("s2", pair(2, 3)),
        game("final", [Side::Winner(0), Side::Winner(1)]),
    ];
    breaks(
        &instance,
        Kind::EqualRest,
        &[at(0, 600, 0), at(0, 900, 0), at(4, 900, 0)],
        300,
        "before final one side rests 5 h longer than the other: s1 at 2023-10-22 10:00 and s2 at 2023-10-22 15:00",
    );
    keeps(&instance, Kind::EqualRest, &[at(0, 900, 0), at(0, 900, 1), at(4, 900, 0)]);
    let none = "no match that the rule is about follows from two others";
    let (others, places) = frankfurt();
    does_not_apply(&others, Kind::EqualRest, &places, none);
}

#[test]
fn teams_have_equal_shares() {
    let (instance, _) = group();
    let places = [at(0, 600, 0), at(0, 900, 1), at(3, 900, 0), at(4, 1200, 1)];
    // frankfurt plays both of its matches on the main pitch, lima none
    breaks(
        &instance,
        Kind::ShareOfPitches(vec![0]),
        &places,
        1,
        "frankfurt has 2 matches on main and lima has 0: a difference of 2, 1 at most",
    );
    keeps(&instance, Kind::ShareOfPrimeTime { from: 900, until: 1200 }, &places);
    breaks(
        &instance,
        Kind::ShareOfPrimeTime { from: 900, until: 1199 },
        &places,
        1,
        "lagos has 2 matches from 15:00 to 19:59 and paris has 0: a difference of 2, 1 at most",
    );
}
