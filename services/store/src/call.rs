//! What a write says about itself: who calls, under which locks, which events.

use std::{fmt, fmt::Display};

use matchday_kernel::Instant;
use prost_types::Any;

use crate::StoreError;

/// Longest request id, in bytes; AIP-155 recommends a UUID.
const MAX_REQUEST_ID: usize = 128;
/// Longest name of an actor, a method or a change, in bytes.
const MAX_NAME: usize = 1024;
/// Largest payload of an event, in bytes: below the 4 MiB a gRPC client accepts.
const MAX_PAYLOAD: usize = 1 << 20;

/// Who calls what, for the idempotency row and the events of a write.
#[derive(Clone, Debug)]
pub struct Call {
    /// Resource name of the caller.
    pub actor: String,
    /// Full name of the method.
    pub method: String,
    /// The caller's request id; `None` and empty mean that it gave none.
    pub request_id: Option<String>,
    /// Hash of the request's body without the request id.
    pub body_hash: [u8; 32],
    /// Id of the change that caused the call.
    pub change: String,
    /// The time of the call.
    pub now: Instant,
}

impl Call {
    /// Refuses what a database would refuse only at the end of a batch, where it would fail every write.
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        let request_id = self.request_id.as_deref().unwrap_or_default();
        let fields = [
            ("request_id", request_id, MAX_REQUEST_ID),
            ("actor", &self.actor, MAX_NAME),
            ("method", &self.method, MAX_NAME),
            ("change", &self.change, MAX_NAME),
        ];
        for (field, text, limit) in fields {
            if text.len() > limit {
                let problem = format!("is longer than {limit} bytes");
                return Err(StoreError::InvalidCall { field, problem });
            }
            if text.chars().any(char::is_control) {
                let problem = "has control characters".to_owned();
                return Err(StoreError::InvalidCall { field, problem });
            }
        }
        Ok(())
    }
}

/// Names of what a write decides over; writes with a common lock run one after the other, over all
/// processes of a service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Locks(Vec<String>);

impl Locks {
    /// No locks: the write depends on no other.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// The locks of these names, in one order and each once.
    pub fn of<I>(names: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        let mut names: Vec<String> = names.into_iter().map(Into::into).collect();
        names.sort_unstable();
        names.dedup();
        Self(names)
    }

    /// These locks and one more.
    #[must_use]
    pub fn and(self, name: impl Into<String>) -> Self {
        Self::of(self.0.into_iter().chain([name.into()]))
    }

    /// The names, sorted.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

/// An event that a write appends to the log. It holds no personal data.
#[derive(Clone, Debug, PartialEq)]
pub struct NewEvent {
    /// Full name of the payload's message: `matchday.scheduling.v1.ActivityDelayed`.
    pub kind: String,
    /// Name of the resource it happened to.
    pub resource: String,
    /// Name of the tournament it belongs to; empty when it belongs to none.
    pub tournament: String,
    /// What happened; its type URL is `type.googleapis.com/` and the kind.
    pub payload: Any,
}

impl NewEvent {
    /// Makes an event from the message that says what happened.
    pub fn new<M: prost::Name>(
        resource: impl Display,
        tournament: Option<&dyn Display>,
        payload: &M,
    ) -> Self {
        let kind = M::full_name();
        Self {
            resource: resource.to_string(),
            tournament: tournament.map(ToString::to_string).unwrap_or_default(),
            payload: Any { type_url: type_url(&kind), value: payload.encode_to_vec() },
            kind,
        }
    }

    /// Refuses what would fail the whole batch, or could never be sent to a follower.
    pub(crate) fn check(&self) -> Result<(), String> {
        if [&self.kind, &self.resource, &self.tournament].iter().any(|text| text.contains('\0')) {
            return Err(format!("event {} has a zero character in a name", self.kind.escape_debug()));
        }
        if self.payload.value.len() > MAX_PAYLOAD {
            return Err(format!("event {} is larger than {MAX_PAYLOAD} bytes", self.kind));
        }
        Ok(())
    }
}

/// The type URL of a message.
pub(crate) fn type_url(kind: &str) -> String {
    format!("type.googleapis.com/{kind}")
}

/// Why an event exists: what it takes over from the call, or from the event followed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cause {
    pub(crate) actor: String,
    pub(crate) change: String,
    pub(crate) request_id: String,
}

/// What identifies a call that may be repeated.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub(crate) caller: String,
    pub(crate) method: String,
    pub(crate) request_id: String,
}

impl Key {
    /// The key of a call; `None` without a request id.
    pub(crate) fn of(call: &Call) -> Option<Self> {
        let request_id = call.request_id.clone().filter(|id| !id.is_empty())?;
        Some(Self { caller: call.actor.clone(), method: call.method.clone(), request_id })
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "request/{} {} {}", self.caller, self.method, self.request_id)
    }
}
