//! What is checked: activities with their sides, teams, sessions, and what the venues know.

use std::collections::{BTreeMap, BTreeSet};

use matchday_kernel::{Interval, IntervalError, Zone};

use super::{slot::Slot, words};
use crate::domain::slot::{self as place, State};

/// A schedule as it is checked.
#[derive(Clone, Debug)]
pub struct Timetable {
    /// Whose clocks and calendar count.
    pub zone: Zone,
    /// What takes place, by start.
    pub activities: Vec<Activity>,
    /// Ids of what was cancelled.
    pub cancelled: BTreeSet<String>,
    /// The teams entered, by name.
    pub teams: BTreeMap<String, Team>,
    /// The sessions, by name.
    pub sessions: BTreeMap<String, Session>,
    /// What the venues know, or why they could not be asked.
    pub venues: Result<Venues, String>,
    /// Where the matches stand in `activities`, by id.
    pub(super) by_id: BTreeMap<String, usize>,
    /// Where the matches of a group stand, by competition and group.
    pub(super) by_group: BTreeMap<(String, String), Vec<usize>>,
}

/// Something that occupies a place for a time.
#[derive(Clone, Debug, PartialEq)]
pub struct Activity {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// Name of its zone.
    pub zone: String,
    /// When it takes place: a match from kick-off to whistle.
    pub time: Interval,
    /// When it needs its zone: with set-up and turnaround.
    pub occupation: Interval,
    /// Name of its session; empty when it is part of none.
    pub session: String,
    /// Where it stands.
    pub state: State,
    /// Stays where it is when a timetable is made.
    pub pinned: bool,
    /// The match, when it is one.
    pub played: Option<Played>,
}

/// What is played.
#[derive(Clone, Debug, PartialEq)]
pub struct Played {
    /// Competition.
    pub competition: String,
    /// Stage.
    pub stage: String,
    /// Group; empty outside a group stage.
    pub group: String,
    /// Who plays.
    pub sides: [Side; 2],
    /// Ids of its officials.
    pub officials: Vec<String>,
    /// Round in its group, from 1; 0 when nobody said.
    pub round: u32,
}

/// A side of a match.
#[derive(Clone, Debug, PartialEq)]
pub enum Side {
    /// A team, by name.
    Team(String),
    /// Whoever takes a slot.
    Slot(Slot),
}

/// A team entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Team {
    /// What people call it.
    pub display_name: String,
    /// Competition it plays in.
    pub competition: String,
    /// Group it was drawn into; empty when it was not.
    pub group: String,
    /// Country or region it represents; empty when nobody said.
    pub country: String,
}

/// A session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// What people call it.
    pub title: String,
    /// Name of its venue.
    pub venue: String,
    /// Spectators expected; 0 when nobody said.
    pub expected: u32,
}

/// What the venues know of the tournament's sites.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Venues {
    /// Names of the zones there.
    pub zones: BTreeSet<String>,
    /// What holds zones there and follows no activity of this tournament.
    pub held: Vec<Held>,
}

/// A zone held by others.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    /// Name of the booking.
    pub booking: String,
    /// Name of the zone.
    pub zone: String,
    /// What it is for.
    pub title: String,
    /// When the zone is held, set-up and turnaround included.
    pub occupation: Interval,
}

/// A group of a competition.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Group<'a> {
    /// Names of its teams.
    pub teams: BTreeSet<&'a str>,
    /// Its matches, by start.
    pub matches: Vec<&'a Activity>,
}

impl Activity {
    /// An activity in its slot.
    ///
    /// # Errors
    /// [`IntervalError::OutOfRange`] when its buffers reach beyond the calendar.
    pub fn new(
        slot: &place::Slot,
        title: String,
        session: String,
        pinned: bool,
        played: Option<Played>,
    ) -> Result<Self, IntervalError> {
        Ok(Self {
            name: slot.activity.clone(),
            title,
            zone: slot.zone.to_string(),
            time: slot.time,
            occupation: slot.time.with_buffers(slot.set_up, slot.turnaround)?,
            session,
            state: slot.state,
            pinned,
            played,
        })
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> &str {
        words::id(&self.name)
    }

    /// Whether it has begun: its time and place are facts.
    #[must_use]
    pub const fn has_begun(&self) -> bool {
        matches!(self.state, State::InPlay | State::Suspended | State::Abandoned | State::Finished)
    }

    /// Name of the venue its zone is at.
    #[must_use]
    pub fn venue(&self) -> &str {
        self.zone.split_once("/zones/").map_or(self.zone.as_str(), |(venue, _)| venue)
    }
}

impl Side {
    /// Reads a side of a match of a competition: a team's name, or a slot in words.
    #[must_use]
    pub fn read(text: &str, competition: &str) -> Self {
        if text.starts_with("tournaments/") {
            return Self::Team(text.to_owned());
        }
        Self::Slot(Slot::read(text, competition))
    }

