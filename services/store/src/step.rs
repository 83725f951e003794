//! One step of a follower: the effect of events and the cursor, in one transaction.

use std::sync::Arc;

use matchday_kernel::{ErrorKind, Fault};
use uuid::Uuid;

use crate::{
    Call, Defect, Effect, Event, Follower, Locks, Position, Store, StoreError, Tx, call::Cause, cursor,
};

/// Why events were not applied.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApplyError {
    #[error("event {sequence} ({kind}): {defect}")]
    Event { sequence: i64, kind: String, defect: Defect },
    #[error("{0}")]
    Defect(#[from] Defect),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ApplyError {
    /// Whether the database rather than the event is the matter.
    pub(crate) fn is_temporary(&self) -> bool {
        match self {
            Self::Store(error) => matches!(error.kind(), ErrorKind::Unavailable | ErrorKind::Aborted),
            Self::Event { .. } | Self::Defect(_) => false,
        }
    }
}

/// Applies the events that the cursor has not passed; returns where it then stands.
pub(crate) async fn write(
    store: &Store,
    follower: &Follower,
    effect: Arc<dyn Effect>,
    locks: Locks,
    events: Arc<[Event]>,
) -> Result<Position, ApplyError> {
    let Some(first) = events.first() else {
        return Err(Defect::new("there are no events").into());
    };
    let log_id = log_id(first)?;
    let actor = format!("services/{}", store.service());
    let call = Call {
        actor,
        method: format!("follow/{}", follower.log),
        request_id: None,
        body_hash: [0; 32],
        change: first.change.clone(),
        now: store.clock().now(),
    };
    // holds the cursor, also where it has no row yet to lock
    let locks = locks.and(format!("cursor/{}/{}", follower.name, follower.log));
    let follower = follower.clone();
    let sequence = store
        .write::<i64, ApplyError, _>(call, locks, move |tx| {
            Box::pin(async move { apply(tx, &follower, effect.as_ref(), &events).await })
        })
        .await?;
    Ok(Position { log_id: Some(log_id), sequence })
}

async fn apply(
    tx: &mut Tx,
    follower: &Follower,
    effect: &dyn Effect,
    events: &[Event],
) -> Result<i64, ApplyError> {
    let actor = tx.actor().to_owned();
    let before = cursor::load(tx, follower).await?;
    let mut position = before;
    for event in events {
        let log_id = log_id(event)?;
        if position.log_id.is_some_and(|id| id != log_id) {
            let reason = format!("log {} was replaced: it now has the id {log_id}", follower.log);
            return Err(Defect(reason).into());
        }
        if event.sequence <= position.sequence {
            // another replica was faster
            continue;
        }
        if event.sequence != position.sequence + 1 {
            let Position { sequence, .. } = position;
            let reason = format!("log {} has a gap: {} follows {sequence}", follower.log, event.sequence);
            return Err(Defect(reason).into());
        }
        tx.set_cause(Cause {
            actor: actor.clone(),
            change: event.change.clone(),
            request_id: event.request_id.clone(),
        });
        effect.apply(tx, event).await.map_err(|defect| ApplyError::Event {
            sequence: event.sequence,
            kind: event.r#type.clone(),
            defect,
        })?;
        position = Position { log_id: Some(log_id), sequence: event.sequence };
    }
    if let Position { log_id: Some(log_id), sequence } = position
        && position != before
    {
        cursor::save(tx, follower, log_id, sequence).await?;
    }
    Ok(position.sequence)
}

fn log_id(event: &Event) -> Result<Uuid, Defect> {
    let problem = |error| Defect(format!("event {} has no log id: {error}", event.sequence));
    Uuid::parse_str(&event.log_id).map_err(problem)
}
