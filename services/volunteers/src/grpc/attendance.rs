//! 签到 / 签退: who comes, who leaves, who does not come; and how many people a unit brings.

use std::collections::BTreeSet;

use matchday_api::volunteers::v1 as pb;
use matchday_kernel::{AssignmentName, Common, ShiftName, TournamentName};
use matchday_rpc::parse;
use matchday_store::{Record, Tx};

use super::waiting::refill;
use crate::{
    Error,
    domain::{assignment::State, eligibility::Eligibility, shift::MOST_PEOPLE},
    roster::Roster,
    store::{
        assignments::{self, AssignmentRow},
        shifts::ShiftRow,
        volunteers::VolunteerRow,
    },
};

/// What becomes of an assignment.
pub(crate) enum Step {
    /// The volunteer is there.
    SignIn,
    /// The volunteer has left.
    SignOut,
    /// The volunteer goes before the end, with a reason; the seat is open again.
    Leave(String),
    /// The volunteer did not come.
    NoShow,
    /// It is taken back, with a reason.
    Withdraw(String),
    /// The volunteer gives it back before the shift begins, with a reason.
    GiveBack(String),
    /// No roster moves it any more, or one may again.
    Pin(bool),
}

/// A step of an assignment, read and checked.
pub(crate) struct Attendance {
    name: AssignmentName,
    etag: String,
    step: Step,
}

impl Attendance {
    pub(crate) fn parse(name: &str, etag: &str, step: Step) -> Result<Self, Error> {
        let step = match step {
            Step::Withdraw(reason) => Step::Withdraw(parse::required_text("reason", &reason)?),
            Step::GiveBack(reason) => Step::GiveBack(parse::required_text("reason", &reason)?),
            Step::Leave(reason) => Step::Leave(parse::required_text("leave_reason", &reason)?),
            other => other,
        };
        Ok(Self { name: parse::text_as("name", name)?, etag: etag.to_owned(), step })
    }

    pub(crate) fn tournament(&self) -> TournamentName {
        self.name.parent().parent()
    }

    pub(crate) async fn carry_out(self, tx: &mut Tx) -> Result<pb::Assignment, Error> {
        let tournament = self.tournament();
        let mut roster = Roster::open(tx, tournament.as_str()).await?;
        let row = AssignmentRow::get(tx, self.name.as_str()).await?;
        row.check_etag(&self.etag)?;
        let shift = roster.shift(tx, &row.shift).await?;
        let (assignment, now) = (row.assignment()?, tx.now());
        let opens_seat = matches!(self.step, Step::Withdraw(_) | Step::GiveBack(_) | Step::Leave(_));
        let next = match self.step {
            Step::SignIn => {
                let is_late = assignment.state == State::NoShow && shift.open_seats() > 0;
                let there = if is_late { assignment.come_late(now) } else { assignment.sign_in(now) }?;
                shift.check_sign_in(now)?;
                let person = VolunteerRow::get(tx, &row.volunteer).await?.person()?;
                let duties = assignments::duties_of(tx, &row.volunteer).await?;
                Eligibility::of(&shift, roster.limits()).check_sign_in(&person, &duties)?;
                there
            }
            Step::SignOut => assignment.sign_out(now)?,
            Step::Leave(reason) => assignment.leave(now, reason)?,
            Step::NoShow => {
                let missed = assignment.no_show()?;
                shift.check_no_show(now)?;
                missed
            }
            Step::Withdraw(reason) => assignment.withdraw(reason)?,
            Step::GiveBack(reason) => {
                shift.check_to_come(now)?;
                assignment.give_back(reason)?
            }
            Step::Pin(is_pinned) => assignment.pin(is_pinned)?,
        };
        let row = roster.put(tx, next, Some(&row)).await?;
        roster.close(tx).await?;
        if opens_seat {
            refill(tx, tournament.as_str(), BTreeSet::from([row.shift.clone()])).await?;
        }
        Ok(row.into())
    }
}

/// The people a unit has brought, read and checked.
pub(crate) struct Headcount {
    name: ShiftName,
    reported: i32,
    etag: String,
}

impl Headcount {
    pub(crate) fn parse(request: &pb::ReportHeadcountRequest) -> Result<Self, Error> {
        if !(0..=MOST_PEOPLE).contains(&request.reported) {
            return Err(Common::field("reported", format!("must lie between 0 and {MOST_PEOPLE}")).into());
        }
        let name = parse::text_as("name", &request.name)?;
        Ok(Self { name, reported: request.reported, etag: request.etag.clone() })
    }

    pub(crate) fn tournament(&self) -> TournamentName {
        self.name.parent()
    }

    pub(crate) async fn carry_out(self, tx: &mut Tx) -> Result<pb::ReportHeadcountResponse, Error> {
        let mut roster = Roster::open(tx, self.tournament().as_str()).await?;
        let row = ShiftRow::get(tx, self.name.as_str()).await?;
        row.check_etag(&self.etag)?;
        row.shift()?.check_counts_unit()?;
        roster.know(row.clone());
        roster.change(ShiftRow { reported: Some(self.reported), ..row });
        roster.close(tx).await?;
        let shift = ShiftRow::get(tx, self.name.as_str()).await?;
        Ok(pb::ReportHeadcountResponse { shift: Some(shift.into()) })
    }
}
