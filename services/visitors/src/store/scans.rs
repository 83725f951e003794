//! Scans as rows: only ever added to.

use matchday_api::visitors::v1 as pb;
use matchday_kernel::{Common, Instant, Page, PageSize};
use matchday_rpc::parse::micros_to_timestamp;
use matchday_store::{Conn, StoreError, Tx, on_db};
use sqlx::QueryBuilder;

use crate::domain::{
    scan::{Direction, Identity, Reading},
    verdict::Verdict,
};

/// Rows of one statement; statements of this size are kept prepared.
const ROWS: usize = 500;

/// A scan as stored; instants in microseconds. It has no name: device and sequence are its key.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub(crate) struct ScanRow {
    pub(crate) device: String,
    pub(crate) sequence: i64,
    pub(crate) opening: String,
    pub(crate) code: String,
    pub(crate) direction: i32,
    pub(crate) verdict: i32,
    pub(crate) device_time: Option<i64>,
    pub(crate) decided: i64,
    /// 1 when the device decided it without a network.
    pub(crate) offline: i32,
    /// What was found of the holder's identity, as the contract numbers it.
    pub(crate) identity: i32,
}

impl ScanRow {
    /// The row of a scan that was decided now.
    pub(crate) fn of(
        device: String,
        sequence: i64,
        reading: Reading,
        verdict: Verdict,
        now: Instant,
    ) -> Self {
        Self {
            device,
            sequence,
            opening: reading.opening,
            code: reading.code,
            direction: direction_to_pb(reading.direction).into(),
            verdict: verdict_to_pb(verdict).into(),
            device_time: reading.device_time.map(Instant::as_micros),
            decided: now.as_micros(),
            offline: 0,
            identity: identity_to_pb(reading.identity).into(),
        }
    }

    /// What the device read.
    pub(crate) fn reading(&self) -> Result<Reading, StoreError> {
        let direction = pb::Direction::try_from(self.direction).ok().and_then(direction_of);
        Ok(Reading {
            opening: self.opening.clone(),
            code: self.code.clone(),
            direction: direction.ok_or_else(|| self.unreadable())?,
            device_time: self
                .device_time
                .map(Instant::from_micros)
                .transpose()
                .map_err(|_| self.unreadable())?,
            identity: identity_of(pb::IdentityCheck::try_from(self.identity).map_err(|_| self.unreadable())?),
        })
    }

    /// What was decided.
    pub(crate) fn verdict(&self) -> Result<Verdict, StoreError> {
        let verdict = pb::Verdict::try_from(self.verdict).ok().and_then(verdict_of);
        verdict.ok_or_else(|| self.unreadable().into())
    }

    fn unreadable(&self) -> Common {
        Common::internal(format!("scan {} of {} cannot be read", self.sequence, self.device))
    }

    /// The key a page of scans ends with.
    fn page_key(&self) -> String {
        format!("{} {} {}", self.decided, self.sequence, self.device)
    }
}

impl From<ScanRow> for pb::Scan {
    fn from(row: ScanRow) -> Self {
        Self {
            device: row.device,
            sequence: row.sequence,
            opening: row.opening,
            code: row.code,
            direction: row.direction,
            verdict: row.verdict,
            device_time: row.device_time.map(micros_to_timestamp),
            decide_time: Some(micros_to_timestamp(row.decided)),
            offline: row.offline != 0,
            identity: row.identity,
        }
    }
}

fn identity_to_pb(identity: Identity) -> pb::IdentityCheck {
    match identity {
        Identity::Unchecked => pb::IdentityCheck::Unspecified,
        Identity::Confirmed => pb::IdentityCheck::Confirmed,
        Identity::Mismatch => pb::IdentityCheck::Mismatch,
    }
}

