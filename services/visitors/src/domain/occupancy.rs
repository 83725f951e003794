//! How many people are inside, from the admissions.

use super::course::Phase;

/// What became of an admission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// Somebody is inside.
    Open,
    /// They were scanned out.
    Left,
    /// The clear-out closed it.
    Cleared,
}

/// How many people are inside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Occupancy {
    /// Inside, whom the permit counts.
    pub public: i64,
    /// Inside, everybody.
    pub everyone: i64,
    /// Entries, of everybody.
    pub entries: i64,
    /// Exits scanned, of everybody.
    pub exits: i64,
}

impl Occupancy {
    /// Counts `count` admissions in the same state; `is_public` says whether the permit counts them.
    #[must_use]
    pub fn and(self, admission: Admission, is_public: bool, count: i64) -> Self {
        let inside = if admission == Admission::Open { count } else { 0 };
        let left = if admission == Admission::Left { count } else { 0 };
        Self {
            public: self.public + if is_public { inside } else { 0 },
            everyone: self.everyone + inside,
            entries: self.entries + count,
            exits: self.exits + left,
        }
    }
}

/// Whether a count only bounds the number of people from above: nobody is scanned out any more.
#[must_use]
pub fn is_upper_bound(phase: Phase) -> bool {
    matches!(phase, Phase::FreeEgress | Phase::Cleared)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_public_is_counted_apart_and_the_cleared_are_not_inside() {
        let occupancy = Occupancy::default()
            .and(Admission::Open, true, 5)
            .and(Admission::Open, false, 2)
            .and(Admission::Left, true, 3)
            .and(Admission::Cleared, false, 4);
        assert_eq!(occupancy, Occupancy { public: 5, everyone: 7, entries: 14, exits: 3 });
    }

    #[test]
    fn from_free_egress_on_it_is_a_bound() {
        assert!(is_upper_bound(Phase::FreeEgress) && is_upper_bound(Phase::Cleared));
        assert!(!is_upper_bound(Phase::ExitOnly));
    }
}
