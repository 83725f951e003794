//! What was recorded of activities on the day, as rows: numbered, and never changed.

use matchday_api::scheduling::v1 as pb;
use matchday_kernel::{Page, PageSize};
use matchday_store::{Conn, StoreError, Tx, on_db};
use prost::Message;

/// The number of the last record of an activity; 0 when there is none.
pub(crate) async fn last(conn: &mut Conn, activity: &str) -> Result<i32, StoreError> {
    Ok(on_db!(conn, |c| sqlx::query_scalar(
        "SELECT coalesce(max(number), 0) FROM live_records WHERE activity = $1"
    )
    .bind(activity)
    .fetch_one(c)
    .await)?)
}

/// Keeps a record.
pub(crate) async fn append(tx: &mut Tx, record: &pb::LiveRecord) -> Result<(), StoreError> {
    on_db!(tx, |c| sqlx::query("INSERT INTO live_records (activity, number, body) VALUES ($1, $2, $3)")
        .bind(&record.activity)
        .bind(record.number)
        .bind(record.encode_to_vec())
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// A page of the records of an activity, by number.
pub(crate) async fn page(
    conn: &mut Conn,
    activity: &str,
    after: Option<&str>,
    size: PageSize,
) -> Result<Page<pb::LiveRecord>, StoreError> {
    let after: i32 = after.and_then(|key| key.parse().ok()).unwrap_or_default();
    let bodies: Vec<Vec<u8>> = on_db!(conn, |c| sqlx::query_scalar(
        "SELECT body FROM live_records WHERE activity = $1 AND number > $2 ORDER BY number LIMIT $3"
    )
    .bind(activity)
    .bind(after)
    .bind(i64::from(size.get()) + 1)
    .fetch_all(c)
    .await)?;
    let read = |body: Vec<u8>| pb::LiveRecord::decode(body.as_slice()).map_err(StoreError::internal);
    let records = bodies.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
    Ok(Page::cut(records, size, |record| record.number.to_string()))
}
