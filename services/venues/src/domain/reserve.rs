//! Reserving all places of a schedule version: all or nothing.

use std::collections::{BTreeMap, BTreeSet};

use matchday_kernel::{Interval, IntervalError, Slug};

use super::{
    booking::{Booking, State, in_the_way, in_words},
    occupant::Occupant,
};

/// An occupant with the time it takes its zone.
#[derive(Clone, Debug, PartialEq)]
pub struct Wish {
    /// What wants a zone.
    pub occupant: Occupant,
    /// The time the zone is taken.
    pub occupation: Interval,
}

impl Wish {
    /// Works out the occupation of an occupant.
    ///
    /// # Errors
    /// [`IntervalError::OutOfRange`] at the ends of the calendar.
    pub fn of(occupant: Occupant) -> Result<Self, IntervalError> {
        Ok(Self { occupation: occupant.occupation()?, occupant })
    }
}

/// A place that is not free.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceConflict {
    /// The activity that wants it.
    pub activity: String,
    /// What it wants and what is in the way, in words.
    pub description: String,
}

/// What reserving a schedule does.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// New bookings.
    pub create: Vec<Booking>,
    /// Bookings that get another time, or their zone back: as it will be, as it was.
    pub moved: Vec<(Booking, Booking)>,
    /// Bookings that stay where they are; what they say of their activity may be newer.
    pub keep: Vec<Booking>,
    /// Bookings given up.
    pub release: Vec<Booking>,
}

/// Plans to make the live bookings of a tournament's activities exactly those wished for.
///
/// `live` are the tournament's bookings that follow activities, `held` everything booked in the zones wished
/// for, and `id` makes ids for new bookings.
///
/// # Errors
/// Every place that is not free, held by others or wished for twice.
pub fn plan(
    wishes: Vec<Wish>,
    live: Vec<Booking>,
    held: &[Booking],
    mut id: impl FnMut() -> Slug,
) -> Result<Plan, Vec<PlaceConflict>> {
    let own: BTreeSet<_> = live.iter().map(|booking| &booking.name).collect();
    let foreign: Vec<&Booking> = held.iter().filter(|booking| !own.contains(&booking.name)).collect();
    let conflicts: Vec<PlaceConflict> =
        with_others(&wishes, &foreign).chain(among_themselves(&wishes)).collect();
    if !conflicts.is_empty() {
        return Err(conflicts);
    }

    let mut plan = Plan::default();
    let mut by_holder: BTreeMap<String, Booking> =
        live.into_iter().map(|booking| (booking.occupant.holder.clone(), booking)).collect();
    for Wish { occupant, occupation } in wishes {
        match by_holder.remove(&occupant.holder) {
            Some(was) if was.occupant.zone == occupant.zone => {
                let is_same = was.state == State::Booked && was.occupation == occupation;
                let name = was.name.clone();
                let booking = Booking { name, occupant, occupation, state: State::Booked, conflicts: vec![] };
                if is_same {
                    plan.keep.push(booking);
                } else {
                    plan.moved.push((booking, was));
                }
            }
            elsewhere => {
                plan.release.extend(elsewhere.map(Booking::release));
                plan.create.push(Booking::new(id(), occupant, occupation));
            }
        }
    }
    plan.release.extend(by_holder.into_values().map(Booking::release));
    Ok(plan)
}

fn with_others<'a>(wishes: &'a [Wish], foreign: &'a [&Booking]) -> impl Iterator<Item = PlaceConflict> + 'a {
    wishes.iter().flat_map(|wish| {
        let blockers = in_the_way(&wish.occupant.zone, &wish.occupation, foreign.iter().copied());
        blockers.into_iter().map(|blocker| PlaceConflict {
            activity: wish.occupant.holder.clone(),
            description: format!(
                "needs {}, which {} ({}) holds from {} until {}",
                in_words(&wish.occupant.zone, &wish.occupation),
                blocker.name,
                blocker.occupant.title,
                blocker.occupation.start(),
                blocker.occupation.end(),
            ),
        })
    })
}

