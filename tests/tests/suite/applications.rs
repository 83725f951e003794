//! Applications: from handing in to accreditation, imports, races for a place, and who may read what.

use matchday_api::volunteers::v1::{
    AccreditApplicationsRequest, Applicant, Application, ApplicationState, AssignVolunteerRequest,
    BookInterviewRequest, CancelInterviewRequest, ConsentKind, Course, CreateCourseRequest,
    CreateInterviewSlotRequest, EnrolInCourseRequest, ExportApplicantsRequest, GetApplicantRequest,
    GetApplicationRequest, GetVolunteerRequest, ImportApplicationsRequest, InsuranceState, InterviewSlot,
    ListApplicationsRequest, ListInterviewSlotsRequest, NewApplication, PassInterviewsRequest,
    PassTrainingsRequest, RecordConsentRequest, RecordCourseAttendanceRequest, RecordInsuranceRequest,
    RejectApplicationsRequest, ScreenApplicationsRequest, SubmitApplicationRequest,
    WithdrawApplicationRequest,
};
use matchday_tests::{
    clients::Clients,
    evening::{CREW, CUP, Evening, volunteer},
    log, on_every_stage,
    refusal::{answered, refusal, refused, refused_field, subjects},
    stage::Stage,
};
use tokio::task::JoinSet;
use tonic::Code;

on_every_stage! {
    an_applicant_becomes_a_volunteer_who_takes_a_shift
    what_is_missing_blocks_an_accreditation
    a_required_course_is_attended_before_an_accreditation
    a_place_in_an_interview_is_taken_once
    an_import_tells_all_that_is_wrong
    who_applies_is_read_by_few_and_stands_in_no_event
}

const CLIENTS: usize = 24;
const NAME: &str = "Lin Xiaoming";
pub(super) const DOCUMENT: &str = "51010119990101123X";

pub(super) fn name(id: &str) -> String {
    format!("{CUP}/applications/{id}")
}

pub(super) fn new(id: &str, document: &str) -> NewApplication {
    NewApplication {
        application: Some(Application {
            name: if id.is_empty() { String::new() } else { name(id) },
            skills: vec!["first-aid".into()],
            languages: vec!["zh".into(), "en".into()],
            ..Application::default()
        }),
        applicant: Some(Applicant {
            display_name: NAME.into(),
            birth_date: "1999-01-01".into(),
            email: "lin@example.org".into(),
            phone: "+86 138 0013 8000".into(),
            document_number: document.into(),
            ..Applicant::default()
        }),
        consent_version: "privacy-1".into(),
    }
}

pub(super) async fn submit(admin: &mut Clients, new: NewApplication) -> Application {
    let new_application = Some(new);
    let request = SubmitApplicationRequest { parent: CUP.into(), new_application, ..Default::default() };
    answered(admin.applications.submit_application(request).await).application.expect("the application")
}

pub(super) async fn read(admin: &mut Clients, id: &str) -> Application {
    let request = GetApplicationRequest { name: name(id) };
    answered(admin.applications.get_application(request).await).application.expect("the application")
}

async fn screen(admin: &mut Clients, ids: &[&str]) {
    let names = ids.iter().map(|id| name(id)).collect();
    let request = ScreenApplicationsRequest { parent: CUP.into(), names, ..Default::default() };
    answered(admin.applications.screen_applications(request).await);
}

/// Screens, interviews and trains.
pub(super) async fn train(admin: &mut Clients, ids: &[&str]) {
    screen(admin, ids).await;
    let names: Vec<String> = ids.iter().map(|id| name(id)).collect();
    let pass = PassInterviewsRequest { parent: CUP.into(), names: names.clone(), ..Default::default() };
    answered(admin.applications.pass_interviews(pass).await);
    let pass = PassTrainingsRequest { parent: CUP.into(), names, ..Default::default() };
    answered(admin.applications.pass_trainings(pass).await);
}

