//! Gates and devices as rows, and as the contract shows them.

use std::collections::{HashMap, HashSet};

use matchday_api::visitors::v1 as pb;
use matchday_rpc::parse::to_provenance;
use matchday_store::{Conn, Record, StoreError, on_db, table};

table! {
    /// A gate as stored.
    pub(crate) struct GateRow in "gates" {
        display_name: String,
        zone: String,
        source: String,
        generated: String,
    }
}

table! {
    /// A device as stored.
    pub(crate) struct DeviceRow in "devices" {
        gate: String,
        display_name: String,
        state: i32,
        source: String,
        generated: String,
    }
}

impl From<GateRow> for pb::Gate {
    fn from(row: GateRow) -> Self {
        Self {
            etag: row.etag(),
            name: row.name,
            display_name: row.display_name,
            zone: row.zone,
            provenance: Some(to_provenance(row.source, &row.generated)),
        }
    }
}

impl DeviceRow {
    /// The device as the contract shows it, with the highest sequence of its scans.
    pub(crate) fn into_pb(self, last_sequence: i64) -> pb::Device {
        pb::Device {
            etag: self.etag(),
            name: self.name,
            display_name: self.display_name,
            state: self.state,
            last_sequence,
            provenance: Some(to_provenance(self.source, &self.generated)),
        }
    }
}

/// Names of a venue's gates.
pub(crate) async fn names_at(conn: &mut Conn, venue: &str) -> Result<HashSet<String>, StoreError> {
    let names: Vec<String> =
        on_db!(conn, |c| sqlx::query_scalar("SELECT name FROM gates WHERE name > $1 AND name < $2")
            .bind(format!("{venue}/"))
            .bind(format!("{venue}0"))
            .fetch_all(c)
            .await)?;
    Ok(names.into_iter().collect())
}

/// Highest sequences of the scans of the devices between two names, both included; a device without a scan is
/// left out. It is read from the scans: a device's row is not written by each of them.
pub(crate) async fn last_sequences(
    conn: &mut Conn,
    first: &str,
    last: &str,
) -> Result<HashMap<String, i64>, StoreError> {
    let sequences: Vec<(String, Option<i64>)> = on_db!(conn, |c| sqlx::query_as(
        "SELECT name, (SELECT MAX(sequence) FROM scans WHERE scans.device = devices.name) \
         FROM devices WHERE name >= $1 AND name <= $2"
    )
    .bind(first)
    .bind(last)
    .fetch_all(c)
    .await)?;
    Ok(sequences.into_iter().filter_map(|(name, sequence)| Some((name, sequence?))).collect())
}

/// The gates of a venue with the zones they lead to, by name.
pub(crate) async fn leading_to(conn: &mut Conn, venue: &str) -> Result<Vec<(String, String)>, StoreError> {
    Ok(on_db!(conn, |c| sqlx::query_as(
        "SELECT name, zone FROM gates WHERE name > $1 AND name < $2 ORDER BY name"
    )
    .bind(format!("{venue}/"))
    .bind(format!("{venue}0"))
    .fetch_all(c)
    .await)?)
}
