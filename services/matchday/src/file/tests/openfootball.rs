//! Fixtures as openfootball writes them, and files of rules.

use matchday_api::scheduling::v1::{Activity, ImportTournamentRequest};
use matchday_api::venues::v1::ImportSiteRequest;

use crate::file::{FileError, Openfootball, openfootball_text, rules_text};

const CUP: &str = r#"{"name": "Copa 2018",
 "matches":
  [{"round": "Quarter-finals", "date": "2018-07-06", "time": "17:00 UTC+3", "team1": "São Paulo",
    "team2": "Łódź", "score": {"p": [3, 4], "et": [1, 1], "ft": [1, 1], "ht": [0, 1]},
    "goals1": [{"name": "X", "minute": 3}], "goals2": [], "ground": "Luzhniki Stadium, Moscow"},
   {"round": "Matchday 1",
    "date": "2018-06-14",
    "time": "18:30 UTC+5:30",
    "team1": "São Paulo",
    "team2": "Łódź",
    "score": {"ft": [5, 0]},
    "group": "Group A",
    "ground": "Ekaterinburg Arena, Ekaterinburg"}
]}
"#;

fn frame() -> Openfootball {
    Openfootball {
        tournament: "tournaments/copa".parse().unwrap(),
        site: "sites/copa".parse().unwrap(),
        zone: "Europe/Moscow".parse().unwrap(),
    }
}

fn read(text: &str) -> Result<(ImportSiteRequest, ImportTournamentRequest), FileError> {
    openfootball_text("f", text, &frame())
}

fn start(activity: &Activity) -> String {
    activity.start_time.unwrap().to_string()
}

#[test]
fn fixtures_become_a_site_and_a_tournament_in_the_order_of_play() {
    let (site, tournament) = read(CUP).unwrap();
    assert_eq!(site.venues.len(), 2);
    assert_eq!(site.zones[0].name, "sites/copa/venues/luzhniki-stadium-moscow/zones/pitch");
    let teams: Vec<&str> = tournament.teams.iter().map(|team| team.name.as_str()).collect();
    assert_eq!(teams, ["tournaments/copa/teams/sao-paulo", "tournaments/copa/teams/lodz"]);
    assert!(tournament.teams.iter().all(|team| team.group == "A" && team.competition == "Copa 2018"));
    let [group, knockout] = tournament.activities.as_slice() else { panic!("two matches") };
    assert_eq!(
        (group.name.as_str(), start(group).as_str()),
        ("tournaments/copa/activities/m01", "2018-06-14T13:00:00Z")
    );
    assert_eq!(group.end_time.unwrap().seconds - group.start_time.unwrap().seconds, 115 * 60);
    assert_eq!((group.session.as_str(), tournament.sessions.len()), ("tournaments/copa/sessions/m01", 2));
    assert_eq!(
        (start(knockout).as_str(), knockout.title.as_str()),
        ("2018-07-06T14:00:00Z", "Quarter-finals, São Paulo against Łódź")
    );
    assert_eq!(knockout.end_time.unwrap().seconds - knockout.start_time.unwrap().seconds, 160 * 60);
    let played = knockout.r#match.as_ref().unwrap();
    assert_eq!((played.stage.as_str(), played.group.as_str()), ("quarter-final", ""));
    let result = played.result.as_ref().unwrap();
    assert_eq!((result.home_goals, result.note.as_str()), (Some(1), "after penalties 3-4, half-time 0-1"));
    let tournament = tournament.tournament.unwrap();
    assert_eq!((tournament.start_date.as_str(), tournament.end_date.as_str()), ("2018-06-14", "2018-07-06"));
}

#[test]
fn a_kick_off_without_an_offset_is_on_the_clocks_of_the_tournament() {
    let (_, tournament) = read(&CUP.replace("17:00 UTC+3", "17:00")).unwrap();
    assert_eq!(start(&tournament.activities[1]), "2018-07-06T14:00:00Z");
}

#[test]
fn who_is_not_known_yet_is_no_team() {
    let fixture = |number: &str, day: u8, home: &str, away: &str| {
        format!(
            "{{\"round\": \"Final\", {number}\"date\": \"2026-07-{day:02}\", \"time\": \"12:00 UTC-7\", \
             \"team1\": \"{home}\", \"team2\": \"{away}\", \"ground\": \"G\"}}"
        )
    };
    let fixtures = [
        fixture("\"num\": 104, ", 19, "W73", "L9"),
        fixture("\"num\": 73, ", 2, "2A", "1B"),
        fixture("", 1, "Wales", "3A/B/C"),
    ];
    let text = format!("{{\"name\": \"Copa\", \"matches\": [{}]}}", fixtures.join(",\n"));
    let (_, tournament) = read(&text).unwrap();
    let sides: Vec<[&str; 2]> = tournament
        .activities
        .iter()
        .filter_map(|activity| activity.r#match.as_ref())
        .map(|played| [played.home.as_str(), played.away.as_str()])
        .collect();
    let expected = [
        ["tournaments/copa/teams/wales", "best third of groups A, B, C"],
        ["second of group A", "first of group B"],
        ["winner of m02", "loser of match 9"],
    ];
    assert_eq!(sides, expected);
    assert_eq!(tournament.teams.len(), 1);
}

#[test]
fn wrong_fixtures_are_named_with_line_match_and_field() {
    for (piece, by, expected) in [
        ("17:00 UTC+3", "25:00 UTC+3", "f:3: matches[0].time: \"25:00 UTC+3\" is not a kick-off like 18:00"),
        ("18:30 UTC+5:30", "18:30 UTC+530", "f:8: matches[1].time: \"18:30 UTC+530\" is not a kick-off"),
        ("18:30 UTC+5:30", "18:30+02:00", "f:8: matches[1].time: \"18:30+02:00\" is not a kick-off"),
        ("18:30 UTC+5:30", "", "f:8: matches[1].time: \"\" is not a kick-off"),
        ("2018-06-14", "14.6.2018", "f:7: matches[1].date: \"14.6.2018\" is not a day"),
        ("[5, 0]", "[5]", "f:11: matches[1].score.ft: is not the goals of two sides"),
        ("\"Group A\"", "\" \"", "f:12: matches[1].group: is empty"),
        ("\"ground\": \"Luzhniki", "\"field\": \"Luzhniki", "f:5: missing field `ground`"),
    ] {
        let said = read(&CUP.replace(piece, by)).unwrap_err().to_string();
        assert!(said.starts_with(expected), "{by}: {said}");
    }
    let none = read("{\"name\": \"Copa\", \"matches\": []}").unwrap_err().to_string();
    assert_eq!(none, "f:1: matches: there are none");
}

#[test]
fn a_wrong_rule_is_named_with_line_and_field() {
    let rules = "rules:\n  - id: rest\n    kind: rest-calendar-day\n    severity: hard\n    count: 1\n    source: x\n    basis: assumed\n";
    let said = rules_text("f", rules).unwrap_err().to_string();
    assert!(
        said.starts_with("f:3: rules[0].kind: \"rest-calendar-day\" is none of place-double-booked, "),
        "{said}"
    );
    let right = rules_text("f", &rules.replace("-day", "-days")).unwrap();
    assert_eq!(right[0].id, "rest");
    let said = rules_text("f", &rules.replace("source", "sauce")).unwrap_err().to_string();
    assert!(said.starts_with("f:") && said.contains("sauce"), "{said}");
    assert_eq!(rules_text("f", "rules: []\n").unwrap(), []);
}