pub(super) fn accredit(ids: &[&str]) -> AccreditApplicationsRequest {
    let names = ids.iter().map(|id| name(id)).collect();
    AccreditApplicationsRequest { parent: CUP.into(), names, ..Default::default() }
}

pub(super) async fn insure(admin: &mut Clients, id: &str) {
    let insurance = InsuranceState::Covered.into();
    let request = RecordInsuranceRequest { name: name(id), insurance, ..Default::default() };
    answered(admin.applications.record_insurance(request).await);
}

async fn an_applicant_becomes_a_volunteer_who_takes_a_shift(stage: Stage) {
    Evening::begin(&stage, 1).await;
    let mut admin = stage.admin();
    let handed_in = submit(&mut admin, new("a1", DOCUMENT)).await;
    assert_eq!(handed_in.state(), ApplicationState::Applied);
    assert_eq!(handed_in.display_name, "", "replies to writes are kept, and say nothing of the person");
    // one who is a volunteer already, and brings more
    let mut known = new("a2", "");
    known.application.as_mut().expect("set").volunteer = volunteer(0);
    submit(&mut admin, known).await;
    let early = admin.applications.accredit_applications(accredit(&["a1"])).await;
    refused(early, Code::FailedPrecondition, "APPLICATION_STATE");

    train(&mut admin, &["a1", "a2"]).await;
    insure(&mut admin, "a1").await;
    insure(&mut admin, "a2").await;
    let accredited = answered(admin.applications.accredit_applications(accredit(&["a1", "a2"])).await);
    let became: Vec<&str> = accredited.applications.iter().map(|one| one.volunteer.as_str()).collect();
    assert_eq!(became, [format!("{CUP}/volunteers/a1"), volunteer(0)]);
    let get = |name: &str| GetVolunteerRequest { name: name.into() };
    let made = answered(admin.people.get_volunteer(get(became[0])).await).volunteer.expect("made");
    assert_eq!((made.display_name.as_str(), made.skills), (NAME, vec!["first-aid".to_owned()]));
    let completed = answered(admin.people.get_volunteer(get(became[1])).await).volunteer.expect("completed");
    assert_ne!(completed.display_name, NAME);
    assert!(completed.skills.contains(&"first-aid".to_owned()), "{completed:?}");

    let (shift, volunteer) = (CREW.to_owned(), became[0].to_owned());
    let assign = AssignVolunteerRequest { shift, volunteer, ..Default::default() };
    answered(admin.roster.assign_volunteer(assign).await);

    // it moves no more
    let reject = RejectApplicationsRequest {
        parent: CUP.into(),
        names: vec![name("a1")],
        reason: "too late".into(),
        ..Default::default()
    };
    let late = admin.applications.reject_applications(reject).await;
    assert_eq!(subjects(&refused(late, Code::FailedPrecondition, "APPLICATION_STATE")), [name("a1")]);
}

async fn what_is_missing_blocks_an_accreditation(stage: Stage) {
    Evening::begin(&stage, 0).await;
    let mut admin = stage.admin();
    submit(&mut admin, new("a1", "")).await;
    let mut young = NewApplication { consent_version: String::new(), ..new("a2", "") };
    let year = stage.now().to_string()[..4].parse::<i32>().expect("a year") - 15;
    young.applicant.as_mut().expect("set").birth_date = format!("{year}-01-01");
    assert!(submit(&mut admin, young).await.minor);
    train(&mut admin, &["a1", "a2"]).await;
    let blocked = admin.applications.accredit_applications(accredit(&["a1", "a2"])).await;
    let blocked = refused(blocked, Code::FailedPrecondition, "ACCREDITATION_BLOCKED");
    assert_eq!(subjects(&blocked), [name("a1"), name("a2"), name("a2"), name("a2")]);
    assert_eq!(read(&mut admin, "a1").await.state(), ApplicationState::Trained, "all or none");

    let consent = |kind: ConsentKind| RecordConsentRequest {
        name: name("a2"),
        kind: kind.into(),
        version: "privacy-1".into(),
        ..Default::default()
    };
    answered(admin.applications.record_consent(consent(ConsentKind::Own)).await);
    insure(&mut admin, "a1").await;
    insure(&mut admin, "a2").await;
    let no_guardian = admin.applications.accredit_applications(accredit(&["a2"])).await;
    let no_guardian = refused(no_guardian, Code::FailedPrecondition, "ACCREDITATION_BLOCKED");
    assert!(no_guardian.message().contains("no guardian"), "{no_guardian}");
    answered(admin.applications.record_consent(consent(ConsentKind::Guardian)).await);
    answered(admin.applications.accredit_applications(accredit(&["a1", "a2"])).await);
}

