//! `ScheduleService`: activities, sessions, versions.

use matchday_api::scheduling::v1::{self as pb, schedule_service_server::ScheduleService};
use matchday_kernel::{ActivityName, ScheduleVersionName, SessionName, TournamentName};
use matchday_rpc::{Caller, parse};
use matchday_store::{Locks, Record};
use tonic::{Request, Response, Status};

use super::{
    activities::{self, Cancel, Delay, Move},
    sessions, tournament_in,
    watch::{self, Watch},
};
use crate::{
    Error, Scheduling,
    publish::Subject,
    store::{
        activities::{self as stored, ActivityRow, Filter},
        tournaments::{SessionRow, TournamentRow},
        versions::{self, VersionRow},
    },
};

fn filter(request: &pb::ListActivitiesRequest) -> Result<Filter, Error> {
    let tournament: TournamentName = parse::text_as("parent", &request.parent)?;
    if !request.session.is_empty() {
        parse::text_as::<SessionName>("session", &request.session)?;
    }
    Ok(Filter {
        tournament: tournament.to_string(),
        from: parse::instant("from", request.from)?,
        until: parse::instant("until", request.until)?,
        session: request.session.clone(),
    })
}

fn parent(text: &str) -> Result<TournamentName, Error> {
    Ok(parse::text_as("parent", text)?)
}

#[tonic::async_trait]
impl ScheduleService for Scheduling {
    type WatchActivitiesStream = Watch;

    async fn create_activity(
        &self,
        request: Request<pb::CreateActivityRequest>,
    ) -> Result<Response<pb::CreateActivityResponse>, Status> {
        let (parent, row) = activities::to_create(request.get_ref())?;
        let locks = Locks::of([parent.as_str()]);
        self.desk.write(&request, locks, move |tx| Box::pin(activities::create(tx, parent, row))).await
    }

    async fn get_activity(
        &self,
        request: Request<pb::GetActivityRequest>,
    ) -> Result<Response<pb::GetActivityResponse>, Status> {
        let row: ActivityRow = self.desk.get::<ActivityName, _>(&request.get_ref().name).await?;
        Ok(Response::new(pb::GetActivityResponse { activity: Some(row.into()) }))
    }

    async fn list_activities(
        &self,
        request: Request<pb::ListActivitiesRequest>,
    ) -> Result<Response<pb::ListActivitiesResponse>, Status> {
        let paging = Caller::of(&request)?.page(request.get_ref())?;
        let filter = filter(request.get_ref())?;
        let mut conn = self.desk.read().await?;
        TournamentRow::get(&mut conn, &filter.tournament).await.map_err(Error::from)?;
        let page = stored::page(&mut conn, &filter, paging.after.as_deref(), paging.size)
            .await
            .map_err(Error::from)?;
        Ok(Response::new(pb::ListActivitiesResponse {
            next_page_token: paging.seal(page.next.as_deref()),
            activities: page.items.into_iter().map(Into::into).collect(),
        }))
    }

    async fn update_activity(
        &self,
        request: Request<pb::UpdateActivityRequest>,
    ) -> Result<Response<pb::UpdateActivityResponse>, Status> {
        let body = request.get_ref().clone();
        let locks = Locks::of(body.activity.as_ref().and_then(|activity| tournament_in(&activity.name)));
        self.desk.write(&request, locks, move |tx| Box::pin(activities::update(tx, body))).await
    }

    async fn delay_activity(
        &self,
        request: Request<pb::DelayActivityRequest>,
    ) -> Result<Response<pb::DelayActivityResponse>, Status> {
        let delay = Delay::parse(request.get_ref())?;
        let locks = Locks::of(tournament_in(&request.get_ref().name));
        self.desk.write(&request, locks, move |tx| Box::pin(delay.carry_out(tx))).await
    }

    async fn move_activity(
        &self,
        request: Request<pb::MoveActivityRequest>,
    ) -> Result<Response<pb::MoveActivityResponse>, Status> {
        let movement = Move::parse(request.get_ref())?;
        let locks = Locks::of(tournament_in(&request.get_ref().name));
        self.desk.write(&request, locks, move |tx| Box::pin(movement.carry_out(tx))).await
    }

