//! Rules as objects: by how much each is more broken when somebody takes a shift, and what is in the way.
//!
//! To add one: a variant of [`Kind`], an object in `person`, `hours`, `share` or `crew` and its line in [`object`], or
//! a line in `pair` where nothing but the person and the shift counts; its faults in `validate`; its judge in `check`.

mod crew;
mod hours;
pub(crate) mod pair;
mod person;
mod share;

pub(crate) use crew::GroupsWhole;
pub(crate) use person::overlapping;
pub(crate) use share::Published;

use crate::model::{Instance, Kind, Limits, Severity};
use crate::state::State;

/// What a person holds that keeps another shift away: unless one of these goes, the rule lets nothing through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Block {
    /// This shift.
    Shift(usize),
    /// Shifts of these days, both included.
    Days(usize, usize),
    /// Any shift.
    Any,
}

/// A rule that looks at what else a person holds, or at who else holds a shift.
pub(crate) trait Rule: Send + Sync {
    /// Units by which the rule is broken while nobody holds anything.
    fn at_first(&self) -> i64 {
        0
    }

    /// Units by which the rule is broken more once the volunteer, who does not hold the shift, holds it too.
    fn delta(&self, state: &State, volunteer: usize, shift: usize) -> i64;

    /// What keeps the volunteer, who does not hold the shift, from it where the rule is hard.
    fn block_reason(&self, state: &State, volunteer: usize, shift: usize) -> Option<Block> {
        (self.delta(state, volunteer, shift) > 0).then_some(Block::Any)
    }
}

/// A rule of the instance, with what it looks at.
pub(crate) struct Active {
    /// Its place in the list of rules.
    pub(crate) index: usize,
    /// Cost of a unit; 0 where it is hard.
    pub(crate) weight: i64,
    pub(crate) rule: Box<dyn Rule>,
}

/// The rules that are objects: hard ones, and soft ones that cost something.
pub(crate) fn active(instance: &Instance) -> (Vec<Active>, Vec<Active>) {
    let (mut hard, mut soft) = (Vec::new(), Vec::new());
    for (index, stated) in instance.rules.iter().enumerate() {
        let Some(rule) = object(instance, &stated.kind) else { continue };
        match stated.severity {
            Severity::Hard => hard.push(Active { index, weight: 0, rule }),
            Severity::Soft { weight: 0 } => {}
            Severity::Soft { weight } => soft.push(Active { index, weight, rule }),
        }
    }
    (hard, soft)
}

/// The limit of each volunteer: the person's own, or the rule's.
pub(crate) fn limits<T: Copy>(instance: &Instance, rule: T, own: fn(&Limits) -> Option<T>) -> Vec<T> {
    instance.volunteers.iter().map(|volunteer| own(&volunteer.limits).unwrap_or(rule)).collect()
}

/// The object of a rule; `None` where nothing but the person and the shift counts.
fn object(instance: &Instance, kind: &Kind) -> Option<Box<dyn Rule>> {
    Some(match kind {
        Kind::Travel { lateness } => Box::new(person::Travel { lateness: *lateness }),
        Kind::Rest(minutes) => Box::new(person::Rest { least: limits(instance, *minutes, |own| own.rest) }),
        Kind::HoursPerDay(minutes) => {
            Box::new(hours::PerDay { most: limits(instance, *minutes, |own| own.day) })
        }
        Kind::HoursPerWeek(minutes) => {
            Box::new(hours::PerWeek { most: limits(instance, *minutes, |own| own.week) })
        }
        Kind::HoursInAll(minutes) => {
            Box::new(hours::InAll { most: limits(instance, *minutes, |own| own.total) })
        }
        Kind::ConsecutiveDays(days) => {
            Box::new(person::ConsecutiveDays { most: limits(instance, *days, |own| own.consecutive) })
        }
        Kind::Breaks { work, pause } => Box::new(person::Breaks { work: *work, pause: *pause }),
        Kind::Engagement(shifts) => {
            Box::new(share::Engagement { least: limits(instance, *shifts, |own| own.engagement) })
        }
        Kind::Share { of, most } => Box::new(share::Share::new(instance, of, *most)),
        Kind::Continuity => Box::new(share::Continuity),
        Kind::TeamTogether => Box::new(crew::TeamTogether::new(instance)),
        Kind::Among { skill, from } => Box::new(crew::Among { skill: *skill, from: *from as usize }),
        Kind::GroupsWhole => Box::new(GroupsWhole::new(instance)),
        Kind::Minors { .. } | Kind::Commute(_) | Kind::PreferredPlace | Kind::AvoidedTimes => return None,
    })
}
