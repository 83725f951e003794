//! Volunteers who were erased: their names stay taken, because assignments and hours still bear them.

use matchday_store::{Conn, Record, StoreError, Tx, on_db};

use super::broadcasts::BroadcastRow;

/// Names of one statement.
const NAMES: usize = 500;

/// The first of these volunteers who was erased.
pub(crate) async fn any(conn: &mut Conn, names: &[&str]) -> Result<Option<String>, StoreError> {
    let some: Option<String> =
        on_db!(conn, |c| sqlx::query_scalar("SELECT volunteer FROM erasures LIMIT 1")
            .fetch_optional(c)
            .await)?;
    if some.is_none() {
        return Ok(None);
    }
    for names in names.chunks(NAMES) {
        if let Some(first) = among(conn, names).await?.into_iter().next() {
            return Ok(Some(first));
        }
    }
    Ok(None)
}

/// Which of at most 500 volunteers were erased, by name.
pub(crate) async fn among(conn: &mut Conn, names: &[&str]) -> Result<Vec<String>, StoreError> {
    Ok(on_db!(conn, |c| {
        let mut query = sqlx::QueryBuilder::new("SELECT volunteer FROM erasures WHERE volunteer IN (");
        let mut list = query.separated(", ");
        for name in names {
            list.push_bind(*name);
        }
        query.push(") ORDER BY volunteer");
        query.build_query_scalar().fetch_all(c).await
    })?)
}

/// Erases a volunteer: the row goes, and with it the person's calendar, the leading of a group, every free text of what
/// the person was assigned to, has served and was attested, and of messages where they went and what they said. Those
/// that have not gone are taken back.
pub(crate) async fn erase(tx: &mut Tx, volunteer: &str) -> Result<(), StoreError> {
    const STATEMENTS: [&str; 9] = [
        "DELETE FROM volunteers WHERE name = $1",
        "DELETE FROM calendar_links WHERE volunteer = $1",
        "DELETE FROM waitlist WHERE volunteer = $1",
        "UPDATE assignments SET reason = '' WHERE volunteer = $1 AND reason <> ''",
        "UPDATE hours SET reason = '' WHERE volunteer = $1 AND reason <> ''",
        "UPDATE certificates SET reason = '' WHERE volunteer = $1 AND reason <> ''",
        "UPDATE messages SET state = 6, due = NULL, revision = revision + 1 WHERE volunteer = $1 AND state = 1",
        "UPDATE messages SET address = '', subject = '', body = '', recalled = 1, revision = revision + 1 \
         WHERE volunteer = $1",
        "UPDATE groups SET leader = '', revision = revision + 1 WHERE leader = $1",
    ];
    for statement in STATEMENTS {
        on_db!(tx, |c| sqlx::query(statement).bind(volunteer).execute(c).await.map(drop))?;
    }
    let now = tx.now().as_micros();
    on_db!(tx, |c| sqlx::query("INSERT INTO erasures (volunteer, erased) VALUES ($1, $2)")
        .bind(volunteer)
        .bind(now)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// The broadcasts that have something for a volunteer, by name.
pub(crate) async fn broadcasts(conn: &mut Conn, volunteer: &str) -> Result<Vec<BroadcastRow>, StoreError> {
    let names: Vec<String> = on_db!(conn, |c| sqlx::query_scalar(
        "SELECT DISTINCT broadcast FROM messages WHERE volunteer = $1 ORDER BY broadcast"
    )
    .bind(volunteer)
    .fetch_all(c)
    .await)?;
    let mut rows = Vec::with_capacity(names.len());
    for name in names {
        rows.push(BroadcastRow::get(conn, &name).await?);
    }
    Ok(rows)
}

/// Names of the assignments of a volunteer.
pub(crate) async fn assignments(conn: &mut Conn, volunteer: &str) -> Result<Vec<String>, StoreError> {
    Ok(on_db!(conn, |c| sqlx::query_scalar(
        "SELECT name FROM assignments WHERE volunteer = $1 ORDER BY name"
    )
    .bind(volunteer)
    .fetch_all(c)
    .await)?)
}
