//! Faults of matches: who plays, and what decides it.

use std::collections::BTreeMap;

use super::{Code, Fault, unknown};
use crate::model::{Instance, Side};
use crate::problem::deciding;

/// Each match alone.
pub(super) fn matches(instance: &Instance, faults: &mut Vec<Fault>) {
    let count = instance.matches.len();
    for game in &instance.matches {
        let whose = format!("match {}", game.id);
        for side in game.sides {
            match side {
                Side::Team(team) => unknown(faults, &whose, "team", team, instance.teams.len()),
                Side::Winner(index) | Side::Loser(index) => unknown(faults, &whose, "match", index, count),
                Side::Rank { of, rank: place } | Side::Across { of, place } => {
                    unknown(faults, &whose, "match", of, count);
                    if place == 0 {
                        let what = format!("{whose} names rank 0: ranks count from 1");
                        faults.push(Fault::new(Code::Unknown, what));
                    }
                    if instance.matches.get(of).is_some_and(|other| other.group.is_empty()) {
                        let what =
                            format!("{whose} names a rank of a group by match {of}, which is in no group");
                        faults.push(Fault::new(Code::Unknown, what));
                    }
                }
                Side::Open => {}
            }
        }
        if game.sides[0] == game.sides[1] && game.sides[0] != Side::Open {
            faults.push(Fault::new(Code::Group, format!("{whose} has the same team on both sides")));
        }
        if game.length <= 0 || game.occupied <= 0 || game.set_up < 0 {
            let what = format!(
                "{whose} lasts {} minutes, holds the pitch for {} and {} before: the first two are positive",
                game.length, game.occupied, game.set_up
            );
            faults.push(Fault::new(Code::Time, what));
        }
        for pitch in game.pitches.iter().flatten() {
            unknown(faults, &whose, "pitch", *pitch, instance.pitches.len());
        }
        for (place, official) in game.appointed.iter().enumerate() {
            unknown(faults, &whose, "official", *official, instance.officials.len());
            if game.appointed[..place].contains(official) {
                let what = format!("{whose} has official {official} appointed twice");
                faults.push(Fault::new(Code::Duplicate, what));
            }
        }
        if let Some(place) = game.pinned {
            unknown(faults, &whose, "pitch", place.pitch, instance.pitches.len());
        }
        if game.crews > 0 && game.appointed.is_empty() && instance.officials.is_empty() {
            let what =
                format!("{whose} needs a crew, and there are no officials: name some, or ask for none");
            faults.push(Fault::new(Code::Unknown, what));
        }
    }
    for official in &instance.officials {
        for team in &official.conflicts {
            unknown(faults, &format!("official {}", official.id), "team", *team, instance.teams.len());
        }
        for away in official.away.iter().filter(|away| away.start >= away.end) {
            let what = format!("official {} is away from {} until {}", official.id, away.start, away.end);
            faults.push(Fault::new(Code::Time, what));
        }
    }
    for index in &instance.cancelled {
        unknown(faults, "the list of cancelled matches", "match", *index, count);
    }
    for index in &instance.begun {
        unknown(faults, "the list of matches that have begun", "match", *index, count);
        if let Some(game) = instance.matches.get(*index).filter(|game| game.pinned.is_none()) {
            let what = format!("match {} has begun and is not pinned: pin it where it is played", game.id);
            faults.push(Fault::new(Code::Pins, what));
        }
    }
}

/// Circles of matches that decide each other.
pub(super) fn cycles(instance: &Instance, faults: &mut Vec<Fault>) {
    let count = instance.matches.len();
    let feeders: Vec<Vec<usize>> = instance
        .matches
        .iter()
        .map(|game| {
            let mut feeders: Vec<usize> =
                game.sides.iter().flat_map(|side| deciding(instance, *side)).collect();
            feeders.sort_unstable();
            feeders.dedup();
            feeders
        })
        .collect();
    let mut waiting: Vec<usize> = feeders.iter().map(Vec::len).collect();
    let mut followers: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (index, feeders) in feeders.iter().enumerate() {
        for &feeder in feeders {
            followers[feeder].push(index);
        }
    }
    let mut ready: Vec<usize> = (0..count).filter(|index| waiting[*index] == 0).collect();
    while let Some(index) = ready.pop() {
        for &follower in &followers[index] {
            waiting[follower] -= 1;
            if waiting[follower] == 0 {
                ready.push(follower);
            }
        }
    }
    let circle: Vec<&str> = (0..count)
        .filter(|index| waiting[*index] > 0)
        .take(6)
        .map(|index| instance.matches[index].id.as_str())
        .collect();
    if !circle.is_empty() {
        let what = format!("matches decide who plays each other in a circle: {}", circle.join(", "));
        faults.push(Fault::new(Code::Cycle, what));
    }
}

/// Groups of one.
pub(super) fn groups(instance: &Instance, faults: &mut Vec<Fault>) {
    let mut groups: BTreeMap<(&str, &str, &str), Vec<Side>> = BTreeMap::new();
    for game in instance.matches.iter().filter(|game| !game.group.is_empty()) {
        let sides = groups.entry((&game.competition, &game.stage, &game.group)).or_default();
        sides.extend(game.sides);
    }
    for ((competition, _, group), mut sides) in groups {
        let open = sides.contains(&Side::Open);
        sides.sort_unstable();
        sides.dedup();
        if sides.len() < 2 && !open {
            let what = format!("group {group} of {competition} has one team: a group has at least two");
            faults.push(Fault::new(Code::Group, what));
        }
    }
}
