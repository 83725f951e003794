//! The volunteers of the reference tournament by the program, as the how-tos tell it: a roster made and put in force,
//! mended after a delay, somebody who is missing replaced, and at the end hours and a certificate.

use matchday_api::volunteers::v1::{
    Assignment, AssignmentState, ListAssignmentsRequest, ListShiftsRequest, Shift,
};
use matchday_tests::{
    clients::Clients,
    log,
    refusal::answered,
    rehearsal,
    stage::{Engine, Stage},
    town::Plan,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const CUP: &str = "tournaments/fisu-2023";
/// 21 October 2023, 09:00 in Jinjiang, in minutes after the first day of `make::at` began.
const THE_MORNING: i64 = 60;

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite() {
    let stage = rehearsal::open(Engine::Sqlite, Plan::One, THE_MORNING).await;
    from_roster_to_certificate(stage.expect("SQLite is there")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres() {
    if let Some(stage) = rehearsal::open(Engine::Postgres, Plan::One, THE_MORNING).await {
        from_roster_to_certificate(stage).await;
    }
}

fn run(stage: &mut Stage, words: &str) -> String {
    rehearsal::run(stage, &words.split(' ').collect::<Vec<_>>())
}

async fn shifts(admin: &mut Clients) -> Vec<Shift> {
    let request = ListShiftsRequest { parent: CUP.into(), page_size: 1000, ..ListShiftsRequest::default() };
    answered(admin.roster.list_shifts(request).await).shifts
}

async fn assignments(admin: &mut Clients, states: &[AssignmentState]) -> Vec<Assignment> {
    let request = ListAssignmentsRequest {
        parent: CUP.into(),
        page_size: 1000,
        states: states.iter().map(|state| (*state).into()).collect(),
        ..ListAssignmentsRequest::default()
    };
    answered(admin.roster.list_assignments(request).await).assignments
}

/// `tournaments/fisu-2023/shifts/S/assignments/V` as `fisu-2023/S` and `V`.
fn short(assignment: &str) -> (String, String) {
    let parts: Vec<&str> = assignment.split('/').collect();
    (format!("{}/{}", parts[1], parts[3]), parts[5].to_owned())
}

/// A page of the server, asked for as browsers do, without a token.
async fn page(stage: &mut Stage, path: &str) -> String {
    let url = stage.town().url("volunteers");
    let address = url.trim_start_matches("http://").to_owned();
    let mut connection = TcpStream::connect(&address).await.expect("the server listens");
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    connection.write_all(request.as_bytes()).await.expect("it is sent");
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.expect("it answers in UTF-8");
    answer
}

async fn from_roster_to_certificate(mut stage: Stage) {
    for words in [
        "site import site.yaml",
        "tournament import tournament.yaml",
        "tournament publish fisu-2023",
        "plan apply plan.yaml",
        "volunteer import volunteers.csv --groups groups.csv --tournament fisu-2023 --generated",
    ] {
        run(&mut stage, words);
    }
    let mut admin = stage.admin();
    log::settle(&mut admin).await;

    // what can be filled is filled, and the rest explained
    run(&mut stage, "roster generate fisu-2023 --day 2023-10-21 --budget 5s");
    let explained = run(&mut stage, "roster explain fisu-2023 --output json");
    run(&mut stage, "roster publish fisu-2023");
    run(&mut stage, "shift invite --all fisu-2023");
    run(&mut stage, "shift accept --all fisu-2023");
    let held = assignments(&mut admin, &[AssignmentState::Accepted]).await;
    assert!(held.len() > 200, "{} accepted", held.len());
    for shift in shifts(&mut admin).await.iter().filter(|shift| is_of_the_day(shift)) {
        let id = shift.name.rsplit('/').next().unwrap_or_default();
        let is_open = shift.unit.is_empty() && shift.taken < shift.headcount;
        assert!(!is_open || explained.contains(id), "{id} is open and unexplained");
    }

    // a delay moves shifts, and a repair leaves nobody broken
    run(&mut stage, "activity delay fisu-2023/m01 --by 3h --reason lightning");
    log::settle(&mut admin).await;
    let broken = assignments(&mut admin, &[AssignmentState::ToBeReplaced]).await;
    assert_ne!(broken.len(), 0, "three hours break something");
    run(&mut stage, "roster repair fisu-2023 --budget 5s");
    run(&mut stage, "roster publish fisu-2023");
    for shift in shifts(&mut admin).await {
        assert!(shift.taken <= shift.headcount || !shift.unit.is_empty(), "{shift:?}");
    }

    // somebody is missing, and somebody else takes the place in one step
    let held = assignments(&mut admin, &[AssignmentState::Accepted]).await;
    let missing = held.first().expect("somebody has accepted");
    let (shift, volunteer) = short(&missing.name);
    let replace = format!("shift replace {shift} {volunteer} --reason unwell");
    let shown = run(&mut stage, &format!("{replace} --dry-run"));
    assert!(shown.contains("substitute"), "{shown}");
    let before = shifts(&mut admin).await;
    let row = shown.lines().find(|line| line.starts_with("substitute")).expect("a substitute");
    let substitute = row.split_whitespace().nth(1).and_then(|name| name.split('/').next_back());
    let substitute = substitute.expect("its id").to_owned();
    run(&mut stage, &format!("{replace} --with {substitute} --agreed"));
    let withdrawn = assignments(&mut admin, &[AssignmentState::Withdrawn]).await;
    assert!(withdrawn.iter().any(|one| one.name == missing.name && one.reason == "unwell"));
    let taken = |shifts: &[Shift]| {
        let of = shifts.iter().find(|one| missing.name.starts_with(&format!("{}/", one.name)));
        of.map(|one| (one.taken, one.accepted))
    };
    assert_eq!(taken(&shifts(&mut admin).await), taken(&before), "the seat is held by another");

    // each reads the own shifts as a calendar, until the address ends
    let (_, volunteer) = short(&held.last().expect("somebody has accepted").name);
    let linked = run(&mut stage, &format!("volunteer calendar fisu-2023/{volunteer} --output json"));
    let path = linked.split('"').find(|part| part.starts_with("/shifts/")).expect("a path").to_owned();
    let calendar = page(&mut stage, &path).await;
    assert!(calendar.starts_with("HTTP/1.1 200") && calendar.contains("STATUS:CONFIRMED"), "{calendar}");
    assert!(!calendar.contains("Volunteer 志愿者") && !calendar.contains(&volunteer), "{calendar}");
    run(&mut stage, &format!("volunteer calendar fisu-2023/{volunteer} --revoke"));
    let ended = page(&mut stage, &path).await;
    assert!(ended.starts_with("HTTP/1.1 404"), "{ended}");

    // hours, and a certificate that anybody verifies
    let start =
        ["hours", "record", "fisu-2023/v001", "--start", "2023-10-20 18:00", "--end", "2023-10-20 23:30"];
    rehearsal::run(&mut stage, &[&start[..], &["--reason", "packed welcome bags"]].concat());
    let file = stage.data().join("v001.pdf").display().to_string();
    let issue = format!("hours certificate fisu-2023/v001 --language zh-CN --output json --out {file}");
    let issued = run(&mut stage, &issue);
    assert!(std::fs::read(&file).expect("the page is written").starts_with(b"%PDF-"));
    let code = issued.split("\"code\"").nth(1).and_then(|rest| rest.split('"').nth(1)).expect("a code");
    let valid = page(&mut stage, &format!("/certificates/{code}")).await;
    assert!(valid.starts_with("HTTP/1.1 200") && valid.contains("5 h 30 min"), "{valid}");
    assert!(valid.contains("该证书有效") && valid.contains("5 小时 30 分钟"), "{valid}");
    let entry = "hours correct fisu-2023/v001/0001 --none --reason mistaken";
    run(&mut stage, entry);
    let revoked = page(&mut stage, &format!("/certificates/{code}")).await;
    assert!(revoked.contains("该证书已被撤销") && !revoked.contains("5 h 30 min"), "{revoked}");
    let unknown = page(&mut stage, "/certificates/AAAAA-AAAAA-AAAAA-AAAAA").await;
    assert!(unknown.starts_with("HTTP/1.1 404"), "{unknown}");
}

/// Whether a shift begins on 21 October in Jinjiang, after nine in the morning.
fn is_of_the_day(shift: &Shift) -> bool {
    let start = shift.start_time.expect("a start").seconds;
    let nine = 1_697_850_000;
    (nine..nine + 15 * 3_600).contains(&start)
}
