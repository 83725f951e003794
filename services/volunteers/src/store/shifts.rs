//! Shifts as rows, and the queries the rules need.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use matchday_api::volunteers::v1 as pb;
use matchday_kernel::{Common, Instant, Interval, Page, PageSize, TimeKey};
use matchday_rpc::parse::micros_to_timestamp;
use matchday_store::{Conn, Record, StoreError, Tx, on_db, table};

use super::words;
use crate::domain::{
    alerts::{Alert, Alerts},
    shift::{Seats, Shift},
};

/// Alerts shown of a shift.
const MOST_ALERTS: usize = 10;
/// Names shown in an alert. An event holds a shift twice at most, and no more than a MiB.
const MOST_NAMES: usize = 50;
/// Names that are asked for in one statement.
const NAMES: usize = 64;
/// Rows of one statement that writes many; `SQLite` takes 32,766 values in one.
const ROWS: usize = 500;

table! {
    /// A shift as stored; instants in microseconds.
    pub(crate) struct ShiftRow in "shifts" {
        tournament: String,
        title: String,
        occasion: String,
        post: String,
        place: String,
        starts: i64,
        ends: i64,
        planned_starts: i64,
        planned_ends: i64,
        headcount: i32,
        unit: String,
        reported: Option<i32>,
        skills: String,
        languages: String,
        state: i32,
        taken: i32,
        accepted: i32,
        signed_in: i32,
        broken: i32,
        alerts: String,
        plan: String,
        reserve: i32,
    }
}

/// Which shifts a list holds.
#[derive(Debug)]
pub(crate) struct Filter {
    /// Name of the tournament.
    pub(crate) tournament: String,
    /// Only those that end after this.
    pub(crate) from: Option<Instant>,
    /// Only those that start before this.
    pub(crate) until: Option<Instant>,
    /// Only those of this activity or session; empty means all.
    pub(crate) occasion: String,
    /// Cancelled ones, too.
    pub(crate) show_cancelled: bool,
}

impl ShiftRow {
    /// When it takes place.
    pub(crate) fn time(&self) -> Result<Interval, StoreError> {
        let problem =
            |problem: &dyn std::fmt::Display| Common::internal(format!("shift {}: {problem}", self.name));
        let instant = |micros| Instant::from_micros(micros).map_err(|error| problem(&error));
        Ok(Interval::new(instant(self.starts)?, instant(self.ends)?).map_err(|error| problem(&error))?)
    }

    /// The shift as the rules see it.
    pub(crate) fn shift(&self) -> Result<Shift, StoreError> {
        Ok(Shift {
            name: self.name.clone(),
            time: self.time()?,
            headcount: self.headcount,
            unit: self.unit.clone(),
            skills: words(&self.skills),
            languages: words(&self.languages),
            is_cancelled: self.is_cancelled(),
            seats: self.seats(),
            is_reserve: self.reserve != 0,
        })
    }

    /// Whether it does not take place.
    pub(crate) fn is_cancelled(&self) -> bool {
        self.state == i32::from(pb::ShiftState::Cancelled)
    }

    /// Who holds its seats.
    pub(crate) fn seats(&self) -> Seats {
        let &Self { taken, accepted, signed_in, broken, .. } = self;
        Seats { taken, accepted, signed_in, broken }
    }

    /// Takes over who holds its seats.
    pub(crate) fn set_seats(&mut self, seats: Seats) {
        (self.taken, self.accepted) = (seats.taken, seats.accepted);
        (self.signed_in, self.broken) = (seats.signed_in, seats.broken);
    }

    /// The key a page of shifts ends with.
    fn page_key(&self) -> String {
        TimeKey { micros: self.starts, name: &self.name }.to_string()
    }
}

impl From<ShiftRow> for pb::Shift {
    fn from(row: ShiftRow) -> Self {
        let open = if row.unit.is_empty() { (row.headcount - row.taken).max(0) } else { 0 };
        Self {
            etag: row.etag(),
            revision: row.revision,
            start_time: Some(micros_to_timestamp(row.starts)),
            end_time: Some(micros_to_timestamp(row.ends)),
            planned_start_time: Some(micros_to_timestamp(row.planned_starts)),
            planned_end_time: Some(micros_to_timestamp(row.planned_ends)),
            skills: words(&row.skills),
            languages: words(&row.languages),
            to_be_replaced: row.broken.min(open),
            alerts: Alerts::read(&row.alerts).iter().take(MOST_ALERTS).map(alert).collect(),
            name: row.name,
            title: row.title,
            occasion: row.occasion,
            post: row.post,
            place: row.place,
            headcount: row.headcount,
            unit: row.unit,
            reported: row.reported,
            state: row.state,
            taken: row.taken,
            accepted: row.accepted,
            signed_in: row.signed_in,
            plan: row.plan,
            reserve: row.reserve != 0,
        }
    }
}

