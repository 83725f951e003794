//! The outbox: takes messages that are due, one attempt at a time, and writes down what each came to.
//!
//! | file | subject |
//! |---|---|
//! | `claims` | messages claimed before an attempt, settled after it, and those that a dead process has left |
//! | `sender` | the ways out, and which this process has |
//! | `file`, `webhook`, `smtp` | each of them |
//!
//! It wakes when the log grows, because a broadcast leaves an event; when the next attempt is due; and when an attempt
//! has ended. Each process holds the lease of its id for as long as it lives: what somebody has claimed whose lease is
//! free was cut off. See `docs/adr/0016-outbox.md`.

mod claims;
mod file;
pub(crate) mod sender;
mod smtp;
mod webhook;

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use matchday_kernel::Instant;
use matchday_rpc::fault_status;
use matchday_runtime::Desk;
use matchday_store::{Lease, Locks, StoreError};
use tokio::sync::{Notify, Semaphore, oneshot};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tonic::{Code, Status};

use self::{
    claims::{claim, cut_off, settle_one},
    sender::{Letter, Sender},
};
use crate::{
    Error,
    domain::message::{Channel, Outcome},
    store::messages::{self, MessageRow},
};

/// The lock that messages are claimed and settled under.
pub(crate) const LOCK: &str = "outbox";
/// Who writes down what becomes of messages.
const ACTOR: &str = "services/volunteers";
/// Attempts at once in a process.
const AT_ONCE: usize = 16;
/// How often it is looked whether another process that has claimed messages is alive.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// How long after a failure of the database it is tried again.
const RETRY: Duration = Duration::from_millis(500);

/// The outbox of a process.
pub(crate) struct Outbox {
    shared: Arc<Shared>,
    lease: Option<Lease>,
    finishing: TaskTracker,
    stop: CancellationToken,
}

/// What attempts share with the outbox.
struct Shared {
    desk: Desk,
    senders: Vec<Sender>,
    /// Id of this process.
    holder: String,
    places: Arc<Semaphore>,
    /// Names of the messages whose attempts are under way here.
    under_way: Mutex<BTreeSet<String>>,
    /// An attempt has ended.
    freed: Notify,
}

impl Outbox {
    /// Opens the outbox of a new process id.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]
    pub(crate) async fn open(
        desk: Desk,
        senders: Vec<Sender>,
        finishing: TaskTracker,
        stop: CancellationToken,
    ) -> Result<Self, StoreError> {
        let holder = desk.new_id().to_string();
        let lease = desk.store().lease(&lease_name(&holder)).await?;
        let shared = Shared {
            desk,
            senders,
            holder,
            places: Arc::new(Semaphore::new(AT_ONCE)),
            under_way: Mutex::default(),
            freed: Notify::new(),
        };
        Ok(Self { shared: Arc::new(shared), lease, finishing, stop })
    }

