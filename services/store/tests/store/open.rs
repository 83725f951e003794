//! Opening a store and its data directory.

use matchday_kernel::{ErrorKind, Fault};
use matchday_store::{
    Config, DataDirectory, Database, Store, StoreError, on_db,
    sqlx::migrate::Migration,
    testing::{TestDatabase, databases},
};
use tokio::join;

use crate::schema::{mark, migration, migrations, of};

const FIRST: &str = "CREATE TABLE a (n BIGINT NOT NULL)";

async fn open(database: &TestDatabase, steps: &[Migration]) -> Result<Store, StoreError> {
    database.open("spec", of(steps)).await
}

#[test]
fn a_data_directory_has_one_process() {
    let parent = tempfile::tempdir().unwrap();
    let path = parent.path().join("deep/data");
    let first = DataDirectory::lock(&path).unwrap();
    let second = DataDirectory::lock(&path).unwrap_err();
    assert!(matches!(&second, StoreError::Locked { path: locked } if *locked == path), "{second:?}");
    assert!(second.to_string().contains("is used by another process"), "{second}");
    drop(first);
    DataDirectory::lock(&path).expect("the lock is given up with the value");
}

#[cfg(unix)]
#[test]
fn a_data_directory_is_the_owners() {
    use std::os::unix::fs::PermissionsExt;
    let parent = tempfile::tempdir().unwrap();
    let directory = DataDirectory::lock(parent.path().join("data")).unwrap();
    let mode = directory.path().metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[test]
fn a_file_is_no_data_directory() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let error = DataDirectory::lock(file.path()).unwrap_err();
    assert_eq!(error.reason(), "DATA_DIRECTORY_UNUSABLE");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_database_is_refused() {
    for database in databases().await {
        let newer = [migration(1, FIRST), migration(2, "CREATE TABLE b (n BIGINT NOT NULL)")];
        open(&database, &newer).await.unwrap().close().await;
        let error = open(&database, &newer[..1]).await.unwrap_err();
        assert!(
            matches!(error, StoreError::NewerDatabase { service: "spec", version: 2, known: 1 }),
            "{}: {error:?}",
            database.name()
        );
        assert_eq!((error.kind(), error.reason()), (ErrorKind::FailedPrecondition, "DATABASE_NEWER"));
        // a refused opening gives up its locks
        open(&database, &newer).await.unwrap().close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_store_is_refused() {
    for database in databases().await {
        let store = open(&database, &[migration(1, FIRST)]).await.unwrap();
        store.close().await;
        // what a store with a second migration of its own would leave
        let url = database.database("spec");
        let sql = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                   SELECT -999, 'later', success, checksum, 0 FROM _sqlx_migrations WHERE version = 1";
        run(&url, sql).await;
        let error = open(&database, &[migration(1, FIRST)]).await.unwrap_err();
        assert!(
            matches!(error, StoreError::NewerDatabase { version: -999, known: -1000, .. }),
            "{}: {error:?}",
            database.name()
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_of_other_migrations_is_refused() {
    for database in databases().await {
        open(&database, &[migration(1, FIRST)]).await.unwrap().close().await;
        let changed = open(&database, &[migration(1, "CREATE TABLE z (n BIGINT)")]).await.unwrap_err();
        assert!(matches!(changed, StoreError::ForeignDatabase { .. }), "{changed:?}");
        let unknown = open(&database, &[migration(5, FIRST)]).await.unwrap_err();
        assert!(matches!(unknown, StoreError::ForeignDatabase { .. }), "{unknown:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_migration_leaves_nothing() {
    for database in databases().await {
        let broken = [migration(1, FIRST), migration(2, "CREATE TABLE b (n BIGINT); SELECT nonsense FROM b")];
        let error = open(&database, &broken).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Internal, "{}: {error:?}", database.name());
        let mended = [migration(1, FIRST), migration(2, "CREATE TABLE b (n BIGINT)")];
        open(&database, &mended).await.unwrap().close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn names_and_versions_are_checked() {
    for database in databases().await {
        for name in ["", "Spec", "spec; drop", "1spec"] {
            let error = database.open(name, migrations()).await.unwrap_err();
            assert!(matches!(error, StoreError::InvalidConfig(_)), "{name}: {error:?}");
        }
        let error = open(&database, &[migration(0, FIRST)]).await.unwrap_err();
        assert!(matches!(error, StoreError::InvalidConfig(_)), "{error:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_not_there_is_an_error() {
    let template = databases().await.remove(0).config("spec", migrations());
    for database in [
        Database::Sqlite { path: "/nonexistent/spec.db".into() },
        Database::Postgres { url: "postgres://postgres@127.0.0.1:1/none".to_owned() },
        Database::Postgres { url: "nonsense".to_owned() },
    ] {
        let outcome = Store::open(Config { database: database.clone(), ..template.clone() }).await;
        let error = outcome.expect_err("there is no such database");
        assert!(
            matches!(error, StoreError::InvalidConfig(_) | StoreError::Unavailable(_)),
            "{database:?}: {error:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_replicas_start_at_once() {
    for database in databases().await.iter().filter(|database| database.is_postgres()) {
        let (first, second) = join!(database.open("spec", migrations()), database.open("spec", migrations()));
        let (first, second) = (first.unwrap(), second.unwrap());
        assert_eq!(first.log().id(), second.log().id());
        join!(first.close(), second.close());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn services_share_a_server() {
    for database in databases().await {
        let spec = database.open("spec", migrations()).await.unwrap();
        let other = database.open("other", migrations()).await.unwrap();
        assert_ne!(spec.log().id(), other.log().id(), "{}", database.name());
        join!(spec.close(), other.close());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sqlite_reader_cannot_write() {
    let database = databases().await.remove(0);
    let store = database.open("spec", migrations()).await.unwrap();
    let mut conn = store.read().await.unwrap();
    let error = mark(&mut conn, "a", None).await.unwrap_err();
    assert!(error.to_string().contains("readonly"), "{error}");
    let journal: String =
        on_db!(conn, |c| sqlx::query_scalar("PRAGMA journal_mode").fetch_one(c).await).unwrap();
    assert_eq!(journal, "wal");
}

/// Runs a statement beside the store.
async fn run(database: &Database, sql: &str) {
    use sqlx::{ConnectOptions, Executor, postgres::PgConnectOptions, sqlite::SqliteConnectOptions};
    match database {
        Database::Sqlite { path } => {
            let mut connection =
                SqliteConnectOptions::new().filename(path).connect().await.expect("the database answers");
            connection.execute(sql).await.expect("the database answers");
        }
        Database::Postgres { url } => {
            let options: PgConnectOptions = url.parse().expect("the database answers");
            let mut connection =
                options.options([("search_path", "spec")]).connect().await.expect("the database answers");
            connection.execute(sql).await.expect("the database answers");
        }
    }
}
