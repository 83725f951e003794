//! The parts of a search, told as one: the search itself, the reason that is looked for, the steps of the ladder.

use std::ops::ControlFlow;

use crate::outcome::{Progress, Watch};

/// Adds up what the parts of a search spend, and remembers that it was stopped.
pub(crate) struct Whole<'w, 'c> {
    watch: &'w mut Watch<'c>,
    /// Spent by the parts that are over.
    before: Progress,
    /// The last that was told.
    last: Progress,
    stopped: bool,
}

impl<'w, 'c> Whole<'w, 'c> {
    pub(crate) fn new(watch: &'w mut Watch<'c>) -> Self {
        Self { watch, before: Progress::default(), last: Progress::default(), stopped: false }
    }

    /// Runs a part, which tells what it spends itself.
    pub(crate) fn part<T>(&mut self, run: impl FnOnce(&mut Watch) -> T) -> T {
        self.before = self.last;
        run(&mut |progress| self.tell(progress))
    }

    /// Asks whether to go on, between two parts.
    pub(crate) fn is_stopped(&mut self) -> bool {
        self.before = self.last;
        self.tell(Progress::default()).is_break()
    }

    fn tell(&mut self, progress: Progress) -> ControlFlow<()> {
        self.last = Progress {
            iteration: self.before.iteration.saturating_add(progress.iteration),
            conflicts: self.before.conflicts.saturating_add(progress.conflicts),
            ..progress
        };
        self.stopped |= (self.watch)(self.last).is_break();
        if self.stopped { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}
