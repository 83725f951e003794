//! Zones needed by two activities at once, and zones that others hold.

use std::collections::BTreeMap;

use matchday_kernel::Interval;

use super::{
    report::{Figure, Finding, Violation},
    rule::Scope,
    timetable::{Activity, Held, Timetable},
    words,
};

const THINGS: &str = "activities";
const NONE: &str = "the schedule holds no activity that the rule is about";

/// Two activities of the schedule never need one zone at the same time.
pub(super) fn double_booked(scope: &Scope, timetable: &Timetable) -> Finding {
    let mut zones: BTreeMap<&str, Vec<&Activity>> = BTreeMap::new();
    for activity in timetable.activities.iter().filter(|activity| scope.covers(activity)) {
        zones.entry(&activity.zone).or_default().push(activity);
    }
    let mut violations = Vec::new();
    let looked_at = zones.values().map(Vec::len).sum();
    for activities in zones.values_mut() {
        activities.sort_by_key(|activity| activity.occupation.start());
        // each against the one before it that needs the zone longest: one violation for each that is in trouble
        let mut longest: Option<&Activity> = None;
        for activity in activities {
            if let Some(first) = longest.filter(|first| first.occupation.overlaps(&activity.occupation)) {
                violations.push(both_need(first, activity, timetable));
            }
            if longest.is_none_or(|first| first.occupation.end() < activity.occupation.end()) {
                longest = Some(activity);
            }
        }
    }
    Finding::among(looked_at, THINGS, NONE, violations)
}

fn both_need(first: &Activity, second: &Activity, timetable: &Timetable) -> Violation {
    let set_up = second.time.start().since(second.occupation.start());
    let free_at = timetable.at(first.occupation.end().saturating_add(set_up));
    let place = words::place(&first.zone);
    Violation {
        at: second.time.start(),
        resources: vec![first.name.clone(), second.name.clone(), first.zone.clone()],
        figures: vec![Figure::minutes("needed at once", shared(&first.occupation, &second.occupation))],
        sentence: format!(
            "{} needs {place} until {}, and {} from {} on, set-up and turnaround included",
            words::called(first),
            timetable.at(first.occupation.end()),
            words::called(second),
            timetable.at(second.occupation.start()),
        ),
        resolution: format!(
            "start {} at {free_at} or later, or give one of them another zone",
            words::id(&second.name)
        ),
    }
}

/// No activity needs a zone that others hold.
pub(super) fn held_by_others(scope: &Scope, timetable: &Timetable) -> Finding {
    let venues = match &timetable.venues {
        Ok(venues) => venues,
        Err(problem) => return could_not_ask(problem),
    };
    let mut held: BTreeMap<&str, Vec<&Held>> = BTreeMap::new();
    for booking in &venues.held {
        held.entry(&booking.zone).or_default().push(booking);
    }
    // bookings of one zone do not overlap: by start they are by end, too
    for there in held.values_mut() {
        there.sort_by_key(|held| held.occupation.start());
    }
    let (mut looked_at, mut unknown) = (0, 0);
    let mut violations = Vec::new();
    for activity in timetable.activities.iter().filter(|activity| scope.covers(activity)) {
        if !venues.zones.contains(&activity.zone) {
            unknown += 1;
            continue;
        }
        looked_at += 1;
        let there = held.get(activity.zone.as_str()).map_or(&[][..], Vec::as_slice);
        let ended = there.partition_point(|held| held.occupation.end() <= activity.occupation.start());
        let begun = there.partition_point(|held| held.occupation.start() < activity.occupation.end());
        if let [others @ .., last] = there.get(ended..begun).unwrap_or_default() {
            violations.push(is_held(activity, last, others.len(), timetable));
        }
    }
    match unknown {
        0 => Finding::among(looked_at, THINGS, NONE, violations),
        unknown => {
            let none = "nobody knows who holds zones that the venues do not know";
            let left_out =
                format!("not looked at: {unknown} activities in zones that the venues do not know");
            Finding::among(looked_at, THINGS, none, violations).without(left_out)
        }
    }
}

/// The venues did not answer: the rule says so.
pub(super) fn could_not_ask(problem: &str) -> Finding {
    Finding::impossible(THINGS, format!("the venues could not be asked: {problem}"))
}

/// An activity and the last booking in its way, with how many there are before.
fn is_held(activity: &Activity, held: &Held, others: usize, timetable: &Timetable) -> Violation {
    let before = match others {
        0 => String::new(),
        number => format!(", and {number} more before"),
    };
    let set_up = activity.time.start().since(activity.occupation.start());
    Violation {
        at: activity.time.start(),
        resources: vec![activity.name.clone(), held.booking.clone(), held.zone.clone()],
        figures: vec![Figure::minutes("needed at once", shared(&activity.occupation, &held.occupation))],
        sentence: format!(
            "{} needs {} from {} until {}; the booking for {:?} holds it from {} until {}{before}",
            words::called(activity),
            words::place(&activity.zone),
            timetable.at(activity.occupation.start()),
            timetable.at(activity.occupation.end()),
            held.title,
            timetable.at(held.occupation.start()),
            timetable.at(held.occupation.end()),
        ),
        resolution: format!(
            "start {} at {} or later, give it another zone, or have what holds it released",
            words::id(&activity.name),
            timetable.at(held.occupation.end().saturating_add(set_up)),
        ),
    }
}

