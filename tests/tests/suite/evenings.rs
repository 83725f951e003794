//! The roster and the gates of one match: who wins a race, what is refused and leaves nothing behind, and what a
//! cancelled match takes along.

use std::{future::Future, sync::Arc};

use futures_util::future::join_all;
use matchday_api::{
    control::v1::{ListRunSheetItemsRequest, RunSheetState},
    scheduling::v1::{Activity, CancelActivityRequest, RestoreVersionRequest},
    venues::v1::{ListWorkOrdersRequest, WorkOrderState},
    visitors::v1::{
        AdvanceOpeningRequest, ClearOpeningRequest, Direction, GetOccupancyRequest, GetOpeningRequest,
        OpeningPhase, RedeemCredentialRequest, Verdict,
    },
    volunteers::v1::{
        AcceptInvitationRequest, AssignVolunteerRequest, AssignmentState, GetShiftRequest, Group,
        InviteVolunteerRequest, ListAssignmentsRequest, ListVolunteersRequest, ShiftState, SignInRequest,
    },
};
use matchday_tests::{
    clients::Clients,
    draft,
    evening::{self, CREW, CUP, Evening, MATCH, OPENING, STEWARDS, heads, scan, volunteer},
    log, make, on_every_stage,
    refusal::{answered, refusal, refused},
    stage::Stage,
};
use prost_types::Timestamp;
use tokio::sync::Barrier;
use tonic::Code;

/// Callers that want the same thing.
const MANY: usize = 32;

on_every_stage! {
    the_last_seat_has_one_winner
    a_volunteer_is_in_one_place_at_a_time
    a_ticket_lets_one_person_in
    what_is_refused_leaves_nothing_behind
    a_delay_leaves_what_has_begun
    a_cancelled_match_takes_its_work_along
    a_draft_in_force_takes_shifts_and_gates_along
}

/// What as many callers are answered who begin at once.
async fn race<T: Send + 'static, F: Future<Output = T> + Send + 'static>(
    caller: impl Fn(usize) -> F,
) -> Vec<T> {
    let line = Arc::new(Barrier::new(MANY));
    let callers = (0..MANY).map(|number| {
        let (line, call) = (line.clone(), caller(number));
        tokio::spawn(async move {
            line.wait().await;
            call.await
        })
    });
    join_all(callers).await.into_iter().map(|told| told.expect("it does not panic")).collect()
}

fn assign(shift: &str, number: usize) -> AssignVolunteerRequest {
    AssignVolunteerRequest {
        shift: shift.into(),
        volunteer: volunteer(number),
        ..AssignVolunteerRequest::default()
    }
}

async fn the_last_seat_has_one_winner(stage: Stage) {
    Evening::begin(&stage, MANY).await;
    let admin = stage.admin();
    let outcomes = race(|number| {
        let mut admin = admin.clone();
        async move { refusal(&admin.roster.assign_volunteer(assign(CREW, number)).await) }
    })
    .await;
    let full = (Code::FailedPrecondition, "SHIFT_FULL".to_owned());
    let won = outcomes.iter().filter(|(code, _)| *code == Code::Ok).count();
    let lost = outcomes.iter().filter(|outcome| **outcome == full).count();
    assert_eq!((won, lost), (1, MANY - 1), "{outcomes:?}");
    let shift = answered(admin.roster.clone().get_shift(GetShiftRequest { name: CREW.into() }).await);
    assert_eq!(shift.shift.expect("a shift").taken, 1);
}

async fn a_volunteer_is_in_one_place_at_a_time(stage: Stage) {
    Evening::begin(&stage, 1).await;
    let mut admin = stage.admin();
    let outcomes = race(|number| {
        let mut admin = admin.clone();
        let shift = if number % 2 == 0 { CREW } else { STEWARDS };
        async move { (shift, refusal(&admin.roster.assign_volunteer(assign(shift, 0)).await)) }
    })
    .await;
    let won: Vec<_> = outcomes.iter().filter(|(_, (code, _))| *code == Code::Ok).collect();
    assert_eq!(won.len(), 1, "{outcomes:?}");
    let other = outcomes.iter().filter(|(shift, _)| *shift != won[0].0);
    for (_, outcome) in other {
        assert_eq!(*outcome, (Code::FailedPrecondition, "SHIFT_OVERLAP".to_owned()));
    }
    let list = ListAssignmentsRequest { parent: CUP.into(), ..ListAssignmentsRequest::default() };
    assert_eq!(answered(admin.roster.list_assignments(list).await).assignments.len(), 1);
}

