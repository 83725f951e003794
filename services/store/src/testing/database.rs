//! Fresh databases, one for each test.

use std::{
    env,
    sync::atomic::{AtomicU64, Ordering},
    thread,
};

use matchday_kernel::{Clock, Random};
use sqlx::{ConnectOptions, Connection, Executor, PgConnection, postgres::PgConnectOptions};
use tempfile::TempDir;
use tokio::time::timeout;

use crate::{
    Config, Database, Migrations, Store, StoreError,
    testing::{PATIENCE, now},
};

/// The server that tests use where none is named.
const LOCAL: &str = "postgres://postgres@127.0.0.1:5432/postgres";

/// An empty database; removed when it is dropped.
#[derive(Debug)]
pub struct TestDatabase {
    place: Place,
}

#[derive(Debug)]
enum Place {
    Sqlite(TempDir),
    Postgres { server: Box<PgConnectOptions>, name: String, url: String },
}

/// An empty database of each kind; PostgreSQL is left out where there is none, see [`postgres`].
///
/// # Panics
/// When a database cannot be made, and as [`postgres`].
pub async fn databases() -> Vec<TestDatabase> {
    [Some(sqlite()), postgres().await].into_iter().flatten().collect()
}

/// An empty `SQLite` database.
///
/// # Panics
/// When its directory cannot be made.
#[must_use]
pub fn sqlite() -> TestDatabase {
    let directory = TempDir::with_prefix("matchday-test-").expect("a temporary directory");
    TestDatabase { place: Place::Sqlite(directory) }
}

/// An empty PostgreSQL database; `None`, with a word on stderr, where no server answers at
/// `MATCHDAY_TEST_POSTGRES_URL` or on this machine.
///
/// # Panics
/// When a database cannot be made; and without a server, where `MATCHDAY_REQUIRE_POSTGRES` is 1.
pub async fn postgres() -> Option<TestDatabase> {
    let url = env::var("MATCHDAY_TEST_POSTGRES_URL").unwrap_or_else(|_| LOCAL.to_owned());
    let server: PgConnectOptions = url.parse().expect("MATCHDAY_TEST_POSTGRES_URL is a PostgreSQL url");
    match timeout(PATIENCE, server.connect()).await {
        Ok(Ok(connection)) => Some(create(connection, server).await.expect("a fresh database")),
        failed => {
            let is_required = env::var("MATCHDAY_REQUIRE_POSTGRES").is_ok_and(|required| required == "1");
            assert!(!is_required, "MATCHDAY_REQUIRE_POSTGRES=1, but there is no server: {failed:?}");
            eprintln!("postgres: SKIPPED (no server)");
            None
        }
    }
}

async fn create(mut connection: PgConnection, server: PgConnectOptions) -> Result<TestDatabase, sqlx::Error> {
    let unique: String = sqlx::query_scalar("SELECT replace(CAST(gen_random_uuid() AS TEXT), '-', '')")
        .fetch_one(&mut connection)
        .await?;
    let name = format!("matchday_test_{unique}");
    connection.execute(format!("CREATE DATABASE {name}").as_str()).await?;
    connection.close().await?;
    let url = server.clone().database(&name).to_url_lossy().to_string();
    Ok(TestDatabase { place: Place::Postgres { server: Box::new(server), name, url } })
}

impl TestDatabase {
    /// `sqlite` or `postgres`, for messages.
    #[must_use]
    pub fn name(&self) -> &'static str {
        if self.is_postgres() { "postgres" } else { "sqlite" }
    }

    /// Whether several stores can be opened on it at once.
    #[must_use]
    pub fn is_postgres(&self) -> bool {
        matches!(self.place, Place::Postgres { .. })
    }

    /// Where it is.
    #[must_use]
    pub fn database(&self, service: &str) -> Database {
        match &self.place {
            Place::Sqlite(directory) => {
                Database::Sqlite { path: directory.path().join(format!("{service}.db")) }
            }
            Place::Postgres { url, .. } => Database::Postgres { url: url.clone() },
        }
    }

    /// How to open a service's store on it: with a clock that stands at [`now`], and another log id each.
    #[must_use]
    pub fn config(&self, service: &'static str, migrations: Migrations) -> Config {
        static SEED: AtomicU64 = AtomicU64::new(1);
        Config {
            service,
            database: self.database(service),
            migrations,
            clock: Clock::new(now),
            random: Random::seeded(SEED.fetch_add(1, Ordering::Relaxed)),
            notify: true,
            max_batch: 1000,
        }
    }

    /// Opens a service's store.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub async fn open(&self, service: &'static str, migrations: Migrations) -> Result<Store, StoreError> {
        Store::open(self.config(service, migrations)).await
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Place::Postgres { server, name, .. } = &self.place else {
            return;
        };
        let (server, name) = (server.clone(), name.clone());
        // a test may drop it inside of its own runtime, which cannot be waited in
        let removed = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
            runtime.block_on(async {
                let mut connection = server.connect().await.ok()?;
                let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
                connection.execute(drop.as_str()).await.ok()
            })
        });
        if !matches!(removed.join(), Ok(Some(_))) {
            eprintln!("postgres: a test's database was not removed");
        }
    }
}
