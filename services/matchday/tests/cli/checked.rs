//! Rules and checks from the command line, and files of others.

use std::path::Path;

use crate::house::{House, run};

const RULES: &str = "\
rules:
  - id: opening-hours
    kind: opening-hours
    severity: hard
    window: { opens: \"06:00\", closes: \"07:00\" }
    source: a poster at the gate
    basis: assumed
  - id: knockout
    kind: knockout-after-feeders
    severity: soft
    weight: 10
    source: a test
    basis: assumed
";

const FIXTURES: &str = r#"{"name": "Copa", "matches": [
  {"round": "Matchday 1", "date": "2018-06-14", "time": "18:00 UTC+3", "team1": "São Paulo", "team2": "Łódź",
   "group": "Group A", "ground": "Estádio São Januário"},
  {"round": "Final", "date": "2018-06-20", "time": "18:00 UTC+3", "team1": "São Paulo", "team2": "Łódź",
   "ground": "Estádio São Januário"}
]}
"#;

fn written(directory: &Path, name: &str, text: &str) -> String {
    let path = directory.join(name);
    std::fs::write(&path, text).expect("a temporary file can be written");
    path.display().to_string()
}

#[test]
fn a_broken_hard_rule_ends_the_check_with_4() {
    let (house, directory) = (House::furnished(), tempfile::tempdir().unwrap());
    let fine = house.run(&["check", "cup"]);
    assert!(fine.err.contains("cup has no rules of its own"), "{fine}");
    assert!(fine.done().starts_with("RULE "));

    let rules = written(directory.path(), "rules.yaml", RULES);
    let applied = house.run(&["rule", "apply", &rules, "--tournament", "cup"]).done();
    assert!(applied.contains("06:00–07:00"), "{applied}");
    let broken = house.run(&["check", "cup"]);
    assert_eq!(broken.code, Some(4), "{broken}");
    for part in
        ["violated", "not-applicable", "no match that the rule is about waits for a winner", "to resolve: "]
    {
        assert!(broken.out.contains(part), "{part}: {broken}");
    }
    assert!(broken.err.contains("error: the schedule breaks hard rules"), "{broken}");

    let json = house.run(&["check", "cup", "--output", "json"]);
    assert!(json.code == Some(4) && json.out.contains("\"outcome\": \"RULE_OUTCOME_VIOLATED\""), "{json}");
    let csv = house.run(&["check", "cup", "--output", "csv"]);
    assert!(csv.out.starts_with("rule,severity,outcome,looked at,violations,why,sentences\n"), "{csv}");

    let none = written(directory.path(), "none.yaml", "rules: []\n");
    house.run(&["rule", "apply", &none, "--tournament", "cup"]).done();
    let listed = house.run(&["rule", "list", "cup"]).done();
    assert!(listed.contains("rest-calendar-day"), "{listed}");
}

#[test]
fn wrong_rules_are_told_with_file_line_and_field() {
    let directory = tempfile::tempdir().unwrap();
    let file = written(directory.path(), "rules.yaml", &RULES.replace("knockout-after-feeders", "knock-out"));
    let ran = run(&["rule", "apply", &file, "--tournament", "cup"]);
    assert_eq!(ran.code, Some(3), "{ran}");
    let expected = format!("error: {file}:9: rules[1].kind: \"knock-out\" is none of place-double-booked");
    assert!(ran.err.starts_with(&expected), "{ran}");
}

#[test]
fn fixtures_of_openfootball_become_a_tournament() {
    let (house, directory) = (House::start(), tempfile::tempdir().unwrap());
    let file = written(directory.path(), "copa.json", FIXTURES);
    let import =
        ["import", "openfootball", &file, "--tournament", "copa", "--time-zone", "America/Sao_Paulo"];
    let shown = house.run(&import).done();
    assert!(shown.contains("2018-06-14"), "{shown}");
    let activities = house.run(&["activity", "list", "copa"]).done();
    assert!(activities.contains("2018-06-14 12:00 -03:00"), "{activities}");
    assert!(activities.contains("copa/estadio-sao-januario/pitch"), "{activities}");

    let again = house.run(&import);
    assert_eq!(again.code, Some(4), "{again}");
    let other = house.run(&[&import[..], &["--only", "tournament", "--request-id", "x"]].concat());
    assert_eq!(other.code, Some(4), "{other}");
}

#[test]
fn a_broken_kick_off_is_told_with_file_line_match_and_field() {
    let directory = tempfile::tempdir().unwrap();
    let text = FIXTURES.replacen("18:00 UTC+3", "18.00 Uhr", 1);
    let file = written(directory.path(), "copa.json", &text);
    let ran = run(&["import", "openfootball", &file, "--tournament", "copa", "--time-zone", "Europe/Moscow"]);
    assert_eq!(ran.code, Some(3), "{ran}");
    let expected = format!("error: {file}:2: matches[0].time: \"18.00 Uhr\" is not a kick-off like 18:00");
    assert!(ran.err.starts_with(&expected), "{ran}");
    let ran = run(&["import", "openfootball", &file, "--tournament", "copa", "--time-zone", "Moscow"]);
    assert!(ran.err.starts_with("error: --time-zone: "), "{ran}");
}
