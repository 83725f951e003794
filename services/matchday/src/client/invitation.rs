//! What `matchday shift` does with an invitation (派岗邀请): all that is proposed to a volunteer at once.

use clap::Args;
use matchday_api::volunteers::v1::{
    AcceptInvitationRequest, DeclineInvitationRequest, InviteVolunteerRequest,
};
use matchday_kernel::VolunteerName;

use super::{
    assignment::show_all,
    connection::Client,
    names,
    refusal::{Repeat, Request},
};
use crate::failure::Failure;

/// A volunteer who is invited, or has answered.
#[derive(Args)]
pub(crate) struct Answer {
    /// The volunteer: fisu-2023/v001
    volunteer: String,
    #[command(flatten)]
    repeat: Repeat,
}

impl Answer {
    /// Invites the volunteer and lists what to.
    pub(crate) async fn invite(self, client: &Client) -> Result<(), Failure> {
        let (volunteer, request) = self.read()?;
        let invite = InviteVolunteerRequest { volunteer: volunteer.to_string(), request_id: request.id() };
        let invited = client.roster().invite_volunteer(invite).await;
        let response = invited.map_err(|status| request.refused(status))?.into_inner();
        show_all(client, &volunteer.parent(), &response.assignments).await
    }

    /// Records that the volunteer accepted and lists what.
    pub(crate) async fn accept(self, client: &Client) -> Result<(), Failure> {
        let (volunteer, request) = self.read()?;
        let accept = AcceptInvitationRequest { volunteer: volunteer.to_string(), request_id: request.id() };
        let accepted = client.roster().accept_invitation(accept).await;
        let response = accepted.map_err(|status| request.refused(status))?.into_inner();
        show_all(client, &volunteer.parent(), &response.assignments).await
    }

    /// Records that the volunteer declined and lists what.
    pub(crate) async fn decline(self, client: &Client, reason: String) -> Result<(), Failure> {
        let (volunteer, request) = self.read()?;
        let decline =
            DeclineInvitationRequest { volunteer: volunteer.to_string(), reason, request_id: request.id() };
        let declined = client.roster().decline_invitation(decline).await;
        let response = declined.map_err(|status| request.refused(status))?.into_inner();
        show_all(client, &volunteer.parent(), &response.assignments).await
    }

    fn read(self) -> Result<(VolunteerName, Request), Failure> {
        Ok((names::read(&self.volunteer)?, self.repeat.request()))
    }
}
