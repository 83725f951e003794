//! Certificates as rows.

use std::sync::LazyLock;

use matchday_api::volunteers::v1 as pb;
use matchday_kernel::{Common, Instant, Page, PageSize};
use matchday_rpc::parse::micros_to_timestamp;
use matchday_store::{Conn, Record, StoreError, Tx, on_db, table};

use crate::domain::certificate::Attested;

table! {
    /// A certificate as stored; instants in microseconds.
    pub(crate) struct CertificateRow in "certificates" {
        tournament: String,
        number: i64,
        volunteer: String,
        code: String,
        state: i32,
        reason: String,
        credited: i64,
        shifts: i32,
        first: i64,
        last: i64,
    }
}

impl CertificateRow {
    /// Whether it attests anything.
    pub(crate) fn is_valid(&self) -> bool {
        self.state == i32::from(pb::CertificateState::Valid)
    }

    /// What it says.
    pub(crate) fn attested(&self) -> Result<Attested, StoreError> {
        let instant = |micros| Instant::from_micros(micros).map_err(Common::internal);
        Ok(Attested {
            minutes: self.credited,
            shifts: self.shifts,
            first: instant(self.first)?,
            last: instant(self.last)?,
            issued: instant(self.created)?,
        })
    }

    /// The same, revoked.
    pub(crate) fn revoked(self, reason: String) -> Self {
        Self { state: pb::CertificateState::Revoked.into(), reason, ..self }
    }

    /// Adds it to the certificates of its tournament, under the tournament's lock.
    pub(crate) async fn add(self, tx: &mut Tx) -> Result<Self, StoreError> {
        let last: Option<i64> =
            on_db!(tx, |c| sqlx::query_scalar("SELECT MAX(number) FROM certificates WHERE tournament = $1")
                .bind(&self.tournament)
                .fetch_one(c)
                .await)?;
        let number = last.unwrap_or_default() + 1;
        let name = format!("{}/certificates/{number}", self.tournament);
        Self { name, number, ..self }.create(tx).await
    }
}

impl From<CertificateRow> for pb::Certificate {
    fn from(row: CertificateRow) -> Self {
        Self {
            etag: row.etag(),
            issue_time: Some(micros_to_timestamp(row.created)),
            first_time: Some(micros_to_timestamp(row.first)),
            last_time: Some(micros_to_timestamp(row.last)),
            name: row.name,
            volunteer: row.volunteer,
            code: row.code,
            state: row.state,
            reason: row.reason,
            credited_minutes: row.credited,
            shifts: row.shifts,
        }
    }
}

fn select(condition: &str) -> String {
    format!("SELECT {} FROM certificates WHERE {condition}", CertificateRow::sql().columns)
}

/// The valid certificate of a volunteer.
pub(crate) async fn valid_of(conn: &mut Conn, volunteer: &str) -> Result<Option<CertificateRow>, StoreError> {
    static SQL: LazyLock<String> = LazyLock::new(|| select("volunteer = $1 AND state = 1"));
    Ok(on_db!(conn, |c| sqlx::query_as(&SQL).bind(volunteer).fetch_optional(c).await)?)
}

/// The certificate with a code.
pub(crate) async fn with_code(conn: &mut Conn, code: &str) -> Result<Option<CertificateRow>, StoreError> {
    static SQL: LazyLock<String> = LazyLock::new(|| select("code = $1"));
    Ok(on_db!(conn, |c| sqlx::query_as(&SQL).bind(code).fetch_optional(c).await)?)
}

/// A page of a tournament's certificates, the latest first.
pub(crate) async fn page(
    conn: &mut Conn,
    tournament: &str,
    after: Option<&str>,
    size: PageSize,
) -> Result<Page<CertificateRow>, StoreError> {
    static SQL: LazyLock<String> =
        LazyLock::new(|| select("tournament = $1 AND number < $2 ORDER BY number DESC LIMIT $3"));
    let before: i64 = after.and_then(|key| key.parse().ok()).unwrap_or(i64::MAX);
    let rows: Vec<CertificateRow> = on_db!(conn, |c| sqlx::query_as(&SQL)
        .bind(tournament)
        .bind(before)
        .bind(i64::from(size.get()) + 1)
        .fetch_all(c)
        .await)?;
    Ok(Page::cut(rows, size, |row| row.number.to_string()))
}
