//! A house with two fake services behind the layers, and the ways to call it.

use std::{
    pin::Pin,
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
};

use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use http_body_util::Full;
use matchday_api::{
    event::v1::{self as event, event_service_client::EventServiceClient, event_service_server},
    venues::v1::{self as venues, place_service_client::PlaceServiceClient, place_service_server},
};
use matchday_kernel::{Clock, ManualClock, Random, SignedDuration};
use matchday_rpc::{
    Credentials, Issuer, Methods, Peer, Verifier,
    key::KeyPem,
    layers::{Layers, Places, RpcMetrics},
    peer, reason,
    system::add_system_services,
};
use prometheus_client::registry::Registry;
use prost::Message;
use ring::rand::SystemRandom;
use tokio::{net::TcpListener, sync::Notify, task::JoinHandle};
use tonic::{
    Code, Request, Response, Status,
    body::Body,
    service::Routes,
    transport::{Server, server::TcpIncoming},
};
use tower::{ServiceExt, layer::layer_fn};

/// `/matchday.venues.v1.PlaceService/GetSite`
pub(crate) const GET_SITE: &str = "/matchday.venues.v1.PlaceService/GetSite";

/// The fake services behind one transport.
pub(crate) struct House {
    pub(crate) transport: &'static str,
    pub(crate) clock: ManualClock,
    pub(crate) fake: Arc<Fake>,
    issuer: Issuer,
    peer: Peer,
    registry: Registry,
    server: Option<JoinHandle<()>>,
}

/// What the fake services saw, and whom they call.
#[derive(Default)]
pub(crate) struct Fake {
    /// Calls that reached a handler.
    pub(crate) reached: AtomicUsize,
    /// The last request of `GetSite` as a careless handler would log it.
    pub(crate) logged: Mutex<String>,
    /// A call or stream that waits has begun.
    pub(crate) waiting: Notify,
    /// A call or stream that waited is gone.
    pub(crate) gone: Arc<Notify>,
    nested: OnceLock<Peer>,
}

impl House {
    /// The same house in this process and behind TCP.
    pub(crate) async fn both(places: Places) -> [Self; 2] {
        [Self::new("local", places).await, Self::new("remote", places).await]
    }

    async fn new(transport: &'static str, places: Places) -> Self {
        let clock = ManualClock::new("2023-10-21T12:00:00Z".parse().expect("a moment"));
        let keys = keys();
        let issuer = Issuer::new(&keys.private).expect("the key was just made");
        let mut registry = Registry::default();
        let layers = layers(&keys, clock.clock(), RpcMetrics::register(&mut registry), places);
        let fake = Arc::new(Fake::default());
        let routes = Routes::new(event_service_server::EventServiceServer::from_arc(fake.clone()))
            .add_service(place_service_server::PlaceServiceServer::from_arc(fake.clone()));
        let stack = layers.around(add_system_services(routes).0);
        let local = peer::local(stack.clone());
        let mut house = Self { transport, clock, fake, issuer, peer: local.clone(), registry, server: None };
        assert!(house.fake.nested.set(house.on(local, "service@*")).is_ok(), "set once");

        if transport == "remote" {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
            let address = listener.local_addr().expect("the port it has");
            let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
            let serving = Server::builder()
                .layer(layer_fn(move |_: Routes| stack.clone()))
                .add_routes(Routes::default())
                .serve_with_incoming(incoming);
            house.server = Some(tokio::spawn(async move {
                serving.await.expect("serves until it is aborted");
            }));
            house.peer = peer::remote(&format!("http://{address}")).expect("an address");
        }
        house
    }

    /// A caller without a token.
    pub(crate) fn nobody(&self) -> Peer {
        self.peer.clone()
    }

    /// A caller with a token of an hour that holds one grant.
    pub(crate) fn with(&self, grant: &str) -> Peer {
        self.on(self.nobody(), grant)
    }

    fn on(&self, peer: Peer, grant: &str) -> Peer {
        Credentials::token(&self.token(grant)).expect("a token is ASCII").on(peer)
    }

