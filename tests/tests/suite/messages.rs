//! Volunteers told what they have to know: by file, by call and by mail, with retries; and a process that is killed in
//! the middle.

use std::{collections::BTreeSet, fs, path::Path};

use matchday_api::volunteers::v1::{
    Applicant, Application, AssignVolunteerRequest, Broadcast, BroadcastCancelled, BroadcastQueued,
    BroadcastRequest, BroadcastResponse, BroadcastSettled, CancelBroadcastRequest, ErasePersonRequest,
    GetBroadcastRequest, ImportApplicationsRequest, ListMessagesRequest, Message, MessageChannel,
    MessageState, MessageText, MessagesRead, NewApplication, RetryMessagesRequest, Selection,
    UnreachedReason,
};
use matchday_tests::{
    PATIENCE,
    clients::Clients,
    evening::{CREW, CUP, Evening, volunteer},
    log, on_every_stage,
    outside::{Answer, Outside},
    refusal::{answered, refused, refused_field},
    rehearsal,
    stage::{Engine, Stage},
};
use prost::Name;
use tempfile::TempDir;
use tokio::time::timeout;
use tonic::Code;

on_every_stage! {
    messages_wait_without_a_sender_and_are_taken_back
    who_is_erased_is_told_nothing_more
}

/// What is told, which stands in no event.
const TEXT: &str = "Gate C is closed";
/// People of the broadcast in the middle of which a process is killed.
const MANY: usize = 300;
/// Calls that have come in when it is killed.
const COME: usize = 40;

fn email(number: usize) -> String {
    format!("v{number}@example.org")
}

/// Applications of the first volunteers, which hold their addresses.
async fn leave_addresses(admin: &mut Clients, many: usize) {
    let application = |number: usize| NewApplication {
        application: Some(Application { volunteer: volunteer(number), ..Application::default() }),
        applicant: Some(Applicant {
            display_name: format!("Person {number}"),
            birth_date: "1999-01-01".into(),
            email: email(number),
            ..Applicant::default()
        }),
        consent_version: "privacy-1".into(),
    };
    let new_applications = (0..many).map(application).collect();
    let import = ImportApplicationsRequest { parent: CUP.into(), new_applications, ..Default::default() };
    answered(admin.applications.import_applications(import).await);
}

fn to_everybody(channel: MessageChannel) -> BroadcastRequest {
    BroadcastRequest {
        parent: CUP.into(),
        selection: Some(Selection { everybody: true, ..Selection::default() }),
        channel: channel.into(),
        texts: vec![MessageText { language: "en".into(), subject: "Gate C".into(), body: TEXT.into() }],
        ..BroadcastRequest::default()
    }
}

async fn send(admin: &mut Clients, request: BroadcastRequest) -> BroadcastResponse {
    answered(admin.messages.broadcast(request).await)
}

async fn read(admin: &mut Clients, name: &str) -> Broadcast {
    let request = GetBroadcastRequest { name: name.into() };
    answered(admin.messages.get_broadcast(request).await).broadcast.expect("the broadcast")
}

async fn messages(admin: &mut Clients, broadcast: &str, states: &[MessageState]) -> Vec<Message> {
    let request = ListMessagesRequest {
        parent: broadcast.into(),
        page_size: 1000,
        states: states.iter().map(|state| (*state).into()).collect(),
        ..ListMessagesRequest::default()
    };
    answered(admin.messages.list_messages(request).await).messages
}

/// Waits until these broadcasts are settled, as the log tells it from a sequence on.
async fn settled(admin: &mut Clients, after: i64, broadcasts: &[&str]) {
    let mut waiting: BTreeSet<&str> = broadcasts.iter().copied().collect();
    let mut events = log::tail(&mut admin.volunteers, "volunteers", after).await;
    while !waiting.is_empty() {
        waiting.remove(events.next_of::<BroadcastSettled>().await.resource.as_str());
    }
}

