//! A booking, and how it follows what holds it.

use matchday_kernel::{BookingName, Interval, Slug, ZoneName};

use super::occupant::Occupant;

/// Where a booking stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Holds its zone.
    Booked,
    /// Wants its zone, which was not free; holds nothing.
    Displaced,
    /// Given up.
    Released,
}

/// A zone held for a time.
#[derive(Clone, Debug, PartialEq)]
pub struct Booking {
    /// Its name, below its zone's.
    pub name: BookingName,
    /// Who holds it, and when.
    pub occupant: Occupant,
    /// The time the zone is taken, buffers included.
    pub occupation: Interval,
    /// Where it stands.
    pub state: State,
    /// Names of what is in its way while it is displaced, or under way and to hold its zone for longer.
    pub conflicts: Vec<String>,
}

/// Why a booking is left as it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It is not in a state that allows it.
    #[error("{booking} is {state}: {next}")]
    WrongState {
        /// The booking.
        booking: String,
        /// Its state.
        state: &'static str,
        /// What can be done instead.
        next: &'static str,
    },
    /// It follows an activity, and only follows.
    #[error("{booking} follows {holder}: change or cancel that activity instead")]
    FollowsActivity {
        /// The booking.
        booking: String,
        /// The activity.
        holder: String,
    },
}

/// What became of a booking when its activity changed.
#[derive(Clone, Debug, PartialEq)]
pub enum Followed {
    /// Nothing to do: it knew already.
    Known,
    /// It holds the same place for the same time; only what it says of its activity is newer.
    Same(Booking),
    /// It has its zone for another time, or has it again; or keeps it, and names what is in the way of its later end.
    Moved(Booking),
    /// Its zone is not free: it holds nothing now.
    Displaced(Booking),
    /// Its activity went to another zone: this one is given up, and there is a new one there.
    Left {
        /// The booking given up.
        released: Box<Booking>,
        /// The booking in the other zone, booked or displaced.
        arrived: Box<Booking>,
    },
}

/// Most bookings that are named when they are in the way: events and answers are bounded, an activity of a year in
/// the way of every match is not.
pub const MOST_IN_THE_WAY: usize = 20;

/// The bookings that hold a zone during an occupation, of very many the first: the one place that decides a double
/// booking.
pub fn in_the_way<'a>(
    zone: &ZoneName,
    occupation: &Interval,
    held: impl IntoIterator<Item = &'a Booking>,
) -> Vec<&'a Booking> {
    held.into_iter()
        .filter(|other| other.state == State::Booked)
        .filter(|other| other.occupant.zone == *zone && other.occupation.overlaps(occupation))
        .take(MOST_IN_THE_WAY)
        .collect()
}

impl Booking {
    /// A new booking of an occupant's zone.
    #[must_use]
    pub fn new(id: Slug, occupant: Occupant, occupation: Interval) -> Self {
        let name = BookingName::new(&occupant.zone, id);
        Self { name, occupant, occupation, state: State::Booked, conflicts: Vec::new() }
    }

    fn wrong_state(&self, state: &'static str, next: &'static str) -> Refusal {
        Refusal::WrongState { booking: self.name.to_string(), state, next }
    }

    /// Refuses to place anew what has its zone, or was given up.
    ///
    /// # Errors
    /// [`Refusal::WrongState`]
    pub fn check_displaced(&self) -> Result<(), Refusal> {
        match self.state {
            State::Displaced => Ok(()),
            State::Booked => Err(self.wrong_state("booked", "it has its zone already")),
            State::Released => Err(self.wrong_state("released", "create a new booking")),
        }
    }

    /// Gives up a booking that was made by hand.
    ///
    /// # Errors
    /// [`Refusal::FollowsActivity`], or [`Refusal::WrongState`] when it is given up already.
    pub fn give_up(self) -> Result<Self, Refusal> {
        if !self.occupant.holder.is_empty() {
            let (booking, holder) = (self.name.to_string(), self.occupant.holder);
            return Err(Refusal::FollowsActivity { booking, holder });
        }
        match self.state {
            State::Released => Err(self.wrong_state("released", "there is nothing left to give up")),
            State::Booked | State::Displaced => Ok(self.release()),
        }
    }

