//! What volunteers do for themselves, by the program and with tokens of their own: nobody acts for another, a seat is taken
//! once, and whoever stands at the post signs in with its code.

use matchday_api::volunteers::v1::{
    Assignment, AssignmentState, GetOwnRosterRequest, GetShiftRequest, GiveBackShiftRequest,
    ImportVolunteersRequest, ListShiftsRequest, TakeShiftRequest, Volunteer,
    self_service_client::SelfServiceClient,
};
use matchday_rpc::Peer;
use matchday_tests::{
    log,
    process::command,
    refusal::{answered, refused, refused_field},
    rehearsal,
    stage::{Engine, Stage},
    town::Plan,
};
use tokio::task::JoinSet;
use tonic::Code;

const CUP: &str = "tournaments/fisu-2023";
/// 21 October 2023, 18:45 in Jinjiang, in minutes after the first day of `make::at` began.
const THE_EVENING: i64 = 645;
/// Volunteers who want one seat.
const RIVALS: usize = 12;

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite() {
    let stage = rehearsal::open(Engine::Sqlite, Plan::One, THE_EVENING).await;
    volunteers_help_themselves(stage.expect("SQLite is there")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres() {
    if let Some(stage) = rehearsal::open(Engine::Postgres, Plan::One, THE_EVENING).await {
        volunteers_help_themselves(stage).await;
    }
}

fn run(stage: &mut Stage, words: &str) -> String {
    rehearsal::run(stage, &words.split(' ').collect::<Vec<_>>())
}

fn name(volunteer: usize) -> String {
    format!("{CUP}/volunteers/p{volunteer:02}")
}

/// Issues a volunteer's token with the program, and returns its file.
fn token(stage: &Stage, volunteer: usize) -> String {
    let (data, name) = (stage.data().display().to_string(), name(volunteer));
    let file = stage.data().join(format!("{volunteer}.token")).display().to_string();
    let who = ["--subject", &name, "--role", "volunteer", "--scope", &name, "--expires", "3650d"];
    let where_to = ["--data", &data, "--out", &file];
    let _issued = command(&[&["token", "issue"], &who[..], &where_to].concat());
    file
}

/// Runs `matchday my` as a volunteer.
fn my(stage: &mut Stage, token: &str, words: &str) -> String {
    let connection = stage.town().connection();
    let mut all: Vec<&str> = ["my"].into_iter().chain(words.split(' ')).collect();
    all.extend(connection.iter().map(String::as_str));
    all.extend(["--token-file", token]);
    command(&all)
}

/// The service as a caller of this name calls it.
fn own(stage: &Stage, subject: &str, grant: &str) -> SelfServiceClient<Peer> {
    SelfServiceClient::new(stage.tokens().on_behalf(stage.nobody("volunteers"), subject, grant))
}

fn take(shift: &str) -> TakeShiftRequest {
    TakeShiftRequest { shift: format!("{CUP}/shifts/{shift}"), ..TakeShiftRequest::default() }
}

/// A desk of one this evening, one tomorrow, and people who can come at any time.
async fn people_and_desks(stage: &mut Stage) {
    for words in ["site import site.yaml", "tournament import tournament.yaml"] {
        run(stage, words);
    }
    let mut admin = stage.admin();
    log::settle(&mut admin).await;
    for (desk, day, start, end) in
        [("desk", "2023-10-21", "19:00", "22:00"), ("tomorrow", "2023-10-22", "09:00", "12:00")]
    {
        let when = format!("--day {day} --start {start} --end {end}");
        run(stage, &format!("shift create fisu-2023/{desk} --title Desk {when} --headcount 1"));
    }
    let person = |number| Volunteer {
        name: name(number),
        display_name: format!("Person {number}"),
        ..Volunteer::default()
    };
    let import = ImportVolunteersRequest {
        parent: CUP.into(),
        volunteers: (0..=RIVALS).map(person).collect(),
        ..ImportVolunteersRequest::default()
    };
    answered(admin.people.import_volunteers(import).await);
}

async fn volunteers_help_themselves(mut stage: Stage) {
    people_and_desks(&mut stage).await;
    let (first, grant) = (name(0), format!("volunteer@{}", name(0)));
    let own_token = token(&stage, 0);

    // before the day is open for sign-up nothing is offered or taken
    let mut own_service = own(&stage, &first, &grant);
    refused(own_service.take_shift(take("desk")).await, Code::FailedPrecondition, "ROSTER_PHASE");
    assert!(!my(&mut stage, &own_token, "offers --output json").contains("shifts/desk"));
    run(&mut stage, "roster phase fisu-2023 sign-up --day 2023-10-21");
    assert!(my(&mut stage, &own_token, "phases").contains("sign-up"));
    assert!(my(&mut stage, &own_token, "offers --output json").contains("shifts/desk"));

    // nobody acts for another: not as staff, and not beyond the own shifts
    let mut staff = own(&stage, "staff/li", "administrator@*");
    let as_staff = staff.get_own_roster(GetOwnRosterRequest {}).await;
    refused(as_staff, Code::PermissionDenied, "NOT_A_VOLUNTEER");
    let mut other = stage.clients(&grant);
    let list = ListShiftsRequest { parent: CUP.into(), ..ListShiftsRequest::default() };
    refused(other.roster.list_shifts(list).await, Code::PermissionDenied, "PERMISSION_MISSING");
    let mut stranger = own(&stage, &format!("{CUP}/volunteers/nobody"), &grant);
    refused(stranger.take_shift(take("desk")).await, Code::NotFound, "RESOURCE_NOT_FOUND");

    // the same id in another tournament is somebody else
    let elsewhere = GiveBackShiftRequest {
        shift: "tournaments/other/shifts/desk".into(),
        reason: "exam".into(),
        ..GiveBackShiftRequest::default()
    };
    refused_field(own_service.give_back_shift(elsewhere).await, "shift");

    // taken, signed in and out with the code of the post
    let taken = my(&mut stage, &own_token, "take desk");
    assert!(taken.contains("accepted") && taken.contains("19:00"), "{taken}");
    let shown = run(&mut stage, "shift code fisu-2023/desk --output json");
    let code = shown.split('"').nth(3).expect("a code").to_owned();
    let signed_in = my(&mut stage, &own_token, &format!("sign-in {}", code.to_lowercase()));
    assert!(signed_in.contains("signed-in"), "{signed_in}");
    my(&mut stage, &own_token, &format!("sign-out {code}"));
    let held = answered(own_service.get_own_roster(GetOwnRosterRequest {}).await);
    let states: Vec<AssignmentState> =
        held.shifts.iter().filter_map(|one| one.assignment.as_ref()).map(Assignment::state).collect();
    assert_eq!((states, held.time_zone.as_str()), (vec![AssignmentState::SignedOut], "Asia/Shanghai"));

    one_seat(&mut stage).await;

    // who waits gets the seat that is given back, on a locked day, too
    let holder = holder(&mut stage).await;
    let waits = (1..=RIVALS).find(|number| name(*number) != holder).expect("another");
    let (waiting, holding) = (token(&stage, waits), token(&stage, number_of(&holder)));
    my(&mut stage, &waiting, "wait tomorrow");
    run(&mut stage, "roster phase fisu-2023 locked --day 2023-10-22");
    my(&mut stage, &holding, "give-back tomorrow --reason exam");
    let asked = my(&mut stage, &waiting, "shifts");
    assert!(asked.contains("invited"), "{asked}");
    let accepted = my(&mut stage, &waiting, "accept");
    assert!(accepted.contains("accepted"), "{accepted}");
}

/// One seat is open, many want it at once, and one gets it.
async fn one_seat(stage: &mut Stage) {
    run(stage, "roster phase fisu-2023 sign-up");
    let mut taking = JoinSet::new();
    for rival in 1..=RIVALS {
        let mut service = own(stage, &name(rival), &format!("volunteer@{}", name(rival)));
        taking.spawn(async move { service.take_shift(take("tomorrow")).await });
    }
    let mut winners = 0;
    while let Some(taken) = taking.join_next().await {
        match taken.expect("it ends") {
            Ok(_) => winners += 1,
            lost => drop(refused(lost, Code::FailedPrecondition, "SHIFT_FULL")),
        }
    }
    assert_eq!(winners, 1);
    let shift = GetShiftRequest { name: format!("{CUP}/shifts/tomorrow") };
    let shift = answered(stage.admin().roster.get_shift(shift).await).shift.expect("it is there");
    assert_eq!((shift.taken, shift.accepted), (1, 1));
}

/// Who holds the seat of tomorrow.
async fn holder(stage: &mut Stage) -> String {
    for rival in 1..=RIVALS {
        let mut service = own(stage, &name(rival), &format!("volunteer@{}", name(rival)));
        let held = answered(service.get_own_roster(GetOwnRosterRequest {}).await);
        if !held.shifts.is_empty() {
            return held.volunteer;
        }
    }
    panic!("nobody holds the seat");
}

/// The number in a volunteer's name.
fn number_of(volunteer: &str) -> usize {
    volunteer.rsplit('p').next().and_then(|number| number.parse().ok()).expect("a number")
}
