//! Where the exact search looks first, and when it stops.

use std::cell::Cell;
use std::ops::ControlFlow;
use std::rc::Rc;

use pumpkin_core::branching::{Brancher, BrancherEvent, SelectionContext};
use pumpkin_core::predicate;
use pumpkin_core::predicates::Predicate;
use pumpkin_core::termination::TerminationCondition;
use pumpkin_core::variables::DomainId;

/// Tries a value for each variable, in order; then the lowest of all that are left.
#[derive(Debug)]
pub(super) struct Guide {
    wanted: Vec<(DomainId, i32)>,
    rest: Vec<DomainId>,
    next: usize,
    conflicts: Rc<Cell<u64>>,
}

impl Guide {
    pub(super) fn new(wanted: Vec<(DomainId, i32)>, rest: Vec<DomainId>, conflicts: Rc<Cell<u64>>) -> Self {
        Self { wanted, rest, next: 0, conflicts }
    }
}

impl Brancher for Guide {
    fn next_decision(&mut self, context: &mut SelectionContext) -> Option<Predicate> {
        while let Some(&(variable, value)) = self.wanted.get(self.next) {
            if context.is_integer_fixed(variable) {
                self.next += 1;
            } else if context.contains(variable, value) {
                return Some(predicate!(variable == value));
            } else {
                let lowest = context.lower_bound(variable);
                return Some(predicate!(variable <= lowest));
            }
        }
        loop {
            let &variable = self.rest.get(self.next - self.wanted.len())?;
            if !context.is_integer_fixed(variable) {
                let lowest = context.lower_bound(variable);
                return Some(predicate!(variable <= lowest));
            }
            self.next += 1;
        }
    }

    fn on_conflict(&mut self) {
        self.conflicts.set(self.conflicts.get() + 1);
        self.next = 0;
    }

    fn on_backtrack(&mut self) {
        self.next = 0;
    }

    fn on_restart(&mut self) {
        self.next = 0;
    }

    fn synchronise(&mut self, _: &mut SelectionContext) {
        self.next = 0;
    }

    fn is_restart_pointless(&mut self) -> bool {
        false
    }

    fn subscribe_to_events(&self) -> Vec<BrancherEvent> {
        vec![
            BrancherEvent::Conflict,
            BrancherEvent::Backtrack,
            BrancherEvent::Restart,
            BrancherEvent::Synchronise,
        ]
    }
}

/// What may be spent, over all questions to the solver.
pub(super) struct Limit {
    /// Conflicts and solutions so far.
    spent: Rc<Cell<u64>>,
    /// Most of them.
    most: u64,
    /// How many there were when the watch was asked last.
    asked: u64,
    polls: u32,
}

impl Limit {
    /// What is spent is counted from 1: to state the problem is work, too, and who may spend nothing does none of it.
    pub(super) fn new(most: u64) -> Self {
        Self { spent: Rc::new(Cell::new(1)), most, asked: 1, polls: 0 }
    }

    /// The count, for those who add to it.
    pub(super) fn counter(&self) -> Rc<Cell<u64>> {
        Rc::clone(&self.spent)
    }

    /// What is spent. What comes after the last that may be spent is the end, and not counted.
    pub(super) fn spent(&self) -> u64 {
        self.spent.get().min(self.most)
    }

    /// Counts a solution: each costs as much as a conflict, whatever comes of it.
    pub(super) fn count(&self) {
        self.spent.set(self.spent.get() + 1);
    }

    pub(super) fn is_over(&self) -> bool {
        self.spent.get() > self.most
    }

    /// Does what the watch says: to stop is to spend no more than until now, so that the search can be repeated.
    pub(super) fn heed(&mut self, said: ControlFlow<()>) {
        if said.is_break() {
            self.most = self.most.min(self.spent.get());
        }
    }
}

/// Stops where all is spent that may be, and asks the watch now and then.
pub(super) struct Stop<'w> {
    pub(super) limit: &'w mut Limit,
    pub(super) watch: &'w mut dyn FnMut(u64) -> ControlFlow<()>,
}

impl TerminationCondition for Stop<'_> {
    fn should_stop(&mut self) -> bool {
        let spent = self.limit.spent.get();
        self.limit.polls += 1;
        if spent >= self.limit.asked + 100 || self.limit.polls >= 1000 {
            self.limit.asked = spent;
            self.limit.polls = 0;
            let said = (self.watch)(self.limit.spent());
            self.limit.heed(said);
        }
        self.limit.is_over()
    }
}
