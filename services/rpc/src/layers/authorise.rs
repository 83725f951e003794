//! Decides whether the caller may, from the method option: permission first, then scope.

use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use matchday_api::common::v1::Permission;
use matchday_kernel::{Common, ErrorKind, Fault};
use tonic::{Status, body::Body};

use super::{Inner, Request, Response, Step, pass};
use crate::{Caller, Identity, Method, Rule, Shape, status::fault_status, wire};

/// Compression flag and length stand before each message.
const FRAME_HEADER: usize = 5;

/// See the module.
#[derive(Clone, Copy, Debug)]
pub struct Authorise;

/// Why a call is not let through.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The contract has no such method.
    #[error("there is no method {path}")]
    UnknownMethod {
        /// Its path.
        path: String,
    },
    /// No grant of the caller holds the permission.
    #[error("{subject} does not hold the permission {permission}: ask for a role that does")]
    NoPermission {
        /// Who called.
        subject: String,
        /// What is needed.
        permission: &'static str,
    },
    /// The caller holds the permission, but not here.
    #[error("{subject} holds the permission {permission} elsewhere, not on {resource}")]
    OutOfScope {
        /// Who called.
        subject: String,
        /// What is needed.
        permission: &'static str,
        /// Where it is needed.
        resource: String,
    },
    /// The request is larger than the method takes.
    #[error("the request is larger than {limit} bytes: send it in parts")]
    TooLarge {
        /// What the method takes, in bytes.
        limit: usize,
    },
    /// The request is no message of this method.
    #[error("the request cannot be read: it is no message of {path}")]
    Malformed {
        /// The method.
        path: String,
    },
}

impl Fault for Refusal {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::UnknownMethod { .. } => ErrorKind::Unimplemented,
            Self::NoPermission { .. } | Self::OutOfScope { .. } => ErrorKind::PermissionDenied,
            Self::TooLarge { .. } => ErrorKind::ResourceExhausted,
            Self::Malformed { .. } => ErrorKind::InvalidArgument,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::UnknownMethod { .. } => "METHOD_UNKNOWN",
            Self::NoPermission { .. } => "PERMISSION_MISSING",
            Self::OutOfScope { .. } => "OUT_OF_SCOPE",
            Self::TooLarge { .. } => "MESSAGE_TOO_LARGE",
            Self::Malformed { .. } => "MESSAGE_MALFORMED",
        }
    }

    fn metadata(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::NoPermission { permission, .. } => vec![("permission", (*permission).into())],
            Self::OutOfScope { permission, resource, .. } => {
                vec![("permission", (*permission).into()), ("resource", resource.clone())]
            }
            Self::TooLarge { limit } => vec![("limit_bytes", limit.to_string())],
            Self::UnknownMethod { .. } | Self::Malformed { .. } => vec![],
        }
    }
}

impl Step for Authorise {
    async fn run<S: Inner>(&self, request: Request, inner: &S) -> Response {
        match admit(request).await {
            Ok(request) => pass(inner, request).await,
            Err(status) => status.into_http(),
        }
    }
}

async fn admit(mut request: Request) -> Result<Request, Status> {
    let Some(method) = request.extensions().get::<Arc<Method>>().cloned() else {
        let path = request.uri().path().to_owned();
        return Err(fault_status(&Refusal::UnknownMethod { path }));
    };
    let Rule::Permitted { permission, scope, own } = &method.rule else {
        return Ok(request);
    };
    let identity = request
        .extensions()
        .get::<Arc<Identity>>()
        .cloned()
        .ok_or_else(|| fault_status(&Common::internal("authorisation without authentication")))?;
    if !identity.holds(*permission) {
        return Err(fault_status(&Refusal::NoPermission {
            subject: identity.subject.clone(),
            permission: permission.as_str_name(),
        }));
    }
    let check = |message: &[u8]| {
        if *own { Ok(()) } else { in_scope(&identity, *permission, scope, message, &method) }
    };
    if method.shape == Shape::ClientStream {
        // no message is there yet, and its scope names none: it acts on everything
        check(&[]).map_err(|refusal| fault_status(&refusal))?;
    } else {
        request = read(request, &method, check).await.map_err(|refusal| fault_status(&refusal))?;
    }
    request.extensions_mut().insert(Caller { identity, method });
    Ok(request)
}

/// Reads the one message of a request, checks it, and puts it back.
async fn read(
    request: Request,
    method: &Method,
    check: impl FnOnce(&[u8]) -> Result<(), Refusal>,
) -> Result<Request, Refusal> {
    let malformed = || Refusal::Malformed { path: method.path.clone() };
    let (head, body) = request.into_parts();
    let bytes: Bytes = match Limited::new(body, method.largest + FRAME_HEADER).collect().await {
        Ok(collected) => collected.to_bytes(),
        Err(error) if error.is::<LengthLimitError>() => {
            return Err(Refusal::TooLarge { limit: method.largest });
        }
        Err(_) => return Err(malformed()),
    };
    let (frame, message) = bytes.split_at_checked(FRAME_HEADER).ok_or_else(malformed)?;
    let length = usize::try_from(u32::from_be_bytes([frame[1], frame[2], frame[3], frame[4]]));
    // a compressed message cannot be checked, and is not offered
    if frame[0] != 0 || length != Ok(message.len()) {
        return Err(malformed());
    }
    check(message)?;
    Ok(Request::from_parts(head, Body::new(Full::new(bytes))))
}

/// Every resource the request names must be covered; a request that names none acts on everything.
fn in_scope(
    identity: &Identity,
    permission: Permission,
    scope: &[u32],
    message: &[u8],
    method: &Method,
) -> Result<(), Refusal> {
    let mut names_none = true;
    let outside = wire::find_text(message, scope, &mut |resource| {
        names_none = false;
        !identity.may(permission, resource)
    })
    .map_err(|_| Refusal::Malformed { path: method.path.clone() })?;
    match outside.or_else(|| (names_none && !identity.may(permission, "")).then_some("")) {
        None => Ok(()),
        Some(resource) => Err(Refusal::OutOfScope {
            subject: identity.subject.clone(),
            permission: permission.as_str_name(),
            resource: if resource.is_empty() { "everything".into() } else { resource.into() },
        }),
    }
}

#[cfg(test)]
mod tests {
    use matchday_kernel::Instant;

    use super::*;

    /// The contract has no such method yet, so the suite over the transports cannot ask for one.
    #[tokio::test]
    async fn a_stream_of_requests_acts_on_everything() {
        let admitted = async |grant: &str, own: bool| {
            let mut request = Request::new(Body::empty());
            let permission = Permission::PlaceWrite;
            request.extensions_mut().insert(Arc::new(Method {
                path: "/a.B/C".into(),
                service: "a.B".into(),
                rule: Rule::Permitted { permission, scope: vec![], own },
                shape: Shape::ClientStream,
                largest: 0,
                request_id: None,
                page: None,
            }));
            let expires = Instant::from_micros(0).unwrap();
            let grants = vec![grant.parse().unwrap()];
            request.extensions_mut().insert(Arc::new(Identity {
                subject: "staff/li".into(),
                grants,
                expires,
            }));
            admit(request).await.map(|_| ()).map_err(|status| crate::reason(&status).unwrap())
        };
        assert_eq!(admitted("venue-manager@*", false).await, Ok(()));
        assert_eq!(admitted("venue-manager@sites/a", false).await, Err("OUT_OF_SCOPE".into()));
        assert_eq!(admitted("venue-manager@sites/a", true).await, Ok(()));
        assert_eq!(admitted("viewer@*", true).await, Err("PERMISSION_MISSING".into()));
    }
}
