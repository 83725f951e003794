//! `MessageService`: volunteers are told what they have to know.

use std::collections::BTreeSet;

use matchday_api::volunteers::v1::{self as pb, message_service_server::MessageService};
use matchday_kernel::{BroadcastName, Common, PageSize, TournamentName, VolunteerName};
use matchday_rpc::{Caller, parse};
use matchday_store::{Locks, Record, Tx};
use tonic::{Request, Response, Status};

use super::{
    broadcast::{Send, count},
    choose::Reach,
    lock,
};
use crate::{
    Error, Volunteers,
    domain::message::{Channel, State},
    roster::emit,
    store::{
        broadcasts::{self, BroadcastRow},
        messages,
    },
};

/// Volunteers that one call names at most.
const MOST_NAMED: usize = 500;

/// States of messages, each once.
fn states(numbers: &[i32]) -> Result<Vec<State>, Error> {
    let wanted: Vec<i32> = numbers
        .iter()
        .map(|number| Ok(parse::one_of::<pb::MessageState>("states", *number)?.into()))
        .collect::<Result<_, Error>>()?;
    Ok(State::ALL.into_iter().filter(|state| wanted.contains(&messages::number(*state))).collect())
}

/// A page of messages to read, which leaves an event.
struct ReadPage {
    broadcast: BroadcastName,
    states: Vec<State>,
    after: Option<String>,
    size: PageSize,
}

impl ReadPage {
    /// The page; the token of the next one is still its bare key.
    async fn carry_out(self, tx: &mut Tx) -> Result<pb::ListMessagesResponse, Error> {
        let broadcast = self.broadcast.as_str();
        BroadcastRow::get(tx, broadcast).await?;
        let page = messages::page(tx, broadcast, &self.states, self.after.as_deref(), self.size).await?;
        let event = pb::MessagesRead { broadcast: broadcast.to_owned(), messages: count(page.items.len()) };
        emit(tx, self.broadcast.parent().as_str(), broadcast, &event);
        let messages = page.items.into_iter().map(Into::into).collect();
        Ok(pb::ListMessagesResponse { messages, next_page_token: page.next.unwrap_or_default() })
    }
}

/// Takes back what has not gone.
async fn cancel(name: BroadcastName, tx: &mut Tx) -> Result<pb::CancelBroadcastResponse, Error> {
    let row = BroadcastRow::get(tx, name.as_str()).await?;
    let cancelled = usize::try_from(messages::recall(tx, &row.name).await?).map_or(i32::MAX, count);
    if cancelled > 0 {
        let event = pb::BroadcastCancelled { broadcast: row.name.clone(), messages: cancelled };
        emit(tx, &row.tournament, &row.name, &event);
        settle(tx, &row.tournament, &row.name).await?;
    }
    Ok(pb::CancelBroadcastResponse { broadcast: Some(row.told(tx).await?), cancelled })
}

/// Says that a broadcast is settled, when nothing of it waits or is under way any more.
pub(crate) async fn settle(tx: &mut Tx, tournament: &str, broadcast: &str) -> Result<(), Error> {
    if !messages::is_open(tx, broadcast).await? {
        emit(tx, tournament, broadcast, &pb::BroadcastSettled { broadcast: broadcast.to_owned() });
    }
    Ok(())
}

/// Messages to send again, read and checked.
struct Retry {
    name: BroadcastName,
    states: Vec<State>,
    volunteers: BTreeSet<String>,
}

impl Retry {
    fn parse(request: &pb::RetryMessagesRequest) -> Result<Self, Error> {
        let states = states(&request.states)?;
        if states.is_empty() || states.iter().any(|state| !state.may_be_retried()) {
            let problem = "are failed, uncertain or both: say which are sent again";
            return Err(Common::field("states", problem).into());
        }
        if request.volunteers.len() > MOST_NAMED {
            return Err(Common::field("volunteers", format!("are more than {MOST_NAMED}")).into());
        }
        for volunteer in &request.volunteers {
            parse::text_as::<VolunteerName>("volunteers", volunteer)?;
        }
        let volunteers = request.volunteers.iter().cloned().collect();
        Ok(Self { name: parse::text_as("name", &request.name)?, states, volunteers })
    }

