//! The reference tournament and its neighbours, imported by the program as people do.

use std::path::Path;

use matchday_api::venues::v1::BookingState;
use matchday_tests::{
    clients::Clients,
    log, make,
    model::{Model, Told},
    on_separate_processes,
    overlap::double_bookings,
    process::command,
    refusal::answered,
    stage::Stage,
};

on_separate_processes! {
    the_opener_is_delayed
    a_delay_makes_room_within_its_session
}

/// Imports and publishes the tournament and its neighbours.
async fn import(stage: &mut Stage) -> Clients {
    let (venues, scheduling) = (stage.town().url("venues"), stage.town().url("scheduling"));
    let mut admin = stage.admin();
    let token = stage.data().join("admin.token");
    let import = |what: &str, file: &str, server: &str| {
        let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/fisu-2023");
        let (file, token) = (examples.join(file), token.display().to_string());
        let file = file.display().to_string();
        command(&[what, "import", &file, "--server", server, "--token-file", &token])
    };
    import("site", "site.yaml", &venues);
    import("tournament", "tournament.yaml", &scheduling);
    import("tournament", "neighbours.yaml", &scheduling);
    let places = make::published(&mut admin, "fisu-2023").await.places_created;
    assert!(places >= 46, "{places} places for 46 matches");
    let others = make::published(&mut admin, "jinjiang-community-2023").await.places_created;
    let bookings = make::live_bookings(&mut admin).await;
    assert_eq!(i32::try_from(bookings.len()), Ok(places + others));
    assert!(bookings.iter().all(|booking| booking.state() == BookingState::Booked));
    admin
}

/// The men's final has the closing after it, and the fourteenth match the fifteenth, on the same pitch without
/// a minute between: a delay moves both, and displaces neither.
async fn a_delay_makes_room_within_its_session(mut stage: Stage) {
    let mut admin = import(&mut stage).await;
    for (delayed, next, by) in [("m46", "closing-ceremony", 30), ("m14", "m15", 5)] {
        let delay = make::delay(&make::name("fisu-2023", delayed), by);
        let moved = answered(admin.schedule.delay_activity(delay).await).activities;
        let names: Vec<&str> = moved.iter().map(|activity| activity.name.as_str()).collect();
        assert_eq!(names[..2], [make::name("fisu-2023", delayed), make::name("fisu-2023", next)]);
        log::settle(&mut admin).await;
        for id in [delayed, next] {
            let booking = make::booking_of(&mut admin, &make::name("fisu-2023", id)).await;
            assert_eq!(booking.state(), BookingState::Booked, "{id}: {booking:?}");
        }
    }
}

/// The opener is delayed by 45 minutes, as in the demonstration, and by as much again; what follows it in its
/// session, and what waits for its places, is where the model says.
async fn the_opener_is_delayed(mut stage: Stage) {
    let mut admin = import(&mut stage).await;
    for _ in 0..2 {
        let opener = make::delay(&make::name("fisu-2023", "m01"), 45);
        let moved = answered(admin.schedule.delay_activity(opener).await).activities;
        assert_eq!(moved[0].name, make::name("fisu-2023", "m01"));
    }
    log::settle(&mut admin).await;
    let bookings = make::live_bookings(&mut admin).await;
    assert_eq!(double_bookings(&bookings), []);
    let zones = bookings.iter().map(|booking| booking.zone.clone());
    let mut model = Model::new(zones);
    model.replay(&log::whole(&mut admin.scheduling, "scheduling").await);
    let told = Told::of(&log::whole(&mut admin.venues, "venues").await);
    assert_eq!(told.effects(), model.effects());
    assert!(!model.effects().is_empty());
    assert_eq!(told.places(&bookings), model.places());
}
