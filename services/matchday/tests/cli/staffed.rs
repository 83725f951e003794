//! A day with people, gates and tickets: what follows the plan, and what staff does with it.

use insta::assert_snapshot;
use serde_json::Value;

use crate::house::{House, file, without_clock};

#[test]
fn a_plan_is_checked_applied_and_shown_with_who_follows_it() {
    let house = House::furnished();
    let checked = house.run(&["plan", "apply", &file("plan.yaml"), "--dry-run"]);
    assert!(checked.err.contains("2 classes, 3 posts, 1 work orders; nothing was changed"), "{checked}");
    assert_eq!(house.run(&["plan", "show", "cup"]).code, Some(4));

    let house = House::staffed();
    assert_snapshot!("plan", without_clock(&house.run(&["plan", "show", "cup"]).to_string()));
    assert_snapshot!("plan_csv", house.run(&["plan", "show", "cup", "--output", "csv"]));
    let json = house.run(&["plan", "show", "cup", "--output", "json"]).done();
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["plan"]["name"], "tournaments/cup/plans/1");
    assert_eq!(json["followed"][1]["service"], "volunteers");
    assert_eq!(json["followed"][1]["derived"], 3);
    let again = house.run(&["plan", "apply", &file("plan.yaml")]);
    assert!(again.err.contains("the plan in force says the same"), "{again}");
    assert_eq!(house.run(&["plan", "list", "cup"]).done().lines().count(), 2);
}

#[test]
fn volunteers_are_listed_with_their_groups_and_times() {
    let house = House::staffed();
    assert_snapshot!("volunteers", house.run(&["volunteer", "list", "cup"]));
    assert_snapshot!("volunteer", house.run(&["volunteer", "show", "cup/v002"]));
    assert_snapshot!("groups", house.run(&["volunteer", "groups", "cup"]));
    let of_group = house.run(&["volunteer", "list", "cup", "--group", "hohai", "--output", "csv"]).done();
    assert_eq!(of_group.lines().count(), 3);
}

#[test]
fn shifts_are_filled_answered_and_held() {
    let house = House::staffed();
    let run = |arguments: &[&str]| house.run(arguments);
    assert_snapshot!("shifts", run(&["shift", "list", "cup", "--day", "2023-10-21"]));
    let for_match = run(&["shift", "list", "cup", "--occasion", "m01", "--output", "csv"]).done();
    assert_eq!(for_match.lines().count(), 2, "{for_match}");
    let planned = run(&["shift", "fill", "cup", "--day", "2023-10-21", "--dry-run"]);
    assert!(planned.err.contains("3 assignments would be proposed; nothing was changed"), "{planned}");
    assert_snapshot!("filled", run(&["shift", "fill", "cup", "--day", "2023-10-21"]));
    assert_snapshot!("assignments", run(&["shift", "assignments", "cup"]));
    assert_snapshot!("invited", run(&["shift", "invite", "cup/v001"]));
    run(&["shift", "accept", "cup/v001"]).done();
    let signed_in = run(&["shift", "sign-in", "cup/opening-stewards", "v001"]).done();
    assert!(signed_in.contains("signed-in  ") && signed_in.contains("2023-10-21 17:"), "{signed_in}");
    let withdrawn = run(&["shift", "withdraw", "cup/opening-stewards", "v002", "--reason", "unwell"]).done();
    assert!(withdrawn.contains("withdrawn") && withdrawn.contains("unwell"), "{withdrawn}");
    run(&["shift", "invite", "cup/v003"]).done();
    let declined = run(&["shift", "decline", "cup/v003", "--reason", "other plans"]).done();
    assert!(declined.contains("declined"), "{declined}");
    let headcount = run(&["shift", "headcount", "cup/opening-security", "58"]).done();
    assert!(headcount.contains("reported               58"), "{headcount}");
    assert_snapshot!("open_shifts", run(&["shift", "list", "cup", "--open"]));
    let wrong = run(&["shift", "assign", "cup/opening-security", "v001"]);
    assert_eq!(wrong.code, Some(4), "{wrong}");
    assert!(wrong.err.starts_with("error: SHIFT_OF_UNIT: "), "{wrong}");
    run(&["shift", "sign-out", "cup/opening-stewards", "v001"]).done();
    let out = run(&["shift", "assignments", "cup/opening-stewards", "--state", "signed-out"]).done();
    assert_eq!(out.lines().count(), 2, "{out}");
}

