//! Alerts as rows, and as the contract shows them.

use matchday_api::visitors::v1 as pb;
use matchday_kernel::{Common, Instant, Page, PageSize};
use matchday_rpc::parse::{micros_to_timestamp, to_timestamp};
use matchday_store::{Conn, Record, StoreError, on_db, table};
use prost::Message;

use crate::domain::alert::{
    Cause, Level,
    case::{Case, Seen, Shelf},
};

pub(crate) mod rules;
pub(crate) mod steps;
pub(crate) mod tracks;

table! {
    /// An alert as stored; instants in microseconds, cause, level and state as the contract numbers them.
    pub(crate) struct AlertRow in "alerts" {
        venue: String,
        number: i64,
        cause: i32,
        subject: String,
        level: i32,
        state: i32,
        raised: i64,
        level_since: i64,
        acknowledged: Option<i64>,
        acknowledged_by: String,
        shelf_until: Option<i64>,
        shelf_reason: String,
        told_since: i64,
        escalations: i32,
        holder: String,
        cleared: Option<i64>,
        sequence: i64,
        evidence: Vec<u8>,
    }
}

/// The state of alerts that are over.
const CLEARED: i32 = 4;

impl AlertRow {
    /// The row of an alert that is raised.
    pub(crate) fn raised(venue: &str, number: i64, cause: Cause, subject: &str) -> Self {
        Self {
            name: format!("{venue}/alerts/{number}"),
            venue: venue.to_owned(),
            number,
            cause: cause_to_pb(cause).into(),
            subject: subject.to_owned(),
            ..Self::default()
        }
    }

    /// The row with what the alert has gone through.
    pub(crate) fn with(self, case: Case) -> Self {
        let state = match &case {
            Case { cleared: Some(_), .. } => pb::AlertState::Cleared,
            Case { shelf: Some(_), .. } => pb::AlertState::Shelved,
            Case { seen: Some(_), .. } => pb::AlertState::Acknowledged,
            _ => pb::AlertState::Unacknowledged,
        };
        let (acknowledged, acknowledged_by) =
            case.seen.map_or((None, String::new()), |seen| (Some(seen.at.as_micros()), seen.by));
        let (shelf_until, shelf_reason) =
            case.shelf.map_or((None, String::new()), |shelf| (Some(shelf.until.as_micros()), shelf.reason));
        Self {
            level: level_to_pb(case.level).into(),
            state: state.into(),
            raised: case.raised.as_micros(),
            level_since: case.level_since.as_micros(),
            acknowledged,
            acknowledged_by,
            shelf_until,
            shelf_reason,
            told_since: case.told_since.as_micros(),
            escalations: i32::try_from(case.escalations).unwrap_or(i32::MAX),
            cleared: case.cleared.map(Instant::as_micros),
            ..self
        }
    }

    /// What the alert has gone through.
    pub(crate) fn case(&self) -> Result<Case, StoreError> {
        let instant = |micros| Instant::from_micros(micros).map_err(Common::internal);
        let seen = self.acknowledged.map(instant).transpose()?;
        let until = self.shelf_until.map(instant).transpose()?;
        Ok(Case {
            level: level_of(self.level)?,
            raised: instant(self.raised)?,
            level_since: instant(self.level_since)?,
            seen: seen.map(|at| Seen { at, by: self.acknowledged_by.clone() }),
            shelf: until.map(|until| Shelf { until, reason: self.shelf_reason.clone() }),
            told_since: instant(self.told_since)?,
            escalations: usize::try_from(self.escalations).unwrap_or_default(),
            cleared: self.cleared.map(instant).transpose()?,
        })
    }

    /// Its cause.
    pub(crate) fn cause(&self) -> Result<Cause, StoreError> {
        cause_of(self.cause)
    }

    /// What was measured last, as the contract shows it.
    pub(crate) fn evidence(&self) -> Result<pb::Alert, StoreError> {
        pb::Alert::decode(self.evidence.as_slice()).map_err(StoreError::internal)
    }

    /// The alert as the contract shows it.
    pub(crate) fn to_pb(&self) -> Result<pb::Alert, StoreError> {
        Ok(pb::Alert {
            name: self.name.clone(),
            venue: self.venue.clone(),
            cause: self.cause,
            subject: self.subject.clone(),
            level: self.level,
            state: self.state,
            raise_time: Some(micros_to_timestamp(self.raised)),
            level_time: Some(micros_to_timestamp(self.level_since)),
            acknowledge_time: self.acknowledged.map(micros_to_timestamp),
            acknowledged_by: self.acknowledged_by.clone(),
            shelf_end_time: self.shelf_until.map(micros_to_timestamp),
            shelf_reason: self.shelf_reason.clone(),
            clear_time: self.cleared.map(micros_to_timestamp),
            holder: self.holder.clone(),
            escalations: self.escalations,
            sequence: self.sequence,
            etag: self.etag(),
            ..self.evidence()?
        })
    }
}

/// The cause as the contract numbers it.
pub(crate) fn cause_to_pb(cause: Cause) -> pb::AlertCause {
    match cause {
        Cause::Density => pb::AlertCause::Density,
        Cause::Capacity => pb::AlertCause::Capacity,
        Cause::CounterFault => pb::AlertCause::CounterFault,
        Cause::CounterSilent => pb::AlertCause::CounterSilent,
        Cause::StaleEstimate => pb::AlertCause::StaleEstimate,
        Cause::QuotaOverdue => pb::AlertCause::QuotaOverdue,
        Cause::DeviceSilent => pb::AlertCause::DeviceSilent,
        Cause::Conflict => pb::AlertCause::Conflict,
    }
}

