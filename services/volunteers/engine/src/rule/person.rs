//! Rules over the order of a person's shifts: ways, rest, days in a row, breaks.

use super::{Block, Rule};
use crate::model::Minute;
use crate::problem::Slot;
use crate::state::{Held, State};

/// Minutes between two shifts; negative when they overlap.
fn gap(one: &Slot, other: &Slot) -> Minute {
    if one.start <= other.start { other.start - one.end } else { one.start - other.end }
}

/// The shift a person holds at that time.
pub(crate) fn overlapping(held: &[Held], slot: &Slot) -> Option<Block> {
    let other = held.iter().find(|one| gap(&one.slot, slot) < 0);
    other.map(|one| Block::Shift(one.shift as usize))
}

/// [`Kind::Travel`](crate::model::Kind::Travel)
pub(super) struct Travel {
    pub(super) lateness: Minute,
}

impl Travel {
    fn too_close(&self, state: &State, one: &Slot, other: &Slot) -> bool {
        one.place != other.place && {
            let (from, to) = if one.start <= other.start { (one, other) } else { (other, one) };
            let way = state.problem.instance.way(from.place as usize, to.place as usize);
            gap(one, other) < way - self.lateness
        }
    }
}

impl Rule for Travel {
    fn delta(&self, state: &State, volunteer: usize, shift: usize) -> i64 {
        let slot = &state.problem.slots[shift];
        let pairs = state.held[volunteer].iter().filter(|one| self.too_close(state, &one.slot, slot));
        pairs.map(|_| 1).sum()
    }

    fn block_reason(&self, state: &State, volunteer: usize, shift: usize) -> Option<Block> {
        let slot = &state.problem.slots[shift];
        let other = state.held[volunteer].iter().find(|one| self.too_close(state, &one.slot, slot));
        other.map(|one| Block::Shift(one.shift as usize))
    }
}

/// [`Kind::Rest`](crate::model::Kind::Rest)
pub(super) struct Rest {
    pub(super) least: Vec<Minute>,
}

impl Rest {
    fn too_short(&self, volunteer: usize, one: &Slot, other: &Slot) -> bool {
        one.day != other.day && gap(one, other) < self.least[volunteer]
    }
}

impl Rule for Rest {
    fn delta(&self, state: &State, volunteer: usize, shift: usize) -> i64 {
        let slot = &state.problem.slots[shift];
        let pairs = state.held[volunteer].iter().filter(|one| self.too_short(volunteer, &one.slot, slot));
        pairs.map(|_| 1).sum()
    }

    fn block_reason(&self, state: &State, volunteer: usize, shift: usize) -> Option<Block> {
        let slot = &state.problem.slots[shift];
        let other = state.held[volunteer].iter().find(|one| self.too_short(volunteer, &one.slot, slot));
        other.map(|one| Block::Shift(one.shift as usize))
    }
}

/// [`Kind::ConsecutiveDays`](crate::model::Kind::ConsecutiveDays)
pub(super) struct ConsecutiveDays {
    pub(super) most: Vec<u32>,
}

impl ConsecutiveDays {
    /// Days of work in a row before and after the day; `None` when it is a day of work already.
    fn around(held: &[Held], day: u32) -> Option<(u32, u32)> {
        let at = held.partition_point(|one| one.slot.day < day);
        if held.get(at).is_some_and(|one| one.slot.day == day) {
            return None;
        }
        let (mut before, mut after) = (0, 0);
        for one in held[..at].iter().rev() {
            match day - one.slot.day {
                gap if gap == before + 1 => before += 1,
                gap if gap > before + 1 => break,
                _ => {}
            }
        }
        for one in &held[at..] {
            match one.slot.day - day {
                gap if gap == after + 1 => after += 1,
                gap if gap > after + 1 => break,
                _ => {}
            }
        }
        Some((before, after))
    }
}

impl Rule for ConsecutiveDays {
    fn delta(&self, state: &State, volunteer: usize, shift: usize) -> i64 {
        let Some((before, after)) = Self::around(&state.held[volunteer], state.problem.slots[shift].day)
        else {
            return 0;
        };
        let beyond = |days: u32| i64::from(days.saturating_sub(self.most[volunteer]));
        beyond(before + 1 + after) - beyond(before) - beyond(after)
    }

    fn block_reason(&self, state: &State, volunteer: usize, shift: usize) -> Option<Block> {
        let day = state.problem.slots[shift].day;
        let (before, after) = Self::around(&state.held[volunteer], day)?;
        let days = Block::Days((day - before) as usize, (day + after) as usize);
        (before + 1 + after > self.most[volunteer]).then_some(days)
    }
}

/// [`Kind::Breaks`](crate::model::Kind::Breaks)
pub(super) struct Breaks {
    pub(super) work: Minute,
    pub(super) pause: Minute,
}

impl Rule for Breaks {
    fn delta(&self, state: &State, volunteer: usize, shift: usize) -> i64 {
        let slot = &state.problem.slots[shift];
        let with = self.too_long(&state.held[volunteer], Some(slot));
        with - self.too_long(&state.held[volunteer], None)
    }
}

impl Breaks {
    /// Stretches of work that are too long, with another shift among them.
    fn too_long(&self, held: &[Held], with: Option<&Slot>) -> i64 {
        let at = with.map_or(0, |slot| held.partition_point(|one| one.slot.start < slot.start));
        let slots = held[..at].iter().map(|one| &one.slot).chain(with);
        let slots = slots.chain(held[at..].iter().map(|one| &one.slot));
        let (mut stretch, mut count) = (None::<(Minute, Minute)>, 0);
        let mut close = |stretch: Option<(Minute, Minute)>| {
            count += i64::from(stretch.is_some_and(|(start, end)| end - start > self.work));
        };
        for slot in slots {
            stretch = match stretch {
                Some((start, end)) if slot.start - end < self.pause => Some((start, end.max(slot.end))),
                before => {
                    close(before);
                    Some((slot.start, slot.end))
                }
            };
        }
        close(stretch);
        count
    }
}
