//! Scope, severity, and rules with a limit on matches, days, pitches, crowds and officials.

use super::*;

#[test]
fn a_rule_is_about_the_matches_and_places_in_its_scope() {
    let (mut instance, places) = frankfurt();
    let mut scoped = rule(Kind::KickOffWithin { from: hours(10, 0), until: hours(18, 0) });
    scoped.scope.matches = vec!["m1".into(), "m2".into()];
    scoped.scope.places = vec!["stadium".into()];
    instance.rules = vec![scoped];
    let report = check(&instance, &timetable(places));
    assert_eq!((of(&report, "r").looked_at, of(&report, "r").units, report.cost), (2, 1, 3));
    instance.rules[0].scope.places = vec!["annex".into()];
    let report = check(&instance, &timetable(places));
    assert_eq!(of(&report, "r").outcome, Outcome::NotApplicable);
    assert_eq!(of(&report, "r").why, "no match with a place is one that the rule is about");
}

#[test]
fn severity_says_what_a_violation_counts() {
    let (mut instance, places) = frankfurt();
    let late = |severity| Rule { severity, ..rule(Kind::KickOffWithin { from: 0, until: hours(17, 0) }) };
    instance.rules = vec![late(Severity::Hard)];
    let report = check(&instance, &timetable(places));
    assert_eq!((report.hard, report.cost, report.is_clean()), (1, 0, false));
    instance.rules = vec![late(Severity::Off)];
    let report = check(&instance, &timetable(places));
    assert_eq!((report.hard, report.cost, of(&report, "r").outcome), (0, 0, Outcome::Off));
}

#[test]
fn sums_of_a_day_have_a_limit() {
    let (instance, _) = group();
    let places = [at(0, 600, 0), at(0, 900, 0), at(0, 1200, 0), at(0, 900, 1)];
    breaks(
        &instance,
        Kind::MatchesPerPitchAndDay(1),
        &places,
        2,
        "pitch main has 3 matches on 2023-10-22, 1 at most: m1, m2 and m3",
    );
    breaks(
        &instance,
        Kind::MatchesPerVenueAndDay(2),
        &places,
        1,
        "venue stadium has 3 matches on 2023-10-22, 2 at most: m1, m2 and m3",
    );
    keeps(&instance, Kind::MatchesPerVenueAndDay(3), &places);
}

#[test]
fn a_pitch_bears_so_much_play_in_any_seven_days() {
    let (instance, _) = group();
    let wear = |most| Kind::WeeklyWear { surface: "natural grass".into(), most };
    // six days apart are one week, seven are not
    let places = [at(0, 600, 0), at(6, 600, 0), at(7, 600, 0), at(0, 600, 1)];
    breaks(
        &instance,
        wear(200),
        &places,
        30,
        "pitch main bears 3 h 50 min of play from 2023-10-22 to 2023-10-28, 3 h 20 min at most: m1 and m2",
    );
    keeps(&instance, wear(230), &places);
    let sand = Kind::WeeklyWear { surface: "sand".into(), most: 0 };
    does_not_apply(&instance, sand, &places, "no match is on a pitch that the rule is about");
}

#[test]
fn crowds_in_play_at_the_same_time_have_a_limit() {
    let (mut instance, _) = group();
    for game in &mut instance.matches {
        game.crowd = 400;
    }
    let places = [at(0, 600, 0), at(0, 714, 1), at(0, 829, 0), at(3, 600, 0)];
    breaks(
        &instance,
        Kind::CrowdAtOnce(500),
        &places,
        300,
        "800 are expected at 2023-10-22 11:54 together, 500 at most: m1 and m2",
    );
    keeps(&instance, Kind::CrowdAtOnce(500), &[at(0, 600, 0), at(0, 715, 1), at(0, 830, 0), at(3, 600, 0)]);
    let expects = Kind::CrowdWithin { from: 0, until: 660, crowd: 400 };
    breaks(
        &instance,
        expects,
        &[at(0, 600, 0), at(1, 660, 0), at(2, 661, 0), at(3, 600, 0)],
        400,
        "m3 at 2023-10-24 11:01 is outside 00:00 to 11:00, with 400 expected",
    );
    instance.pitches[0].capacity = 300;
    breaks(&instance, Kind::FitsCapacity, &places, 300, "400 are expected at m1, and pitch main holds 300");
    breaks(
        &instance,
        Kind::Notice { crowd: 400, minutes: 5 * DAY, now: -4 * DAY },
        &places,
        3,
        "m1 at 2023-10-22 10:00, with 400 expected, leaves 106 h to announce it, 120 h required",
    );
}

