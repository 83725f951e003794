//! The keys that identity documents are hashed with.

use matchday_store::{StoreError, Tx, on_db};

/// Bytes of a key.
pub(crate) const KEY: usize = 32;

/// The key of a tournament; the first time `fresh` becomes it.
pub(crate) async fn key(tx: &mut Tx, tournament: &str, fresh: &[u8; KEY]) -> Result<Vec<u8>, StoreError> {
    let key: Option<Vec<u8>> =
        on_db!(tx, |c| sqlx::query_scalar("SELECT key FROM identity_keys WHERE tournament = $1")
            .bind(tournament)
            .fetch_optional(c)
            .await)?;
    if let Some(key) = key {
        return Ok(key);
    }
    on_db!(tx, |c| sqlx::query("INSERT INTO identity_keys (tournament, key) VALUES ($1, $2)")
        .bind(tournament)
        .bind(fresh.as_slice())
        .execute(c)
        .await
        .map(drop))?;
    Ok(fresh.to_vec())
}
