//! The store of visitors, on both databases.

/// What every service's store must do, with the tables of visitors.
#[tokio::test(flavor = "multi_thread")]
async fn conforms() {
    matchday_store::testing::conformance(matchday_visitors::NAME, matchday_visitors::migrations()).await;
}
