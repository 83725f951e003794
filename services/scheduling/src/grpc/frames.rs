//! `FrameService`: what timetables are made within.

use matchday_api::scheduling::v1::{self as pb, frame_service_server::FrameService};
use matchday_kernel::{ActivityName, Common, TournamentName};
use matchday_rpc::parse::{self, to_timestamp};
use matchday_store::{Locks, Record, Tx};
use matchday_timetable::{
    model::{Minute, Severity},
    suggest::{Effect, Suggestion, suggest},
};
use prost::Message;
use tonic::{Request, Response, Status};

use super::{emit, frame_value};
use crate::{
    Error, Scheduling,
    domain::{frame::completed, instance::Stated},
    frame,
    store::{
        activities::ActivityRow,
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

    async fn suggest_places(
        &self,
        request: Request<pb::SuggestPlacesRequest>,
    ) -> Result<Response<pb::SuggestPlacesResponse>, Status> {
        let name: ActivityName = parse::text_as("name", &request.get_ref().name).map_err(Error::from)?;
        let most = usize::try_from(request.get_ref().most).ok().filter(|most| *most > 0);
        self.desk.get::<ActivityName, ActivityRow>(name.as_str()).await?;
        let basis = frame::read(&self.desk, &self.inquiry, name.parent().as_str()).await?;
        // many places take their time: other calls go on meanwhile
        let suggested = tokio::task::spawn_blocking(move || places(&basis, name.as_str())).await;
        let mut suggestions = suggested.map_err(|error| Error::from(Common::internal(error)))??;
        suggestions.truncate(most.unwrap_or(usize::MAX));
        Ok(Response::new(pb::SuggestPlacesResponse { suggestions }))
    }
}

/// The places where a match could go.
fn places(basis: &frame::Basis, activity: &str) -> Result<Vec<pb::PlaceSuggestion>, Error> {
    let stated = basis.state()?;
    let Some(index) =
        (0..stated.instance.matches.len()).find(|index| stated.activity(*index) == Some(activity))
    else {
        return Err(Common::field("name", format!("{activity} is no match that takes place")).into());
    };
    let present = stated.calendar.minute(basis.material.now);
    let now = if present < stated.calendar.end() { present } else { Minute::MIN };
    let suggestions = suggest(&stated.instance, &stated.timetable, now, index);
    Ok(suggestions.into_iter().map(|suggestion| place(&stated, suggestion)).collect())
}

fn place(stated: &Stated, suggestion: Suggestion) -> pb::PlaceSuggestion {
    pb::PlaceSuggestion {
        zone: stated.zones.get(suggestion.place.pitch).cloned().unwrap_or_default(),
        start_time: Some(to_timestamp(stated.calendar.moment(suggestion.place.start))),
        stands: suggestion.stands,
        hard_violations: suggestion.hard,
        cost: suggestion.cost,
        effects: suggestion.effects.into_iter().map(effect).collect(),
    }
}

fn effect(effect: Effect) -> pb::PlaceEffect {
    let severity = match effect.severity {
        Severity::Hard => pb::RuleSeverity::Hard,
        Severity::Soft { .. } => pb::RuleSeverity::Soft,
        Severity::Off => pb::RuleSeverity::Off,
    };
    pb::PlaceEffect {
        rule: effect.rule,
        severity: severity.into(),
        units: effect.units,
        sentence: effect.sentence,
    }
}
