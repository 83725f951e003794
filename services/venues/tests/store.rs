//! The store of venues, on both databases.

/// What every service's store must do, with the tables of venues.
#[tokio::test(flavor = "multi_thread")]
async fn conforms() {
    matchday_store::testing::conformance(matchday_venues::NAME, matchday_venues::migrations()).await;
}
