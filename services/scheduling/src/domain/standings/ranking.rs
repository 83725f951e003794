//! Who is before whom: tie-breakers applied one after the other, each only to those that are equal so far.

use std::cmp::Reverse;

use super::{Criterion, Line, Order};

/// A match that counts, as one of its teams sees it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bout {
    /// Index of the other team.
    pub(super) opponent: usize,
    /// Scored, and scored against.
    pub(super) goals: [i32; 2],
}

/// Teams that nothing separates, and what puts them behind those before.
#[derive(Clone, Debug)]
pub(super) struct Class {
    pub(super) teams: Vec<usize>,
    pub(super) behind_by: Option<Criterion>,
}

/// What a ranking is made of; teams are indexes.
pub(super) struct Ranking<'a> {
    pub(super) order: &'a Order,
    /// The matches of each team.
    pub(super) bouts: Vec<Vec<Bout>>,
    /// When each team was drawn.
    pub(super) lots: Vec<Option<usize>>,
}

impl Ranking<'_> {
    /// The teams from the first to the last.
    pub(super) fn classes(&self) -> Vec<Class> {
        self.split((0..self.bouts.len()).collect(), &self.order.criteria)
    }

    /// What a team did in all its matches.
    pub(super) fn line(&self, team: usize) -> Line {
        self.tally(team, |_| true)
    }

    /// What a team did against some of the others.
    fn tally(&self, team: usize, against: impl Fn(usize) -> bool) -> Line {
        let mut line = Line::default();
        for bout in self.bouts[team].iter().filter(|bout| against(bout.opponent)) {
            let [scored, conceded] = bout.goals;
            let which = if scored > conceded { 0 } else { 1 + usize::from(scored < conceded) };
            line.record[which] += 1;
            line.goals[0] += scored;
            line.goals[1] += conceded;
        }
        line.points = self.order.points.of(line.record);
        line
    }

    /// Separates teams that are equal so far.
    fn split(&self, tied: Vec<usize>, criteria: &[Criterion]) -> Vec<Class> {
        let Some((first, rest)) = criteria.split_first() else {
            return vec![Class { teams: tied, behind_by: None }];
        };
        if tied.len() < 2 {
            return vec![Class { teams: tied, behind_by: None }];
        }
        if !first.is_head_to_head() || !self.order.starts_again {
            let parts = self.parts(&tied, &tied, *first);
            return joined(parts.into_iter().map(|part| (Some(*first), self.split(part, rest))));
        }
        let (block, rest) =
            criteria.split_at(criteria.iter().take_while(|one| one.is_head_to_head()).count());
        let parts = self.together(&tied, &tied, block);
        joined(parts.into_iter().map(|(by, part)| {
            // whom the block separated from others, it may separate once more
            let next = if part.len() < tied.len() { criteria } else { rest };
            (by, self.split(part, next))
        }))
    }

    /// Applies a block of tie-breakers to some of the teams that are equal, always in the matches of all of
    /// these: parts, each with what puts it behind the one before.
    fn together(
        &self,
        some: &[usize],
        equal: &[usize],
        block: &[Criterion],
    ) -> Vec<(Option<Criterion>, Vec<usize>)> {
        let Some((first, rest)) = block.split_first() else {
            return vec![(None, some.to_vec())];
        };
        let mut all = Vec::new();
        for part in self.parts(some, equal, *first) {
            for (index, (by, inner)) in self.together(&part, equal, rest).into_iter().enumerate() {
                all.push((if index == 0 { Some(*first) } else { by }, inner));
            }
        }
        all
    }

    /// Teams of the same value together, the best value first. What is among equal teams is among `equal`.
    fn parts(&self, some: &[usize], equal: &[usize], by: Criterion) -> Vec<Vec<usize>> {
        let mut is_equal = vec![false; self.bouts.len()];
        for team in equal {
            is_equal[*team] = true;
        }
        // lots that leave out one of the teams decide nothing
        let are_drawn = equal.iter().all(|team| self.lots[*team].is_some());
        let value = |team: usize| {
            let line = self.tally(team, |opponent| !by.is_head_to_head() || is_equal[opponent]);
            match by {
                Criterion::Points | Criterion::HeadToHeadPoints => line.points,
                Criterion::GoalDifference | Criterion::HeadToHeadGoalDifference => {
                    line.goals[0] - line.goals[1]
                }
                Criterion::Goals | Criterion::HeadToHeadGoals => line.goals[0],
                Criterion::Wins => line.record[0],
                Criterion::Lots => {
                    let lot = self.lots[team].filter(|_| are_drawn).and_then(|lot| i32::try_from(lot).ok());
                    lot.map_or(0, |lot| -lot)
                }
            }
        };
        let mut values: Vec<(i32, usize)> = some.iter().map(|team| (value(*team), *team)).collect();
        values.sort_by_key(|(value, team)| (Reverse(*value), *team));
        let parts = values.chunk_by(|one, next| one.0 == next.0);
        parts.map(|part| part.iter().map(|(_, team)| *team).collect()).collect()
    }
}

/// Parts one after the other; the first class of each is behind those before by what separated the parts.
fn joined(parts: impl Iterator<Item = (Option<Criterion>, Vec<Class>)>) -> Vec<Class> {
    let mut all: Vec<Class> = Vec::new();
    for (by, classes) in parts {
        for (index, class) in classes.into_iter().enumerate() {
            let behind_by = if index > 0 { class.behind_by } else { by.filter(|_| !all.is_empty()) };
            all.push(Class { behind_by, ..class });
        }
    }
    all
}