    async fn carry_out(self, tx: &mut Tx) -> Result<pb::RetryMessagesResponse, Error> {
        let row = BroadcastRow::get(tx, self.name.as_str()).await?;
        let mut rows = messages::of_broadcast(tx, &row.name, &self.states).await?;
        rows.retain(|one| self.volunteers.is_empty() || self.volunteers.contains(&one.volunteer));
        let volunteers: Vec<&str> = rows.iter().map(|one| one.volunteer.as_str()).collect();
        let channel: Channel = messages::channel(row.channel)
            .ok_or_else(|| Common::internal(format!("{}: channel {}", row.name, row.channel)))?;
        let mut reach = Reach::of_volunteers(tx, &volunteers, channel).await?;
        let (now, mut queued) = (tx.now(), 0);
        for message in rows {
            if let Some(address) = reach.reached.remove(&message.volunteer) {
                message.queued_again(address, now).save(tx).await?;
                queued += 1;
            }
        }
        if queued > 0 {
            let event = pb::MessagesRetried { broadcast: row.name.clone(), messages: queued };
            emit(tx, &row.tournament, &row.name, &event);
        }
        let broadcast = Some(row.told(tx).await?);
        Ok(pb::RetryMessagesResponse { broadcast, queued, unreached: reach.unreached() })
    }
}

#[tonic::async_trait]
impl MessageService for Volunteers {
    async fn broadcast(
        &self,
        request: Request<pb::BroadcastRequest>,
    ) -> Result<Response<pb::BroadcastResponse>, Status> {
        let send = Send::parse(request.get_ref(), self.desk.new_id(), &self.senders)?;
        let locks = lock(send.tournament());
        self.desk.write(&request, locks, move |tx| Box::pin(send.carry_out(tx))).await
    }

    async fn get_broadcast(
        &self,
        request: Request<pb::GetBroadcastRequest>,
    ) -> Result<Response<pb::GetBroadcastResponse>, Status> {
        let row: BroadcastRow = self.desk.get::<BroadcastName, _>(&request.get_ref().name).await?;
        let mut conn = self.desk.read().await?;
        let broadcast = Some(row.shown(&mut conn).await.map_err(Error::from)?);
        let has_sender = self.senders.iter().any(|one| messages::channel_number(*one) == row.channel);
        Ok(Response::new(pb::GetBroadcastResponse { broadcast, sender_missing: !has_sender }))
    }

    async fn list_broadcasts(
        &self,
        request: Request<pb::ListBroadcastsRequest>,
    ) -> Result<Response<pb::ListBroadcastsResponse>, Status> {
        let paging = Caller::of(&request)?.page(request.get_ref())?;
        let tournament: TournamentName =
            parse::text_as("parent", &request.get_ref().parent).map_err(Error::from)?;
        let mut conn = self.desk.read().await?;
        let page = broadcasts::page(&mut conn, tournament.as_str(), paging.after.as_deref(), paging.size)
            .await
            .map_err(Error::from)?;
        let mut broadcasts = Vec::with_capacity(page.items.len());
        for row in page.items {
            broadcasts.push(row.shown(&mut conn).await.map_err(Error::from)?);
        }
        let next_page_token = paging.seal(page.next.as_deref());
        Ok(Response::new(pb::ListBroadcastsResponse { broadcasts, next_page_token }))
    }

    async fn list_messages(
        &self,
        request: Request<pb::ListMessagesRequest>,
    ) -> Result<Response<pb::ListMessagesResponse>, Status> {
        let paging = Caller::of(&request)?.page(request.get_ref())?;
        let broadcast = parse::text_as("parent", &request.get_ref().parent).map_err(Error::from)?;
        let mut states = states(&request.get_ref().states)?;
        if states.is_empty() {
            states = State::ALL.into();
        }
        let read = ReadPage { broadcast, states, after: paging.after.clone(), size: paging.size };
        let reply = self.desk.write(&request, Locks::none(), move |tx| Box::pin(read.carry_out(tx))).await?;
        let mut reply = reply.into_inner();
        let next = std::mem::take(&mut reply.next_page_token);
        reply.next_page_token = paging.seal(Some(next.as_str()).filter(|key| !key.is_empty()));
        Ok(Response::new(reply))
    }

    async fn cancel_broadcast(
        &self,
        request: Request<pb::CancelBroadcastRequest>,
    ) -> Result<Response<pb::CancelBroadcastResponse>, Status> {
        let name: BroadcastName = parse::text_as("name", &request.get_ref().name).map_err(Error::from)?;
        let locks = lock(name.parent()).and(crate::outbox::LOCK);
        self.desk.write(&request, locks, move |tx| Box::pin(cancel(name, tx))).await
    }

    async fn retry_messages(
        &self,
        request: Request<pb::RetryMessagesRequest>,
    ) -> Result<Response<pb::RetryMessagesResponse>, Status> {
        let retry = Retry::parse(request.get_ref())?;
        let locks = lock(retry.name.parent()).and(crate::outbox::LOCK);
        self.desk.write(&request, locks, move |tx| Box::pin(retry.carry_out(tx))).await
    }
}
