//! `RosterService`: shifts, and who holds them.

use matchday_api::{
    common::v1::PlanFollowed,
    volunteers::v1::{self as pb, roster_service_server::RosterService},
};
use matchday_kernel::{ShiftName, TournamentName, VolunteerName};
use matchday_rpc::{Caller, fault_status, parse};
use matchday_store::{Record, StoreError};
use tonic::{Request, Response, Status};

use super::{
    assign::Assign,
    attendance::{Attendance, Headcount, Step as Attend},
    fill::Fill,
    fixed::{CallOff, Create},
    invitation::{Invitation, Step as Answer},
    lock,
    phase::SetPhase,
    replace::{Redeploy, Replace},
    trade::Trade,
    waiting::{Join, MOST_WAITING, lapse},
};
use crate::{
    Error, Volunteers,
    domain::assignment::State,
    replan::wanted,
    store::{
        assignments, phases,
        shifts::{self, ShiftRow},
        waitlist,
    },
};

fn shift_filter(request: &pb::ListShiftsRequest) -> Result<shifts::Filter, Error> {
    let tournament: TournamentName = parse::text_as("parent", &request.parent)?;
    Ok(shifts::Filter {
        tournament: tournament.to_string(),
        from: parse::instant("from", request.from)?,
        until: parse::instant("until", request.until)?,
        occasion: request.occasion.clone(),
        show_cancelled: request.show_cancelled,
    })
}

fn assignment_filter(request: &pb::ListAssignmentsRequest) -> Result<assignments::Filter, Error> {
    let is_of_tournament = request.parent.split('/').count() == 2;
    let ancestor = if is_of_tournament {
        parse::text_as::<TournamentName>("parent", &request.parent)?.to_string()
    } else {
        parse::text_as::<ShiftName>("parent", &request.parent)?.to_string()
    };
    if !request.volunteer.is_empty() {
        parse::text_as::<VolunteerName>("volunteer", &request.volunteer)?;
    }
    let mut states = [request.states.is_empty(); State::ALL.len()];
    for number in &request.states {
        let state: pb::AssignmentState = parse::one_of("states", *number)?;
        states[state as usize - 1] = true;
    }
    Ok(assignments::Filter { ancestor, volunteer: request.volunteer.clone(), states })
}

fn parent(text: &str) -> Result<TournamentName, Error> {
    Ok(parse::text_as("parent", text)?)
}

impl Volunteers {
    /// Takes a step of an assignment on behalf of a request.
    pub(super) async fn attend(
        &self,
        request: &Request<impl prost::Message>,
        attendance: Attendance,
    ) -> Result<Option<pb::Assignment>, Status> {
        let locks = lock(attendance.tournament());
        let reply = self.desk.write(request, locks, move |tx| Box::pin(attendance.carry_out(tx))).await?;
        Ok(Some(reply.into_inner()))
    }
}

#[tonic::async_trait]
impl RosterService for Volunteers {
    async fn get_shift(
        &self,
        request: Request<pb::GetShiftRequest>,
    ) -> Result<Response<pb::GetShiftResponse>, Status> {
        let row: ShiftRow = self.desk.get::<ShiftName, _>(&request.get_ref().name).await?;
        Ok(Response::new(pb::GetShiftResponse { shift: Some(row.into()) }))
    }

    async fn list_shifts(
        &self,
        request: Request<pb::ListShiftsRequest>,
    ) -> Result<Response<pb::ListShiftsResponse>, Status> {
        let paging = Caller::of(&request)?.page(request.get_ref())?;
        let filter = shift_filter(request.get_ref())?;
        let mut conn = self.desk.read().await?;
        let page = shifts::page(&mut conn, &filter, paging.after.as_deref(), paging.size)
            .await
            .map_err(Error::from)?;
        Ok(Response::new(pb::ListShiftsResponse {
            next_page_token: paging.seal(page.next.as_deref()),
            shifts: page.items.into_iter().map(Into::into).collect(),
        }))
    }

