//! The store of scheduling, on both databases.

/// What every service's store must do, with the tables of scheduling.
#[tokio::test(flavor = "multi_thread")]
async fn conforms() {
    matchday_store::testing::conformance(matchday_scheduling::NAME, matchday_scheduling::migrations()).await;
}
