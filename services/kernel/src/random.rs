//! The randomness that is handed in, so that a test can repeat it.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use uuid::Uuid;

use crate::Clock;

/// Fills bytes at random. Clones draw from the same source.
#[derive(Clone)]
pub struct Random(Arc<Fill>);

type Fill = dyn Fn(&mut [u8]) + Send + Sync;

impl Random {
    /// The source that a function fills bytes from.
    pub fn new(fill: impl Fn(&mut [u8]) + Send + Sync + 'static) -> Self {
        Self(Arc::new(fill))
    }

    /// A source that gives the same bytes for the same seed: `SplitMix64`, for tests and simulations, not
    /// for secrets.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        const GAMMA: u64 = 0x9E37_79B9_7F4A_7C15;
        let state = AtomicU64::new(seed);
        Self::new(move |bytes| {
            for chunk in bytes.chunks_mut(8) {
                let drawn = state.fetch_add(GAMMA, Ordering::SeqCst).wrapping_add(GAMMA);
                chunk.copy_from_slice(&mix(drawn).to_le_bytes()[..chunk.len()]);
            }
        })
    }

    /// Fills the bytes.
    pub fn fill(&self, bytes: &mut [u8]) {
        (self.0)(bytes);
    }
}

/// The output function of `SplitMix64` (Steele, Lea and Flood, 2014).
fn mix(state: u64) -> u64 {
    let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

impl fmt::Debug for Random {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Random").finish_non_exhaustive()
    }
}

/// A new id that sorts by the millisecond it was made in (UUID version 7). A clock before 1970 counts as
/// 1970.
#[must_use]
pub fn uuid_v7(clock: &Clock, random: &Random) -> Uuid {
    let millis = u64::try_from(clock.now().as_micros() / 1000).unwrap_or(0);
    let mut bytes = [0; 10];
    random.fill(&mut bytes);
    uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
}