    async fn create_shifts(
        &self,
        request: Request<pb::CreateShiftsRequest>,
    ) -> Result<Response<pb::CreateShiftsResponse>, Status> {
        let create = Create::parse(request.get_ref())?;
        let locks = lock(create.tournament());
        self.desk.write(&request, locks, move |tx| Box::pin(create.carry_out(tx))).await
    }

    async fn cancel_shifts(
        &self,
        request: Request<pb::CancelShiftsRequest>,
    ) -> Result<Response<pb::CancelShiftsResponse>, Status> {
        let call_off = CallOff::parse(request.get_ref())?;
        let locks = lock(call_off.tournament());
        self.desk.write(&request, locks, move |tx| Box::pin(call_off.carry_out(tx))).await
    }

    async fn list_assignments(
        &self,
        request: Request<pb::ListAssignmentsRequest>,
    ) -> Result<Response<pb::ListAssignmentsResponse>, Status> {
        let paging = Caller::of(&request)?.page(request.get_ref())?;
        let filter = assignment_filter(request.get_ref())?;
        let mut conn = self.desk.read().await?;
        if filter.ancestor.split('/').count() > 2 {
            ShiftRow::get(&mut conn, &filter.ancestor).await.map_err(Error::from)?;
        }
        let page = assignments::page(&mut conn, &filter, paging.after.as_deref(), paging.size)
            .await
            .map_err(Error::from)?;
        Ok(Response::new(pb::ListAssignmentsResponse {
            next_page_token: paging.seal(page.next.as_deref()),
            assignments: page.items.into_iter().map(Into::into).collect(),
        }))
    }

    async fn fill_shifts(
        &self,
        request: Request<pb::FillShiftsRequest>,
    ) -> Result<Response<pb::FillShiftsResponse>, Status> {
        let fill = Fill::parse(request.get_ref())?;
        let locks = lock(fill.tournament());
        self.desk.write(&request, locks, move |tx| Box::pin(fill.carry_out(tx))).await
    }

    async fn assign_volunteer(
        &self,
        request: Request<pb::AssignVolunteerRequest>,
    ) -> Result<Response<pb::AssignVolunteerResponse>, Status> {
        let assign = Assign::parse(request.get_ref())?;
        let locks = lock(assign.tournament());
        self.desk.write(&request, locks, move |tx| Box::pin(assign.carry_out(tx))).await
    }

    async fn invite_volunteer(
        &self,
        request: Request<pb::InviteVolunteerRequest>,
    ) -> Result<Response<pb::InviteVolunteerResponse>, Status> {
        let answer_by = parse::instant("answer_by", request.get_ref().answer_by).map_err(Error::from)?;
        let invitation = Invitation::parse(&request.get_ref().volunteer, Answer::Invite(answer_by))?;
        let locks = lock(invitation.tournament());
        self.desk
            .write(&request, locks, move |tx| {
                Box::pin(async move {
                    let assignments = invitation.carry_out(tx).await?;
                    Ok::<_, Error>(pb::InviteVolunteerResponse { assignments })
                })
            })
            .await
    }

    async fn accept_invitation(
        &self,
        request: Request<pb::AcceptInvitationRequest>,
    ) -> Result<Response<pb::AcceptInvitationResponse>, Status> {
        let invitation = Invitation::parse(&request.get_ref().volunteer, Answer::Accept)?;
        let locks = lock(invitation.tournament());
        self.desk
            .write(&request, locks, move |tx| {
                Box::pin(async move {
                    let assignments = invitation.carry_out(tx).await?;
                    Ok::<_, Error>(pb::AcceptInvitationResponse { assignments })
                })
            })
            .await
    }

    async fn decline_invitation(
        &self,
        request: Request<pb::DeclineInvitationRequest>,
    ) -> Result<Response<pb::DeclineInvitationResponse>, Status> {
        let pb::DeclineInvitationRequest { volunteer, reason, .. } = request.get_ref();
        let invitation = Invitation::parse(volunteer, Answer::Decline(reason.clone()))?;
        let locks = lock(invitation.tournament());
        self.desk
            .write(&request, locks, move |tx| {
                Box::pin(async move {
                    let assignments = invitation.carry_out(tx).await?;
                    Ok::<_, Error>(pb::DeclineInvitationResponse { assignments })
                })
            })
            .await
    }

