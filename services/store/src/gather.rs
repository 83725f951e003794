//! Reads of single rows, gathered: what many callers want at the same time is one statement.
//!
//! A statement costs far more than a row: on `SQLite` it is handed to a thread and back, on PostgreSQL it is a
//! round trip. One task per kind of resource asks for all names that have come in while it asked before. It
//! keeps no connection in between: there are fewer readers than kinds of resources.

use std::{
    any::{Any, TypeId},
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use crate::{Record, StoreError, database::Pools, source::chain};

/// Callers who may wait; more wait to be let in.
const QUEUE: usize = 4096;
/// Most rows of one statement.
pub(crate) const MOST: usize = 64;

type Answer<R> = Result<Option<R>, StoreError>;

/// A name somebody wants the row of.
struct Wanted<R> {
    name: String,
    caller: oneshot::Sender<Answer<R>>,
}

/// The tasks, one for each kind of resource that was asked for; they end when the store is closed or dropped.
pub(crate) struct Gatherers {
    pools: Pools,
    closing: CancellationToken,
    queues: Mutex<HashMap<TypeId, Box<dyn Any + Send>>>,
}

impl Gatherers {
    pub(crate) fn new(pools: Pools, closing: CancellationToken) -> Self {
        Self { pools, closing, queues: Mutex::default() }
    }

    /// Reads a row, together with what others want.
    pub(crate) async fn find<R: Record + Clone + 'static>(&self, name: &str) -> Answer<R> {
        let (caller, answer) = oneshot::channel();
        let wanted = Wanted { name: name.to_owned(), caller };
        self.queue::<R>().send(wanted).await.map_err(|_| StoreError::Closed)?;
        answer.await.map_err(|_| StoreError::Closed)?
    }

    fn queue<R: Record + Clone + 'static>(&self) -> mpsc::Sender<Wanted<R>> {
        let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        let queue = queues.entry(TypeId::of::<R>()).or_insert_with(|| {
            let (queue, wanted) = mpsc::channel::<Wanted<R>>(QUEUE);
            let (pools, closing) = (self.pools.clone(), self.closing.clone());
            tokio::spawn(async move {
                tokio::select! {
                    () = gather(pools, wanted) => {}
                    () = closing.cancelled() => {}
                }
            });
            Box::new(queue)
        });
        queue.downcast_ref::<mpsc::Sender<Wanted<R>>>().expect("the queue of its type").clone()
    }
}

/// Answers until the store is dropped.
async fn gather<R: Record + Clone>(pools: Pools, mut queue: mpsc::Receiver<Wanted<R>>) {
    let mut wanted = Vec::with_capacity(MOST);
    while queue.recv_many(&mut wanted, MOST).await > 0 {
        let names: Vec<&str> = wanted.iter().map(|wanted| wanted.name.as_str()).collect();
        let rows = read::<R>(&pools, &names).await;
        for Wanted { name, caller } in wanted.drain(..) {
            let answer = match &rows {
                Ok(rows) => Ok(rows.get(&name).cloned()),
                Err(error) => Err(again(error)),
            };
            // a caller that has hung up does not want to know
            let _ = caller.send(answer);
        }
    }
}

async fn read<R: Record>(pools: &Pools, names: &[&str]) -> Result<HashMap<String, R>, StoreError> {
    let mut conn = pools.read().await?;
    let rows = R::find_all(&mut conn, names).await?;
    Ok(rows.into_iter().map(|row| (row.name().to_owned(), row)).collect())
}

/// The same error for each of those who wait for it.
fn again(error: &StoreError) -> StoreError {
    match error {
        StoreError::Unavailable(problem) => StoreError::Unavailable(problem.clone()),
        StoreError::Aborted => StoreError::Aborted,
        error => StoreError::internal(chain(error)),
    }
}
