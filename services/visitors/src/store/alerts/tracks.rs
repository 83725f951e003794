//! The levels that causes have reached, as rows.

use std::collections::BTreeMap;

use matchday_kernel::{Common, Instant};
use matchday_store::{Conn, StoreError, Tx, on_db};

use super::{super::openings, cause_of, cause_to_pb};
use crate::domain::alert::{
    Cause,
    latch::{Latch, Track},
};

/// A cause and its subject.
pub(crate) type Key = (Cause, String);

#[derive(sqlx::FromRow)]
struct TrackRow {
    cause: i32,
    subject: String,
    yellow: i32,
    yellow_since: Option<i64>,
    orange: i32,
    orange_since: Option<i64>,
    red: i32,
    red_since: Option<i64>,
    seen: i64,
}

impl TrackRow {
    fn track(&self) -> Result<Track, StoreError> {
        let instant = |micros| Instant::from_micros(micros).map_err(Common::internal);
        let latch = |on: i32, since: Option<i64>| -> Result<Latch, StoreError> {
            Ok(Latch { is_on: on != 0, since: since.map(instant).transpose()? })
        };
        let latches = [
            latch(self.yellow, self.yellow_since)?,
            latch(self.orange, self.orange_since)?,
            latch(self.red, self.red_since)?,
        ];
        Ok(Track { latches, seen: Some(instant(self.seen)?) })
    }
}

/// The tracks of a venue.
pub(crate) async fn tracks(conn: &mut Conn, venue: &str) -> Result<BTreeMap<Key, Track>, StoreError> {
    let rows: Vec<TrackRow> = on_db!(conn, |c| sqlx::query_as(
        "SELECT cause, subject, yellow, yellow_since, orange, orange_since, red, red_since, seen \
         FROM alert_tracks WHERE venue = $1"
    )
    .bind(venue)
    .fetch_all(c)
    .await)?;
    rows.into_iter().map(|row| Ok(((cause_of(row.cause)?, row.subject.clone()), row.track()?))).collect()
}

/// Writes a track; one of which nothing is to be remembered is removed.
pub(crate) async fn save(tx: &mut Tx, venue: &str, key: &Key, track: &Track) -> Result<(), StoreError> {
    let (cause, subject) = (i32::from(cause_to_pb(key.0)), key.1.as_str());
    let Some(seen) = track.seen.filter(|_| !track.is_idle()) else {
        on_db!(tx, |c| sqlx::query(
            "DELETE FROM alert_tracks WHERE venue = $1 AND cause = $2 AND subject = $3"
        )
        .bind(venue)
        .bind(cause)
        .bind(subject)
        .execute(c)
        .await
        .map(drop))?;
        return Ok(());
    };
    let [yellow, orange, red] = track.latches;
    let since = |latch: Latch| latch.since.map(Instant::as_micros);
    on_db!(tx, |c| sqlx::query(
        "INSERT INTO alert_tracks \
         (venue, cause, subject, yellow, yellow_since, orange, orange_since, red, red_since, seen) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (venue, cause, subject) DO UPDATE SET \
         yellow = excluded.yellow, yellow_since = excluded.yellow_since, orange = excluded.orange, \
         orange_since = excluded.orange_since, red = excluded.red, red_since = excluded.red_since, \
         seen = excluded.seen"
    )
    .bind(venue)
    .bind(cause)
    .bind(subject)
    .bind(i32::from(yellow.is_on))
    .bind(since(yellow))
    .bind(i32::from(orange.is_on))
    .bind(since(orange))
    .bind(i32::from(red.is_on))
    .bind(since(red))
    .bind(seen.as_micros())
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Venues with anything to look at at a time: a flow graph, an opening under way, or an alert.
pub(crate) async fn venues(conn: &mut Conn, now: Instant) -> Result<Vec<String>, StoreError> {
    let forgotten = openings::forgotten(now);
    Ok(on_db!(conn, |c| {
        sqlx::query_scalar(
        "SELECT name FROM flow_graphs \
         UNION SELECT venue FROM openings WHERE phase NOT IN (5, 6) AND clears > $1 AND (opens <= $2 OR phase > 1) \
         UNION SELECT venue FROM alert_tracks \
         UNION SELECT venue FROM alerts WHERE state <> 4"
    )
    .bind(forgotten)
    .bind(now.as_micros())
    .fetch_all(c)
    .await
    })?)
}
