//! The last matches of a group start together, so that nobody plays knowing the other result.

use super::{
    report::{Figure, Finding, Violation},
    rule::Scope,
    timetable::{Activity, Group, Played, Side, Timetable},
    words,
};

/// In every group with an even number of teams, the last round starts at one time.
pub(super) fn last_together(scope: &Scope, timetable: &Timetable) -> Finding {
    let mut looked_at = 0;
    let mut violations = Vec::new();
    let mut left_out = Vec::new();
    for ((competition, name), group) in timetable.groups() {
        if !group.matches.iter().any(|activity| scope.covers(activity)) {
            continue;
        }
        let called = format!("{competition} {name}");
        match last_round(&group) {
            Err(reason) => left_out.push(format!("{called} ({reason})")),
            Ok(last) => {
                looked_at += 1;
                violations.extend(apart(&called, last, timetable));
            }
        }
    }
    let left_out = match left_out.len() {
        0 => String::new(),
        _ => format!("not applicable to the groups {}", words::listed(&left_out)),
    };
    let none = "no group has a last round of several matches";
    Finding::among(looked_at, "groups", none, violations).without(left_out)
}

/// The matches of the last round, or why there is none.
fn last_round<'a, 'b>(group: &'b Group<'a>) -> Result<&'b [&'a Activity], String> {
    let (teams, matches) = (group.teams.len(), group.matches.len());
    if teams < 4 || !teams.is_multiple_of(2) {
        return Err(format!("{teams} teams: no two matches end it"));
    }
    let all = teams * (teams - 1) / 2;
    if matches < all {
        return Err(format!("{matches} of {all} matches: it is not complete"));
    }
    Ok(&group.matches[matches - teams / 2..])
}

fn apart(called: &str, last: &[&Activity], timetable: &Timetable) -> Option<Violation> {
    let (first, final_one) = (last.first()?, last.last()?);
    let apart = final_one.time.start().since(first.time.start());
    if apart.is_zero() {
        return None;
    }
    let mut sides: Vec<&str> =
        last.iter().filter_map(|activity| activity.played.as_ref()).flat_map(teams).collect();
    let named = sides.len();
    sides.sort_unstable();
    sides.dedup();
    let starts: Vec<String> = last.iter().map(|activity| timetable.starting(activity)).collect();
    let ids: Vec<String> = last.iter().map(|activity| words::id(&activity.name).to_owned()).collect();
    Some(Violation {
        at: final_one.time.start(),
        resources: last.iter().map(|activity| activity.name.clone()).collect(),
        figures: vec![Figure::minutes("apart", apart)],
        sentence: format!(
            "the last matches of the group {called} do not start together: {}",
            words::listed(&starts)
        ),
        resolution: if sides.len() == named {
            format!(
                "kick {} off at one time, such as {}",
                words::listed(&ids),
                timetable.at(final_one.time.start())
            )
        } else {
            format!(
                "a team plays in more than one of {}: end the group with matches in which each plays once, \
                 and kick these off at one time",
                words::listed(&ids)
            )
        },
    })
}

/// The teams that a match names.
fn teams(played: &Played) -> impl Iterator<Item = &str> {
    played.sides.iter().filter_map(Side::team)
}

#[cfg(test)]
mod tests {
    use super::super::{rule::Kind, testing::*};
    use super::*;

    fn group_of_four(last: i64) -> Vec<Activity> {
        [
            ("m1", 0, "a", "b"),
            ("m2", 200, "c", "d"),
            ("m3", 3000, "a", "c"),
            ("m4", 3200, "b", "d"),
            ("m5", 6000, "a", "d"),
            ("m6", last, "b", "c"),
        ]
        .map(|(id, from, home, away)| in_group("A", game(id, from, home, away)))
        .to_vec()
    }

    fn group_of_three() -> Vec<Activity> {
        [("m7", 0, "e", "f"), ("m8", 3000, "f", "g"), ("m9", 6000, "e", "g")]
            .map(|(id, from, home, away)| in_group("B", game(id, from, home, away)))
            .to_vec()
    }

    const KIND: Kind = Kind::LastGroupMatchesTogether;

    #[test]
    fn the_last_pair_of_four_starts_together() {
        holds(KIND, &timetable(group_of_four(6000)));
        let report = broken(KIND, 1, &timetable(group_of_four(6030)));
        let violation = &report.violations[0];
        assert_eq!(violation.resources, [activity("m5"), activity("m6")]);
        assert!(violation.resolution.contains("kick m5 and m6 off at one time, such as 2023-10-25 04:30"));
    }

    #[test]
    fn no_team_is_told_to_play_twice_at_one_time() {
        let mut games = group_of_four(6000);
        // a against c was put off to the end
        games[2] = in_group("A", game("m3", 9000, "a", "c"));
        let report = broken(KIND, 1, &timetable(games));
        let resolution = &report.violations[0].resolution;
        assert!(resolution.starts_with("a team plays in more than one of m6 and m3"), "{resolution}");
    }

    #[test]
    fn a_group_of_three_is_not_applicable_and_says_so() {
        does_not_apply(KIND, "men B (3 teams: no two matches end it)", &timetable(group_of_three()));
        let both = [group_of_four(6000), group_of_three()].concat();
        let report = holds(KIND, &timetable(both));
        assert_eq!(report.looked_at, 1);
        assert!(report.why.ends_with("not applicable to the groups men B (3 teams: no two matches end it)"));
    }

    #[test]
    fn a_group_that_lacks_matches_is_not_judged() {
        let mut games = group_of_four(6000);
        games.pop();
        does_not_apply(KIND, "5 of 6 matches", &timetable(games));
    }
}
