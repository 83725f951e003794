//! Results: recorded, corrected, and what they bring along.

use matchday_api::scheduling::v1 as pb;
use matchday_kernel::{ActivityName, Common, Instant};
use matchday_rpc::parse;
use matchday_store::{Record, Tx};

use super::{
    activities::goals,
    emit,
    season::{self, Season},
};
use crate::{
    Error,
    domain::{
        result::{self, Course, Finished, Score, Told},
        slot::{Refusal, State},
    },
    store::activities::ActivityRow,
};

/// A result, read and checked as far as it can be alone.
pub(super) struct Outcome {
    name: ActivityName,
    goals: Option<[i32; 2]>,
    penalties: Option<[i32; 2]>,
    course: Course,
    awarded_to: String,
    note: String,
    reason: String,
    etag: String,
    is_preview: bool,
}

impl Outcome {
    pub(super) fn parse(request: &pb::RecordResultRequest) -> Result<Self, Error> {
        let wanted = parse::required("result", request.result.clone())?;
        let outcome = match wanted.outcome {
            0 => pb::ResultOutcome::Unspecified,
            known => parse::one_of("result.outcome", known)?,
        };
        Ok(Self {
            name: parse::text_as("name", &request.name)?,
            goals: both("goals", wanted.home_goals, wanted.away_goals)?,
            penalties: both("penalties", wanted.home_penalties, wanted.away_penalties)?,
            course: season::course(outcome),
            awarded_to: wanted.awarded_to,
            note: parse::optional_text("result.note", &wanted.note)?,
            reason: parse::optional_text("reason", &request.reason)?,
            etag: request.etag.clone(),
            is_preview: request.validate_only,
        })
    }

    pub(super) async fn carry_out(self, tx: &mut Tx) -> Result<pb::RecordResultResponse, Error> {
        let tournament = self.name.parent();
        ActivityRow::get(tx, self.name.as_str()).await?;
        let now = tx.now();
        let season = Season::read(tx, tournament.as_str(), now).await?;
        let Some(at) = season.position(self.name.as_str()) else {
            return Err(Common::field("name", "is no match").into());
        };
        let row = &season.rows[at];
        row.check_etag(&self.etag)?;
        let score = self.decide(row, now)?;
        let recorded = self.recorded(row.clone(), &score)?;
        if recorded == *row {
            return Ok(pb::RecordResultResponse { activity: Some(recorded.into()), ..Default::default() });
        }
        let mut after = season.contest.clone();
        after.games[at].score = Some(score);
        after.games[at].has_begun = true;
        let next = season::following(&season.contest, &after)?;
        if self.is_preview {
            let changed = season::go_on(tx, &tournament, &season.rows, next, "", true).await?;
            return Ok(pb::RecordResultResponse {
                activity: Some(recorded.into()),
                changed,
                change: String::new(),
            });
        }
        let activity = pb::Activity::from(recorded.save(tx).await?);
        let event = pb::ResultRecorded {
            activity: Some(activity.clone()),
            previous: Some(row.clone().into()),
            reason: self.reason,
        };
        emit(tx, &activity.name, &tournament, &event);
        emit(tx, &activity.name, &tournament, &pb::ActivityUpdated { activity: Some(activity.clone()) });
        let changed = season::go_on(tx, &tournament, &season.rows, next, "", false).await?;
        Ok(pb::RecordResultResponse { activity: Some(activity), changed, change: tx.change().to_owned() })
    }

    fn decide(&self, row: &ActivityRow, now: Instant) -> Result<Score, Error> {
        let slot = row.slot()?;
        if slot.state == State::Cancelled {
            return Err(Refusal::Cancelled { activity: row.name.clone() }.into());
        }
        let recorded = season::score(row);
        let finished = Finished {
            activity: &row.name,
            state: slot.state,
            kick_off: slot.time.start(),
            sides: [&row.home, &row.away],
            may_be_drawn: season::game(row, now).may_be_drawn(),
            recorded: recorded.as_ref(),
            is_correction: !self.reason.is_empty(),
        };
        let told = Told {
            goals: self.goals,
            penalties: self.penalties,
            course: self.course,
            awarded_to: &self.awarded_to,
        };
        Ok(result::record(&finished, &told, now)?)
    }

    /// The row with the result. What nobody has said to have begun is over with it.
    fn recorded(&self, row: ActivityRow, score: &Score) -> Result<ActivityRow, Error> {
        let mut slot = row.slot()?;
        if matches!(slot.state, State::Scheduled | State::Delayed | State::Rescheduled) {
            slot.state = State::Finished;
        }
        let outcome = match score.course {
            Course::NormalTime => pb::ResultOutcome::NormalTime,
            Course::ExtraTime => pb::ResultOutcome::ExtraTime,
            Course::Penalties => pb::ResultOutcome::Penalties,
            Course::Walkover => pb::ResultOutcome::Walkover,
            Course::Abandoned => pb::ResultOutcome::Abandoned,
        };
        let [home, away] = score.goals;
        let reason = row.reason.clone();
        let row = row.with_slot(&slot, reason);
        Ok(ActivityRow {
            home_goals: Some(home),
            away_goals: Some(away),
            home_penalties: score.penalties.map(|[home, _]| home),
            away_penalties: score.penalties.map(|[_, away]| away),
            outcome: Some(outcome.into()),
            awarded_to: self.awarded_to.clone(),
            result_note: Some(self.note.clone()),
            ..row
        })
    }
}

/// Takes back what came of the result of a match. Returns the matches that are others now.
pub(super) async fn take_back(tx: &mut Tx, name: &ActivityName) -> Result<Vec<pb::Activity>, Error> {
    let tournament = name.parent();
    let now = tx.now();
    let season = Season::read(tx, tournament.as_str(), now).await?;
    let mut after = season.contest.clone();
    if let Some(at) = season.position(name.as_str()) {
        after.games[at].score = None;
    }
    let next = season::following(&season.contest, &after)?;
    season::go_on(tx, &tournament, &season.rows, next, "", false).await
}

/// Two figures that are there together, or not at all.
fn both(of: &str, home: Option<i32>, away: Option<i32>) -> Result<Option<[i32; 2]>, Error> {
    let home = goals(&format!("result.home_{of}"), home)?;
    let away = goals(&format!("result.away_{of}"), away)?;
    if home.is_some() != away.is_some() {
        let missing = if home.is_none() { "home" } else { "away" };
        return Err(Common::field(
            format!("result.{missing}_{of}"),
            "is missing beside that of the other side",
        )
        .into());
    }
    Ok(home.zip(away).map(|(home, away)| [home, away]))
}