fn among_themselves(wishes: &[Wish]) -> impl Iterator<Item = PlaceConflict> {
    let mut sorted: Vec<&Wish> = wishes.iter().collect();
    sorted.sort_by_key(|wish| (&wish.occupant.zone, wish.occupation.start()));
    let mut conflicts = Vec::new();
    for (index, first) in sorted.iter().enumerate() {
        let overlapping = sorted[index + 1..].iter().take_while(|second| {
            second.occupant.zone == first.occupant.zone && second.occupation.overlaps(&first.occupation)
        });
        conflicts.extend(overlapping.map(|second| PlaceConflict {
            activity: second.occupant.holder.clone(),
            description: format!(
                "needs {}, which {} of the same schedule needs from {} until {}",
                in_words(&second.occupant.zone, &second.occupation),
                first.occupant.holder,
                first.occupation.start(),
                first.occupation.end(),
            ),
        }));
    }
    conflicts.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::booking::tests::{booking, occupant};

    fn wish(zone: &str, start: i64) -> Wish {
        Wish::of(occupant(zone, start, start + 100, 2)).unwrap()
    }

    fn ids() -> impl FnMut() -> Slug {
        let mut next = 0;
        move || {
            next += 1;
            format!("n{next}").parse().unwrap()
        }
    }

    #[test]
    fn new_places_are_created_and_those_no_longer_wanted_released() {
        let old = booking("old", occupant("pitch", 5000, 5100, 1));
        let plan = plan(vec![wish("pitch", 0)], vec![old.clone()], &[old], ids()).unwrap();
        assert_eq!((plan.create.len(), plan.release.len()), (1, 1));
        assert_eq!(plan.release[0].state, State::Released);
    }

    #[test]
    fn a_repeat_keeps_everything() {
        let wishes = vec![wish("pitch", 0), wish("pitch", 200)];
        let first = plan(wishes.clone(), vec![], &[], ids()).unwrap();
        let second = plan(wishes, first.create.clone(), &first.create, ids()).unwrap();
        assert_eq!(second.keep, first.create);
        assert!(second.create.is_empty() && second.moved.is_empty() && second.release.is_empty());
    }

    #[test]
    fn a_displaced_booking_gets_its_place_when_it_is_free() {
        let displaced = booking("a", occupant("pitch", 0, 100, 1)).place(&["x".into()]);
        let plan = plan(vec![wish("pitch", 0)], vec![displaced.clone()], &[], ids()).unwrap();
        assert_eq!(plan.moved[0].0.state, State::Booked);
        assert_eq!(plan.moved[0].1, displaced);
    }

    #[test]
    fn every_conflict_is_named_and_nothing_planned() {
        let mut foreign = booking("x", occupant("pitch", 50, 150, 1));
        foreign.occupant.holder = "tournaments/other/activities/a".into();
        let wishes = vec![wish("pitch", 0), wish("pitch", 1000), wish("pitch", 1050), wish("pitch-2", 0)];
        let conflicts = plan(wishes, vec![], &[foreign], ids()).unwrap_err();
        let who: Vec<&str> = conflicts.iter().map(|conflict| conflict.activity.as_str()).collect();
        assert_eq!(who, ["tournaments/t/activities/a0", "tournaments/t/activities/a1050"]);
    }

    #[test]
    fn swapping_two_zones_is_no_conflict() {
        let live = vec![booking("a", occupant("pitch", 0, 100, 1)), {
            let mut other = booking("b", occupant("pitch-2", 0, 100, 1));
            other.occupant.holder = "tournaments/t/activities/b".into();
            other
        }];
        let (mut first, mut second) = (wish("pitch-2", 0), wish("pitch", 0));
        first.occupant.holder = live[0].occupant.holder.clone();
        second.occupant.holder = live[1].occupant.holder.clone();
        let plan = plan(vec![first, second], live.clone(), &live, ids()).unwrap();
        assert_eq!((plan.create.len(), plan.release.len()), (2, 2));
    }
}
