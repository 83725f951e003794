//! Descriptions of competitions, and lots, as rows.

use matchday_api::scheduling::v1 as pb;
use matchday_store::{Conn, StoreError, Tx, on_db};
use prost::Message;

/// The competitions of a tournament that somebody described, by name.
pub(crate) async fn of_tournament(
    conn: &mut Conn,
    tournament: &str,
) -> Result<Vec<pb::Competition>, StoreError> {
    let bodies: Vec<Vec<u8>> = on_db!(conn, |c| sqlx::query_scalar(
        "SELECT body FROM competitions WHERE tournament = $1 ORDER BY competition"
    )
    .bind(tournament)
    .fetch_all(c)
    .await)?;
    let read = |body: Vec<u8>| pb::Competition::decode(body.as_slice()).map_err(StoreError::internal);
    bodies.into_iter().map(read).collect()
}

/// Describes a competition, in place of what was said of it before.
pub(crate) async fn describe(
    tx: &mut Tx,
    tournament: &str,
    competition: &pb::Competition,
) -> Result<(), StoreError> {
    on_db!(tx, |c| sqlx::query(
        "INSERT INTO competitions (tournament, competition, body) VALUES ($1, $2, $3) \
         ON CONFLICT (tournament, competition) DO UPDATE SET body = excluded.body"
    )
    .bind(tournament)
    .bind(&competition.competition)
    .bind(competition.encode_to_vec())
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// The lots that were drawn in a tournament.
pub(crate) async fn lots(conn: &mut Conn, tournament: &str) -> Result<Vec<pb::Lots>, StoreError> {
    let bodies: Vec<Vec<u8>> = on_db!(conn, |c| sqlx::query_scalar(
        "SELECT body FROM lots WHERE tournament = $1 ORDER BY competition, match_group"
    )
    .bind(tournament)
    .fetch_all(c)
    .await)?;
    let read = |body: Vec<u8>| pb::Lots::decode(body.as_slice()).map_err(StoreError::internal);
    bodies.into_iter().map(read).collect()
}

/// Keeps the lots of a group, in place of those it had.
pub(crate) async fn keep_lots(tx: &mut Tx, tournament: &str, lots: &pb::Lots) -> Result<(), StoreError> {
    on_db!(tx, |c| sqlx::query(
        "INSERT INTO lots (tournament, competition, match_group, body) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (tournament, competition, match_group) DO UPDATE SET body = excluded.body"
    )
    .bind(tournament)
    .bind(&lots.competition)
    .bind(&lots.group)
    .bind(lots.encode_to_vec())
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}
