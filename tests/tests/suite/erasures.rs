//! Erasing somebody: the bare name stays with what was served, and the pass that came with the accreditation is good no
//! more.

use matchday_api::{
    visitors::v1::{CredentialState, GetCredentialRequest, GetPassRequest},
    volunteers::v1::{
        ApplicationState, AssignVolunteerRequest, ErasePersonRequest, ExportApplicantsRequest,
        GetApplicantRequest, ImportVolunteersRequest, ListAssignmentsRequest, NewApplication, Volunteer,
    },
};
use matchday_tests::{
    evening::{CREW, CUP, Evening},
    log, make, on_every_stage,
    refusal::{answered, refused},
    stage::Stage,
};
use tonic::Code;

use crate::applications::{DOCUMENT, accredit, insure, name, new, read, submit, train};

on_every_stage! {
    who_is_erased_leaves_the_bare_name
}

/// An application that asks for a zone.
fn with_zone(id: &str) -> NewApplication {
    let mut new = new(id, DOCUMENT);
    new.application.as_mut().expect("set").zones = vec![make::pitch(1)];
    new
}

fn pass_of(volunteer: &str) -> GetPassRequest {
    GetPassRequest { volunteer: volunteer.to_owned() }
}

async fn who_is_erased_leaves_the_bare_name(stage: Stage) {
    Evening::begin(&stage, 1).await;
    let mut admin = stage.admin();
    submit(&mut admin, with_zone("a1")).await;
    train(&mut admin, &["a1"]).await;
    insure(&mut admin, "a1").await;
    answered(admin.applications.accredit_applications(accredit(&["a1"])).await);
    let volunteer = format!("{CUP}/volunteers/a1");
    log::settle(&mut admin).await;
    let pass = answered(admin.credentials.get_pass(pass_of(&volunteer)).await).credential.expect("a pass");
    assert_eq!((pass.state(), pass.zones), (CredentialState::Valid, vec![make::pitch(1)]));
    let assign =
        AssignVolunteerRequest { shift: CREW.into(), volunteer: volunteer.clone(), ..Default::default() };
    answered(admin.roster.assign_volunteer(assign.clone()).await);

    let erase = |name: &str| ErasePersonRequest {
        name: name.into(),
        reason: "asked for it".into(),
        ..Default::default()
    };
    let mut coordinator = stage.clients(&format!("volunteer-coordinator@{CUP}"));
    let denied = coordinator.applications.erase_person(erase(&volunteer)).await;
    refused(denied, Code::PermissionDenied, "PERMISSION_MISSING");
    let mut registrar = stage.clients(&format!("volunteer-registrar@{CUP}"));
    let erased = answered(registrar.applications.erase_person(erase(&volunteer)).await);
    assert_eq!((erased.application, erased.withdrawn), (name("a1"), 1));

    log::settle(&mut admin).await;
    let none = admin.credentials.get_pass(pass_of(&volunteer)).await;
    refused(none, Code::NotFound, "RESOURCE_NOT_FOUND");
    let revoked = answered(admin.credentials.get_credential(GetCredentialRequest { name: pass.name }).await);
    assert_eq!(revoked.credential.map(|one| one.state()), Some(CredentialState::Revoked));

    let left = read(&mut admin, "a1").await;
    assert!(left.erase_time.is_some() && left.state() == ApplicationState::Accredited, "{left:?}");
    assert_eq!((left.display_name.as_str(), left.skills.len()), ("", 0));
    let get = GetApplicantRequest { name: name("a1") };
    let gone = registrar.applications.get_applicant(get).await;
    refused(gone, Code::FailedPrecondition, "PERSON_ERASED");
    let exported = ExportApplicantsRequest { parent: CUP.into(), ..Default::default() };
    assert_eq!(answered(registrar.applications.export_applicants(exported).await).applicants, []);
    let held =
        ListAssignmentsRequest { parent: CUP.into(), volunteer: volunteer.clone(), ..Default::default() };
    assert_eq!(answered(admin.roster.list_assignments(held).await).assignments.len(), 1, "it stays recorded");
    let unknown = admin.roster.assign_volunteer(assign).await;
    refused(unknown, Code::NotFound, "RESOURCE_NOT_FOUND");
    for name in [volunteer.clone(), name("a1")] {
        let again = registrar.applications.erase_person(erase(&name)).await;
        refused(again, Code::FailedPrecondition, "PERSON_ERASED");
    }
    // nobody else gets the name, and the document is free
    let other = Volunteer { name: volunteer, display_name: "Somebody else".into(), ..Default::default() };
    let import =
        ImportVolunteersRequest { parent: CUP.into(), volunteers: vec![other], ..Default::default() };
    refused(admin.people.import_volunteers(import).await, Code::FailedPrecondition, "PERSON_ERASED");
    submit(&mut admin, new("a2", DOCUMENT)).await;
    let nobody = registrar.applications.erase_person(erase(&format!("{CUP}/volunteers/none"))).await;
    refused(nobody, Code::NotFound, "RESOURCE_NOT_FOUND");
}
