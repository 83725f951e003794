//! Offline quotas as rows, and the lists of quotas and conflicts.

use matchday_api::visitors::v1 as pb;
use matchday_kernel::{Instant, Page, PageSize, SignedDuration};
use matchday_rpc::parse::{micros_to_timestamp, to_duration};
use matchday_store::{Conn, StoreError, Tx, on_db};

use super::{control::number, passages::ConflictRow};
use crate::domain::quota::{Quota, QuotaState};

const OPEN: i32 = 1;
const SETTLED: i32 = 2;
const WRITTEN_OFF: i32 = 3;

/// A quota as stored; its key are opening, device and number.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct QuotaRow {
    pub(crate) opening: String,
    pub(crate) device: String,
    pub(crate) number: i64,
    pub(crate) places: i64,
    pub(crate) filled: i64,
    pub(crate) state: i32,
    pub(crate) granted: i64,
    pub(crate) lasts: i64,
    pub(crate) first_sequence: i64,
    pub(crate) closed: Option<i64>,
    pub(crate) reason: String,
}

impl QuotaRow {
    /// Its places and where they stand.
    pub(crate) fn quota(&self) -> Quota {
        let state = match self.state {
            OPEN => QuotaState::Open,
            SETTLED => QuotaState::Settled,
            _ => QuotaState::WrittenOff,
        };
        Quota { places: self.places, filled: self.filled, state }
    }

    /// The row of a quota that was filled or closed, at `now` in microseconds.
    pub(crate) fn with(self, quota: Quota, now: i64) -> Self {
        let state = match quota.state {
            QuotaState::Open => OPEN,
            QuotaState::Settled => SETTLED,
            QuotaState::WrittenOff => WRITTEN_OFF,
        };
        let closed = if state == OPEN { None } else { self.closed.or(Some(now)) };
        Self { filled: quota.filled, state, closed, ..self }
    }

    fn page_key(&self) -> String {
        format!("{} {}", self.number, self.device)
    }
}

impl From<QuotaRow> for pb::Quota {
    fn from(row: QuotaRow) -> Self {
        Self {
            opening: row.opening,
            device: row.device,
            number: number(row.number),
            places: number(row.places),
            filled: number(row.filled),
            state: row.state,
            grant_time: Some(micros_to_timestamp(row.granted)),
            lasts: Some(to_duration(SignedDuration::from_micros(row.lasts))),
            first_sequence: row.first_sequence,
            close_time: row.closed.map(micros_to_timestamp),
            reason: row.reason,
        }
    }
}

/// The last quota of a device at an opening.
pub(crate) async fn last_quota(
    conn: &mut Conn,
    opening: &str,
    device: &str,
) -> Result<Option<QuotaRow>, StoreError> {
    Ok(on_db!(conn, |c| {
        sqlx::query_as(
        "SELECT opening, device, number, places, filled, state, granted, lasts, first_sequence, closed, reason \
         FROM quotas WHERE opening = $1 AND device = $2 ORDER BY number DESC LIMIT 1"
    )
    .bind(opening)
    .bind(device)
    .fetch_optional(c)
    .await
    })?)
}

/// The open quota of a device, whatever the opening.
pub(crate) async fn open_quota(conn: &mut Conn, device: &str) -> Result<Option<QuotaRow>, StoreError> {
    Ok(on_db!(conn, |c| {
        sqlx::query_as(
        "SELECT opening, device, number, places, filled, state, granted, lasts, first_sequence, closed, reason \
         FROM quotas WHERE device = $1 AND state = 1"
    )
    .bind(device)
    .fetch_optional(c)
    .await
    })?)
}

/// The first open quotas of an opening, by device.
pub(crate) async fn open_quotas(
    conn: &mut Conn,
    opening: &str,
    limit: i64,
) -> Result<Vec<QuotaRow>, StoreError> {
    Ok(on_db!(conn, |c| {
        sqlx::query_as(
        "SELECT opening, device, number, places, filled, state, granted, lasts, first_sequence, closed, reason \
         FROM quotas WHERE opening = $1 AND state = 1 ORDER BY device LIMIT $2"
    )
    .bind(opening)
    .bind(limit)
    .fetch_all(c)
    .await
    })?)
}

/// Writes a quota, new or over what it was.
pub(crate) async fn save_quota(tx: &mut Tx, row: &QuotaRow) -> Result<(), StoreError> {
    on_db!(tx, |c| {
        sqlx::query(
        "INSERT INTO quotas (opening, device, number, places, filled, state, granted, lasts, first_sequence, \
         closed, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
         ON CONFLICT (opening, device, number) DO UPDATE SET filled = excluded.filled, state = excluded.state, \
         closed = excluded.closed, reason = excluded.reason"
    )
    .bind(&row.opening)
    .bind(&row.device)
    .bind(row.number)
    .bind(row.places)
    .bind(row.filled)
    .bind(row.state)
    .bind(row.granted)
    .bind(row.lasts)
    .bind(row.first_sequence)
    .bind(row.closed)
    .bind(&row.reason)
    .execute(c)
    .await
    .map(drop)
    })?;
    Ok(())
}

