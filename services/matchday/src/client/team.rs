//! `matchday team`: the teams of a tournament; those that leave, and those that come for them.

use clap::{Args, Subcommand};
use matchday_api::scheduling::v1::{
    Activity, ListTeamsRequest, ReplaceTeamRequest, Team, TeamState, WithdrawTeamRequest,
};
use matchday_kernel::{Slug, TeamName, TournamentName};

use super::{
    connection::{Client, Connection},
    names, pages,
    refusal::Repeat,
    times::{self, Clocks},
};
use crate::{
    failure::{Failure, say},
    output::{Cell, Column, Shown},
    words,
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
    /// Let a team play no further match (退赛): those to come are cancelled, and who would have met it goes on
    #[command(
        after_long_help = "What has begun stays. Before its last match of a group, its results there do not                                  count any more. The matches that change are shown: who is in them must be                                  told.\n\nExample:\n  matchday team withdraw fisu-2023/uvt --reason 'no visa'                                  --preview"
    )]
    Withdraw(Withdraw),
    /// Let another team take the place of one that has not played; no kick-off moves
    #[command(
        after_long_help = "Example:\n  matchday team replace fisu-2023/uvt --id lyon --display-name                                  'University of Lyon (France)'"
    )]
    Replace(Replace),
}

/// A team that withdraws.
#[derive(Args)]
struct Withdraw {
    /// The team: fisu-2023/uvt
    name: String,
    /// Why; it names no person
    #[arg(long)]
    reason: String,
    /// Show what would change, and change nothing
    #[arg(long)]
    preview: bool,
    #[command(flatten)]
    repeat: Repeat,
}

/// A team that takes the place of another.
#[derive(Args)]
struct Replace {
    /// The team that leaves: fisu-2023/uvt
    name: String,
    /// Id of the team that takes its place
    #[arg(long)]
    id: Slug,
    /// What people call that team
    #[arg(long)]
    display_name: String,
    /// Country or region it represents
    #[arg(long, default_value = "")]
    country: String,
    /// Show what would change, and change nothing
    #[arg(long)]
    preview: bool,
    #[command(flatten)]
    repeat: Repeat,
}

impl Shown for Team {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("name", |team: &Self| Cell::name(&team.name)),
        Column::new("competition", |team: &Self| Cell::text(&team.competition)),
        Column::new("group", |team: &Self| Cell::text(&team.group)),
        Column::new("display-name", |team: &Self| Cell::text(&team.display_name)),
        Column::new("country", |team: &Self| Cell::text(&team.country)),
        Column::detail("state", |team: &Self| Cell::Text(words::word_of::<TeamState>(team.state))),
        Column::detail("replaced-by", |team: &Self| Cell::name(&team.replaced_by)),
        Column::detail("source", |team: &Self| super::source(team.provenance.as_ref())),
        Column::detail("generated", |team: &Self| super::generated(team.provenance.as_ref())),
        Column::detail("etag", |team: &Self| Cell::text(&team.etag)),
    ];
}

impl Teams {
    /// Does what the command says.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let client = self.connection.open()?;
        match self.command {
            Command::List { tournament } => list(&client, &names::read(&tournament)?).await,
            Command::Withdraw(withdraw) => withdraw.run(&client).await,
            Command::Replace(replace) => replace.run(&client).await,
        }
    }
}

async fn list(client: &Client, tournament: &TournamentName) -> Result<(), Failure> {
    let teams = pages::all(async |page_token| {
        let request =
            ListTeamsRequest { parent: tournament.to_string(), page_size: pages::PAGE_SIZE, page_token };
        let page = client.tournaments().list_teams(request).await?.into_inner();
        Ok((page.teams, page.next_page_token))
    });
    client.output.list(&teams.await?, &times::utc())
}

impl Withdraw {
    async fn run(self, client: &Client) -> Result<(), Failure> {
        let name: TeamName = names::read(&self.name)?;
        let request = self.repeat.request();
        let withdraw = WithdrawTeamRequest {
            name: name.to_string(),
            reason: self.reason,
            validate_only: self.preview,
            request_id: request.id(),
            ..WithdrawTeamRequest::default()
        };
        let withdrawn = client.competitions().withdraw_team(withdraw).await;
        let response = withdrawn.map_err(|status| request.refused(status))?.into_inner();
        show(client, &name.parent(), &response.changed, self.preview).await
    }
}

impl Replace {
    async fn run(self, client: &Client) -> Result<(), Failure> {
        let name: TeamName = names::read(&self.name)?;
        let request = self.repeat.request();
        let team = Team { display_name: self.display_name, country: self.country, ..Team::default() };
        let replace = ReplaceTeamRequest {
            name: name.to_string(),
            team_id: self.id.into(),
            team: Some(team),
            validate_only: self.preview,
            request_id: request.id(),
            ..ReplaceTeamRequest::default()
        };
        let replaced = client.competitions().replace_team(replace).await;
        let response = replaced.map_err(|status| request.refused(status))?.into_inner();
        show(client, &name.parent(), &response.changed, self.preview).await
    }
}

/// Shows the matches that are others now.
async fn show(
    client: &Client,
    tournament: &TournamentName,
    changed: &[Activity],
    is_preview: bool,
) -> Result<(), Failure> {
    let count = changed.len();
    say(if is_preview {
        format!("{count} matches would change; nothing was changed")
    } else {
        format!("{count} matches changed: who is in them must be told")
    });
    let zone = Clocks::Tournament(tournament).zone_to_show(client).await;
    client.output.list(changed, &zone)
}
