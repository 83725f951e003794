//! Faults of pitches and pins, and matches that have no room.

use std::collections::{BTreeMap, HashSet};

use super::{Code, Fault, unknown};
use crate::model::{Instance, Place, Span};
use crate::problem::{Problem, held_by};

/// Each pitch and booking alone.
pub(super) fn pitches(instance: &Instance, faults: &mut Vec<Fault>) {
    let span = |what: String, span: &Span, faults: &mut Vec<Fault>| {
        if span.start >= span.end {
            let what =
                format!("{what} is from minute {} until minute {}, which is no time", span.start, span.end);
            faults.push(Fault::new(Code::Time, what));
        }
    };
    for pitch in &instance.pitches {
        for open in &pitch.open {
            span(format!("an opening of pitch {}", pitch.id), open, faults);
        }
        for closure in &pitch.closed {
            span(format!("a closure of pitch {}", pitch.id), &closure.span, faults);
        }
        if pitch.open.is_empty() {
            let what = format!("pitch {} never opens: say when it does, or leave it out", pitch.id);
            faults.push(Fault::new(Code::NeverOpen, what));
        }
        if let Some(area) = pitch.warm_up_area {
            let whose = format!("pitch {}", pitch.id);
            unknown(faults, &whose, "warm-up area", area, instance.warm_up_areas.len());
        }
    }
    for fixed in &instance.fixed {
        let whose = format!("booking {}", fixed.id);
        unknown(faults, &whose, "pitch", fixed.pitch, instance.pitches.len());
        span(whose, &fixed.span, faults);
    }
}

/// Pins that cannot be.
pub(super) fn pins(instance: &Instance, faults: &mut Vec<Fault>) {
    let settled: HashSet<usize> = instance.cancelled.iter().chain(&instance.begun).copied().collect();
    let mut held: BTreeMap<usize, Vec<(Span, usize)>> = BTreeMap::new();
    for (index, game) in instance.matches.iter().enumerate() {
        let Some(Place { start, pitch }) = game.pinned.filter(|_| !settled.contains(&index)) else {
            continue;
        };
        let place = Place { start, pitch };
        if start < instance.days.first().map_or(0, |day| day.start) || start >= instance.end {
            let what =
                format!("match {} is pinned to minute {start}, outside the days of the tournament", game.id);
            faults.push(Fault::new(Code::Pins, what));
            continue;
        }
        let span = held_by(instance, index, place);
        let whose = &instance.pitches[pitch];
        if !whose.open.iter().any(|open| open.start <= span.start && span.end <= open.end) {
            let what =
                format!("match {} is pinned to pitch {} at a time when it is not open", game.id, whose.id);
            faults.push(Fault::new(Code::Pins, what));
        }
        held.entry(pitch).or_default().push((span, index));
    }
    for (pitch, mut spans) in held {
        spans.sort_unstable();
        for pair in spans.windows(2) {
            if pair[0].0.end > pair[1].0.start {
                let what = format!(
                    "matches {} and {} are pinned to pitch {} at the same time: unpin one",
                    instance.matches[pair[0].1].id,
                    instance.matches[pair[1].1].id,
                    instance.pitches[pitch].id
                );
                faults.push(Fault::new(Code::Pins, what));
            }
        }
    }
}

/// More matches than places: kick-offs on pitches that are open and free then.
pub(super) fn room(instance: &Instance, faults: &mut Vec<Fault>) {
    let mut bare = instance.clone();
    // Rules are for the search, which says which of them leave no room.
    bare.rules.clear();
    let problem = Problem::new(&bare);
    let mut places: HashSet<(i32, usize)> = HashSet::new();
    let mut played: usize = 0;
    for options in
        problem.options.iter().zip(&problem.live).filter(|(_, live)| **live).map(|(options, _)| options)
    {
        places.extend(options.iter().map(|option| (option.start, option.pitch)));
        played += 1;
    }
    if played > places.len() {
        let what = format!(
            "{played} matches are more than the {} places that pitches and kick-offs give",
            places.len()
        );
        faults.push(Fault::new(Code::Places, what));
    }
}
