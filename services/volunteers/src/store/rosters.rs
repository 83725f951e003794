//! Rosters of the engine as rows.

use std::sync::LazyLock;

use matchday_api::volunteers::v1 as pb;
use matchday_kernel::{Page, PageSize};
use matchday_rpc::parse::micros_to_timestamp;
use matchday_store::{Conn, Record, StoreError, on_db, table};
use prost::Message;

table! {
    /// A roster as stored.
    pub(crate) struct RosterRow in "rosters" {
        tournament: String,
        number: i64,
        state: i32,
        author: String,
        request_id: String,
        body: Vec<u8>,
    }
}

impl RosterRow {
    /// Whether nobody holds anything of it yet.
    pub(crate) fn is_draft(&self) -> bool {
        self.state == i32::from(pb::RosterState::Draft)
    }

    /// The roster of the row.
    pub(crate) fn roster(&self) -> Result<pb::Roster, StoreError> {
        let body = pb::Roster::decode(self.body.as_slice()).map_err(StoreError::internal)?;
        Ok(pb::Roster {
            name: self.name.clone(),
            state: self.state,
            author: self.author.clone(),
            create_time: Some(micros_to_timestamp(self.created)),
            etag: self.etag(),
            ..body
        })
    }
}

fn select(condition: &str) -> String {
    format!("SELECT {} FROM rosters WHERE {condition}", RosterRow::sql().columns)
}

/// The roster that a caller's request has made.
pub(crate) async fn requested(
    conn: &mut Conn,
    author: &str,
    request_id: &str,
) -> Result<Option<RosterRow>, StoreError> {
    static SQL: LazyLock<String> =
        LazyLock::new(|| select("author = $1 AND request_id = $2 AND request_id <> ''"));
    Ok(on_db!(conn, |c| sqlx::query_as(&SQL).bind(author).bind(request_id).fetch_optional(c).await)?)
}

/// The latest roster of a tournament.
pub(crate) async fn latest(conn: &mut Conn, tournament: &str) -> Result<Option<RosterRow>, StoreError> {
    static SQL: LazyLock<String> = LazyLock::new(|| select("tournament = $1 ORDER BY number DESC LIMIT 1"));
    Ok(on_db!(conn, |c| sqlx::query_as(&SQL).bind(tournament).fetch_optional(c).await)?)
}

/// A page of a tournament's rosters, the latest first.
pub(crate) async fn page(
    conn: &mut Conn,
    tournament: &str,
    after: Option<&str>,
    size: PageSize,
) -> Result<Page<RosterRow>, StoreError> {
    static SQL: LazyLock<String> =
        LazyLock::new(|| select("tournament = $1 AND number < $2 ORDER BY number DESC LIMIT $3"));
    let before: i64 = after.and_then(|key| key.parse().ok()).unwrap_or(i64::MAX);
    let rows: Vec<RosterRow> = on_db!(conn, |c| sqlx::query_as(&SQL)
        .bind(tournament)
        .bind(before)
        .bind(i64::from(size.get()) + 1)
        .fetch_all(c)
        .await)?;
    Ok(Page::cut(rows, size, |row| row.number.to_string()))
}
