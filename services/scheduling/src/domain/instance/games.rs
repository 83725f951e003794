//! Matches, who plays them, and what they need.

use std::collections::{BTreeMap, BTreeSet};

use matchday_kernel::SignedDuration;
use matchday_timetable::model::{Instance, Match, Minute, Place, Side, Team};

use super::{
    Calendar, Material,
    placement::{Game, held_before},
    short,
};
use crate::domain::{
    check::{
        slot::Slot,
        timetable::{self, Activity, Played},
    },
    frame::Needs,
};

/// Adds the teams: those entered, and others that matches name.
pub(super) fn teams(material: &Material, zones: &[String], instance: &mut Instance) {
    let mut seen = BTreeSet::new();
    let entered = material
        .timetable
        .teams
        .iter()
        .map(|(name, team)| (name.as_str(), team.competition.as_str(), team.country.as_str()));
    let named = material.timetable.matches().flat_map(|(_, played)| {
        let names = played.sides.iter().filter_map(timetable::Side::team);
        names.map(|name| (name, played.competition.as_str(), ""))
    });
    for (name, competition, country) in entered.chain(named) {
        if !seen.insert(name) {
            continue;
        }
        let known = material.frame.teams.get(short(name));
        let travel = known.filter(|team| !team.ways.is_empty());
        instance.teams.push(Team {
            id: short(name).to_owned(),
            competition: competition.to_owned(),
            country: country.to_owned(),
            people: known.map_or(0, |team| team.people).max(1),
            travel: travel.map_or(vec![], |team| zones.iter().map(|zone| team.minutes_to(zone)).collect()),
        });
    }
}

/// Adds the matches, in the order of the schedule.
pub(super) fn state(
    material: &Material,
    calendar: &Calendar,
    zones: &[String],
    instance: &mut Instance,
) -> Vec<Game> {
    let played: Vec<(&Activity, &Played)> = material.timetable.matches().collect();
    let numbers = Numbers::of(material, &played, instance);
    let mut games = Vec::with_capacity(played.len());
    for (activity, of) in played {
        let needs = material.frame.needs(of);
        let stays = material.frame.keeps(activity);
        let crowd = material.timetable.sessions.get(&activity.session).map_or(0, |session| session.expected);
        let crowd = if crowd > 0 { crowd } else { needs.crowd.unwrap_or_default() };
        let stored = Times::stored(activity, calendar);
        let times = if stays { stored } else { stored.with(&needs) };
        let pitch = zones.iter().position(|zone| *zone == activity.zone).unwrap_or_default();
        let start = calendar.minute(activity.time.start());
        let game = Game::new(activity, of, Place { start, pitch }, times, times != stored);
        let appointed: Vec<usize> = of
            .officials
            .iter()
            .filter_map(|id| instance.officials.iter().position(|official| official.id == *id))
            .collect();
        let crews = needs.officials.unwrap_or_default() && !instance.officials.is_empty();
        instance.matches.push(Match {
            id: activity.id().to_owned(),
            competition: of.competition.clone(),
            stage: of.stage.clone(),
            group: of.group.clone(),
            round: of.round,
            sides: [&of.sides[0], &of.sides[1]].map(|side| numbers.side(side)),
            length: times.length,
            set_up: times.set_up,
            occupied: times.length.saturating_add(times.turnaround),
            crowd,
            people: needs.people.unwrap_or_default().max(1),
            kick_offs: None,
            pitches: None,
            pinned: stays.then(|| game.place()),
            appointed,
            crews: u32::from(crews),
        });
        games.push(game);
    }
    games
}

/// How long a match takes and holds its pitch, in minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Times {
    /// From the kick-off to the whistle.
    pub(super) length: Minute,
    /// Before the kick-off.
    pub(super) set_up: Minute,
    /// After the whistle.
    pub(super) turnaround: Minute,
}

impl Times {
    /// As the activity says, in whole minutes that hold all of it.
    fn stored(activity: &Activity, calendar: &Calendar) -> Self {
        let (time, occupied) = (calendar.span(&activity.time), calendar.span(&activity.occupation));
        Self {
            length: time.end - time.start,
            set_up: time.start - occupied.start,
            turnaround: occupied.end - time.end,
        }
    }

    /// As the frame says, where it does.
    fn with(self, needs: &Needs) -> Self {
        let minutes = |length: SignedDuration| Minute::try_from(length.as_mins()).unwrap_or(Minute::MAX / 4);
        Self {
            length: needs.length.map_or(self.length, minutes).max(1),
            set_up: needs.set_up.map_or(self.set_up, minutes),
            turnaround: needs.turnaround.map_or(self.turnaround, minutes),
        }
    }

    /// The same on a pitch that has a warm-up area, or has none.
    pub(super) fn on(self, has_warm_up_area: bool) -> Self {
        Self { set_up: held_before(self.set_up, has_warm_up_area), ..self }
    }
}

/// Where teams, matches and groups stand in the lists.
struct Numbers {
    teams: BTreeMap<String, usize>,
    matches: BTreeMap<String, usize>,
    /// The first match of each group, and how many teams it has.
    groups: BTreeMap<(String, String), (usize, u32)>,
}

impl Numbers {
    fn of(material: &Material, played: &[(&Activity, &Played)], instance: &Instance) -> Self {
        let matches: BTreeMap<String, usize> =
            played.iter().map(|(activity, _)| activity.id().to_owned()).zip(0..).collect();
        let groups = material.timetable.groups().into_iter().filter_map(|((competition, name), group)| {
            let first = matches.get(group.matches.first()?.id())?;
            let teams = u32::try_from(group.teams.len()).unwrap_or(u32::MAX);
            Some(((competition.to_owned(), name.to_owned()), (*first, teams)))
        });
        Self {
            groups: groups.collect(),
            teams: instance.teams.iter().map(|team| team.id.clone()).zip(0..).collect(),
            matches,
        }
    }

    /// Who plays, as far as the words say it.
    fn side(&self, side: &timetable::Side) -> Side {
        let read = match side {
            timetable::Side::Team(name) => self.teams.get(short(name)).copied().map(Side::Team),
            timetable::Side::Slot(Slot::OfMatch { id, winner, .. }) => {
                let side = if *winner { Side::Winner } else { Side::Loser };
                self.matches.get(id).copied().map(side)
            }
            timetable::Side::Slot(Slot::OfGroup { competition, group, place, .. }) => self
                .groups
                .get(&(competition.clone(), group.clone()))
                .map(|(of, teams)| Side::Rank { of: *of, rank: place.unwrap_or(*teams).max(1) }),
            timetable::Side::Slot(Slot::Unread { .. }) => None,
        };
        read.unwrap_or(Side::Open)
    }
}
