//! What happens to a schedule in force, and what it is to the timetable engine.

use matchday_kernel::{ActivityName, Interval, SignedDuration, TeamName, VenueName, ZoneName};
use matchday_timetable::{
    model::{Instance, Minute, Side},
    outcome,
};

use super::instance::Stated;

/// Something that happens to a schedule in force.
#[derive(Clone, Debug, PartialEq)]
pub enum Disruption {
    /// A pitch cannot be used for a time.
    PitchLost {
        /// The pitch.
        zone: ZoneName,
        /// When.
        time: Interval,
        /// Why.
        why: String,
    },
    /// No pitch of some venues can be used for a time.
    Weather {
        /// The venues; none means all.
        venues: Vec<VenueName>,
        /// When.
        time: Interval,
        /// Why.
        why: String,
    },
    /// A team plays no more.
    TeamWithdrawn {
        /// The team.
        team: TeamName,
    },
    /// Another team takes the place of one.
    TeamReplaced {
        /// The team that goes.
        team: TeamName,
        /// The team that comes.
        by: TeamName,
    },
    /// A match ends later than planned.
    MatchOverruns {
        /// The match.
        activity: ActivityName,
        /// How much later.
        by: SignedDuration,
    },
    /// A pitch is given up for another.
    PitchSwapped {
        /// The pitch given up.
        zone: ZoneName,
        /// The pitch taken in its place.
        by: ZoneName,
    },
    /// A pitch holds another number of spectators.
    CapacityChanged {
        /// The pitch.
        zone: ZoneName,
        /// Spectators.
        capacity: u32,
    },
}

impl Disruption {
    /// Lets a team come that was entered and does not play: the engine knows one that comes as one that was not there.
    pub fn make_way(&self, instance: &mut Instance) {
        let Self::TeamReplaced { by, .. } = self else { return };
        let Some(index) = instance.teams.iter().position(|team| team.id == by.id()) else { return };
        let plays = instance.matches.iter().any(|game| game.sides.contains(&Side::Team(index)));
        if !plays {
            instance.teams[index].id.push_str(" (did not play)");
        }
    }

    /// The disruption as the engine knows it.
    ///
    /// # Errors
    /// What it names and the timetable does not have.
    pub fn stated(&self, stated: &Stated) -> Result<outcome::Disruption, String> {
        Ok(match self {
            Self::PitchLost { zone, time, why } => {
                let span = stated.calendar.span(time);
                let pitch = pitch(stated, zone)?;
                outcome::Disruption::PitchLost { pitch, from: span.start, until: span.end, why: why.clone() }
            }
            Self::Weather { venues, time, why } => {
                let span = stated.calendar.span(time);
                let venues = venues.iter().map(|name| venue(stated, name)).collect::<Result<_, _>>()?;
                outcome::Disruption::Weather { venues, from: span.start, until: span.end, why: why.clone() }
            }
            Self::TeamWithdrawn { team: name } => {
                outcome::Disruption::TeamWithdrawn { team: team(stated, name)? }
            }
            Self::TeamReplaced { team: name, by } => {
                outcome::Disruption::TeamReplaced { team: team(stated, name)?, by: by.id().to_owned() }
            }
            Self::MatchOverruns { activity, by } => {
                let index = game(stated, activity)?;
                let by = Minute::try_from(by.as_mins()).map_err(|_| format!("{by:#} is too long"))?;
                outcome::Disruption::MatchOverruns { index, by }
            }
            Self::PitchSwapped { zone, by } => {
                outcome::Disruption::VenueSwapped { pitch: pitch(stated, zone)?, by: pitch(stated, by)? }
            }
            Self::CapacityChanged { zone, capacity } => {
                outcome::Disruption::CapacityChanged { pitch: pitch(stated, zone)?, capacity: *capacity }
            }
        })
    }
}

fn pitch(stated: &Stated, zone: &ZoneName) -> Result<usize, String> {
    let index = stated.zones.iter().position(|known| known == zone.as_str());
    index.ok_or_else(|| {
        format!("{zone} is none of the pitches of this timetable: {}", stated.zones.join(", "))
    })
}

/// The id of a venue, as its pitches name it.
fn venue(stated: &Stated, name: &VenueName) -> Result<String, String> {
    let within = format!("{name}/");
    let index = stated.zones.iter().position(|zone| zone.starts_with(&within));
    index
        .map(|index| stated.instance.pitches[index].venue.clone())
        .ok_or_else(|| format!("no pitch of this timetable is at {name}"))
}

fn game(stated: &Stated, name: &ActivityName) -> Result<usize, String> {
    let mut indexes = 0..stated.instance.matches.len();
    indexes
        .find(|index| stated.activity(*index) == Some(name.as_str()))
        .ok_or_else(|| format!("{name} is no match that takes place"))
}

fn team(stated: &Stated, name: &TeamName) -> Result<usize, String> {
    let index = stated.instance.teams.iter().position(|team| team.id == name.id());
    index.ok_or_else(|| format!("{name} does not play"))
}
