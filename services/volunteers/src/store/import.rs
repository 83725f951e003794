//! Many groups and volunteers in few statements.

use std::{collections::BTreeMap, sync::LazyLock};

use matchday_store::{Conn, Record, StoreError, Tx, on_db};

use super::volunteers::{GroupRow, VolunteerRow};

/// Rows of one statement; `SQLite` takes 32,766 values in one.
const ROWS: usize = 500;

/// Which of these volunteers exist, with their groups. Where a tournament has none, nothing is asked for.
pub(crate) async fn existing_volunteers(
    conn: &mut Conn,
    tournament: &str,
    names: &[&str],
) -> Result<BTreeMap<String, String>, StoreError> {
    existing(conn, tournament, names, "volunteers", "group_name").await
}

/// Which of these groups exist, with their leaders.
pub(crate) async fn existing_groups(
    conn: &mut Conn,
    tournament: &str,
    names: &[&str],
) -> Result<BTreeMap<String, String>, StoreError> {
    existing(conn, tournament, names, "groups", "leader").await
}

async fn existing(
    conn: &mut Conn,
    tournament: &str,
    names: &[&str],
    table: &'static str,
    column: &'static str,
) -> Result<BTreeMap<String, String>, StoreError> {
    let any = format!("SELECT name FROM {table} WHERE name > $1 AND name < $2 LIMIT 1");
    let any: Option<String> = on_db!(conn, |c| sqlx::query_scalar(&any)
        .bind(format!("{tournament}/"))
        .bind(format!("{tournament}0"))
        .fetch_optional(c)
        .await)?;
    let mut found = BTreeMap::new();
    if any.is_none() {
        return Ok(found);
    }
    for names in names.chunks(ROWS) {
        let rows: Vec<(String, String)> = on_db!(conn, |c| {
            let mut query =
                sqlx::QueryBuilder::new(format!("SELECT name, {column} FROM {table} WHERE name IN ("));
            let mut list = query.separated(", ");
            for name in names {
                list.push_bind(*name);
            }
            query.push(")");
            query.build_query_as().fetch_all(c).await
        })?;
        found.extend(rows);
    }
    Ok(found)
}

/// Writes new groups.
pub(crate) async fn insert_groups(tx: &mut Tx, mut groups: Vec<GroupRow>) -> Result<(), StoreError> {
    static SQL: LazyLock<String> =
        LazyLock::new(|| format!("INSERT INTO groups ({}) ", GroupRow::sql().columns));
    let now = tx.now().as_micros();
    for row in &mut groups {
        row.stamp(now);
    }
    for rows in groups.chunks(ROWS) {
        on_db!(tx, |c| {
            let mut query = sqlx::QueryBuilder::new(SQL.as_str());
            query.push_values(rows, |mut values, row| {
                values.push_bind(&row.name).push_bind(&row.display_name).push_bind(&row.leader);
                values.push_bind(&row.source).push_bind(&row.generated);
                values.push_bind(row.revision).push_bind(row.created).push_bind(row.updated);
            });
            query.build().execute(c).await.map(drop)
        })?;
    }
    Ok(())
}

/// Writes new volunteers.
pub(crate) async fn insert_volunteers(
    tx: &mut Tx,
    mut volunteers: Vec<VolunteerRow>,
) -> Result<(), StoreError> {
    static SQL: LazyLock<String> =
        LazyLock::new(|| format!("INSERT INTO volunteers ({}) ", VolunteerRow::sql().columns));
    let now = tx.now().as_micros();
    for row in &mut volunteers {
        row.stamp(now);
    }
    for rows in volunteers.chunks(ROWS) {
        on_db!(tx, |c| {
            let mut query = sqlx::QueryBuilder::new(SQL.as_str());
            query.push_values(rows, |mut values, row| {
                values.push_bind(&row.name).push_bind(&row.display_name).push_bind(&row.group_name);
                values.push_bind(&row.skills).push_bind(&row.languages).push_bind(&row.availability);
                values.push_bind(&row.source).push_bind(&row.generated).push_bind(&row.learned);
                values.push_bind(row.revision).push_bind(row.created).push_bind(row.updated);
            });
            query.build().execute(c).await.map(drop)
        })?;
    }
    Ok(())
}
