//! Hosts services on one port: bound, built, plugged together, ready, and at the end drained.

use std::{
    collections::BTreeMap,
    io,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use matchday_api::{DESCRIPTOR, event::v1::event_service_server::EventServiceServer};
use matchday_kernel::{Clock, Random};
use matchday_rpc::{
    Credentials, Methods, Peer, Verifier,
    layers::{Layers, Places, RpcMetrics},
    method::ContractError,
    peer,
    system::{HealthReporter, ServingStatus, add_system_services},
};
use matchday_store::{DataDirectory, Database, Effect, Follower, FollowerStatus, Health, Store, StoreError};
use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{family::Family, gauge::Gauge},
    registry::Registry,
};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tonic::{
    body::Body,
    service::Routes,
    transport::{Server, server::TcpIncoming},
};
use tower::ServiceExt;

use crate::{
    events::Events,
    keys::{self, Keys, KeysError},
    pages::Pages,
    peers::Switchboard,
    service::{self, Build, Context, Service},
    settings::{PeerAddress, Settings, Trust},
    source::RemoteLog,
};

/// How long open calls may take to end once the process is asked to.
const DRAIN: Duration = Duration::from_secs(10);
/// Full name of the one service that every process hosts.
const EVENT_SERVICE: &str = "matchday.event.v1.EventService";