    /// Name of the team, where it is known.
    #[must_use]
    pub fn team(&self) -> Option<&str> {
        match self {
            Self::Team(name) => Some(name),
            Self::Slot(_) => None,
        }
    }
}

impl Timetable {
    /// A timetable of activities in whatever state and order.
    #[must_use]
    pub fn new(zone: Zone, activities: Vec<(State, Activity)>) -> Self {
        let (cancelled, kept): (Vec<_>, Vec<_>) =
            activities.into_iter().partition(|(state, _)| *state == State::Cancelled);
        let mut activities: Vec<Activity> = kept.into_iter().map(|(_, activity)| activity).collect();
        activities.sort_by(|a, b| (a.time.start(), &a.name).cmp(&(b.time.start(), &b.name)));
        let mut by_id = BTreeMap::new();
        let mut by_group: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for (index, activity) in activities.iter().enumerate() {
            let Some(played) = &activity.played else { continue };
            by_id.insert(words::id(&activity.name).to_owned(), index);
            if !played.group.is_empty() {
                let group = (played.competition.clone(), played.group.clone());
                by_group.entry(group).or_default().push(index);
            }
        }
        Self {
            by_id,
            by_group,
            zone,
            activities,
            cancelled: cancelled.iter().map(|(_, activity)| words::id(&activity.name).to_owned()).collect(),
            teams: BTreeMap::new(),
            sessions: BTreeMap::new(),
            venues: Ok(Venues::default()),
        }
    }

    /// The matches, by start.
    pub fn matches(&self) -> impl Iterator<Item = (&Activity, &Played)> {
        self.activities.iter().filter_map(|activity| Some((activity, activity.played.as_ref()?)))
    }

    /// The groups by competition and name, as drawn and as played.
    #[must_use]
    pub fn groups(&self) -> BTreeMap<(&str, &str), Group<'_>> {
        let mut groups: BTreeMap<(&str, &str), Group<'_>> = BTreeMap::new();
        for (name, team) in self.teams.iter().filter(|(_, team)| !team.group.is_empty()) {
            groups.entry((&team.competition, &team.group)).or_default().teams.insert(name);
        }
        for (activity, played) in self.matches().filter(|(_, played)| !played.group.is_empty()) {
            let group = groups.entry((&played.competition, &played.group)).or_default();
            group.matches.push(activity);
            group.teams.extend(played.sides.iter().filter_map(Side::team));
        }
        groups
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;

    #[test]
    fn what_was_cancelled_is_left_out_and_the_rest_is_sorted() {
        let activities = vec![
            (State::Scheduled, game("m2", 300, "a", "b")),
            (State::Cancelled, game("m3", 0, "a", "b")),
            (State::Delayed, game("m1", 100, "c", "d")),
        ];
        let timetable = Timetable::new(zone(), activities);
        let names: Vec<&str> = timetable.activities.iter().map(|activity| activity.name.as_str()).collect();
        assert_eq!(names, [activity("m1"), activity("m2")]);
        assert_eq!(timetable.cancelled, ["m3".to_owned()].into());
    }

    #[test]
    fn a_group_is_as_drawn_and_as_played() {
        let mut timetable = timetable(vec![in_group("A", game("m1", 0, "a", "b"))]);
        let drawn = Team {
            display_name: "C".into(),
            competition: "men".into(),
            group: "A".into(),
            country: String::new(),
        };
        timetable.teams.insert(team("c"), drawn);
        let groups = timetable.groups();
        let group = &groups[&("men", "A")];
        assert_eq!(group.teams.len(), 3);
        assert_eq!(group.matches.len(), 1);
    }
}
