//! What commands print: tables for people, CSV for spreadsheets, JSON for programs.

use insta::assert_snapshot;

use crate::house::{House, file, without_ids};

#[test]
fn an_import_shows_what_was_created() {
    let house = House::start();
    assert_snapshot!(house.run(&["site", "import", &file("site.yaml")]));
    let again = house.run(&["site", "import", &file("site.yaml")]);
    assert_eq!(again.code, Some(4), "{again}");
}

#[test]
fn places_are_listed_in_all_forms() {
    let house = House::furnished();
    assert_snapshot!("sites", house.run(&["site", "list"]));
    assert_snapshot!("venues", house.run(&["venue", "list", "jinjiang"]));
    assert_snapshot!("zones", house.run(&["zone", "list", "jinjiang/stadium"]));
    assert_snapshot!("zones_csv", house.run(&["zone", "list", "sites/jinjiang", "--output", "csv"]));
    let json = house.run(&["venue", "list", "jinjiang", "--output", "json"]).done();
    let venues: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(venues[0]["displayName"], "晋江足球训练中心");
    assert_eq!(venues[0]["purpose"], "VENUE_PURPOSE_MATCH");
    assert_eq!(venues.as_array().unwrap().len(), 2);
}

#[test]
fn a_schedule_is_listed_with_local_times() {
    let house = House::furnished();
    assert_snapshot!("tournament", house.run(&["tournament", "show", "cup"]));
    assert_snapshot!("teams", house.run(&["team", "list", "cup"]));
    assert_snapshot!("sessions", house.run(&["session", "list", "cup"]));
    assert_snapshot!("day", house.run(&["activity", "list", "cup", "--day", "2023-10-21"]));
    assert_snapshot!("match", house.run(&["activity", "show", "m01", "--tournament", "cup"]));
    let of_session = ["activity", "list", "cup", "--session", "opening", "--output", "csv"];
    assert_snapshot!("session_csv", house.run(&of_session));
    let none = house.run(&["activity", "list", "cup", "--day", "2023-10-28"]);
    assert_snapshot!("empty_day", none);
}

#[test]
fn a_delay_is_previewed_and_then_followed_by_its_booking() {
    let house = House::furnished();
    house.run(&["tournament", "publish", "cup", "--validate-only"]).done();
    house.run(&["tournament", "publish", "cup"]).done();
    let versions = house.run(&["tournament", "versions", "cup", "--output", "json"]).done();
    assert!(versions.contains("VERSION_STATE_PUBLISHED"), "{versions}");

    let delay = ["activity", "delay", "cup/m01", "--by", "45m", "--reason", "雷雨 thunderstorm"];
    assert_snapshot!("delay_preview", house.run(&[&delay[..], &["--preview"]].concat()));
    let before = house.run(&["activity", "show", "cup/m01", "--output", "json"]).done();
    assert!(before.contains("\"2023-10-21T12:00:00Z\""), "{before}");
    house.run(&delay).done();
    let after = house.run(&["activity", "show", "cup/m01"]).done();
    assert!(after.contains("2023-10-21 20:45 +08:00"), "{after}");
}

#[test]
fn changes_print_the_activity_they_changed() {
    let house = House::furnished();
    let create = [
        "activity",
        "create",
        "cup/rehearsal",
        "--kind",
        "rehearsal",
        "--title",
        "彩排",
        "--zone",
        "jinjiang/stadium/pitch",
        "--from",
        "2023-10-20 19:00",
        "--for",
        "2h",
        "--set-up",
        "30m",
    ];
    assert_snapshot!("created", house.run(&create));
    let moved = ["activity", "move", "cup/rehearsal", "--to", "2023-10-20 11:00 +00:00", "--for", "1h30m"];
    let reason = ["--zone", "jinjiang/training-1/pitch", "--reason", "pitch flooded"];
    assert_snapshot!("moved", house.run(&[&moved[..], &reason[..]].concat()));
    let cancelled = ["activity", "cancel", "cup/rehearsal", "--reason", "no time", "--output", "csv"];
    assert_snapshot!("cancelled_csv", house.run(&cancelled));
}

#[test]
fn an_activity_leaves_its_session_to_move_to_another_venue() {
    let house = House::furnished();
    house.run(&["tournament", "publish", "cup"]).done();
    let moved = ["activity", "move", "cup/m01", "--zone", "jinjiang/training-1/pitch", "--reason", "flooded"];
    assert_snapshot!("at_other_venue", house.run(&moved));
    let update =
        ["activity", "update", "cup/m01", "--no-session", "--title", "Opening", "--turnaround", "0m"];
    let updated = house.run(&update);
    assert!(updated.err.contains("booking followed: "), "{updated}");
    let updated = updated.done();
    assert!(updated.contains("Opening") && !updated.contains("session"), "{updated}");
    assert_snapshot!("followed", house.run(&moved).err);
    let back = house.run(&["activity", "update", "cup/ceremony", "--session", "opening"]).done();
    assert!(back.contains("opening"), "{back}");
    let cancelled = house.run(&["activity", "cancel", "cup/m01", "--reason", "flooded"]);
    assert!(cancelled.err.starts_with("booking released: jinjiang/training-1/pitch "), "{cancelled}");
}

