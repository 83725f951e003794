//! Migrations: the store's own and the service's, in one table.

use std::borrow::Cow;

use sqlx::migrate::{Migrate, MigrateError, Migration, MigrationType, Migrator};

use crate::StoreError;

/// Version of the store's first migration: negative, so that the store's come before every service's.
const FIRST: i64 = -1000;

/// The twin migrations of a service; versions from 1.
#[derive(Debug)]
pub struct Migrations {
    /// For `SQLite`.
    pub sqlite: Migrator,
    /// For PostgreSQL.
    pub postgres: Migrator,
}

impl Clone for Migrations {
    fn clone(&self) -> Self {
        Self { sqlite: copy(&self.sqlite), postgres: copy(&self.postgres) }
    }
}

fn copy(migrator: &Migrator) -> Migrator {
    Migrator { migrations: migrator.migrations.clone(), ..Migrator::DEFAULT }
}

/// The store's own migrations followed by the service's.
pub(crate) fn merge_sqlite(service: &Migrator) -> Migrator {
    merge(include_str!("../migrations/sqlite/0001_log.sql"), service)
}

/// The store's own migrations followed by the service's.
pub(crate) fn merge_postgres(service: &Migrator) -> Migrator {
    merge(include_str!("../migrations/postgres/0001_log.sql"), service)
}

fn merge(log: &'static str, service: &Migrator) -> Migrator {
    let log = Migration::new(FIRST, Cow::Borrowed("log"), MigrationType::Simple, Cow::Borrowed(log), false);
    let migrations = std::iter::once(log).chain(service.iter().cloned()).collect();
    Migrator { migrations: Cow::Owned(migrations), ..Migrator::DEFAULT }
}

/// Brings a database up to date; after an error the connection must be closed, for it may hold a lock.
pub(crate) async fn run<C: Migrate>(
    service: &'static str,
    migrator: &Migrator,
    connection: &mut C,
) -> Result<(), StoreError> {
    if let Some(wrong) = migrator.iter().skip(1).find(|migration| migration.version < 1) {
        let problem = format!("migration {} of {service} must have a version from 1", wrong.version);
        return Err(StoreError::InvalidConfig(problem));
    }
    migrator.run_direct(connection).await.map_err(|error| match error {
        MigrateError::VersionMissing(version) => missing(service, migrator, version),
        MigrateError::VersionMismatch(version) => {
            let problem = format!("migration {version} was changed after it was applied");
            StoreError::ForeignDatabase { service, problem }
        }
        MigrateError::Dirty(version) => {
            let problem = format!("migration {version} was applied in part");
            StoreError::ForeignDatabase { service, problem }
        }
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error.into(),
        other => StoreError::internal(other),
    })
}

/// A migration this program does not know: a newer one's, when it comes after those it knows.
fn missing(service: &'static str, migrator: &Migrator, version: i64) -> StoreError {
    let same_owner = |known: &i64| (*known < 0) == (version < 0);
    let known = migrator.iter().map(|migration| migration.version).filter(same_owner).max().unwrap_or(0);
    if version > known {
        StoreError::NewerDatabase { service, version, known }
    } else {
        StoreError::ForeignDatabase { service, problem: format!("migration {version} is unknown") }
    }
}
