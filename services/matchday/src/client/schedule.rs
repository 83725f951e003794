//! `matchday schedule`: the timetable of a tournament, and what is made of it.
//!
//! | file | subject |
//! |---|---|
//! | `export` | calendars, tables, pages and charts |
//! | `next` | what is on and what comes next on each pitch |

mod export;
mod next;

use clap::{Args, Subcommand};

use super::connection::Connection;
use crate::failure::Failure;

/// The command and where it goes.
#[derive(Args)]
pub(crate) struct Schedule {
    #[command(flatten)]
    connection: Connection,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    #[command(flatten)]
    Export(export::Command),
    /// Show what is on and what comes next on each pitch, and what is at risk
    Next(next::Next),
}

impl Schedule {
    /// Does what the command says.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let client = self.connection.open()?;
        match self.command {
            Command::Export(command) => command.run(&client).await,
            Command::Next(next) => next.run(&client).await,
        }
    }
}
