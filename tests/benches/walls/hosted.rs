//! All services in this process, as the program hosts them.

use std::{fs, path::PathBuf};

use matchday_kernel::Clock;
use matchday_rpc::{Credentials, Peer, parse, peer};
use matchday_runtime::{
    Host, Running, Settings, ambient, keys, senders::Senders, settings::Trust, telemetry::LogFormat,
};
use matchday_store::{Database, testing, testing::TestDatabase};
use matchday_tests::{clients::Clients, house::known, make, stage::Engine};
use tempfile::TempDir;

/// Connections that a load comes through: one carries 200 calls at once and no more.
pub(crate) const CONNECTIONS: usize = 8;

/// Hosted services on a fresh database.
pub(crate) struct Hosted {
    running: Running,
    token: String,
    _database: Option<TestDatabase>,
    data: TempDir,
}

impl Hosted {
    /// Hosts all services, which commit at most so many writes at once; `None` where there is no server.
    ///
    /// # Panics
    /// When they cannot be hosted.
    pub(crate) async fn open(engine: Engine, max_batch: usize) -> Option<Self> {
        Self::with(engine, max_batch, ambient::clock()).await
    }

    /// Hosts all services with a clock that begins at so many minutes after the first day of [`make::at`]; `None`
    /// where there is no server.
    ///
    /// # Panics
    /// When they cannot be hosted.
    pub(crate) async fn rehearsing(engine: Engine, minute: i64) -> Option<Self> {
        let then = parse::instant("now", Some(make::at(minute))).expect("a time").expect("a time");
        let clock = ambient::clock_ahead(then.since(ambient::clock().now()));
        Self::with(engine, 1000, clock).await
    }

    async fn with(engine: Engine, max_batch: usize, clock: Clock) -> Option<Self> {
        let database = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => Some(testing::postgres().await?),
        };
        let data = TempDir::with_prefix("matchday-walls-").expect("a directory for temporary files");
        let settings = Settings {
            data: data.path().to_owned(),
            listen: ([127, 0, 0, 1], 0).into(),
            service: known().iter().map(|(name, _)| (*name).to_owned()).collect(),
            database: database.as_ref().and_then(url),
            peer: [].into(),
            trust: Trust::Own {},
            log: "info".into(),
            log_format: LogFormat::Human,
            no_notify: false,
            clock_shift: None,
            senders: Senders::default(),
        };
        let host = Host { settings, known: known(), clock, random: ambient::random(), max_batch };
        let running = host.start().await.expect("hosted");
        let token = fs::read_to_string(data.path().join(keys::ADMIN_TOKEN)).expect("made by the host");
        Some(Self { running, token, _database: database, data })
    }

    /// Where it answers.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.running.address())
    }

    /// The file with the token of an administrator.
    pub(crate) fn token_file(&self) -> PathBuf {
        self.data.path().join(keys::ADMIN_TOKEN)
    }

    /// A connection to its port, for an administrator.
    pub(crate) fn connection(&self) -> Peer {
        connection(&self.url(), &self.token)
    }

    /// Its services without a network in between, for an administrator.
    pub(crate) fn local(&self) -> Peer {
        with(&self.token, self.running.peer())
    }

    /// The clients of an administrator.
    pub(crate) fn clients(&self) -> Clients {
        let peer = self.connection();
        Clients::new(|_| peer.clone())
    }

    /// Ends it.
    pub(crate) async fn close(self) {
        self.running.stop().await;
    }
}

/// A connection with a token.
///
/// # Panics
/// When the url or the token is none.
pub(crate) fn connection(url: &str, token: &str) -> Peer {
    with(token, peer::remote(url).expect("an address"))
}

fn with(token: &str, peer: Peer) -> Peer {
    Credentials::token(token).expect("a token is ASCII").on(peer)
}

/// So many clients, over [`CONNECTIONS`] connections.
pub(crate) fn spread<C: Clone>(in_flight: usize, connect: impl Fn() -> C) -> Vec<C> {
    let connections: Vec<C> = (0..CONNECTIONS).map(|_| connect()).collect();
    connections.into_iter().cycle().take(in_flight).collect()
}

/// The address of a database, where a server has it.
pub(crate) fn url(database: &TestDatabase) -> Option<String> {
    match database.database("any") {
        Database::Postgres { url } => Some(url),
        Database::Sqlite { .. } => None,
    }
}
