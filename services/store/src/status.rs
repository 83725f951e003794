//! What a follower shows of itself.

use uuid::Uuid;

/// Who follows which log.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Follower {
    /// The following service.
    pub name: String,
    /// The log: the service that writes it.
    pub log: String,
}

/// How far a follower has come, and how it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowerStatus {
    /// The following service.
    pub follower: String,
    /// The log: the service that writes it.
    pub log: String,
    /// Id of the log; `None` before the first event.
    pub log_id: Option<Uuid>,
    /// Sequence of the last event applied.
    pub sequence: i64,
    /// How it is.
    pub health: Health,
}

impl FollowerStatus {
    /// The status before the follower runs.
    #[must_use]
    pub fn starting(follower: &Follower) -> Self {
        Self {
            follower: follower.name.clone(),
            log: follower.log.clone(),
            log_id: None,
            sequence: 0,
            health: Health::Starting,
        }
    }
}

/// How a follower is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Health {
    /// Not connected yet.
    Starting,
    /// Applies events as they come.
    Following,
    /// Cannot reach the log or the own database, tries again.
    Waiting {
        /// Why.
        reason: String,
    },
    /// Another replica follows; this one takes over when that one ends.
    Standby,
    /// Stopped by a defect or a log that was replaced: red, tries again.
    Stopped {
        /// Why.
        reason: String,
    },
}
