//! A queued write: the closure, and where its caller waits.

use std::{any::Any, panic::AssertUnwindSafe};

use futures_util::{FutureExt, future::BoxFuture};
use tokio::sync::oneshot;
use tracing::error;

use crate::{Call, Locks, StoreError, Tx, call::Key};

/// What a caller gets: the refusal of its own closure, or the store's.
pub(crate) type Outcome<R, E> = Result<Result<R, E>, StoreError>;

/// A write in the queue.
pub(crate) struct Job {
    pub(crate) call: Call,
    pub(crate) key: Option<Key>,
    pub(crate) locks: Locks,
    pub(crate) work: Box<dyn Work>,
}

/// The closure of a write, whatever its types. Its outcome is kept until the batch is committed: even a
/// refusal may rest on an earlier write of the same batch.
pub(crate) trait Work: Send {
    /// Runs the closure; true when it wants to be committed. A panic is caught.
    fn run<'t>(&'t mut self, tx: &'t mut Tx) -> BoxFuture<'t, bool>;
    /// The reply, encoded; empty when there is none.
    fn reply(&self) -> Vec<u8>;
    /// Takes the reply of an earlier call instead of running.
    fn replay(&mut self, reply: &[u8]);
    /// Sets the store's refusal.
    fn refuse(&mut self, error: StoreError);
    /// Tells the caller, if it still waits.
    fn acknowledge(self: Box<Self>);
}

/// A closure and the channel to its caller.
pub(crate) struct Write<R, E, F> {
    work: Option<F>,
    outcome: Option<Outcome<R, E>>,
    caller: oneshot::Sender<Outcome<R, E>>,
}

impl<R, E, F> Write<R, E, F> {
    pub(crate) fn new(work: F, caller: oneshot::Sender<Outcome<R, E>>) -> Self {
        Self { work: Some(work), outcome: None, caller }
    }
}

impl<R, E, F> Work for Write<R, E, F>
where
    R: prost::Message + Default + 'static,
    E: Send + 'static,
    F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<R, E>> + Send + 'static,
{
    fn run<'t>(&'t mut self, tx: &'t mut Tx) -> BoxFuture<'t, bool> {
        Box::pin(async move {
            let Some(work) = self.work.take() else {
                return false;
            };
            let run = AssertUnwindSafe(async { work(tx).await }).catch_unwind().await;
            let outcome = run.map_err(|panic| {
                let message = message(panic.as_ref());
                error!(panic = message, "a write panicked");
                StoreError::internal(format!("a write panicked: {message}"))
            });
            let is_success = matches!(outcome, Ok(Ok(_)));
            self.outcome = Some(outcome);
            is_success
        })
    }

    fn reply(&self) -> Vec<u8> {
        match &self.outcome {
            Some(Ok(Ok(reply))) => reply.encode_to_vec(),
            _ => Vec::new(),
        }
    }

    fn replay(&mut self, reply: &[u8]) {
        self.outcome = Some(R::decode(reply).map(Ok).map_err(StoreError::internal));
    }

    fn refuse(&mut self, error: StoreError) {
        self.outcome = Some(Err(error));
    }

    fn acknowledge(self: Box<Self>) {
        let outcome = self.outcome.unwrap_or_else(|| Err(StoreError::internal("a write was not run")));
        // a caller that has hung up does not want to know
        let _ = self.caller.send(outcome);
    }
}

/// What a panic said.
pub(crate) fn message(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
}
