//! Who leads matches: all crews are there, the appointed stay, each is in one place at a time, and the rules on them.

use std::collections::BTreeMap;

use super::played::{Game, Played, common};
use super::report::{Figure, Finding, Violation};
use super::sums::{number, over};
use super::tournament::Reach;
use super::words;
use crate::model::{Minute, Side, Span};

const NONE: &str = "no match that the rule is about has an official";

/// Every match has as many officials as it needs.
pub(super) fn crews(played: &Played) -> Finding {
    let needing = played.games().filter(|game| played.is_about(game.index) && game.of.crews > 0);
    let mut looked_at = 0;
    let mut violations = Vec::new();
    for game in needing {
        looked_at += 1;
        let has = played.officials(game.index).len();
        if has < game.of.crews as usize {
            violations.push(game.breaks(
                vec![
                    Figure::count("crews", number(has), "crews"),
                    Figure::count("needed", game.of.crews, "crews"),
                ],
                format!("{} has no crew of officials", played.kick_off(&game)),
                format!("appoint a crew to {}", game.of.id),
            ));
        }
    }
    Finding::among(looked_at, "matches", "no match needs a crew", violations)
}

/// Officials who are appointed already lead the match.
pub(super) fn appointed(played: &Played) -> Finding {
    let officials = &played.tournament.instance.officials;
    let mut looked_at = 0;
    let mut violations = Vec::new();
    for game in played.games().filter(|game| played.is_about(game.index) && !game.of.appointed.is_empty()) {
        looked_at += 1;
        let leads = played.officials(game.index);
        let missing = game.of.appointed.iter().filter(|official| !leads.contains(official));
        let missing: Vec<&str> = missing.map(|official| officials[*official].id.as_str()).collect();
        if !missing.is_empty() {
            let missing = words::listed(&missing);
            let sentence =
                format!("{missing} is appointed to {} and does not lead it", played.kick_off(&game));
            violations.push(game.breaks(
                Vec::new(),
                sentence,
                format!("put {missing} back on {}", game.of.id),
            ));
        }
    }
    Finding::among(looked_at, "matches", "no official is appointed beforehand", violations)
}

/// What each official leads, by kick-off.
fn leads<'t>(played: &Played<'t>) -> BTreeMap<usize, Vec<Game<'t>>> {
    let mut leads: BTreeMap<usize, Vec<Game>> = BTreeMap::new();
    for game in played.games() {
        for &official in played.officials(game.index) {
            leads.entry(official).or_default().push(game);
        }
    }
    for games in leads.values_mut() {
        games.sort_unstable_by_key(|game| (game.start, game.index));
    }
    leads
}

/// An official leads one match at a time.
pub(super) fn one_at_a_time(played: &Played) -> Finding {
    pairs(
        played,
        |_| true,
        |official, one, other| {
            let shared = one.whistle - other.start;
            (shared > 0).then(|| {
                let ends = played.tournament.moment(one.whistle);
                let sentence = format!(
                    "{official} leads {} and {}, which begins before the other has ended at {ends}",
                    played.kick_off(one),
                    played.kick_off(other)
                );
                let resolution = format!("appoint somebody else to {} or {}", one.of.id, other.of.id);
                (vec![Figure::minutes("in common", shared)], sentence, resolution)
            })
        },
    )
}

/// Officials rest between kick-offs.
pub(super) fn rest(played: &Played, reach: &Reach, minutes: Minute) -> Finding {
    pairs(
        played,
        |game| reach.names(game.index),
        |official, one, other| {
            let between = other.start - one.start;
            (between < minutes).then(|| {
                let sentence = format!(
                    "{official} leads {} and {}: {} between the kick-offs, {} required",
                    played.kick_off(one),
                    played.kick_off(other),
                    words::length(between),
                    words::length(minutes)
                );
                let figures =
                    vec![Figure::minutes("between kick-offs", between), Figure::minutes("required", minutes)];
                (figures, sentence, format!("appoint somebody else to {} or {}", one.of.id, other.of.id))
            })
        },
    )
}

/// Figures, sentence, resolution.
type Told = (Vec<Figure>, String, String);

