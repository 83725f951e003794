//! Versions from the command line: compared, repeated as drafts, put in force, given up.

use insta::assert_snapshot;

use crate::house::{House, file};

/// A server a week before the cup, with its schedule published.
fn published() -> House {
    let house = House::start_at("2023-10-14T17:00:00+08:00");
    house.run(&["site", "import", &file("site.yaml")]).done();
    house.run(&["tournament", "import", &file("tournament.yaml")]).done();
    house.run(&["tournament", "publish", "cup"]).done();
    house
}

#[test]
fn a_duty_officer_sees_what_differs_and_who_has_to_be_told() {
    let house = published();
    assert!(house.run(&["schedule", "diff", "cup"]).err.contains("nothing differs"));
    let day_later = ["activity", "move", "cup/m01", "--to", "2023-10-22 20:00", "--reason", "storm"];
    house.run(&day_later).done();
    house.run(&["activity", "cancel", "cup/training", "--reason", "storm"]).done();
    assert_snapshot!("diff", house.run(&["schedule", "diff", "cup"]));
    assert_snapshot!("told", house.run(&["schedule", "diff", "cup", "--told"]));
    let csv = house.run(&["schedule", "diff", "cup", "1", "now", "--told", "--output", "csv"]).done();
    assert!(csv.contains("session,tournaments/cup/sessions/opening,开幕,6000,"), "{csv}");
    let json = house.run(&["schedule", "diff", "cup", "now", "1", "--told", "--output", "json"]).done();
    let lines: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(lines[0]["notice"]["displayName"], "河海大学");
    assert_eq!(lines[0]["difference"]["after"]["startTime"], "2023-10-21T12:00:00Z");
}

#[test]
fn an_earlier_version_is_put_in_force_again() {
    let house = published();
    let other_pitch = ["activity", "move", "cup/training", "--to", "2023-10-22 11:00", "--reason", "bus"];
    house.run(&other_pitch).done();
    house.run(&["tournament", "publish", "cup"]).done();
    let restored = house.run(&["schedule", "restore", "cup/1"]).done();
    assert!(restored.contains("rolled-back") && restored.contains("version 1 again"), "{restored}");
    let asked = house.run(&["schedule", "publish", "cup/3", "--preview"]);
    assert!(asked.err.contains("nothing was published"), "{asked}");
    house.run(&["schedule", "publish", "cup/3"]).done();
    assert!(house.run(&["schedule", "diff", "cup", "1"]).err.contains("nothing differs"));
    assert_snapshot!("published_twice", house.run(&["schedule", "publish", "cup/3"]));

    house.run(&["schedule", "restore", "cup/2", "--title", "late training"]).done();
    house.run(&["activity", "delay", "cup/training", "--by", "5m", "--reason", "bus"]).done();
    assert_snapshot!("outdated", house.run(&["schedule", "publish", "cup/4"]));
    let discarded = house.run(&["schedule", "discard", "cup/4"]).done();
    assert!(discarded.contains("discarded"), "{discarded}");
    let listed = house.run(&["schedule", "versions", "cup", "--output", "csv"]).done();
    let states: Vec<&str> = listed.lines().skip(1).filter_map(|line| line.split(',').nth(1)).collect();
    assert_eq!(states, ["discarded", "published", "superseded", "superseded"], "{listed}");
}
