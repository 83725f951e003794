//! `RosterDraftService`: rosters made by the engine, explained, and put in force.

use matchday_api::volunteers::v1::{self as pb, roster_draft_service_server::RosterDraftService};
use matchday_kernel::{Common, RosterName, ShiftName, TournamentName, VolunteerName};
use matchday_rpc::{Caller, parse};
use matchday_store::Record;
use tonic::{Request, Response, Status};

use super::{
    explain::{self, Explain},
    lock,
    publish::Publish,
    roster_rules::SetRules,
};
use crate::{
    Error, Volunteers, making,
    store::{
        phases, roster_rules,
        rosters::{self, RosterRow},
        shifts::ShiftRow,
    },
};

/// What the engine answers, thought out where it holds nobody up.
pub(super) async fn thought<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<Response<T>, Status> {
    let answer = tokio::task::spawn_blocking(work).await;
    Ok(Response::new(answer.map_err(|error| Error::from(Common::internal(error)))??))
}

#[tonic::async_trait]
impl RosterDraftService for Volunteers {
    type GenerateRosterStream = making::Replies;

    async fn generate_roster(
        &self,
        request: Request<pb::GenerateRosterRequest>,
    ) -> Result<Response<Self::GenerateRosterStream>, Status> {
        self.making.start(&request).await.map(Response::new)
    }

    async fn get_roster(
        &self,
        request: Request<pb::GetRosterRequest>,
    ) -> Result<Response<pb::GetRosterResponse>, Status> {
        let row: RosterRow = self.desk.get::<RosterName, _>(&request.get_ref().name).await?;
        let roster = row.roster().map_err(Error::from)?;
        Ok(Response::new(pb::GetRosterResponse { roster: Some(roster) }))
    }

    async fn list_rosters(
        &self,
        request: Request<pb::ListRostersRequest>,
    ) -> Result<Response<pb::ListRostersResponse>, Status> {
        let paging = Caller::of(&request)?.page(request.get_ref())?;
        let tournament: TournamentName =
            parse::text_as("parent", &request.get_ref().parent).map_err(Error::from)?;
        let mut conn = self.desk.read().await?;
        let page = rosters::page(&mut conn, tournament.as_str(), paging.after.as_deref(), paging.size)
            .await
            .map_err(Error::from)?;
        let next_page_token = paging.seal(page.next.as_deref());
        let in_short = |row: &RosterRow| {
            Ok(pb::Roster { seats: vec![], released: vec![], unfilled: vec![], ..row.roster()? })
        };
        let rosters = page.items.iter().map(in_short).collect::<Result<_, Error>>()?;
        Ok(Response::new(pb::ListRostersResponse { rosters, next_page_token }))
    }

    async fn explain_roster(
        &self,
        request: Request<pb::ExplainRosterRequest>,
    ) -> Result<Response<pb::ExplainRosterResponse>, Status> {
        let explain = Explain::parse(request.get_ref())?;
        let mut conn = self.desk.read().await?;
        let mut basis = making::read(&mut conn, explain.tournament().as_str(), self.desk.now()).await?;
        let latest = rosters::latest(&mut conn, explain.tournament().as_str()).await.map_err(Error::from)?;
        drop(conn);
        let draft = latest.filter(RosterRow::is_draft).map(|row| row.roster()).transpose();
        let draft = draft.map_err(Error::from)?.unwrap_or_default();
        basis.release(draft.released.iter().map(|seat| (seat.shift.as_str(), seat.volunteer.as_str())));
        thought(move || {
            let explanations = explain.answer(&basis, &draft.seats)?;
            Ok(pb::ExplainRosterResponse { roster: draft.name, explanations })
        })
        .await
    }

    async fn find_candidates(
        &self,
        request: Request<pb::FindCandidatesRequest>,
    ) -> Result<Response<pb::FindCandidatesResponse>, Status> {
        let name: ShiftName = parse::text_as("shift", &request.get_ref().shift).map_err(Error::from)?;
        let mut conn = self.desk.read().await?;
        let row = ShiftRow::get(&mut conn, name.as_str()).await.map_err(Error::from)?;
        let posted = making::posted(row).map_err(Error::from)?;
        posted.shift.check_takes_volunteers(self.desk.now()).map_err(Error::from)?;
        let basis = making::read(&mut conn, name.parent().as_str(), self.desk.now()).await?;
        drop(conn);
        thought(move || {
            let explanation = Some(explain::candidates(basis, posted)?);
            Ok(pb::FindCandidatesResponse { explanation })
        })
        .await
    }

    async fn find_open_shifts(
        &self,
        request: Request<pb::FindOpenShiftsRequest>,
    ) -> Result<Response<pb::FindOpenShiftsResponse>, Status> {
        let name: VolunteerName =
            parse::text_as("volunteer", &request.get_ref().volunteer).map_err(Error::from)?;
        let mut conn = self.desk.read().await?;
        let mut basis = making::read(&mut conn, name.parent().as_str(), self.desk.now()).await?;
        let phases = phases::phases(&mut conn, name.parent().as_str()).await.map_err(Error::from)?;
        drop(conn);
        basis.close_where(|shift, zone| phases.check_plan(shift, zone).is_err());
        let volunteer = basis.candidate(name.as_str());
        let volunteer = volunteer.ok_or_else(|| Error::from(Common::not_found(&name)))?;
        thought(move || explain::open_shifts(&basis, volunteer)).await
    }

    async fn set_roster_rules(
        &self,
        request: Request<pb::SetRosterRulesRequest>,
    ) -> Result<Response<pb::SetRosterRulesResponse>, Status> {
        let set = SetRules::parse(request.get_ref().clone())?;
        let locks = lock(set.tournament());
        self.desk.write(&request, locks, move |tx| Box::pin(set.carry_out(tx))).await
    }

    async fn get_roster_rules(
        &self,
        request: Request<pb::GetRosterRulesRequest>,
    ) -> Result<Response<pb::GetRosterRulesResponse>, Status> {
        let tournament: TournamentName =
            parse::text_as("parent", &request.get_ref().parent).map_err(Error::from)?;
        let mut conn = self.desk.read().await?;
        let rules = roster_rules::told(&mut conn, tournament.as_str()).await.map_err(Error::from)?;
        Ok(Response::new(pb::GetRosterRulesResponse { rules: Some(rules) }))
    }

    async fn publish_roster(
        &self,
        request: Request<pb::PublishRosterRequest>,
    ) -> Result<Response<pb::PublishRosterResponse>, Status> {
        let publish = Publish::parse(request.get_ref())?;
        let locks = lock(publish.tournament());
        self.desk.write(&request, locks, move |tx| Box::pin(publish.carry_out(tx))).await
    }
}
