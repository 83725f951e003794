//! Repairs a published roster: what is published is expensive to change, because people must be told again.
//!
//! The instance is as it is now: shifts at their new times, people available as they are. What of the roster no longer
//! holds is given up, and the days that this touches are searched first; the days beside them are opened only where that
//! leads to a better price. What has begun is left alone.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::model::{Instance, Roster};
use crate::outcome::{Budget, Progress, Watch};
use crate::problem::Problem;
use crate::search::{Search, construct};
use crate::state::State;

/// What is in force.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'a> {
    /// The roster that people know; what of it they have lost already is in it.
    pub published: &'a Roster,
    /// Volunteers and shifts of it that are lost already: they come back only where nothing else of it is in the way.
    pub lost: &'a [(usize, usize)],
    /// Of each shift whether it stays as it is, because it has begun or is pinned.
    pub settled: &'a [bool],
    /// Days to search besides those on which somebody is lost, by place in the list: seats have been given up there.
    pub days: &'a [usize],
}

/// What changes cost beside open seats and rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weights {
    /// Of a person who must be told again, at least 0.
    pub person: i64,
    /// Of an assignment that is taken away, at least 0.
    pub assignment: i64,
}

/// What a repair costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    /// People who must be told again, each once.
    pub people: usize,
    /// Assignments that are taken away, those that are lost included.
    pub assignments: usize,
    /// Cost of open seats and of soft rules.
    pub quality: i64,
    /// All of it by the weights.
    pub total: i64,
}

/// A difference to the published roster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The volunteer.
    pub volunteer: usize,
    /// The shift.
    pub shift: usize,
    /// What happens.
    pub what: What,
}

/// What happens to an assignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// It can no longer be: the person is not there, or a rule forbids it now.
    Lost,
    /// It is given up for the sake of others.
    GivenUp,
    /// It is new.
    Given,
}

/// A repaired roster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repair {
    /// The roster.
    pub roster: Roster,
    /// What it costs.
    pub price: Price,
    /// What changes, by shift.
    pub changes: Vec<Change>,
    /// The days that were opened, by place in the list; none when nothing was lost.
    pub days: Vec<usize>,
    /// Changes tried.
    pub iterations: u64,
}

/// Repairs a roster. Half of the iterations go to the days touched, half to these and those beside them; the budget's
/// passes are not used. The instance has no fault that [`validate`](crate::validate::validate) finds, and the roster
/// names what is there.
pub fn repair(
    instance: &Instance,
    standing: Standing<'_>,
    weights: Weights,
    budget: Budget,
    watch: &mut Watch,
) -> Repair {
    let Standing { published, settled, .. } = standing;
    let mut problem = Problem::new(instance);
    problem.keep(published, settled, weights.assignment, weights.person);
    let mut best = left_of(&problem, standing);
    let left = best.roster();
    let half = Budget { iterations: budget.iterations / 2, ..budget };
    let mut days = touched(&problem, standing, &left);
    let mut opened = Vec::new();
    let mut done = 0;
    for _ in 0..2 {
        if days.is_empty() {
            break;
        }
        let closed = |shift: usize| settled[shift] || !days.contains(&(problem.slots[shift].day as usize));
        best.settled = (0..settled.len()).map(closed).collect::<Arc<[bool]>>();
        let before = best.cost;
        let (found, iterations, stopped) = search(&best, half, done, watch);
        done += iterations;
        if found.cost < before || opened.is_empty() {
            best = found;
            opened.clone_from(&days);
        }
        if stopped {
            break;
        }
        days =
            (0..instance.days.len()).filter(|day| days.iter().any(|own| own.abs_diff(*day) <= 1)).collect();
    }
    let roster = best.roster();
    let changes = changes(published, &left, &roster);
    let price = price(best.cost, &changes, weights);
    Repair { roster, price, changes, days: opened, iterations: done }
}

/// What of the roster still holds; what was lost comes last.
fn left_of<'p>(problem: &'p Problem<'p>, standing: Standing<'_>) -> State<'p> {
    let mut held = standing.published.clone();
    for &(volunteer, shift) in standing.lost {
        held.crews[shift].retain(|one| *one != volunteer);
    }
    let mut state = State::of(problem, &held, standing.settled.into());
    for &(volunteer, shift) in standing.lost {
        state.put(volunteer, shift);
    }
    state
}

/// Days on which somebody is lost, and those asked for.
fn touched(problem: &Problem, standing: Standing<'_>, left: &Roster) -> Vec<usize> {
    let lost = standing.published.crews.iter().zip(&left.crews).enumerate();
    let lost = lost.filter(|(_, (before, after))| before.len() > after.len());
    let lost = lost.map(|(shift, _)| problem.slots[shift].day as usize);
    let mut days: Vec<usize> = lost.chain(standing.days.iter().copied()).collect();
    days.sort_unstable();
    days.dedup();
    days
}

/// Searches from a roster: the best, the changes tried, and whether it was stopped.
fn search<'p>(from: &State<'p>, budget: Budget, done: u64, watch: &mut Watch) -> (State<'p>, u64, bool) {
    let mut first = from.clone();
    construct::fill(&mut first);
    let likely = vec![Vec::new(); first.crews.len()];
    let mut search = Search::new(first, likely, &budget);
    let mut stopped = false;
    while !stopped && search.done() < budget.iterations {
        search.round(budget.iterations - search.done());
        let iteration = done + search.done();
        let best = search.best().cost;
        stopped = watch(Progress { pass: 0, iteration, best, bound: i64::MIN }).is_break();
    }
    let tried = search.done();
    (search.into_best(), tried, stopped)
}

fn changes(published: &Roster, left: &Roster, repaired: &Roster) -> Vec<Change> {
    let mut changes = Vec::new();
    for (shift, crew) in repaired.crews.iter().enumerate() {
        let before = published.crews.get(shift).map_or(&[][..], Vec::as_slice);
        for &volunteer in before.iter().filter(|one| !crew.contains(one)) {
            let what = if left.crews[shift].contains(&volunteer) { What::GivenUp } else { What::Lost };
            changes.push(Change { volunteer, shift, what });
        }
        for &volunteer in crew.iter().filter(|one| !before.contains(one)) {
            changes.push(Change { volunteer, shift, what: What::Given });
        }
    }
    changes
}

fn price(total: i64, changes: &[Change], weights: Weights) -> Price {
    let mut people: Vec<usize> = changes.iter().map(|change| change.volunteer).collect();
    people.sort_unstable();
    people.dedup();
    let people = people.len();
    let assignments = changes.iter().filter(|change| change.what != What::Given).count();
    let count = |things: usize| i64::try_from(things).unwrap_or(i64::MAX);
    let quality = total - weights.person * count(people) - weights.assignment * count(assignments);
    Price { people, assignments, quality, total }
}