async fn a_ticket_lets_one_person_in(stage: Stage) {
    Evening::begin(&stage, MANY).await;
    let admin = stage.admin();
    let outcomes = race(|device| {
        let mut admissions = admin.admissions.clone();
        async move {
            let decided = answered(admissions.redeem_credential(scan(device, 1, 0)).await).scan;
            let again = answered(admissions.redeem_credential(scan(device, 1, 0)).await).scan;
            assert_eq!(again, decided, "the same scan, the same decision");
            decided.expect("a scan").verdict()
        }
    })
    .await;
    let of = |verdict: Verdict| outcomes.iter().filter(|it| **it == verdict).count();
    assert_eq!((of(Verdict::Admitted), of(Verdict::AlreadyInside)), (1, MANY - 1), "{outcomes:?}");
    let mut admissions = admin.admissions.clone();
    let other = RedeemCredentialRequest { direction: Direction::Exit.into(), ..scan(0, 1, 0) };
    refused(admissions.redeem_credential(other).await, Code::AlreadyExists, "SCAN_KEY_REUSED");
    let count = || GetOccupancyRequest { name: OPENING.into() };
    let inside = answered(admissions.get_occupancy(count()).await).occupancy.expect("a count");
    assert_eq!((inside.public, inside.everyone, inside.entries), (1, 1, 1));

    // nobody is let in at the end, and the clear-out closes what is open
    let early = ClearOpeningRequest { name: OPENING.into(), ..ClearOpeningRequest::default() };
    refused(admissions.clear_opening(early.clone()).await, Code::FailedPrecondition, "OPENING_PHASE");
    let advance = |phase: OpeningPhase| AdvanceOpeningRequest {
        name: OPENING.into(),
        phase: phase.into(),
        ..AdvanceOpeningRequest::default()
    };
    answered(admissions.advance_opening(advance(OpeningPhase::FreeEgress)).await);
    let back = admissions.advance_opening(advance(OpeningPhase::Open)).await;
    refused(back, Code::FailedPrecondition, "OPENING_PHASE");
    let late = answered(admissions.redeem_credential(scan(1, 2, 1)).await).scan.expect("a scan");
    assert_eq!(late.verdict(), Verdict::ExitOnly);
    assert_eq!(answered(admissions.clear_opening(early).await).closed, 1);
    let inside = answered(admissions.get_occupancy(count()).await).occupancy.expect("a count");
    assert_eq!((inside.public, inside.everyone), (0, 0));
}

async fn what_is_refused_leaves_nothing_behind(stage: Stage) {
    Evening::begin(&stage, 1).await;
    let mut admin = stage.admin();
    let cancel = CancelActivityRequest {
        name: MATCH.into(),
        reason: "the storm".into(),
        ..CancelActivityRequest::default()
    };
    answered(admin.schedule.cancel_activity(cancel).await);
    log::settle(&mut admin).await;
    let before = heads(&mut admin).await;

    let mut plan = evening::plan();
    plan.plan.as_mut().expect("a plan").classes[0].id = "semi-final".into();
    let answer = admin.plans.apply_service_plan(plan).await;
    refused(answer, Code::FailedPrecondition, "PLAN_CLASS_UNKNOWN");
    let mut plan = evening::plan();
    plan.plan.as_mut().expect("a plan").classes[0].posts[0].end = "KO-90".into();
    refused(admin.plans.apply_service_plan(plan).await, Code::InvalidArgument, "PLAN_INVALID");

    let group =
        |id: &str| Group { name: format!("{CUP}/groups/{id}"), display_name: id.into(), ..Group::default() };
    let mut people = evening::volunteers(3);
    people.volunteers.remove(0);
    people.groups = vec![group("one"), group("two")];
    people.volunteers[0].group.clone_from(&people.groups[0].name);
    people.volunteers[1] = people.volunteers[0].clone();
    people.volunteers[1].group.clone_from(&people.groups[1].name);
    let answer = admin.people.import_volunteers(people).await;
    assert_eq!(refusal(&answer).1, "VOLUNTEER_IN_TWO_GROUPS");

    let unknown = admin.admissions.redeem_credential(scan(7, 1, 0)).await;
    refused(unknown, Code::NotFound, "DEVICE_UNKNOWN");
    let delay = admin.schedule.delay_activity(make::delay(MATCH, 15)).await;
    refused(delay, Code::FailedPrecondition, "ACTIVITY_CANCELLED");

    assert_eq!(heads(&mut admin).await, before);
    let list = ListVolunteersRequest { parent: CUP.into(), ..ListVolunteersRequest::default() };
    assert_eq!(answered(admin.people.list_volunteers(list).await).volunteers.len(), 1);
}

