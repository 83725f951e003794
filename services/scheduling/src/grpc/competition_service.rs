//! `CompetitionService`: competitions, results, tables, brackets, and teams that leave.

use matchday_api::scheduling::v1::{self as pb, competition_service_server::CompetitionService};
use matchday_kernel::TournamentName;
use matchday_rpc::parse;
use matchday_store::Locks;
use tonic::{Request, Response, Status};

use super::{
    competitions::{self, Describe},
    fixtures::Making,
    leaving::{Replacement, Withdrawal},
    results::Outcome,
    season::Season,
    standings::{self, Drawing},
    tournament_in,
};
use crate::{Error, Scheduling};

impl Scheduling {
    async fn season(&self, parent: &str) -> Result<Season, Status> {
        let tournament: TournamentName = parse::text_as("parent", parent).map_err(Error::from)?;
        let mut conn = self.desk.read().await?;
        Ok(Season::read(&mut conn, tournament.as_str(), self.desk.now()).await?)
    }
}

#[tonic::async_trait]
impl CompetitionService for Scheduling {
    async fn apply_competition(
        &self,
        request: Request<pb::ApplyCompetitionRequest>,
    ) -> Result<Response<pb::ApplyCompetitionResponse>, Status> {
        let describe = Describe::parse(request.get_ref())?;
        let locks = Locks::of([describe.tournament()]);
        self.desk.write(&request, locks, move |tx| Box::pin(describe.carry_out(tx))).await
    }

    async fn list_competitions(
        &self,
        request: Request<pb::ListCompetitionsRequest>,
    ) -> Result<Response<pb::ListCompetitionsResponse>, Status> {
        let parent = &request.get_ref().parent;
        let season = self.season(parent).await?;
        let mut conn = self.desk.read().await?;
        let competitions = competitions::list(&mut conn, &season, parent).await?;
        Ok(Response::new(pb::ListCompetitionsResponse { competitions }))
    }

    async fn generate_matches(
        &self,
        request: Request<pb::GenerateMatchesRequest>,
    ) -> Result<Response<pb::GenerateMatchesResponse>, Status> {
        let making = Making::parse(request.get_ref())?;
        let locks = Locks::of([making.tournament()]);
        self.desk.write(&request, locks, move |tx| Box::pin(making.carry_out(tx))).await
    }

    async fn record_result(
        &self,
        request: Request<pb::RecordResultRequest>,
    ) -> Result<Response<pb::RecordResultResponse>, Status> {
        let outcome = Outcome::parse(request.get_ref())?;
        let locks = Locks::of(tournament_in(&request.get_ref().name));
        self.desk.write(&request, locks, move |tx| Box::pin(outcome.carry_out(tx))).await
    }

    async fn get_standings(
        &self,
        request: Request<pb::GetStandingsRequest>,
    ) -> Result<Response<pb::GetStandingsResponse>, Status> {
        let pb::GetStandingsRequest { parent, competition, group } = request.get_ref();
        let tables = standings::tables(&self.season(parent).await?, competition, group);
        Ok(Response::new(pb::GetStandingsResponse { tables }))
    }

    async fn record_lots(
        &self,
        request: Request<pb::RecordLotsRequest>,
    ) -> Result<Response<pb::RecordLotsResponse>, Status> {
        let (_, seed) = self.desk.new_id().as_u64_pair();
        let drawing = Drawing::parse(request.get_ref(), seed)?;
        let locks = Locks::of([drawing.tournament()]);
        self.desk.write(&request, locks, move |tx| Box::pin(drawing.carry_out(tx))).await
    }

    async fn get_bracket(
        &self,
        request: Request<pb::GetBracketRequest>,
    ) -> Result<Response<pb::GetBracketResponse>, Status> {
        let pb::GetBracketRequest { parent, competition } = request.get_ref();
        Ok(Response::new(standings::bracket(&self.season(parent).await?, competition)))
    }

    async fn withdraw_team(
        &self,
        request: Request<pb::WithdrawTeamRequest>,
    ) -> Result<Response<pb::WithdrawTeamResponse>, Status> {
        let withdrawal = Withdrawal::parse(request.get_ref())?;
        let locks = Locks::of(tournament_in(&request.get_ref().name));
        self.desk.write(&request, locks, move |tx| Box::pin(withdrawal.carry_out(tx))).await
    }

    async fn replace_team(
        &self,
        request: Request<pb::ReplaceTeamRequest>,
    ) -> Result<Response<pb::ReplaceTeamResponse>, Status> {
        let replacement = Replacement::parse(request.get_ref())?;
        let locks = Locks::of(tournament_in(&request.get_ref().name));
        self.desk.write(&request, locks, move |tx| Box::pin(replacement.carry_out(tx))).await
    }
}
