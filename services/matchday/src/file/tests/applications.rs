//! Files of those who apply.

use std::{fmt::Write, path::Path};

use matchday_api::common::v1::Provenance;

use crate::file::{Applications, Mapping, ReadApplications, applications};

const HEADER: &str = "id,display_name,birth_date,document,available\n";

/// The generated workbook of three people: one day of birth is a date, one a text; one number of a document was typed
/// into a column of numbers; a row is empty.
const WORKBOOK: &[u8] = include_bytes!("applications.xlsx");

fn read(name: &str, bytes: &[u8], mapping: &[&str], zone: &str) -> (ReadApplications, Vec<String>) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    let (tournament, zone) = ("tournaments/cup".parse().unwrap(), zone.parse().unwrap());
    let frame = Applications { tournament: &tournament, zone: &zone, provenance: &Provenance::default() };
    let mapping = Mapping::read(&mapping.iter().map(ToString::to_string).collect::<Vec<_>>()).unwrap();
    let read = applications(&path, &mapping, &frame, |_| ()).unwrap();
    let said = read.faults.lines().map(|line| short(&line, &path)).collect();
    (read, said)
}

fn short(line: &str, path: &Path) -> String {
    line.replace(&format!("{}:", path.display()), "")
}

#[test]
fn of_300_000_lines_the_two_that_are_wrong_are_told() {
    let mut text = HEADER.to_owned();
    for line in 2..=300_001 {
        let born = if line == 7 || line == 299_999 { "17.5.2004" } else { "2004-05-17" };
        writeln!(text, "a{line},Generated Person,{born},D{line:09},").unwrap();
    }
    let (read, said) = read("f.csv", text.as_bytes(), &[], "Asia/Shanghai");
    let problem = "birth_date: is no date: write it like 2004-05-17";
    assert_eq!(said, [format!("7: {problem}"), format!("299999: {problem}")]);
    assert_eq!((read.applications.len(), read.wrong), (299_998, 2));
    assert_eq!(
        read.standing.told("new_applications[5].application.name: x").rsplit('/').next(),
        Some("f.csv:8: application.name: x")
    );
}

#[test]
fn one_document_stands_on_one_line_and_is_not_told() {
    let text = format!("{HEADER}a1,A,2004-05-17,P 123-4567,\na1,B,2004-05-17,p1234567,\nshort,line\n");
    let (read, said) = read("f.csv", text.as_bytes(), &[], "Asia/Shanghai");
    assert_eq!(
        said,
        [
            "3: id: is that of line 2 too",
            "3: document: is that of line 2 too",
            "4: has 2 values in place of 5"
        ]
    );
    assert_eq!((read.applications.len(), read.wrong), (1, 2));
}

#[test]
fn an_hour_that_the_clocks_skip_is_refused() {
    let text = format!("{HEADER}a1,A,2004-05-17,,2023-03-26 02:30/2023-03-26 05:00\n");
    let (_, said) = read("f.csv", text.as_bytes(), &[], "Europe/Berlin");
    assert!(
        said[0].starts_with("2: available: 2023-03-26 02:30 does not exist in Europe/Berlin"),
        "{said:?}"
    );
    let (_, said) = read("f.csv", text.as_bytes(), &[], "Asia/Shanghai");
    assert!(said.is_empty(), "{said:?}");
}

#[test]
fn a_workbook_is_read_by_its_own_names() {
    let mapping =
        ["display_name=姓名", "birth_date=出生日期", "document=证件号", "languages=语言", "available=时间"];
    let (read, said) = read("f.xlsx", WORKBOOK, &mapping, "Asia/Shanghai");
    assert_eq!(said.len(), 1);
    assert!(said[0].starts_with("4: holds a number of more than 15 digits"), "{said:?}");
    let told: Vec<_> = read
        .applications
        .iter()
        .map(|one| {
            let (of, who) = (one.application.clone().unwrap(), one.applicant.clone().unwrap());
            (who.display_name, who.birth_date, of.languages.join(" "), of.availability.len())
        })
        .collect();
    let one =
        |name: &str, born: &str, languages: &str, times| (name.into(), born.into(), languages.into(), times);
    assert_eq!(
        told,
        [one("Test Person One", "2004-05-17", "zh en", 0), one("Test Person Three", "2004-05-19", "en", 1)]
    );
    assert_eq!(read.wrong, 1);
}

#[test]
fn what_is_no_workbook_is_told_as_such() {
    let directory = tempfile::tempdir().unwrap();
    let (tournament, zone) = ("tournaments/cup".parse().unwrap(), "UTC".parse().unwrap());
    let frame = Applications { tournament: &tournament, zone: &zone, provenance: &Provenance::default() };
    let path = directory.path().join("f.xlsx");
    for cut in [0, 10, 200, WORKBOOK.len() / 2, WORKBOOK.len() - 30] {
        std::fs::write(&path, &WORKBOOK[..cut]).unwrap();
        let said = applications(&path, &Mapping::default(), &frame, |_| ()).err().unwrap().to_string();
        assert!(said.contains("is no workbook"), "{cut}: {said}");
    }
}
