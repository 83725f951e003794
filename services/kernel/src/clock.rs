//! The clock that is handed in, so that a test can set it.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::SignedDuration;

use crate::Instant;

/// Tells what time it is. Clones are the same clock.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Instant + Send + Sync>);

impl Clock {
    /// The clock that a function reads.
    pub fn new(read: impl Fn() -> Instant + Send + Sync + 'static) -> Self {
        Self(Arc::new(read))
    }

    /// The moment it is.
    #[must_use]
    pub fn now(&self) -> Instant {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Clock").finish_non_exhaustive()
    }
}

/// A clock that stands still until it is told to move. Clones, and the clocks they give, move together.
#[derive(Clone, Debug)]
pub struct ManualClock(Arc<AtomicI64>);

impl ManualClock {
    /// A clock that shows this moment.
    #[must_use]
    pub fn new(now: Instant) -> Self {
        Self(Arc::new(AtomicI64::new(now.as_micros())))
    }

    /// The moment it shows.
    #[must_use]
    pub fn now(&self) -> Instant {
        instant(self.0.load(Ordering::SeqCst))
    }

    /// Sets it to a moment.
    pub fn set(&self, now: Instant) {
        self.0.store(now.as_micros(), Ordering::SeqCst);
    }

    /// Moves it on, or back by a negative duration; it stops at the ends of the calendar.
    pub fn advance(&self, by: SignedDuration) {
        let mut now = self.now();
        loop {
            let next = now.saturating_add(by);
            let swap = self.0.compare_exchange(
                now.as_micros(),
                next.as_micros(),
                Ordering::SeqCst,
                Ordering::SeqCst,
            );
            match swap {
                Ok(_) => return,
                Err(moved) => now = instant(moved),
            }
        }
    }

    /// The clock to hand in.
    #[must_use]
    pub fn clock(&self) -> Clock {
        let manual = self.clone();
        Clock::new(move || manual.now())
    }
}

fn instant(micros: i64) -> Instant {
    Instant::from_micros(micros).expect("only the microseconds of an instant are stored")
}
