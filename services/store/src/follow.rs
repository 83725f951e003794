//! Follows the log of another service and applies its events exactly once.

use std::{panic::AssertUnwindSafe, panic::catch_unwind, sync::Arc, time::Duration};

use futures_util::StreamExt;
use tokio::{
    sync::watch,
    time::{interval, sleep},
};
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use crate::{
    Defect, Effect, Event, Follower, FollowerStatus, Health, Position, Source, SourceError, Store,
    StoreError, cursor,
    job::message,
    lease::{Candidate, Lease},
    source::chain,
    step::{self, ApplyError},
};

/// Most events applied in one transaction.
const CHUNK: usize = 256;
/// How often a replica that stands by asks for the lease.
const STANDBY: Duration = Duration::from_millis(500);
/// How often the lease is confirmed.
const CONFIRM: Duration = Duration::from_secs(5);
/// The first pause after a failure; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// The longest pause.
const LAST_PAUSE: Duration = Duration::from_secs(5);

/// Follows a log until `stop` is cancelled.
///
/// An event's effect and the cursor are written in one transaction. Of several replicas one follows. What
/// cannot be applied stops the follower, shows in `status`, and is tried again until it can.
pub async fn follow(
    store: Store,
    follower: Follower,
    source: Arc<dyn Source>,
    effect: Arc<dyn Effect>,
    status: watch::Sender<FollowerStatus>,
    stop: CancellationToken,
) {
    let pause = FIRST_PAUSE;
    let mut following = Following { store, follower, source, effect, status, is_red: false, pause };
    stop.run_until_cancelled(following.forever()).await;
}

struct Following {
    store: Store,
    follower: Follower,
    source: Arc<dyn Source>,
    effect: Arc<dyn Effect>,
    status: watch::Sender<FollowerStatus>,
    /// Whether an event could not be applied, and was not since.
    is_red: bool,
    /// The next pause; back to the first one when an event was applied.
    pause: Duration,
}

/// Why following came to an end for now.
enum End {
    Waiting(String),
    Stopped(String),
    LeaseLost,
}

impl From<SourceError> for End {
    fn from(error: SourceError) -> Self {
        match error {
            SourceError::Unavailable(reason) => Self::Waiting(reason),
            SourceError::Foreign(reason) => Self::Stopped(reason),
        }
    }
}

impl From<ApplyError> for End {
    fn from(error: ApplyError) -> Self {
        let reason = chain(&error);
        if error.is_temporary() { Self::Waiting(reason) } else { Self::Stopped(reason) }
    }
}

impl Following {
    async fn forever(&mut self) {
        let name = format!("{}/{}", self.follower.name, self.follower.log);
        let mut candidate = Candidate::new(self.store.service(), self.store.pools(), &name);
        loop {
            match candidate.take().await {
                Ok(Some(lease)) => {
                    self.lead(lease).await;
                    self.pause = FIRST_PAUSE;
                }
                Ok(None) => {
                    self.show(Health::Standby);
                    // who waits for an event here learns what the other replica has applied
                    if let Ok(position) = self.position().await {
                        self.show_position(position);
                    }
                    sleep(STANDBY).await;
                }
                Err(error) => {
                    self.show(Health::Waiting { reason: chain(&error) });
                    self.rest().await;
                }
            }
        }
    }

    /// Follows as long as the lease is held.
    async fn lead(&mut self, mut lease: Lease) {
        loop {
            match self.tail(&mut lease).await {
                End::LeaseLost => return,
                End::Waiting(reason) => self.show(Health::Waiting { reason }),
                End::Stopped(reason) => self.show(Health::Stopped { reason }),
            }
            self.rest().await;
            if !lease.is_held().await {
                return;
            }
        }
    }

    /// Follows from the cursor on, until something comes in between.
    async fn tail(&mut self, lease: &mut Lease) -> End {
        let position = match self.position().await {
            Ok(position) => position,
            Err(error) => return End::Waiting(chain(&error)),
        };
        self.show_position(position);
        let tail = match self.source.tail(position).await {
            Ok(tail) => tail,
            Err(error) => return error.into(),
        };
        // a defect stays red until its event was applied
        if !self.is_red {
            self.show(Health::Following);
        }
        let mut chunks = tail.ready_chunks(CHUNK);
        let mut confirm = interval(CONFIRM);
        // the first tick comes at once, and the lease was confirmed a moment ago
        confirm.tick().await;
        loop {
            tokio::select! {
                chunk = chunks.next() => {
                    let Some(chunk) = chunk else { return End::Waiting("the stream of events ended".to_owned()) };
                    if let Err(end) = self.take(chunk).await {
                        return end;
                    }
                }
                _ = confirm.tick() => {
                    if !lease.is_held().await {
                        return End::LeaseLost;
                    }
                }
            }
        }
    }

    /// Applies what a stream has given, up to its first error.
    async fn take(&mut self, chunk: Vec<Result<Event, SourceError>>) -> Result<(), End> {
        let mut events = Vec::with_capacity(chunk.len());
        let mut error = None;
        for item in chunk {
            match item {
                Ok(event) => events.push(event),
                Err(failure) => {
                    error = Some(failure);
                    break;
                }
            }
        }
        if !events.is_empty() {
            self.apply(events.into()).await?;
        }
        error.map_or(Ok(()), |error| Err(error.into()))
    }

    /// Applies events together; when that fails, one by one, so that those before the defect count.
    async fn apply(&mut self, events: Arc<[Event]>) -> Result<(), End> {
        if events.len() > 1 {
            match self.try_write(events.clone()).await {
                Ok(position) => {
                    self.applied(position);
                    return Ok(());
                }
                Err(error) if error.is_temporary() => return Err(error.into()),
                Err(error) => debug!(%error, "events are applied one by one"),
            }
        }
        for event in events.iter() {
            let position = self.try_write(Arc::new([event.clone()])).await.inspect_err(|error| {
                self.is_red |= !error.is_temporary();
            })?;
            self.applied(position);
        }
        Ok(())
    }

    fn applied(&mut self, position: Position) {
        self.is_red = false;
        self.pause = FIRST_PAUSE;
        self.show_position(position);
        self.show(Health::Following);
    }

    async fn try_write(&self, events: Arc<[Event]>) -> Result<Position, ApplyError> {
        let effect = self.effect.clone();
        let locks = catch_unwind(AssertUnwindSafe(|| effect.locks(&events)))
            .map_err(|panic| Defect(format!("the locks panicked: {}", message(panic.as_ref()))))?;
        step::write(&self.store, &self.follower, effect, locks, events).await
    }

    async fn position(&self) -> Result<Position, StoreError> {
        let mut conn = self.store.read().await?;
        cursor::load(&mut conn, &self.follower).await
    }

    fn show_position(&self, position: Position) {
        self.status.send_if_modified(|status| {
            let is_new = (status.log_id, status.sequence) != (position.log_id, position.sequence);
            status.log_id = position.log_id;
            status.sequence = position.sequence;
            is_new
        });
    }

    fn show(&self, health: Health) {
        let Follower { name, log } = &self.follower;
        self.status.send_if_modified(|status| {
            if status.health == health {
                return false;
            }
            match &health {
                Health::Stopped { reason } => warn!(follower = name, log, reason, "follower stopped"),
                Health::Waiting { reason } => info!(follower = name, log, reason, "follower waits"),
                other => info!(follower = name, log, health = ?other, "follower"),
            }
            status.health = health;
            true
        });
    }

    async fn rest(&mut self) {
        sleep(self.pause).await;
        self.pause = (self.pause * 2).min(LAST_PAUSE);
    }
}
