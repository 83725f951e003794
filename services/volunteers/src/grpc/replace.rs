//! Putting somebody else in the place of a volunteer who is missing, and sending one who is there to another post.

use matchday_api::volunteers::v1 as pb;
use matchday_kernel::{AssignmentName, Common, Instant, ShiftName, TournamentName, VolunteerName};
use matchday_rpc::parse;
use matchday_store::{Record, Tx};

use super::fill::{candidates, propose};
use crate::{
    Error,
    domain::{
        assignment::{Assignment, State},
        eligibility::Eligibility,
        refusal::Refusal,
        shift::Shift,
        substitution::{Known, Source, Substitute, substitutes, without},
    },
    roster::Roster,
    store::{
        assignments::{self, AssignmentRow},
        shifts,
        volunteers::VolunteerRow,
    },
};

/// Others who are named beside the substitute.
const MOST_OTHERS: usize = 5;

/// Who is to be replaced, and by whom; read and checked.
pub(crate) struct Replace {
    name: AssignmentName,
    reason: String,
    substitute: Option<VolunteerName>,
    agreed: bool,
    etag: String,
    validate_only: bool,
}

impl Replace {
    pub(crate) fn parse(request: &pb::ReplaceVolunteerRequest) -> Result<Self, Error> {
        let name: AssignmentName = parse::text_as("name", &request.name)?;
        let substitute = match request.substitute.as_str() {
            "" => None,
            text => Some(parse::text_as::<VolunteerName>("substitute", text)?),
        };
        let tournament = name.parent().parent();
        if let Some(other) = substitute.as_ref().filter(|one| one.parent() != tournament) {
            return Err(Common::field("substitute", format!("{other} is not of {tournament}")).into());
        }
        if substitute.as_ref().is_some_and(|one| one.id() == name.id()) {
            return Err(Common::field("substitute", "is the one to be replaced".to_owned()).into());
        }
        if request.agreed && substitute.is_none() {
            let problem = "can be said of somebody who is named as the substitute alone".to_owned();
            return Err(Common::field("agreed", problem).into());
        }
        Ok(Self {
            name,
            reason: parse::required_text("reason", &request.reason)?,
            substitute,
            agreed: request.agreed,
            etag: request.etag.clone(),
            validate_only: request.validate_only,
        })
    }

    /// The best is to take the place, and is asked.
    pub(crate) fn unasked(name: AssignmentName, reason: String) -> Self {
        let (substitute, etag) = (None, String::new());
        Self { name, reason, substitute, agreed: false, etag, validate_only: false }
    }

    pub(crate) fn tournament(&self) -> TournamentName {
        self.name.parent().parent()
    }

    pub(crate) async fn carry_out(self, tx: &mut Tx) -> Result<pb::ReplaceVolunteerResponse, Error> {
        let (now, tournament) = (tx.now(), self.tournament());
        let mut roster = Roster::open(tx, tournament.as_str()).await?;
        let row = AssignmentRow::get(tx, self.name.as_str()).await?;
        row.check_etag(&self.etag)?;
        let shift = roster.shift(tx, &row.shift).await?;
        shift.check_takes_volunteers(now)?;
        let missing = row.assignment()?;
        let held = missing.state.holds_seat();
        let gone = missing.give_up(now, self.reason.clone())?;
        if shift.open_seats() + i32::from(held) <= 0 {
            let (state, next) = ("full", "nobody is missing on it");
            return Err(Refusal::ShiftState { shift: shift.name, state, next }.into());
        }
        let found = found(tx, &roster, &shift, &row).await?;
        let (chosen, others) = self.choose(tx, &roster, &shift, found).await?;
        let is_there = matches!(chosen.source, Source::ReservePresent | Source::OtherPost);
        let has_agreed = self.agreed || is_there || chosen.source == Source::Reserve;
        let seat = Seat { shift: &shift, volunteer: &chosen.volunteer, is_there, has_agreed };
        let (read, taken) = seat.take(tx).await?;
        let (replaced, assignment) = if self.validate_only {
            (
                AssignmentRow::of(gone, &shift.time, Some(&row)),
                AssignmentRow::of(taken, &shift.time, read.as_ref()),
            )
        } else {
            let replaced = if row.state == i32::from(assignments::state_to_pb(gone.state)) {
                row
            } else {
                roster.put(tx, gone, Some(&row)).await?
            };
            if let Some(from) = &chosen.from {
                give_up(tx, &mut roster, from, &chosen.volunteer, &shift.name).await?;
            }
            let assignment = roster.put(tx, taken, read.as_ref()).await?;
            roster.close(tx).await?;
            (replaced, assignment)
        };
        Ok(pb::ReplaceVolunteerResponse {
            replaced: Some(replaced.into()),
            assignment: Some(assignment.into()),
            substitute: Some(told(chosen)),
            others: others.into_iter().take(MOST_OTHERS).map(told).collect(),
        })
    }

