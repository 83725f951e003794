//! Small competitions to make timetables for: everybody of one group plays everybody, in rounds.

use matchday_api::{
    common::v1::Basis,
    scheduling::v1::{
        Activity, ActivityKind, ApplyRulesRequest, ImportTournamentRequest, Match, Rule, RuleKind,
        RuleSeverity, Team, rule::Value,
    },
};

use crate::{clients::Clients, make, refusal::answered};

/// The first kick-off of a day, in minutes since 21 October began in UTC: 10:00 in Jinjiang.
const FIRST: i64 = 2 * 60;
/// Minutes of a day.
const DAY: i64 = 24 * 60;

/// Id of a team; they count from 0.
#[must_use]
pub fn team(number: usize) -> String {
    format!("team-{number}")
}

/// Name of a team of a tournament.
#[must_use]
pub fn team_name(tournament: &str, number: usize) -> String {
    format!("tournaments/{tournament}/teams/{}", team(number))
}

/// A tournament with one group of so many teams (an even number), each match on a pitch of its own within its round;
/// rounds are two days apart, the first on 22 October.
#[must_use]
pub fn cup(id: &str, teams: usize) -> ImportTournamentRequest {
    let entered = (0..teams).map(|number| Team {
        name: team_name(id, number),
        display_name: format!("Team {number}"),
        competition: "men".into(),
        group: "A".into(),
        ..Team::default()
    });
    let mut activities = Vec::new();
    for (round, matches) in (0_i64..).zip(rounds(teams)) {
        for (pitch, sides) in (1..).zip(matches) {
            let start = FIRST + DAY * (1 + 2 * round);
            let number = activities.len() + 1;
            activities.push(game(id, &format!("m{number:02}"), pitch, start, sides, round + 1));
        }
    }
    ImportTournamentRequest {
        tournament: Some(make::tournament(id)),
        teams: entered.collect(),
        activities,
        ..ImportTournamentRequest::default()
    }
}

fn game(tournament: &str, id: &str, pitch: u64, start: i64, sides: [usize; 2], round: i64) -> Activity {
    let [home, away] = sides.map(|number| team_name(tournament, number));
    Activity {
        kind: ActivityKind::Match.into(),
        title: format!("Match {id}"),
        r#match: Some(Match {
            competition: "men".into(),
            stage: "group".into(),
            group: "A".into(),
            home,
            away,
            round: i32::try_from(round).expect("a small number"),
            ..Match::default()
        }),
        ..make::training(make::name(tournament, id), pitch, start, 105)
    }
}

/// Who plays whom in each round: one team stays, the others go round it.
fn rounds(teams: usize) -> Vec<Vec<[usize; 2]>> {
    let last = teams - 1;
    let round = |round: usize| {
        let others = (1..teams / 2).map(|away| [(round + away) % last, (round + last - away) % last]);
        [[last, round]].into_iter().chain(others).collect()
    };
    (0..last).map(round).collect()
}

/// A rule.
#[must_use]
pub fn rule(id: &str, kind: RuleKind, value: impl Into<Option<Value>>) -> Rule {
    Rule {
        id: id.into(),
        kind: kind.into(),
        severity: RuleSeverity::Hard.into(),
        source: "a test".into(),
        basis: Basis::Assumed.into(),
        value: value.into(),
        ..Rule::default()
    }
}

/// Gives a tournament rules.
///
/// # Panics
/// When they are refused.
pub async fn apply(admin: &mut Clients, tournament: &str, rules: Vec<Rule>) {
    let parent = format!("tournaments/{tournament}");
    answered(admin.checks.apply_rules(ApplyRulesRequest { parent, rules, ..Default::default() }).await);
}

/// Makes a tournament whose timetable takes for ever: eight teams that wish for more rest than there are days, so that
/// no timetable is good enough for anybody to prove that there is no better one.
///
/// # Panics
/// When it is refused.
pub async fn endless(admin: &mut Clients, id: &str) {
    make::set_up(admin, 4, cup(id, 8)).await;
    let hours = |hours: i64| Value::Duration(make::minutes(hours * 60));
    let soft = |rule: Rule| Rule { severity: RuleSeverity::Soft.into(), weight: 7, ..rule };
    let rules = vec![
        soft(rule("rest-wanted", RuleKind::RestBetweenKickOffs, hours(60))),
        soft(rule("rest-wished-for", RuleKind::RestBetweenKickOffs, hours(110))),
        soft(rule("few-a-day", RuleKind::MatchesPerPitchAndDay, Value::Count(1))),
    ];
    apply(admin, id, rules).await;
}
