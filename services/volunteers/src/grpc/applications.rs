//! `ApplicationService`: people from their application to their accreditation.

use matchday_api::volunteers::v1::{self as pb, application_service_server::ApplicationService};
use matchday_kernel::{ApplicationName, TournamentName};
use matchday_rpc::{Caller, parse};
use matchday_store::Locks;
use prost::Message;
use tonic::{Request, Response, Status};

use super::{
    applicants::{ReadOne, ReadPage},
    apply::Submit,
    apply_many::ApplyMany,
    decide::Decide,
    erase::Erase,
    facts::Fact,
    interview::{Booking, NewSlot},
    lock,
};
use crate::{
    Error, Volunteers,
    domain::application::Verb,
    store::{
        applications::{self, ApplicationRow},
        identity::KEY,
        interviews::SlotRow,
        limits::zone,
    },
};

fn states(numbers: &[i32]) -> Result<Vec<pb::ApplicationState>, Error> {
    if numbers.is_empty() {
        return Ok((1..).map_while(|number| pb::ApplicationState::try_from(number).ok()).collect());
    }
    // each once: the statement grows with them
    let mut numbers = numbers.to_vec();
    numbers.sort_unstable();
    numbers.dedup();
    numbers.into_iter().map(|number| Ok(parse::one_of("states", number)?)).collect()
}

impl Volunteers {
    /// Bytes that become the key of a tournament, if it has none yet.
    pub(super) fn fresh_key(&self) -> [u8; KEY] {
        let mut key = [0; KEY];
        self.random.fill(&mut key);
        key
    }

    /// Moves applications on behalf of a request, and answers with them.
    async fn decide<P: Message + Default + 'static>(
        &self,
        request: &Request<impl Message>,
        decide: Decide,
        answer: fn(Vec<pb::Application>) -> P,
    ) -> Result<Response<P>, Status> {
        let locks = lock(decide.tournament());
        let work = self.desk.write(request, locks, move |tx| {
            Box::pin(async move { Ok::<_, Error>(answer(decide.carry_out(tx).await?)) })
        });
        work.await
    }
}

#[tonic::async_trait]
impl ApplicationService for Volunteers {
    async fn submit_application(
        &self,
        request: Request<pb::SubmitApplicationRequest>,
    ) -> Result<Response<pb::SubmitApplicationResponse>, Status> {
        let call = self.desk.call(&request)?;
        let (id, fresh) = (self.desk.new_id(), self.fresh_key());
        let submit = Submit::parse(request.into_inner(), self.desk.now(), id, fresh)?;
        let locks = lock(submit.tournament());
        let reply = self.desk.carry_out(call, locks, move |tx| Box::pin(submit.carry_out(tx))).await?;
        Ok(Response::new(reply))
    }

    async fn import_applications(
        &self,
        request: Request<pb::ImportApplicationsRequest>,
    ) -> Result<Response<pb::ImportApplicationsResponse>, Status> {
        let call = self.desk.call(&request)?;
        let (now, fresh) = (self.desk.now(), self.fresh_key());
        let import = ApplyMany::parse(request.into_inner(), now, || self.desk.new_id(), fresh)?;
        let locks = lock(import.tournament());
        let reply = self.desk.carry_out(call, locks, move |tx| Box::pin(import.carry_out(tx))).await?;
        Ok(Response::new(reply))
    }

    async fn get_application(
        &self,
        request: Request<pb::GetApplicationRequest>,
    ) -> Result<Response<pb::GetApplicationResponse>, Status> {
        let row: ApplicationRow = self.desk.get::<ApplicationName, _>(&request.get_ref().name).await?;
        let name: ApplicationName = parse::text_as("name", &row.name).map_err(Error::from)?;
        let mut conn = self.desk.read().await?;
        let zone = zone(&mut conn, name.parent().as_str()).await.map_err(Error::from)?;
        let application = row.shown(self.desk.now(), &zone).map_err(Error::from)?;
        Ok(Response::new(pb::GetApplicationResponse { application: Some(application) }))
    }

