//! Who calls, and what the layers found out about the call.

use std::sync::Arc;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use matchday_kernel::{Common, ErrorKind, Fault, PageSize};
use prost::Message;
use sha2::{Digest, Sha256};
use tonic::{Request, Status};

use crate::{
    method::Method,
    status::fault_status,
    token::Identity,
    wire::{self, Field, Value},
};

/// First byte of a page token; another number means another format.
const TOKEN_VERSION: u8 = 1;
/// Bytes of the query's hash kept in a page token.
const QUERY_HASH: usize = 8;
/// A longer request id is refused.
const MAX_REQUEST_ID: usize = 128;

/// Who calls which method.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who, and what they may do.
    pub identity: Arc<Identity>,
    /// What is called.
    pub method: Arc<Method>,
}

/// What makes a repeated call recognisable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repeat {
    /// The caller's id of the call; `None` when it gave none, and then a repeat is a second call.
    pub request_id: Option<String>,
    /// SHA-256 of the method and the request without its id: the same id with another body is an error.
    pub body_hash: [u8; 32],
}

/// Which page of a list is asked for.
#[derive(Clone, Debug)]
pub struct Paging {
    /// At most so many items.
    pub size: PageSize,
    /// Key of the last item of the page before; `None` on the first.
    pub after: Option<String>,
    query: [u8; QUERY_HASH],
}

/// A page token cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PageTokenError {
    /// It is no page token.
    #[error("the page token cannot be read: give back `next_page_token` as it came, or none")]
    Malformed,
    /// It belongs to another query.
    #[error("the page token belongs to another query: ask for the first page of this one")]
    OtherQuery,
}

impl Fault for PageTokenError {
    fn kind(&self) -> ErrorKind {
        ErrorKind::InvalidArgument
    }

    fn reason(&self) -> &'static str {
        "PAGE_TOKEN_INVALID"
    }
}

impl Caller {
    /// Takes the caller from a request that has passed the layers.
    ///
    /// # Errors
    /// `UNAUTHENTICATED` when the request has not passed them.
    pub fn of<T>(request: &Request<T>) -> Result<Self, Status> {
        request
            .extensions()
            .get::<Self>()
            .cloned()
            .ok_or_else(|| fault_status(&crate::token::TokenError::Missing))
    }

    /// Finds what makes a repeat of this request recognisable.
    ///
    /// # Errors
    /// [`Common::Field`] when the request id is longer than 128 bytes or not printable ASCII.
    pub fn repeat(&self, request: &impl Message) -> Result<Repeat, Common> {
        let bytes = request.encode_to_vec();
        let number = self.method.request_id;
        let (body_hash, skipped) = self.hash_without(&bytes, |field| Some(field.number) == number);
        let request_id = skipped.last().and_then(text).filter(|id| !id.is_empty());
        if request_id.is_some_and(|id| id.len() > MAX_REQUEST_ID || !id.bytes().all(|b| b.is_ascii_graphic()))
        {
            return Err(Common::field("request_id", "at most 128 printable ASCII characters without spaces"));
        }
        Ok(Repeat { request_id: request_id.map(str::to_owned), body_hash })
    }

    /// Finds which page a list request asks for.
    ///
    /// # Errors
    /// [`Common::Field`] for a negative size, [`PageTokenError`] for a token that was changed or belongs to
    /// another query.
    pub fn page(&self, request: &impl Message) -> Result<Paging, Status> {
        let bytes = request.encode_to_vec();
        let (size_number, token_number) = self.method.page.unzip();
        let is_paging =
            |field: &Field<'_>| Some(field.number) == size_number || Some(field.number) == token_number;
        let (hash, skipped) = self.hash_without(&bytes, is_paging);
        let mut query = [0; QUERY_HASH];
        query.copy_from_slice(&hash[..QUERY_HASH]);

        let (mut size, mut after) = (0, None);
        for field in &skipped {
            match field.value {
                Value::Varint(value) => size = int32(value),
                _ => after = text(field).filter(|token| !token.is_empty()),
            }
        }
        let size = PageSize::new(size).map_err(|error| fault_status(&Common::field("page_size", error)))?;
        let after =
            after.map(|token| open(token, query)).transpose().map_err(|error| fault_status(&error))?;
        Ok(Paging { size, after, query })
    }

    /// Hashes the method and an encoded request without some of its fields, and returns those.
    fn hash_without<'a>(
        &self,
        bytes: &'a [u8],
        skip: impl Fn(&Field<'a>) -> bool,
    ) -> ([u8; 32], Vec<Field<'a>>) {
        let mut skipped = Vec::new();
        // no field begins with a zero byte, so that the path ends where it ends
        let mut hash = Sha256::new().chain_update(&self.method.path).chain_update([0]);
        for field in wire::fields(bytes) {
            let field = field.expect("prost has just encoded the message");
            if skip(&field) {
                skipped.push(field);
            } else {
                hash.update(field.raw);
            }
        }
        (hash.finalize().into(), skipped)
    }
}