    /// Gives the zone up.
    #[must_use]
    pub fn release(self) -> Self {
        Self { state: State::Released, conflicts: Vec::new(), ..self }
    }

    /// Takes the zone if nothing is in the way, and otherwise names what is, holding nothing.
    #[must_use]
    pub fn place(self, blockers: &[String]) -> Self {
        let state = if blockers.is_empty() { State::Booked } else { State::Displaced };
        Self { state, conflicts: blockers.to_vec(), ..self }
    }

    /// Follows a change of its activity. `blockers` names what is in the way at the new place and time;
    /// `id` names a booking in another zone, should one be needed.
    #[must_use]
    pub fn follow(self, now: Occupant, occupation: Interval, blockers: &[String], id: Slug) -> Followed {
        if now.revision <= self.occupant.revision {
            return Followed::Known;
        }
        if now.zone != self.occupant.zone {
            let arrived = Self::new(id, now, occupation).place(blockers);
            return Followed::Left { released: Box::new(self.release()), arrived: Box::new(arrived) };
        }
        let is_free = self.state == State::Booked && self.conflicts.is_empty();
        let is_same = is_free && occupation == self.occupation;
        let followed = Self { occupant: now, occupation, ..self };
        if is_same {
            return Followed::Same(followed);
        }
        let placed = followed.place(blockers);
        match placed.state {
            State::Booked => Followed::Moved(placed),
            State::Displaced | State::Released => Followed::Displaced(placed),
        }
    }

    /// Follows a change of its activity, which has begun: see [`Self::follow`]. It is there, whatever comes next:
    /// where its zone is not free for longer it keeps what it holds, and names what is in its way.
    #[must_use]
    pub fn go_on(self, now: Occupant, occupation: Interval, blockers: &[String], id: Slug) -> Followed {
        let is_there = self.state == State::Booked && self.occupant.zone == now.zone;
        if blockers.is_empty() || !is_there || now.revision <= self.occupant.revision {
            return self.follow(now, occupation, blockers, id);
        }
        let is_known = self.conflicts == blockers;
        let Occupant { time, set_up, turnaround, .. } = self.occupant;
        let occupant = Occupant { time, set_up, turnaround, ..now };
        let held = Self { occupant, conflicts: blockers.to_vec(), ..self };
        if is_known { Followed::Same(held) } else { Followed::Moved(held) }
    }
}

/// A wish in words: `pitch from 2023-10-21T11:50:00Z until 2023-10-21T14:25:00Z`.
#[must_use]
pub fn in_words(zone: &ZoneName, occupation: &Interval) -> String {
    format!("{zone} from {} until {}", occupation.start(), occupation.end())
}

#[cfg(test)]
pub(crate) mod tests {
    use matchday_kernel::SignedDuration;
    use proptest::prelude::*;

    use super::*;

    pub(crate) fn occupant(zone: &str, start: i64, end: i64, revision: i64) -> Occupant {
        let at = |minute: i64| matchday_kernel::Instant::from_micros(minute * 60_000_000).unwrap();
        Occupant {
            holder: format!("tournaments/t/activities/a{start}"),
            revision,
            tournament: "tournaments/t".into(),
            title: "match".into(),
            zone: format!("sites/s/venues/v/zones/{zone}").parse().unwrap(),
            time: Interval::new(at(start), at(end)).unwrap(),
            set_up: SignedDuration::from_mins(10),
            turnaround: SignedDuration::from_mins(30),
        }
    }

    pub(crate) fn booking(id: &str, occupant: Occupant) -> Booking {
        let occupation = occupant.occupation().unwrap();
        Booking::new(id.parse().unwrap(), occupant, occupation)
    }