#[test]
fn everybody_is_invited_and_accepts_at_once() {
    let house = House::staffed();
    let filled = house.run(&["shift", "fill", "cup"]);
    assert!(filled.err.contains("next: matchday shift invite --all cup, then "), "{filled}");
    let all =
        |step: &str| house.run(&["shift", step, "--all", "cup", "--request-id", "r1", "--output", "csv"]);
    let invited = all("invite");
    assert_eq!(invited.code, Some(0), "{invited}");
    assert!(invited.err.starts_with("invited: 3 volunteers, "), "{invited}");
    let again = all("invite");
    assert!(again.err.starts_with("invited: 0 volunteers, 0 assignments"), "{again}");
    let accepted = all("accept");
    assert!(accepted.err.starts_with("accepted: 3 volunteers, "), "{accepted}");
    assert_eq!(accepted.out.lines().count(), invited.out.lines().count(), "{accepted}");
    assert!(accepted.out.lines().skip(1).all(|line| line.contains(",accepted,")), "{accepted}");
    assert_eq!(house.run(&["shift", "invite"]).code, Some(2));
    assert_eq!(house.run(&["shift", "invite", "cup/v001", "--all", "cup"]).code, Some(2));
}

#[test]
fn work_is_assigned_begun_and_done() {
    let house = House::staffed();
    assert_snapshot!("work", house.run(&["work", "list", "jinjiang", "--day", "2023-10-21"]));
    let sweep = "jinjiang/stadium/opening-sweep";
    let assigned = house.run(&["work", "assign", sweep, "保洁班 Cleaning crew"]).done();
    assert!(assigned.contains("保洁班 Cleaning crew"), "{assigned}");
    house.run(&["work", "start", sweep]).done();
    let done = house.run(&["work", "done", sweep]).done();
    assert!(done.contains("state                done") && done.contains("begun "), "{done}");
    let again = house.run(&["work", "done", sweep]);
    assert_eq!(again.code, Some(4), "{again}");
    assert_eq!(house.run(&["work", "list", "jinjiang", "--state", "planned"]).done(), "");
}

