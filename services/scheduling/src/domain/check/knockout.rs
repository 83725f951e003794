//! A match comes after the matches that decide who plays it.

use std::collections::BTreeSet;

use matchday_kernel::SignedDuration;

use super::{
    report::{Figure, Finding, Violation},
    rule::Scope,
    slot::Slot,
    timetable::{Activity, Side, Timetable},
    words,
};

/// Most matches that are looked through for one that waits for itself.
const FAR: usize = 1000;

/// Every match with slots starts at least a time after the whistle of what feeds it.
pub(super) fn after_feeders(gap: SignedDuration, scope: &Scope, timetable: &Timetable) -> Finding {
    let mut looked_at = 0;
    let mut unknown = BTreeSet::new();
    let mut violations = Vec::new();
    for (activity, played) in timetable.matches().filter(|(activity, _)| scope.covers(activity)) {
        for side in &played.sides {
            let Side::Slot(slot) = side else { continue };
            // the last whistle decides; a group is decided by its last match
            let Some(last) = timetable.feeders(slot).max_by_key(|feeder| feeder.time.end()) else {
                unknown.insert(words::id(&activity.name).to_owned());
                continue;
            };
            looked_at += 1;
            let earliest = last.time.end().saturating_add(gap);
            if activity.time.start() < earliest {
                violations.push(too_early(activity, last, slot, gap, timetable));
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

/// Whether what decides a slot of a match waits for the match itself: then no time is late enough.
fn comes_back(slot: &Slot, activity: &Activity, timetable: &Timetable) -> bool {
    let mut open: Vec<&Activity> = timetable.feeders(slot).take(FAR).collect();
    let mut seen = BTreeSet::new();
    let mut left = FAR - open.len();
    while let Some(next) = open.pop() {
        if next.name == activity.name {
            return true;
        }
        let is_new = seen.insert(next.name.as_str());
        let sides = next.played.iter().filter(|_| is_new).flat_map(|played| &played.sides);
        for side in sides {
            let Side::Slot(slot) = side else { continue };
            let before = open.len();
            open.extend(timetable.feeders(slot).take(left));
            left -= open.len() - before;
        }
    }
    false
}

fn too_early(
    activity: &Activity,
    last: &Activity,
    slot: &Slot,
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
            "{} needs the {}, who is known only after {} ends at {}{required}",
            timetable.starting(activity),
            slot.text(),
            words::called(last),
            timetable.at(last.time.end()),
        ),
        resolution: if comes_back(slot, activity, timetable) {
            let id = words::id(&activity.name);
            format!("no time is late enough, because what decides this waits for {id}: name another side")
        } else {
            format!(
                "kick {} off at {} or later, or {} earlier",
                words::id(&activity.name),
                timetable.at(last.time.end().saturating_add(gap)),
                words::id(&last.name),
            )
        },
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
    fn no_time_is_named_where_a_match_waits_for_itself() {
        let alone = vec![game("m1", 0, "winner of m1", "b")];
        let report = broken(kind(0), 1, &timetable(alone));
        assert!(report.violations[0].resolution.ends_with("waits for m1: name another side"));
        let ring = vec![
            game("m1", 0, "winner of m3", "b"),
            game("m2", 200, "winner of m1", "d"),
            game("m3", 400, "loser of m2", "f"),
        ];
        let report = broken(kind(0), 1, &timetable(ring));
        assert!(report.violations[0].resolution.starts_with("no time is late enough"));
        let of_its_own_group = vec![
            in_group("A", game("m1", 0, "a", "b")),
            in_group("A", game("m2", 200, "c", "first of group A")),
        ];
        let report = broken(kind(0), 1, &timetable(of_its_own_group));
        assert!(report.violations[0].resolution.starts_with("no time is late enough"));
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
