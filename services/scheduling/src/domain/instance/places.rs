//! Pitches, when they are open, and what stands there and is not to be placed.

use std::collections::{BTreeMap, BTreeSet};

use matchday_kernel::{
    Instant, Interval, LocalTimeError, Zone,
    civil::{Date, Time},
};
use matchday_timetable::{
    model::{Closure, Fixed, Instance, Minute, Pitch, Span},
    validate::{Code, Fault},
};

use super::{
    Calendar, Material, Stated, fault,
    placement::{Game, held_before},
    short, short_place,
};
use crate::domain::{
    check::rule::{Scope, Window},
    frame::FramePitch,
};

/// Names of the zones that are pitches: those of the frame, then others on which matches stand.
pub(super) fn zones(material: &Material) -> Vec<String> {
    let mut zones: Vec<String> = material.frame.pitches.iter().map(|pitch| pitch.zone.clone()).collect();
    let used: BTreeSet<&str> =
        material.timetable.matches().map(|(activity, _)| activity.zone.as_str()).collect();
    let others: Vec<String> =
        used.into_iter().filter(|zone| !zones.iter().any(|one| one == zone)).map(str::to_owned).collect();
    zones.extend(others);
    zones
}

/// When matches may kick off on all days that are not in reserve.
pub(super) fn kick_offs(material: &Material, calendar: &Calendar) -> Vec<Minute> {
    let frame = &material.frame;
    let days = calendar.dates().iter().filter(|date| !frame.is_reserve(**date));
    let moments = days.flat_map(|date| frame.kick_offs_on(*date).on(*date, &material.timetable.zone));
    let minutes: BTreeSet<Minute> = moments.map(|moment| calendar.minute(moment)).collect();
    minutes.into_iter().collect()
}

/// Adds the pitches, the warm-up areas, and what stands there and is not to be placed; the names of the areas' zones.
pub(super) fn state(
    material: &Material,
    calendar: &Calendar,
    zones: &[String],
    instance: &mut Instance,
) -> Vec<String> {
    let mut areas: Vec<String> = Vec::new();
    for zone in zones {
        let unnamed = FramePitch { zone: zone.clone(), reserve: true, ..FramePitch::default() };
        let named = material.frame.pitches.iter().find(|pitch| pitch.zone == *zone);
        // a pitch that the frame does not name is there for what stands on it alone
        let open = named.map_or(vec![], |pitch| open(pitch.hours, calendar, &material.timetable.zone));
        let pitch = named.unwrap_or(&unnamed);
        let parts: Vec<&str> = zone.split('/').collect();
        instance.pitches.push(Pitch {
            id: short_place(zone),
            venue: short_place(&parts[..parts.len().min(4)].join("/")),
            site: short_place(&parts[..parts.len().min(2)].join("/")),
            open,
            closed: pitch.closures.iter().map(|(time, why)| closure(calendar, time, why)).collect(),
            surface: pitch.surface.clone(),
            capacity: pitch.capacity,
            floodlit: pitch.floodlit,
            reserve: pitch.reserve,
            warm_up_area: warm_up_area(&pitch.warm_up_area, &mut areas),
        });
    }
    instance.warm_up_areas = areas.iter().map(|area| short_place(area)).collect();
    instance.fixed = fixed(material, calendar, zones);
    areas
}

fn closure(calendar: &Calendar, time: &Interval, why: &str) -> Closure {
    Closure { span: calendar.span(time), why: why.to_owned() }
}

/// Where a warm-up area stands in the list.
fn warm_up_area(zone: &str, areas: &mut Vec<String>) -> Option<usize> {
    if zone.is_empty() {
        return None;
    }
    Some(areas.iter().position(|area| area == zone).unwrap_or_else(|| {
        areas.push(zone.to_owned());
        areas.len() - 1
    }))
}

/// When a pitch is open: every day at these hours, neighbouring ones joined.
fn open(hours: Option<Window>, calendar: &Calendar, zone: &Zone) -> Vec<Span> {
    let Some(hours) = hours else {
        return vec![Span { start: -Minute::from(1440i16), end: calendar.end() + 1440 }];
    };
    let mut open: Vec<Span> = Vec::new();
    for date in calendar.dates() {
        let closes_on = if hours.closes > hours.opens { Some(*date) } else { date.tomorrow().ok() };
        let Some(closes_on) = closes_on else { continue };
        let start = calendar.minute_after(moment(*date, hours.opens, zone, false));
        let end = calendar.minute(moment(closes_on, hours.closes, zone, true));
        match open.last_mut() {
            Some(last) if start <= last.end => last.end = last.end.max(end),
            _ if start < end => open.push(Span { start, end }),
            _ => {}
        }
    }
    open
}

/// The moment of a local time. Of one that clocks show twice it is the first, or the second when it is late; of one
/// that they skip it is the end of the gap.
fn moment(date: Date, time: Time, zone: &Zone, late: bool) -> Instant {
    match zone.resolve(date.to_datetime(time)) {
        Ok(moment) => moment,
        Err(LocalTimeError::Ambiguous { earlier, later, .. }) => {
            if late {
                later
            } else {
                earlier
            }
        }
        Err(LocalTimeError::Gap { after, .. }) => after,
        Err(LocalTimeError::OutOfRange { .. }) => zone.day(date).start(),
    }
}

