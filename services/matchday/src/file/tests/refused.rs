//! Files that are wrong in one place.

use super::{SITE, TOURNAMENT};
use crate::file::{FileError, MAX_BYTES, site, site_text, tournament, tournament_text};

/// What is said of the text with one piece of it replaced.
fn refusal(text: &str, piece: &str, by: &str) -> String {
    assert_eq!(text.matches(piece).count(), 1, "{piece:?} is to stand once in the text");
    let text = text.replace(piece, by);
    if text.starts_with("site:") {
        site_text("f", &text).unwrap_err().to_string()
    } else {
        tournament_text("f", &text).unwrap_err().to_string()
    }
}

#[test]
fn wrong_values_of_a_site_are_named_with_line_and_field() {
    let table = r#"
site: alps => site: Alps => f:1: site: "Alps" is not of the form
Europe/Paris => Europe/Atlantis => f:3: time_zone: "Europe/Atlantis" is not a time zone
Alpine ground => ' ' => f:2: display_name: is empty
id: main => id: main_ => f:5: venues[0].id: "main_" is not of the form
purpose: match => purpose: Match => f:7: venues[0].purpose: "Match" is none of match, reserve, training
1200 => -1 => f:8: venues[0].seats: "-1" is not a number from 0 to 2147483647
1200 => many => f:8: venues[0].seats: "many" is not a number
[seats] => [seat] => f:9: venues[0].generated: "seat" is neither "*" nor one of display_name, purpose, seats
kind: warm-up-area => kind: sauna => f:12: venues[0].zones[1].kind: "sauna" is none of pitch, warm-up-area, room
id: warm-up, => id: pitch, => f:12: venues[0].zones[1].id: "pitch" is already the id of the one on line 11
"#;
    for row in table.lines().filter(|row| !row.is_empty()) {
        let [piece, by, expected] = row.split(" => ").collect::<Vec<_>>()[..] else { panic!("{row}") };
        let said = refusal(SITE, piece, by);
        assert!(said.starts_with(expected), "{by}: {said}");
    }
}

#[test]
fn wrong_values_of_a_tournament_are_named_with_line_and_field() {
    let table = r#"
tournament: cup => tournament: cup/1 => f:1: tournament: "cup/1" is not of the form
start_date: 2023-10-28 => start_date: 2023-02-30 => f:4: start_date:
"2023-10-29" => 2023-10-01 => f:5: end_date: is before the start_date
[alps] => [alps, alps] => f:6: sites[1]: is named twice
id: blues => id: reds => f:10: teams[1].id: "reds" is already the id of the one on line 9
venue: alps/main => venue: main => f:12: sessions[0].venue: "main" is not of the form site/venue: it has 1 parts
venue: alps/main => venue: ural/main => f:12: sessions[0].venue: "ural" is not among the sites of this tournament
900 => -900 => f:12: sessions[0].expected_attendance: "-900" is not a number
id: m02 => id: m01 => f:24: activities[1].id: "m01" is already the id of the one on line 14
title: Final => title: '' => f:26: activities[1].title: is empty
session: night => session: day => f:21: activities[0].session: "day" is no session of this file
1h 55m => 115 => f:19: activities[0].duration: "115" is not a length of time: write it like 1h 55m
1h 55m => 0m => f:19: activities[0].duration: is shorter than a microsecond
1h 55m => 99999999h => f:19: activities[0].duration: the activity would end beyond the calendar
set_up: 10m => set_up: -10m => f:20: activities[0].set_up: "-10m" is negative
home_goals: 0 => home_goals: -3 => f:22: activities[0].match.result.home_goals: "-3" is not a number
away: blues => away: bleus => f:22: activities[0].match.away: "bleus" is no team of this file
away: best second => away: '' => f:30: activities[1].match.away: is empty
referee-04 => Mr. B => f:30: activities[1].match.officials: "Mr. B" is not of the form
final-match => Final => f:31: activities[1].class: "Final" is not of the form
class: evening => class: Evening => f:12: sessions[0].class: "Evening" is not of the form
[match.result] => [result] => f:23: activities[0].generated: "result" is neither
"#;
    for row in table.lines().filter(|row| !row.is_empty()) {
        let [piece, by, expected] = row.split(" => ").collect::<Vec<_>>()[..] else { panic!("{row}") };
        let said = refusal(TOURNAMENT, piece, by);
        assert!(said.starts_with(expected), "{by}: {said}");
    }
}