    /// The one who takes the place, and the others who could.
    async fn choose(
        &self,
        tx: &mut Tx,
        roster: &Roster,
        shift: &Shift,
        (looked_at, mut found): (usize, Vec<Substitute>),
    ) -> Result<(Substitute, Vec<Substitute>), Error> {
        let Some(wanted) = &self.substitute else {
            if found.first().is_none_or(|best| best.source == Source::OtherPost) {
                let others = found.into_iter().take(MOST_OTHERS).map(|one| one.volunteer).collect();
                return Err(Refusal::NoSubstitute { shift: shift.name.clone(), looked_at, others }.into());
            }
            let best = found.remove(0);
            return Ok((best, found));
        };
        if let Some(place) = found.iter().position(|one| one.volunteer == wanted.as_str()) {
            let named = found.remove(place);
            return Ok((named, found));
        }
        // who has refused the shift before may have been asked again: whoever names the person knows
        let person = VolunteerRow::get(tx, wanted.as_str()).await?.person()?;
        let duties = assignments::duties_of(tx, wanted.as_str()).await?;
        Eligibility::of(shift, roster.limits()).check(&person, &duties)?;
        Ok((Substitute { volunteer: person.name, source: Source::Free, from: None }, found))
    }
}

/// How many volunteers there are, and everybody who could take a seat of a shift but the one who is missing.
async fn found(
    tx: &mut Tx,
    roster: &Roster,
    shift: &Shift,
    missing: &AssignmentRow,
) -> Result<(usize, Vec<Substitute>), Error> {
    let tournament = roster.tournament();
    let rows = assignments::of_tournament(tx, tournament).await?;
    let mut candidates = candidates(tx, tournament, &rows).await?;
    candidates.retain(|one| one.person.name != missing.volunteer);
    let mut known =
        Known { reserves: shifts::reserves(tx, tournament, &shift.time).await?, ..Known::default() };
    for row in rows.iter().filter(|row| row.time_overlaps(&shift.time)) {
        if row.assignment()?.was_refused() {
            known.away.insert(row.volunteer.clone());
        }
    }
    let found = substitutes(shift, &candidates, &known, roster.limits(), tx.now());
    Ok((candidates.len(), found))
}

/// A seat that somebody takes at once.
pub(super) struct Seat<'a> {
    pub(super) shift: &'a Shift,
    pub(super) volunteer: &'a str,
    /// Comes from a shift on which the person is signed in.
    pub(super) is_there: bool,
    pub(super) has_agreed: bool,
}

impl Seat<'_> {
    /// The assignment, with the row it was made from.
    pub(super) async fn take(&self, tx: &mut Tx) -> Result<(Option<AssignmentRow>, Assignment), Error> {
        let proposed = propose(&self.shift.name, self.volunteer)?;
        let read = AssignmentRow::find(tx, proposed.name.as_str()).await?;
        let proposed = match &read {
            Some(row) => row.assignment()?.propose_anew()?,
            None => proposed,
        };
        let mut assignment = proposed.invite(None)?;
        if self.has_agreed {
            assignment = assignment.accept(tx.now())?;
        }
        if self.is_there && self.shift.check_sign_in(tx.now()).is_ok() {
            assignment = assignment.sign_in(tx.now())?;
        }
        Ok((read, assignment))
    }
}

