//! What a choice of candidates breaks and costs, counted afresh.

use std::collections::BTreeMap;

use super::{Problem, Weight};
use crate::model::Minute;

/// Units by which limits are broken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Units of limits that must hold.
    pub(crate) broken: i64,
    /// Cost of those that should.
    pub(crate) cost: i64,
}

impl Tally {
    fn add(&mut self, weight: Weight, units: i64) {
        match weight {
            Weight::Hard => self.broken = self.broken.saturating_add(units),
            Weight::Soft(weight) => self.cost = self.cost.saturating_add(weight.saturating_mul(units)),
        }
    }
}

impl Problem<'_> {
    /// Counts what a choice of candidates, one for each match that is played, breaks and costs.
    pub(crate) fn tally(&self, chosen: &[usize]) -> Tally {
        let start = |index: usize| self.options[index][chosen[index]].start;
        let playing: Vec<usize> = (0..self.live.len()).filter(|index| self.live[*index]).collect();
        let mut tally = Tally::default();
        for &index in &playing {
            tally.cost = tally.cost.saturating_add(self.options[index][chosen[index]].cost);
        }
        for gap in &self.gaps {
            tally.add(Weight::Hard, i64::from(!self.keeps(gap, start(gap.a), start(gap.b))));
        }
        for soft in &self.soft_gaps {
            let broken = !self.keeps(&soft.gap, start(soft.gap.a), start(soft.gap.b));
            tally.add(Weight::Soft(soft.weight), i64::from(broken));
        }
        for tie in &self.ties {
            let Some((&first, rest)) = tie.matches.split_first() else { continue };
            let apart = rest.iter().filter(|index| start(**index) != start(first)).count();
            tally.add(tie.weight, if tie.whole { i64::from(apart > 0) } else { small(apart) });
        }
        for equal in &self.equals {
            tally.add(equal.weight, i64::from(start(equal.a).abs_diff(start(equal.b))));
        }
        self.add_overlaps(&playing, chosen, &mut tally);
        self.add_meters(&playing, chosen, &mut tally);
        for share in &self.shares {
            let counts = share.teams.iter().map(|matches| {
                small(
                    matches
                        .iter()
                        .filter(|index| share.counts(self, &self.options[**index][chosen[**index]]))
                        .count(),
                )
            });
            let (fewest, most) =
                counts.fold((i64::MAX, 0), |(low, high), count| (low.min(count), high.max(count)));
            tally.add(share.weight, (most - fewest - 1).max(0));
        }
        for apart in 0..self.aparts.len() {
            let pairs = self.close_sessions(apart, chosen);
            tally.add(self.aparts[apart].weight, small(pairs.len()));
        }
        tally
    }

    fn add_overlaps(&self, playing: &[usize], chosen: &[usize], tally: &mut Tally) {
        let mut held: Vec<Vec<(Minute, Minute)>> = vec![Vec::new(); self.resources()];
        for &index in playing {
            for need in self.needs(index, &self.options[index][chosen[index]]) {
                held[need.resource].push((need.span.start, need.span.end));
            }
        }
        for spans in &mut held {
            spans.sort_unstable();
            let overlaps = spans.windows(2).filter(|pair| pair[0].1 > pair[1].0).count();
            tally.add(Weight::Hard, small(overlaps));
        }
    }

    fn add_meters(&self, playing: &[usize], chosen: &[usize], tally: &mut Tally) {
        for meter in &self.meters {
            let mut sums = vec![0_i64; meter.buckets];
            for &index in playing {
                for bucket in meter.adds(self, index, &self.options[index][chosen[index]]) {
                    sums[bucket.index] += bucket.amount;
                }
            }
            for (bucket, sum) in sums.iter_mut().enumerate() {
                *sum -= meter.most(bucket);
            }
            for group in sums.chunks(meter.group) {
                let worst = group.iter().copied().max().unwrap_or(0);
                tally.add(meter.weight, worst.max(0));
            }
        }
    }

    /// Pairs of sessions of one venue that follow each other too closely: the match that ends the one, and the match
    /// that begins the next.
    pub(crate) fn close_sessions(&self, apart: usize, chosen: &[usize]) -> Vec<(usize, usize)> {
        let apart = &self.aparts[apart];
        // Of each venue and day: the earliest beginning and the latest end, each with its match.
        let mut sessions: BTreeMap<(usize, usize), (Edge, Edge)> = BTreeMap::new();
        for index in (0..self.live.len()).filter(|index| self.live[*index]) {
            let option = &self.options[index][chosen[index]];
            let Some(venue) = apart.venue(index, option) else { continue };
            let game = &self.instance.matches[index];
            let begins = (option.start - game.set_up, index);
            let ends = (option.start + game.occupied, index);
            sessions
                .entry((venue, self.day(option.start)))
                .and_modify(|session| *session = (session.0.min(begins), session.1.max(ends)))
                .or_insert((begins, ends));
        }
        let sessions: Vec<_> = sessions.into_iter().collect();
        sessions
            .windows(2)
            .filter(|pair| !apart.begun.contains(&pair[1].0))
            .filter(|pair| pair[0].0.0 == pair[1].0.0 && pair[1].1.0.0 - pair[0].1.1.0 < apart.minutes)
            .map(|pair| (pair[0].1.1.1, pair[1].1.0.1))
            .collect()
    }
}

/// Where a session begins or ends, and the match that does it.
type Edge = (Minute, usize);

fn small(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
