//! The store of control, on both databases.

/// What every service's store must do, with the tables of control.
#[tokio::test(flavor = "multi_thread")]
async fn conforms() {
    matchday_store::testing::conformance(matchday_control::NAME, matchday_control::migrations()).await;
}
