//! Breaks, meals and equipment of people on duty.

use std::collections::{BTreeMap, BTreeSet};

use matchday_api::volunteers::v1 as pb;
use matchday_kernel::{Common, Instant, civil::Date};
use matchday_store::{Conn, StoreError, Tx, on_db};
use prost::Message;

use crate::domain::care::Breaks;

/// Rows of a tournament that are read at most.
const MOST: i64 = 10_000;

/// The rules of a tournament as somebody has set them; `None` before.
pub(crate) async fn rules(conn: &mut Conn, tournament: &str) -> Result<Option<pb::DutyRules>, StoreError> {
    let body: Option<Vec<u8>> =
        on_db!(conn, |c| sqlx::query_scalar("SELECT body FROM duty_rules WHERE tournament = $1")
            .bind(tournament)
            .fetch_optional(c)
            .await)?;
    Ok(body.map(|body| pb::DutyRules::decode(body.as_slice())).transpose().map_err(Common::internal)?)
}

/// Sets the rules of a tournament.
pub(crate) async fn set_rules(
    tx: &mut Tx,
    tournament: &str,
    rules: &pb::DutyRules,
) -> Result<(), StoreError> {
    let body = rules.encode_to_vec();
    on_db!(tx, |c| sqlx::query(
        "INSERT INTO duty_rules (tournament, body) VALUES ($1, $2) \
         ON CONFLICT (tournament) DO UPDATE SET body = excluded.body"
    )
    .bind(tournament)
    .bind(&body)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// The breaks on assignments of an ancestor, by assignment.
pub(crate) async fn breaks(conn: &mut Conn, ancestor: &str) -> Result<BTreeMap<String, Breaks>, StoreError> {
    let rows: Vec<(String, i64, Option<i64>)> = on_db!(conn, |c| sqlx::query_as(
        "SELECT assignment, starts, ends FROM duty_breaks WHERE assignment > $1 AND assignment < $2 \
         ORDER BY assignment, starts"
    )
    .bind(format!("{ancestor}/"))
    .bind(format!("{ancestor}0"))
    .fetch_all(c)
    .await)?;
    let instant = |micros| Instant::from_micros(micros).map_err(Common::internal);
    let mut breaks: BTreeMap<String, Breaks> = BTreeMap::new();
    for (assignment, starts, ends) in rows {
        let known = breaks.entry(assignment).or_default();
        match ends {
            Some(ends) => known.last = Some(instant(ends)?),
            None => known.since = Some(instant(starts)?),
        }
    }
    Ok(breaks)
}

/// Begins a break on an assignment.
pub(crate) async fn begin_break(tx: &mut Tx, assignment: &str) -> Result<(), StoreError> {
    let now = tx.now().as_micros();
    on_db!(tx, |c| sqlx::query(
        "INSERT INTO duty_breaks (assignment, starts) VALUES ($1, $2) \
         ON CONFLICT (assignment, starts) DO UPDATE SET ends = NULL"
    )
    .bind(assignment)
    .bind(now)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Ends the break that goes on on an assignment.
pub(crate) async fn end_break(tx: &mut Tx, assignment: &str) -> Result<(), StoreError> {
    let now = tx.now().as_micros();
    on_db!(tx, |c| sqlx::query("UPDATE duty_breaks SET ends = $2 WHERE assignment = $1 AND ends IS NULL")
        .bind(assignment)
        .bind(now)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// The meals given on a day of a tournament: volunteer and meal.
pub(crate) async fn meals(
    conn: &mut Conn,
    tournament: &str,
    day: Date,
) -> Result<BTreeSet<(String, String)>, StoreError> {
    let rows: Vec<(String, String)> = on_db!(conn, |c| sqlx::query_as(
        "SELECT volunteer, meal FROM duty_meals WHERE volunteer > $1 AND volunteer < $2 AND day = $3"
    )
    .bind(format!("{tournament}/"))
    .bind(format!("{tournament}0"))
    .bind(day.to_string())
    .fetch_all(c)
    .await)?;
    Ok(rows.into_iter().collect())
}

/// Gives a meal; says whether the person had not had it.
pub(crate) async fn give_meal(
    tx: &mut Tx,
    (volunteer, assignment): (&str, &str),
    day: Date,
    meal: &str,
) -> Result<bool, StoreError> {
    let now = tx.now().as_micros();
    let given: u64 = on_db!(tx, |c| sqlx::query(
        "INSERT INTO duty_meals (volunteer, day, meal, assignment, given) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (volunteer, day, meal) DO NOTHING"
    )
    .bind(volunteer)
    .bind(day.to_string())
    .bind(meal)
    .bind(assignment)
    .bind(now)
    .execute(c)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(given > 0)
}

/// The items of a tournament that are out: item, assignment, and since when in microseconds; the longest first.
pub(crate) async fn equipment(
    conn: &mut Conn,
    tournament: &str,
) -> Result<Vec<(String, String, i64)>, StoreError> {
    Ok(on_db!(conn, |c| sqlx::query_as(
        "SELECT item, assignment, issued FROM duty_equipment WHERE tournament = $1 AND returned IS NULL \
         ORDER BY issued, item LIMIT $2"
    )
    .bind(tournament)
    .bind(MOST)
    .fetch_all(c)
    .await)?)
}

/// Who has an item: the assignment, and since when in microseconds.
pub(crate) async fn holder(
    conn: &mut Conn,
    tournament: &str,
    item: &str,
) -> Result<Option<(String, i64)>, StoreError> {
    Ok(on_db!(conn, |c| {
        sqlx::query_as(
        "SELECT assignment, issued FROM duty_equipment WHERE tournament = $1 AND item = $2 AND returned IS NULL"
    )
    .bind(tournament)
    .bind(item)
    .fetch_optional(c)
    .await
    })?)
}

/// Hands an item out that nobody has.
pub(crate) async fn issue(
    tx: &mut Tx,
    tournament: &str,
    item: &str,
    assignment: &str,
) -> Result<(), StoreError> {
    let now = tx.now().as_micros();
    on_db!(tx, |c| {
        sqlx::query(
            "INSERT INTO duty_equipment (tournament, item, assignment, issued) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (tournament, item, issued) DO UPDATE SET assignment = excluded.assignment, returned = NULL",
        )
        .bind(tournament)
        .bind(item)
        .bind(assignment)
        .bind(now)
        .execute(c)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// Takes an item back.
pub(crate) async fn take_back(tx: &mut Tx, tournament: &str, item: &str) -> Result<(), StoreError> {
    let now = tx.now().as_micros();
    on_db!(tx, |c| sqlx::query(
        "UPDATE duty_equipment SET returned = $3 WHERE tournament = $1 AND item = $2 AND returned IS NULL"
    )
    .bind(tournament)
    .bind(item)
    .bind(now)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}
