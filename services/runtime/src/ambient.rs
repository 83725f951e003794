//! The composition root's clock and randomness. Everything else takes them as values.

use matchday_kernel::{Clock, Random, SignedDuration};
use ring::rand::{SecureRandom, SystemRandom};

/// The wall clock of the machine.
#[must_use]
pub fn clock() -> Clock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the wall clock")]
    Clock::new(|| jiff::Timestamp::now().into())
}

/// The wall clock, so much ahead: the clock of a rehearsal.
#[must_use]
pub fn clock_ahead(by: SignedDuration) -> Clock {
    let clock = clock();
    Clock::new(move || clock.now().saturating_add(by))
}

/// The randomness of the machine.
///
/// # Panics
/// When the operating system gives none: nothing that needs ids can go on then.
#[must_use]
pub fn random() -> Random {
    let source = secure_random();
    Random::new(move |bytes| source.fill(bytes).expect("the operating system gives randomness"))
}

/// The randomness that keys are made from.
#[must_use]
pub fn secure_random() -> SystemRandom {
    #[expect(clippy::disallowed_methods, reason = "the one place that opens the source of randomness")]
    SystemRandom::new()
}
