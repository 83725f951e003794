//! Hosted services on a fresh database, however they are hosted.

use matchday_kernel::{Clock, Instant, ManualClock, SignedDuration};
use matchday_rpc::Peer;
use matchday_runtime::ambient;
use matchday_store::{Database, testing, testing::TestDatabase};
use tempfile::TempDir;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::{
    clients::Clients,
    house::House,
    tokens::Tokens,
    town::{Plan, Town},
};

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Files in a directory.
    Sqlite,
    /// A server; skipped, with a word, where there is none.
    Postgres,
}

/// How the services are hosted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hosting {
    /// In this process, called without a network in between.
    Local,
    /// In this process, called at their port.
    Port,
    /// In processes of the program.
    Processes(Plan),
}

/// Five services may hold 75 connections, and a server as it is installed gives 100: one house after the other uses it.
static SERVER: Semaphore = Semaphore::const_new(1);

/// Hosted services; they and their data are gone when it is dropped.
pub struct Stage {
    hosted: Hosted,
    hosting: Hosting,
    tokens: Tokens,
    clock: Option<ManualClock>,
    /// After what uses it: dropped last.
    database: Option<TestDatabase>,
    _server: Option<SemaphorePermit<'static>>,
    data: TempDir,
}

enum Hosted {
    House(Box<House>),
    Town(Town),
}

impl Stage {
    /// Hosts all services on a fresh database; `None` where there is no server.
    ///
    /// # Panics
    /// When they cannot be hosted.
    pub async fn open(engine: Engine, hosting: Hosting) -> Option<Self> {
        Self::with(engine, hosting, true, None, &[]).await
    }

    /// The same without LISTEN/NOTIFY.
    ///
    /// # Panics
    /// When they cannot be hosted.
    pub async fn without_notify(engine: Engine, hosting: Hosting) -> Option<Self> {
        Self::with(engine, hosting, false, None, &[]).await
    }

    /// Hosts all services in processes whose clocks are so much ahead of the machine's.
    ///
    /// # Panics
    /// When they cannot be hosted.
    pub async fn rehearsing(engine: Engine, plan: Plan, ahead: SignedDuration) -> Option<Self> {
        Self::with(engine, Hosting::Processes(plan), true, Some(ahead), &[]).await
    }

    /// Hosts all services in one process that is started with these flags, too.
    ///
    /// # Panics
    /// When they cannot be hosted.
    pub async fn with_flags(engine: Engine, flags: &[String]) -> Option<Self> {
        Self::with(engine, Hosting::Processes(Plan::One), true, None, flags).await
    }

    async fn with(
        engine: Engine,
        hosting: Hosting,
        notify: bool,
        ahead: Option<SignedDuration>,
        flags: &[String],
    ) -> Option<Self> {
        let (database, server) = match engine {
            Engine::Sqlite => (None, None),
            Engine::Postgres => {
                let server = SERVER.acquire().await.ok();
                (Some(testing::postgres().await?), server)
            }
        };
        let url = database.as_ref().and_then(url_of);
        let data = TempDir::with_prefix("matchday-stage-").expect("a directory for temporary files");
        let manual = ManualClock::new(testing::now());
        let (clock, manual): (Clock, _) = match hosting {
            Hosting::Local | Hosting::Port => (manual.clock(), Some(manual)),
            Hosting::Processes(_) => (ambient::clock_ahead(ahead.unwrap_or_default()), None),
        };
        let tokens = Tokens::new(data.path(), clock.clone());
        let hosted = match hosting {
            Hosting::Local | Hosting::Port => {
                Hosted::House(Box::new(House::open(data.path().to_owned(), url, notify, clock).await))
            }
            Hosting::Processes(plan) => {
                let mut common: Vec<String> =
                    url.into_iter().flat_map(|url| ["--database".into(), url]).collect();
                common.extend((!notify).then(|| "--no-notify".to_owned()));
                common.extend(ahead.map(|ahead| format!("--clock-shift={ahead}")));
                common.extend_from_slice(flags);
                Hosted::Town(Town::open(plan, data.path(), common, &tokens).await)
            }
        };
        Some(Self { hosted, hosting, tokens, clock: manual, database, _server: server, data })
    }

