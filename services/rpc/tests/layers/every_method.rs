//! Every method of the contract is refused to whoever may not call it. The methods are read from the
//! descriptor, so that a new one is tested without being listed here.

use matchday_rpc::{Method, Methods, Role, Rule};
use prost::Message;
use prost_reflect::{DescriptorPool, DynamicMessage, Kind, MessageDescriptor, Value};
use tonic::Code;

use crate::support::{House, frame, post, refusal, roomy};

const HERE: &str = "sites/here";
const ELSEWHERE: &str = "sites/elsewhere";

/// A request whose scope field names a resource.
fn request_on(descriptor: &MessageDescriptor, scope: &[u32], resource: &str) -> DynamicMessage {
    let mut message = DynamicMessage::new(descriptor.clone());
    if let [number, rest @ ..] = scope {
        let field = descriptor.get_field(*number).expect("the scope is a field of the request");
        let value = match field.kind() {
            Kind::Message(inner) => Value::Message(request_on(&inner, rest, resource)),
            _ => Value::String(resource.into()),
        };
        message.set_field(&field, if field.is_list() { Value::List(vec![value]) } else { value });
    }
    message
}

fn input_of(pool: &DescriptorPool, method: &Method) -> MessageDescriptor {
    let name = method.path.rsplit('/').next().expect("a path has parts");
    let service = pool.get_service_by_name(&method.service).expect("the service is in the contract");
    service.methods().find(|found| found.name() == name).expect("the method is in the contract").input()
}

#[tokio::test]
async fn every_method_is_refused_to_whoever_may_not_call_it() {
    let pool = DescriptorPool::decode(matchday_api::DESCRIPTOR).unwrap();
    let methods = Methods::from_descriptor(matchday_api::DESCRIPTOR).unwrap();
    let declared: usize = pool.services().map(|service| service.methods().count()).sum();

    for house in House::both(roomy()).await {
        let mut tried = 0;
        for method in methods.iter().filter(|method| method.service.starts_with("matchday.")) {
            let Rule::Permitted { permission, scope, own } = &method.rule else {
                panic!("{} asks for no permission", method.path)
            };
            let body = frame(&request_on(&input_of(&pool, method), scope, HERE).encode_to_vec());
            let holder = Role::ALL.into_iter().find(|role| role.holds(*permission)).unwrap();
            let lacking = Role::ALL.into_iter().find(|role| !role.holds(*permission)).unwrap();
            let what = format!("{} {}", house.transport, method.path);

            let refused = refusal(post(house.nobody(), &method.path, body.clone()).await);
            assert_eq!(refused, (Code::Unauthenticated, "TOKEN_MISSING".into()), "{what}");

            let caller = house.with(&format!("{lacking}@*"));
            let refused = refusal(post(caller, &method.path, body.clone()).await);
            assert_eq!(refused, (Code::PermissionDenied, "PERMISSION_MISSING".into()), "{what}");

            if !own {
                let caller = house.with(&format!("{holder}@{ELSEWHERE}"));
                let refused = refusal(post(caller, &method.path, body.clone()).await);
                assert_eq!(refused, (Code::PermissionDenied, "OUT_OF_SCOPE".into()), "{what}");

                // a request that names nothing acts on everything
                let caller = house.with(&format!("{holder}@{HERE}"));
                let refused = refusal(post(caller, &method.path, frame(&[])).await);
                assert_eq!(refused, (Code::PermissionDenied, "OUT_OF_SCOPE".into()), "{what}");
            }
            tried += 1;
        }
        assert_eq!(tried, declared, "{}", house.transport);
        assert_eq!(house.reached(), 0, "{}", house.transport);
    }
}

#[tokio::test]
async fn every_method_is_open_to_whoever_may_call_it() {
    let pool = DescriptorPool::decode(matchday_api::DESCRIPTOR).unwrap();
    let methods = Methods::from_descriptor(matchday_api::DESCRIPTOR).unwrap();
    for house in House::both(roomy()).await {
        for method in methods.iter() {
            let Rule::Permitted { permission, scope, .. } = &method.rule else {
                continue;
            };
            let body = frame(&request_on(&input_of(&pool, method), scope, HERE).encode_to_vec());
            let holder = Role::ALL.into_iter().find(|role| role.holds(*permission)).unwrap();
            let place = if scope.is_empty() { "*" } else { HERE };
            let answer = post(house.with(&format!("{holder}@{place}")), &method.path, body).await;
            // what is not faked is unimplemented, without a reason of the layers
            let reason = answer.as_ref().err().and_then(matchday_rpc::reason);
            assert_eq!(reason, None, "{} {}", house.transport, method.path);
            let code = answer.err().map_or(Code::Ok, |status| status.code());
            assert!(matches!(code, Code::Ok | Code::Unimplemented), "{} {code:?}", method.path);
        }
    }
}
