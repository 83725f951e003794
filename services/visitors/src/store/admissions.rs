//! Admissions as rows: who was let in, by the scan that did it, until they left or the place was cleared.

use matchday_api::visitors::v1 as pb;
use matchday_kernel::{Common, Instant};
use matchday_store::{Conn, StoreError, Tx, on_db};

use super::scans::ScanRow;
use crate::domain::occupancy::{Admission, Occupancy};

/// The open admissions, as the statements say it: the partial index is only used where they do.
pub(crate) const OPEN: i32 = 1;
pub(crate) const LEFT: i32 = 2;
pub(crate) const CLEARED: i32 = 3;
/// Open, too: somebody else is inside with the same credential, whom the gates see.
pub(crate) const DOUBLE: i32 = 4;

/// Writes that a scan let somebody in with a credential of a kind.
pub(crate) async fn open(tx: &mut Tx, scan: &ScanRow, credential: &str, kind: i32) -> Result<(), StoreError> {
    on_db!(tx, |c| sqlx::query(
        "INSERT INTO admissions (device, sequence, opening, credential, kind, state, entered, closed) \
         VALUES ($1, $2, $3, $4, $5, 1, $6, NULL)"
    )
    .bind(&scan.device)
    .bind(scan.sequence)
    .bind(&scan.opening)
    .bind(credential)
    .bind(kind)
    .bind(scan.decided)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Writes that somebody left.
pub(crate) async fn leave(tx: &mut Tx, scan: &ScanRow, credential: &str) -> Result<(), StoreError> {
    on_db!(tx, |c| sqlx::query(
        "UPDATE admissions SET state = $1, closed = $2, exit_device = $5, exit_sequence = $6 \
         WHERE opening = $3 AND credential = $4 AND state = 1"
    )
    .bind(LEFT)
    .bind(scan.decided)
    .bind(&scan.opening)
    .bind(credential)
    .bind(&scan.device)
    .bind(scan.sequence)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Closes every admission of an opening that is open, because the place was cleared; returns how many.
pub(crate) async fn clear(tx: &mut Tx, opening: &str) -> Result<u64, StoreError> {
    let now = tx.now().as_micros();
    Ok(on_db!(tx, |c| sqlx::query(
        "UPDATE admissions SET state = $1, closed = $2 WHERE opening = $3 AND state IN (1, 4)"
    )
    .bind(CLEARED)
    .bind(now)
    .bind(opening)
    .execute(c)
    .await
    .map(|done| done.rows_affected()))?)
}

/// What was counted of an opening.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Count {
    /// Who is inside, who came and who left.
    pub(crate) occupancy: Occupancy,
    /// Scans refused.
    pub(crate) refused: i64,
    /// When the last scan was decided; `None` before the first.
    pub(crate) last_scan: Option<Instant>,
}

/// Counts an opening, in one statement so that the numbers are of one moment.
pub(crate) async fn count(conn: &mut Conn, opening: &str) -> Result<Count, StoreError> {
    let groups: Vec<(i32, i32, i64, Option<i64>)> = on_db!(conn, |c| sqlx::query_as(
        "SELECT state, kind, COUNT(*), CAST(NULL AS BIGINT) FROM admissions WHERE opening = $1 \
         GROUP BY state, kind \
         UNION ALL SELECT 0, 0, COUNT(CASE WHEN verdict > 2 THEN 1 END), MAX(decided) FROM scans \
         WHERE opening = $1"
    )
    .bind(opening)
    .fetch_all(c)
    .await)?;
    let mut count = Count::default();
    for (state, kind, number, last) in groups {
        let admission = match state {
            OPEN | DOUBLE => Admission::Open,
            LEFT => Admission::Left,
            CLEARED => Admission::Cleared,
            _ => {
                count.refused = number;
                count.last_scan = last.map(Instant::from_micros).transpose().map_err(Common::internal)?;
                continue;
            }
        };
        let is_public = kind == i32::from(pb::CredentialKind::Ticket);
        count.occupancy = count.occupancy.and(admission, is_public, number);
    }
    Ok(count)
}