    /// The peer of a service, without a token.
    #[must_use]
    pub fn nobody(&self, service: &str) -> Peer {
        match &self.hosted {
            Hosted::House(house) if self.hosting == Hosting::Port => house.at_port(),
            Hosted::House(house) => house.local(),
            Hosted::Town(town) => town.peer(service),
        }
    }

    /// The peer of a service for a caller with one grant.
    #[must_use]
    pub fn caller(&self, service: &str, grant: &str) -> Peer {
        self.tokens.on(self.nobody(service), grant)
    }

    /// The clients of a caller with one grant.
    #[must_use]
    pub fn clients(&self, grant: &str) -> Clients {
        Clients::new(|service| self.caller(service, grant))
    }

    /// The clients of an administrator.
    #[must_use]
    pub fn admin(&self) -> Clients {
        self.clients("administrator@*")
    }

    /// Who makes tokens.
    #[must_use]
    pub fn tokens(&self) -> &Tokens {
        &self.tokens
    }

    /// The clock of services in this process; processes have the machine's.
    #[must_use]
    pub fn clock(&self) -> Option<&ManualClock> {
        self.clock.as_ref()
    }

    /// What the services' clocks show.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.clock.as_ref().map_or_else(|| ambient::clock().now(), ManualClock::now)
    }

    /// The processes.
    ///
    /// # Panics
    /// When the services are hosted in this process.
    pub fn town(&mut self) -> &mut Town {
        match &mut self.hosted {
            Hosted::Town(town) => town,
            Hosted::House(_) => panic!("the services are hosted in this process"),
        }
    }

    /// The data directory; the services started alone have theirs in it.
    #[must_use]
    pub fn data(&self) -> &std::path::Path {
        self.data.path()
    }

    /// The database, where it is a server's.
    #[must_use]
    pub fn database(&self) -> Option<String> {
        self.database.as_ref().and_then(url_of)
    }

    /// Ends everything in good order and starts it again on the same data; clients made before are of no use
    /// afterwards.
    ///
    /// # Panics
    /// When something does not end or start.
    pub async fn restart(&mut self) {
        match &mut self.hosted {
            Hosted::House(house) => house.restart().await,
            Hosted::Town(town) => town.restart().await,
        }
    }
}

fn url_of(database: &TestDatabase) -> Option<String> {
    match database.database("any") {
        Database::Postgres { url } => Some(url),
        Database::Sqlite { .. } => None,
    }
}

/// Makes tests of a function that takes a [`Stage`]: on each database, in this process and in separate ones.
#[macro_export]
macro_rules! on_every_stage {
    ($($journey:ident)*) => {$(
        mod $journey {
            $crate::tests_of! { $journey
                on_sqlite_in_this_process: Sqlite, Local;
                on_postgres_in_this_process: Postgres, Local;
                on_sqlite_in_separate_processes: Sqlite, Processes($crate::town::Plan::Separate);
                on_postgres_in_separate_processes: Postgres, Processes($crate::town::Plan::Separate);
            }
        }
    )*};
}

/// Makes tests of a function that takes a [`Stage`] with separate processes, on each database.
#[macro_export]
macro_rules! on_separate_processes {
    ($($journey:ident)*) => {$(
        mod $journey {
            $crate::tests_of! { $journey
                on_sqlite: Sqlite, Processes($crate::town::Plan::Separate);
                on_postgres: Postgres, Processes($crate::town::Plan::Separate);
            }
        }
    )*};
}

/// Makes tests of a function of the module above that takes a [`Stage`]: a name, a database, a way of hosting.
#[macro_export]
macro_rules! tests_of {
    ($journey:ident $($name:ident: $engine:ident, $hosting:ident $(($plan:expr))?;)*) => {$(
        #[tokio::test(flavor = "multi_thread")]
        async fn $name() {
            use $crate::stage::{Engine, Hosting, Stage};
            if let Some(stage) = Stage::open(Engine::$engine, Hosting::$hosting $(($plan))?).await {
                Box::pin(super::$journey(stage)).await;
            }
        }
    )*};
}
