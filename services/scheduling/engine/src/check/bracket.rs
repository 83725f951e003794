//! What decides who plays a match, and which matches the same team may play.
//!
//! Whatever may stand on a side is a *slot*: a team, the winner of a match, a rank of a group. Slots are gone through
//! from the one known first to the one decided last. The slots that a team may have held before it takes one are those
//! of all that may take it, without those that exclude it: nobody wins and loses the same match, holds two ranks of a
//! group, or a rank of the group and a place across groups.

use std::collections::BTreeMap;

use crate::model::{Instance, Side};

/// Whatever may stand on a side; groups and pools by their number in [`Bracket`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Slot {
    Team(usize),
    Winner(usize),
    Loser(usize),
    Rank(usize, u32),
    Across(usize, u32),
}

/// Who plays whom.
pub(super) struct Bracket<'i> {
    instance: &'i Instance,
    takes_place: &'i [bool],
    /// Matches of each group, called-off ones included.
    groups: Vec<Vec<usize>>,
    /// Of each match its group.
    group_of: Vec<usize>,
    /// Group matches of each stage of a competition: the groups that places across groups compare.
    pools: Vec<Vec<usize>>,
    /// Of each match its pool.
    pool_of: Vec<usize>,
}

/// Another match that the same team may play.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kin {
    /// The match.
    pub(super) other: usize,
    /// Whether one of the two decides, in any number of steps, who plays the other.
    pub(super) ordered: bool,
}

/// Sets of numbers below a number, one set in each row.
struct Table {
    words: usize,
    bits: Vec<u64>,
}

impl Table {
    fn new(count: usize) -> Self {
        let words = count.div_ceil(64);
        Self { words, bits: vec![0; words * count] }
    }

    fn has(&self, row: usize, number: usize) -> bool {
        self.bits[row * self.words + number / 64] >> (number % 64) & 1 == 1
    }

    fn add(&mut self, row: usize, number: usize) {
        self.bits[row * self.words + number / 64] |= 1 << (number % 64);
    }

    /// Adds what stands in another row.
    fn unite(&mut self, row: usize, other: usize) {
        for word in 0..self.words {
            self.bits[row * self.words + word] |= self.bits[other * self.words + word];
        }
    }

    fn remove(&mut self, row: usize, number: usize) {
        self.bits[row * self.words + number / 64] &= !(1 << (number % 64));
    }
}

impl<'i> Bracket<'i> {
    pub(super) fn new(instance: &'i Instance, takes_place: &'i [bool]) -> Self {
        let mut bracket = Self {
            instance,
            takes_place,
            groups: Vec::new(),
            group_of: Vec::new(),
            pools: Vec::new(),
            pool_of: Vec::new(),
        };
        let mut groups = BTreeMap::new();
        let mut pools = BTreeMap::new();
        for (index, game) in instance.matches.iter().enumerate() {
            let count = groups.len();
            let key = (&game.competition, &game.stage, &game.group);
            let group = *groups.entry(key).or_insert(count);
            bracket.groups.resize(groups.len(), Vec::new());
            bracket.groups[group].push(index);
            bracket.group_of.push(group);
            let count = pools.len();
            let pool = *pools.entry((&game.competition, &game.stage)).or_insert(count);
            bracket.pools.resize(pools.len(), Vec::new());
            if !game.group.is_empty() {
                bracket.pools[pool].push(index);
            }
            bracket.pool_of.push(pool);
        }
        bracket
    }

    /// Matches of each group of a group stage, called-off ones included.
    pub(super) fn groups(&self) -> Vec<Vec<usize>> {
        let is_named = |group: &&Vec<usize>| !self.instance.matches[group[0]].group.is_empty();
        self.groups.iter().filter(is_named).cloned().collect()
    }

    fn slot(&self, side: Side) -> Option<Slot> {
        match side {
            Side::Team(team) => Some(Slot::Team(team)),
            Side::Winner(index) => Some(Slot::Winner(index)),
            Side::Loser(index) => Some(Slot::Loser(index)),
            Side::Rank { of, rank } => Some(Slot::Rank(*self.group_of.get(of)?, rank)),
            Side::Across { of, place } => Some(Slot::Across(*self.pool_of.get(of)?, place)),
            Side::Open => None,
        }
    }

    fn slots(&self, index: usize) -> impl Iterator<Item = Slot> {
        self.instance.matches[index].sides.into_iter().filter_map(|side| self.slot(side))
    }

    /// The matches that decide who takes a slot, called-off ones included.
    fn decided_by(&self, slot: Slot) -> Vec<usize> {
        match slot {
            Slot::Team(_) => Vec::new(),
            Slot::Winner(index) | Slot::Loser(index) => vec![index],
            Slot::Rank(group, _) => self.groups[group].clone(),
            Slot::Across(pool, _) => self.pools[pool].clone(),
        }
    }

