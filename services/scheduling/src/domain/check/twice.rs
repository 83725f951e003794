//! A team, and an official, in two matches at once.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    report::{Figure, Finding, Violation},
    rule::Scope,
    timetable::{Activity, Side, Timetable},
    words,
};

/// A team plays one match at a time, and not against itself.
pub(super) fn teams(scope: &Scope, timetable: &Timetable) -> Finding {
    let mut matches: BTreeMap<&str, Vec<&Activity>> = BTreeMap::new();
    let mut violations = Vec::new();
    for (activity, played) in timetable.matches().filter(|(activity, _)| scope.covers(activity)) {
        for team in played.sides.iter().filter_map(Side::team) {
            let own = matches.entry(team).or_default();
            if own.last().is_some_and(|last| last.name == activity.name) {
                violations.push(against_itself(activity, team, timetable));
            } else {
                own.push(activity);
            }
        }
    }
    let called = |team: &str| timetable.team_called(team);
    violations.extend(overlapping(&matches, called, timetable));
    let none = "no match that the rule is about names a team";
    Finding::among(matches.len(), "teams", none, violations)
}

/// An official has one match at a time.
pub(super) fn officials(scope: &Scope, timetable: &Timetable) -> Finding {
    let mut matches: BTreeMap<&str, Vec<&Activity>> = BTreeMap::new();
    for (activity, played) in timetable.matches().filter(|(activity, _)| scope.covers(activity)) {
        // one who is named twice still has one match
        for official in played.officials.iter().collect::<BTreeSet<_>>() {
            matches.entry(official).or_default().push(activity);
        }
    }
    let called = |official: &str| format!("the official {official}");
    let violations = overlapping(&matches, called, timetable);
    let none = "no match that the rule is about names an official";
    Finding::among(matches.len(), "officials", none, violations)
}

fn overlapping(
    matches: &BTreeMap<&str, Vec<&Activity>>,
    called: impl Fn(&str) -> String,
    timetable: &Timetable,
) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (who, matches) in matches {
        let mut longest: Option<&Activity> = None;
        for activity in matches {
            if let Some(first) = longest.filter(|first| first.time.overlaps(&activity.time)) {
                violations.push(in_both(first, activity, who, &called(who), timetable));
            }
            if longest.is_none_or(|first| first.time.end() < activity.time.end()) {
                longest = Some(activity);
            }
        }
    }
    violations
}

fn in_both(first: &Activity, second: &Activity, who: &str, called: &str, timetable: &Timetable) -> Violation {
    let shared = first.time.end().min(second.time.end()).since(second.time.start());
    Violation {
        at: second.time.start(),
        resources: vec![first.name.clone(), second.name.clone(), who.to_owned()],
        figures: vec![Figure::minutes("at once", shared)],
        sentence: format!(
            "{called} is in two matches at once: {}, until {}, and {}",
            timetable.starting(first),
            timetable.at(first.time.end()),
            timetable.starting(second),
        ),
        resolution: format!(
            "start {} at {} or later, or give one of the two somebody else",
            words::id(&second.name),
            timetable.at(first.time.end()),
        ),
    }
}

fn against_itself(activity: &Activity, team: &str, timetable: &Timetable) -> Violation {
    Violation {
        at: activity.time.start(),
        resources: vec![activity.name.clone(), team.to_owned()],
        figures: vec![Figure::count("sides", 2, "sides")],
        sentence: format!(
            "{} is both sides of {}",
            timetable.team_called(team),
            timetable.starting(activity)
        ),
        resolution: format!("name another team as one of the sides of {}", words::id(&activity.name)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{rule::Kind, testing::*};
    use super::*;

    #[test]
    fn a_team_in_two_matches_is_told_with_both_kick_offs() {
        let games = |second| vec![game("m1", 0, "a", "b"), at_venue("v2", game("m2", second, "c", "a"))];
        let report = broken(Kind::TeamInTwoPlaces, 1, &timetable(games(114)));
        let sentence = &report.violations[0].sentence;
        assert!(sentence.contains("00:00") && sentence.contains("01:54"), "{sentence}");
        assert_eq!(holds(Kind::TeamInTwoPlaces, &timetable(games(115))).looked_at, 3);
    }

    #[test]
    fn a_team_does_not_play_itself() {
        broken(Kind::TeamInTwoPlaces, 1, &timetable(vec![game("m1", 0, "a", "a")]));
    }

    #[test]
    fn slots_alone_name_no_team() {
        let slots = vec![game("m1", 0, "winner of m8", "winner of m9")];
        does_not_apply(Kind::TeamInTwoPlaces, "names a team", &timetable(slots));
    }

    #[test]
    fn an_official_has_one_match_at_a_time() {
        let with = |official: &str, mut game: Activity| {
            game.played.as_mut().unwrap().officials = vec![official.into(), "fourth-9".into()];
            game
        };
        let games =
            vec![with("referee-1", game("m1", 0, "a", "b")), with("referee-2", game("m2", 200, "c", "d"))];
        assert_eq!(holds(Kind::OfficialInTwoPlaces, &timetable(games.clone())).looked_at, 3);
        let clash = with("referee-1", at_venue("v2", game("m3", 60, "e", "f")));
        let report = broken(Kind::OfficialInTwoPlaces, 2, &timetable([games, vec![clash]].concat()));
        assert!(report.violations[0].sentence.starts_with("the official "));
        does_not_apply(
            Kind::OfficialInTwoPlaces,
            "names an official",
            &timetable(vec![game("m1", 0, "a", "b")]),
        );
    }
}
