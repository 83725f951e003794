//! Teams, and `TournamentService`.

use matchday_api::scheduling::v1::{self as pb, tournament_service_server::TournamentService};
use matchday_kernel::{Slug, TeamName, TournamentName};
use matchday_rpc::parse::{self, Mask};
use matchday_store::{Locks, Record, Tx};
use tonic::{Request, Response, Status};

use super::{emit, import::Import, tournament_in, tournaments};
use crate::{
    Error, Scheduling,
    store::tournaments::{TeamRow, TournamentRow},
};

pub(super) fn team(name: &TeamName, wanted: pb::Team) -> Result<TeamRow, Error> {
    let provenance = parse::provenance("team.provenance", wanted.provenance)?;
    Ok(TeamRow {
        name: name.to_string(),
        display_name: parse::required_text("team.display_name", &wanted.display_name)?,
        competition: parse::required_text("team.competition", &wanted.competition)?,
        drawn_group: parse::optional_text("team.group", &wanted.group)?,
        country: parse::optional_text("team.country", &wanted.country)?,
        state: pb::TeamState::Entered.into(),
        generated: parse::generated_to_text(&provenance),
        source: provenance.source,
        ..TeamRow::default()
    })
}

fn to_create(request: &pb::CreateTeamRequest) -> Result<(TournamentName, TeamRow), Error> {
    let parent: TournamentName = parse::text_as("parent", &request.parent)?;
    let id: Slug = parse::text_as("team_id", &request.team_id)?;
    let row = team(&TeamName::new(&parent, id), parse::required("team", request.team.clone())?)?;
    Ok((parent, row))
}

pub(super) async fn create(
    tx: &mut Tx,
    parent: TournamentName,
    row: TeamRow,
) -> Result<pb::CreateTeamResponse, Error> {
    TournamentRow::get(tx, parent.as_str()).await?;
    let team = pb::Team::from(row.create(tx).await?);
    emit(tx, &team.name, &parent, &pb::TeamCreated { team: Some(team.clone()) });
    Ok(pb::CreateTeamResponse { team: Some(team) })
}

async fn update(tx: &mut Tx, request: pb::UpdateTeamRequest) -> Result<pb::UpdateTeamResponse, Error> {
    let mask =
        Mask::new(request.update_mask, &["display_name", "competition", "group", "country", "provenance"])?;
    let wanted = parse::required("team", request.team)?;
    let name: TeamName = parse::text_as("team.name", &wanted.name)?;
    let row = TeamRow::update::<Error>(tx, name.as_str(), &wanted.etag.clone(), |current| {
        let mut merged = pb::Team::from(current.clone());
        mask.apply("display_name", &mut merged.display_name, wanted.display_name);
        mask.apply("competition", &mut merged.competition, wanted.competition);
        mask.apply("group", &mut merged.group, wanted.group);
        mask.apply("country", &mut merged.country, wanted.country);
        mask.apply("provenance", &mut merged.provenance, wanted.provenance);
        // what only verbs change stays
        let (state, replaced_by) = (current.state, current.replaced_by.clone());
        Ok(TeamRow { state, replaced_by, ..team(&name, merged)? })
    })
    .await?;
    let team = Some(pb::Team::from(row));
    emit(tx, name.as_str(), &name.parent(), &pb::TeamUpdated { team: team.clone() });
    Ok(pb::UpdateTeamResponse { team })
}

#[tonic::async_trait]
impl TournamentService for Scheduling {
    async fn create_tournament(
        &self,
        request: Request<pb::CreateTournamentRequest>,
    ) -> Result<Response<pb::CreateTournamentResponse>, Status> {
        let row = tournaments::to_create(request.get_ref())?;
        let locks = Locks::of([&row.name]);
        self.desk.write(&request, locks, move |tx| Box::pin(tournaments::create(tx, row))).await
    }

    async fn get_tournament(
        &self,
        request: Request<pb::GetTournamentRequest>,
    ) -> Result<Response<pb::GetTournamentResponse>, Status> {
        let row: TournamentRow = self.desk.get::<TournamentName, _>(&request.get_ref().name).await?;
        Ok(Response::new(pb::GetTournamentResponse { tournament: Some(row.into()) }))
    }

    async fn list_tournaments(
        &self,
        request: Request<pb::ListTournamentsRequest>,
    ) -> Result<Response<pb::ListTournamentsResponse>, Status> {
        let (rows, next_page_token) = self.desk.list::<TournamentRow>(&request, "tournaments").await?;
        let tournaments = rows.into_iter().map(Into::into).collect();
        Ok(Response::new(pb::ListTournamentsResponse { tournaments, next_page_token }))
    }

    async fn update_tournament(
        &self,
        request: Request<pb::UpdateTournamentRequest>,
    ) -> Result<Response<pb::UpdateTournamentResponse>, Status> {
        let body = request.get_ref().clone();
        let locks = Locks::of(body.tournament.as_ref().map(|tournament| tournament.name.as_str()));
        self.desk.write(&request, locks, move |tx| Box::pin(tournaments::update(tx, body))).await
    }

    async fn import_tournament(
        &self,
        request: Request<pb::ImportTournamentRequest>,
    ) -> Result<Response<pb::ImportTournamentResponse>, Status> {
        let import = Import::parse(request.get_ref().clone())?;
        let locks = Locks::of([import.name()]);
        self.desk.write(&request, locks, move |tx| Box::pin(import.create(tx))).await
    }

    async fn create_team(
        &self,
        request: Request<pb::CreateTeamRequest>,
    ) -> Result<Response<pb::CreateTeamResponse>, Status> {
        let (parent, row) = to_create(request.get_ref())?;
        let locks = Locks::of([parent.as_str()]);
        self.desk.write(&request, locks, move |tx| Box::pin(create(tx, parent, row))).await
    }

    async fn get_team(
        &self,
        request: Request<pb::GetTeamRequest>,
    ) -> Result<Response<pb::GetTeamResponse>, Status> {
        let row: TeamRow = self.desk.get::<TeamName, _>(&request.get_ref().name).await?;
        Ok(Response::new(pb::GetTeamResponse { team: Some(row.into()) }))
    }

    async fn list_teams(
        &self,
        request: Request<pb::ListTeamsRequest>,
    ) -> Result<Response<pb::ListTeamsResponse>, Status> {
        let parent = &request.get_ref().parent;
        let (rows, next_page_token) =
            self.desk.list_of::<TournamentName, TournamentRow, TeamRow>(&request, parent).await?;
        let teams = rows.into_iter().map(Into::into).collect();
        Ok(Response::new(pb::ListTeamsResponse { teams, next_page_token }))
    }

    async fn update_team(
        &self,
        request: Request<pb::UpdateTeamRequest>,
    ) -> Result<Response<pb::UpdateTeamResponse>, Status> {
        let body = request.get_ref().clone();
        let locks = Locks::of(body.team.as_ref().and_then(|team| tournament_in(&team.name)));
        self.desk.write(&request, locks, move |tx| Box::pin(update(tx, body))).await
    }
}
