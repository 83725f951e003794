//! Commands that call a server.
//!
//! | file | subject |
//! |---|---|
//! | `site`, `venue`, `zone`, `booking` | places and who holds them |
//! | `tournament`, `team`, `session`, `activity`, `change`, `update` | tournaments and their schedule |
//! | `followed` | what became of the bookings of activities that changed |
//! | `token`, `event` | tokens; event logs and followers |
//! | `connection` | the server, the token, the clients |
//! | `names`, `times` | names and times as staff write them |
//! | `pages` | lists that come in pages |
//! | `refusal` | what a server refused, told to people; the id that makes a repeated write one write |
//!
//! To add a resource: a file with its columns ([`Shown`](crate::output::Shown)) and its commands, and a line
//! in [`Command`].

mod activity;
pub(crate) mod booking;
pub(crate) mod change;
pub(crate) mod connection;
mod event;
pub(crate) mod followed;
mod names;
mod pages;
pub(crate) mod refusal;
mod session;
pub(crate) mod site;
mod team;
pub(crate) mod times;
mod token;
pub(crate) mod tournament;
mod update;
mod venue;
mod zone;

use clap::Subcommand;
use matchday_api::common::v1::Provenance;

use crate::{failure::Failure, file::FileError, output::Cell};

/// What can be asked of a server.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Sites: football centres and other grounds
    Site(site::Sites),
    /// Venues of a site
    Venue(venue::Venues),
    /// Zones of a venue: pitches, rooms, plazas
    Zone(zone::Zones),
    /// Tournaments, and putting their schedule in force
    Tournament(tournament::Tournaments),
    /// Teams of a tournament
    Team(team::Teams),
    /// Sessions of a tournament: one admission, one clear-out
    Session(session::Sessions),
    /// Activities of a tournament: matches, ceremonies, trainings
    Activity(activity::Activities),
    /// Bookings of zones
    Booking(booking::Bookings),
    /// Tokens: who may do what
    Token(token::Tokens),
    /// What happened, and which services have heard of it
    Event(event::Events),
}

impl Command {
    /// Does what the command says.
    ///
    /// # Errors
    /// [`Failure`]
    pub(crate) async fn run(self) -> Result<(), Failure> {
        match self {
            Self::Site(command) => command.run().await,
            Self::Venue(command) => command.run().await,
            Self::Zone(command) => command.run().await,
            Self::Tournament(command) => command.run().await,
            Self::Team(command) => command.run().await,
            Self::Session(command) => command.run().await,
            Self::Activity(command) => command.run().await,
            Self::Booking(command) => command.run().await,
            Self::Token(command) => command.run(),
            Self::Event(command) => command.run().await,
        }
    }
}

impl From<FileError> for Failure {
    fn from(error: FileError) -> Self {
        Self::input(error)
    }
}

/// Where the facts of a resource were read.
fn source(provenance: Option<&Provenance>) -> Cell {
    Cell::Text(provenance.map_or_else(String::new, |it| it.source.clone()))
}

/// What of a resource was generated, not read anywhere.
fn generated(provenance: Option<&Provenance>) -> Cell {
    Cell::Text(provenance.map_or_else(String::new, |it| it.generated.join(", ")))
}
