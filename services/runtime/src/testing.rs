//! One service in a test's process, on each database, beside logs in which the test speaks for the services it
//! follows. Only with the feature `testing`.

use std::{
    fs,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use matchday_api::event::v1::{AwaitFollowerRequest, event_service_client::EventServiceClient};
use matchday_kernel::{Instant, ManualClock, Random, SignedDuration};
use matchday_rpc::{Credentials, Peer};
use matchday_store::{
    BoxFuture, Database, Locks, Migrations, NewEvent, StoreError,
    sqlx::migrate::Migrator,
    testing::{TestDatabase, databases, now},
};
use tempfile::TempDir;

use crate::{
    Build, Context, Desk, Host, Running, Service, Settings, keys, senders::Senders, settings::Trust,
    telemetry::LogFormat,
};

/// The desks of the speakers that a [`Solo`] has just built; one is built at a time.
static BUILT: Mutex<Vec<Desk>> = Mutex::new(Vec::new());
static BUILDING: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// The services that can be followed, each with nothing but its log.
const SPEAKERS: [(&str, Build); 4] = [
    ("scheduling", |context| speaker("scheduling", context)),
    ("venues", |context| speaker("venues", context)),
    ("volunteers", |context| speaker("volunteers", context)),
    ("visitors", |context| speaker("visitors", context)),
];

fn speaker(name: &'static str, context: Context) -> BoxFuture<'static, Result<Service, StoreError>> {
    Box::pin(async move {
        let migrations = Migrations { sqlite: Migrator::DEFAULT, postgres: Migrator::DEFAULT };
        let desk = context.open(name, migrations).await?;
        BUILT.lock().unwrap_or_else(PoisonError::into_inner).push(desk.clone());
        let store = desk.store().clone();
        let routes = Box::new(|routes| routes);
        Ok(Service { name, store, routes, grpc: vec![], follows: vec![], pages: None, tasks: vec![] })
    })
}

/// A service hosted for a test, with the logs it follows.
pub struct Solo {
    /// Its peer, for an administrator.
    pub peer: Peer,
    /// Its clock, at [`now`] until it is set.
    pub clock: ManualClock,
    /// Its database.
    pub database: TestDatabase,
    /// Its data directory.
    pub data: TempDir,
    name: &'static str,
    desks: Vec<Desk>,
    running: Running,
}

impl Solo {
    /// Hosts a service on each database there is.
    ///
    /// # Panics
    /// When it cannot be hosted.
    pub async fn on_each_database(name: &'static str, build: Build, follows: &[&str]) -> Vec<Self> {
        let mut hosted = Vec::new();
        for database in databases().await {
            hosted.push(Self::host(database, name, build, follows).await);
        }
        hosted
    }

    async fn host(database: TestDatabase, name: &'static str, build: Build, follows: &[&str]) -> Self {
        static SEED: AtomicU64 = AtomicU64::new(1);
        let spoken = SPEAKERS.into_iter().filter(|(speaker, _)| follows.contains(speaker));
        let known: Vec<(&'static str, Build)> = [(name, build)].into_iter().chain(spoken).collect();
        let data = TempDir::with_prefix("matchday-solo-").expect("a temporary directory");
        let url = match database.database(name) {
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
            senders: Senders::default(),
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
        let peer = Credentials::token(token.trim()).expect("a token").on(running.peer());
        Self { peer, clock, database, data, name, desks, running }
    }

    /// Sets the clock to so many minutes after that of tests.
    ///
    /// # Panics
    /// Beyond the calendar.
    pub fn set_clock(&self, minute: i64) {
        self.clock.set(minutes_after(minute));
    }

    /// Says something of a tournament in the log of a service, and waits until the hosted one has heard it.
    ///
    /// # Panics
    /// When it does not follow that log, or cannot apply the event.
    pub async fn say<M: prost::Name>(&self, log: &str, tournament: &str, payload: &M) {
        let desk = self.desks.iter().find(|desk| desk.store().service() == log).expect("it is spoken for");
        let event = NewEvent::new(tournament, Some(&tournament), payload);
        let call = desk.own_call("services/test", desk.new_change());
        let written = desk.store().write::<i64, StoreError, _>(call, Locks::none(), |tx| {
            tx.emit(event);
            Box::pin(async { Ok(0) })
        });
        written.await.expect("it is said");
        let sequence = desk.store().log().head().await.expect("the head of the log");
        let request = AwaitFollowerRequest { follower: self.name.into(), log: log.into(), sequence };
        EventServiceClient::new(self.peer.clone()).await_follower(request).await.expect("it is heard");
    }

    /// Ends it.
    pub async fn close(self) {
        self.running.stop().await;
    }
}

/// A moment so many minutes after the clock of tests.
///
/// # Panics
/// Beyond the calendar.
#[must_use]
pub fn minutes_after(minute: i64) -> Instant {
    now().checked_add(SignedDuration::from_mins(minute)).expect("a moment of the calendar")
}
