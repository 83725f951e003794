//! The matches of a competition, made from its format and its teams.
//!
//! | file | subject |
//! |---|---|
//! | `circle` | rounds in which every team meets every other |
//! | `knockout` | brackets that decide every rank asked for |
//! | `grid` | places for matches, one after the other |
//!
//! Who is not known yet is written as schedules write it: `winner of m37`, `second of men's group B`. To add a
//! kind: give [`Format`] a variant and make its matches in [`plan`].

mod circle;
mod grid;
mod knockout;

use std::collections::BTreeMap;

pub use grid::{Grid, KickOff, Length};
use knockout::Bracket;

use super::{
    check::slot::{Slot, place_word},
    refused::Refusal,
};

/// Most matches that are made at once.
pub const MOST: usize = 2000;
/// The stage and the group of a league's matches: a league is one group.
pub const LEAGUE: &str = "league";

/// How a competition is played.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Format {
    /// Everybody against everybody, once or twice.
    League {
        /// How often two teams meet: 1 or 2.
        legs: usize,
    },
    /// Groups, then a knockout of the best, and play-offs for the places below.
    Groups {
        /// How often two teams of a group meet: 1 or 2.
        legs: usize,
        /// Teams of each group that go on, from 1.
        advancing: usize,
        /// The knockout.
        knockout: Knockout,
    },
    /// A knockout alone.
    Knockout {
        /// The knockout.
        knockout: Knockout,
        /// All teams, the strongest first.
        seeds: Vec<String>,
    },
}

/// How far a knockout is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Knockout {
    /// The last rank that a match is played for; `None` plays for all.
    pub last_rank: Option<usize>,
    /// Teams may go through a round without playing.
    pub has_byes: bool,
}

/// A side of a match that is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A team, by name.
    Team(String),
    /// Who takes a place in a group, from 1.
    Place {
        /// The place.
        place: u32,
        /// The group.
        group: String,
    },
    /// Who wins or loses a match.
    After {
        /// Index of the match.
        of: usize,
        /// The winner, otherwise the loser.
        is_winner: bool,
    },
}

/// A match that is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Stage.
    pub stage: String,
    /// Group; empty in a knockout.
    pub group: String,
    /// Round of a group, from 1; 0 in a knockout.
    pub round: usize,
    /// When it is played: what feeds it has a lower step.
    pub step: usize,
    /// The best rank that is played for; 0 in a group.
    pub rank: usize,
    /// Who plays.
    pub sides: [Entry; 2],
}

/// A competition whose matches are made.
#[derive(Clone, Debug)]
pub struct Draw<'a> {
    /// What its teams call it.
    pub competition: &'a str,
    /// Names of the teams of each group, as drawn; those of no group under an empty one.
    pub groups: &'a BTreeMap<String, Vec<String>>,
}

/// The matches of a competition by step; who feeds another has the lower index. Of one step, those for lower ranks
/// come first, so that the final is the last.
///
/// # Errors
/// [`Refusal::FormatUnfit`] when the teams do not fit the format.
pub fn plan(format: &Format, draw: &Draw<'_>) -> Result<Vec<Planned>, Refusal> {
    let made = match format {
        Format::League { legs } => {
            let teams: Vec<String> = draw.groups.values().flatten().cloned().collect();
            check_group(LEAGUE, &teams).map(|()| circle::matches(LEAGUE, LEAGUE, &teams, *legs))
        }
        Format::Groups { legs, advancing, knockout } => groups(draw, *legs, *advancing, *knockout),
        Format::Knockout { knockout, seeds } => alone(draw, *knockout, seeds),
    };
    made.and_then(|made| if made.len() > MOST { Err(too_many(made.len())) } else { Ok(in_order(&made)) })
        .map_err(|problem| Refusal::FormatUnfit { competition: draw.competition.to_owned(), problem })
}

fn too_many(matches: usize) -> String {
    format!("they would be {matches}, and at most {MOST} are made at once")
}

fn check_group(group: &str, teams: &[String]) -> Result<(), String> {
    match teams.len() {
        0 => Err(format!("no team is in {group}")),
        1 => Err(format!("{group} has one team, who would play nobody: draw it into another group")),
        // before the matches are made, not after
        count if count * (count - 1) / 2 > MOST => Err(too_many(count * (count - 1) / 2)),
        _ => Ok(()),
    }
}