/// A process cannot start.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// The port is taken, or may not be used.
    #[error("{address} cannot be listened on: {cause}; another process may use it (choose with --listen)")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// Why.
        #[source]
        cause: io::Error,
    },
    /// The data directory or a database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A key or a token cannot be used.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// The contract is wrong.
    #[error(transparent)]
    Contract(#[from] ContractError),
    /// A peer's address cannot be used.
    #[error(transparent)]
    Peer(#[from] peer::AddressError),
}

/// What hosts services.
pub struct Host {
    /// The settings.
    pub settings: Settings,
    /// The services this program knows, by name.
    pub known: Vec<(&'static str, Build)>,
    /// The clock.
    pub clock: Clock,
    /// The randomness.
    pub random: Random,
    /// Most writes committed at once, per service.
    pub max_batch: usize,
}

/// A process that is ready.
pub struct Running {
    address: SocketAddr,
    peer: Peer,
    stores: Vec<Store>,
    health: HealthReporter,
    /// The names health tells of.
    told: Vec<String>,
    ready: Arc<AtomicBool>,
    stop: CancellationToken,
    tasks: TaskTracker,
    server: JoinHandle<Result<(), tonic::transport::Error>>,
    _directory: Option<DataDirectory>,
}

struct Trusted {
    verifier: Arc<Verifier>,
    credentials: Credentials,
    directory: Option<DataDirectory>,
}

impl Host {
    /// Binds the port, opens the stores, builds the services, starts what follows, and then answers.
    ///
    /// # Errors
    /// [`HostError`]; nothing is left running then.
    pub async fn start(self) -> Result<Running, HostError> {
        let wanted = self.settings.listen;
        let bind = |cause| HostError::Bind { address: wanted, cause };
        let listener = TcpListener::bind(wanted).await.map_err(bind)?;
        let address = listener.local_addr().map_err(bind)?;
        let trusted = self.trust()?;
        let names = self.known.iter().map(|(name, _)| *name);
        let switchboard = Switchboard::new(names, trusted.credentials.clone());
        let stop = CancellationToken::new();
        let tasks = TaskTracker::new();
        let services = self.build(&switchboard, &stop, &tasks).await?;
        let stores: Vec<Store> = services.iter().map(|service| service.store.clone()).collect();

        let mut registry = Registry::default();
        let layers = Layers {
            methods: Methods::from_descriptor(DESCRIPTOR)?,
            verifier: trusted.verifier.clone(),
            metrics: RpcMetrics::register(&mut registry),
            places: Places::default(),
            clock: self.clock.clone(),
            random: self.random.clone(),
        };
        let followers = Followers::register(&mut registry);
        let (routes, work) = assemble(services, &stop);
        let (routes, health) = add_system_services(routes);
        let layered = layers.around(routes);
        let local = peer::local(layered.clone());
        self.plug(&switchboard, &local)?;

        let ready = Arc::new(AtomicBool::new(false));
        let beside =
            work.pages.into_iter().fold(axum::Router::new(), |all, pages| all.merge(pages(local.clone())));
        let pages = Pages { registry: Arc::new(registry), verifier: trusted.verifier, ready: ready.clone() };
        let calls = layered
            .map_request(|request: http::Request<axum::body::Body>| request.map(Body::new))
            .map_response(|response: http::Response<Body>| response.map(axum::body::Body::new));
        let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
        let server = Server::builder()
            .accept_http1(true)
            .http2_keepalive_interval(Some(Duration::from_secs(20)))
            .add_routes(Routes::from(beside.merge(pages.router()).fallback_service(calls)))
            .serve_with_incoming_shutdown(incoming, stop.clone().cancelled_owned());
        let server = tokio::spawn(server);

        let follows = work.follows.iter().map(|following| health_name(&following.follower));
        let told = work.grpc.iter().copied().chain([""]).map(str::to_owned).chain(follows).collect();
        for service in &work.grpc {
            health.set_service_status(service, ServingStatus::Serving).await;
        }
        for Following { follower, store, effect, status } in work.follows {
            let source = Arc::new(RemoteLog::new(&follower.log, switchboard.peer(&follower.log)));
            tasks.spawn(followers.clone().watch(status.subscribe(), health.clone()));
            tasks.spawn(matchday_store::follow(store, follower, source, effect, status, stop.clone()));
        }
        for task in work.tasks {
            let stop = stop.clone();
            tasks.spawn(async move {
                tokio::select! {
                    () = task => {}
                    () = stop.cancelled() => {}
                }
            });
        }
        ready.store(true, Ordering::Release);
        Ok(Running {
            address,
            peer: local,
            stores,
            health,
            told,
            ready,
            stop,
            tasks,
            server,
            _directory: trusted.directory,
        })
    }

    /// Finds whom to trust. A process with files of its own holds its data directory's lock.
    fn trust(&self) -> Result<Trusted, HostError> {
        let needs_directory =
            self.settings.database.is_none() || matches!(self.settings.trust, Trust::Own {});
        let directory = needs_directory.then(|| DataDirectory::lock(&self.settings.data)).transpose()?;
        let (verifier, credentials) = match &self.settings.trust {
            Trust::Own {} => {
                let keys = Keys::open_or_make(&self.settings.data, self.clock.clone())?;
                let verifier = keys.verifier().map_err(|cause| KeysError::Key {
                    path: self.settings.data.join(keys::PUBLIC_KEY),
                    cause,
                })?;
                (verifier, keys.service_credentials("services/matchday"))
            }
            Trust::Given { auth_public_key, service_token_file } => (
                keys::verifier_from(auth_public_key, self.clock.clone())?,
                keys::credentials_from(service_token_file)?,
            ),
        };
        Ok(Trusted { verifier: Arc::new(verifier), credentials, directory })
    }

    async fn build(
        &self,
        switchboard: &Switchboard,
        stop: &CancellationToken,
        tasks: &TaskTracker,
    ) -> Result<Vec<Service>, HostError> {
        let (database, data) = (self.settings.database.clone(), self.settings.data.clone());
        let context = Context {
            clock: self.clock.clone(),
            random: self.random.clone(),
            stop: stop.clone(),
            finishing: tasks.clone(),
            senders: self.settings.senders.clone(),
            peers: switchboard.clone(),
            database: Arc::new(move |service| match &database {
                Some(url) => Database::Postgres { url: url.clone() },
                None => Database::Sqlite { path: data.join(format!("{service}.db")) },
            }),
            notify: !self.settings.no_notify,
            max_batch: self.max_batch,
        };
        let hosted = self.known.iter().filter(|(name, _)| self.settings.service.iter().any(|s| s == name));
        let mut services = Vec::new();
        for (_, build) in hosted {
            services.push(build(context.clone()).await?);
        }
        Ok(services)
    }

    fn plug(&self, switchboard: &Switchboard, local: &Peer) -> Result<(), HostError> {
        for service in &self.settings.service {
            switchboard.plug(service, local.clone());
        }
        for PeerAddress { service, url } in &self.settings.peer {
            switchboard.plug(service, peer::remote(url)?);
        }
        Ok(())
    }
}

/// What runs beside the server.
struct Work {
    grpc: Vec<&'static str>,
    follows: Vec<Following>,
    pages: Vec<service::Pages>,
    tasks: Vec<matchday_store::BoxFuture<'static, ()>>,
}

/// A follower, ready to run.
struct Following {
    follower: Follower,
    store: Store,
    effect: Arc<dyn Effect>,
    status: watch::Sender<FollowerStatus>,
}

/// Puts the services' routes together, with the one service that serves all their logs.
fn assemble(services: Vec<Service>, stop: &CancellationToken) -> (Routes, Work) {
    let logs: BTreeMap<_, _> = services.iter().map(|service| (service.name, service.store.log())).collect();
    let mut work =
        Work { grpc: vec![EVENT_SERVICE], follows: Vec::new(), pages: Vec::new(), tasks: Vec::new() };
    let mut routes = Routes::default();
    for service in services {
        routes = (service.routes)(routes);
        work.grpc.extend(service.grpc);
        work.pages.extend(service.pages);
        work.tasks.extend(service.tasks);
        for follow in service.follows {
            let follower = Follower { name: service.name.into(), log: follow.log.into() };
            let status = watch::Sender::new(FollowerStatus::starting(&follower));
            let (store, effect) = (service.store.clone(), follow.effect);
            work.follows.push(Following { follower, store, effect, status });
        }
    }
    let statuses = work.follows.iter().map(|following| following.status.subscribe()).collect();
    let events = Events::new(logs, statuses, stop.clone());
    (routes.add_service(EventServiceServer::new(events)), work)
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct FollowerLabels {
    follower: String,
    log: String,
}

/// The name under which health tells of a follower: `follower/venues/scheduling`.
fn health_name(follower: &Follower) -> String {
    format!("follower/{}/{}", follower.name, follower.log)
}

/// Shows how the followers are, in the metrics and in health.
#[derive(Clone)]
struct Followers {
    sequence: Family<FollowerLabels, Gauge>,
    red: Family<FollowerLabels, Gauge>,
}

impl Followers {
    fn register(registry: &mut Registry) -> Self {
        let followers = Self { sequence: Family::default(), red: Family::default() };
        let sequence = followers.sequence.clone();
        registry.register("matchday_follower_sequence", "Sequence of the last event applied", sequence);
        let red = followers.red.clone();
        registry.register("matchday_follower_red", "1 while a follower is stopped by a defect", red);
        followers
    }

    async fn watch(self, mut status: watch::Receiver<FollowerStatus>, health: HealthReporter) {
        loop {
            let now = status.borrow_and_update().clone();
            let labels = FollowerLabels { follower: now.follower.clone(), log: now.log.clone() };
            let is_red = matches!(now.health, Health::Stopped { .. });
            self.sequence.get_or_create(&labels).set(now.sequence);
            self.red.get_or_create(&labels).set(i64::from(is_red));
            let name = health_name(&Follower { name: now.follower, log: now.log });
            let serving = if is_red { ServingStatus::NotServing } else { ServingStatus::Serving };
            health.set_service_status(name, serving).await;
            if status.changed().await.is_err() {
                return;
            }
        }
    }
}

impl Running {
    /// The address it listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The layered services of this process; calls carry no token.
    #[must_use]
    pub fn peer(&self) -> Peer {
        self.peer.clone()
    }

    /// Resolves when the server has ended on its own, which is a failure.
    pub async fn ended(&mut self) {
        if let Ok(Err(error)) = (&mut self.server).await {
            tracing::error!(%error, "the server ended");
        }
    }

    /// Ends: refuses new calls, drains open ones and streams, finishes queued writes, closes the stores.
    pub async fn stop(mut self) {
        self.ready.store(false, Ordering::Release);
        for name in &self.told {
            self.health.set_service_status(name, ServingStatus::NotServing).await;
            // whoever watches has the last word, and does not keep the process from ending
            self.health.clear_service_status(name).await;
        }
        self.stop.cancel();
        self.tasks.close();
        if !self.server.is_finished() && tokio::time::timeout(DRAIN, self.server).await.is_err() {
            tracing::warn!(seconds = DRAIN.as_secs(), "calls were still open and are cut");
        }
        self.tasks.wait().await;
        for store in &self.stores {
            store.close().await;
        }
    }
}
