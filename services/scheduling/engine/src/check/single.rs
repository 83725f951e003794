//! Rules that look at one match alone: time of the day, day, pitch, travel, notice, capacity.

use super::played::{Game, Played};
use super::report::{Figure, Finding, Violation};
use super::tournament::Reach;
use super::words;
use crate::model::{Minute, Side};

/// Looks at each match that a rule is about; `find` says `None` where the rule has nothing to look at, and otherwise
/// what breaks it.
fn each<'t>(
    played: &Played<'t>,
    reach: &Reach,
    none: &'static str,
    find: impl Fn(&Game<'t>) -> Option<Option<Violation>>,
) -> Finding {
    let games = played.within(reach).filter(|game| played.is_about(game.index));
    let found: Vec<Option<Violation>> = games.filter_map(|game| find(&game)).collect();
    Finding::among(found.len(), "matches", none, found.into_iter().flatten().collect())
}

const NONE: &str = "no match with a place is one that the rule is about";

/// Kick-offs within a time of the day.
pub(super) fn kick_off_within(played: &Played, reach: &Reach, from: Minute, until: Minute) -> Finding {
    each(played, reach, NONE, |game| Some(outside(played, game, from, until)))
}

/// Kick-offs of matches with a crowd within a time of the day: each of the crowd counts.
pub(super) fn crowd_within(
    played: &Played,
    reach: &Reach,
    (from, until): (Minute, Minute),
    crowd: u32,
) -> Finding {
    let none = "no match that the rule is about expects that many";
    each(played, reach, none, |game| {
        (game.of.crowd >= crowd).then(|| {
            let mut violation = outside(played, game, from, until)?;
            violation.units = game.of.crowd.into();
            violation.sentence = format!("{}, with {} expected", violation.sentence, game.of.crowd);
            violation.figures.push(Figure::count("expected", game.of.crowd, "people"));
            (violation.units > 0).then_some(violation)
        })
    })
}

fn outside(played: &Played, game: &Game, from: Minute, until: Minute) -> Option<Violation> {
    if (from..=until).contains(&game.clock) {
        return None;
    }
    let window = format!("{} to {}", words::clock(from), words::clock(until));
    let by = if game.clock < from { from - game.clock } else { game.clock - until };
    Some(game.breaks(
        vec![Figure::minutes("outside by", by)],
        format!("{} is outside {window}", played.kick_off(game)),
        format!("kick {} off from {window}", game.of.id),
    ))
}

/// No kick-off on some days, or only on some days.
pub(super) fn days(played: &Played, reach: &Reach, days: &[usize], only: bool) -> Finding {
    let labels: Vec<&str> =
        days.iter().map(|day| played.tournament.instance.days[*day].label.as_str()).collect();
    let listed = words::listed(&labels);
    each(played, reach, NONE, |game| {
        let sentence = || {
            let which = if only { "is not on" } else { "is on a day without matches:" };
            format!("{} {which} {listed}", played.kick_off(game))
        };
        let resolution = || format!("move {} to {}", game.of.id, if only { &listed } else { "another day" });
        let broken = days.contains(&game.day) != only;
        Some(broken.then(|| game.breaks(Vec::new(), sentence(), resolution())))
    })
}

/// Only on some pitches.
pub(super) fn pitches(played: &Played, reach: &Reach, pitches: &[usize]) -> Finding {
    let ids: Vec<&str> =
        pitches.iter().map(|pitch| played.tournament.instance.pitches[*pitch].id.as_str()).collect();
    let listed = words::listed(&ids);
    each(played, reach, NONE, |game| {
        let sentence =
            || format!("{} is on pitch {}, not on {listed}", played.kick_off(game), played.pitch(game));
        let broken = !pitches.contains(&game.pitch);
        Some(broken.then(|| game.breaks(Vec::new(), sentence(), format!("move {} to {listed}", game.of.id))))
    })
}

/// Teams do not travel too long to a match.
pub(super) fn travel(played: &Played, reach: &Reach, most: u32) -> Finding {
    let teams = &played.tournament.instance.teams;
    let none = "nobody said how far the named teams of a match travel";
    each(played, reach, none, |game| {
        let sides = game.of.sides.iter().filter_map(|side| match side {
            Side::Team(team) => Some((&teams[*team].id, *teams[*team].travel.get(game.pitch)?)),
            _ => None,
        });
        let trips: Vec<(&String, u32)> = sides.collect();
        if trips.is_empty() {
            return None;
        }
        let far: Vec<_> = trips.into_iter().filter(|(_, minutes)| *minutes > most).collect();
        let told: Vec<String> =
            far.iter().map(|(team, minutes)| format!("{team} travels {}", words::length(*minutes))).collect();
        let told: Vec<&str> = told.iter().map(String::as_str).collect();
        let units = far.iter().map(|(_, minutes)| i64::from(minutes - most)).sum();
        let figures = far.iter().map(|(_, minutes)| Figure::minutes("travel", *minutes));
        let figures = figures.chain([Figure::minutes("most", most)]).collect();
        Some((!far.is_empty()).then(|| {
            let violation = game.breaks(
                figures,
                format!(
                    "{} to {} on pitch {}, {} at most",
                    words::listed(&told),
                    game.of.id,
                    played.pitch(game),
                    words::length(most)
                ),
                format!("move {} to a pitch that is nearer", game.of.id),
            );
            Violation { units, ..violation }
        }))
    })
}

/// Matches with a crowd are announced in time.
pub(super) fn notice(
    played: &Played,
    reach: &Reach,
    crowd: u32,
    (minutes, now): (Minute, Minute),
) -> Finding {
    let none = "no match that the rule is about expects that many";
    each(played, reach, none, |game| {
        (game.of.crowd >= crowd).then(|| {
            let left = i64::from(game.start) - i64::from(now);
            let sentence = || {
                format!(
                    "{}, with {} expected, leaves {} to announce it, {} required",
                    played.kick_off(game),
                    game.of.crowd,
                    words::length(left),
                    words::length(minutes)
                )
            };
            let figures = || {
                let left = Figure::minutes("left", left);
                vec![left, Figure::minutes("required", minutes)]
            };
            let more = || words::length(i64::from(minutes) - left);
            let resolution = || format!("kick {} off at least {} later", game.of.id, more());
            (left < i64::from(minutes)).then(|| game.breaks(figures(), sentence(), resolution()))
        })
    })
}

/// The expected crowd fits the pitch.
pub(super) fn capacity(played: &Played, reach: &Reach) -> Finding {
    let none = "nobody said how many a match expects and its pitch holds";
    each(played, reach, none, |game| {
        let holds = played.tournament.instance.pitches[game.pitch].capacity;
        let expected = game.of.crowd;
        (holds > 0 && expected > 0).then(|| {
            (expected > holds).then(|| {
                let violation = game.breaks(
                    vec![
                        Figure::count("expected", expected, "people"),
                        Figure::count("capacity", holds, "people"),
                    ],
                    format!(
                        "{expected} are expected at {}, and pitch {} holds {holds}",
                        game.of.id,
                        played.pitch(game)
                    ),
                    format!("move {} to a pitch that holds {expected}", game.of.id),
                );
                Violation { units: (expected - holds).into(), ..violation }
            })
        })
    })
}
