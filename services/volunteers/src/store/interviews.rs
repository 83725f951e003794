//! Interview slots as rows.

use matchday_api::volunteers::v1 as pb;
use matchday_kernel::Instant;
use matchday_rpc::parse::micros_to_timestamp;
use matchday_store::{Conn, Record, StoreError, on_db, table};

table! {
    /// An interview slot as stored.
    pub(crate) struct SlotRow in "interview_slots" {
        starts: i64,
        ends: i64,
        place: String,
        capacity: i32,
        booked: i32,
    }
}

impl From<SlotRow> for pb::InterviewSlot {
    fn from(row: SlotRow) -> Self {
        Self {
            etag: row.etag(),
            name: row.name,
            start_time: Some(micros_to_timestamp(row.starts)),
            end_time: Some(micros_to_timestamp(row.ends)),
            place: row.place,
            capacity: row.capacity,
            booked: row.booked,
        }
    }
}

/// Names of slots of a tournament with room that are still to come, the next first: at most so many.
pub(crate) async fn with_room(
    conn: &mut Conn,
    tournament: &str,
    now: Instant,
    most: i64,
) -> Result<Vec<String>, StoreError> {
    Ok(on_db!(conn, |c| {
        sqlx::query_scalar(
        "SELECT name FROM interview_slots WHERE name > $1 AND name < $2 AND booked < capacity AND starts > $3 \
         ORDER BY starts, name LIMIT $4"
    )
    .bind(format!("{tournament}/"))
    .bind(format!("{tournament}0"))
    .bind(now.as_micros())
    .bind(most)
    .fetch_all(c)
    .await
    })?)
}
