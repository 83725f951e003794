//! Chance, by a seed.

use matchday_kernel::Random;

/// Draws that a seed decides.
#[derive(Clone)]
pub(crate) struct Dice(Random);

impl Dice {
    /// The dice of a seed.
    pub(crate) fn of(seed: u64) -> Self {
        Self(Random::seeded(seed))
    }

    /// A number from 0 on, below `sides`; 0 when there are none.
    pub(crate) fn below(&self, sides: usize) -> usize {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        // the low digits are as random as the others, and the bias is far below what a crowd shows
        let drawn = u64::from_le_bytes(bytes) >> 1;
        usize::try_from(drawn).unwrap_or(usize::MAX).checked_rem(sides).unwrap_or(0)
    }

    /// A time from one to another.
    pub(crate) fn between(&self, from: i64, until: i64) -> i64 {
        let span = usize::try_from(until - from).unwrap_or(0);
        from + i64::try_from(self.below(span)).unwrap_or(0)
    }

    /// Whether what happens once in so many times happens.
    pub(crate) fn once_in(&self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// Puts things into any order.
    pub(crate) fn shuffle<T>(&self, things: &mut [T]) {
        for last in (1..things.len()).rev() {
            things.swap(last, self.below(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_decides() {
        let drawn = |seed| {
            (0..20)
                .map(move |_| ())
                .map({
                    let dice = Dice::of(seed);
                    move |()| dice.below(100)
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(drawn(1), drawn(1));
        assert_ne!(drawn(1), drawn(2));
        assert!(drawn(3).iter().all(|it| *it < 100));
        assert_eq!(Dice::of(1).below(0), 0);
    }

    #[test]
    fn shuffled_things_are_all_there() {
        let mut things: Vec<usize> = (0..50).collect();
        Dice::of(4).shuffle(&mut things);
        assert_ne!(things, (0..50).collect::<Vec<_>>());
        things.sort_unstable();
        assert_eq!(things, (0..50).collect::<Vec<_>>());
    }
}
