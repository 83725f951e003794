//! Who passed the gates with one credential, in which order, and what that makes of it: stays, doubles, exits of
//! nobody. It is a function of the passages alone; in which order they were told changes nothing.

use std::collections::VecDeque;

use matchday_kernel::Instant;

use super::scan::Direction;

/// A scan, by its device and its sequence.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScanKey {
    /// Name of the device.
    pub device: String,
    /// Its sequence.
    pub sequence: i64,
}

/// Somebody passed a gate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// When.
    pub at: Instant,
    /// By which scan.
    pub scan: ScanKey,
    /// Which way.
    pub direction: Direction,
}

/// Somebody was inside from an entry on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stay {
    /// The entry.
    pub entry: Passage,
    /// The exit; `None` while nobody left.
    pub exit: Option<Passage>,
}

/// Somebody was let in while somebody else was inside with the same credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Double {
    /// The second entry.
    pub second: Passage,
    /// The entry of who was inside.
    pub first: ScanKey,
}

/// What the passages of one credential make.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// By their entries.
    pub stays: Vec<Stay>,
    /// By their second entries.
    pub doubles: Vec<Double>,
    /// Exits with which nobody was inside.
    pub strays: Vec<Passage>,
}

/// Accounts for the passages of one credential, given in any order. Who came first leaves first: with one
/// credential nobody can tell who it was.
#[must_use]
pub fn account(mut passages: Vec<Passage>) -> Account {
    passages.sort_by(|one, other| (one.at, &one.scan).cmp(&(other.at, &other.scan)));
    let mut account = Account::default();
    let mut inside: VecDeque<usize> = VecDeque::new();
    for passage in passages {
        match passage.direction {
            Direction::Entry => {
                if let Some(&first) = inside.front() {
                    let first = account.stays[first].entry.scan.clone();
                    account.doubles.push(Double { second: passage.clone(), first });
                }
                inside.push_back(account.stays.len());
                account.stays.push(Stay { entry: passage, exit: None });
            }
            Direction::Exit => match inside.pop_front() {
                Some(first) => account.stays[first].exit = Some(passage),
                None => account.strays.push(passage),
            },
        }
    }
    account
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::course::tests::at;

    fn passage(minute: i64, device: &str, sequence: i64, direction: Direction) -> Passage {
        Passage { at: at(minute), scan: ScanKey { device: device.into(), sequence }, direction }
    }

    #[test]
    fn a_second_entry_is_a_double_and_who_came_first_leaves_first() {
        let (north, south) =
            (passage(1, "north", 7, Direction::Entry), passage(3, "south", 2, Direction::Entry));
        let left = passage(9, "south", 3, Direction::Exit);
        let found = account(vec![left.clone(), south.clone(), north.clone()]);
        assert_eq!(found.doubles, [Double { second: south.clone(), first: north.scan.clone() }]);
        assert_eq!(found.stays, [Stay { entry: north, exit: Some(left) }, Stay { entry: south, exit: None }]);
        assert!(found.strays.is_empty());
    }

    #[test]
    fn who_leaves_before_anybody_came_frees_nothing() {
        let (left, came) = (passage(1, "a", 1, Direction::Exit), passage(2, "a", 2, Direction::Entry));
        let found = account(vec![came.clone(), left.clone()]);
        assert_eq!((found.strays, found.stays), (vec![left], vec![Stay { entry: came, exit: None }]));
    }

    #[test]
    fn who_comes_again_is_no_double() {
        let way = [Direction::Entry, Direction::Exit, Direction::Entry];
        let passages = (1..).zip(way).map(|(minute, way)| passage(minute, "a", minute, way)).collect();
        let found = account(passages);
        assert!(found.doubles.is_empty() && found.strays.is_empty());
        assert_eq!(found.stays.len(), 2);
    }

    proptest! {
        /// People are conserved, and the order in which passages are told changes nothing.
        #[test]
        fn people_are_conserved_in_any_order(
            passages in prop::collection::vec((0i64..30, 0usize..3, any::<bool>()), 0..24),
            seed in any::<u64>(),
        ) {
            let passages: Vec<Passage> = (1..).zip(passages).map(|(sequence, (minute, device, is_entry))| {
                let direction = if is_entry { Direction::Entry } else { Direction::Exit };
                passage(minute, ["a", "b", "c"][device], sequence, direction)
            }).collect();
            let mut shuffled = passages.clone();
            let hash = |one: &Passage| u64::try_from(one.scan.sequence).unwrap_or_default().wrapping_mul(seed | 1);
            shuffled.sort_by_key(hash);
            let found = account(passages.clone());
            prop_assert_eq!(&found, &account(shuffled));
            let entries = passages.iter().filter(|one| one.direction == Direction::Entry).count();
            let left = found.stays.iter().filter(|stay| stay.exit.is_some()).count();
            prop_assert_eq!(found.stays.len(), entries);
            prop_assert_eq!(left + found.strays.len(), passages.len() - entries);
            prop_assert!(found.stays.iter().all(|stay| stay.exit.as_ref().is_none_or(|exit| exit.at >= stay.entry.at)));
        }
    }
}
