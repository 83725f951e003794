//! `matchday schedule competition`: what competitions are like, and their matches.

use std::path::PathBuf;

use clap::Subcommand;
use matchday_api::scheduling::v1::{
    ApplyCompetitionRequest, Competition, FormatKind, GenerateMatchesRequest, Grid, ListCompetitionsRequest,
    TieBreakOrder,
};
use matchday_kernel::{TournamentName, ZoneName, civil::Date};

use super::super::{connection::Client, names, refusal::Repeat, times, times::Clocks};
use crate::{
    failure::{Failure, say},
    file,
    output::{Cell, Column, Shown},
    words,
};

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Describe competitions from a YAML file, one after the other
    #[command(
        after_long_help = "docs/howto/run-a-competition.md explains the file.\n\nExample:\n  matchday schedule \
                                 competition apply competitions.yaml --tournament fisu-2023"
    )]
    Apply {
        /// The file
        file: PathBuf,
        /// The tournament: fisu-2023
        #[arg(long)]
        tournament: String,
    },
    /// List the competitions of a tournament
    List {
        /// The tournament: fisu-2023
        tournament: String,
    },
    /// Make the matches of a competition that has none, one after the other on a grid
    #[command(
        after_long_help = "A timetable moves them afterwards. Nobody's pitch is taken: what is there stays.\n\n\
                                 Example:\n  matchday schedule competition matches fisu-2023 men --zone \
                                 jinjiang/stadium/pitch --zone jinjiang/match-3/pitch --kick-off 15:30 --kick-off \
                                 19:00 --preview"
    )]
    Matches {
        /// The tournament: fisu-2023
        tournament: String,
        /// The competition: men
        competition: String,
        /// A pitch; several may be given
        #[arg(long = "zone", value_name = "ZONE", required = true)]
        zones: Vec<String>,
        /// A kick-off on the tournament's clocks: 15:30; several may be given, otherwise 09:00, 12:15, 15:30 and
        /// 18:45
        #[arg(long = "kick-off", value_name = "TIME")]
        kick_offs: Vec<String>,
        /// The first day; otherwise that of the tournament
        #[arg(long, value_name = "DATE")]
        from: Option<Date>,
        /// Show the matches, and make none
        #[arg(long)]
        preview: bool,
        #[command(flatten)]
        repeat: Repeat,
    },
}

impl Shown for Competition {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("competition", |it: &Self| Cell::text(&it.competition)),
        Column::new("format", |it: &Self| {
            Cell::Text(
                it.format
                    .as_ref()
                    .map_or_else(String::new, |format| words::word_of::<FormatKind>(format.kind)),
            )
        }),
        Column::new("tie-breakers", |it: &Self| {
            Cell::Text(words::word_of::<TieBreakOrder>(it.order.max(TieBreakOrder::Fifa.into())))
        }),
        Column::new("described", |it: &Self| Cell::text(if it.described { "yes" } else { "no" })),
        Column::detail("source", |it: &Self| super::super::source(it.provenance.as_ref())),
    ];
}

impl Command {
    /// Does what the command says.
    pub(crate) async fn run(self, client: &Client) -> Result<(), Failure> {
        match self {
            Self::Apply { file, tournament } => apply(client, &file, &names::read(&tournament)?).await,
            Self::List { tournament } => {
                let parent: TournamentName = names::read(&tournament)?;
                let request = ListCompetitionsRequest { parent: parent.into() };
                let response = client.competitions().list_competitions(request).await?.into_inner();
                client.output.list(&response.competitions, &times::utc())
            }
            Self::Matches { tournament, competition, zones, kick_offs, from, preview, repeat } => {
                let tournament: TournamentName = names::read(&tournament)?;
                let zones = zones.iter().map(|zone| names::read::<ZoneName>(zone).map(String::from));
                let grid = Grid {
                    first_date: from.map(|date| date.to_string()).unwrap_or_default(),
                    zones: zones.collect::<Result<_, _>>()?,
                    kick_offs,
                };
                let request = repeat.request();
                let making = GenerateMatchesRequest {
                    parent: tournament.to_string(),
                    competition,
                    grid: Some(grid),
                    validate_only: preview,
                    request_id: request.id(),
                };
                let made = client.competitions().generate_matches(making).await;
                let response = made.map_err(|status| request.refused(status))?.into_inner();
                if preview {
                    say("these matches would be made; none were");
                }
                let zone = Clocks::Tournament(&tournament).zone_to_show(client).await;
                client.output.list(&response.activities, &zone)
            }
        }
    }
}

async fn apply(client: &Client, path: &std::path::Path, tournament: &TournamentName) -> Result<(), Failure> {
    let mut applied = Vec::new();
    for competition in file::competitions(path, tournament)? {
        // describing twice is describing once
        let request = ApplyCompetitionRequest {
            parent: tournament.to_string(),
            competition: Some(competition),
            ..ApplyCompetitionRequest::default()
        };
        applied.extend(client.competitions().apply_competition(request).await?.into_inner().competition);
    }
    client.output.list(&applied, &times::utc())
}