/// Looks at any two matches of one official, the earlier first.
fn pairs<'t>(
    played: &Played<'t>,
    within: impl Fn(&Game<'t>) -> bool,
    find: impl Fn(&str, &Game<'t>, &Game<'t>) -> Option<Told>,
) -> Finding {
    let mut looked_at = 0;
    let mut violations = Vec::new();
    for (official, mut games) in leads(played) {
        games.retain(&within);
        let id = &played.tournament.instance.officials[official].id;
        for (at, one) in games.iter().enumerate() {
            for other in &games[at + 1..] {
                if !played.is_about_one_of(one.index, other.index) {
                    continue;
                }
                looked_at += 1;
                if let Some((figures, sentence, resolution)) = find(id, one, other) {
                    violations.push(one.breaks_with(other, figures, sentence, resolution));
                }
            }
        }
    }
    Finding::among(looked_at, "pairs of matches of one official", "no official leads two matches", violations)
}

/// No official leads a match while away.
pub(super) fn present(played: &Played) -> Finding {
    each(
        played,
        |_| true,
        |official, game| {
            let span = Span { start: game.start, end: game.whistle };
            let official = &played.tournament.instance.officials[official];
            let away = official.away.iter().find(|away| common(**away, span) > 0)?;
            let sentence = format!(
                "{} leads {} and is away from {}",
                official.id,
                played.kick_off(game),
                played.tournament.span(*away)
            );
            let figures = vec![Figure::minutes("in common", common(*away, span))];
            Some((figures, sentence, format!("appoint somebody else to {}", game.of.id)))
        },
    )
}

/// Officials are neutral.
pub(super) fn neutral(played: &Played, reach: &Reach) -> Finding {
    let instance = played.tournament.instance;
    each(
        played,
        |game| reach.names(game.index),
        |official, game| {
            let official = &instance.officials[official];
            let why = game.of.sides.iter().find_map(|side| {
                let Side::Team(team) = side else { return None };
                let of = &instance.teams[*team];
                if official.conflicts.contains(team) {
                    Some(format!("has a conflict with {}", of.id))
                } else if !official.country.is_empty() && official.country == of.country {
                    Some(format!("comes from {}, as {} does", of.country, of.id))
                } else {
                    None
                }
            })?;
            let sentence = format!("{} leads {} and {why}", official.id, played.kick_off(game));
            Some((Vec::new(), sentence, format!("appoint somebody else to {}", game.of.id)))
        },
    )
}

/// Looks at each match with each of its officials.
fn each<'t>(
    played: &Played<'t>,
    within: impl Fn(&Game<'t>) -> bool,
    find: impl Fn(usize, &Game<'t>) -> Option<Told>,
) -> Finding {
    let mut looked_at = 0;
    let mut violations = Vec::new();
    for game in played.games().filter(|game| played.is_about(game.index) && within(game)) {
        for &official in played.officials(game.index) {
            looked_at += 1;
            if let Some((figures, sentence, resolution)) = find(official, &game) {
                let violation = game.breaks(figures, sentence, resolution);
                violations.push(Violation { subject: (game.index, official), ..violation });
            }
        }
    }
    Finding::among(looked_at, "matches with their officials", NONE, violations)
}

/// Most matches of an official, in all or on a day.
pub(super) fn at_most(played: &Played, reach: &Reach, most: u32, a_day: bool) -> Finding {
    let instance = played.tournament.instance;
    let mut counted: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for (official, games) in leads(played) {
        for game in games.iter().filter(|game| reach.names(game.index)) {
            let day = if a_day { game.day } else { 0 };
            counted.entry((official, day)).or_default().push(game.index);
        }
    }
    let looked_at = counted.len();
    let violations = counted.into_iter().filter_map(|((official, day), matches)| {
        let over = over(played, &matches, most);
        let on = if a_day { format!(" on {}", instance.days[day].label) } else { String::new() };
        let count = matches.len();
        (over > 0).then(|| Violation {
            units: number(over),
            figures: vec![
                Figure::count("matches", number(count), "matches"),
                Figure::count("most", most, "matches"),
            ],
            sentence: format!(
                "{} leads {}{on}, {most} at most: {}",
                instance.officials[official].id,
                words::count(count, "match", "matches"),
                played.tournament.ids(&matches)
            ),
            resolution: format!("appoint somebody else to {over} of them"),
            subject: (official, day),
            matches,
        })
    });
    let violations = violations.collect();
    Finding::among(looked_at, if a_day { "days of officials" } else { "officials" }, NONE, violations)
}
