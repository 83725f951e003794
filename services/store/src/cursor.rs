//! Where a follower stands, in the following service's own database.

use uuid::Uuid;

use crate::{Conn, Follower, Position, StoreError, on_db};

/// The position of a follower; the beginning when it has none.
pub(crate) async fn load(conn: &mut Conn, follower: &Follower) -> Result<Position, StoreError> {
    let row: Option<(Uuid, i64)> = on_db!(conn, |c| sqlx::query_as(
        "SELECT log_id, sequence FROM cursors WHERE follower = $1 AND log = $2"
    )
    .bind(&follower.name)
    .bind(&follower.log)
    .fetch_optional(c)
    .await)?;
    Ok(row.map_or_else(Position::default, |(log_id, sequence)| Position { log_id: Some(log_id), sequence }))
}

/// Moves a follower.
pub(crate) async fn save(
    conn: &mut Conn,
    follower: &Follower,
    log_id: Uuid,
    sequence: i64,
) -> Result<(), StoreError> {
    on_db!(conn, |c| sqlx::query(
        "INSERT INTO cursors (follower, log, log_id, sequence) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (follower, log) DO UPDATE SET log_id = excluded.log_id, sequence = excluded.sequence"
    )
    .bind(&follower.name)
    .bind(&follower.log)
    .bind(log_id)
    .bind(sequence)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}
