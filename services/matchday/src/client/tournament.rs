//! `matchday tournament`: tournaments, camps and festivals, and the published versions of their schedules.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use matchday_api::scheduling::v1::{
    GetTournamentRequest, ImportTournamentRequest, ListScheduleVersionsRequest, ListTournamentsRequest,
    PublishScheduleRequest, PublishScheduleResponse, ScheduleVersion, Tournament, VersionOrigin,
    VersionState,
};
use matchday_kernel::TournamentName;

use super::{
    connection::{Client, Connection},
    names, pages,
    refusal::{Repeat, Request},
    times::{self, Clocks},
};
use crate::{
    failure::{Failure, say},
    file,
    output::{Cell, Column, Shown},
    words,
};

/// The command and where it goes.
#[derive(Args)]
pub(crate) struct Tournaments {
    #[command(flatten)]
    connection: Connection,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Create a tournament with its teams, sessions and activities from a YAML file, all or nothing
    #[command(after_long_help = "Example:\n  matchday tournament import examples/fisu-2023/tournament.yaml")]
    Import {
        /// The file; examples/fisu-2023/tournament.yaml shows how it is written
        file: PathBuf,
        #[command(flatten)]
        repeat: Repeat,
    },
    /// List the tournaments
    List,
    /// Show one tournament
    Show {
        /// The tournament: fisu-2023
        name: String,
    },
    /// Put the schedule in force: all its places are reserved, or none and the conflicts are named
    #[command(after_long_help = "Examples:\n  matchday tournament publish fisu-2023 --validate-only\n  \
                                 matchday tournament publish fisu-2023")]
    Publish {
        /// The tournament: fisu-2023
        name: String,
        /// Ask whether all places are free, and publish nothing
        #[arg(long)]
        validate_only: bool,
        #[command(flatten)]
        repeat: Repeat,
    },
    /// List the versions of the schedule, published and refused
    Versions {
        /// The tournament: fisu-2023
        name: String,
    },
}

impl Shown for Tournament {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("name", |it: &Self| Cell::name(&it.name)),
        Column::new("display-name", |it: &Self| Cell::text(&it.display_name)),
        Column::new("start-date", |it: &Self| Cell::text(&it.start_date)),
        Column::new("end-date", |it: &Self| Cell::text(&it.end_date)),
        Column::new("time-zone", |it: &Self| Cell::text(&it.time_zone)),
        Column::new("sites", |it: &Self| Cell::Names(it.sites.clone())),
        Column::new("published", |it: &Self| Cell::id(&it.published_version)),
        Column::detail("source", |it: &Self| super::source(it.provenance.as_ref())),
        Column::detail("generated", |it: &Self| super::generated(it.provenance.as_ref())),
        Column::detail("etag", |it: &Self| Cell::text(&it.etag)),
    ];
}

impl Shown for ScheduleVersion {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("name", |it: &Self| Cell::name(&it.name)),
        Column::new("state", |it: &Self| Cell::Text(words::word_of::<VersionState>(it.state))),
        Column::new("origin", |it: &Self| Cell::Text(words::word_of::<VersionOrigin>(it.origin))),
        Column::new("title", |it: &Self| Cell::text(&it.title)),
        Column::new("activities", |it: &Self| Cell::Number(it.activities.into())),
        Column::new("author", |it: &Self| Cell::text(&it.author)),
        Column::new("begun", |it: &Self| Cell::Time(it.create_time)),
        Column::new("published", |it: &Self| Cell::Time(it.publish_time)),
        Column::detail("base", |it: &Self| Cell::id(&it.base)),
        Column::detail("supersedes", |it: &Self| Cell::id(&it.supersedes)),
        Column::detail("run", |it: &Self| Cell::id(&it.run)),
        Column::detail("kept", |it: &Self| Cell::Names(it.kept.clone())),
    ];
}

impl Shown for PublishScheduleResponse {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("version", |it: &Self| Cell::Name(version(it).name)),
        Column::new("state", |it: &Self| Cell::Text(words::word_of::<VersionState>(version(it).state))),
        Column::new("activities", |it: &Self| Cell::Number(version(it).activities.into())),
        Column::new("published", |it: &Self| Cell::Time(version(it).publish_time)),
        Column::new("places-created", |it: &Self| Cell::Number(it.places_created.into())),
        Column::new("places-moved", |it: &Self| Cell::Number(it.places_moved.into())),
        Column::new("places-kept", |it: &Self| Cell::Number(it.places_kept.into())),
        Column::new("places-released", |it: &Self| Cell::Number(it.places_released.into())),
    ];
}

