//! Matches that nobody can lead, whenever they are played.

use super::limits::limit;
use super::{Argument, words};
use crate::model::{Kind, Rule, Severity};
use crate::officials::is_partial;
use crate::problem::{Problem, names_match};

/// Finds a match that no official may lead; or more matches than officials may lead in all.
pub(super) fn argue(problem: &Problem) -> Option<Argument> {
    (0..problem.options.len()).find_map(|index| of_nobody(problem, index)).or_else(|| too_many(problem))
}

/// The rules of a match that must hold.
fn hard<'i>(problem: &Problem<'i>, index: usize) -> impl Iterator<Item = &'i Rule> {
    let instance = problem.instance;
    let game = &instance.matches[index];
    instance.rules.iter().filter(|rule| rule.severity == Severity::Hard && names_match(&rule.scope, game))
}

/// A match that no official may lead.
fn of_nobody(problem: &Problem, index: usize) -> Option<Argument> {
    let game = &problem.instance.matches[index];
    let officials = &problem.instance.officials;
    if !problem.needs_crew(index) || !game.appointed.is_empty() {
        return None;
    }
    let neutral = hard(problem, index).find(|rule| rule.kind == Kind::OfficialNeutral);
    let (mut partial, mut away) = (0, 0);
    for official in officials {
        let is_away = |option: &crate::problem::Candidate| {
            official
                .away
                .iter()
                .any(|away| away.start < option.start + game.length && option.start < away.end)
        };
        if neutral.is_some() && is_partial(problem.instance, official, game) {
            partial += 1;
        } else if problem.options[index].iter().all(is_away) {
            away += 1;
        } else {
            return None;
        }
    }
    let mut why = Vec::new();
    if let Some(rule) = neutral.filter(|_| partial > 0) {
        let are = if partial == 1 { "is" } else { "are" };
        why.push(format!("{partial} {are} not neutral under {}", limit(problem.instance, rule)));
    }
    if away > 0 {
        let are = if away == 1 { "is" } else { "are" };
        why.push(format!("{away} {are} away at all its kick-offs"));
    }
    let sentence = format!(
        "{} needs a crew, and nobody can lead it: of {}, {}",
        game.id,
        words::count(officials.len(), "official", "officials"),
        words::list(&why)
    );
    Some(Argument { sentence, matches: vec![index] })
}

/// More matches of a rule than officials may lead in all.
fn too_many(problem: &Problem) -> Option<Argument> {
    let instance = problem.instance;
    instance.rules.iter().filter(|rule| rule.severity == Severity::Hard).find_map(|rule| {
        let Kind::OfficialMatches(most) = rule.kind else { return None };
        let needing =
            |index: &usize| problem.needs_crew(*index) && names_match(&rule.scope, &instance.matches[*index]);
        let matches: Vec<usize> = (0..problem.options.len()).filter(needing).collect();
        let officials = instance.officials.len();
        let room = officials.saturating_mul(most as usize);
        (matches.len() > room).then(|| {
            let sentence = format!(
                "{} ({}) need a crew, and {} can lead {room} under {}",
                words::count(matches.len(), "match", "matches"),
                words::matches(instance, &matches),
                words::count(officials, "official", "officials"),
                limit(instance, rule)
            );
            Argument { sentence, matches }
        })
    })
}