/// Ceremonies, rehearsals, training and bookings of others.
fn fixed(material: &Material, calendar: &Calendar, zones: &[String]) -> Vec<Fixed> {
    let during = Span { start: -1440, end: calendar.end() + 1440 };
    let pitch_of: BTreeMap<&str, usize> = zones.iter().map(String::as_str).zip(0..).collect();
    let own = material
        .timetable
        .activities
        .iter()
        .filter(|activity| activity.played.is_none())
        .map(|activity| (activity.id(), &activity.title, &activity.zone, &activity.occupation));
    let venues = material.timetable.venues.as_ref();
    let others = venues
        .map_or(&[][..], |venues| &venues.held)
        .iter()
        .map(|held| (held.booking.as_str(), &held.title, &held.zone, &held.occupation));
    own.chain(others)
        .filter_map(|(id, title, zone, occupation)| {
            let pitch = *pitch_of.get(zone.as_str())?;
            let span = calendar.span(occupation);
            let is_near = span.start < during.end && during.start < span.end;
            is_near.then(|| Fixed { id: id.to_owned(), title: title.clone(), pitch, span })
        })
        .collect()
}

/// Keeps pitches that a rule is about open within its hours alone.
pub(super) fn narrow(window: Window, scope: &Scope, material: &Material, stated: &mut Stated) {
    let within = open(Some(window), &stated.calendar, &material.timetable.zone);
    for (pitch, zone) in stated.instance.pitches.iter_mut().zip(&stated.zones) {
        if scope.covers_place(zone) {
            pitch.open = shared(&pitch.open, &within);
        }
    }
}

/// What two lists of times have in common.
fn shared(one: &[Span], other: &[Span]) -> Vec<Span> {
    let meet = |a: &Span| {
        let a = *a;
        other.iter().map(move |b| Span { start: a.start.max(b.start), end: a.end.min(b.end) })
    };
    one.iter().flat_map(meet).filter(|span| span.start < span.end).collect()
}

/// Faults of pitches of the frame that are never open during the tournament.
pub(super) fn check_openings(stated: &Stated, faults: &mut Vec<Fault>) {
    for pitch in &stated.instance.pitches {
        let whole = [Span { start: 0, end: stated.instance.end }];
        let mut left = shared(&pitch.open, &whole);
        for closure in &pitch.closed {
            let Span { start, end } = closure.span;
            let outside = [Span { start: Minute::MIN, end: start }, Span { start: end, end: Minute::MAX }];
            left = shared(&left, &outside);
        }
        if left.is_empty() {
            let what = format!(
                "{} is never open during the tournament: correct its hours and closures, or leave it out of the \
                 timetable frame",
                pitch.id
            );
            faults.push(fault(Code::NeverOpen, what));
        }
    }
}

/// Opens pitches for what has begun there, and for what stands on a pitch that the frame does not name.
pub(super) fn open_for_what_stands(games: &[Game], instance: &mut Instance) {
    for (game, of) in games.iter().zip(&instance.matches) {
        let place = game.place();
        let pitch = &mut instance.pitches[place.pitch];
        let is_named = !pitch.open.is_empty() && !game.has_begun;
        if !is_named {
            pitch.open.push(Span { start: place.start - of.set_up, end: place.start + of.occupied });
        }
    }
}

/// Faults of matches that stay where they are, and cannot: the pitch is closed, or holds something else.
pub(super) fn check_pins(stated: &Stated, faults: &mut Vec<Fault>) {
    let instance = &stated.instance;
    for (game, of) in stated.games.iter().zip(&instance.matches) {
        let Some(place) = of.pinned.filter(|_| !game.has_begun) else { continue };
        let pitch = &instance.pitches[place.pitch];
        let before = held_before(of.set_up, pitch.warm_up_area.is_some());
        let span = Span { start: place.start - before, end: place.start + of.occupied };
        let overlaps = |other: &Span| other.start < span.end && span.start < other.end;
        let when = stated.calendar.told(place.start);
        if let Some(closure) = pitch.closed.iter().find(|closure| overlaps(&closure.span)) {
            let what = format!(
                "{} stays at {when} on {}, which is closed then ({}): unpin it, or open the pitch",
                of.id, pitch.id, closure.why
            );
            faults.push(fault(Code::Pins, what));
        }
        let on_pitch = instance.fixed.iter().filter(|fixed| fixed.pitch == place.pitch);
        for fixed in on_pitch.filter(|fixed| overlaps(&fixed.span)) {
            let what = format!(
                "{} stays at {when} on {}, which {:?} ({}) holds then: unpin it, or move the other",
                of.id,
                pitch.id,
                fixed.title,
                short(&fixed.id)
            );
            faults.push(fault(Code::Pins, what));
        }
    }
}
