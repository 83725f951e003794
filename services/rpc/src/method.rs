//! The methods of the contract, read from the descriptor: who may call them, on what, and their shape.

use std::{collections::HashMap, sync::Arc};

use matchday_api::common::v1::{Access, Permission};
use prost::Message;
use prost_reflect::{DescriptorPool, ExtensionDescriptor, Kind, MessageDescriptor, MethodDescriptor};

const MIB: usize = 1024 * 1024;
/// Largest request of a method that does not ask for more, in bytes.
pub const DEFAULT_LARGEST: usize = 4 * MIB;

/// Who may call a method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Everybody: health alone.
    Public,
    /// Whoever holds a valid token: reflection.
    AnyToken,
    /// Whoever holds the permission on the resources of the request.
    Permitted {
        /// The permission needed.
        permission: Permission,
        /// Field numbers that lead to the names of the resources acted on; empty when the method acts on
        /// everything.
        scope: Vec<u32>,
        /// Acts on the caller's own records; the domain compares the owner.
        own: bool,
    },
}

/// How many messages go each way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One request, one response.
    Unary,
    /// One request, a stream of responses.
    ServerStream,
    /// A stream of requests.
    ClientStream,
}

/// One method of the contract.
#[derive(Clone, Debug)]
pub struct Method {
    /// `/matchday.venues.v1.PlaceService/GetSite`
    pub path: String,
    /// `matchday.venues.v1.PlaceService`
    pub service: String,
    /// Who may call it.
    pub rule: Rule,
    /// Its shape.
    pub shape: Shape,
    /// Largest request in bytes.
    pub largest: usize,
    /// Field number of `request_id`, where the request has one.
    pub(crate) request_id: Option<u32>,
    /// Field numbers of `page_size` and `page_token`, where the request has them.
    pub(crate) page: Option<(u32, u32)>,
}

/// The contract itself is wrong: found when the process starts, never later.
#[derive(Debug, thiserror::Error)]
pub enum ContractError {
    /// The descriptor set cannot be read.
    #[error("the descriptor set cannot be read: {0}")]
    Descriptor(#[from] prost_reflect::DescriptorError),
    /// The method option is not in the descriptor set.
    #[error("the descriptor set holds no method option matchday.common.v1.access")]
    NoOption,
    /// A method does not say who may call it.
    #[error("method {0} names no permission")]
    NoPermission(String),
    /// The scope of a method is not a text field of its request, or the request is a stream.
    #[error("method {method} has the scope `{scope}`, which is no text field of its request")]
    Scope {
        /// The method.
        method: String,
        /// What its scope says.
        scope: String,
    },
}

/// All methods this process knows, by path.
#[derive(Clone, Debug)]
pub struct Methods(Arc<HashMap<String, Arc<Method>>>);

impl Methods {
    /// Reads the methods of a descriptor set, and adds health (public) and reflection (any token).
    ///
    /// # Errors
    /// [`ContractError`] when a method names no permission or its scope cannot be found in its request.
    pub fn from_descriptor(descriptor: &[u8]) -> Result<Self, ContractError> {
        let pool = DescriptorPool::decode(descriptor)?;
        let option =
            pool.get_extension_by_name("matchday.common.v1.access").ok_or(ContractError::NoOption)?;
        let mut methods: Vec<Method> = foreign();
        for service in pool.services() {
            for method in service.methods() {
                methods.push(read(&method, &option)?);
            }
        }
        let by_path = methods.into_iter().map(|method| (method.path.clone(), Arc::new(method))).collect();
        Ok(Self(Arc::new(by_path)))
    }

    /// Finds a method by its path.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Arc<Method>> {
        self.0.get(path)
    }

    /// All methods, in no order.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Method>> {
        self.0.values()
    }
}

fn foreign() -> Vec<Method> {
    let method = |service: &str, name: &str, rule: Rule, shape: Shape| Method {
        path: format!("/{service}/{name}"),
        service: service.into(),
        rule,
        shape,
        largest: DEFAULT_LARGEST,
        request_id: None,
        page: None,
    };
    vec![
        method("grpc.health.v1.Health", "Check", Rule::Public, Shape::Unary),
        method("grpc.health.v1.Health", "List", Rule::Public, Shape::Unary),
        method("grpc.health.v1.Health", "Watch", Rule::Public, Shape::ServerStream),
        method(
            "grpc.reflection.v1.ServerReflection",
            "ServerReflectionInfo",
            Rule::AnyToken,
            Shape::ClientStream,
        ),
        method(
            "grpc.reflection.v1alpha.ServerReflection",
            "ServerReflectionInfo",
            Rule::AnyToken,
            Shape::ClientStream,
        ),
    ]
}

