//! Watching alerts: what is open, then what changes, without a gap.

use std::collections::BTreeMap;

use matchday_api::visitors::v1 as pb;
use matchday_kernel::VenueName;
use matchday_runtime::Desk;
use matchday_store::{Conn, StoreError};
use tonic::Status;

use crate::{
    Error,
    store::alerts::{self as rows, AlertRow},
};

/// Alerts that are kept for those who watch, and those that a watch is taken up with.
const KEPT: i64 = 200;
const TAKEN_UP: i64 = 1_000;

/// The alerts of a venue that changed last.
#[derive(PartialEq)]
pub(crate) struct Alerts {
    /// By sequence.
    alerts: Vec<pb::Alert>,
    /// All that changed after this sequence are there.
    floor: i64,
}

impl Alerts {
    /// Reads them.
    pub(crate) async fn read(desk: Desk, venue: VenueName) -> Result<Self, Status> {
        let mut conn = desk.read().await?;
        let read = |error: StoreError| Status::from(Error::from(error));
        let (_, head) = rows::heads(&mut conn, venue.as_str()).await.map_err(read)?;
        // a change takes one sequence or more: there are at most so many alerts behind them
        let floor = (head - KEPT).max(0);
        let changed = rows::changed(&mut conn, venue.as_str(), floor, 2 * KEPT).await.map_err(read)?;
        Ok(Self { alerts: shown(&changed)?, floor })
    }

    /// Those that changed after a sequence; `None` when none did.
    pub(super) fn after(&self, sent: &mut i64) -> Result<Option<pb::WatchAlertsResponse>, Status> {
        if *sent < self.floor {
            return Err(Error::WatchBehind { sequence: *sent }.into());
        }
        let changed = self.alerts.iter().filter(|alert| alert.sequence > *sent);
        let alerts: Vec<pb::Alert> = changed.cloned().collect();
        let Some(last) = alerts.last() else { return Ok(None) };
        *sent = last.sequence;
        Ok(Some(pb::WatchAlertsResponse { sequence: *sent, alerts }))
    }
}

pub(super) fn shown(rows: &[AlertRow]) -> Result<Vec<pb::Alert>, Status> {
    rows.iter().map(|row| Ok(row.to_pb().map_err(Error::from)?)).collect()
}

/// The first message of a watch: what is open, and what changed since it broke.
pub(super) async fn taken_up(
    conn: &mut Conn,
    venue: &str,
    after: i64,
) -> Result<pb::WatchAlertsResponse, Status> {
    let read = |error: StoreError| Status::from(Error::from(error));
    // the head first: what changes meanwhile comes again
    let (_, head) = rows::heads(conn, venue).await.map_err(read)?;
    let mut alerts: BTreeMap<i64, AlertRow> = BTreeMap::new();
    alerts.extend(rows::open(conn, venue).await.map_err(read)?.into_iter().map(|row| (row.sequence, row)));
    let mut sequence = head;
    if after > 0 {
        let changed = rows::changed(conn, venue, after, TAKEN_UP).await.map_err(read)?;
        if changed.len() >= usize::try_from(TAKEN_UP).unwrap_or(usize::MAX) {
            sequence = changed.last().map_or(head, |row| row.sequence);
        }
        alerts.extend(changed.into_iter().map(|row| (row.sequence, row)));
    }
    let alerts: Vec<AlertRow> = alerts.into_values().collect();
    Ok(pb::WatchAlertsResponse { alerts: shown(&alerts)?, sequence })
}
