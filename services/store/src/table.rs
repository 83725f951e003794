//! Resources kept as one row each: what every create, get, list and update of every service shares.
//!
//! ```ignore
//! table! {
//!     /// A site as stored.
//!     pub struct SiteRow in "sites" { display_name: String, time_zone: String, }
//! }
//! ```
//! makes the row with `name`, `revision`, `created` and `updated` beside the columns given, and its
//! [`Record`]. The table has the same columns in both migrations.

use std::future::Future;

use matchday_kernel::{Common, Page, PageSize};

use crate::{Conn, StoreError, Tx};

/// A resource kept as one row, found by its name.
pub trait Record: Sized + Send + Sync {
    /// Resource name.
    fn name(&self) -> &str;
    /// Number of writes, from 1; its text is the etag.
    fn revision(&self) -> i64;
    /// Counts a write at `now`, in microseconds.
    fn stamp(&mut self, now: i64);
    /// Takes over what a row carries on from the one before it: when it was created, and the writes so far.
    fn succeed(&mut self, previous: &Self);
    /// Reads the row of a name.
    fn find(conn: &mut Conn, name: &str) -> impl Future<Output = Result<Option<Self>, StoreError>> + Send;
    /// Reads the rows of at most 64 names, in no order; a name without a row is left out.
    fn find_all(
        conn: &mut Conn,
        names: &[&str],
    ) -> impl Future<Output = Result<Vec<Self>, StoreError>> + Send;
    /// Reads rows whose names lie between `after` and `until`, both excluded, by name.
    fn between(
        conn: &mut Conn,
        after: &str,
        until: &str,
        limit: i64,
    ) -> impl Future<Output = Result<Vec<Self>, StoreError>> + Send;
    /// Writes a row, unless there is one of its name; says whether it did.
    fn insert(&self, tx: &mut Tx) -> impl Future<Output = Result<bool, StoreError>> + Send;
    /// Writes a row over the one it was made from; [`StoreError::Aborted`] when that has changed meanwhile.
    fn replace(&self, tx: &mut Tx) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Reads a resource that must exist.
    ///
    /// # Errors
    /// `RESOURCE_NOT_FOUND`
    fn get(conn: &mut Conn, name: &str) -> impl Future<Output = Result<Self, StoreError>> + Send {
        async move { Ok(Self::find(conn, name).await?.ok_or_else(|| Common::not_found(name))?) }
    }

    /// Reads a page of the resources below an ancestor (`sites`, `sites/jinjiang`), by name.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]
    fn below(
        conn: &mut Conn,
        ancestor: &str,
        after: Option<&str>,
        size: PageSize,
    ) -> impl Future<Output = Result<Page<Self>, StoreError>> + Send {
        async move {
            // '0' is the character after '/': the range holds every name below, and no other
            let (first, until) = (format!("{ancestor}/"), format!("{ancestor}0"));
            // a key comes from outside: one beyond the range must not widen it
            let after = after.filter(|key| key.starts_with(&first)).unwrap_or(&first);
            let rows = Self::between(conn, after, &until, i64::from(size.get()) + 1).await?;
            Ok(Page::cut(rows, size, |row| row.name().to_owned()))
        }
    }

    /// Creates a resource.
    ///
    /// # Errors
    /// `RESOURCE_EXISTS`
    fn create(mut self, tx: &mut Tx) -> impl Future<Output = Result<Self, StoreError>> + Send {
        async move {
            self.stamp(tx.now().as_micros());
            let is_new = self.insert(tx).await?;
            if is_new { Ok(self) } else { Err(Common::already_exists(self.name()).into()) }
        }
    }

    /// Saves a resource that was read in the same transaction.
    ///
    /// # Errors
    /// [`StoreError::Aborted`] when another write came in between, under another lock.
    fn save(mut self, tx: &mut Tx) -> impl Future<Output = Result<Self, StoreError>> + Send {
        async move {
            self.stamp(tx.now().as_micros());
            self.replace(tx).await?;
            Ok(self)
        }
    }

