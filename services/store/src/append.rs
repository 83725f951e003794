//! Appends the events of a batch to the log.

use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use crate::{Native, StoreError, Tx, conn::Emitted};

/// Rows of one statement on `SQLite`: bounds the number of different statements to prepare.
const ROWS: usize = 64;

/// Takes as many sequence numbers as there are events and writes these; returns the last one, or `None`
/// without events.
///
/// It is the last thing a batch does before its commit: from here on the one row of `log_head` keeps other
/// processes from committing, which is what makes the log gap-free and its order the order of commits.
pub(crate) async fn append(tx: &mut Tx) -> Result<Option<i64>, StoreError> {
    let emitted = tx.take_emitted();
    if emitted.is_empty() {
        return Ok(None);
    }
    let count = i64::try_from(emitted.len()).map_err(StoreError::internal)?;
    let head = match tx.native() {
        Native::Sqlite(connection) => {
            let head: i64 =
                sqlx::query_scalar("UPDATE log_head SET sequence = sequence + $1 RETURNING sequence")
                    .bind(count)
                    .fetch_one(&mut **connection)
                    .await?;
            insert(connection, &emitted, head - count).await?;
            head
        }
        Native::Postgres(connection) => {
            sqlx::query_scalar(
                "WITH head AS (UPDATE log_head SET sequence = sequence + $1 RETURNING sequence), \
                 written AS (INSERT INTO events \
                     (sequence, kind, resource, tournament, actor, change, request_id, at, payload) \
                     SELECT head.sequence - $1 + e.n, e.kind, e.resource, e.tournament, e.actor, e.change, \
                         e.request_id, e.at, e.payload \
                     FROM head, UNNEST($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], \
                         $8::bigint[], $9::bytea[]) WITH ORDINALITY \
                         AS e (kind, resource, tournament, actor, change, request_id, at, payload, n)) \
                 SELECT sequence FROM head",
            )
            .bind(count)
            .bind(column(&emitted, |e| &e.event.kind))
            .bind(column(&emitted, |e| &e.event.resource))
            .bind(column(&emitted, |e| &e.event.tournament))
            .bind(column(&emitted, |e| &e.cause.actor))
            .bind(column(&emitted, |e| &e.cause.change))
            .bind(column(&emitted, |e| &e.cause.request_id))
            .bind(emitted.iter().map(|e| e.at.as_micros()).collect::<Vec<_>>())
            .bind(emitted.iter().map(|e| e.event.payload.value.as_slice()).collect::<Vec<_>>())
            .fetch_one(&mut **connection)
            .await?
        }
    };
    Ok(Some(head))
}

async fn insert(
    connection: &mut SqliteConnection,
    emitted: &[Emitted],
    before: i64,
) -> Result<(), StoreError> {
    let mut numbered = (before + 1..).zip(emitted);
    loop {
        let chunk: Vec<_> = numbered.by_ref().take(ROWS).collect();
        if chunk.is_empty() {
            return Ok(());
        }
        let mut query = QueryBuilder::<Sqlite>::new(
            "INSERT INTO events (sequence, kind, resource, tournament, actor, change, request_id, at, payload) ",
        );
        query.push_values(chunk, |mut row, (sequence, e)| {
            row.push_bind(sequence).push_bind(&e.event.kind).push_bind(&e.event.resource);
            row.push_bind(&e.event.tournament).push_bind(&e.cause.actor).push_bind(&e.cause.change);
            row.push_bind(&e.cause.request_id).push_bind(e.at.as_micros()).push_bind(&e.event.payload.value);
        });
        query.build().execute(&mut *connection).await?;
    }
}

/// One text of each event, as PostgreSQL takes a column.
fn column(emitted: &[Emitted], text: fn(&Emitted) -> &str) -> Vec<&str> {
    emitted.iter().map(text).collect()
}
