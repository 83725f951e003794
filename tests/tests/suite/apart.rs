//! One service is down while the other works.

use futures_util::StreamExt;
use matchday_api::{
    scheduling::v1::{
        ListScheduleVersionsRequest, PublicationRefused, PublishScheduleRequest, SchedulePublished,
        VersionState,
    },
    venues::v1::BookingState,
};
use matchday_tests::{
    clients::Clients,
    log, make,
    model::{Model, Told},
    on_separate_processes,
    refusal::{answered, refused, refused_as},
    replica::Replica,
    stage::{Engine, Hosting, Stage},
    town::Plan,
};
use tonic::Code;

on_separate_processes! {
    a_publication_is_finished_when_venues_is_back
    a_delay_is_followed_when_venues_is_back
    venues_work_without_scheduling
    a_stream_of_a_killed_process_is_cut
}

async fn state_of_the_only_version(clients: &mut Clients, tournament: &str) -> VersionState {
    let list = ListScheduleVersionsRequest {
        parent: format!("tournaments/{tournament}"),
        ..ListScheduleVersionsRequest::default()
    };
    let versions = answered(clients.schedule.list_schedule_versions(list).await).versions;
    assert_eq!(versions.len(), 1, "{versions:?}");
    versions[0].state()
}

/// What was begun while venues was down is decided when it is back: published here, refused there.
async fn a_publication_is_finished_when_venues_is_back(mut stage: Stage) {
    let mut admin = stage.admin();
    make::set_up(&mut admin, 1, make::programme("free", &[("a1", 1, 600, 60)])).await;
    let taken = make::programme("taken", &[("a1", 1, 1000, 60), ("a2", 1, 1200, 60)]);
    answered(admin.tournaments.import_tournament(taken).await);
    answered(admin.bookings.create_booking(make::by_hand(1, 1200, 1260)).await);

    let home = stage.town().home_of("venues");
    stage.town().process(home).kill();
    let request = |id: &str| PublishScheduleRequest { request_id: id.into(), ..make::publish(id) };
    for id in ["free", "taken"] {
        let answer = admin.schedule.publish_schedule(request(id)).await;
        refused(answer, Code::Unavailable, "PUBLISH_PENDING");
        assert_eq!(state_of_the_only_version(&mut admin, id).await, VersionState::Publishing);
    }
    let asked = PublishScheduleRequest { validate_only: true, ..make::publish("free") };
    refused_as(admin.schedule.publish_schedule(asked).await, Code::Unavailable);

    let mut events = log::tail(&mut admin.scheduling, "scheduling", 0).await;
    stage.town().process(home).start_again().await;
    let mut decided = Vec::new();
    while decided.len() < 2 {
        let event = events.next().await;
        if log::read::<SchedulePublished>(&event).is_some() {
            decided.push((event.tournament, VersionState::Published));
        } else if log::read::<PublicationRefused>(&event).is_some() {
            decided.push((event.tournament, VersionState::Refused));
        }
    }
    decided.sort();
    let expected = [
        ("tournaments/free".to_owned(), VersionState::Published),
        ("tournaments/taken".to_owned(), VersionState::Refused),
    ];
    assert_eq!(decided, expected);
    assert_eq!(state_of_the_only_version(&mut admin, "free").await, VersionState::Published);
    assert_eq!(state_of_the_only_version(&mut admin, "taken").await, VersionState::Refused);
    let holders: Vec<String> = make::live_bookings(&mut admin).await.into_iter().map(|b| b.holder).collect();
    assert_eq!(holders, [make::name("free", "a1"), String::new()]);

    // who asks again learns what became of it
    let again = answered(admin.schedule.publish_schedule(request("free")).await);
    assert_eq!(again.version.expect("a version").state(), VersionState::Published);
    let again = admin.schedule.publish_schedule(request("taken")).await;
    refused(again, Code::FailedPrecondition, "PLACES_NOT_FREE");
}

