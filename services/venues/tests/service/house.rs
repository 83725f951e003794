//! Venues in this process, and a log of scheduling in which the test speaks.

use matchday_api::venues::v1::{
    ImportSiteRequest, Site, Venue, VenuePurpose, place_service_client::PlaceServiceClient,
    work_order_service_client::WorkOrderServiceClient,
};
use matchday_rpc::{Peer, parse::to_timestamp};
use matchday_runtime::testing::{Solo, minutes_after};
use prost_types::Timestamp;

/// The tournament of the tests.
pub(crate) const TOURNAMENT: &str = "tournaments/t";
/// The venue of the tests.
pub(crate) const VENUE: &str = "sites/s/venues/v";

/// A moment so many minutes after the clock of tests.
pub(crate) fn at(minute: i64) -> Timestamp {
    to_timestamp(minutes_after(minute))
}

/// Venues with one venue, and the log it follows.
pub(crate) struct House {
    pub(crate) work_orders: WorkOrderServiceClient<Peer>,
    solo: Solo,
}

impl House {
    /// One on each database.
    pub(crate) async fn on_each_database() -> Vec<Self> {
        let follows = ["scheduling"];
        let solos = Solo::on_each_database(matchday_venues::NAME, matchday_venues::build, &follows).await;
        let mut houses = Vec::new();
        for solo in solos {
            let mut places = PlaceServiceClient::new(solo.peer.clone());
            places.import_site(site()).await.expect("the site is imported");
            houses.push(Self { work_orders: WorkOrderServiceClient::new(solo.peer.clone()), solo });
        }
        houses
    }

    /// Sets the clock to a moment so many minutes after that of tests.
    pub(crate) fn set_clock(&self, minute: i64) {
        self.solo.set_clock(minute);
    }

    /// Says something in the name of scheduling, and waits until venues has heard it.
    pub(crate) async fn say<M: prost::Name>(&mut self, payload: &M) {
        self.solo.say("scheduling", TOURNAMENT, payload).await;
    }

    /// Ends it.
    pub(crate) async fn close(self) {
        self.solo.close().await;
    }
}

fn site() -> ImportSiteRequest {
    let venue = Venue {
        name: VENUE.into(),
        display_name: "Stadium".into(),
        purpose: VenuePurpose::Match.into(),
        ..Venue::default()
    };
    let site = Site {
        name: "sites/s".into(),
        display_name: "Site".into(),
        time_zone: "Asia/Shanghai".into(),
        ..Site::default()
    };
    ImportSiteRequest { site: Some(site), venues: vec![venue], ..ImportSiteRequest::default() }
}
