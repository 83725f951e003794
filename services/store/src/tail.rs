//! A log of this process as a source to follow.

use std::collections::VecDeque;

use futures_util::{
    future::BoxFuture,
    stream::{StreamExt, try_unfold},
};
use tokio::sync::watch;

use crate::{
    Event, Log, Position, Source, SourceError,
    source::{Tail, chain},
};

/// Events read at once.
const PAGE: usize = 256;

struct State {
    log: Log,
    head: watch::Receiver<i64>,
    sequence: i64,
    page: VecDeque<Event>,
}

impl Source for Log {
    fn tail(&self, after: Position) -> BoxFuture<'_, Result<Tail, SourceError>> {
        Box::pin(async move {
            if after.log_id.is_some_and(|id| id != self.id()) {
                let id = self.id();
                return Err(SourceError::Foreign(format!("the log was replaced: it now has the id {id}")));
            }
            let head = self.head().await.map_err(|error| SourceError::Unavailable(chain(&error)))?;
            if after.sequence > head {
                let problem = format!("the log was rewound: it ends at {head}, before {}", after.sequence);
                return Err(SourceError::Foreign(problem));
            }
            let state = State {
                log: self.clone(),
                head: self.subscribe(),
                sequence: after.sequence,
                page: VecDeque::new(),
            };
            Ok(try_unfold(state, next).boxed())
        })
    }
}

async fn next(mut state: State) -> Result<Option<(Event, State)>, SourceError> {
    loop {
        if let Some(event) = state.page.pop_front() {
            state.sequence = event.sequence;
            return Ok(Some((event, state)));
        }
        // marked as seen before the read: what comes in between wakes again
        let _ = state.head.borrow_and_update();
        let events = state.log.after(state.sequence, PAGE).await;
        state.page = events.map_err(|error| SourceError::Unavailable(chain(&error)))?.into();
        if state.page.is_empty() && state.head.changed().await.is_err() {
            return Ok(None);
        }
    }
}
