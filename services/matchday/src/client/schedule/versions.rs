//! The versions of a schedule: `matchday schedule versions`, `publish`, `discard` and `restore`.

use clap::{Args, Subcommand};
use matchday_api::scheduling::v1::{
    DiscardVersionRequest, NotRestored, PublishScheduleResponse, PublishVersionRequest,
    RestoreVersionRequest, ScheduleVersion,
};
use matchday_kernel::{ScheduleVersionName, TournamentName};

use super::super::{
    connection::Client,
    names,
    refusal::{Repeat, Request},
    times::Clocks,
    tournament,
};
use crate::failure::{Failure, say};

#[derive(Subcommand)]
pub(crate) enum Command {
    /// List the versions of the schedule, drafts (草案) among them, the latest first
    #[command(after_long_help = "Example:\n  matchday schedule versions fisu-2023")]
    Versions {
        /// The tournament: fisu-2023
        tournament: String,
    },
    /// Put a draft in force: all that it changes, with all its places, or nothing
    #[command(
        after_long_help = "What was changed by hand while the venues were asked stays so, and is named. A \
                                 draft of a schedule that has moved on is refused: make it anew.\n\nExamples:\n  \
                                 matchday schedule publish fisu-2023/4 --preview\n  matchday schedule publish \
                                 fisu-2023/4"
    )]
    Publish {
        #[command(flatten)]
        named: Named,
        /// Ask whether it is up to date and all its places are free, and publish nothing
        #[arg(long)]
        preview: bool,
        #[command(flatten)]
        repeat: Repeat,
    },
    /// Give a draft up; it can still be read
    #[command(after_long_help = "Example:\n  matchday schedule discard fisu-2023/4")]
    Discard {
        #[command(flatten)]
        named: Named,
        #[command(flatten)]
        repeat: Repeat,
    },
    /// Make a draft of an earlier version, as far as what has begun allows
    #[command(
        after_long_help = "It changes nothing: publish the draft.\n\nExamples:\n  matchday schedule restore \
                                 fisu-2023/2\n  matchday schedule diff fisu-2023 now 5\n  matchday schedule \
                                 publish fisu-2023/5"
    )]
    Restore {
        #[command(flatten)]
        named: Named,
        /// What the draft is called; otherwise `version 2 again`
        #[arg(long, default_value = "", hide_default_value = true)]
        title: String,
        #[command(flatten)]
        repeat: Repeat,
    },
}

/// One version.
#[derive(Args)]
pub(crate) struct Named {
    /// The version: fisu-2023/4
    #[arg(value_name = "TOURNAMENT/VERSION")]
    version: String,
}

impl Named {
    fn read(&self) -> Result<ScheduleVersionName, Failure> {
        names::read(&self.version)
    }
}

impl Command {
    /// Does what the command says.
    pub(crate) async fn run(self, client: &Client) -> Result<(), Failure> {
        match self {
            Self::Versions { tournament } => {
                let name: TournamentName = names::read(&tournament)?;
                let zone = Clocks::Tournament(&name).zone_of_known(client).await?;
                client.output.list(&tournament::versions(client, &name).await?, &zone)
            }
            Self::Publish { named, preview, repeat } => {
                publish(client, &named.read()?, preview, &repeat.request()).await
            }
            Self::Discard { named, repeat } => {
                let (name, request) = (named.read()?, repeat.request());
                let discard = DiscardVersionRequest { name: name.to_string(), request_id: request.id() };
                let response = client
                    .versions()
                    .discard_version(discard)
                    .await
                    .map_err(|status| request.refused(status))?;
                show(client, &name, response.into_inner().version).await
            }
            Self::Restore { named, title, repeat } => {
                restore(client, &named.read()?, title, &repeat.request()).await
            }
        }
    }
}

async fn show(
    client: &Client,
    name: &ScheduleVersionName,
    version: Option<ScheduleVersion>,
) -> Result<(), Failure> {
    let zone = Clocks::Tournament(&name.parent()).zone_to_show(client).await;
    client.output.one(&version.unwrap_or_default(), &zone)
}

async fn publish(
    client: &Client,
    name: &ScheduleVersionName,
    preview: bool,
    request: &Request,
) -> Result<(), Failure> {
    let publish =
        PublishVersionRequest { name: name.to_string(), request_id: request.id(), validate_only: preview };
    let response = client
        .versions()
        .publish_version(publish)
        .await
        .map_err(|status| request.refused(status))?
        .into_inner();
    if preview {
        say("it is up to date and all its places are free; nothing was published");
    }
    for kept in response.version.iter().flat_map(|version| &version.kept) {
        say(format_args!("{kept} was changed by hand meanwhile, and stays so: check the schedule"));
    }
    let zone = Clocks::Tournament(&name.parent()).zone_to_show(client).await;
    client.output.one(
        &PublishScheduleResponse {
            version: response.version,
            places_created: response.places_created,
            places_moved: response.places_moved,
            places_kept: response.places_kept,
            places_released: response.places_released,
        },
        &zone,
    )
}

async fn restore(
    client: &Client,
    name: &ScheduleVersionName,
    title: String,
    request: &Request,
) -> Result<(), Failure> {
    let restore = RestoreVersionRequest { name: name.to_string(), title, request_id: request.id() };
    let response = client
        .versions()
        .restore_version(restore)
        .await
        .map_err(|status| request.refused(status))?
        .into_inner();
    for NotRestored { activity, reason } in &response.not_restored {
        say(format_args!("{activity} stays as it is: {reason}"));
    }
    show(client, name, response.version).await
}
