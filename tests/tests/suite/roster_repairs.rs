//! Rosters mended, made anew and made in part: what is pinned or has been asked stays.

use matchday_api::{
    scheduling::v1::DelayActivityRequest,
    volunteers::v1::{
        AssignVolunteerRequest, AssignmentChanged, AssignmentState, Availability, DeclineInvitationRequest,
        GenerateRosterRequest, GetRosterRequest, ImportVolunteersRequest, InviteVolunteerRequest,
        ListAssignmentsRequest, PinAssignmentRequest, PublishRosterRequest, Roster, RosterBudget, RosterMade,
        RosterPurpose, RosterScope, RosterState, generate_roster_response::Told,
    },
};
use matchday_kernel::SignedDuration;
use matchday_rpc::parse::to_duration;
use matchday_tests::{
    PATIENCE,
    clients::Clients,
    evening::{CREW, CUP, Evening, MATCH, STEWARDS, volunteer, volunteers},
    log, on_every_stage,
    refusal::{answered, refused},
    stage::Stage,
};
use tokio::time::timeout;
use tonic::Code;

on_every_stage! {
    who_declines_is_replaced_and_one_person_is_contacted
    what_is_only_proposed_is_decided_anew_unless_it_is_pinned
    a_part_is_made_alone
    what_a_delay_breaks_is_proposed_to_others_without_being_asked_for
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

/// A delay keeps the crew longer than the one who holds it can stay; nobody asks for a repair.
async fn what_a_delay_breaks_is_proposed_to_others_without_being_asked_for(stage: Stage) {
    let evening = Evening::with_kick_off(&stage, 3, 90).await;
    let mut admin = stage.admin();
    let mut leaves_early = volunteers(4).volunteers.pop().expect("the fourth");
    let (start_time, end_time) = (Some(evening.at(-80)), Some(evening.at(150)));
    leaves_early.availability = vec![Availability { start_time, end_time }];
    let import = ImportVolunteersRequest {
        parent: CUP.into(),
        volunteers: vec![leaves_early],
        ..ImportVolunteersRequest::default()
    };
    answered(admin.people.import_volunteers(import).await);
    assign(&mut admin, CREW, 3).await;
    let before = log::head(&mut admin.volunteers, "volunteers").await;
    let mut events = log::tail(&mut admin.volunteers, "volunteers", before).await;

    let delay = DelayActivityRequest {
        name: MATCH.into(),
        delay: Some(to_duration(SignedDuration::from_mins(30))),
        reason: "lightning".into(),
        ..DelayActivityRequest::default()
    };
    answered(admin.schedule.delay_activity(delay).await);
    let broken = events.next_of::<AssignmentChanged>().await;
    let made = events.next_of::<RosterMade>().await;
    assert_eq!((made.actor.as_str(), &made.change), ("services/volunteers", &broken.change));
    let name = log::read::<RosterMade>(&made).expect("it is one").roster;
    let roster = answered(admin.roster_drafts.get_roster(GetRosterRequest { name }).await).roster;
    let roster = roster.expect("it is there");
    assert_eq!((roster.purpose(), roster.state()), (RosterPurpose::Repair, RosterState::Draft));
    let of_crew = roster.seats.iter().find(|seat| seat.shift == CREW).expect("somebody for the crew");
    assert_ne!(of_crew.volunteer, volunteer(3), "somebody else");
    assert_eq!(ahead(&mut admin).await, [], "nobody holds anything of it");
    publish(&mut admin, &roster).await;
    assert!(ahead(&mut admin).await.contains(&(CREW.to_owned(), of_crew.volunteer.clone())));
}
