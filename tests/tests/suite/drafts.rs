//! Drafts: put in force as a whole, or refused and left as they are; earlier versions again.

use futures_util::future::join_all;
use matchday_api::{
    scheduling::v1::{
        ActivityCancelled, ActivityCreated, ActivityMoved, CancelActivityRequest, CreateActivityRequest,
        DiscardVersionRequest, GetScheduleVersionRequest, PublicationStarted, PublishVersionRequest,
        RestoreVersionRequest, SchedulePublished, ScheduleVersion, VersionOrigin, VersionState,
    },
    venues::v1::{BookingCreated, ReleaseBookingRequest},
};
use matchday_tests::{
    clients::Clients,
    draft::{self, AHEAD, booked, place, places, try_publish},
    log, make, on_every_stage,
    refusal::{answered, refusal, refused, subjects},
    stage::Stage,
};
use tonic::Code;

on_every_stage! {
    a_draft_comes_into_force_as_a_whole
    a_draft_whose_schedule_has_moved_on_is_refused
    a_refused_draft_is_tried_again_or_given_up
    an_earlier_version_comes_again
    of_many_who_publish_a_draft_one_does
    a_delay_beside_a_publication_is_kept_or_refuses_it
}

fn name(activity: &str) -> String {
    make::name("cup", activity)
}

/// Four trainings on two pitches, published.
async fn set_up(admin: &mut Clients) {
    let trainings =
        [("a1", 1, AHEAD, 90), ("a2", 2, AHEAD, 90), ("a3", 1, AHEAD + 300, 90), ("a4", 2, AHEAD + 300, 90)];
    make::set_up(admin, 2, make::programme("cup", &trainings)).await;
    make::published(admin, "cup").await;
}

/// Both first trainings swap their pitches, the third is cancelled for a new one, the fourth keeps its place and gets
/// another title.
async fn propose(admin: &mut Clients) -> ScheduleVersion {
    let mut schedule = draft::schedule(admin, "cup").await;
    draft::move_to(&mut schedule, &name("a1"), 2, 0);
    draft::move_to(&mut schedule, &name("a2"), 1, 0);
    draft::cancel(&mut schedule, &name("a3"));
    schedule.get_mut(&name("a4")).expect("the fourth").title = "Open training".into();
    draft::add(&mut schedule, &name("a5"), 1, 300);
    draft::proposed(admin, "cup", schedule).await
}

async fn version(admin: &mut Clients, name: &str) -> ScheduleVersion {
    let get = GetScheduleVersionRequest { name: name.into() };
    answered(admin.schedule.get_schedule_version(get).await).version.expect("a version")
}

async fn discard(admin: &mut Clients, name: &str) -> ScheduleVersion {
    let discard = DiscardVersionRequest { name: name.into(), ..DiscardVersionRequest::default() };
    answered(admin.versions.discard_version(discard).await).version.expect("a version")
}

async fn a_draft_comes_into_force_as_a_whole(stage: Stage) {
    let mut admin = stage.admin();
    set_up(&mut admin).await;
    log::settle(&mut admin).await;
    let before = (places(&mut admin, "cup").await, booked(&mut admin, "cup").await);
    let proposed = propose(&mut admin).await;
    assert_eq!((proposed.state(), proposed.activities), (VersionState::Draft, 4));
    assert_eq!(proposed.supersedes, "tournaments/cup/versions/1");
    let asked = PublishVersionRequest { validate_only: true, ..draft::publish(&proposed.name) };
    let asked = answered(admin.versions.publish_version(asked).await);
    assert_eq!((asked.places_created, asked.places_kept, asked.places_released), (3, 1, 3));
    log::settle(&mut admin).await;
    assert_eq!(
        (places(&mut admin, "cup").await, booked(&mut admin, "cup").await),
        before,
        "nothing follows a draft"
    );

    let once = PublishVersionRequest { request_id: "once".into(), ..draft::publish(&proposed.name) };
    let published = answered(admin.versions.publish_version(once.clone()).await);
    let in_force = published.version.clone().expect("a version");
    assert_eq!((in_force.state(), in_force.kept.len()), (VersionState::Published, 0));
    let after = places(&mut admin, "cup").await;
    let expected = [
        ("a1", place(2, 0)),
        ("a2", place(1, 0)),
        ("a3", None),
        ("a4", place(2, 300)),
        ("a5", place(1, 300)),
    ];
    assert_eq!(after, expected.map(|(id, place)| (id.to_owned(), place)).into());
    log::settle(&mut admin).await;
    let mut places_booked = after.clone();
    places_booked.retain(|_, place| place.is_some());
    assert_eq!(booked(&mut admin, "cup").await, places_booked);
    let fourth = draft::schedule(&mut admin, "cup").await.remove(&name("a4")).expect("the fourth");
    assert_eq!(fourth.title, "Open training");
    let first = version(&mut admin, "tournaments/cup/versions/1").await;
    assert_eq!(first.state(), VersionState::Superseded);

    check_events(&mut admin, &proposed.name).await;

    // a repeat is the first reply, another call is too late
    assert_eq!(answered(admin.versions.publish_version(once).await), published);
    let twice = try_publish(&mut admin, &proposed.name).await;
    refused(twice, Code::FailedPrecondition, "VERSION_STATE");
    let give_up = DiscardVersionRequest { name: proposed.name, ..DiscardVersionRequest::default() };
    refused(admin.versions.discard_version(give_up).await, Code::FailedPrecondition, "VERSION_STATE");
}

