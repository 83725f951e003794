//! `SelfService`: what volunteers do for themselves. Who it is about is the subject of the token.

use std::collections::BTreeMap;

use matchday_api::volunteers::v1::{self as pb, self_service_server::SelfService};
use matchday_kernel::{Common, ShiftName, VolunteerName};
use matchday_rpc::{Caller, parse};
use matchday_store::Record;
use prost::Message;
use tonic::{Request, Response, Status};

use super::{
    assign::Assign,
    attendance::{Attendance, Step as Attend},
    by_code::ByCode,
    drafts::thought,
    explain,
    invitation::{Invitation, Step as Answer},
    lock,
    waiting::Join,
};
use crate::{
    Error, Volunteers,
    domain::assignment::State,
    making,
    store::{
        assignments::{self, AssignmentRow},
        hours, limits, phases,
        shifts::{self, ShiftRow},
        volunteers::VolunteerRow,
        waitlist,
    },
};

/// The volunteer who calls.
///
/// # Errors
/// `NOT_A_VOLUNTEER` when the token is somebody else's.
fn caller<M>(request: &Request<M>) -> Result<VolunteerName, Status> {
    let subject = Caller::of(request)?.identity.subject.clone();
    subject.parse().map_err(|_| Error::NotAVolunteer { subject }.into())
}

/// The name of the volunteer's assignment on a shift of the own tournament: another one has another person of that id.
fn assignment(shift: &str, volunteer: &VolunteerName) -> Result<String, Error> {
    let shift: ShiftName = parse::text_as("shift", shift)?;
    if shift.parent() != volunteer.parent() {
        return Err(Common::field("shift", format!("{shift} is not of {}", volunteer.parent())).into());
    }
    Ok(format!("{shift}/assignments/{}", volunteer.id()))
}

/// An assignment as a reply says it that may be kept: without what the person said of the own reasons.
fn without_reason(assignment: pb::Assignment) -> pb::Assignment {
    pb::Assignment { reason: String::new(), ..assignment }
}

/// Whether the person is told of an assignment: what is only proposed is not asked for yet.
fn is_told(row: &AssignmentRow) -> Result<bool, Error> {
    Ok(row.assignment()?.state != State::Proposed)
}

fn own_shift(row: AssignmentRow, shifts: &BTreeMap<String, ShiftRow>) -> pb::OwnShift {
    let (title, place) =
        shifts.get(&row.shift).map(|shift| (shift.title.clone(), shift.place.clone())).unwrap_or_default();
    pb::OwnShift { assignment: Some(row.into()), title, place }
}

fn own_offer(offer: pb::OpenShiftOffer, shifts: &BTreeMap<String, ShiftRow>) -> Option<pb::OwnOffer> {
    let shift = pb::Shift::from(shifts.get(&offer.shift)?.clone());
    let pb::Shift { title, place, start_time, end_time, .. } = shift;
    Some(pb::OwnOffer { offer: Some(offer), title, place, start_time, end_time })
}

impl Volunteers {
    /// Signs the caller in or out with a code.
    async fn by_code(
        &self,
        request: &Request<impl Message>,
        code: &str,
        step: Attend,
    ) -> Result<Option<pb::Assignment>, Status> {
        let (volunteer, code, fresh) = (caller(request)?, code.to_owned(), self.fresh_key());
        let locks = lock(volunteer.parent());
        let by_code = ByCode { volunteer, code, step, fresh };
        let reply = self.desk.write(request, locks, move |tx| Box::pin(by_code.carry_out(tx))).await?;
        Ok(Some(reply.into_inner()))
    }

    /// The shifts of these names.
    async fn shifts_named<'a>(
        &self,
        names: impl Iterator<Item = &'a str>,
    ) -> Result<BTreeMap<String, ShiftRow>, Status> {
        let mut conn = self.desk.read().await?;
        let names: Vec<&str> = names.collect();
        let rows = shifts::named(&mut conn, &names).await.map_err(Error::from)?;
        Ok(rows.into_iter().map(|row| (row.name.clone(), row)).collect())
    }
}

#[tonic::async_trait]
impl SelfService for Volunteers {
    async fn get_own_roster(
        &self,
        request: Request<pb::GetOwnRosterRequest>,
    ) -> Result<Response<pb::GetOwnRosterResponse>, Status> {
        let (volunteer, tournament) = caller(&request).map(|name| (name.to_string(), name.parent()))?;
        let mut conn = self.desk.read().await?;
        VolunteerRow::get(&mut conn, &volunteer).await.map_err(Error::from)?;
        let rows = assignments::of_volunteer(&mut conn, &volunteer).await.map_err(Error::from)?;
        let waiting = waitlist::of_volunteer(&mut conn, &volunteer).await.map_err(Error::from)?;
        let phases = phases::phases(&mut conn, tournament.as_str()).await.map_err(Error::from)?;
        let balance = hours::balance(&mut conn, &volunteer).await.map_err(Error::from)?;
        let zone = limits::zone(&mut conn, tournament.as_str()).await.map_err(Error::from)?;
        drop(conn);
        let mut told = Vec::with_capacity(rows.len());
        for row in rows {
            if is_told(&row)? {
                told.push(row);
            }
        }
        let shifts = self.shifts_named(told.iter().map(|row| row.shift.as_str())).await?;
        Ok(Response::new(pb::GetOwnRosterResponse {
            volunteer,
            shifts: told.into_iter().map(|row| own_shift(row, &shifts)).collect(),
            waiting,
            phases: Some(phases::told_all(tournament.as_str(), &phases)),
            credited_minutes: balance.credited,
            time_zone: zone.to_string(),
        }))
    }

