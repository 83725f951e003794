//! Files that are wrong: every fault with its file, line and field, and nothing of them sent.

use std::{fs, io::Write, path::Path};

use insta::assert_snapshot;

use crate::house::{House, Ran, file};

const HEADER: &str = "id,display_name,group,skills,languages,available\n";

/// Writes a file of the test.
fn write(directory: &Path, name: &str, text: &str) -> String {
    let path = directory.join(name);
    fs::write(&path, text).expect("the directory is there");
    path.display().to_string()
}

/// A run without the directory of its files.
fn shown(ran: &Ran, directory: &Path) -> String {
    ran.to_string().replace(&format!("{}/", directory.display()), "")
}

#[test]
fn every_fault_of_a_plan_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let plan = fs::read_to_string(file("plan.yaml")).unwrap();
    let wrong = plan.replace("KO-150", "KICK-150").replace("headcount: 60", "headcount: many");
    let path = write(directory.path(), "plan.yaml", &wrong.replace("on_delay: move,", "on_delay: wait,"));
    // no server is asked
    let ran = crate::house::run(&["plan", "apply", &path]);
    assert_eq!(ran.code, Some(3));
    assert_snapshot!("plan_faults", shown(&ran, directory.path()));
    let path = write(directory.path(), "plan.yaml", &plan.replace("    subject: activity\n", ""));
    let ran = crate::house::run(&["plan", "apply", &path]);
    assert!(shown(&ran, directory.path()).contains("error: plan.yaml:19: missing field `subject`"), "{ran}");
}

#[test]
fn a_plan_for_a_class_nobody_has_is_refused() {
    let house = House::furnished();
    let directory = tempfile::tempdir().unwrap();
    let plan = fs::read_to_string(file("plan.yaml")).unwrap();
    let path = write(directory.path(), "plan.yaml", &plan.replace("id: group-match", "id: grupo-match"));
    let ran = house.run(&["plan", "apply", &path]);
    assert_eq!(ran.code, Some(4));
    assert_snapshot!("unknown_class", ran);
    assert_eq!(house.run(&["plan", "list", "cup"]).done(), "");
}

#[test]
fn a_person_in_two_groups_is_refused() {
    let house = House::furnished();
    let directory = tempfile::tempdir().unwrap();
    let people = format!("{HEADER}v001,张伟,hohai,,zh,\nv002,李娜,xmu,,zh,\nv001,张伟,xmu,,zh,\n");
    let path = write(directory.path(), "volunteers.csv", &people);
    let ran = house.run(&["volunteer", "import", &path, "--tournament", "cup"]);
    assert_eq!(ran.code, Some(3));
    assert_snapshot!("two_groups", shown(&ran, directory.path()));
    assert_eq!(house.run(&["volunteer", "list", "cup"]).done(), "");
}

#[test]
fn a_group_nobody_knows_is_refused_by_the_server() {
    let house = House::furnished();
    let directory = tempfile::tempdir().unwrap();
    let path = write(directory.path(), "volunteers.csv", &format!("{HEADER}v001,张伟,hohai,,zh,\n"));
    let ran = house.run(&["volunteer", "import", &path, "--tournament", "cup"]);
    assert!(matches!(ran.code, Some(3 | 4)), "{ran}");
    assert!(ran.err.contains("hohai"), "{ran}");
    assert_eq!(house.run(&["volunteer", "list", "cup"]).done(), "");
}

