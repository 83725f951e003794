//! Back: where a timetable puts each match, and into which session.

use std::collections::{BTreeMap, BTreeSet};

use matchday_kernel::{Interval, SignedDuration};
use matchday_timetable::model::{Minute, Place, Timetable};

use super::{Calendar, Material, Stated, games::Times};
use crate::domain::check::timetable::{Activity, Played};

/// Minutes of the set-up that fall to the pitch where the teams warm up elsewhere: they leave the warm-up area 15
/// minutes before the kick-off.
const AFTER_WARM_UP: Minute = 15;
/// Minutes before the kick-off at which the warm-up begins.
const WARM_UP: Minute = 45;

/// Where and when a match is played.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placement {
    /// Name of the activity.
    pub activity: String,
    /// Name of the zone.
    pub zone: String,
    /// From the kick-off to the whistle.
    pub time: Interval,
    /// Time the zone is needed before.
    pub set_up: SignedDuration,
    /// Time the zone is needed after.
    pub turnaround: SignedDuration,
    /// Name of the session; empty when it is part of none.
    pub session: String,
    /// Ids of its officials.
    pub officials: Vec<String>,
}

/// The warm-up of a match that a timetable puts elsewhere than it stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WarmUp {
    /// Name of the match's activity.
    pub game: String,
    /// Name of the zone of the warm-up area, and when it is needed; `None` when the teams warm up on the pitch.
    pub area: Option<(String, Interval)>,
}

/// A match as it stood when it was stated.
#[derive(Clone, Debug)]
pub(super) struct Game {
    /// As it stood.
    stored: Placement,
    /// Where it stood.
    place: Place,
    /// How long it takes when it is placed.
    times: Times,
    /// The frame gives it other times than it had.
    is_changed: bool,
    /// It has begun.
    pub(super) has_begun: bool,
}

/// Sessions by the venue and the day on which they take place.
#[derive(Clone, Debug, Default)]
pub(super) struct Sessions {
    of: BTreeMap<(String, usize), String>,
    days: BTreeMap<String, BTreeSet<usize>>,
    venues: BTreeMap<String, String>,
    /// Those that hold more than matches: they stay where they are.
    bound: BTreeSet<String>,
}

/// Minutes before the kick-off for which a match holds its pitch.
pub(super) fn held_before(set_up: Minute, has_warm_up_area: bool) -> Minute {
    if has_warm_up_area { set_up.min(AFTER_WARM_UP) } else { set_up }
}

impl Game {
    pub(super) fn new(
        activity: &Activity,
        played: &Played,
        place: Place,
        times: Times,
        is_changed: bool,
    ) -> Self {
        let Activity { time, occupation, .. } = activity;
        let stored = Placement {
            activity: activity.name.clone(),
            zone: activity.zone.clone(),
            time: *time,
            set_up: time.start().since(occupation.start()),
            turnaround: occupation.end().since(time.end()),
            session: activity.session.clone(),
            officials: played.officials.clone(),
        };
        Self { stored, place, times, is_changed, has_begun: activity.has_begun() }
    }

    /// Where it stood.
    pub(super) const fn place(&self) -> Place {
        self.place
    }
}

impl Sessions {
    /// The sessions as they stand; a venue's first of a day stands for the day.
    pub(super) fn of(material: &Material, calendar: &Calendar) -> Self {
        let mut sessions = Self::default();
        let schedule = &material.timetable;
        sessions.venues =
            schedule.sessions.iter().map(|(name, session)| (name.clone(), session.venue.clone())).collect();
        for activity in schedule.activities.iter().filter(|activity| !activity.session.is_empty()) {
            let Some(venue) = sessions.venues.get(&activity.session) else { continue };
            let day = calendar.day_at(calendar.minute(activity.time.start()));
            sessions.of.entry((venue.clone(), day)).or_insert_with(|| activity.session.clone());
            sessions.days.entry(activity.session.clone()).or_default().insert(day);
            if activity.played.is_none() {
                sessions.bound.insert(activity.session.clone());
            }
        }
        sessions
    }

