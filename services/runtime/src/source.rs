//! A log of another service, followed over gRPC: the same in this process and over the network.

use futures_util::StreamExt;
use matchday_api::event::v1::{TailEventsRequest, event_service_client::EventServiceClient};
use matchday_rpc::{Peer, reason};
use matchday_store::{BoxFuture, BoxStream, Event, Position, Source, SourceError};
use tonic::Status;

/// The log of a service, behind its peer.
pub struct RemoteLog {
    log: String,
    peer: Peer,
}

impl RemoteLog {
    /// The log of the service `log`.
    #[must_use]
    pub fn new(log: &str, peer: Peer) -> Self {
        Self { log: log.to_owned(), peer }
    }
}

impl Source for RemoteLog {
    fn tail(
        &self,
        after: Position,
    ) -> BoxFuture<'_, Result<BoxStream<'static, Result<Event, SourceError>>, SourceError>> {
        let request = TailEventsRequest {
            log: self.log.clone(),
            after: after.sequence,
            log_id: after.log_id.map(|id| id.to_string()).unwrap_or_default(),
            resource: String::new(),
        };
        let mut client = EventServiceClient::new(self.peer.clone());
        Box::pin(async move {
            let stream = client.tail_events(request).await.map_err(|status| problem(&status))?.into_inner();
            let events = stream.map(|response| match response {
                Ok(response) => response
                    .event
                    .ok_or_else(|| SourceError::Unavailable("a response without an event".into())),
                Err(status) => Err(problem(&status)),
            });
            Ok(events.boxed())
        })
    }
}

fn problem(status: &Status) -> SourceError {
    match reason(status).as_deref() {
        Some("LOG_REPLACED") => SourceError::Foreign(status.message().into()),
        _ => SourceError::Unavailable(format!("{:?}: {}", status.code(), status.message())),
    }
}