#[test]
fn scans_are_decided_counted_and_end_with_their_exit_code() {
    let house = House::staffed();
    assert_snapshot!("openings", house.run(&["gate", "openings", "cup"]));
    assert_snapshot!("devices", house.run(&["gate", "devices", "jinjiang/stadium/north"]));
    let scan = |sequence: &str, code: &str, more: &[&str]| {
        let scan = ["scan", "jinjiang/stadium/north/d1", sequence, code, "--session", "cup/opening"];
        house.run(&[&scan[..], more].concat())
    };
    let early = scan("1", "t1", &[]);
    assert_eq!(early.code, Some(4));
    assert_snapshot!("too_early", without_clock(&early.to_string()));
    house.run(&["gate", "advance", "cup/opening", "--to", "open"]).done();
    let admitted = scan("2", "t1", &[]);
    assert_eq!(admitted.code, Some(0), "{admitted}");
    assert_eq!(scan("2", "t1", &[]).out, admitted.out, "the same scan");
    let again = scan("3", "t1", &[]);
    assert!(again.err.starts_with("error: ALREADY_INSIDE: "), "{again}");
    let other = scan("3", "p1", &[]);
    assert!(other.err.starts_with("error: SCAN_KEY_REUSED: "), "{other}");
    assert!(scan("4", "t2", &[]).err.starts_with("error: WRONG_ZONE: "));
    assert!(scan("5", "nobody's", &[]).err.starts_with("error: UNKNOWN_CREDENTIAL: "));
    scan("6", "p1", &[]).done();
    scan("7", "t1", &["--exit"]).done();
    let count = house.run(&["gate", "inside", "cup/opening", "--output", "json"]).done();
    let count: Value = serde_json::from_str(&count).unwrap();
    assert_eq!((&count["everyone"], &count["entries"], &count["refused"]), (&1.into(), &2.into(), &4.into()));
    let refused = house.run(&["scan", "list", "cup/opening", "--refused"]);
    assert_snapshot!("refused_scans", without_clock(&refused.to_string()));
    house.run(&["credential", "revoke", "cup/t2", "--reason", "stolen"]).done();
    assert!(scan("8", "t2", &[]).err.starts_with("error: REVOKED: "));
    assert_eq!(house.run(&["gate", "clear", "cup/opening"]).code, Some(4), "people are still let in");
    house.run(&["gate", "advance", "cup/opening", "--to", "free-egress"]).done();
    let cleared = house.run(&["gate", "clear", "cup/opening"]);
    assert!(cleared.err.starts_with("1 admissions were open and are closed"), "{cleared}");
    house.run(&["gate", "revoke", "jinjiang/stadium/north/d1"]).done();
    assert!(scan("9", "p1", &[]).err.starts_with("error: DEVICE_REVOKED: "));
    assert_snapshot!("credentials", house.run(&["credential", "list", "cup"]));
    assert_snapshot!("gates", house.run(&["gate", "list", "jinjiang"]));
}

#[test]
fn gates_obey_limits_and_tell_what_they_did_alone() {
    const D1: &str = "jinjiang/stadium/north/d1";
    const D2: &str = "jinjiang/stadium/north/d2";
    let house = House::staffed();
    let run = |arguments: &[&str]| house.run(arguments);
    let entry = |sequence: &str, code: &str| run(&["scan", D2, sequence, code, "--session", "cup/opening"]);
    run(&["gate", "advance", "cup/opening", "--to", "open"]).done();
    let set = ["--approved", "3", "--permit", "QZ-1", "--exit", "2", "--safe", "3"];
    let set = run(&[["gate", "capacity", "cup/opening"].as_slice(), &set].concat());
    assert_snapshot!("capacity", set);
    let more = run(&["gate", "capacity", "cup/opening", "--approved", "4"]);
    assert!(more.err.starts_with("error: PERMIT_REFERENCE_MISSING: "), "{more}");
    let taken_away = run(&["gate", "capacity", "cup/opening", "--exit", "none", "--holding", "2"]).done();
    assert!(!taken_away.lines().any(|line| line.starts_with("exit ")), "{taken_away}");

    run(&["gate", "quota", "grant", "cup/opening", D1, "2", "--lasts", "30m"]).done();
    assert!(entry("1", "t1").err.starts_with("error: CAPACITY_REACHED: "));
    run(&["gate", "override", "cup/opening", "3", "--reason", "the exit is open again"]).done();
    entry("2", "t1").done();
    let second = run(&["gate", "quota", "grant", "cup/opening", D1, "1", "--lasts", "30m"]);
    assert!(second.err.starts_with("error: QUOTA_OPEN: "), "{second}");

    let log = house.data().join("log.csv");
    let header = "sequence,code,direction,verdict,time\n";
    std::fs::write(&log, format!("{header}1,t1,entry,admitted,soon\n")).unwrap();
    let upload = ["gate", "upload", D1, log.to_str().unwrap(), "--session", "cup/opening"];
    assert_eq!(run(&upload).code, Some(3), "a time that is none");
    let scans = "2,t1,entry,already-inside,2023-10-21T08:01:00Z\n1,t1,entry,admitted,2023-10-21T08:00:00Z\n";
    std::fs::write(&log, format!("{header}{scans}")).unwrap();
    let told = run(&[&upload[..], &["--complete", "2", "--quota", "1"]].concat());
    assert_snapshot!("uploaded", told);
    let conflicts = run(&["gate", "conflicts", "cup/opening"]);
    assert_snapshot!("conflicts", without_clock(&conflicts.to_string()));
    let quotas = run(&["gate", "quota", "list", "cup/opening"]).done();
    assert!(quotas.contains("settled"), "{quotas}");
    let none = run(&["gate", "quota", "write-off", "cup/opening", D1, "--reason", "lost"]);
    assert!(none.err.starts_with("error: QUOTA_NOT_OPEN: "), "{none}");

    let paused = run(&["gate", "pause", "cup/opening", "--gate", "jinjiang/stadium/north"]);
    assert!(paused.err.contains("paused"), "{paused}");
    assert!(entry("3", "p1").err.starts_with("error: ENTRY_PAUSED: "));
    run(&["gate", "resume", "cup/opening", "--gate", "jinjiang/stadium/north"]).done();
    run(&["gate", "one-in-one-out", "cup/opening"]).done();
    assert!(entry("4", "p1").err.starts_with("error: ENTRY_PAUSED: "));
    run(&["scan", D2, "5", "t1", "--session", "cup/opening", "--exit"]).done();
    entry("6", "p1").done();
}