    fn follow(booking: Booking, now: Occupant, held: &[Booking]) -> Followed {
        let occupation = now.occupation().unwrap();
        let blockers: Vec<String> =
            in_the_way(&now.zone, &occupation, held).into_iter().map(|b| b.name.to_string()).collect();
        booking.follow(now, occupation, &blockers, "new".parse().unwrap())
    }

    #[test]
    fn buffers_count_and_touching_is_free() {
        let held = [booking("a", occupant("pitch", 0, 100, 1))];
        let zone = &held[0].occupant.zone;
        let free = occupant("pitch", 140, 200, 1).occupation().unwrap();
        assert!(in_the_way(zone, &free, &held).is_empty());
        let early = occupant("pitch", 139, 200, 1).occupation().unwrap();
        assert_eq!(in_the_way(zone, &early, &held).len(), 1);
    }

    #[test]
    fn of_very_many_in_the_way_the_first_are_named() {
        let held: Vec<Booking> = (0..30)
            .map(|n| booking(&format!("b{n}"), occupant("pitch", n * 200, n * 200 + 100, 1)))
            .collect();
        let camp = occupant("pitch", 0, 6000, 1);
        let blockers = in_the_way(&camp.zone, &camp.occupation().unwrap(), &held);
        assert_eq!((blockers.len(), blockers[0].name.id()), (MOST_IN_THE_WAY, "b0"));
    }

    #[test]
    fn a_delayed_activity_moves_its_booking() {
        let Followed::Moved(moved) =
            follow(booking("a", occupant("pitch", 0, 100, 1)), occupant("pitch", 45, 145, 2), &[])
        else {
            panic!("the zone is free")
        };
        assert_eq!(moved.state, State::Booked);
        assert_eq!(moved.occupation, occupant("pitch", 45, 145, 2).occupation().unwrap());
    }

    #[test]
    fn a_booking_that_cannot_follow_is_displaced_and_names_why() {
        let other = booking("b", occupant("pitch", 160, 200, 1));
        let Followed::Displaced(displaced) = follow(
            booking("a", occupant("pitch", 0, 100, 1)),
            occupant("pitch", 45, 145, 2),
            std::slice::from_ref(&other),
        ) else {
            panic!("the zone is not free")
        };
        assert_eq!(displaced.conflicts, [other.name.to_string()]);
        assert!(in_the_way(&other.occupant.zone, &other.occupation, [&displaced]).is_empty());
    }

    #[test]
    fn what_has_begun_keeps_its_start_and_gives_the_rest_free_when_it_is_over() {
        let (held, late) = (booking("a", occupant("pitch", 0, 100, 1)), occupant("pitch", 7, 107, 2));
        let start = held.occupant.time.start();
        let Followed::Moved(begun) = follow(held, late.since(start), &[]) else { panic!("its end moves") };
        assert_eq!(begun.occupation, occupant("pitch", 0, 107, 2).occupation().unwrap());
        let over = occupant("pitch", 7, 60, 3).since(start);
        let Followed::Moved(over) = follow(begun, over, &[]) else { panic!("it is over") };
        assert_eq!(over.occupation, occupant("pitch", 0, 60, 3).occupation().unwrap());
    }

    #[test]
    fn what_is_under_way_holds_its_zone_although_another_comes_next() {
        let held = booking("a", occupant("pitch", 0, 100, 1));
        let next = booking("b", occupant("pitch", 160, 200, 1));
        let go_on = |booking: Booking, end: i64, revision: i64| {
            let now = occupant("pitch", 0, end, revision);
            let occupation = now.occupation().unwrap();
            let blockers: Vec<String> = in_the_way(&now.zone, &occupation, [&next])
                .iter()
                .map(|blocker| blocker.name.to_string())
                .collect();
            booking.go_on(now, occupation, &blockers, "new".parse().unwrap())
        };
        let Followed::Moved(late) = go_on(held.clone(), 145, 2) else { panic!("it runs into another") };
        assert_eq!((late.state, &late.conflicts), (State::Booked, &vec![next.name.to_string()]));
        assert_eq!((late.occupation, late.occupant.time), (held.occupation, held.occupant.time));
        let Followed::Same(later) = go_on(late, 160, 3) else { panic!("that is known") };
        let Followed::Moved(over) = go_on(later, 100, 4) else { panic!("its zone is free again") };
        assert!(over.conflicts.is_empty() && over.occupation == held.occupation);
    }