/// A page of an opening's quotas by device and number.
pub(crate) async fn quotas(
    conn: &mut Conn,
    opening: &str,
    after: Option<&str>,
    size: PageSize,
) -> Result<Page<QuotaRow>, StoreError> {
    // a key comes from outside: one that cannot be read is the first page's
    let after = after.and_then(|key| key.split_once(' '));
    let (number, device) =
        after.and_then(|(number, device)| Some((number.parse().ok()?, device))).unwrap_or((0_i64, ""));
    let rows: Vec<QuotaRow> = on_db!(conn, |c| {
        sqlx::query_as(
        "SELECT opening, device, number, places, filled, state, granted, lasts, first_sequence, closed, reason \
         FROM quotas WHERE opening = $1 AND (device, number) > ($2, $3) ORDER BY device, number LIMIT $4"
    )
    .bind(opening)
    .bind(device)
    .bind(number)
    .bind(i64::from(size.get()) + 1)
    .fetch_all(c)
    .await
    })?;
    Ok(Page::cut(rows, size, QuotaRow::page_key))
}

/// A page of an opening's conflicts by time.
pub(crate) async fn conflicts(
    conn: &mut Conn,
    opening: &str,
    after: Option<&str>,
    size: PageSize,
) -> Result<Page<ConflictRow>, StoreError> {
    // a key comes from outside: one that cannot be read is the first page's
    let (happened, kind, sequence, device) = after
        .and_then(|key| {
            let mut parts = key.splitn(4, ' ');
            let mut number = || parts.next()?.parse::<i64>().ok();
            let (happened, kind, sequence) = (number()?, number()?, number()?);
            Some((happened, kind, sequence, parts.next()?))
        })
        .unwrap_or((i64::MIN, 0, 0, ""));
    let rows: Vec<ConflictRow> = on_db!(conn, |c| {
        sqlx::query_as(
        "SELECT device, sequence, kind, credential, happened, other_device, other_sequence FROM conflicts \
         WHERE opening = $1 AND (happened, device, sequence, kind) > ($2, $3, $4, CAST($5 AS INTEGER)) \
         ORDER BY happened, device, sequence, kind LIMIT $6"
    )
    .bind(opening)
    .bind(happened)
    .bind(device)
    .bind(sequence)
    .bind(kind)
    .bind(i64::from(size.get()) + 1)
    .fetch_all(c)
    .await
    })?;
    let key = |row: &ConflictRow| format!("{} {} {} {}", row.happened, row.kind, row.sequence, row.device);
    Ok(Page::cut(rows, size, key))
}

/// The conflict as the contract shows it.
pub(crate) fn conflict_to_pb(opening: &str, row: ConflictRow) -> pb::Conflict {
    let code = row.credential.rsplit('/').next().unwrap_or_default().to_owned();
    pb::Conflict {
        kind: row.kind,
        opening: opening.to_owned(),
        code,
        device: row.device,
        sequence: row.sequence,
        time: Some(micros_to_timestamp(row.happened)),
        other_device: row.other_device,
        other_sequence: row.other_sequence,
    }
}

/// How many conflicts an opening has, and the devices of the last five.
pub(crate) async fn last_conflicts(conn: &mut Conn, opening: &str) -> Result<(i64, Vec<String>), StoreError> {
    let count: i64 =
        on_db!(conn, |c| sqlx::query_scalar("SELECT COUNT(*) FROM conflicts WHERE opening = $1")
            .bind(opening)
            .fetch_one(c)
            .await)?;
    let devices = on_db!(conn, |c| sqlx::query_scalar(
        "SELECT device FROM conflicts WHERE opening = $1 \
         ORDER BY happened DESC, device DESC, sequence DESC, kind DESC LIMIT 5"
    )
    .bind(opening)
    .fetch_all(c)
    .await)?;
    Ok((count, devices))
}

/// The quotas of a venue's devices whose time is over and whose log is not complete: opening, device, and when the time
/// was over in microseconds; by opening, the longest first.
pub(crate) async fn overdue(
    conn: &mut Conn,
    venue: &str,
    now: Instant,
) -> Result<Vec<(String, String, i64)>, StoreError> {
    Ok(on_db!(conn, |c| sqlx::query_as(
        "SELECT opening, device, granted + lasts FROM quotas WHERE state = 1 AND device > $1 AND device < $2 \
         AND granted + lasts < $3 ORDER BY opening, granted + lasts, device"
    )
    .bind(format!("{venue}/"))
    .bind(format!("{venue}0"))
    .bind(now.as_micros())
    .fetch_all(c)
    .await)?)
}