    async fn cancel_activity(
        &self,
        request: Request<pb::CancelActivityRequest>,
    ) -> Result<Response<pb::CancelActivityResponse>, Status> {
        let cancel = Cancel::parse(request.get_ref())?;
        let locks = Locks::of(tournament_in(&request.get_ref().name));
        self.desk.write(&request, locks, move |tx| Box::pin(cancel.carry_out(tx))).await
    }

    async fn watch_activities(
        &self,
        request: Request<pb::WatchActivitiesRequest>,
    ) -> Result<Response<Watch>, Status> {
        let tournament = parent(&request.get_ref().parent)?;
        Ok(Response::new(watch::watch(&self.desk, tournament, &self.stop).await?))
    }

    async fn create_session(
        &self,
        request: Request<pb::CreateSessionRequest>,
    ) -> Result<Response<pb::CreateSessionResponse>, Status> {
        let (parent, row) = sessions::to_create(request.get_ref())?;
        let locks = Locks::of([parent.as_str()]);
        self.desk.write(&request, locks, move |tx| Box::pin(sessions::create(tx, parent, row))).await
    }

    async fn get_session(
        &self,
        request: Request<pb::GetSessionRequest>,
    ) -> Result<Response<pb::GetSessionResponse>, Status> {
        let row: SessionRow = self.desk.get::<SessionName, _>(&request.get_ref().name).await?;
        let session = sessions::read(&mut self.desk.read().await?, row).await?;
        Ok(Response::new(pb::GetSessionResponse { session: Some(session) }))
    }

    async fn list_sessions(
        &self,
        request: Request<pb::ListSessionsRequest>,
    ) -> Result<Response<pb::ListSessionsResponse>, Status> {
        let parent = &request.get_ref().parent;
        let (rows, next_page_token) =
            self.desk.list_of::<TournamentName, TournamentRow, SessionRow>(&request, parent).await?;
        let sessions = sessions::read_all(&mut self.desk.read().await?, rows).await?;
        Ok(Response::new(pb::ListSessionsResponse { sessions, next_page_token }))
    }

    async fn update_session(
        &self,
        request: Request<pb::UpdateSessionRequest>,
    ) -> Result<Response<pb::UpdateSessionResponse>, Status> {
        let body = request.get_ref().clone();
        let locks = Locks::of(body.session.as_ref().and_then(|session| tournament_in(&session.name)));
        self.desk.write(&request, locks, move |tx| Box::pin(sessions::update(tx, body))).await
    }

    async fn publish_schedule(
        &self,
        request: Request<pb::PublishScheduleRequest>,
    ) -> Result<Response<pb::PublishScheduleResponse>, Status> {
        let subject = Subject::Current(parent(&request.get_ref().parent)?);
        if request.get_ref().validate_only {
            return self.publisher.check(&subject).await.map(Response::new);
        }
        self.publisher.publish(&request, subject).await.map(Response::new)
    }

    async fn get_schedule_version(
        &self,
        request: Request<pb::GetScheduleVersionRequest>,
    ) -> Result<Response<pb::GetScheduleVersionResponse>, Status> {
        let row: VersionRow = self.desk.get::<ScheduleVersionName, _>(&request.get_ref().name).await?;
        let mut conn = self.desk.read().await?;
        let activities = versions::content(&mut conn, &row.name).await.map_err(Error::from)?;
        Ok(Response::new(pb::GetScheduleVersionResponse { version: Some(row.into()), activities }))
    }

    async fn list_schedule_versions(
        &self,
        request: Request<pb::ListScheduleVersionsRequest>,
    ) -> Result<Response<pb::ListScheduleVersionsResponse>, Status> {
        let paging = Caller::of(&request)?.page(request.get_ref())?;
        let tournament = parent(&request.get_ref().parent)?;
        let mut conn = self.desk.read().await?;
        TournamentRow::get(&mut conn, tournament.as_str()).await.map_err(Error::from)?;
        let page = versions::page(&mut conn, tournament.as_str(), paging.after.as_deref(), paging.size)
            .await
            .map_err(Error::from)?;
        Ok(Response::new(pb::ListScheduleVersionsResponse {
            next_page_token: paging.seal(page.next.as_deref()),
            versions: page.items.into_iter().map(Into::into).collect(),
        }))
    }
}
