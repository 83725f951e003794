//! What bookings must be, worked out anew from scheduling's log: a booking follows its activity if its place is
//! free at that moment, and is displaced by what is in its way otherwise.
//!
//! The model shares no code with venues. It knows bookings by their holder, because only venues knows their
//! names.

use std::collections::{BTreeMap, BTreeSet};

use matchday_api::{
    event::v1::Event,
    scheduling::v1 as scheduling,
    venues::v1::{Booking, BookingCreated, BookingDisplaced, BookingMoved, BookingReleased, BookingState},
};

use crate::{
    log::read,
    overlap::{taken, taken_by},
};

/// A live booking, without its name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Activity that holds it.
    pub holder: String,
    /// Its zone.
    pub zone: String,
    /// From when until when the zone is taken, in microseconds since 1970.
    pub taken: (i64, i64),
    /// Holders of what is in the way; without any, the place is booked.
    pub in_the_way: BTreeSet<String>,
}

/// What following one event did to one booking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It is booked at another time, or again.
    Moved(Place),
    /// It is displaced.
    Displaced(Place),
    /// It was given up: its activity left the zone or was cancelled.
    Released(String),
    /// It is a new one, booked in the zone its activity went to.
    Created(Place),
}

/// Places as they must be after a log.
#[derive(Debug)]
pub struct Model {
    zones: BTreeSet<String>,
    activities: BTreeMap<String, scheduling::Activity>,
    /// Live bookings of activities, by holder.
    places: BTreeMap<String, Place>,
    effects: Vec<Effect>,
}

impl Model {
    /// A model of a site with these zones, where nothing is booked.
    #[must_use]
    pub fn new(zones: impl IntoIterator<Item = String>) -> Self {
        Self {
            zones: zones.into_iter().collect(),
            activities: BTreeMap::new(),
            places: BTreeMap::new(),
            effects: Vec::new(),
        }
    }

    /// Replays scheduling's log, in which one version is published before anything changes.
    pub fn replay(&mut self, log: &[Event]) {
        for event in log {
            if let Some(created) = read::<scheduling::ActivityCreated>(event) {
                self.remember(created.activity);
            } else if read::<scheduling::SchedulePublished>(event).is_some() {
                self.publish();
            } else if let Some(delayed) = read::<scheduling::ActivityDelayed>(event) {
                self.follow(delayed.activity);
            } else if let Some(moved) = read::<scheduling::ActivityMoved>(event) {
                self.follow(moved.activity);
            } else if let Some(updated) = read::<scheduling::ActivityUpdated>(event) {
                self.follow(updated.activity);
            } else if let Some(cancelled) = read::<scheduling::ActivityCancelled>(event) {
                let name = cancelled.activity.map(|activity| activity.name).unwrap_or_default();
                self.activities.remove(&name);
                if self.places.remove(&name).is_some() {
                    self.effects.push(Effect::Released(name));
                }
            }
        }
    }

    /// The live bookings.
    #[must_use]
    pub fn places(&self) -> Vec<Place> {
        self.places.values().cloned().collect()
    }

    /// What following did, in order.
    #[must_use]
    pub fn effects(&self) -> &[Effect] {
        &self.effects
    }

    fn remember(&mut self, activity: Option<scheduling::Activity>) {
        let activity = activity.unwrap_or_default();
        self.activities.insert(activity.name.clone(), activity);
    }

    fn publish(&mut self) {
        let places = self.activities.values().map(|activity| {
            let place = wish(activity);
            (place.holder.clone(), place)
        });
        self.places = places.collect();
    }

