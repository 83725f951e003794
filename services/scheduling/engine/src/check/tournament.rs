//! What the checker knows of an instance before it sees a timetable.

use std::collections::HashMap;

use super::bracket::{Bracket, Kin};
use crate::model::{Instance, Minute, Pitch, Rule, Scope, Side};

/// An instance, read once for any number of timetables.
pub(crate) struct Tournament<'i> {
    pub(crate) instance: &'i Instance,
    /// Whether each match takes place, or is called off.
    pub(super) takes_place: Vec<bool>,
    /// Whether it has begun: what such matches break by themselves is past.
    pub(super) begun: Vec<bool>,
    /// Of each match the matches that decide who plays it.
    pub(super) deciders: Vec<Vec<usize>>,
    /// Of each match the others that the same team may play.
    pub(super) kin: Vec<Vec<Kin>>,
    /// Of each team the matches that take place and name it.
    pub(super) named: Vec<Vec<usize>>,
    /// Matches of each group of a group stage.
    pub(super) groups: Vec<Vec<usize>>,
    /// Of each pitch the first one of its venue.
    pub(super) venues: Vec<usize>,
    /// What each rule is about, in the order of the rules.
    pub(super) reaches: Vec<Reach>,
    indexes: HashMap<&'i str, usize>,
}

/// What a rule is about.
pub(super) struct Reach {
    matches: Vec<bool>,
    pitches: Vec<bool>,
}

impl Reach {
    fn of(scope: &Scope, instance: &Instance) -> Self {
        let among = |list: &[String], value: &String| list.is_empty() || list.contains(value);
        let matches = instance.matches.iter().map(|game| {
            among(&scope.competitions, &game.competition)
                && among(&scope.stages, &game.stage)
                && among(&scope.matches, &game.id)
        });
        let within = |pitch: &Pitch| {
            [&pitch.id, &pitch.venue, &pitch.site].into_iter().any(|id| among(&scope.places, id))
        };
        Self { matches: matches.collect(), pitches: instance.pitches.iter().map(within).collect() }
    }

    /// Whether the rule is about a match.
    pub(super) fn names(&self, index: usize) -> bool {
        self.matches[index]
    }

    /// Whether the rule is about a pitch.
    pub(super) fn covers(&self, pitch: usize) -> bool {
        self.pitches[pitch]
    }
}

impl<'i> Tournament<'i> {
    /// Reads an instance that [`validate`](crate::validate::validate) finds no fault with.
    pub(crate) fn new(instance: &'i Instance) -> Self {
        let mut takes_place = vec![true; instance.matches.len()];
        for &index in &instance.cancelled {
            takes_place[index] = false;
        }
        let mut begun = vec![false; instance.matches.len()];
        for &index in &instance.begun {
            begun[index] = takes_place[index];
        }
        let bracket = Bracket::new(instance, &takes_place);
        let deciders = bracket.deciders();
        let kin = bracket.kin(&deciders);
        let mut named = vec![Vec::new(); instance.teams.len()];
        for (index, game) in instance.matches.iter().enumerate().filter(|(index, _)| takes_place[*index]) {
            for side in game.sides {
                if let Side::Team(team) = side {
                    named[team].push(index);
                }
            }
        }
        let pitches = &instance.pitches;
        let venue = |pitch: &Pitch| pitches.iter().position(|other| other.venue == pitch.venue);
        let reach = |rule: &Rule| Reach::of(&rule.scope, instance);
        Self {
            instance,
            deciders,
            kin,
            named,
            groups: bracket.groups(),
            venues: pitches.iter().filter_map(venue).collect(),
            reaches: instance.rules.iter().map(reach).collect(),
            indexes: instance.matches.iter().map(|game| game.id.as_str()).zip(0..).collect(),
            takes_place,
            begun,
        }
    }

    /// The match with this id.
    pub(super) fn index(&self, id: &str) -> Option<usize> {
        self.indexes.get(id).copied()
    }

    /// Whether a kick-off lies within the tournament.
    pub(super) fn contains(&self, minute: Minute) -> bool {
        self.instance.days.first().is_some_and(|first| first.start <= minute) && minute < self.instance.end
    }

    /// The day on which a minute lies, by place in the list.
    pub(super) fn day(&self, minute: Minute) -> usize {
        self.instance.days.partition_point(|day| day.start <= minute).saturating_sub(1)
    }

    /// Minutes since midnight.
    pub(super) fn clock(&self, minute: Minute) -> Minute {
        minute - self.instance.days[self.day(minute)].start
    }
}