    /// A token of an hour that holds one grant.
    pub(crate) fn token(&self, grant: &str) -> String {
        let now = self.clock.now();
        let grants = [grant.parse().expect("a grant")];
        let expires = now.saturating_add(SignedDuration::from_hours(1));
        self.issuer.issue("staff/li", &grants, now, expires).expect("signed")
    }

    /// Says whether the metrics page has a line that begins so.
    pub(crate) fn counts(&self, line: &str) -> bool {
        let mut page = String::new();
        prometheus_client::encoding::text::encode(&mut page, &self.registry).expect("written to memory");
        page.lines().any(|written| written == line)
    }

    /// How many calls have reached a handler.
    pub(crate) fn reached(&self) -> usize {
        self.fake.reached.load(Ordering::SeqCst)
    }
}

impl Drop for House {
    fn drop(&mut self) {
        if let Some(server) = &self.server {
            server.abort();
        }
    }
}

/// Many places: a test that is not about limits.
pub(crate) fn roomy() -> Places {
    Places::default()
}

/// The layers of a house.
pub(crate) fn layers(keys: &KeyPem, clock: Clock, metrics: RpcMetrics, places: Places) -> Layers {
    Layers {
        methods: Methods::from_descriptor(matchday_api::DESCRIPTOR).expect("the contract is whole"),
        verifier: Arc::new(Verifier::new(&keys.public, clock.clone()).expect("the key was just made")),
        metrics,
        places,
        clock,
        random: Random::seeded(1),
    }
}

#[expect(clippy::disallowed_methods, reason = "a key pair of a test may be any")]
fn keys() -> KeyPem {
    KeyPem::generate(&SystemRandom::new()).expect("randomness")
}

/// A message as it travels: uncompressed, with its length.
pub(crate) fn frame(message: &[u8]) -> Vec<u8> {
    let length = u32::try_from(message.len()).expect("a short message");
    [&[0], length.to_be_bytes().as_slice(), message].concat()
}

/// Posts bytes to a path, without a client that would keep them in order.
pub(crate) async fn post(peer: Peer, path: &str, bytes: impl Into<Bytes>) -> Result<(), Status> {
    send(peer, path, None, Body::new(Full::new(bytes.into()))).await
}

/// Posts a body to a path, perhaps with a timeout.
pub(crate) async fn send(peer: Peer, path: &str, timeout: Option<&str>, body: Body) -> Result<(), Status> {
    let mut request =
        http::Request::post(path).header("content-type", "application/grpc").header("te", "trailers");
    if let Some(timeout) = timeout {
        request = request.header("grpc-timeout", timeout);
    }
    let response = peer.oneshot(request.body(body).expect("a request")).await?;
    match Status::from_header_map(response.headers()) {
        Some(status) if status.code() != Code::Ok => Err(status),
        _ => Ok(()),
    }
}

/// Asks for a site.
pub(crate) async fn get_site(peer: Peer, name: &str) -> Result<venues::Site, Status> {
    let reply = PlaceServiceClient::new(peer).get_site(venues::GetSiteRequest { name: name.into() }).await?;
    Ok(reply.into_inner().site.unwrap_or_default())
}

/// Encodes the request that asks for a site.
pub(crate) fn site_request(name: &str) -> Vec<u8> {
    venues::GetSiteRequest { name: name.into() }.encode_to_vec()
}

/// The code and the reason of a refusal.
pub(crate) fn refusal<T>(answer: Result<T, Status>) -> (Code, String) {
    answer.map_or_else(
        |status| (status.code(), reason(&status).unwrap_or_else(|| format!("no reason: {status:?}"))),
        |_| (Code::Ok, "accepted".into()),
    )
}

/// Tells the house when it is dropped.
struct Leaving(Arc<Notify>);

impl Drop for Leaving {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

type Events = Pin<Box<dyn Stream<Item = Result<event::TailEventsResponse, Status>> + Send>>;

/// The name of a log says what happens: `panic`, `wait`, anything else is answered.
#[tonic::async_trait]
impl event_service_server::EventService for Fake {
    type TailEventsStream = Events;

