//! Keeping what was decided: rows, steps and events.

use matchday_api::visitors::v1 as pb;
use matchday_kernel::Instant;
use matchday_store::{NewEvent, Record, StoreError, Tx};

use super::{
    Condition, Rules,
    decide::{Alert, Change, Known, decide},
};
use crate::{
    domain::alert::case::{Case, Step},
    grpc::tournament_of,
    store::alerts::{
        self, AlertRow, evidence_at, level_to_pb,
        steps::{self as kept, TransitionRow, step_to_pb},
        tracks,
    },
};

/// Decides under the lock of the venue's alerts what conditions measured at a time change, and keeps it.
pub(crate) async fn keep(
    tx: &mut Tx,
    venue: &str,
    conditions: &[Condition],
    rules: &Rules,
    at: Instant,
) -> Result<(), StoreError> {
    let known = Known::of(tx, venue).await?;
    for Change { key, track, alert } in decide(&known, conditions, rules, at)? {
        if let Some(track) = track {
            tracks::save(tx, venue, &key, &track).await?;
        }
        let Some(Alert { before, case, steps, holder, evidence }) = alert else { continue };
        let is_new = before.is_none();
        let row = match before {
            Some(row) => row,
            None => AlertRow::raised(venue, alerts::heads(tx, venue).await?.0 + 1, key.0, &key.1),
        };
        let evidence = evidence.map_or_else(|| row.evidence.clone(), |it| evidence_at(at, it));
        save(tx, AlertRow { holder, evidence, ..row }, is_new, case, &steps, at, "").await?;
    }
    Ok(())
}

/// Writes what happened to an alert that exists.
pub(crate) async fn happened(
    tx: &mut Tx,
    row: AlertRow,
    case: Case,
    step: Step,
    reason: &str,
) -> Result<AlertRow, StoreError> {
    let at = tx.now();
    save(tx, row, false, case, &[step], at, reason).await
}

/// Writes an alert with its steps, and tells them.
async fn save(
    tx: &mut Tx,
    row: AlertRow,
    is_new: bool,
    case: Case,
    steps: &[Step],
    at: Instant,
    reason: &str,
) -> Result<AlertRow, StoreError> {
    let (_, head) = alerts::heads(tx, &row.venue).await?;
    // what was measured anew is a change without a step
    let last = head + i64::try_from(steps.len().max(1)).unwrap_or(1);
    let row = AlertRow { sequence: last, ..row.with(case) };
    let row = if is_new { row.create(tx).await? } else { row.save(tx).await? };
    for (sequence, step) in (head + 1..).zip(steps) {
        let transition = TransitionRow {
            sequence,
            number: row.number,
            cause: row.cause,
            subject: row.subject.clone(),
            step: step_to_pb(*step).into(),
            level: row.level,
            happened: at.as_micros(),
            actor: tx.actor().to_owned(),
            holder: row.holder.clone(),
            reason: reason.to_owned(),
        };
        kept::insert_transition(tx, &row.venue, &transition).await?;
        tell(tx, &row, *step)?;
    }
    Ok(row)
}

/// Emits the event of a step.
fn tell(tx: &mut Tx, row: &AlertRow, step: Step) -> Result<(), StoreError> {
    let alert = Some(row.to_pb()?);
    let level = |previous| pb::AlertLevelChanged {
        alert: alert.clone(),
        previous_level: level_to_pb(previous).into(),
    };
    match step {
        Step::Raised => emit(tx, row, &pb::AlertRaised { alert }),
        Step::LevelRaised(previous) | Step::LevelLowered(previous) => emit(tx, row, &level(previous)),
        Step::Acknowledged => emit(tx, row, &pb::AlertAcknowledged { alert }),
        Step::Shelved => emit(tx, row, &pb::AlertShelved { alert }),
        Step::Unshelved => emit(tx, row, &pb::AlertUnshelved { alert }),
        Step::Escalated => emit(tx, row, &pb::AlertEscalated { alert }),
        Step::Cleared => emit(tx, row, &pb::AlertCleared { alert }),
    }
    Ok(())
}

/// An event of an alert: of the tournament whose opening it is about, or of none.
fn emit<M: prost::Name>(tx: &mut Tx, row: &AlertRow, payload: &M) {
    let mut event = NewEvent::new(&row.name, None, payload);
    if row.subject.starts_with("tournaments/") {
        tournament_of(&row.subject).clone_into(&mut event.tournament);
    }
    tx.emit(event);
}
