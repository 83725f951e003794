//! A match comes after the matches that decide who plays it.

use std::collections::BTreeSet;

use matchday_kernel::SignedDuration;

use super::{
    report::{Figure, Finding, Violation},
    rule::Scope,
    timetable::{Activity, Side, Timetable},
    words,
};

/// Every match with slots starts at least a time after the whistle of what feeds it.
pub(super) fn after_feeders(gap: SignedDuration, scope: &Scope, timetable: &Timetable) -> Finding {
    let mut looked_at = 0;
    let mut unknown = BTreeSet::new();
    let mut violations = Vec::new();
    for (activity, played) in timetable.matches().filter(|(activity, _)| scope.covers(activity)) {
        for side in &played.sides {
            let Side::Slot(slot) = side else { continue };
            let feeders = timetable.feeders(slot);
            // the last whistle decides; a group is decided by its last match
            let Some(last) = feeders.into_iter().max_by_key(|feeder| feeder.time.end()) else {
                unknown.insert(words::id(&activity.name).to_owned());
                continue;
            };
            looked_at += 1;
            let earliest = last.time.end().saturating_add(gap);
            if activity.time.start() < earliest {
                violations.push(too_early(activity, last, slot.text(), gap, timetable));
            }
        }
    }
    let left_out = if unknown.is_empty() {
        String::new()
    } else {
        let ids: Vec<String> = unknown.into_iter().collect();
        format!("what feeds {} is not known", words::listed(&ids))
    };
    let none = "no match that the rule is about waits for a winner, a loser or a place in a group";
    Finding::among(looked_at, "slots", none, violations).without(left_out)
}

fn too_early(
    activity: &Activity,
    last: &Activity,
    slot: &str,
    gap: SignedDuration,
    timetable: &Timetable,
) -> Violation {
    let between = activity.time.start().since(last.time.end());
    let required = if gap.is_zero() { String::new() } else { format!(" and {}", words::length(gap)) };
    Violation {
        at: activity.time.start(),
        resources: vec![activity.name.clone(), last.name.clone()],
        figures: vec![Figure::minutes("after the whistle", between), Figure::minutes("required", gap)],
        sentence: format!(
            "{} needs the {slot}, who is known only after {} ends at {}{required}",
            timetable.starting(activity),
            words::called(last),
            timetable.at(last.time.end()),
        ),
        resolution: format!(
            "kick {} off at {} or later, or {} earlier",
            words::id(&activity.name),
            timetable.at(last.time.end().saturating_add(gap)),
            words::id(&last.name),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{rule::Kind, testing::*};
    use super::*;

    fn kind(hours: i64) -> Kind {
        Kind::KnockoutAfterFeeders { gap: SignedDuration::from_hours(hours) }
    }

    #[test]
    fn a_final_waits_for_its_semi_finals() {
        let games = |at| {
            vec![
                game("m1", 0, "a", "b"),
                game("m2", 100, "c", "d"),
                game("m3", at, "winner of m1", "winner of m2"),
            ]
        };
        assert_eq!(holds(kind(0), &timetable(games(215))).looked_at, 2);
        let report = broken(kind(0), 1, &timetable(games(214)));
        let violation = &report.violations[0];
        assert_eq!(violation.resources, [activity("m3"), activity("m2")]);
        assert!(violation.resolution.starts_with("kick m3 off at 2023-10-21 03:35 +08:00 or later"));
        broken(kind(24), 2, &timetable(games(215)));
    }

    #[test]
    fn a_place_in_a_group_waits_for_its_last_match() {
        let games = vec![
            in_group("A", game("m1", 0, "a", "b")),
            in_group("A", game("m2", 500, "b", "c")),
            game("m3", 400, "second of group A", "d"),
        ];
        let report = broken(kind(0), 1, &timetable(games));
        assert!(report.violations[0].sentence.contains("needs the second of group A"));
    }

    #[test]
    fn what_feeds_nothing_known_is_told() {
        does_not_apply(
            kind(0),
            "what feeds m1 is not known",
            &timetable(vec![game("m1", 0, "winner of m9", "b")]),
        );
    }
}
