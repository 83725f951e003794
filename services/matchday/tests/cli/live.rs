//! A match as it happens, and who leads it.

use insta::assert_snapshot;

use crate::house::{House, file};

/// A server seven minutes after the kick-off of the opening match was planned, with the schedule published.
fn evening() -> House {
    let house = House::start_at("2023-10-21T20:07:20+08:00");
    house.run(&["site", "import", &file("site.yaml")]).done();
    house.run(&["tournament", "import", &file("tournament.yaml")]).done();
    house.run(&["tournament", "publish", "cup"]).done();
    house
}

#[test]
fn a_match_is_kicked_off_interrupted_and_resumed() {
    let house = evening();
    assert_snapshot!("due", house.run(&["schedule", "next", "cup"]));
    let early = house.run(&["activity", "finish", "cup/m01"]);
    assert_eq!(early.code, Some(4), "{early}");
    assert!(early.err.contains("LIVE_STATE") && early.err.contains("confirm its kick-off first"), "{early}");
    let future = house.run(&["activity", "kick-off", "cup/m01", "--at", "2023-10-21 23:00"]);
    assert_eq!(future.code, Some(3), "{future}");

    let kicked_off = house.run(&["activity", "kick-off", "cup/m01", "--at", "2023-10-21 20:05"]);
    assert_snapshot!("kicked_off", kicked_off);
    let suspend = ["activity", "suspend", "cup/m01", "--at", "2023-10-21 20:06", "--decided-by", "referee"];
    let unexplained = house.run(&suspend);
    assert!(unexplained.err.contains("recording.reason: is empty"), "{unexplained}");
    house.run(&[&suspend[..], &["--reason", "thunderstorm"]].concat()).done();
    let said = ["activity", "precondition", "cup/m01", "police=agreed", "--note", "north stand is dry"];
    assert!(house.run(&said).done().contains("police agreed (north stand is dry)"));
    let resume = ["activity", "resume", "cup/m01", "--at", "2023-10-21 20:07", "--decided-by", "referee"];
    house.run(&[&resume[..], &["--precondition", "broadcaster=asked"]].concat()).done();
    let again = house.run(&resume);
    assert!(again.err.contains("is in play: it is not interrupted"), "{again}");
    let listed = house.run(&["activity", "records", "cup/m01", "--output", "csv"]).done();
    let told: Vec<Vec<&str>> =
        listed.lines().skip(1).map(|line| line.split(',').take(6).skip(2).collect()).collect();
    assert_eq!(
        told,
        [
            ["kicked-off", "", "", ""],
            ["suspended", "referee", "thunderstorm", ""],
            ["precondition", "", "", "police agreed (north stand is dry)"],
            ["resumed", "referee", "", "broadcaster asked"],
        ]
    );
    assert_snapshot!("on", house.run(&["schedule", "next", "cup"]));
    let wrong = house.run(&["activity", "precondition", "cup/m01", "police=maybe"]);
    assert_eq!(wrong.code, Some(2), "{wrong}");
}

#[test]
fn officials_are_imported_ranked_and_appointed() {
    let house = evening();
    let list = file("officials.csv");
    let import = ["official", "import", list.as_str(), "--tournament", "cup"];
    let checked = house.run(&[&import[..], &["--dry-run"]].concat());
    assert!(checked.err.contains("3 officials are right; nothing was created"), "{checked}");
    house.run(&import).done();
    assert_snapshot!("officials", house.run(&["official", "list", "cup"]));
    assert_snapshot!("who_can", house.run(&["official", "who-can", "cup/m01"]));
    let refused = house.run(&["official", "appoint", "cup/m01", "referee-02"]);
    assert_eq!(refused.code, Some(4), "{refused}");
    assert!(refused.err.contains("referee-01 or assistant-01 could"), "{refused}");
    let appointed = house.run(&["official", "appoint", "cup/m01", "referee-01", "assistant-01"]).done();
    assert!(appointed.contains("referee-01, assistant-01"), "{appointed}");
    let away = ["official", "away", "cup/referee-01", "--time", "2023-10-21 00:00/2023-10-22 00:00"];
    let away = house.run(&away);
    assert!(away.err.contains("referee-01 leads m01 at that time"), "{away}");
    let again = house.run(&import);
    assert!(again.err.contains("RESOURCE_EXISTS"), "{again}");
    let wrong = house.data().with_file_name("wrong.csv");
    let rows = "id,country,category,conflicts,away\na,,Mr. B,,\na,,,,2023-10-22 00:00\n";
    std::fs::write(&wrong, rows).expect("the directory is there");
    let refused = house.run(&["official", "import", &wrong.display().to_string(), "--tournament", "cup"]);
    assert_eq!(refused.code, Some(3), "{refused}");
    for fault in [
        "wrong.csv:2: category: \"Mr. B\" is not of the form",
        "wrong.csv:3: id: \"a\" is already on line 2",
        "wrong.csv:3: away: \"2023-10-22 00:00\" is no time from a start to an end",
    ] {
        assert!(refused.err.contains(fault), "{fault}: {refused}");
    }
}
