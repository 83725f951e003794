//! Sessions at one venue: the gates of the next open when the last is over.

use std::collections::BTreeMap;

use matchday_kernel::{Interval, SignedDuration};

use super::{
    report::{Figure, Finding, Violation},
    rule::Scope,
    timetable::{Activity, Timetable},
    words,
};

/// A session, from its first start to its last end.
struct Block<'a> {
    name: &'a str,
    title: &'a str,
    time: Interval,
}

/// Sessions at one venue have at least a time between them.
pub(super) fn overlap(between: SignedDuration, scope: &Scope, timetable: &Timetable) -> Finding {
    let mut looked_at = 0;
    let mut violations = Vec::new();
    for (venue, mut blocks) in by_venue(scope, timetable) {
        looked_at += blocks.len();
        blocks.sort_by_key(|block| block.time.start());
        let mut longest: Option<&Block<'_>> = None;
        for block in &blocks {
            let from = longest.map(|first| first.time.end().saturating_add(between));
            if let Some(first) = longest.filter(|_| from.is_some_and(|from| block.time.start() < from)) {
                violations.push(too_near(venue, first, block, between, timetable));
            }
            if longest.is_none_or(|first| first.time.end() < block.time.end()) {
                longest = Some(block);
            }
        }
    }
    Finding::among(
        looked_at,
        "sessions",
        "no activity that the rule is about is part of a session",
        violations,
    )
}

fn by_venue<'a>(scope: &Scope, timetable: &'a Timetable) -> BTreeMap<&'a str, Vec<Block<'a>>> {
    let mut activities: BTreeMap<&str, Vec<&Activity>> = BTreeMap::new();
    for activity in timetable.activities.iter().filter(|activity| !activity.session.is_empty()) {
        activities.entry(&activity.session).or_default().push(activity);
    }
    let mut venues: BTreeMap<&str, Vec<Block<'_>>> = BTreeMap::new();
    for (name, activities) in activities {
        let is_covered = activities.iter().any(|activity| scope.covers(activity));
        // a session that is not there is a matter of names
        let Some(session) = timetable.sessions.get(name).filter(|_| is_covered) else { continue };
        let start = activities.iter().map(|activity| activity.time.start()).min();
        let end = activities.iter().map(|activity| activity.time.end()).max();
        let time = start.zip(end).and_then(|(start, end)| Interval::new(start, end).ok());
        if let Some(time) = time {
            venues.entry(&session.venue).or_default().push(Block { name, title: &session.title, time });
        }
    }
    venues
}

fn too_near(
    venue: &str,
    first: &Block<'_>,
    second: &Block<'_>,
    between: SignedDuration,
    timetable: &Timetable,
) -> Violation {
    let gap = second.time.start().since(first.time.end());
    let is = if gap.is_negative() { "overlap" } else { "are too near to each other" };
    Violation {
        at: second.time.start(),
        resources: vec![first.name.to_owned(), second.name.to_owned(), venue.to_owned()],
        figures: vec![Figure::minutes("between sessions", gap), Figure::minutes("required", between)],
        sentence: format!(
            "the sessions {:?}, until {}, and {:?}, from {} on, {is} at {}",
            first.title,
            timetable.at(first.time.end()),
            second.title,
            timetable.at(second.time.start()),
            words::place(venue),
        ),
        resolution: format!(
            "begin {} at {} or later, or make one session of both",
            words::id(second.name),
            timetable.at(first.time.end().saturating_add(between)),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{rule::Kind, testing::*, timetable::Session};
    use super::*;

    fn in_session(id: &str, game: Activity) -> Activity {
        Activity { session: format!("tournaments/t/sessions/{id}"), ..game }
    }

    fn with_sessions(activities: Vec<Activity>) -> Timetable {
        let mut timetable = timetable(activities);
        for id in ["early", "late"] {
            let session =
                Session { title: format!("The {id} one"), venue: "sites/s/venues/v1".into(), expected: 0 };
            timetable.sessions.insert(format!("tournaments/t/sessions/{id}"), session);
        }
        timetable
    }

    fn kind(minutes: i64) -> Kind {
        Kind::SessionsOverlap { between: SignedDuration::from_mins(minutes) }
    }

    #[test]
    fn a_session_lasts_from_its_first_start_to_its_last_end() {
        let early =
            [game("m1", 0, "a", "b"), game("m2", 200, "c", "d")].map(|game| in_session("early", game));
        let at = |from| {
            let late = in_session("late", game("m3", from, "e", "f"));
            with_sessions(early.iter().cloned().chain([late]).collect())
        };
        holds(kind(0), &at(315));
        let report = broken(kind(0), 1, &at(120));
        assert!(report.violations[0].sentence.contains("overlap at s/v1"));
        assert!(report.violations[0].resolution.starts_with("begin late at 2023-10-21 05:15 +08:00"));
        let report = broken(kind(60), 1, &at(330));
        assert!(report.violations[0].sentence.contains("too near"));
    }

    #[test]
    fn without_sessions_there_is_nothing_to_say() {
        does_not_apply(kind(0), "part of a session", &with_sessions(vec![game("m1", 0, "a", "b")]));
    }
}
