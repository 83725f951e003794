//! What many watch is computed once: one task for each subject, from its first watcher to its last.
//!
//! A feed holds the newest state and nothing else. A watcher takes what is newest when it can: one that does not read holds
//! no memory, and nobody waits for it. The task computes when something was written, and after a while without any write,
//! because time alone changes what is true; it rests in between, so that gates go first.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures_util::stream::try_unfold;
use matchday_api::visitors::v1 as pb;
use matchday_kernel::{OpeningName, VenueName};
use matchday_runtime::Desk;
use matchday_store::{BoxFuture, BoxStream, Log};
use tokio::{sync::watch, time};
use tonic::Status;

use crate::grpc::{alert_watch::Alerts, watched};

/// How often a feed computes at the most.
const RESTS: Duration = Duration::from_millis(250);

/// The newest state, or why there is none any more; nothing before the first.
type Newest<T> = Option<Result<Arc<T>, Status>>;
/// Computes the state of a subject.
type Compute<K, T> = Arc<dyn Fn(K) -> BoxFuture<'static, Result<T, Status>> + Send + Sync>;

/// The feeds of a process.
#[derive(Clone)]
pub(crate) struct Feeds {
    /// How many people are in the zones of a venue.
    pub(crate) occupancy: Feed<VenueName, pb::VenueOccupancy>,
    /// The alerts of a venue.
    pub(crate) alerts: Feed<VenueName, Alerts>,
    /// An opening as whoever runs its gates sees it.
    pub(crate) gates: Feed<OpeningName, pb::GateView>,
}

impl Feeds {
    /// Feeds nobody watches yet.
    pub(crate) fn new(desk: &Desk) -> Self {
        let (log, quiet, busy) = (desk.store().log(), Duration::from_secs(15), Duration::from_secs(1));
        let (occupancy, alerts, gates) = (desk.clone(), desk.clone(), desk.clone());
        let occupancy = move |venue| watched::occupancy(occupancy.clone(), venue);
        let alerts = move |venue| Alerts::read(alerts.clone(), venue);
        let gates = move |opening| watched::gate(gates.clone(), opening);
        Self {
            occupancy: Feed::new(log.clone(), quiet, occupancy, watched::is_same),
            alerts: Feed::new(log.clone(), quiet, alerts, Alerts::eq),
            // a scan is no event: gates are looked at
            gates: Feed::new(log, busy, gates, watched::is_same_gate),
        }
    }
}

/// What is computed for each subject that somebody watches.
pub(crate) struct Feed<K, T> {
    log: Log,
    compute: Compute<K, T>,
    is_same: fn(&T, &T) -> bool,
    looks_every: Duration,
    running: Arc<Mutex<HashMap<K, watch::Sender<Newest<T>>>>>,
}

impl<K, T> Clone for Feed<K, T> {
    fn clone(&self) -> Self {
        Self {
            log: self.log.clone(),
            compute: self.compute.clone(),
            is_same: self.is_same,
            looks_every: self.looks_every,
            running: self.running.clone(),
        }
    }
}

