//! Venues in this process, and a log of scheduling in which the test speaks.

use std::{
    fs,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use matchday_api::{
    event::v1::{AwaitFollowerRequest, event_service_client::EventServiceClient},
    venues::v1::{
        ImportSiteRequest, Site, Venue, VenuePurpose, place_service_client::PlaceServiceClient,
        work_order_service_client::WorkOrderServiceClient,
    },
};
use matchday_kernel::{Instant, ManualClock, Random};
use matchday_rpc::{Credentials, Peer, parse::to_timestamp};
use matchday_runtime::{
    Build, Context, Desk, Host, Running, Service, Settings, keys, settings::Trust, telemetry::LogFormat,
};
use matchday_store::{
    BoxFuture, Database, Locks, NewEvent, StoreError,
    testing::{TestDatabase, databases, now},
};
use prost_types::Timestamp;
use tempfile::TempDir;

/// The tournament of the tests.
pub(crate) const TOURNAMENT: &str = "tournaments/t";
/// The venue of the tests.
pub(crate) const VENUE: &str = "sites/s/venues/v";

/// The desk of scheduling that a house has just built; one house is built at a time.
static BUILT: Mutex<Option<Desk>> = Mutex::new(None);
static BUILDING: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// A moment so many minutes after the clock of tests.
pub(crate) fn at(minute: i64) -> Timestamp {
    to_timestamp(moment(minute))
}

fn moment(minute: i64) -> Instant {
    Instant::from_micros(now().as_micros() + minute * 60_000_000).expect("a moment of the calendar")
}

/// Venues with one venue, and the log it follows.
pub(crate) struct House {
    pub(crate) work_orders: WorkOrderServiceClient<Peer>,
    events: EventServiceClient<Peer>,
    clock: ManualClock,
    scheduling: Desk,
    running: Running,
    _data: TempDir,
    _database: TestDatabase,
}

/// A scheduling that only has a log.
fn speaker(context: Context) -> BoxFuture<'static, Result<Service, StoreError>> {
    Box::pin(async move {
        let name = "scheduling";
        let desk = context.open(name, matchday_venues::migrations()).await?;
        *BUILT.lock().unwrap_or_else(PoisonError::into_inner) = Some(desk.clone());
        let store = desk.store().clone();
        let routes = Box::new(|routes| routes);
        Ok(Service { name, store, routes, grpc: vec![], follows: vec![], tasks: vec![] })
    })
}

impl House {
    /// One on each database.
    pub(crate) async fn on_each_database() -> Vec<Self> {
        let mut houses = Vec::new();
        for database in databases().await {
            houses.push(Self::open(database).await);
        }
        houses
    }

    async fn open(database: TestDatabase) -> Self {
        static SEED: AtomicU64 = AtomicU64::new(1);
        let known: Vec<(&'static str, Build)> =
            vec![(matchday_venues::NAME, matchday_venues::build), ("scheduling", speaker)];
        let data = TempDir::with_prefix("matchday-venues-").expect("a temporary directory");
        let url = match database.database(matchday_venues::NAME) {
            Database::Postgres { url } => Some(url),
            Database::Sqlite { .. } => None,
        };
        let settings = Settings {
            data: data.path().to_owned(),
            listen: ([127, 0, 0, 1], 0).into(),
            service: known.iter().map(|(name, _)| (*name).to_owned()).collect(),
            database: url,
            peer: [].into(),
            trust: Trust::Own {},
            log: "info".into(),
            log_format: LogFormat::Human,
            no_notify: false,
            clock_shift: None,
        };
        let clock = ManualClock::new(now());
        let random = Random::seeded(SEED.fetch_add(1, Ordering::Relaxed));
        let building = BUILDING.lock().await;
        let host = Host { settings, known, clock: clock.clock(), random, max_batch: 1000 };
        let running = host.start().await.expect("it is hosted");
        let built = BUILT.lock().unwrap_or_else(PoisonError::into_inner).take();
        drop(building);
        let token =
            fs::read_to_string(data.path().join(keys::ADMIN_TOKEN)).expect("the administrator's token");
        let peer = Credentials::token(&token).expect("a token").on(running.peer());
        let mut places = PlaceServiceClient::new(peer.clone());
        places.import_site(site()).await.expect("the site is imported");
        Self {
            work_orders: WorkOrderServiceClient::new(peer.clone()),
            events: EventServiceClient::new(peer),
            clock,
            scheduling: built.expect("scheduling was built"),
            running,
            _data: data,
            _database: database,
        }
    }

    /// Sets the clock to a moment so many minutes after that of tests.
    pub(crate) fn set_clock(&self, minute: i64) {
        self.clock.set(moment(minute));
    }

    /// Says something in the name of scheduling, and waits until venues has heard it.
    pub(crate) async fn say<M: prost::Name>(&mut self, payload: &M) {
        let (desk, event) = (&self.scheduling, NewEvent::new(TOURNAMENT, Some(&TOURNAMENT), payload));
        let call = desk.own_call("services/test", desk.new_change());
        let written = desk.store().write::<i64, StoreError, _>(call, Locks::none(), |tx| {
            tx.emit(event);
            Box::pin(async { Ok(0) })
        });
        written.await.expect("it is said");
        let sequence = desk.store().log().head().await.expect("the head of the log");
        let (follower, log) = ("venues".into(), "scheduling".into());
        let request = AwaitFollowerRequest { follower, log, sequence };
        self.events.await_follower(request).await.expect("venues follows");
    }

    /// Ends it.
    pub(crate) async fn close(self) {
        self.running.stop().await;
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