    /// The session of a match at a venue on a day: its own while that takes place there and then, otherwise the one
    /// that does, otherwise its own if the whole of it moves along, otherwise none.
    fn at(&self, own: &str, venue: &str, day: usize, moves_along: bool) -> String {
        let is_own_venue = self.venues.get(own).is_some_and(|of| of == venue);
        let is_own_day = self.days.get(own).is_some_and(|days| days.contains(&day));
        if is_own_venue && is_own_day {
            return own.to_owned();
        }
        let there = self.of.get(&(venue.to_owned(), day));
        match there {
            Some(session) => session.clone(),
            None if is_own_venue && moves_along => own.to_owned(),
            None => String::new(),
        }
    }
}

impl Stated {
    /// Where a timetable puts the matches, in the order of the instance. One that stays where it stood is as it was
    /// stored, to the microsecond.
    #[must_use]
    pub fn placements(&self, timetable: &Timetable) -> Vec<Placement> {
        let placed: Vec<(&Game, Place)> = self.games.iter().zip(timetable.places.iter().copied()).collect();
        let along = self.moving_along(&placed);
        let officials = timetable.officials.iter().map(Vec::as_slice).chain(std::iter::repeat(&[][..]));
        placed
            .iter()
            .zip(officials)
            .map(|((game, place), officials)| self.placement(game, *place, officials, &along))
            .collect()
    }

    fn placement(&self, game: &Game, place: Place, officials: &[usize], along: &BTreeSet<&str>) -> Placement {
        let ids = officials.iter().filter_map(|index| self.instance.officials.get(*index));
        let mut officials: Vec<String> = ids.map(|official| official.id.clone()).collect();
        if officials.is_empty() {
            officials.clone_from(&game.stored.officials);
        }
        let is_moved = place != game.place || game.is_changed;
        let zone = self.zones.get(place.pitch).filter(|_| is_moved);
        let Some(zone) = zone else { return Placement { officials, ..game.stored.clone() } };
        let has_area =
            self.instance.pitches.get(place.pitch).is_some_and(|pitch| pitch.warm_up_area.is_some());
        let times = game.times.on(has_area);
        let minutes = |minutes: Minute| SignedDuration::from_mins(minutes.into());
        let start = if place.start == game.place.start {
            game.stored.time.start()
        } else {
            self.calendar.moment(place.start)
        };
        let end = start.saturating_add(minutes(times.length));
        let venue = zone.split("/zones/").next().unwrap_or_default();
        let own = &game.stored.session;
        let session = if own.is_empty() {
            String::new()
        } else {
            let day = self.calendar.day_at(place.start);
            self.sessions.at(own, venue, day, along.contains(own.as_str()))
        };
        Placement {
            activity: game.stored.activity.clone(),
            zone: zone.clone(),
            time: Interval::new(start, end).unwrap_or(game.stored.time),
            set_up: minutes(times.set_up),
            turnaround: minutes(times.turnaround),
            session,
            officials,
        }
    }

    /// The warm-ups of the matches that a timetable puts elsewhere than they stood, or for other times.
    #[must_use]
    pub fn warm_ups(&self, timetable: &Timetable) -> Vec<WarmUp> {
        let placed = self.games.iter().zip(&timetable.places);
        let moved = placed.filter(|(game, place)| **place != game.place || game.is_changed);
        moved
            .map(|(game, place)| {
                let pitch = self.instance.pitches.get(place.pitch);
                let zone = pitch.and_then(|pitch| self.areas.get(pitch.warm_up_area?));
                let moment = |before: Minute| self.calendar.moment(place.start.saturating_sub(before));
                let time = Interval::new(moment(WARM_UP), moment(AFTER_WARM_UP)).ok();
                WarmUp { game: game.stored.activity.clone(), area: zone.cloned().zip(time) }
            })
            .collect()
    }

    /// Sessions of matches alone, of which every match goes to one day together.
    fn moving_along<'s>(&'s self, placed: &[(&'s Game, Place)]) -> BTreeSet<&'s str> {
        let mut days: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        for (game, place) in placed {
            days.entry(&game.stored.session).or_default().insert(self.calendar.day_at(place.start));
        }
        let is_free = |(session, days): &(&str, BTreeSet<usize>)| {
            days.len() == 1 && !self.sessions.bound.contains(*session)
        };
        days.into_iter().filter(is_free).map(|(session, _)| session).collect()
    }

    /// Name of the activity of a match.
    #[must_use]
    pub fn activity(&self, index: usize) -> Option<&str> {
        self.games.get(index).map(|game| game.stored.activity.as_str())
    }
}
