//! Requests as a user would make them: one site with one venue and its pitches, and tournaments on it.

use matchday_api::{
    scheduling::v1::{
        Activity, ActivityKind, DelayActivityRequest, ImportTournamentRequest, MoveActivityRequest,
        PublishScheduleRequest, PublishScheduleResponse, Tournament,
    },
    venues::v1::{
        Booking, BookingState, CreateBookingRequest, ImportSiteRequest, ListBookingsRequest, Site, Venue,
        VenuePurpose, Zone, ZoneKind,
    },
};
use prost_types::{Duration, Timestamp};
use tonic::Status;

use crate::{clients::Clients, refusal::answered};

/// The site.
pub const SITE: &str = "sites/jinjiang";
/// Its venue.
pub const VENUE: &str = "sites/jinjiang/venues/stadium";
/// The first day of the tournaments, at midnight: 21 October 2023, in seconds since 1970.
const FIRST_DAY: i64 = 1_697_846_400;

/// Name of a pitch; they count from 1.
#[must_use]
pub fn pitch(number: u64) -> String {
    format!("{VENUE}/zones/pitch-{number}")
}

/// So many minutes after the first day began.
#[must_use]
pub fn at(minute: i64) -> Timestamp {
    Timestamp { seconds: FIRST_DAY + minute * 60, nanos: 0 }
}

/// So many minutes.
#[must_use]
pub fn minutes(number: i64) -> Duration {
    Duration { seconds: number * 60, nanos: 0 }
}

/// The site with its venue and so many pitches.
#[must_use]
pub fn site(pitches: u64) -> ImportSiteRequest {
    ImportSiteRequest {
        site: Some(Site {
            name: SITE.into(),
            display_name: "晋江".into(),
            time_zone: "Asia/Shanghai".into(),
            ..Site::default()
        }),
        venues: vec![Venue {
            name: VENUE.into(),
            display_name: "Stadium".into(),
            purpose: VenuePurpose::Match.into(),
            ..Venue::default()
        }],
        zones: (1..=pitches)
            .map(|number| Zone {
                name: pitch(number),
                display_name: format!("Pitch {number}"),
                kind: ZoneKind::Pitch.into(),
                ..Zone::default()
            })
            .collect(),
        request_id: String::new(),
    }
}

/// Name of an activity.
#[must_use]
pub fn name(tournament: &str, activity: &str) -> String {
    format!("tournaments/{tournament}/activities/{activity}")
}

/// A training on a pitch, from a minute of the first day on; it needs the pitch 10 minutes before and 20 after.
#[must_use]
pub fn training(name: String, pitch_number: u64, from: i64, length: i64) -> Activity {
    Activity {
        title: format!("Training {name}"),
        name,
        kind: ActivityKind::Training.into(),
        zone: pitch(pitch_number),
        start_time: Some(at(from)),
        end_time: Some(at(from + length)),
        set_up: Some(minutes(10)),
        turnaround: Some(minutes(20)),
        ..Activity::default()
    }
}

/// A tournament at the site.
#[must_use]
pub fn tournament(id: &str) -> Tournament {
    Tournament {
        name: format!("tournaments/{id}"),
        display_name: format!("Tournament {id}"),
        time_zone: "Asia/Shanghai".into(),
        start_date: "2023-10-21".into(),
        end_date: "2023-10-31".into(),
        sites: vec![SITE.into()],
        ..Tournament::default()
    }
}

/// A tournament with activities on pitches: id, pitch, minute of the start, length in minutes.
#[must_use]
pub fn programme(id: &str, trainings: &[(&str, u64, i64, i64)]) -> ImportTournamentRequest {
    let activities = trainings
        .iter()
        .map(|(activity, pitch, from, length)| training(name(id, activity), *pitch, *from, *length));
    ImportTournamentRequest {
        tournament: Some(tournament(id)),
        activities: activities.collect(),
        ..ImportTournamentRequest::default()
    }
}

/// A booking of a pitch made by hand, without buffers.
#[must_use]
pub fn by_hand(pitch_number: u64, from: i64, until: i64) -> CreateBookingRequest {
    CreateBookingRequest {
        parent: pitch(pitch_number),
        booking: Some(Booking {
            title: "Care of the lawn".into(),
            start_time: Some(at(from)),
            end_time: Some(at(until)),
            ..Booking::default()
        }),
        request_id: String::new(),
        validate_only: false,
    }
}

/// Publishing a tournament.
#[must_use]
pub fn publish(id: &str) -> PublishScheduleRequest {
    PublishScheduleRequest { parent: format!("tournaments/{id}"), ..PublishScheduleRequest::default() }
}

/// Delaying an activity by so many minutes.
#[must_use]
pub fn delay(name: &str, by: i64) -> DelayActivityRequest {
    DelayActivityRequest {
        name: name.into(),
        delay: Some(minutes(by)),
        reason: "lightning".into(),
        ..DelayActivityRequest::default()
    }
}

/// Moving an activity to a pitch and a minute.
#[must_use]
pub fn move_to(name: &str, pitch_number: u64, from: i64) -> MoveActivityRequest {
    MoveActivityRequest {
        name: name.into(),
        start_time: Some(at(from)),
        zone: pitch(pitch_number),
        reason: "the pitch is wet".into(),
        ..MoveActivityRequest::default()
    }
}

/// Makes the site and one tournament at it, not published.
///
/// # Panics
/// When that is refused.
pub async fn set_up(clients: &mut Clients, pitches: u64, programme: ImportTournamentRequest) {
    answered(clients.places.import_site(site(pitches)).await);
    answered(clients.tournaments.import_tournament(programme).await);
}

/// Publishes a tournament.
///
/// # Errors
/// Its refusal.
pub async fn try_publish(clients: &mut Clients, id: &str) -> Result<PublishScheduleResponse, Status> {
    let reply = clients.schedule.publish_schedule(publish(id)).await?;
    Ok(reply.into_inner())
}

/// Publishes a tournament whose places are free.
///
/// # Panics
/// When that is refused.
pub async fn published(clients: &mut Clients, id: &str) -> PublishScheduleResponse {
    answered(clients.schedule.publish_schedule(publish(id)).await)
}

/// All bookings of the site in these states, through all pages.
///
/// # Panics
/// When a page is refused.
pub async fn bookings_in(clients: &mut Clients, states: &[BookingState]) -> Vec<Booking> {
    let mut bookings = Vec::new();
    let mut page_token = String::new();
    loop {
        let request = ListBookingsRequest {
            parent: SITE.into(),
            page_size: 40,
            page_token,
            states: states.iter().map(|state| (*state).into()).collect(),
            ..ListBookingsRequest::default()
        };
        let page = answered(clients.bookings.list_bookings(request).await);
        bookings.extend(page.bookings);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return bookings;
        }
    }
}

/// All bookings of the site that are booked or displaced.
///
/// # Panics
/// When a page is refused.
pub async fn live_bookings(clients: &mut Clients) -> Vec<Booking> {
    bookings_in(clients, &[BookingState::Booked, BookingState::Displaced]).await
}

/// The one live booking of an activity.
///
/// # Panics
/// When there is none, or more.
pub async fn booking_of(clients: &mut Clients, activity: &str) -> Booking {
    let mut own = live_bookings(clients).await;
    own.retain(|booking| booking.holder == activity);
    assert_eq!(own.len(), 1, "bookings of {activity}: {own:?}");
    own.remove(0)
}
