//! Construction and large-neighbourhood search: answers for instances of any size.
//!
//! A first timetable is made by placing one match after another where it disturbs least; those that are disturbed lose
//! their place and count for more the next time. It is then improved by taking a few matches that belong together out
//! and putting them back at the best places that disturb nobody.

use std::ops::ControlFlow;

use crate::exact::{Incumbent, Search, measure};
use crate::officials::{Appointment, appoint};
use crate::problem::Problem;
use crate::random::Dice;
use crate::state::State;

/// Matches disturbed at most by placing one.
const DISTURBED: usize = 12;
/// Steps between two questions to the watch.
const ASK_EVERY: u64 = 16;

/// Tells the watch: rounds spent, the first measure of the best.
pub(crate) type Told<'w> = dyn FnMut(u64, Option<i64>) -> ControlFlow<()> + 'w;

/// Rounds spent on improvement where any timetable will do.
const SHORT: u64 = 200;

/// Improves an incumbent, or makes one first. The last that is told is all that was spent.
pub(crate) fn improve<'p>(
    problem: &'p Problem<'p>,
    search: &Search<'p>,
    from: Option<Incumbent>,
    told: &mut Told,
) -> Option<Incumbent> {
    let mut dice = Dice::new(search.seed);
    let mut rounds = 0;
    let mut best = match from {
        Some(best) => best,
        None => construct(problem, search, &mut dice, &mut rounds, told)?,
    };
    let most = if search.first { search.rounds.min(rounds.saturating_add(SHORT)) } else { search.rounds };
    let mut state = State::new(problem, search.change);
    for (index, candidate) in best.chosen.iter().enumerate() {
        if problem.live[index] {
            state.put(index, *candidate);
        }
    }
    let mut now = best.clone();
    while rounds < most {
        if rounds.is_multiple_of(ASK_EVERY) && told(rounds, best.values.first().copied()).is_break() {
            break;
        }
        rounds += 1;
        let mut out = destroy(&state, &mut dice);
        let before: Vec<Option<usize>> = out.iter().map(|index| state.place[*index]).collect();
        for &index in &out {
            state.take(index);
        }
        let removed = out.clone();
        dice.shuffle(&mut out);
        let put_back = out.iter().all(|&index| put_best(&mut state, index, &mut dice));
        let next = if put_back { accept(&state, search, &now) } else { None };
        if let Some(next) = next {
            if next.values < best.values
                && let Some(officials) = crews(problem, &next, search)
                && officials.1 < best.values
            {
                best =
                    Incumbent { officials: officials.0, values: officials.1, spent: rounds, ..next.clone() };
            }
            now = next;
        } else {
            for &index in &removed {
                state.take(index);
            }
            for (index, candidate) in removed.iter().zip(before) {
                if let Some(candidate) = candidate {
                    state.put(*index, candidate);
                }
            }
        }
    }
    // It has ended already, whatever the answer.
    let _ended: ControlFlow<()> = told(rounds, best.values.first().copied());
    Some(best)
}

/// The choice of a state when it is no worse.
fn accept(state: &State, search: &Search, now: &Incumbent) -> Option<Incumbent> {
    let chosen = state.complete()?;
    if state.problem.tally(&chosen).broken > 0 {
        return None;
    }
    let limits: Vec<_> = search.within.iter().map(|(measure, _)| *measure).collect();
    let limited = measure(state.problem, &Search { measures: &limits, ..search.clone() }, &chosen, 0);
    if limited.iter().zip(search.within).any(|(value, (_, most))| value > most) {
        return None;
    }
    let values = measure(state.problem, search, &chosen, 0);
    (values <= now.values).then(|| Incumbent { chosen, officials: Vec::new(), values, spent: 0 })
}

/// Officials for a choice, and its measures with them.
fn crews<'p>(
    problem: &'p Problem<'p>,
    choice: &Incumbent,
    search: &Search<'p>,
) -> Option<(Vec<Vec<usize>>, Vec<i64>)> {
    match appoint(problem, &choice.chosen, search.prefer) {
        Appointment::Found(officials, cost, _) => {
            let none = officials.iter().all(Vec::is_empty);
            let values = measure(problem, search, &choice.chosen, cost);
            Some((if none { Vec::new() } else { officials }, values))
        }
        Appointment::Impossible(_) | Appointment::Unknown => None,
    }
}

