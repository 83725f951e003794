//! Bookings as rows, and the queries the rules need.

use std::{collections::BTreeMap, sync::LazyLock};

use matchday_api::venues::v1 as pb;
use matchday_kernel::{Common, Instant, Interval, Page, PageSize, SignedDuration, TimeKey, ZoneName};
use matchday_rpc::parse::{micros_to_timestamp, to_duration};
use matchday_store::{Conn, Record, StoreError, Tx, on_db, table};

use crate::domain::{
    booking::{Booking, State},
    occupant::Occupant,
};

table! {
    /// A booking as stored; instants and durations in microseconds.
    pub(crate) struct BookingRow in "bookings" {
        zone: String,
        holder: String,
        title: String,
        starts: i64,
        ends: i64,
        set_up: i64,
        turnaround: i64,
        occupied_from: i64,
        occupied_until: i64,
        state: i32,
        conflicts: String,
        tournament: String,
        activity_revision: i64,
    }
}

/// Which bookings a list holds.
#[derive(Debug)]
pub(crate) struct Filter {
    /// Name of the site, the venue or the zone.
    pub(crate) ancestor: String,
    /// Only those that end after this.
    pub(crate) from: Option<Instant>,
    /// Only those that start before this.
    pub(crate) until: Option<Instant>,
    /// Only those in one of these states.
    pub(crate) states: [bool; 3],
    /// Only those of this tournament; empty means all.
    pub(crate) tournament: String,
}

impl BookingRow {
    /// The row of a booking; `of` is the row it was read from, if any.
    pub(crate) fn of(booking: Booking, read: Option<&Self>) -> Self {
        let occupant = booking.occupant;
        Self {
            name: booking.name.to_string(),
            zone: occupant.zone.to_string(),
            holder: occupant.holder,
            title: occupant.title,
            starts: occupant.time.start().as_micros(),
            ends: occupant.time.end().as_micros(),
            set_up: micros(occupant.set_up),
            turnaround: micros(occupant.turnaround),
            occupied_from: booking.occupation.start().as_micros(),
            occupied_until: booking.occupation.end().as_micros(),
            state: state_to_pb(booking.state).into(),
            conflicts: booking.conflicts.join(" "),
            tournament: occupant.tournament,
            activity_revision: occupant.revision,
            revision: read.map_or(0, |row| row.revision),
            created: read.map_or(0, |row| row.created),
            updated: read.map_or(0, |row| row.updated),
        }
    }

    /// The booking of the row.
    pub(crate) fn booking(&self) -> Result<Booking, StoreError> {
        self.read().map_err(|problem| Common::internal(format!("booking {}: {problem}", self.name)).into())
    }

    fn read(&self) -> Result<Booking, Box<dyn std::error::Error>> {
        let interval = |from: i64, until: i64| -> Result<Interval, Box<dyn std::error::Error>> {
            Ok(Interval::new(Instant::from_micros(from)?, Instant::from_micros(until)?)?)
        };
        Ok(Booking {
            name: self.name.parse()?,
            occupant: Occupant {
                holder: self.holder.clone(),
                revision: self.activity_revision,
                tournament: self.tournament.clone(),
                title: self.title.clone(),
                zone: self.zone.parse()?,
                time: interval(self.starts, self.ends)?,
                set_up: SignedDuration::from_micros(self.set_up),
                turnaround: SignedDuration::from_micros(self.turnaround),
            },
            occupation: interval(self.occupied_from, self.occupied_until)?,
            state: match pb::BookingState::try_from(self.state)? {
                pb::BookingState::Booked => State::Booked,
                pb::BookingState::Displaced => State::Displaced,
                pb::BookingState::Released => State::Released,
                pb::BookingState::Unspecified => return Err("state 0".into()),
            },
            conflicts: self.conflicts.split_whitespace().map(str::to_owned).collect(),
        })
    }

    /// The key a page of bookings ends with.
    pub(crate) fn page_key(&self) -> String {
        TimeKey { micros: self.occupied_from, name: &self.name }.to_string()
    }
}