    async fn lapse_invitations(
        &self,
        request: Request<pb::LapseInvitationsRequest>,
    ) -> Result<Response<pb::LapseInvitationsResponse>, Status> {
        let tournament = parent(&request.get_ref().parent)?;
        let locks = lock(&tournament);
        self.desk.write(&request, locks, move |tx| Box::pin(lapse(tx, tournament))).await
    }

    async fn join_waitlist(
        &self,
        request: Request<pb::JoinWaitlistRequest>,
    ) -> Result<Response<pb::JoinWaitlistResponse>, Status> {
        let pb::JoinWaitlistRequest { shift, volunteer, .. } = request.get_ref();
        let join = Join::parse(shift, volunteer)?;
        let locks = lock(join.tournament());
        self.desk.write(&request, locks, move |tx| Box::pin(join.carry_out(tx))).await
    }

    async fn leave_waitlist(
        &self,
        request: Request<pb::LeaveWaitlistRequest>,
    ) -> Result<Response<pb::LeaveWaitlistResponse>, Status> {
        let pb::LeaveWaitlistRequest { shift, volunteer, .. } = request.get_ref();
        let join = Join::parse(shift, volunteer)?;
        let locks = lock(join.tournament());
        self.desk.write(&request, locks, move |tx| Box::pin(join.leave(tx))).await
    }

    async fn list_waitlist(
        &self,
        request: Request<pb::ListWaitlistRequest>,
    ) -> Result<Response<pb::ListWaitlistResponse>, Status> {
        let row: ShiftRow = self.desk.get::<ShiftName, _>(&request.get_ref().shift).await?;
        let mut conn = self.desk.read().await?;
        let waiting = waitlist::waiting(&mut conn, &row.name, MOST_WAITING).await.map_err(Error::from)?;
        let told = |(volunteer, joined)| pb::Waiting {
            volunteer,
            join_time: Some(parse::micros_to_timestamp(joined)),
        };
        Ok(Response::new(pb::ListWaitlistResponse { waiting: waiting.into_iter().map(told).collect() }))
    }

    async fn trade_assignments(
        &self,
        request: Request<pb::TradeAssignmentsRequest>,
    ) -> Result<Response<pb::TradeAssignmentsResponse>, Status> {
        let trade = Trade::parse(request.get_ref())?;
        let locks = lock(trade.tournament());
        self.desk.write(&request, locks, move |tx| Box::pin(trade.carry_out(tx))).await
    }

    async fn withdraw_assignment(
        &self,
        request: Request<pb::WithdrawAssignmentRequest>,
    ) -> Result<Response<pb::WithdrawAssignmentResponse>, Status> {
        let pb::WithdrawAssignmentRequest { name, reason, etag, .. } = request.get_ref();
        let attendance = Attendance::parse(name, etag, Attend::Withdraw(reason.clone()))?;
        let assignment = self.attend(&request, attendance).await?;
        Ok(Response::new(pb::WithdrawAssignmentResponse { assignment }))
    }

    async fn pin_assignment(
        &self,
        request: Request<pb::PinAssignmentRequest>,
    ) -> Result<Response<pb::PinAssignmentResponse>, Status> {
        let pb::PinAssignmentRequest { name, pinned, etag, .. } = request.get_ref();
        let attendance = Attendance::parse(name, etag, Attend::Pin(*pinned))?;
        let assignment = self.attend(&request, attendance).await?;
        Ok(Response::new(pb::PinAssignmentResponse { assignment }))
    }

    async fn sign_in(
        &self,
        request: Request<pb::SignInRequest>,
    ) -> Result<Response<pb::SignInResponse>, Status> {
        let pb::SignInRequest { name, etag, .. } = request.get_ref();
        let attendance = Attendance::parse(name, etag, Attend::SignIn)?;
        let assignment = self.attend(&request, attendance).await?;
        Ok(Response::new(pb::SignInResponse { assignment }))
    }

