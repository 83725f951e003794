//! Control in this process, beside logs in which the test speaks for the services it follows.

use matchday_api::control::v1::{
    log_service_client::LogServiceClient, run_sheet_service_client::RunSheetServiceClient,
};
use matchday_rpc::{Peer, parse::to_timestamp};
use matchday_runtime::testing::{Solo, minutes_after};
use matchday_store::Database;
use prost_types::Timestamp;

/// The tournament of the tests.
pub(crate) const TOURNAMENT: &str = "tournaments/t";

/// A moment so many minutes after the clock of tests.
pub(crate) fn at(minute: i64) -> Timestamp {
    to_timestamp(minutes_after(minute))
}

/// Control, and the logs it follows.
pub(crate) struct House {
    pub(crate) run_sheet: RunSheetServiceClient<Peer>,
    pub(crate) journal: LogServiceClient<Peer>,
    solo: Solo,
}

impl House {
    /// One on each database.
    pub(crate) async fn on_each_database() -> Vec<Self> {
        let follows = ["scheduling", "venues", "volunteers", "visitors"];
        let solos = Solo::on_each_database(matchday_control::NAME, matchday_control::build, &follows).await;
        let house = |solo: Solo| Self {
            run_sheet: RunSheetServiceClient::new(solo.peer.clone()),
            journal: LogServiceClient::new(solo.peer.clone()),
            solo,
        };
        solos.into_iter().map(house).collect()
    }

    /// Sets the clock to a moment so many minutes after that of tests.
    pub(crate) fn set_clock(&self, minute: i64) {
        self.solo.set_clock(minute);
    }

    /// Says something in the name of a service, and waits until control has heard it.
    pub(crate) async fn say<M: prost::Name>(&mut self, service: &str, payload: &M) {
        self.solo.say(service, TOURNAMENT, payload).await;
    }

    /// The replies that control keeps, and the payloads of its events: to look for what must not be there.
    pub(crate) async fn replies_and_events(&self) -> Vec<Vec<u8>> {
        let migrations = matchday_control::migrations();
        let path = self.solo.data.path().join("control.db");
        let database = match self.solo.database.database(matchday_control::NAME) {
            Database::Sqlite { .. } => Database::Sqlite { path },
            postgres @ Database::Postgres { .. } => postgres,
        };
        let config = matchday_store::Config { database, ..self.solo.database.config("control", migrations) };
        let store = matchday_store::Store::open(config).await.expect("the store opens beside");
        let mut conn = store.read().await.expect("a connection");
        let replies: Vec<(Vec<u8>,)> =
            matchday_store::on_db!(conn, |c| sqlx::query_as("SELECT reply FROM replies").fetch_all(c).await)
                .expect("replies");
        drop(conn);
        let events = store.log().after(0, 1000).await.expect("events");
        let payloads = events.into_iter().filter_map(|event| event.payload).map(|payload| payload.value);
        replies.into_iter().map(|(reply,)| reply).chain(payloads).collect()
    }

    /// Ends it.
    pub(crate) async fn close(self) {
        self.solo.close().await;
    }
}
