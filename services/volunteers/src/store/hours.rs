//! The ledger of hours as rows, and what it comes to.

use std::sync::LazyLock;

use matchday_api::volunteers::v1 as pb;
use matchday_kernel::{Common, Interval, Page, PageSize, civil::Time};
use matchday_rpc::parse::micros_to_timestamp;
use matchday_store::{Conn, Record, StoreError, Tx, on_db, table};

use crate::domain::hours::{NightRule, Served};

/// Entries that one shift has at most in one call: as many as it has people at most.
const MOST_OF_SHIFT: i64 = 10_000;

table! {
    /// An entry as stored; instants in microseconds.
    pub(crate) struct HoursRow in "hours" {
        volunteer: String,
        number: i64,
        kind: i32,
        shift: String,
        starts: i64,
        ends: i64,
        minutes: i32,
        night_minutes: i32,
        percent: i32,
        credited: i64,
        counters: String,
        countered: i32,
        reason: String,
        author: String,
        confirmer: String,
        confirmed: Option<i64>,
    }
}

impl HoursRow {
    /// An entry of a volunteer at a time, not numbered yet.
    pub(crate) fn of(volunteer: &str, time: &Interval, served: Served, percent: i32) -> Self {
        Self {
            volunteer: volunteer.to_owned(),
            starts: time.start().as_micros(),
            ends: time.end().as_micros(),
            minutes: served.minutes,
            night_minutes: served.night_minutes,
            percent,
            credited: served.credited,
            ..Self::default()
        }
    }

    /// The entry that takes this one back.
    pub(crate) fn counter(&self) -> Self {
        Self {
            name: String::new(),
            kind: pb::HoursKind::Counter.into(),
            minutes: -self.minutes,
            night_minutes: -self.night_minutes,
            credited: -self.credited,
            counters: self.name.clone(),
            countered: 0,
            ..self.clone()
        }
    }

    /// Adds it to the ledger of its volunteer, under the tournament's lock.
    pub(crate) async fn add(self, tx: &mut Tx) -> Result<Self, StoreError> {
        let last: Option<i64> =
            on_db!(tx, |c| sqlx::query_scalar("SELECT MAX(number) FROM hours WHERE volunteer = $1")
                .bind(&self.volunteer)
                .fetch_one(c)
                .await)?;
        let number = last.unwrap_or_default() + 1;
        let row = Self {
            name: format!("{}/hours/{number:04}", self.volunteer),
            number,
            author: tx.actor().to_owned(),
            revision: 0,
            ..self
        };
        row.create(tx).await
    }
}

impl From<HoursRow> for pb::HoursEntry {
    fn from(row: HoursRow) -> Self {
        Self {
            start_time: Some(micros_to_timestamp(row.starts)),
            end_time: Some(micros_to_timestamp(row.ends)),
            record_time: Some(micros_to_timestamp(row.created)),
            confirm_time: row.confirmed.map(micros_to_timestamp),
            credited_minutes: i32::try_from(row.credited).unwrap_or(i32::MAX),
            name: row.name,
            kind: row.kind,
            shift: row.shift,
            minutes: row.minutes,
            night_minutes: row.night_minutes,
            counters: row.counters,
            countered: row.countered != 0,
            reason: row.reason,
            author: row.author,
            confirmer: row.confirmer,
        }
    }
}

/// Which entries a list holds.
pub(crate) struct Filter {
    /// Name of the tournament or the volunteer.
    pub(crate) ancestor: String,
    /// Only those of this shift; empty means all.
    pub(crate) shift: String,
    /// Only those that nobody has confirmed, and that no counter-entry takes back.
    pub(crate) unconfirmed: bool,
}

fn select(condition: &str) -> String {
    format!("SELECT {} FROM hours WHERE {condition}", HoursRow::sql().columns)
}