/// What was found of an identity, of the contract's number for it.
pub(crate) fn identity_of(identity: pb::IdentityCheck) -> Identity {
    match identity {
        pb::IdentityCheck::Unspecified => Identity::Unchecked,
        pb::IdentityCheck::Confirmed => Identity::Confirmed,
        pb::IdentityCheck::Mismatch => Identity::Mismatch,
    }
}

fn direction_to_pb(direction: Direction) -> pb::Direction {
    match direction {
        Direction::Entry => pb::Direction::Entry,
        Direction::Exit => pb::Direction::Exit,
    }
}

/// The direction of the contract's number for it; `None` when none is set.
pub(crate) fn direction_of(direction: pb::Direction) -> Option<Direction> {
    match direction {
        pb::Direction::Unspecified => None,
        pb::Direction::Entry => Some(Direction::Entry),
        pb::Direction::Exit => Some(Direction::Exit),
    }
}

fn verdict_to_pb(verdict: Verdict) -> pb::Verdict {
    match verdict {
        Verdict::Admitted => pb::Verdict::Admitted,
        Verdict::Left => pb::Verdict::Left,
        Verdict::UnknownCredential => pb::Verdict::UnknownCredential,
        Verdict::Revoked => pb::Verdict::Revoked,
        Verdict::WrongSession => pb::Verdict::WrongSession,
        Verdict::WrongZone => pb::Verdict::WrongZone,
        Verdict::WrongGate => pb::Verdict::WrongGate,
        Verdict::TooEarly => pb::Verdict::TooEarly,
        Verdict::ExitOnly => pb::Verdict::ExitOnly,
        Verdict::SessionOver => pb::Verdict::SessionOver,
        Verdict::AlreadyInside => pb::Verdict::AlreadyInside,
        Verdict::NotInside => pb::Verdict::NotInside,
        Verdict::DeviceRevoked => pb::Verdict::DeviceRevoked,
        Verdict::CapacityReached => pb::Verdict::CapacityReached,
        Verdict::EntryPaused => pb::Verdict::EntryPaused,
        Verdict::IdentityMismatch => pb::Verdict::IdentityMismatch,
        Verdict::IdentityUnchecked => pb::Verdict::IdentityUnchecked,
        Verdict::EntriesUsedUp => pb::Verdict::EntriesUsedUp,
        Verdict::PersonBlocked => pb::Verdict::PersonBlocked,
    }
}

/// The verdict of the contract's number for it; `None` when none is set.
pub(crate) fn verdict_of(verdict: pb::Verdict) -> Option<Verdict> {
    Some(match verdict {
        pb::Verdict::Unspecified => return None,
        pb::Verdict::Admitted => Verdict::Admitted,
        pb::Verdict::Left => Verdict::Left,
        pb::Verdict::UnknownCredential => Verdict::UnknownCredential,
        pb::Verdict::Revoked => Verdict::Revoked,
        pb::Verdict::WrongSession => Verdict::WrongSession,
        pb::Verdict::WrongZone => Verdict::WrongZone,
        pb::Verdict::WrongGate => Verdict::WrongGate,
        pb::Verdict::TooEarly => Verdict::TooEarly,
        pb::Verdict::ExitOnly => Verdict::ExitOnly,
        pb::Verdict::SessionOver => Verdict::SessionOver,
        pb::Verdict::AlreadyInside => Verdict::AlreadyInside,
        pb::Verdict::NotInside => Verdict::NotInside,
        pb::Verdict::DeviceRevoked => Verdict::DeviceRevoked,
        pb::Verdict::CapacityReached => Verdict::CapacityReached,
        pb::Verdict::EntryPaused => Verdict::EntryPaused,
        pb::Verdict::IdentityMismatch => Verdict::IdentityMismatch,
        pb::Verdict::IdentityUnchecked => Verdict::IdentityUnchecked,
        pb::Verdict::EntriesUsedUp => Verdict::EntriesUsedUp,
        pb::Verdict::PersonBlocked => Verdict::PersonBlocked,
    })
}

