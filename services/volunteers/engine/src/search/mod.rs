//! The search: parts of the people walk at once, each from roster to roster, and meet again at fixed counts.
//!
//! The people are dealt into parts anew for every round. A part changes nothing but the shifts of its own people and
//! its share of the open seats, so that all parts' changes stand side by side; where several share a crew rule, the cost
//! is counted again when they meet. The number of parts follows from the instance: threads decide only how many walk
//! at once, never what comes out.

pub(crate) mod construct;
mod heat;
mod walk;

use heat::Heat;
use walk::Walk;

use crate::lanes;
use crate::outcome::Budget;
use crate::problem::{Offer, number};
use crate::random::Dice;
use crate::state::State;

/// Changes tried by all parts together between two meetings: so many for each volunteer, and at most so many.
const ROUND: u64 = 400;
const LONGEST_ROUND: u64 = 400_000;

/// A search that goes on round by round.
pub(crate) struct Search<'p> {
    state: State<'p>,
    best: State<'p>,
    /// Of each shift those who are likely to hold it in a good roster.
    likely: Vec<Vec<Offer>>,
    heat: Heat,
    seed: u64,
    rounds: u64,
    done: u64,
    threads: usize,
}

impl<'p> Search<'p> {
    /// From a roster; `over` is how many changes will be tried.
    pub(crate) fn new(state: State<'p>, likely: Vec<Vec<Offer>>, budget: &Budget) -> Self {
        let parts = lanes::count(state.held.len()) as u64;
        Self {
            best: state.clone(),
            heat: Heat::new(state.problem.grain, budget.iterations / parts),
            state,
            likely,
            seed: budget.seed,
            rounds: 0,
            done: 0,
            threads: budget.threads,
        }
    }

    /// Changes tried.
    pub(crate) fn done(&self) -> u64 {
        self.done
    }

    /// The best roster so far.
    pub(crate) fn best(&self) -> &State<'p> {
        &self.best
    }

    /// The best roster, at the end.
    pub(crate) fn into_best(self) -> State<'p> {
        self.best
    }

    /// Tries the changes of one round, or fewer if so many are not asked for.
    pub(crate) fn round(&mut self, most: u64) {
        let people = self.state.held.len();
        let parts = lanes::count(people);
        let each = (ROUND * people.max(1) as u64).min(LONGEST_ROUND).min(most).div_ceil(parts as u64);
        let from = self.done / parts as u64;
        let mut dice = Dice::new(self.seed ^ self.rounds.wrapping_mul(0xD6E8_FEB8_6659_FD93));
        let part_of = deal(&self.state, parts, &mut dice);
        let walks = (0..parts).map(|part| {
            let mine: Vec<bool> = part_of.iter().map(|one| *one == part).collect();
            (share(&self.state, part, parts, self.rounds), mine, dice.seed())
        });
        let walks = walks.collect();
        let walk = |(mut state, mine, seed): (State<'p>, Vec<bool>, u64)| {
            Walk::new(&mut state, &mine, &self.likely, seed).run(from, each, &self.heat);
            state
        };
        let walked = lanes::each(walks, self.threads, walk);
        self.meet(walked, &part_of);
        self.rounds += 1;
        self.done += each * parts as u64;
    }

    /// Puts together what the parts made of their people.
    fn meet(&mut self, mut parts: Vec<State<'p>>, part_of: &[usize]) {
        if parts.len() == 1 {
            self.state = parts.swap_remove(0);
        } else {
            let mut met = State::within(self.state.problem, self.state.settled.clone());
            for (volunteer, part) in part_of.iter().enumerate() {
                for one in &parts[*part].held[volunteer] {
                    met.add(volunteer, one.shift as usize, one.cost);
                }
            }
            self.state = met;
        }
        if self.state.cost < self.best.cost {
            self.best.clone_from(&self.state);
        }
    }
}

/// Deals the people into parts; a group stays together.
fn deal(state: &State, parts: usize, dice: &mut Dice) -> Vec<usize> {
    let volunteers = &state.problem.instance.volunteers;
    let groups: Vec<usize> = state.problem.instance.groups.iter().map(|_| dice.below(parts)).collect();
    let mut order: Vec<usize> = (0..volunteers.len()).collect();
    dice.shuffle(&mut order);
    let mut part_of = vec![0; volunteers.len()];
    for (at, volunteer) in order.into_iter().enumerate() {
        part_of[volunteer] = volunteers[volunteer].group.map_or(at % parts, |group| groups[group]);
    }
    part_of
}

/// The roster as a part sees it: with its share of the open seats.
fn share<'p>(state: &State<'p>, part: usize, parts: usize, round: u64) -> State<'p> {
    let mut own = state.clone();
    if parts > 1 {
        let turn = usize::try_from(round % parts as u64).unwrap_or(0);
        for (shift, open) in own.open.iter_mut().enumerate() {
            let mine = (0..*open as usize).filter(|seat| (seat + shift + turn) % parts == part).count();
            *open = number(mine);
        }
    }
    own
}