    /// Changes a resource: reads it, checks the etag, lets `change` make the new one from it, saves that.
    ///
    /// # Errors
    /// `RESOURCE_NOT_FOUND`, `ETAG_MISMATCH`, and what `change` refuses.
    fn update<E>(
        tx: &mut Tx,
        name: &str,
        etag: &str,
        change: impl FnOnce(&Self) -> Result<Self, E> + Send,
    ) -> impl Future<Output = Result<Self, E>> + Send
    where
        E: From<StoreError> + Send,
    {
        async move {
            let current = Self::get(tx, name).await?;
            current.check_etag(etag).map_err(StoreError::from)?;
            let mut changed = change(&current)?;
            changed.succeed(&current);
            Ok(changed.save(tx).await?)
        }
    }

    /// What a client gives back to write only over what it has read.
    fn etag(&self) -> String {
        self.revision().to_string()
    }

    /// Refuses an etag that is not the resource's; an empty one is no condition.
    ///
    /// # Errors
    /// `ETAG_MISMATCH`
    fn check_etag(&self, etag: &str) -> Result<(), Common> {
        if etag.is_empty() || etag == self.etag() { Ok(()) } else { Err(Common::etag_mismatch(self.name())) }
    }
}

/// The SQL of a table, made once from its columns.
#[doc(hidden)]
#[derive(Debug)]
pub struct TableSql {
    pub find: String,
    /// For so many names each.
    pub find_all: [(usize, String); 4],
    pub between: String,
    pub insert: String,
    pub replace: String,
    pub columns: String,
}

impl TableSql {
    #[doc(hidden)]
    #[must_use]
    pub fn of(table: &str, columns: &[&str]) -> Self {
        let list = columns.join(", ");
        let numbers: Vec<String> = (1..=columns.len()).map(|number| format!("${number}")).collect();
        let pairs: Vec<String> = columns
            .iter()
            .zip(&numbers)
            .skip(1)
            .map(|(column, number)| format!("{column} = {number}"))
            .collect();
        // the binds stand in the order of the columns: revision, created and updated are the last
        let revision = &numbers[columns.len() - 3];
        let find_all = |count: usize| {
            let names: Vec<String> = (1..=count).map(|number| format!("${number}")).collect();
            (count, format!("SELECT {list} FROM {table} WHERE name IN ({})", names.join(", ")))
        };
        Self {
            find_all: [find_all(1), find_all(4), find_all(16), find_all(64)],
            find: format!("SELECT {list} FROM {table} WHERE name = $1"),
            between: format!(
                "SELECT {list} FROM {table} WHERE name > $1 AND name < $2 ORDER BY name LIMIT $3"
            ),
            insert: format!(
                "INSERT INTO {table} ({list}) VALUES ({}) ON CONFLICT (name) DO NOTHING",
                numbers.join(", ")
            ),
            replace: format!(
                "UPDATE {table} SET {} WHERE name = $1 AND revision = {revision} - 1",
                pairs.join(", ")
            ),
            columns: list,
        }
    }
}

