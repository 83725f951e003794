//! What is done to an opening by hand: put into a later phase, cleared.

use matchday_api::visitors::v1 as pb;
use matchday_kernel::{Common, OpeningName};
use matchday_rpc::parse;
use matchday_store::{Record, Tx};

use super::{changed, emit, governor};
use crate::{
    Error,
    domain::{
        capacity::Filling,
        course::{Course, Phase, WrongPhase},
    },
    store::{
        admissions, control,
        openings::{OpeningRow, phase_of},
    },
};

/// A later phase of an opening, read and checked.
pub(super) struct Advance {
    pub(super) name: OpeningName,
    to: Phase,
    etag: String,
}

impl Advance {
    pub(super) fn parse(request: &pb::AdvanceOpeningRequest) -> Result<Self, Error> {
        let phase = parse::one_of::<pb::OpeningPhase>("phase", request.phase)?;
        let is_step = |phase: &Phase| matches!(phase, Phase::Open | Phase::ExitOnly | Phase::FreeEgress);
        let to = phase_of(phase).filter(is_step).ok_or_else(|| {
            Common::field("phase", "is OPEN, EXIT_ONLY or FREE_EGRESS; ClearOpening clears")
        })?;
        let name = parse::text_as("name", &request.name)?;
        Ok(Self { name, to, etag: request.etag.clone() })
    }

    pub(super) async fn carry_out(self, tx: &mut Tx) -> Result<pb::AdvanceOpeningResponse, Error> {
        let now = tx.now();
        let (before, opening) =
            step(tx, &self.name, &self.etag, |course| course.advance(self.to, now)).await?;
        changed(tx, &opening, before);
        Ok(pb::AdvanceOpeningResponse { opening: Some(opening) })
    }
}

/// Clears an opening, and closes every admission that is open.
pub(super) async fn clear(
    tx: &mut Tx,
    name: OpeningName,
    etag: String,
) -> Result<pb::ClearOpeningResponse, Error> {
    let now = tx.now();
    let (_, opening) = step(tx, &name, &etag, |course| course.clear(now)).await?;
    let closed = admissions::clear(tx, name.as_str()).await?;
    if let Some(count) = control::count(tx, name.as_str()).await? {
        let empty = Filling { public: 0, everyone: 0, ..count.filling() };
        governor::fill(tx, name.as_str(), count, empty).await?;
    }
    let closed = i32::try_from(closed).map_err(Common::internal)?;
    emit(tx, &opening.name, &pb::OpeningCleared { opening: Some(opening.clone()), closed });
    Ok(pb::ClearOpeningResponse { opening: Some(opening), closed })
}

/// Takes an opening a step further on its course; returns it as it was and as it is.
async fn step(
    tx: &mut Tx,
    name: &OpeningName,
    etag: &str,
    step: impl FnOnce(Course) -> Result<Course, WrongPhase> + Send,
) -> Result<(pb::Opening, pb::Opening), Error> {
    let now = tx.now();
    let row = OpeningRow::get(tx, name.as_str()).await?;
    row.check_etag(etag)?;
    let mut opening = row.opening()?;
    let refused = |refusal| Error::OpeningPhase { opening: name.to_string(), refusal };
    opening.course = step(opening.course).map_err(refused)?;
    let before = row.to_pb(now)?;
    let after = OpeningRow::of(opening, Some(&row)).save(tx).await?.to_pb(now)?;
    Ok((before, after))
}