    async fn tail_events(
        &self,
        request: Request<event::TailEventsRequest>,
    ) -> Result<Response<Events>, Status> {
        let first = stream::iter([Ok(event::TailEventsResponse::default())]);
        let leaving = Leaving(self.gone.clone());
        Ok(Response::new(match request.get_ref().log.as_str() {
            "never begins" => std::future::pending().await,
            "panic" => Box::pin(first.chain(stream::once(async {
                // what is ready at once is sent together: wait, and the first event leaves before the panic
                tokio::task::yield_now().await;
                panic!("the stream has a defect")
            }))),
            "wait" => Box::pin(first.chain(stream::once(async move {
                let _until_dropped = leaving;
                std::future::pending().await
            }))),
            _ => Box::pin(first),
        }))
    }

    async fn get_log(
        &self,
        request: Request<event::GetLogRequest>,
    ) -> Result<Response<event::GetLogResponse>, Status> {
        self.reached.fetch_add(1, Ordering::SeqCst);
        match request.get_ref().log.as_str() {
            "panic" => panic!("the handler has a defect"),
            "wait" => {
                let _until_dropped = Leaving(self.gone.clone());
                self.waiting.notify_one();
                std::future::pending().await
            }
            _ => Ok(Response::new(event::GetLogResponse { log_id: String::new(), sequence: 7 })),
        }
    }

    async fn list_followers(
        &self,
        _: Request<event::ListFollowersRequest>,
    ) -> Result<Response<event::ListFollowersResponse>, Status> {
        Err(Status::unimplemented("not needed"))
    }

    async fn await_follower(
        &self,
        _: Request<event::AwaitFollowerRequest>,
    ) -> Result<Response<event::AwaitFollowerResponse>, Status> {
        Err(Status::unimplemented("not needed"))
    }
}

/// Answers `GetSite`: `sites/nested` asks the other service first.
macro_rules! place_service {
    ($($method:ident($request:ident) -> $response:ident),*) => {
        #[tonic::async_trait]
        impl place_service_server::PlaceService for Fake {
            async fn get_site(
                &self,
                request: Request<venues::GetSiteRequest>,
            ) -> Result<Response<venues::GetSiteResponse>, Status> {
                self.reached.fetch_add(1, Ordering::SeqCst);
                *self.logged.lock().expect("no test panics with it") = format!("{:?}", request.metadata());
                let name = request.into_inner().name;
                if name == "sites/nested" {
                    let peer = self.nested.get().cloned().expect("set when the house was made");
                    EventServiceClient::new(peer).get_log(event::GetLogRequest::default()).await?;
                }
                let site = venues::Site { display_name: name.len().to_string(), ..Default::default() };
                Ok(Response::new(venues::GetSiteResponse { site: Some(site) }))
            }
            $(async fn $method(
                &self,
                _: Request<venues::$request>,
            ) -> Result<Response<venues::$response>, Status> {
                Err(Status::unimplemented("not needed"))
            })*
        }
    };
}

place_service! {
    create_site(CreateSiteRequest) -> CreateSiteResponse,
    list_sites(ListSitesRequest) -> ListSitesResponse,
    update_site(UpdateSiteRequest) -> UpdateSiteResponse,
    import_site(ImportSiteRequest) -> ImportSiteResponse,
    create_venue(CreateVenueRequest) -> CreateVenueResponse,
    get_venue(GetVenueRequest) -> GetVenueResponse,
    list_venues(ListVenuesRequest) -> ListVenuesResponse,
    update_venue(UpdateVenueRequest) -> UpdateVenueResponse,
    create_zone(CreateZoneRequest) -> CreateZoneResponse,
    get_zone(GetZoneRequest) -> GetZoneResponse,
    list_zones(ListZonesRequest) -> ListZonesResponse,
    update_zone(UpdateZoneRequest) -> UpdateZoneResponse
}
