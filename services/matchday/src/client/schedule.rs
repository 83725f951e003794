//! `matchday schedule`: the timetable of a tournament, and what is made of it.
//!
//! | file | subject |
//! |---|---|
//! | `diff` | what differs between two schedules, and who has to be told |
//! | `competition` | what competitions are like, and their matches |
//! | `export` | calendars, tables, pages and charts |
//! | `next` | what is on and what comes next on each pitch |
//! | `generate`, `repair`, `disruption` | timetables made and repaired; what has happened, as staff write it |
//! | `explain`, `runs` | what a run has found, and why it has not; runs found again, and cancelled |
//! | `running`, `found` | a run as it goes on, and as it ended |
//! | `frame` | what a timetable is made within |
//! | `suggest` | where a match could go |
//! | `versions` | versions listed, drafts published and given up, earlier ones restored |
//! | `result` | how matches ended |
//! | `tables` | who stands where, and who plays whom |

mod competition;
mod diff;
mod disruption;
mod explain;
mod export;
mod found;
mod frame;
mod generate;
mod next;
mod repair;
mod result;
mod running;
mod runs;
mod suggest;
mod tables;
mod versions;

use clap::{Args, Subcommand};

use super::{check::Question, connection::Connection};
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
    /// Show what differs between two versions, or one and the schedule as it stands
    Diff(diff::Diff),
    #[command(flatten)]
    Export(export::Command),
    /// Show what is on and what comes next on each pitch, and what is at risk
    Next(next::Next),
    /// Make a timetable, as a draft
    Generate(generate::Generate),
    /// Repair the schedule after something has happened: up to three drafts, fewest people told first
    Repair(repair::Repair),
    /// Show what a run has found, or why there is no timetable and what would help
    Explain(explain::Explain),
    /// Runs of the timetable engine: found again, watched, cancelled
    #[command(subcommand)]
    Runs(runs::Command),
    /// What a timetable is made within: kick-offs, pitches, what matches need, and what may give way
    #[command(subcommand)]
    Frame(frame::Command),
    /// Rank the places where a match could go, each with its effect on the rules
    Suggest(suggest::Suggest),
    /// Check the schedule against its rules: as `matchday check`
    Check(Question),
    #[command(flatten)]
    Versions(versions::Command),
    /// Describe competitions, and make their matches
    #[command(subcommand)]
    Competition(competition::Command),
    /// Record how a match ended; matches that wait for it get their teams
    Result(result::Record),
    /// Show the tables, worked out from the results
    Standings(tables::Standings),
    /// Record lots (抽签) for teams that nothing else separates, or draw them
    Lots(tables::Lots),
    /// Show the matches outside of groups, who goes on, and the ranks that are decided
    Bracket(tables::Bracket),
}

impl Schedule {
    /// Does what the command says.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let client = self.connection.open()?;
        match self.command {
            Command::Diff(diff) => diff.run(&client).await,
            Command::Export(command) => command.run(&client).await,
            Command::Next(next) => next.run(&client).await,
            Command::Generate(command) => command.run(&client).await,
            Command::Repair(command) => command.run(&client).await,
            Command::Explain(command) => command.run(&client).await,
            Command::Runs(command) => command.run(&client).await,
            Command::Frame(command) => command.run(&client).await,
            Command::Suggest(suggest) => suggest.run(&client).await,
            Command::Check(question) => question.ask(&client).await,
            Command::Versions(command) => command.run(&client).await,
            Command::Competition(command) => command.run(&client).await,
            Command::Result(record) => record.run(&client).await,
            Command::Standings(standings) => standings.run(&client).await,
            Command::Lots(lots) => lots.run(&client).await,
            Command::Bracket(bracket) => bracket.run(&client).await,
        }
    }
}
