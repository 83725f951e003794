//! Reserving all places of a schedule version.

use std::collections::{BTreeMap, BTreeSet};

use matchday_api::venues::v1 as pb;
use matchday_kernel::{
    ActivityName, Common, Instant, Interval, ScheduleVersionName, Slug, TournamentName, ZoneName,
};
use matchday_rpc::parse;
use matchday_runtime::Desk;
use matchday_store::{Locks, Record, Tx};

use super::{bookings::zone_of, emit};
use crate::{
    Error,
    domain::{
        booking::Booking,
        occupant::{LONGEST, LONGEST_BUFFER, Occupant},
        reserve::{Plan, Wish, plan},
    },
    store::{
        bookings::{self, BookingRow},
        places::ZoneRow,
    },
};

/// Most places one schedule needs.
const MOST: usize = 10_000;

/// All places a schedule version needs, read and checked.
pub(super) struct Order {
    tournament: TournamentName,
    version: ScheduleVersionName,
    wishes: Vec<Wish>,
    given_up: Vec<(ActivityName, i64)>,
    attempt: Option<Attempt>,
}

/// An attempt to reserve a tournament's places. Attempts may arrive late and out of order; the last one
/// begun decides.
#[derive(Clone)]
pub(super) struct Attempt {
    tournament: TournamentName,
    number: i64,
}

impl Attempt {
    /// Takes the attempt, unless a later one was taken before.
    pub(super) async fn take(self, tx: &mut Tx) -> Result<(), Error> {
        if bookings::take_attempt(tx, self.tournament.as_str(), self.number).await? {
            return Ok(());
        }
        Err(Error::AttemptSuperseded { tournament: self.tournament.to_string() })
    }
}

impl Order {
    pub(super) fn parse(request: &pb::ReserveBookingsRequest) -> Result<Self, Error> {
        let tournament: TournamentName = parse::text_as("tournament", &request.tournament)?;
        let version: ScheduleVersionName = parse::text_as("version", &request.version)?;
        if request.reservations.len() + request.given_up.len() > MOST {
            let problem = format!("are more than {MOST}, with what is given up");
            return Err(Common::field("reservations", problem).into());
        }
        let mut holders = BTreeSet::new();
        let mut wishes = Vec::new();
        for (index, reservation) in request.reservations.iter().enumerate() {
            let wish = wish(&format!("reservations[{index}]."), reservation, &tournament)?;
            if !holders.insert(wish.occupant.holder.clone()) {
                let problem = format!("{} stands twice", wish.occupant.holder);
                return Err(Common::field("reservations", problem).into());
            }
            wishes.push(wish);
        }
        let given_up = request.given_up.iter().enumerate().map(|(index, given_up)| {
            let field = format!("given_up[{index}].activity");
            Ok((activity_of(field, &given_up.activity, &tournament)?, given_up.revision))
        });
        let given_up = given_up.collect::<Result<_, Error>>()?;
        let attempt = (!request.validate_only)
            .then(|| Attempt { tournament: tournament.clone(), number: request.attempt });
        Ok(Self { tournament, version, wishes, given_up, attempt })
    }

    /// The tournament, against its follower, and every zone wished for, against everybody.
    pub(super) fn locks(&self) -> Locks {
        let zones = self.wishes.iter().map(|wish| wish.occupant.zone.to_string());
        Locks::of(zones.chain([self.tournament.to_string()]))
    }

    /// The attempt; none when nothing is to be reserved.
    pub(super) fn attempt(&self) -> Option<Attempt> {
        self.attempt.clone()
    }