/// Gives up a shift for another one.
async fn give_up(
    tx: &mut Tx,
    roster: &mut Roster,
    from: &str,
    volunteer: &str,
    to: &str,
) -> Result<AssignmentRow, Error> {
    let name = propose(from, volunteer)?.name;
    let row = AssignmentRow::get(tx, name.as_str()).await?;
    let given_up = row.assignment()?.give_up(tx.now(), format!("needed on {to}"))?;
    roster.put(tx, given_up, Some(&row)).await
}

fn told(substitute: Substitute) -> pb::Substitute {
    let source = match substitute.source {
        Source::ReservePresent => pb::SubstituteSource::ReservePresent,
        Source::Reserve => pb::SubstituteSource::Reserve,
        Source::Present => pb::SubstituteSource::Present,
        Source::Free => pb::SubstituteSource::Free,
        Source::OtherPost => pb::SubstituteSource::OtherPost,
    };
    pb::Substitute {
        volunteer: substitute.volunteer,
        source: source.into(),
        from_shift: substitute.from.unwrap_or_default(),
    }
}

/// Who is sent where, read and checked.
pub(crate) struct Redeploy {
    name: AssignmentName,
    to: ShiftName,
    reason: String,
    etag: String,
}

impl Redeploy {
    pub(crate) fn parse(request: &pb::RedeployVolunteerRequest) -> Result<Self, Error> {
        let name: AssignmentName = parse::text_as("name", &request.name)?;
        let to: ShiftName = parse::text_as("to_shift", &request.to_shift)?;
        let from = name.parent();
        if to.parent() != from.parent() {
            return Err(Common::field("to_shift", format!("{to} is not of {}", from.parent())).into());
        }
        if to == from {
            return Err(Common::field("to_shift", "is the shift the volunteer is on".to_owned()).into());
        }
        let reason = parse::required_text("reason", &request.reason)?;
        Ok(Self { name, to, reason, etag: request.etag.clone() })
    }

    pub(crate) fn tournament(&self) -> TournamentName {
        self.to.parent()
    }

    pub(crate) async fn carry_out(self, tx: &mut Tx) -> Result<pb::RedeployVolunteerResponse, Error> {
        let now: Instant = tx.now();
        let mut roster = Roster::open(tx, self.tournament().as_str()).await?;
        let row = AssignmentRow::get(tx, self.name.as_str()).await?;
        row.check_etag(&self.etag)?;
        let left = row.assignment()?.leave(now, self.reason)?;
        let from = roster.shift(tx, &row.shift).await?;
        let to = roster.shift(tx, self.to.as_str()).await?;
        to.check_sign_in(now)?;
        let there = AssignmentRow::find(tx, propose(&to.name, &row.volunteer)?.name.as_str()).await?;
        let is_on_it = there.as_ref().map(AssignmentRow::assignment).transpose()?;
        let is_on_it = is_on_it.filter(|assignment| assignment.state == State::Accepted);
        if is_on_it.is_none() && to.open_seats() == 0 {
            let (state, next) =
                ("full", "send the volunteer where a seat is open, or replace somebody on it");
            return Err(Refusal::ShiftState { shift: to.name, state, next }.into());
        }
        let person = VolunteerRow::get(tx, &row.volunteer).await?.person()?;
        let duties = assignments::duties_of(tx, &row.volunteer).await?;
        let duties = without(&duties, &from.name, now);
        Eligibility::of(&to, roster.limits()).check(&person, &duties)?;
        let (read, taken) = if let Some(assignment) = is_on_it {
            // the person was to come to that shift anyway
            (there, assignment.sign_in(now)?)
        } else {
            let seat = Seat { shift: &to, volunteer: &row.volunteer, is_there: true, has_agreed: true };
            seat.take(tx).await?
        };
        let left = roster.put(tx, left, Some(&row)).await?;
        let assignment = roster.put(tx, taken, read.as_ref()).await?;
        roster.close(tx).await?;
        Ok(pb::RedeployVolunteerResponse { left: Some(left.into()), assignment: Some(assignment.into()) })
    }
}
