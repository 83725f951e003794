//! Officials as rows, and as the contract shows them.

use matchday_api::scheduling::v1 as pb;
use matchday_kernel::{Common, Instant, Interval};
use matchday_rpc::parse::{micros_to_timestamp, to_provenance, to_timestamp};
use matchday_store::{Conn, Record, StoreError, table};

use crate::domain::officials::Official;

table! {
    /// An official as stored.
    pub(crate) struct OfficialRow in "officials" {
        country: String,
        category: String,
        conflicts: String,
        away: String,
        source: String,
        generated: String,
    }
}

impl OfficialRow {
    /// The official as the rules see it.
    pub(crate) fn official(&self) -> Result<Official, StoreError> {
        Ok(Official {
            name: self.name.clone(),
            country: self.country.clone(),
            category: self.category.clone(),
            conflicts: self.conflicts.split_whitespace().map(str::to_owned).collect(),
            away: self.away_times()?,
        })
    }

    /// When it is away.
    fn away_times(&self) -> Result<Vec<Interval>, StoreError> {
        let read = |part: &str| {
            let (start, end) = part.split_once('/')?;
            let instant = |micros: &str| Instant::from_micros(micros.parse().ok()?).ok();
            Interval::new(instant(start)?, instant(end)?).ok()
        };
        let defect = |part| StoreError::from(Common::internal(format!("{}: away {part}", self.name)));
        self.away.split_whitespace().map(|part| read(part).ok_or_else(|| defect(part))).collect()
    }
}

/// Times as they are kept: start and end of each in microseconds.
pub(crate) fn away_to_text(times: &[Interval]) -> String {
    let text = |time: &Interval| format!("{}/{}", time.start().as_micros(), time.end().as_micros());
    times.iter().map(text).collect::<Vec<_>>().join(" ")
}

impl TryFrom<OfficialRow> for pb::Official {
    type Error = StoreError;

    fn try_from(row: OfficialRow) -> Result<Self, StoreError> {
        let official = row.official()?;
        let absence = |time: &Interval| pb::Absence {
            start_time: Some(to_timestamp(time.start())),
            end_time: Some(to_timestamp(time.end())),
        };
        Ok(Self {
            etag: row.etag(),
            name: official.name,
            country: official.country,
            category: official.category,
            conflicts: official.conflicts,
            away: official.away.iter().map(absence).collect(),
            provenance: Some(to_provenance(row.source, &row.generated)),
            create_time: Some(micros_to_timestamp(row.created)),
            update_time: Some(micros_to_timestamp(row.updated)),
        })
    }
}

/// Every official of a tournament, by name.
pub(crate) async fn of_tournament(conn: &mut Conn, tournament: &str) -> Result<Vec<OfficialRow>, StoreError> {
    OfficialRow::between(
        conn,
        &format!("{tournament}/officials/"),
        &format!("{tournament}/officials0"),
        i64::MAX,
    )
    .await
}
