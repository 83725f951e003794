//! Teams of a competition have an equal share of something: prime time, the main pitch.

use std::collections::{BTreeMap, BTreeSet};

use super::played::{Game, Played};
use super::report::{Figure, Finding, Violation};
use super::sums::number;
use super::tournament::Reach;
use super::words;
use crate::model::Minute;

/// An equal share of kick-offs within a time of the day.
pub(super) fn of_time(played: &Played, reach: &Reach, from: Minute, until: Minute) -> Finding {
    let what = format!("from {} to {}", words::clock(from), words::clock(until));
    equal(played, reach, &what, |game| (from..=until).contains(&game.clock))
}

/// An equal share of matches on some pitches.
pub(super) fn of_pitches(played: &Played, reach: &Reach, pitches: &[usize]) -> Finding {
    let ids: Vec<&str> =
        pitches.iter().map(|pitch| played.tournament.instance.pitches[*pitch].id.as_str()).collect();
    equal(played, reach, &format!("on {}", words::listed(&ids)), |game| pitches.contains(&game.pitch))
}

/// Compares, in each competition, how many of its matches count for each team: one of difference is as equal as can
/// be.
fn equal(played: &Played, reach: &Reach, what: &str, counts: impl Fn(&Game) -> bool) -> Finding {
    let instance = played.tournament.instance;
    let mut competitions: BTreeMap<&str, Vec<(usize, Vec<usize>)>> = BTreeMap::new();
    let mut open: BTreeSet<&str> = BTreeSet::new();
    for (team, named) in played.tournament.named.iter().enumerate() {
        let named = named.iter().filter(|index| reach.names(**index));
        let games: Vec<Game> = named.filter_map(|index| played.game(*index)).collect();
        if !games.is_empty() {
            if !played.is_past(games.iter().map(|game| &game.index)) {
                open.insert(&instance.teams[team].competition);
            }
            let counting = games.iter().filter(|game| counts(game)).map(|game| game.index).collect();
            competitions.entry(&instance.teams[team].competition).or_default().push((team, counting));
        }
    }
    competitions.retain(|_, teams| teams.len() > 1);
    let mut violations = Vec::new();
    for (_, teams) in competitions.iter().filter(|(competition, _)| open.contains(*competition)) {
        let most = teams.iter().max_by_key(|(team, counting)| (counting.len(), std::cmp::Reverse(*team)));
        let fewest = teams.iter().min_by_key(|(team, counting)| (counting.len(), *team));
        let (Some((most, many)), Some((fewest, few))) = (most, fewest) else { continue };
        let difference = many.len() - few.len();
        if difference <= 1 {
            continue;
        }
        violations.push(Violation {
            matches: many.iter().chain(few).copied().collect(),
            units: number(difference - 1),
            figures: vec![
                Figure::count("most", number(many.len()), "matches"),
                Figure::count("fewest", number(few.len()), "matches"),
            ],
            sentence: format!(
                "{} has {} {what} and {} has {}: a difference of {difference}, 1 at most",
                instance.teams[*most].id,
                words::count(many.len(), "match", "matches"),
                instance.teams[*fewest].id,
                few.len()
            ),
            resolution: format!(
                "give {} a match {what} in place of one of {}",
                instance.teams[*fewest].id, instance.teams[*most].id
            ),
            subject: (*most, *most),
        });
    }
    let none = "no competition has two teams that are named in matches that the rule is about";
    Finding::among(competitions.len(), "competitions", none, violations)
}
