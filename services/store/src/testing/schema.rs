//! The tables of a database, to compare the twins.

use crate::{Native, Store, StoreError};

/// Table, column, and whether the column may be null; sorted.
pub(super) type Columns = Vec<(String, String, bool)>;

/// All columns of a service's tables.
pub(super) async fn columns(store: &Store) -> Result<Columns, StoreError> {
    let mut conn = store.read().await?;
    let mut columns: Columns = match conn.native() {
        Native::Sqlite(connection) => {
            sqlx::query_as(
                "SELECT t.name, c.name, c.\"notnull\" = 0 FROM sqlite_schema t \
                 JOIN pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE '\\_sqlx%' ESCAPE '\\'",
            )
            .fetch_all(&mut **connection)
            .await?
        }
        Native::Postgres(connection) => {
            sqlx::query_as(
                "SELECT table_name::text, column_name::text, is_nullable = 'YES' FROM information_schema.columns \
                 WHERE table_schema = current_schema() AND table_name NOT LIKE '\\_sqlx%'",
            )
            .fetch_all(&mut **connection)
            .await?
        }
    };
    columns.sort();
    Ok(columns)
}
