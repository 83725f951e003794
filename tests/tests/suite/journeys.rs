//! A tournament from its site to its delays, as the people around it live it.

use futures_util::StreamExt;
use matchday_api::{
    scheduling::v1::{
        ActivityState, CancelActivityRequest, CreateActivityRequest, CreateSessionRequest,
        CreateTournamentRequest, GetActivityRequest, GetScheduleVersionRequest, GetSessionRequest,
        ListScheduleVersionsRequest, PublishScheduleRequest, Session, VersionState, WatchActivitiesRequest,
        WatchActivitiesResponse,
    },
    venues::v1::{
        BookingState, CreateSiteRequest, CreateVenueRequest, CreateZoneRequest, PlaceBookingRequest,
        ReleaseBookingRequest,
    },
};
use matchday_tests::{
    PATIENCE, log, make, on_every_stage,
    overlap::double_bookings,
    refusal::{answered, refused, subjects},
    stage::{Engine, Hosting, Stage},
    town::Plan,
};
use tokio::time::timeout;
use tonic::{Code, Streaming};

on_every_stage! {
    a_day_of_a_tournament
    a_publication_with_conflicts_reserves_nothing
    watchers_see_what_changes
    two_tournaments_share_a_site
    a_session_is_delayed_as_far_as_it_must
}