/// The cause of the contract's number for it.
pub(crate) fn cause_of(number: i32) -> Result<Cause, StoreError> {
    let cause = Cause::ALL.into_iter().find(|cause| i32::from(cause_to_pb(*cause)) == number);
    cause.ok_or_else(|| Common::internal(format!("alert cause {number}")).into())
}

/// The level as the contract numbers it.
pub(crate) fn level_to_pb(level: Level) -> pb::AlertLevel {
    match level {
        Level::Yellow => pb::AlertLevel::Yellow,
        Level::Orange => pb::AlertLevel::Orange,
        Level::Red => pb::AlertLevel::Red,
    }
}

/// The level of the contract's number for it.
pub(crate) fn level_of(number: i32) -> Result<Level, StoreError> {
    let level = Level::ALL.into_iter().find(|level| i32::from(level_to_pb(*level)) == number);
    level.ok_or_else(|| Common::internal(format!("alert level {number}")).into())
}

/// The last number and the last sequence of a venue's alerts; 0 without any.
pub(crate) async fn heads(conn: &mut Conn, venue: &str) -> Result<(i64, i64), StoreError> {
    let (number, sequence): (Option<i64>, Option<i64>) = on_db!(conn, |c| sqlx::query_as(
        "SELECT (SELECT MAX(number) FROM alerts WHERE venue = $1), \
         (SELECT MAX(sequence) FROM alerts WHERE venue = $1)"
    )
    .bind(venue)
    .fetch_one(c)
    .await)?;
    Ok((number.unwrap_or_default(), sequence.unwrap_or_default()))
}

/// The alerts of a venue that are not over.
pub(crate) async fn open(conn: &mut Conn, venue: &str) -> Result<Vec<AlertRow>, StoreError> {
    let sql = format!(
        "SELECT {} FROM alerts WHERE venue = $1 AND state <> 4 ORDER BY sequence",
        AlertRow::sql().columns
    );
    Ok(on_db!(conn, |c| sqlx::query_as(&sql).bind(venue).fetch_all(c).await)?)
}

/// Alerts of a venue that changed after a sequence, by sequence.
pub(crate) async fn changed(
    conn: &mut Conn,
    venue: &str,
    after: i64,
    limit: i64,
) -> Result<Vec<AlertRow>, StoreError> {
    let sql = format!(
        "SELECT {} FROM alerts WHERE venue = $1 AND sequence > $2 ORDER BY sequence LIMIT $3",
        AlertRow::sql().columns
    );
    Ok(on_db!(conn, |c| sqlx::query_as(&sql).bind(venue).bind(after).bind(limit).fetch_all(c).await)?)
}

/// Which alerts are asked for; numbers of the contract, 0 and an empty text for all.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    /// States, as bits: of state n the bit n.
    pub(crate) states: i32,
    /// At least this level.
    pub(crate) level: i32,
    pub(crate) cause: i32,
    pub(crate) subject: String,
}

impl Filter {
    /// The filter of some states; of none those that are not over.
    pub(crate) fn of_states(states: &[i32]) -> i32 {
        let wanted = states.iter().fold(0, |bits, state| bits | (1 << state));
        if wanted == 0 { !(1 << CLEARED) } else { wanted }
    }
}

/// A page of a venue's alerts, the newest first.
pub(crate) async fn page(
    conn: &mut Conn,
    venue: &str,
    filter: &Filter,
    after: Option<&str>,
    size: PageSize,
) -> Result<Page<AlertRow>, StoreError> {
    // a key comes from outside: one that cannot be read is the first page's
    let below = after.and_then(|key| key.parse().ok()).unwrap_or(i64::MAX);
    let sql = format!(
        "SELECT {} FROM alerts WHERE venue = $1 AND number < $2 AND (CAST($3 AS INTEGER) & (1 << state)) <> 0 \
         AND level >= $4 AND (CAST($5 AS INTEGER) = 0 OR cause = $5) AND ($6 = '' OR subject = $6) \
         ORDER BY number DESC LIMIT $7",
        AlertRow::sql().columns
    );
    let rows: Vec<AlertRow> = on_db!(conn, |c| sqlx::query_as(&sql)
        .bind(venue)
        .bind(below)
        .bind(filter.states)
        .bind(filter.level)
        .bind(filter.cause)
        .bind(&filter.subject)
        .bind(i64::from(size.get()) + 1)
        .fetch_all(c)
        .await)?;
    Ok(Page::cut(rows, size, |row| row.number.to_string()))
}

/// When the alerts were raised that were open at a time.
pub(crate) async fn open_at(conn: &mut Conn, venue: &str, at: Instant) -> Result<Vec<Instant>, StoreError> {
    let raised: Vec<i64> = on_db!(conn, |c| {
        sqlx::query_scalar(
        "SELECT raised FROM alerts WHERE venue = $1 AND raised <= $2 AND (cleared IS NULL OR cleared > $2)"
    )
    .bind(venue)
    .bind(at.as_micros())
    .fetch_all(c)
    .await
    })?;
    let instants = raised.into_iter().map(|micros| Instant::from_micros(micros).map_err(Common::internal));
    Ok(instants.collect::<Result<_, _>>()?)
}

/// What was measured of an alert, to be kept.
pub(crate) fn evidence_at(at: Instant, evidence: pb::Alert) -> Vec<u8> {
    pb::Alert { measure_time: Some(to_timestamp(at)), ..evidence }.encode_to_vec()
}
