//! Random numbers that are the same for the same seed, on every machine.

/// Splitmix64, after Steele, Lea and Flood (2014).
#[derive(Clone, Debug)]
pub(crate) struct Dice {
    state: u64,
}

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// A seed for other dice.
    pub(crate) fn seed(&mut self) -> u64 {
        self.roll()
    }

    fn roll(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `count`; 0 when there is none.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        let high = (u128::from(self.roll()) * count as u128) >> 64;
        usize::try_from(high).unwrap_or(0)
    }

    /// One of a list; `None` of an empty one.
    pub(crate) fn pick<'t, T>(&mut self, items: &'t [T]) -> Option<&'t T> {
        items.get(self.below(items.len()))
    }

    /// One of a list, the first ones more often: a place is drawn as the square of an even draw.
    pub(crate) fn pick_first<'t, T>(&mut self, items: &'t [T]) -> Option<&'t T> {
        let draw = u128::from(self.roll() >> 32);
        let at = (draw * draw * items.len() as u128) >> 64;
        items.get(usize::try_from(at).unwrap_or(0))
    }

    /// True in `share` of 1,024 cases.
    pub(crate) fn chance(&mut self, share: usize) -> bool {
        self.below(1024) < share
    }

    /// Puts items in a random order.
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }
}
