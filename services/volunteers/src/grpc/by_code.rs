//! 扫码签到: the code of a post, and volunteers who sign in and out with it.

use matchday_api::volunteers::v1 as pb;
use matchday_kernel::{ShiftName, VolunteerName};
use matchday_rpc::parse;
use matchday_store::{Record, Tx};

use super::attendance::{Attendance, Step};
use crate::{
    Error,
    domain::{assignment::State, refusal::Refusal, sign_in_code},
    store::{
        assignments,
        identity::{KEY, key},
        shifts::ShiftRow,
    },
};

/// Shows the code of a shift; `fresh` becomes the key of its tournament where it has none.
pub(crate) async fn show(
    tx: &mut Tx,
    shift: ShiftName,
    fresh: [u8; KEY],
) -> Result<pb::ShowSignInCodeResponse, Error> {
    let now = tx.now();
    ShiftRow::get(tx, shift.as_str()).await?.shift()?.check_shows_code(now)?;
    let key = key(tx, shift.parent().as_str(), &fresh).await?;
    Ok(pb::ShowSignInCodeResponse {
        code: sign_in_code::code(&key, shift.as_str(), now),
        next_time: Some(parse::to_timestamp(sign_in_code::next(now))),
    })
}

/// A volunteer with a code, read and checked.
pub(crate) struct ByCode {
    pub(crate) volunteer: VolunteerName,
    pub(crate) code: String,
    pub(crate) step: Step,
    pub(crate) fresh: [u8; KEY],
}

impl ByCode {
    /// Takes the step on the volunteer's shift that the code belongs to.
    pub(crate) async fn carry_out(self, tx: &mut Tx) -> Result<pb::Assignment, Error> {
        let key = key(tx, self.volunteer.parent().as_str(), &self.fresh).await?;
        let now = tx.now();
        let rows = assignments::of_volunteer(tx, self.volunteer.as_str()).await?;
        for row in rows {
            let is_held =
                matches!(row.assignment()?.state, State::Accepted | State::SignedIn | State::NoShow);
            if is_held && sign_in_code::is_right(&key, &row.shift, &self.code, now) {
                return Attendance::parse(&row.name, "", self.step)?.carry_out(tx).await;
            }
        }
        Err(Refusal::CodeWrong { volunteer: self.volunteer.to_string() }.into())
    }
}