#[test]
fn matches_keep_to_days_pitches_and_ways() {
    let (mut instance, places) = frankfurt();
    breaks(
        &instance,
        Kind::NotOnDays(vec![2, 3]),
        &places,
        1,
        "m2 at 2023-10-24 19:00 is on a day without matches: 2023-10-24 and 2023-10-25",
    );
    breaks(
        &instance,
        Kind::OnDays(vec![0, 2]),
        &places,
        1,
        "m3 at 2023-10-26 16:00 is not on 2023-10-22 and 2023-10-24",
    );
    breaks(
        &instance,
        Kind::OnPitches(vec![1]),
        &places,
        3,
        "m1 at 2023-10-22 16:00 is on pitch main, not on second",
    );
    let unknown = "nobody said how far the named teams of a match travel";
    does_not_apply(&instance, Kind::Travel(30), &places, unknown);
    instance.teams[0].travel = vec![50, 10];
    breaks(
        &instance,
        Kind::Travel(30),
        &places,
        60,
        "frankfurt travels 50 min to m1 on pitch main, 30 min at most",
    );
}

#[test]
fn sessions_of_a_venue_keep_apart() {
    let (mut instance, _) = frankfurt();
    instance.matches[0].crowd = 100;
    instance.matches[1].crowd = 100;
    let places = [at(0, hours(21, 0), 0), at(1, hours(9, 0), 0), at(1, hours(8, 0), 1)];
    breaks(
        &instance,
        Kind::SessionsApart(hours(10, 0)),
        &places,
        1,
        "venue stadium is cleared of m1 at 2023-10-22 23:15 and needed for m2 at 2023-10-23 08:15: \
         9 h between, 10 h required",
    );
    keeps(&instance, Kind::SessionsApart(hours(9, 0)), &places);
}

#[test]
fn rules_limit_what_officials_lead() {
    let (mut instance, timetable) = led([vec![0], vec![0]], [at(0, 600, 0), at(0, 900, 0)]);
    let kinds = [
        (Kind::OfficialMatchesPerDay(1), "ada leads 2 matches on 2023-10-22, 1 at most: m1 and m2"),
        (Kind::OfficialMatches(1), "ada leads 2 matches, 1 at most: m1 and m2"),
        (
            Kind::OfficialRest(301),
            "ada leads m1 at 2023-10-22 10:00 and m2 at 2023-10-22 15:00: 5 h between the kick-offs, 5 h 1 min required",
        ),
        (Kind::OfficialNeutral, "ada leads m1 at 2023-10-22 10:00 and comes from de, as frankfurt does"),
    ];
    for (kind, says) in kinds {
        instance.rules = vec![rule(kind.clone())];
        let report = check(&instance, &timetable);
        let sentences: Vec<&str> =
            of(&report, "r").violations.iter().map(|one| one.sentence.as_str()).collect();
        assert_eq!((sentences, report.cost), (vec![says], 3), "{kind:?}");
    }
    for kind in [Kind::OfficialMatchesPerDay(2), Kind::OfficialMatches(2), Kind::OfficialRest(300)] {
        instance.rules = vec![rule(kind)];
        assert_eq!(of(&check(&instance, &timetable), "r").outcome, Outcome::Kept);
    }
    instance.officials[0].country.clear();
    instance.officials[0].conflicts = vec![3];
    instance.rules = vec![rule(Kind::OfficialNeutral)];
    let says = "ada leads m2 at 2023-10-22 15:00 and has a conflict with lima";
    assert_eq!(of(&check(&instance, &timetable), "r").violations[0].sentence, says);
}
