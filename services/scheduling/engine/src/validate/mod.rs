//! Says what is wrong with an instance before any search begins.
//!
//! Sizes are limited, so that no arithmetic of the engine can overflow: [`MOST_MINUTES`] minutes,
//! [`MOST_MATCHES`] matches, 500 pitches, 800 days, [`MOST_STEPS`] steps of the ladder, [`MOST_PEOPLE`] people,
//! [`MOST_THINGS`] of anything else; and so that an instance fits into memory, [`MOST_PLACES`] and [`MOST_SUMS`].

mod bracket;
mod places;
mod rules;

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::model::{Instance, Kind, Match, Minute, Rule};

/// Longest tournament, in minutes: about two years.
pub const MOST_MINUTES: Minute = 1_100_000;
/// Most matches.
pub const MOST_MATCHES: usize = 2_000;
/// Most teams, pitches, kick-offs, rules, officials and so on.
pub const MOST_THINGS: usize = 20_000;

/// Most places of all matches together: kick-offs times pitches.
pub const MOST_PLACES: usize = 3_000_000;
/// Most sums that rules limit together: pitches times days, or kick-offs, for each of these rules.
pub const MOST_SUMS: usize = 10_000_000;
/// Most people of a crowd, a pitch, a match or a team, and the highest limit of a rule that counts.
pub const MOST_PEOPLE: u32 = 10_000_000;

/// Most steps of the ladder: each is a search of its own.
pub const MOST_STEPS: usize = 20;

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// There are more than the engine takes, or a time lies too far out.
    Size,
    /// There are no days or pitches, or days are not in order.
    Days,
    /// Two things have the same id.
    Duplicate,
    /// A place in a list, or an id, names nothing.
    Unknown,
    /// A time ends before it starts, or a length is not positive.
    Time,
    /// A pitch never opens.
    NeverOpen,
    /// Matches decide each other in a circle.
    Cycle,
    /// A group has one team, or a match one team on both sides.
    Group,
    /// Pins contradict each other, or the pitch.
    Pins,
    /// There are more matches than places.
    Places,
    /// A limit or weight is negative, or a rule names places and does not look at them.
    Rule,
    /// A disruption names what is not there.
    Disruption,
}

/// A fault in what was given.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[error("{what}")]
pub struct Fault {
    /// What is wrong with what, and what to do.
    pub what: String,
    /// The kind of fault.
    pub code: Code,
}

impl Fault {
    pub(crate) fn new(code: Code, what: impl Into<String>) -> Self {
        Self { what: what.into(), code }
    }
}

/// Finds what is wrong with an instance. A search may begin when it is nothing.
#[must_use]
pub fn validate(instance: &Instance) -> Vec<Fault> {
    let mut faults = sizes(instance);
    if !faults.is_empty() {
        return faults;
    }
    days(instance, &mut faults);
    duplicates(instance, &mut faults);
    places::pitches(instance, &mut faults);
    bracket::matches(instance, &mut faults);
    rules::rules(instance, &mut faults);
    if faults.is_empty() {
        bracket::cycles(instance, &mut faults);
        bracket::groups(instance, &mut faults);
    }
    if faults.is_empty() {
        places::pins(instance, &mut faults);
    }
    if faults.is_empty() {
        places::room(instance, &mut faults);
    }
    faults
}

