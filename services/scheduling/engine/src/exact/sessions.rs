//! Sessions that keep apart, as the solver takes them.

use std::collections::BTreeMap;

use pumpkin_core::predicates::Predicate;
use pumpkin_core::variables::DomainId;

use super::model::Model;
use crate::model::Minute;
use crate::problem::{Apart, Weight};

/// Candidates by match.
type Members = BTreeMap<usize, Vec<usize>>;

impl Model<'_> {
    /// States sessions that must keep apart; gives the terms of those that should.
    pub(super) fn sessions(&mut self, hard: bool) -> Vec<(DomainId, i64, i64)> {
        let problem = self.problem;
        let mut terms = Vec::new();
        for apart in problem.aparts.iter().filter(|apart| (apart.weight == Weight::Hard) == hard) {
            self.apart(apart, &mut terms);
        }
        terms
    }

    fn apart(&mut self, apart: &Apart, terms: &mut Vec<(DomainId, i64, i64)>) {
        let problem = self.problem;
        let mut ends: BTreeMap<(usize, usize, Minute), Members> = BTreeMap::new();
        let mut begins: BTreeMap<(usize, usize, Minute), Members> = BTreeMap::new();
        let mut sessions: BTreeMap<(usize, usize), Members> = BTreeMap::new();
        for (index, options) in problem.options.iter().enumerate() {
            let game = &problem.instance.matches[index];
            for (candidate, option) in options.iter().enumerate() {
                let Some(venue) = apart.venue(index, option) else { continue };
                let day = problem.day(option.start);
                let add = |members: &mut Members| members.entry(index).or_default().push(candidate);
                add(ends.entry((venue, day, option.start + game.occupied)).or_default());
                add(begins.entry((venue, day, option.start - game.set_up)).or_default());
                add(sessions.entry((venue, day)).or_default());
            }
        }
        let ends: BTreeMap<_, _> = ends.iter().map(|(key, members)| (*key, self.any(members))).collect();
        let begins: BTreeMap<_, _> = begins.iter().map(|(key, members)| (*key, self.any(members))).collect();
        let sessions: BTreeMap<_, _> =
            sessions.iter().map(|(key, members)| (*key, self.any(members))).collect();
        let mut broken: BTreeMap<(usize, usize, usize), Predicate> = BTreeMap::new();
        for (&(venue, day, end), ended) in &ends {
            for (&(other, next, begin), begun) in begins.range((venue, day + 1, Minute::MIN)..) {
                if other != venue {
                    break;
                }
                if begin - end >= apart.minutes || apart.begun.contains(&(venue, next)) {
                    continue;
                }
                let mut clause = vec![!*ended, !*begun];
                clause.extend(sessions.range((venue, day + 1)..(venue, next)).map(|(_, session)| *session));
                if let Weight::Soft(weight) = apart.weight {
                    let broken = broken.entry((venue, day, next)).or_insert_with(|| {
                        let broken = self.literal();
                        terms.push((Self::domain(broken), weight, 1));
                        broken.get_true_predicate()
                    });
                    clause.push(*broken);
                }
                self.clause(&clause);
            }
        }
    }

    /// Whether any of the candidates holds.
    fn any(&mut self, members: &Members) -> Predicate {
        let any = self.literal().get_true_predicate();
        let mut clause = vec![!any];
        for (&index, candidates) in members {
            let event = self.event(index, candidates).get_true_predicate();
            self.clause(&[!event, any]);
            clause.push(event);
        }
        self.clause(&clause);
        any
    }
}
