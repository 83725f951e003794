//! Proves small rosters: looks at every roster that could cost less than the best one known.
//!
//! Prices bound what each person may lose against the person's best choice: whatever loses more than the gap between
//! the best cost and the bound leads to no better roster. Where the gap is small or the instance is, little is left.

use crate::bound::{PARTS, Relaxation};
use crate::state::State;

/// People of a roster that is tried: of more, too much would be left in any case.
const FEW: usize = 300;
/// Rosters of one person, begun or complete, that are looked at in all.
const MOST: u64 = 200_000;

/// Looks at everything that could cost less than `best`, and keeps what does; true when nothing was left out.
pub(crate) fn prove<'p>(relaxation: &Relaxation<'p, '_>, prices: &[i64], best: &mut State<'p>) -> bool {
    let problem = best.problem;
    if problem.offers.len() > FEW {
        return false;
    }
    let prices = relaxation.all_capped(prices);
    let people: Vec<usize> = (0..problem.offers.len())
        .filter(|one| problem.offers[*one].iter().any(|offer| !best.settled[offer.to as usize]))
        .collect();
    let mut start = State::within(problem, best.settled.clone());
    for (shift, crew) in best.crews.iter().enumerate().filter(|(shift, _)| best.settled[*shift]) {
        for volunteer in crew {
            start.put(*volunteer as usize, shift);
        }
    }
    let gains: Vec<i64> = people.iter().map(|one| relaxation.gain(*one, &prices)).collect();
    let bound = relaxation.exact_bound(&prices, 1);
    let later = people.iter().map(|one| {
        let mut sums: Vec<i64> = Vec::new();
        for offer in problem.offers[*one].iter().rev() {
            let worth = (prices[offer.to as usize] - offer.cost * PARTS).max(0);
            sums.push(worth + sums.last().copied().unwrap_or(0));
        }
        sums.reverse();
        sums
    });
    let later = later.collect();
    let mut proof = Proof { relaxation, prices, people, gains, state: start, best, later, looked: 0 };
    proof.person(0, bound)
}

struct Proof<'r, 'p, 'i, 'b> {
    relaxation: &'r Relaxation<'p, 'i>,
    prices: Vec<i64>,
    people: Vec<usize>,
    /// What each of them gains at most.
    gains: Vec<i64>,
    /// What those before hold.
    state: State<'p>,
    best: &'b mut State<'p>,
    /// Of each of them and each offer, what that and the later ones are worth together.
    later: Vec<Vec<i64>>,
    looked: u64,
}

impl Proof<'_, '_, '_, '_> {
    /// Gives the next person everything in turn; `bound` is what all costs at least, in thousandths.
    fn person(&mut self, at: usize, bound: i64) -> bool {
        let Some(&volunteer) = self.people.get(at) else {
            if self.state.cost < self.best.cost {
                self.best.clone_from(&self.state);
            }
            return true;
        };
        self.extend(at, volunteer, 0, 0, bound + self.gains[at])
    }

    /// Goes on with what the person holds: with nothing more first, then with each later shift. `without` is the bound
    /// less what the person gains.
    fn extend(&mut self, at: usize, volunteer: usize, from: usize, value: i64, without: i64) -> bool {
        self.looked += 1;
        if self.looked > MOST {
            return false;
        }
        let count = self.state.held[volunteer].len();
        let lost = self.relaxation.engagement(volunteer, count);
        if self.may_be_better(without - value + lost) && !self.person(at + 1, without - value + lost) {
            return false;
        }
        let problem = self.state.problem;
        let offers = &problem.offers[volunteer];
        for (next, offer) in offers.iter().enumerate().skip(from) {
            if !self.may_be_better(without - value - self.later[at][next]) {
                break;
            }
            let shift = offer.to as usize;
            let is_open = !self.state.settled[shift] && self.state.open[shift] > 0;
            if is_open && self.state.blocked(volunteer, shift).is_none() {
                self.state.add(volunteer, shift, offer.cost);
                let value = value + self.value(shift, offer.cost);
                let complete = self.extend(at, volunteer, next + 1, value, without);
                self.state.remove(volunteer, shift);
                if !complete {
                    return false;
                }
            }
        }
        true
    }

    fn value(&self, shift: usize, pair: i64) -> i64 {
        self.prices[shift] - pair * PARTS
    }

    fn may_be_better(&self, bound: i64) -> bool {
        bound <= (self.best.cost - 1) * PARTS
    }
}
