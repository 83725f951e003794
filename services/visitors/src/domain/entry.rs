//! Whether people are let in: as usual, not at all, or one for each who leaves.

use super::{capacity::Filling, verdict::Verdict};

/// The entry state of a gate, or of all gates of an opening.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EntryState {
    /// As usual.
    #[default]
    Normal,
    /// Nobody.
    Paused,
    /// One for each who was scanned out since it was set.
    OneInOneOut {
        /// So many left since whose places nobody took.
        room: i64,
    },
}

impl EntryState {
    const fn lets_in(self) -> bool {
        match self {
            Self::Normal => true,
            Self::Paused => false,
            Self::OneInOneOut { room } => room > 0,
        }
    }

    /// Whether entries and exits change it.
    #[must_use]
    pub const fn counts(self) -> bool {
        matches!(self, Self::OneInOneOut { .. })
    }
}

/// All that may keep somebody out who would be let in otherwise. Nothing of it keeps anybody inside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// The state of all gates.
    pub everywhere: EntryState,
    /// The state of the gate.
    pub here: EntryState,
    /// Who is inside, and what limits it.
    pub filling: Filling,
}

impl Entry {
    /// Decides on somebody who would be let in otherwise.
    #[must_use]
    pub fn decide(&self, is_public: bool) -> Verdict {
        if !(self.everywhere.lets_in() && self.here.lets_in()) {
            Verdict::EntryPaused
        } else if self.filling.admits(is_public) {
            Verdict::Admitted
        } else {
            Verdict::CapacityReached
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stricter_state_decides() {
        let decided = |everywhere, here| Entry { everywhere, here, ..Entry::default() }.decide(true);
        let one_for_one = |room| EntryState::OneInOneOut { room };
        assert_eq!(decided(EntryState::Normal, EntryState::Normal), Verdict::Admitted);
        assert_eq!(decided(EntryState::Paused, EntryState::Normal), Verdict::EntryPaused);
        assert_eq!(decided(EntryState::Normal, EntryState::Paused), Verdict::EntryPaused);
        assert_eq!(decided(one_for_one(1), EntryState::Normal), Verdict::Admitted);
        assert_eq!(decided(one_for_one(1), one_for_one(0)), Verdict::EntryPaused);
    }

    #[test]
    fn a_full_place_lets_in_whom_its_limit_does_not_count() {
        let filling = Filling { public_limit: Some(1), public: 1, everyone: 1, ..Filling::default() };
        let entry = Entry { filling, ..Entry::default() };
        assert_eq!(entry.decide(true), Verdict::CapacityReached);
        assert_eq!(entry.decide(false), Verdict::Admitted);
    }
}