    async fn list_applications(
        &self,
        request: Request<pb::ListApplicationsRequest>,
    ) -> Result<Response<pb::ListApplicationsResponse>, Status> {
        let paging = Caller::of(&request)?.page(request.get_ref())?;
        let pb::ListApplicationsRequest { parent, states: numbers, .. } = request.get_ref();
        let tournament: TournamentName = parse::text_as("parent", parent).map_err(Error::from)?;
        let states = states(numbers)?;
        let mut conn = self.desk.read().await?;
        let zone = zone(&mut conn, tournament.as_str()).await.map_err(Error::from)?;
        let after = paging.after.as_deref();
        let page = applications::page(&mut conn, tournament.as_str(), &states, after, paging.size).await;
        let page = page.map_err(Error::from)?;
        let now = self.desk.now();
        let shown = page.items.iter().map(|row| row.shown(now, &zone)).collect::<Result<_, _>>();
        Ok(Response::new(pb::ListApplicationsResponse {
            next_page_token: paging.seal(page.next.as_deref()),
            applications: shown.map_err(Error::from)?,
        }))
    }

    async fn get_applicant(
        &self,
        request: Request<pb::GetApplicantRequest>,
    ) -> Result<Response<pb::GetApplicantResponse>, Status> {
        let read = ReadOne::parse(request.get_ref())?;
        self.desk.write(&request, Locks::none(), move |tx| Box::pin(read.carry_out(tx))).await
    }

    async fn export_applicants(
        &self,
        request: Request<pb::ExportApplicantsRequest>,
    ) -> Result<Response<pb::ExportApplicantsResponse>, Status> {
        let paging = Caller::of(&request)?.page(request.get_ref())?;
        let read = ReadPage::parse(request.get_ref(), paging.after.clone(), paging.size)?;
        let reply = self.desk.write(&request, Locks::none(), move |tx| Box::pin(read.carry_out(tx))).await?;
        let mut reply = reply.into_inner();
        let next = std::mem::take(&mut reply.next_page_token);
        reply.next_page_token = paging.seal(Some(next.as_str()).filter(|key| !key.is_empty()));
        Ok(Response::new(reply))
    }

    async fn erase_person(
        &self,
        request: Request<pb::ErasePersonRequest>,
    ) -> Result<Response<pb::ErasePersonResponse>, Status> {
        let erase = Erase::parse(request.get_ref())?;
        let locks = lock(erase.tournament()).and(crate::outbox::LOCK);
        self.desk.write(&request, locks, move |tx| Box::pin(erase.carry_out(tx))).await
    }

    async fn create_interview_slot(
        &self,
        request: Request<pb::CreateInterviewSlotRequest>,
    ) -> Result<Response<pb::CreateInterviewSlotResponse>, Status> {
        let slot = NewSlot::parse(request.get_ref())?;
        let locks = lock(slot.tournament());
        self.desk.write(&request, locks, move |tx| Box::pin(slot.carry_out(tx))).await
    }

    async fn list_interview_slots(
        &self,
        request: Request<pb::ListInterviewSlotsRequest>,
    ) -> Result<Response<pb::ListInterviewSlotsResponse>, Status> {
        let parent = &request.get_ref().parent;
        let tournament: TournamentName = parse::text_as("parent", parent).map_err(Error::from)?;
        let (rows, next_page_token) = self.desk.list::<SlotRow>(&request, tournament.as_str()).await?;
        let slots = rows.into_iter().map(Into::into).collect();
        Ok(Response::new(pb::ListInterviewSlotsResponse { slots, next_page_token }))
    }

    async fn screen_applications(
        &self,
        request: Request<pb::ScreenApplicationsRequest>,
    ) -> Result<Response<pb::ScreenApplicationsResponse>, Status> {
        let pb::ScreenApplicationsRequest { parent, names, .. } = request.get_ref();
        let decide = Decide::parse(parent, names, Verb::Screen, "")?;
        self.decide(&request, decide, |applications| pb::ScreenApplicationsResponse { applications }).await
    }

    async fn pass_interviews(
        &self,
        request: Request<pb::PassInterviewsRequest>,
    ) -> Result<Response<pb::PassInterviewsResponse>, Status> {
        let pb::PassInterviewsRequest { parent, names, .. } = request.get_ref();
        let decide = Decide::parse(parent, names, Verb::PassInterview, "")?;
        self.decide(&request, decide, |applications| pb::PassInterviewsResponse { applications }).await
    }

