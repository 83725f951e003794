//! `RunService`: timetables made and repaired.

use futures_util::StreamExt;
use matchday_api::scheduling::v1::{self as pb, run_service_server::RunService};
use matchday_kernel::{RunName, TournamentName};
use matchday_rpc::{Caller, parse};
use matchday_store::{BoxStream, Record};
use tonic::{Request, Response, Status};

use crate::{
    Error, Scheduling,
    runs::{Order, in_short},
    store::{runs, tournaments::TournamentRow},
};

/// A stream of replies about a run.
type Replies<T> = BoxStream<'static, Result<T, Status>>;

#[tonic::async_trait]
impl RunService for Scheduling {
    type GenerateScheduleStream = Replies<pb::GenerateScheduleResponse>;
    type RepairScheduleStream = Replies<pb::RepairScheduleResponse>;
    type WatchRunStream = Replies<pb::WatchRunResponse>;

    async fn generate_schedule(
        &self,
        request: Request<pb::GenerateScheduleRequest>,
    ) -> Result<Response<Self::GenerateScheduleStream>, Status> {
        let order = Order::generate(request.get_ref())?;
        let progress = self.runs.start(&request, order).await?;
        let reply = |run| pb::GenerateScheduleResponse { run: Some(run) };
        Ok(Response::new(progress.map(move |run| run.map(reply)).boxed()))
    }

    async fn repair_schedule(
        &self,
        request: Request<pb::RepairScheduleRequest>,
    ) -> Result<Response<Self::RepairScheduleStream>, Status> {
        let order = Order::repair(request.get_ref())?;
        let progress = self.runs.start(&request, order).await?;
        let reply = |run| pb::RepairScheduleResponse { run: Some(run) };
        Ok(Response::new(progress.map(move |run| run.map(reply)).boxed()))
    }

    async fn get_run(
        &self,
        request: Request<pb::GetRunRequest>,
    ) -> Result<Response<pb::GetRunResponse>, Status> {
        let run = self.runs.read(&request.get_ref().name).await?;
        Ok(Response::new(pb::GetRunResponse { run: Some(run) }))
    }

    async fn list_runs(
        &self,
        request: Request<pb::ListRunsRequest>,
    ) -> Result<Response<pb::ListRunsResponse>, Status> {
        let paging = Caller::of(&request)?.page(request.get_ref())?;
        let tournament: TournamentName =
            parse::text_as("parent", &request.get_ref().parent).map_err(Error::from)?;
        let mut conn = self.desk.read().await?;
        TournamentRow::get(&mut conn, tournament.as_str()).await.map_err(Error::from)?;
        let page = runs::page(&mut conn, tournament.as_str(), paging.after.as_deref(), paging.size)
            .await
            .map_err(Error::from)?;
        let next_page_token = paging.seal(page.next.as_deref());
        let runs = page.items.iter().map(|row| self.runs.as_it_goes(row).map(in_short));
        Ok(Response::new(pb::ListRunsResponse { runs: runs.collect::<Result<_, _>>()?, next_page_token }))
    }

    async fn watch_run(
        &self,
        request: Request<pb::WatchRunRequest>,
    ) -> Result<Response<Self::WatchRunStream>, Status> {
        let name: RunName = parse::text_as("name", &request.get_ref().name).map_err(Error::from)?;
        let progress = self.runs.watch(name.as_str()).await?;
        let reply = |run| pb::WatchRunResponse { run: Some(run) };
        Ok(Response::new(progress.map(move |run| run.map(reply)).boxed()))
    }

    async fn cancel_run(
        &self,
        request: Request<pb::CancelRunRequest>,
    ) -> Result<Response<pb::CancelRunResponse>, Status> {
        let name = parse::text_as("name", &request.get_ref().name).map_err(Error::from)?;
        self.runs.cancel(&request, name).await.map(Response::new)
    }
}
