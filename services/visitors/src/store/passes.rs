//! Which credential is the pass of which volunteer.

use matchday_store::{Conn, StoreError, Tx, on_db};

/// Name of the pass of a volunteer.
pub(crate) async fn pass(conn: &mut Conn, volunteer: &str) -> Result<Option<String>, StoreError> {
    Ok(on_db!(conn, |c| sqlx::query_scalar("SELECT credential FROM passes WHERE volunteer = $1")
        .bind(volunteer)
        .fetch_optional(c)
        .await)?)
}

/// Makes a credential the pass of a volunteer.
pub(crate) async fn set(tx: &mut Tx, volunteer: &str, credential: &str) -> Result<(), StoreError> {
    on_db!(tx, |c| sqlx::query(
        "INSERT INTO passes (volunteer, credential) VALUES ($1, $2) \
         ON CONFLICT (volunteer) DO UPDATE SET credential = excluded.credential"
    )
    .bind(volunteer)
    .bind(credential)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Forgets whose pass it was.
pub(crate) async fn forget(tx: &mut Tx, volunteer: &str) -> Result<(), StoreError> {
    on_db!(tx, |c| sqlx::query("DELETE FROM passes WHERE volunteer = $1")
        .bind(volunteer)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}
