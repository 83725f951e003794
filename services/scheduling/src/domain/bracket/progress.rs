//! What changes in the schedule when results, lots or teams do.

use super::{Node, resolve};
use crate::domain::{
    contest::{Contest, Game, retitled},
    refused::Refusal,
    standings::Taker,
};

/// A match that is another one now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Index of the match in the contest.
    pub game: usize,
    /// Its sides: names of teams, or slots.
    pub sides: [String; 2],
    /// The slots of its sides.
    pub slots: [String; 2],
    /// What people call it.
    pub title: String,
    /// Why it does not take place; empty when it does.
    pub cancelled: String,
}

/// What must change so that every match has the sides that results give it: slots that are known now get their
/// teams, those that are open again their words, and what nobody plays is cancelled.
///
/// # Errors
/// [`Refusal::BracketBegun`] when a match that has begun would be played by others, or one that was cancelled
/// because nobody took a side would have both.
pub fn progress(before: &Contest, after: &Contest) -> Result<Vec<Change>, Refusal> {
    let (was, nodes) = (resolve(before), resolve(after));
    let mut changes = Vec::new();
    for (index, (game, node)) in after.games.iter().zip(&nodes).enumerate() {
        if game.is_cancelled {
            if was[index].is_void() && !node.is_void() {
                return Err(begun(after, game, "was cancelled", node));
            }
            continue;
        }
        let sides = [0, 1].map(|side| side_of(game, node, side));
        let is_other = [0, 1].map(|side| sides[side] != stored(game, side));
        let is_void = node.is_void() && !game.has_begun;
        if is_other == [false, false] && !is_void {
            continue;
        }
        let loses_a_team = [0, 1].iter().any(|side| is_other[*side] && !game.seats[*side].team.is_empty());
        if game.has_begun && loses_a_team {
            // what did not come of this change is none of its business
            if was[index].sides == node.sides {
                continue;
            }
            return Err(begun(after, game, "has begun", node));
        }
        changes.push(Change {
            game: index,
            slots: game.seats.each_ref().map(|seat| seat.slot.clone()),
            title: title(after, game, &sides),
            cancelled: if is_void { reason(after, game, node) } else { String::new() },
            sides,
        });
    }
    Ok(changes)
}

/// A side as it is stored.
fn stored(game: &Game, side: usize) -> &str {
    let seat = &game.seats[side];
    if seat.team.is_empty() { &seat.slot } else { &seat.team }
}

/// A side as it should be.
fn side_of(game: &Game, node: &Node, side: usize) -> String {
    let seat = &game.seats[side];
    match &node.sides[side] {
        Taker::Team(team) => team.clone(),
        // who has withdrawn stays named where it was named
        Taker::Nobody => stored(game, side).to_owned(),
        Taker::Unknown => seat.slot.clone(),
    }
}

/// The title with those who play in place of the words for them.
fn title(contest: &Contest, game: &Game, sides: &[String; 2]) -> String {
    sides.iter().enumerate().fold(game.title.clone(), |title, (side, now)| {
        retitled(&title, contest.called(stored(game, side)), contest.called(now))
    })
}

/// Why nobody plays it.
fn reason(contest: &Contest, game: &Game, node: &Node) -> String {
    let missing = [0, 1].iter().find(|side| node.sides[**side] == Taker::Nobody);
    let missing = missing.map_or("", |side| {
        let seat = &game.seats[*side];
        if seat.team.is_empty() { &seat.slot } else { contest.called(&seat.team) }
    });
    let other = node.sides.iter().find_map(|side| match side {
        Taker::Team(team) if game.group.is_empty() => Some(contest.called(team)),
        _ => None,
    });
    match other {
        Some(other) => format!("{missing} does not play: {other} goes on"),
        None => format!("{missing} does not play"),
    }
}

fn begun(contest: &Contest, game: &Game, what: &'static str, node: &Node) -> Refusal {
    let told = |sides: [&str; 2]| sides.map(|side| contest.called(side)).join(" – ");
    let would = [0, 1].map(|side| side_of(game, node, side));
    Refusal::BracketBegun {
        activity: game.name.clone(),
        what,
        was: told([stored(game, 0), stored(game, 1)]),
        would: told([&would[0], &would[1]]),
    }
}
