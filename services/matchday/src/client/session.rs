//! `matchday session`: the ticketed blocks of a tournament, one admission and one clear-out each.

use clap::{Args, Subcommand};
use matchday_api::scheduling::v1::{ListSessionsRequest, Session};
use matchday_kernel::TournamentName;

use super::{connection::Connection, names, pages, times::Clocks};
use crate::{
    failure::Failure,
    output::{Cell, Column, Shown},
};

/// The command and where it goes.
#[derive(Args)]
pub(crate) struct Sessions {
    #[command(flatten)]
    connection: Connection,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List the sessions of a tournament
    #[command(after_long_help = "Example:\n  matchday session list fisu-2023")]
    List {
        /// The tournament: fisu-2023
        tournament: String,
    },
}

impl Shown for Session {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("name", |it: &Self| Cell::name(&it.name)),
        Column::new("start", |it: &Self| Cell::Time(it.start_time)),
        Column::new("end", |it: &Self| Cell::Time(it.end_time)),
        Column::new("venue", |it: &Self| Cell::name(&it.venue)),
        Column::new("expected", |it: &Self| Cell::Count(it.expected_attendance)),
        Column::new("activities", |it: &Self| Cell::Names(it.activities.clone())),
        Column::new("title", |it: &Self| Cell::text(&it.title)),
        Column::detail("source", |it: &Self| super::source(it.provenance.as_ref())),
        Column::detail("generated", |it: &Self| super::generated(it.provenance.as_ref())),
        Column::detail("etag", |it: &Self| Cell::text(&it.etag)),
    ];
}

impl Sessions {
    /// Does what the command says.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let Command::List { tournament } = self.command;
        let tournament: TournamentName = names::read(&tournament)?;
        let client = self.connection.open()?;
        let zone = Clocks::Tournament(&tournament).zone_to_show(&client).await?;
        let sessions = pages::all(async |page_token| {
            let request = ListSessionsRequest {
                parent: tournament.to_string(),
                page_size: pages::PAGE_SIZE,
                page_token,
            };
            let page = client.schedule().list_sessions(request).await?.into_inner();
            Ok((page.sessions, page.next_page_token))
        });
        client.output.list(&sessions.await?, &zone)
    }
}
