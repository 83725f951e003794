//! Migrations for the tests.

use std::borrow::Cow;

use matchday_store::{
    Conn, Migrations, on_db,
    sqlx::migrate::{Migration, MigrationType, Migrator},
};

/// A service with two tables; a mark with an owner is checked at the commit only.
const TABLES: &str = "CREATE TABLE owners (name TEXT NOT NULL PRIMARY KEY); \
    CREATE TABLE marks (name TEXT NOT NULL PRIMARY KEY, \
        owner TEXT REFERENCES owners (name) DEFERRABLE INITIALLY DEFERRED)";

pub(crate) fn migrations() -> Migrations {
    of(&[migration(1, TABLES)])
}

/// The same migrations for both databases.
pub(crate) fn of(migrations: &[Migration]) -> Migrations {
    let migrator = || Migrator { migrations: Cow::Owned(migrations.to_vec()), ..Migrator::DEFAULT };
    Migrations { sqlite: migrator(), postgres: migrator() }
}

pub(crate) fn migration(version: i64, sql: &'static str) -> Migration {
    Migration::new(version, "test".into(), MigrationType::Simple, sql.into(), false)
}

/// Inserts a mark; the second one of a name fails.
pub(crate) async fn mark(conn: &mut Conn, name: &str, owner: Option<&str>) -> Result<(), sqlx::Error> {
    on_db!(conn, |c| sqlx::query("INSERT INTO marks (name, owner) VALUES ($1, $2)")
        .bind(name)
        .bind(owner)
        .execute(c)
        .await
        .map(drop))
}

/// The names of all marks, sorted.
pub(crate) async fn marks(conn: &mut Conn) -> Vec<String> {
    on_db!(conn, |c| sqlx::query_scalar("SELECT name FROM marks ORDER BY name").fetch_all(c).await)
        .expect("the table of marks")
}