fn slot(id: &str, evening: Evening, minutes: i64, capacity: i32) -> CreateInterviewSlotRequest {
    let slot = InterviewSlot {
        name: format!("{CUP}/interview-slots/{id}"),
        start_time: Some(evening.at(minutes)),
        end_time: Some(evening.at(minutes + 30)),
        capacity,
        ..InterviewSlot::default()
    };
    CreateInterviewSlotRequest { parent: CUP.into(), slot: Some(slot), ..Default::default() }
}

fn book(id: &str, slot: &str) -> BookInterviewRequest {
    let slot = format!("{CUP}/interview-slots/{slot}");
    BookInterviewRequest { name: name(id), slot, ..Default::default() }
}

/// Two sessions of a course that is required: one of them is enough, and gives the skill with the accreditation.
async fn a_required_course_is_attended_before_an_accreditation(stage: Stage) {
    let evening = Evening::begin(&stage, 1).await;
    let mut admin = stage.admin();
    submit(&mut admin, new("a1", DOCUMENT)).await;
    train(&mut admin, &["a1"]).await;
    insure(&mut admin, "a1").await;
    let course = |id: &str| Course {
        name: format!("{CUP}/courses/{id}"),
        title: format!("Radio {id}"),
        // it goes on at the moment
        start_time: Some(evening.at(-600)),
        end_time: Some(evening.at(600)),
        capacity: 10,
        skill: "radio".into(),
        valid_days: 30,
        required: true,
        ..Course::default()
    };
    for id in ["r1", "r2"] {
        let create = CreateCourseRequest {
            parent: CUP.into(),
            course: Some(course(id)),
            ..CreateCourseRequest::default()
        };
        answered(admin.training.create_course(create).await);
    }
    let blocked = admin.applications.accredit_applications(accredit(&["a1"])).await;
    let status = refused(blocked, Code::FailedPrecondition, "ACCREDITATION_BLOCKED");
    assert_eq!(subjects(&status), [name("a1"), name("a1")], "each of the courses");
    let (course, people) = (course("r2").name, vec![name("a1")]);
    let enrol = EnrolInCourseRequest {
        course: course.clone(),
        people: people.clone(),
        ..EnrolInCourseRequest::default()
    };
    answered(admin.training.enrol_in_course(enrol).await);
    let attended = RecordCourseAttendanceRequest {
        course,
        attended: people,
        ..RecordCourseAttendanceRequest::default()
    };
    answered(admin.training.record_course_attendance(attended).await);
    let accredited = answered(admin.applications.accredit_applications(accredit(&["a1"])).await);
    let get = GetVolunteerRequest { name: accredited.applications[0].volunteer.clone() };
    let made = answered(admin.people.get_volunteer(get).await).volunteer.expect("made");
    let learned: Vec<&str> = made.learned.iter().map(|one| one.skill.as_str()).collect();
    assert_eq!((learned, made.learned[0].expire_time.is_some()), (vec!["radio"], true));
}

