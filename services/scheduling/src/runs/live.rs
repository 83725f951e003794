//! The runs that wait or search in this process, and how far they are.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use futures_util::{StreamExt, stream};
use matchday_api::scheduling::v1 as pb;
use matchday_rpc::parse;
use matchday_store::BoxStream;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tonic::Status;

use super::is_open;

/// Shortest time between two messages of a run.
const TELL_EVERY: Duration = Duration::from_millis(100);

/// A stream of a run as it goes on; its last message is the run as it ended.
pub(crate) type Progress = BoxStream<'static, Result<pb::Run, Status>>;

/// The runs of this process.
#[derive(Clone, Debug, Default)]
pub(super) struct Registry(Arc<Mutex<BTreeMap<String, Live>>>);

/// A run of this process; clones are the same one.
#[derive(Clone, Debug)]
pub(super) struct Live {
    run: Arc<watch::Sender<pb::Run>>,
    /// Ends the search.
    pub(super) halt: CancellationToken,
}

impl Registry {
    /// Enters a run that begins.
    pub(super) fn enter(&self, run: pb::Run) -> Live {
        let name = run.name.clone();
        let live = Live { run: Arc::new(watch::Sender::new(run)), halt: CancellationToken::new() };
        self.all().insert(name, live.clone());
        live
    }

    /// The run of a name, while it goes on here.
    pub(super) fn get(&self, name: &str) -> Option<Live> {
        self.all().get(name).cloned()
    }

    /// Tells everybody how a run has ended, and forgets it.
    pub(super) fn leave(&self, run: pb::Run) {
        if let Some(live) = self.all().remove(&run.name) {
            live.halt.cancel();
            live.run.send_replace(run);
        }
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<String, Live>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Live {
    /// The run as it is.
    pub(super) fn run(&self) -> pb::Run {
        self.run.borrow().clone()
    }

    /// The run searches now.
    pub(super) fn searches(&self) {
        self.run.send_modify(|run| {
            run.state = pb::RunState::Running.into();
            run.progress.get_or_insert_default().phase = pb::RunPhase::Searching.into();
        });
    }

    /// How far it is, as it goes on.
    pub(super) fn progress(&self) -> Progress {
        let mut receiver = self.run.subscribe();
        // the first message is the run as it is
        receiver.mark_changed();
        stream::unfold(Some(receiver), |receiver| async {
            let mut receiver = receiver?;
            receiver.changed().await.ok()?;
            let run = receiver.borrow_and_update().clone();
            let next = is_open(&run).then_some(receiver);
            Some((Ok(run), next))
        })
        .boxed()
    }
}

/// Tells how far a search is, not more often than anybody reads.
pub(super) struct Telling {
    live: Live,
    begun: Instant,
    told: Option<Instant>,
}

impl Telling {
    /// A search begins.
    pub(super) fn new(live: Live) -> Self {
        Self { live, begun: Instant::now(), told: None }
    }

    /// Since it began.
    pub(super) fn elapsed(&self) -> Duration {
        self.begun.elapsed()
    }

    /// Whether it shall end.
    pub(super) fn is_halted(&self) -> bool {
        self.live.halt.is_cancelled()
    }

    /// How far it is.
    pub(super) fn tell(&mut self, progress: impl FnOnce() -> pb::RunProgress) {
        let now = Instant::now();
        if self.told.is_some_and(|told| now.duration_since(told) < TELL_EVERY) {
            return;
        }
        self.told = Some(now);
        self.live.run.send_modify(|run| {
            if is_open(run) {
                run.progress = Some(progress());
            }
        });
    }
}

/// A length of time of the machine, as the contract writes it.
pub(super) fn length(time: Duration) -> prost_types::Duration {
    parse::to_duration(time.try_into().unwrap_or_default())
}