/// What a publication says: the cancelled first, the later before the earlier, the version last, all of one change.
async fn check_events(admin: &mut Clients, version: &str) {
    let events = log::whole(&mut admin.scheduling, "scheduling").await;
    let started = events.iter().rposition(|event| log::read::<PublicationStarted>(event).is_some());
    let said = &events[started.expect("it was started") + 1..];
    assert!(said.iter().all(|event| event.change == said[0].change), "one change: {said:?}");
    let resources: Vec<&str> = said.iter().map(|event| event.resource.as_str()).collect();
    let order = [name("a3"), name("a5"), name("a4"), name("a2"), name("a1"), version.to_owned()];
    assert_eq!(resources, order);
    assert!(log::read::<ActivityCancelled>(&said[0]).is_some());
    assert_eq!(log::read::<ActivityCreated>(&said[1]).expect("it is created").version, version);
    let moved = log::read::<ActivityMoved>(&said[4]).expect("it is moved");
    assert_eq!(moved.activity.expect("as it is").reason, "version 2: fewer walks");
    assert_eq!(moved.previous.expect("as it was").zone, make::pitch(1));
    assert!(log::read::<SchedulePublished>(&said[5]).is_some());
    let followed = log::whole(&mut admin.venues, "venues").await;
    let created = followed.iter().filter_map(log::read::<BookingCreated>);
    let of_new =
        created.filter(|created| created.booking.as_ref().is_some_and(|one| one.holder == name("a5")));
    assert_eq!(of_new.count(), 1, "what is new is booked once");
}

async fn a_draft_whose_schedule_has_moved_on_is_refused(stage: Stage) {
    let mut admin = stage.admin();
    set_up(&mut admin).await;
    let outdated = |answer| subjects(&refused::<()>(answer, Code::FailedPrecondition, "DRAFT_OUTDATED"));
    let proposed = propose(&mut admin).await.name;

    // what it does not change may change; what it changes may not
    let mut schedule = draft::schedule(&mut admin, "cup").await;
    schedule.retain(|activity, _| *activity == name("a1"));
    draft::move_to(&mut schedule, &name("a1"), 1, 20);
    let narrow = draft::proposed(&mut admin, "cup", schedule).await.name;
    answered(admin.schedule.delay_activity(make::delay(&name("a2"), 5)).await);
    let create = CreateActivityRequest {
        parent: "tournaments/cup".into(),
        activity_id: "a5".into(),
        activity: Some(make::training("by hand".into(), 1, AHEAD + 600, 90)),
        ..CreateActivityRequest::default()
    };
    answered(admin.schedule.create_activity(create).await);
    let before = places(&mut admin, "cup").await;
    let refusal = try_publish(&mut admin, &proposed).await.map(drop);
    assert_eq!(outdated(refusal), [name("a2"), name("a5")]);
    let asked = PublishVersionRequest { validate_only: true, ..draft::publish(&proposed) };
    let asked = admin.versions.publish_version(asked).await.map(drop);
    assert_eq!(outdated(asked).len(), 2);
    assert_eq!(places(&mut admin, "cup").await, before);
    assert_eq!(version(&mut admin, &proposed).await.state(), VersionState::Draft, "it stays a draft");
    let published = try_publish(&mut admin, &narrow).await.expect("it changes the first training only");
    assert_eq!(published.version.expect("a version").state(), VersionState::Published);

    // another version is in force now
    let refusal = try_publish(&mut admin, &proposed).await.map(drop);
    assert_eq!(outdated(refusal)[0], narrow);
    assert_eq!(discard(&mut admin, &proposed).await.state(), VersionState::Discarded);
    let discarded = try_publish(&mut admin, &proposed).await;
    refused(discarded, Code::FailedPrecondition, "VERSION_STATE");

    // what has begun stays, and nothing moves into the past
    let mut schedule = draft::schedule(&mut admin, "cup").await;
    draft::move_to(&mut schedule, &name("a3"), 1, -2 * AHEAD);
    let into_the_past = draft::proposed(&mut admin, "cup", schedule).await.name;
    let refusal = try_publish(&mut admin, &into_the_past).await.map(drop);
    assert_eq!(outdated(refusal), [name("a3")]);
    answered(admin.schedule.move_activity(make::move_to(&name("a3"), 1, -AHEAD)).await);
    let mut schedule = draft::schedule(&mut admin, "cup").await;
    draft::cancel(&mut schedule, &name("a3"));
    let begun = draft::proposed(&mut admin, "cup", schedule).await.name;
    let refusal = try_publish(&mut admin, &begun).await.map(drop);
    assert_eq!(outdated(refusal), [name("a3")]);

    // what could not be planned by hand is not proposed
    let mut schedule = draft::schedule(&mut admin, "cup").await;
    schedule.get_mut(&name("a4")).expect("the fourth").zone = "sites/other/venues/v/zones/pitch".into();
    let elsewhere = admin.versions.propose_version(draft::proposal("cup", schedule)).await;
    refused(elsewhere, Code::FailedPrecondition, "ACTIVITY_AT_OTHER_SITE");
}

