use std::{collections::BTreeSet, ops::ControlFlow};

use matchday_roster::{outcome::Budget, repair, solve::complete, validate::validate};

use super::*;
use crate::domain::{
    duty::tests::duty,
    limits::tests::limits,
    person::Person,
    shift::tests::{at, between, shift},
};

fn posted(shift: Shift) -> Posted {
    Posted { shift, post: "gate".into(), place: "sites/s/venues/v/zones/z".into(), is_closed: false }
}

fn candidate(id: &str) -> Candidate {
    let person = Person { name: format!("tournaments/t/volunteers/{id}"), ..Person::default() };
    Candidate { person, duties: vec![], refused: BTreeSet::new() }
}

fn basis(shifts: Vec<Shift>, candidates: Vec<Candidate>) -> Basis {
    let shifts = shifts.into_iter().map(posted).collect();
    Basis {
        shifts,
        candidates,
        leaders: BTreeMap::new(),
        limits: limits(true),
        now: at(0),
        standing: Standing::default(),
        rules: RosterRules::ASSUMED,
        night: NightRule::ASSUMED,
    }
}

fn made(basis: &Basis) -> Seats {
    let stated = basis.state(&Task::default());
    assert_eq!(validate(&stated.instance), []);
    let budget = Budget { seed: 1, passes: 10, iterations: 2_000, threads: 1 };
    let Stated { instance, settled, kept, .. } = &stated;
    let outcome = complete(instance, settled, kept, budget, &mut |_| ControlFlow::Continue(()));
    basis.seats(&Task::default(), &stated, &outcome.roster, &BTreeSet::new())
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
    let stated = basis.state(&Task::default());
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
    let stated = basis(vec![shift("a", 60, 150, 1)], vec![person]).state(&Task::default());
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
        basis.state(&Task::default()).instance.groups[0].leader
    };
    assert_eq!(lead(&mut basis, "v2"), Some(1));
    assert_eq!(lead(&mut basis, "v3"), None);
}

/// A gap that needs driving: one who can drive holds another shift, one who cannot is free.
fn a_gap_for_a_driver() -> Basis {
    let mut gap = shift("gap", 60, 120, 1);
    gap.skills = vec!["driving".into()];
    let mut held = shift("held", 60, 120, 1);
    held.seats = held.seats.count(None, State::Accepted);
    let mut driver = candidate("v1");
    driver.person.skills = vec!["driving".into()];
    driver.duties.push(duty("held", 60, 120, State::Accepted));
    let mut basis = basis(vec![gap, held], vec![driver, candidate("v2")]);
    basis.standing.vacated =
        [("tournaments/t/shifts/gap".into(), "tournaments/t/volunteers/v9".into())].into();
    basis
}

fn repaired(basis: &Basis) -> (Seats, Vec<(usize, usize)>) {
    let task = Task { purpose: Purpose::Repair, ..Task::default() };
    let stated = basis.state(&task);
    assert_eq!(validate(&stated.instance), []);
    let mut published = stated.kept.clone();
    for (volunteer, shift) in &stated.broken {
        published.crews[*shift].push(*volunteer);
    }
    let Stated { settled, broken, days, .. } = &stated;
    let standing = repair::Standing { published: &published, lost: broken, settled, days };
    let weights = repair::Weights { person: 2_000, assignment: 500 };
    let budget = Budget { seed: 1, passes: 0, iterations: 4_000, threads: 1 };
    let found =
        repair::repair(&stated.instance, standing, weights, budget, &mut |_| ControlFlow::Continue(()));
    let lost = found.changes.iter().filter(|change| change.what == repair::What::Lost);
    let lost = lost.map(|change| (change.volunteer, change.shift));
    (basis.seats(&task, &stated, &found.roster, &lost.collect()), stated.broken)
}

#[test]
fn a_repair_moves_somebody_where_that_fills_a_seat() {
    let (seats, _) = repaired(&a_gap_for_a_driver());
    assert_eq!(short(&seats), ["gap:v1", "held:v2"]);
    let held = ("tournaments/t/shifts/held".to_owned(), "tournaments/t/volunteers/v1".to_owned());
    assert_eq!(seats.released, [(held.0, held.1, false)]);
    assert_eq!(seats.open, []);
}

#[test]
fn what_is_pinned_has_begun_or_is_signed_in_does_not_move() {
    let mut pinned = a_gap_for_a_driver();
    pinned.standing.pinned =
        [("tournaments/t/shifts/held".into(), "tournaments/t/volunteers/v1".into())].into();
    let mut there = a_gap_for_a_driver();
    there.candidates[0].duties[0].state = State::SignedIn;
    let mut begun = a_gap_for_a_driver();
    begun.now = at(60);
    for basis in [pinned, there, begun] {
        let (seats, _) = repaired(&basis);
        assert_eq!((short(&seats), seats.released), (Vec::<String>::new(), vec![]));
        assert_eq!(seats.open, [("tournaments/t/shifts/gap".to_owned(), 1)]);
    }
}

#[test]
fn who_was_broken_off_comes_back_where_nothing_is_in_the_way() {
    let mut basis = basis(vec![shift("a", 60, 120, 1)], vec![candidate("v1"), candidate("v2")]);
    basis.standing.broken = [("tournaments/t/shifts/a".into(), "tournaments/t/volunteers/v2".into())].into();
    let (seats, broken) = repaired(&basis);
    assert_eq!(broken, [(1, 0)]);
    assert_eq!(short(&seats), ["a:v2"], "who knows it already need not be told of anything new");
}

#[test]
fn a_task_touches_what_it_names() {
    let basis = basis(
        vec![shift("early", 60, 120, 1), shift("late", 600, 660, 1)],
        vec![candidate("v1"), candidate("v2")],
    );
    let shifts = |task: &Task| basis.state(task).of;
    assert_eq!(shifts(&Task::default()), [0, 1]);
    assert_eq!(shifts(&Task { from: Some(at(120)), ..Task::default() }), [1]);
    assert_eq!(shifts(&Task { until: Some(at(600)), ..Task::default() }), [0]);
    let of_post = |post: &str| Task { posts: vec![post.into()], ..Task::default() };
    assert_eq!((shifts(&of_post("gate")), shifts(&of_post("x"))), (vec![0, 1], vec![]));
    assert!(basis.has_work(&of_post("gate")) && !basis.has_work(&of_post("x")));
}

#[test]
fn a_draft_that_releases_a_seat_leaves_it_open() {
    let mut basis = a_gap_for_a_driver();
    basis.release([("tournaments/t/shifts/held", "tournaments/t/volunteers/v1")]);
    assert_eq!(basis.shifts[1].shift.open_seats(), 1);
    assert_eq!(basis.candidates[0].duties, []);
}

#[test]
fn wishes_of_the_rules_decide_who_takes_a_night() {
    // two nights and two people; without a wish nothing speaks against one of them taking both
    let night = |id: &str, day: i64| shift(id, day * 1_440 + 1_380, day * 1_440 + 1_500, 1);
    let mut basis = basis(vec![night("a", 0), night("b", 1)], vec![candidate("v1"), candidate("v2")]);
    basis.limits.rest = None;
    basis.rules = RosterRules { unequal_minute: 0, ..RosterRules::ASSUMED };
    let nights = Some(crate::domain::roster_rules::Wish { limit: 1, weight: 400 });
    basis.rules.nights = nights;
    let takers: BTreeSet<String> = made(&basis).taken.into_iter().map(|(_, volunteer)| volunteer).collect();
    assert_eq!(takers.len(), 2, "one night each");
}
