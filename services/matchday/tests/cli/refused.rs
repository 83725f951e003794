//! What is refused, how it is told, and the exit codes that scripts rely on.

use std::process::Stdio;

use insta::assert_snapshot;

use crate::house::{House, file, run};

#[test]
fn malformed_names_say_how_they_are_written() {
    let house = House::furnished();
    assert_snapshot!("name", house.run(&["activity", "show", "m01"]));
    assert_snapshot!("upper_case", house.run(&["site", "show", "Jinjiang"]));
    for arguments in [
        ["venue", "list", "a/b"],
        ["zone", "list", "jinjiang/stadium/pitch/x"],
        ["booking", "show", "jinjiang/stadium/pitch"],
        ["tournament", "show", "tournaments/"],
        ["team", "list", "../etc"],
    ] {
        let ran = house.run(&arguments);
        assert_eq!(ran.code, Some(3), "{arguments:?}: {ran}");
        assert!(ran.out.is_empty() && ran.err.starts_with("error: "), "{ran}");
    }
}

#[test]
fn what_is_not_there_is_refused() {
    let house = House::furnished();
    assert_snapshot!("missing", house.run(&["activity", "show", "cup/m99"]));
    let log = house.run(&["event", "tail", "tickets"]);
    assert_eq!(log.code, Some(2), "{log}");
    assert!(
        log.err.contains("[possible values: scheduling, venues, volunteers, visitors, control]"),
        "{log}"
    );
    let moon = ["--zone", "jinjiang/moon/pitch"];
    let moved = ["activity", "move", "cup/training", "--reason", "x"];
    assert_snapshot!("no_such_zone", house.run(&[&moved[..], &moon[..]].concat()));
    let create = ["activity", "create", "cup/walk", "--kind", "ceremony", "--title", "Walk"];
    let times = ["--from", "2023-10-22 20:00", "--for", "1h"];
    house.run(&[&create[..], &moon[..], &times[..]].concat()).done();
    let published = house.run(&["tournament", "publish", "cup"]);
    assert_eq!(published.code, Some(4), "{published}");
    assert!(published.err.contains("sites/jinjiang/venues/moon/zones/pitch"), "{published}");
}

#[test]
fn lengths_must_be_lengths() {
    let house = House::furnished();
    let delay = |by: &str| house.run(&["activity", "delay", "cup/m01", "--by", by, "--reason", "rain"]);
    assert_snapshot!("negative", delay("-5m"));
    assert_snapshot!("no_length", delay("soon"));
    assert_eq!(delay("0m").code, Some(3));
    let too_long = delay("25h");
    assert_eq!(too_long.code, Some(3), "{too_long}");
    assert!(too_long.err.contains("INVALID_FIELD"), "{too_long}");
}

#[test]
fn a_time_that_the_clocks_show_twice_or_never_is_refused() {
    let house = House::start();
    house.run(&["site", "import", &file("berlin.yaml")]).done();
    let book = |from: &str| {
        let booking = ["booking", "create", "berlin/ground/pitch", "--title", "Night training"];
        house.run(&[&booking[..], &["--from", from, "--until", "2023-10-29 06:00"]].concat())
    };
    assert_snapshot!("twice", book("2023-10-29 02:30"));
    assert_snapshot!("never", book("2023-03-26 02:30"));
    let second = book("2023-10-29 02:30 +01:00").done();
    assert!(second.contains("2023-10-29 02:30 +01:00"), "{second}");
    let wrong = book("tomorrow");
    assert_eq!(wrong.code, Some(3), "{wrong}");
}

#[test]
fn wrong_words_are_told_the_right_ones() {
    assert_snapshot!("state", run(&["booking", "list", "jinjiang", "--state", "lost"]));
    let kind = ["activity", "create", "cup/x", "--kind", "party", "--title", "x", "--zone", "a/b/c"];
    let ran = run(&[&kind[..], &["--from", "2023-10-21 20:00", "--for", "1h"]].concat());
    assert_eq!(ran.code, Some(2), "{ran}");
    assert!(ran.err.contains("[possible values: match, ceremony, "), "{ran}");
    let nothing = run(&["activity", "move", "cup/m01", "--reason", "x"]);
    assert_eq!(nothing.code, Some(2), "{nothing}");
}

