//! The schedule as files: `matchday schedule export` and `gantt`.

use std::{fs, io::Write, path::PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use matchday_api::scheduling::v1::{ExportFormat, ExportScheduleRequest};
use matchday_kernel::{ScheduleVersionName, Slug, TeamName, TournamentName, VenueName, civil::Date};
use matchday_runtime::Exit;

use super::super::{connection::Client, names};
use crate::failure::{Failure, say};

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Write the schedule, or a part of it, as a file
    #[command(
        after_long_help = "Calendars subscribe to the same at http://HOST:PORT/calendars/en/TOURNAMENT.ics, and \
                                 at …/TOURNAMENT/teams/TEAM.ics, …/venues/SITE/VENUE.ics and \
                                 …/officials/OFFICIAL.ics: the password is a token of the role viewer.\n\nExamples:\n  \
                                 matchday schedule export fisu-2023 --format ical --out fisu-2023.ics\n  matchday \
                                 schedule export fisu-2023 --format html --on 2023-10-25 --language zh-CN --out \
                                 day.html\n  matchday schedule export fisu-2023 --format csv --venue jinjiang/stadium"
    )]
    Export {
        #[command(flatten)]
        part: Part,
        /// How it is written
        #[arg(long, value_enum)]
        format: Format,
    },
    /// Draw the pitches and times of a day, or of all days, as SVG
    #[command(
        after_long_help = "Example:\n  matchday schedule gantt fisu-2023 --on 2023-10-25 --out day.svg"
    )]
    Gantt {
        #[command(flatten)]
        part: Part,
    },
}

/// What is written, and where to.
#[derive(Args)]
pub(crate) struct Part {
    /// The tournament: fisu-2023
    tournament: String,
    /// Only what begins on this day: 2023-10-25
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
    /// Only matches of this team, by its id
    #[arg(long)]
    team: Option<Slug>,
    /// Only what takes place at this venue: jinjiang/stadium
    #[arg(long)]
    venue: Option<String>,
    /// Only matches of this official, by id
    #[arg(long)]
    official: Option<Slug>,
    /// This version of the schedule, by its number; otherwise the schedule as it stands
    #[arg(long = "schedule-version", value_name = "NUMBER")]
    version: Option<Slug>,
    /// Language of the words: en or zh-CN
    #[arg(long, default_value = "en")]
    language: String,
    /// The file; otherwise standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// How a file is written.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Format {
    /// A calendar (iCalendar)
    Ical,
    /// A table for spreadsheets
    Csv,
    /// For programs
    Json,
    /// A page to print
    Html,
    /// A chart of pitches and times
    Svg,
}

impl Command {
    /// Does what the command says.
    pub(crate) async fn run(self, client: &Client) -> Result<(), Failure> {
        match self {
            Self::Export { part, format } => part.write(client, format.of_contract()).await,
            Self::Gantt { part } => part.write(client, ExportFormat::Svg).await,
        }
    }
}

impl Format {
    fn of_contract(self) -> ExportFormat {
        match self {
            Self::Ical => ExportFormat::Icalendar,
            Self::Csv => ExportFormat::Csv,
            Self::Json => ExportFormat::Json,
            Self::Html => ExportFormat::Html,
            Self::Svg => ExportFormat::Svg,
        }
    }
}

impl Part {
    async fn write(self, client: &Client, format: ExportFormat) -> Result<(), Failure> {
        let tournament: TournamentName = names::read(&self.tournament)?;
        let venue: Option<VenueName> = self.venue.as_deref().map(names::read).transpose()?;
        let request = ExportScheduleRequest {
            format: format.into(),
            language: self.language,
            team: self.team.map(|id| TeamName::new(&tournament, id).into()).unwrap_or_default(),
            venue: venue.map(String::from).unwrap_or_default(),
            official: self.official.map(String::from).unwrap_or_default(),
            date: self.on.map(|date| date.to_string()).unwrap_or_default(),
            version: self
                .version
                .map(|id| ScheduleVersionName::new(&tournament, id).into())
                .unwrap_or_default(),
            parent: tournament.into(),
        };
        let file = client.exports().export_schedule(request).await?.into_inner();
        let Some(path) = self.out else {
            let written = std::io::stdout().lock().write_all(&file.content);
            return written.map_err(|error| Failure::of(Exit::Failed, &error));
        };
        fs::write(&path, &file.content)
            .map_err(|error| Failure::input(format!("{} cannot be written: {error}", path.display())))?;
        say(format!("wrote {} activities to {}", file.activities, path.display()));
        Ok(())
    }
}
