//! Rules over the minutes a person works: a day, a week, in all.

use super::{Block, Rule};
use crate::model::Minute;
use crate::state::{Held, State};

/// Minutes of work on the days, both included.
fn minutes(held: &[Held], first: u32, last: u32) -> Minute {
    let days = held.iter().filter(|one| (first..=last).contains(&one.slot.day));
    days.map(|one| one.slot.minutes()).sum()
}

/// Minutes beyond a limit that come with more work.
fn beyond(before: Minute, more: Minute, most: Minute) -> i64 {
    i64::from((before + more - most).max(0) - (before - most).max(0))
}

/// [`Kind::HoursPerDay`](crate::model::Kind::HoursPerDay)
pub(super) struct PerDay {
    pub(super) most: Vec<Minute>,
}

impl Rule for PerDay {
    fn delta(&self, state: &State, volunteer: usize, shift: usize) -> i64 {
        let slot = &state.problem.slots[shift];
        beyond(minutes(&state.held[volunteer], slot.day, slot.day), slot.minutes(), self.most[volunteer])
    }

    fn block_reason(&self, state: &State, volunteer: usize, shift: usize) -> Option<Block> {
        let day = state.problem.slots[shift].day as usize;
        (self.delta(state, volunteer, shift) > 0).then_some(Block::Days(day, day))
    }
}

/// [`Kind::HoursPerWeek`](crate::model::Kind::HoursPerWeek)
pub(super) struct PerWeek {
    pub(super) most: Vec<Minute>,
}

impl Rule for PerWeek {
    fn delta(&self, state: &State, volunteer: usize, shift: usize) -> i64 {
        let slot = &state.problem.slots[shift];
        let weeks = slot.day.saturating_sub(6)..=slot.day;
        let more = weeks.map(|first| {
            let before = minutes(&state.held[volunteer], first, first + 6);
            beyond(before, slot.minutes(), self.most[volunteer])
        });
        more.sum()
    }

    fn block_reason(&self, state: &State, volunteer: usize, shift: usize) -> Option<Block> {
        let slot = &state.problem.slots[shift];
        let mut weeks = slot.day.saturating_sub(6)..=slot.day;
        let full = weeks.find(|first| {
            let before = minutes(&state.held[volunteer], *first, *first + 6);
            before + slot.minutes() > self.most[volunteer]
        });
        full.map(|first| Block::Days(first as usize, first as usize + 6))
    }
}

/// [`Kind::HoursInAll`](crate::model::Kind::HoursInAll)
pub(super) struct InAll {
    pub(super) most: Vec<Minute>,
}

impl Rule for InAll {
    fn delta(&self, state: &State, volunteer: usize, shift: usize) -> i64 {
        let before = minutes(&state.held[volunteer], 0, u32::MAX);
        beyond(before, state.problem.slots[shift].minutes(), self.most[volunteer])
    }
}
