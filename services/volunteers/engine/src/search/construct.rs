//! The first roster: the shifts that are hardest to fill, each given to those whom it costs least.

use crate::state::State;

/// Fills open seats one shift after the other: high priority first, then few candidates for the seats.
pub(crate) fn fill(state: &mut State) {
    let problem = state.problem;
    let mut order: Vec<usize> = (0..problem.slots.len()).filter(|shift| !state.settled[*shift]).collect();
    let scarcity = |shift: usize| {
        let seats = problem.instance.shifts[shift].headcount.max(1) as usize;
        problem.candidates[shift].len() * 1_000 / seats
    };
    order.sort_by_key(|shift| (-problem.priority(*shift), scarcity(*shift), *shift));
    for shift in order {
        let mut asked: Vec<(i64, usize, i64)> = problem.candidates[shift]
            .iter()
            .filter(|offer| !state.holds(offer.to as usize, shift))
            .map(|offer| (state.delta(offer.to as usize, shift, offer.cost), offer.to as usize, offer.cost))
            .collect();
        asked.sort_unstable();
        for (delta, volunteer, pair) in asked {
            if state.open[shift] == 0 || delta >= 0 {
                break;
            }
            if state.blocked(volunteer, shift).is_none() {
                state.add(volunteer, shift, pair);
            }
        }
    }
}
