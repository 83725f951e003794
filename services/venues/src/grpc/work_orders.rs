//! `WorkOrderService`: work on places, which follows the service plan.

use matchday_api::{
    common::v1::PlanFollowed,
    venues::v1::{self as pb, work_order_service_server::WorkOrderService},
};
use matchday_kernel::{SiteName, TournamentName, VenueName, WorkOrderName};
use matchday_rpc::{Caller, parse};
use matchday_store::{Conn, Locks, NewEvent, Record, Tx};
use tonic::{Request, Response, Status};

use crate::{
    Error, Venues,
    domain::work_order::{WorkOrder, WrongState},
    follow,
    store::{
        places::{SiteRow, VenueRow},
        work_orders::{self, Filter, WorkOrderRow},
    },
};

/// A step of a work order, read and checked: which one, and the state it is meant for.
struct Step {
    name: WorkOrderName,
    etag: String,
}

impl Step {
    fn parse(name: &str, etag: &str) -> Result<Self, Error> {
        Ok(Self { name: parse::text_as("name", name)?, etag: etag.to_owned() })
    }

    fn locks(&self) -> Locks {
        Locks::of([self.name.as_str()])
    }

    async fn carry_out(
        self,
        tx: &mut Tx,
        step: impl FnOnce(WorkOrder) -> Result<WorkOrder, WrongState> + Send,
    ) -> Result<Option<pb::WorkOrder>, Error> {
        let row = WorkOrderRow::get(tx, self.name.as_str()).await?;
        row.check_etag(&self.etag)?;
        let order = step(row.order()?)?;
        let order: pb::WorkOrder = WorkOrderRow::of(order, Some(&row)).save(tx).await?.into();
        let (tournament, previous) = (order.tournament.clone(), Some(row.into()));
        let event = pb::WorkOrderChanged { work_order: Some(order.clone()), previous };
        tx.emit(NewEvent::new(&order.name, Some(&tournament), &event));
        Ok(Some(order))
    }
}

async fn assign(tx: &mut Tx, step: Step, assignee: String) -> Result<pb::AssignWorkOrderResponse, Error> {
    let work_order = step.carry_out(tx, |order| order.assign(assignee)).await?;
    Ok(pb::AssignWorkOrderResponse { work_order })
}

async fn start(tx: &mut Tx, step: Step) -> Result<pb::StartWorkOrderResponse, Error> {
    let now = tx.now();
    Ok(pb::StartWorkOrderResponse { work_order: step.carry_out(tx, |order| order.start(now)).await? })
}

async fn complete(tx: &mut Tx, step: Step) -> Result<pb::CompleteWorkOrderResponse, Error> {
    let now = tx.now();
    Ok(pb::CompleteWorkOrderResponse { work_order: step.carry_out(tx, |order| order.complete(now)).await? })
}

fn filter(request: &pb::ListWorkOrdersRequest) -> Result<Filter, Error> {
    let mut states = [false; 4];
    for number in &request.states {
        let state: pb::WorkOrderState = parse::one_of("states", *number)?;
        states[state as usize - 1] = true;
    }
    if request.states.is_empty() {
        states = [true, true, true, false];
    }
    if !request.tournament.is_empty() {
        parse::text_as::<TournamentName>("tournament", &request.tournament)?;
    }
    Ok(Filter {
        ancestor: request.parent.clone(),
        from: parse::instant("from", request.from)?,
        until: parse::instant("until", request.until)?,
        states,
        tournament: request.tournament.clone(),
    })
}

/// Checks that a parent of work orders exists: a site or a venue.
async fn check_exists(conn: &mut Conn, parent: &str) -> Result<(), Error> {
    if parent.split('/').count() == 2 {
        SiteRow::get(conn, parse::text_as::<SiteName>("parent", parent)?.as_str()).await?;
    } else {
        VenueRow::get(conn, parse::text_as::<VenueName>("parent", parent)?.as_str()).await?;
    }
    Ok(())
}

/// The plan that the work orders of a tournament follow, and what of it could not be derived.
async fn followed(conn: &mut Conn, tournament: &TournamentName) -> Result<PlanFollowed, Error> {
    let derived = work_orders::count(conn, tournament.as_str()).await?;
    let problems = follow::work_orders::problems(conn, tournament.as_str()).await?;
    Ok(matchday_agenda::followed(conn, tournament.as_str(), derived, problems).await?)
}

#[tonic::async_trait]
impl WorkOrderService for Venues {
    async fn get_work_order(
        &self,
        request: Request<pb::GetWorkOrderRequest>,
    ) -> Result<Response<pb::GetWorkOrderResponse>, Status> {
        let row: WorkOrderRow = self.desk.get::<WorkOrderName, _>(&request.get_ref().name).await?;
        Ok(Response::new(pb::GetWorkOrderResponse { work_order: Some(row.into()) }))
    }

    async fn list_work_orders(
        &self,
        request: Request<pb::ListWorkOrdersRequest>,
    ) -> Result<Response<pb::ListWorkOrdersResponse>, Status> {
        let paging = Caller::of(&request)?.page(request.get_ref())?;
        let filter = filter(request.get_ref())?;
        let mut conn = self.desk.read().await?;
        check_exists(&mut conn, &filter.ancestor).await?;
        let page = work_orders::page(&mut conn, &filter, paging.after.as_deref(), paging.size)
            .await
            .map_err(Error::from)?;
        Ok(Response::new(pb::ListWorkOrdersResponse {
            next_page_token: paging.seal(page.next.as_deref()),
            work_orders: page.items.into_iter().map(Into::into).collect(),
        }))
    }

    async fn assign_work_order(
        &self,
        request: Request<pb::AssignWorkOrderRequest>,
    ) -> Result<Response<pb::AssignWorkOrderResponse>, Status> {
        let body = request.get_ref();
        let step = Step::parse(&body.name, &body.etag)?;
        let assignee = parse::required_text("assignee", &body.assignee).map_err(Error::from)?;
        let locks = step.locks();
        self.desk.write(&request, locks, move |tx| Box::pin(assign(tx, step, assignee))).await
    }

    async fn start_work_order(
        &self,
        request: Request<pb::StartWorkOrderRequest>,
    ) -> Result<Response<pb::StartWorkOrderResponse>, Status> {
        let step = Step::parse(&request.get_ref().name, &request.get_ref().etag)?;
        let locks = step.locks();
        self.desk.write(&request, locks, move |tx| Box::pin(start(tx, step))).await
    }

    async fn complete_work_order(
        &self,
        request: Request<pb::CompleteWorkOrderRequest>,
    ) -> Result<Response<pb::CompleteWorkOrderResponse>, Status> {
        let step = Step::parse(&request.get_ref().name, &request.get_ref().etag)?;
        let locks = step.locks();
        self.desk.write(&request, locks, move |tx| Box::pin(complete(tx, step))).await
    }

    async fn get_plan_followed(
        &self,
        request: Request<pb::GetPlanFollowedRequest>,
    ) -> Result<Response<pb::GetPlanFollowedResponse>, Status> {
        let tournament = parse::text_as("parent", &request.get_ref().parent).map_err(Error::from)?;
        let mut conn = self.desk.read().await?;
        let followed = Some(followed(&mut conn, &tournament).await?);
        Ok(Response::new(pb::GetPlanFollowedResponse { followed }))
    }
}
