//! Service plans as rows, and the classes they are for.

use std::{collections::BTreeSet, sync::LazyLock};

use matchday_api::scheduling::v1 as pb;
use matchday_kernel::{Page, PageSize};
use matchday_rpc::parse::micros_to_timestamp;
use matchday_store::{Conn, StoreError, on_db, table};
use prost::Message;

table! {
    /// A service plan as stored.
    pub(crate) struct PlanRow in "plans" {
        tournament: String,
        number: i64,
        author: String,
        body: Vec<u8>,
    }
}

impl PlanRow {
    /// The plan of the row.
    pub(crate) fn plan(&self) -> Result<pb::ServicePlan, StoreError> {
        let body = pb::ServicePlan::decode(self.body.as_slice()).map_err(StoreError::internal)?;
        Ok(pb::ServicePlan {
            name: self.name.clone(),
            author: self.author.clone(),
            create_time: Some(micros_to_timestamp(self.created)),
            ..body
        })
    }
}

fn select(condition: &str) -> String {
    format!("SELECT {} FROM plans WHERE {condition}", PlanRow::sql().columns)
}

/// The plan in force of a tournament: the one with the highest number.
pub(crate) async fn in_force(conn: &mut Conn, tournament: &str) -> Result<Option<PlanRow>, StoreError> {
    static SQL: LazyLock<String> = LazyLock::new(|| select("tournament = $1 ORDER BY number DESC LIMIT 1"));
    Ok(on_db!(conn, |c| sqlx::query_as(&SQL).bind(tournament).fetch_optional(c).await)?)
}

/// A page of a tournament's plans, the latest first.
pub(crate) async fn page(
    conn: &mut Conn,
    tournament: &str,
    after: Option<&str>,
    size: PageSize,
) -> Result<Page<PlanRow>, StoreError> {
    static SQL: LazyLock<String> =
        LazyLock::new(|| select("tournament = $1 AND number < $2 ORDER BY number DESC LIMIT $3"));
    let before: i64 = after.and_then(|key| key.parse().ok()).unwrap_or(i64::MAX);
    let rows: Vec<PlanRow> = on_db!(conn, |c| sqlx::query_as(&SQL)
        .bind(tournament)
        .bind(before)
        .bind(i64::from(size.get()) + 1)
        .fetch_all(c)
        .await)?;
    Ok(Page::cut(rows, size, |row| row.number.to_string()))
}

/// The classes that a tournament's activities and sessions have.
pub(crate) async fn classes(
    conn: &mut Conn,
    tournament: &str,
) -> Result<BTreeSet<(pb::PlanSubject, String)>, StoreError> {
    let rows: Vec<(i32, String)> = on_db!(conn, |c| sqlx::query_as(
        "SELECT DISTINCT 1, service_class FROM activities \
         WHERE name > $1 AND name < $2 AND service_class <> '' \
         UNION SELECT DISTINCT 2, service_class FROM sessions \
         WHERE name > $1 AND name < $2 AND service_class <> ''"
    )
    .bind(format!("{tournament}/"))
    .bind(format!("{tournament}0"))
    .fetch_all(c)
    .await)?;
    let subject = |number: i32| pb::PlanSubject::try_from(number).unwrap_or_default();
    Ok(rows.into_iter().map(|(number, id)| (subject(number), id)).collect())
}
