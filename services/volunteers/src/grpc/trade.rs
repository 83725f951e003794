//! Two volunteers who swap their shifts.

use matchday_api::volunteers::v1 as pb;
use matchday_kernel::{AssignmentName, Common, TournamentName};
use matchday_rpc::parse;
use matchday_store::{Record, Tx};

use super::replace::Seat;
use crate::{
    Error,
    domain::{assignment::Assignment, eligibility::Eligibility, substitution::without},
    roster::Roster,
    store::{
        assignments::{self, AssignmentRow},
        volunteers::VolunteerRow,
    },
};

/// Two assignments to swap, read and checked.
pub(crate) struct Trade {
    one: AssignmentName,
    other: AssignmentName,
    validate_only: bool,
}

/// One side of a trade: what is given up, and what is taken for it.
struct Side {
    row: AssignmentRow,
    gone: Assignment,
    read: Option<AssignmentRow>,
    taken: Assignment,
}

impl Trade {
    pub(crate) fn parse(request: &pb::TradeAssignmentsRequest) -> Result<Self, Error> {
        let one: AssignmentName = parse::text_as("one", &request.one)?;
        let other: AssignmentName = parse::text_as("other", &request.other)?;
        if one.parent().parent() != other.parent().parent() {
            let problem = format!("{other} is not of {}", one.parent().parent());
            return Err(Common::field("other", problem).into());
        }
        if one.parent() == other.parent() || one.id() == other.id() {
            let problem = "is of the same shift or volunteer: there is nothing to trade".to_owned();
            return Err(Common::field("other", problem).into());
        }
        Ok(Self { one, other, validate_only: request.validate_only })
    }

    pub(crate) fn tournament(&self) -> TournamentName {
        self.one.parent().parent()
    }

    pub(crate) async fn carry_out(self, tx: &mut Tx) -> Result<pb::TradeAssignmentsResponse, Error> {
        let mut roster = Roster::open(tx, self.tournament().as_str()).await?;
        let one = AssignmentRow::get(tx, self.one.as_str()).await?;
        let other = AssignmentRow::get(tx, self.other.as_str()).await?;
        let sides =
            [side(tx, &mut roster, one.clone(), &other).await?, side(tx, &mut roster, other, &one).await?];
        let mut taken = Vec::with_capacity(2);
        for Side { row, gone, read, taken: assignment } in sides {
            let time = roster.shift(tx, assignment.name.parent().as_str()).await?.time;
            if self.validate_only {
                taken.push(AssignmentRow::of(assignment, &time, read.as_ref()).into());
                continue;
            }
            roster.put(tx, gone, Some(&row)).await?;
            taken.push(roster.put(tx, assignment, read.as_ref()).await?.into());
        }
        if !self.validate_only {
            roster.close(tx).await?;
        }
        let other = taken.pop();
        Ok(pb::TradeAssignmentsResponse { one: taken.pop(), other })
    }
}

/// What becomes of one side: the volunteer gives up the own shift and takes the other's, by the rules of any
/// assignment.
async fn side(
    tx: &mut Tx,
    roster: &mut Roster,
    row: AssignmentRow,
    other: &AssignmentRow,
) -> Result<Side, Error> {
    let gone = row.assignment()?.trade_away(format!("traded for {}", other.shift))?;
    let shift = roster.shift(tx, &other.shift).await?;
    shift.check_takes_volunteers(tx.now())?;
    roster.check_plan(&shift)?;
    let person = VolunteerRow::get(tx, &row.volunteer).await?.person()?;
    let duties = assignments::duties_of(tx, &row.volunteer).await?;
    let duties = without(&duties, &row.shift, tx.now());
    Eligibility::of(&shift, roster.limits()).check(&person, &duties)?;
    let seat = Seat { shift: &shift, volunteer: &row.volunteer, is_there: false, has_agreed: true };
    let (read, taken) = seat.take(tx).await?;
    Ok(Side { row, gone, read, taken })
}
