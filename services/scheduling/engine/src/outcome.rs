//! What comes out: a timetable with its proof, or the reason why there is none.

use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use crate::model::{Minute, Place, Timetable};

/// What a search may spend. The answer depends on these alone, never on a clock or a number of threads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Where random choices begin.
    pub seed: u64,
    /// Conflicts of the exact search, over all its stages; each solution on its way counts as one, too.
    pub conflicts: u64,
    /// Rounds of the large-neighbourhood search.
    pub rounds: u64,
}

/// How far a search is.
///
/// The last one told holds all that was spent, also on the reason and the ladder where nothing is feasible. A search
/// with the same seed, that many conflicts and that many rounds finds the same, whatever ended this one; a reason or a
/// ladder that was cut short is then told in full.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Rounds and conflicts spent.
    pub iteration: u64,
    /// Of these, conflicts of the exact search; the others are rounds.
    pub conflicts: u64,
    /// Cost of the best timetable; `None` before the first.
    pub best: Option<i64>,
    /// No timetable costs less, as far as is proven.
    pub bound: Option<i64>,
}

/// Is told of progress often, and says whether to go on. It may read a clock; the engine does not.
pub type Watch<'w> = dyn FnMut(Progress) -> ControlFlow<()> + 'w;

/// What a search found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// No timetable costs less: proven.
    Optimal(Found),
    /// The best that was found, and what is proven of others.
    Best {
        /// The timetable.
        found: Found,
        /// No timetable costs less than this.
        bound: i64,
    },
    /// There is none: proven.
    Infeasible(Reason),
    /// The budget ended, or the search was stopped, before either was known; or what was found did not pass the
    /// [check](crate::check).
    Unknown,
}

/// A timetable that holds every hard rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The timetable.
    pub timetable: Timetable,
    /// Cost of the soft rules that are broken.
    pub cost: i64,
    /// Rounds and conflicts spent until it was found.
    pub iteration: u64,
}

/// Why nothing is feasible.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// What cannot be, with its numbers.
    pub sentence: String,
    /// Ids of the rules that contradict each other: the sentence stands on each of them and falls without any one,
    /// unless it says that not all may be needed.
    /// Places and pins take part without being named.
    pub rules: Vec<String>,
    /// The matches concerned, by place in the list; empty when it is all of them.
    pub matches: Vec<usize>,
    /// What the steps of the ladder lead to, in order; empty when the instance has none.
    pub ladder: Vec<Step>,
}

/// What a step of the ladder leads to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What the step is called.
    pub title: String,
    /// What it leads to.
    pub leads_to: LeadsTo,
}

/// What comes of a step of the ladder, in a short search: a longer one may find it cheaper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeadsTo {
    /// A timetable, with its cost.
    Works {
        /// Cost of its soft rules.
        cost: i64,
        /// The timetable.
        timetable: Timetable,
        /// What a repair costs; nothing where a timetable is made afresh.
        price: Option<Price>,
    },
    /// It is not enough: why.
    Infeasible(String),
    /// The budget ended before that was known.
    Unknown,
}

/// What a repair costs, in the order in which it counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Price {
    /// People to be told: of each team and match concerned once.
    pub people: u64,
    /// Kick-offs moved.
    pub kick_offs: u32,
    /// Matches that move to another pitch and keep their kick-off.
    pub pitches: u32,
    /// Cost of the soft rules.
    pub quality: i64,
}

/// One way to repair a timetable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The timetable.
    pub timetable: Timetable,
    /// What it costs.
    pub price: Price,
    /// No other timetable has a lower price in this option's order, among those that move as few kick-offs where the
    /// title says so: proven.
    pub optimal: bool,
    /// What sets it apart: `fewest people told`.
    pub title: String,
    /// What moves.
    pub moves: Vec<Move>,
}

/// A match that moves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// The match.
    pub index: usize,
    /// Where it stood.
    pub from: Place,
    /// Where it stands.
    pub to: Place,
    /// Why, in a sentence: its own place is lost, or whom it gives way to.
    pub why: String,
}

/// What came of a repair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Repair {
    /// Ways to repair it, at most three, the lowest [`Price`] first.
    Choices(Vec<Choice>),
    /// There is none.
    Infeasible(Reason),
    /// The budget ended before either was known, or what was found did not pass the [check](crate::check).
    Unknown,
}

/// Something that happens to a timetable in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Disruption {
    /// A pitch cannot be used.
    PitchLost {
        /// The pitch.
        pitch: usize,
        /// From when.
        from: Minute,
        /// Until when.
        until: Minute,
        /// Why, for sentences.
        why: String,
    },
    /// No pitch of the venues can be used: rain, lightning. No venue named means all.
    Weather {
        /// Ids of venues.
        venues: Vec<String>,
        /// From when.
        from: Minute,
        /// Until when.
        until: Minute,
        /// Why, for sentences.
        why: String,
    },
    /// A team withdraws: its group matches that are not over are cancelled, and no knockout match depends on it.
    TeamWithdrawn {
        /// The team.
        team: usize,
    },
    /// Another team takes the place of one.
    TeamReplaced {
        /// The team that goes.
        team: usize,
        /// Id of the team that comes.
        by: String,
    },
    /// A match ends later than planned.
    MatchOverruns {
        /// The match.
        index: usize,
        /// Minutes.
        by: Minute,
    },
    /// All matches of a pitch that are not over go to another one where that is possible.
    VenueSwapped {
        /// The pitch given up.
        pitch: usize,
        /// The pitch taken in its place.
        by: usize,
    },
    /// A pitch holds another number of spectators.
    CapacityChanged {
        /// The pitch.
        pitch: usize,
        /// Spectators.
        capacity: u32,
    },
}
