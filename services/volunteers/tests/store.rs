//! The store of volunteers, on both databases.

/// What every service's store must do, with the tables of volunteers.
#[tokio::test(flavor = "multi_thread")]
async fn conforms() {
    matchday_store::testing::conformance(matchday_volunteers::NAME, matchday_volunteers::migrations()).await;
}