/// Makes a first timetable.
fn construct<'p>(
    problem: &'p Problem<'p>,
    search: &Search<'p>,
    dice: &mut Dice,
    rounds: &mut u64,
    told: &mut Told,
) -> Option<Incumbent> {
    let count = problem.options.len();
    let mut state = State::new(problem, search.change);
    let mut weight = vec![1_i64; count];
    let mut open: Vec<usize> = (0..count).filter(|index| problem.live[*index]).collect();
    // First those that have a place to keep, then those with the fewest places and the earliest.
    let mut disturbed = Vec::new();
    open.sort_by_key(|index| {
        let first = problem.options[*index].first().map_or(0, |option| option.start);
        let last = problem.options[*index].last().map_or(0, |option| option.start);
        (std::cmp::Reverse(last - first), std::cmp::Reverse(last), *index)
    });
    if search.change.is_some() {
        open.retain(|&index| {
            let kept = search.guide.get(index).copied().flatten().filter(|candidate| {
                let option = &problem.options[index][*candidate];
                let same = search.change.and_then(|change| change.old[index]);
                same.is_some_and(|old| old.start == option.start && old.pitch == option.pitch)
                    && state.disturbed(index, option, 0, &mut disturbed)
            });
            if let Some(candidate) = kept {
                state.put(index, candidate);
            }
            kept.is_none()
        });
    }
    while *rounds < search.rounds {
        if rounds.is_multiple_of(ASK_EVERY) && told(*rounds, None).is_break() {
            return None;
        }
        *rounds += 1;
        let Some(index) = open.pop() else {
            let chosen = state.complete()?;
            if problem.tally(&chosen).broken == 0 {
                let values = measure(problem, search, &chosen, 0);
                let found = Incumbent { chosen, officials: Vec::new(), values, spent: *rounds };
                if let Some((officials, values)) = crews(problem, &found, search) {
                    return Some(Incumbent { officials, values, ..found });
                }
            }
            // What is not looked at while placing is broken: another beginning, at random.
            for index in (0..count).filter(|index| problem.live[*index]) {
                if dice.below(3) == 0 {
                    state.take(index);
                    open.push(index);
                }
            }
            dice.shuffle(&mut open);
            continue;
        };
        let mut best: Option<(i64, i64, usize, usize)> = None;
        for (candidate, option) in problem.options[index].iter().enumerate() {
            if !state.disturbed(index, option, DISTURBED, &mut disturbed) {
                continue;
            }
            let harm: i64 = disturbed.iter().map(|other| weight[*other]).sum();
            if best.is_some_and(|best| harm > best.0) {
                continue;
            }
            let way = (harm, state.cost(index, option), dice.below(1 << 16), candidate);
            // Of equal ones, the earlier while nobody is disturbed; later a random one.
            let way = if harm == 0 { (way.0, way.1, candidate, candidate) } else { way };
            if best.is_none_or(|best| way < best) {
                best = Some(way);
            }
        }
        let Some((_, _, _, candidate)) = best else {
            // Nowhere without disturbing too many: room is made by taking a third out.
            open.insert(0, index);
            for other in (0..count).filter(|other| state.place[*other].is_some()).collect::<Vec<_>>() {
                if dice.below(3) == 0 {
                    state.take(other);
                    open.push(other);
                }
            }
            continue;
        };
        state.disturbed(index, &problem.options[index][candidate], DISTURBED, &mut disturbed);
        for &other in &disturbed {
            state.take(other);
            weight[other] += 1;
        }
        open.extend(&disturbed);
        weight[index] += 1;
        state.put(index, candidate);
    }
    None
}

/// Puts a match where it disturbs nobody and costs least.
fn put_best(state: &mut State, index: usize, dice: &mut Dice) -> bool {
    let problem = state.problem;
    let mut disturbed = Vec::new();
    let mut best: Option<(i64, usize, usize)> = None;
    for (candidate, option) in problem.options[index].iter().enumerate() {
        if best.is_some_and(|best| option.cost > best.0) || !state.disturbed(index, option, 0, &mut disturbed)
        {
            continue;
        }
        let way = (state.cost(index, option), dice.below(1 << 16), candidate);
        if best.is_none_or(|best| way < best) {
            best = Some(way);
        }
    }
    match best {
        Some((_, _, candidate)) => {
            state.put(index, candidate);
            true
        }
        None => false,
    }
}

/// Some matches that belong together.
fn destroy(state: &State, dice: &mut Dice) -> Vec<usize> {
    let problem = state.problem;
    let placed: Vec<usize> = (0..state.place.len()).filter(|index| state.place[*index].is_some()).collect();
    let Some(&seed) = placed.get(dice.below(placed.len())) else { return Vec::new() };
    let games = &problem.instance.matches;
    let most = 3 + dice.below(8);
    let kind = dice.below(5);
    let day = |index: usize| state.at(index).map(|option| problem.day(option.start));
    let mut near: Vec<usize> = match kind {
        0 => placed.iter().copied().filter(|other| day(*other) == day(seed)).collect(),
        1 => {
            let pitch = state.at(seed).map(|option| option.pitch);
            placed.iter().copied().filter(|one| state.at(*one).map(|option| option.pitch) == pitch).collect()
        }
        2 => placed
            .iter()
            .copied()
            .filter(|one| {
                games[*one].competition == games[seed].competition && games[*one].group == games[seed].group
            })
            .collect(),
        3 => {
            let gaps = problem.gaps.iter().filter(|gap| gap.a == seed || gap.b == seed);
            let equals = problem.equals.iter().filter(|equal| equal.a == seed || equal.b == seed);
            gaps.flat_map(|gap| [gap.a, gap.b]).chain(equals.flat_map(|equal| [equal.a, equal.b])).collect()
        }
        _ => placed.clone(),
    };
    near.retain(|index| *index != seed && state.place[*index].is_some());
    near.sort_unstable();
    near.dedup();
    dice.shuffle(&mut near);
    near.truncate(most - 1);
    near.push(seed);
    // Those that start together move together.
    for tie in &problem.ties {
        if !tie.matches.iter().any(|index| near.contains(index)) {
            continue;
        }
        for &index in &tie.matches {
            if !near.contains(&index) {
                near.push(index);
            }
        }
    }
    near
}
