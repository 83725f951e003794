//! Assigning a volunteer to a shift.

use matchday_api::volunteers::v1 as pb;
use matchday_kernel::{AssignmentName, Common, ShiftName, TournamentName, VolunteerName};
use matchday_rpc::parse;
use matchday_store::{Record, Tx};

use crate::{
    Error,
    domain::{
        assignment::Assignment,
        duty::Duty,
        eligibility::Eligibility,
        refusal::{Alternative, Refusal},
        shift::Shift,
    },
    roster::Roster,
    store::{
        assignments::{self, AssignmentRow},
        shifts,
        volunteers::VolunteerRow,
    },
};

/// Shifts named to somebody who finds a shift full.
const ALTERNATIVES: usize = 5;
/// Shifts with open seats that are looked at for them, by start.
const LOOKED_AT: i64 = 200;

/// A volunteer for a shift, read and checked.
pub(crate) struct Assign {
    shift: ShiftName,
    volunteer: VolunteerName,
    validate_only: bool,
    /// Whether the volunteers take it themselves, and agree by that.
    by_self: bool,
}

impl Assign {
    pub(crate) fn parse(request: &pb::AssignVolunteerRequest) -> Result<Self, Error> {
        let volunteer: VolunteerName = parse::text_as("volunteer", &request.volunteer)?;
        Self::of(&request.shift, volunteer, request.validate_only, false)
    }

    /// Reads that a volunteer takes a shift.
    pub(crate) fn by_self(shift: &str, volunteer: VolunteerName, validate_only: bool) -> Result<Self, Error> {
        Self::of(shift, volunteer, validate_only, true)
    }

    fn of(shift: &str, volunteer: VolunteerName, validate_only: bool, by_self: bool) -> Result<Self, Error> {
        let shift: ShiftName = parse::text_as("shift", shift)?;
        if volunteer.parent() != shift.parent() {
            return Err(
                Common::field("volunteer", format!("{volunteer} is not of {}", shift.parent())).into()
            );
        }
        Ok(Self { shift, volunteer, validate_only, by_self })
    }

    pub(crate) fn tournament(&self) -> TournamentName {
        self.shift.parent()
    }

    pub(crate) async fn carry_out(self, tx: &mut Tx) -> Result<pb::AssignVolunteerResponse, Error> {
        let tournament = self.tournament();
        let mut roster = Roster::open(tx, tournament.as_str()).await?;
        let shift = roster.shift(tx, self.shift.as_str()).await?;
        let person = VolunteerRow::get(tx, self.volunteer.as_str()).await?.person()?;
        shift.check_takes_volunteers(tx.now())?;
        check_phase(&roster, &shift, self.by_self)?;
        if self.by_self {
            shift.check_to_come(tx.now())?;
        }
        let id = self.volunteer.id().parse().map_err(Common::internal)?;
        let name = AssignmentName::new(&self.shift, id);
        let read = AssignmentRow::find(tx, name.as_str()).await?;
        let assignment = match &read {
            Some(row) if self.by_self && row.assignment()?.is_for_others_to_give() => {
                let state = row.assignment()?.state;
                return Err(Refusal::TakenAway { shift: shift.name, state }.into());
            }
            Some(row) => row.assignment()?.propose_anew()?,
            None => Assignment::propose(name, self.volunteer),
        };
        let duties = assignments::duties_of(tx, &person.name).await?;
        if shift.open_seats() == 0 {
            let may_take = |shift: &Shift| {
                check_phase(&roster, shift, self.by_self).is_ok()
                    && Eligibility::of(shift, roster.limits()).bar(&person, &duties).is_none()
            };
            let alternatives = alternatives(tx, tournament.as_str(), &duties, may_take).await?;
            return Err(Refusal::Full { shift: shift.name, headcount: shift.headcount, alternatives }.into());
        }
        Eligibility::of(&shift, roster.limits()).check(&person, &duties)?;
        let assignment = if self.by_self { assignment.invite(None)?.accept(tx.now())? } else { assignment };
        let row = if self.validate_only {
            AssignmentRow::of(assignment, &shift.time, read.as_ref())
        } else {
            let row = roster.put(tx, assignment, read.as_ref()).await?;
            roster.close(tx).await?;
            row
        };
        Ok(pb::AssignVolunteerResponse { assignment: Some(row.into()) })
    }
}

/// Refuses a shift in a phase in which the volunteers themselves, or coordinators, do not take seats.
fn check_phase(roster: &Roster, shift: &Shift, by_self: bool) -> Result<(), Refusal> {
    if by_self {
        roster.phases().check_sign_up(shift, &roster.limits().zone)
    } else {
        roster.check_plan(shift)
    }
}

/// Shifts with open seats that somebody with these duties may take, by start.
async fn alternatives(
    tx: &mut Tx,
    tournament: &str,
    duties: &[Duty],
    may_take: impl Fn(&Shift) -> bool,
) -> Result<Vec<Alternative>, Error> {
    let (mut alternatives, now) = (Vec::new(), tx.now());
    for row in shifts::open(tx, tournament, now, None, LOOKED_AT).await? {
        let shift = row.shift()?;
        if duties.iter().any(|duty| duty.shift == shift.name) || !may_take(&shift) {
            continue;
        }
        alternatives.push(Alternative { description: in_words(&shift), shift: shift.name });
        if alternatives.len() == ALTERNATIVES {
            break;
        }
    }
    Ok(alternatives)
}

fn in_words(shift: &Shift) -> String {
    let seats = match shift.open_seats() {
        1 => "1 open seat".to_owned(),
        seats => format!("{seats} open seats"),
    };
    format!("{seats} from {} until {}", shift.time.start(), shift.time.end())
}
