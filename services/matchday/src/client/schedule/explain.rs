//! `matchday schedule explain`: what a run has found, and why it has not.

use clap::Args;
use matchday_api::scheduling::v1::{GetRunRequest, ListRunsRequest, Run};
use matchday_kernel::{RunName, TournamentName};

use super::{
    super::{connection::Client, names},
    found,
};
use crate::failure::Failure;

/// Shows what a run has found.
#[derive(Args)]
#[command(
    after_long_help = "Of a run that has ended in drafts: their price, what they change, and the soft rules that they \
                             break. Of one that has found that there is no timetable: what cannot be, with its \
                             numbers, and what each step of the ladder leads to; ends with 4 then.\n\nExamples:\n  \
                             matchday schedule explain fisu-2023\n  matchday schedule explain fisu-2023/3"
)]
pub(crate) struct Explain {
    /// The run: fisu-2023/3; or the tournament, of which the latest run is meant: fisu-2023
    #[arg(value_name = "RUN_OR_TOURNAMENT")]
    name: String,
}

impl Explain {
    /// Does what the command says.
    pub(crate) async fn run(self, client: &Client) -> Result<(), Failure> {
        let parts = self.name.trim_start_matches("tournaments/").split('/').count();
        let name = if parts == 1 { latest(client, &self.name).await? } else { names::read(&self.name)? };
        found::show(client, &get(client, &name).await?).await
    }
}

/// The latest run of a tournament.
async fn latest(client: &Client, tournament: &str) -> Result<RunName, Failure> {
    let tournament: TournamentName = names::read(tournament)?;
    let request = ListRunsRequest { parent: tournament.to_string(), page_size: 1, page_token: String::new() };
    let runs = client.runs().list_runs(request).await?.into_inner().runs;
    match runs.first() {
        Some(run) => names::read(&run.name),
        None => Err(Failure::new(matchday_runtime::Exit::Refused, format!("{tournament} has no runs"))
            .with_hint(format!("make a timetable: `matchday schedule generate {}`", tournament.id()))),
    }
}

/// A run.
///
/// # Errors
/// [`Failure`] when there is none of this name.
pub(super) async fn get(client: &Client, name: &RunName) -> Result<Run, Failure> {
    let request = GetRunRequest { name: name.to_string() };
    Ok(client.runs().get_run(request).await?.into_inner().run.unwrap_or_default())
}
