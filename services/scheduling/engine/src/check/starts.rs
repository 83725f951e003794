//! Kick-offs compared: at the same time, in an order, and equal rest before a match.

use super::played::{Game, Played};
use super::report::{Figure, Finding, Violation};
use super::tournament::Reach;
use super::words;
use crate::model::Side;

/// The named matches with a place that a rule is about, in the order of the list.
fn named<'t>(played: &Played<'t>, reach: &Reach, ids: &[String]) -> Vec<Game<'t>> {
    let indexes = ids.iter().filter_map(|id| played.tournament.index(id));
    indexes.filter(|index| reach.names(*index)).filter_map(|index| played.game(index)).collect()
}

/// The matches of a list kick off together: each at the time of the first.
pub(super) fn together(played: &Played, reach: &Reach, ids: &[String]) -> Finding {
    let games = named(played, reach, ids);
    let mut violations = Vec::new();
    let mut looked_at = 0;
    if let Some((first, rest)) = games.split_first().filter(|_| !played.came_apart(&games)) {
        for other in rest {
            looked_at += 1;
            if other.start != first.start && played.is_about_one_of(first.index, other.index) {
                let sentence = format!(
                    "{} does not kick off together with {}",
                    played.kick_off(other),
                    played.kick_off(first)
                );
                let figures = vec![Figure::minutes("apart", (other.start - first.start).abs())];
                let resolution =
                    format!("kick {} off at {}", other.of.id, played.tournament.moment(first.start));
                violations.push(first.breaks_with(other, figures, sentence, resolution));
            }
        }
    }
    Finding::among(
        looked_at,
        "matches beside the first",
        "fewer than two of its matches are played",
        violations,
    )
}

/// The matches of a list kick off in its order, at the same time at best.
pub(super) fn in_order(played: &Played, reach: &Reach, ids: &[String]) -> Finding {
    let games = named(played, reach, ids);
    let mut violations = Vec::new();
    for pair in games.windows(2) {
        let [first, second] = pair else { continue };
        if second.start < first.start && played.is_about_one_of(first.index, second.index) {
            let sentence =
                format!("{} comes before {}, not after it", played.kick_off(second), played.kick_off(first));
            let figures = vec![Figure::minutes("too early", first.start - second.start)];
            let resolution =
                format!("kick {} off at {} or later", second.of.id, played.tournament.moment(first.start));
            violations.push(first.breaks_with(second, figures, sentence, resolution));
        }
    }
    let looked_at = games.len().saturating_sub(1);
    Finding::among(
        looked_at,
        "neighbours in the list",
        "fewer than two of its matches are played",
        violations,
    )
}

/// The matches of the last round of each group kick off together.
pub(super) fn last_of_groups(played: &Played, reach: &Reach) -> Finding {
    let mut looked_at = 0;
    let mut violations = Vec::new();
    let mut left_out = Vec::new();
    for group in &played.tournament.groups {
        let games: Vec<Game> = group
            .iter()
            .filter(|index| reach.names(**index))
            .filter_map(|index| played.game(*index))
            .collect();
        let Some(first) = games.first() else { continue };
        match last_round(&games) {
            Ok(last) => {
                looked_at += 1;
                violations.extend(apart(played, &first.of.group, &last));
            }
            Err(why) => left_out.push(format!("{} {} ({why})", first.of.competition, first.of.group)),
        }
    }
    let left_out: Vec<&str> = left_out.iter().map(String::as_str).collect();
    let left_out = if left_out.is_empty() {
        String::new()
    } else {
        format!("not applicable to {}", words::listed(&left_out))
    };
    let none = "no group has a last round of several matches";
    Finding::among(looked_at, "groups", none, violations).without(left_out)
}

/// The matches of the last round, or why there are none that could start together.
fn last_round<'t>(games: &[Game<'t>]) -> Result<Vec<Game<'t>>, String> {
    let mut sides: Vec<Side> = games.iter().flat_map(|game| game.of.sides).collect();
    sides.sort_unstable();
    sides.dedup();
    let last = games.iter().map(|game| game.of.round).max().unwrap_or(0);
    let of_last: Vec<Game> = games.iter().filter(|game| game.of.round == last).copied().collect();
    if sides.len() % 2 == 1 {
        Err(format!("{} teams: one of them does not play in the last round", sides.len()))
    } else if last == 0 {
        Err("nobody said which round is the last".to_owned())
    } else if of_last.len() < 2 {
        Err("the last round is one match".to_owned())
    } else {
        Ok(of_last)
    }
}

fn apart(played: &Played, group: &str, games: &[Game]) -> Option<Violation> {
    let first = games.iter().min_by_key(|game| (game.start, game.index))?;
    let last = games.iter().max_by_key(|game| (game.start, game.index))?;
    let about = games.iter().any(|game| played.is_about(game.index));
    if first.start == last.start || !about || played.came_apart(games) {
        return None;
    }
    let starts: Vec<String> = games.iter().map(|game| played.kick_off(game)).collect();
    let starts: Vec<&str> = starts.iter().map(String::as_str).collect();
    Some(Violation {
        matches: games.iter().map(|game| game.index).collect(),
        units: 1,
        figures: vec![Figure::minutes("apart", last.start - first.start)],
        sentence: format!(
            "the last matches of group {group} do not kick off together: {}",
            words::listed(&starts)
        ),
        resolution: format!("kick all of them off at {}", played.tournament.moment(last.start)),
        subject: (games[0].index, games[0].index),
    })
}

/// Those that meet after one match each have rested equally: the kick-offs of the two matches that decide who plays.
pub(super) fn equal_rest(played: &Played, reach: &Reach) -> Finding {
    let tournament = played.tournament;
    let mut looked_at = 0;
    let mut violations = Vec::new();
    for (index, deciders) in tournament.deciders.iter().enumerate() {
        let [one, other] = deciders[..] else { continue };
        if !tournament.takes_place[index] || !reach.names(index) {
            continue;
        }
        let (Some(one), Some(other)) = (played.game(one), played.game(other)) else { continue };
        looked_at += 1;
        let difference = (one.start - other.start).abs();
        let past = played.is_past([&one.index, &other.index]);
        if difference == 0 || past || !played.is_about_one_of(one.index, other.index) {
            continue;
        }
        let sentence = format!(
            "before {} one side rests {} longer than the other: {} and {}",
            tournament.id(index),
            words::length(difference),
            played.kick_off(&one),
            played.kick_off(&other)
        );
        violations.push(Violation {
            matches: vec![one.index, other.index, index],
            units: difference.into(),
            figures: vec![Figure::minutes("difference", difference)],
            sentence,
            resolution: format!("kick {} and {} off closer together", one.of.id, other.of.id),
            subject: (index, index),
        });
    }
    let none = "no match that the rule is about follows from two others";
    Finding::among(looked_at, "matches that follow from two others", none, violations)
}
