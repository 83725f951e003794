//! A team that takes the place of another.

use super::Change;
use crate::domain::{
    contest::{Contest, retitled},
    refused::Refusal,
};

/// What changes when another team, by its name and what people call it, takes the place of one: its matches have
/// another side and the same kick-off.
///
/// # Errors
/// [`Refusal::TeamHasPlayed`] when one of its matches has begun.
pub fn replace(contest: &Contest, team: &str, (other, called): (&str, &str)) -> Result<Vec<Change>, Refusal> {
    let mut changes = Vec::new();
    for (index, game) in contest.games.iter().enumerate() {
        let is_side = game.seats.each_ref().map(|seat| seat.team == team);
        if is_side == [false, false] || game.is_cancelled {
            continue;
        }
        if game.has_begun {
            return Err(Refusal::TeamHasPlayed { team: team.to_owned(), activity: game.name.clone() });
        }
        let side = |side: usize| {
            let seat = &game.seats[side];
            let stored = if seat.team.is_empty() { &seat.slot } else { &seat.team };
            if is_side[side] { other } else { stored }.to_owned()
        };
        changes.push(Change {
            game: index,
            sides: [side(0), side(1)],
            slots: game.seats.each_ref().map(|seat| seat.slot.clone()),
            title: retitled(&game.title, contest.called(team), called),
            cancelled: String::new(),
        });
    }
    Ok(changes)
}