async fn a_place_in_an_interview_is_taken_once(stage: Stage) {
    let evening = Evening::begin(&stage, 0).await;
    let mut admin = stage.admin();
    answered(admin.applications.create_interview_slot(slot("s1", evening, 60, 1)).await);
    answered(admin.applications.create_interview_slot(slot("s2", evening, 90, 40)).await);
    answered(admin.applications.create_interview_slot(slot("past", evening, -90, 1)).await);
    let ids: Vec<String> = (0..CLIENTS).map(|number| format!("a{number:02}")).collect();
    let new_applications = ids.iter().map(|id| new(id, "")).collect();
    let import = ImportApplicationsRequest { parent: CUP.into(), new_applications, ..Default::default() };
    answered(admin.applications.import_applications(import).await);
    refused(
        admin.applications.book_interview(book("a00", "s1")).await,
        Code::FailedPrecondition,
        "APPLICATION_STATE",
    );
    screen(&mut admin, &ids.iter().map(String::as_str).collect::<Vec<_>>()).await;
    refused(
        admin.applications.book_interview(book("a00", "past")).await,
        Code::FailedPrecondition,
        "INTERVIEW_SLOT_PAST",
    );

    let mut race = JoinSet::new();
    for id in ids.clone() {
        let mut client = stage.admin();
        race.spawn(async move { (id.clone(), client.applications.book_interview(book(&id, "s1")).await) });
    }
    let mut winners = Vec::new();
    for (id, answer) in race.join_all().await {
        match refusal(&answer) {
            (Code::Ok, _) => winners.push(id),
            (code, reason) => {
                assert_eq!((code, reason.as_str()), (Code::FailedPrecondition, "INTERVIEW_SLOT_FULL"));
                let status = answer.expect_err("refused");
                assert_eq!(subjects(&status), [format!("{CUP}/interview-slots/s2")], "what has room");
            }
        }
    }
    let [winner] = winners.as_slice() else { panic!("{winners:?}") };
    // taking another gives it back, and so does taking the application back
    answered(admin.applications.book_interview(book(winner, "s2")).await);
    let other = ids.iter().find(|id| *id != winner).expect("another");
    answered(admin.applications.book_interview(book(other, "s1")).await);
    let withdraw = WithdrawApplicationRequest { name: name(other), ..Default::default() };
    answered(admin.applications.withdraw_application(withdraw).await);
    let cancel = CancelInterviewRequest { name: name(winner), ..Default::default() };
    answered(admin.applications.cancel_interview(cancel).await);
    let list = ListInterviewSlotsRequest { parent: CUP.into(), ..Default::default() };
    let slots = answered(admin.applications.list_interview_slots(list).await).slots;
    assert!(slots.len() == 3 && slots.iter().all(|slot| slot.booked == 0), "{slots:?}");
}

