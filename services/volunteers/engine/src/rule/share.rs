//! Rules over how many shifts a person holds: engagement, burdens shared, one post.

use super::{Rule, pair::touches};
use crate::model::{Burden, Instance, Roster};
use crate::state::State;

/// [`Kind::Engagement`](crate::model::Kind::Engagement)
pub(super) struct Engagement {
    pub(super) least: Vec<u32>,
}

impl Rule for Engagement {
    fn at_first(&self) -> i64 {
        self.least.iter().map(|least| i64::from(*least)).sum()
    }

    fn delta(&self, state: &State, volunteer: usize, _shift: usize) -> i64 {
        -i64::from(state.held[volunteer].len() < self.least[volunteer] as usize)
    }
}

/// [`Kind::Share`](crate::model::Kind::Share)
pub(super) struct Share {
    counts: Vec<bool>,
    most: usize,
}

impl Share {
    pub(super) fn new(instance: &Instance, of: &Burden, most: u32) -> Self {
        let counts = instance.shifts.iter().map(|shift| match of {
            Burden::Nights(night) => touches(instance.clock(shift), *night),
            Burden::Days(days) => days.contains(&instance.day(shift.span.start)),
            Burden::Posts(posts) => posts.contains(&shift.post),
        });
        Self { counts: counts.collect(), most: most as usize }
    }
}

impl Rule for Share {
    fn delta(&self, state: &State, volunteer: usize, shift: usize) -> i64 {
        let held = state.held[volunteer].iter().filter(|one| self.counts[one.shift as usize]);
        i64::from(self.counts[shift] && held.count() >= self.most)
    }
}

/// [`Kind::Continuity`](crate::model::Kind::Continuity)
pub(super) struct Continuity;

impl Rule for Continuity {
    fn delta(&self, state: &State, volunteer: usize, shift: usize) -> i64 {
        let instance = state.problem.instance;
        let held = &state.held[volunteer];
        let post = instance.shifts[shift].post;
        let another = held.iter().all(|one| instance.shifts[one.shift as usize].post != post);
        i64::from(instance.volunteers[volunteer].continuity && !held.is_empty() && another)
    }
}

/// What a repair keeps to: unit is a person whose shifts differ from those published.
pub(crate) struct Published {
    /// Of each volunteer the shifts, sorted.
    shifts: Vec<Vec<usize>>,
}

impl Published {
    pub(crate) fn new(instance: &Instance, roster: &Roster) -> Self {
        let mut shifts = vec![Vec::new(); instance.volunteers.len()];
        for (shift, crew) in roster.crews.iter().enumerate() {
            for &volunteer in crew {
                shifts[volunteer].push(shift);
            }
        }
        Self { shifts }
    }
}

impl Rule for Published {
    fn at_first(&self) -> i64 {
        self.shifts.iter().map(|own| i64::from(!own.is_empty())).sum()
    }

    fn delta(&self, state: &State, volunteer: usize, shift: usize) -> i64 {
        let (own, held) = (&self.shifts[volunteer], &state.held[volunteer]);
        let kept = held.iter().filter(|one| own.binary_search(&(one.shift as usize)).is_ok()).count();
        let before = kept < own.len() || held.len() > kept;
        let keeps = own.binary_search(&shift).is_ok();
        let after = kept + usize::from(keeps) < own.len() || held.len() > kept || !keeps;
        i64::from(after) - i64::from(before)
    }
}