/// Makes a row struct and its [`Record`] from a table's columns.
#[macro_export]
macro_rules! table {
    (
        $(#[$meta:meta])*
        $vis:vis struct $row:ident in $table:literal {
            $($(#[$column_meta:meta])* $column:ident: $type:ty,)*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, ::sqlx::FromRow)]
        $vis struct $row {
            /// Resource name.
            pub name: String,
            $($(#[$column_meta])* pub $column: $type,)*
            /// Number of writes, from 1.
            pub revision: i64,
            /// When it was created, in microseconds since 1970.
            pub created: i64,
            /// When it was last written, in microseconds since 1970.
            pub updated: i64,
        }

        impl $row {
            /// The SQL of the table.
            pub fn sql() -> &'static $crate::TableSql {
                static SQL: ::std::sync::LazyLock<$crate::TableSql> = ::std::sync::LazyLock::new(|| {
                    $crate::TableSql::of(
                        $table,
                        &["name", $(stringify!($column),)* "revision", "created", "updated"],
                    )
                });
                &SQL
            }
        }

        impl $crate::Record for $row {
            fn name(&self) -> &str {
                &self.name
            }

            fn revision(&self) -> i64 {
                self.revision
            }

            fn stamp(&mut self, now: i64) {
                if self.revision == 0 {
                    self.created = now;
                }
                self.revision += 1;
                self.updated = now;
            }

            fn succeed(&mut self, previous: &Self) {
                self.revision = previous.revision;
                self.created = previous.created;
            }

            async fn find(
                conn: &mut $crate::Conn,
                name: &str,
            ) -> ::std::result::Result<::std::option::Option<Self>, $crate::StoreError> {
                let sql = &Self::sql().find;
                Ok($crate::on_db!(conn, |c| ::sqlx::query_as(sql).bind(name).fetch_optional(c).await)?)
            }

            async fn find_all(
                conn: &mut $crate::Conn,
                names: &[&str],
            ) -> ::std::result::Result<::std::vec::Vec<Self>, $crate::StoreError> {
                let Some(last) = names.last() else {
                    return Ok(::std::vec::Vec::new());
                };
                let all = &Self::sql().find_all;
                let (count, sql) = all.iter().find(|(count, _)| *count >= names.len()).expect("at most 64 names");
                // few texts, so that all are prepared: the last name is asked for again
                let names = names.iter().chain(::std::iter::repeat(last)).take(*count);
                Ok($crate::on_db!(conn, |c| {
                    let mut query = ::sqlx::query_as(sql);
                    for name in names {
                        query = query.bind(*name);
                    }
                    query.fetch_all(c).await
                })?)
            }

            async fn between(
                conn: &mut $crate::Conn,
                after: &str,
                until: &str,
                limit: i64,
            ) -> ::std::result::Result<::std::vec::Vec<Self>, $crate::StoreError> {
                let sql = &Self::sql().between;
                Ok($crate::on_db!(conn, |c| ::sqlx::query_as(sql)
                    .bind(after)
                    .bind(until)
                    .bind(limit)
                    .fetch_all(c)
                    .await)?)
            }

            async fn insert(&self, tx: &mut $crate::Tx) -> ::std::result::Result<bool, $crate::StoreError> {
                let sql = &Self::sql().insert;
                $crate::table!(@write self, tx, sql, [$($column)*]).map(|rows| rows > 0)
            }

            async fn replace(&self, tx: &mut $crate::Tx) -> ::std::result::Result<(), $crate::StoreError> {
                let sql = &Self::sql().replace;
                match $crate::table!(@write self, tx, sql, [$($column)*])? {
                    1 => Ok(()),
                    _ => Err($crate::StoreError::Aborted),
                }
            }
        }
    };
    (@write $self:ident, $tx:ident, $sql:ident, [$($column:ident)*]) => {
        $crate::on_db!($tx, |c| ::sqlx::query($sql)
            .bind(&$self.name)
            $(.bind(&$self.$column))*
            .bind($self.revision)
            .bind($self.created)
            .bind($self.updated)
            .execute(c)
            .await
            .map(|done| done.rows_affected())
            .map_err($crate::StoreError::from))
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sql_numbers_its_columns() {
        let sql = TableSql::of("sites", &["name", "title", "revision", "created", "updated"]);
        assert_eq!(
            sql.insert,
            "INSERT INTO sites (name, title, revision, created, updated) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (name) DO NOTHING"
        );
        assert_eq!(
            sql.replace,
            "UPDATE sites SET title = $2, revision = $3, created = $4, updated = $5 \
             WHERE name = $1 AND revision = $3 - 1"
        );
    }
}