    #[test]
    fn an_older_revision_changes_nothing() {
        let booking = booking("a", occupant("pitch", 0, 100, 5));
        assert_eq!(follow(booking, occupant("pitch", 45, 145, 5), &[]), Followed::Known);
    }

    #[test]
    fn another_zone_means_another_booking() {
        let Followed::Left { released, arrived } =
            follow(booking("a", occupant("pitch", 0, 100, 1)), occupant("pitch-2", 0, 100, 2), &[])
        else {
            panic!("the zone changed")
        };
        assert_eq!((released.state, arrived.state), (State::Released, State::Booked));
        assert_eq!(arrived.name.parent(), arrived.occupant.zone);
    }

    #[test]
    fn only_what_is_displaced_is_placed_anew() {
        let booked = booking("a", occupant("pitch", 0, 100, 1));
        assert!(matches!(booked.check_displaced(), Err(Refusal::WrongState { state: "booked", .. })));
        assert!(booked.clone().place(&["x".into()]).check_displaced().is_ok());
        let released = booked.release();
        assert!(matches!(released.check_displaced(), Err(Refusal::WrongState { state: "released", .. })));
    }

    #[test]
    fn only_a_booking_made_by_hand_is_given_up_and_only_once() {
        let mut by_hand = booking("a", occupant("pitch", 0, 100, 0));
        assert!(matches!(by_hand.clone().give_up(), Err(Refusal::FollowsActivity { .. })));
        by_hand.occupant.holder = String::new();
        let released = by_hand.give_up().unwrap();
        assert_eq!(released.state, State::Released);
        assert!(matches!(released.give_up(), Err(Refusal::WrongState { .. })));
    }

    proptest! {
        /// Whatever order activities change in, what is booked never overlaps.
        #[test]
        fn booked_never_overlap(changes in prop::collection::vec((0usize..4, 0usize..2, 0i64..600), 1..60)) {
            let mut bookings: Vec<Booking> = Vec::new();
            let zones = ["pitch", "pitch-2"];
            for (revision, (who, zone, start)) in changes.into_iter().enumerate() {
                let revision = i64::try_from(revision).unwrap() + 1;
                let mut now = occupant(zones[zone], start, start + 90, revision);
                now.holder = format!("tournaments/t/activities/{who}");
                let live = bookings.iter().position(|b| b.occupant.holder == now.holder && b.state != State::Released);
                let occupation = now.occupation().unwrap();
                let Some(index) = live else {
                    let blocked = !in_the_way(&now.zone, &occupation, &bookings).is_empty();
                    if !blocked {
                        bookings.push(booking(&format!("n{revision}"), now));
                    }
                    continue;
                };
                let own = bookings.remove(index);
                let blockers: Vec<String> =
                    in_the_way(&now.zone, &occupation, &bookings).iter().map(|b| b.name.to_string()).collect();
                match own.follow(now, occupation, &blockers, format!("n{revision}").parse().unwrap()) {
                    Followed::Known => prop_assert!(false, "every revision is newer"),
                    Followed::Same(b) | Followed::Moved(b) | Followed::Displaced(b) => bookings.push(b),
                    Followed::Left { released, arrived } => bookings.extend([*released, *arrived]),
                }
                for (i, one) in bookings.iter().enumerate() {
                    let overlapping = in_the_way(&one.occupant.zone, &one.occupation, &bookings[i + 1..]);
                    prop_assert!(one.state != State::Booked || overlapping.is_empty());
                }
            }
        }
    }
}
