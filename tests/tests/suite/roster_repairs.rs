//! Rosters mended, made anew and made in part: what is pinned or has been asked stays.

use matchday_api::volunteers::v1::{
    AssignVolunteerRequest, AssignmentState, DeclineInvitationRequest, GenerateRosterRequest,
    InviteVolunteerRequest, ListAssignmentsRequest, PinAssignmentRequest, PublishRosterRequest, Roster,
    RosterBudget, RosterPurpose, RosterScope, generate_roster_response::Told,
};
use matchday_tests::{
    PATIENCE,
    clients::Clients,
    evening::{CREW, CUP, Evening, STEWARDS, volunteer},
    on_every_stage,
    refusal::{answered, refused},
    stage::Stage,
};
use tokio::time::timeout;
use tonic::Code;

on_every_stage! {
    who_declines_is_replaced_and_one_person_is_contacted
    what_is_only_proposed_is_decided_anew_unless_it_is_pinned
    a_part_is_made_alone
}

fn request(purpose: RosterPurpose) -> GenerateRosterRequest {
    GenerateRosterRequest {
        parent: CUP.into(),
        budget: Some(RosterBudget { seconds: 1, seed: 1 }),
        purpose: purpose.into(),
        ..GenerateRosterRequest::default()
    }
}

async fn made(admin: &mut Clients, request: GenerateRosterRequest) -> Roster {
    let mut messages = answered(admin.roster_drafts.generate_roster(request).await);
    let roster = async {
        loop {
            let message = messages.message().await.expect("it goes on").expect("it ends with a roster");
            if let Some(Told::Roster(roster)) = message.told {
                return *roster;
            }
        }
    };
    timeout(PATIENCE, roster).await.expect("a roster in time")
}

async fn publish(admin: &mut Clients, roster: &Roster) {
    let publish = PublishRosterRequest { name: roster.name.clone(), ..PublishRosterRequest::default() };
    answered(admin.roster_drafts.publish_roster(publish).await);
}

async fn assign(admin: &mut Clients, shift: &str, number: usize) {
    let assign = AssignVolunteerRequest {
        shift: shift.into(),
        volunteer: volunteer(number),
        ..AssignVolunteerRequest::default()
    };
    answered(admin.roster.assign_volunteer(assign).await);
}

fn pin(shift: &str, number: usize, pinned: bool) -> PinAssignmentRequest {
    let volunteer = volunteer(number);
    let id = volunteer.rsplit('/').next().unwrap_or_default();
    PinAssignmentRequest {
        name: format!("{shift}/assignments/{id}"),
        pinned,
        ..PinAssignmentRequest::default()
    }
}

/// Who holds a seat that is still to come, as shift and volunteer.
async fn ahead(admin: &mut Clients) -> Vec<(String, String)> {
    let request = ListAssignmentsRequest {
        parent: CUP.into(),
        states: [AssignmentState::Proposed, AssignmentState::Invited, AssignmentState::Accepted]
            .map(Into::into)
            .into(),
        ..ListAssignmentsRequest::default()
    };
    let assignments = answered(admin.roster.list_assignments(request).await).assignments;
    let of = |name: String| name.split_once("/assignments/").map(|(shift, _)| shift.to_owned());
    assignments.into_iter().filter_map(|one| Some((of(one.name)?, one.volunteer))).collect()
}

async fn who_declines_is_replaced_and_one_person_is_contacted(stage: Stage) {
    // 90 minutes ahead, nothing has begun
    Evening::with_kick_off(&stage, 4, 90).await;
    let mut admin = stage.admin();
    assign(&mut admin, CREW, 0).await;
    assign(&mut admin, STEWARDS, 1).await;
    assign(&mut admin, STEWARDS, 2).await;
    let nothing = made(&mut admin, request(RosterPurpose::Repair)).await;
    assert_eq!((nothing.seats.as_slice(), nothing.released.as_slice()), (&[][..], &[][..]));

    let invite = InviteVolunteerRequest { volunteer: volunteer(0), ..Default::default() };
    answered(admin.roster.invite_volunteer(invite).await);
    let decline = DeclineInvitationRequest { volunteer: volunteer(0), ..Default::default() };
    answered(admin.roster.decline_invitation(decline).await);
    let repair = made(&mut admin, request(RosterPurpose::Repair)).await;
    assert_eq!(repair.purpose(), RosterPurpose::Repair);
    let [seat] = repair.seats.as_slice() else { panic!("{repair:?}") };
    assert_eq!((seat.shift.as_str(), seat.volunteer.as_str()), (CREW, volunteer(3).as_str()));
    assert_eq!((repair.released.len(), repair.unfilled.len()), (0, 0), "{repair:?}");
    let price = repair.price.expect("a repair has a price");
    assert_eq!((price.people, price.assignments), (1, 0), "{price:?}");
    assert_eq!(price.total, price.quality + 2_000);
    publish(&mut admin, &repair).await;
    let held = ahead(&mut admin).await;
    assert!(held.contains(&(CREW.to_owned(), volunteer(3))), "{held:?}");
    assert_eq!(held.len(), 3);
}

/// Two who are only proposed sit where the search may put them elsewhere; the pinned one stays.
async fn what_is_only_proposed_is_decided_anew_unless_it_is_pinned(stage: Stage) {
    Evening::with_kick_off(&stage, 3, 90).await;
    let mut admin = stage.admin();
    assign(&mut admin, CREW, 0).await;
    assign(&mut admin, STEWARDS, 1).await;
    answered(admin.roster.pin_assignment(pin(CREW, 0, true)).await);
    let anew = made(&mut admin, request(RosterPurpose::Regenerate)).await;
    assert!(anew.released.iter().all(|seat| seat.shift != CREW && !seat.lost), "{anew:?}");
    assert_eq!(anew.unfilled, []);
    publish(&mut admin, &anew).await;
    let held = ahead(&mut admin).await;
    assert!(held.contains(&(CREW.to_owned(), volunteer(0))), "{held:?}");
    assert_eq!(held.len(), 3);

    // what a draft releases and is pinned meanwhile is released by nobody
    answered(admin.roster.pin_assignment(pin(CREW, 0, false)).await);
    let unknown = admin.roster.pin_assignment(pin(CREW, 2, true)).await;
    refused(unknown, Code::NotFound, "RESOURCE_NOT_FOUND");
}

async fn a_part_is_made_alone(stage: Stage) {
    Evening::with_kick_off(&stage, 3, 90).await;
    let mut admin = stage.admin();
    let of = |posts: &[&str]| GenerateRosterRequest {
        scope: Some(RosterScope {
            posts: posts.iter().map(|post| (*post).to_owned()).collect(),
            ..RosterScope::default()
        }),
        ..request(RosterPurpose::Fill)
    };
    let crew = made(&mut admin, of(&["crew"])).await;
    assert_eq!(crew.seats.iter().map(|seat| seat.shift.as_str()).collect::<Vec<_>>(), [CREW]);
    assert_eq!(crew.unfilled, [], "only what was asked for counts");
    let none = admin.roster_drafts.generate_roster(of(&["none"])).await.map(drop);
    refused(none, Code::InvalidArgument, "INVALID_FIELD");
    let many: Vec<&str> = vec!["crew"; 101];
    let too_many = admin.roster_drafts.generate_roster(of(&many)).await.map(drop);
    refused(too_many, Code::InvalidArgument, "INVALID_FIELD");
}
