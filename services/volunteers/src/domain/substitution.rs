//! Who takes the place of a volunteer who is missing.
//!
//! Somebody of the reserve (机动岗) who is there comes first, then who is to come to the reserve; then who is there for
//! another shift and free when this one begins, then who is free and has to be called. Within each the least work, then
//! the name. Who is there on another post comes last, because a seat is left open there.

use std::collections::BTreeSet;

use matchday_kernel::{Instant, Interval};

use super::{
    assignment::State,
    duty::{Duty, work},
    eligibility::Eligibility,
    filling::Candidate,
    limits::Limits,
    shift::Shift,
};

/// Where a substitute comes from, the first to be taken first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// Signed in on a reserve, which is given up.
    ReservePresent,
    /// Has accepted a reserve, which is given up.
    Reserve,
    /// Signed in on another shift, and free when this one begins.
    Present,
    /// Free, and has to be called.
    Free,
    /// Signed in on another post, which is left with an open seat.
    OtherPost,
}

/// Somebody who can take a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Substitute {
    /// Name of the volunteer.
    pub volunteer: String,
    /// Where the person comes from.
    pub source: Source,
    /// Name of the shift that is given up for it.
    pub from: Option<String>,
}

/// What is known beside the volunteers and the shift.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Names of the shifts that are a reserve.
    pub reserves: BTreeSet<String>,
    /// Names of volunteers who have declined, did not come to or were taken from something at that time: unwell at one
    /// post, nobody is called to another.
    pub away: BTreeSet<String>,
}

/// Everybody who could take a seat of a shift, the best first.
#[must_use]
pub fn substitutes(
    shift: &Shift,
    candidates: &[Candidate],
    known: &Known,
    limits: &Limits,
    now: Instant,
) -> Vec<Substitute> {
    let eligibility = Eligibility::of(shift, limits);
    let mut able: Vec<_> = candidates
        .iter()
        .filter_map(|one| {
            let (source, from) = source(shift, one, known, &eligibility, now)?;
            let volunteer = one.person.name.clone();
            Some((work(&one.duties), Substitute { volunteer, source, from }))
        })
        .collect();
    able.sort_by(|(work, one), (other_work, other)| {
        (one.source, work, &one.volunteer).cmp(&(other.source, other_work, &other.volunteer))
    });
    able.into_iter().map(|(_, substitute)| substitute).collect()
}

/// Where a candidate would come from, and what the person would give up; `None` for whom a rule keeps away.
fn source(
    shift: &Shift,
    candidate: &Candidate,
    known: &Known,
    eligibility: &Eligibility<'_>,
    now: Instant,
) -> Option<(Source, Option<String>)> {
    let Candidate { person, duties, refused } = candidate;
    if refused.contains(&shift.name) || duties.iter().any(|duty| duty.shift == shift.name) {
        return None;
    }
    let busy = duties.iter().find(|duty| duty.is_held() && duty.time.overlaps(&shift.time));
    let Some(busy) = busy else {
        if known.away.contains(&person.name) {
            return None;
        }
        let is_there = duties.iter().any(|duty| duty.state == State::SignedIn);
        let source = if is_there { Source::Present } else { Source::Free };
        return eligibility.bar(person, duties).is_none().then_some((source, None));
    };
    // a reserve is not emptied for the sake of another one
    let is_reserve = !shift.is_reserve && known.reserves.contains(&busy.shift);
    let source = match (is_reserve, busy.state) {
        (true, State::SignedIn) => Source::ReservePresent,
        (true, State::Accepted) => Source::Reserve,
        (false, State::SignedIn) => Source::OtherPost,
        _ => return None,
    };
    let left = without(duties, &busy.shift, now);
    eligibility.bar(person, &left).is_none().then(|| (source, Some(busy.shift.clone())))
}

