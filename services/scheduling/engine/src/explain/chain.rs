//! A chain of waits that is longer than the time there is.
//!
//! The earliest kick-off of every match is found by going through the bracket from its beginning: a match waits for
//! those before it, and matches of which any two share a team (a group of three, all matches of one team) wait for
//! each other in some order, so that the k-th of them is not before k - 1 of their shortest waits. Every earliest
//! kick-off is one that exists, so days and slots count. When a match has none left, the chain that leads there is
//! the argument.

use std::collections::BTreeMap;

use super::{Argument, telling};
use crate::model::Minute;
use crate::problem::{Problem, Wait};

/// A match, or matches that are played one after another in some order.
#[derive(Clone, Debug)]
pub(super) struct Station {
    /// The matches.
    pub(super) matches: Vec<usize>,
    /// The shortest wait between two of them.
    pub(super) within: Wait,
    /// How long it waits for the station before it.
    pub(super) wait: Wait,
    /// The earliest kick-offs of its first match, its second and so on, as far as there are any.
    pub(super) earliest: Vec<Minute>,
    /// When the first that has none could kick off at the earliest, if there were a kick-off; the latest there is is
    /// before that.
    pub(super) missed: Option<Minute>,
}

/// What a match waits for.
#[derive(Clone, Debug, Default)]
enum Before {
    /// Nothing.
    #[default]
    Nothing,
    /// These, this long.
    These(Serial, Wait),
}

/// Matches of which any two wait for each other, and the shortest of these waits; or one match.
#[derive(Clone, Debug)]
struct Serial {
    matches: Vec<usize>,
    within: Wait,
}

struct Going<'p> {
    problem: &'p Problem<'p>,
    /// Waits of two matches for each other, in either order.
    apart: BTreeMap<(usize, usize), Wait>,
    /// Of each match, what is before it.
    behind: Vec<Vec<(usize, Wait)>>,
    earliest: Vec<Minute>,
    why: Vec<Before>,
}

/// Finds a chain that is too long.
pub(super) fn argue(problem: &Problem) -> Option<Argument> {
    if problem.is_empty() {
        return None;
    }
    let mut going = Going::new(problem);
    let stations = going.go()?;
    let mut matches: Vec<usize> = stations.iter().flat_map(|station| station.matches.clone()).collect();
    matches.sort_unstable();
    matches.dedup();
    Some(Argument { sentence: telling::sentence(problem, &stations), matches })
}

impl<'p> Going<'p> {
    fn new(problem: &'p Problem<'p>) -> Self {
        let count = problem.options.len();
        let mut apart = BTreeMap::new();
        let mut behind = vec![Vec::new(); count];
        for gap in &problem.gaps {
            if gap.ordered {
                behind[gap.b].push((gap.a, gap.forth));
            } else {
                let wait = gap.forth.least(gap.back);
                apart.insert((gap.a, gap.b), wait);
                apart.insert((gap.b, gap.a), wait);
            }
        }
        let first = |index: usize| problem.options[index].first().map_or(0, |option| option.start);
        let earliest = (0..count).map(first).collect();
        Self { problem, apart, behind, earliest, why: vec![Before::default(); count] }
    }

    /// Moves earliest kick-offs until none moves, or one is missing: then gives the way there.
    fn go(&mut self) -> Option<Vec<Station>> {
        let live: Vec<usize> = (0..self.earliest.len()).filter(|index| self.problem.live[*index]).collect();
        let serial: Vec<Vec<Serial>> = (0..self.earliest.len())
            .map(|index| {
                let members: Vec<usize> = self.behind[index].iter().map(|(before, _)| *before).collect();
                self.serial(&members)
            })
            .collect();
        let alone = self.serial(&live);
        loop {
            let mut moved = false;
            // Of several that are missing, the last in the list: finals come last.
            for &index in live.iter().rev() {
                let Some((time, before)) = self.after_all(index, &serial[index]) else { continue };
                if time <= self.earliest[index] {
                    continue;
                }
                self.why[index] = before;
                match self.problem.options[index].iter().find(|option| option.start >= time) {
                    Some(option) => {
                        self.earliest[index] = option.start;
                        moved = true;
                    }
                    None => return self.way_to(index, time),
                }
            }
            if !moved {
                break;
            }
        }
        let too_long = alone.iter().find(|serial| self.times(serial).1.is_some())?;
        self.way(too_long)
    }

