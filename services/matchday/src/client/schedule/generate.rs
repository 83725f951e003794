//! `matchday schedule generate`: a timetable made, as a draft.

use clap::Args;
use matchday_api::scheduling::v1::{GenerateScheduleRequest, RunBudget, run_budget::Limit};
use matchday_kernel::TournamentName;

use super::{
    super::{connection::Client, names, refusal::Repeat},
    found, running,
};
use crate::failure::Failure;

/// Makes a timetable.
#[derive(Args)]
#[command(
    after_long_help = "It shows how far the search is on standard error, then for each day of the draft its matches, \
                             and the soft rules that it breaks. Ctrl-C ends the waiting, not the run. Ends with 4 when \
                             there is no timetable: what cannot be is said with its numbers, and what the steps of the \
                             ladder lead to.\n\nThe same seed and the number of iterations that a run has reported \
                             give the same timetable again.\n\nExamples:\n  matchday schedule generate fisu-2023\n  \
                             matchday schedule generate --tournament fisu-2023 --seconds 120\n  matchday schedule \
                             generate fisu-2023 --seed 7 --iterations 5312"
)]
pub(crate) struct Generate {
    #[command(flatten)]
    tournament: Tournament,
    #[command(flatten)]
    spending: Spending,
    #[command(flatten)]
    repeat: Repeat,
}

/// The tournament, with or without its flag.
#[derive(Args)]
pub(super) struct Tournament {
    /// The tournament: fisu-2023
    #[arg(value_name = "TOURNAMENT", required_unless_present = "flagged")]
    tournament: Option<String>,
    /// The same, as a flag
    #[arg(long = "tournament", id = "flagged", value_name = "TOURNAMENT", conflicts_with = "tournament")]
    flagged: Option<String>,
}

/// What a run may spend.
#[derive(Args)]
pub(super) struct Spending {
    /// Longest search, in seconds: 1 to 600; 30 without
    #[arg(long, value_name = "SECONDS")]
    seconds: Option<i32>,
    /// Iterations in place of seconds, as an earlier run has reported them
    #[arg(long, value_name = "NUMBER", conflicts_with = "seconds")]
    iterations: Option<i64>,
    /// Where random choices begin
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    seed: i64,
}

impl Tournament {
    /// Its full name.
    ///
    /// # Errors
    /// [`Failure`] when it is no name.
    pub(super) fn read(&self) -> Result<TournamentName, Failure> {
        names::read(self.tournament.as_deref().or(self.flagged.as_deref()).unwrap_or_default())
    }
}

impl Spending {
    /// As the contract has it.
    pub(super) fn budget(&self) -> RunBudget {
        let limit = self.seconds.map(Limit::Seconds).or(self.iterations.map(Limit::Iterations));
        RunBudget { limit, seed: self.seed }
    }
}

impl Generate {
    /// Does what the command says.
    pub(crate) async fn run(self, client: &Client) -> Result<(), Failure> {
        let request = self.repeat.request();
        let generate = GenerateScheduleRequest {
            parent: self.tournament.read()?.into(),
            budget: Some(self.spending.budget()),
            request_id: request.id(),
        };
        let stream =
            client.runs().generate_schedule(generate).await.map_err(|status| request.refused(status))?;
        let run = running::to_its_end(stream.into_inner(), |response| response.run).await?;
        found::show(client, &run).await
    }
}
