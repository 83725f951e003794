//! A timetable in the making: some matches have their place, and what another would disturb is known at once.

use crate::change::Change;
use crate::model::Minute;
use crate::officials;
use crate::problem::{Candidate, Problem, Weight};

/// What a kick-off or pitch that moves costs beside everything else, where a timetable in force is repaired.
const MOVED: i64 = 1_000_000;

/// Matches with and without a place.
#[derive(Clone, Debug)]
pub(crate) struct State<'p> {
    pub(crate) problem: &'p Problem<'p>,
    change: Option<&'p Change>,
    /// Of each match its candidate.
    pub(crate) place: Vec<Option<usize>>,
    /// Of each resource: from when until when which match holds it.
    held: Vec<Vec<(Minute, Minute, usize)>>,
    /// Of each meter the sums of its buckets.
    sums: Vec<Vec<i64>>,
    /// Crews of each day, and the most of them.
    crews: Vec<(usize, usize)>,
    /// Limits that each match takes part in, by place in the lists of the problem.
    gaps: Vec<Vec<usize>>,
    soft_gaps: Vec<Vec<usize>>,
    ties: Vec<Vec<usize>>,
    equals: Vec<Vec<usize>>,
}

impl<'p> State<'p> {
    /// Nothing has a place.
    pub(crate) fn new(problem: &'p Problem<'p>, change: Option<&'p Change>) -> Self {
        let count = problem.options.len();
        let of = |members: &mut dyn Iterator<Item = (usize, usize)>| {
            let mut lists: Vec<Vec<usize>> = vec![Vec::new(); count];
            for (number, index) in members {
                lists[index].push(number);
            }
            lists
        };
        let gaps = problem.gaps.iter().enumerate();
        let soft_gaps = problem.soft_gaps.iter().enumerate();
        let ties = problem.ties.iter().enumerate();
        let equals = problem.equals.iter().enumerate();
        let days = 0..problem.instance.days.len();
        Self {
            problem,
            change,
            place: vec![None; count],
            held: vec![Vec::new(); problem.resources()],
            sums: problem.meters.iter().map(|meter| vec![0; meter.buckets]).collect(),
            crews: days
                .map(|day| (0, officials::most_of_day(problem.instance, day).unwrap_or(usize::MAX)))
                .collect(),
            gaps: of(&mut gaps.flat_map(|(number, gap)| [(number, gap.a), (number, gap.b)])),
            soft_gaps: of(
                &mut soft_gaps.flat_map(|(number, soft)| [(number, soft.gap.a), (number, soft.gap.b)])
            ),
            ties: of(
                &mut ties.flat_map(|(number, tie)| tie.matches.iter().map(move |index| (number, *index)))
            ),
            equals: of(&mut equals.flat_map(|(number, equal)| [(number, equal.a), (number, equal.b)])),
        }
    }

