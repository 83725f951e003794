//! `matchday schedule runs`: runs found again, watched and cancelled.

use clap::Subcommand;
use matchday_api::scheduling::v1::{CancelRunRequest, ListRunsRequest, WatchRunRequest};
use matchday_kernel::{RunName, TournamentName};

use super::{
    super::{connection::Client, names, pages, refusal::Repeat, times::Clocks},
    explain::get,
    found, running,
};
use crate::failure::{Failure, say};

#[derive(Subcommand)]
pub(crate) enum Command {
    /// List the runs of a tournament, the latest first
    List {
        /// The tournament: fisu-2023
        tournament: String,
    },
    /// Show one run as it is
    Show {
        /// The run: fisu-2023/3
        name: String,
    },
    /// Watch a run until it has ended, whoever has asked for it
    Watch {
        /// The run: fisu-2023/3
        name: String,
    },
    /// End a run without drafts
    Cancel {
        /// The run: fisu-2023/3
        name: String,
        #[command(flatten)]
        repeat: Repeat,
    },
}

impl Command {
    /// Does what the command says.
    pub(crate) async fn run(self, client: &Client) -> Result<(), Failure> {
        match self {
            Self::List { tournament } => list(client, &names::read(&tournament)?).await,
            Self::Show { name } => {
                let name: RunName = names::read(&name)?;
                let run = get(client, &name).await?;
                let zone = Clocks::Tournament(&name.parent()).zone_to_show(client).await;
                client.output.one(&run, &zone)
            }
            Self::Watch { name } => {
                let name: RunName = names::read(&name)?;
                let request = WatchRunRequest { name: name.into() };
                let stream = client.runs().watch_run(request).await?.into_inner();
                let run = running::to_its_end(stream, |response| response.run).await?;
                found::show(client, &run).await
            }
            Self::Cancel { name, repeat } => {
                let name: RunName = names::read(&name)?;
                let request = repeat.request();
                let cancel = CancelRunRequest { name: name.to_string(), request_id: request.id() };
                client.runs().cancel_run(cancel).await.map_err(|status| request.refused(status))?;
                say(format_args!("{name} was cancelled"));
                Ok(())
            }
        }
    }
}

async fn list(client: &Client, tournament: &TournamentName) -> Result<(), Failure> {
    let zone = Clocks::Tournament(tournament).zone_of_known(client).await?;
    let runs = pages::all(async |page_token| {
        let request =
            ListRunsRequest { parent: tournament.to_string(), page_size: pages::PAGE_SIZE, page_token };
        let page = client.runs().list_runs(request).await?.into_inner();
        Ok((page.runs, page.next_page_token))
    })
    .await?;
    client.output.list(&runs, &zone)
}
