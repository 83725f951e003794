//! Small changes to a roster, each kept or taken back at once: annealing, after Kirkpatrick, Gelatt and Vecchi (1983).
//!
//! A change gives somebody a shift. Where no seat is free, one who holds it leaves; what the person holds in the way
//! goes; the seats that come free are offered to the one who left, then to others, who may leave a seat in turn: an
//! ejection chain.

use super::heat::Heat;
use crate::problem::Offer;
use crate::random::Dice;
use crate::rule::Block;
use crate::state::State;

/// People asked for a seat that came free.
const ASKED: usize = 10;
/// How often, of 1,024 times, one who is not likely to hold a shift is looked at.
const UNLIKELY: usize = 40;
/// Shifts a person gives up for another at most.
const GIVEN_UP: usize = 3;
/// Links of an ejection chain.
const LINKS: usize = 3;

/// A change that can be taken back.
#[derive(Clone, Copy)]
enum Step {
    Added(usize, usize),
    Removed(usize, usize, i64),
}

/// A walk from roster to roster.
pub(super) struct Walk<'w, 'p> {
    pub(super) state: &'w mut State<'p>,
    /// Those whose shifts this walk may change.
    mine: &'w [bool],
    likely: &'w [Vec<Offer>],
    shifts: Vec<usize>,
    /// What refilling seats may gain at most beside their priority, as far as it is worth trying: eight grains.
    hope: i64,
    dice: Dice,
    steps: Vec<Step>,
}

impl<'w, 'p> Walk<'w, 'p> {
    pub(super) fn new(
        state: &'w mut State<'p>,
        mine: &'w [bool],
        likely: &'w [Vec<Offer>],
        seed: u64,
    ) -> Self {
        let problem = state.problem;
        let shifts = (0..problem.slots.len())
            .filter(|shift| !state.settled[*shift] && !problem.candidates[*shift].is_empty());
        Self {
            mine,
            likely,
            shifts: shifts.collect(),
            hope: 8 * problem.grain,
            dice: Dice::new(seed),
            steps: Vec::new(),
            state,
        }
    }

    /// Tries so many changes while the heat falls.
    pub(super) fn run(&mut self, from: u64, count: u64, heat: &Heat) {
        for iteration in from..from + count {
            let most = heat.most(iteration, &mut self.dice);
            self.change(most);
        }
    }

    /// Tries a change that may cost so much.
    fn change(&mut self, most: i64) {
        let Some((volunteer, shift)) = self.choose() else { return };
        if self.state.settled[shift] || self.state.holds(volunteer, shift) {
            return;
        }
        let before = self.state.cost;
        self.steps.clear();
        if !self.give(volunteer, shift, LINKS, before + most) || self.state.cost - before > most {
            self.take_back(0);
        }
    }

    /// Chooses whom to give what: half of the time an open seat, where there is one among a few looked at.
    fn choose(&mut self) -> Option<(usize, usize)> {
        if self.dice.chance(400) {
            for _ in 0..8 {
                let shift = *self.dice.pick(&self.shifts)?;
                if self.state.open[shift] > 0 {
                    let offer = self.dice.pick(&self.state.problem.candidates[shift])?;
                    let volunteer = offer.to as usize;
                    return self.mine[volunteer].then_some((volunteer, shift));
                }
            }
        }
        let shift = *self.dice.pick(&self.shifts)?;
        let offer = *self.candidate(shift)?;
        let volunteer = offer.to as usize;
        self.mine[volunteer].then_some((volunteer, shift))
    }

    /// One who may hold the shift: most of the time one who is likely to.
    fn candidate(&mut self, shift: usize) -> Option<&Offer> {
        let likely = &self.likely[shift];
        if likely.is_empty() || self.dice.chance(UNLIKELY) {
            self.dice.pick(&self.state.problem.candidates[shift])
        } else {
            self.dice.pick_first(likely)
        }
    }

