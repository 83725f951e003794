//! `FrameService`: what timetables are made within.

use matchday_api::scheduling::v1::{self as pb, frame_service_server::FrameService};
use matchday_kernel::{Common, TournamentName};
use matchday_rpc::parse;
use matchday_store::{Locks, Record, Tx};
use prost::Message;
use tonic::{Request, Response, Status};

use super::{emit, frame_value};
use crate::{
    Error, Scheduling,
    domain::frame::completed,
    frame,
    store::{
        frames::{self, FrameRow},
        tournaments::TournamentRow,
    },
};

/// Largest frame, encoded, in bytes: the event that tells it stays below what an event may hold.
const LARGEST: usize = 512 * 1024;

/// A frame to apply, read and checked as far as it can be alone.
struct Apply {
    tournament: TournamentName,
    frame: pb::TimetableFrame,
    validate_only: bool,
}

impl Apply {
    fn parse(request: &pb::ApplyTimetableFrameRequest) -> Result<Self, Error> {
        let tournament: TournamentName = parse::text_as("parent", &request.parent)?;
        let wanted = parse::required("frame", request.frame.clone())?;
        if wanted.encoded_len() > LARGEST {
            return Err(Common::field("frame", format!("is larger than {LARGEST} bytes")).into());
        }
        frame_value::frame("frame.", &wanted)?;
        let provenance = Some(parse::provenance("frame.provenance", wanted.provenance.clone())?);
        let frame = pb::TimetableFrame { provenance, ..wanted };
        Ok(Self { tournament, frame, validate_only: request.validate_only })
    }

    async fn carry_out(self, tx: &mut Tx) -> Result<pb::ApplyTimetableFrameResponse, Error> {
        let tournament = self.tournament.as_str();
        TournamentRow::get(tx, tournament).await?;
        let mut row = FrameRow::of(tournament, &self.frame);
        let stored = FrameRow::find(tx, &row.name).await?;
        match &stored {
            Some(stored) => stored.check_etag(&self.frame.etag)?,
            None if self.frame.etag.is_empty() => {}
            None => return Err(Common::etag_mismatch(&row.name).into()),
        }
        if self.validate_only {
            return Ok(pb::ApplyTimetableFrameResponse { frame: Some(self.frame) });
        }
        let row = match stored {
            Some(stored) => {
                row.succeed(&stored);
                row.save(tx).await?
            }
            None => row.create(tx).await?,
        };
        let frame = Some(row.frame()?);
        let event = pb::FrameApplied { tournament: tournament.to_owned(), frame: frame.clone() };
        emit(tx, tournament, &self.tournament, &event);
        Ok(pb::ApplyTimetableFrameResponse { frame })
    }
}

#[tonic::async_trait]
impl FrameService for Scheduling {
    async fn apply_timetable_frame(
        &self,
        request: Request<pb::ApplyTimetableFrameRequest>,
    ) -> Result<Response<pb::ApplyTimetableFrameResponse>, Status> {
        let apply = Apply::parse(request.get_ref())?;
        let locks = Locks::of([apply.tournament.as_str()]);
        self.desk.write(&request, locks, move |tx| Box::pin(apply.carry_out(tx))).await
    }

    async fn get_timetable_frame(
        &self,
        request: Request<pb::GetTimetableFrameRequest>,
    ) -> Result<Response<pb::GetTimetableFrameResponse>, Status> {
        let tournament: TournamentName =
            parse::text_as("parent", &request.get_ref().parent).map_err(Error::from)?;
        let mut conn = self.desk.read().await?;
        let row = TournamentRow::get(&mut conn, tournament.as_str()).await.map_err(Error::from)?;
        let applied =
            FrameRow::find(&mut conn, &frames::name(tournament.as_str())).await.map_err(Error::from)?;
        let origin = if applied.is_some() { pb::FrameOrigin::Applied } else { pb::FrameOrigin::Derived };
        let frame = frame::applied(applied.as_ref(), &row.name).map_err(Error::from)?;
        let timetable = frame::stored(&mut conn, &row).await?.timetable;
        let frame = Some(completed(frame, &timetable));
        Ok(Response::new(pb::GetTimetableFrameResponse { frame, origin: origin.into() }))
    }
}
