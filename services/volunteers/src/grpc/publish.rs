//! Putting a draft of a roster in force: all of its seats are proposed, or none.

use std::collections::BTreeMap;

use matchday_api::volunteers::v1 as pb;
use matchday_kernel::{Common, RosterName, TournamentName};
use matchday_rpc::parse;
use matchday_store::{Record, Tx};

use super::fill::propose;
use crate::{
    Error,
    domain::{assignment::Assignment, person::Person, seating::Seating},
    roster::{Roster, emit},
    store::{
        assignments::{self, AssignmentRow},
        rosters::RosterRow,
        shifts, volunteers,
    },
};

/// A draft to publish, read and checked.
pub(crate) struct Publish {
    name: RosterName,
    etag: String,
    validate_only: bool,
}

impl Publish {
    pub(crate) fn parse(request: &pb::PublishRosterRequest) -> Result<Self, Error> {
        let pb::PublishRosterRequest { name, etag, validate_only, .. } = request;
        let name = parse::text_as("name", name)?;
        Ok(Self { name, etag: etag.clone(), validate_only: *validate_only })
    }

    pub(crate) fn tournament(&self) -> TournamentName {
        self.name.parent()
    }

    pub(crate) async fn carry_out(self, tx: &mut Tx) -> Result<pb::PublishRosterResponse, Error> {
        let tournament = self.tournament();
        let row = RosterRow::get(tx, self.name.as_str()).await?;
        row.check_etag(&self.etag)?;
        if !row.is_draft() {
            return Err(Error::RosterState { roster: row.name });
        }
        let pb::Roster { seats, released, .. } = row.roster()?;
        let mut roster = Roster::open(tx, tournament.as_str()).await?;
        let shifts_of_released = released.iter().map(|seat| seat.shift.as_str());
        let names: Vec<&str> =
            seats.iter().map(|seat| seat.shift.as_str()).chain(shifts_of_released).collect();
        for shift in shifts::named(tx, &names).await? {
            roster.know(shift);
        }
        let rows = assignments::of_tournament(tx, tournament.as_str()).await?;
        let read: BTreeMap<(&str, &str), &AssignmentRow> =
            rows.iter().map(|row| ((row.shift.as_str(), row.volunteer.as_str()), row)).collect();
        let names: Vec<&str> = seats.iter().map(|seat| seat.volunteer.as_str()).collect();
        let people = volunteers::people_named(tx, &names).await?;
        let people: BTreeMap<&str, &Person> =
            people.iter().map(|person| (person.name.as_str(), person)).collect();
        let duties = assignments::duties(tx, &people.keys().copied().collect::<Vec<_>>()).await?;

        let (limits, phases) = (roster.limits().clone(), roster.phases().clone());
        let mut seating = Seating::new(&limits, &phases, tx.now(), duties);
        let mut seated: Vec<(Assignment, Option<&AssignmentRow>)> = Vec::with_capacity(seats.len());
        for pb::ReleasedSeat { shift, volunteer, .. } in &released {
            let former = read.get(&(shift.as_str(), volunteer.as_str())).copied();
            let held = former.map(AssignmentRow::assignment).transpose()?;
            seating.release(&roster.shift(tx, shift).await?, volunteer, held.as_ref());
            // what stands in the way, the seating tells
            let called_off =
                held.and_then(|held| held.call_off(format!("moved by {}", row.name), tx.change()).ok());
            seated.extend(called_off.map(|called_off| (called_off, former)));
        }
        for pb::RosterSeat { shift, volunteer } in &seats {
            let person = people.get(volunteer.as_str()).ok_or_else(|| Common::not_found(volunteer))?;
            let former = read.get(&(shift.as_str(), volunteer.as_str())).copied();
            let was = former.map(AssignmentRow::assignment).transpose()?;
            seating.seat(&roster.shift(tx, shift).await?, person, was.as_ref());
            // what stands in the way of proposing it anew, the seating tells with all the others
            match was.map(Assignment::propose_anew) {
                None => seated.push((propose(shift, volunteer)?, None)),
                Some(anew) => seated.extend(anew.ok().map(|anew| (anew, former))),
            }
        }
        let refused = seating.refused();
        if !refused.is_empty() {
            return Err(Error::RosterOutdated { roster: row.name, refused });
        }
        if self.validate_only {
            return Ok(pb::PublishRosterResponse { roster: Some(row.roster()?) });
        }
        let row = RosterRow { state: pb::RosterState::Published.into(), ..row };
        for (assignment, former) in seated {
            roster.put(tx, assignment, former).await?;
        }
        roster.close(tx).await?;
        let row = row.save(tx).await?;
        let count = |seats: usize| i32::try_from(seats).unwrap_or(i32::MAX);
        let event = pb::RosterPublished {
            roster: row.name.clone(),
            seats: count(seats.len()),
            released: count(released.len()),
        };
        emit(tx, tournament.as_str(), &row.name, &event);
        Ok(pb::PublishRosterResponse { roster: Some(row.roster()?) })
    }
}