    async fn find_own_shifts(
        &self,
        request: Request<pb::FindOwnShiftsRequest>,
    ) -> Result<Response<pb::FindOwnShiftsResponse>, Status> {
        let volunteer = caller(&request)?;
        let tournament = volunteer.parent();
        // the whole roster is looked at for each: a rush of volunteers waits here, and not before the desk
        let _place = self.offers.acquire().await.map_err(|error| Error::from(Common::internal(error)))?;
        let mut conn = self.desk.read().await?;
        let mut basis = making::read(&mut conn, tournament.as_str(), self.desk.now()).await?;
        let phases = phases::phases(&mut conn, tournament.as_str()).await.map_err(Error::from)?;
        drop(conn);
        basis.close_where(|shift, zone| phases.check_sign_up(shift, zone).is_err());
        let index = basis.candidate(volunteer.as_str());
        let index = index.ok_or_else(|| Error::from(Common::not_found(&volunteer)))?;
        let found = thought(move || explain::open_shifts(&basis, index)).await?.into_inner();
        let names = found.free.iter().chain(&found.nearest).map(|offer| offer.shift.as_str());
        let shifts = self.shifts_named(names).await?;
        let told = |offers: Vec<pb::OpenShiftOffer>| {
            offers.into_iter().filter_map(|offer| own_offer(offer, &shifts)).collect()
        };
        Ok(Response::new(pb::FindOwnShiftsResponse { free: told(found.free), nearest: told(found.nearest) }))
    }

    async fn answer_invitation(
        &self,
        request: Request<pb::AnswerInvitationRequest>,
    ) -> Result<Response<pb::AnswerInvitationResponse>, Status> {
        let volunteer = caller(&request)?;
        let pb::AnswerInvitationRequest { accept, reason, .. } = request.get_ref();
        let step = if *accept { Answer::Accept } else { Answer::Decline(reason.clone()) };
        let invitation = Invitation::parse(volunteer.as_str(), step)?;
        let locks = lock(invitation.tournament());
        self.desk
            .write(&request, locks, move |tx| {
                Box::pin(async move {
                    let assignments = invitation.carry_out(tx).await?;
                    let assignments = assignments.into_iter().map(without_reason).collect();
                    Ok::<_, Error>(pb::AnswerInvitationResponse { assignments })
                })
            })
            .await
    }

    async fn take_shift(
        &self,
        request: Request<pb::TakeShiftRequest>,
    ) -> Result<Response<pb::TakeShiftResponse>, Status> {
        let volunteer = caller(&request)?;
        let pb::TakeShiftRequest { shift, validate_only, .. } = request.get_ref();
        let take = Assign::by_self(shift, volunteer, *validate_only)?;
        let locks = lock(take.tournament());
        self.desk
            .write(&request, locks, move |tx| {
                Box::pin(async move {
                    let assignment = take.carry_out(tx).await?.assignment;
                    Ok::<_, Error>(pb::TakeShiftResponse { assignment })
                })
            })
            .await
    }

    async fn give_back_shift(
        &self,
        request: Request<pb::GiveBackShiftRequest>,
    ) -> Result<Response<pb::GiveBackShiftResponse>, Status> {
        let volunteer = caller(&request)?;
        let pb::GiveBackShiftRequest { shift, reason, .. } = request.get_ref();
        let step = Attend::GiveBack(reason.clone());
        let attendance = Attendance::parse(&assignment(shift, &volunteer)?, "", step)?;
        let locks = lock(attendance.tournament());
        self.desk
            .write(&request, locks, move |tx| {
                Box::pin(async move {
                    let assignment = Some(without_reason(attendance.carry_out(tx).await?));
                    Ok::<_, Error>(pb::GiveBackShiftResponse { assignment })
                })
            })
            .await
    }

    async fn wait_for_shift(
        &self,
        request: Request<pb::WaitForShiftRequest>,
    ) -> Result<Response<pb::WaitForShiftResponse>, Status> {
        let join = Join::parse(&request.get_ref().shift, caller(&request)?.as_str())?;
        let locks = lock(join.tournament());
        self.desk
            .write(&request, locks, move |tx| {
                Box::pin(async move {
                    let place = join.carry_out(tx).await?.place;
                    Ok::<_, Error>(pb::WaitForShiftResponse { place })
                })
            })
            .await
    }

    async fn stop_waiting(
        &self,
        request: Request<pb::StopWaitingRequest>,
    ) -> Result<Response<pb::StopWaitingResponse>, Status> {
        let join = Join::parse(&request.get_ref().shift, caller(&request)?.as_str())?;
        let locks = lock(join.tournament());
        self.desk
            .write(&request, locks, move |tx| {
                Box::pin(async move {
                    join.leave(tx).await?;
                    Ok::<_, Error>(pb::StopWaitingResponse {})
                })
            })
            .await
    }

    async fn sign_in_by_code(
        &self,
        request: Request<pb::SignInByCodeRequest>,
    ) -> Result<Response<pb::SignInByCodeResponse>, Status> {
        let assignment = self.by_code(&request, &request.get_ref().code, Attend::SignIn).await?;
        Ok(Response::new(pb::SignInByCodeResponse { assignment }))
    }

    async fn sign_out_by_code(
        &self,
        request: Request<pb::SignOutByCodeRequest>,
    ) -> Result<Response<pb::SignOutByCodeResponse>, Status> {
        let assignment = self.by_code(&request, &request.get_ref().code, Attend::SignOut).await?;
        Ok(Response::new(pb::SignOutByCodeResponse { assignment }))
    }
}
