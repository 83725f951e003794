//! An instance, prepared for search: who may hold which shift at what cost, and the rules as objects.

use crate::model::{Instance, Minute, Roster};
use crate::rule::{self, Active, pair};

/// When and where a shift is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) start: Minute,
    pub(crate) end: Minute,
    pub(crate) day: u32,
    pub(crate) place: u32,
}

impl Slot {
    pub(crate) fn minutes(&self) -> Minute {
        self.end - self.start
    }
}

/// One side of a pair that no rule forbids for good, and what the pair costs whatever else is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Offer {
    /// The shift, or the volunteer.
    pub(crate) to: u32,
    pub(crate) cost: i64,
}

/// An instance without faults, prepared.
pub(crate) struct Problem<'i> {
    pub(crate) instance: &'i Instance,
    pub(crate) slots: Vec<Slot>,
    /// Of each volunteer the shifts, sorted.
    pub(crate) offers: Vec<Vec<Offer>>,
    /// Of each shift the volunteers, the cheapest first.
    pub(crate) candidates: Vec<Vec<Offer>>,
    pub(crate) hard: Vec<Active>,
    pub(crate) soft: Vec<Active>,
    /// The difference that a choice between two people makes, at least 1: the mean of what pairs cost that cost
    /// something, or else the smallest weight, or a thirtieth of the lowest priority.
    pub(crate) grain: i64,
    /// Cost beside all others.
    pub(crate) base: i64,
}

impl<'i> Problem<'i> {
    pub(crate) fn new(instance: &'i Instance) -> Self {
        let slots = instance.shifts.iter().map(|shift| Slot {
            start: shift.span.start,
            end: shift.span.end,
            day: number(instance.day(shift.span.start)),
            place: number(shift.place),
        });
        let mut candidates = vec![Vec::new(); instance.shifts.len()];
        let offers = instance.volunteers.iter().enumerate().map(|(index, volunteer)| {
            let mut own = Vec::new();
            for (number_of, shift) in instance.shifts.iter().enumerate() {
                if pair::bars(instance, volunteer, shift).next().is_none() {
                    let cost = pair::cost(instance, volunteer, shift);
                    own.push(Offer { to: number(number_of), cost });
                    candidates[number_of].push(Offer { to: number(index), cost });
                }
            }
            own
        });
        let offers: Vec<Vec<Offer>> = offers.collect();
        for of_shift in &mut candidates {
            of_shift.sort_unstable_by_key(|offer| (offer.cost, offer.to));
        }
        let (hard, soft) = rule::active(instance);
        let grain = grain(instance, &offers, &soft);
        Self { instance, slots: slots.collect(), offers, candidates, hard, soft, grain, base: 0 }
    }

    /// Prices what differs from a published roster: each assignment taken from it, and each person whose shifts change.
    /// Assignments that have begun are not taken.
    pub(crate) fn keep(&mut self, published: &Roster, begun: &[bool], assignment: i64, person: i64) {
        for (shift, crew) in published.crews.iter().enumerate().filter(|(shift, _)| !begun[*shift]) {
            for &volunteer in crew {
                self.base += assignment;
                let own = self.offers[volunteer].iter_mut().filter(|offer| offer.to == number(shift));
                let others = self.candidates[shift].iter_mut().filter(|offer| offer.to == number(volunteer));
                for offer in own.chain(others) {
                    offer.cost -= assignment;
                }
            }
            self.candidates[shift].sort_unstable_by_key(|offer| (offer.cost, offer.to));
        }
        let rule = Box::new(rule::Published::new(self.instance, published));
        self.soft.push(Active { index: usize::MAX, weight: person, rule });
    }

    /// What it costs that the volunteer holds the shift; `None` where that is forbidden for good.
    pub(crate) fn offer(&self, volunteer: usize, shift: usize) -> Option<i64> {
        let own = &self.offers[volunteer];
        let at = own.binary_search_by_key(&number(shift), |offer| offer.to).ok()?;
        Some(own[at].cost)
    }

    pub(crate) fn priority(&self, shift: usize) -> i64 {
        self.instance.shifts[shift].priority
    }
}

fn grain(instance: &Instance, offers: &[Vec<Offer>], soft: &[Active]) -> i64 {
    let costs = || offers.iter().flatten().map(|offer| offer.cost).filter(|cost| *cost > 0);
    let pairs = i64::try_from(costs().count()).unwrap_or(i64::MAX);
    let mean = (pairs > 0).then(|| costs().sum::<i64>() / pairs);
    let weights = soft.iter().map(|rule| rule.weight).min();
    let priorities = instance.shifts.iter().map(|shift| shift.priority / 30).min();
    mean.or(weights).or(priorities).unwrap_or(1).max(1)
}

/// A place in a list as a number of half the size: validation bounds the lists.
pub(crate) fn number(index: usize) -> u32 {
    u32::try_from(index).expect("validated lists are shorter than 2^32")
}