impl Paging {
    /// Seals the key of the last item into the token of the next page; empty when there is none.
    #[must_use]
    pub fn seal(&self, last_key: Option<&str>) -> String {
        last_key.map_or_else(String::new, |key| {
            BASE64_URL_SAFE_NO_PAD.encode([&[TOKEN_VERSION], self.query.as_slice(), key.as_bytes()].concat())
        })
    }
}

fn open(token: &str, query: [u8; QUERY_HASH]) -> Result<String, PageTokenError> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(token).map_err(|_| PageTokenError::Malformed)?;
    let (head, key) = bytes.split_at_checked(1 + QUERY_HASH).ok_or(PageTokenError::Malformed)?;
    if head[0] != TOKEN_VERSION {
        return Err(PageTokenError::Malformed);
    }
    if head[1..] != query {
        return Err(PageTokenError::OtherQuery);
    }
    // no key holds a control character, and PostgreSQL takes no zero byte
    String::from_utf8(key.to_vec())
        .ok()
        .filter(|key| !key.chars().any(char::is_control))
        .ok_or(PageTokenError::Malformed)
}

fn text<'a>(field: &Field<'a>) -> Option<&'a str> {
    match field.value {
        Value::Bytes(bytes) => std::str::from_utf8(bytes).ok(),
        _ => None,
    }
}

/// An int32 is written as the 64 bits of its sign extension; the lower half is the number.
fn int32(value: u64) -> i32 {
    #[expect(clippy::cast_possible_truncation, reason = "the upper half repeats the sign")]
    let low = value as u32;
    low.cast_signed()
}

#[cfg(test)]
mod tests {
    use matchday_api::venues::v1 as pb;
    use matchday_kernel::Instant;

    use super::*;
    use crate::method::Methods;

    fn caller(path: &str) -> Caller {
        let methods = Methods::from_descriptor(matchday_api::DESCRIPTOR).unwrap();
        let expires = Instant::from_micros(0).unwrap();
        Caller {
            identity: Arc::new(Identity { subject: "staff/li".into(), grants: vec![], expires }),
            method: methods.get(path).unwrap().clone(),
        }
    }

    fn list(parent: &str, page_size: i32, page_token: &str) -> pb::ListVenuesRequest {
        pb::ListVenuesRequest { parent: parent.into(), page_size, page_token: page_token.into() }
    }

    #[test]
    fn the_id_is_left_out_of_the_hash_and_the_body_is_not() {
        let caller = caller("/matchday.venues.v1.BookingService/PlaceBooking");
        let request =
            |name: &str, id: &str| pb::PlaceBookingRequest { name: name.into(), request_id: id.into() };
        let first = caller.repeat(&request("a", "1")).unwrap();
        assert_eq!(first.request_id.as_deref(), Some("1"));
        assert_eq!(first.body_hash, caller.repeat(&request("a", "2")).unwrap().body_hash);
        assert_ne!(first.body_hash, caller.repeat(&request("b", "1")).unwrap().body_hash);
        assert_eq!(caller.repeat(&request("a", "")).unwrap().request_id, None);
        assert!(caller.repeat(&request("a", "with space")).is_err());
        assert!(caller.repeat(&request("a", &"x".repeat(129))).is_err());
    }

    #[test]
    fn a_page_token_leads_on_within_its_query_alone() {
        let caller = caller("/matchday.venues.v1.PlaceService/ListVenues");
        let first = caller.page(&list("sites/a", 2, "")).unwrap();
        assert_eq!((first.size.get(), first.after.as_deref()), (2, None));
        let token = first.seal(Some("sites/a/venues/b"));
        // another size is the same query
        let next = caller.page(&list("sites/a", 7, &token)).unwrap();
        assert_eq!(next.after.as_deref(), Some("sites/a/venues/b"));
        let other = caller.page(&list("sites/b", 2, &token)).unwrap_err();
        assert_eq!(crate::reason(&other).as_deref(), Some("PAGE_TOKEN_INVALID"));
        let with_zero_byte = first.seal(Some("sites/a\0"));
        for broken in ["x", "%%%", "AAAAAAAAAAAAAAAA", &with_zero_byte] {
            assert!(caller.page(&list("sites/a", 2, broken)).is_err(), "{broken}");
        }
    }

    #[test]
    fn a_page_token_of_another_method_is_refused() {
        let token = caller("/matchday.venues.v1.PlaceService/ListVenues")
            .page(&list("sites/a", 2, ""))
            .unwrap()
            .seal(Some("sites/a/venues/b"));
        let zones = pb::ListZonesRequest { parent: "sites/a".into(), page_size: 2, page_token: token };
        let error = caller("/matchday.venues.v1.PlaceService/ListZones").page(&zones).unwrap_err();
        assert_eq!(crate::reason(&error).as_deref(), Some("PAGE_TOKEN_INVALID"));
    }

    #[test]
    fn a_negative_page_size_is_refused() {
        let caller = caller("/matchday.venues.v1.PlaceService/ListVenues");
        let error = caller.page(&list("sites/a", -1, "")).unwrap_err();
        assert_eq!(error.code(), tonic::Code::InvalidArgument);
    }
}
