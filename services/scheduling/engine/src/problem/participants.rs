//! Who may play whom: which matches decide others, and which two may be played by the same team.

use std::collections::HashMap;

use super::Problem;
use crate::model::{Instance, Side};

/// Two sides.
type Pair = (Side, Side);

/// A pair of sides in one order.
fn ordered(one: Side, other: Side) -> Pair {
    if one <= other { (one, other) } else { (other, one) }
}

/// Which matches decide who plays others, and in which the same team may play.
pub(super) struct Participants<'p> {
    instance: &'p Instance,
    live: &'p [bool],
    /// Sides of each match, with the first match of a group in place of any.
    sides: Vec<[Side; 2]>,
    /// The matches that decide who stands on a side.
    deciding: HashMap<Side, Vec<usize>>,
    /// How late each match is decided: one more than the matches before it.
    depth: Vec<usize>,
    /// Matches that decide who plays a match, directly; for one that is called off, those that decide who would have
    /// played it.
    pub(super) feeders: Vec<Vec<usize>>,
    /// `before[b][a]`: whether `a` decides who plays `b`, in any number of steps.
    pub(super) before: Vec<Vec<bool>>,
    known: HashMap<Pair, bool>,
}

impl<'p> Participants<'p> {
    pub(super) fn new(problem: &Problem<'p>, live: &'p [bool]) -> Self {
        let instance = problem.instance;
        let count = instance.matches.len();
        let mut sides = Vec::with_capacity(count);
        let mut known: HashMap<Side, Vec<usize>> = HashMap::new();
        let mut direct: Vec<Vec<usize>> = Vec::with_capacity(count);
        for game in &instance.matches {
            let plain = game
                .sides
                .map(|side| plain(side, known.entry(side).or_insert_with(|| deciding(instance, side))));
            for (side, plain) in game.sides.iter().zip(plain) {
                let matches = known[side].clone();
                known.insert(plain, matches);
            }
            let mut found: Vec<usize> = plain.iter().flat_map(|side| known[side].clone()).collect();
            found.sort_unstable();
            found.dedup();
            direct.push(found);
            sides.push(plain);
        }
        let mut before = vec![vec![false; count]; count];
        for (index, row) in before.iter_mut().enumerate() {
            let mut open = direct[index].clone();
            while let Some(feeder) = open.pop() {
                if !row[feeder] {
                    row[feeder] = true;
                    open.extend(&direct[feeder]);
                }
            }
        }
        let feeders =
            (0..count).map(|index| if live[index] { played(&direct, live, index) } else { Vec::new() });
        let feeders = feeders.collect();
        let depth = before.iter().map(|row| row.iter().filter(|before| **before).count() + 1).collect();
        Self { instance, live, sides, deciding: known, depth, feeders, before, known: HashMap::new() }
    }

    /// Whether the same team may play both matches.
    pub(super) fn may_share(&mut self, a: usize, b: usize) -> bool {
        let (sides, others) = (self.sides[a], self.sides[b]);
        self.before[b][a]
            || self.before[a][b]
            || sides.iter().any(|one| others.iter().any(|other| self.may_be_same(*one, *other)))
    }

    /// Whether the same team may stand behind both sides: goes back through what decides them, without recursion,
    /// for brackets may be deep.
    fn may_be_same(&mut self, one: Side, other: Side) -> bool {
        // The pairs on the way, each with those behind it that are still to be looked at.
        let mut way: Vec<(Option<Pair>, Vec<Pair>)> = vec![(None, vec![(one, other)])];
        while let Some((pair, behind)) = way.last_mut() {
            let Some((one, other)) = behind.pop() else {
                if let Some(pair) = *pair {
                    self.known.insert(pair, false);
                }
                way.pop();
                continue;
            };
            match self.at_once(one, other) {
                Some(false) => {}
                Some(true) => {
                    self.known.extend(way.iter().filter_map(|(pair, _)| *pair).map(|pair| (pair, true)));
                    return true;
                }
                None => way.push((Some(ordered(one, other)), self.behind(one, other))),
            }
        }
        false
    }

