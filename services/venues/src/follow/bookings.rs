//! Bookings follow their activities.
//!
//! A booking that cannot follow is displaced: it holds nothing, names what is in its way, and waits for
//! somebody to decide.

use matchday_api::{scheduling::v1 as scheduling, venues::v1 as pb};
use matchday_kernel::{Slug, ZoneName};
use matchday_rpc::parse;
use matchday_runtime::Desk;
use matchday_store::{Defect, Event, Locks, Record, Tx};
use prost::{Message, Name};

use crate::{
    Error,
    domain::{
        booking::{Followed, in_the_way},
        occupant::Occupant,
    },
    grpc::{emit, names},
    store::{
        bookings::{self, BookingRow},
        places::ZoneRow,
    },
};

/// What an event says about an activity.
enum Heard {
    /// It is now so.
    Changed { activity: scheduling::Activity, previous_zone: String },
    /// It does not take place.
    Cancelled { activity: scheduling::Activity },
    /// Nothing that concerns places.
    Nothing,
}

fn heard(event: &Event) -> Result<Heard, Defect> {
    fn read<M: Message + Name + Default>(event: &Event) -> Result<M, Defect> {
        let payload = event.payload.as_ref().ok_or_else(|| Defect::new("the event has no payload"))?;
        M::decode(payload.value.as_slice()).map_err(Defect::new)
    }
    let activity_of = |activity: Option<_>| activity.ok_or_else(|| Defect::new("the event has no activity"));
    let zone_of = |previous: Option<scheduling::Activity>| previous.map(|p| p.zone).unwrap_or_default();
    let kind = event.r#type.as_str();
    Ok(if kind == scheduling::ActivityDelayed::full_name() {
        let delayed: scheduling::ActivityDelayed = read(event)?;
        let previous_zone = zone_of(delayed.previous);
        Heard::Changed { activity: activity_of(delayed.activity)?, previous_zone }
    } else if kind == scheduling::ActivityMoved::full_name() {
        let moved: scheduling::ActivityMoved = read(event)?;
        let previous_zone = zone_of(moved.previous);
        Heard::Changed { activity: activity_of(moved.activity)?, previous_zone }
    } else if kind == scheduling::ActivityUpdated::full_name() {
        let activity = activity_of(read::<scheduling::ActivityUpdated>(event)?.activity)?;
        Heard::Changed { previous_zone: activity.zone.clone(), activity }
    } else if kind == scheduling::ActivityCancelled::full_name() {
        Heard::Cancelled { activity: activity_of(read::<scheduling::ActivityCancelled>(event)?.activity)? }
    } else {
        Heard::Nothing
    })
}

/// The locks that bookings need: the zones that activities have and had, and their tournaments.
pub(super) fn locks(events: &[Event]) -> Locks {
    // what cannot be read needs no lock: applying it fails
    let zones = events.iter().filter_map(|event| match heard(event).ok()? {
        Heard::Changed { activity, previous_zone } => {
            Some(vec![event.tournament.clone(), activity.zone, previous_zone])
        }
        Heard::Cancelled { activity } => Some(vec![event.tournament.clone(), activity.zone]),
        Heard::Nothing => None,
    });
    Locks::of(zones.flatten())
}

/// Lets the booking of an activity follow an event.
pub(super) async fn apply(tx: &mut Tx, event: &Event, desk: &Desk) -> Result<(), Defect> {
    match heard(event)? {
        Heard::Changed { activity, .. } => follow(tx, activity, desk).await?,
        Heard::Cancelled { activity } => release(tx, &activity).await?,
        Heard::Nothing => {}
    }
    Ok(())
}

async fn follow(tx: &mut Tx, activity: scheduling::Activity, desk: &Desk) -> Result<(), Error> {
    bookings::hear_revision(tx, &activity.name, activity.revision).await?;
    let Some(row) = bookings::live(tx, &activity.name).await? else {
        return Ok(());
    };
    let booking = row.booking()?;
    let now = occupant(activity, &booking.occupant.tournament)?;
    let occupation = now.occupation().map_err(matchday_kernel::Common::internal)?;
    let blockers = blockers(tx, &now.zone, &occupation, row.name()).await?;
    let previous = pb::Booking::from(row.clone());
    match booking.follow(now, occupation, &blockers, Slug::from(desk.new_id())) {
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
            let arrived: pb::Booking = BookingRow::of(*arrived, None).create(tx).await?.into();
            if arrived.conflicts.is_empty() {
                emit(tx, &arrived, &pb::BookingCreated { booking: Some(arrived.clone()) });
            } else {
                let event = pb::BookingDisplaced { booking: Some(arrived.clone()), previous: None };
                emit(tx, &arrived, &event);
            }
        }
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
