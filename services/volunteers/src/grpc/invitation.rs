//! 派岗邀请: one invitation for all that is proposed to a volunteer, accepted or declined as a whole.

use matchday_api::volunteers::v1 as pb;
use matchday_kernel::{Common, Instant, Interval, TournamentName, VolunteerName};
use matchday_rpc::parse;
use matchday_store::{Record, Tx};

use super::waiting::refill;
use crate::{
    Error,
    domain::{assignment::State, eligibility::Eligibility, refusal::Refusal},
    roster::Roster,
    store::{
        assignments::{self, AssignmentRow},
        volunteers::VolunteerRow,
    },
};

/// What is done about an invitation.
pub(crate) enum Step {
    /// The volunteer is asked, and answers until a moment where one is set.
    Invite(Option<Instant>),
    /// The volunteer accepts.
    Accept,
    /// The volunteer declines, with a reason.
    Decline(String),
}

/// A step of a volunteer's invitation, read and checked.
pub(crate) struct Invitation {
    volunteer: VolunteerName,
    step: Step,
}

impl Invitation {
    pub(crate) fn parse(volunteer: &str, step: Step) -> Result<Self, Error> {
        let step = match step {
            Step::Decline(reason) => Step::Decline(parse::optional_text("reason", &reason)?),
            other => other,
        };
        Ok(Self { volunteer: parse::text_as("volunteer", volunteer)?, step })
    }

    pub(crate) fn tournament(&self) -> TournamentName {
        self.volunteer.parent()
    }

    /// Takes the step with all that it is about; returns the assignments by start.
    pub(crate) async fn carry_out(self, tx: &mut Tx) -> Result<Vec<pb::Assignment>, Error> {
        let (tournament, now) = (self.tournament(), tx.now());
        if let Step::Invite(Some(answer_by)) = self.step
            && answer_by <= now
        {
            return Err(Common::field("answer_by", "lies in the past").into());
        }
        let mut roster = Roster::open(tx, tournament.as_str()).await?;
        let person = VolunteerRow::get(tx, self.volunteer.as_str()).await?.person()?;
        let from = if matches!(self.step, Step::Invite(_)) { State::Proposed } else { State::Invited };
        let rows = assignments::in_state(tx, self.volunteer.as_str(), from).await?;
        let duties = assignments::duties_of(tx, self.volunteer.as_str()).await?;
        let mut taken: Vec<AssignmentRow> = Vec::new();
        for row in rows {
            let shift = roster.shift(tx, &row.shift).await?;
            let assignment = row.assignment()?;
            let next = match &self.step {
                // nobody is asked for what is over; who answers late answers for what is still to come
                Step::Invite(_) | Step::Accept if is_over(tx, &shift.time) => continue,
                Step::Invite(answer_by) => assignment.invite(*answer_by)?,
                Step::Accept => {
                    shift.check_takes_volunteers(tx.now())?;
                    let eligibility = Eligibility::of(&shift, roster.limits());
                    eligibility.check_accept(&person, &duties)?;
                    assignment.accept(now)?
                }
                Step::Decline(reason) => assignment.decline(reason.clone())?,
            };
            taken.push(roster.put(tx, next, Some(&row)).await?);
        }
        if taken.is_empty() {
            let problem = match self.step {
                Step::Invite(_) => "has nothing proposed that is still to come: assign the volunteer first",
                Step::Accept | Step::Decline(_) => "has no open invitation: invite the volunteer first",
            };
            return Err(Refusal::NoInvitation { volunteer: self.volunteer.to_string(), problem }.into());
        }
        roster.close(tx).await?;
        if matches!(self.step, Step::Decline(_)) {
            let opened = taken.iter().map(|row| row.shift.clone()).collect();
            refill(tx, tournament.as_str(), opened).await?;
        }
        Ok(taken.into_iter().map(Into::into).collect())
    }
}

fn is_over(tx: &Tx, time: &Interval) -> bool {
    time.end() <= tx.now()
}
