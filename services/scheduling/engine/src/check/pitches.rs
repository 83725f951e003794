//! A pitch is open, not closed and not booked while a match needs it, and it and a warm-up area hold one match at a
//! time.

use super::played::{Game, Played, common};
use super::report::{Figure, Finding, Violation};
use crate::model::Span;

const NO_PLACE: &str = "no match has a place";

/// The pitch is open for all of a match.
pub(super) fn open(played: &Played) -> Finding {
    let tournament = played.tournament;
    each(played, |game, held| {
        let pitch = &tournament.instance.pitches[game.pitch];
        let near = pitch.open.iter().max_by_key(|open| common(**open, held));
        let open = near.map_or(0, |near| common(*near, held));
        if open == held.end - held.start {
            return Vec::new();
        }
        let hours = near.map_or("at no time".to_owned(), |near| format!("from {}", tournament.span(*near)));
        let sentence = format!(
            "{} needs pitch {} from {}, and it is open {hours}",
            played.kick_off(game),
            pitch.id,
            tournament.span(held)
        );
        let figures = vec![Figure::minutes("needed", held.end - held.start), Figure::minutes("open", open)];
        let resolution =
            format!("move {} into the opening hours, or open pitch {} longer", game.of.id, pitch.id);
        vec![game.breaks(figures, sentence, resolution)]
    })
}

/// The pitch is not closed during a match.
pub(super) fn closed(played: &Played) -> Finding {
    each(played, |game, held| {
        let closures = &played.tournament.instance.pitches[game.pitch].closed;
        let blocks = closures.iter().map(|closure| (closure.span, closure.why.as_str())).enumerate();
        blocks
            .filter_map(|(number, (span, why))| blocked(played, game, held, "closed", (number, span, why)))
            .collect()
    })
}

/// The pitch is not booked for something else during a match.
pub(super) fn booked(played: &Played) -> Finding {
    each(played, |game, held| {
        let bookings = played.tournament.instance.fixed.iter().enumerate();
        bookings
            .filter(|(_, fixed)| fixed.pitch == game.pitch)
            .filter_map(|(number, fixed)| {
                blocked(played, game, held, "booked", (number, fixed.span, &fixed.title))
            })
            .collect()
    })
}

/// A pitch holds one match at a time.
pub(super) fn one_at_a_time(played: &Played) -> Finding {
    let tournament = played.tournament;
    let held = played.games().map(|game| (game.pitch, game.on_pitch(tournament), game));
    alone(
        played,
        held.collect(),
        |number| format!("pitch {}", tournament.instance.pitches[number].id),
        NO_PLACE,
    )
}

/// A warm-up area holds one match at a time.
pub(super) fn warm_ups(played: &Played) -> Finding {
    let instance = played.tournament.instance;
    let held = played.games().filter_map(|game| {
        let area = instance.pitches[game.pitch].warm_up_area?;
        Some((area, game.warm_up(), game))
    });
    let none = "no match is on a pitch with a warm-up area";
    alone(played, held.collect(), |number| format!("warm-up area {}", instance.warm_up_areas[number]), none)
}

fn each<'t>(played: &Played<'t>, find: impl Fn(&Game<'t>, Span) -> Vec<Violation>) -> Finding {
    let mut looked_at = 0;
    let mut violations = Vec::new();
    for game in played.games().filter(|game| played.is_about(game.index)) {
        looked_at += 1;
        violations.extend(find(&game, game.on_pitch(played.tournament)));
    }
    Finding::among(looked_at, "matches", NO_PLACE, violations)
}

fn blocked(
    played: &Played,
    game: &Game,
    held: Span,
    what: &str,
    (number, span, why): (usize, Span, &str),
) -> Option<Violation> {
    let shared = common(span, held);
    if shared == 0 {
        return None;
    }
    let tournament = played.tournament;
    let why = if why.is_empty() { String::new() } else { format!(": {why}") };
    let sentence = format!(
        "{} needs pitch {} from {}, and it is {what} from {}{why}",
        played.kick_off(game),
        played.pitch(game),
        tournament.span(held),
        tournament.span(span)
    );
    let resolution = format!(
        "kick {} off at {} or later, or move it to another pitch",
        game.of.id,
        tournament.moment(span.end + game.start - held.start)
    );
    let violation = game.breaks(vec![Figure::minutes("in common", shared)], sentence, resolution);
    Some(Violation { subject: (game.index, number), ..violation })
}

/// Finds matches that hold the same thing at the same time.
fn alone<'t>(
    played: &Played<'t>,
    mut held: Vec<(usize, Span, Game<'t>)>,
    name: impl Fn(usize) -> String,
    none: &'static str,
) -> Finding {
    held.sort_unstable_by_key(|(thing, span, game)| (*thing, *span, game.index));
    let mut violations = Vec::new();
    for (at, (thing, span, one)) in held.iter().enumerate() {
        let later = held[at + 1..].iter().take_while(|other| other.0 == *thing && other.1.start < span.end);
        for (_, other_span, other) in later.filter(|later| played.is_about_one_of(one.index, later.2.index)) {
            let shared = common(*span, *other_span);
            let free = played.tournament.moment(span.end);
            let sentence = format!(
                "{} and {} both need {}: {} from {}, {} from {}",
                one.of.id,
                other.of.id,
                name(*thing),
                one.of.id,
                played.tournament.span(*span),
                other.of.id,
                played.tournament.span(*other_span)
            );
            let resolution = format!("move one of them: {} is free again at {free}", name(*thing));
            violations.push(one.breaks_with(
                other,
                vec![Figure::minutes("in common", shared)],
                sentence,
                resolution,
            ));
        }
    }
    Finding::among(held.len(), "matches", none, violations)
}