fn shared(one: &Interval, other: &Interval) -> matchday_kernel::SignedDuration {
    one.end().min(other.end()).since(one.start().max(other.start()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{rule::Kind, testing::*, timetable::Venues};
    use super::*;

    fn with_buffers(game: Activity, before: i64, after: i64) -> Activity {
        let minutes = matchday_kernel::SignedDuration::from_mins;
        let occupation = game.time.with_buffers(minutes(before), minutes(after)).unwrap();
        Activity { occupation, ..game }
    }

    fn held(from: i64, until: i64) -> Held {
        Held {
            booking: format!("{}/bookings/x", pitch("v1")),
            zone: pitch("v1"),
            title: "Care of the lawn".into(),
            occupation: span(from, until),
        }
    }

    /// Venues that know the pitch of the first venue, and what holds it.
    fn knowing(held: Vec<Held>) -> Venues {
        Venues { zones: [pitch("v1")].into(), held }
    }

    #[test]
    fn a_zone_that_the_venues_do_not_know_does_not_pass() {
        let elsewhere = at_venue("v2", game("m2", 0, "c", "d"));
        let mut unknown = timetable(vec![elsewhere.clone()]);
        unknown.venues = Ok(knowing(vec![]));
        does_not_apply(
            Kind::PlaceHeldByOthers,
            "1 activities in zones that the venues do not know",
            &unknown,
        );
        let mut one_of_two = timetable(vec![game("m1", 0, "a", "b"), elsewhere]);
        one_of_two.venues = Ok(knowing(vec![]));
        let report = holds(Kind::PlaceHeldByOthers, &one_of_two);
        assert_eq!(report.looked_at, 1);
        assert!(report.why.contains("not looked at: 1 activities"), "{}", report.why);
    }

    #[test]
    fn buffers_count_and_the_resolution_says_when_the_place_is_free() {
        // m1 ends at 115 and holds its pitch until 145; m2 needs it from 140 on
        let games = vec![
            with_buffers(game("m1", 0, "a", "b"), 45, 30),
            with_buffers(game("m2", 150, "c", "d"), 10, 30),
        ];
        let report = broken(Kind::PlaceDoubleBooked, 1, &timetable(games));
        let violation = &report.violations[0];
        assert_eq!(violation.figures[0].value.to_string(), "5");
        assert!(violation.sentence.contains("m1 (a against b) needs s/v1/pitch until 2023-10-21 02:25"));
        assert!(violation.resolution.starts_with("start m2 at 2023-10-21 02:35 +08:00 or later"));
    }

    #[test]
    fn one_after_the_other_and_side_by_side_are_fine() {
        let games = vec![
            with_buffers(game("m1", 0, "a", "b"), 0, 30),
            with_buffers(game("m2", 155, "c", "d"), 10, 0),
            at_venue("v2", game("m3", 0, "e", "f")),
        ];
        assert_eq!(holds(Kind::PlaceDoubleBooked, &timetable(games)).looked_at, 3);
    }

    #[test]
    fn what_others_hold_is_told_with_its_times() {
        let mut timetable = timetable(vec![with_buffers(game("m1", 100, "a", "b"), 10, 30)]);
        timetable.venues = Ok(knowing(vec![held(0, 90), held(245, 300)]));
        holds(Kind::PlaceHeldByOthers, &timetable);
        timetable.venues = Ok(knowing(vec![held(0, 91)]));
        let report = broken(Kind::PlaceHeldByOthers, 1, &timetable);
        let violation = &report.violations[0];
        assert!(violation.sentence.contains("\"Care of the lawn\" holds it from 2023-10-21 00:00"));
        assert!(violation.resolution.contains("2023-10-21 01:41 +08:00"), "{}", violation.resolution);
    }

    #[test]
    fn venues_that_do_not_answer_are_told() {
        let mut timetable = timetable(vec![game("m1", 0, "a", "b")]);
        timetable.venues = Err("connection refused".into());
        does_not_apply(
            Kind::PlaceHeldByOthers,
            "the venues could not be asked: connection refused",
            &timetable,
        );
        holds(Kind::PlaceDoubleBooked, &timetable);
    }

    #[test]
    fn the_last_of_several_bookings_is_told_with_the_number_of_the_others() {
        let mut timetable = timetable(vec![game("m1", 100, "a", "b")]);
        timetable.venues = Ok(knowing(vec![held(90, 110), held(300, 310), held(200, 230), held(120, 130)]));
        let report = broken(Kind::PlaceHeldByOthers, 1, &timetable);
        assert!(report.violations[0].sentence.ends_with("until 2023-10-21 03:50 +08:00, and 2 more before"));
    }

    proptest! {
        /// What begins while another of its zone goes on is found once, and nothing else is.
        #[test]
        fn as_many_as_by_hand(places in prop::collection::vec((0i64..2000, 0i64..60, 0u8..3), 0..20)) {
            let games: Vec<Activity> = places.iter().enumerate().map(|(index, (from, after, venue))| {
                let played = game(&format!("m{index:02}"), *from, "a", "b");
                with_buffers(at_venue(&format!("v{venue}"), played), 0, *after)
            }).collect();
            let begun = |activity: &Activity| (activity.occupation.start(), activity.name.clone());
            let by_hand = games.iter().filter(|late| games.iter().any(|early| {
                early.zone == late.zone && begun(early) < begun(late) && early.occupation.overlaps(&late.occupation)
            })).count();
            let found = double_booked(&Scope::default(), &timetable(games.clone())).violations.len();
            prop_assert_eq!(found, by_hand);
        }
    }
}
