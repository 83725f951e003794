//! A match that has no place at all.

use std::collections::BTreeMap;

use super::limits::limit;
use super::{Argument, words};
use crate::model::Place;
use crate::problem::{Problem, Refusal, refusals};

/// Finds the first match without a place.
pub(super) fn argue(problem: &Problem) -> Option<Argument> {
    let index = (0..problem.options.len())
        .find(|index| problem.live[*index] && problem.options[*index].is_empty())?;
    let game = &problem.instance.matches[index];
    let refused: Vec<(Place, Refusal)> =
        refusals(problem, index).into_iter().filter_map(|(place, refusal)| Some((place, refusal?))).collect();
    let sentence = match refused[..] {
        [] => format!("{} has no place: no kick-off or no pitch is left for it", game.id),
        [(place, refusal)] => {
            let pitch = problem.instance.pitches.get(place.pitch).map_or("its pitch", |pitch| &pitch.id);
            let bound = if game.pinned.is_some() { "is pinned to" } else { "can only be played on" };
            let when = words::moment(problem, place.start);
            format!("{} {bound} {pitch} at {when}, and {}", game.id, alone(problem, refusal))
        }
        _ => several(problem, index, &refused),
    };
    Some(Argument { sentence, matches: vec![index] })
}

/// What is in the way of one place.
fn alone(problem: &Problem, refusal: Refusal) -> String {
    match refusal {
        Refusal::NotOpen => "the pitch is not open for all of it then".to_owned(),
        Refusal::Closed(closure) if closure.why.is_empty() => "the pitch is closed then".to_owned(),
        Refusal::Closed(closure) => format!("the pitch is closed then: {}", closure.why),
        Refusal::Booked(fixed) => format!("the pitch is booked then: {}", fixed.title),
        Refusal::Rule(rule) => format!("that breaks {}", limit(problem.instance, rule)),
    }
}

/// What is in the way of many places, each counted once.
fn several(problem: &Problem, index: usize, refused: &[(Place, Refusal)]) -> String {
    let mut counts: BTreeMap<(usize, String), usize> = BTreeMap::new();
    for (_, refusal) in refused {
        let why = match refusal {
            Refusal::NotOpen => (0, "outside the hours at which pitches are open".to_owned()),
            Refusal::Closed(closure) if closure.why.is_empty() => (1, "in a closure".to_owned()),
            Refusal::Closed(closure) => (1, format!("in a closure ({})", closure.why)),
            Refusal::Booked(fixed) => (2, format!("in a booking ({})", fixed.title)),
            Refusal::Rule(rule) => (3, format!("against {}", limit(problem.instance, rule))),
        };
        *counts.entry(why).or_default() += 1;
    }
    let mut places: Vec<_> = refused.iter().map(|(place, _)| (place.start, place.pitch)).collect();
    places.sort_unstable();
    let starts: std::collections::BTreeSet<_> = places.iter().map(|place| place.0).collect();
    let pitches: std::collections::BTreeSet<_> = places.iter().map(|place| place.1).collect();
    let counted: Vec<String> =
        counts.into_iter().map(|((_, why), count)| format!("{count} are {why}")).collect();
    format!(
        "{} has no place: of its {} at {} on {}, {}",
        problem.instance.matches[index].id,
        words::count(refused.len(), "place", "places"),
        words::count(starts.len(), "kick-off", "kick-offs"),
        words::count(pitches.len(), "pitch", "pitches"),
        words::list(&counted)
    )
}
