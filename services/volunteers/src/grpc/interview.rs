//! Interview slots: made, booked, given back. A place is taken once.

use matchday_api::volunteers::v1 as pb;
use matchday_kernel::{ApplicationName, Common, InterviewSlotName, TournamentName};
use matchday_rpc::parse;
use matchday_store::{Record, Tx};

use crate::{
    Error,
    domain::application::{Refusal, State},
    roster::emit,
    store::{
        applications::ApplicationRow,
        interviews::{self, SlotRow},
        limits::zone,
    },
};

/// Most places of a slot.
const MOST_PLACES: i32 = 1_000;
/// Slots with room that are named to somebody who finds one full.
const ALTERNATIVES: i64 = 5;

/// A new slot, read and checked.
pub(crate) struct NewSlot {
    tournament: TournamentName,
    row: SlotRow,
}

impl NewSlot {
    pub(crate) fn parse(request: &pb::CreateInterviewSlotRequest) -> Result<Self, Error> {
        let tournament: TournamentName = parse::text_as("parent", &request.parent)?;
        let slot = parse::required("slot", request.slot.clone())?;
        let name: InterviewSlotName = parse::text_as("slot.name", &slot.name)?;
        if name.parent() != tournament {
            return Err(Common::field("slot.name", format!("{name} is not of {tournament}")).into());
        }
        let time = parse::interval("slot.", slot.start_time, slot.end_time)?;
        if !(1..=MOST_PLACES).contains(&slot.capacity) {
            return Err(
                Common::field("slot.capacity", format!("must lie between 1 and {MOST_PLACES}")).into()
            );
        }
        let row = SlotRow {
            name: name.into(),
            starts: time.start().as_micros(),
            ends: time.end().as_micros(),
            place: parse::optional_text("slot.place", &slot.place)?,
            capacity: slot.capacity,
            ..SlotRow::default()
        };
        Ok(Self { tournament, row })
    }

    pub(crate) fn tournament(&self) -> &TournamentName {
        &self.tournament
    }

    pub(crate) async fn carry_out(self, tx: &mut Tx) -> Result<pb::CreateInterviewSlotResponse, Error> {
        let row = self.row.create(tx).await?;
        Ok(pb::CreateInterviewSlotResponse { slot: Some(told(tx, row)) })
    }
}

/// Says that a slot has changed.
fn told(tx: &mut Tx, row: SlotRow) -> pb::InterviewSlot {
    let slot: pb::InterviewSlot = row.into();
    let tournament = slot.name.split("/interview-slots/").next().unwrap_or_default().to_owned();
    emit(tx, &tournament, &slot.name, &pb::InterviewSlotChanged { slot: Some(slot.clone()) });
    slot
}

/// A place in a slot that is taken, or given back, read and checked.
pub(crate) struct Booking {
    name: ApplicationName,
    slot: Option<InterviewSlotName>,
}

impl Booking {
    /// Reads that an applicant takes a place.
    pub(crate) fn take(name: &str, slot: &str) -> Result<Self, Error> {
        let name: ApplicationName = parse::text_as("name", name)?;
        let slot: InterviewSlotName = parse::text_as("slot", slot)?;
        if slot.parent() != name.parent() {
            return Err(Common::field("slot", format!("{slot} is not of {}", name.parent())).into());
        }
        Ok(Self { name, slot: Some(slot) })
    }

    /// Reads that an applicant gives the place back.
    pub(crate) fn give_back(name: &str) -> Result<Self, Error> {
        Ok(Self { name: parse::text_as("name", name)?, slot: None })
    }

    pub(crate) fn tournament(&self) -> TournamentName {
        self.name.parent()
    }

    pub(crate) async fn carry_out(self, tx: &mut Tx) -> Result<pb::Application, Error> {
        let mut row = ApplicationRow::get(tx, self.name.as_str()).await?;
        let state = row.at()?;
        if state != State::Screened {
            return Err(Refusal::State { refused: vec![(row.name, state)] }.into());
        }
        let tournament = self.name.parent();
        let zone = zone(tx, tournament.as_str()).await?;
        let wanted = self.slot.map(String::from).unwrap_or_default();
        if row.slot == wanted {
            return Ok(row.told(tx.now(), &zone)?);
        }
        if !wanted.is_empty() {
            let slot = SlotRow::get(tx, &wanted).await?;
            check(tx, tournament.as_str(), &slot).await?;
            let slot = SlotRow { booked: slot.booked + 1, ..slot }.save(tx).await?;
            told(tx, slot);
        }
        give_back(tx, &mut row).await?;
        if wanted.is_empty() && !row.slot.is_empty() {
            return Err(Refusal::SlotPast { slot: row.slot }.into());
        }
        row.slot = wanted;
        let row = row.save(tx).await?;
        let application = row.told(tx.now(), &zone)?;
        let event = pb::ApplicationChanged { application: Some(application.clone()) };
        emit(tx, tournament.as_str(), &row.name, &event);
        Ok(application)
    }
}

/// Refuses a slot without room, or that has begun.
async fn check(tx: &mut Tx, tournament: &str, slot: &SlotRow) -> Result<(), Error> {
    let now = tx.now();
    if slot.starts <= now.as_micros() {
        return Err(Refusal::SlotPast { slot: slot.name.clone() }.into());
    }
    if slot.booked >= slot.capacity {
        let alternatives = interviews::with_room(tx, tournament, now, ALTERNATIVES).await?;
        return Err(
            Refusal::SlotFull { slot: slot.name.clone(), capacity: slot.capacity, alternatives }.into()
        );
    }
    Ok(())
}

/// Gives the place back that an application holds in a slot that is still to come. What has begun stays recorded.
pub(super) async fn give_back(tx: &mut Tx, row: &mut ApplicationRow) -> Result<(), Error> {
    if row.slot.is_empty() {
        return Ok(());
    }
    let slot = SlotRow::get(tx, &row.slot).await?;
    if slot.starts > tx.now().as_micros() {
        let slot = SlotRow { booked: slot.booked - 1, ..slot }.save(tx).await?;
        told(tx, slot);
        row.slot.clear();
    }
    Ok(())
}