    async fn sign_out(
        &self,
        request: Request<pb::SignOutRequest>,
    ) -> Result<Response<pb::SignOutResponse>, Status> {
        let pb::SignOutRequest { name, etag, leave_reason, .. } = request.get_ref();
        let step =
            if leave_reason.is_empty() { Attend::SignOut } else { Attend::Leave(leave_reason.clone()) };
        let attendance = Attendance::parse(name, etag, step)?;
        let assignment = self.attend(&request, attendance).await?;
        Ok(Response::new(pb::SignOutResponse { assignment }))
    }

    async fn record_no_show(
        &self,
        request: Request<pb::RecordNoShowRequest>,
    ) -> Result<Response<pb::RecordNoShowResponse>, Status> {
        let pb::RecordNoShowRequest { name, etag, .. } = request.get_ref();
        let attendance = Attendance::parse(name, etag, Attend::NoShow)?;
        let assignment = self.attend(&request, attendance).await?;
        Ok(Response::new(pb::RecordNoShowResponse { assignment }))
    }

    async fn replace_volunteer(
        &self,
        request: Request<pb::ReplaceVolunteerRequest>,
    ) -> Result<Response<pb::ReplaceVolunteerResponse>, Status> {
        let replace = Replace::parse(request.get_ref())?;
        let locks = lock(replace.tournament());
        self.desk.write(&request, locks, move |tx| Box::pin(replace.carry_out(tx))).await
    }

    async fn redeploy_volunteer(
        &self,
        request: Request<pb::RedeployVolunteerRequest>,
    ) -> Result<Response<pb::RedeployVolunteerResponse>, Status> {
        let redeploy = Redeploy::parse(request.get_ref())?;
        let locks = lock(redeploy.tournament());
        self.desk.write(&request, locks, move |tx| Box::pin(redeploy.carry_out(tx))).await
    }

    async fn report_headcount(
        &self,
        request: Request<pb::ReportHeadcountRequest>,
    ) -> Result<Response<pb::ReportHeadcountResponse>, Status> {
        let headcount = Headcount::parse(request.get_ref())?;
        let locks = lock(headcount.tournament());
        self.desk.write(&request, locks, move |tx| Box::pin(headcount.carry_out(tx))).await
    }

    async fn set_roster_phase(
        &self,
        request: Request<pb::SetRosterPhaseRequest>,
    ) -> Result<Response<pb::SetRosterPhaseResponse>, Status> {
        let set = SetPhase::parse(request.get_ref())?;
        let locks = lock(set.tournament());
        self.desk.write(&request, locks, move |tx| Box::pin(set.carry_out(tx))).await
    }

    async fn get_roster_phases(
        &self,
        request: Request<pb::GetRosterPhasesRequest>,
    ) -> Result<Response<pb::GetRosterPhasesResponse>, Status> {
        let tournament = parent(&request.get_ref().parent)?;
        let mut conn = self.desk.read().await?;
        let phases = phases::phases(&mut conn, tournament.as_str()).await.map_err(Error::from)?;
        let phases = Some(phases::told_all(tournament.as_str(), &phases));
        Ok(Response::new(pb::GetRosterPhasesResponse { phases }))
    }

    async fn get_plan_followed(
        &self,
        request: Request<pb::GetPlanFollowedRequest>,
    ) -> Result<Response<pb::GetPlanFollowedResponse>, Status> {
        let tournament = parent(&request.get_ref().parent)?;
        let followed = self.followed(tournament.as_str()).await.map_err(|error| fault_status(&error))?;
        Ok(Response::new(pb::GetPlanFollowedResponse { followed: Some(followed) }))
    }
}

impl Volunteers {
    /// Which plan the shifts of a tournament follow, and how far that led.
    async fn followed(&self, tournament: &str) -> Result<PlanFollowed, StoreError> {
        let mut conn = self.desk.store().read().await?;
        let derived = shifts::count(&mut conn, tournament).await?;
        let occasions = matchday_agenda::occasions(&mut conn, tournament).await?;
        let problems = occasions.iter().flat_map(|occasion| wanted(occasion).1);
        matchday_agenda::followed(&mut conn, tournament, derived, problems).await
    }
}