#[test]
fn a_misspelt_zone_is_refused_before_it_is_sent() {
    let house = House::furnished();
    let directory = tempfile::tempdir().unwrap();
    let rows = "code,kind,sessions,zones\nt1,ticket,opening,jinjiang/stadium/pitch\n\n\
                t2,ticket,opening,jinjiang/stadium/pich\nt3,ticket,opening,jinjiang/stadium/pich\n";
    let path = write(directory.path(), "credentials.csv", rows);
    let import = ["credential", "import", &path, "--tournament", "cup"];
    let ran = house.run(&import);
    assert_eq!(ran.code, Some(3), "{ran}");
    assert_eq!(
        ran.err.replace(&format!("{}/", directory.path().display()), ""),
        "error: credentials.csv:4: zones: jinjiang/stadium/pich is no zone (2 rows, the first on this line); did \
         you mean jinjiang/stadium/pitch?\n"
    );
    let silent = house.run(&[&import[..], &["--peer", "venues=http://127.0.0.1:1"]].concat());
    assert!(silent.err.starts_with("the zones of sites/jinjiang were not checked"), "{silent}");
    assert!(silent.err.contains("imported into tournaments/cup: 3 credentials"), "{silent}");
    let gates = fs::read_to_string(file("gates.yaml")).unwrap();
    let path = write(directory.path(), "gates.yaml", &gates.replace("zone: media-room", "zone: media-rom"));
    let ran = house.run(&["gate", "import", &path]);
    assert_eq!(ran.code, Some(3), "{ran}");
    assert!(ran.err.contains("zones: jinjiang/stadium/media-rom is no zone; did you mean"), "{ran}");
}

#[test]
fn what_the_server_refuses_is_told_by_its_line() {
    let house = House::furnished();
    let directory = tempfile::tempdir().unwrap();
    let text = format!("{HEADER}v001,张伟,,,zh,\n\nv002,李娜,hohai,,zh,\n");
    let path = write(directory.path(), "volunteers.csv", &text);
    let ran = house.run(&["volunteer", "import", &path, "--tournament", "cup"]);
    assert!(shown(&ran, directory.path()).contains("volunteers.csv:4: group: "), "{ran}");
    assert!(!ran.err.contains("volunteers[1]"), "{ran}");
}

#[test]
fn two_bad_lines_of_200_000_are_told_and_nothing_is_applied() {
    let house = House::furnished();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("credentials.csv");
    let mut out = std::io::BufWriter::new(fs::File::create(&path).unwrap());
    writeln!(out, "code,kind,sessions,zones").unwrap();
    for number in 1..=200_000 {
        match number {
            1_000 => writeln!(out, "t1000,tiket,opening,").unwrap(),
            199_000 => writeln!(out, "t199000,ticket,opening").unwrap(),
            _ => writeln!(out, "t{number},ticket,opening,").unwrap(),
        }
    }
    out.flush().unwrap();
    let path = path.display().to_string();
    let ran = house.run(&["credential", "import", &path, "--tournament", "cup"]);
    assert_eq!(ran.code, Some(3));
    assert_snapshot!("bad_lines", shown(&ran, directory.path()));
    assert_eq!(house.run(&["credential", "list", "cup"]).done(), "");
}

#[test]
fn a_large_import_goes_in_one_piece() {
    let house = House::furnished();
    let directory = tempfile::tempdir().unwrap();
    let rows = (1..=30_000).map(|number| format!("ticket-of-the-opening-{number},ticket,opening,"));
    let text =
        std::iter::once("code,kind,sessions,zones".to_owned()).chain(rows).collect::<Vec<_>>().join("\n");
    let path = write(directory.path(), "credentials.csv", &text);
    // as one message it is more than the 4 MiB that other requests may have
    let source = "a list ".repeat(10);
    let import = ["credential", "import", &path, "--tournament", "cup", "--source", &source];
    let ran = house.run(&import);
    assert!(ran.err.contains("imported into tournaments/cup: 30000 credentials"), "{ran}");
    let again = house.run(&import);
    assert_eq!(again.code, Some(4), "{again}");
}

#[test]
fn a_scan_of_an_unknown_device_and_a_delay_of_a_cancelled_match_are_refused() {
    let house = House::staffed();
    let scan = ["scan", "jinjiang/stadium/north/d9", "1", "t1", "--session", "cup/opening"];
    let ran = house.run(&scan);
    assert_eq!(ran.code, Some(4));
    assert_snapshot!("unknown_device", ran);
    assert_eq!(house.run(&["scan", "list", "cup/opening"]).done(), "");
    house.run(&["activity", "cancel", "cup/m01", "--reason", "storm"]).done();
    let delayed = house.run(&["activity", "delay", "cup/m01", "--by", "45m", "--reason", "rain"]);
    assert_eq!(delayed.code, Some(4));
    assert_snapshot!("cancelled", delayed);
}
