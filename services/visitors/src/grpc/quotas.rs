//! Offline quotas: granted, and written off.

use matchday_api::visitors::v1 as pb;
use matchday_kernel::{Common, DeviceName, OpeningName, SignedDuration};
use matchday_rpc::parse;
use matchday_store::{Locks, Record, Tx};

use super::{emit, governor, openings_of, redeem::LAST_SEQUENCE};
use crate::{
    Error,
    domain::{
        capacity::Filling,
        course::{Phase, WrongPhase},
        quota::{Quota, QuotaState, Refusal},
    },
    store::{
        control,
        gates::{DeviceRow, last_sequences},
        offline::{self, QuotaRow},
        openings::OpeningRow,
    },
};

/// Most places of a quota.
const MOST_PLACES: i32 = 10_000;

fn refused(opening: &OpeningName, device: &DeviceName, refusal: Refusal) -> Error {
    Error::Quota { opening: opening.to_string(), device: device.to_string(), refusal }
}

/// The openings, where places are taken from, and the device, whose sequences begin the quota.
fn locks(opening: &OpeningName, device: &DeviceName) -> Locks {
    Locks::of([openings_of(opening.as_str()), device.to_string()])
}

/// A quota to grant, read and checked.
pub(super) struct Grant {
    opening: OpeningName,
    device: DeviceName,
    places: i64,
    lasts: SignedDuration,
    last_sequence: i64,
}

impl Grant {
    pub(super) fn parse(request: &pb::GrantQuotaRequest) -> Result<Self, Error> {
        let places = request.places;
        if !(1..=MOST_PLACES).contains(&places) {
            let problem = format!("is {places}; a quota has 1 to {MOST_PLACES} places");
            return Err(Common::field("places", problem).into());
        }
        let lasts = request.lasts.unwrap_or_default();
        let lasts = SignedDuration::new(lasts.seconds, lasts.nanos);
        if !(SignedDuration::from_mins(1)..=SignedDuration::from_hours(24)).contains(&lasts) {
            return Err(Common::field("lasts", "is a minute to a day").into());
        }
        if !(0..=LAST_SEQUENCE).contains(&request.last_sequence) {
            return Err(Common::field("last_sequence", format!("lies between 0 and {LAST_SEQUENCE}")).into());
        }
        Ok(Self {
            opening: parse::text_as("opening", &request.opening)?,
            device: parse::text_as("device", &request.device)?,
            places: places.into(),
            lasts,
            last_sequence: request.last_sequence,
        })
    }

    pub(super) fn locks(&self) -> Locks {
        locks(&self.opening, &self.device)
    }

    pub(super) async fn carry_out(self, tx: &mut Tx) -> Result<pb::GrantQuotaResponse, Error> {
        self.check(tx).await?;
        let (opening, device) = (self.opening.as_str(), self.device.as_str());
        let count = control::count_from_now_on(tx, opening).await?;
        let open = offline::open_quota(tx, device).await?.map(|row| row.quota());
        let granted = Quota::grant(open, self.places, count.filling());
        let (quota, filling) = granted.map_err(|refusal| refused(&self.opening, &self.device, refusal))?;
        let before = offline::last_quota(tx, opening, device).await?;
        let kept = last_sequences(tx, device, device).await?.get(device).copied().unwrap_or_default();
        // what the device did before it has not all been told: none of that is of this quota
        let last = kept.max(self.last_sequence);
        let now = tx.now().as_micros();
        let row = QuotaRow {
            opening: opening.to_owned(),
            device: device.to_owned(),
            number: before.map_or(0, |row| row.number) + 1,
            places: quota.places,
            filled: 0,
            state: 0,
            granted: now,
            // a day at most
            lasts: i64::try_from(self.lasts.as_micros()).map_err(Common::internal)?,
            first_sequence: last + 1,
            closed: None,
            reason: String::new(),
        };
        let row = row.with(quota, now);
        offline::save_quota(tx, &row).await?;
        governor::fill(tx, opening, count, filling).await?;
        let quota = Some(pb::Quota::from(row));
        emit(tx, opening, &pb::QuotaGranted { quota: quota.clone() });
        Ok(pb::GrantQuotaResponse { quota })
    }

    /// Checks that the device lets people in for the opening, now or soon.
    async fn check(&self, tx: &mut Tx) -> Result<(), Error> {
        let opening = OpeningRow::get(tx, self.opening.as_str()).await?.opening()?;
        let phase = opening.course.phase(tx.now());
        if !matches!(phase, Phase::Planned | Phase::Open) {
            let next = "nobody is let in any more, and there is nothing to grant";
            let refusal = WrongPhase { phase, next };
            return Err(Error::OpeningPhase { opening: self.opening.to_string(), refusal });
        }
        let row = DeviceRow::get(tx, self.device.as_str()).await?;
        if row.state != i32::from(pb::DeviceState::Active) {
            return Err(Common::field("device", format!("{} was revoked", self.device)).into());
        }
        if !opening.is_gate(&row.gate) {
            let problem = format!("{} is at a gate that does not open for {}", self.device, self.opening);
            return Err(Common::field("device", problem).into());
        }
        Ok(())
    }
}

/// A quota to write off, read and checked.
pub(super) struct WriteOff {
    opening: OpeningName,
    device: DeviceName,
    reason: String,
}

impl WriteOff {
    pub(super) fn parse(request: &pb::WriteOffQuotaRequest) -> Result<Self, Error> {
        Ok(Self {
            opening: parse::text_as("opening", &request.opening)?,
            device: parse::text_as("device", &request.device)?,
            reason: parse::required_text("reason", &request.reason)?,
        })
    }

    pub(super) fn locks(&self) -> Locks {
        locks(&self.opening, &self.device)
    }

    pub(super) async fn carry_out(self, tx: &mut Tx) -> Result<pb::WriteOffQuotaResponse, Error> {
        let (opening, device) = (self.opening.as_str(), self.device.as_str());
        let row = offline::last_quota(tx, opening, device).await?;
        let row = row.filter(|row| row.quota().state == QuotaState::Open);
        let row = row.ok_or_else(|| refused(&self.opening, &self.device, Refusal::NoneOpen))?;
        let row = QuotaRow { reason: self.reason, ..close(tx, row, QuotaState::WrittenOff).await? };
        offline::save_quota(tx, &row).await?;
        Ok(pb::WriteOffQuotaResponse { quota: Some(closed(tx, row)) })
    }
}

/// Closes a quota and frees its places; the row is still to be saved.
async fn close(tx: &mut Tx, row: QuotaRow, state: QuotaState) -> Result<QuotaRow, Error> {
    let count = control::count_from_now_on(tx, &row.opening).await?;
    let filling = count.filling();
    let filling = Filling { held: filling.held - row.quota().held(), ..filling };
    governor::fill(tx, &row.opening, count, filling).await?;
    let (quota, now) = (row.quota().close(state), tx.now().as_micros());
    Ok(row.with(quota, now))
}

/// Settles a quota whose device has told everything.
pub(super) async fn settle(tx: &mut Tx, row: QuotaRow) -> Result<QuotaRow, Error> {
    let row = close(tx, row, QuotaState::Settled).await?;
    offline::save_quota(tx, &row).await?;
    closed(tx, row.clone());
    Ok(row)
}

/// Tells that a quota was closed.
fn closed(tx: &mut Tx, row: QuotaRow) -> pb::Quota {
    let quota = pb::Quota::from(row);
    emit(tx, &quota.opening, &pb::QuotaClosed { quota: Some(quota.clone()) });
    quota
}
