//! Logs and effects that misbehave as told.

use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::{StreamExt, stream};
use matchday_store::{
    BoxFuture, Defect, Effect, Event, Locks, NewEvent, Position, Source, SourceError, Tail, Tx,
};

use crate::schema::mark;

/// A log that has these events, whatever it is asked, and then nothing.
pub(crate) struct Fixed(pub(crate) Vec<Event>);

impl Source for Fixed {
    fn tail(&self, _after: Position) -> BoxFuture<'_, Result<Tail, SourceError>> {
        let events: Vec<_> = self.0.iter().cloned().map(Ok).collect();
        Box::pin(async move { Ok(stream::iter(events).chain(stream::pending()).boxed()) })
    }
}

/// A log that does not answer until it is told to.
pub(crate) struct Flaky<S> {
    pub(crate) log: S,
    pub(crate) is_up: AtomicBool,
}

impl<S: Source> Source for Flaky<S> {
    fn tail(&self, after: Position) -> BoxFuture<'_, Result<Tail, SourceError>> {
        Box::pin(async move {
            if self.is_up.load(Ordering::SeqCst) {
                self.log.tail(after).await
            } else {
                Err(SourceError::Unavailable("no answer".to_owned()))
            }
        })
    }
}

/// How an effect fails.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    Defect,
    Panic,
}

/// Marks each event under its sequence, which fails when it is done twice, and emits one event of its own.
#[derive(Default)]
pub(crate) struct Mark {
    /// The event that fails, and how.
    pub(crate) failing: Option<(i64, Failure)>,
    pub(crate) is_mended: AtomicBool,
}

impl Effect for Mark {
    fn locks(&self, _events: &[Event]) -> Locks {
        Locks::of(["marks"])
    }

    fn apply<'t>(&'t self, tx: &'t mut Tx, event: &'t Event) -> BoxFuture<'t, Result<(), Defect>> {
        Box::pin(async move {
            mark(tx, &format!("{:04}", event.sequence), None).await?;
            tx.emit(NewEvent::new(&event.resource, None, &prost_types::Duration::default()));
            match self.failing {
                Some((sequence, failure))
                    if sequence == event.sequence && !self.is_mended.load(Ordering::SeqCst) =>
                {
                    assert!(failure != Failure::Panic, "the effect panics");
                    Err(Defect::new("the effect fails"))
                }
                _ => Ok(()),
            }
        })
    }
}
