//! Names that name nothing: slots of matches and groups that are not there, teams of another competition,
//! sessions and zones that nobody knows.

use super::{
    places,
    report::{Figure, Finding, Violation},
    rule::Scope,
    slot::Slot,
    timetable::{Activity, Played, Side, Timetable},
    words,
};

/// Every slot, group, team and session that is named is there.
pub(super) fn known(scope: &Scope, timetable: &Timetable) -> Finding {
    let mut looked_at = 0;
    let mut violations = Vec::new();
    for activity in timetable.activities.iter().filter(|activity| scope.covers(activity)) {
        if !activity.session.is_empty() {
            looked_at += 1;
            if !timetable.sessions.contains_key(&activity.session) {
                let session = words::id(&activity.session);
                let problem = format!("the session {session}, which is not there");
                let resolution = format!("create the session {session}, or name another");
                violations.push(unknown(activity, &activity.session, &problem, resolution, timetable));
            }
        }
        let Some(played) = &activity.played else { continue };
        for side in &played.sides {
            looked_at += 1;
            if let Some((problem, resolution)) = wrong_side(side, played, timetable) {
                let name = match side {
                    Side::Team(name) => name,
                    Side::Slot(_) => "",
                };
                violations.push(unknown(activity, name, &problem, resolution, timetable));
            }
        }
    }
    let none = "no activity that the rule is about names a side or a session";
    Finding::among(looked_at, "names", none, violations)
}

/// What is wrong with a side, and what to write instead.
fn wrong_side(side: &Side, played: &Played, timetable: &Timetable) -> Option<(String, String)> {
    let slot = match side {
        Side::Slot(slot) => slot,
        Side::Team(name) => {
            let id = words::id(name);
            return match timetable.teams.get(name) {
                None => Some((
                    format!("the team {id}, which was not entered"),
                    format!("enter the team {id}, or name another"),
                )),
                Some(team) if team.competition != played.competition => Some((
                    format!(
                        "{}, who plays in the competition {:?}, not in {:?}",
                        team.display_name, team.competition, played.competition
                    ),
                    format!("name a team of {:?}", played.competition),
                )),
                Some(_) => None,
            };
        }
    };
    if timetable.feeders(slot).len() > 0 {
        return None;
    }
    let text = slot.text();
    Some(match slot {
        Slot::OfMatch { id, .. } if timetable.cancelled.contains(id) => {
            (format!("the {text}, but {id} is cancelled"), "name who takes its place".to_owned())
        }
        Slot::OfMatch { id, .. } => {
            (format!("the {text}, but no match is called {id}"), "name a match of the schedule".to_owned())
        }
        Slot::OfGroup { competition, group, .. } => (
            format!("the {text}, but no match of {competition:?} is in a group {group}"),
            "name a group in which matches are played".to_owned(),
        ),
        Slot::Unread { .. } => (
            format!("{text:?}, which is neither a team nor a slot"),
            "write a slot like `winner of m37`, `loser of m38` or `second of group B`".to_owned(),
        ),
    })
}

fn unknown(
    activity: &Activity,
    name: &str,
    problem: &str,
    resolution: String,
    timetable: &Timetable,
) -> Violation {
    let named = (!name.is_empty()).then(|| name.to_owned());
    Violation {
        at: activity.time.start(),
        resources: [activity.name.clone()].into_iter().chain(named).collect(),
        figures: vec![Figure::count("unknown", 1, "names")],
        sentence: format!("{} names {problem}", timetable.starting(activity)),
        resolution,
    }
}

/// Every zone that is named is known to the venues.
pub(super) fn zones_known(scope: &Scope, timetable: &Timetable) -> Finding {
    let venues = match &timetable.venues {
        Ok(venues) => venues,
        Err(problem) => return places::could_not_ask(problem),
    };
    let activities: Vec<&Activity> =
        timetable.activities.iter().filter(|activity| scope.covers(activity)).collect();
    let violations =
        activities.iter().filter(|activity| !venues.zones.contains(&activity.zone)).map(|activity| {
            let place = words::place(&activity.zone);
            let problem = format!("the zone {place}, which the venues do not know");
            unknown(
                activity,
                &activity.zone,
                &problem,
                format!("create the zone {place}, or name another"),
                timetable,
            )
        });
    let none = "the schedule holds no activity that the rule is about";
    Finding::among(activities.len(), "activities", none, violations.collect())
}

#[cfg(test)]
mod tests {
    use super::super::{
        rule::Kind,
        testing::*,
        timetable::{Team, Venues},
    };
    use super::*;
    use crate::domain::slot::State;

    fn entered(timetable: Timetable) -> Timetable {
        let teams = ["a", "b", "c"].map(|id| {
            let team_of = |competition: &str| Team {
                display_name: id.to_uppercase(),
                competition: competition.into(),
                group: String::new(),
                country: String::new(),
            };
            (team(id), team_of(if id == "c" { "women" } else { "men" }))
        });
        Timetable { teams: teams.into(), ..timetable }
    }

    #[track_caller]
    fn wrong(home: &str, words: &str) {
        let games = vec![in_group("A", game("m1", 0, "a", "b")), game("m2", 500, home, "a")];
        let report = broken(Kind::NamesKnown, 1, &entered(timetable(games)));
        assert!(report.violations[0].sentence.contains(words), "{}", report.violations[0].sentence);
    }

    #[test]
    fn what_is_there_is_found() {
        let games = vec![
            in_group("A", game("m1", 0, "a", "b")),
            game("m2", 500, "winner of m1", "second of group A"),
        ];
        assert_eq!(holds(Kind::NamesKnown, &entered(timetable(games))).looked_at, 4);
    }

    #[test]
    fn what_names_nothing_is_told() {
        wrong("winner of m9", "no match is called m9");
        wrong("second of group Z", "no match of \"men\" is in a group Z");
        wrong("second of women's group A", "no match of \"women\" is in a group A");
        wrong("best third", "\"best third\", which is neither a team nor a slot");
        wrong("nobody", "the team nobody, which was not entered");
        wrong("c", "C, who plays in the competition \"women\", not in \"men\"");
    }

    #[test]
    fn a_slot_of_a_cancelled_match_is_told() {
        let games = vec![
            (State::Cancelled, game("m1", 0, "a", "b")),
            (State::Scheduled, game("m2", 500, "winner of m1", "a")),
        ];
        let report = broken(Kind::NamesKnown, 1, &entered(Timetable::new(zone(), games)));
        assert!(report.violations[0].sentence.contains("m1 is cancelled"));
    }

    #[test]
    fn a_session_that_is_not_there_is_told() {
        let lost = Activity { session: "tournaments/t/sessions/lost".into(), ..game("m1", 0, "a", "b") };
        let report = broken(Kind::NamesKnown, 1, &entered(timetable(vec![lost])));
        assert_eq!(report.violations[0].resources[1], "tournaments/t/sessions/lost");
    }

    #[test]
    fn zones_are_those_the_venues_know() {
        let mut timetable = timetable(vec![game("m1", 0, "a", "b"), at_venue("v2", game("m2", 0, "c", "d"))]);
        timetable.venues = Ok(Venues { zones: [pitch("v1")].into(), ..Venues::default() });
        let report = broken(Kind::ZonesKnown, 1, &timetable);
        assert!(report.violations[0].sentence.contains("the zone s/v2/pitch, which the venues do not know"));
        timetable.venues = Err("no answer".into());
        does_not_apply(Kind::ZonesKnown, "could not be asked: no answer", &timetable);
    }
}