    /// Gives a person a shift, whatever it takes; false when that cannot be, or is bound to cost more than allowed.
    fn give(&mut self, volunteer: usize, shift: usize, links: usize, most: i64) -> bool {
        let problem = self.state.problem;
        let Some(pair) = problem.offer(volunteer, shift) else { return false };
        let left = if self.state.open[shift] == 0 {
            let Some(holder) = self.holder(shift) else { return false };
            self.remove(holder, shift);
            Some(holder)
        } else {
            None
        };
        let mut given_up = [0; GIVEN_UP];
        let mut count = 0;
        while let Some(by) = self.state.blocked(volunteer, shift) {
            let Some(other) = self.in_the_way(volunteer, by) else { return false };
            if count == GIVEN_UP {
                return false;
            }
            self.remove(volunteer, other);
            given_up[count] = other;
            count += 1;
        }
        self.add(volunteer, shift, pair);
        let given_up = &given_up[..count];
        let regained: i64 = given_up.iter().map(|other| problem.priority(*other)).sum();
        if self.state.cost - regained - self.hope > most {
            return false;
        }
        for &other in given_up {
            self.refill(other, left, links - 1, most);
        }
        true
    }

    /// Offers a seat that came free: to one person first, to some others, and at last to one who gives up a shift
    /// for it.
    fn refill(&mut self, shift: usize, first: Option<usize>, links: usize, most: i64) {
        let problem = self.state.problem;
        if let Some(first) = first
            && let Some(pair) = problem.offer(first, shift)
            && self.may(first, shift)
        {
            self.add(first, shift, pair);
            return;
        }
        let candidates = &problem.candidates[shift];
        let mut best: Option<(i64, usize, i64)> = None;
        let mut last = None;
        for _ in 0..ASKED.min(candidates.len()) {
            let Some(offer) = self.candidate(shift).copied() else { return };
            let volunteer = offer.to as usize;
            if !self.mine[volunteer] || self.state.holds(volunteer, shift) {
                continue;
            }
            if self.state.blocked(volunteer, shift).is_some() {
                last = Some(volunteer);
                continue;
            }
            let delta = self.state.delta(volunteer, shift, offer.cost);
            if best.is_none_or(|best| delta < best.0) {
                best = Some((delta, volunteer, offer.cost));
            }
        }
        if let Some((_, volunteer, pair)) = best {
            self.add(volunteer, shift, pair);
        } else if links > 0
            && let Some(volunteer) = last
        {
            let (steps, cost) = (self.steps.len(), self.state.cost);
            if !self.give(volunteer, shift, links, most) || self.state.cost > cost {
                self.take_back(steps);
            }
        }
    }

    fn may(&self, volunteer: usize, shift: usize) -> bool {
        !self.state.holds(volunteer, shift) && self.state.blocked(volunteer, shift).is_none()
    }

    /// One who holds the shift and may leave it.
    fn holder(&mut self, shift: usize) -> Option<usize> {
        let crew = &self.state.crews[shift];
        let first = self.dice.below(crew.len());
        let mut turned = crew[first..].iter().chain(&crew[..first]).map(|one| *one as usize);
        turned.find(|one| self.mine[*one])
    }

    /// A shift that the person holds in the way of another.
    fn in_the_way(&mut self, volunteer: usize, by: Block) -> Option<usize> {
        let held = &self.state.held[volunteer];
        let settled = &self.state.settled;
        let first = self.dice.below(held.len());
        let mut turned = held[first..].iter().chain(&held[..first]);
        let found = turned.find(|one| {
            !settled[one.shift as usize]
                && match by {
                    Block::Shift(shift) => one.shift as usize == shift,
                    Block::Days(first, last) => (first..=last).contains(&(one.slot.day as usize)),
                    Block::Any => true,
                }
        });
        found.map(|one| one.shift as usize)
    }

    fn add(&mut self, volunteer: usize, shift: usize, pair: i64) {
        self.state.add(volunteer, shift, pair);
        self.steps.push(Step::Added(volunteer, shift));
    }

    fn remove(&mut self, volunteer: usize, shift: usize) {
        let pair = self.state.remove(volunteer, shift);
        self.steps.push(Step::Removed(volunteer, shift, pair));
    }

    /// Takes back all but the first steps.
    fn take_back(&mut self, keep: usize) {
        while self.steps.len() > keep {
            match self.steps.pop() {
                Some(Step::Added(volunteer, shift)) => {
                    self.state.remove(volunteer, shift);
                }
                Some(Step::Removed(volunteer, shift, pair)) => self.state.add(volunteer, shift, pair),
                None => {}
            }
        }
    }
}
