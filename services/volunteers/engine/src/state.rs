//! A roster in the making: who holds what, what it costs, and what each change would cost.

use std::sync::Arc;

use crate::model::Roster;
use crate::problem::{Problem, Slot, number};
use crate::rule::pair::{self, Bar};
use crate::rule::{Block, overlapping};

/// A shift that somebody holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) slot: Slot,
    pub(crate) shift: u32,
    /// Cost of the pair.
    pub(crate) cost: i64,
}

/// A roster in which every hard rule holds.
#[derive(Clone)]
pub(crate) struct State<'p> {
    pub(crate) problem: &'p Problem<'p>,
    /// Of each volunteer the shifts, by start.
    pub(crate) held: Vec<Vec<Held>>,
    /// Of each shift the volunteers.
    pub(crate) crews: Vec<Vec<u32>>,
    /// Of each shift the seats that may be filled.
    pub(crate) open: Vec<u32>,
    /// Of each shift whether it stays as it is: nobody is put there or taken from there.
    pub(crate) settled: Arc<[bool]>,
    pub(crate) cost: i64,
}

impl<'p> State<'p> {
    /// Nobody holds anything, and nothing is settled.
    pub(crate) fn new(problem: &'p Problem<'p>) -> Self {
        Self::within(problem, vec![false; problem.slots.len()].into())
    }

    /// Nobody holds anything.
    pub(crate) fn within(problem: &'p Problem<'p>, settled: Arc<[bool]>) -> Self {
        let shifts = &problem.instance.shifts;
        let mut state = Self {
            problem,
            held: vec![Vec::new(); problem.instance.volunteers.len()],
            crews: vec![Vec::new(); shifts.len()],
            open: shifts.iter().map(|shift| shift.headcount).collect(),
            settled,
            cost: problem.base,
        };
        state.cost += shifts.iter().map(|shift| i64::from(shift.headcount) * shift.priority).sum::<i64>();
        state.cost += problem.soft.iter().map(|active| active.weight * active.rule.at_first()).sum::<i64>();
        state
    }

    /// The roster as far as every hard rule holds, in the order of shifts, and all that is settled; the rest of it is
    /// left out.
    pub(crate) fn of(problem: &'p Problem<'p>, roster: &Roster, settled: Arc<[bool]>) -> Self {
        let mut state = Self::within(problem, settled);
        let settled = state.settled.clone();
        let mut order: Vec<usize> = (0..roster.crews.len()).collect();
        order.sort_by_key(|shift| !settled[*shift]);
        for shift in order {
            for &volunteer in &roster.crews[shift] {
                state.put(volunteer, shift);
            }
        }
        state
    }

    /// Gives a person a shift where a seat is free and nothing forbids it; a settled one in any case.
    pub(crate) fn put(&mut self, volunteer: usize, shift: usize) -> bool {
        let offer = self.problem.offer(volunteer, shift);
        let settled = self.settled[shift];
        let free = self.open[shift] > 0 && !self.holds(volunteer, shift);
        let may = free && (settled || offer.is_some() && self.blocked(volunteer, shift).is_none());
        if may {
            let instance = self.problem.instance;
            let own = || pair::cost(instance, &instance.volunteers[volunteer], &instance.shifts[shift]);
            self.add(volunteer, shift, offer.unwrap_or_else(own));
        }
        may
    }

    pub(crate) fn holds(&self, volunteer: usize, shift: usize) -> bool {
        self.held[volunteer].iter().any(|one| one.shift as usize == shift)
    }

    /// What the person, who does not hold the shift, holds in the way of it: by the first rule that is.
    pub(crate) fn blocked(&self, volunteer: usize, shift: usize) -> Option<Block> {
        overlapping(&self.held[volunteer], &self.problem.slots[shift]).or_else(|| {
            self.problem.hard.iter().find_map(|active| active.rule.block_reason(self, volunteer, shift))
        })
    }

    /// All that keeps the person, who does not hold the shift, from it because of what the person holds.
    pub(crate) fn all_blocked(&self, volunteer: usize, shift: usize) -> impl Iterator<Item = Bar> {
        let overlap = overlapping(&self.held[volunteer], &self.problem.slots[shift]);
        let hard = self.problem.hard.iter();
        let rules = hard.filter(move |active| active.rule.block_reason(self, volunteer, shift).is_some());
        overlap.map(|_| Bar::Overlap).into_iter().chain(rules.map(|active| Bar::Rule(active.index)))
    }

    /// What it would cost that the person, who does not hold the shift, takes one of its open seats.
    pub(crate) fn delta(&self, volunteer: usize, shift: usize, pair: i64) -> i64 {
        let soft = self.problem.soft.iter();
        let rules: i64 = soft.map(|active| active.weight * active.rule.delta(self, volunteer, shift)).sum();
        pair + rules - self.problem.priority(shift)
    }

    /// Gives a person an open seat; nothing forbids it.
    pub(crate) fn add(&mut self, volunteer: usize, shift: usize, pair: i64) {
        self.cost += self.delta(volunteer, shift, pair);
        let slot = self.problem.slots[shift];
        let held = &mut self.held[volunteer];
        let at = held.partition_point(|one| one.slot.start < slot.start);
        held.insert(at, Held { slot, shift: number(shift), cost: pair });
        self.crews[shift].push(number(volunteer));
        self.open[shift] -= 1;
    }

    /// Takes a shift from a person who holds it; gives the cost of the pair.
    pub(crate) fn remove(&mut self, volunteer: usize, shift: usize) -> i64 {
        let held = &mut self.held[volunteer];
        let at = held.iter().position(|one| one.shift as usize == shift).expect("the person holds the shift");
        let pair = held.remove(at).cost;
        let crew = &mut self.crews[shift];
        let at = crew.iter().position(|one| *one as usize == volunteer).expect("both sides agree");
        crew.swap_remove(at);
        self.open[shift] += 1;
        self.cost -= self.delta(volunteer, shift, pair);
        pair
    }

    /// The roster, crews sorted.
    pub(crate) fn roster(&self) -> Roster {
        let crews = self.crews.iter().map(|crew| {
            let mut crew: Vec<usize> = crew.iter().map(|one| *one as usize).collect();
            crew.sort_unstable();
            crew
        });
        Roster { crews: crews.collect() }
    }
}
