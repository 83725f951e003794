//! What the gates answered, and what must follow from it. The ledger knows nothing of how the service counts: it adds up
//! who was let in and out, and names everything in which the service differs.

use std::collections::BTreeMap;

/// What became of somebody at a gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Passed {
    /// Let in.
    In,
    /// Let out.
    Out,
    /// Neither.
    Refused,
}

/// A scan as it was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    /// Number of the credential.
    pub(crate) credential: usize,
    /// Number of the verdict.
    pub(crate) verdict: i32,
    /// What that means.
    pub(crate) passed: Passed,
    /// The device decided it without a network.
    pub(crate) is_offline: bool,
}

/// Key of a scan: number of the lane, and sequence of its device.
pub(crate) type Key = (usize, i64);

/// The account of a day.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    /// How many credentials are the public's; they are the first.
    public_credentials: usize,
    /// Scans by their key.
    pub(crate) scans: BTreeMap<Key, Seen>,
    /// People inside, by credential.
    inside: BTreeMap<usize, i64>,
    /// Let in without a network and not told yet, by lane: of the public, and of everybody.
    untold: BTreeMap<usize, (i64, i64)>,
    /// Times that somebody was let in while somebody was inside, by credential.
    pub(crate) doubles: BTreeMap<usize, i64>,
    /// People of the public inside.
    pub(crate) public: i64,
    /// Everybody inside.
    pub(crate) everyone: i64,
    /// Entries.
    pub(crate) entries: i64,
    /// Exits.
    pub(crate) exits: i64,
    /// Admissions closed by the clear-out.
    pub(crate) closed: i64,
    /// What does not add up, in words.
    pub(crate) faults: Vec<String>,
}

impl Ledger {
    /// An empty account; the first credentials are the public's.
    pub(crate) fn new(public_credentials: usize) -> Self {
        Self { public_credentials, ..Self::default() }
    }

    /// Whether the permit counts who comes with a credential.
    pub(crate) fn is_public(&self, credential: usize) -> bool {
        credential < self.public_credentials
    }

    /// Enters an answer. The same scan is answered the same, however often it is sent.
    pub(crate) fn enter(&mut self, key: Key, seen: Seen) {
        if let Some(before) = self.scans.get(&key) {
            if *before != seen {
                self.faults.push(format!("scan {key:?} was decided {before:?} and then {seen:?}"));
            }
            return;
        }
        match seen.passed {
            Passed::In => self.let_in(key.0, &seen),
            Passed::Out => self.let_out(key, &seen),
            Passed::Refused => {}
        }
        self.scans.insert(key, seen);
    }

    fn let_in(&mut self, lane: usize, seen: &Seen) {
        self.entries += 1;
        let inside = self.inside.entry(seen.credential).or_default();
        if *inside > 0 {
            *self.doubles.entry(seen.credential).or_default() += 1;
        }
        *inside += 1;
        self.everyone += 1;
        let public = i64::from(self.is_public(seen.credential));
        self.public += public;
        if seen.is_offline {
            let untold = self.untold.entry(lane).or_default();
            *untold = (untold.0 + public, untold.1 + 1);
        }
    }

    fn let_out(&mut self, key: Key, seen: &Seen) {
        self.exits += 1;
        let inside = self.inside.entry(seen.credential).or_default();
        if *inside == 0 {
            self.faults.push(format!("scan {key:?} let somebody out who was not in"));
            return;
        }
        *inside -= 1;
        self.everyone -= 1;
        self.public -= i64::from(self.is_public(seen.credential));
    }

    /// A lane told everything.
    pub(crate) fn told(&mut self, lane: usize) {
        self.untold.remove(&lane);
    }

    /// Who is inside as far as the service can know: of the public, and everybody.
    pub(crate) fn known(&self) -> (i64, i64) {
        let untold = self.untold.values();
        let (public, everyone) = untold.fold((0, 0), |sum, it| (sum.0 + it.0, sum.1 + it.1));
        (self.public - public, self.everyone - everyone)
    }

    /// The place was cleared: the service closed so many admissions.
    pub(crate) fn clear(&mut self, closed: i64) {
        let known = self.known().1;
        self.check("admissions closed by the clear-out", closed, known);
        // whoever was let in without a network has gone, too; the service closes them when it hears of them
        self.closed = self.everyone;
        (self.public, self.everyone) = (0, 0);
        self.inside.clear();
        self.untold.clear();
    }

    /// Compares what the service says with the account.
    pub(crate) fn check(&mut self, what: &str, said: i64, counted: i64) {
        if said != counted {
            self.faults.push(format!("{what}: the service says {said}, the account {counted}"));
        }
    }

    /// Whether people are conserved: nobody came or went but through a gate or the clear-out.
    pub(crate) fn is_conserved(&self) -> bool {
        self.everyone == self.entries - self.exits - self.closed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(credential: usize, passed: Passed, is_offline: bool) -> Seen {
        Seen { credential, verdict: 1, passed, is_offline }
    }

    #[test]
    fn a_day_adds_up() {
        let mut ledger = Ledger::new(2);
        ledger.enter((0, 1), seen(0, Passed::In, false));
        ledger.enter((0, 1), seen(0, Passed::In, false));
        ledger.enter((0, 2), seen(2, Passed::In, false));
        ledger.enter((1, 1), seen(0, Passed::In, true));
        ledger.enter((0, 3), seen(1, Passed::Refused, false));
        assert_eq!((ledger.public, ledger.everyone, ledger.known()), (2, 3, (1, 2)));
        assert_eq!(ledger.doubles, BTreeMap::from([(0, 1)]));
        ledger.enter((0, 4), seen(0, Passed::Out, false));
        ledger.clear(1);
        assert!(ledger.is_conserved() && ledger.faults.is_empty(), "{:?}", ledger.faults);
        assert_eq!((ledger.entries, ledger.exits, ledger.closed), (3, 1, 2));
    }

    #[test]
    fn what_does_not_add_up_is_named() {
        let mut ledger = Ledger::new(1);
        ledger.enter((0, 1), seen(0, Passed::In, false));
        ledger.enter((0, 1), seen(0, Passed::Refused, false));
        ledger.enter((0, 2), seen(0, Passed::Out, false));
        ledger.enter((0, 3), seen(0, Passed::Out, false));
        ledger.clear(3);
        assert_eq!(ledger.faults.len(), 3, "{:?}", ledger.faults);
        assert!(!ledger.is_conserved());
    }
}