/// The match has been delayed, whether venues knows or not.
async fn a_delay_is_followed_when_venues_is_back(mut stage: Stage) {
    let mut admin = stage.admin();
    let programme = make::programme("camp", &[("a1", 1, 600, 60), ("a2", 1, 800, 60)]);
    make::set_up(&mut admin, 1, programme).await;
    make::published(&mut admin, "camp").await;
    let home = stage.town().home_of("venues");
    stage.town().process(home).kill();
    let (first, second) = (make::name("camp", "a1"), make::name("camp", "a2"));
    answered(admin.schedule.delay_activity(make::delay(&first, 15)).await);
    answered(admin.schedule.move_activity(make::move_to(&second, 1, 640)).await);
    refused_as(admin.bookings.create_booking(make::by_hand(1, 0, 10)).await, Code::Unavailable);

    stage.town().process(home).start_again().await;
    log::settle(&mut admin).await;
    let followed = make::booking_of(&mut admin, &first).await;
    assert_eq!((followed.start_time, followed.state()), (Some(make::at(615)), BookingState::Booked));
    let displaced = make::booking_of(&mut admin, &second).await;
    assert_eq!((displaced.start_time, displaced.state()), (Some(make::at(640)), BookingState::Displaced));
    assert_eq!(displaced.conflicts, [followed.name]);
}

/// Places are booked by hand whether scheduling runs or not.
async fn venues_work_without_scheduling(mut stage: Stage) {
    let mut admin = stage.admin();
    answered(admin.places.import_site(make::site(1)).await);
    let home = stage.town().home_of("scheduling");
    stage.town().process(home).kill();
    answered(admin.bookings.create_booking(make::by_hand(1, 0, 60)).await);
    let list = ListScheduleVersionsRequest {
        parent: "tournaments/camp".into(),
        ..ListScheduleVersionsRequest::default()
    };
    refused(admin.schedule.list_schedule_versions(list).await, Code::Unavailable, "PEER_UNREACHABLE");
    stage.town().process(home).start_again().await;
    answered(admin.tournaments.import_tournament(make::programme("camp", &[("a1", 1, 600, 60)])).await);
    make::published(&mut admin, "camp").await;
    assert_eq!(make::live_bookings(&mut admin).await.len(), 2);
}

/// Whoever was listening to a process that is killed is told so, in the words of a call to a dead one.
async fn a_stream_of_a_killed_process_is_cut(mut stage: Stage) {
    let mut admin = stage.admin();
    answered(admin.places.import_site(make::site(1)).await);
    let mut events = log::tail(&mut admin.venues, "venues", 0).await;
    events.next().await;
    let home = stage.town().home_of("venues");
    stage.town().process(home).kill();
    let cut = loop {
        match events.0.next().await.expect("a last word") {
            Ok(_) => {}
            cut => break cut,
        }
    };
    refused(cut, Code::Unavailable, "PEER_UNREACHABLE");
}

/// Of two processes of venues one follows; when it is killed, the other takes over where it was.
#[tokio::test(flavor = "multi_thread")]
async fn another_process_follows_when_the_first_is_killed() {
    let separate = Hosting::Processes(Plan::Separate);
    let Some(mut stage) = Stage::open(Engine::Postgres, separate).await else {
        return;
    };
    let mut second = Replica::start(&mut stage).await;
    let mut admin = stage.admin();
    make::set_up(&mut admin, 1, make::programme("camp", &[("a1", 1, 600, 60)])).await;
    make::published(&mut admin, "camp").await;
    let name = make::name("camp", "a1");
    answered(admin.schedule.delay_activity(make::delay(&name, 15)).await);
    log::settle(&mut admin).await;
    // who waits at the one that stands by learns it too
    log::venues_settled(&mut second.clients).await;

    let home = stage.town().home_of("venues");
    stage.town().process(home).kill();
    answered(admin.schedule.delay_activity(make::delay(&name, 15)).await);
    log::venues_settled(&mut second.clients).await;
    let followed = make::booking_of(&mut second.clients, &name).await;
    assert_eq!(followed.start_time, Some(make::at(630)));

    // the first comes back, and stands by
    stage.town().process(home).start_again().await;
    answered(admin.schedule.delay_activity(make::delay(&name, 15)).await);
    log::settle(&mut admin).await;
    assert_eq!(make::booking_of(&mut admin, &name).await.start_time, Some(make::at(645)));
    let mut model = Model::new([make::pitch(1)]);
    model.replay(&log::whole(&mut admin.scheduling, "scheduling").await);
    let told = Told::of(&log::whole(&mut admin.venues, "venues").await);
    assert_eq!(told.effects(), model.effects());
}
