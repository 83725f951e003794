//! `AdmissionService`: openings, scans, and who is inside.

use matchday_api::{
    common::v1::PlanFollowed,
    visitors::v1::{self as pb, admission_service_server::AdmissionService},
};
use matchday_kernel::{Instant, OpeningName, TournamentName};
use matchday_rpc::{Caller, parse};
use matchday_store::{Conn, Locks, Record, StoreError};
use tonic::{Request, Response, Status};

use super::{
    openings::{self, Advance},
    openings_of,
    redeem::Redeem,
};
use crate::{
    Error, Visitors,
    domain::occupancy::is_upper_bound,
    follow,
    store::{
        admissions,
        control::{self, number, tier_to_pb},
        openings::{OpeningRow, count_taking_place},
        scans,
    },
};

async fn plan_followed(conn: &mut Conn, tournament: &str) -> Result<PlanFollowed, StoreError> {
    let derived = count_taking_place(conn, tournament).await?;
    let problems = follow::problems(conn, tournament).await?;
    matchday_agenda::followed(conn, tournament, derived, problems).await
}

fn refuse(error: impl Into<Error>) -> Status {
    error.into().into()
}

/// Counts who is inside of an opening.
pub(super) async fn occupancy(
    conn: &mut Conn,
    name: &str,
    now: Instant,
) -> Result<pb::Occupancy, StoreError> {
    // the phase first: a clear-out in between gives a bound that is 0, never people in a cleared place
    let row = OpeningRow::get(conn, name).await?;
    // the places of quotas before who is inside: what an upload makes of one the other in between counts twice
    let filling = control::count(conn, name).await?.unwrap_or_default().filling();
    let count = admissions::count(conn, name).await?;
    Ok(pb::Occupancy {
        opening: name.to_owned(),
        public: number(count.occupancy.public),
        everyone: number(count.occupancy.everyone),
        entries: number(count.occupancy.entries),
        exits: number(count.occupancy.exits),
        refused: number(count.refused),
        read_time: Some(parse::to_timestamp(now)),
        last_scan_time: count.last_scan.map(parse::to_timestamp),
        upper_bound: is_upper_bound(row.course()?.phase(now)),
        public_limit: filling.public_limit.map(number),
        everyone_limit: filling.everyone_limit.map(number),
        offline_places: number(filling.held),
        tier: tier_to_pb(filling.tier()).into(),
    })
}

#[tonic::async_trait]
impl AdmissionService for Visitors {
    async fn get_opening(
        &self,
        request: Request<pb::GetOpeningRequest>,
    ) -> Result<Response<pb::GetOpeningResponse>, Status> {
        let row: OpeningRow = self.desk.get::<OpeningName, _>(&request.get_ref().name).await?;
        let opening = row.to_pb(self.desk.now()).map_err(refuse)?;
        Ok(Response::new(pb::GetOpeningResponse { opening: Some(opening) }))
    }

    async fn list_openings(
        &self,
        request: Request<pb::ListOpeningsRequest>,
    ) -> Result<Response<pb::ListOpeningsResponse>, Status> {
        let parent: TournamentName = parse::text_as("parent", &request.get_ref().parent).map_err(refuse)?;
        let (rows, next_page_token) =
            self.desk.list::<OpeningRow>(&request, &format!("{parent}/openings")).await?;
        let now = self.desk.now();
        let openings = rows.iter().map(|row| row.to_pb(now)).collect::<Result<_, _>>().map_err(refuse)?;
        Ok(Response::new(pb::ListOpeningsResponse { openings, next_page_token }))
    }

    async fn advance_opening(
        &self,
        request: Request<pb::AdvanceOpeningRequest>,
    ) -> Result<Response<pb::AdvanceOpeningResponse>, Status> {
        let advance = Advance::parse(request.get_ref())?;
        let locks = Locks::of([openings_of(advance.name.as_str())]);
        self.desk.write(&request, locks, move |tx| Box::pin(advance.carry_out(tx))).await
    }

    async fn clear_opening(
        &self,
        request: Request<pb::ClearOpeningRequest>,
    ) -> Result<Response<pb::ClearOpeningResponse>, Status> {
        let name: OpeningName = parse::text_as("name", &request.get_ref().name).map_err(refuse)?;
        let etag = request.get_ref().etag.clone();
        let locks = Locks::of([openings_of(name.as_str())]);
        self.desk.write(&request, locks, move |tx| Box::pin(openings::clear(tx, name, etag))).await
    }

    async fn redeem_credential(
        &self,
        request: Request<pb::RedeemCredentialRequest>,
    ) -> Result<Response<pb::RedeemCredentialResponse>, Status> {
        let redeem = Redeem::parse(request.get_ref())?;
        let locks = redeem.locks();
        self.desk.write(&request, locks, move |tx| Box::pin(redeem.carry_out(tx))).await
    }

    async fn list_scans(
        &self,
        request: Request<pb::ListScansRequest>,
    ) -> Result<Response<pb::ListScansResponse>, Status> {
        let paging = Caller::of(&request)?.page(request.get_ref())?;
        let pb::ListScansRequest { parent, refused_only, .. } = request.get_ref();
        let opening: OpeningName = parse::text_as("parent", parent).map_err(refuse)?;
        let mut conn = self.desk.read().await?;
        OpeningRow::get(&mut conn, opening.as_str()).await.map_err(refuse)?;
        let after = paging.after.as_deref();
        let page = scans::page(&mut conn, opening.as_str(), *refused_only, after, paging.size)
            .await
            .map_err(refuse)?;
        Ok(Response::new(pb::ListScansResponse {
            next_page_token: paging.seal(page.next.as_deref()),
            scans: page.items.into_iter().map(Into::into).collect(),
        }))
    }

    async fn get_occupancy(
        &self,
        request: Request<pb::GetOccupancyRequest>,
    ) -> Result<Response<pb::GetOccupancyResponse>, Status> {
        let name: OpeningName = parse::text_as("name", &request.get_ref().name).map_err(refuse)?;
        let mut conn = self.desk.read().await?;
        let occupancy = occupancy(&mut conn, name.as_str(), self.desk.now()).await.map_err(refuse)?;
        Ok(Response::new(pb::GetOccupancyResponse { occupancy: Some(occupancy) }))
    }

    async fn get_plan_followed(
        &self,
        request: Request<pb::GetPlanFollowedRequest>,
    ) -> Result<Response<pb::GetPlanFollowedResponse>, Status> {
        let parent: TournamentName = parse::text_as("parent", &request.get_ref().parent).map_err(refuse)?;
        let mut conn = self.desk.read().await?;
        let followed = plan_followed(&mut conn, parent.as_str()).await.map_err(refuse)?;
        Ok(Response::new(pb::GetPlanFollowedResponse { followed: Some(followed) }))
    }
}