/// Everything one by one, as on a screen: site, venue, zone, tournament, activities, publish, delay, displaced,
/// placed again, cancelled.
async fn a_day_of_a_tournament(stage: Stage) {
    let mut admin = stage.admin();
    let whole = make::site(1);
    let site =
        CreateSiteRequest { site_id: "jinjiang".into(), site: whole.site, ..CreateSiteRequest::default() };
    answered(admin.places.create_site(site).await);
    let venue = CreateVenueRequest {
        parent: make::SITE.into(),
        venue_id: "stadium".into(),
        venue: whole.venues.into_iter().next(),
        ..CreateVenueRequest::default()
    };
    answered(admin.places.create_venue(venue).await);
    let zone = CreateZoneRequest {
        parent: make::VENUE.into(),
        zone_id: "pitch-1".into(),
        zone: whole.zones.into_iter().next(),
        ..CreateZoneRequest::default()
    };
    answered(admin.places.create_zone(zone).await);
    let tournament = CreateTournamentRequest {
        tournament_id: "camp".into(),
        tournament: Some(make::tournament("camp")),
        ..CreateTournamentRequest::default()
    };
    answered(admin.tournaments.create_tournament(tournament).await);
    for (id, from) in [("a1", 600), ("a2", 800)] {
        let activity = CreateActivityRequest {
            parent: "tournaments/camp".into(),
            activity_id: id.into(),
            activity: Some(make::training(String::new(), 1, from, 90)),
            ..CreateActivityRequest::default()
        };
        let mut activity = activity;
        activity.activity.as_mut().expect("an activity").title = format!("Training {id}");
        answered(admin.schedule.create_activity(activity).await);
    }
    assert_eq!(make::live_bookings(&mut admin).await, [], "a draft holds no place");

    let published = make::published(&mut admin, "camp").await;
    assert_eq!(published.places_created, 2);
    let version = published.version.expect("a version");
    assert_eq!((version.state(), version.activities), (VersionState::Published, 2));
    let (first, second) = (make::name("camp", "a1"), make::name("camp", "a2"));
    let booking = make::booking_of(&mut admin, &first).await;
    assert_eq!(booking.start_time, Some(make::at(600)));

    // a delay that fits moves the booking
    let delayed = answered(admin.schedule.delay_activity(make::delay(&first, 30)).await);
    assert_eq!(delayed.activities.len(), 1);
    log::settle(&mut admin).await;
    let followed = make::booking_of(&mut admin, &first).await;
    assert_eq!(followed.name, booking.name);
    assert_eq!(
        (followed.start_time, followed.end_time, followed.state()),
        (Some(make::at(630)), Some(make::at(720)), BookingState::Booked)
    );

    // one that does not fit displaces it, and names what is in the way
    answered(admin.schedule.delay_activity(make::delay(&first, 100)).await);
    log::settle(&mut admin).await;
    let displaced = make::booking_of(&mut admin, &first).await;
    let blocker = make::booking_of(&mut admin, &second).await;
    assert_eq!(displaced.state(), BookingState::Displaced);
    assert_eq!(displaced.conflicts.join(" "), blocker.name);
    assert_eq!(displaced.start_time, Some(make::at(730)), "the activity has been delayed all the same");
    let place = PlaceBookingRequest { name: displaced.name.clone(), ..PlaceBookingRequest::default() };
    refused(admin.bookings.place_booking(place.clone()).await, Code::FailedPrecondition, "ZONE_NOT_FREE");
    let release = ReleaseBookingRequest { name: blocker.name, ..ReleaseBookingRequest::default() };
    refused(
        admin.bookings.release_booking(release).await,
        Code::FailedPrecondition,
        "BOOKING_FOLLOWS_ACTIVITY",
    );

    // when what was in the way is gone, it is placed again
    let cancel = CancelActivityRequest {
        name: second.clone(),
        reason: "too dark".into(),
        ..CancelActivityRequest::default()
    };
    answered(admin.schedule.cancel_activity(cancel).await);
    log::settle(&mut admin).await;
    let placed = answered(admin.bookings.place_booking(place.clone()).await).booking.expect("a booking");
    assert_eq!((placed.state(), placed.conflicts.len()), (BookingState::Booked, 0));
    refused(admin.bookings.place_booking(place).await, Code::FailedPrecondition, "BOOKING_STATE");
    let cancelled = answered(admin.schedule.get_activity(GetActivityRequest { name: second }).await);
    assert_eq!(cancelled.activity.expect("an activity").state(), ActivityState::Cancelled);
    assert_eq!(make::live_bookings(&mut admin).await.len(), 1);

    // one cause has one change, from the activity to its booking
    let delays = log::whole(&mut admin.scheduling, "scheduling").await;
    let effects = log::whole(&mut admin.venues, "venues").await;
    let change = delayed.change;
    assert!(!change.is_empty());
    assert_eq!(delays.iter().filter(|event| event.change == change).count(), 1);
    let caused: Vec<&str> =
        effects.iter().filter(|event| event.change == change).map(|event| event.r#type.as_str()).collect();
    assert_eq!(caused, ["matchday.venues.v1.BookingMoved"]);
}

async fn a_publication_with_conflicts_reserves_nothing(stage: Stage) {
    let mut admin = stage.admin();
    let programme = make::programme("camp", &[("a1", 1, 600, 60), ("a2", 1, 800, 60), ("a3", 2, 800, 60)]);
    make::set_up(&mut admin, 2, programme).await;
    let by_hand =
        answered(admin.bookings.create_booking(make::by_hand(1, 850, 900)).await).booking.expect("a booking");

    let names_the_conflict = |status: &tonic::Status| {
        assert_eq!(subjects(status), [make::name("camp", "a2")]);
    };
    let asked = PublishScheduleRequest { validate_only: true, ..make::publish("camp") };
    let status = refused(
        admin.schedule.publish_schedule(asked.clone()).await,
        Code::FailedPrecondition,
        "PLACES_NOT_FREE",
    );
    names_the_conflict(&status);
    let versions = ListScheduleVersionsRequest {
        parent: "tournaments/camp".into(),
        ..ListScheduleVersionsRequest::default()
    };
    let before = answered(admin.schedule.list_schedule_versions(versions.clone()).await);
    assert_eq!(before.versions, [], "asking makes no version");

    let first = PublishScheduleRequest { request_id: "first".into(), ..make::publish("camp") };
    let answer = admin.schedule.publish_schedule(first.clone()).await;
    let status = refused(answer, Code::FailedPrecondition, "PLACES_NOT_FREE");
    names_the_conflict(&status);
    let refused_version = answered(admin.schedule.list_schedule_versions(versions.clone()).await).versions;
    assert_eq!(refused_version.len(), 1);
    assert_eq!(refused_version[0].state(), VersionState::Refused);
    assert_eq!(make::live_bookings(&mut admin).await, std::slice::from_ref(&by_hand), "all or nothing");

    let release = ReleaseBookingRequest { name: by_hand.name, ..ReleaseBookingRequest::default() };
    answered(admin.bookings.release_booking(release).await);
    let as_it_would_be = answered(admin.schedule.publish_schedule(asked).await);
    assert_eq!(as_it_would_be.places_created, 3);
    assert_eq!(make::live_bookings(&mut admin).await, [], "asking reserves nothing");
    let published = make::published(&mut admin, "camp").await;
    assert_eq!(published.places_created, 3);
    assert_eq!(make::live_bookings(&mut admin).await.len(), 3);

    // the call that was refused comes too late now: an older schedule never replaces a newer one
    let late = admin.schedule.publish_schedule(first).await;
    refused(late, Code::FailedPrecondition, "PUBLISH_OUTDATED");

    // the version holds what was published, whatever happens later
    let name = published.version.expect("a version").name;
    answered(admin.schedule.delay_activity(make::delay(&make::name("camp", "a1"), 5)).await);
    let version = answered(admin.schedule.get_schedule_version(GetScheduleVersionRequest { name }).await);
    assert_eq!(version.activities[0].start_time, Some(make::at(600)));

    // the next version supersedes it, and moves nothing that has followed already
    log::settle(&mut admin).await;
    let next = make::published(&mut admin, "camp").await;
    assert_eq!(
        (next.places_created, next.places_moved, next.places_kept, next.places_released),
        (0, 0, 3, 0)
    );
    let outcomes: Vec<VersionState> = answered(admin.schedule.list_schedule_versions(versions).await)
        .versions
        .iter()
        .map(matchday_api::scheduling::v1::ScheduleVersion::state)
        .collect();
    assert_eq!(outcomes, [VersionState::Published, VersionState::Superseded, VersionState::Refused]);
}

async fn next_of(stream: &mut Streaming<WatchActivitiesResponse>) -> WatchActivitiesResponse {
    let item = timeout(PATIENCE, stream.next()).await.expect("something in time");
    item.expect("a stream without an end").expect("no refusal")
}

async fn watchers_see_what_changes(stage: Stage) {
    let mut admin = stage.admin();
    let programme = make::programme("camp", &[("a1", 1, 600, 60), ("a2", 1, 800, 60)]);
    make::set_up(&mut admin, 1, programme).await;
    make::published(&mut admin, "camp").await;
    let heads =
        [log::head(&mut admin.scheduling, "scheduling").await, log::head(&mut admin.venues, "venues").await];
    let watch = WatchActivitiesRequest { parent: "tournaments/camp".into() };
    let mut watched = answered(admin.schedule.watch_activities(watch).await);
    let mut scheduled = log::tail(&mut admin.scheduling, "scheduling", heads[0]).await;
    let mut booked = log::tail(&mut admin.venues, "venues", heads[1]).await;

    let mut known = Vec::new();
    loop {
        let response = next_of(&mut watched).await;
        assert!(response.sequence >= heads[0]);
        if response.current {
            break;
        }
        known.push(response.activity.expect("an activity").name);
    }
    known.sort();
    assert_eq!(known, [make::name("camp", "a1"), make::name("camp", "a2")]);

    let name = make::name("camp", "a1");
    let delayed = answered(admin.schedule.delay_activity(make::delay(&name, 15)).await);
    let seen = next_of(&mut watched).await;
    assert_eq!(seen.activity.as_ref(), delayed.activities.first());
    let event = scheduled.next_of::<matchday_api::scheduling::v1::ActivityDelayed>().await;
    assert_eq!((event.sequence, &event.resource), (heads[0] + 1, &name));
    assert_eq!(event.actor, "staff/li");
    assert_eq!(seen.sequence, event.sequence);
    let effect = booked.next_of::<matchday_api::venues::v1::BookingMoved>().await;
    assert_eq!((effect.sequence, effect.change), (heads[1] + 1, delayed.change));
    assert_eq!(effect.actor, "services/venues");
}

async fn two_tournaments_share_a_site(stage: Stage) {
    let mut admin = stage.admin();
    make::set_up(&mut admin, 1, make::programme("cup", &[("final", 1, 600, 100)])).await;
    let camp = make::programme("camp", &[("a1", 1, 400, 100), ("a2", 1, 710, 100)]);
    answered(admin.tournaments.import_tournament(camp).await);
    make::published(&mut admin, "cup").await;

    // the turnaround of the final (until 720) and the set-up of the training (from 700)
    let status =
        refused(make::try_publish(&mut admin, "camp").await, Code::FailedPrecondition, "PLACES_NOT_FREE");
    assert_eq!(subjects(&status), [make::name("camp", "a2")]);
    let second = make::name("camp", "a2");
    answered(admin.schedule.move_activity(make::move_to(&second, 1, 730)).await);
    make::published(&mut admin, "camp").await;

    // each delay is followed; the later one finds its place taken by the other tournament
    let (last, training) = (make::name("cup", "final"), make::name("camp", "a2"));
    answered(admin.schedule.delay_activity(make::delay(&last, 45)).await);
    log::settle(&mut admin).await;
    let displaced = make::booking_of(&mut admin, &last).await;
    let blocker = make::booking_of(&mut admin, &training).await;
    assert_eq!(displaced.state(), BookingState::Displaced);
    assert_eq!(displaced.conflicts, [blocker.name]);
    answered(admin.schedule.delay_activity(make::delay(&training, 45)).await);
    log::settle(&mut admin).await;
    let place = PlaceBookingRequest { name: displaced.name, ..PlaceBookingRequest::default() };
    answered(admin.bookings.place_booking(place).await);
    let bookings = make::live_bookings(&mut admin).await;
    assert_eq!(bookings.len(), 3);
    assert!(bookings.iter().all(|booking| booking.state() == BookingState::Booked));
    assert_eq!(double_bookings(&bookings), []);
}

async fn a_session_is_delayed_as_far_as_it_must(stage: Stage) {
    let mut admin = stage.admin();
    make::set_up(&mut admin, 2, make::programme("cup", &[])).await;
    let session = CreateSessionRequest {
        parent: "tournaments/cup".into(),
        session_id: "opening".into(),
        session: Some(Session {
            title: "Opening".into(),
            venue: make::VENUE.into(),
            expected_attendance: 8000,
            ..Session::default()
        }),
        ..CreateSessionRequest::default()
    };
    let session = answered(admin.schedule.create_session(session).await).session.expect("a session").name;
    for (id, pitch, from, length) in
        [("ceremony", 1, 600, 60), ("opener", 2, 680, 115), ("market", 1, 900, 60)]
    {
        let mut activity = make::training(make::name("cup", id), pitch, from, length);
        activity.session.clone_from(&session);
        let request = CreateActivityRequest {
            parent: "tournaments/cup".into(),
            activity_id: id.into(),
            activity: Some(activity),
            ..CreateActivityRequest::default()
        };
        answered(admin.schedule.create_activity(request).await);
    }
    make::published(&mut admin, "cup").await;
    let delayed =
        answered(admin.schedule.delay_activity(make::delay(&make::name("cup", "ceremony"), 45)).await);
    let names: Vec<&str> = delayed.activities.iter().map(|activity| activity.name.as_str()).collect();
    assert_eq!(names, [make::name("cup", "ceremony"), make::name("cup", "opener")]);
    log::settle(&mut admin).await;
    // the ceremony ends at 705, and the opener began at 680
    let opener = make::booking_of(&mut admin, &make::name("cup", "opener")).await;
    assert_eq!((opener.start_time, opener.state()), (Some(make::at(705)), BookingState::Booked));
    let read = answered(admin.schedule.get_session(GetSessionRequest { name: session }).await);
    let session = read.session.expect("a session");
    assert_eq!(session.activities.len(), 3);
    assert_eq!((session.start_time, session.end_time), (Some(make::at(645)), Some(make::at(960))));
}

/// Where a pooler drops notifications, followers in other processes find events by polling.
#[tokio::test(flavor = "multi_thread")]
async fn bookings_follow_without_notifications() {
    let separate = Hosting::Processes(Plan::Separate);
    if let Some(stage) = Stage::without_notify(Engine::Postgres, separate).await {
        watchers_see_what_changes(stage).await;
    }
}
