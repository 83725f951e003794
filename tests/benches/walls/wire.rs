//! Round trips to PostgreSQL. Without `TCP_NODELAY` a statement waits for the server's delayed
//! acknowledgement, 40 ms and more; one version of the database library lost it (transact-rs/sqlx #4335).

use std::time::Instant;

use matchday_store::{Conn, on_db, sqlx, testing};

use crate::{
    Effort,
    figure::{Target, median, millis, percentile, show},
};

/// Longest round trip of a small statement, in milliseconds.
const ROUND_TRIP: f64 = 5.0;
/// Statements timed.
const STATEMENTS: usize = 500;

/// Measures and prints.
pub(crate) async fn measure(_: Effort) {
    let Some(database) = testing::postgres().await else {
        return;
    };
    let opened = database.open(matchday_venues::NAME, matchday_venues::migrations()).await;
    let store = opened.expect("a fresh database");
    let mut conn = store.read().await.expect("the server answered a moment ago");
    for (name, is_kept) in [("prepared before", true), ("prepared each time", false)] {
        let mut times = Vec::new();
        for _ in 0..STATEMENTS {
            let begun = Instant::now();
            head(&mut conn, is_kept).await.expect("the log has a head");
            times.push(millis(begun.elapsed()));
        }
        let name = format!("PostgreSQL, a small statement {name}");
        show(&format!("{name}: p50"), median(&times), "ms", Target::AtMost(ROUND_TRIP));
        show(&format!("{name}: p99"), percentile(&times, 99), "ms", Target::None);
    }
    drop(conn);
    store.close().await;
}

async fn head(conn: &mut Conn, is_kept: bool) -> Result<i64, sqlx::Error> {
    on_db!(conn, |c| sqlx::query_scalar("SELECT sequence FROM log_head WHERE one = $1")
        .bind(1)
        .persistent(is_kept)
        .fetch_one(c)
        .await)
}
