//! `LiveService`: what happens on the day, and what comes next on each pitch.

use matchday_api::scheduling::v1::{self as pb, live_service_server::LiveService};
use matchday_kernel::{ActivityName, TournamentName};
use matchday_rpc::{
    Caller,
    parse::{self, to_duration, to_timestamp},
};
use matchday_store::{Locks, Record};
use prost::Message;
use tonic::{Request, Response, Status};

use super::steps::{Done, Said, Step, What, correction, extension};
use crate::{
    Error, Scheduling,
    domain::board::{Entry, Placed, board},
    store::{
        activities::{self, ActivityRow},
        live,
        tournaments::TournamentRow,
    },
};

impl Scheduling {
    /// Records a step, and answers with what came of it.
    async fn record<P: Message + Default + 'static>(
        &self,
        request: &Request<impl Message>,
        step: Step,
        answer: fn(Done) -> P,
    ) -> Result<Response<P>, Status> {
        let locks = Locks::of([step.tournament()]);
        self.desk
            .write(request, locks, move |tx| Box::pin(async move { step.carry_out(tx).await.map(answer) }))
            .await
    }
}

/// An activity as it may stand on the board.
fn placed(row: ActivityRow) -> Result<Placed, Error> {
    let live = row.live()?;
    let is_match = row.kind == i32::from(pb::ActivityKind::Match);
    Ok(Placed { slot: live.slot, title: row.title, since: live.since, is_match })
}

fn entry(entry: Entry) -> pb::PitchEntry {
    let slot = entry.activity.slot;
    pb::PitchEntry {
        zone: slot.zone.to_string(),
        activity: slot.activity,
        title: entry.activity.title,
        state: activities::in_contract(slot.state).into(),
        on: entry.is_on,
        planned_start_time: Some(to_timestamp(slot.planned_start)),
        start_time: Some(to_timestamp(slot.time.start())),
        end_time: Some(to_timestamp(entry.end)),
        late: Some(to_duration(slot.time.start().since(slot.planned_start))),
        unconfirmed: entry.is_unconfirmed,
        short_by: entry.short_by.map(to_duration),
    }
}

#[tonic::async_trait]
impl LiveService for Scheduling {
    async fn confirm_kick_off(
        &self,
        request: Request<pb::ConfirmKickOffRequest>,
    ) -> Result<Response<pb::ConfirmKickOffResponse>, Status> {
        let body = request.get_ref().clone();
        let step = Step::parse(&body.name, What::KickOff, body.recording)?;
        let answer =
            |Done { activities, record, late }| pb::ConfirmKickOffResponse { activities, record, late };
        self.record(&request, step, answer).await
    }

    async fn suspend_match(
        &self,
        request: Request<pb::SuspendMatchRequest>,
    ) -> Result<Response<pb::SuspendMatchResponse>, Status> {
        let body = request.get_ref().clone();
        let step = Step::parse(&body.name, What::Suspend, body.recording)?;
        let answer = |Done { activities, record, .. }| pb::SuspendMatchResponse { activities, record };
        self.record(&request, step, answer).await
    }

    async fn resume_match(
        &self,
        request: Request<pb::ResumeMatchRequest>,
    ) -> Result<Response<pb::ResumeMatchResponse>, Status> {
        let body = request.get_ref().clone();
        let step = Step::parse(&body.name, What::Resume, body.recording)?;
        let answer = |Done { activities, record, .. }| pb::ResumeMatchResponse { activities, record };
        self.record(&request, step, answer).await
    }

    async fn extend_match(
        &self,
        request: Request<pb::ExtendMatchRequest>,
    ) -> Result<Response<pb::ExtendMatchResponse>, Status> {
        let body = request.get_ref().clone();
        let step = Step::parse(&body.name, extension(&body)?, body.recording)?;
        let answer = |Done { activities, record, .. }| pb::ExtendMatchResponse { activities, record };
        self.record(&request, step, answer).await
    }

    async fn abandon_match(
        &self,
        request: Request<pb::AbandonMatchRequest>,
    ) -> Result<Response<pb::AbandonMatchResponse>, Status> {
        let body = request.get_ref().clone();
        let step = Step::parse(&body.name, What::Abandon, body.recording)?;
        let answer = |Done { activities, record, .. }| pb::AbandonMatchResponse { activities, record };
        self.record(&request, step, answer).await
    }

    async fn finish_match(
        &self,
        request: Request<pb::FinishMatchRequest>,
    ) -> Result<Response<pb::FinishMatchResponse>, Status> {
        let body = request.get_ref().clone();
        let step = Step::parse(&body.name, What::Finish, body.recording)?;
        let answer = |Done { activities, record, .. }| pb::FinishMatchResponse { activities, record };
        self.record(&request, step, answer).await
    }

    async fn correct_match(
        &self,
        request: Request<pb::CorrectMatchRequest>,
    ) -> Result<Response<pb::CorrectMatchResponse>, Status> {
        let body = request.get_ref().clone();
        let step = Step::parse(&body.name, correction(body.correction)?, body.recording)?;
        let answer = |Done { activities, record, .. }| pb::CorrectMatchResponse { activities, record };
        self.record(&request, step, answer).await
    }

    async fn record_precondition(
        &self,
        request: Request<pb::RecordPreconditionRequest>,
    ) -> Result<Response<pb::RecordPreconditionResponse>, Status> {
        let said = Said::parse(request.get_ref())?;
        let locks = Locks::of([said.tournament()]);
        self.desk.write(&request, locks, move |tx| Box::pin(said.carry_out(tx))).await
    }

    async fn list_live_records(
        &self,
        request: Request<pb::ListLiveRecordsRequest>,
    ) -> Result<Response<pb::ListLiveRecordsResponse>, Status> {
        let paging = Caller::of(&request)?.page(request.get_ref())?;
        let name: ActivityName = parse::text_as("name", &request.get_ref().name).map_err(Error::from)?;
        let mut conn = self.desk.read().await?;
        ActivityRow::get(&mut conn, name.as_str()).await.map_err(Error::from)?;
        let page = live::page(&mut conn, name.as_str(), paging.after.as_deref(), paging.size)
            .await
            .map_err(Error::from)?;
        let next_page_token = paging.seal(page.next.as_deref());
        Ok(Response::new(pb::ListLiveRecordsResponse { records: page.items, next_page_token }))
    }

    async fn get_pitch_board(
        &self,
        request: Request<pb::GetPitchBoardRequest>,
    ) -> Result<Response<pb::GetPitchBoardResponse>, Status> {
        let name: TournamentName =
            parse::text_as("parent", &request.get_ref().parent).map_err(Error::from)?;
        let mut conn = self.desk.read().await?;
        TournamentRow::get(&mut conn, name.as_str()).await.map_err(Error::from)?;
        let rows = activities::of_tournament(&mut conn, name.as_str()).await.map_err(Error::from)?;
        let placed = rows.into_iter().map(placed).collect::<Result<Vec<_>, _>>()?;
        let now = self.desk.now();
        Ok(Response::new(pb::GetPitchBoardResponse {
            entries: board(placed, now).into_iter().map(entry).collect(),
            time: Some(to_timestamp(now)),
        }))
    }
}