#[test]
fn kinds_and_zones_of_an_activity_are_checked() {
    let changed = TOURNAMENT.replace("kind: match", "kind: ceremony");
    let said = tournament_text("f", &changed).unwrap_err().to_string();
    assert!(
        said.starts_with("f:15: activities[0].kind: an activity of the kind match, and no other"),
        "{said}"
    );
    let changed = TOURNAMENT.replace("kind: match", "kind: game");
    let said = tournament_text("f", &changed).unwrap_err().to_string();
    assert!(
        said.starts_with("f:15: activities[0].kind: \"game\" is none of match, ceremony, rehearsal"),
        "{said}"
    );
    for (zone, problem) in [
        ("ural/main/pitch", "\"ural\" is not among the sites of this tournament"),
        ("alps/main", "\"alps/main\" is not of the form site/venue/zone: it has 2 parts"),
        (
            "alps/main/Pitch",
            "\"alps/main/Pitch\" is not of the form site/venue/zone: the zone has characters",
        ),
    ] {
        let changed = TOURNAMENT.replace("alps/main/pitch", zone);
        let said = tournament_text("f", &changed).unwrap_err().to_string();
        assert!(said.starts_with(&format!("f:17: activities[0].zone: {problem}")), "{said}");
    }
}

#[test]
fn local_times_that_happen_twice_or_never_are_refused_and_an_offset_settles_them() {
    let said = refusal(TOURNAMENT, "2023-10-29 20:00", "2023-10-29 02:30");
    assert_eq!(
        said,
        "f:28: activities[1].start: 2023-10-29 02:30 happens twice in Europe/Paris: \
         write 2023-10-29 02:30 +02:00 or 2023-10-29 02:30 +01:00"
    );
    let said = refusal(TOURNAMENT, "2023-10-29 20:00", "2023-03-26 02:30");
    assert!(said.starts_with("f:28: activities[1].start: 2023-03-26 02:30 does not exist"), "{said}");
    let said = refusal(TOURNAMENT, "2023-10-29 20:00", "tomorrow");
    assert!(said.starts_with("f:28: activities[1].start: \"tomorrow\" is not a time"), "{said}");

    let settled = TOURNAMENT.replace("2023-10-29 20:00", "2023-10-29 02:30 +01:00");
    let request = tournament_text("f", &settled).unwrap();
    assert_eq!(request.activities[1].start_time.unwrap().to_string(), "2023-10-29T01:30:00Z");
}

#[test]
fn what_is_not_of_the_form_is_refused_with_its_line() {
    for (piece, by, expected) in [
        (
            "seats: 1200",
            "saets: 1200",
            "f:8: unknown field `saets`, expected one of id, display_name, purpose, seats",
        ),
        ("seats: 1200", "purpose: reserve", "f:8: duplicate mapping key `purpose`"),
        ("    purpose: match\n", "", "f:9: missing field `purpose`"),
        ("Main ground", "[]", "f:6: expected string scalar"),
        ("Main ground", "[", "f:"),
    ] {
        let said = refusal(SITE, piece, by);
        assert!(said.starts_with(expected), "{by}: {said}");
    }
    let said = site_text("f", "").unwrap_err().to_string();
    assert_eq!(said, "f:1: unexpected end of file");
    let said = site_text("f", &format!("{SITE}---\n{SITE}")).unwrap_err().to_string();
    assert!(said.ends_with("only single YAML document expected but multiple found"), "{said}");
}

#[test]
fn a_file_that_unfolds_into_much_more_than_it_is_is_refused() {
    let venue = |id: usize, generated: &str| {
        format!("  - {{ id: v{id}, display_name: V, purpose: match, generated: {generated} }}\n")
    };
    let mut text = String::from("site: s\ndisplay_name: S\ntime_zone: UTC\nvenues:\n");
    text += &venue(0, &format!("&long [{}]", "seats, ".repeat(1000)));
    assert!(site_text("f", &text).is_ok());
    for id in 1..2000 {
        text += &venue(id, "*long");
    }
    let said = site_text("f", &text).unwrap_err().to_string();
    assert!(said.contains("YAML document too large or too complex"), "{said}");
}

#[test]
fn long_and_unprintable_values_are_not_repeated_as_they_are() {
    let said = refusal(SITE, "id: main", &format!("id: \"\\e{}\"", "x".repeat(9000)));
    assert!(said.chars().count() < 600, "{}", said.len());
    let said = refusal(SITE, "seats: 1200", "\"\\e[2Jseats\": 1200");
    assert!(!said.contains('\u{1b}'), "{said:?}");
}

#[test]
fn files_that_cannot_be_read_are_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name);
    assert!(matches!(site(&path("absent.yaml")).unwrap_err(), FileError::Unreadable { .. }));

    std::fs::write(path("latin.yaml"), b"site: alps\ndisplay_name: M\xe9ribel\n").unwrap();
    let said = site(&path("latin.yaml")).unwrap_err().to_string();
    assert!(said.ends_with("latin.yaml:2: is not UTF-8 text"), "{said}");

    std::fs::write(path("large.yaml"), vec![b'#'; MAX_BYTES + 1]).unwrap();
    let said = tournament(&path("large.yaml")).unwrap_err().to_string();
    assert!(said.ends_with("large.yaml: is larger than 16 MiB"), "{said}");
    let text = "#".repeat(MAX_BYTES + 1);
    assert!(matches!(site_text("f", &text).unwrap_err(), FileError::TooLarge { .. }));
}