/// A page of entries, by name.
pub(crate) async fn page(
    conn: &mut Conn,
    filter: &Filter,
    after: Option<&str>,
    size: PageSize,
) -> Result<Page<HoursRow>, StoreError> {
    static SQL: LazyLock<String> = LazyLock::new(|| {
        select(
            "name > $1 AND name < $2 AND ($3 = '' OR shift = $3) \
             AND ($4 = 0 OR (confirmed IS NULL AND countered = 0 AND counters = '')) ORDER BY name LIMIT $5",
        )
    });
    let (first, until) = (format!("{}/", filter.ancestor), format!("{}0", filter.ancestor));
    let after = after.filter(|key| key.starts_with(&first)).unwrap_or(&first);
    let rows: Vec<HoursRow> = on_db!(conn, |c| sqlx::query_as(&SQL)
        .bind(after)
        .bind(&until)
        .bind(&filter.shift)
        .bind(i32::from(filter.unconfirmed))
        .bind(i64::from(size.get()) + 1)
        .fetch_all(c)
        .await)?;
    Ok(Page::cut(rows, size, |row| row.name.clone()))
}

/// The entries of a shift that wait for a confirmation, by name.
pub(crate) async fn unconfirmed_of(conn: &mut Conn, shift: &str) -> Result<Vec<HoursRow>, StoreError> {
    static SQL: LazyLock<String> = LazyLock::new(|| {
        select(
            "shift = $1 AND shift <> '' AND confirmed IS NULL AND countered = 0 AND counters = '' \
             ORDER BY name LIMIT $2",
        )
    });
    Ok(on_db!(conn, |c| sqlx::query_as(&SQL).bind(shift).bind(MOST_OF_SHIFT).fetch_all(c).await)?)
}

/// Name of an entry of a volunteer that counts for a part of a time.
pub(crate) async fn overlapping(
    conn: &mut Conn,
    volunteer: &str,
    time: &Interval,
) -> Result<Option<String>, StoreError> {
    Ok(on_db!(conn, |c| sqlx::query_scalar(
        "SELECT name FROM hours WHERE volunteer = $1 AND countered = 0 AND counters = '' AND starts < $2 \
         AND ends > $3 ORDER BY name LIMIT 1"
    )
    .bind(volunteer)
    .bind(time.end().as_micros())
    .bind(time.start().as_micros())
    .fetch_optional(c)
    .await)?)
}

/// What the ledger of a volunteer comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct Balance {
    pub(crate) volunteer: String,
    /// Shifts served, and of those with a confirmed entry.
    pub(crate) shifts: i64,
    pub(crate) confirmed_shifts: i64,
    pub(crate) minutes: i64,
    pub(crate) night_minutes: i64,
    pub(crate) credited: i64,
    pub(crate) confirmed: i64,
    /// When what counts began and ended; and of what is confirmed.
    pub(crate) first: Option<i64>,
    pub(crate) last: Option<i64>,
    pub(crate) confirmed_first: Option<i64>,
    pub(crate) confirmed_last: Option<i64>,
}

impl From<Balance> for pb::HoursBalance {
    fn from(balance: Balance) -> Self {
        Self {
            volunteer: balance.volunteer,
            shifts: i32::try_from(balance.shifts).unwrap_or(i32::MAX),
            minutes: balance.minutes,
            night_minutes: balance.night_minutes,
            credited_minutes: balance.credited,
            confirmed_minutes: balance.confirmed,
            first_time: balance.first.map(micros_to_timestamp),
            last_time: balance.last.map(micros_to_timestamp),
        }
    }
}

/// What counts: entries that neither take back nor were taken back. Sums run over all entries, so that a counter-entry
/// shows in them.
fn sums(condition: &str) -> String {
    const COUNTS: &str = "countered = 0 AND counters = ''";
    let if_counts = |what: &str| format!("CASE WHEN {COUNTS} THEN {what} END");
    let if_confirmed = |what: &str| format!("CASE WHEN {COUNTS} AND confirmed IS NOT NULL THEN {what} END");
    let shift = "NULLIF(shift, '')";
    format!(
        "SELECT volunteer, COUNT(DISTINCT {}) AS shifts, COUNT(DISTINCT {}) AS confirmed_shifts, \
         CAST(SUM(minutes) AS BIGINT) AS minutes, CAST(SUM(night_minutes) AS BIGINT) AS night_minutes, \
         CAST(SUM(credited) AS BIGINT) AS credited, \
         CAST(SUM(CASE WHEN confirmed IS NOT NULL THEN credited ELSE 0 END) AS BIGINT) AS confirmed, \
         MIN({}) AS first, MAX({}) AS last, MIN({}) AS confirmed_first, MAX({}) AS confirmed_last \
         FROM hours WHERE {condition} GROUP BY volunteer",
        if_counts(shift),
        if_confirmed(shift),
        if_counts("starts"),
        if_counts("ends"),
        if_confirmed("starts"),
        if_confirmed("ends"),
    )
}