fn version(response: &PublishScheduleResponse) -> ScheduleVersion {
    response.version.clone().unwrap_or_default()
}

impl Tournaments {
    /// Does what the command says.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        match self.command {
            Command::Import { file, repeat } => {
                let request = file::tournament(&file)?;
                let client = self.connection.open()?;
                let (tournament, summary) = import(&client, request, &repeat.request()).await?;
                say(summary);
                client.output.one(&tournament, &times::utc())
            }
            Command::List => {
                let client = self.connection.open()?;
                client.output.list(&list(&client).await?, &times::utc())
            }
            Command::Show { name } => {
                let name: TournamentName = names::read(&name)?;
                let client = self.connection.open()?;
                let request = GetTournamentRequest { name: name.into() };
                let response = client.tournaments().get_tournament(request).await?.into_inner();
                let tournament = response.tournament.unwrap_or_default();
                client.output.one(&tournament, &times::utc())
            }
            Command::Publish { name, validate_only, repeat } => {
                let name: TournamentName = names::read(&name)?;
                let client = self.connection.open()?;
                let response = publish(&client, &name, validate_only, &repeat.request()).await?;
                let zone = Clocks::Tournament(&name).zone_to_show(&client).await;
                client.output.one(&response, &zone)
            }
            Command::Versions { name } => {
                let name: TournamentName = names::read(&name)?;
                let client = self.connection.open()?;
                let zone = Clocks::Tournament(&name).zone_of_known(&client).await?;
                client.output.list(&versions(&client, &name).await?, &zone)
            }
        }
    }
}

/// Imports a tournament; the line says how much of it there is.
///
/// # Errors
/// [`Failure`] when the server refuses.
pub(crate) async fn import(
    client: &Client,
    import: ImportTournamentRequest,
    request: &Request,
) -> Result<(Tournament, String), Failure> {
    let import = ImportTournamentRequest { request_id: request.id(), ..import };
    let response = client
        .tournaments()
        .import_tournament(import)
        .await
        .map_err(|status| request.refused(status))?
        .into_inner();
    let tournament = response.tournament.unwrap_or_default();
    let summary = format!(
        "imported {}: {} teams, {} sessions, {} activities",
        tournament.name, response.teams, response.sessions, response.activities
    );
    Ok((tournament, summary))
}

/// Publishes the schedule of a tournament.
///
/// # Errors
/// [`Failure`] that names the conflicts when places are not free.
pub(crate) async fn publish(
    client: &Client,
    tournament: &TournamentName,
    validate_only: bool,
    request: &Request,
) -> Result<PublishScheduleResponse, Failure> {
    let publish =
        PublishScheduleRequest { parent: tournament.to_string(), validate_only, request_id: request.id() };
    let response =
        client.schedule().publish_schedule(publish).await.map_err(|status| request.refused(status))?;
    if validate_only {
        say("all places are free; nothing was published");
    }
    Ok(response.into_inner())
}

async fn list(client: &Client) -> Result<Vec<Tournament>, Failure> {
    pages::all(async |page_token| {
        let request = ListTournamentsRequest { page_size: pages::PAGE_SIZE, page_token };
        let page = client.tournaments().list_tournaments(request).await?.into_inner();
        Ok((page.tournaments, page.next_page_token))
    })
    .await
}

/// The versions of a tournament's schedule, the latest first.
///
/// # Errors
/// [`Failure`] when the server refuses.
pub(crate) async fn versions(
    client: &Client,
    tournament: &TournamentName,
) -> Result<Vec<ScheduleVersion>, Failure> {
    pages::all(async |page_token| {
        let request = ListScheduleVersionsRequest {
            parent: tournament.to_string(),
            page_size: pages::PAGE_SIZE,
            page_token,
        };
        let page = client.schedule().list_schedule_versions(request).await?.into_inner();
        Ok((page.versions, page.next_page_token))
    })
    .await
}
