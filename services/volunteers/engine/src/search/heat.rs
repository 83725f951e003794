//! How much a change may cost, falling while a search goes on.

use crate::random::Dice;
use crate::real::{falling, real, whole};

/// Steps of the table of logarithms.
const STEPS: usize = 4_096;

/// A fall of the heat over a number of changes.
pub(super) struct Heat {
    from: f64,
    over: u64,
    /// What an even draw allows at heat 1: minus its logarithm.
    logarithms: Vec<f64>,
}

impl Heat {
    /// From a fifth of what a choice between two people makes to a fiftieth of it.
    pub(super) fn new(grain: i64, over: u64) -> Self {
        let steps = i64::try_from(STEPS).unwrap_or(1);
        let draw = |step: i64| -((real(step) + 0.5) / real(steps)).ln();
        Self { from: real(grain) / 5.0, over, logarithms: (0..steps).map(draw).collect() }
    }

    /// The most that the next change may cost.
    pub(super) fn most(&self, iteration: u64, dice: &mut Dice) -> i64 {
        let heat = falling(self.from, self.from / 10.0, iteration, self.over);
        whole(heat * self.logarithms[dice.below(STEPS)])
    }
}
