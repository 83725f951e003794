//! Where a match may stand, looked at alone.

use super::{Candidate, Problem, Weight};
use crate::model::{Closure, Fixed, Instance, Kind, Match, Minute, Pitch, Place, Rule, Scope, Side, Span};

/// Whether a scope names a match.
pub(crate) fn names_match(scope: &Scope, game: &Match) -> bool {
    let within = |list: &[String], value: &str| list.is_empty() || list.iter().any(|one| one == value);
    within(&scope.competitions, &game.competition)
        && within(&scope.stages, &game.stage)
        && within(&scope.matches, &game.id)
}

/// Whether a scope names a pitch, by itself, its venue or its site.
pub(crate) fn names_pitch(scope: &Scope, pitch: &Pitch) -> bool {
    scope.places.is_empty()
        || scope
            .places
            .iter()
            .any(|place| *place == pitch.id || *place == pitch.venue || *place == pitch.site)
}

/// What takes a place from a match.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Refusal<'i> {
    /// The pitch is not open then.
    NotOpen,
    /// It is closed.
    Closed(&'i Closure),
    /// It is booked.
    Booked(&'i Fixed),
    /// A rule forbids it.
    Rule(&'i Rule),
}

/// The candidates of every match.
pub(super) fn options(problem: &Problem) -> Vec<Vec<Candidate>> {
    let instance = problem.instance;
    let rules = looking_at_one(instance);
    let mut options = Vec::with_capacity(instance.matches.len());
    for (index, game) in instance.matches.iter().enumerate() {
        let mut found = Vec::new();
        if problem.begun[index] {
            let place = |place: Place| Candidate { start: place.start, slot: 0, pitch: place.pitch, cost: 0 };
            found.extend(game.pinned.map(place));
        } else if problem.live[index] {
            let rules = naming(&rules, game);
            for place in places(instance, game) {
                if taken(instance, game, place).is_none()
                    && let Ok(cost) = cost(problem, &rules, game, place)
                {
                    found.push(Candidate { start: place.start, slot: 0, pitch: place.pitch, cost });
                }
            }
            found.sort_unstable_by_key(|option| (option.start, option.pitch));
            found.dedup();
        }
        options.push(found);
    }
    options
}

/// The places that a match has before anything takes one away, each with what does.
pub(crate) fn refusals<'i>(problem: &Problem<'i>, index: usize) -> Vec<(Place, Option<Refusal<'i>>)> {
    let instance = problem.instance;
    let game = &instance.matches[index];
    let rules = naming(&looking_at_one(instance), game);
    let refusal = |place| {
        taken(instance, game, place).or_else(|| cost(problem, &rules, game, place).err().map(Refusal::Rule))
    };
    places(instance, game).into_iter().map(|place| (place, refusal(place))).collect()
}

/// Rules that are decided for each match alone.
fn looking_at_one(instance: &Instance) -> Vec<(&Rule, Weight)> {
    let rules = instance.rules.iter().filter(|rule| looks_at_one(&rule.kind));
    rules.filter_map(|rule| Some((rule, Weight::of(rule)?))).collect()
}

fn naming<'i>(rules: &[(&'i Rule, Weight)], game: &Match) -> Vec<(&'i Rule, Weight)> {
    rules.iter().filter(|(rule, _)| names_match(&rule.scope, game)).copied().collect()
}

/// Where a match may stand when nothing is in the way: its pin, or its kick-offs on its pitches.
fn places(instance: &Instance, game: &Match) -> Vec<Place> {
    if let Some(place) = game.pinned {
        return vec![place];
    }
    let starts = game.kick_offs.as_ref().unwrap_or(&instance.kick_offs);
    let pitches = match &game.pitches {
        Some(pitches) => pitches.clone(),
        None => (0..instance.pitches.len()).filter(|pitch| !instance.pitches[*pitch].reserve).collect(),
    };
    let at = |start: Minute| pitches.iter().map(move |&pitch| Place { start, pitch });
    starts.iter().flat_map(|&start| at(start)).collect()
}

/// What holds the pitch, or keeps it shut, during a match.
fn taken<'i>(instance: &'i Instance, game: &Match, place: Place) -> Option<Refusal<'i>> {
    let Some(pitch) = instance.pitches.get(place.pitch) else { return Some(Refusal::NotOpen) };
    let in_time =
        instance.days.first().is_some_and(|day| day.start <= place.start) && place.start < instance.end;
    let span = super::occupation::on_pitch(instance, game, place);
    let overlaps = |other: &Span| other.start < span.end && span.start < other.end;
    if !in_time || !pitch.open.iter().any(|open| open.start <= span.start && span.end <= open.end) {
        return Some(Refusal::NotOpen);
    }
    let closed = pitch.closed.iter().find(|closure| overlaps(&closure.span)).map(Refusal::Closed);
    let booked = || instance.fixed.iter().find(|fixed| fixed.pitch == place.pitch && overlaps(&fixed.span));
    closed.or_else(|| booked().map(Refusal::Booked))
}

/// Whether a rule of this kind is decided for each match alone.
fn looks_at_one(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::KickOffWithin { .. }
            | Kind::CrowdWithin { .. }
            | Kind::NotOnDays(_)
            | Kind::OnDays(_)
            | Kind::OnPitches(_)
            | Kind::Travel(_)
            | Kind::Notice { .. }
            | Kind::FitsCapacity
    )
}

/// What the soft rules ask for the place; the hard rule that forbids it, when one does.
fn cost<'i>(
    problem: &Problem,
    rules: &[(&'i Rule, Weight)],
    game: &Match,
    place: Place,
) -> Result<i64, &'i Rule> {
    let mut sum: i64 = 0;
    for (rule, weight) in rules {
        let pitch = &problem.instance.pitches[place.pitch];
        if !names_pitch(&rule.scope, pitch) {
            continue;
        }
        let units = units(problem, &rule.kind, game, place);
        match weight {
            Weight::Hard if units > 0 => return Err(rule),
            Weight::Hard => {}
            Weight::Soft(weight) => sum = sum.saturating_add(weight.saturating_mul(units)),
        }
    }
    Ok(sum)
}

/// By how many units a place breaks a rule.
fn units(problem: &Problem, kind: &Kind, game: &Match, place: Place) -> i64 {
    let outside = |from: Minute, until: Minute| {
        let clock = problem.clock(place.start);
        clock < from || clock > until
    };
    let day = problem.day(place.start);
    match kind {
        Kind::KickOffWithin { from, until } => i64::from(outside(*from, *until)),
        Kind::CrowdWithin { from, until, crowd } if game.crowd >= *crowd && outside(*from, *until) => {
            i64::from(game.crowd)
        }
        Kind::NotOnDays(days) => i64::from(days.contains(&day)),
        Kind::OnDays(days) => i64::from(!days.contains(&day)),
        Kind::OnPitches(pitches) => i64::from(!pitches.contains(&place.pitch)),
        Kind::Travel(most) => game
            .sides
            .iter()
            .filter_map(|side| match side {
                Side::Team(team) => problem.instance.teams.get(*team)?.travel.get(place.pitch),
                _ => None,
            })
            .map(|minutes| i64::from(minutes.saturating_sub(*most)))
            .sum(),
        Kind::Notice { crowd, minutes, now } => {
            i64::from(game.crowd >= *crowd && i64::from(place.start) < i64::from(*now) + i64::from(*minutes))
        }
        Kind::FitsCapacity => {
            let capacity = problem.instance.pitches[place.pitch].capacity;
            if capacity == 0 { 0 } else { i64::from(game.crowd.saturating_sub(capacity)) }
        }
        _ => 0,
    }
}
