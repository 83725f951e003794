//! A broadcast, written down with all its messages before anything leaves the house.

use std::collections::BTreeMap;

use matchday_api::volunteers::v1 as pb;
use matchday_kernel::TournamentName;
use matchday_rpc::parse;
use matchday_store::{Record, Tx};
use prost::Message;
use uuid::Uuid;

use super::choose::{Reach, channel, content, selection};
use crate::{
    Error,
    domain::{
        message::{Channel, State},
        reach::Refusal,
        selection::Selection,
        wording::{Content, Reader},
    },
    roster::emit,
    store::{
        broadcasts::{BroadcastRow, without_text},
        limits::title,
        messages::{self, MessageRow, channel_number},
        volunteers::VolunteerRow,
        words,
    },
};

/// Names that are asked for in one statement.
const NAMES: usize = 64;

/// A broadcast to send, read and checked.
pub(crate) struct Send {
    tournament: TournamentName,
    selection: Selection,
    channel: Channel,
    content: Content,
    /// The broadcast of the contract with its selection and what it says, as it is kept.
    kept: pb::Broadcast,
    uid: Uuid,
    validate_only: bool,
    sender_missing: bool,
}

impl Send {
    pub(crate) fn parse(
        request: &pb::BroadcastRequest,
        uid: Uuid,
        senders: &[Channel],
    ) -> Result<Self, Error> {
        let tournament: TournamentName = parse::text_as("parent", &request.parent)?;
        let channel = channel(request.channel)?;
        Ok(Self {
            selection: selection(&tournament, request.selection.as_ref())?,
            content: content(request)?,
            kept: pb::Broadcast {
                channel: request.channel,
                selection: request.selection.clone(),
                texts: request.texts.clone(),
                template: request.template.clone(),
                fields: request.fields.clone(),
                ..pb::Broadcast::default()
            },
            sender_missing: !senders.contains(&channel),
            validate_only: request.validate_only,
            tournament,
            channel,
            uid,
        })
    }

    pub(crate) fn tournament(&self) -> TournamentName {
        self.tournament.clone()
    }

    pub(crate) async fn carry_out(self, tx: &mut Tx) -> Result<pb::BroadcastResponse, Error> {
        let reach = Reach::of_selection(tx, &self.tournament, &self.selection, self.channel).await?;
        let (reached, missed) = (count(reach.reached.len()), reach.missed());
        let unreached = reach.unreached();
        let sender_missing = self.sender_missing;
        let broadcast = if self.validate_only {
            pb::Broadcast { unreached: count(missed), ..without_text(self.kept) }
        } else if reach.reached.is_empty() {
            return Err(Refusal::ReachesNobody { chosen: missed }.into());
        } else {
            self.write(tx, reach.reached, missed).await?
        };
        Ok(pb::BroadcastResponse { broadcast: Some(broadcast), reached, unreached, sender_missing })
    }

    async fn write(
        self,
        tx: &mut Tx,
        reached: BTreeMap<String, String>,
        missed: usize,
    ) -> Result<pb::Broadcast, Error> {
        let row = BroadcastRow {
            tournament: self.tournament.to_string(),
            uid: self.uid.to_string(),
            channel: channel_number(self.channel),
            content: self.kept.encode_to_vec(),
            author: tx.actor().to_owned(),
            unreached: count(missed),
            ..BroadcastRow::default()
        };
        let row = row.add(tx).await?;
        let mut rows = self.messages(tx, &row, &reached).await?;
        messages::insert_all(tx, &mut rows).await?;
        let queued = pb::BroadcastQueued {
            broadcast: row.name.clone(),
            messages: count(rows.len()),
            channel: row.channel,
        };
        emit(tx, self.tournament.as_str(), &row.name, &queued);
        Ok(row.told(tx).await?)
    }

    /// One message to everybody who is reached.
    async fn messages(
        &self,
        tx: &mut Tx,
        broadcast: &BroadcastRow,
        reached: &BTreeMap<String, String>,
    ) -> Result<Vec<MessageRow>, Error> {
        let tournament = title(tx, self.tournament.as_str()).await?;
        let names: Vec<&str> = reached.keys().map(String::as_str).collect();
        let mut rows = Vec::with_capacity(names.len());
        for names in names.chunks(NAMES) {
            for person in VolunteerRow::find_all(tx, names).await? {
                let languages = words(&person.languages);
                let reader =
                    Reader { name: &person.display_name, languages: &languages, tournament: &tournament };
                let wording = self.content.to(reader);
                let id = person.name.rsplit('/').next().unwrap_or_default();
                let tags: Vec<&str> = wording.languages.iter().map(|language| language.tag()).collect();
                rows.push(MessageRow {
                    name: format!("{}/messages/{id}", broadcast.name),
                    broadcast: broadcast.name.clone(),
                    key: format!("{}.{id}", broadcast.uid),
                    channel: broadcast.channel,
                    languages: tags.join(" "),
                    address: reached.get(&person.name).cloned().unwrap_or_default(),
                    subject: wording.subject,
                    body: wording.body,
                    state: messages::number(State::Queued),
                    due: Some(tx.now().as_micros()),
                    volunteer: person.name,
                    ..MessageRow::default()
                });
            }
        }
        Ok(rows)
    }
}

/// A number of people or messages, as the contract has it.
pub(super) fn count(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
