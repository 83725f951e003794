//! `LogService`: what the operations centre wrote down.

use matchday_api::control::v1::{self as pb, log_service_server::LogService};
use matchday_kernel::{Common, Instant, LogEntryName, PageSize, TournamentName};
use matchday_rpc::{Caller, parse};
use matchday_store::{Locks, NewEvent, Record, Tx};
use tonic::{Request, Response, Status};

use crate::{
    Control, Error,
    domain::entry,
    store::entries::{self, LogEntryRow},
};

/// Most entries of a page: with the longest texts it must fit a response.
const MOST_OF_PAGE: i32 = 100;

/// An entry to write, read and checked.
struct Append {
    tournament: TournamentName,
    text: String,
    resources: Vec<String>,
    happened: Option<Instant>,
}

impl Append {
    fn parse(request: &pb::AppendLogEntryRequest) -> Result<Self, Error> {
        Ok(Self {
            tournament: parse::text_as("parent", &request.parent)?,
            text: entry::text("text", &request.text, entry::LONGEST_TEXT)?,
            resources: entry::resources("resources", &request.resources)?,
            happened: parse::instant("happen_time", request.happen_time)?,
        })
    }

    /// Replies with the name alone: replies are kept, and the text may name persons.
    async fn carry_out(self, tx: &mut Tx) -> Result<pb::AppendLogEntryResponse, Error> {
        let last = entries::last(tx, &self.tournament).await?;
        let name = LogEntryName::new(&self.tournament, entry::id_after(last.as_ref())?);
        let row = LogEntryRow {
            name: name.to_string(),
            text: self.text,
            resources: self.resources.join(" "),
            happened: entry::happened("happen_time", self.happened, tx.now())?.as_micros(),
            author: tx.actor().to_owned(),
            ..LogEntryRow::default()
        };
        row.create(tx).await?;
        let event = pb::LogEntryAppended { entry: name.to_string(), resources: self.resources };
        tx.emit(NewEvent::new(&name, Some(&self.tournament), &event));
        Ok(pb::AppendLogEntryResponse { entry: Some(named(name)) })
    }
}

/// An entry to strike, and why.
struct Strike {
    name: LogEntryName,
    reason: String,
}

impl Strike {
    fn parse(request: &pb::StrikeLogEntryRequest) -> Result<Self, Error> {
        Ok(Self {
            name: parse::text_as("name", &request.name)?,
            reason: entry::text("reason", &request.reason, entry::LONGEST_REASON)?,
        })
    }

    /// Replies with the name alone, as with a new entry.
    async fn carry_out(self, tx: &mut Tx) -> Result<pb::StrikeLogEntryResponse, Error> {
        let row = LogEntryRow::get(tx, self.name.as_str()).await?;
        let struck = row.struck.map(Instant::from_micros).transpose().map_err(Common::internal)?;
        entry::check_stands(self.name.as_str(), struck)?;
        let (struck, striker) = (Some(tx.now().as_micros()), tx.actor().to_owned());
        LogEntryRow { struck, striker, strike_reason: self.reason, ..row }.save(tx).await?;
        let event = pb::LogEntryStruck { entry: self.name.to_string() };
        tx.emit(NewEvent::new(&self.name, Some(&self.name.parent()), &event));
        Ok(pb::StrikeLogEntryResponse { entry: Some(named(self.name)) })
    }
}

fn named(name: LogEntryName) -> pb::LogEntry {
    pb::LogEntry { name: name.into(), ..pb::LogEntry::default() }
}

impl Control {
    /// The entry that a write has named, as it is now.
    async fn entry(&self, named: Option<pb::LogEntry>) -> Result<Option<pb::LogEntry>, Status> {
        let name = named.unwrap_or_default().name;
        let row: LogEntryRow = self.desk.get::<LogEntryName, _>(&name).await?;
        Ok(Some(row.into()))
    }
}

#[tonic::async_trait]
impl LogService for Control {
    async fn append_log_entry(
        &self,
        request: Request<pb::AppendLogEntryRequest>,
    ) -> Result<Response<pb::AppendLogEntryResponse>, Status> {
        let append = Append::parse(request.get_ref())?;
        let locks = Locks::of([append.tournament.as_str()]);
        let written = self.desk.write(&request, locks, move |tx| Box::pin(append.carry_out(tx))).await?;
        let entry = self.entry(written.into_inner().entry).await?;
        Ok(Response::new(pb::AppendLogEntryResponse { entry }))
    }

    async fn strike_log_entry(
        &self,
        request: Request<pb::StrikeLogEntryRequest>,
    ) -> Result<Response<pb::StrikeLogEntryResponse>, Status> {
        let strike = Strike::parse(request.get_ref())?;
        let locks = Locks::of([strike.name.as_str()]);
        let written = self.desk.write(&request, locks, move |tx| Box::pin(strike.carry_out(tx))).await?;
        let entry = self.entry(written.into_inner().entry).await?;
        Ok(Response::new(pb::StrikeLogEntryResponse { entry }))
    }

    async fn get_log_entry(
        &self,
        request: Request<pb::GetLogEntryRequest>,
    ) -> Result<Response<pb::GetLogEntryResponse>, Status> {
        let row: LogEntryRow = self.desk.get::<LogEntryName, _>(&request.get_ref().name).await?;
        Ok(Response::new(pb::GetLogEntryResponse { entry: Some(row.into()) }))
    }

    async fn list_log_entries(
        &self,
        request: Request<pb::ListLogEntriesRequest>,
    ) -> Result<Response<pb::ListLogEntriesResponse>, Status> {
        let paging = Caller::of(&request)?.page(request.get_ref())?;
        let parent: TournamentName =
            parse::text_as("parent", &request.get_ref().parent).map_err(Error::from)?;
        let most = PageSize::new(MOST_OF_PAGE).map_err(|error| Error::from(Common::internal(error)))?;
        let mut conn = self.desk.read().await?;
        let page =
            LogEntryRow::below(&mut conn, parent.as_str(), paging.after.as_deref(), paging.size.min(most))
                .await
                .map_err(Error::from)?;
        Ok(Response::new(pb::ListLogEntriesResponse {
            next_page_token: paging.seal(page.next.as_deref()),
            entries: page.items.into_iter().map(Into::into).collect(),
        }))
    }
}
