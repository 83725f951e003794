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

/// Stops at a number of conflicts, or when the watch says so.
pub(super) struct Stop<'w> {
    conflicts: Rc<Cell<u64>>,
    most: u64,
    asked: u64,
    polls: u32,
    watch: &'w mut dyn FnMut(u64) -> ControlFlow<()>,
}

impl<'w> Stop<'w> {
    pub(super) fn new(
        conflicts: Rc<Cell<u64>>,
        most: u64,
        watch: &'w mut dyn FnMut(u64) -> ControlFlow<()>,
    ) -> Self {
        let asked = conflicts.get();
        Self { conflicts, most, asked, polls: 0, watch }
    }
}

impl TerminationCondition for Stop<'_> {
    fn should_stop(&mut self) -> bool {
        let conflicts = self.conflicts.get();
        self.polls += 1;
        if conflicts >= self.asked + 100 || self.polls >= 1000 {
            self.asked = conflicts;
            self.polls = 0;
            if (self.watch)(conflicts).is_break() {
                // The next conflict is the end, as if the budget had been one more: so the search can be repeated.
                self.most = self.most.min(conflicts + 1);
            }
        }
        conflicts >= self.most
    }
}
