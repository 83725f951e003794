//! Chance that can be repeated: the same seed throws the same numbers.

use matchday_kernel::Random;

/// Throws numbers.
#[derive(Debug)]
pub struct Dice(Random);

impl Dice {
    /// Dice for a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(Random::seeded(seed))
    }

    /// A number from 0 to `limit` - 1.
    ///
    /// # Panics
    /// When the limit is 0.
    #[must_use]
    pub fn below(&self, limit: u64) -> u64 {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        u64::from_le_bytes(bytes) % limit
    }

    /// One of some things.
    ///
    /// # Panics
    /// When there are none.
    #[must_use]
    pub fn one_of<'a, T>(&self, things: &'a [T]) -> &'a T {
        let index = self.below(u64::try_from(things.len()).unwrap_or(u64::MAX));
        &things[usize::try_from(index).unwrap_or_default()]
    }
}
