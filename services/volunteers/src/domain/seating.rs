//! Whether the seats of a draft can all be taken as things are now: each is checked like an assignment, with those
//! before it.

use std::collections::BTreeMap;

use matchday_kernel::{Instant, Violation};

use super::{
    assignment::{Assignment, State},
    duty::Duty,
    eligibility::Eligibility,
    limits::Limits,
    person::Person,
    phase::Phases,
    refusal::Refusal,
    shift::Shift,
};

/// The seats of a draft, looked at one after the other.
#[derive(Debug)]
pub struct Seating<'a> {
    limits: &'a Limits,
    phases: &'a Phases,
    now: Instant,
    /// All the work of those who are to be seated, by name.
    duties: BTreeMap<String, Vec<Duty>>,
    /// Seats taken by the draft, by shift.
    taken: BTreeMap<String, i32>,
    refused: Vec<Violation>,
}

impl<'a> Seating<'a> {
    /// Nobody is seated yet.
    #[must_use]
    pub fn new(
        limits: &'a Limits,
        phases: &'a Phases,
        now: Instant,
        duties: BTreeMap<String, Vec<Duty>>,
    ) -> Self {
        Self { limits, phases, now, duties, taken: BTreeMap::new(), refused: Vec::new() }
    }

    /// Takes from a person the seat of a shift that the draft releases; `held` is what stands there of the person.
    pub fn release(&mut self, shift: &Shift, person: &str, held: Option<&Assignment>) {
        let in_the_way = match held {
            _ if self.phases.check_plan(shift, &self.limits.zone).is_err() => {
                let (day, phase) = self.phases.of(shift, &self.limits.zone);
                format!("the roster of {day} is {}", phase.in_words())
            }
            None => format!("{person} does not hold it"),
            Some(held) if held.is_pinned => format!("{} is pinned", held.name),
            Some(held) if !held.state.is_ahead() => {
                format!("{} is {} and does not move", held.name, held.state.in_words())
            }
            Some(_) => {
                *self.taken.entry(shift.name.clone()).or_default() -= 1;
                let duties = self.duties.entry(person.to_owned()).or_default();
                duties.retain(|duty| duty.shift != shift.name);
                return;
            }
        };
        self.refused.push(Violation { subject: shift.name.clone(), description: in_the_way });
    }

    /// Seats a person on a shift; `former` is what stood there of the person.
    pub fn seat(&mut self, shift: &Shift, person: &Person, former: Option<&Assignment>) {
        match self.check(shift, person, former) {
            Ok(()) => {
                *self.taken.entry(shift.name.clone()).or_default() += 1;
                let duty = Duty { shift: shift.name.clone(), time: shift.time, state: State::Proposed };
                self.duties.entry(person.name.clone()).or_default().push(duty);
            }
            Err(refusal) => {
                let (subject, description) = (shift.name.clone(), refusal.to_string());
                self.refused.push(Violation { subject, description });
            }
        }
    }

    fn check(&self, shift: &Shift, person: &Person, former: Option<&Assignment>) -> Result<(), Refusal> {
        shift.check_takes_volunteers(self.now)?;
        self.phases.check_plan(shift, &self.limits.zone)?;
        if let Some(former) = former.filter(|former| !former.was_undone_by_schedule()) {
            let (assignment, state) = (former.name.to_string(), former.state);
            return Err(Refusal::AssignmentState { assignment, state });
        }
        if shift.open_seats() <= self.taken.get(&shift.name).copied().unwrap_or_default() {
            let (shift, headcount) = (shift.name.clone(), shift.headcount);
            return Err(Refusal::Full { shift, headcount, alternatives: vec![] });
        }
        let duties = self.duties.get(&person.name).map_or(&[][..], Vec::as_slice);
        Eligibility::of(shift, self.limits).check(person, duties)
    }

    /// Each seat that cannot be taken, with the reason.
    #[must_use]
    pub fn refused(self) -> Vec<Violation> {
        self.refused
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        limits::tests::limits,
        phase::Phase,
        shift::tests::{at, shift},
    };

