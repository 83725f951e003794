//! Entries of the log as rows, and as the contract shows them.

use matchday_api::control::v1 as pb;
use matchday_kernel::{Common, LogEntryName, TournamentName};
use matchday_rpc::parse::micros_to_timestamp;
use matchday_store::{Conn, Record, StoreError, on_db, table};

table! {
    /// An entry as stored; instants in microseconds, resources separated by spaces. Its text and why it was struck
    /// may name persons.
    pub(crate) struct LogEntryRow in "log_entries" {
        text: String,
        resources: String,
        happened: i64,
        author: String,
        struck: Option<i64>,
        striker: String,
        strike_reason: String,
    }
}

impl LogEntryRow {
    /// Names of the resources it is about.
    pub(crate) fn resources(&self) -> Vec<String> {
        self.resources.split_whitespace().map(str::to_owned).collect()
    }
}

impl From<LogEntryRow> for pb::LogEntry {
    fn from(row: LogEntryRow) -> Self {
        Self {
            etag: row.etag(),
            resources: row.resources(),
            name: row.name,
            text: row.text,
            happen_time: Some(micros_to_timestamp(row.happened)),
            author: row.author,
            create_time: Some(micros_to_timestamp(row.created)),
            strike_time: row.struck.map(micros_to_timestamp),
            striker: row.striker,
            strike_reason: row.strike_reason,
        }
    }
}

/// The last entry of a tournament's log.
pub(crate) async fn last(
    conn: &mut Conn,
    tournament: &TournamentName,
) -> Result<Option<LogEntryName>, StoreError> {
    let last: Option<String> = on_db!(conn, |c| sqlx::query_scalar(
        "SELECT name FROM log_entries WHERE name > $1 AND name < $2 ORDER BY name DESC LIMIT 1"
    )
    .bind(format!("{tournament}/"))
    .bind(format!("{tournament}0"))
    .fetch_optional(c)
    .await)?;
    Ok(last.map(|name| name.parse()).transpose().map_err(Common::internal)?)
}