fn alert(alert: &Alert) -> pb::ShiftAlert {
    let Alert { code, volunteers, description } = alert;
    let more = volunteers.len().saturating_sub(MOST_NAMES);
    let and_more = if more > 0 { format!(" (and {more} more volunteers)") } else { String::new() };
    pb::ShiftAlert {
        code: code.clone(),
        volunteers: volunteers.iter().take(MOST_NAMES).cloned().collect(),
        description: format!("{description}{and_more}"),
    }
}

fn select(condition: &str) -> String {
    format!("SELECT {} FROM shifts WHERE {condition}", ShiftRow::sql().columns)
}

/// The shifts of these activities and sessions, cancelled ones included, by activity or session.
pub(crate) async fn of_occasions(
    conn: &mut Conn,
    occasions: &[&str],
) -> Result<BTreeMap<String, Vec<ShiftRow>>, StoreError> {
    static SQL: LazyLock<[(usize, String); 2]> = LazyLock::new(|| {
        [4, NAMES].map(|count| {
            let names: Vec<String> = (1..=count).map(|number| format!("${number}")).collect();
            (count, select(&format!("occasion IN ({}) ORDER BY name", names.join(", "))))
        })
    });
    let mut found: BTreeMap<String, Vec<ShiftRow>> = BTreeMap::new();
    for occasions in occasions.chunks(NAMES) {
        let [few, many] = &*SQL;
        let (count, sql) = if occasions.len() <= few.0 { few } else { many };
        let rows: Vec<ShiftRow> = on_db!(conn, |c| {
            let mut query = sqlx::query_as(sql);
            // one text for any number: the first is asked for again
            for occasion in occasions.iter().chain(std::iter::repeat(&occasions[0])).take(*count) {
                query = query.bind(*occasion);
            }
            query.fetch_all(c).await
        })?;
        for row in rows {
            found.entry(row.occasion.clone()).or_default().push(row);
        }
    }
    Ok(found)
}

/// The names of all shifts of a tournament.
pub(crate) async fn names(conn: &mut Conn, tournament: &str) -> Result<BTreeSet<String>, StoreError> {
    let names: Vec<String> =
        on_db!(conn, |c| sqlx::query_scalar("SELECT name FROM shifts WHERE tournament = $1")
            .bind(tournament)
            .fetch_all(c)
            .await)?;
    Ok(names.into_iter().collect())
}

/// Writes new rows that are stamped already.
pub(crate) async fn insert_all(tx: &mut Tx, rows: &[ShiftRow]) -> Result<(), StoreError> {
    static SQL: LazyLock<String> =
        LazyLock::new(|| format!("INSERT INTO shifts ({}) ", ShiftRow::sql().columns));
    for rows in rows.chunks(ROWS) {
        on_db!(tx, |c| {
            let mut query = sqlx::QueryBuilder::new(SQL.as_str());
            query.push_values(rows, |mut values, row| {
                values.push_bind(&row.name).push_bind(&row.tournament).push_bind(&row.title);
                values.push_bind(&row.occasion).push_bind(&row.post).push_bind(&row.place);
                values.push_bind(row.starts).push_bind(row.ends);
                values.push_bind(row.planned_starts).push_bind(row.planned_ends);
                values.push_bind(row.headcount).push_bind(&row.unit).push_bind(row.reported);
                values.push_bind(&row.skills).push_bind(&row.languages).push_bind(row.state);
                values
                    .push_bind(row.taken)
                    .push_bind(row.accepted)
                    .push_bind(row.signed_in)
                    .push_bind(row.broken);
                values.push_bind(&row.alerts).push_bind(&row.plan).push_bind(row.reserve);
                values.push_bind(row.revision).push_bind(row.created).push_bind(row.updated);
            });
            query.build().execute(c).await.map(drop)
        })?;
    }
    Ok(())
}