fn sizes(instance: &Instance) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut check = |what: &str, count: usize, most: usize| {
        if count > most {
            let what = format!("{count} {what} are more than the {most} the engine takes");
            faults.push(Fault::new(Code::Size, what));
        }
    };
    check("matches", instance.matches.len(), MOST_MATCHES);
    check("days", instance.days.len(), 800);
    check("pitches", instance.pitches.len(), 500);
    check("steps of the ladder", instance.ladder.len(), MOST_STEPS);
    for (what, count) in [
        ("kick-offs", instance.kick_offs.len()),
        ("teams", instance.teams.len()),
        ("warm-up areas", instance.warm_up_areas.len()),
        ("bookings", instance.fixed.len()),
        ("officials", instance.officials.len()),
        ("rules", instance.rules.len()),
        ("cancelled matches", instance.cancelled.len()),
        ("matches that have begun", instance.begun.len()),
    ] {
        check(what, count, MOST_THINGS);
    }
    for game in &instance.matches {
        check("kick-offs of a match", game.kick_offs.as_ref().map_or(0, Vec::len), MOST_THINGS);
        check("pitches of a match", game.pitches.as_ref().map_or(0, Vec::len), 500);
        check("crews of a match", game.crews as usize, 1);
        check("officials of a match", game.appointed.len(), 20);
    }
    check("places (kick-offs on pitches) of all matches", places(instance), MOST_PLACES);
    check("sums that rules limit", sums(instance), MOST_SUMS);
    let crowds = instance.matches.iter().flat_map(|game| [game.crowd, game.people]);
    let people = instance.teams.iter().map(|team| team.people);
    let capacities = instance.pitches.iter().map(|pitch| pitch.capacity);
    for people in crowds.chain(people).chain(capacities) {
        check("people", people as usize, MOST_PEOPLE as usize);
    }
    let mut times: Vec<Minute> = vec![instance.end];
    times.extend(instance.days.iter().map(|day| day.start));
    times.extend(&instance.kick_offs);
    for pitch in &instance.pitches {
        times.extend(pitch.open.iter().flat_map(|span| [span.start, span.end]));
        times.extend(pitch.closed.iter().flat_map(|closure| [closure.span.start, closure.span.end]));
    }
    times.extend(instance.fixed.iter().flat_map(|fixed| [fixed.span.start, fixed.span.end]));
    for game in &instance.matches {
        times.extend(game.kick_offs.iter().flatten());
        times.extend(game.pinned.map(|place| place.start));
        times.extend([game.length, game.set_up, game.occupied]);
    }
    times.extend(instance.officials.iter().flat_map(|one| &one.away).flat_map(|span| [span.start, span.end]));
    if let Some(time) = times.iter().find(|time| !(-MOST_MINUTES..=MOST_MINUTES).contains(*time)) {
        let what = format!("minute {time} is further out than the {MOST_MINUTES} minutes the engine takes");
        faults.push(Fault::new(Code::Size, what));
    }
    faults
}

/// Kick-offs times pitches, over all matches.
fn places(instance: &Instance) -> usize {
    let of = |game: &Match| {
        let starts = game.kick_offs.as_ref().unwrap_or(&instance.kick_offs).len();
        let pitches = game.pitches.as_ref().map_or(instance.pitches.len(), Vec::len);
        if game.pinned.is_some() { 1 } else { starts * pitches }
    };
    instance.matches.iter().map(of).sum()
}

/// Sums that rules limit.
fn sums(instance: &Instance) -> usize {
    let starts = instance.matches.iter().filter_map(|game| game.kick_offs.as_ref()).map(Vec::len);
    let starts = instance.kick_offs.len() + starts.sum::<usize>();
    let of = |rule: &Rule| match rule.kind {
        Kind::MatchesPerPitchAndDay(_) | Kind::MatchesPerVenueAndDay(_) | Kind::WeeklyWear { .. } => {
            instance.pitches.len() * instance.days.len()
        }
        Kind::CrowdAtOnce(_) => starts,
        _ => 0,
    };
    instance.rules.iter().map(of).sum()
}

fn days(instance: &Instance, faults: &mut Vec<Fault>) {
    if instance.days.is_empty() {
        faults.push(Fault::new(Code::Days, "there are no days: name at least one"));
    }
    if instance.pitches.is_empty() && !instance.matches.is_empty() {
        faults.push(Fault::new(Code::Days, "there are no pitches: name at least one"));
    }
    for pair in instance.days.windows(2) {
        if pair[0].start >= pair[1].start {
            let what = format!(
                "day {} does not begin after day {}: put days in order",
                pair[1].label, pair[0].label
            );
            faults.push(Fault::new(Code::Days, what));
        }
    }
    if let Some(last) = instance.days.last()
        && instance.end <= last.start
    {
        let what = format!("the last day, {}, begins at the end or after it", last.label);
        faults.push(Fault::new(Code::Days, what));
    }
}

fn duplicates(instance: &Instance, faults: &mut Vec<Fault>) {
    let mut check = |what: &str, ids: Vec<&str>| {
        let mut seen = HashSet::new();
        for id in ids {
            if !seen.insert(id) {
                let what = format!("two {what} have the id {id}: give each its own");
                faults.push(Fault::new(Code::Duplicate, what));
            }
        }
    };
    check("teams", instance.teams.iter().map(|team| team.id.as_str()).collect());
    check("pitches", instance.pitches.iter().map(|pitch| pitch.id.as_str()).collect());
    check("matches", instance.matches.iter().map(|game| game.id.as_str()).collect());
    check("officials", instance.officials.iter().map(|official| official.id.as_str()).collect());
    check("rules", instance.rules.iter().map(|rule| rule.id.as_str()).collect());
    check("bookings", instance.fixed.iter().map(|fixed| fixed.id.as_str()).collect());
}

/// Says that a place in a list names nothing.
fn unknown(faults: &mut Vec<Fault>, whose: &str, what: &str, index: usize, count: usize) {
    if index >= count {
        let what = format!("{whose} names {what} {index}, and there are {count}, counted from 0");
        faults.push(Fault::new(Code::Unknown, what));
    }
}