#[test]
fn a_wrong_file_is_refused_before_anything_is_sent() {
    let missing = run(&["site", "import", "/nowhere/site.yaml"]);
    assert_eq!(missing.code, Some(3), "{missing}");
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("site.yaml");
    let text = "site: jinjiang\ndisplay_name: x\ntime_zone: Asia/Shangri-La\n";
    std::fs::write(&path, text).unwrap();
    let path = path.display().to_string();
    let wrong = run(&["site", "import", &path]);
    assert_eq!(wrong.code, Some(3));
    assert_snapshot!("unknown_zone", wrong.err.replace(&path, "site.yaml"));
}

#[test]
fn without_a_server_or_a_token_it_says_what_to_do() {
    let house = House::start();
    let elsewhere = run(&["site", "list", "--data", "/nowhere"]);
    assert_eq!(elsewhere.code, Some(5));
    assert_snapshot!("no_token", elsewhere);
    // nothing listens on the port of an echo service here
    let unreachable = house.run(&["site", "list", "--server", "http://127.0.0.1:7"]);
    assert_eq!(unreachable.code, Some(6));
    assert_snapshot!("no_server", unreachable);
    let foreign = house.command(&["site", "list"]).env("MATCHDAY_TOKEN", "not.a.token").output().unwrap();
    assert_eq!(foreign.status.code(), Some(5));
    assert!(String::from_utf8_lossy(&foreign.stderr).starts_with("error: TOKEN_INVALID: "));
}

#[test]
fn a_token_goes_to_this_machine_alone() {
    for server in ["http://192.0.2.1:7300", "https://localhost", "http://127.0.0.1.example.com", "x"] {
        let ran = run(&["site", "list", "--server", server]);
        assert_eq!(ran.code, Some(2), "{server}: {ran}");
    }
    assert_snapshot!("other_machine", run(&["site", "list", "--server", "http://192.0.2.1:7300"]));
}

#[test]
fn a_token_that_does_not_allow_it_is_denied() {
    let house = House::furnished();
    let issue = ["token", "issue", "--subject", "staff/li", "--role", "viewer", "--scope", "tournaments/cup"];
    let token = house.run(&issue).done();
    let with_token = |arguments: &[&str]| {
        let output = house.command(arguments).env("MATCHDAY_TOKEN", &token).output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    assert_eq!(with_token(&["activity", "list", "cup"]).0, Some(0));
    let (code, err) = with_token(&["tournament", "publish", "cup"]);
    assert_eq!(code, Some(5));
    assert_snapshot!("denied", crate::house::without_ids(&err));
    assert_eq!(with_token(&["site", "list"]).0, Some(5));
}

#[test]
fn a_token_for_one_venue_shows_its_bookings_in_utc() {
    let house = House::furnished();
    house.run(&["tournament", "publish", "cup"]).done();
    let grant = "venue-manager@sites/jinjiang/venues/stadium";
    let token = house.run(&["token", "issue", "--subject", "staff/chen", "--grant", grant]).done();
    let with_token = |arguments: &[&str]| -> crate::house::Ran {
        house.command(arguments).env("MATCHDAY_TOKEN", &token).output().unwrap().into()
    };
    let shown = with_token(&["booking", "list", "jinjiang/stadium"]);
    assert!(shown.err.contains("times are shown in UTC"), "{shown}");
    assert!(shown.done().contains("2023-10-21 12:00 +00:00"));
    // a time without an offset would be a guess
    let guess = with_token(&["booking", "list", "jinjiang/stadium", "--from", "2023-10-21 20:00"]);
    assert_eq!(guess.code, Some(5), "{guess}");
    let exact = with_token(&["booking", "list", "jinjiang/stadium", "--from", "2023-10-21 20:00 +08:00"]);
    assert_eq!(exact.done().lines().count(), 2);
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let house = House::furnished();
    let mut child = house
        .command(&["zone", "list", "jinjiang"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}