/// Shifts by their names, in no order.
pub(crate) async fn named(conn: &mut Conn, names: &[&str]) -> Result<Vec<ShiftRow>, StoreError> {
    let mut rows = Vec::with_capacity(names.len());
    for names in names.chunks(NAMES) {
        rows.extend(ShiftRow::find_all(conn, names).await?);
    }
    Ok(rows)
}

/// Planned shifts of volunteers with open seats that end after `after` and start before `until`, by start, at most
/// so many.
pub(crate) async fn open(
    conn: &mut Conn,
    tournament: &str,
    after: Instant,
    until: Option<Instant>,
    most: i64,
) -> Result<Vec<ShiftRow>, StoreError> {
    static SQL: LazyLock<String> = LazyLock::new(|| {
        select(
            "tournament = $1 AND state = 1 AND unit = '' AND taken < headcount AND ends > $2 AND starts < $3 \
             ORDER BY starts, name LIMIT $4",
        )
    });
    Ok(on_db!(conn, |c| sqlx::query_as(&SQL)
        .bind(tournament)
        .bind(after.as_micros())
        .bind(until.map_or(i64::MAX, Instant::as_micros))
        .bind(most)
        .fetch_all(c)
        .await)?)
}

/// Names of the planned shifts of a tournament that are a reserve, and share time with an interval.
pub(crate) async fn reserves(
    conn: &mut Conn,
    tournament: &str,
    time: &Interval,
) -> Result<BTreeSet<String>, StoreError> {
    let names: Vec<String> = on_db!(conn, |c| sqlx::query_scalar(
        "SELECT name FROM shifts \
         WHERE tournament = $1 AND state = 1 AND reserve = 1 AND ends > $2 AND starts < $3"
    )
    .bind(tournament)
    .bind(time.start().as_micros())
    .bind(time.end().as_micros())
    .fetch_all(c)
    .await)?;
    Ok(names.into_iter().collect())
}

/// Planned shifts that volunteers hold and that share time with an interval, by start.
pub(crate) async fn of_volunteers(
    conn: &mut Conn,
    tournament: &str,
    from: Instant,
    until: Instant,
) -> Result<Vec<ShiftRow>, StoreError> {
    static SQL: LazyLock<String> = LazyLock::new(|| {
        select(
            "tournament = $1 AND state = 1 AND unit = '' AND ends > $2 AND starts < $3 ORDER BY starts, name",
        )
    });
    Ok(on_db!(conn, |c| sqlx::query_as(&SQL)
        .bind(tournament)
        .bind(from.as_micros())
        .bind(until.as_micros())
        .fetch_all(c)
        .await)?)
}

/// How many shifts of a tournament take place.
pub(crate) async fn count(conn: &mut Conn, tournament: &str) -> Result<i64, StoreError> {
    Ok(on_db!(conn, |c| sqlx::query_scalar(
        "SELECT COUNT(*) FROM shifts WHERE tournament = $1 AND state = 1"
    )
    .bind(tournament)
    .fetch_one(c)
    .await)?)
}

/// A page of shifts by start.
pub(crate) async fn page(
    conn: &mut Conn,
    filter: &Filter,
    after: Option<&str>,
    size: PageSize,
) -> Result<Page<ShiftRow>, StoreError> {
    static SQL: LazyLock<String> = LazyLock::new(|| {
        select(
            "tournament = $1 AND ends > $2 AND starts < $3 AND ($4 = '' OR occasion = $4) AND state <= $5 \
             AND (starts, name) > ($6, $7) ORDER BY starts, name LIMIT $8",
        )
    });
    let TimeKey { micros, name } = TimeKey::after(after);
    let last_state = if filter.show_cancelled { pb::ShiftState::Cancelled } else { pb::ShiftState::Planned };
    let rows: Vec<ShiftRow> = on_db!(conn, |c| sqlx::query_as(&SQL)
        .bind(&filter.tournament)
        .bind(filter.from.map_or(i64::MIN, Instant::as_micros))
        .bind(filter.until.map_or(i64::MAX, Instant::as_micros))
        .bind(&filter.occasion)
        .bind(i32::from(last_state))
        .bind(micros)
        .bind(name)
        .bind(i64::from(size.get()) + 1)
        .fetch_all(c)
        .await)?;
    Ok(Page::cut(rows, size, ShiftRow::page_key))
}