    /// The place of a match.
    pub(crate) fn at(&self, index: usize) -> Option<&'p Candidate> {
        self.place[index].map(|candidate| &self.problem.options[index][candidate])
    }

    /// Gives a match a place; it had none.
    pub(crate) fn put(&mut self, index: usize, candidate: usize) {
        self.place[index] = Some(candidate);
        self.count(index, candidate, true);
    }

    /// Takes the place of a match.
    pub(crate) fn take(&mut self, index: usize) {
        if let Some(candidate) = self.place[index].take() {
            self.count(index, candidate, false);
        }
    }

    fn count(&mut self, index: usize, candidate: usize, put: bool) {
        let problem = self.problem;
        let option = &problem.options[index][candidate];
        for need in problem.needs(index, option) {
            if put {
                self.held[need.resource].push((need.span.start, need.span.end, index));
            } else {
                self.held[need.resource].retain(|held| held.2 != index);
            }
        }
        for (meter, sums) in problem.meters.iter().zip(&mut self.sums) {
            for bucket in meter.adds(problem, index, option) {
                sums[bucket.index] += if put { bucket.amount } else { -bucket.amount };
            }
        }
        if problem.needs_crew(index) {
            let crews = &mut self.crews[problem.day(option.start)].0;
            *crews = if put { *crews + 1 } else { crews.saturating_sub(1) };
        }
    }

    /// Finds the matches that would have to give way when a match takes a candidate. False when they are more than
    /// `most`, or when that would not be enough.
    pub(crate) fn disturbed(
        &self,
        index: usize,
        option: &Candidate,
        most: usize,
        found: &mut Vec<usize>,
    ) -> bool {
        let problem = self.problem;
        found.clear();
        let mut add = |other: usize| {
            if !found.contains(&other) {
                found.push(other);
            }
            found.len() <= most
        };
        for need in problem.needs(index, option) {
            for held in &self.held[need.resource] {
                if held.0 < need.span.end && need.span.start < held.1 && held.2 != index && !add(held.2) {
                    return false;
                }
            }
        }
        for &number in &self.gaps[index] {
            let gap = &problem.gaps[number];
            let other = if gap.a == index { gap.b } else { gap.a };
            let Some(place) = self.at(other) else { continue };
            let (a, b) =
                if gap.a == index { (option.start, place.start) } else { (place.start, option.start) };
            if !problem.keeps(gap, a, b) && !add(other) {
                return false;
            }
        }
        for &number in self.ties[index].iter().filter(|tie| problem.ties[**tie].weight == Weight::Hard) {
            for &other in &problem.ties[number].matches {
                if other != index
                    && self.at(other).is_some_and(|place| place.start != option.start)
                    && !add(other)
                {
                    return false;
                }
            }
        }
        for &number in self.equals[index].iter().filter(|one| problem.equals[**one].weight == Weight::Hard) {
            let equal = &problem.equals[number];
            let other = if equal.a == index { equal.b } else { equal.a };
            if self.at(other).is_some_and(|place| place.start != option.start) && !add(other) {
                return false;
            }
        }
        for apart in problem.aparts.iter().filter(|apart| apart.weight == Weight::Hard) {
            let Some(venue) = apart.venue(index, option) else { continue };
            let span = |index: usize, option: &Candidate| {
                let game = &problem.instance.matches[index];
                (option.start - game.set_up, option.start + game.occupied)
            };
            let own = span(index, option);
            for other in (0..self.place.len()).filter(|other| *other != index) {
                let Some(place) = self.at(other).filter(|place| apart.venue(other, place) == Some(venue))
                else {
                    continue;
                };
                let others = span(other, place);
                let close = own.0 - others.1 < apart.minutes && others.0 - own.1 < apart.minutes;
                let (day, of_other) = (problem.day(option.start), problem.day(place.start));
                let past = apart.begun.contains(&(venue, day.max(of_other)));
                if close && day != of_other && !past && !add(other) {
                    return false;
                }
            }
        }
        self.overfull(index, option, most, found)
    }

    /// Adds matches that must give way because a sum would be too much.
    fn overfull(&self, index: usize, option: &Candidate, most: usize, found: &mut Vec<usize>) -> bool {
        let problem = self.problem;
        for (meter, sums) in problem.meters.iter().zip(&self.sums) {
            if meter.weight != Weight::Hard {
                continue;
            }
            for bucket in meter.adds(problem, index, option) {
                let mut over = sums[bucket.index] + bucket.amount - meter.most(bucket.index);
                if over <= 0 {
                    continue;
                }
                for other in (0..self.place.len()).filter(|other| *other != index) {
                    let Some(place) = self.at(other) else { continue };
                    let adds = meter.adds(problem, other, place);
                    let Some(shared) = adds.iter().find(|one| one.index == bucket.index) else { continue };
                    if !found.contains(&other) {
                        found.push(other);
                    }
                    over -= shared.amount;
                    if over <= 0 {
                        break;
                    }
                }
                if over > 0 || found.len() > most {
                    return false;
                }
            }
        }
        if problem.needs_crew(index) {
            let day = problem.day(option.start);
            let (crews, limit) = self.crews[day];
            if crews >= limit {
                let other = (0..self.place.len()).find(|other| {
                    problem.needs_crew(*other)
                        && !found.contains(other)
                        && self.at(*other).is_some_and(|place| problem.day(place.start) == day)
                });
                match other {
                    Some(other) => found.push(other),
                    None => return false,
                }
            }
        }
        found.len() <= most
    }

    /// What soft rules ask for a candidate, given those that have a place. Sums and differences alone; shares and
    /// sessions are counted when all is placed.
    pub(crate) fn cost(&self, index: usize, option: &Candidate) -> i64 {
        let problem = self.problem;
        let mut cost = option.cost;
        for &number in &self.soft_gaps[index] {
            let soft = &problem.soft_gaps[number];
            let gap = &soft.gap;
            let other = if gap.a == index { gap.b } else { gap.a };
            let Some(place) = self.at(other) else { continue };
            let (a, b) =
                if gap.a == index { (option.start, place.start) } else { (place.start, option.start) };
            if !problem.keeps(gap, a, b) {
                cost = cost.saturating_add(soft.weight);
            }
        }
        for &number in &self.ties[index] {
            let tie = &problem.ties[number];
            if let Weight::Soft(weight) = tie.weight
                && tie.matches.iter().any(|other| {
                    *other != index && self.at(*other).is_some_and(|place| place.start != option.start)
                })
            {
                cost = cost.saturating_add(weight);
            }
        }
        for &number in &self.equals[index] {
            let equal = &problem.equals[number];
            let other = if equal.a == index { equal.b } else { equal.a };
            if let (Weight::Soft(weight), Some(place)) = (equal.weight, self.at(other)) {
                let minutes = i64::from(place.start.abs_diff(option.start));
                cost = cost.saturating_add(weight.saturating_mul(minutes));
            }
        }
        for (meter, sums) in problem.meters.iter().zip(&self.sums) {
            if let Weight::Soft(weight) = meter.weight {
                for bucket in meter.adds(problem, index, option) {
                    let most = meter.most(bucket.index);
                    let before = (sums[bucket.index] - most).max(0);
                    let after = (sums[bucket.index] + bucket.amount - most).max(0);
                    cost = cost.saturating_add(weight.saturating_mul(after - before));
                }
            }
        }
        if let Some(old) = self.change.and_then(|change| change.old[index]) {
            if old.start != option.start {
                cost = cost.saturating_add(MOVED.saturating_mul(100));
            } else if old.pitch != option.pitch {
                cost = cost.saturating_add(MOVED);
            }
        }
        cost
    }

    /// All candidates, when every match has one.
    pub(crate) fn complete(&self) -> Option<Vec<usize>> {
        (0..self.place.len())
            .map(|index| if self.problem.live[index] { self.place[index] } else { Some(0) })
            .collect()
    }
}
