//! What a change of the timetable in force costs, as the solver takes it.

use pumpkin_core::variables::DomainId;

use super::model::Model;
use crate::change::{Change, Measure};

impl Model<'_> {
    /// Terms of a measure of change: variable, factor, most.
    pub(super) fn changes(&mut self, change: &Change, measure: Measure) -> Vec<(DomainId, i64, i64)> {
        let problem = self.problem;
        let mut terms = Vec::new();
        let mut changed: Vec<Option<DomainId>> = vec![None; change.old.len()];
        for (index, old) in change.old.iter().enumerate() {
            let (Some(old), true) = (old, problem.live[index]) else { continue };
            let options = problem.options[index].iter().enumerate();
            let moved: Vec<usize> = options
                .filter(|(_, option)| match measure {
                    Measure::KickOffs => option.start != old.start,
                    Measure::Pitches => option.start == old.start && option.pitch != old.pitch,
                    Measure::People | Measure::Quality => {
                        option.start != old.start || option.pitch != old.pitch
                    }
                })
                .map(|(candidate, _)| candidate)
                .collect();
            if moved.is_empty() {
                continue;
            }
            let event = self.event(index, &moved);
            let variable = Self::domain(event);
            changed[index] = Some(variable);
            let factor = if measure == Measure::People { change.people[index] } else { 1 };
            if factor > 0 {
                terms.push((variable, factor, 1));
            }
        }
        if measure == Measure::People {
            for (matches, people) in &change.teams {
                let moved: Vec<DomainId> = matches.iter().filter_map(|index| changed[*index]).collect();
                if *people == 0 || moved.is_empty() {
                    continue;
                }
                let told = self.literal();
                for variable in moved {
                    self.clause(&[pumpkin_core::predicate!(variable <= 0), told.get_true_predicate()]);
                }
                terms.push((Self::domain(told), *people, 1));
            }
        }
        terms
    }
}