async fn a_refused_draft_is_tried_again_or_given_up(stage: Stage) {
    let mut admin = stage.admin();
    set_up(&mut admin).await;
    log::settle(&mut admin).await;
    let in_the_way =
        answered(admin.bookings.create_booking(make::by_hand(1, AHEAD + 600, AHEAD + 700)).await);
    let mut schedule = draft::schedule(&mut admin, "cup").await;
    draft::move_to(&mut schedule, &name("a1"), 1, 600);
    draft::move_to(&mut schedule, &name("a2"), 1, 0);
    let tried = draft::proposed(&mut admin, "cup", schedule.clone()).await.name;
    let given_up = draft::proposed(&mut admin, "cup", schedule).await.name;
    let before = (places(&mut admin, "cup").await, booked(&mut admin, "cup").await);
    for draft in [&tried, &given_up] {
        let call = PublishVersionRequest { request_id: draft.clone(), ..draft::publish(draft) };
        let refusal =
            refused(admin.versions.publish_version(call).await, Code::FailedPrecondition, "PLACES_NOT_FREE");
        assert_eq!(subjects(&refusal), [name("a1")]);
        assert_eq!(version(&mut admin, draft).await.state(), VersionState::Refused);
    }
    log::settle(&mut admin).await;
    assert_eq!((places(&mut admin, "cup").await, booked(&mut admin, "cup").await), before);

    assert_eq!(discard(&mut admin, &given_up).await.state(), VersionState::Discarded);
    let repeat = PublishVersionRequest { request_id: given_up.clone(), ..draft::publish(&given_up) };
    refused(admin.versions.publish_version(repeat).await, Code::FailedPrecondition, "VERSION_STATE");
    let release = ReleaseBookingRequest {
        name: in_the_way.booking.expect("a booking").name,
        ..ReleaseBookingRequest::default()
    };
    answered(admin.bookings.release_booking(release).await);
    let repeat = PublishVersionRequest { request_id: tried.clone(), ..draft::publish(&tried) };
    let published = answered(admin.versions.publish_version(repeat).await);
    assert_eq!(published.version.expect("a version").state(), VersionState::Published);
    log::settle(&mut admin).await;
    assert_eq!(booked(&mut admin, "cup").await, places(&mut admin, "cup").await);
}