async fn invited(admin: &mut Clients, shift: &str, number: usize) -> String {
    let name = answered(admin.roster.assign_volunteer(assign(shift, number)).await).assignment;
    let volunteer = volunteer(number);
    let invite = InviteVolunteerRequest { volunteer: volunteer.clone(), ..Default::default() };
    answered(admin.roster.invite_volunteer(invite).await);
    let accept = AcceptInvitationRequest { volunteer, ..Default::default() };
    answered(admin.roster.accept_invitation(accept).await);
    name.expect("an assignment").name
}

async fn a_delay_leaves_what_has_begun(stage: Stage) {
    let evening = Evening::begin(&stage, 2).await;
    let mut admin = stage.admin();
    let name = invited(&mut admin, CREW, 0).await;
    answered(admin.roster.sign_in(SignInRequest { name, ..SignInRequest::default() }).await);
    answered(admin.schedule.delay_activity(make::delay(MATCH, 45)).await);
    log::settle(&mut admin).await;
    let shift = answered(admin.roster.get_shift(GetShiftRequest { name: CREW.into() }).await).shift;
    let shift = shift.expect("a shift");
    assert_eq!((shift.start_time, shift.end_time), (Some(evening.at(-60)), Some(evening.at(115 + 30 + 45))));
    assert_eq!((shift.signed_in, shift.taken), (1, 1));
    let opening = answered(admin.admissions.get_opening(GetOpeningRequest { name: OPENING.into() }).await);
    let opening = opening.opening.expect("an opening");
    assert_eq!((opening.open_time, opening.phase()), (Some(evening.at(-120)), OpeningPhase::Open));
    assert_eq!(opening.exit_only_time, Some(evening.at(135)));
    let work = ListWorkOrdersRequest { parent: make::SITE.into(), ..ListWorkOrdersRequest::default() };
    let work = answered(admin.work_orders.list_work_orders(work).await).work_orders;
    assert_eq!(work.len(), 1, "{work:?}");
    assert_eq!((work[0].due_time, work[0].planned_due_time), (Some(evening.at(40)), Some(evening.at(-5))));
    let entered = answered(admin.admissions.redeem_credential(scan(0, 1, 0)).await).scan;
    assert_eq!(entered.expect("a scan").verdict(), Verdict::Admitted, "the gate was not closed again");
}

