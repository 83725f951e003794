//! Which assignments a change of the schedule breaks.

use std::{cmp::Reverse, collections::BTreeSet};

use super::{assignment::State, duty::Duty, shift::Shift};

/// An assignment that clashes with another of the same person, and gives way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clash {
    /// The shift whose assignment is broken.
    pub shift: String,
    /// The shift it clashes with.
    pub other: String,
}

impl Clash {
    /// Why the assignment is to be replaced, in words.
    #[must_use]
    pub fn reason(&self) -> String {
        format!("a change of the schedule made it overlap with {}", self.other)
    }
}

/// The assignments of one person that give way after shifts have changed, so that nothing held overlaps. Of two,
/// the one whose shift has changed gives way, unless the person is there: then the other does. Where both
/// have changed, the one that binds the person less, then the one that begins later. A person who is at both is
/// left alone.
#[must_use]
pub fn clashes(duties: &[Duty], changed: &BTreeSet<String>) -> Vec<Clash> {
    let mut held: Vec<&Duty> = duties.iter().filter(|duty| duty.is_held()).collect();
    held.sort_by_key(|duty| (duty.time, &duty.shift));
    let mut clashes = Vec::new();
    while let Some((loser, other)) = first_clash(&held, changed) {
        clashes.push(Clash { shift: held[loser].shift.clone(), other: held[other].shift.clone() });
        held.remove(loser);
    }
    clashes
}

/// The places of the first two that overlap: the one that gives way, and the other.
fn first_clash(held: &[&Duty], changed: &BTreeSet<String>) -> Option<(usize, usize)> {
    // what binds least comes first
    let strength = |duty: &Duty| {
        let is_there = duty.state == State::SignedIn;
        (
            is_there,
            !changed.contains(&duty.shift),
            duty.state,
            Reverse(duty.time),
            Reverse(duty.shift.clone()),
        )
    };
    held.iter().enumerate().find_map(|(first, one)| {
        let second = held[first + 1..].iter().position(|other| {
            let are_both_there = one.state == State::SignedIn && other.state == State::SignedIn;
            !are_both_there && one.time.overlaps(&other.time)
        })?;
        let second = first + 1 + second;
        let loser_is_first = strength(one) < strength(held[second]);
        Some(if loser_is_first { (first, second) } else { (second, first) })
    })
}

/// The assignments that a shift has too many of, after it needs fewer people: those that bind least, the last by
/// name first. Who is there or was there stays.
#[must_use]
pub fn surplus<'a>(shift: &Shift, mut ahead: Vec<(State, &'a str)>) -> Vec<&'a str> {
    let too_many = usize::try_from(shift.seats.taken - shift.headcount).unwrap_or_default();
    ahead.retain(|(state, _)| state.is_ahead());
    ahead.sort_by_key(|(state, name)| (*state, Reverse(*name)));
    ahead.into_iter().take(too_many).map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::{
        duty::tests::duty,
        shift::{Seats, tests::shift},
    };

    fn losers(duties: &[Duty], changed: &[&str]) -> Vec<String> {
        let changed = changed.iter().map(|id| format!("tournaments/t/shifts/{id}")).collect();
        let last = |name: &str| name.rsplit('/').next().unwrap_or_default().to_owned();
        clashes(duties, &changed)
            .iter()
            .map(|clash| format!("{}<{}", last(&clash.shift), last(&clash.other)))
            .collect()
    }

    #[test]
    fn the_shift_that_changed_gives_way_unless_the_person_is_there() {
        let duties = [duty("a", 0, 100, State::Accepted), duty("b", 60, 120, State::Proposed)];
        assert_eq!(losers(&duties, &["a"]), ["a<b"]);
        assert_eq!(losers(&duties, &["b"]), ["b<a"]);
        let there = [duty("a", 0, 100, State::SignedIn), duty("b", 60, 120, State::Accepted)];
        assert_eq!(losers(&there, &["a"]), ["b<a"]);
    }

    #[test]
    fn of_two_that_changed_the_one_that_binds_less_gives_way() {
        let duties = [duty("a", 0, 100, State::Proposed), duty("b", 60, 120, State::Accepted)];
        assert_eq!(losers(&duties, &["a", "b"]), ["a<b"]);
        let alike = [duty("a", 0, 100, State::Accepted), duty("b", 60, 120, State::Accepted)];
        assert_eq!(losers(&alike, &["a", "b"]), ["b<a"], "the later one");
    }

    #[test]
    fn what_moved_together_and_still_fits_is_left_alone() {
        let duties = [duty("a", 45, 105, State::Accepted), duty("b", 105, 145, State::Accepted)];
        assert!(losers(&duties, &["a", "b"]).is_empty());
    }

    #[test]
    fn those_who_bind_least_leave_a_smaller_shift() {
        let mut smaller = shift("a", 0, 60, 2);
        smaller.seats = Seats { taken: 4, ..Seats::default() };
        let ahead = vec![
            (State::Accepted, "v1"),
            (State::Proposed, "v2"),
            (State::Accepted, "v3"),
            (State::SignedIn, "v4"),
        ];
        assert_eq!(surplus(&smaller, ahead), ["v2", "v3"]);
        assert!(surplus(&shift("a", 0, 60, 2), vec![(State::Accepted, "v1")]).is_empty());
    }

    proptest! {
        /// After the losers have given way nothing overlaps, and it is the same whatever order is read.
        #[test]
        fn nothing_held_overlaps_any_more(
            duties in prop::collection::vec((0i64..500, 1i64..200, 0usize..4, any::<bool>()), 0..9),
        ) {
            let states = [State::Proposed, State::Invited, State::Accepted, State::SignedIn];
            let mut changed = BTreeSet::new();
            let mut is_there = false;
            let mut all = Vec::new();
            for (index, (start, length, state, is_changed)) in duties.into_iter().enumerate() {
                // a person is at one place
                let state = if state == 3 && is_there { State::Accepted } else { states[state] };
                is_there |= state == State::SignedIn;
                let one = duty(&format!("s{index}"), start, start + length, state);
                if is_changed {
                    changed.insert(one.shift.clone());
                }
                all.push(one);
            }
            let broken = clashes(&all, &changed);
            let gone: BTreeSet<&str> = broken.iter().map(|clash| clash.shift.as_str()).collect();
            let left: Vec<&Duty> = all.iter().filter(|duty| !gone.contains(duty.shift.as_str())).collect();
            for (index, one) in left.iter().enumerate() {
                prop_assert!(left[index + 1..].iter().all(|other| !one.time.overlaps(&other.time)));
            }
            prop_assert!(all.iter().all(|duty| duty.state != State::SignedIn || !gone.contains(duty.shift.as_str())));
            let mut turned = all.clone();
            turned.reverse();
            prop_assert_eq!(clashes(&turned, &changed), broken);
        }
    }
}
