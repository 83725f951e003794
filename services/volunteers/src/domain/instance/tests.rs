use std::{collections::BTreeSet, ops::ControlFlow};

use matchday_roster::{outcome::Budget, solve::complete, validate::validate};

use super::*;
use crate::domain::{
    duty::tests::duty,
    limits::tests::limits,
    person::Person,
    shift::tests::{at, between, shift},
};

fn posted(shift: Shift) -> Posted {
    Posted { shift, post: "gate".into(), place: "sites/s/venues/v/zones/z".into() }
}

fn candidate(id: &str) -> Candidate {
    let person = Person { name: format!("tournaments/t/volunteers/{id}"), ..Person::default() };
    Candidate { person, duties: vec![], refused: BTreeSet::new() }
}

fn basis(shifts: Vec<Shift>, candidates: Vec<Candidate>) -> Basis {
    let shifts = shifts.into_iter().map(posted).collect();
    Basis { shifts, candidates, leaders: BTreeMap::new(), limits: limits(true), now: at(0) }
}

fn made(basis: &Basis) -> Seats {
    let stated = basis.state();
    assert_eq!(validate(&stated.instance), []);
    let budget = Budget { seed: 1, passes: 10, iterations: 2_000, threads: 1 };
    let Stated { instance, settled, kept, .. } = &stated;
    let outcome = complete(instance, settled, kept, budget, &mut |_| ControlFlow::Continue(()));
    basis.seats(&stated, &outcome.roster)
}

fn short(seats: &Seats) -> Vec<String> {
    seats.taken.iter().map(|(shift, volunteer)| format!("{}:{}", id(shift), id(volunteer))).collect()
}

#[test]
fn who_holds_a_shift_keeps_it_and_takes_nothing_at_that_time() {
    let mut held = shift("a", 60, 300, 2);
    held.seats = held.seats.count(None, State::Accepted);
    let mut holder = candidate("v1");
    holder.duties.push(duty("a", 60, 300, State::Accepted));
    let basis = basis(vec![held, shift("b", 240, 400, 1)], vec![holder, candidate("v2"), candidate("v3")]);
    let stated = basis.state();
    assert_eq!(stated.settled, [false, false, true]);
    assert_eq!(stated.kept.crews, [vec![], vec![], vec![0]]);
    let seats = made(&basis);
    assert_eq!(seats.taken.len(), 2);
    assert!(short(&seats).iter().all(|seat| !seat.ends_with(":v1")), "{seats:?}");
    assert_eq!(seats.open, []);
}

#[test]
fn work_is_shared() {
    let shifts = (0..4).map(|number| shift(&format!("s{number}"), 60 + 120 * number, 150 + 120 * number, 1));
    let seats = made(&basis(shifts.collect(), (1..=4).map(|one| candidate(&format!("v{one}"))).collect()));
    let people: BTreeSet<&str> = seats.taken.iter().map(|(_, volunteer)| volunteer.as_str()).collect();
    assert_eq!(people.len(), 4, "{seats:?}");
}

#[test]
fn what_was_declined_or_needs_more_stays_open() {
    let mut declined = candidate("v1");
    declined.refused.insert("tournaments/t/shifts/a".into());
    let mut driving = shift("b", 60, 120, 1);
    driving.skills = vec!["driving".into()];
    let seats = made(&basis(vec![shift("a", 60, 120, 1), driving], vec![declined]));
    assert_eq!(short(&seats), Vec::<String>::new());
    assert_eq!(seats.open.len(), 2);
}

#[test]
fn a_shift_beyond_the_limit_of_shifts_stays_open_and_one_that_is_over_is_left_out() {
    let basis = basis(vec![shift("over", -120, 0, 1), shift("long", 0, 600, 3)], vec![candidate("v1")]);
    assert!(basis.is_too_long(&basis.shifts[1].shift));
    let seats = made(&basis);
    assert_eq!(seats.open, [("tournaments/t/shifts/long".to_owned(), 3)]);
}

#[test]
fn limits_of_days_and_rests_hold_over_midnight() {
    let mut evening = candidate("v1");
    evening.duties.push(duty("held", 1100, 1320, State::Accepted));
    let mut held = shift("held", 1100, 1320, 1);
    held.seats = held.seats.count(None, State::Accepted);
    let early = shift("early", 1320 + 659, 2100, 1);
    assert_eq!(made(&basis(vec![held.clone(), early], vec![evening.clone()])).open.len(), 1);
    let later = shift("later", 1320 + 660, 2100, 1);
    assert_eq!(made(&basis(vec![held, later], vec![evening])).open, []);
}

#[test]
fn times_that_touch_are_one_and_cut_to_whole_minutes() {
    let mut person = candidate("v1");
    person.person.availability = vec![between(0, 100), between(100, 200), between(5_000, 9_000)];
    let stated = basis(vec![shift("a", 60, 150, 1)], vec![person]).state();
    assert_eq!(stated.instance.days, [0]);
    assert_eq!(stated.instance.volunteers[0].available, [Span { start: 0, end: 200 }]);
}

#[test]
fn a_group_has_its_leader_only_among_its_own() {
    let mut members: Vec<Candidate> = ["v1", "v2"].map(candidate).into();
    for one in &mut members {
        one.person.group = "tournaments/t/groups/g".into();
    }
    let mut basis = basis(vec![shift("a", 60, 150, 1)], [members, vec![candidate("v3")]].concat());
    let lead = |basis: &mut Basis, leader: &str| {
        basis.leaders =
            [("tournaments/t/groups/g".into(), format!("tournaments/t/volunteers/{leader}"))].into();
        basis.state().instance.groups[0].leader
    };
    assert_eq!(lead(&mut basis, "v2"), Some(1));
    assert_eq!(lead(&mut basis, "v3"), None);
}
