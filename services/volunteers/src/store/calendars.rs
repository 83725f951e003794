//! Secret addresses of volunteers' calendars.

use matchday_kernel::words::Language;
use matchday_store::{Conn, StoreError, Tx, on_db};
use ring::digest::{SHA256, digest};

/// What is kept of a code.
fn hash(code: &str) -> Vec<u8> {
    digest(&SHA256, code.as_bytes()).as_ref().to_vec()
}

/// Links a volunteer's calendar to a code; an earlier one ends.
pub(crate) async fn link(
    tx: &mut Tx,
    volunteer: &str,
    code: &str,
    language: Language,
) -> Result<(), StoreError> {
    let (hash, created) = (hash(code), tx.now().as_micros());
    let language = if language == Language::Chinese { 2 } else { 1 };
    on_db!(tx, |c| sqlx::query(
        "INSERT INTO calendar_links (volunteer, code_hash, language, created) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (volunteer) DO UPDATE SET code_hash = excluded.code_hash, language = excluded.language, \
         created = excluded.created"
    )
    .bind(volunteer)
    .bind(&hash)
    .bind(language)
    .bind(created)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Ends the link of a volunteer's calendar; says whether there was one.
pub(crate) async fn unlink(tx: &mut Tx, volunteer: &str) -> Result<bool, StoreError> {
    let ended: u64 = on_db!(tx, |c| sqlx::query("DELETE FROM calendar_links WHERE volunteer = $1")
        .bind(volunteer)
        .execute(c)
        .await
        .map(|done| done.rows_affected()))?;
    Ok(ended > 0)
}

/// The volunteer behind a code, and the language asked for.
pub(crate) async fn linked(conn: &mut Conn, code: &str) -> Result<Option<(String, Language)>, StoreError> {
    let hash = hash(code);
    let found: Option<(String, i32)> = on_db!(conn, |c| sqlx::query_as(
        "SELECT volunteer, language FROM calendar_links WHERE code_hash = $1"
    )
    .bind(&hash)
    .fetch_optional(c)
    .await)?;
    let language = |number| if number == 2 { Language::Chinese } else { Language::English };
    Ok(found.map(|(volunteer, number)| (volunteer, language(number))))
}
