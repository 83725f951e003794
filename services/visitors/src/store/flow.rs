//! Graphs of people flow, readings of counters and reference counts as rows.

use std::collections::HashMap;

use matchday_api::visitors::v1 as pb;
use matchday_store::{Conn, StoreError, Tx, on_db, table};
use prost::Message;
use sqlx::QueryBuilder;

/// Rows of one statement: nine values each are far below the 32,766 that `SQLite` takes.
const ROWS: usize = 1_000;

table! {
    /// The graph of a venue as stored, named as the venue.
    pub(crate) struct FlowGraphRow in "flow_graphs" {
        body: Vec<u8>,
    }
}

impl FlowGraphRow {
    /// A row of a graph that was read and checked.
    pub(crate) fn of(venue: &str, graph: &pb::FlowGraph) -> Self {
        Self { name: venue.to_owned(), body: graph.encode_to_vec(), ..Self::default() }
    }

    /// The graph of the row.
    pub(crate) fn graph(&self) -> Result<pb::FlowGraph, StoreError> {
        pb::FlowGraph::decode(self.body.as_slice()).map_err(StoreError::internal)
    }
}

/// A reading as stored; instants in microseconds.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub(crate) struct ReadingRow {
    pub(crate) counter: String,
    pub(crate) sequence: i64,
    pub(crate) started: i64,
    pub(crate) ended: i64,
    pub(crate) entries: i64,
    pub(crate) exits: i64,
    pub(crate) late: i64,
}

impl ReadingRow {
    /// Whether another row says the same; when it came is no part of what was read.
    pub(crate) fn says_as(&self, other: &Self) -> bool {
        Self { late: other.late, ..self.clone() } == *other
    }
}

/// Writes the readings that are new; how many rows that were.
pub(crate) async fn insert_readings(
    tx: &mut Tx,
    venue: &str,
    rows: &[ReadingRow],
) -> Result<u64, StoreError> {
    let now = tx.now().as_micros();
    let mut written = 0;
    for chunk in rows.chunks(ROWS) {
        written += on_db!(tx, |c| {
            let mut query = QueryBuilder::new(
                "INSERT INTO counter_readings \
                 (venue, counter, sequence, started, ended, entries, exits, received, late) ",
            );
            query.push_values(chunk, |mut values, row| {
                values
                    .push_bind(venue)
                    .push_bind(&row.counter)
                    .push_bind(row.sequence)
                    .push_bind(row.started)
                    .push_bind(row.ended)
                    .push_bind(row.entries)
                    .push_bind(row.exits)
                    .push_bind(now)
                    .push_bind(row.late);
            });
            query.push(" ON CONFLICT (venue, counter, sequence) DO NOTHING");
            query.build().persistent(chunk.len() == ROWS).execute(c).await.map(|done| done.rows_affected())
        })?;
    }
    Ok(written)
}

/// Readings of a counter with sequences between two, both included, by sequence.
pub(crate) async fn readings_between(
    conn: &mut Conn,
    venue: &str,
    counter: &str,
    first: i64,
    last: i64,
) -> Result<HashMap<i64, ReadingRow>, StoreError> {
    let rows: Vec<ReadingRow> = on_db!(conn, |c| sqlx::query_as(
        "SELECT counter, sequence, started, ended, entries, exits, late FROM counter_readings \
         WHERE venue = $1 AND counter = $2 AND sequence >= $3 AND sequence <= $4"
    )
    .bind(venue)
    .bind(counter)
    .bind(first)
    .bind(last)
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().map(|row| (row.sequence, row)).collect())
}

/// What a counter saw in a stretch of time, and when it spoke last.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub(crate) struct SumRow {
    pub(crate) counter: String,
    pub(crate) entries: i64,
    pub(crate) exits: i64,
    /// People of readings that came too late to be counted, in both directions.
    pub(crate) missed: i64,
    /// End of the last reading that came in time.
    pub(crate) ended: Option<i64>,
}

/// Longest stretch of a reading, in microseconds.
pub(crate) const LONGEST_READING: i64 = 3_600_000_000;

/// Sums of the readings of a venue's counters that lie between two times. A reading during which the
/// first time fell counts when the greater part of it lay behind that: it cannot be divided.
pub(crate) async fn sums(
    conn: &mut Conn,
    venue: &str,
    since: i64,
    until: i64,
) -> Result<HashMap<String, SumRow>, StoreError> {
    let rows: Vec<SumRow> = on_db!(conn, |c| {
        sqlx::query_as(
            "SELECT counter, CAST(SUM(CASE WHEN late = 0 THEN entries ELSE 0 END) AS BIGINT) AS entries, \
         CAST(SUM(CASE WHEN late = 0 THEN exits ELSE 0 END) AS BIGINT) AS exits, \
         CAST(SUM(CASE WHEN late = 1 THEN entries + exits ELSE 0 END) AS BIGINT) AS missed, \
         MAX(CASE WHEN late = 0 THEN ended END) AS ended FROM counter_readings \
         WHERE venue = $1 AND started >= $2 AND started + ended >= $4 AND ended <= $3 GROUP BY counter",
        )
        .bind(venue)
        .bind(since - LONGEST_READING)
        .bind(until)
        .bind(2 * since)
        .fetch_all(c)
        .await
    })?;
    Ok(rows.into_iter().map(|row| (row.counter.clone(), row)).collect())
}

/// Readings of a venue since a time that came too late to be counted.
pub(crate) async fn late(conn: &mut Conn, venue: &str, since: i64) -> Result<i64, StoreError> {
    Ok(on_db!(conn, |c| sqlx::query_scalar(
        "SELECT COUNT(*) FROM counter_readings WHERE venue = $1 AND started >= $2 AND late = 1"
    )
    .bind(venue)
    .bind(since)
    .fetch_one(c)
    .await)?)
}

/// A reference count as stored.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub(crate) struct ReferenceRow {
    pub(crate) zone: String,
    pub(crate) counted: i64,
    pub(crate) people: i64,
    pub(crate) deviation: f64,
}

/// Keeps a reference count; another one of the same zone and time is replaced.
pub(crate) async fn save_reference(tx: &mut Tx, venue: &str, row: &ReferenceRow) -> Result<(), StoreError> {
    on_db!(tx, |c| {
        sqlx::query(
        "INSERT INTO reference_counts (venue, zone, counted, people, deviation) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (venue, zone, counted) DO UPDATE SET people = excluded.people, deviation = excluded.deviation"
    )
    .bind(venue)
    .bind(&row.zone)
    .bind(row.counted)
    .bind(row.people)
    .bind(row.deviation)
    .execute(c)
    .await
    .map(drop)
    })?;
    Ok(())
}

/// The last reference count of each zone of a venue.
pub(crate) async fn references(
    conn: &mut Conn,
    venue: &str,
) -> Result<HashMap<String, ReferenceRow>, StoreError> {
    let rows: Vec<ReferenceRow> = on_db!(conn, |c| {
        sqlx::query_as(
        "SELECT zone, counted, people, deviation FROM reference_counts AS one WHERE venue = $1 AND counted = \
         (SELECT MAX(counted) FROM reference_counts AS other \
          WHERE other.venue = one.venue AND other.zone = one.zone)"
    )
    .bind(venue)
    .fetch_all(c)
    .await
    })?;
    Ok(rows.into_iter().map(|row| (row.zone.clone(), row)).collect())
}
