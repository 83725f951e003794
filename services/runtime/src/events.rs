//! Serves the logs of the hosted services and the state of the followers of this process.

use std::collections::BTreeMap;

use futures_util::{Stream, StreamExt};
use matchday_api::event::v1 as pb;
use matchday_kernel::{Common, ErrorKind, Fault};
use matchday_rpc::fault_status;
use matchday_store::{BoxStream, Event, FollowerStatus, Health, Log, Position, Source, SourceError};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status};

/// The one `EventService` of a process.
pub struct Events {
    logs: BTreeMap<&'static str, Log>,
    followers: Vec<watch::Receiver<FollowerStatus>>,
    stop: CancellationToken,
}

impl Events {
    /// Serves these logs and followers until the process ends.
    #[must_use]
    pub fn new(
        logs: BTreeMap<&'static str, Log>,
        followers: Vec<watch::Receiver<FollowerStatus>>,
        stop: CancellationToken,
    ) -> Self {
        Self { logs, followers, stop }
    }

    fn log(&self, name: &str) -> Result<&Log, EventError> {
        self.logs.get(name).ok_or_else(|| EventError::UnknownLog {
            log: name.into(),
            known: self.logs.keys().copied().collect::<Vec<_>>().join(", "),
        })
    }
}

/// Why a log or a follower cannot be read.
#[derive(Debug, thiserror::Error)]
enum EventError {
    #[error("there is no log `{log}` here; the logs of this process are: {known}")]
    UnknownLog { log: String, known: String },
    #[error("no follower `{follower}` of the log `{log}` runs here")]
    UnknownFollower { follower: String, log: String },
    #[error("{0}")]
    Replaced(String),
    #[error("the log cannot be read: {0}")]
    Unreadable(String),
    #[error("the process ends: connect again")]
    Ending,
}

impl Fault for EventError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::UnknownLog { .. } | Self::UnknownFollower { .. } => ErrorKind::NotFound,
            Self::Replaced(_) => ErrorKind::FailedPrecondition,
            Self::Unreadable(_) | Self::Ending => ErrorKind::Unavailable,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::UnknownLog { .. } => "LOG_UNKNOWN",
            Self::UnknownFollower { .. } => "FOLLOWER_UNKNOWN",
            Self::Replaced(_) => "LOG_REPLACED",
            Self::Unreadable(_) => "STORE_UNAVAILABLE",
            Self::Ending => "SERVER_ENDING",
        }
    }
}

impl From<EventError> for Status {
    fn from(error: EventError) -> Self {
        fault_status(&error)
    }
}

impl From<SourceError> for EventError {
    fn from(error: SourceError) -> Self {
        match error {
            SourceError::Foreign(problem) => Self::Replaced(problem),
            SourceError::Unavailable(problem) => Self::Unreadable(problem),
        }
    }
}

#[tonic::async_trait]
impl pb::event_service_server::EventService for Events {
    type TailEventsStream = BoxStream<'static, Result<pb::TailEventsResponse, Status>>;

    async fn tail_events(
        &self,
        request: Request<pb::TailEventsRequest>,
    ) -> Result<Response<Self::TailEventsStream>, Status> {
        let request = request.into_inner();
        let log = self.log(&request.log)?;
        if request.after < 0 {
            return Err(fault_status(&Common::field("after", "is negative: sequences begin at 1")));
        }
        let log_id = match request.log_id.as_str() {
            "" => None,
            text => Some(text.parse().map_err(|_| fault_status(&Common::field("log_id", "is no UUID")))?),
        };
        let events = tail(log, Position { log_id, sequence: request.after })
            .await?
            .filter(move |event| {
                let is_meant =
                    event.as_ref().map_or(true, |event| is_at_or_below(&event.resource, &request.resource));
                std::future::ready(is_meant)
            })
            .map(|event| event.map(|event| pb::TailEventsResponse { event: Some(event) }));
        Ok(Response::new(until_ending(events, &self.stop)))
    }

    async fn get_log(
        &self,
        request: Request<pb::GetLogRequest>,
    ) -> Result<Response<pb::GetLogResponse>, Status> {
        let log = self.log(&request.get_ref().log)?;
        let sequence = log.head().await.map_err(|error| fault_status(&error))?;
        Ok(Response::new(pb::GetLogResponse { log_id: log.id().to_string(), sequence }))
    }

    async fn list_followers(
        &self,
        _: Request<pb::ListFollowersRequest>,
    ) -> Result<Response<pb::ListFollowersResponse>, Status> {
        let followers = self.followers.iter().map(|status| to_pb(&status.borrow())).collect();
        Ok(Response::new(pb::ListFollowersResponse { followers }))
    }

    async fn await_follower(
        &self,
        request: Request<pb::AwaitFollowerRequest>,
    ) -> Result<Response<pb::AwaitFollowerResponse>, Status> {
        let request = request.into_inner();
        let is_meant =
            |status: &FollowerStatus| status.follower == request.follower && status.log == request.log;
        let mut status =
            self.followers.iter().find(|status| is_meant(&status.borrow())).cloned().ok_or_else(|| {
                EventError::UnknownFollower { follower: request.follower.clone(), log: request.log.clone() }
            })?;
        let reached = status.wait_for(|status| status.sequence >= request.sequence);
        let follower = tokio::select! {
            reached = reached => to_pb(&*reached.map_err(|_| EventError::Ending)?),
            () = self.stop.cancelled() => return Err(EventError::Ending.into()),
        };
        Ok(Response::new(pb::AwaitFollowerResponse { follower: Some(follower) }))
    }
}

/// The events of a log after a position, for a stream of a service.
///
/// # Errors
/// `LOG_REPLACED` when the position is of another log, `STORE_UNAVAILABLE`.
pub async fn tail(
    log: &Log,
    after: Position,
) -> Result<impl Stream<Item = Result<Event, Status>> + Send + use<>, Status> {
    let events = log.tail(after).await.map_err(EventError::from)?;
    Ok(events.map(|event| event.map_err(|error| EventError::from(error).into())))
}

/// Ends a stream when the process does, with `SERVER_ENDING`: its reader knows that more may follow.
pub fn until_ending<T: Send + 'static>(
    stream: impl Stream<Item = Result<T, Status>> + Send + 'static,
    stop: &CancellationToken,
) -> BoxStream<'static, Result<T, Status>> {
    let ending = futures_util::stream::once(async { Err(EventError::Ending.into()) });
    stream.take_until(stop.clone().cancelled_owned()).chain(ending).boxed()
}

fn is_at_or_below(resource: &str, ancestor: &str) -> bool {
    ancestor.is_empty()
        || resource.strip_prefix(ancestor).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn to_pb(status: &FollowerStatus) -> pb::Follower {
    let (state, reason) = match &status.health {
        Health::Starting => (pb::FollowerState::Starting, ""),
        Health::Following => (pb::FollowerState::Following, ""),
        Health::Waiting { reason } => (pb::FollowerState::Waiting, reason.as_str()),
        Health::Standby => (pb::FollowerState::Standby, ""),
        Health::Stopped { reason } => (pb::FollowerState::Stopped, reason.as_str()),
    };
    pb::Follower {
        follower: status.follower.clone(),
        log: status.log.clone(),
        sequence: status.sequence,
        state: state.into(),
        reason: reason.to_owned(),
    }
}
