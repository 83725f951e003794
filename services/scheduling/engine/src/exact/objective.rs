//! What is minimised, as the solver takes it.

use std::collections::BTreeMap;

use pumpkin_core::predicate;
use pumpkin_core::predicates::Predicate;
use pumpkin_core::variables::{DomainId, Literal};

use super::model::{Model, number};
use crate::model::Minute;
use crate::officials::divisor;
use crate::problem::{Candidate, Share, Weight};

/// The largest sum the solver is trusted with.
const MOST: i64 = 1 << 29;

/// Buckets of one meter that count together: the most that one of them may be over; of each its limit, and what
/// adds to it.
type Buckets = (i64, Vec<(i64, Vec<(DomainId, i32)>)>);

impl Model<'_> {
    /// The variable behind a literal.
    pub(super) fn domain(literal: Literal) -> DomainId {
        literal.get_true_predicate().get_domain()
    }

    /// A variable that is at least the weighted sum, and the unit it counts in; `None` when the sum may be too large
    /// for the solver.
    pub(super) fn sum(&mut self, terms: &[(DomainId, i64, i64)]) -> Option<(DomainId, i64)> {
        let unit = terms.iter().map(|(_, factor, _)| *factor).fold(0, divisor).max(1);
        let most = terms.iter().try_fold(0_i64, |sum, (_, factor, most)| {
            sum.checked_add((factor / unit).checked_mul(*most)?).filter(|sum| *sum <= MOST)
        })?;
        let sum = self.variable(i32::try_from(most).ok()?);
        let mut all: Vec<(DomainId, i32)> = Vec::with_capacity(terms.len() + 1);
        for (variable, factor, _) in terms {
            all.push((*variable, i32::try_from(factor / unit).ok()?));
        }
        all.push((sum, -1));
        self.at_most(&all, 0);
        Some((sum, unit))
    }

    /// Terms of the soft rules: variable, factor, most; and what is added in any case.
    pub(super) fn quality(&mut self) -> (Vec<(DomainId, i64, i64)>, i64) {
        let problem = self.problem;
        let mut terms = Vec::new();
        let mut base: i64 = 0;
        for index in 0..problem.options.len() {
            base = base.saturating_add(self.own_cost(index, &mut terms));
        }
        for soft in &problem.soft_gaps {
            let broken = self.literal();
            self.wait(&soft.gap, &[broken.get_true_predicate()]);
            terms.push((Self::domain(broken), soft.weight, 1));
        }
        self.ties(&mut terms);
        self.equals(&mut terms);
        self.excesses(&mut terms);
        self.shares(&mut terms);
        terms.extend(self.sessions(false));
        (terms, base)
    }

    /// Soft sums: of each group of buckets, the worst excess.
    fn excesses(&mut self, terms: &mut Vec<(DomainId, i64, i64)>) {
        let problem = self.problem;
        for meter in &problem.meters {
            let Weight::Soft(weight) = meter.weight else { continue };
            let mut groups: BTreeMap<usize, Buckets> = BTreeMap::new();
            for (bucket, adds) in self.buckets(meter) {
                let sum: i64 = adds.iter().map(|(_, amount)| i64::from(*amount)).sum();
                let most = meter.most(bucket);
                if sum > most {
                    let group = groups.entry(bucket / meter.group).or_default();
                    group.0 = group.0.max(sum - most);
                    group.1.push((most, adds));
                }
            }
            for (worst, buckets) in groups.into_values() {
                let excess = self.variable(i32::try_from(worst.min(MOST)).unwrap_or(i32::MAX));
                terms.push((excess, weight, worst));
                for (most, mut adds) in buckets {
                    adds.push((excess, -1));
                    self.at_most(&adds, i32::try_from(most).unwrap_or(i32::MAX));
                }
            }
        }
    }

    /// Cost of the candidates of a match; gives what all of them cost.
    fn own_cost(&mut self, index: usize, terms: &mut Vec<(DomainId, i64, i64)>) -> i64 {
        let options = &self.problem.options[index];
        let cost = |option: &Candidate| option.cost;
        let (Some(least), Some(most)) = (options.iter().map(cost).min(), options.iter().map(cost).max())
        else {
            return 0;
        };
        if most == least {
            return least;
        }
        // Levels in place of amounts: a level is paid when a candidate costs at least as much.
        let mut levels: Vec<i64> = options.iter().map(|option| option.cost).collect();
        levels.sort_unstable();
        levels.dedup();
        for pair in levels.windows(2) {
            let dear: Vec<usize> = (0..options.len()).filter(|one| options[*one].cost >= pair[1]).collect();
            let paid = self.event(index, &dear);
            terms.push((Self::domain(paid), pair[1] - pair[0], 1));
        }
        least
    }

    fn ties(&mut self, terms: &mut Vec<(DomainId, i64, i64)>) {
        let problem = self.problem;
        for tie in &problem.ties {
            let (Weight::Soft(weight), Some((&first, rest))) = (tie.weight, tie.matches.split_first()) else {
                continue;
            };
            let mut broken: Option<Literal> = None;
            for &other in rest {
                let literal = match broken {
                    Some(literal) if tie.whole => literal,
                    _ => {
                        let literal = self.literal();
                        terms.push((Self::domain(literal), weight, 1));
                        literal
                    }
                };
                broken = Some(literal);
                self.together(first, other, &[literal.get_true_predicate()]);
            }
        }
    }

    fn equals(&mut self, terms: &mut Vec<(DomainId, i64, i64)>) {
        let problem = self.problem;
        let Some(&first) = problem.times.first() else { return };
        let unit = problem.times.iter().fold(0, |unit, time| divisor(unit, i64::from(time - first)));
        let unit = Minute::try_from(unit).unwrap_or(1).max(1);
        let span = problem.times.last().map_or(0, |last| (last - first) / unit);
        let mut minutes: Vec<Option<DomainId>> = vec![None; problem.options.len()];
        for equal in &problem.equals {
            let Weight::Soft(weight) = equal.weight else { continue };
            let [a, b] = [equal.a, equal.b].map(|index| {
                *minutes[index].get_or_insert_with(|| {
                    let variable = self.variable(span);
                    for place in 0..self.starts[index].len() {
                        let value = (self.starts[index][place] - first) / unit;
                        let slot = self.slots[index];
                        let place = number(place);
                        self.clause(&[!predicate!(slot >= place), predicate!(variable >= value)]);
                        self.clause(&[!predicate!(slot <= place), predicate!(variable <= value)]);
                    }
                    variable
                })
            });
            let difference = self.variable(span);
            self.at_most(&[(a, 1), (b, -1), (difference, -1)], 0);
            self.at_most(&[(b, 1), (a, -1), (difference, -1)], 0);
            terms.push((difference, weight.saturating_mul(i64::from(unit)), i64::from(span)));
        }
    }

    fn shares(&mut self, terms: &mut Vec<(DomainId, i64, i64)>) {
        let problem = self.problem;
        for share in &problem.shares {
            let Weight::Soft(weight) = share.weight else { continue };
            let (low, high, most) = self.share(share);
            let over = self.variable(most);
            self.at_most(&[(high, 1), (low, -1), (over, -1)], 1);
            terms.push((over, weight, i64::from(most)));
        }
    }

    /// Variables at most the fewest and at least the most of any team; and the most there can be.
    pub(super) fn share(&mut self, share: &Share) -> (DomainId, DomainId, i32) {
        let problem = self.problem;
        let most = number(share.teams.iter().map(Vec::len).max().unwrap_or(0));
        let (low, high) = (self.variable(most), self.variable(most));
        for matches in &share.teams {
            let mut up = vec![(high, -1)];
            let mut down = vec![(low, 1)];
            for &index in matches {
                let counting: Vec<usize> = (0..problem.options[index].len())
                    .filter(|one| share.counts(problem, &problem.options[index][*one]))
                    .collect();
                let event = self.event(index, &counting);
                let variable = Self::domain(event);
                up.push((variable, 1));
                down.push((variable, -1));
            }
            self.at_most(&up, 0);
            self.at_most(&down, 0);
        }
        (low, high, most)
    }
}

/// "The variable is at most `value`."
pub(super) fn most(variable: DomainId, value: i64) -> Predicate {
    let value = i32::try_from(value.clamp(-1, MOST)).unwrap_or(i32::MAX);
    predicate!(variable <= value)
}
