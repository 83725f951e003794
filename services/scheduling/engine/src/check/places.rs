//! Every match has a place, and one where it may stand.

use super::played::{Game, Played};
use super::report::{Figure, Finding, Violation};
use crate::model::Place;

/// Every match that takes place has a pitch and a kick-off within the tournament.
pub(super) fn placed(played: &Played) -> Finding {
    let tournament = played.tournament;
    let expected: Vec<usize> = (0..tournament.takes_place.len())
        .filter(|index| tournament.takes_place[*index] && played.is_about(*index))
        .collect();
    let missing = expected.iter().filter(|index| played.game(**index).is_none());
    let violations = missing.map(|&index| Violation {
        matches: vec![index],
        units: 1,
        figures: Vec::new(),
        sentence: format!(
            "{} has no pitch and kick-off between {} and {}",
            tournament.id(index),
            tournament.moment(tournament.instance.days[0].start),
            tournament.moment(tournament.instance.end),
        ),
        resolution: format!("give {} a place", tournament.id(index)),
        subject: (index, index),
    });
    let violations = violations.collect();
    Finding::among(expected.len(), "matches", "no match takes place", violations)
}

/// Looks at each match that is not pinned.
fn free<'t>(played: &Played<'t>, find: impl Fn(&Game<'t>) -> Option<Violation>) -> Finding {
    let games = played.games().filter(|game| played.is_about(game.index) && game.of.pinned.is_none());
    let mut looked_at = 0;
    let violations = games.inspect(|_| looked_at += 1).filter_map(|game| find(&game)).collect();
    Finding::among(looked_at, "matches", "no match has a place and is not pinned", violations)
}

/// A match that is not pinned kicks off at one of its times.
pub(super) fn kick_offs(played: &Played) -> Finding {
    let tournament = played.tournament;
    free(played, |game| {
        let allowed = game.of.kick_offs.as_ref().unwrap_or(&tournament.instance.kick_offs);
        if allowed.contains(&game.start) {
            return None;
        }
        let near = allowed.iter().min_by_key(|minute| minute.abs_diff(game.start));
        let resolution = match near {
            Some(near) => format!("kick {} off at {}", game.of.id, tournament.moment(*near)),
            None => format!("allow {} a time to kick off", game.of.id),
        };
        let sentence = format!("{} is no time at which it may kick off", played.kick_off(game));
        Some(game.breaks(Vec::new(), sentence, resolution))
    })
}

/// A match that is not pinned is on one of its pitches; without a list of its own, on any that is not in reserve.
pub(super) fn pitches(played: &Played) -> Finding {
    let tournament = played.tournament;
    free(played, |game| {
        let pitch = &tournament.instance.pitches[game.pitch];
        let (allowed, why) = match &game.of.pitches {
            Some(pitches) => (pitches.contains(&game.pitch), "where it may not be played"),
            None => (!pitch.reserve, "which is held in reserve"),
        };
        let sentence = || format!("{} is on pitch {}, {why}", played.kick_off(game), pitch.id);
        let resolution = || format!("move {} to one of its pitches", game.of.id);
        (!allowed).then(|| game.breaks(Vec::new(), sentence(), resolution()))
    })
}

/// What is pinned stays.
pub(super) fn pins(played: &Played) -> Finding {
    let tournament = played.tournament;
    let mut looked_at = 0;
    let mut violations = Vec::new();
    for game in played.games().filter(|game| played.is_about(game.index)) {
        let Some(pin) = game.of.pinned else { continue };
        looked_at += 1;
        if pin == (Place { start: game.start, pitch: game.pitch }) {
            continue;
        }
        let pinned = format!(
            "{} on pitch {}",
            tournament.moment(pin.start),
            tournament.instance.pitches[pin.pitch].id
        );
        let sentence = format!(
            "{} on pitch {} is not where it is pinned: {pinned}",
            played.kick_off(&game),
            played.pitch(&game)
        );
        let moved = Figure::minutes("moved by", game.start - pin.start);
        violations.push(game.breaks(vec![moved], sentence, format!("put {} back to {pinned}", game.of.id)));
    }
    Finding::among(looked_at, "pinned matches", "no match with a place is pinned", violations)
}