/// The scan of a device with a sequence.
pub(crate) async fn find(
    conn: &mut Conn,
    device: &str,
    sequence: i64,
) -> Result<Option<ScanRow>, StoreError> {
    Ok(on_db!(conn, |c| {
        sqlx::query_as(
        "SELECT device, sequence, opening, code, direction, verdict, device_time, decided, offline, identity \
         FROM scans \
         WHERE device = $1 AND sequence = $2"
    )
    .bind(device)
    .bind(sequence)
    .fetch_optional(c)
    .await
    })?)
}

/// Writes a scan that is new.
pub(crate) async fn insert(tx: &mut Tx, scan: &ScanRow) -> Result<(), StoreError> {
    on_db!(tx, |c| {
        sqlx::query(
        "INSERT INTO scans (device, sequence, opening, code, direction, verdict, device_time, decided, identity) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    )
    .bind(&scan.device)
    .bind(scan.sequence)
    .bind(&scan.opening)
    .bind(&scan.code)
    .bind(scan.direction)
    .bind(scan.verdict)
    .bind(scan.device_time)
    .bind(scan.decided)
    .bind(scan.identity)
    .execute(c)
    .await
    .map(drop)
    })?;
    Ok(())
}

/// Writes many scans that are new.
pub(crate) async fn insert_many(tx: &mut Tx, scans: &[ScanRow]) -> Result<(), StoreError> {
    for chunk in scans.chunks(ROWS) {
        on_db!(tx, |c| {
            let mut query = QueryBuilder::new(
                "INSERT INTO scans (device, sequence, opening, code, direction, verdict, device_time, decided, \
                 offline, identity) ",
            );
            query.push_values(chunk, |mut values, scan| {
                values
                    .push_bind(&scan.device)
                    .push_bind(scan.sequence)
                    .push_bind(&scan.opening)
                    .push_bind(&scan.code)
                    .push_bind(scan.direction)
                    .push_bind(scan.verdict)
                    .push_bind(scan.device_time)
                    .push_bind(scan.decided)
                    .push_bind(scan.offline)
                    .push_bind(scan.identity);
            });
            query.build().persistent(chunk.len() == ROWS).execute(c).await.map(drop)
        })?;
    }
    Ok(())
}

/// The scans of a device from one sequence to another, both included.
pub(crate) async fn between(
    conn: &mut Conn,
    device: &str,
    first: i64,
    last: i64,
) -> Result<Vec<ScanRow>, StoreError> {
    Ok(on_db!(conn, |c| {
        sqlx::query_as(
        "SELECT device, sequence, opening, code, direction, verdict, device_time, decided, offline, identity \
         FROM scans \
         WHERE device = $1 AND sequence BETWEEN $2 AND $3"
    )
    .bind(device)
    .bind(first)
    .bind(last)
    .fetch_all(c)
    .await
    })?)
}

/// How many scans of a device there are from one sequence to another, both included.
pub(crate) async fn count_between(
    conn: &mut Conn,
    device: &str,
    first: i64,
    last: i64,
) -> Result<i64, StoreError> {
    Ok(on_db!(conn, |c| sqlx::query_scalar(
        "SELECT COUNT(*) FROM scans WHERE device = $1 AND sequence BETWEEN $2 AND $3"
    )
    .bind(device)
    .bind(first)
    .bind(last)
    .fetch_one(c)
    .await)?)
}

/// When the last scan of an opening was decided, in microseconds; `None` before the first. One refused for its gate
/// or its device has seen nothing of the opening.
pub(crate) async fn last_decided(conn: &mut Conn, opening: &str) -> Result<Option<i64>, StoreError> {
    let unseen =
        [Verdict::WrongGate, Verdict::DeviceRevoked].map(|verdict| i32::from(verdict_to_pb(verdict)));
    Ok(on_db!(conn, |c| sqlx::query_scalar(
        "SELECT MAX(decided) FROM scans WHERE opening = $1 AND verdict NOT IN ($2, $3)"
    )
    .bind(opening)
    .bind(unseen[0])
    .bind(unseen[1])
    .fetch_one(c)
    .await)?)
}

/// A page of an opening's scans by the time they were decided.
pub(crate) async fn page(
    conn: &mut Conn,
    opening: &str,
    refused_only: bool,
    after: Option<&str>,
    size: PageSize,
) -> Result<Page<ScanRow>, StoreError> {
    // a key comes from outside: one that cannot be read is the first page's
    let (decided, sequence, device) = after
        .and_then(|key| {
            let mut parts = key.splitn(3, ' ');
            Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?))
        })
        .unwrap_or((i64::MIN, 0, ""));
    let rows: Vec<ScanRow> = on_db!(conn, |c| {
        sqlx::query_as(
        "SELECT device, sequence, opening, code, direction, verdict, device_time, decided, offline, identity \
         FROM scans \
         WHERE opening = $1 AND (decided, device, sequence) > ($2, $3, $4) AND ($5 = 0 OR verdict > 2) \
         ORDER BY decided, device, sequence LIMIT $6"
    )
    .bind(opening)
    .bind(decided)
    .bind(device)
    .bind(sequence)
    .bind(i32::from(refused_only))
    .bind(i64::from(size.get()) + 1)
    .fetch_all(c)
    .await
    })?;
    Ok(Page::cut(rows, size, ScanRow::page_key))
}

