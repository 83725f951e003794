//! What comes out: a roster with its cost and what is proven of others.

use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use crate::model::Roster;

/// What a search may spend. The answer depends on these alone, never on a clock or a number of threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Where random choices begin.
    pub seed: u64,
    /// Passes over all people in search of a bound; they also tell who is likely to hold what.
    pub passes: u64,
    /// Changes that are tried. They also set how the search cools: to replay a run that was stopped, ask for as many
    /// and stop it at the same iteration.
    pub iterations: u64,
    /// How many parts of the search run at once, at least 1.
    pub threads: usize,
}

/// How far a search is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Passes made.
    pub pass: u64,
    /// Changes tried.
    pub iteration: u64,
    /// Cost of the best roster.
    pub best: i64,
    /// No roster costs less, as far as is proven.
    pub bound: i64,
}

/// Is told of progress at fixed iterations, and says whether to go on. It may read a clock; the engine does not.
pub type Watch<'w> = dyn FnMut(Progress) -> ControlFlow<()> + 'w;

/// A roster in which every hard rule holds, and what is known of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The roster.
    pub roster: Roster,
    /// Cost of open seats and of broken soft rules.
    pub cost: i64,
    /// No roster costs less than this: proven. The roster is the best there is where it equals the cost.
    pub bound: i64,
    /// Seats that stay open.
    pub open_seats: u32,
    /// Groups and days on which they are not whole, whether a rule asks for it or not.
    pub broken_groups: usize,
    /// Prices of a seat of each shift, in thousandths of the cost: [`bound`](crate::bound::bound) finds the bound
    /// from them again; it may be lower than the outcome's, where all that was left was looked at.
    pub prices: Vec<i64>,
    /// Passes made.
    pub passes: u64,
    /// Changes tried.
    pub iterations: u64,
}

impl Outcome {
    /// How far the roster may be from the best, in hundredths of a per cent of its cost.
    #[must_use]
    pub fn gap(&self) -> i64 {
        (self.cost - self.bound).saturating_mul(10_000) / self.cost.max(1)
    }
}
