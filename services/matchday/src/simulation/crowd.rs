//! Who comes, when and by which gate; who has a copy of somebody else's ticket, and who leaves early.

use super::{
    dice::Dice,
    lanes::{Lanes, Served},
    script::MINUTE,
};

/// People an hour through a lane of the security check (安检), and through one of the ticket check (检票).
const SECURITY_AN_HOUR: i64 = 500;
const TICKETS_AN_HOUR: i64 = 660;
/// Spectators for one lane of each kind: they are through in the time the gates are open.
const SPECTATORS_A_LANE: usize = 850;
/// One in so many people is of the staff, and counted apart.
const STAFF: usize = 50;
/// One in so many tickets has a copy, with which somebody else comes.
const COPIED: usize = 75;
/// One in so many people is scanned out before the end, and every other of them comes back.
const LEAVING: usize = 60;

/// One in so many people comes when nobody is let in any more, or nearly.
const TOO_LATE: usize = 200;

/// What a crowd is made of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame {
    /// Spectators with a ticket of their own.
    pub(crate) spectators: usize,
    /// Gates.
    pub(crate) gates: usize,
    /// Decides the rest.
    pub(crate) seed: u64,
}

/// A passage that somebody wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wish {
    /// When, in milliseconds from the opening of the gates.
    pub(crate) at: i64,
    /// Number of the credential.
    pub(crate) credential: usize,
    /// Number of the lane, over all gates.
    pub(crate) lane: usize,
    /// Out, and not in.
    pub(crate) is_exit: bool,
}

/// A crowd before the gates.
#[derive(Clone, Debug)]
pub(crate) struct Crowd {
    /// Lanes of the ticket check, over all gates: lane n is at gate n modulo their number.
    pub(crate) lanes: usize,
    /// Credentials, those of the public first.
    pub(crate) credentials: usize,
    /// How many of them are the public's.
    pub(crate) public: usize,
    /// Copies of tickets.
    pub(crate) copies: usize,
    /// What they want, by time.
    pub(crate) wishes: Vec<Wish>,
    /// When each of them joins the queue of the security check, by time.
    arrivals: Vec<i64>,
    /// When each of them is through it, by time.
    through: Vec<i64>,
    /// When each of them is at the gate, by time.
    entries: Vec<i64>,
}

impl Crowd {
    /// The crowd of a frame.
    pub(crate) fn of(frame: Frame) -> Self {
        let dice = Dice::of(frame.seed);
        let gates = frame.gates.max(1);
        let a_gate = frame.spectators.div_ceil(SPECTATORS_A_LANE).div_ceil(gates).max(1);
        let staff = frame.spectators.div_ceil(STAFF);
        let (public, credentials) = (frame.spectators, frame.spectators + staff);
        let mut people: Vec<(usize, i64)> = (0..credentials)
            .map(|credential| (credential, if credential < public { arrival(&dice) } else { early(&dice) }))
            .collect();
        let copies: Vec<(usize, i64)> = (0..public)
            .filter(|_| dice.once_in(COPIED))
            .map(|credential| (credential, arrival(&dice)))
            .collect();
        people.extend(&copies);

        let mut crowd = Self {
            lanes: a_gate * gates,
            credentials,
            public,
            copies: copies.len(),
            wishes: Vec::new(),
            arrivals: people.iter().map(|(_, at)| *at).collect(),
            through: Vec::new(),
            entries: Vec::new(),
        };
        // by which gate is chance: who has a copy may come by another one
        let by_gate: Vec<usize> = people.iter().map(|_| dice.below(gates)).collect();
        for gate in 0..gates {
            let own = people.iter().zip(&by_gate).filter(|(_, by)| **by == gate).map(|(person, _)| *person);
            crowd.queue(&own.collect::<Vec<_>>(), gate, gates, a_gate);
        }
        crowd.leave(&dice, credentials);
        crowd.wishes.sort_by_key(|wish| (wish.at, wish.credential));
        crowd.arrivals.sort_unstable();
        crowd.through.sort_unstable();
        crowd.entries.sort_unstable();
        crowd
    }

