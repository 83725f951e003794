//! Whatever is decided in whatever order: the rules hold together.

use matchday_kernel::Instant;
use proptest::prelude::*;

use super::{
    assignment::{Assignment, State},
    clash::clashes,
    duty::Duty,
    eligibility::Eligibility,
    limits::tests::limits,
    person::Person,
    refusal::Refusal,
    shift::{
        Shift,
        tests::{at, between, shift},
    },
};

/// A roster in memory: shifts, people, and every assignment.
struct Model {
    shifts: Vec<Shift>,
    people: Vec<Person>,
    assignments: Vec<Assignment>,
}

impl Model {
    fn new() -> Self {
        let shifts = (0..)
            .zip([0, 60, 120, 300, 1500])
            .map(|(id, start)| shift(&format!("s{id}"), start, start + 90, 2));
        let person = |id| Person { name: format!("tournaments/t/volunteers/v{id}"), ..Person::default() };
        Self { shifts: shifts.collect(), people: (0..4).map(person).collect(), assignments: vec![] }
    }

    fn find(&self, on: usize, who: usize) -> Option<usize> {
        let name = format!("{}/assignments/v{who}", self.shifts[on].name);
        self.assignments.iter().position(|one| one.name.as_str() == name)
    }

    fn duties(&self, who: usize) -> Vec<Duty> {
        let own = self.assignments.iter().filter(|one| one.volunteer.as_str() == self.people[who].name);
        let duty = |one: &Assignment| {
            let shift = self.shifts.iter().find(|shift| shift.name == one.name.parent().as_str())?;
            Duty::of(shift.name.clone(), shift.time, one.state, one.signed_out)
        };
        own.filter_map(duty).collect()
    }

    /// Puts what was decided, counting the seats.
    fn put(&mut self, on: usize, index: Option<usize>, now: Assignment) {
        let former = index.map(|index| self.assignments[index].state);
        self.shifts[on].seats = self.shifts[on].seats.count(former, now.state);
        match index {
            Some(index) => self.assignments[index] = now,
            None => self.assignments.push(now),
        }
    }

    /// Takes a step of somebody on a shift; what is refused changes nothing.
    fn step(&mut self, step: usize, on: usize, who: usize, now: Instant) -> Result<(), Refusal> {
        let (shift, limits, duties) = (self.shifts[on].clone(), limits(true), self.duties(who));
        let eligibility = Eligibility::of(&shift, &limits);
        let index = self.find(on, who);
        let read = index.map(|index| self.assignments[index].clone());
        let next = match (step, read) {
            (0, read) => {
                shift.check_takes_volunteers(now)?;
                let name = format!("{}/assignments/v{who}", shift.name).parse().unwrap();
                let volunteer = self.people[who].name.parse().unwrap();
                let next =
                    read.map_or_else(|| Ok(Assignment::propose(name, volunteer)), Assignment::propose_anew)?;
                eligibility.check(&self.people[who], &duties)?;
                if shift.open_seats() == 0 {
                    let alternatives = vec![];
                    return Err(Refusal::Full {
                        shift: shift.name,
                        headcount: shift.headcount,
                        alternatives,
                    });
                }
                next
            }
            (1, Some(read)) => read.invite(None)?,
            (2, Some(read)) => {
                eligibility.check_accept(&self.people[who], &duties)?;
                read.accept(now)?
            }
            (3, Some(read)) => read.decline(String::new())?,
            (4, Some(read)) => read.withdraw(String::new())?,
            (5, Some(read)) => {
                shift.check_sign_in(now)?;
                eligibility.check_sign_in(&self.people[who], &duties)?;
                read.sign_in(now)?
            }
            (6, Some(read)) => read.sign_out(now)?,
            (7, Some(read)) => {
                shift.check_no_show(now)?;
                read.no_show()?
            }
            _ => return Ok(()),
        };
        self.put(on, index, next);
        Ok(())
    }

    /// Moves a shift, or makes it longer if it has begun, and parts people from what overlaps then.
    fn change(&mut self, on: usize, start: i64, now: Instant) {
        let time = self.shifts[on].time;
        let moved = between(start, start + 90);
        self.shifts[on].time = if self.shifts[on].has_begun(now) {
            matchday_kernel::Interval::new(time.start(), time.end().max(moved.end())).unwrap()
        } else {
            moved
        };
        let changed = [self.shifts[on].name.clone()].into();
        for who in 0..self.people.len() {
            for clash in clashes(&self.duties(who), &changed) {
                let on = self.shifts.iter().position(|shift| shift.name == clash.shift).unwrap();
                let index = self.find(on, who).unwrap();
                let broken = self.assignments[index].clone().break_off(clash.reason(), "c").unwrap();
                self.put(on, Some(index), broken);
            }
        }
    }
}

proptest! {
    /// Nobody ever holds two assignments that overlap, and no more seats are taken than there are.
    #[test]
    fn the_rules_hold_together(
        deeds in prop::collection::vec((0usize..9, 0usize..5, 0usize..4, 0i64..1600, 0i64..60), 1..120),
    ) {
        let (mut model, mut now) = (Model::new(), -60);
        for (step, on, who, start, minutes) in deeds {
            now += minutes / 4;
            if step == 8 {
                model.change(on, start, at(now));
            } else {
                drop(model.step(step, on, who, at(now)));
            }
            for who in 0..model.people.len() {
                let held: Vec<Duty> = model.duties(who).into_iter().filter(Duty::is_held).collect();
                for (index, one) in held.iter().enumerate() {
                    prop_assert!(held[index + 1..].iter().all(|other| !one.time.overlaps(&other.time)));
                }
                prop_assert!(held.iter().filter(|duty| duty.state == State::SignedIn).count() <= 1);
            }
            for shift in &model.shifts {
                prop_assert!((0..=shift.headcount).contains(&shift.seats.taken));
            }
        }
    }
}