async fn an_earlier_version_comes_again(stage: Stage) {
    let mut admin = stage.admin();
    set_up(&mut admin).await;
    let first = places(&mut admin, "cup").await;
    let proposed = propose(&mut admin).await.name;
    try_publish(&mut admin, &proposed).await.expect("its places are free");
    // one that has begun stays where it is
    answered(admin.schedule.move_activity(make::move_to(&name("a2"), 1, -AHEAD)).await);

    let restore = RestoreVersionRequest {
        name: "tournaments/cup/versions/1".into(),
        ..RestoreVersionRequest::default()
    };
    let restored = answered(admin.versions.restore_version(restore).await);
    let left: Vec<&str> = restored.not_restored.iter().map(|left| left.activity.as_str()).collect();
    assert_eq!(left, [name("a2")]);
    let again = restored.version.expect("a draft");
    assert_eq!((again.state(), again.origin()), (VersionState::Draft, VersionOrigin::RolledBack));
    assert_eq!(
        (again.base.as_str(), again.title.as_str()),
        ("tournaments/cup/versions/1", "version 1 again")
    );
    try_publish(&mut admin, &again.name).await.expect("its places are free");
    let mut expected = first;
    expected.insert("a2".into(), place(1, -2 * AHEAD));
    expected.insert("a5".into(), None);
    assert_eq!(places(&mut admin, "cup").await, expected, "what was cancelled takes place again");
    log::settle(&mut admin).await;
    expected.remove("a5");
    assert_eq!(booked(&mut admin, "cup").await, expected);

    let of_draft =
        RestoreVersionRequest { name: propose_again(&mut admin).await, ..RestoreVersionRequest::default() };
    refused(admin.versions.restore_version(of_draft).await, Code::FailedPrecondition, "VERSION_STATE");
}

async fn propose_again(admin: &mut Clients) -> String {
    let mut schedule = draft::schedule(admin, "cup").await;
    draft::move_to(&mut schedule, &name("a4"), 2, 900);
    draft::proposed(admin, "cup", schedule).await.name
}

async fn of_many_who_publish_a_draft_one_does(stage: Stage) {
    let mut admin = stage.admin();
    set_up(&mut admin).await;
    let proposed = propose(&mut admin).await.name;
    let callers = (0..16).map(|_| {
        let (mut clients, draft) = (stage.admin(), proposed.clone());
        tokio::spawn(async move { refusal(&try_publish(&mut clients, &draft).await) })
    });
    let outcomes: Vec<(Code, String)> =
        join_all(callers).await.into_iter().map(|outcome| outcome.expect("it does not panic")).collect();
    let won = outcomes.iter().filter(|(code, _)| *code == Code::Ok).count();
    let late = outcomes
        .iter()
        .filter(|(_, reason)| matches!(reason.as_str(), "VERSION_STATE" | "PUBLISH_IN_PROGRESS"));
    assert_eq!((won, late.count()), (1, 15), "{outcomes:?}");
    let events = log::whole(&mut admin.scheduling, "scheduling").await;
    let published = events.iter().filter_map(log::read::<SchedulePublished>);
    assert_eq!(published.count(), 2, "the draft came into force once, after the first version");
}

/// A delay, a cancellation and a publication of what moves both begin at once, again and again: whoever comes first,
/// the schedule is one of both, and the places follow it.
async fn a_delay_beside_a_publication_is_kept_or_refuses_it(stage: Stage) {
    let mut admin = stage.admin();
    set_up(&mut admin).await;
    for round in 1..=6 {
        let mut schedule = draft::schedule(&mut admin, "cup").await;
        // the first and the second change pitches, and go to the next day
        let (one, other) = if round % 2 == 1 { (2, 1) } else { (1, 2) };
        draft::move_to(&mut schedule, &name("a1"), one, round * 1440);
        draft::move_to(&mut schedule, &name("a2"), other, round * 1440);
        if round == 4 {
            draft::cancel(&mut schedule, &name("a3"));
        }
        let proposed = draft::proposed(&mut admin, "cup", schedule).await.name;
        let (mut publisher, mut by_hand) = (stage.admin(), stage.admin());
        let publishing = try_publish(&mut publisher, &proposed);
        let changing = async {
            if round == 5 {
                let cancel = CancelActivityRequest {
                    name: name("a4"),
                    reason: "the storm".into(),
                    ..CancelActivityRequest::default()
                };
                return by_hand.schedule.cancel_activity(cancel).await.map(drop);
            }
            let delayed = if round == 4 { name("a3") } else { name("a1") };
            by_hand.schedule.delay_activity(make::delay(&delayed, 5)).await.map(drop)
        };
        let (outcome, changed) = tokio::join!(publishing, changing);
        if let Ok(reply) = &outcome {
            let version = reply.version.as_ref().expect("a version");
            assert_eq!(version.state(), VersionState::Published);
            for kept in &version.kept {
                assert!(changed.is_ok(), "{kept} is kept because it was changed");
            }
        } else {
            let (_, reason) = refusal(&outcome);
            assert!(matches!(reason.as_str(), "DRAFT_OUTDATED" | "SCHEDULE_CHANGED"), "{outcome:?}");
        }
        log::settle(&mut admin).await;
        let mut places = places(&mut admin, "cup").await;
        places.retain(|_, place| place.is_some());
        assert_eq!(booked(&mut admin, "cup").await, places, "round {round}: {outcome:?}, {changed:?}");
    }
}
