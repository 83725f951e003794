//! What is refused, with a code, a reason and the field; and that nothing of it stays.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use matchday_api::{
    scheduling::v1::{
        Activity, CreateActivityRequest, DelayActivityRequest, ImportTournamentRequest,
        ListActivitiesRequest, MoveActivityRequest, UpdateActivityRequest, WatchActivitiesRequest,
    },
    venues::v1::{
        Booking, CreateBookingRequest, CreateSiteRequest, ListBookingsRequest, ListZonesRequest,
        ReleaseBookingRequest, UpdateSiteRequest,
    },
};
use matchday_tests::{
    log, make, on_every_stage,
    refusal::{answered, refusal, refused, refused_as, refused_field},
    stage::{Engine, Hosting, Stage},
};
use prost_types::{Duration, FieldMask, Timestamp};
use tonic::Code;

on_every_stage! {
    wrong_fields_are_named
    what_is_there_is_not_made_again
    only_what_was_read_is_written
    a_page_token_leads_on_within_its_query_alone
    a_forged_page_token_reads_nothing_beyond_its_parent
    a_message_too_large_is_refused
}

async fn heads(admin: &mut matchday_tests::clients::Clients) -> (i64, i64) {
    let scheduling = log::head(&mut admin.scheduling, "scheduling").await;
    (scheduling, log::head(&mut admin.venues, "venues").await)
}

async fn wrong_fields_are_named(stage: Stage) {
    let mut admin = stage.admin();
    make::set_up(&mut admin, 1, make::programme("camp", &[("a1", 1, 600, 60)])).await;
    let before = heads(&mut admin).await;

    let booking = |change: &dyn Fn(&mut CreateBookingRequest, &mut Booking)| {
        let mut request = make::by_hand(1, 0, 60);
        let mut booking = request.booking.take().expect("a booking");
        change(&mut request, &mut booking);
        request.booking.get_or_insert(booking);
        request
    };
    let far = Timestamp { seconds: i64::MAX, nanos: 0 };
    let wrong = [
        ("parent", booking(&|request, _| request.parent = "pitch 1".into())),
        ("parent", booking(&|request, _| request.parent = make::VENUE.into())),
        ("booking.title", booking(&|_, booking| booking.title = " ".into())),
        ("booking.title", booking(&|_, booking| booking.title = "a\0b".into())),
        ("booking.title", booking(&|_, booking| booking.title = "字".repeat(501))),
        ("booking.start_time", booking(&|_, booking| booking.start_time = None)),
        ("booking.start_time", booking(&|_, booking| booking.start_time = Some(far))),
        ("booking.end_time", booking(&|_, booking| booking.end_time = Some(make::at(0)))),
        ("booking.end_time", booking(&|_, booking| booking.end_time = Some(make::at(-5)))),
        ("booking.end_time", booking(&|_, booking| booking.end_time = Some(make::at(60 * 24 * 400)))),
        ("booking.set_up", booking(&|_, booking| booking.set_up = Some(make::minutes(-1)))),
        ("booking.turnaround", booking(&|_, booking| booking.turnaround = Some(make::minutes(60 * 24 * 8)))),
        ("booking.tournament", booking(&|_, booking| booking.tournament = "cup".into())),
        ("request_id", booking(&|request, _| request.request_id = "two words".into())),
    ];
    for (field, request) in wrong {
        refused_field(admin.bookings.create_booking(request).await, field);
    }
    let site = |id: &str, zone: &str| {
        let mut site = make::site(0).site.expect("a site");
        site.time_zone = zone.into();
        CreateSiteRequest { site_id: id.into(), site: Some(site), request_id: String::new() }
    };
    for (field, id, zone) in [
        ("site_id", "Jin Jiang", "Asia/Shanghai"),
        ("site_id", "", "Asia/Shanghai"),
        ("site.time_zone", "other", "Asia/Jinjiang"),
        ("site.time_zone", "other", ""),
    ] {
        refused_field(admin.places.create_site(site(id, zone)).await, field);
    }
    let list = |state: i32| ListBookingsRequest {
        parent: make::SITE.into(),
        states: vec![state],
        ..ListBookingsRequest::default()
    };
    for unknown in [0, 99, -1] {
        refused_field(admin.bookings.list_bookings(list(unknown)).await, "states");
    }

    let activity = |change: &dyn Fn(&mut CreateActivityRequest, &mut Activity)| {
        let mut request = CreateActivityRequest {
            parent: "tournaments/camp".into(),
            activity_id: "a9".into(),
            ..CreateActivityRequest::default()
        };
        let mut activity = make::training(make::name("camp", "a9"), 1, 600, 60);
        change(&mut request, &mut activity);
        request.activity = Some(activity);
        request
    };
    let wrong = [
        ("activity_id", activity(&|request, _| request.activity_id = "A 9".into())),
        ("parent", activity(&|request, _| request.parent = "camp".into())),
        ("activity.kind", activity(&|_, activity| activity.kind = 99)),
        ("activity.kind", activity(&|_, activity| activity.kind = 0)),
        ("activity.zone", activity(&|_, activity| activity.zone = make::VENUE.into())),
        ("activity.end_time", activity(&|_, activity| activity.end_time = activity.start_time)),
        ("activity.set_up", activity(&|_, activity| activity.set_up = Some(make::minutes(-1)))),
    ];
    for (field, request) in wrong {
        refused_field(admin.schedule.create_activity(request).await, field);
    }
    let name = make::name("camp", "a1");
    let nameless = DelayActivityRequest { name: "a1".into(), ..make::delay(&name, 5) };
    refused_field(admin.schedule.delay_activity(nameless).await, "name");
    let unreasoned = DelayActivityRequest { reason: String::new(), ..make::delay(&name, 5) };
    refused_field(admin.schedule.delay_activity(unreasoned).await, "reason");
    for minutes in [0, -5, 24 * 60 + 1] {
        let answer = admin.schedule.delay_activity(make::delay(&name, minutes)).await;
        refused_as(answer, Code::InvalidArgument);
    }
    let nowhere = MoveActivityRequest { zone: "pitch-1".into(), ..make::move_to(&name, 1, 0) };
    refused_field(admin.schedule.move_activity(nowhere).await, "zone");

    assert_eq!(heads(&mut admin).await, before, "nothing was written");
}