#[test]
fn the_run_sheet_shows_the_day_and_what_a_delay_moved() {
    let house = House::staffed();
    let sheet = ["runsheet", "cup", "--day", "2023-10-21"];
    assert_snapshot!("run_sheet", house.run(&sheet));
    let mut watch = house.stream(&["runsheet", "cup", "--watch", "--output", "csv"]);
    let mut of_match = house.stream(&["runsheet", "cup", "--watch", "--occasion", "m01"]);
    of_match.wait_for("Interpreter");
    house.run(&["activity", "delay", "cup/m01", "--by", "45m", "--reason", "雷雨 thunderstorm"]).done();
    of_match.wait_for("2023-10-21 19:45  23:10  西语翻译 Interpreter");
    watch.wait_for_all(&[
        "18:30 +08:00,2023-10-21 17:45",
        "18:45 +08:00,2023-10-21 18:00",
        "19:45 +08:00,2023-10-21 19:00",
        "20:45 +08:00,2023-10-21 20:00",
        "22:00 +08:00,2023-10-21 21:15",
        "23:25 +08:00,2023-10-21 22:40",
    ]);
    assert_snapshot!("run_sheet_delayed", house.run(&sheet));
    let csv = house.run(&["runsheet", "cup", "--occasion", "opening", "--output", "csv"]).done();
    assert!(csv.starts_with("time,planned,state,kind,title,"), "{csv}");
}

#[test]
fn a_service_that_is_down_does_not_stop_the_others() {
    let house = House::staffed();
    let apart = |arguments: &[&str]| {
        // nobody listens on port 1
        let peers = ["--peer", "scheduling=http://127.0.0.1:1"];
        house.run(&[arguments, &peers[..]].concat())
    };
    let reads: [&[&str]; 8] = [
        &["runsheet", "cup", "--day", "2023-10-21"],
        &["shift", "list", "cup", "--day", "2023-10-21"],
        &["shift", "show", "cup/opening-stewards"],
        &["log", "list", "cup"],
        &["gate", "inside", "cup/opening"],
        &["gate", "openings", "cup"],
        &["scan", "list", "cup/opening"],
        &["volunteer", "list", "cup"],
    ];
    let writes: [&[&str]; 5] = [
        &["log", "add", "cup", "thunder"],
        &["gate", "advance", "cup/opening", "--to", "open"],
        &["scan", "jinjiang/stadium/north/d1", "1", "t1", "--session", "cup/opening"],
        &["shift", "headcount", "cup/opening-security", "58"],
        &["shift", "assign", "cup/opening-stewards", "v001"],
    ];
    for command in reads.iter().chain(&writes) {
        let ran = apart(command);
        assert_eq!(ran.code, Some(0), "{command:?}: {ran}");
        assert!(ran.err.contains("times are shown in UTC: scheduling, "), "{command:?}: {ran}");
    }
    let followers = apart(&["event", "followers", "--peer", "venues=http://127.0.0.1:1"]);
    assert_eq!(followers.code, Some(6), "{followers}");
    let venues = format!("venues=http://{}", house.address());
    let followers = apart(&["event", "followers", "--peer", &venues]);
    assert_eq!(followers.code, Some(0), "{followers}");
    assert!(followers.out.contains("venues"), "{followers}");
    assert!(followers.err.starts_with("scheduling does not tell its followers: "), "{followers}");
    assert_eq!(followers.err.lines().count(), 1, "{followers}");
    assert_eq!(house.run(&["runsheet", "cap"]).code, Some(4), "nobody knows it");
}

