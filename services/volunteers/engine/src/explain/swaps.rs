//! Fills a seat by moving others: who gives up a shift for it, and who takes that one.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::state::State;

/// First steps of which each is followed by further ones.
const FOLLOWED: usize = 12;

/// A way to fill a seat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Swap {
    /// Who moves, in order: the first fills the seat, each next one what the one before left; the last comes from none.
    pub steps: Vec<Step>,
    /// What it would change the cost by.
    pub cost: i64,
}

/// Somebody who takes a shift.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The volunteer.
    pub volunteer: usize,
    /// The shift given up for it.
    pub from: Option<usize>,
    /// The shift taken.
    pub to: usize,
}

/// What is known of filling seats in the roster as it is: kept, because shifts ask for each other.
#[derive(Default)]
pub(super) struct Fillings {
    /// Of a shift, who would take a seat at once for the least, and for what.
    takers: HashMap<usize, Option<(i64, usize)>>,
    /// Of a shift, who would give up which shift for a seat, the cheapest first.
    moves: HashMap<usize, Vec<(i64, usize, usize)>>,
}

/// Finds the cheapest swap of one step and of two. Where a person is wanted twice, the next one is tried.
pub(super) fn swaps(state: &mut State, shift: usize, fillings: &mut Fillings) -> Vec<Swap> {
    let (mut one, mut two) = (Vec::new(), Vec::new());
    let firsts = fillings.moves(state, shift);
    for (at, &(cost, volunteer, from)) in firsts.iter().enumerate() {
        let first = Step { volunteer, from: Some(from), to: shift };
        if let Some((more, taker)) = fillings.taker(state, from) {
            one.push((cost + more, vec![first, Step { volunteer: taker, from: None, to: from }]));
        }
        if at < FOLLOWED {
            for (next, volunteer, given_up) in fillings.moves(state, from) {
                if let Some((last, taker)) = fillings.taker(state, given_up) {
                    let second = Step { volunteer, from: Some(given_up), to: from };
                    let third = Step { volunteer: taker, from: None, to: given_up };
                    two.push((cost + next + last, vec![first, second, third]));
                }
            }
        }
    }
    [one, two].into_iter().filter_map(|found| cheapest(state, found)).collect()
}

/// The cheapest that can really be carried out, with its exact cost.
fn cheapest(state: &mut State, mut found: Vec<(i64, Vec<Step>)>) -> Option<Swap> {
    found.sort_by_key(|(cost, steps)| {
        (*cost, steps.iter().map(|step| (step.volunteer, step.to)).collect::<Vec<_>>())
    });
    found.into_iter().find_map(|(_, steps)| Some(Swap { cost: tried(state, &steps)?, steps }))
}

/// What steps change the cost by; nothing where they cannot be carried out. The roster is as before.
fn tried(state: &mut State, steps: &[Step]) -> Option<i64> {
    let before = state.cost;
    let given_up = steps.iter().filter_map(|step| Some((step.volunteer, step.from?)));
    let mut taken_back = Vec::new();
    for (volunteer, shift) in given_up.clone() {
        if state.holds(volunteer, shift) {
            taken_back.push((volunteer, shift, state.remove(volunteer, shift)));
        }
    }
    let placed = steps.iter().take_while(|step| state.put(step.volunteer, step.to)).count();
    let cost = (placed == steps.len() && taken_back.len() == given_up.count()).then_some(state.cost - before);
    for step in &steps[..placed] {
        state.remove(step.volunteer, step.to);
    }
    for (volunteer, shift, pair) in taken_back {
        state.add(volunteer, shift, pair);
    }
    cost
}

impl Fillings {
    fn taker(&mut self, state: &State, shift: usize) -> Option<(i64, usize)> {
        *self.takers.entry(shift).or_insert_with(|| {
            let candidates = state.problem.candidates[shift].iter();
            let free = candidates.filter(|offer| {
                let volunteer = offer.to as usize;
                !state.holds(volunteer, shift) && state.blocked(volunteer, shift).is_none()
            });
            let priced = free.map(|offer| {
                let volunteer = offer.to as usize;
                (state.delta(volunteer, shift, offer.cost), volunteer)
            });
            priced.min()
        })
    }

    fn moves(&mut self, state: &mut State, shift: usize) -> Vec<(i64, usize, usize)> {
        if let Some(known) = self.moves.get(&shift) {
            return known.clone();
        }
        let mut found = Vec::new();
        for offer in &state.problem.candidates[shift] {
            let volunteer = offer.to as usize;
            if state.holds(volunteer, shift) || state.blocked(volunteer, shift).is_none() {
                continue;
            }
            let held: Vec<usize> = state.held[volunteer].iter().map(|one| one.shift as usize).collect();
            for other in held {
                let before = state.cost;
                let pair = state.remove(volunteer, other);
                if state.blocked(volunteer, shift).is_none() {
                    let cost = state.cost - before + state.delta(volunteer, shift, offer.cost);
                    found.push((cost, volunteer, other));
                }
                state.add(volunteer, other, pair);
            }
        }
        found.sort_unstable();
        self.moves.entry(shift).or_insert(found).clone()
    }
}