    /// Whether the same team may stand behind both sides, where that is known without looking behind them.
    fn at_once(&self, one: Side, other: Side) -> Option<bool> {
        match (one, other) {
            (Side::Open, _) | (_, Side::Open) => Some(false),
            _ if one == other => Some(true),
            (Side::Team(_), Side::Team(_)) => Some(false),
            (Side::Winner(a) | Side::Loser(a), Side::Winner(b) | Side::Loser(b)) if a == b => Some(false),
            (Side::Rank { of: a, .. }, Side::Rank { of: b, .. })
            | (Side::Across { of: a, .. }, Side::Across { of: b, .. })
                if a == b =>
            {
                Some(false)
            }
            // Places across groups go to teams that have no place of their own group.
            (Side::Rank { of: a, .. }, Side::Across { of: b, .. })
            | (Side::Across { of: b, .. }, Side::Rank { of: a, .. })
                if self.are_of_one_stage(a, b) =>
            {
                Some(false)
            }
            _ => self.known.get(&ordered(one, other)).copied(),
        }
    }

    /// The sides behind the one that is decided later, each with the other.
    fn behind(&self, one: Side, other: Side) -> Vec<Pair> {
        let (later, earlier) = if self.rank(one) >= self.rank(other) { (one, other) } else { (other, one) };
        let in_group = matches!(later, Side::Rank { .. } | Side::Across { .. });
        let matches = self.deciding[&later].iter().filter(|index| !in_group || self.live[**index]);
        let mut behind: Vec<Side> = matches.flat_map(|index| self.sides[*index]).collect();
        behind.sort_unstable();
        behind.dedup();
        behind.into_iter().map(|side| (side, earlier)).collect()
    }

    fn are_of_one_stage(&self, a: usize, b: usize) -> bool {
        let (one, other) = (&self.instance.matches[a], &self.instance.matches[b]);
        one.competition == other.competition && one.stage == other.stage
    }

    /// How late a side is decided.
    fn rank(&self, side: Side) -> usize {
        self.deciding[&side].iter().map(|index| self.depth[*index]).max().unwrap_or(0)
    }
}

/// The side, with the first match of its group in place of any.
fn plain(side: Side, deciding: &[usize]) -> Side {
    match (side, deciding) {
        (Side::Rank { rank, .. }, &[of, ..]) => Side::Rank { of, rank },
        (Side::Across { place, .. }, &[of, ..]) => Side::Across { of, place },
        _ => side,
    }
}

/// The matches that are played and decide who plays a match.
fn played(direct: &[Vec<usize>], live: &[bool], index: usize) -> Vec<usize> {
    let mut found = Vec::new();
    let mut seen = vec![false; live.len()];
    let mut open = direct[index].clone();
    while let Some(feeder) = open.pop() {
        if std::mem::replace(&mut seen[feeder], true) {
            continue;
        }
        if live[feeder] {
            found.push(feeder);
        } else {
            open.extend(&direct[feeder]);
        }
    }
    found.sort_unstable();
    found
}

/// The matches that decide who stands on a side.
pub(crate) fn deciding(instance: &Instance, side: Side) -> Vec<usize> {
    let all =
        |same: &dyn Fn(usize) -> bool| (0..instance.matches.len()).filter(|index| same(*index)).collect();
    match side {
        Side::Team(_) | Side::Open => Vec::new(),
        Side::Winner(index) | Side::Loser(index) => vec![index],
        Side::Rank { of, .. } => {
            let Some(game) = instance.matches.get(of) else { return Vec::new() };
            all(&|index| {
                let other = &instance.matches[index];
                other.competition == game.competition
                    && other.stage == game.stage
                    && other.group == game.group
            })
        }
        Side::Across { of, .. } => {
            let Some(game) = instance.matches.get(of) else { return Vec::new() };
            all(&|index| {
                let other = &instance.matches[index];
                other.competition == game.competition && !other.group.is_empty() && other.stage == game.stage
            })
        }
    }
}
