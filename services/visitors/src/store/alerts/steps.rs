//! The steps of alerts as rows: only ever added to.

use matchday_api::visitors::v1 as pb;
use matchday_kernel::{Common, Instant};
use matchday_rpc::parse::micros_to_timestamp;
use matchday_store::{Conn, StoreError, Tx, on_db};

use super::{cause_of, level_of};
use crate::domain::alert::{
    case::Step,
    figures::{Mark, Marked},
};

/// The step as the contract numbers it.
pub(crate) fn step_to_pb(step: Step) -> pb::AlertStep {
    match step {
        Step::Raised => pb::AlertStep::Raised,
        Step::LevelRaised(_) => pb::AlertStep::LevelRaised,
        Step::LevelLowered(_) => pb::AlertStep::LevelLowered,
        Step::Acknowledged => pb::AlertStep::Acknowledged,
        Step::Shelved => pb::AlertStep::Shelved,
        Step::Unshelved => pb::AlertStep::Unshelved,
        Step::Escalated => pb::AlertStep::Escalated,
        Step::Cleared => pb::AlertStep::Cleared,
    }
}

/// A step of an alert as stored.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct TransitionRow {
    pub(crate) sequence: i64,
    pub(crate) number: i64,
    pub(crate) cause: i32,
    pub(crate) subject: String,
    pub(crate) step: i32,
    pub(crate) level: i32,
    pub(crate) happened: i64,
    pub(crate) actor: String,
    pub(crate) holder: String,
    pub(crate) reason: String,
}

impl From<TransitionRow> for pb::AlertTransition {
    fn from(row: TransitionRow) -> Self {
        Self {
            step: row.step,
            time: Some(micros_to_timestamp(row.happened)),
            level: row.level,
            actor: row.actor,
            holder: row.holder,
            reason: row.reason,
        }
    }
}

impl TransitionRow {
    /// The step as the figures look at it; `None` where they do not.
    pub(crate) fn marked(&self) -> Result<Option<Marked>, StoreError> {
        use pb::AlertStep as S;
        let mark = match S::try_from(self.step).map_err(Common::internal)? {
            S::Raised | S::LevelRaised => Mark::Alarm(level_of(self.level)?),
            S::Acknowledged => Mark::Acknowledged,
            S::Escalated => Mark::Escalated,
            S::Unspecified | S::LevelLowered | S::Shelved | S::Unshelved | S::Cleared => return Ok(None),
        };
        Ok(Some(Marked {
            alert: self.number,
            at: Instant::from_micros(self.happened).map_err(Common::internal)?,
            cause: cause_of(self.cause)?,
            subject: self.subject.clone(),
            mark,
        }))
    }
}

/// Writes a step.
pub(crate) async fn insert_transition(
    tx: &mut Tx,
    venue: &str,
    row: &TransitionRow,
) -> Result<(), StoreError> {
    on_db!(tx, |c| sqlx::query(
        "INSERT INTO alert_transitions \
         (venue, sequence, number, cause, subject, step, level, happened, actor, holder, reason) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
    )
    .bind(venue)
    .bind(row.sequence)
    .bind(row.number)
    .bind(row.cause)
    .bind(&row.subject)
    .bind(row.step)
    .bind(row.level)
    .bind(row.happened)
    .bind(&row.actor)
    .bind(&row.holder)
    .bind(&row.reason)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// The steps of an alert, in order.
pub(crate) async fn transitions(
    conn: &mut Conn,
    venue: &str,
    number: i64,
    limit: i64,
) -> Result<Vec<TransitionRow>, StoreError> {
    Ok(on_db!(conn, |c| sqlx::query_as(
        "SELECT sequence, number, cause, subject, step, level, happened, actor, holder, reason \
         FROM alert_transitions WHERE venue = $1 AND number = $2 ORDER BY sequence LIMIT $3"
    )
    .bind(venue)
    .bind(number)
    .bind(limit)
    .fetch_all(c)
    .await)?)
}

/// The steps of a venue's alerts between two times, in order of time.
pub(crate) async fn transitions_between(
    conn: &mut Conn,
    venue: &str,
    from: Instant,
    until: Instant,
    limit: i64,
) -> Result<Vec<TransitionRow>, StoreError> {
    Ok(on_db!(conn, |c| sqlx::query_as(
        "SELECT sequence, number, cause, subject, step, level, happened, actor, holder, reason \
         FROM alert_transitions WHERE venue = $1 AND happened >= $2 AND happened < $3 \
         ORDER BY happened, sequence LIMIT $4"
    )
    .bind(venue)
    .bind(from.as_micros())
    .bind(until.as_micros())
    .bind(limit)
    .fetch_all(c)
    .await)?)
}