    fn follow(&mut self, activity: Option<scheduling::Activity>) {
        let activity = activity.unwrap_or_default();
        let now = wish(&activity);
        self.activities.insert(activity.name.clone(), activity);
        let Some(was) = self.places.remove(&now.holder) else {
            return;
        };
        let in_the_way: BTreeSet<String> = if self.zones.contains(&now.zone) {
            let booked = self.places.values().filter(|place| place.in_the_way.is_empty());
            booked
                .filter(|place| place.zone == now.zone)
                .filter(|place| place.taken.0 < now.taken.1 && now.taken.0 < place.taken.1)
                .map(|place| place.holder.clone())
                .collect()
        } else {
            [now.zone.clone()].into()
        };
        let now = Place { in_the_way, ..now };
        let has_left = was.zone != now.zone;
        if has_left {
            self.effects.push(Effect::Released(was.holder.clone()));
        }
        let stays = was.in_the_way.is_empty() && was == now;
        if !now.in_the_way.is_empty() {
            self.effects.push(Effect::Displaced(now.clone()));
        } else if has_left {
            self.effects.push(Effect::Created(now.clone()));
        } else if !stays {
            self.effects.push(Effect::Moved(now.clone()));
        }
        self.places.insert(now.holder.clone(), now);
    }
}

fn wish(activity: &scheduling::Activity) -> Place {
    Place {
        holder: activity.name.clone(),
        zone: activity.zone.clone(),
        taken: taken(
            activity.start_time.as_ref(),
            activity.end_time.as_ref(),
            activity.set_up.as_ref(),
            activity.turnaround.as_ref(),
        ),
        in_the_way: BTreeSet::new(),
    }
}

/// What venues says it did, in the terms of the model.
#[derive(Debug, Default)]
pub struct Told {
    /// Holders of bookings, by name; hand-made ones are their own.
    holders: BTreeMap<String, String>,
    effects: Vec<Effect>,
}

impl Told {
    /// Reads venues' log; what its follower did carries the service's own name.
    #[must_use]
    pub fn of(log: &[Event]) -> Self {
        let mut told = Self::default();
        for event in log {
            let is_followed = event.actor == "services/venues";
            if let Some(effect) = told.effect(event).filter(|_| is_followed) {
                told.effects.push(effect);
            }
        }
        told
    }

    /// What following did, in order.
    #[must_use]
    pub fn effects(&self) -> &[Effect] {
        &self.effects
    }

    /// The live bookings of activities among these, by holder.
    #[must_use]
    pub fn places(&self, bookings: &[Booking]) -> Vec<Place> {
        let held = bookings.iter().filter(|booking| !booking.holder.is_empty());
        let mut places: Vec<Place> = held.map(|booking| self.place(booking)).collect();
        places.sort();
        places
    }

    fn effect(&mut self, event: &Event) -> Option<Effect> {
        if let Some(created) = read::<BookingCreated>(event) {
            Some(Effect::Created(self.learn(created.booking)))
        } else if let Some(moved) = read::<BookingMoved>(event) {
            Some(Effect::Moved(self.learn(moved.booking)))
        } else if let Some(displaced) = read::<BookingDisplaced>(event) {
            Some(Effect::Displaced(self.learn(displaced.booking)))
        } else {
            let released = read::<BookingReleased>(event)?;
            Some(Effect::Released(self.learn(released.booking).holder))
        }
    }

    fn learn(&mut self, booking: Option<Booking>) -> Place {
        let booking = booking.unwrap_or_default();
        if !booking.holder.is_empty() {
            self.holders.insert(booking.name.clone(), booking.holder.clone());
        }
        self.place(&booking)
    }

    fn place(&self, booking: &Booking) -> Place {
        let names = booking.conflicts.iter();
        let in_the_way = names.map(|name| self.holders.get(name).unwrap_or(name).clone()).collect();
        assert_eq!(
            booking.state() == BookingState::Displaced,
            !booking.conflicts.is_empty(),
            "a displaced booking names what is in its way, and no other does: {booking:?}"
        );
        Place {
            holder: booking.holder.clone(),
            zone: booking.zone.clone(),
            taken: taken_by(booking),
            in_the_way,
        }
    }
}
