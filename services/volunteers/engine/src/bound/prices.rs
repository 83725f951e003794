//! Prices that give a close bound: an incremental subgradient ascent, after Nedić and Bertsekas (2001).

use std::cmp::Reverse;

use super::{PARTS, Relaxation};
use crate::lanes;
use crate::problem::{Offer, number};
use crate::random::Dice;
use crate::real::{falling, real, whole};

/// Portions into which the people are dealt for one pass; prices rise after each.
const PORTIONS: u8 = 16;
/// Share of the passes, in per cent, after which choices count as likely.
const SETTLING: u64 = 75;
/// Passes between two bounds.
const BETWEEN: u64 = 5;

/// An ascent that goes on pass by pass.
pub(crate) struct Ascent<'p, 'i> {
    relaxation: Relaxation<'p, 'i>,
    /// In thousandths of the cost.
    prices: Vec<i64>,
    bound: i64,
    best: Vec<i64>,
    /// How often each person chose each shift of those offered, late in the ascent.
    chosen: Vec<Vec<u32>>,
    dice: Dice,
    pass: u64,
    /// Passes over which steps shrink.
    over: u64,
    threads: usize,
}

impl<'p, 'i> Ascent<'p, 'i> {
    pub(crate) fn new(relaxation: Relaxation<'p, 'i>, seed: u64, over: u64, threads: usize) -> Self {
        let problem = relaxation.problem;
        let prices = vec![0; problem.slots.len()];
        Self {
            bound: relaxation.bound(&prices, threads),
            best: prices.clone(),
            prices,
            chosen: problem.offers.iter().map(|own| vec![0; own.len()]).collect(),
            dice: Dice::new(seed),
            pass: 0,
            over: over.max(1),
            threads,
            relaxation,
        }
    }

    /// The best bound so far.
    pub(crate) fn bound(&self) -> i64 {
        self.bound
    }

    /// What it bounds.
    pub(crate) fn relaxation(&self) -> &Relaxation<'p, 'i> {
        &self.relaxation
    }

    /// The prices that give the best bound, in thousandths.
    pub(crate) fn best_prices(&self) -> &[i64] {
        &self.best
    }

    /// Of each shift those who chose it late in the ascent, most often first.
    pub(crate) fn likely(&self) -> Vec<Vec<Offer>> {
        let problem = self.relaxation.problem;
        let mut counted: Vec<Vec<(u32, Offer)>> = vec![Vec::new(); problem.slots.len()];
        for (volunteer, counts) in self.chosen.iter().enumerate() {
            for (count, offer) in counts.iter().zip(&problem.offers[volunteer]) {
                if *count > 0 {
                    let to = number(volunteer);
                    counted[offer.to as usize].push((*count, Offer { to, cost: offer.cost }));
                }
            }
        }
        let sorted = counted.into_iter().map(|mut of_shift| {
            of_shift.sort_by_key(|(count, offer)| (Reverse(*count), offer.to));
            of_shift.into_iter().map(|(_, offer)| offer).collect()
        });
        sorted.collect()
    }

    /// Lets every person choose once. What somebody takes gets cheaper at once, what is wanted dearer after each
    /// portion of the people. In a portion, lanes of people choose without seeing each other's choices: how many follows
    /// from the number of people, not of threads.
    pub(crate) fn climb(&mut self) {
        let problem = self.relaxation.problem;
        let step = self.step();
        let late = self.pass * 100 >= self.over * SETTLING;
        let mut order: Vec<usize> = (0..problem.offers.len()).collect();
        self.dice.shuffle(&mut order);
        let of_portion = order.len().div_ceil(PORTIONS as usize).max(1);
        for (portion, people) in (0..).zip(order.chunks(of_portion)) {
            let (relaxation, prices) = (&self.relaxation, &self.prices);
            let choose = |people: &[usize]| {
                let mut own = prices.clone();
                let mut taken = Vec::new();
                for &volunteer in people {
                    for shift in relaxation.best(volunteer, &own).shifts {
                        own[shift as usize] -= step;
                        taken.push((volunteer, shift));
                    }
                }
                taken
            };
            let of_lane = people.len().div_ceil(lanes::count(order.len())).max(1);
            let lanes = people.chunks(of_lane).collect();
            for (volunteer, shift) in lanes::each(lanes, self.threads, choose).into_iter().flatten() {
                self.prices[shift as usize] -= step;
                if late {
                    let own = &problem.offers[volunteer];
                    self.chosen[volunteer][own.partition_point(|offer| offer.to < shift)] += 1;
                }
            }
            for (shift, price) in self.prices.iter_mut().enumerate() {
                let wanted = i64::from(problem.instance.shifts[shift].headcount) * step;
                let until = |portion: i64| wanted * portion / i64::from(PORTIONS);
                *price = relaxation.capped(shift, *price + until(portion + 1) - until(portion));
            }
        }
        self.pass += 1;
        if self.pass.is_multiple_of(BETWEEN) || self.pass == self.over {
            let bound = self.relaxation.bound(&self.prices, self.threads);
            if bound > self.bound {
                self.bound = bound;
                self.best.clone_from(&self.prices);
            }
        }
    }

    /// By how much a price moves for a seat: it falls from a sixteenth of the mean priority to a 160th of what a choice
    /// between two people makes.
    fn step(&self) -> i64 {
        let problem = self.relaxation.problem;
        let shifts = || problem.instance.shifts.iter();
        let seats: i64 = shifts().map(|shift| i64::from(shift.headcount)).sum();
        let all: i64 = shifts().map(|shift| i64::from(shift.headcount) * shift.priority).sum();
        let first = (all / seats.max(1) * PARTS / 16).max(2);
        let last = (problem.grain * PARTS / 160).max(1);
        whole(falling(real(first), real(last), self.pass, self.over)).max(1)
    }
}