async fn an_import_tells_all_that_is_wrong(stage: Stage) {
    Evening::begin(&stage, 0).await;
    let mut admin = stage.admin();
    submit(&mut admin, new("a0", DOCUMENT)).await;
    let twice = SubmitApplicationRequest {
        parent: CUP.into(),
        new_application: Some(new("a9", "510101 19990101 123-x")),
        ..Default::default()
    };
    let twice = admin.applications.submit_application(twice).await;
    let twice = refused(twice, Code::AlreadyExists, "IDENTITY_DOCUMENT_TAKEN");
    assert!(twice.message().contains(&name("a0")) && !twice.message().contains("1999"), "{twice}");

    let mut wrong = new("a2", "");
    wrong.applicant.as_mut().expect("set").email = "nobody".into();
    let new_applications = vec![
        new("a1", "P1234567"),
        wrong,
        new("a3", DOCUMENT),
        new("a4", "p123-4567"),
        new("a0", ""),
        new("", ""),
    ];
    let import = ImportApplicationsRequest { parent: CUP.into(), new_applications, ..Default::default() };
    let refused_all = admin.applications.import_applications(import.clone()).await;
    refused(refused_all, Code::InvalidArgument, "INVALID_FIELD");
    let preview = ImportApplicationsRequest { validate_only: true, ..import.clone() };
    let preview = answered(admin.applications.import_applications(preview).await);
    let fields: Vec<&str> = preview.faults.iter().map(|fault| fault.field.as_str()).collect();
    let field = |place: usize, field: &str| format!("new_applications[{place}].{field}");
    assert_eq!(
        fields,
        [
            field(1, "applicant.email"),
            field(2, "applicant.document_number"),
            field(3, "applicant.document_number"),
            field(4, "application.name")
        ]
    );
    assert_eq!((preview.applications, preview.left_out), (2, 4));
    let list = ListApplicationsRequest { parent: CUP.into(), ..Default::default() };
    assert_eq!(answered(admin.applications.list_applications(list.clone()).await).applications.len(), 1);

    let skip = ImportApplicationsRequest { skip_bad: true, ..import };
    let done = answered(admin.applications.import_applications(skip).await);
    assert_eq!((done.applications, done.left_out), (2, 4));
    let all = answered(admin.applications.list_applications(list.clone()).await).applications;
    assert_eq!(all.len(), 3);
    screen(&mut admin, &["a1"]).await;
    let screened = ListApplicationsRequest { states: vec![ApplicationState::Screened.into()], ..list };
    let screened = answered(admin.applications.list_applications(screened).await).applications;
    assert_eq!(screened.iter().map(|one| one.name.clone()).collect::<Vec<_>>(), [name("a1")]);

    let mut unborn = new("a5", "");
    unborn.applicant.as_mut().expect("set").birth_date = "2999-01-01".into();
    let unborn =
        SubmitApplicationRequest { parent: CUP.into(), new_application: Some(unborn), ..Default::default() };
    refused_field(
        admin.applications.submit_application(unborn).await,
        "new_application.applicant.birth_date",
    );
}

async fn who_applies_is_read_by_few_and_stands_in_no_event(stage: Stage) {
    Evening::begin(&stage, 0).await;
    let mut admin = stage.admin();
    submit(&mut admin, new("a1", DOCUMENT)).await;
    let get = GetApplicantRequest { name: name("a1") };
    let export = ExportApplicantsRequest { parent: CUP.into(), ..Default::default() };
    let mut coordinator = stage.clients(&format!("volunteer-coordinator@{CUP}"));
    let denied = coordinator.applications.get_applicant(get.clone()).await;
    refused(denied, Code::PermissionDenied, "PERMISSION_MISSING");
    let denied = coordinator.applications.export_applicants(export.clone()).await;
    refused(denied, Code::PermissionDenied, "PERMISSION_MISSING");
    assert_eq!(read(&mut coordinator, "a1").await.display_name, NAME);

    let mut registrar = stage.clients(&format!("volunteer-registrar@{CUP}"));
    let applicant = answered(registrar.applications.get_applicant(get).await).applicant.expect("who applies");
    assert_eq!((applicant.document_last.as_str(), applicant.document_number.as_str()), ("123X", ""));
    assert_eq!(applicant.email, "lin@example.org");
    let exported = answered(registrar.applications.export_applicants(export).await).applicants;
    assert_eq!(exported.len(), 1);
    assert_eq!(exported[0].applicant.as_ref().map(|one| one.phone.as_str()), Some("+86 138 0013 8000"));

    let events = log::whole(&mut admin.volunteers, "volunteers").await;
    let reads = events.iter().filter(|event| event.r#type.ends_with(".PersonalDataRead"));
    assert_eq!(reads.count(), 2, "each reading leaves an event");
    for event in &events {
        let payload = event.payload.as_ref().map(|payload| payload.value.as_slice()).unwrap_or_default();
        for said in [NAME, "example.org", "138 0013", "1999-01-01", "123X"] {
            let is_said = payload.windows(said.len()).any(|part| part == said.as_bytes());
            assert!(!is_said, "{} says {said}", event.r#type);
        }
    }
}
