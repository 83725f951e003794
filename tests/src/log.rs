//! Whole event logs, and waiting for what they say.

use std::time::Duration;

use futures_util::StreamExt;
use matchday_api::event::v1::{
    AwaitFollowerRequest, Event, GetLogRequest, TailEventsRequest, event_service_client::EventServiceClient,
};
use matchday_rpc::Peer;
use prost::{Message, Name};
use tokio::time::timeout;
use tonic::{Request, Streaming};

use crate::{PATIENCE, clients::Clients, refusal::answered};

/// Waits until every service has applied everything that the logs it follows hold now: those that follow
/// scheduling first, then visitors, which follows volunteers, then control, which follows them all.
///
/// # Panics
/// When a log cannot be read, or a service does not follow in time.
pub async fn settle(clients: &mut Clients) {
    let mut scheduling = clients.scheduling.clone();
    let followers =
        [("venues", &clients.venues), ("volunteers", &clients.volunteers), ("visitors", &clients.visitors)];
    for (follower, events) in followers {
        caught_up(&mut events.clone(), follower, "scheduling", &mut scheduling).await;
    }
    let (mut visitors, mut volunteers) = (clients.visitors.clone(), clients.volunteers.clone());
    caught_up(&mut visitors, "visitors", "volunteers", &mut volunteers).await;
    let mut control = clients.control.clone();
    for (log, events) in followers.into_iter().chain([("scheduling", &clients.scheduling)]) {
        caught_up(&mut control, "control", log, &mut events.clone()).await;
    }
}

/// Waits until venues has applied everything that scheduling's log holds now, whoever else follows.
///
/// # Panics
/// When a log cannot be read, or venues does not follow in time.
pub async fn venues_settled(clients: &mut Clients) {
    caught_up(&mut clients.venues, "venues", "scheduling", &mut clients.scheduling).await;
}

async fn caught_up(
    follower_events: &mut EventServiceClient<Peer>,
    follower: &str,
    log: &str,
    publisher: &mut EventServiceClient<Peer>,
) {
    let sequence = head(publisher, log).await;
    let mut request =
        Request::new(AwaitFollowerRequest { follower: follower.into(), log: log.into(), sequence });
    request.set_timeout(Duration::from_secs(50));
    answered(follower_events.await_follower(request).await);
}

/// The last sequence of a log.
///
/// # Panics
/// When it cannot be read.
pub async fn head(events: &mut EventServiceClient<Peer>, log: &str) -> i64 {
    answered(events.get_log(GetLogRequest { log: log.into() }).await).sequence
}

/// Opens the stream of a log's events after a sequence.
///
/// # Panics
/// When it is refused.
pub async fn tail(events: &mut EventServiceClient<Peer>, log: &str, after: i64) -> Events {
    let request = TailEventsRequest { log: log.into(), after, ..TailEventsRequest::default() };
    Events(answered(events.tail_events(request).await))
}

/// The whole log, up to where it stands now.
///
/// # Panics
/// When it cannot be read.
pub async fn whole(events: &mut EventServiceClient<Peer>, log: &str) -> Vec<Event> {
    let until = head(events, log).await;
    let mut stream = tail(events, log, 0).await;
    let mut read = Vec::new();
    while i64::try_from(read.len()).is_ok_and(|length| length < until) {
        read.push(stream.next().await);
    }
    read
}

/// Events as they come.
#[derive(Debug)]
pub struct Events(pub Streaming<matchday_api::event::v1::TailEventsResponse>);

impl Events {
    /// The next event.
    ///
    /// # Panics
    /// When the stream ends, or nothing comes in time.
    pub async fn next(&mut self) -> Event {
        let item = timeout(PATIENCE, self.0.next()).await.expect("an event in time");
        let response = item.expect("a stream without an end").expect("an event");
        response.event.expect("a response has an event")
    }

    /// The next event of a kind.
    ///
    /// # Panics
    /// As [`Events::next`].
    pub async fn next_of<M: Name>(&mut self) -> Event {
        loop {
            let event = self.next().await;
            if event.r#type == M::full_name() {
                return event;
            }
        }
    }
}

/// What an event says, when it is of this kind.
///
/// # Panics
/// When its payload cannot be read.
#[must_use]
pub fn read<M: Message + Name + Default>(event: &Event) -> Option<M> {
    let payload = event.payload.as_ref().expect("an event has a payload");
    (event.r#type == M::full_name())
        .then(|| M::decode(payload.value.as_slice()).expect("a payload of its type"))
}

/// Checks that sequences begin at 1 and have no gap, and that all events are of one log.
///
/// # Panics
/// When that is not so.
pub fn check_gap_free(events: &[Event]) {
    for (index, event) in events.iter().enumerate() {
        assert_eq!(usize::try_from(event.sequence), Ok(index + 1), "sequences have a gap");
        assert_eq!(event.log_id, events[0].log_id, "a log has one id");
    }
}
