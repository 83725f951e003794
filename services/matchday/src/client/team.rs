//! `matchday team`: the teams of a tournament.

use clap::{Args, Subcommand};
use matchday_api::scheduling::v1::{ListTeamsRequest, Team};
use matchday_kernel::TournamentName;

use super::{connection::Connection, names, pages, times};
use crate::{
    failure::Failure,
    output::{Cell, Column, Shown},
};

/// The command and where it goes.
#[derive(Args)]
pub(crate) struct Teams {
    #[command(flatten)]
    connection: Connection,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List the teams of a tournament
    #[command(after_long_help = "Example:\n  matchday team list fisu-2023")]
    List {
        /// The tournament: fisu-2023
        tournament: String,
    },
}

impl Shown for Team {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("name", |team: &Self| Cell::name(&team.name)),
        Column::new("competition", |team: &Self| Cell::text(&team.competition)),
        Column::new("group", |team: &Self| Cell::text(&team.group)),
        Column::new("display-name", |team: &Self| Cell::text(&team.display_name)),
        Column::new("country", |team: &Self| Cell::text(&team.country)),
        Column::detail("source", |team: &Self| super::source(team.provenance.as_ref())),
        Column::detail("generated", |team: &Self| super::generated(team.provenance.as_ref())),
        Column::detail("etag", |team: &Self| Cell::text(&team.etag)),
    ];
}

impl Teams {
    /// Does what the command says.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let Command::List { tournament } = self.command;
        let tournament: TournamentName = names::read(&tournament)?;
        let client = self.connection.open()?;
        let teams = pages::all(async |page_token| {
            let request =
                ListTeamsRequest { parent: tournament.to_string(), page_size: pages::PAGE_SIZE, page_token };
            let page = client.tournaments().list_teams(request).await?.into_inner();
            Ok((page.teams, page.next_page_token))
        });
        client.output.list(&teams.await?, &times::utc())
    }
}