async fn messages_wait_without_a_sender_and_are_taken_back(stage: Stage) {
    Evening::begin(&stage, 3).await;
    let mut admin = stage.admin();
    leave_addresses(&mut admin, 2).await;

    // the preview says whom it does not reach, and tells nobody
    let mail = to_everybody(MessageChannel::Email);
    let preview = send(&mut admin, BroadcastRequest { validate_only: true, ..mail.clone() }).await;
    assert_eq!((preview.reached, preview.sender_missing), (2, true));
    let [unreached] = preview.unreached.as_slice() else { panic!("{:?}", preview.unreached) };
    assert_eq!(unreached.reason(), UnreachedReason::NoAddress);
    assert_eq!(unreached.volunteers, [volunteer(2)]);

    // what nobody gets is refused, and so is a choice of nobody
    let alone = Selection { volunteers: vec![volunteer(2)], ..Selection::default() };
    let to_nobody = BroadcastRequest { selection: Some(alone), ..mail.clone() };
    let refusal = admin.messages.broadcast(to_nobody).await;
    refused(refusal, Code::FailedPrecondition, "BROADCAST_REACHES_NOBODY");
    let silent = BroadcastRequest { selection: Some(Selection::default()), ..mail.clone() };
    refused_field(admin.messages.broadcast(silent).await, "selection");

    // a repeat is the same broadcast, and its reply holds no text
    let mail = BroadcastRequest { request_id: "once".into(), ..mail };
    let sent = send(&mut admin, mail.clone()).await.broadcast.expect("the broadcast");
    let again = send(&mut admin, mail).await.broadcast.expect("the broadcast");
    assert_eq!((sent.name.as_str(), sent.queued), (again.name.as_str(), 2));
    assert!(sent.texts.is_empty());
    assert_eq!(read(&mut admin, &sent.name).await.texts[0].body, TEXT);

    let cancel = CancelBroadcastRequest { name: sent.name.clone(), ..Default::default() };
    assert_eq!(answered(admin.messages.cancel_broadcast(cancel.clone()).await).cancelled, 2);
    assert_eq!(answered(admin.messages.cancel_broadcast(cancel).await).cancelled, 0);
    assert_eq!(messages(&mut admin, &sent.name, &[MessageState::Queued]).await, []);
    let states = vec![MessageState::Cancelled.into()];
    let retry = RetryMessagesRequest { name: sent.name, states, ..Default::default() };
    refused_field(admin.messages.retry_messages(retry).await, "states");

    let events = log::whole(&mut admin.volunteers, "volunteers").await;
    for kind in [
        BroadcastQueued::full_name(),
        BroadcastCancelled::full_name(),
        BroadcastSettled::full_name(),
        MessagesRead::full_name(),
    ] {
        assert!(events.iter().any(|event| event.r#type == kind), "{kind}");
    }
    for event in events {
        let payload = event.payload.expect("an event has a payload").value;
        let said = String::from_utf8_lossy(&payload);
        assert!(!said.contains(TEXT) && !said.contains("@example.org"), "{}: {said}", event.r#type);
    }
}

async fn who_is_erased_is_told_nothing_more(stage: Stage) {
    Evening::begin(&stage, 2).await;
    let mut admin = stage.admin();
    leave_addresses(&mut admin, 2).await;
    let sent = send(&mut admin, to_everybody(MessageChannel::Email)).await.broadcast.expect("it is sent");
    let erase = ErasePersonRequest { name: volunteer(0), reason: "asked for".into(), ..Default::default() };
    answered(admin.applications.erase_person(erase).await);
    let now = read(&mut admin, &sent.name).await;
    assert_eq!((now.queued, now.cancelled), (1, 1));
    let cancelled = messages(&mut admin, &sent.name, &[MessageState::Cancelled]).await;
    assert_eq!(cancelled.iter().map(|one| one.volunteer.clone()).collect::<Vec<_>>(), [volunteer(0)]);

    let both = Selection { volunteers: vec![volunteer(0), volunteer(1)], ..Selection::default() };
    let request = BroadcastRequest { selection: Some(both), ..to_everybody(MessageChannel::File) };
    let next = send(&mut admin, request).await;
    assert_eq!((next.reached, next.unreached[0].reason()), (1, UnreachedReason::Erased));
}

/// The flags of a process with a directory, a program that is called and a mail server.
fn flags(data: &Path, webhook: &Outside, mail: &Outside) -> Vec<String> {
    let secret = data.join("secret");
    fs::write(&secret, "hush\n").expect("it is written");
    [
        format!("--message-dir={}", data.join("out").display()),
        format!("--message-webhook=http://{}/messages", webhook.address()),
        format!("--message-webhook-secret-file={}", secret.display()),
        format!("--smtp=smtp://{}", mail.address()),
        "--smtp-from=Volunteers <volunteers@example.org>".to_owned(),
    ]
    .into()
}

/// Names of the files of messages.
fn files(data: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(data.join("out")).expect("the directory is there");
    entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
}

macro_rules! on_each_database {
    ($($journey:ident)*) => {$(
        mod $journey {
            #[tokio::test(flavor = "multi_thread")]
            async fn on_sqlite() {
                super::$journey(super::Engine::Sqlite).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn on_postgres() {
                super::$journey(super::Engine::Postgres).await;
            }
        }
    )*};
}

on_each_database! {
    who_is_on_shift_is_told_by_file
    a_call_that_fails_is_made_again_under_its_key
    a_crash_makes_no_second_message
    a_mail_that_was_cut_off_is_uncertain
}

async fn who_is_on_shift_is_told_by_file(engine: Engine) {
    let data = TempDir::new().expect("a directory");
    let (webhook, mail) =
        (Outside::webhook(|_, _| Answer::Take).await, Outside::mail(|_, _| Answer::Take).await);
    let Some(mut stage) = Stage::with_flags(engine, &flags(data.path(), &webhook, &mail)).await else {
        return;
    };
    Evening::begin(&stage, 3).await;
    let mut admin = stage.admin();
    let assign = AssignVolunteerRequest { shift: CREW.into(), volunteer: volunteer(1), ..Default::default() };
    answered(admin.roster.assign_volunteer(assign).await);
    rehearsal::run(&mut stage, &["shift", "invite", "--all", "cup"]);

    // nobody has accepted yet; who is invited is told when asked for
    let told = |more: &[&'static str]| {
        [&["message", "broadcast", "cup", "--on-shift-now", "--channel", "file", "--en", TEXT][..], more]
            .concat()
    };
    let invited = rehearsal::run(&mut stage, &told(&["--invited", "--dry-run", "--output", "json"]));
    assert_eq!(invited, "", "a preview is talk, and no data");
    rehearsal::run(&mut stage, &["shift", "accept", "--all", "cup"]);
    let head = log::head(&mut admin.volunteers, "volunteers").await;
    let shown = rehearsal::run(&mut stage, &told(&[]));
    assert!(shown.contains("cup/1"), "{shown}");
    settled(&mut admin, head, &[&format!("{CUP}/broadcasts/1")]).await;

    let files = files(data.path());
    assert_eq!(files.len(), 1, "{files:?}");
    let file = data.path().join("out").join(files.first().expect("one"));
    let written = fs::read_to_string(file).expect("it is there");
    assert!(written.contains(TEXT) && written.contains(&volunteer(1)), "{written}");
    let listed = rehearsal::run(&mut stage, &["message", "messages", "cup/1"]);
    assert!(listed.contains("sent"), "{listed}");
    assert_eq!(read(&mut admin, &format!("{CUP}/broadcasts/1")).await.sent, 1);
}

async fn a_call_that_fails_is_made_again_under_its_key(engine: Engine) {
    let data = TempDir::new().expect("a directory");
    let twice = |to: &str, times: usize| match (to, times) {
        ("v0@example.org", 1 | 2) => Answer::Say(503),
        ("v1@example.org", _) => Answer::Say(410),
        _ => Answer::Take,
    };
    let (webhook, mail) = (Outside::webhook(twice).await, Outside::mail(|_, _| Answer::Take).await);
    let Some(stage) = Stage::with_flags(engine, &flags(data.path(), &webhook, &mail)).await else { return };
    Evening::begin(&stage, 3).await;
    let mut admin = stage.admin();
    leave_addresses(&mut admin, 3).await;
    let head = log::head(&mut admin.volunteers, "volunteers").await;
    let sent = send(&mut admin, to_everybody(MessageChannel::Webhook)).await;
    assert!(!sent.sender_missing);
    let name = sent.broadcast.expect("the broadcast").name;
    settled(&mut admin, head, &[&name]).await;

    let now = read(&mut admin, &name).await;
    assert_eq!((now.sent, now.failed), (2, 1));
    let failed = messages(&mut admin, &name, &[MessageState::Failed]).await;
    assert_eq!((failed[0].problem.as_str(), failed[0].attempts), ("HTTP 410", 1));
    assert!(webhook.taken().values().all(|times| *times == 1), "{:?}", webhook.taken());
    let to_first: Vec<_> = webhook.seen().into_iter().filter(|one| one.to == email(0)).collect();
    assert_eq!(to_first.len(), 3);
    for call in &to_first {
        assert_eq!(
            (&call.key, &call.text),
            (&to_first[0].key, &to_first[0].text),
            "a repeat is the same call"
        );
        assert!(call.text.contains("matchday-signature: sha256="), "{}", call.text);
    }
}

async fn a_crash_makes_no_second_message(engine: Engine) {
    let data = TempDir::new().expect("a directory");
    let (webhook, mail) =
        (Outside::webhook(|_, _| Answer::Take).await, Outside::mail(|_, _| Answer::Take).await);
    let Some(mut stage) = Stage::with_flags(engine, &flags(data.path(), &webhook, &mail)).await else {
        return;
    };
    Evening::begin(&stage, MANY).await;
    let mut admin = stage.admin();
    leave_addresses(&mut admin, MANY).await;
    let head = log::head(&mut admin.volunteers, "volunteers").await;
    let mut names = Vec::new();
    for channel in [MessageChannel::File, MessageChannel::Webhook] {
        names.push(send(&mut admin, to_everybody(channel)).await.broadcast.expect("the broadcast").name);
    }
    webhook.until(COME).await;
    stage.town().process(0).kill();
    assert!(webhook.seen().len() < MANY, "it was killed in the middle");
    stage.town().process(0).start_again().await;

    let mut admin = stage.admin();
    settled(&mut admin, head, &[&names[0], &names[1]]).await;
    for (name, taken) in names
        .iter()
        .zip([files(data.path()), webhook.taken().keys().map(|key| format!("{key}.json")).collect()])
    {
        let sent = messages(&mut admin, name, &[MessageState::Sent]).await;
        let keys: BTreeSet<String> = sent.iter().map(|one| format!("{}.json", one.key)).collect();
        assert_eq!(keys.len(), MANY);
        assert_eq!(taken, keys, "one message for each, by key");
    }
}

async fn a_mail_that_was_cut_off_is_uncertain(engine: Engine) {
    let data = TempDir::new().expect("a directory");
    let policy = |to: &str, times: usize| match (to, times) {
        ("v1@example.org", 1) => Answer::Say(550),
        ("v2@example.org", 1) => Answer::Hold,
        ("v3@example.org", 1) => Answer::Say(451),
        _ => Answer::Take,
    };
    let (webhook, mail) = (Outside::webhook(|_, _| Answer::Take).await, Outside::mail(policy).await);
    let Some(mut stage) = Stage::with_flags(engine, &flags(data.path(), &webhook, &mail)).await else {
        return;
    };
    Evening::begin(&stage, 4).await;
    let mut admin = stage.admin();
    leave_addresses(&mut admin, 4).await;
    let head = log::head(&mut admin.volunteers, "volunteers").await;
    let name =
        send(&mut admin, to_everybody(MessageChannel::Email)).await.broadcast.expect("it is sent").name;
    // the one that is put off comes a second time and is taken; the one that is held stays held
    mail.until(5).await;
    let all_but_one = async {
        let mut now = Broadcast::default();
        while (now.sent, now.failed, now.sending) != (2, 1, 1) {
            now = read(&mut admin, &name).await;
        }
    };
    timeout(PATIENCE, all_but_one).await.expect("all but one are settled in time");
    stage.town().process(0).kill();
    stage.town().process(0).start_again().await;

    let mut admin = stage.admin();
    settled(&mut admin, head, &[&name]).await;
    let uncertain = messages(&mut admin, &name, &[MessageState::Uncertain]).await;
    assert_eq!(uncertain.iter().map(|one| one.volunteer.clone()).collect::<Vec<_>>(), [volunteer(2)]);
    let failed = messages(&mut admin, &name, &[MessageState::Failed]).await;
    assert_eq!(failed[0].volunteer, volunteer(1));
    assert_eq!(failed[0].problem, "SMTP 550", "the server's words quote the address");
    let to_held =
        |seen: &Outside| seen.seen().into_iter().filter(|one| one.to == email(2)).collect::<Vec<_>>();
    assert_eq!(to_held(&mail).len(), 1, "nobody has asked for it to be sent again");

    let head = log::head(&mut admin.volunteers, "volunteers").await;
    let short = name.trim_start_matches("tournaments/").replace("/broadcasts", "");
    rehearsal::run(&mut stage, &["message", "retry", &short, "--uncertain", "--failed"]);
    settled(&mut admin, head, &[&name]).await;
    assert_eq!(read(&mut admin, &name).await.sent, 4);
    let mails = to_held(&mail);
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[0].key, mails[1].key, "a mail that is sent again has the id it had");
    assert!(mails[0].key.ends_with("@example.org>"), "{}", mails[0].key);
}