    /// Of each match the matches that decide who plays it. In place of one that is called off stand those that decide
    /// who would have played that.
    pub(super) fn deciders(&self) -> Vec<Vec<usize>> {
        let decide = |index: usize| self.slots(index).flat_map(|slot| self.decided_by(slot));
        (0..self.instance.matches.len())
            .map(|index| {
                let mut seen = vec![false; self.takes_place.len()];
                let mut open: Vec<usize> = decide(index).collect();
                let mut found = Vec::new();
                while let Some(decider) = open.pop() {
                    if std::mem::replace(&mut seen[decider], true) {
                        continue;
                    }
                    if self.takes_place[decider] {
                        found.push(decider);
                    } else {
                        open.extend(decide(decider));
                    }
                }
                found.sort_unstable();
                found
            })
            .collect()
    }

    /// How many decisions, one after another, lie before each match.
    fn depths(&self) -> Vec<usize> {
        let count = self.instance.matches.len();
        let mut depths = vec![0; count];
        // A bracket without a circle is known after as many rounds as there are matches.
        for _ in 0..count {
            let deepest = |matches: &Vec<usize>| matches.iter().map(|index| depths[*index] + 1).max();
            let groups: Vec<_> = self.groups.iter().map(deepest).collect();
            let pools: Vec<_> = self.pools.iter().map(deepest).collect();
            let next: Vec<usize> = (0..count)
                .map(|index| {
                    let slots = self.slots(index).filter_map(|slot| match slot {
                        Slot::Team(_) => None,
                        Slot::Winner(other) | Slot::Loser(other) => Some(depths[other] + 1),
                        Slot::Rank(group, _) => groups[group],
                        Slot::Across(pool, _) => pools[pool],
                    });
                    slots.max().unwrap_or(0)
                })
                .collect();
            if next == depths {
                break;
            }
            depths = next;
        }
        depths
    }

    fn exclude(&self, one: Slot, other: Slot) -> bool {
        match (one, other) {
            (Slot::Winner(a) | Slot::Loser(a), Slot::Winner(b) | Slot::Loser(b))
            | (Slot::Rank(a, _), Slot::Rank(b, _))
            | (Slot::Across(a, _), Slot::Across(b, _)) => a == b,
            (Slot::Rank(group, _), Slot::Across(pool, _)) | (Slot::Across(pool, _), Slot::Rank(group, _)) => {
                self.pool_of[self.groups[group][0]] == pool
            }
            _ => false,
        }
    }

    /// The sides of those that may take a slot.
    fn behind(&self, slot: Slot) -> Vec<Slot> {
        let decided_by = self.decided_by(slot);
        let of_match = matches!(slot, Slot::Winner(_) | Slot::Loser(_));
        let played = decided_by.into_iter().filter(|index| of_match || self.takes_place[*index]);
        let mut slots: Vec<Slot> = played.flat_map(|index| self.slots(index)).collect();
        slots.sort_unstable();
        slots.dedup();
        slots
    }

    /// Of each match that takes place the others that the same team may play.
    pub(super) fn kin(&self, deciders: &[Vec<usize>]) -> Vec<Vec<Kin>> {
        let count = self.instance.matches.len();
        let depths = self.depths();
        let depth = |slot: Slot| self.decided_by(slot).iter().map(|index| depths[*index] + 1).max();
        let mut slots: Vec<(Option<usize>, Slot)> =
            (0..count).flat_map(|index| self.slots(index)).map(|slot| (depth(slot), slot)).collect();
        slots.sort_unstable();
        slots.dedup();
        let slots: Vec<Slot> = slots.into_iter().map(|(_, slot)| slot).collect();
        let numbers: BTreeMap<Slot, usize> = slots.iter().copied().zip(0..).collect();
        let mut same = Table::new(slots.len());
        for (number, &slot) in slots.iter().enumerate() {
            for behind in self.behind(slot) {
                same.unite(number, numbers[&behind]);
            }
            same.add(number, number);
            for (earlier, &other) in slots[..number].iter().enumerate() {
                if !same.has(number, earlier) {
                    continue;
                }
                if self.exclude(slot, other) {
                    same.remove(number, earlier);
                } else {
                    same.add(earlier, number);
                }
            }
        }
        let held: Vec<Vec<usize>> =
            (0..count).map(|index| self.slots(index).map(|slot| numbers[&slot]).collect()).collect();
        let before = before(deciders);
        (0..count)
            .map(|one| {
                let others = (0..count).filter(|other| *other != one);
                let others = others.filter(|other| self.takes_place[one] && self.takes_place[*other]);
                others
                    .filter_map(|other| {
                        let ordered = before.has(one, other) || before.has(other, one);
                        let shares = held[one].iter().any(|a| held[other].iter().any(|b| same.has(*a, *b)));
                        (ordered || shares).then_some(Kin { other, ordered })
                    })
                    .collect()
            })
            .collect()
    }
}

/// In the row of each match those that decide who plays it, in any number of steps.
fn before(deciders: &[Vec<usize>]) -> Table {
    let mut before = Table::new(deciders.len());
    for (index, direct) in deciders.iter().enumerate() {
        let mut open = direct.clone();
        while let Some(decider) = open.pop() {
            if !before.has(index, decider) {
                before.add(index, decider);
                open.extend(&deciders[decider]);
            }
        }
    }
    before
}