impl<K, T> Feed<K, T>
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    T: Send + Sync + 'static,
{
    fn new<F, R>(log: Log, looks_every: Duration, compute: F, is_same: fn(&T, &T) -> bool) -> Self
    where
        F: Fn(K) -> R + Send + Sync + 'static,
        R: Future<Output = Result<T, Status>> + Send + 'static,
    {
        Self {
            log,
            compute: Arc::new(move |subject| Box::pin(compute(subject))),
            is_same,
            looks_every,
            running: Arc::default(),
        }
    }

    /// The newest state of a subject, and each newer one; whoever is the first begins the task.
    pub(crate) fn watch(&self, subject: &K) -> watch::Receiver<Newest<T>> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = running.get(subject) {
            return sender.subscribe();
        }
        let (sender, receiver) = watch::channel(None);
        running.insert(subject.clone(), sender.clone());
        tokio::spawn(self.clone().run(subject.clone(), sender));
        receiver
    }

    /// States one after the other, as `show` makes messages of them and of what was shown before; `None` is no news. It
    /// ends where `show` fails.
    pub(crate) fn stream<M: Send + 'static, S: Send + 'static>(
        &self,
        subject: &K,
        shown: S,
        show: impl Fn(&mut S, &T) -> Result<Option<M>, Status> + Send + Sync + 'static,
    ) -> BoxStream<'static, Result<M, Status>> {
        let show = Arc::new(show);
        Box::pin(try_unfold((self.watch(subject), shown, true), move |(mut newest, mut shown, is_first)| {
            let show = show.clone();
            async move {
                let mut waits = !is_first;
                loop {
                    if waits && newest.changed().await.is_err() {
                        return Ok(None);
                    }
                    waits = true;
                    let state = newest.borrow_and_update().clone().transpose()?;
                    let message = state.map(|state| show(&mut shown, &state)).transpose()?.flatten();
                    if let Some(message) = message {
                        return Ok(Some((message, (newest, shown, false))));
                    }
                }
            }
        }))
    }

    async fn run(self, subject: K, sender: watch::Sender<Newest<T>>) {
        let mut log = self.log.subscribe();
        while !self.ends(&subject, &sender) {
            // what is appended while it computes wakes it again
            log.borrow_and_update();
            let state = (self.compute)(subject.clone()).await;
            let is_over = state.is_err();
            sender.send_if_modified(|newest| {
                let is_news = match (&*newest, &state) {
                    (Some(Ok(before)), Ok(now)) => !(self.is_same)(before, now),
                    _ => true,
                };
                if is_news {
                    *newest = Some(state.map(Arc::new));
                }
                is_news
            });
            if is_over {
                self.forget(&subject);
                return;
            }
            let rests = time::sleep(RESTS);
            tokio::select! {
                () = rests => {}
                () = sender.closed() => continue,
            }
            tokio::select! {
                // neither silence nor the end of the log is an error: streams end with the process
                _ = time::timeout(self.looks_every, log.changed()) => {}
                () = sender.closed() => {}
            }
        }
    }

    /// Whether nobody watches any more; then the next watcher begins another task.
    fn ends(&self, subject: &K, sender: &watch::Sender<Newest<T>>) -> bool {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let is_over = sender.receiver_count() == 0;
        if is_over {
            running.remove(subject);
        }
        is_over
    }

    fn forget(&self, subject: &K) {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).remove(subject);
    }

    /// How many subjects are watched.
    #[cfg(test)]
    pub(crate) fn running(&self) -> usize {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Weak,
        atomic::{AtomicU64, Ordering},
    };

    use futures_util::{StreamExt, future::join_all};
    use matchday_store::{Locks, testing};

    use super::*;
    use crate::{Error, stage};

    /// A feed that counts how often it computes, and gives each state a weight that is gone with it.
    struct Counted {
        feed: Feed<&'static str, (u64, Vec<u8>)>,
        computed: Arc<AtomicU64>,
        store: matchday_store::Store,
    }

    async fn counted() -> Vec<(testing::TestDatabase, Counted)> {
        let counted = stage::houses().await.into_iter().map(|(database, [store, _])| {
            let computed = Arc::new(AtomicU64::new(0));
            let count = computed.clone();
            let compute = move |_: &'static str| {
                let state = count.fetch_add(1, Ordering::SeqCst) + 1;
                std::future::ready(Ok((state, vec![0; 1 << 20])))
            };
            let feed = Feed::new(store.log(), Duration::from_mins(10), compute, |one, other| one == other);
            (database, Counted { feed, computed, store })
        });
        counted.collect()
    }

    async fn ended<T: Send + Sync + 'static>(feed: &Feed<&'static str, T>) {
        let ends = async {
            while feed.running() > 0 {
                tokio::task::yield_now().await;
            }
        };
        time::timeout(testing::PATIENCE, ends).await.expect("nobody watches it");
    }

    impl Counted {
        fn states(&self) -> BoxStream<'static, Result<u64, Status>> {
            self.feed.stream(&"place", (), |(), (state, _)| Ok(Some(*state)))
        }

        async fn write(&self) {
            let locks = Locks::none();
            let event = |tx: &mut matchday_store::Tx| {
                tx.emit(matchday_store::NewEvent::new(
                    "sites/s",
                    None,
                    &pb::ReadingsRecorded { venue: "sites/s/venues/v".into(), readings: 1 },
                ));
            };
            let written = stage::write(&self.store, stage::minute(0), locks, move |tx| {
                event(tx);
                Box::pin(async { Ok::<_, Error>(pb::ReadingsRecorded::default()) })
            });
            written.await.unwrap();
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn five_hundred_watchers_cost_one_computation_and_one_who_never_reads_costs_nothing() {
        const WATCHERS: usize = 500;
        for (database, counted) in counted().await {
            let mut watchers: Vec<_> = (0..WATCHERS).map(|_| counted.states()).collect();
            let sleeper = counted.feed.watch(&"place");
            let first = join_all(watchers.iter_mut().map(StreamExt::next)).await;
            assert!(first.iter().all(|state| matches!(state, Some(Ok(1)))), "{}", database.name());
            assert_eq!(counted.computed.load(Ordering::SeqCst), 1, "{}", database.name());

            let mut held: Vec<Weak<(u64, Vec<u8>)>> = Vec::new();
            for round in 2..=4 {
                held.extend(sleeper.borrow().as_ref().and_then(|it| it.as_ref().ok()).map(Arc::downgrade));
                counted.write().await;
                let next = join_all(watchers.iter_mut().map(StreamExt::next)).await;
                assert!(next.iter().all(|state| matches!(state, Some(Ok(state)) if *state >= round)));
            }
            let computed = counted.computed.load(Ordering::SeqCst);
            assert!(computed <= 8, "{computed} computations for three writes and {WATCHERS} watchers");
            assert_eq!(
                held.iter().filter(|state| state.upgrade().is_some()).count(),
                0,
                "only the newest is held"
            );
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_feed_ends_with_its_last_watcher_and_begins_with_the_next() {
        for (_database, counted) in counted().await {
            let mut one = counted.states();
            assert!(matches!(one.next().await, Some(Ok(1))));
            assert_eq!(counted.feed.running(), 1);
            drop(one);
            ended(&counted.feed).await;
            let mut next = counted.states();
            assert!(matches!(next.next().await, Some(Ok(2))));
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_cannot_be_computed_ends_its_streams_and_is_tried_by_the_next() {
        let (_database, [store, _]) = stage::houses().await.remove(0);
        let tries = Arc::new(AtomicU64::new(0));
        let count = tries.clone();
        let compute = move |_: &'static str| {
            let is_first = count.fetch_add(1, Ordering::SeqCst) == 0;
            std::future::ready(if is_first { Err(Status::unavailable("gone")) } else { Ok(7) })
        };
        let feed = Feed::new(store.log(), Duration::from_mins(10), compute, |one: &i32, other| one == other);
        let states = || feed.stream(&"place", (), |(), state| Ok(Some(*state)));
        assert!(matches!(states().next().await, Some(Err(_))));
        ended(&feed).await;
        assert!(matches!(states().next().await, Some(Ok(7))));
    }
}
