//! Service plans and gates, right and wrong.

use matchday_api::common::v1::Basis;
use matchday_api::scheduling::v1::{OnDelay, PlanSubject, WorkLimitKind};

use crate::failure::Failure;
use crate::file::{gates_text, plan_text};

const PLAN: &str = r#"tournament: cup
title: 开幕日保障方案
generated: [classes]
limits:
  - { kind: shift, value: 8h, basis: assumed, source: "no statutory figure found" }
  - { kind: rest, value: 11h, hard: true, basis: verified, source: a law }
classes:
  - id: opening
    title: Opening session
    subject: session
    gates: { opens: KO-120, exit_only: KO+75, free_egress: END-10, clears: END+45, gates: [north], basis: reported, source: a notice }
    posts:
      - { id: stewards, title: 闸口引导, start: GATES-45, end: CLEAR, on_delay: extend, headcount: 24, languages: [zh], zone: plaza, basis: assumed }
      - { id: security, title: Security, start: KO-180, end: CLEAR, on_delay: extend, headcount: 60, unit: Jinjiang security, basis: reported }
    work_orders:
      - { id: sweep, title: Sweep, start: GATES-90, due: GATES-15, on_delay: move, assignee: Venue crew, zone: stands, basis: assumed }
  - id: group-match
    title: Group match
    subject: activity
"#;

const GATES: &str = r"site: alps
gates:
  - id: north
    venue: main
    zone: plaza
    display_name: 北门
    source: a plan
    generated: [zone, display_name]
    devices:
      - { id: d1, display_name: Reader 1 }
      - { id: d2, display_name: Reader 2, source: a list, generated: [] }
  - { id: south, venue: main, zone: plaza, display_name: South }
  - { id: north, venue: east, zone: yard, display_name: North }
";

fn said(read: Result<(), impl Into<Failure>>) -> String {
    read.map_err(|faults| faults.into().to_string()).unwrap_err()
}

#[test]
fn a_plan_becomes_a_request() {
    let request = plan_text("f", PLAN).unwrap();
    assert_eq!((request.parent.as_str(), request.request_id.as_str()), ("tournaments/cup", ""));
    let plan = request.plan.unwrap();
    assert_eq!((plan.title.as_str(), plan.name.as_str()), ("开幕日保障方案", ""));
    let [shift, rest] = plan.limits.as_slice() else { panic!("two limits") };
    assert_eq!(
        (shift.kind(), shift.value.unwrap().seconds, shift.hard),
        (WorkLimitKind::Shift, 28_800, false)
    );
    assert!(rest.hard && rest.basis.as_ref().unwrap().source == "a law");
    let [opening, group] = plan.classes.as_slice() else { panic!("two classes") };
    assert_eq!((opening.subject(), group.subject()), (PlanSubject::Session, PlanSubject::Activity));
    let gates = opening.gates.as_ref().unwrap();
    assert_eq!((gates.opens.as_str(), gates.gates.as_slice()), ("KO-120", &["north".to_owned()][..]));
    assert_eq!(opening.posts[0].on_delay(), OnDelay::Extend);
    assert_eq!((opening.posts[0].headcount, opening.posts[0].zone.as_str()), (24, "plaza"));
    assert_eq!(opening.posts[1].unit, "Jinjiang security");
    assert_eq!(opening.posts[1].basis.as_ref().unwrap().basis(), Basis::Reported);
    assert_eq!((opening.work_orders[0].due.as_str(), group.posts.len()), ("GATES-15", 0));
}

