//! `matchday import`: files of others.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use matchday_kernel::{SiteName, TournamentName, Zone};

use super::{connection::Connection, names, refusal::Repeat, site, times, tournament};
use crate::{
    failure::{Failure, say},
    file::{self, Openfootball},
};

/// The command and where it goes.
#[derive(Args)]
pub(crate) struct Imports {
    #[command(flatten)]
    connection: Connection,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Create a site and a tournament from a worldcup.json of openfootball
    #[command(after_long_help = "The file is one of github.com/openfootball/worldcup.json, such as \
                                 2018/worldcup.json there.\n\nEvery ground becomes a venue with one pitch, every match a session of its own. \
                                 A match takes 115 minutes in a group and up to 160 in the knockout; the pitch \
                                 is needed 45 minutes before and 30 after. What the file does not say is marked \
                                 as generated.\n\nKick-offs are read with their offset (`18:00 UTC+3`), or on \
                                 the clocks of --time-zone where there is none.\n\nExample:\n  matchday import \
                                 openfootball worldcup.json --tournament world-cup-2018 --time-zone \
                                 Europe/Moscow")]
    Openfootball {
        /// The file
        file: PathBuf,
        /// Id of the tournament to create
        #[arg(long, value_name = "ID")]
        tournament: String,
        /// Time zone of the tournament: its days are counted there
        #[arg(long, value_name = "ZONE")]
        time_zone: String,
        /// Id of the site to create; that of the tournament without
        #[arg(long, value_name = "ID")]
        site: Option<String>,
        /// Create one of the two alone, where the services of places and of schedules run apart: the site first
        #[arg(long, value_enum, value_name = "PART")]
        only: Option<Part>,
        #[command(flatten)]
        repeat: Repeat,
    },
}

/// One of what a file becomes.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// The grounds.
    Site,
    /// The matches and those who play them.
    Tournament,
}

impl Imports {
    /// Does what the command says.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let Command::Openfootball { file, tournament, time_zone, site, only, repeat } = self.command;
        let name: TournamentName = names::read(&tournament)?;
        let site: SiteName = names::read(site.as_deref().unwrap_or_else(|| name.id()))?;
        let zone: Zone =
            time_zone.parse().map_err(|error| Failure::input(format!("--time-zone: {error}")))?;
        let frame = Openfootball { tournament: name, site, zone };
        let (places, schedule) = file::openfootball(&file, &frame)?;
        let client = self.connection.open()?;
        let request = repeat.request();
        if only != Some(Part::Tournament) {
            let (site, summary) = site::import(&client, places, &request).await?;
            say(summary);
            if only == Some(Part::Site) {
                return client.output.one(&site, &times::utc());
            }
        }
        let imported = tournament::import(&client, schedule, &request).await;
        let (tournament, summary) = imported.map_err(|failure| match only {
            None => failure.with_detail(format!("{} was created before", frame.site)),
            Some(_) => failure,
        })?;
        say(summary);
        client.output.one(&tournament, &times::utc())
    }
}
