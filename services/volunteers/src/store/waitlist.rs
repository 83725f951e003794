//! Who waits for a seat of a shift.

use matchday_store::{Conn, StoreError, Tx, on_db};

/// Those who wait for a seat of a shift and since when, in microseconds, the first first: at most so many.
pub(crate) async fn waiting(
    conn: &mut Conn,
    shift: &str,
    most: i64,
) -> Result<Vec<(String, i64)>, StoreError> {
    Ok(on_db!(conn, |c| sqlx::query_as(
        "SELECT volunteer, joined FROM waitlist WHERE shift = $1 ORDER BY place LIMIT $2"
    )
    .bind(shift)
    .bind(most)
    .fetch_all(c)
    .await)?)
}

/// Puts somebody behind those who wait; who waits already keeps the place.
pub(crate) async fn join(tx: &mut Tx, shift: &str, volunteer: &str) -> Result<(), StoreError> {
    let joined = tx.now().as_micros();
    on_db!(tx, |c| {
        sqlx::query(
            "INSERT INTO waitlist (shift, volunteer, place, joined) \
             VALUES ($1, $2, (SELECT COALESCE(MAX(place), 0) + 1 FROM waitlist WHERE shift = $1), $3) \
             ON CONFLICT (shift, volunteer) DO NOTHING",
        )
        .bind(shift)
        .bind(volunteer)
        .bind(joined)
        .execute(c)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// Takes somebody off the list; says whether the person was on it.
pub(crate) async fn leave(tx: &mut Tx, shift: &str, volunteer: &str) -> Result<bool, StoreError> {
    let left: u64 = on_db!(tx, |c| sqlx::query("DELETE FROM waitlist WHERE shift = $1 AND volunteer = $2")
        .bind(shift)
        .bind(volunteer)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    Ok(left > 0)
}

/// Names of the shifts that somebody waits for, in the order of joining: at most 200.
pub(crate) async fn of_volunteer(conn: &mut Conn, volunteer: &str) -> Result<Vec<String>, StoreError> {
    Ok(on_db!(conn, |c| sqlx::query_scalar(
        "SELECT shift FROM waitlist WHERE volunteer = $1 ORDER BY joined, shift LIMIT 200"
    )
    .bind(volunteer)
    .fetch_all(c)
    .await)?)
}
