//! Rules of alerts and chains of duty holders as rows.

use matchday_api::visitors::v1 as pb;
use matchday_store::{Conn, StoreError, Tx, on_db, table};
use prost::Message;

table! {
    /// The rules that somebody set for a venue, named as the venue.
    pub(crate) struct AlertRulesRow in "alert_rules" {
        body: Vec<u8>,
    }
}

impl AlertRulesRow {
    /// The rules of the row.
    pub(crate) fn rules(&self) -> Result<pb::AlertRules, StoreError> {
        pb::AlertRules::decode(self.body.as_slice()).map_err(StoreError::internal)
    }
}

/// The chains of a venue, that of the whole venue first, then by zone.
pub(crate) async fn chains(conn: &mut Conn, venue: &str) -> Result<Vec<pb::DutyChain>, StoreError> {
    let bodies: Vec<Vec<u8>> =
        on_db!(conn, |c| sqlx::query_scalar("SELECT body FROM duty_chains WHERE venue = $1 ORDER BY zone")
            .bind(venue)
            .fetch_all(c)
            .await)?;
    bodies.iter().map(|body| pb::DutyChain::decode(body.as_slice()).map_err(StoreError::internal)).collect()
}

/// Writes a chain; one without holders is removed.
pub(crate) async fn save_chain(tx: &mut Tx, venue: &str, chain: &pb::DutyChain) -> Result<(), StoreError> {
    on_db!(tx, |c| sqlx::query("DELETE FROM duty_chains WHERE venue = $1 AND zone = $2")
        .bind(venue)
        .bind(&chain.zone)
        .execute(c)
        .await
        .map(drop))?;
    if chain.holders.is_empty() {
        return Ok(());
    }
    on_db!(tx, |c| sqlx::query("INSERT INTO duty_chains (venue, zone, body) VALUES ($1, $2, $3)")
        .bind(venue)
        .bind(&chain.zone)
        .bind(chain.encode_to_vec())
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}
