//! What a roster of the engine changes: seats given and seats released.

use std::collections::BTreeSet;

use matchday_roster::model;

use super::{Basis, Posted, Stated, Task};
use crate::domain::{assignment::State, duty::Duty, eligibility::Eligibility};

/// Seats as names of shift and volunteer, and what stays open as names of shifts and numbers of seats.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seats {
    /// By start of the shift.
    pub taken: Vec<(String, String)>,
    /// Given up, by start of the shift, each with whether a rule forbids it now.
    pub released: Vec<(String, String, bool)>,
    /// By start.
    pub open: Vec<(String, i32)>,
}

impl Basis {
    /// What a roster of the engine gives and takes; `lost` are volunteers and shifts that can be no longer. Each seat that is
    /// given is checked once more by the rules that decide an assignment, which count work over midnight on both days: what
    /// they refuse stays open.
    #[must_use]
    pub fn seats(
        &self,
        task: &Task,
        stated: &Stated,
        roster: &model::Roster,
        lost: &BTreeSet<(usize, usize)>,
    ) -> Seats {
        let mut duties: Vec<Vec<Duty>> = self.candidates.iter().map(|one| one.duties.clone()).collect();
        let mut seats = Seats::default();
        let mut taken = vec![0; self.shifts.len()];
        let crews = || roster.crews.iter().enumerate().filter(|(shift, _)| !stated.settled[*shift]);
        let after: BTreeSet<(usize, usize)> =
            crews().flat_map(|(shift, crew)| crew.iter().map(move |volunteer| (*volunteer, shift))).collect();
        let mut released: Vec<(usize, usize)> = stated.movable.difference(&after).copied().collect();
        released.sort_by_key(|(volunteer, shift)| (*shift, *volunteer));
        for (volunteer, shift) in released {
            let index = stated.of[shift];
            let name = &self.shifts[index].shift.name;
            duties[volunteer].retain(|duty| duty.shift != *name);
            taken[index] -= 1;
            let person = self.candidates[volunteer].person.name.clone();
            seats.released.push((name.clone(), person, lost.contains(&(volunteer, shift))));
        }
        for (shift, crew) in crews() {
            let index = stated.of[shift];
            let given = crew.iter().filter(|volunteer| !stated.movable.contains(&(**volunteer, shift)));
            let shift = &self.shifts[index].shift;
            let eligibility = Eligibility::of(shift, &self.limits);
            for &volunteer in given {
                let person = &self.candidates[volunteer].person;
                if eligibility.bar(person, &duties[volunteer]).is_none() {
                    let duty = Duty { shift: shift.name.clone(), time: shift.time, state: State::Proposed };
                    duties[volunteer].push(duty);
                    seats.taken.push((shift.name.clone(), person.name.clone()));
                    taken[index] += 1;
                }
            }
        }
        let is_counted =
            |one: &Posted| task.touches(one) && !one.shift.is_cancelled && one.shift.time.end() > self.now;
        let open = self.shifts.iter().zip(taken).filter(|(one, _)| is_counted(one));
        let left = open.map(|(one, taken)| (one.shift.name.clone(), one.shift.open_seats() - taken));
        seats.open = left.filter(|(_, seats)| *seats > 0).collect();
        seats
    }
}