async fn what_is_there_is_not_made_again(stage: Stage) {
    let mut admin = stage.admin();
    let programme = make::programme("camp", &[("a1", 1, 600, 60)]);
    make::set_up(&mut admin, 1, programme.clone()).await;
    let before = heads(&mut admin).await;
    let exists = (Code::AlreadyExists, "RESOURCE_EXISTS".to_owned());
    assert_eq!(refusal(&admin.places.import_site(make::site(2)).await), exists);
    assert_eq!(refusal(&admin.tournaments.import_tournament(programme).await), exists);
    let again = CreateActivityRequest {
        parent: "tournaments/camp".into(),
        activity_id: "a1".into(),
        activity: Some(make::training(make::name("camp", "a1"), 1, 0, 60)),
        ..CreateActivityRequest::default()
    };
    assert_eq!(refusal(&admin.schedule.create_activity(again).await), exists);

    // a list that names one thing twice is refused as a whole
    let twice = make::programme("cup", &[("a1", 1, 0, 60), ("a2", 1, 100, 60), ("a1", 1, 200, 60)]);
    let refusal_of_twice = admin.tournaments.import_tournament(twice).await;
    assert!(refusal_of_twice.is_err());
    let missing = WatchActivitiesRequest { parent: "tournaments/cup".into() };
    refused(admin.schedule.watch_activities(missing).await, Code::NotFound, "RESOURCE_NOT_FOUND");
    let mut site = make::site(2);
    site.site.as_mut().expect("a site").name = "sites/other".into();
    site.venues[0].name = "sites/other/venues/stadium".into();
    for zone in &mut site.zones {
        zone.name = "sites/other/venues/stadium/zones/pitch".into();
    }
    assert_eq!(refusal(&admin.places.import_site(site).await), exists);
    let zones = ListZonesRequest { parent: "sites/other".into(), ..ListZonesRequest::default() };
    refused(admin.places.list_zones(zones).await, Code::NotFound, "RESOURCE_NOT_FOUND");

    // nor is anything made below what is not there
    let orphan = CreateActivityRequest {
        parent: "tournaments/none".into(),
        activity_id: "a1".into(),
        activity: Some(make::training(make::name("none", "a1"), 1, 0, 60)),
        ..CreateActivityRequest::default()
    };
    refused(admin.schedule.create_activity(orphan).await, Code::NotFound, "RESOURCE_NOT_FOUND");
    refused(
        admin.bookings.create_booking(make::by_hand(7, 0, 60)).await,
        Code::NotFound,
        "RESOURCE_NOT_FOUND",
    );
    assert_eq!(heads(&mut admin).await, before, "nothing was written");
}