/// What a person has to do without a shift that is given up now: what was worked on it stays.
#[must_use]
pub fn without(duties: &[Duty], given_up: &str, now: Instant) -> Vec<Duty> {
    let left = duties.iter().filter_map(|duty| {
        if duty.shift != given_up || !duty.is_held() {
            return Some(duty.clone());
        }
        let time = Interval::new(duty.time.start(), now).ok().filter(|_| duty.state == State::SignedIn)?;
        Some(Duty { time, state: State::Left, ..duty.clone() })
    });
    left.collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::{
        duty::tests::duty,
        limits::tests::limits,
        person::Person,
        shift::tests::{at, shift},
    };

    fn candidate(id: &str, duties: Vec<Duty>) -> Candidate {
        let person = Person { name: format!("v/{id}"), ..Person::default() };
        Candidate { person, duties, refused: BTreeSet::new() }
    }

    fn order(found: &[Substitute]) -> Vec<(&str, Source)> {
        found.iter().map(|one| (&one.volunteer[2..], one.source)).collect()
    }

    fn known() -> Known {
        let reserves = BTreeSet::from(["tournaments/t/shifts/reserve".to_owned()]);
        Known { reserves, away: BTreeSet::from(["v/away".to_owned()]) }
    }

    #[test]
    fn the_reserve_that_is_there_comes_first_and_another_post_last() {
        let wanted = shift("s", 120, 240, 1);
        let crew = [
            candidate("other", vec![duty("o", 60, 240, State::SignedIn)]),
            candidate("free", vec![]),
            candidate("away", vec![]),
            candidate("tired", vec![duty("old", 0, 40, State::SignedOut)]),
            candidate("there", vec![duty("early", 0, 120, State::SignedIn)]),
            candidate("coming", vec![duty("reserve", 60, 300, State::Accepted)]),
            candidate("asked", vec![duty("reserve", 60, 300, State::Invited)]),
            candidate("reserve", vec![duty("reserve", 60, 300, State::SignedIn)]),
            candidate("busy", vec![duty("b", 60, 240, State::Accepted)]),
            candidate("on-it", vec![duty("s", 120, 240, State::Accepted)]),
        ];
        let found = substitutes(&wanted, &crew, &known(), &limits(true), at(70));
        let expected = [
            ("reserve", Source::ReservePresent),
            ("coming", Source::Reserve),
            ("there", Source::Present),
            ("free", Source::Free),
            ("tired", Source::Free),
            ("other", Source::OtherPost),
        ];
        assert_eq!(order(&found), expected);
        assert_eq!(found[0].from.as_deref(), Some("tournaments/t/shifts/reserve"));
        assert_eq!(found[3].from, None);
    }

    #[test]
    fn a_reserve_is_no_reserve_of_another_one() {
        let wanted = Shift { is_reserve: true, ..shift("s", 120, 240, 1) };
        let crew = [
            candidate("coming", vec![duty("reserve", 60, 300, State::Accepted)]),
            candidate("reserve", vec![duty("reserve", 60, 300, State::SignedIn)]),
        ];
        let found = substitutes(&wanted, &crew, &known(), &limits(true), at(70));
        assert_eq!(order(&found), [("reserve", Source::OtherPost)]);
    }

    #[test]
    fn who_refused_or_lacks_something_or_has_worked_enough_is_left_out() {
        let mut wanted = shift("s", 600, 900, 1);
        wanted.skills = vec!["radio".into()];
        let able = |id: &str, duties| {
            let mut able = candidate(id, duties);
            able.person.skills = vec!["radio".into()];
            able
        };
        let mut refused = able("refused", vec![]);
        refused.refused.insert(wanted.name.clone());
        let crew = [
            refused,
            candidate("unable", vec![]),
            able("tired", vec![duty("long", 0, 590, State::SignedOut)]),
            able("fresh", vec![]),
        ];
        let found = substitutes(&wanted, &crew, &known(), &limits(true), at(595));
        assert_eq!(order(&found), [("fresh", Source::Free)]);
    }

    #[test]
    fn what_was_worked_on_a_shift_that_is_given_up_stays() {
        let there = [duty("a", 0, 100, State::SignedIn), duty("b", 200, 260, State::Accepted)];
        let left = without(&there, &there[0].shift, at(30));
        assert_eq!(left, [duty("a", 0, 30, State::Left), duty("b", 200, 260, State::Accepted)]);
        assert_eq!(without(&there, &there[1].shift, at(30)), there[..1], "nothing of it was worked");
        assert_eq!(without(&there[..1], &there[0].shift, at(0)), [], "not begun");
    }

    proptest! {
        /// Whoever is found keeps every rule after giving up what is named, and gives up one shift at most.
        #[test]
        fn whoever_is_found_breaks_no_rule(
            crew in prop::collection::vec(
                prop::collection::vec((0i64..1200, 30i64..400, 0usize..4, any::<bool>()), 0..4), 1..8),
            start in 100i64..900,
            now in 0i64..900,
        ) {
            let states = [State::Proposed, State::Accepted, State::SignedIn, State::SignedOut];
            let crew: Vec<Candidate> = crew.into_iter().enumerate().map(|(index, drawn)| {
                let duties = drawn.into_iter().enumerate().map(|(place, (from, length, state, reserve))| {
                    let id = if reserve && place == 0 { "reserve".into() } else { format!("d{index}-{place}") };
                    duty(&id, from, from + length, states[state])
                });
                candidate(&format!("v{index}"), duties.collect())
            }).collect();
            let (wanted, limits) = (shift("s", start, start + 120, 1), limits(true));
            let found = substitutes(&wanted, &crew, &known(), &limits, at(now));
            for one in &found {
                let candidate = crew.iter().find(|other| other.person.name == one.volunteer).unwrap();
                let left = match &one.from {
                    Some(from) => without(&candidate.duties, from, at(now)),
                    None => candidate.duties.clone(),
                };
                prop_assert_eq!(Eligibility::of(&wanted, &limits).check(&candidate.person, &left), Ok(()));
            }
            prop_assert!(found.is_sorted_by_key(|one| one.source));
        }
    }
}
