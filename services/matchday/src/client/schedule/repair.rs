//! `matchday schedule repair`: the schedule repaired after something has happened.

use clap::Args;
use matchday_api::scheduling::v1::RepairScheduleRequest;
use matchday_kernel::{ScheduleVersionName, Slug};

use super::{
    super::{connection::Client, refusal::Repeat},
    disruption::Disruptions,
    found,
    generate::{Spending, Tournament},
    running,
};
use crate::failure::Failure;

/// Repairs the schedule.
#[derive(Args)]
#[command(
    after_long_help = "What has begun and what is pinned stays. Each option says how many people are to be told, what \
                             moves and why, and is a draft: nothing changes before one is published. Times are those of \
                             the tournament's clocks; without a time of the day the whole day is meant. Each flag can \
                             be given several times. Ends with 4 when there is no repair.\n\nExamples:\n  matchday \
                             schedule repair fisu-2023 --pitch-lost jinjiang/stadium/pitch@2023-10-25\n  matchday \
                             schedule repair fisu-2023 --rain @2023-10-25T15:00-23:00 --reason thunderstorm\n  matchday \
                             schedule repair fisu-2023 --overrun m17+25m --withdrawn hohai"
)]
pub(crate) struct Repair {
    #[command(flatten)]
    tournament: Tournament,
    #[command(flatten)]
    disruptions: Disruptions,
    /// Number of the version that is taken to be in force: another one refuses the call
    #[arg(long, value_name = "NUMBER")]
    base: Option<Slug>,
    #[command(flatten)]
    spending: Spending,
    #[command(flatten)]
    repeat: Repeat,
}

impl Repair {
    /// Does what the command says.
    pub(crate) async fn run(self, client: &Client) -> Result<(), Failure> {
        let tournament = self.tournament.read()?;
        let request = self.repeat.request();
        let base = self.base.map(|number| ScheduleVersionName::new(&tournament, number));
        let repair = RepairScheduleRequest {
            disruptions: self.disruptions.read(client, &tournament).await?,
            base: base.map(String::from).unwrap_or_default(),
            budget: Some(self.spending.budget()),
            request_id: request.id(),
            parent: tournament.into(),
        };
        let stream = client.runs().repair_schedule(repair).await.map_err(|status| request.refused(status))?;
        let run = running::to_its_end(stream.into_inner(), |response| response.run).await?;
        found::show(client, &run).await
    }
}
