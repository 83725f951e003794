//! Drafts as a program proposes them: the schedule as it stands, with changes.

use std::collections::BTreeMap;

use matchday_api::{
    scheduling::v1::{
        Activity, ActivityState, ListActivitiesRequest, ProposeVersionRequest, PublishVersionRequest,
        PublishVersionResponse, ScheduleVersion,
    },
    venues::v1::BookingState,
};
use prost_types::Timestamp;
use tonic::Status;

use crate::{clients::Clients, make, refusal::answered};

/// Ten years after the first day of the tournaments, in minutes: nothing has begun, whatever clock a stage has.
pub const AHEAD: i64 = 3653 * 24 * 60;

/// Where an activity takes place, and when it starts; `None` when it is cancelled.
pub type Place = Option<(String, Option<Timestamp>)>;

/// A place as [`places`] tells it: a pitch, and a minute after [`AHEAD`].
#[must_use]
pub fn place(pitch: u64, minute: i64) -> Place {
    Some((make::pitch(pitch), Some(make::at(AHEAD + minute))))
}

/// The schedule of a tournament, by name.
///
/// # Panics
/// When it cannot be read.
pub async fn schedule(clients: &mut Clients, id: &str) -> BTreeMap<String, Activity> {
    let list =
        ListActivitiesRequest { parent: format!("tournaments/{id}"), page_size: 1000, ..Default::default() };
    let activities = answered(clients.schedule.list_activities(list).await).activities;
    activities.into_iter().map(|activity| (activity.name.clone(), activity)).collect()
}

/// Where each activity of a tournament takes place, by the last part of its name.
///
/// # Panics
/// When the schedule cannot be read.
pub async fn places(clients: &mut Clients, id: &str) -> BTreeMap<String, Place> {
    let place = |activity: Activity| {
        let takes_place = activity.state() != ActivityState::Cancelled;
        takes_place.then_some((activity.zone, activity.start_time))
    };
    let short = |name: String| name.rsplit('/').next().unwrap_or_default().to_owned();
    schedule(clients, id).await.into_iter().map(|(name, activity)| (short(name), place(activity))).collect()
}

/// Where the places of a tournament's activities are booked, by the last part of their names.
///
/// # Panics
/// When one is displaced, or stands twice.
pub async fn booked(clients: &mut Clients, id: &str) -> BTreeMap<String, Place> {
    let bookings = wanted(clients, id).await;
    let place = |(activity, (place, state)): (String, (Place, BookingState))| {
        assert_eq!(state, BookingState::Booked, "{activity}: {place:?}");
        (activity, place)
    };
    bookings.into_iter().map(place).collect()
}

/// The places that a tournament's activities want, by the last part of their names, and whether they have them.
///
/// # Panics
/// When an activity wants two.
pub async fn wanted(clients: &mut Clients, id: &str) -> BTreeMap<String, (Place, BookingState)> {
    let mut places = BTreeMap::new();
    for booking in make::live_bookings(clients).await {
        let state = booking.state();
        let Some(activity) = booking.holder.strip_prefix(&make::name(id, "")) else { continue };
        let place = Some((booking.zone.clone(), booking.start_time));
        assert_eq!(places.insert(activity.to_owned(), (place, state)), None, "an activity has one place");
    }
    places
}

/// Moves an activity of a schedule to a pitch and a minute after [`AHEAD`].
///
/// # Panics
/// When there is none of that name.
pub fn move_to(schedule: &mut BTreeMap<String, Activity>, name: &str, pitch: u64, minute: i64) {
    let activity = schedule.get_mut(name).expect("it is in the schedule");
    let was = make::training(name.to_owned(), pitch, AHEAD + minute, 90);
    activity.zone = was.zone;
    activity.start_time = was.start_time;
    activity.end_time = was.end_time;
}

/// Cancels an activity of a schedule.
///
/// # Panics
/// When there is none of that name.
pub fn cancel(schedule: &mut BTreeMap<String, Activity>, name: &str) {
    let activity = schedule.get_mut(name).expect("it is in the schedule");
    activity.set_state(ActivityState::Cancelled);
    activity.reason = "the pitch is needed".into();
}

/// A training that is not there yet, at a pitch and a minute after [`AHEAD`].
pub fn add(schedule: &mut BTreeMap<String, Activity>, name: &str, pitch: u64, minute: i64) {
    schedule.insert(name.to_owned(), make::training(name.to_owned(), pitch, AHEAD + minute, 90));
}

/// A schedule as a draft.
#[must_use]
pub fn proposal(id: &str, schedule: BTreeMap<String, Activity>) -> ProposeVersionRequest {
    ProposeVersionRequest {
        parent: format!("tournaments/{id}"),
        title: "fewer walks".into(),
        activities: schedule.into_values().collect(),
        ..ProposeVersionRequest::default()
    }
}

/// Proposes a schedule.
///
/// # Panics
/// When that is refused.
pub async fn proposed(
    clients: &mut Clients,
    id: &str,
    schedule: BTreeMap<String, Activity>,
) -> ScheduleVersion {
    answered(clients.versions.propose_version(proposal(id, schedule)).await).version.expect("a draft")
}

/// Publishing a draft.
#[must_use]
pub fn publish(version: &str) -> PublishVersionRequest {
    PublishVersionRequest { name: version.into(), ..PublishVersionRequest::default() }
}

/// Publishes a draft.
///
/// # Errors
/// Its refusal.
pub async fn try_publish(clients: &mut Clients, version: &str) -> Result<PublishVersionResponse, Status> {
    Ok(clients.versions.publish_version(publish(version)).await?.into_inner())
}
