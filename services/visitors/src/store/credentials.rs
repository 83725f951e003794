//! Credentials as rows; a quarter of a million of them at once.

use matchday_api::visitors::v1 as pb;
use matchday_rpc::parse::to_provenance;
use matchday_store::{Conn, Record, StoreError, Tx, on_db, table};
use sqlx::QueryBuilder;

use super::words;

/// Rows of one statement: eleven values each are far below the 32,766 that `SQLite` takes. Only statements of this
/// size are kept prepared: what is left over at the end has another size each time.
const ROWS: usize = 500;

table! {
    /// A credential as stored; sessions and zones are names separated by spaces.
    pub(crate) struct CredentialRow in "credentials" {
        kind: i32,
        sessions: String,
        zones: String,
        state: i32,
        entries: i32,
        source: String,
        generated: String,
    }
}

impl From<CredentialRow> for pb::Credential {
    fn from(row: CredentialRow) -> Self {
        Self {
            etag: row.etag(),
            name: row.name,
            kind: row.kind,
            sessions: words(&row.sessions),
            zones: words(&row.zones),
            state: row.state,
            entries: row.entries,
            provenance: Some(to_provenance(row.source, &row.generated)),
        }
    }
}

/// Which of these rows exist already, by name; at most `most` of them. The rows are sorted by name.
pub(crate) async fn existing(
    conn: &mut Conn,
    rows: &[CredentialRow],
    most: usize,
) -> Result<Vec<String>, StoreError> {
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
        return Ok(Vec::new());
    };
    // one look spares five hundred when there is nothing between the first and the last
    let nearby: Option<i32> = on_db!(conn, |c| sqlx::query_scalar(
        "SELECT 1 FROM credentials WHERE name >= $1 AND name <= $2 LIMIT 1"
    )
    .bind(&first.name)
    .bind(&last.name)
    .fetch_optional(c)
    .await)?;
    let mut found = Vec::new();
    if nearby.is_none() {
        return Ok(found);
    }
    for chunk in rows.chunks(ROWS) {
        let names: Vec<String> = on_db!(conn, |c| {
            let mut query = QueryBuilder::new("SELECT name FROM credentials WHERE name IN (");
            let mut names = query.separated(", ");
            for row in chunk {
                names.push_bind(&row.name);
            }
            query.push(") ORDER BY name");
            query.build_query_scalar().persistent(chunk.len() == ROWS).fetch_all(c).await
        })?;
        found.extend(names);
        if found.len() >= most {
            found.truncate(most);
            break;
        }
    }
    Ok(found)
}

/// Writes new rows.
pub(crate) async fn insert(tx: &mut Tx, rows: &mut [CredentialRow]) -> Result<(), StoreError> {
    let now = tx.now().as_micros();
    for chunk in rows.chunks_mut(ROWS) {
        for row in &mut *chunk {
            row.stamp(now);
        }
        on_db!(tx, |c| {
            let columns = &CredentialRow::sql().columns;
            let mut query = QueryBuilder::new(format!("INSERT INTO credentials ({columns}) "));
            query.push_values(&*chunk, |mut values, row| {
                values
                    .push_bind(&row.name)
                    .push_bind(row.kind)
                    .push_bind(&row.sessions)
                    .push_bind(&row.zones)
                    .push_bind(row.state)
                    .push_bind(row.entries)
                    .push_bind(&row.source)
                    .push_bind(&row.generated)
                    .push_bind(row.revision)
                    .push_bind(row.created)
                    .push_bind(row.updated);
            });
            query.build().persistent(chunk.len() == ROWS).execute(c).await.map(drop)
        })?;
    }
    Ok(())
}

/// Names of the sessions of a tournament that scheduling has told of.
pub(crate) async fn known_sessions(conn: &mut Conn, tournament: &str) -> Result<Vec<String>, StoreError> {
    Ok(on_db!(conn, |c| sqlx::query_scalar("SELECT name FROM agenda WHERE name > $1 AND name < $2")
        .bind(format!("{tournament}/sessions/"))
        .bind(format!("{tournament}/sessions0"))
        .fetch_all(c)
        .await)?)
}