async fn only_what_was_read_is_written(house: Stage) {
    let mut admin = house.admin();
    make::set_up(&mut admin, 1, make::programme("camp", &[("a1", 1, 600, 60)])).await;
    let name = make::name("camp", "a1");
    let first = answered(admin.schedule.delay_activity(make::delay(&name, 5)).await).activities.remove(0);
    let stale = first.etag.clone();
    answered(
        admin
            .schedule
            .delay_activity(DelayActivityRequest { etag: first.etag, ..make::delay(&name, 5) })
            .await,
    );
    let before = heads(&mut admin).await;

    let mismatch = (Code::Aborted, "ETAG_MISMATCH".to_owned());
    let delay = DelayActivityRequest { etag: stale.clone(), ..make::delay(&name, 5) };
    assert_eq!(refusal(&admin.schedule.delay_activity(delay).await), mismatch);
    let there = MoveActivityRequest { etag: stale.clone(), ..make::move_to(&name, 1, 0) };
    assert_eq!(refusal(&admin.schedule.move_activity(there).await), mismatch);
    let update = UpdateActivityRequest {
        activity: Some(Activity { etag: stale, title: "New".into(), ..make::training(name, 1, 0, 60) }),
        update_mask: Some(FieldMask { paths: vec!["title".into()] }),
        ..UpdateActivityRequest::default()
    };
    assert_eq!(refusal(&admin.schedule.update_activity(update).await), mismatch);

    let mut site = make::site(0).site.expect("a site");
    site.etag = "7".into();
    let update = |paths: &[&str]| UpdateSiteRequest {
        site: Some(site.clone()),
        update_mask: Some(FieldMask { paths: paths.iter().map(ToString::to_string).collect() }),
        ..UpdateSiteRequest::default()
    };
    assert_eq!(refusal(&admin.places.update_site(update(&["display_name"])).await), mismatch);
    refused_field(admin.places.update_site(update(&["name"])).await, "update_mask");
    refused_field(admin.places.update_site(update(&[])).await, "update_mask");
    assert_eq!(heads(&mut admin).await, before, "nothing was written");

    let booking =
        answered(admin.bookings.create_booking(make::by_hand(1, 0, 60)).await).booking.expect("a booking");
    let release = |etag: &str| ReleaseBookingRequest {
        name: booking.name.clone(),
        etag: etag.into(),
        request_id: String::new(),
    };
    assert_eq!(refusal(&admin.bookings.release_booking(release("7")).await), mismatch);
    answered(admin.bookings.release_booking(release(&booking.etag)).await);
}

async fn a_forged_page_token_reads_nothing_beyond_its_parent(stage: Stage) {
    let mut admin = stage.admin();
    answered(admin.places.import_site(make::site(2)).await);
    let mut elsewhere = make::site(2);
    let moved = |name: &mut String| *name = name.replace(make::SITE, "sites/aaa");
    elsewhere.site.iter_mut().for_each(|site| moved(&mut site.name));
    elsewhere.venues.iter_mut().for_each(|venue| moved(&mut venue.name));
    elsewhere.zones.iter_mut().for_each(|zone| moved(&mut zone.name));
    answered(admin.places.import_site(elsewhere).await);

    let mut viewer = stage.clients(&format!("viewer@{}", make::SITE));
    let list = |page_size: i32, page_token: String| ListZonesRequest {
        parent: make::VENUE.into(),
        page_size,
        page_token,
    };
    let token = answered(viewer.places.list_zones(list(1, String::new())).await).next_page_token;
    let mut bytes = BASE64_URL_SAFE_NO_PAD.decode(token).expect("a token is base64");
    let key = make::pitch(1);
    assert!(bytes.ends_with(key.as_bytes()), "the token ends with the key");
    bytes.truncate(bytes.len() - key.len());
    bytes.extend(b"sites/");
    let page = answered(viewer.places.list_zones(list(50, BASE64_URL_SAFE_NO_PAD.encode(bytes))).await);
    let names: Vec<String> = page.zones.into_iter().map(|zone| zone.name).collect();
    assert_eq!(names, [make::pitch(1), make::pitch(2)]);
}