    /// Sends what is due for as long as the process runs. Attempts that have begun are finished when it ends.
    pub(crate) async fn run(mut self) {
        let mut head = self.shared.desk.store().log().subscribe();
        loop {
            head.mark_unchanged();
            let wait = self.step().await.unwrap_or_else(|status| {
                tracing::warn!(problem = status.message(), "messages are not sent for now");
                Some(RETRY)
            });
            let due = async {
                match wait {
                    Some(wait) => tokio::time::sleep(wait).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                _ = head.changed() => {}
                () = self.shared.freed.notified() => {}
                () = due => {}
            }
        }
    }

    /// Cuts off what dead processes have left, begins what is due, and says how long there is nothing to do.
    async fn step(&mut self) -> Result<Option<Duration>, Status> {
        self.hold().await?;
        let others = self.recover().await?;
        let channels: Vec<Channel> = self.shared.senders.iter().map(Sender::channel).collect();
        // a claim that has begun is followed by its attempts, also when the process is asked to end meanwhile
        let claimed = self.finishing.spawn(begin(
            self.shared.clone(),
            channels.clone(),
            self.finishing.clone(),
            self.stop.clone(),
        ));
        claimed.await.map_err(|error| Status::internal(error.to_string()))??;
        let look = (!others.is_empty()).then_some(LOOK_EVERY);
        if channels.is_empty() || self.shared.places.available_permits() == 0 {
            return Ok(look);
        }
        let mut conn = self.shared.desk.read().await?;
        let due = messages::next_due(&mut conn, &channels).await.map_err(Error::from)?;
        let due = due.map(|due| until(due, self.shared.desk.now()));
        Ok(match (due, look) {
            (Some(due), Some(look)) => Some(due.min(look)),
            (due, look) => due.or(look),
        })
    }

    /// Holds the lease of this process, again where its connection was lost.
    async fn hold(&mut self) -> Result<(), Status> {
        let is_held = match &mut self.lease {
            Some(lease) => lease.is_held().await,
            None => false,
        };
        if !is_held {
            self.lease = None;
            self.lease = self.shared.lease_of(&self.shared.holder).await?;
        }
        Ok(())
    }

    /// Cuts off the attempts of processes that have let go of their lease. Returns those that live.
    async fn recover(&self) -> Result<Vec<String>, Status> {
        let Shared { desk, holder, .. } = &*self.shared;
        let mut conn = desk.read().await?;
        let holders = messages::other_holders(&mut conn, holder).await.map_err(Error::from)?;
        drop(conn);
        let mut alive = Vec::new();
        for holder in holders {
            let Some(_let_go) = self.shared.lease_of(&holder).await? else {
                alive.push(holder);
                continue;
            };
            let call = desk.own_call(ACTOR, desk.new_change());
            let none = BTreeSet::new();
            let work = desk.carry_out(call, Locks::of([LOCK]), move |tx| Box::pin(cut_off(tx, holder, none)));
            work.await?;
        }
        Ok(alive)
    }
}

/// Claims what is due, and begins its attempts.
async fn begin(
    shared: Arc<Shared>,
    channels: Vec<Channel>,
    finishing: TaskTracker,
    stop: CancellationToken,
) -> Result<(), Status> {
    let (holder, under_way) = (shared.holder.clone(), shared.under_way().clone());
    let (most, desk) = (shared.places.available_permits(), &shared.desk);
    let (told, mut claimed) = oneshot::channel();
    let call = desk.own_call(ACTOR, desk.new_change());
    let work = desk.carry_out(call, Locks::of([LOCK]), move |tx| {
        Box::pin(async move {
            // what this process has claimed and does not know of: its attempt was not begun, or not written down
            cut_off(tx, holder.clone(), under_way).await?;
            // nobody listens any more only when the process ends
            let _ = told.send(claim(tx, &holder, &channels, most).await?);
            Ok::<_, Error>(())
        })
    });
    work.await?;
    for row in claimed.try_recv().unwrap_or_default() {
        let place = shared.places.clone().try_acquire_owned();
        let place = place.map_err(|error| Status::internal(error.to_string()))?;
        shared.under_way().insert(row.name.clone());
        let (shared, stop) = (shared.clone(), stop.clone());
        finishing.spawn(async move {
            shared.attempt(row, &stop).await;
            drop(place);
            shared.freed.notify_one();
        });
    }
    Ok(())
}

impl Shared {
    fn under_way(&self) -> std::sync::MutexGuard<'_, BTreeSet<String>> {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn lease_of(&self, holder: &str) -> Result<Option<Lease>, Status> {
        self.desk.store().lease(&lease_name(holder)).await.map_err(|error| fault_status(&error))
    }

    /// Makes one attempt, and writes down what it came to.
    async fn attempt(&self, row: MessageRow, stop: &CancellationToken) {
        let (name, attempt) = (row.name.clone(), (row.attempts, row.attempted));
        let channel = messages::channel(row.channel);
        let outcome = match self.senders.iter().find(|sender| Some(sender.channel()) == channel) {
            Some(sender) => sender.send(Letter::of(row)).await,
            None => Outcome::NotNow("this process has no sender of the channel".to_owned()),
        };
        self.write_down(&name, attempt, outcome, stop).await;
        self.under_way().remove(&name);
    }

    /// Writes down what an attempt came to, for as long as that fails and the process runs.
    async fn write_down(
        &self,
        name: &str,
        attempt: (i32, Option<i64>),
        outcome: Outcome,
        stop: &CancellationToken,
    ) {
        loop {
            let (name_of, what) = (name.to_owned(), outcome.clone());
            let call = self.desk.own_call(ACTOR, self.desk.new_change());
            let written = self.desk.carry_out(call, Locks::of([LOCK]), move |tx| {
                Box::pin(settle_one(tx, name_of, attempt, what))
            });
            let Err(status) = written.await else { return };
            tracing::warn!(
                message = name,
                problem = status.message(),
                "what an attempt came to is not written"
            );
            let may_pass = matches!(status.code(), Code::Unavailable | Code::Aborted | Code::Unknown);
            if stop.is_cancelled() || !may_pass {
                return;
            }
            tokio::time::sleep(RETRY).await;
        }
    }
}

fn lease_name(holder: &str) -> String {
    format!("outbox/{holder}")
}

/// How long it is until a moment; nothing when it is past.
fn until(due: Instant, now: Instant) -> Duration {
    due.since(now).try_into().unwrap_or_default()
}
