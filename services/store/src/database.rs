//! The two databases and their connection pools.

use std::{path::PathBuf, str::FromStr, time::Duration};

use sqlx::{
    Connection, Executor, PgPool, SqlitePool,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use crate::{
    Migrations, StoreError,
    conn::{Conn, Native},
    directory::open_private,
    migrate,
};

/// Readers of one `SQLite` file.
const SQLITE_READERS: u32 = 4;
/// Connections for reads of one PostgreSQL schema.
const POSTGRES_READERS: u32 = 12;
/// How long a caller waits for a connection.
const ACQUIRE: Duration = Duration::from_secs(5);
/// How long `SQLite` waits for another process's lock on the file.
const BUSY: Duration = Duration::from_secs(5);
/// A PostgreSQL connection idle for longer than this is tested before it is lent.
const IDLE: Duration = Duration::from_secs(1);
/// Statements kept prepared: the store's multi-row inserts differ by their number of rows.
const STATEMENTS: usize = 512;

/// Where a service keeps its data.
#[derive(Clone, Debug)]
pub enum Database {
    /// An embedded database.
    Sqlite {
        /// Its file, made when it is missing.
        path: PathBuf,
    },
    /// A server; the service has a schema of its own in the database, made when it is missing.
    Postgres {
        /// `postgres://user@host:port/database`.
        url: String,
    },
}

/// Open pools.
#[derive(Clone, Debug)]
pub(crate) enum Pools {
    Sqlite {
        /// One connection, the writer's.
        write: SqlitePool,
        read: SqlitePool,
    },
    Postgres {
        /// The writer's connection, the listener's and the notifier's.
        own: PgPool,
        read: PgPool,
        options: Box<PgConnectOptions>,
    },
}

impl Pools {
    /// Opens the database and brings it up to date.
    pub(crate) async fn open(
        service: &'static str,
        database: &Database,
        migrations: &Migrations,
    ) -> Result<Self, StoreError> {
        check_name(service)?;
        let pools = match database {
            Database::Sqlite { path } => {
                // before anything stands in it; SQLite gives the files beside it the same mode
                open_private(path).map_err(|error| unopened(database, error.into()))?;
                sqlite(SqliteConnectOptions::new().filename(path))
            }
            Database::Postgres { url } => postgres(service, url)?,
        };
        let migrated = match &pools {
            Self::Sqlite { write, .. } => {
                let mut connection = write.acquire().await.map_err(|error| unopened(database, error))?;
                connection.close_on_drop();
                migrate::run(service, &migrate::merge_sqlite(&migrations.sqlite), &mut *connection).await
            }
            Self::Postgres { own, .. } => {
                let mut connection = own.acquire().await?;
                // also gives up the migrator's lock, should it fail
                connection.close_on_drop();
                create_schema(service, &mut connection).await?;
                migrate::run(service, &migrate::merge_postgres(&migrations.postgres), &mut *connection).await
            }
        };
        if migrated.is_err() {
            pools.close().await;
        }
        migrated.map(|()| pools)
    }

    /// A connection to read with.
    pub(crate) async fn read(&self) -> Result<Conn, StoreError> {
        Ok(Conn::new(match self {
            Self::Sqlite { read, .. } => Native::Sqlite(read.acquire().await?),
            Self::Postgres { read, .. } => Native::Postgres(read.acquire().await?),
        }))
    }

    /// The writer's connection; closed when it is dropped, so that nothing of a broken transaction stays.
    pub(crate) async fn write(&self) -> Result<Conn, StoreError> {
        Ok(Conn::new(match self {
            Self::Sqlite { write, .. } => {
                let mut connection = write.acquire().await?;
                connection.close_on_drop();
                Native::Sqlite(connection)
            }
            Self::Postgres { own, .. } => {
                let mut connection = own.acquire().await?;
                connection.close_on_drop();
                Native::Postgres(connection)
            }
        }))
    }

    /// Closes all connections, after those lent have come back.
    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite { write, read } => {
                read.close().await;
                write.close().await;
            }
            Self::Postgres { own, read, .. } => {
                read.close().await;
                own.close().await;
            }
        }
    }
}

/// The name is part of a schema's, a channel's and a file's name, none of which can be bound.
fn check_name(service: &str) -> Result<(), StoreError> {
    let starts = service.starts_with(|first: char| first.is_ascii_lowercase());
    let rest = service.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if starts && rest && service.len() <= 40 {
        return Ok(());
    }
    let problem = format!("service name {service:?} is not [a-z][a-z0-9_]*, at most 40 long");
    Err(StoreError::InvalidConfig(problem))
}

fn sqlite(options: SqliteConnectOptions) -> Pools {
    let options = options.foreign_keys(true).busy_timeout(BUSY).statement_cache_capacity(STATEMENTS);
    let write = options
        .clone()
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // a commit is durable before it is acknowledged
        .synchronous(SqliteSynchronous::Full);
    // a read-only file could not be opened while no writer has it open
    let read = options.create_if_missing(false).pragma("query_only", "1");
    let pool = |connections| {
        SqlitePoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(ACQUIRE)
            .test_before_acquire(false)
            .idle_timeout(None)
            .max_lifetime(None)
    };
    Pools::Sqlite {
        write: pool(1).connect_lazy_with(write),
        read: pool(SQLITE_READERS).connect_lazy_with(read),
    }
}

fn postgres(service: &'static str, url: &str) -> Result<Pools, StoreError> {
    let options = PgConnectOptions::from_str(url)
        .map_err(|error| StoreError::InvalidConfig(format!("database url: {error}")))?
        .options([("search_path", service)])
        .statement_cache_capacity(STATEMENTS);
    let read = PgPoolOptions::new()
        .max_connections(POSTGRES_READERS)
        .acquire_timeout(ACQUIRE)
        .test_before_acquire(false)
        .before_acquire(|connection, about| {
            Box::pin(async move {
                // a connection in use a moment ago needs no round trip to be tested
                Ok(about.idle_for < IDLE || connection.ping().await.is_ok())
            })
        });
    let own = PgPoolOptions::new().max_connections(3).acquire_timeout(ACQUIRE);
    Ok(Pools::Postgres {
        own: own.connect_lazy_with(options.clone()),
        read: read.connect_lazy_with(options.clone()),
        options: Box::new(options),
    })
}

/// Under a lock: two processes that make it at once would fail.
async fn create_schema(service: &str, connection: &mut sqlx::PgConnection) -> Result<(), StoreError> {
    let mut transaction = connection.begin().await?;
    sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended('matchday/schema', 0))")
        .execute(&mut *transaction)
        .await?;
    // a schema's name cannot be bound; `check_name` has seen it
    let statement = format!("CREATE SCHEMA IF NOT EXISTS {service}");
    transaction.execute(statement.as_str()).await?;
    Ok(transaction.commit().await?)
}

/// A file that cannot be opened is a matter of the configuration rather than of the time.
fn unopened(database: &Database, error: sqlx::Error) -> StoreError {
    match (database, StoreError::from(error)) {
        (Database::Sqlite { path }, StoreError::Unavailable(problem)) => {
            StoreError::InvalidConfig(format!("database {} cannot be opened: {problem}", path.display()))
        }
        (_, error) => error,
    }
}
