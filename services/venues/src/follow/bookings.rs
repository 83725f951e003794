//! Bookings follow their activities.
//!
//! A booking that cannot follow is displaced: it holds nothing, names what is in its way, and waits for
//! somebody to decide. What has begun keeps what it holds.

use matchday_agenda::{Changed, changed};
use matchday_api::{scheduling::v1 as scheduling, venues::v1 as pb};
use matchday_kernel::{Slug, ZoneName};
use matchday_rpc::parse;
use matchday_runtime::Desk;
use matchday_store::{Defect, Event, Locks, Record, Tx};
use prost::Name;

use crate::{
    Error,
    domain::{
        booking::{Booking, Followed, in_the_way},
        occupant::Occupant,
    },
    grpc::{emit, names},
    store::{
        bookings::{self, BookingRow},
        places::ZoneRow,
    },
};

/// The activity an event is about that may have a booking: a new one has none.
fn heard(event: &Event) -> Result<Option<Changed>, Defect> {
    if event.r#type == scheduling::ActivityCreated::full_name() { Ok(None) } else { changed(event) }
}

/// The locks that bookings need: the zones that activities have and had, and their tournaments.
pub(super) fn locks(events: &[Event]) -> Locks {
    // what cannot be read needs no lock: applying it fails
    let zones = events.iter().filter_map(|event| {
        let Changed { activity, previous } = heard(event).ok()??;
        let previous_zone = previous.map(|previous| previous.zone).unwrap_or_default();
        Some([event.tournament.clone(), activity.zone, previous_zone])
    });
    Locks::of(zones.flatten().filter(|name| !name.is_empty()))
}

/// Lets the booking of an activity follow an event.
pub(super) async fn apply(tx: &mut Tx, event: &Event, desk: &Desk) -> Result<(), Defect> {
    match heard(event)? {
        Some(changed) if changed.activity.state() == scheduling::ActivityState::Cancelled => {
            release(tx, &changed.activity).await?;
        }
        Some(changed) => follow(tx, changed, &event.tournament, desk).await?,
        None => {}
    }
    Ok(())
}

async fn follow(tx: &mut Tx, changed: Changed, tournament: &str, desk: &Desk) -> Result<(), Error> {
    let has_begun = changed.has_begun();
    let activity = changed.activity;
    bookings::hear_revision(tx, &activity.name, activity.revision).await?;
    let Some(row) = bookings::live(tx, &activity.name).await? else {
        return come_back(tx, activity, tournament, desk).await;
    };
    let booking = row.booking()?;
    let now = occupant(activity, tournament)?;
    // it has been there from the start of its booking on: only the end moves
    let now = if has_begun { now.since(booking.occupant.time.start()) } else { now };
    let occupation = now.occupation().map_err(matchday_kernel::Common::internal)?;
    let blockers = blockers(tx, &now.zone, &occupation, row.name()).await?;
    let previous = pb::Booking::from(row.clone());
    let follow = if has_begun { Booking::go_on } else { Booking::follow };
    match follow(booking, now, occupation, &blockers, Slug::from(desk.new_id())) {
        Followed::Known => {}
        Followed::Same(booking) => drop(BookingRow::of(booking, Some(&row)).save(tx).await?),
        Followed::Moved(booking) => {
            let moved: pb::Booking = BookingRow::of(booking, Some(&row)).save(tx).await?.into();
            emit(tx, &moved, &pb::BookingMoved { booking: Some(moved.clone()), previous: Some(previous) });
        }
        Followed::Displaced(booking) => {
            let displaced: pb::Booking = BookingRow::of(booking, Some(&row)).save(tx).await?.into();
            let event = pb::BookingDisplaced { booking: Some(displaced.clone()), previous: Some(previous) };
            emit(tx, &displaced, &event);
        }
        Followed::Left { released, arrived } => {
            let released: pb::Booking = BookingRow::of(*released, Some(&row)).save(tx).await?.into();
            emit(tx, &released, &pb::BookingReleased { booking: Some(released.clone()) });
            arrive(tx, *arrived).await?;
        }
    }
    Ok(())
}

/// Wants a place again for an activity whose place a version gave up, and that takes place all the same: it was
/// changed by hand while that version was being published.
async fn come_back(
    tx: &mut Tx,
    activity: scheduling::Activity,
    tournament: &str,
    desk: &Desk,
) -> Result<(), Error> {
    let given_up = bookings::given_up(tx, &activity.name).await?;
    let takes_place = activity.state() != scheduling::ActivityState::Cancelled;
    if !takes_place || given_up.is_none_or(|given_up| activity.revision <= given_up) {
        return Ok(());
    }
    let now = occupant(activity, tournament)?;
    let occupation = now.occupation().map_err(matchday_kernel::Common::internal)?;
    let blockers = blockers(tx, &now.zone, &occupation, "").await?;
    arrive(tx, Booking::new(Slug::from(desk.new_id()), now, occupation).place(&blockers)).await
}

/// Keeps a booking that is new in its zone, booked or displaced.
async fn arrive(tx: &mut Tx, booking: Booking) -> Result<(), Error> {
    let arrived: pb::Booking = BookingRow::of(booking, None).create(tx).await?.into();
    if arrived.conflicts.is_empty() {
        emit(tx, &arrived, &pb::BookingCreated { booking: Some(arrived.clone()) });
    } else {
        let event = pb::BookingDisplaced { booking: Some(arrived.clone()), previous: None };
        emit(tx, &arrived, &event);
    }
    Ok(())
}

/// What is in the way of an activity: other bookings, or the zone itself when there is none of that name.
async fn blockers(
    tx: &mut Tx,
    zone: &ZoneName,
    occupation: &matchday_kernel::Interval,
    own: &str,
) -> Result<Vec<String>, Error> {
    if ZoneRow::find(tx, zone.as_str()).await?.is_none() {
        return Ok(vec![zone.to_string()]);
    }
    let held = bookings::held(tx, zone, occupation).await?;
    let others = held.iter().filter(|booking| booking.name.as_str() != own);
    Ok(names(in_the_way(zone, occupation, others)))
}

async fn release(tx: &mut Tx, activity: &scheduling::Activity) -> Result<(), Error> {
    bookings::hear_revision(tx, &activity.name, activity.revision).await?;
    let Some(row) = bookings::live(tx, &activity.name).await? else {
        return Ok(());
    };
    let released = row.booking()?.release();
    let released: pb::Booking = BookingRow::of(released, Some(&row)).save(tx).await?.into();
    emit(tx, &released, &pb::BookingReleased { booking: Some(released.clone()) });
    Ok(())
}

/// The occupant an activity is. Scheduling has checked it; what cannot be read is a defect.
fn occupant(activity: scheduling::Activity, tournament: &str) -> Result<Occupant, Error> {
    let longest = crate::domain::occupant::LONGEST_BUFFER;
    Ok(Occupant {
        holder: activity.name,
        revision: activity.revision,
        tournament: tournament.to_owned(),
        title: activity.title,
        zone: parse::text_as("activity.zone", &activity.zone)?,
        time: parse::interval("activity.", activity.start_time, activity.end_time)?,
        set_up: parse::duration("activity.set_up", activity.set_up, longest)?,
        turnaround: parse::duration("activity.turnaround", activity.turnaround, longest)?,
    })
}
