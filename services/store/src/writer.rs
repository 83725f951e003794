//! The writer: one task per store that commits what has gathered in the queue.

use matchday_kernel::Clock;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};

use crate::{StoreError, Tx, batch, database::Pools, job::Job, replies::Purge, source::chain, wake::Head};

/// What the writer needs; its connection is opened when the first write comes.
pub(crate) struct Writer {
    pub(crate) service: &'static str,
    pub(crate) pools: Pools,
    pub(crate) clock: Clock,
    pub(crate) head: Head,
    pub(crate) max_batch: usize,
    /// Cancelled to refuse new writes and finish those in the queue.
    pub(crate) closing: CancellationToken,
}

impl Writer {
    /// Runs until the store is closed or dropped, and the queue is empty.
    pub(crate) async fn run(self, mut queue: mpsc::Receiver<Job>) {
        let mut connection = Connection { tx: None, purge: Purge::default() };
        let mut jobs = Vec::new();
        loop {
            let taken = tokio::select! {
                taken = queue.recv_many(&mut jobs, self.max_batch) => taken,
                () = self.closing.cancelled(), if !queue.is_closed() => {
                    queue.close();
                    continue;
                }
            };
            if taken == 0 {
                return;
            }
            match self.commit(&mut connection, &mut jobs).await {
                Ok(head) => {
                    debug!(service = self.service, writes = taken, head, "committed");
                    // before the callers know: whoever looks at the log after a write finds its events
                    if let Some(head) = head {
                        self.head.committed(head);
                    }
                }
                Err(failure) => {
                    warn!(service = self.service, writes = taken, %failure, "batch not committed");
                    connection.tx = None;
                    for job in &mut jobs {
                        job.work.refuse(failure.error());
                    }
                }
            }
            for job in jobs.drain(..) {
                job.work.acknowledge();
            }
        }
    }

    async fn commit(&self, connection: &mut Connection, jobs: &mut [Job]) -> Result<Option<i64>, Failure> {
        let Connection { tx, purge } = connection;
        let tx = self.begin(tx).await.map_err(Failure::NotWritten)?;
        let head = batch::run(tx, self.service, jobs, purge).await.map_err(Failure::NotWritten)?;
        batch::commit(tx).await.map_err(Failure::Unknown)?;
        Ok(head)
    }

    /// Begins on the connection at hand; where that was lost meanwhile, on a new one.
    async fn begin<'c>(&self, slot: &'c mut Option<Tx>) -> Result<&'c mut Tx, StoreError> {
        let held = match slot.take() {
            Some(mut tx) => batch::begin(&mut tx).await.is_ok().then_some(tx),
            None => None,
        };
        if let Some(tx) = held {
            return Ok(slot.insert(tx));
        }
        let mut tx = Tx::new(self.pools.write().await?, self.clock.now());
        batch::begin(&mut tx).await?;
        Ok(slot.insert(tx))
    }
}

/// What lasts from batch to batch.
struct Connection {
    tx: Option<Tx>,
    purge: Purge,
}

/// Why a batch was not acknowledged.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("{}", chain(.0))]
    NotWritten(StoreError),
    #[error("{}", chain(.0))]
    Unknown(StoreError),
}

impl Failure {
    /// What each caller of the batch is told: the cause may be another one's, and is in the log.
    fn error(&self) -> StoreError {
        match self {
            Self::NotWritten(StoreError::Aborted) => StoreError::Aborted,
            Self::NotWritten(StoreError::Unavailable(problem)) => StoreError::Unavailable(problem.clone()),
            Self::NotWritten(other) => StoreError::Unavailable(other.to_string()),
            Self::Unknown(cause) => StoreError::OutcomeUnknown(cause.to_string()),
        }
    }
}
