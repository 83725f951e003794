//! `matchday log`: the log of the operations centre (值班日志), which is only ever added to.

use clap::{Args, Subcommand};
use matchday_api::control::v1::{
    AppendLogEntryRequest, ListLogEntriesRequest, LogEntry, StrikeLogEntryRequest,
};
use matchday_kernel::{LogEntryName, TournamentName};
use matchday_rpc::parse::to_timestamp;

use super::{
    about,
    connection::{Client, Connection},
    names, pages,
    refusal::Repeat,
    times::Clocks,
};
use crate::{
    failure::Failure,
    output::{Cell, Column, Shown},
};

/// The command and where it goes.
#[derive(Args)]
pub(crate) struct Log {
    #[command(flatten)]
    connection: Connection,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write an entry
    #[command(after_long_help = "Examples:\n  matchday log add fisu-2023 'Thunderstorm, kick-off put back' \
                                 --about fisu-2023/m01\n  matchday log add fisu-2023 'Lost child at the north \
                                 gate' --about jinjiang/stadium/north-stand\n    --at '2023-10-21 19:40'\n\n\
                                 Without --at it happened now; a time to come is refused.")]
    Add(Add),
    /// Strike an entry; it stays readable
    #[command(after_long_help = "Example:\n  matchday log strike fisu-2023/2 --reason 'wrong match'")]
    Strike {
        /// The entry, as `log list` shows it: fisu-2023/000002, or fisu-2023/2
        entry: String,
        /// Why
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        repeat: Repeat,
    },
    /// List the entries in the order they were written, struck ones too
    List {
        /// The tournament: fisu-2023
        tournament: String,
    },
}

#[derive(Args)]
struct Add {
    /// The tournament: fisu-2023
    tournament: String,
    /// What happened
    text: String,
    /// What it is about, as tables show it or in full: fisu-2023/m01, jinjiang/stadium (may be given more than
    /// once)
    #[arg(long, value_name = "NAME")]
    about: Vec<String>,
    /// When it happened, on the tournament's clocks; now without it
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    #[command(flatten)]
    repeat: Repeat,
}

impl Shown for LogEntry {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("name", |it: &Self| Cell::name(&it.name)),
        Column::clock("happened", |it: &Self| Cell::Time(it.happen_time)),
        Column::new("text", |it: &Self| Cell::text(&it.text)),
        Column::new("author", |it: &Self| Cell::name(&it.author)),
        Column::new("about", |it: &Self| Cell::Names(it.resources.clone())),
        Column::new("struck", |it: &Self| Cell::Time(it.strike_time)),
        Column::new("reason", |it: &Self| Cell::text(&it.strike_reason)),
        Column::detail("striker", |it: &Self| Cell::name(&it.striker)),
        Column::detail("written", |it: &Self| Cell::Time(it.create_time)),
        Column::detail("etag", |it: &Self| Cell::text(&it.etag)),
    ];
}

impl Log {
    /// Does what the command says.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let client = self.connection.open()?;
        match self.command {
            Command::Add(add) => add.run(&client).await,
            Command::Strike { entry, reason, repeat } => {
                let (name, request): (LogEntryName, _) = (names::read_entry(&entry)?, repeat.request());
                let strike =
                    StrikeLogEntryRequest { name: name.to_string(), reason, request_id: request.id() };
                let struck = client.log().strike_log_entry(strike).await;
                let response = struck.map_err(|status| request.refused(status))?.into_inner();
                show(&client, &name.parent(), response.entry).await
            }
            Command::List { tournament } => {
                let tournament: TournamentName = names::read(&tournament)?;
                let zone = Clocks::Tournament(&tournament).zone_of_known(&client).await?;
                let entries = pages::all(async |page_token| {
                    let parent = tournament.to_string();
                    let request = ListLogEntriesRequest { parent, page_size: pages::PAGE_SIZE, page_token };
                    let page = client.log().list_log_entries(request).await?.into_inner();
                    Ok((page.entries, page.next_page_token))
                });
                client.output.list(&entries.await?, &zone)
            }
        }
    }
}

impl Add {
    async fn run(self, client: &Client) -> Result<(), Failure> {
        let tournament: TournamentName = names::read(&self.tournament)?;
        let happened = match &self.at {
            Some(at) => Some(Clocks::Tournament(&tournament).moment(client, "--at", at).await?),
            None => None,
        };
        let mut resources = Vec::new();
        for about in &self.about {
            resources.push(about::read(client, &tournament, about).await?);
        }
        let request = self.repeat.request();
        let append = AppendLogEntryRequest {
            parent: tournament.to_string(),
            text: self.text,
            resources,
            happen_time: happened.map(to_timestamp),
            request_id: request.id(),
        };
        let appended = client.log().append_log_entry(append).await;
        let response = appended.map_err(|status| request.refused(status))?.into_inner();
        show(client, &tournament, response.entry).await
    }
}

async fn show(client: &Client, tournament: &TournamentName, entry: Option<LogEntry>) -> Result<(), Failure> {
    let zone = Clocks::Tournament(tournament).zone_to_show(client).await;
    client.output.one(&entry.unwrap_or_default(), &zone)
}
