//! Sides of a bracket that are named beside others that are still slots in words.
//!
//! While results come in, a bracket names some sides and leaves others open: `Paulista` plays one quarter-final, and the
//! `second of group C` another. The engine would take Paulista for a team that may still come second. So a named team
//! whose group has open slots is read as the slot it took: one of those that nothing else names. Which of several is no
//! matter, because they wait for the same matches.

use std::collections::{BTreeMap, BTreeSet};

use matchday_timetable::model::{Instance, Minute, Side};

use super::{Calendar, Material, placement::Game, short};

/// A group, as the slots of a bracket know it.
#[derive(Clone, Copy, Debug)]
struct Group {
    /// Its first match.
    of: usize,
    /// How many teams it has.
    teams: u32,
    /// When its last match kicks off.
    last: Minute,
}

/// Reads named sides as the slots they took, where their groups have open ones.
pub(super) fn restore(material: &Material, calendar: &Calendar, games: &[Game], instance: &mut Instance) {
    let groups = groups(material, games, instance);
    let written: Vec<[Side; 2]> = instance.matches.iter().map(|game| game.sides).collect();
    let mut taken: BTreeSet<Side> = written.iter().flatten().copied().collect();
    let start = |index: usize| games[index].place().start;
    let mut played: BTreeMap<usize, usize> = BTreeMap::new();
    for index in 0..written.len() {
        if !instance.matches[index].group.is_empty() {
            continue;
        }
        for (place, side) in written[index].into_iter().enumerate() {
            let Side::Team(team) = side else { continue };
            let before = played.insert(team, index);
            let Some(group) = groups.get(&team).filter(|group| group.last < start(index)) else { continue };
            let slots = (1..=group.teams).map(|rank| Side::Rank { of: group.of, rank });
            if !slots.clone().any(|slot| written.iter().flatten().any(|side| *side == slot)) {
                continue;
            }
            // on an earlier day: what takes place on one day is of one round
            let day = calendar.day_at(start(index));
            let is_earlier = |other: &usize| calendar.day_at(start(*other)) < day;
            let fed_by_group = |other: &usize| {
                written[*other].iter().any(|side| matches!(side, Side::Rank { of, .. } if *of == group.of))
            };
            let decided: Vec<usize> = match before {
                Some(before) => vec![before],
                None => (0..index).filter(is_earlier).filter(fed_by_group).collect(),
            };
            let after = decided.iter().flat_map(|other| [Side::Winner(*other), Side::Loser(*other)]);
            let from_group = slots.filter(|_| before.is_none());
            if let Some(slot) = after.chain(from_group).find(|slot| !taken.contains(slot)) {
                taken.insert(slot);
                instance.matches[index].sides[place] = slot;
            }
        }
    }
}

/// The group of each team.
fn groups(material: &Material, games: &[Game], instance: &Instance) -> BTreeMap<usize, Group> {
    let match_of: BTreeMap<&str, usize> =
        instance.matches.iter().map(|game| game.id.as_str()).zip(0..).collect();
    let team_of: BTreeMap<&str, usize> =
        instance.teams.iter().map(|team| team.id.as_str()).zip(0..).collect();
    let mut groups = BTreeMap::new();
    for group in material.timetable.groups().into_values() {
        let matches: Vec<usize> =
            group.matches.iter().filter_map(|game| match_of.get(game.id()).copied()).collect();
        let last = matches.iter().map(|index| games[*index].place().start).max();
        let (Some(of), Some(last)) = (matches.first(), last) else { continue };
        let teams = u32::try_from(group.teams.len()).unwrap_or(u32::MAX);
        let known = group.teams.iter().filter_map(|name| team_of.get(short(name)));
        groups.extend(known.map(|team| (*team, Group { of: *of, teams, last })));
    }
    groups
}