#[test]
fn bookings_are_made_listed_and_released() {
    let house = House::furnished();
    let create = |title: &str, from: &str, until: &str, more: &[&str]| {
        let zone = "jinjiang/stadium/media-room";
        let booking = ["booking", "create", zone, "--title", title, "--from", from, "--until", until];
        house.run(&[&booking, more].concat())
    };
    let (from, until) = ("2023-10-21 22:15", "2023-10-21 23:00");
    let checked = create("新闻发布会", from, until, &["--validate-only"]);
    assert!(checked.err.contains("nothing was booked"), "{checked}");
    create("新闻发布会", from, until, &["--set-up", "15m"]).done();
    create("Press", "2023-10-22 10:00", "2023-10-22 11:00", &[]).done();
    assert_snapshot!("bookings", house.run(&["booking", "list", "jinjiang"]));
    let day = house.run(&["booking", "list", "jinjiang/stadium", "--day", "2023-10-22"]).done();
    assert!(day.contains("Press") && !day.contains("新闻发布会"), "{day}");
    assert_snapshot!("zone_not_free", create("Third", "2023-10-21 22:30", "2023-10-21 22:45", &[]));

    let json = house.run(&["booking", "list", "jinjiang", "--output", "json"]).done();
    let bookings: serde_json::Value = serde_json::from_str(&json).unwrap();
    let name = bookings[0]["name"].as_str().unwrap();
    let released = house.run(&["booking", "release", name]).done();
    assert!(released.contains("released"), "{released}");
    assert_eq!(house.run(&["booking", "list", "jinjiang"]).done().lines().count(), 2);
    assert_eq!(house.run(&["booking", "list", "jinjiang", "--all"]).done().lines().count(), 3);
    let one = house.run(&["booking", "list", "jinjiang", "--state", "released", "--output", "csv"]).done();
    assert_eq!(one.lines().count(), 2, "{one}");
    assert_eq!(house.run(&["booking", "place", name]).code, Some(4));
}

#[test]
fn a_displaced_booking_is_listed_and_placed_again() {
    let house = House::furnished();
    house.run(&["tournament", "publish", "cup"]).done();
    let times = ["--from", "2023-10-21 22:30", "--until", "2023-10-21 23:00"];
    let booking = ["booking", "create", "jinjiang/stadium/pitch", "--title", "Mowing", "--output", "json"];
    let mowing = house.run(&[&booking[..], &times[..]].concat()).done();
    let mowing: serde_json::Value = serde_json::from_str(&mowing).unwrap();
    let delayed = house.run(&["activity", "delay", "cup/m01", "--by", "45m", "--reason", "rain"]);
    assert_snapshot!("displaced", without_ids(&delayed.err));
    assert_snapshot!("displaced_list", house.run(&["booking", "list", "jinjiang"]));
    let list = ["booking", "list", "jinjiang", "--state", "displaced", "--output", "json"];
    let displaced: serde_json::Value = serde_json::from_str(&house.run(&list).done()).unwrap();
    let name = displaced[0]["name"].as_str().unwrap();
    assert_eq!(displaced[0]["holder"], "tournaments/cup/activities/m01");
    assert_eq!(displaced[0]["conflicts"][0], mowing["name"]);
    assert_eq!(house.run(&["booking", "place", name]).code, Some(4));

    house.run(&["booking", "release", mowing["name"].as_str().unwrap()]).done();
    let placed = house.run(&["booking", "place", name]).done();
    assert!(placed.contains("booked") && placed.contains("2023-10-21 20:45 +08:00"), "{placed}");
}

#[test]
fn a_watch_shows_what_is_and_then_what_changes() {
    let house = House::furnished();
    let mut watch = house.stream(&["activity", "watch", "cup"]);
    for activity in ["cup/ceremony  scheduled", "cup/m01  scheduled", "cup/training  scheduled"] {
        watch.wait_for(activity);
    }
    house.run(&["activity", "cancel", "cup/training", "--reason", "rain"]).done();
    watch.wait_for("cup/training  cancelled");
}

#[test]
fn a_repeated_write_is_done_once() {
    let house = House::furnished();
    let book = |title: &str| {
        let times = ["--from", "2023-10-21 10:00", "--until", "2023-10-21 11:00"];
        let booking =
            ["booking", "create", "jinjiang/stadium/pitch", "--request-id", "r-1", "--title", title];
        house.run(&[&booking[..], &times[..]].concat())
    };
    let first = book("Once").done();
    assert_eq!(book("Once").done(), first);
    let other = book("Another");
    assert!(other.err.starts_with("error: REQUEST_ID_REUSED: "), "{other}");
    assert_eq!(other.code, Some(3));
}

#[test]
fn a_log_ends_at_its_head_and_shows_payloads() {
    let house = House::furnished();
    let lines = house.run(&["event", "tail", "venues", "--output", "json"]).done();
    let events: Vec<serde_json::Value> =
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(events.len(), 6);
    assert_eq!(events[0]["payload"]["site"]["displayName"], "晋江足球场馆");
    let two = house.run(&["event", "tail", "venues", "--after", "4"]).done();
    assert_eq!(two.lines().count(), 2, "{two}");
    assert!(two.starts_with("5  "), "{two}");
    let stadium = ["event", "tail", "venues", "--resource", "sites/jinjiang/venues/stadium"];
    assert_eq!(house.run(&stadium).done().lines().count(), 3);
    assert_eq!(house.run(&["event", "tail", "venues", "--after", "6"]).done(), "");
    let csv = house.run(&["event", "tail", "scheduling", "--output", "csv"]).done();
    assert!(csv.starts_with("sequence,time,type,"), "{csv}");
    let followers = house.run(&["event", "followers"]).done();
    assert!(followers.starts_with("FOLLOWER"), "{followers}");
}