    async fn pass_trainings(
        &self,
        request: Request<pb::PassTrainingsRequest>,
    ) -> Result<Response<pb::PassTrainingsResponse>, Status> {
        let pb::PassTrainingsRequest { parent, names, .. } = request.get_ref();
        let decide = Decide::parse(parent, names, Verb::PassTraining, "")?;
        self.decide(&request, decide, |applications| pb::PassTrainingsResponse { applications }).await
    }

    async fn accredit_applications(
        &self,
        request: Request<pb::AccreditApplicationsRequest>,
    ) -> Result<Response<pb::AccreditApplicationsResponse>, Status> {
        let pb::AccreditApplicationsRequest { parent, names, .. } = request.get_ref();
        let decide = Decide::parse(parent, names, Verb::Accredit, "")?;
        self.decide(&request, decide, |applications| pb::AccreditApplicationsResponse { applications }).await
    }

    async fn reject_applications(
        &self,
        request: Request<pb::RejectApplicationsRequest>,
    ) -> Result<Response<pb::RejectApplicationsResponse>, Status> {
        let pb::RejectApplicationsRequest { parent, names, reason, .. } = request.get_ref();
        let decide = Decide::parse(parent, names, Verb::Reject, reason)?;
        self.decide(&request, decide, |applications| pb::RejectApplicationsResponse { applications }).await
    }

    async fn withdraw_application(
        &self,
        request: Request<pb::WithdrawApplicationRequest>,
    ) -> Result<Response<pb::WithdrawApplicationResponse>, Status> {
        let pb::WithdrawApplicationRequest { name, reason, .. } = request.get_ref();
        let decide = Decide::withdraw(name, reason)?;
        let answer = |applications: Vec<pb::Application>| pb::WithdrawApplicationResponse {
            application: applications.into_iter().next(),
        };
        self.decide(&request, decide, answer).await
    }

    async fn book_interview(
        &self,
        request: Request<pb::BookInterviewRequest>,
    ) -> Result<Response<pb::BookInterviewResponse>, Status> {
        let booking = Booking::take(&request.get_ref().name, &request.get_ref().slot)?;
        let locks = lock(booking.tournament());
        let work = self.desk.write(&request, locks, move |tx| {
            Box::pin(async move {
                let application = Some(booking.carry_out(tx).await?);
                Ok::<_, Error>(pb::BookInterviewResponse { application })
            })
        });
        work.await
    }

    async fn cancel_interview(
        &self,
        request: Request<pb::CancelInterviewRequest>,
    ) -> Result<Response<pb::CancelInterviewResponse>, Status> {
        let booking = Booking::give_back(&request.get_ref().name)?;
        let locks = lock(booking.tournament());
        let work = self.desk.write(&request, locks, move |tx| {
            Box::pin(async move {
                let application = Some(booking.carry_out(tx).await?);
                Ok::<_, Error>(pb::CancelInterviewResponse { application })
            })
        });
        work.await
    }

    async fn record_consent(
        &self,
        request: Request<pb::RecordConsentRequest>,
    ) -> Result<Response<pb::RecordConsentResponse>, Status> {
        let fact = Fact::consent(request.get_ref())?;
        let locks = lock(fact.tournament());
        let work = self.desk.write(&request, locks, move |tx| {
            Box::pin(async move {
                let application = Some(fact.carry_out(tx).await?);
                Ok::<_, Error>(pb::RecordConsentResponse { application })
            })
        });
        work.await
    }

    async fn record_insurance(
        &self,
        request: Request<pb::RecordInsuranceRequest>,
    ) -> Result<Response<pb::RecordInsuranceResponse>, Status> {
        let fact = Fact::insurance(request.get_ref())?;
        let locks = lock(fact.tournament());
        let work = self.desk.write(&request, locks, move |tx| {
            Box::pin(async move {
                let application = Some(fact.carry_out(tx).await?);
                Ok::<_, Error>(pb::RecordInsuranceResponse { application })
            })
        });
        work.await
    }
}