async fn a_page_token_leads_on_within_its_query_alone(stage: Stage) {
    let mut admin = stage.admin();
    let trainings: Vec<(String, i64)> = (0..7).map(|n| (format!("a{n}"), 1000 - n * 100)).collect();
    let trainings: Vec<_> = trainings.iter().map(|(id, from)| (id.as_str(), 1, *from, 30)).collect();
    make::set_up(&mut admin, 1, make::programme("camp", &trainings)).await;
    answered(admin.tournaments.import_tournament(make::programme("cup", &trainings)).await);
    make::published(&mut admin, "camp").await;

    let list = |parent: &str, page_size: i32, page_token: &str| ListActivitiesRequest {
        parent: parent.into(),
        page_size,
        page_token: page_token.into(),
        ..ListActivitiesRequest::default()
    };
    let mut names = Vec::new();
    let mut token = String::new();
    let mut tokens = Vec::new();
    loop {
        let page = answered(admin.schedule.list_activities(list("tournaments/camp", 3, &token)).await);
        names.extend(page.activities.into_iter().map(|activity| activity.name));
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
        tokens.push(token.clone());
    }
    let by_start: Vec<String> = (0..7).rev().map(|n| make::name("camp", &format!("a{n}"))).collect();
    assert_eq!(names, by_start, "each activity once, by start");
    assert_eq!(tokens.len(), 2);

    let other = admin.schedule.list_activities(list("tournaments/cup", 3, &tokens[0])).await;
    refused(other, Code::InvalidArgument, "PAGE_TOKEN_INVALID");
    let mut filtered = list("tournaments/camp", 3, &tokens[0]);
    filtered.until = Some(make::at(900));
    let other = admin.schedule.list_activities(filtered).await;
    refused(other, Code::InvalidArgument, "PAGE_TOKEN_INVALID");
    let bookings = ListBookingsRequest {
        parent: make::SITE.into(),
        page_token: tokens[0].clone(),
        ..ListBookingsRequest::default()
    };
    refused(admin.bookings.list_bookings(bookings).await, Code::InvalidArgument, "PAGE_TOKEN_INVALID");
    let broken = admin.schedule.list_activities(list("tournaments/camp", 3, "not a token")).await;
    refused(broken, Code::InvalidArgument, "PAGE_TOKEN_INVALID");
    let negative = admin.schedule.list_activities(list("tournaments/camp", -1, "")).await;
    refused_field(negative, "page_size");
    let all = admin.schedule.list_activities(list("tournaments/camp", i32::MAX, "")).await;
    assert_eq!(answered(all).activities.len(), 7);
}

/// A message is at most 4 MiB, the limit of most clients.
async fn a_message_too_large_is_refused(stage: Stage) {
    let mut admin = stage.admin();
    let mut site = make::site(1);
    site.site.as_mut().expect("a site").display_name = "x".repeat(4 * 1024 * 1024);
    refused(admin.places.import_site(site).await, Code::ResourceExhausted, "MESSAGE_TOO_LARGE");
    // it was the message, not the connection
    answered(admin.places.import_site(make::site(1)).await);
    // so is one that holds too much, short as it may be
    let many = ImportTournamentRequest {
        tournament: Some(make::tournament("camp")),
        activities: vec![Activity::default(); 20_000],
        ..ImportTournamentRequest::default()
    };
    refused_as(admin.tournaments.import_tournament(many).await, Code::InvalidArgument);
}

/// The largest times there are still fit, or are refused; nothing wraps round.
#[tokio::test(flavor = "multi_thread")]
async fn the_ends_of_the_calendar_are_no_trap() {
    let stage = Stage::open(Engine::Sqlite, Hosting::Local).await.unwrap();
    let mut admin = stage.admin();
    make::set_up(&mut admin, 1, make::programme("camp", &[("a1", 1, 600, 60)])).await;
    // 9999-12-30T22:00:00Z, the last instant there is, with buffers beyond it
    let last = Timestamp { seconds: 253_402_207_200, nanos: 0 };
    let before = Timestamp { seconds: last.seconds - 3600, nanos: 0 };
    let mut request = make::by_hand(1, 0, 60);
    let booking = request.booking.as_mut().expect("a booking");
    (booking.start_time, booking.end_time) = (Some(before), Some(last));
    booking.turnaround = Some(make::minutes(60));
    refused_field(admin.bookings.create_booking(request).await, "booking.end_time");
    let name = make::name("camp", "a1");
    let there = MoveActivityRequest { start_time: Some(last), ..make::move_to(&name, 1, 0) };
    refused_as(admin.schedule.move_activity(there).await, Code::InvalidArgument);
    let long = MoveActivityRequest {
        duration: Some(Duration { seconds: i64::MAX, nanos: 0 }),
        ..make::move_to(&name, 1, 0)
    };
    refused_as(admin.schedule.move_activity(long).await, Code::InvalidArgument);
}
