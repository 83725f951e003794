//! Verbs that move several applications at once.

use clap::Args;
use matchday_api::volunteers::v1::{
    AccreditApplicationsRequest, Application, ApplicationState, PassInterviewsRequest, PassTrainingsRequest,
    RejectApplicationsRequest, ScreenApplicationsRequest, WithdrawApplicationRequest,
};
use matchday_kernel::{ApplicationName, TournamentName};
use tonic::Status;

use super::{in_states, show};
use crate::{
    client::{connection::Client, names, refusal::Repeat, times::Clocks},
    failure::{Failure, say},
};

/// Applications moved with one call.
const AT_ONCE: usize = 500;

/// Applications by name, or all of a tournament that a step is due for.
#[derive(Args)]
pub(super) struct Names {
    /// The applications: fisu-2023/a001 (all of one tournament)
    #[arg(required_unless_present = "all", value_name = "APPLICATION")]
    applications: Vec<String>,
    /// All of this tournament that it is due for: fisu-2023
    #[arg(long, value_name = "TOURNAMENT", conflicts_with = "applications")]
    all: Option<String>,
    #[command(flatten)]
    repeat: Repeat,
}

/// Applications to turn down.
#[derive(Args)]
pub(super) struct Reject {
    /// The applications: fisu-2023/a001 (all of one tournament)
    #[arg(required = true, value_name = "APPLICATION")]
    names: Vec<String>,
    /// Why
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    repeat: Repeat,
}

/// An application that is taken back.
#[derive(Args)]
pub(super) struct Withdraw {
    /// The application: fisu-2023/a001
    name: String,
    /// Why, where the applicant has said it
    #[arg(long, default_value = "", hide_default_value = true)]
    reason: String,
    #[command(flatten)]
    repeat: Repeat,
}

/// What happens to applications.
#[derive(Clone, Copy)]
pub(super) enum Step {
    /// Found fit for an interview.
    Screen,
    /// Found fit for training.
    PassInterview,
    /// Trained.
    Train,
    /// Made volunteers.
    Accredit,
}

impl Step {
    /// The state it is due for.
    fn due(self) -> ApplicationState {
        match self {
            Self::Screen => ApplicationState::Applied,
            Self::PassInterview => ApplicationState::Screened,
            Self::Train => ApplicationState::Interviewed,
            Self::Accredit => ApplicationState::Trained,
        }
    }

    async fn call(
        self,
        client: &Client,
        parent: String,
        names: Vec<String>,
        request_id: String,
    ) -> Result<Vec<Application>, Status> {
        let mut service = client.applications();
        Ok(match self {
            Self::Screen => {
                let request = ScreenApplicationsRequest { parent, names, request_id };
                service.screen_applications(request).await?.into_inner().applications
            }
            Self::PassInterview => {
                let request = PassInterviewsRequest { parent, names, request_id };
                service.pass_interviews(request).await?.into_inner().applications
            }
            Self::Train => {
                let request = PassTrainingsRequest { parent, names, request_id };
                service.pass_trainings(request).await?.into_inner().applications
            }
            Self::Accredit => {
                let request = AccreditApplicationsRequest { parent, names, request_id };
                service.accredit_applications(request).await?.into_inner().applications
            }
        })
    }
}

/// The names, and the tournament they all are of.
fn of_one_tournament(written: &[String]) -> Result<(TournamentName, Vec<String>), Failure> {
    let mut read: Vec<ApplicationName> = Vec::with_capacity(written.len());
    for name in written {
        read.push(names::read(name)?);
    }
    let tournament = read.first().map(ApplicationName::parent);
    let tournament = tournament.ok_or_else(|| Failure::input("no application is named"))?;
    if let Some(other) = read.iter().find(|name| name.parent() != tournament) {
        return Err(Failure::input(format!("{other} is not of {tournament}: name those of one tournament")));
    }
    Ok((tournament, read.into_iter().map(String::from).collect()))
}

async fn show_moved(
    client: &Client,
    tournament: &TournamentName,
    moved: &[Application],
) -> Result<(), Failure> {
    let zone = Clocks::Tournament(tournament).zone_to_show(client).await;
    client.output.list(moved, &zone)
}

impl Names {
    pub(super) async fn run(self, client: &Client, step: Step) -> Result<(), Failure> {
        let (tournament, names) = match &self.all {
            Some(tournament) => {
                let tournament: TournamentName = names::read(tournament)?;
                let due = in_states(client, &tournament, &[step.due()]).await?;
                (tournament, due.into_iter().map(|application| application.name).collect())
            }
            None => of_one_tournament(&self.applications)?,
        };
        let (request, mut moved) = (self.repeat.request(), Vec::with_capacity(names.len()));
        for (number, names) in names.chunks(AT_ONCE).enumerate() {
            let id = format!("{}-{number}", request.id());
            let sent = step.call(client, tournament.to_string(), names.to_vec(), id).await;
            let refused = |status| {
                let failure = request.refused(status);
                if moved.is_empty() {
                    failure
                } else {
                    failure.with_detail(format!("{} moved before", moved.len()))
                }
            };
            let more = sent.map_err(refused)?;
            moved.extend(more);
        }
        say(format_args!("{} applications moved", moved.len()));
        show_moved(client, &tournament, &moved).await
    }
}

impl Reject {
    pub(super) async fn run(self, client: &Client) -> Result<(), Failure> {
        let (tournament, names) = of_one_tournament(&self.names)?;
        let request = self.repeat.request();
        let reject = RejectApplicationsRequest {
            parent: tournament.to_string(),
            names,
            reason: self.reason,
            request_id: request.id(),
        };
        let rejected = client.applications().reject_applications(reject).await;
        let rejected = rejected.map_err(|status| request.refused(status))?.into_inner();
        show_moved(client, &tournament, &rejected.applications).await
    }
}

impl Withdraw {
    pub(super) async fn run(self, client: &Client) -> Result<(), Failure> {
        let name: ApplicationName = names::read(&self.name)?;
        let request = self.repeat.request();
        let withdraw = WithdrawApplicationRequest {
            name: name.to_string(),
            reason: self.reason,
            request_id: request.id(),
        };
        let withdrawn = client.applications().withdraw_application(withdraw).await;
        let withdrawn = withdrawn.map_err(|status| request.refused(status))?.into_inner();
        show(client, &name, withdrawn.application).await
    }
}