/// How many people came in and went out of an opening by scans since a time.
pub(crate) async fn passed_since(
    conn: &mut Conn,
    opening: &str,
    since: Instant,
) -> Result<(i64, i64), StoreError> {
    Ok(on_db!(conn, |c| sqlx::query_as(
        "SELECT COUNT(CASE WHEN verdict = 1 THEN 1 END), COUNT(CASE WHEN verdict = 2 THEN 1 END) \
         FROM scans WHERE opening = $1 AND decided > $2"
    )
    .bind(opening)
    .bind(since.as_micros())
    .fetch_one(c)
    .await)?)
}

/// The devices that scanned for an opening since a time, each with its last scan in microseconds.
pub(crate) async fn last_of_devices(
    conn: &mut Conn,
    opening: &str,
    since: Instant,
) -> Result<Vec<(String, i64)>, StoreError> {
    Ok(on_db!(conn, |c| sqlx::query_as(
        "SELECT device, MAX(decided) FROM scans WHERE opening = $1 AND decided > $2 \
         GROUP BY device ORDER BY device"
    )
    .bind(opening)
    .bind(since.as_micros())
    .fetch_all(c)
    .await)?)
}

/// What was scanned at an opening in a minute, which is counted from 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct MinuteRow {
    pub(crate) minute: i64,
    pub(crate) entries: i64,
    pub(crate) exits: i64,
    pub(crate) refused: i64,
}

/// Microseconds of a minute.
pub(crate) const MINUTE: i64 = 60_000_000;

/// The minutes from one to another, which is excluded, in which something was scanned at an opening.
pub(crate) async fn by_minute(
    conn: &mut Conn,
    opening: &str,
    from: i64,
    until: i64,
) -> Result<Vec<MinuteRow>, StoreError> {
    Ok(on_db!(conn, |c| {
        sqlx::query_as(
        "SELECT decided / 60000000 AS minute, COUNT(CASE WHEN verdict = 1 THEN 1 END) AS entries, \
         COUNT(CASE WHEN verdict = 2 THEN 1 END) AS exits, COUNT(CASE WHEN verdict > 2 THEN 1 END) AS refused \
         FROM scans WHERE opening = $1 AND decided >= $2 AND decided < $3 GROUP BY 1 ORDER BY 1"
    )
    .bind(opening)
    .bind(from * MINUTE)
    .bind(until * MINUTE)
    .fetch_all(c)
    .await
    })?)
}