    /// The earliest a match may kick off after all that is before it, and what makes it so late; `None` when nothing
    /// is before it, or what is before it has no room itself.
    fn after_all(&self, index: usize, serial: &[Serial]) -> Option<(Minute, Before)> {
        let mut latest: Option<(Minute, Before)> = None;
        let mut take = |time: Minute, before: Before| {
            if latest.as_ref().is_none_or(|latest| time > latest.0) {
                latest = Some((time, before));
            }
        };
        for &(before, wait) in &self.behind[index] {
            let alone = Serial { matches: vec![before], within: Wait::default() };
            take(self.problem.after(wait, self.earliest[before]), Before::These(alone, wait));
        }
        for serial in serial {
            let waits = self.behind[index].iter().filter(|(before, _)| serial.matches.contains(before));
            let wait = waits.map(|(_, wait)| *wait).reduce(Wait::least)?;
            if let (times, None) = self.times(serial)
                && let Some(&last) = times.last()
            {
                take(self.problem.after(wait, last), Before::These(serial.clone(), wait));
            }
        }
        latest
    }

    /// Earliest kick-offs of matches that are played one after another; and the earliest of the first that has none.
    fn times(&self, serial: &Serial) -> (Vec<Minute>, Option<Minute>) {
        let options = || serial.matches.iter().flat_map(|index| &self.problem.options[*index]);
        let first = serial.matches.iter().map(|index| self.earliest[*index]).min();
        let mut times: Vec<Minute> = first.into_iter().collect();
        while times.len() < serial.matches.len() {
            let last = times.last().copied().unwrap_or(Minute::MIN);
            let next = self.problem.after(serial.within, last);
            match options().map(|option| option.start).filter(|start| *start >= next).min() {
                Some(start) => times.push(start),
                None => return (times, Some(next)),
            }
        }
        (times, None)
    }

    /// Matches among these of which any two wait for each other: from each match on, as many as come.
    fn serial(&self, among: &[usize]) -> Vec<Serial> {
        let mut found: Vec<Serial> = Vec::new();
        for &seed in among {
            let mut matches = vec![seed];
            let mut within: Option<Wait> = None;
            for &other in among {
                let waits: Option<Vec<Wait>> =
                    matches.iter().map(|one| self.apart.get(&(*one, other)).copied()).collect();
                if let Some(shortest) = waits
                    .filter(|_| other != seed)
                    .and_then(|waits| waits.into_iter().chain(within).reduce(Wait::least))
                {
                    matches.push(other);
                    within = Some(shortest);
                }
            }
            if let Some(within) = within {
                matches.sort_unstable();
                found.push(Serial { matches, within });
            }
        }
        found.sort_by(|one, other| one.matches.cmp(&other.matches));
        found.dedup_by(|one, other| one.matches == other.matches);
        found
    }

    /// The match of a station that is the first to kick off.
    fn first(&self, serial: &Serial) -> Option<usize> {
        serial.matches.iter().copied().min_by_key(|index| self.earliest[*index])
    }

    fn station(&self, serial: &Serial) -> Station {
        let wait = match self.first(serial).map(|first| &self.why[first]) {
            Some(Before::These(_, wait)) => *wait,
            _ => Wait::default(),
        };
        let (earliest, missed) = self.times(serial);
        Station { matches: serial.matches.clone(), within: serial.within, wait, earliest, missed }
    }

    /// The way to a match that has no kick-off from `time` on.
    fn way_to(&self, index: usize, time: Minute) -> Option<Vec<Station>> {
        let alone = Serial { matches: vec![index], within: Wait::default() };
        let mut way = self.way(&alone)?;
        let last = way.last_mut()?;
        last.earliest.clear();
        last.missed = Some(time);
        Some(way)
    }

    /// The stations up to the one given. `None` when they go in a circle.
    fn way(&self, last: &Serial) -> Option<Vec<Station>> {
        let mut stations = vec![self.station(last)];
        let mut serial = last;
        while let Before::These(before, _) = &self.why[self.first(serial)?] {
            if stations.len() > self.earliest.len() {
                return None;
            }
            stations.push(self.station(before));
            serial = before;
        }
        stations.reverse();
        Some(stations)
    }
}
