//! Control in this process, beside logs in which the test speaks for the services it follows.

use std::{
    fs,
    sync::atomic::{AtomicU64, Ordering},
    sync::{Mutex, PoisonError},
};

use matchday_api::{
    control::v1::{log_service_client::LogServiceClient, run_sheet_service_client::RunSheetServiceClient},
    event::v1::{AwaitFollowerRequest, event_service_client::EventServiceClient},
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

/// The desks of the services that a house has just built; one house is built at a time.
static BUILT: Mutex<Vec<Desk>> = Mutex::new(Vec::new());
static BUILDING: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// A moment so many minutes after the clock of tests.
pub(crate) fn at(minute: i64) -> Timestamp {
    to_timestamp(moment(minute))
}

fn moment(minute: i64) -> Instant {
    Instant::from_micros(now().as_micros() + minute * 60_000_000).expect("a moment of the calendar")
}

/// Control, and the logs it follows.
pub(crate) struct House {
    pub(crate) run_sheet: RunSheetServiceClient<Peer>,
    pub(crate) journal: LogServiceClient<Peer>,
    events: EventServiceClient<Peer>,
    clock: ManualClock,
    desks: Vec<Desk>,
    running: Running,
    data: TempDir,
    database: TestDatabase,
}

/// A service that only has a log.
fn speaker(name: &'static str, context: Context) -> BoxFuture<'static, Result<Service, StoreError>> {
    Box::pin(async move {
        let desk = context.open(name, matchday_control::migrations()).await?;
        BUILT.lock().unwrap_or_else(PoisonError::into_inner).push(desk.clone());
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
        let known: Vec<(&'static str, Build)> = vec![
            (matchday_control::NAME, matchday_control::build),
            ("scheduling", |context| speaker("scheduling", context)),
            ("venues", |context| speaker("venues", context)),
            ("volunteers", |context| speaker("volunteers", context)),
            ("visitors", |context| speaker("visitors", context)),
        ];
        let data = TempDir::with_prefix("matchday-control-").expect("a temporary directory");
        let url = match database.database(matchday_control::NAME) {
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
        let desks = std::mem::take(&mut *BUILT.lock().unwrap_or_else(PoisonError::into_inner));
        drop(building);
        let token =
            fs::read_to_string(data.path().join(keys::ADMIN_TOKEN)).expect("the administrator's token");
        let peer = Credentials::token(&token).expect("a token").on(running.peer());
        Self {
            run_sheet: RunSheetServiceClient::new(peer.clone()),
            journal: LogServiceClient::new(peer.clone()),
            events: EventServiceClient::new(peer),
            clock,
            desks,
            running,
            data,
            database,
        }
    }

    /// Sets the clock to a moment so many minutes after that of tests.
    pub(crate) fn set_clock(&self, minute: i64) {
        self.clock.set(moment(minute));
    }

    /// Says something in the name of a service, and waits until control has heard it.
    pub(crate) async fn say<M: prost::Name>(&mut self, service: &str, payload: &M) {
        let desk = self.desks.iter().find(|desk| desk.store().service() == service).expect("a service");
        let event = NewEvent::new(TOURNAMENT, Some(&TOURNAMENT), payload);
        let call = desk.own_call("services/test", desk.new_change());
        let written = desk.store().write::<i64, StoreError, _>(call, Locks::none(), |tx| {
            tx.emit(event);
            Box::pin(async { Ok(0) })
        });
        written.await.expect("it is said");
        let sequence = desk.store().log().head().await.expect("the head of the log");
        let request = AwaitFollowerRequest { follower: "control".into(), log: service.into(), sequence };
        self.events.await_follower(request).await.expect("control follows");
    }

    /// The replies that control keeps, and the payloads of its events: to look for what must not be there.
    pub(crate) async fn replies_and_events(&self) -> Vec<Vec<u8>> {
        let migrations = matchday_control::migrations();
        let path = self.data.path().join("control.db");
        let database = match self.database.database(matchday_control::NAME) {
            Database::Sqlite { .. } => Database::Sqlite { path },
            postgres @ Database::Postgres { .. } => postgres,
        };
        let config = matchday_store::Config { database, ..self.database.config("control", migrations) };
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
        self.running.stop().await;
    }
}
