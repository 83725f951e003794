//! What `matchday shift` does with an invitation (派岗邀请): all that is proposed to a volunteer at once, or to all.

use std::collections::BTreeSet;

use clap::Args;
use futures_util::{StreamExt, stream};
use matchday_api::volunteers::v1::{
    AcceptInvitationRequest, Assignment, AssignmentState, DeclineInvitationRequest, InviteVolunteerRequest,
    ListAssignmentsRequest,
};
use matchday_kernel::{TournamentName, VolunteerName};
use matchday_rpc::parse::to_timestamp;
use prost_types::Timestamp;
use tonic::Status;

use super::{
    assignment::{self, show_all},
    connection::Client,
    names, pages,
    refusal::{Repeat, Request},
    times::Clocks,
};
use crate::failure::{Failure, say};

/// Volunteers who are asked or answered for at a time.
const AT_ONCE: usize = 16;

/// Volunteers of whom it is told why they were refused.
const TOLD: usize = 10;

/// A volunteer who has answered.
#[derive(Args)]
pub(crate) struct Answer {
    /// The volunteer: fisu-2023/v001
    volunteer: String,
    #[command(flatten)]
    repeat: Repeat,
}

/// A volunteer, or all of a tournament.
#[derive(Args)]
pub(crate) struct Answers {
    /// The volunteer: fisu-2023/v001
    #[arg(required_unless_present = "all")]
    volunteer: Option<String>,
    /// Everybody of this tournament whom it is due for: fisu-2023
    #[arg(long, value_name = "TOURNAMENT", conflicts_with = "volunteer")]
    all: Option<String>,
    #[command(flatten)]
    repeat: Repeat,
}

/// Whom to invite, and until when they answer.
#[derive(Args)]
pub(crate) struct Invite {
    #[command(flatten)]
    answers: Answers,
    /// Until when it can be accepted, on the tournament's clocks
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
}

impl Invite {
    /// Invites them, and lists what they are invited to.
    pub(crate) async fn run(self, client: &Client) -> Result<(), Failure> {
        let until = match &self.until {
            None => None,
            Some(text) => {
                let tournament = self.answers.tournament()?;
                Some(to_timestamp(Clocks::Tournament(&tournament).moment(client, "--until", text).await?))
            }
        };
        self.answers.give(Step::Invite(until), client).await
    }
}

/// What is done with what is proposed.
#[derive(Clone, Copy)]
pub(crate) enum Step {
    /// Volunteers are asked, and answer until a moment where one is set.
    Invite(Option<Timestamp>),
    /// Volunteers have said yes.
    Accept,
}

impl Step {
    /// The state of the assignments it is due for.
    fn due(self) -> AssignmentState {
        match self {
            Self::Invite(_) => AssignmentState::Proposed,
            Self::Accept => AssignmentState::Invited,
        }
    }

    fn done(self) -> &'static str {
        match self {
            Self::Invite(_) => "invited",
            Self::Accept => "accepted",
        }
    }

    async fn call(
        self,
        client: &Client,
        volunteer: &VolunteerName,
        request_id: String,
    ) -> Result<Vec<Assignment>, Status> {
        let volunteer = volunteer.to_string();
        let mut roster = client.roster();
        Ok(match self {
            Self::Invite(answer_by) => {
                let invite = InviteVolunteerRequest { volunteer, request_id, answer_by };
                roster.invite_volunteer(invite).await?.into_inner().assignments
            }
            Self::Accept => {
                let accept = AcceptInvitationRequest { volunteer, request_id };
                roster.accept_invitation(accept).await?.into_inner().assignments
            }
        })
    }
}

impl Answers {
    fn tournament(&self) -> Result<TournamentName, Failure> {
        match &self.all {
            Some(tournament) => names::read(tournament),
            None => Ok(names::read::<VolunteerName>(self.volunteer.as_deref().unwrap_or_default())?.parent()),
        }
    }

    /// Takes the step and lists the assignments it was taken for.
    pub(crate) async fn give(self, step: Step, client: &Client) -> Result<(), Failure> {
        let request = self.repeat.request();
        if let Some(tournament) = &self.all {
            return give_all(step, client, &names::read(tournament)?, &request).await;
        }
        let volunteer: VolunteerName = names::read(self.volunteer.as_deref().unwrap_or_default())?;
        let given = step.call(client, &volunteer, request.id()).await;
        let assignments = given.map_err(|status| request.refused(status))?;
        show_all(client, &volunteer.parent(), &assignments).await
    }
}

/// Takes a step for everybody it is due for. Each has a write of its own, with an id of its own that a repeat of
/// the command gives again.
async fn give_all(
    step: Step,
    client: &Client,
    tournament: &TournamentName,
    request: &Request,
) -> Result<(), Failure> {
    let due = ListAssignmentsRequest {
        parent: tournament.to_string(),
        page_size: pages::PAGE_SIZE,
        states: vec![step.due().into()],
        ..ListAssignmentsRequest::default()
    };
    let assignments = assignment::all(client, &due).await?;
    let volunteers: BTreeSet<VolunteerName> =
        assignments.iter().filter_map(|it| it.volunteer.parse().ok()).collect();
    let count = volunteers.len();
    let answers: Vec<_> = stream::iter(volunteers)
        .map(|volunteer| async move {
            let id = format!("{}/{}", request.id(), volunteer.id());
            let answer = step.call(client, &volunteer, id).await;
            (volunteer, answer)
        })
        .buffered(AT_ONCE)
        .collect()
        .await;
    let (mut done, mut refused) = (Vec::new(), Vec::new());
    for (volunteer, answer) in answers {
        match answer {
            Ok(assignments) => done.extend(assignments),
            Err(status) => refused.push((volunteer, status)),
        }
    }
    let people = count - refused.len();
    say(format_args!("{}: {people} volunteers, {} assignments", step.done(), done.len()));
    show_all(client, tournament, &done).await?;
    let Some((_, first)) = refused.first() else {
        return Ok(());
    };
    let exit = Failure::from(first.clone()).exit();
    let failure = Failure::new(exit, format!("{} of {count} volunteers: not {}", refused.len(), step.done()));
    let told = refused
        .iter()
        .take(TOLD)
        .map(|(volunteer, status)| format!("{}: {}", volunteer.id(), status.message()));
    let failure = told.fold(failure, Failure::with_detail);
    Err(failure.with_hint(format!("repeat it with --request-id {}", request.id())))
}

impl Answer {
    /// Records that the volunteer declined and lists what.
    pub(crate) async fn decline(self, client: &Client, reason: String) -> Result<(), Failure> {
        let (volunteer, request): (VolunteerName, _) = (names::read(&self.volunteer)?, self.repeat.request());
        let decline =
            DeclineInvitationRequest { volunteer: volunteer.to_string(), reason, request_id: request.id() };
        let declined = client.roster().decline_invitation(decline).await;
        let response = declined.map_err(|status| request.refused(status))?.into_inner();
        show_all(client, &volunteer.parent(), &response.assignments).await
    }
}