#[test]
fn the_log_is_only_added_to() {
    let house = House::staffed();
    let about = ["--about", "cup/m01", "--at", "2023-10-21 16:40"];
    let added = house.run(&[&["log", "add", "cup", "雷雨 thunderstorm"][..], &about[..]].concat()).done();
    assert!(added.contains("2023-10-21 16:40 +08:00"), "{added}");
    let json = house.run(&["log", "list", "cup", "--output", "json"]).done();
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json[0]["resources"][0], "tournaments/cup/activities/m01");
    house.run(&["log", "strike", "cup/1", "--reason", "写错了 wrong match"]).done();
    assert_snapshot!("log", without_clock(&house.run(&["log", "list", "cup"]).to_string()));
    for (about, full) in [
        ("opening", "tournaments/cup/sessions/opening"),
        ("cup/opening-stewards", "tournaments/cup/shifts/opening-stewards"),
        ("jinjiang", "sites/jinjiang"),
        ("jinjiang/stadium", "sites/jinjiang/venues/stadium"),
        ("jinjiang/stadium/pitch", "sites/jinjiang/venues/stadium/zones/pitch"),
        ("jinjiang/stadium/north", "sites/jinjiang/venues/stadium/gates/north"),
        ("tournaments/cup/volunteers/v001", "tournaments/cup/volunteers/v001"),
    ] {
        let added = house.run(&["log", "add", "cup", "x", "--about", about, "--output", "json"]).done();
        assert!(added.contains(&format!("\"{full}\"")), "{added}");
    }
    let unknown = house.run(&["log", "add", "cup", "x", "--about", "cup/m99"]);
    assert_eq!(unknown.code, Some(3), "{unknown}");
}

#[test]
fn sessions_and_activities_take_a_class() {
    let house = House::furnished();
    let create = ["session", "create", "cup/second", "--title", "第二场", "--venue", "jinjiang/stadium"];
    let created = house.run(&[&create[..], &["--expected", "500", "--class", "opening"]].concat()).done();
    assert!(created.contains("class     opening"), "{created}");
    let updated = house.run(&["session", "update", "cup/second", "--no-class", "--title", "Second"]).done();
    assert!(updated.contains("Second") && !updated.contains("class"), "{updated}");
    let updated = house.run(&["activity", "update", "cup/training", "--class", "training-day"]).done();
    assert!(updated.contains("training-day"), "{updated}");
    let create =
        ["activity", "create", "cup/m02", "--kind", "match", "--title", "M2", "--class", "group-match"];
    let place = ["--zone", "jinjiang/stadium/pitch", "--from", "2023-10-22 20:00", "--for", "1h55m"];
    let played = ["--competition", "men", "--stage", "group", "--home", "split", "--away", "hohai"];
    let officials = ["--official", "referee-03", "--official", "referee-04"];
    let created = house.run(&[&create[..], &place, &played, &officials].concat()).done();
    assert!(created.contains("referee-03, referee-04") && created.contains("group-match"), "{created}");
    let missing = house.run(&["plan", "apply", &file("plan.yaml")]);
    assert!(missing.err.contains("classes that the plan has not: training-day"), "{missing}");
}
