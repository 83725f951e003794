//! What must hold, as the solver takes it.

use std::collections::BTreeMap;

use super::model::{Model, number};
use crate::model::Minute;
use crate::officials;
use crate::problem::Weight;

impl Model<'_> {
    /// States all limits that must hold.
    pub(super) fn state_limits(&mut self) {
        let problem = self.problem;
        for gap in &problem.gaps {
            self.wait(gap, &[]);
        }
        for tie in problem.ties.iter().filter(|tie| tie.weight == Weight::Hard) {
            let Some((&first, rest)) = tie.matches.split_first() else { continue };
            for &other in rest {
                self.together(first, other, &[]);
            }
        }
        for equal in problem.equals.iter().filter(|equal| equal.weight == Weight::Hard) {
            self.together(equal.a, equal.b, &[]);
        }
        for share in problem.shares.iter().filter(|share| share.weight == Weight::Hard) {
            let (low, high, _) = self.share(share);
            self.at_most(&[(high, 1), (low, -1)], 1);
        }
        self.sessions(true);
        self.one_at_a_time();
        self.kick_offs_at_once();
        self.crews_of_a_day();
        for meter in problem.meters.iter().filter(|meter| meter.weight == Weight::Hard) {
            for (bucket, terms) in self.buckets(meter) {
                let sum: i64 = terms.iter().map(|(_, amount)| i64::from(*amount)).sum();
                if sum > meter.most(bucket) {
                    self.at_most(&terms, i32::try_from(meter.most(bucket)).unwrap_or(i32::MAX));
                }
            }
        }
    }

    /// For each bucket of a meter, by number, what adds to it.
    pub(super) fn buckets(
        &mut self,
        meter: &crate::problem::Meter,
    ) -> Vec<(usize, Vec<(pumpkin_core::variables::DomainId, i32)>)> {
        let problem = self.problem;
        let mut found: BTreeMap<usize, BTreeMap<usize, (i64, Vec<usize>)>> = BTreeMap::new();
        for (index, options) in problem.options.iter().enumerate() {
            for (candidate, option) in options.iter().enumerate() {
                for bucket in meter.adds(problem, index, option) {
                    let entry = found.entry(bucket.index).or_default().entry(index).or_default();
                    entry.0 = bucket.amount;
                    entry.1.push(candidate);
                }
            }
        }
        found
            .into_iter()
            .map(|(bucket, members)| {
                let terms = members
                    .into_iter()
                    .map(|(index, (amount, candidates))| {
                        let event = self.event(index, &candidates);
                        (Self::domain(event), i32::try_from(amount).unwrap_or(i32::MAX))
                    })
                    .collect();
                (bucket, terms)
            })
            .collect()
    }

    /// Pitches and warm-up areas hold one match at a time: at each minute at which something may begin before the
    /// next may end, one of those that would hold it.
    fn one_at_a_time(&mut self) {
        let problem = self.problem;
        let mut held: Vec<Vec<(Minute, Minute, usize, usize)>> = vec![Vec::new(); problem.resources()];
        for (index, options) in problem.options.iter().enumerate() {
            for (candidate, option) in options.iter().enumerate() {
                for need in problem.needs(index, option) {
                    held[need.resource].push((need.span.start, need.span.end, index, candidate));
                }
            }
        }
        for mut spans in held {
            spans.sort_unstable();
            let mut ends: Vec<Minute> = spans.iter().map(|span| span.1).collect();
            ends.sort_unstable();
            let mut at = 0;
            let mut open: Vec<(Minute, Minute, usize, usize)> = Vec::new();
            while at < spans.len() {
                let begins = spans[at].0;
                open.retain(|span| span.1 > begins);
                while at < spans.len() && spans[at].0 == begins {
                    open.push(spans[at]);
                    at += 1;
                }
                // Something ends before the next begins: what is open is as much as there will be.
                let next_end = ends[ends.partition_point(|end| *end <= begins)];
                if at == spans.len() || next_end <= spans[at].0 {
                    let members: Vec<(usize, usize)> = open.iter().map(|span| (span.2, span.3)).collect();
                    self.one_of(&members);
                }
            }
        }
    }

    fn one_of(&mut self, members: &[(usize, usize)]) {
        let mut by_match: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for &(index, candidate) in members {
            by_match.entry(index).or_default().push(candidate);
        }
        if by_match.len() < 2 {
            return;
        }
        let mut terms = Vec::with_capacity(by_match.len());
        for (index, mut candidates) in by_match {
            candidates.sort_unstable();
            let event = self.event(index, &candidates);
            terms.push((Self::domain(event), 1));
        }
        self.at_most(&terms, 1);
    }

    /// No more kick-offs at a time than pitches: implied by the above, and seen much sooner.
    fn kick_offs_at_once(&mut self) {
        let problem = self.problem;
        for slot in 0..problem.times.len() {
            let mut pitches: Vec<usize> = Vec::new();
            let mut terms = Vec::new();
            for (index, options) in problem.options.iter().enumerate() {
                let from = options.partition_point(|option| option.slot < slot);
                let until = options.partition_point(|option| option.slot <= slot);
                if from < until {
                    pitches.extend(options[from..until].iter().map(|option| option.pitch));
                    let candidates: Vec<usize> = (from..until).collect();
                    let event = self.event(index, &candidates);
                    terms.push((Self::domain(event), 1));
                }
            }
            pitches.sort_unstable();
            pitches.dedup();
            if terms.len() > pitches.len() {
                self.at_most(&terms, number(pitches.len()));
            }
        }
    }

    /// No more matches on a day than crews can lead.
    fn crews_of_a_day(&mut self) {
        let problem = self.problem;
        for day in 0..problem.instance.days.len() {
            let Some(most) = officials::most_of_day(problem.instance, day) else { continue };
            let mut terms = Vec::new();
            for (index, options) in problem.options.iter().enumerate() {
                if !problem.needs_crew(index) {
                    continue;
                }
                let candidates: Vec<usize> =
                    (0..options.len()).filter(|one| problem.day(options[*one].start) == day).collect();
                if !candidates.is_empty() {
                    let event = self.event(index, &candidates);
                    terms.push((Self::domain(event), 1));
                }
            }
            if terms.len() > most {
                self.at_most(&terms, number(most));
            }
        }
    }
}
