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

const FRAME: &str = "\
tournament: cup
time_zone: Asia/Shanghai
kick_offs: { times: [\"16:00\"], windows: [{ from: \"10:00\", until: \"12:00\", step: 30m }] }
days:
  - date: \"2023-10-22\"
    kick_offs: {}
pitches:
  - zone: jinjiang/stadium/pitch
    hours: { opens: \"08:00\", closes: \"22:00\" }
    closures: [{ start: \"2023-10-21 09:00\", end: \"2023-10-21 11:00\", why: mowing }]
    capacity: 500
matches:
  - { stages: [group], length: 1h 55m, set_up: 45m, people: 40 }
ladder:
  - title: rest of a day
    rule: { id: rest-between-kick-offs, kind: rest-calendar-days, count: 1 }
";

#[test]
fn a_frame_is_applied_and_shown() {
    let (house, directory) = (House::furnished(), tempfile::tempdir().unwrap());
    let derived = house.run(&["schedule", "frame", "show", "cup"]);
    assert!(derived.err.contains("cup has no frame of its own"), "{derived}");
    let file = written(directory.path(), "timetable.yaml", FRAME);
    let trial = house.run(&["schedule", "frame", "apply", &file, "--dry-run"]);
    assert!(trial.err.contains("nothing was changed"), "{trial}");
    house.run(&["schedule", "frame", "apply", &file]).done();
    let shown = house.run(&["schedule", "frame", "show", "cup"]).done();
    for part in [
        "16:00, 10:00–12:00 every 30m",
        "2023-10-22 (none)",
        "jinjiang/stadium/pitch",
        "08:00–22:00",
        "rest of a day",
        "1h 55m",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let csv = house.run(&["schedule", "frame", "show", "cup", "--output", "csv"]).done();
    assert!(csv.starts_with("pitch,open,closed,surface,holds,floodlit,reserve,warm-up area\n"), "{csv}");
    let json = house.run(&["schedule", "frame", "show", "cup", "--output", "json"]).done();
    assert!(json.contains("\"reserveDay\"") || json.contains("\"ladder\""), "{json}");
}

#[test]
fn wrong_frames_are_told_with_every_fault() {
    let (house, directory) = (House::furnished(), tempfile::tempdir().unwrap());
    let wrong = FRAME
        .replace("2023-10-22", "22 October")
        .replace("capacity: 500", "capacity: many")
        .replace("1h 55m", "long")
        .replace("count: 1", "count: one")
        .replace("jinjiang/stadium/pitch", "stadium");
    let file = written(directory.path(), "timetable.yaml", &wrong);
    let told = house.run(&["schedule", "frame", "apply", &file]);
    assert_eq!(told.code, Some(3), "{told}");
    for part in [
        "5 faults; nothing was sent",
        ":5: days[0].date: ",
        ":8: pitches[0].zone: \"stadium\" is not of the form site/venue/zone",
        ":11: pitches[0].capacity: \"many\" is not a number",
        ":13: matches[0].length: \"long\" is not a length of time",
        ":16: ladder[0].rule.count: \"one\" is not a number",
    ] {
        assert!(told.err.contains(part), "{part}: {told}");
    }
}
