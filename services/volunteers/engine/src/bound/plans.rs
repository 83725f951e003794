//! What one person may do on one day.

use crate::model::Minute;
use crate::problem::Slot;

/// Plans of a day that are looked at one by one.
const MOST: usize = 2_000;
/// Shifts of a plan.
const LONGEST: usize = 6;

/// A shift that is worth something to a person at the prices of the moment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    pub(super) shift: u32,
    pub(super) slot: Slot,
    /// What the person gains, in thousandths of the cost.
    pub(super) value: i64,
}

/// Shifts of one day that one person can hold together.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    pub(super) start: Minute,
    pub(super) end: Minute,
    pub(super) minutes: Minute,
    pub(super) value: i64,
    shifts: [u32; LONGEST],
    /// How many shifts.
    pub(super) count: usize,
}

impl Plan {
    const EMPTY: Self =
        Self { start: Minute::MAX, end: Minute::MIN, minutes: 0, value: 0, shifts: [0; LONGEST], count: 0 };

    /// Its shifts.
    pub(super) fn shifts(&self) -> &[u32] {
        &self.shifts[..self.count]
    }

    fn with(mut self, item: &Item) -> Self {
        self.start = self.start.min(item.slot.start);
        self.end = self.end.max(item.slot.end);
        self.minutes += item.slot.minutes();
        self.value += item.value;
        self.shifts[self.count] = item.shift;
        self.count += 1;
        self
    }

    /// Whether it leaves no less hours and rest, and counts no less towards the least number of shifts.
    fn beats(&self, other: &Self, least: usize) -> bool {
        self.count.min(least) >= other.count.min(least)
            && self.start >= other.start
            && self.end <= other.end
            && self.minutes <= other.minutes
    }
}

/// What keeps two shifts of one day apart.
pub(super) trait Apart {
    /// Whether a person may hold both; the first starts no later.
    fn may(&self, first: &Slot, second: &Slot) -> bool;
}

/// Lists the plans of a day, from items sorted by start and end: those that no other beats in value, hours, rest and
/// shifts up to the least number that counts. Where there are too many, one that beats them all stands for them: a bound stays valid.
pub(super) fn plans(items: &[Item], most_minutes: Minute, apart: &dyn Apart, least: usize) -> Vec<Plan> {
    let mut best: Vec<Item> = Vec::with_capacity(items.len());
    for item in items {
        let same = best.iter_mut().rev().take_while(|one| one.slot.start == item.slot.start);
        match same.into_iter().find(|one| one.slot == item.slot) {
            Some(one) if one.value < item.value => *one = *item,
            Some(_) => {}
            None => best.push(*item),
        }
    }
    let mut listing = Listing { items: &best, most_minutes, apart, all: Vec::new() };
    if !listing.extend(&mut Vec::new(), Plan::EMPTY, 0) {
        return vec![better_than_all(items)];
    }
    undominated(listing.all, least)
}

struct Listing<'l> {
    items: &'l [Item],
    most_minutes: Minute,
    apart: &'l dyn Apart,
    all: Vec<Plan>,
}

impl Listing<'_> {
    /// Adds the plans that begin with those taken; false when they are too many.
    fn extend(&mut self, taken: &mut Vec<usize>, plan: Plan, from: usize) -> bool {
        for next in from..self.items.len() {
            let item = &self.items[next];
            let fits = plan.minutes + item.slot.minutes() <= self.most_minutes;
            if !fits || !taken.iter().all(|one| self.apart.may(&self.items[*one].slot, &item.slot)) {
                continue;
            }
            if self.all.len() == MOST || plan.count == LONGEST {
                return false;
            }
            let more = plan.with(item);
            self.all.push(more);
            taken.push(next);
            let complete = self.extend(taken, more, next + 1);
            taken.pop();
            if !complete {
                return false;
            }
        }
        true
    }
}

/// A plan that is better than any there may be. It names no more shifts than a plan can.
fn better_than_all(items: &[Item]) -> Plan {
    let slots = || items.iter().map(|item| item.slot);
    let worth = items.iter().filter(|item| item.value > 0);
    let mut plan = worth.clone().take(LONGEST).fold(Plan::EMPTY, Plan::with);
    plan.start = slots().map(|slot| slot.start).max().unwrap_or(0);
    plan.end = slots().map(|slot| slot.end).min().unwrap_or(0);
    plan.minutes = slots().map(|slot| slot.minutes()).min().unwrap_or(0);
    plan.value = worth.map(|item| item.value).sum();
    plan
}

fn undominated(mut all: Vec<Plan>, least: usize) -> Vec<Plan> {
    all.sort_unstable_by_key(|plan| (-plan.value, plan.shifts));
    let mut kept: Vec<Plan> = Vec::new();
    for plan in all {
        if !kept.iter().any(|one| one.beats(&plan, least)) {
            kept.push(plan);
        }
    }
    kept
}