    fn person(id: &str) -> Person {
        Person { name: format!("tournaments/t/volunteers/{id}"), ..Person::default() }
    }

    fn declined(shift: &Shift) -> Assignment {
        let name = format!("{}/assignments/v", shift.name).parse().unwrap();
        let proposed = Assignment::propose(name, "tournaments/t/volunteers/v".parse().unwrap());
        Assignment { state: State::Declined, ..proposed }
    }

    #[test]
    fn each_seat_is_checked_with_those_before_it() {
        let (limits, phases) = (limits(true), Phases::default());
        let (early, late) = (shift("early", 60, 120, 1), shift("late", 90, 150, 2));
        let mut seating = Seating::new(&limits, &phases, at(0), BTreeMap::new());
        seating.seat(&early, &person("a"), None);
        seating.seat(&late, &person("b"), None);
        assert_eq!(seating.refused(), []);

        let mut seating = Seating::new(&limits, &phases, at(0), BTreeMap::new());
        seating.seat(&early, &person("a"), None);
        seating.seat(&late, &person("a"), None);
        seating.seat(&early, &person("b"), None);
        seating.seat(&late, &person("v"), Some(&declined(&late)));
        let told: Vec<String> = seating.refused().into_iter().map(|one| one.description).collect();
        assert_eq!(told.len(), 3, "{told:?}");
        assert!(told[0].contains("holds tournaments/t/shifts/early"), "{}", told[0]);
        assert!(told[1].contains("is full"), "{}", told[1]);
        assert!(told[2].contains("is declined"), "{}", told[2]);
    }

    #[test]
    fn a_seat_is_released_by_who_holds_it_and_may_move() {
        let (limits, phases) = (limits(true), Phases::default());
        let mut full = shift("a", 60, 120, 1);
        full.seats = full.seats.count(None, State::Accepted);
        let held = Assignment { state: State::Accepted, ..declined(&full) };
        let mut seating = Seating::new(&limits, &phases, at(0), BTreeMap::new());
        seating.release(&full, "tournaments/t/volunteers/v", Some(&held));
        seating.seat(&full, &person("b"), None);
        assert_eq!(seating.refused(), []);

        let pinned = Assignment { is_pinned: true, ..held.clone() };
        let there = Assignment { state: State::SignedIn, ..held };
        for (held, why) in [(Some(&pinned), "pinned"), (Some(&there), "signed in"), (None, "does not hold")] {
            let mut seating = Seating::new(&limits, &phases, at(0), BTreeMap::new());
            seating.release(&full, "tournaments/t/volunteers/v", held);
            seating.seat(&full, &person("b"), None);
            let told: Vec<String> = seating.refused().into_iter().map(|one| one.description).collect();
            assert!(told.len() == 2 && told[0].contains(why) && told[1].contains("is full"), "{told:?}");
        }
    }

    #[test]
    fn nobody_is_seated_on_a_locked_day_or_moved_from_it() {
        let limits = limits(true);
        let phases = Phases { others: Phase::Locked, ..Phases::default() };
        let mut full = shift("a", 60, 120, 2);
        full.seats = full.seats.count(None, State::Accepted);
        let held = Assignment { state: State::Accepted, ..declined(&full) };
        let mut seating = Seating::new(&limits, &phases, at(0), BTreeMap::new());
        seating.release(&full, "tournaments/t/volunteers/v", Some(&held));
        seating.seat(&full, &person("b"), None);
        let told: Vec<String> = seating.refused().into_iter().map(|one| one.description).collect();
        assert!(told.len() == 2 && told.iter().all(|one| one.contains("is locked")), "{told:?}");
    }

    #[test]
    fn nobody_is_seated_on_a_shift_that_is_over() {
        let (limits, phases) = (limits(true), Phases::default());
        let mut seating = Seating::new(&limits, &phases, at(120), BTreeMap::new());
        seating.seat(&shift("early", 60, 120, 1), &person("a"), None);
        assert_eq!(seating.refused().len(), 1);
    }
}