    pub(super) async fn carry_out(
        self,
        tx: &mut Tx,
        desk: Desk,
    ) -> Result<pb::ReserveBookingsResponse, Error> {
        let reserves = self.attempt.is_some();
        if let Some(attempt) = self.attempt {
            attempt.take(tx).await?;
            if bookings::reserved(tx, self.tournament.as_str()).await? == self.version.as_str() {
                return Ok(pb::ReserveBookingsResponse { kept: count(&self.wishes), ..Default::default() });
            }
        }
        let known = bookings::known_revisions(tx, self.tournament.as_str()).await?;
        let wished = self.wishes.iter().map(|wish| (wish.occupant.holder.as_str(), wish.occupant.revision));
        let given_up = self.given_up.iter().map(|(activity, revision)| (activity.as_str(), *revision));
        let mut read = wished.chain(given_up);
        if let Some((older, _)) =
            read.find(|(activity, revision)| known.get(*activity).is_some_and(|known| known > revision))
        {
            return Err(Error::ScheduleChanged { activity: older.to_owned() });
        }
        let mut held = Vec::new();
        for (zone, during) in zones(&self.wishes) {
            ZoneRow::get(tx, zone.as_str()).await?;
            held.extend(bookings::held(tx, zone, &during).await?);
        }
        let rows = bookings::live_of_tournament(tx, self.tournament.as_str()).await?;
        let live: Vec<Booking> = rows.iter().map(BookingRow::booking).collect::<Result<_, _>>()?;
        let plan = plan(self.wishes, live, &held, || Slug::from(desk.new_id()))
            .map_err(|conflicts| Error::PlacesNotFree { conflicts })?;
        let reply = pb::ReserveBookingsResponse {
            created: count(&plan.create),
            moved: count(&plan.moved),
            kept: count(&plan.keep),
            released: count(&plan.release),
        };
        if reserves {
            save(tx, plan, &rows).await?;
            for (activity, revision) in &self.given_up {
                bookings::give_up(tx, activity.as_str(), *revision).await?;
            }
            bookings::keep_reserved(tx, self.tournament.as_str(), self.version.as_str()).await?;
        }
        Ok(reply)
    }
}

/// The name of an activity of the tournament.
fn activity_of(field: String, name: &str, tournament: &TournamentName) -> Result<ActivityName, Error> {
    let activity: ActivityName = parse::text_as(&field, name)?;
    if activity.parent() != *tournament {
        return Err(Common::field(field, format!("{activity} is not of {tournament}")).into());
    }
    Ok(activity)
}

fn wish(prefix: &str, reservation: &pb::Reservation, tournament: &TournamentName) -> Result<Wish, Error> {
    let field = |name: &str| format!("{prefix}{name}");
    let activity = activity_of(field("activity"), &reservation.activity, tournament)?;
    let time = parse::interval(prefix, reservation.start_time, reservation.end_time)?;
    if time.duration() > LONGEST {
        return Err(Common::field(field("end_time"), "is more than 366 days after the start").into());
    }
    let occupant = Occupant {
        holder: activity.to_string(),
        revision: reservation.revision,
        tournament: tournament.to_string(),
        title: parse::required_text(&field("title"), &reservation.title)?,
        zone: zone_of(&field("zone"), &reservation.zone)?,
        time,
        set_up: parse::duration(&field("set_up"), reservation.set_up, LONGEST_BUFFER)?,
        turnaround: parse::duration(&field("turnaround"), reservation.turnaround, LONGEST_BUFFER)?,
    };
    Wish::of(occupant).map_err(|error| Common::field(field("end_time"), error).into())
}

/// The zones wished for, each with the time from its first wish to its last.
fn zones(wishes: &[Wish]) -> impl Iterator<Item = (&ZoneName, Interval)> {
    let mut zones: BTreeMap<&ZoneName, (Instant, Instant)> = BTreeMap::new();
    for wish in wishes {
        let (start, end) = (wish.occupation.start(), wish.occupation.end());
        let window = zones.entry(&wish.occupant.zone).or_insert((start, end));
        *window = (window.0.min(start), window.1.max(end));
    }
    zones.into_iter().filter_map(|(zone, (start, end))| Some((zone, Interval::new(start, end).ok()?)))
}

fn count<T>(items: &[T]) -> i32 {
    i32::try_from(items.len()).unwrap_or(i32::MAX)
}

async fn save(tx: &mut Tx, plan: Plan, rows: &[BookingRow]) -> Result<(), Error> {
    let read: BTreeMap<&str, &BookingRow> = rows.iter().map(|row| (row.name.as_str(), row)).collect();
    let row_of = |booking: Booking| {
        let read = read.get(booking.name.as_str()).copied();
        BookingRow::of(booking, read)
    };
    for booking in plan.release {
        let released: pb::Booking = row_of(booking).save(tx).await?.into();
        emit(tx, &released, &pb::BookingReleased { booking: Some(released.clone()) });
    }
    for (booking, previous) in plan.moved {
        let previous = pb::Booking::from(row_of(previous));
        let moved: pb::Booking = row_of(booking).save(tx).await?.into();
        emit(tx, &moved, &pb::BookingMoved { booking: Some(moved.clone()), previous: Some(previous) });
    }
    for booking in plan.keep {
        let row = row_of(booking);
        // a repeat writes nothing
        if read.get(row.name.as_str()).is_none_or(|read| **read != row) {
            row.save(tx).await?;
        }
    }
    for booking in plan.create {
        let created: pb::Booking = row_of(booking).create(tx).await?.into();
        emit(tx, &created, &pb::BookingCreated { booking: Some(created.clone()) });
    }
    Ok(())
}