async fn a_cancelled_match_takes_its_work_along(stage: Stage) {
    Evening::begin(&stage, 2).await;
    let mut admin = stage.admin();
    let proposed = answered(admin.roster.assign_volunteer(assign(CREW, 0)).await).assignment;
    let cancel = CancelActivityRequest {
        name: MATCH.into(),
        reason: "the storm".into(),
        ..CancelActivityRequest::default()
    };
    answered(admin.schedule.cancel_activity(cancel).await);
    log::settle(&mut admin).await;
    let work = ListWorkOrdersRequest {
        parent: make::SITE.into(),
        states: vec![WorkOrderState::Cancelled.into()],
        ..ListWorkOrdersRequest::default()
    };
    assert_eq!(answered(admin.work_orders.list_work_orders(work).await).work_orders.len(), 1);
    // its posts began an hour before the kick-off: who is there must be able to leave in good order
    let shift = answered(admin.roster.get_shift(GetShiftRequest { name: CREW.into() }).await).shift;
    assert_eq!(shift.expect("a shift").state(), ShiftState::Planned);
    let list = ListAssignmentsRequest { parent: CREW.into(), ..ListAssignmentsRequest::default() };
    let assignments = answered(admin.roster.list_assignments(list).await).assignments;
    assert_eq!(assignments.len(), 1);
    assert_eq!(assignments[0].name, proposed.expect("an assignment").name);
    assert_eq!(assignments[0].state(), AssignmentState::Proposed);
    let request = ListRunSheetItemsRequest {
        parent: CUP.into(),
        occasion: MATCH.into(),
        show_cancelled: true,
        ..ListRunSheetItemsRequest::default()
    };
    let items = answered(admin.run_sheet.list_run_sheet_items(request).await).items;
    let kick_off = items.iter().find(|item| item.resource == MATCH).expect("it stays on the run sheet");
    assert_eq!(kick_off.state(), RunSheetState::Cancelled);
}

/// The match goes to the next day, another one comes with it; then the first version comes again.
async fn a_draft_in_force_takes_shifts_and_gates_along(stage: Stage) {
    const DAY: i64 = 24 * 60;
    let evening = Evening::with_kick_off(&stage, 1, DAY).await;
    let mut admin = stage.admin();
    let mut schedule = draft::schedule(&mut admin, "cup").await;
    let m1 = schedule.get_mut(MATCH).expect("the match");
    (m1.start_time, m1.end_time) = (Some(evening.at(DAY)), Some(evening.at(DAY + 115)));
    let mut m2 = Activity { name: make::name("cup", "m2"), revision: 0, ..m1.clone() };
    (m2.start_time, m2.end_time) = (Some(evening.at(DAY - 240)), Some(evening.at(DAY - 125)));
    schedule.insert(m2.name.clone(), m2);
    let proposed = draft::proposed(&mut admin, "cup", schedule).await.name;
    log::settle(&mut admin).await;
    assert_eq!(shift(&mut admin, CREW).await, (Some(evening.at(-60)), Some(evening.at(145))), "as it was");

    draft::try_publish(&mut admin, &proposed).await.expect("its places are free");
    log::settle(&mut admin).await;
    assert_eq!(shift(&mut admin, CREW).await, (Some(evening.at(DAY - 60)), Some(evening.at(DAY + 145))));
    let of_second = "tournaments/cup/shifts/m2-crew";
    assert_eq!(shift(&mut admin, of_second).await, (Some(evening.at(DAY - 300)), Some(evening.at(DAY - 95))));
    assert_eq!(
        gates_open(&mut admin).await,
        Some(evening.at(DAY - 360)),
        "for the first match of the session"
    );

    let restore = RestoreVersionRequest {
        name: "tournaments/cup/versions/1".into(),
        ..RestoreVersionRequest::default()
    };
    let again = answered(admin.versions.restore_version(restore).await).version.expect("a draft").name;
    draft::try_publish(&mut admin, &again).await.expect("its places are free");
    log::settle(&mut admin).await;
    assert_eq!(shift(&mut admin, CREW).await, (Some(evening.at(-60)), Some(evening.at(145))));
    let get = GetShiftRequest { name: of_second.into() };
    let cancelled = answered(admin.roster.get_shift(get).await).shift.expect("a shift");
    assert_eq!(cancelled.state(), ShiftState::Cancelled);
    assert_eq!(gates_open(&mut admin).await, Some(evening.at(-120)));
}

async fn shift(admin: &mut Clients, name: &str) -> (Option<Timestamp>, Option<Timestamp>) {
    let shift = answered(admin.roster.get_shift(GetShiftRequest { name: name.into() }).await).shift;
    let shift = shift.expect("a shift");
    (shift.start_time, shift.end_time)
}

async fn gates_open(admin: &mut Clients) -> Option<Timestamp> {
    let get = GetOpeningRequest { name: OPENING.into() };
    answered(admin.admissions.get_opening(get).await).opening.expect("an opening").open_time
}