/// A page of balances of a tournament, by volunteer.
pub(crate) async fn balances(
    conn: &mut Conn,
    tournament: &str,
    after: Option<&str>,
    size: PageSize,
) -> Result<Page<Balance>, StoreError> {
    static SQL: LazyLock<String> =
        LazyLock::new(|| sums("volunteer > $1 AND volunteer < $2") + " ORDER BY volunteer LIMIT $3");
    let (first, until) = (format!("{tournament}/"), format!("{tournament}0"));
    let after = after.filter(|key| key.starts_with(&first)).unwrap_or(&first);
    let rows: Vec<Balance> = on_db!(conn, |c| sqlx::query_as(&SQL)
        .bind(after)
        .bind(&until)
        .bind(i64::from(size.get()) + 1)
        .fetch_all(c)
        .await)?;
    Ok(Page::cut(rows, size, |row| row.volunteer.clone()))
}

/// The balance of a volunteer.
pub(crate) async fn balance(conn: &mut Conn, volunteer: &str) -> Result<Balance, StoreError> {
    static SQL: LazyLock<String> = LazyLock::new(|| sums("volunteer = $1"));
    let balance: Option<Balance> =
        on_db!(conn, |c| sqlx::query_as(&SQL).bind(volunteer).fetch_optional(c).await)?;
    Ok(balance.unwrap_or_else(|| Balance { volunteer: volunteer.to_owned(), ..Balance::default() }))
}

/// The rule of nights of a tournament, and where it comes from: empty while nobody has set one.
pub(crate) async fn night_rule(conn: &mut Conn, tournament: &str) -> Result<(NightRule, String), StoreError> {
    let row: Option<(i32, i32, i32, String)> = on_db!(conn, |c| sqlx::query_as(
        "SELECT night_start, night_end, percent, source FROM hours_rules WHERE tournament = $1"
    )
    .bind(tournament)
    .fetch_optional(c)
    .await)?;
    let Some((start, end, percent, source)) = row else {
        return Ok((NightRule::ASSUMED, String::new()));
    };
    let time = |minute: i32| {
        let (hour, minute) = (i8::try_from(minute / 60), i8::try_from(minute % 60));
        let parts = hour.ok().zip(minute.ok());
        let time = parts.and_then(|(hour, minute)| Time::new(hour, minute, 0, 0).ok());
        time.ok_or_else(|| Common::internal(format!("rules of hours of {tournament}: no time of the day")))
    };
    Ok((NightRule { start: time(start)?, end: time(end)?, percent }, source))
}

/// Sets the rule of nights of a tournament.
pub(crate) async fn set_night_rule(
    tx: &mut Tx,
    tournament: &str,
    rule: NightRule,
    source: &str,
) -> Result<(), StoreError> {
    let minute = |time: Time| i32::from(time.hour()) * 60 + i32::from(time.minute());
    on_db!(tx, |c| {
        sqlx::query(
        "INSERT INTO hours_rules (tournament, night_start, night_end, percent, source) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tournament) DO UPDATE SET night_start = excluded.night_start, \
         night_end = excluded.night_end, percent = excluded.percent, source = excluded.source"
    )
    .bind(tournament)
    .bind(minute(rule.start))
    .bind(minute(rule.end))
    .bind(rule.percent)
    .bind(source)
    .execute(c)
    .await
    .map(drop)
    })?;
    Ok(())
}
