//! The rules that were applied to tournaments, as rows.

use matchday_api::scheduling::v1 as pb;
use matchday_store::{Conn, StoreError, Tx, on_db};
use prost::Message;

/// The rules that were applied to a tournament, in their order; none when nobody applied any.
pub(crate) async fn of_tournament(conn: &mut Conn, tournament: &str) -> Result<Vec<pb::Rule>, StoreError> {
    let bodies: Vec<Vec<u8>> = on_db!(conn, |c| sqlx::query_scalar(
        "SELECT body FROM rules WHERE tournament = $1 ORDER BY position"
    )
    .bind(tournament)
    .fetch_all(c)
    .await)?;
    let read = |body: Vec<u8>| pb::Rule::decode(body.as_slice()).map_err(StoreError::internal);
    bodies.into_iter().map(read).collect()
}

/// Gives a tournament these rules in place of those it had.
pub(crate) async fn replace(tx: &mut Tx, tournament: &str, rules: &[pb::Rule]) -> Result<(), StoreError> {
    on_db!(tx, |c| sqlx::query("DELETE FROM rules WHERE tournament = $1")
        .bind(tournament)
        .execute(c)
        .await
        .map(drop))?;
    for (position, rule) in (0i64..).zip(rules) {
        on_db!(tx, |c| sqlx::query("INSERT INTO rules (tournament, position, body) VALUES ($1, $2, $3)")
            .bind(tournament)
            .bind(position)
            .bind(rule.encode_to_vec())
            .execute(c)
            .await
            .map(drop))?;
    }
    Ok(())
}
