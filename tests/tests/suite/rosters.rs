//! Rosters made by the engine: published, outdated, repeated, refused.

use matchday_api::volunteers::v1::{
    AcceptInvitationRequest, AssignVolunteerRequest, AssignmentState, DeclineInvitationRequest,
    ExplainRosterRequest, FindCandidatesRequest, FindOpenShiftsRequest, GenerateRosterRequest,
    GenerateRosterResponse, GetRosterRequest, InviteVolunteerRequest, ListAssignmentsRequest,
    ListRostersRequest, PublishRosterRequest, Roster, RosterBudget, RosterSeat, RosterState,
    generate_roster_response::Told,
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
use tonic::{Code, Streaming};

on_every_stage! {
    a_roster_is_made_explained_and_published
    a_draft_that_is_outdated_is_published_in_no_part
    a_client_that_hangs_up_finds_its_roster
    what_cannot_be_made_is_refused
}

fn generate(request_id: &str) -> GenerateRosterRequest {
    GenerateRosterRequest {
        parent: CUP.into(),
        budget: Some(RosterBudget { seconds: 2, seed: 1 }),
        request_id: request_id.into(),
        ..GenerateRosterRequest::default()
    }
}

async fn ended(mut messages: Streaming<GenerateRosterResponse>) -> Roster {
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

async fn made(admin: &mut Clients) -> Roster {
    ended(answered(admin.roster_drafts.generate_roster(generate("")).await)).await
}

fn publish(name: &str) -> PublishRosterRequest {
    PublishRosterRequest { name: name.into(), ..PublishRosterRequest::default() }
}

fn assign(shift: &str, number: usize) -> AssignVolunteerRequest {
    AssignVolunteerRequest {
        shift: shift.into(),
        volunteer: volunteer(number),
        ..AssignVolunteerRequest::default()
    }
}

/// Who holds a seat, as shift and volunteer.
async fn held(admin: &mut Clients) -> Vec<(String, String)> {
    let request = ListAssignmentsRequest {
        parent: CUP.into(),
        states: [AssignmentState::Proposed, AssignmentState::Accepted].map(Into::into).into(),
        ..ListAssignmentsRequest::default()
    };
    let assignments = answered(admin.roster.list_assignments(request).await).assignments;
    let of = |name: String| name.split_once("/assignments/").map(|(shift, _)| shift.to_owned());
    assignments.into_iter().filter_map(|one| Some((of(one.name)?, one.volunteer))).collect()
}

/// Two volunteers for three seats, one of whom holds one: that stays, one more is filled, and the last says why not.
async fn a_roster_is_made_explained_and_published(stage: Stage) {
    Evening::begin(&stage, 2).await;
    let mut admin = stage.admin();
    answered(admin.roster.assign_volunteer(assign(STEWARDS, 0)).await);
    let draft = made(&mut admin).await;
    assert_eq!(draft.state(), RosterState::Draft);
    assert_eq!((draft.seats.len(), draft.unfilled.len()), (1, 1), "{draft:?}");
    assert_eq!(draft.seats[0].volunteer, volunteer(1));
    let progress = draft.progress.expect("how good it is");
    assert!(progress.bound.is_some_and(|bound| bound <= progress.cost), "{progress:?}");
    assert_eq!(held(&mut admin).await.len(), 1, "a draft holds nothing");

    let request = ExplainRosterRequest { parent: CUP.into(), ..ExplainRosterRequest::default() };
    let explained = answered(admin.roster_drafts.explain_roster(request.clone()).await);
    assert_eq!(explained.roster, draft.name);
    let [open] = explained.explanations.as_slice() else { panic!("{explained:?}") };
    assert_eq!((open.shift.as_str(), open.seats), (draft.unfilled[0].shift.as_str(), 1));
    let kept_away: i32 = open.blocked.iter().map(|block| block.volunteers).sum();
    assert!(open.blocked.iter().all(|block| block.rule == "overlap"), "{open:?}");
    assert!(kept_away == 2 && open.free.is_empty(), "{open:?}");

    // of a shift, who could take a seat or replace somebody; of a person, what could be taken now
    let who = FindCandidatesRequest { shift: STEWARDS.into() };
    let who = answered(admin.roster_drafts.find_candidates(who).await).explanation.expect("an answer");
    let free: Vec<&str> = who.free.iter().map(|one| one.volunteer.as_str()).collect();
    assert_eq!((free, who.seats), (vec![volunteer(1).as_str()], 1));
    let what = |number| FindOpenShiftsRequest { volunteer: volunteer(number) };
    let idle = answered(admin.roster_drafts.find_open_shifts(what(1)).await);
    assert_eq!((idle.free.len(), idle.nearest.len()), (2, 0), "{idle:?}");
    let busy = answered(admin.roster_drafts.find_open_shifts(what(0)).await);
    assert!(busy.free.is_empty() && busy.nearest.iter().all(|one| one.rule == "overlap"), "{busy:?}");
    let unknown = admin.roster_drafts.find_open_shifts(what(9)).await;
    refused(unknown, Code::NotFound, "RESOURCE_NOT_FOUND");

    let other = ExplainRosterRequest { post: "none".into(), ..request };
    assert_eq!(answered(admin.roster_drafts.explain_roster(other).await).explanations, []);

    let check = PublishRosterRequest { validate_only: true, ..publish(&draft.name) };
    answered(admin.roster_drafts.publish_roster(check).await);
    assert_eq!(held(&mut admin).await.len(), 1, "a check changes nothing");
    let published = answered(admin.roster_drafts.publish_roster(publish(&draft.name)).await).roster;
    assert_eq!(published.expect("the roster").state(), RosterState::Published);
    let mut now = vec![
        (STEWARDS.to_owned(), volunteer(0)),
        (draft.seats[0].shift.clone(), draft.seats[0].volunteer.clone()),
    ];
    now.sort();
    assert_eq!(held(&mut admin).await, now);
    let full = FindCandidatesRequest { shift: draft.seats[0].shift.clone() };
    let full = answered(admin.roster_drafts.find_candidates(full).await).explanation.expect("an answer");
    assert!(full.seats == 1 && full.free.is_empty(), "{full:?}");
    let again = admin.roster_drafts.publish_roster(publish(&draft.name)).await;
    refused(again, Code::FailedPrecondition, "ROSTER_STATE");
}

/// Of three seats one was given away after the draft was made: none is taken. A new draft fills them again.
async fn a_draft_that_is_outdated_is_published_in_no_part(stage: Stage) {
    Evening::begin(&stage, 4).await;
    let mut admin = stage.admin();
    let draft = made(&mut admin).await;
    assert_eq!(draft.seats.len(), 3);
    let idle = (0..4).find(|one| draft.seats.iter().all(|seat| seat.volunteer != volunteer(*one)));
    let idle = idle.expect("one of four is left");
    answered(admin.roster.assign_volunteer(assign(CREW, idle)).await);
    let outdated = admin.roster_drafts.publish_roster(publish(&draft.name)).await;
    refused(outdated, Code::FailedPrecondition, "ROSTER_OUTDATED");
    assert_eq!(held(&mut admin).await, [(CREW.to_owned(), volunteer(idle))]);

    // who declines is not asked again
    let invite = InviteVolunteerRequest { volunteer: volunteer(idle), ..Default::default() };
    answered(admin.roster.invite_volunteer(invite).await);
    let decline = DeclineInvitationRequest { volunteer: volunteer(idle), ..Default::default() };
    answered(admin.roster.decline_invitation(decline).await);
    let anew = made(&mut admin).await;
    let declined = |seat: &RosterSeat| seat.shift == CREW && seat.volunteer == volunteer(idle);
    assert!(anew.seats.len() == 3 && !anew.seats.iter().any(declined), "{anew:?}");
    answered(admin.roster_drafts.publish_roster(publish(&anew.name)).await);
    assert_eq!(held(&mut admin).await.len(), 3);

    // it is one invitation for everybody, as ever
    let invite = InviteVolunteerRequest { volunteer: anew.seats[0].volunteer.clone(), ..Default::default() };
    assert_eq!(answered(admin.roster.invite_volunteer(invite).await).assignments.len(), 1);
    let accept = AcceptInvitationRequest { volunteer: anew.seats[0].volunteer.clone(), ..Default::default() };
    assert_eq!(answered(admin.roster.accept_invitation(accept).await).assignments.len(), 1);
    let former = admin.roster_drafts.publish_roster(publish(&draft.name)).await;
    refused(former, Code::FailedPrecondition, "ROSTER_OUTDATED");
}

/// A search goes on without its client; the same request finds it, and in the end its roster.
async fn a_client_that_hangs_up_finds_its_roster(stage: Stage) {
    Evening::begin(&stage, 4).await;
    let mut admin = stage.admin();
    drop(answered(admin.roster_drafts.generate_roster(generate("mine")).await));
    let found = ended(answered(admin.roster_drafts.generate_roster(generate("mine")).await)).await;
    let again = ended(answered(admin.roster_drafts.generate_roster(generate("mine")).await)).await;
    assert_eq!(found, again);
    let get = GetRosterRequest { name: found.name.clone() };
    assert_eq!(answered(admin.roster_drafts.get_roster(get).await).roster, Some(found));
    let other = GenerateRosterRequest { budget: None, ..generate("mine") };
    refused(
        admin.roster_drafts.generate_roster(other).await.map(drop),
        Code::InvalidArgument,
        "REQUEST_ID_REUSED",
    );
    let list = ListRostersRequest { parent: CUP.into(), ..ListRostersRequest::default() };
    assert_eq!(answered(admin.roster_drafts.list_rosters(list).await).rosters.len(), 1);
}

async fn what_cannot_be_made_is_refused(stage: Stage) {
    Evening::begin(&stage, 0).await;
    let mut admin = stage.admin();
    let requests = [
        generate(""),
        GenerateRosterRequest { parent: "tournaments/none".into(), ..generate("") },
        GenerateRosterRequest { budget: Some(RosterBudget { seconds: 601, seed: 0 }), ..generate("") },
    ];
    for request in requests {
        let answer = admin.roster_drafts.generate_roster(request).await.map(drop);
        refused(answer, Code::InvalidArgument, "INVALID_FIELD");
    }
    let unknown = admin.roster_drafts.publish_roster(publish(&format!("{CUP}/rosters/7"))).await;
    refused(unknown, Code::NotFound, "RESOURCE_NOT_FOUND");
}
