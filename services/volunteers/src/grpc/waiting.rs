//! 候补: who waits for a seat of a full shift, and is invited when one opens; and invitations that lapse.

use std::collections::BTreeSet;

use matchday_api::volunteers::v1 as pb;
use matchday_kernel::{Common, Instant, ShiftName, SignedDuration, TournamentName, VolunteerName};
use matchday_rpc::parse;
use matchday_store::{Record, Tx};

use super::fill::propose;
use crate::{
    Error,
    domain::{eligibility::Eligibility, refusal::Refusal, shift::Shift},
    roster::{Roster, emit},
    store::{
        assignments::{self, AssignmentRow},
        volunteers::VolunteerRow,
        waitlist,
    },
};

/// People who wait for one shift at most.
pub(super) const MOST_WAITING: i64 = 500;
/// Invitations that lapse in one call at most: other writes wait meanwhile.
const MOST_LAPSED: i64 = 1_000;
/// How long somebody who waited has to answer, where the shift does not begin before. Assumed.
const TIME_TO_ANSWER: SignedDuration = SignedDuration::from_hours(12);

/// Somebody who is to wait, read and checked.
pub(crate) struct Join {
    shift: ShiftName,
    volunteer: VolunteerName,
}

impl Join {
    pub(crate) fn parse(shift: &str, volunteer: &str) -> Result<Self, Error> {
        let shift: ShiftName = parse::text_as("shift", shift)?;
        let volunteer: VolunteerName = parse::text_as("volunteer", volunteer)?;
        if volunteer.parent() != shift.parent() {
            let problem = format!("{volunteer} is not of {}", shift.parent());
            return Err(Common::field("volunteer", problem).into());
        }
        Ok(Self { shift, volunteer })
    }

    pub(crate) fn tournament(&self) -> TournamentName {
        self.shift.parent()
    }

    pub(crate) async fn carry_out(self, tx: &mut Tx) -> Result<pb::JoinWaitlistResponse, Error> {
        let tournament = self.tournament();
        let mut roster = Roster::open(tx, tournament.as_str()).await?;
        let shift = roster.shift(tx, self.shift.as_str()).await?;
        shift.check_takes_volunteers(tx.now())?;
        if shift.open_seats() > 0 {
            let (state, next) = ("not full", "a seat is open, and nobody has to wait for one");
            return Err(Refusal::ShiftState { shift: shift.name, state, next }.into());
        }
        let volunteer = self.volunteer.as_str();
        let person = VolunteerRow::get(tx, volunteer).await?.person()?;
        let duties = assignments::duties_of(tx, volunteer).await?;
        if duties.iter().any(|duty| duty.shift == shift.name) {
            let (state, next) = ("held by the volunteer", "there is nothing to wait for");
            return Err(Refusal::ShiftState { shift: shift.name, state, next }.into());
        }
        Eligibility::of(&shift, roster.limits()).check(&person, &duties)?;
        let waiting = waitlist::waiting(tx, &shift.name, MOST_WAITING).await?;
        let known = waiting.iter().position(|(name, _)| name == volunteer);
        let place = known.unwrap_or(waiting.len());
        if known.is_none() {
            if i64::try_from(place).unwrap_or(i64::MAX) >= MOST_WAITING {
                let (state, next) = ("waited for by as many as can wait", "choose another shift");
                return Err(Refusal::ShiftState { shift: shift.name, state, next }.into());
            }
            waitlist::join(tx, &shift.name, volunteer).await?;
            tell(tx, tournament.as_str(), &shift.name, volunteer, true);
        }
        Ok(pb::JoinWaitlistResponse { place: i32::try_from(place + 1).unwrap_or(i32::MAX) })
    }

    /// Takes the volunteer off the list instead.
    pub(crate) async fn leave(self, tx: &mut Tx) -> Result<pb::LeaveWaitlistResponse, Error> {
        if !waitlist::leave(tx, self.shift.as_str(), self.volunteer.as_str()).await? {
            let name = format!("a place of {} on the waiting list of {}", self.volunteer, self.shift);
            return Err(Common::not_found(name).into());
        }
        let tournament = self.tournament();
        tell(tx, tournament.as_str(), self.shift.as_str(), self.volunteer.as_str(), false);
        Ok(pb::LeaveWaitlistResponse {})
    }
}

fn tell(tx: &mut Tx, tournament: &str, shift: &str, volunteer: &str, waiting: bool) {
    let event = pb::WaitlistChanged { shift: shift.to_owned(), volunteer: volunteer.to_owned(), waiting };
    emit(tx, tournament, shift, &event);
}

/// Invites those who wait for seats of shifts that have opened, as many as there are; who cannot take one now keeps
/// the place. What opened them was written before.
pub(crate) async fn refill(
    tx: &mut Tx,
    tournament: &str,
    shifts: BTreeSet<String>,
) -> Result<Vec<pb::Assignment>, Error> {
    let mut invited = Vec::new();
    for name in shifts {
        for (volunteer, _) in waitlist::waiting(tx, &name, MOST_WAITING).await? {
            // each is written before the next one is looked at: somebody may wait for several
            let mut roster = Roster::open(tx, tournament).await?;
            let shift = roster.shift(tx, &name).await?;
            if shift.open_seats() == 0 || shift.check_takes_volunteers(tx.now()).is_err() {
                break;
            }
            let person = VolunteerRow::get(tx, &volunteer).await?.person()?;
            let duties = assignments::duties_of(tx, &volunteer).await?;
            if duties.iter().any(|duty| duty.shift == name) {
                // has got a seat in another way
                waitlist::leave(tx, &name, &volunteer).await?;
                continue;
            }
            if Eligibility::of(&shift, roster.limits()).bar(&person, &duties).is_some() {
                continue;
            }
            let proposed = propose(&name, &volunteer)?;
            let read = AssignmentRow::find(tx, proposed.name.as_str()).await?;
            let proposed = match &read {
                Some(row) => row.assignment()?.propose_anew()?,
                None => proposed,
            };
            let answer_by = answer_by(&shift, tx.now());
            let row = roster.put(tx, proposed.invite(answer_by)?, read.as_ref()).await?;
            roster.close(tx).await?;
            waitlist::leave(tx, &name, &volunteer).await?;
            tell(tx, tournament, &name, &volunteer, false);
            invited.push(row.into());
        }
    }
    Ok(invited)
}

/// Until when somebody who waited answers: no later than the shift begins; once it has, at any time.
fn answer_by(shift: &Shift, now: Instant) -> Option<Instant> {
    let start = shift.time.start();
    (start > now).then(|| start.min(now.saturating_add(TIME_TO_ANSWER)))
}

/// Declines the invitations of a tournament whose deadline has passed.
pub(crate) async fn lapse(
    tx: &mut Tx,
    tournament: TournamentName,
) -> Result<pb::LapseInvitationsResponse, Error> {
    let mut roster = Roster::open(tx, tournament.as_str()).await?;
    let (mut lapsed, mut opened, now) = (Vec::new(), BTreeSet::new(), tx.now());
    for row in assignments::overdue(tx, tournament.as_str(), now, MOST_LAPSED).await? {
        let declined = row.assignment()?.decline("no answer until the deadline".to_owned())?;
        lapsed.push(roster.put(tx, declined, Some(&row)).await?.into());
        opened.insert(row.shift);
    }
    roster.close(tx).await?;
    let invited = refill(tx, tournament.as_str(), opened).await?;
    Ok(pb::LapseInvitationsResponse { lapsed, invited })
}
