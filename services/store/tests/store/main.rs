//! The store on both databases: PostgreSQL where `MATCHDAY_TEST_POSTGRES_URL` or a local server answers.

mod follow;
mod gather;
mod log;
mod lost;
mod open;
mod replicas;
mod schema;
mod stubs;
#[cfg(target_os = "linux")]
mod wire;
mod write;

#[tokio::test(flavor = "multi_thread")]
async fn the_store_conforms() {
    matchday_store::testing::conformance("spec", schema::migrations()).await;
}
