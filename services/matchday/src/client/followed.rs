//! What became of the bookings of activities that changed.

use std::time::Duration;

use matchday_api::{
    event::v1::{AwaitFollowerRequest, GetLogRequest},
    scheduling::v1::{Activity, ActivityState},
    venues::v1::{Booking, BookingState, GetBookingRequest, ListBookingsRequest},
};
use matchday_kernel::{ActivityName, Zone};
use tokio::time::timeout;
use tonic::Status;

use super::{booking::occupation, connection::Client, pages};
use crate::{
    failure::say,
    output::{Cell, between},
};

/// How long the bookings are waited for.
const PATIENCE: Duration = Duration::from_secs(3);

/// Says on standard error, for each activity, what its booking does now. Where that cannot be seen, because
/// venues are hosted elsewhere, are late, or are closed to the token, it says where to look.
pub(crate) async fn tell(client: &Client, changed: &[Activity], clocks: &Zone) {
    if let Ok(Ok(lines)) = timeout(PATIENCE, look(client, changed, clocks)).await {
        lines.iter().for_each(say);
        return;
    }
    let zone = changed.first().map_or("", |activity| activity.zone.as_str());
    let site = zone.split('/').nth(1).unwrap_or_default();
    say(format_args!("the bookings follow in venues: see matchday booking list {site} --state displaced"));
}

/// Says on standard error where to see what else follows an activity: shifts, work and gates.
pub(crate) fn tell_where(changed: &Activity, clocks: &Zone) {
    let start = Cell::Time(changed.start_time).short(clocks);
    let tournament = changed.name.split('/').nth(1).unwrap_or_default();
    if let Some((day, _)) = start.split_once(' ') {
        say(format_args!(
            "what else follows is on the run sheet: matchday runsheet {tournament} --day {day}"
        ));
    }
}

/// Waits until venues has heard of everything that scheduling has decided by now.
///
/// # Errors
/// The server's refusal, such as when it does not host both.
pub(crate) async fn applied(client: &Client) -> Result<(), Status> {
    let sequence = head(client, "scheduling").await?;
    let applied = AwaitFollowerRequest { follower: "venues".into(), log: "scheduling".into(), sequence };
    client.events("venues").await_follower(applied).await?;
    Ok(())
}

/// The sequence of the last event of a log.
///
/// # Errors
/// The server's refusal.
pub(crate) async fn head(client: &Client, log: &str) -> Result<i64, Status> {
    Ok(client.events(log).get_log(GetLogRequest { log: log.into() }).await?.into_inner().sequence)
}

async fn look(client: &Client, changed: &[Activity], clocks: &Zone) -> Result<Vec<String>, Status> {
    applied(client).await?;
    let mut lines = Vec::new();
    for activity in changed {
        let place = Cell::name(&activity.zone).short(clocks);
        match booking_of(client, activity).await? {
            Some(booking) => lines.push(line(client, &booking, &place, clocks).await),
            None if activity.state() == ActivityState::Cancelled => {}
            None => lines.push(format!("not booked yet: {place}; publishing the tournament books it")),
        }
    }
    Ok(lines)
}

/// The booking an activity has, or had last, in its zone.
async fn booking_of(client: &Client, activity: &Activity) -> Result<Option<Booking>, Status> {
    let tournament = activity.name.parse::<ActivityName>().map(|name| name.parent().to_string());
    // only a cancelled activity's booking is released by following; one released by hand is none
    let is_cancelled = activity.state() == ActivityState::Cancelled;
    let states = is_cancelled.then_some(BookingState::Released);
    let request = ListBookingsRequest {
        parent: activity.zone.clone(),
        page_size: pages::PAGE_SIZE,
        from: activity.start_time,
        until: activity.end_time,
        states: states.into_iter().map(i32::from).collect(),
        tournament: tournament.unwrap_or_default(),
        ..ListBookingsRequest::default()
    };
    let page = client.bookings().list_bookings(request).await?.into_inner();
    let own = page.bookings.into_iter().filter(|booking| booking.holder == activity.name);
    Ok(own.max_by_key(|booking| booking.revision))
}

async fn line(client: &Client, booking: &Booking, place: &str, clocks: &Zone) -> String {
    let (from, until) = occupation(booking);
    let held = between(from, until, clocks);
    match booking.state() {
        BookingState::Displaced => {
            let mut blockers = Vec::new();
            for name in &booking.conflicts {
                blockers.push(blocker(client, name, clocks).await);
            }
            let (own, holder) =
                (Cell::name(&booking.name).short(clocks), Cell::name(&booking.holder).short(clocks));
            format!(
                "booking DISPLACED: {place} {held}; in the way: {}\n  next: matchday activity move {holder}, \
                 or free the zone and matchday booking place {own}",
                blockers.join(", ")
            )
        }
        BookingState::Released => format!("booking released: {place} {held}"),
        _ => format!("booking followed: {place} {held}"),
    }
}

/// What is in the way, in words; its name when no more may be read, or when it is a zone that is missing.
async fn blocker(client: &Client, name: &str, clocks: &Zone) -> String {
    let request = GetBookingRequest { name: name.to_owned() };
    let answer = client.bookings().get_booking(request).await.ok();
    match answer.and_then(|response| response.into_inner().booking) {
        Some(booking) => {
            let (from, until) = occupation(&booking);
            format!("{} ({})", Cell::text(&booking.title).short(clocks), between(from, until, clocks))
        }
        None => Cell::name(name).short(clocks),
    }
}
