//! The clock of the services in a demonstration: set to a moment, it runs on from there.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use matchday_kernel::{Clock, Instant, SignedDuration};
use matchday_runtime::ambient;

/// A clock that is set by whoever tells the story. Clones are the same clock.
#[derive(Clone, Debug)]
pub(crate) struct DayClock {
    machine: Clock,
    /// How far it is ahead of the machine's, in microseconds.
    ahead: Arc<AtomicI64>,
}

impl DayClock {
    /// A clock that shows what the machine's does.
    pub(crate) fn new() -> Self {
        Self { machine: ambient::clock(), ahead: Arc::default() }
    }

    /// The clock, to be read.
    pub(crate) fn clock(&self) -> Clock {
        let own = self.clone();
        Clock::new(move || {
            let ahead = SignedDuration::from_micros(own.ahead.load(Ordering::SeqCst));
            own.machine.now().saturating_add(ahead)
        })
    }

    /// Sets it to a moment.
    pub(crate) fn set(&self, now: Instant) {
        let ahead = now.since(self.machine.now());
        // the calendar is far shorter than the range
        let micros = i64::try_from(ahead.as_micros()).unwrap_or(i64::MAX);
        self.ahead.store(micros, Ordering::SeqCst);
    }
}
