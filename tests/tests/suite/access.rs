//! Who may call what: every method of the contract, read from the descriptor, so that a new one is tested
//! without being listed here.

use matchday_kernel::SignedDuration;
use matchday_rpc::{Method, Methods, Peer, Role, Rule};
use matchday_tests::{
    clients::Clients,
    house::known,
    log, make,
    refusal::{answered, refusal, refused},
    stage::{Engine, Hosting, Stage},
    tokens::LIFETIME,
    town::Plan,
};
use prost_reflect::{DescriptorPool, DynamicMessage, Kind, MessageDescriptor, Value};
use tonic::{Code, Request, Status, client::Grpc};
use tonic_prost::ProstCodec;

const HERE: &str = "sites/here";
const ELSEWHERE: &str = "sites/elsewhere";

/// A request whose scope field names a resource.
fn request_on(descriptor: &MessageDescriptor, scope: &[u32], resource: &str) -> DynamicMessage {
    let mut message = DynamicMessage::new(descriptor.clone());
    if let [number, rest @ ..] = scope {
        let field = descriptor.get_field(*number).expect("the scope is a field");
        let value = match field.kind() {
            Kind::Message(inner) => Value::Message(request_on(&inner, rest, resource)),
            _ => Value::String(resource.into()),
        };
        let value = if field.is_list() { Value::List(vec![value]) } else { value };
        message.set_field(&field, value);
    }
    message
}

fn input_of(pool: &DescriptorPool, method: &Method) -> MessageDescriptor {
    let service = pool.get_service_by_name(&method.service).expect("a service of the contract");
    let mut methods = service.methods();
    let found = methods.find(|found| method.path.ends_with(&format!("/{}", found.name())));
    found.expect("a method of the contract").input()
}

/// Calls any method, unary or not; what it answers is not looked at.
pub(crate) async fn call(peer: Peer, path: &str, message: DynamicMessage) -> Result<(), Status> {
    let mut client = Grpc::new(peer);
    client.ready().await?;
    let codec = ProstCodec::<DynamicMessage, ()>::default();
    let path = path.parse().expect("a path of the contract");
    client.server_streaming(Request::new(message), path, codec).await.map(drop)
}

/// The methods of the contract, with the service that answers them.
pub(crate) fn methods() -> Vec<(Method, &'static str, MessageDescriptor)> {
    let pool = DescriptorPool::decode(matchday_api::DESCRIPTOR).expect("the contract");
    let methods = Methods::from_descriptor(matchday_api::DESCRIPTOR).expect("the contract");
    let ours = methods.iter().filter(|method| method.service.starts_with("matchday."));
    let methods: Vec<_> = ours
        .map(|method| {
            let package = method.service.split('.').nth(1);
            let hosts = known().into_iter().map(|(name, _)| name).find(|name| Some(*name) == package);
            // each service has the event service of its own log
            let service = hosts.unwrap_or("scheduling");
            (Method::clone(method), service, input_of(&pool, method))
        })
        .collect();
    let declared: usize = pool.services().map(|service| service.methods().count()).sum();
    assert_eq!(methods.len(), declared);
    methods
}

async fn every_method_is_refused_to_whoever_may_not_call_it(stage: Stage) {
    for (method, service, input) in methods() {
        let path = &method.path;
        let Rule::Permitted { permission, scope, own } = &method.rule else {
            panic!("{path} asks for no permission")
        };
        let request = request_on(&input, scope, HERE);
        let role = |holds: bool| Role::ALL.into_iter().find(|role| role.holds(*permission) == holds);
        let (holder, lacking) = role(true).zip(role(false)).expect("some role holds it, and some does not");

        let nobody = call(stage.nobody(service), path, request.clone()).await;
        assert_eq!(refusal(&nobody), (Code::Unauthenticated, "TOKEN_MISSING".into()), "{path}");
        let wrong_role = stage.caller(service, &format!("{lacking}@*"));
        let answer = call(wrong_role, path, request.clone()).await;
        assert_eq!(refusal(&answer), (Code::PermissionDenied, "PERMISSION_MISSING".into()), "{path}");
        if *own {
            continue;
        }
        let out_of_scope = (Code::PermissionDenied, "OUT_OF_SCOPE".to_owned());
        let wrong_scope = stage.caller(service, &format!("{holder}@{ELSEWHERE}"));
        assert_eq!(refusal(&call(wrong_scope, path, request).await), out_of_scope, "{path}");
        // a request that names nothing acts on everything
        let limited = stage.caller(service, &format!("{holder}@{HERE}"));
        assert_eq!(refusal(&call(limited, path, DynamicMessage::new(input)).await), out_of_scope, "{path}");
    }
    let mut admin = stage.admin();
    assert_eq!(log::head(&mut admin.scheduling, "scheduling").await, 0);
    assert_eq!(log::head(&mut admin.venues, "venues").await, 0);
}

macro_rules! in_every_hosting {
    ($($name:ident: $hosting:expr;)*) => {$(
        #[tokio::test(flavor = "multi_thread")]
        async fn $name() {
            let stage = Stage::open(Engine::Sqlite, $hosting).await.unwrap();
            every_method_is_refused_to_whoever_may_not_call_it(stage).await;
        }
    )*};
}

// access is decided above the database: one database is enough
in_every_hosting! {
    every_method_is_refused_in_this_process: Hosting::Local;
    every_method_is_refused_at_a_port: Hosting::Port;
    every_method_is_refused_by_one_process: Hosting::Processes(Plan::One);
    every_method_is_refused_by_separate_processes: Hosting::Processes(Plan::Separate);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_ends_and_one_of_another_installation_never_begins() {
    let stage = Stage::open(Engine::Sqlite, Hosting::Port).await.unwrap();
    let other = Stage::open(Engine::Sqlite, Hosting::Port).await.unwrap();
    let mut admin = stage.admin();
    answered(admin.places.import_site(make::site(1)).await);
    let list = matchday_api::venues::v1::ListSitesRequest::default;

    let peer = other.tokens().on(stage.nobody("venues"), "administrator@*");
    let mut foreign = Clients::new(|_| peer.clone());
    refused(foreign.places.list_sites(list()).await, Code::Unauthenticated, "TOKEN_INVALID");

    let clock = stage.clock().expect("it is hosted in this process");
    clock.advance(LIFETIME - SignedDuration::from_secs(1));
    answered(admin.places.list_sites(list()).await);
    clock.advance(SignedDuration::from_secs(1));
    refused(admin.places.list_sites(list()).await, Code::Unauthenticated, "TOKEN_EXPIRED");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_manager_of_one_venue_books_there_alone() {
    let stage = Stage::open(Engine::Sqlite, Hosting::Local).await.unwrap();
    let mut admin = stage.admin();
    let mut site = make::site(1);
    let mut second = site.venues[0].clone();
    second.name = format!("{}-2", make::VENUE);
    let mut zone = site.zones[0].clone();
    zone.name = format!("{}/zones/pitch-1", second.name);
    let parent = zone.name.clone();
    site.venues.push(second);
    site.zones.push(zone);
    answered(admin.places.import_site(site).await);

    let mut manager = stage.clients(&format!("venue-manager@{}", make::VENUE));
    answered(manager.bookings.create_booking(make::by_hand(1, 0, 60)).await);
    let mut elsewhere = make::by_hand(1, 0, 60);
    elsewhere.parent = parent;
    refused(manager.bookings.create_booking(elsewhere).await, Code::PermissionDenied, "OUT_OF_SCOPE");
    assert_eq!(make::live_bookings(&mut admin).await.len(), 1);
}
