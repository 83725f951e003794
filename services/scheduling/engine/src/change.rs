//! What a new timetable changes in the one in force.

use crate::model::{Instance, Place, Side, Timetable};
use crate::problem::Problem;

/// What is minimised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Measure {
    /// Cost of soft rules.
    Quality,
    /// People to be told.
    People,
    /// Kick-offs moved.
    KickOffs,
    /// Matches that move to another pitch and keep their kick-off.
    Pitches,
}

/// The timetable in force, and whom a change concerns.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    /// Where each match stands; `None` for one called off.
    pub(crate) old: Vec<Option<Place>>,
    /// Of each team: the matches that name it, and its people.
    pub(crate) teams: Vec<(Vec<usize>, i64)>,
    /// People of each match.
    pub(crate) people: Vec<i64>,
}

/// A price before it is written down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counted {
    pub(crate) people: i64,
    pub(crate) kick_offs: i64,
    pub(crate) pitches: i64,
}

impl Change {
    /// Of a timetable in force.
    pub(crate) fn new(instance: &Instance, timetable: &Timetable) -> Self {
        let old = (0..instance.matches.len())
            .map(|index| {
                if instance.cancelled.contains(&index) { None } else { timetable.places.get(index).copied() }
            })
            .collect();
        let teams = instance.teams.iter().enumerate().map(|(number, team)| {
            let named = (0..instance.matches.len())
                .filter(|index| instance.matches[*index].sides.contains(&Side::Team(number)))
                .collect();
            (named, i64::from(team.people))
        });
        let people = instance.matches.iter().map(|game| i64::from(game.people)).collect();
        Self { old, teams: teams.collect(), people }
    }

    /// What a choice of candidates changes.
    pub(crate) fn price(&self, problem: &Problem, chosen: &[usize]) -> Counted {
        let mut counted = Counted::default();
        let mut changed = vec![false; self.old.len()];
        for (index, old) in self.old.iter().enumerate() {
            let Some(old) = old else { continue };
            let option = &problem.options[index][chosen[index]];
            if option.start != old.start {
                counted.kick_offs += 1;
            } else if option.pitch != old.pitch {
                counted.pitches += 1;
            } else {
                continue;
            }
            changed[index] = true;
            counted.people = counted.people.saturating_add(self.people[index]);
        }
        for (matches, people) in &self.teams {
            if matches.iter().any(|index| changed[*index]) {
                counted.people = counted.people.saturating_add(*people);
            }
        }
        counted
    }
}
