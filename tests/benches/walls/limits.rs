//! What the disk and the database of this machine can do at all, without anything of ours.

use std::{
    fs::File,
    io::Write,
    time::{Duration, Instant},
};

use matchday_store::testing;
use matchday_tests::stage::Engine;
use sqlx::{
    Connection, Executor, PgConnection, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use tempfile::TempDir;

use crate::{
    figure::{Target, count, show},
    hosted::url,
};

/// Prints how often the disk takes an append for good.
///
/// # Panics
/// When it does not take one.
pub(crate) fn show_disk(lasts: Duration) {
    show("this disk: 4 KiB appended and synced", synced(lasts), "/s", Target::None);
}

/// Prints how many rows the database takes one by one; `false` where there is no server.
///
/// # Panics
/// When it does not take one.
pub(crate) async fn show_database(engine: Engine, lasts: Duration) -> bool {
    let Some(bare) = bare(engine, lasts).await else {
        return false;
    };
    show(&format!("{engine:?}: INSERT and COMMIT, one connection"), bare, "/s", Target::None);
    true
}

/// Appends that reach the disk, per second.
fn synced(lasts: Duration) -> f64 {
    let directory = TempDir::with_prefix("matchday-walls-").expect("a directory for temporary files");
    let mut file = File::create(directory.path().join("synced")).expect("a file in it");
    let begun = Instant::now();
    let mut syncs = 0;
    while begun.elapsed() < lasts {
        file.write_all(&[7; 4096]).expect("the disk takes it");
        file.sync_data().expect("the disk takes it");
        syncs += 1;
    }
    count(syncs) / begun.elapsed().as_secs_f64()
}

const TABLE: &str = "CREATE TABLE bare (number BIGINT NOT NULL PRIMARY KEY, title TEXT NOT NULL)";
const INSERT: &str = "INSERT INTO bare (number, title) VALUES ($1, $2)";
const TITLE: &str = "Care of the lawn";

/// Rows that the database takes one by one from one connection, per second; `None` where there is no server.
async fn bare(engine: Engine, lasts: Duration) -> Option<f64> {
    let mut rows = 0;
    match engine {
        Engine::Sqlite => {
            let directory = TempDir::with_prefix("matchday-walls-").expect("a directory for temporary files");
            let options = SqliteConnectOptions::new()
                .filename(directory.path().join("bare.db"))
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full);
            let mut connection = SqliteConnection::connect_with(&options).await.expect("a new file");
            connection.execute(TABLE).await.expect("a new table");
            let begun = Instant::now();
            while begun.elapsed() < lasts {
                let row = sqlx::query(INSERT).bind(rows).bind(TITLE);
                row.execute(&mut connection).await.expect("a new row");
                rows += 1;
            }
            Some(per_second(rows, begun.elapsed()))
        }
        Engine::Postgres => {
            let database = testing::postgres().await?;
            let url = url(&database).expect("it is a server's");
            let mut connection = PgConnection::connect(&url).await.expect("the server answers");
            connection.execute(TABLE).await.expect("a new table");
            let begun = Instant::now();
            while begun.elapsed() < lasts {
                let row = sqlx::query(INSERT).bind(rows).bind(TITLE);
                row.execute(&mut connection).await.expect("a new row");
                rows += 1;
            }
            Some(per_second(rows, begun.elapsed()))
        }
    }
}

fn per_second(rows: i64, took: Duration) -> f64 {
    count(usize::try_from(rows).expect("it counts up")) / took.as_secs_f64()
}