/// Groups, then brackets: of those who go on, and of each place below.
fn groups(
    draw: &Draw<'_>,
    legs: usize,
    advancing: usize,
    knockout: Knockout,
) -> Result<Vec<Planned>, String> {
    if let Some(teams) = draw.groups.get("").filter(|teams| !teams.is_empty()) {
        return Err(format!("{} of its teams are in no group: draw them first", teams.len()));
    }
    let mut made = Vec::new();
    for (group, teams) in draw.groups {
        check_group(&format!("group {group}"), teams)?;
        if teams.len() < advancing {
            let count = teams.len();
            return Err(format!(
                "group {group} has {count} teams, and {advancing} of each group are to go on"
            ));
        }
        made.extend(circle::matches("group", group, teams, legs));
    }
    let names: Vec<&String> = draw.groups.keys().collect();
    let steps = made.iter().map(|planned| planned.step + 1).max().unwrap_or_default();
    let mut bracket = Bracket { made, first_step: steps, last_rank: knockout.last_rank };
    bracket.play(1, &knockout::across_groups(&names, advancing, knockout.has_byes)?, true);
    let largest = draw.groups.values().map(Vec::len).max().unwrap_or_default();
    let mut rank = 1 + advancing * names.len();
    for place in advancing + 1..=largest {
        let number = u32::try_from(place).unwrap_or(u32::MAX);
        let with = |group: &&&String| draw.groups.get(**group).is_some_and(|teams| teams.len() >= place);
        let entries =
            names.iter().filter(with).map(|group| Entry::Place { place: number, group: (*group).clone() });
        let entries: Vec<Entry> = entries.collect();
        let count = entries.len();
        if bracket.is_played_for(rank) {
            if place_word(number).is_none() {
                return Err(format!(
                    "schedules have no word for place {place} of a group: play for fewer ranks"
                ));
            }
            bracket.play(rank, &knockout::in_pairs(entries), false);
        }
        rank += count;
    }
    Ok(bracket.made)
}

fn alone(draw: &Draw<'_>, knockout: Knockout, seeds: &[String]) -> Result<Vec<Planned>, String> {
    let mut entered: Vec<&String> = draw.groups.values().flatten().collect();
    let mut seeded: Vec<&String> = seeds.iter().collect();
    entered.sort_unstable();
    seeded.sort_unstable();
    if entered != seeded {
        let (seeds, teams) = (seeds.len(), entered.len());
        return Err(format!(
            "its {seeds} seeds are not its {teams} teams: name each once, the strongest first"
        ));
    }
    let entries: Vec<Entry> = seeds.iter().cloned().map(Entry::Team).collect();
    let mut bracket = Bracket { made: Vec::new(), first_step: 0, last_rank: knockout.last_rank };
    bracket.play(1, &knockout::seeded(entries, knockout.has_byes)?, true);
    Ok(bracket.made)
}

/// The matches by step and rank, with the indexes of those that feed them.
fn in_order(made: &[Planned]) -> Vec<Planned> {
    let mut order: Vec<usize> = (0..made.len()).collect();
    order.sort_by_key(|index| (made[*index].step, std::cmp::Reverse(made[*index].rank), *index));
    let mut place = vec![0; made.len()];
    for (now, before) in order.iter().enumerate() {
        place[*before] = now;
    }
    let moved = |entry: Entry| match entry {
        Entry::After { of, is_winner } => Entry::After { of: place[of], is_winner },
        other => other,
    };
    order
        .iter()
        .map(|index| {
            let planned = made[*index].clone();
            Planned { sides: planned.sides.map(moved), ..planned }
        })
        .collect()
}

/// A side as schedules write it: a team's name, or a slot. `ids` are those of the matches.
#[must_use]
pub fn written(entry: &Entry, competition: &str, ids: &[String]) -> String {
    match entry {
        Entry::Team(team) => team.clone(),
        Entry::After { of, is_winner } => {
            format!("{} of {}", if *is_winner { "winner" } else { "loser" }, ids[*of])
        }
        Entry::Place { place, group } => {
            let word = place_word(*place).unwrap_or("last");
            let full = format!("{word} of {competition}'s group {group}");
            // a name that the words cannot hold is left out: a group is of the match's own competition
            match Slot::read(&full, competition) {
                Slot::OfGroup { competition: read, group: of, .. } if read == competition && of == *group => {
                    full
                }
                _ => format!("{word} of group {group}"),
            }
        }
    }
}

#[cfg(test)]
mod tests;
