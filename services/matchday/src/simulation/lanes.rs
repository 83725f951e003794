//! A queue before lanes that serve one after the other: whoever waits longest goes to the lane that is free first.

use std::{cmp::Reverse, collections::BinaryHeap};

/// Milliseconds of an hour.
const HOUR: i64 = 3_600_000;

/// Lanes of one kind, that open at a time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lanes {
    /// How many.
    pub(crate) count: usize,
    /// People an hour that one serves.
    pub(crate) per_hour: i64,
    /// When they open, in milliseconds.
    pub(crate) open: i64,
}

/// Somebody who was served: when, and by which lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Served {
    /// When the lane was done.
    pub(crate) at: i64,
    /// Which lane, from 0.
    pub(crate) lane: usize,
}

impl Lanes {
    /// Serves everybody who comes, in the order of their times; the result is in the order of `arrivals`.
    pub(crate) fn serve(&self, arrivals: &[i64]) -> Vec<Served> {
        let mut order: Vec<usize> = (0..arrivals.len()).collect();
        order.sort_by_key(|person| arrivals[*person]);
        let mut free: BinaryHeap<Reverse<(i64, usize)>> =
            (0..self.count.max(1)).map(|lane| Reverse((self.open, lane))).collect();
        let mut served = vec![Served { at: 0, lane: 0 }; arrivals.len()];
        for person in order {
            // there is at least one lane, and each comes back when it is done
            let Some(Reverse((is_free, lane))) = free.pop() else { break };
            let at = is_free.max(arrivals[person]) + HOUR / self.per_hour;
            served[person] = Served { at, lane };
            free.push(Reverse((at, lane)));
        }
        served
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lane_serves_as_many_as_it_can() {
        let security = Lanes { count: 1, per_hour: 500, open: 0 };
        let served = security.serve(&vec![0; 500]);
        assert_eq!(served.iter().map(|it| it.at).max(), Some(HOUR));
        let two = Lanes { count: 2, ..security }.serve(&vec![0; 500]);
        assert_eq!(two.iter().map(|it| it.at).max(), Some(HOUR / 2));
    }

    #[test]
    fn who_comes_first_is_served_first_and_nobody_before_it_opens() {
        let lanes = Lanes { count: 1, per_hour: 3600, open: 10_000 };
        let served: Vec<i64> = lanes.serve(&[5, 2, 60_000]).iter().map(|it| it.at).collect();
        assert_eq!(served, [12_000, 11_000, 61_000]);
    }
}
