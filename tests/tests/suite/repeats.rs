//! Repeated calls: a request id makes one write of them, over a restart too.

use matchday_api::{
    scheduling::v1::{DelayActivityRequest, ListScheduleVersionsRequest, PublishScheduleRequest},
    venues::v1::{BookingState, CreateBookingRequest, ReleaseBookingRequest},
};
use matchday_tests::{
    clients::Clients,
    log, make, on_every_stage,
    refusal::{answered, refused},
    stage::Stage,
};
use tonic::Code;

on_every_stage! {
    a_repeat_is_answered_as_the_first_call_was
}

async fn a_repeat_is_answered_as_the_first_call_was(mut stage: Stage) {
    let mut admin = stage.admin();
    let programme = make::programme("camp", &[("a1", 1, 600, 60)]);
    make::set_up(&mut admin, 2, programme).await;
    let publish = PublishScheduleRequest { request_id: "publish".into(), ..make::publish("camp") };
    let delay =
        DelayActivityRequest { request_id: "delay".into(), ..make::delay(&make::name("camp", "a1"), 15) };
    let book = CreateBookingRequest { request_id: "book".into(), ..make::by_hand(2, 0, 60) };
    let first = (
        answered(admin.schedule.publish_schedule(publish.clone()).await),
        answered(admin.schedule.delay_activity(delay.clone()).await),
        answered(admin.bookings.create_booking(book.clone()).await),
    );
    log::settle(&mut admin).await;
    let heads =
        (log::head(&mut admin.scheduling, "scheduling").await, log::head(&mut admin.venues, "venues").await);

    for is_restarted in [false, true] {
        if is_restarted {
            drop(admin);
            stage.restart().await;
            admin = stage.admin();
        }
        let published = answered(admin.schedule.publish_schedule(publish.clone()).await);
        assert_eq!(published.version.as_ref().map(|v| &v.name), first.0.version.as_ref().map(|v| &v.name));
        assert_eq!(answered(admin.schedule.delay_activity(delay.clone()).await), first.1);
        assert_eq!(answered(admin.bookings.create_booking(book.clone()).await), first.2);
    }
    // another body with the same id is another call, and refused
    let other_delay = DelayActivityRequest { delay: Some(make::minutes(16)), ..delay };
    refused(admin.schedule.delay_activity(other_delay).await, Code::InvalidArgument, "REQUEST_ID_REUSED");
    let other_booking = CreateBookingRequest { request_id: "book".into(), ..make::by_hand(2, 0, 61) };
    refused(admin.bookings.create_booking(other_booking).await, Code::InvalidArgument, "REQUEST_ID_REUSED");
    // another caller's request ids are its own
    let peer = |service: &str| stage.tokens().on_behalf(stage.nobody(service), "staff/wu", "administrator@*");
    let mut wu = Clients::new(peer);
    refused(wu.bookings.create_booking(book).await, Code::FailedPrecondition, "ZONE_NOT_FREE");

    log::settle(&mut admin).await;
    let unchanged =
        (log::head(&mut admin.scheduling, "scheduling").await, log::head(&mut admin.venues, "venues").await);
    assert_eq!(unchanged, heads, "no repeat wrote anything");
    let versions = ListScheduleVersionsRequest {
        parent: "tournaments/camp".into(),
        ..ListScheduleVersionsRequest::default()
    };
    let versions = answered(admin.schedule.list_schedule_versions(versions).await).versions;
    assert_eq!(versions.len(), 1);
    let booking = make::booking_of(&mut admin, &make::name("camp", "a1")).await;
    assert_eq!((booking.start_time, booking.state()), (Some(make::at(615)), BookingState::Booked));

    // a refusal is not kept: when its cause is gone, the same call succeeds
    let wish = CreateBookingRequest { request_id: "wish".into(), ..make::by_hand(2, 30, 90) };
    let status =
        refused(admin.bookings.create_booking(wish.clone()).await, Code::FailedPrecondition, "ZONE_NOT_FREE");
    let in_the_way = first.2.booking.expect("a booking").name;
    assert!(status.message().contains(&in_the_way), "{status:?}");
    let release = ReleaseBookingRequest { name: in_the_way, ..ReleaseBookingRequest::default() };
    answered(admin.bookings.release_booking(release).await);
    answered(admin.bookings.create_booking(wish).await);
}
