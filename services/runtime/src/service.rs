//! What a service hands over to be hosted.

use std::sync::Arc;

use matchday_kernel::{Clock, Random};
use matchday_rpc::Peer;
use matchday_store::{BoxFuture, Config, Database, Effect, Migrations, Store, StoreError};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tonic::service::Routes;

use crate::{Desk, peers::Switchboard, senders::Senders};

/// What a service is built from.
#[derive(Clone)]
pub struct Context {
    /// The clock.
    pub clock: Clock,
    /// The randomness.
    pub random: Random,
    /// Cancelled when the process ends: streams and tasks end with it.
    pub stop: CancellationToken,
    /// What is spawned here is finished before the stores are closed, also when the process is asked to end: short work
    /// that must not be cut in the middle.
    pub finishing: TaskTracker,
    /// How messages leave the house.
    pub senders: Senders,
    pub(crate) peers: Switchboard,
    pub(crate) database: Arc<dyn Fn(&str) -> Database + Send + Sync>,
    pub(crate) notify: bool,
    pub(crate) max_batch: usize,
}

impl Context {
    /// Opens the store of a service, and gives it its desk.
    ///
    /// # Errors
    /// [`StoreError`] when its database cannot be used.
    pub async fn open(&self, service: &'static str, migrations: Migrations) -> Result<Desk, StoreError> {
        let store = Store::open(Config {
            service,
            database: (self.database)(service),
            migrations,
            clock: self.clock.clone(),
            random: self.random.clone(),
            notify: self.notify,
            max_batch: self.max_batch,
        })
        .await?;
        Ok(Desk::new(store, self.clock.clone(), self.random.clone()))
    }

    /// The peer of another service, with this process's token.
    #[must_use]
    pub fn peer(&self, service: &str) -> Peer {
        self.peers.peer(service)
    }
}

/// Builds a service. The binary lists one for each service it can host.
pub type Build = fn(Context) -> BoxFuture<'static, Result<Service, StoreError>>;

/// Plain HTTP pages of a service. They are given the services of this process behind their layers; calls carry no
/// token there, so a page passes its caller's on and may do what its caller may.
pub type Pages = Box<dyn FnOnce(Peer) -> axum::Router + Send>;

/// A service, built and not yet running.
pub struct Service {
    /// Its name, which is its log's, its schema's and its file's too.
    pub name: &'static str,
    /// Its store.
    pub store: Store,
    /// Adds its gRPC services.
    pub routes: Box<dyn FnOnce(Routes) -> Routes + Send>,
    /// Full names of its gRPC services, for health.
    pub grpc: Vec<&'static str>,
    /// The logs it follows.
    pub follows: Vec<Follow>,
    /// Its pages beside gRPC, for programs that speak nothing else, such as calendars.
    pub pages: Option<Pages>,
    /// What it does on its own until the process ends, such as finishing what a crash has left.
    pub tasks: Vec<BoxFuture<'static, ()>>,
}

/// A log that a service follows.
pub struct Follow {
    /// The service that writes it.
    pub log: &'static str,
    /// What an event does.
    pub effect: Arc<dyn Effect>,
}
