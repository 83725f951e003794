//! `PlanService`: service plans, checked and put in force.

use matchday_api::scheduling::v1::{self as pb, plan_service_server::PlanService};
use matchday_kernel::{Common, PageSize, ServicePlanName, Slug, TournamentName};
use matchday_rpc::{Caller, parse};
use matchday_store::{Locks, Record, Tx};
use prost::Message;
use tonic::{Request, Response, Status};

use super::emit;
use crate::{
    Error, Scheduling,
    domain::plan::{faults, unmatched},
    store::{
        plans::{self, PlanRow},
        tournaments::TournamentRow,
    },
};

/// Largest plan, encoded, in bytes; the reference tournament's is about 30 KiB.
const LARGEST: usize = 256 * 1024;
/// Most plans of a page: it must fit a response.
const MOST_OF_PAGE: i32 = 10;

/// A plan to put in force, read and checked as far as it can be alone.
struct Apply {
    tournament: TournamentName,
    plan: pb::ServicePlan,
    validate_only: bool,
}

impl Apply {
    fn parse(request: &pb::ApplyServicePlanRequest) -> Result<Self, Error> {
        let wanted = parse::required("plan", request.plan.clone())?;
        let violations = faults(&wanted);
        if !violations.is_empty() {
            return Err(Error::PlanInvalid { violations });
        }
        let plan = pb::ServicePlan {
            name: String::new(),
            author: String::new(),
            create_time: None,
            provenance: Some(parse::provenance("plan.provenance", wanted.provenance)?),
            ..wanted
        };
        if plan.encoded_len() > LARGEST {
            return Err(Common::field("plan", format!("is larger than {LARGEST} bytes")).into());
        }
        let tournament = parse::text_as("parent", &request.parent)?;
        Ok(Self { tournament, plan, validate_only: request.validate_only })
    }

    async fn carry_out(self, tx: &mut Tx) -> Result<pb::ApplyServicePlanResponse, Error> {
        let tournament = self.tournament.as_str();
        TournamentRow::get(tx, tournament).await?;
        let known = plans::classes(tx, tournament).await?;
        let (unknown, classes_missing) = unmatched(&self.plan, &known);
        if !unknown.is_empty() {
            let known = known.into_iter().map(|(_, id)| id).collect();
            return Err(Error::PlanClassUnknown { tournament: tournament.into(), unknown, known });
        }
        let body = self.plan.encode_to_vec();
        let before = plans::in_force(tx, tournament).await?;
        if let Some(before) = before.as_ref().filter(|before| before.body == body) {
            let plan = Some(before.plan()?);
            return Ok(pb::ApplyServicePlanResponse { plan, unchanged: true, classes_missing });
        }
        let number = before.map_or(0, |before| before.number) + 1;
        let id: Slug = number.to_string().parse().map_err(Common::internal)?;
        let row = PlanRow {
            name: ServicePlanName::new(&self.tournament, id).to_string(),
            tournament: tournament.to_owned(),
            number,
            author: tx.actor().to_owned(),
            body,
            ..PlanRow::default()
        };
        if self.validate_only {
            let plan = Some(pb::ServicePlan { create_time: None, ..row.plan()? });
            return Ok(pb::ApplyServicePlanResponse { plan, unchanged: false, classes_missing });
        }
        let row = row.create(tx).await?;
        let plan = Some(row.plan()?);
        emit(tx, &row.name, &self.tournament, &pb::ServicePlanApplied { plan: plan.clone() });
        Ok(pb::ApplyServicePlanResponse { plan, unchanged: false, classes_missing })
    }
}

#[tonic::async_trait]
impl PlanService for Scheduling {
    async fn apply_service_plan(
        &self,
        request: Request<pb::ApplyServicePlanRequest>,
    ) -> Result<Response<pb::ApplyServicePlanResponse>, Status> {
        let apply = Apply::parse(request.get_ref())?;
        let locks = Locks::of([apply.tournament.as_str()]);
        self.desk.write(&request, locks, move |tx| Box::pin(apply.carry_out(tx))).await
    }

    async fn get_service_plan(
        &self,
        request: Request<pb::GetServicePlanRequest>,
    ) -> Result<Response<pb::GetServicePlanResponse>, Status> {
        let row: PlanRow = self.desk.get::<ServicePlanName, _>(&request.get_ref().name).await?;
        let plan = Some(row.plan().map_err(Error::from)?);
        Ok(Response::new(pb::GetServicePlanResponse { plan }))
    }

    async fn list_service_plans(
        &self,
        request: Request<pb::ListServicePlansRequest>,
    ) -> Result<Response<pb::ListServicePlansResponse>, Status> {
        let paging = Caller::of(&request)?.page(request.get_ref())?;
        let tournament: TournamentName =
            parse::text_as("parent", &request.get_ref().parent).map_err(Error::from)?;
        let most = PageSize::new(MOST_OF_PAGE).map_err(|error| Error::from(Common::internal(error)))?;
        let mut conn = self.desk.read().await?;
        TournamentRow::get(&mut conn, tournament.as_str()).await.map_err(Error::from)?;
        let page =
            plans::page(&mut conn, tournament.as_str(), paging.after.as_deref(), paging.size.min(most))
                .await
                .map_err(Error::from)?;
        let plans = page.items.iter().map(PlanRow::plan).collect::<Result<_, _>>().map_err(Error::from)?;
        let next_page_token = paging.seal(page.next.as_deref());
        Ok(Response::new(pb::ListServicePlansResponse { plans, next_page_token }))
    }
}