impl From<BookingRow> for pb::Booking {
    fn from(row: BookingRow) -> Self {
        Self {
            etag: row.etag(),
            name: row.name,
            zone: row.zone,
            holder: row.holder,
            title: row.title,
            start_time: Some(micros_to_timestamp(row.starts)),
            end_time: Some(micros_to_timestamp(row.ends)),
            set_up: Some(to_duration(SignedDuration::from_micros(row.set_up))),
            turnaround: Some(to_duration(SignedDuration::from_micros(row.turnaround))),
            state: row.state,
            conflicts: row.conflicts.split_whitespace().map(str::to_owned).collect(),
            tournament: row.tournament,
            revision: row.activity_revision,
            create_time: Some(micros_to_timestamp(row.created)),
            update_time: Some(micros_to_timestamp(row.updated)),
        }
    }
}

fn state_to_pb(state: State) -> pb::BookingState {
    match state {
        State::Booked => pb::BookingState::Booked,
        State::Displaced => pb::BookingState::Displaced,
        State::Released => pb::BookingState::Released,
    }
}

/// Buffers are at most seven days and the calendar ends in 9999: both fit.
fn micros(duration: SignedDuration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

fn select(condition: &str) -> String {
    format!("SELECT {} FROM bookings WHERE {condition}", BookingRow::sql().columns)
}

/// Everything booked in a zone that may overlap an occupation.
pub(crate) async fn held(
    conn: &mut Conn,
    zone: &ZoneName,
    during: &Interval,
) -> Result<Vec<Booking>, StoreError> {
    static SQL: LazyLock<String> = LazyLock::new(|| {
        select(
            "zone = $1 AND state = 1 AND occupied_until > $2 AND occupied_from < $3 ORDER BY occupied_from, name",
        )
    });
    let rows: Vec<BookingRow> = on_db!(conn, |c| sqlx::query_as(&SQL)
        .bind(zone.as_str())
        .bind(during.start().as_micros())
        .bind(during.end().as_micros())
        .fetch_all(c)
        .await)?;
    rows.iter().map(BookingRow::booking).collect()
}

/// The live booking of an activity: booked or displaced.
pub(crate) async fn live(conn: &mut Conn, holder: &str) -> Result<Option<BookingRow>, StoreError> {
    static SQL: LazyLock<String> = LazyLock::new(|| select("holder = $1 AND state IN (1, 2)"));
    Ok(on_db!(conn, |c| sqlx::query_as(&SQL).bind(holder).fetch_optional(c).await)?)
}

/// The live bookings of a tournament that follow activities.
pub(crate) async fn live_of_tournament(
    conn: &mut Conn,
    tournament: &str,
) -> Result<Vec<BookingRow>, StoreError> {
    static SQL: LazyLock<String> =
        LazyLock::new(|| select("tournament = $1 AND state IN (1, 2) AND holder <> '' ORDER BY name"));
    Ok(on_db!(conn, |c| sqlx::query_as(&SQL).bind(tournament).fetch_all(c).await)?)
}

/// A page of bookings by the start of their occupation.
pub(crate) async fn page(
    conn: &mut Conn,
    filter: &Filter,
    after: Option<&str>,
    size: PageSize,
) -> Result<Page<BookingRow>, StoreError> {
    static SQL: LazyLock<String> = LazyLock::new(|| {
        select(
            "name > $1 AND name < $2 AND occupied_until > $3 AND occupied_from < $4 \
             AND state IN ($5, $6, $7) AND ($8 = '' OR tournament = $8) \
             AND (occupied_from, name) > ($9, $10) ORDER BY occupied_from, name LIMIT $11",
        )
    });
    let TimeKey { micros, name } = TimeKey::after(after);
    let states: Vec<i32> =
        (1..).zip(filter.states).map(|(number, is_wanted)| if is_wanted { number } else { 0 }).collect();
    let rows: Vec<BookingRow> = on_db!(conn, |c| sqlx::query_as(&SQL)
        .bind(format!("{}/", filter.ancestor))
        .bind(format!("{}0", filter.ancestor))
        .bind(filter.from.map_or(i64::MIN, Instant::as_micros))
        .bind(filter.until.map_or(i64::MAX, Instant::as_micros))
        .bind(states[0])
        .bind(states[1])
        .bind(states[2])
        .bind(&filter.tournament)
        .bind(micros)
        .bind(name)
        .bind(i64::from(size.get()) + 1)
        .fetch_all(c)
        .await)?;
    Ok(Page::cut(rows, size, BookingRow::page_key))
}

/// The newest revisions heard of a tournament's activities, by name.
pub(crate) async fn known_revisions(
    conn: &mut Conn,
    tournament: &str,
) -> Result<BTreeMap<String, i64>, StoreError> {
    let revisions: Vec<(String, i64)> = on_db!(conn, |c| sqlx::query_as(
        "SELECT name, revision FROM activities WHERE name > $1 AND name < $2"
    )
    .bind(format!("{tournament}/"))
    .bind(format!("{tournament}0"))
    .fetch_all(c)
    .await)?;
    Ok(revisions.into_iter().collect())
}

/// Keeps the newest revision heard of an activity.
pub(crate) async fn hear_revision(tx: &mut Tx, activity: &str, revision: i64) -> Result<(), StoreError> {
    on_db!(tx, |c| sqlx::query(
        "INSERT INTO activities (name, revision) VALUES ($1, $2) \
         ON CONFLICT (name) DO UPDATE SET revision = excluded.revision \
         WHERE activities.revision < excluded.revision"
    )
    .bind(activity)
    .bind(revision)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Keeps the revision at which a version gave the place of an activity up.
pub(crate) async fn give_up(tx: &mut Tx, activity: &str, revision: i64) -> Result<(), StoreError> {
    on_db!(tx, |c| sqlx::query(
        "INSERT INTO activities (name, revision, given_up) VALUES ($1, $2, $2) \
         ON CONFLICT (name) DO UPDATE SET given_up = excluded.given_up"
    )
    .bind(activity)
    .bind(revision)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// The revision at which a version gave the place of an activity up; `None` when none did.
pub(crate) async fn given_up(conn: &mut Conn, activity: &str) -> Result<Option<i64>, StoreError> {
    Ok(on_db!(conn, |c| sqlx::query_scalar(
        "SELECT given_up FROM activities WHERE name = $1 AND given_up > 0"
    )
    .bind(activity)
    .fetch_optional(c)
    .await)?)
}

/// The version whose places were reserved last; empty when none were.
pub(crate) async fn reserved(conn: &mut Conn, tournament: &str) -> Result<String, StoreError> {
    let version: Option<String> =
        on_db!(conn, |c| sqlx::query_scalar("SELECT version FROM reservations WHERE tournament = $1")
            .bind(tournament)
            .fetch_optional(c)
            .await)?;
    Ok(version.unwrap_or_default())
}

/// Keeps the version whose places were reserved; its attempt was taken before.
pub(crate) async fn keep_reserved(tx: &mut Tx, tournament: &str, version: &str) -> Result<(), StoreError> {
    on_db!(tx, |c| sqlx::query("UPDATE reservations SET version = $1 WHERE tournament = $2")
        .bind(version)
        .bind(tournament)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// Takes an attempt to reserve a tournament's places, unless a later one was taken before.
pub(crate) async fn take_attempt(tx: &mut Tx, tournament: &str, attempt: i64) -> Result<bool, StoreError> {
    let taken: Option<i64> = on_db!(tx, |c| sqlx::query_scalar(
        "INSERT INTO reservations (tournament, attempt) VALUES ($1, $2) \
         ON CONFLICT (tournament) DO UPDATE SET attempt = excluded.attempt \
         WHERE reservations.attempt <= excluded.attempt RETURNING attempt"
    )
    .bind(tournament)
    .bind(attempt)
    .fetch_optional(c)
    .await)?;
    Ok(taken.is_some())
}
