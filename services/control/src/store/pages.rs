//! Pages of the run sheet, by time.

use std::sync::LazyLock;

use matchday_kernel::{Instant, Page, PageSize};
use matchday_store::{Conn, StoreError, on_db};

use super::run_sheet::{LineRow, select};

/// Which lines a list holds.
#[derive(Clone, Debug)]
pub(crate) struct Filter {
    /// Name of the tournament.
    pub(crate) tournament: String,
    /// Only those at or after this.
    pub(crate) from: Option<Instant>,
    /// Only those before this.
    pub(crate) until: Option<Instant>,
    /// Only those for this activity or session; empty means all.
    pub(crate) occasion: String,
    /// What does not take place, too.
    pub(crate) show_cancelled: bool,
}

/// A page of lines by their time.
pub(crate) async fn page(
    conn: &mut Conn,
    filter: &Filter,
    after: Option<&str>,
    size: PageSize,
) -> Result<Page<LineRow>, StoreError> {
    static SQL: LazyLock<String> = LazyLock::new(|| {
        select(
            "tournament = $1 AND at >= $2 AND at < $3 AND ($4 = '' OR occasion = $4) AND (state <> 4 OR $5 = 1) \
             AND (at, kind, resource) > ($6, $7, $8) ORDER BY at, kind, resource LIMIT $9",
        )
    });
    let (at, kind, resource) = after.and_then(key_parts).unwrap_or((i64::MIN, 0, ""));
    let rows: Vec<LineRow> = on_db!(conn, |c| sqlx::query_as(&SQL)
        .bind(&filter.tournament)
        .bind(filter.from.map_or(i64::MIN, Instant::as_micros))
        .bind(filter.until.map_or(i64::MAX, Instant::as_micros))
        .bind(&filter.occasion)
        .bind(i32::from(filter.show_cancelled))
        .bind(at)
        .bind(kind)
        .bind(resource)
        .bind(i64::from(size.get()) + 1)
        .fetch_all(c)
        .await)?;
    Ok(Page::cut(rows, size, |row| format!("{} {} {}", row.at, row.kind, row.resource)))
}

fn key_parts(key: &str) -> Option<(i64, i32, &str)> {
    let mut parts = key.splitn(3, ' ');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?))
}