    /// Who waits at a time: before the security check, and between it and the ticket check.
    pub(crate) fn waiting(&self, at: i64) -> (usize, usize) {
        let by = |times: &[i64]| times.partition_point(|it| *it <= at);
        let come = by(&self.arrivals);
        let through = by(&self.through);
        let served = self.entries.partition_point(|it| *it <= at);
        (come - through, through - served)
    }

    /// The way in at a gate: security check, then ticket check.
    fn queue(&mut self, people: &[(usize, i64)], gate: usize, gates: usize, lanes: usize) {
        let at: Vec<i64> = people.iter().map(|(_, at)| *at).collect();
        let security = Lanes { count: lanes, per_hour: SECURITY_AN_HOUR, open: 0 };
        let through: Vec<i64> = security.serve(&at).iter().map(|it| it.at).collect();
        let tickets = Lanes { per_hour: TICKETS_AN_HOUR, ..security };
        let served = tickets.serve(&through);
        let wish = |((credential, _), Served { at, lane }): (&(usize, i64), &Served)| Wish {
            at: *at,
            credential: *credential,
            lane: gate + lane * gates,
            is_exit: false,
        };
        self.wishes.extend(people.iter().zip(&served).map(wish));
        self.through.extend(through);
        self.entries.extend(served.iter().map(|it| it.at));
    }

    /// Few are scanned out: nobody scans out at full time.
    fn leave(&mut self, dice: &Dice, credentials: usize) {
        for credential in (0..credentials).filter(|_| dice.once_in(LEAVING)) {
            let (at, lane) = (dice.between(150 * MINUTE, 195 * MINUTE), dice.below(self.lanes));
            self.wishes.push(Wish { at, credential, lane, is_exit: true });
            if dice.once_in(2) {
                let (at, lane) = (at + 12 * MINUTE, dice.below(self.lanes));
                self.wishes.push(Wish { at, credential, lane, is_exit: false });
            }
        }
    }
}

/// Most come about 45 minutes before the kick-off, some before the gates open, some late, and few too late.
fn arrival(dice: &Dice) -> i64 {
    if dice.once_in(TOO_LATE) {
        return dice.between(200 * MINUTE, 230 * MINUTE);
    }
    (0..3).map(|_| dice.between(-15 * MINUTE, 165 * MINUTE)).sum::<i64>() / 3
}

/// Staff comes when the gates open.
fn early(dice: &Dice) -> i64 {
    dice.between(-20 * MINUTE, 20 * MINUTE)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Frame = Frame { spectators: 8000, gates: 2, seed: 7 };

    #[test]
    fn everybody_comes_and_few_leave_early() {
        let crowd = Crowd::of(FRAME);
        let exits = crowd.wishes.iter().filter(|wish| wish.is_exit).count();
        assert_eq!((crowd.public, crowd.credentials), (8000, 8160));
        assert!(exits * 50 <= crowd.credentials, "{exits}: at most 2 % are scanned out");
        assert!((50..200).contains(&crowd.copies), "{}", crowd.copies);
        assert_eq!(crowd.arrivals.len(), crowd.credentials + crowd.copies);
        assert!(crowd.wishes.iter().all(|wish| wish.lane < crowd.lanes && wish.at > 0));
        assert!(crowd.wishes.is_sorted_by_key(|wish| wish.at));
    }

    #[test]
    fn the_security_check_governs_and_queues() {
        let crowd = Crowd::of(FRAME);
        let (before_security, before_tickets) = crowd.waiting(90 * MINUTE);
        assert!(before_security > 300, "{before_security}");
        assert!(before_tickets < before_security / 10, "{before_tickets}");
        assert_eq!(crowd.waiting(300 * MINUTE), (0, 0));
    }

    #[test]
    fn a_seed_decides() {
        assert_eq!(Crowd::of(FRAME).wishes, Crowd::of(FRAME).wishes);
        assert_ne!(Crowd::of(FRAME).wishes, Crowd::of(Frame { seed: 8, ..FRAME }).wishes);
    }
}