fn read(method: &MethodDescriptor, option: &ExtensionDescriptor) -> Result<Method, ContractError> {
    let path = format!("/{}/{}", method.parent_service().full_name(), method.name());
    let access = method
        .options()
        .get_extension(option)
        .as_message()
        .and_then(|message| Access::decode(message.encode_to_vec().as_slice()).ok())
        .unwrap_or_default();
    if access.permission() == Permission::Unspecified {
        return Err(ContractError::NoPermission(path));
    }
    let input = method.input();
    let scope = scope_path(&input, &access.scope)
        .filter(|scope| scope.is_empty() || !method.is_client_streaming())
        .ok_or_else(|| ContractError::Scope { method: path.clone(), scope: access.scope.clone() })?;
    let number = |name: &str| input.get_field_by_name(name).map(|field| field.number());
    Ok(Method {
        service: method.parent_service().full_name().to_owned(),
        rule: Rule::Permitted { permission: access.permission(), scope, own: access.own },
        shape: match (method.is_client_streaming(), method.is_server_streaming()) {
            (true, _) => Shape::ClientStream,
            (false, true) => Shape::ServerStream,
            (false, false) => Shape::Unary,
        },
        largest: match usize::try_from(access.largest_mib) {
            Ok(mib) if mib > 0 => mib * MIB,
            _ => DEFAULT_LARGEST,
        },
        request_id: number("request_id"),
        page: number("page_size").zip(number("page_token")),
        path,
    })
}

/// Turns `activity.name` into field numbers; `None` when the path leads to no text field.
fn scope_path(input: &MessageDescriptor, scope: &str) -> Option<Vec<u32>> {
    let mut numbers = Vec::new();
    let mut message = Some(input.clone());
    let mut is_text = true;
    for part in scope.split('.').filter(|part| !part.is_empty()) {
        let field = message.take()?.get_field_by_name(part)?;
        numbers.push(field.number());
        match field.kind() {
            Kind::Message(inner) => (message, is_text) = (Some(inner), false),
            kind => is_text = kind == Kind::String,
        }
    }
    is_text.then_some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_method_of_the_contract_names_a_permission() {
        let methods = Methods::from_descriptor(matchday_api::DESCRIPTOR).unwrap();
        let ours = methods.iter().filter(|method| method.service.starts_with("matchday.")).count();
        assert!(ours > 90, "only {ours} methods were read");
    }

    #[test]
    fn a_known_method_has_its_permission_and_scope() {
        let methods = Methods::from_descriptor(matchday_api::DESCRIPTOR).unwrap();
        let method = methods.get("/matchday.scheduling.v1.ScheduleService/UpdateActivity").unwrap();
        let expected =
            Rule::Permitted { permission: Permission::ScheduleWrite, scope: vec![1, 1], own: false };
        assert_eq!(method.rule, expected);
        assert_eq!(method.request_id, Some(3));
    }

    #[test]
    fn only_imports_take_more_than_four_mebibytes() {
        let methods = Methods::from_descriptor(matchday_api::DESCRIPTOR).unwrap();
        let credentials = methods.get("/matchday.visitors.v1.CredentialService/ImportCredentials").unwrap();
        assert_eq!(credentials.largest, 64 * MIB);
        for method in methods.iter().filter(|method| method.largest != DEFAULT_LARGEST) {
            assert!(method.path.contains("/Import"), "{}", method.path);
        }
    }

    #[test]
    fn options_lost_in_the_encoding_are_noticed() {
        let set = prost_types::FileDescriptorSet::decode(matchday_api::DESCRIPTOR).unwrap();
        let lossy = set.encode_to_vec();
        assert!(matches!(Methods::from_descriptor(&lossy), Err(ContractError::NoPermission(_))));
    }

    #[test]
    fn a_scope_that_is_no_text_field_is_refused() {
        let pool = DescriptorPool::decode(matchday_api::DESCRIPTOR).unwrap();
        let input = pool.get_message_by_name("matchday.scheduling.v1.UpdateActivityRequest").unwrap();
        assert_eq!(scope_path(&input, "activity.name"), Some(vec![1, 1]));
        for wrong in ["activity", "activity.revision", "activity.name.x", "nothing", "activity.nothing"] {
            assert_eq!(scope_path(&input, wrong), None, "{wrong}");
        }
    }
}