#[test]
fn each_wrong_value_of_a_plan_is_named_with_line_and_field() {
    let table = r#"
tournament: cup => tournament: Cup => f:1: tournament: "Cup" is not of the form
title: 开幕日保障方案 => title: '' => f:2: title: is empty
[classes] => [posts] => f:3: generated: "posts" is neither "*" nor one of title, classes, limits
kind: rest => kind: shift => f:6: limits[1].kind: "shift" is already the kind of the one on line 5
kind: rest => kind: nap => f:6: limits[1].kind: "nap" is none of shift, day, rest
11h => 49h => f:6: limits[1].value: "49h" is not more than nothing and at most 48h
11h => eleven => f:6: limits[1].value: "eleven" is not a length of time
subject: session => subject: venue => f:10: classes[0].subject: "venue" is none of activity, session
subject: session => subject: activity => f:11: classes[0].gates: an activity has no gates
KO-120 => KICK-120 => f:11: classes[0].gates.opens: "KICK" is not a key time: it is one of KO, END
KO+75 => 2023-10-21T12:00:00Z => f:11: classes[0].gates.exit_only: "2023-10-21T12:00:00Z" follows no key time
GATES-45 => GATES-x => f:13: classes[0].posts[0].start: "GATES-x" is not a moment of a plan
headcount: 24 => headcount: 0 => f:13: classes[0].posts[0].headcount: "0" is not a number from 1 to 10000
[zh] => [Zh] => f:13: classes[0].posts[0].languages[0]: "Zh" is not of the form
zone: plaza => zone: Plaza => f:13: classes[0].posts[0].zone: "Plaza" is not of the form
id: sweep => id: security => f:16: classes[0].work_orders[0].id: "security" is already the id of the one on line 14
on_delay: move => on_delay: stop => f:16: classes[0].work_orders[0].on_delay: "stop" is none of move, extend, stay
assignee: Venue crew => assignee: ' ' => f:16: classes[0].work_orders[0].assignee: is empty
id: group-match => id: opening => f:17: classes[1].id: "opening" is already the id of the one on line 8
basis: verified => basis: sure => f:6: limits[1].basis: "sure" is none of verified, reported, assumed
Security, start => Security, begin => f:14: unknown field `begin`, expected one of id, title, start
"#;
    for row in table.lines().filter(|row| !row.is_empty()) {
        let [piece, by, expected] = row.split(" => ").collect::<Vec<_>>()[..] else { panic!("{row}") };
        assert_eq!(PLAN.matches(piece).count(), 1, "{piece:?} is to stand once in the text");
        let told = said(plan_text("f", &PLAN.replace(piece, by)).map(|_| ()));
        assert!(told.starts_with(&format!("error: {expected}")), "{by}: {told}");
    }
}

#[test]
fn every_fault_of_a_plan_is_told_at_once() {
    let wrong = PLAN.replace("11h", "49h").replace("KO-180", "KO-3h").replace("GATES-90", "GATE-90");
    assert_eq!(
        said(plan_text("f", &wrong).map(|_| ())),
        "error: 3 faults; nothing was sent\n  \
         f:6: limits[1].value: \"49h\" is not more than nothing and at most 48h\n  \
         f:14: classes[0].posts[1].start: \"KO-3h\" is not a moment of a plan: write it like KO-120, END+30, \
         START or 2023-10-21T12:00:00Z\n  \
         f:16: classes[0].work_orders[0].start: \"GATE\" is not a key time: it is one of KO, END, START, \
         GATES, CLEAR"
    );
}

#[test]
fn gates_become_a_request_with_full_names() {
    let request = gates_text("f", GATES).unwrap();
    assert_eq!(request.parent, "sites/alps");
    let names: Vec<&str> = request.gates.iter().map(|gate| gate.name.as_str()).collect();
    let venues = "sites/alps/venues";
    assert_eq!(
        names,
        ["main/gates/north", "main/gates/south", "east/gates/north"].map(|id| format!("{venues}/{id}"))
    );
    assert_eq!(request.gates[0].zone, "sites/alps/venues/main/zones/plaza");
    assert_eq!(request.gates[0].display_name, "北门");
    let [first, second] = request.devices.as_slice() else { panic!("two devices") };
    assert_eq!(first.name, "sites/alps/venues/main/gates/north/devices/d1");
    let provenance = first.provenance.as_ref().unwrap();
    assert_eq!(
        (provenance.source.as_str(), provenance.generated.as_slice()),
        ("a plan", &["display_name".to_owned()][..])
    );
    let own = second.provenance.as_ref().unwrap();
    assert_eq!((own.source.as_str(), own.generated.len()), ("a list", 0));
}

#[test]
fn every_fault_of_gates_is_told_at_once() {
    let wrong = GATES
        .replace("id: south", "id: north")
        .replace("id: d2", "id: d1")
        .replace("[zone,", "[zones,")
        .replace("zone: yard", "zone: east/yard");
    let told = said(gates_text("f", &wrong).map(|_| ()));
    for fault in [
        "4 faults",
        "f:8: gates[0].generated: \"zones\" is neither",
        "f:11: gates[0].devices[1].id: \"d1\" is already the id of the one on line 10",
        "f:12: gates[1].id: \"main/north\" is already the id of the one on line 3",
        "f:13: gates[2].zone: \"east/yard\" is not of the form",
    ] {
        assert!(told.contains(fault), "{fault}: {told}");
    }
    assert!(said(gates_text("f", "site: Alps\ngates: []\n").map(|_| ())).starts_with("error: f:1: site: "));
}
