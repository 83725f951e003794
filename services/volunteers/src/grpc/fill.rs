//! Filling the open seats of shifts.

use std::collections::{BTreeMap, BTreeSet};

use matchday_api::volunteers::v1 as pb;
use matchday_kernel::{Common, Instant, TournamentName, VolunteerName};
use matchday_rpc::parse;
use matchday_store::{Conn, Tx};

use crate::{
    Error,
    domain::{
        assignment::{Assignment, State},
        filling::{Candidate, Filled, Open, fill},
        shift::Shift,
    },
    roster::Roster,
    store::{
        assignments::{self, AssignmentRow},
        shifts, volunteers,
    },
};

/// Most assignments proposed at once: other writes wait meanwhile.
const MOST_PROPOSED: usize = 10_000;

/// Most pairs of an open shift and a volunteer that are looked at in one call, for the same reason.
const MOST_PAIRS: usize = 20_000_000;

/// Most shifts told of that stay open: the reply is to fit a message.
const MOST_TOLD: usize = 5_000;

/// Which shifts to fill, read and checked.
pub(crate) struct Fill {
    tournament: TournamentName,
    from: Option<Instant>,
    until: Option<Instant>,
    validate_only: bool,
}

impl Fill {
    pub(crate) fn parse(request: &pb::FillShiftsRequest) -> Result<Self, Error> {
        Ok(Self {
            tournament: parse::text_as("parent", &request.parent)?,
            from: parse::instant("from", request.from)?,
            until: parse::instant("until", request.until)?,
            validate_only: request.validate_only,
        })
    }

    pub(crate) fn tournament(&self) -> &TournamentName {
        &self.tournament
    }

    pub(crate) async fn carry_out(self, tx: &mut Tx) -> Result<pb::FillShiftsResponse, Error> {
        let tournament = self.tournament.as_str();
        let mut roster = Roster::open(tx, tournament).await?;
        let after = self.from.map_or(tx.now(), |from| from.max(tx.now()));
        let mut open = Vec::new();
        for row in shifts::open(tx, tournament, after, self.until, i64::MAX).await? {
            let shift = row.shift()?;
            if roster.check_plan(&shift).is_ok() {
                open.push(shift);
                roster.know(row);
            }
        }
        let rows = assignments::of_tournament(tx, tournament).await?;
        let mut candidates = candidates(tx, tournament, &rows).await?;
        check_pairs(open.len(), candidates.len())?;
        keep_away(&mut candidates, &rows, &open.iter())?;
        let Filled { proposals, open } = fill(open, candidates, roster.limits(), MOST_PROPOSED);
        let proposed = i32::try_from(proposals.len()).unwrap_or(i32::MAX);
        if !self.validate_only {
            let mut read: BTreeMap<(&str, &str), &AssignmentRow> =
                rows.iter().map(|row| ((row.shift.as_str(), row.volunteer.as_str()), row)).collect();
            for (shift, volunteer) in &proposals {
                let read = read.remove(&(shift.as_str(), volunteer.as_str()));
                let assignment = match read {
                    Some(row) => row.assignment()?.propose_anew()?,
                    None => propose(shift, volunteer)?,
                };
                roster.put(tx, assignment, read).await?;
            }
            roster.close(tx).await?;
        }
        Ok(pb::FillShiftsResponse {
            proposed,
            open: open.into_iter().take(MOST_TOLD).map(open_to_pb).collect(),
        })
    }
}

/// Refuses more than can be looked at in one call.
fn check_pairs(shifts: usize, volunteers: usize) -> Result<(), Error> {
    if shifts.saturating_mul(volunteers) <= MOST_PAIRS {
        return Ok(());
    }
    let problem = format!(
        "leaves {shifts} open shifts for {volunteers} volunteers, which is too much for one call: fill a shorter time"
    );
    Err(Common::field("until", problem).into())
}

/// A seat of a shift proposed to somebody who was not on it before.
pub(crate) fn propose(shift: &str, volunteer: &str) -> Result<Assignment, Error> {
    let volunteer: VolunteerName = parse::text_as("volunteer", volunteer)?;
    let name = parse::text_as("name", &format!("{shift}/assignments/{}", volunteer.id()))?;
    Ok(Assignment::propose(name, volunteer))
}

/// Every volunteer of a tournament with the work so far. Who declined a shift, did not come to it, left it or was taken from
/// it by somebody is not proposed for it again; whom the schedule took is.
pub(crate) async fn candidates(
    conn: &mut Conn,
    tournament: &str,
    rows: &[AssignmentRow],
) -> Result<Vec<Candidate>, Error> {
    let people = volunteers::people(conn, tournament).await?;
    let blank = |person| Candidate { person, duties: Vec::new(), refused: BTreeSet::new() };
    let mut candidates: Vec<Candidate> = people.into_iter().map(blank).collect();
    for row in rows {
        let Ok(index) = candidates.binary_search_by(|one| one.person.name.as_str().cmp(&row.volunteer))
        else {
            continue;
        };
        let assignment = row.assignment()?;
        let duty = row.duty()?;
        if assignment.was_refused() || (duty.is_none() && assignment.state.holds_seat()) {
            candidates[index].refused.insert(row.shift.clone());
        }
        candidates[index].duties.extend(duty);
    }
    Ok(candidates)
}

/// Keeps those who did not come, or have left, from other shifts at the same time: unwell at one post, nobody is called
/// to another.
pub(crate) fn keep_away<'a>(
    candidates: &mut [Candidate],
    rows: &[AssignmentRow],
    shifts: &(impl Iterator<Item = &'a Shift> + Clone),
) -> Result<(), Error> {
    for row in rows {
        if !matches!(row.assignment()?.state, State::NoShow | State::Left) {
            continue;
        }
        let found = candidates.binary_search_by(|one| one.person.name.as_str().cmp(&row.volunteer));
        let Ok(index) = found else { continue };
        let at_the_time = shifts.clone().filter(|shift| row.time_overlaps(&shift.time));
        candidates[index].refused.extend(at_the_time.map(|shift| shift.name.clone()));
    }
    Ok(())
}

fn open_to_pb(open: Open) -> pb::OpenShift {
    let blocked = |(reason, volunteers): (&str, i32)| pb::Blocked { reason: reason.to_owned(), volunteers };
    pb::OpenShift {
        shift: open.shift,
        seats: open.seats,
        blocked: open.blocked.into_iter().map(blocked).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_that_would_hold_up_the_others_is_refused() {
        assert!(check_pairs(600, 10_000).is_ok());
        assert!(check_pairs(0, 250_000).is_ok());
        let refused = check_pairs(5_000, 250_000).unwrap_err().to_string();
        assert!(refused.contains("until: leaves 5000 open shifts for 250000 volunteers"), "{refused}");
    }
}
