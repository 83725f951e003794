//! What a timetable is made within: kick-offs, pitches, what matches need, and the ladder.
//!
//! | file | subject |
//! |---|---|
//! | `kick_off` | when matches may kick off on a day |
//! | `derive` | what the schedule says where a frame is silent |

mod derive;
mod kick_off;

use std::collections::{BTreeMap, BTreeSet};

use matchday_kernel::{Interval, SignedDuration, civil::Date};

use super::check::{
    rule::{Kind, Window},
    timetable::{Activity, Played},
};

pub use derive::completed;
pub use kick_off::{FreeWindow, KickOffs};

/// What a timetable is made within.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frame {
    /// When matches may kick off on a day without a word of its own.
    pub kick_offs: KickOffs,
    /// Days that differ.
    pub days: BTreeMap<Date, FrameDay>,
    /// Where matches may be played.
    pub pitches: Vec<FramePitch>,
    /// What matches need; of several that cover a match the first that says something counts.
    pub matches: Vec<Needs>,
    /// Ids of matches that stay where they are.
    pub kept: BTreeSet<String>,
    /// What is known of teams, by id.
    pub teams: BTreeMap<String, FrameTeam>,
    /// Steps by which rules are relaxed.
    pub ladder: Vec<Step>,
}

/// A day that differs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FrameDay {
    /// When matches may kick off; `None` means as on other days.
    pub kick_offs: Option<KickOffs>,
    /// Held in reserve for the ladder.
    pub reserve: bool,
}

/// Where matches may be played.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FramePitch {
    /// Name of the zone.
    pub zone: String,
    /// When it is open, every day; `None` means always.
    pub hours: Option<Window>,
    /// When it is closed all the same, and why.
    pub closures: Vec<(Interval, String)>,
    /// Has floodlights.
    pub floodlit: bool,
    /// What is played on; empty when nobody said.
    pub surface: String,
    /// Spectators it holds; 0 when nobody said.
    pub capacity: u32,
    /// Held in reserve for the ladder.
    pub reserve: bool,
    /// Name of the zone where teams warm up; empty means on the pitch.
    pub warm_up_area: String,
}

/// What some matches need; what is `None` their activities say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Needs {
    /// Matches of these competitions; none means all.
    pub competitions: Vec<String>,
    /// Matches of these stages; none means all.
    pub stages: Vec<String>,
    /// From the kick-off to the last possible whistle.
    pub length: Option<SignedDuration>,
    /// Time the pitch is needed before the kick-off.
    pub set_up: Option<SignedDuration>,
    /// Time the pitch is needed after the whistle.
    pub turnaround: Option<SignedDuration>,
    /// Spectators expected where the session does not say.
    pub crowd: Option<u32>,
    /// People to be told beside the teams.
    pub people: Option<u32>,
    /// Whether officials are appointed.
    pub officials: Option<bool>,
}

/// What is known of a team.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FrameTeam {
    /// People to be told when one of its matches moves; 0 when nobody said.
    pub people: u32,
    /// Ways from its lodging, by the name of the place.
    pub ways: BTreeMap<String, SignedDuration>,
}

/// A step of the ladder.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What it is called.
    pub title: String,
    /// What gives way.
    pub easings: Vec<Easing>,
}

/// One thing that gives way.
#[derive(Clone, Debug, PartialEq)]
pub enum Easing {
    /// Another kind or limit for the rule of an id.
    Rule {
        /// The id.
        id: String,
        /// What it looks at then.
        kind: Kind,
    },
    /// Further kick-offs on every day that is not in reserve.
    KickOffs(KickOffs),
    /// A day in reserve.
    Day(Date),
    /// A pitch in reserve, by the name of its zone.
    Pitch(String),
    /// A pitch that is open for longer.
    Open {
        /// Name of the zone.
        zone: String,
        /// When, too.
        time: Interval,
    },
}

impl Needs {
    fn cover(&self, played: &Played) -> bool {
        let within = |list: &[String], value: &String| list.is_empty() || list.contains(value);
        within(&self.competitions, &played.competition) && within(&self.stages, &played.stage)
    }
}

impl Frame {
    /// What a match needs: of each thing what the first entry says that covers it and says something.
    #[must_use]
    pub fn needs(&self, played: &Played) -> Needs {
        let mut needs = Needs::default();
        for entry in self.matches.iter().filter(|entry| entry.cover(played)) {
            needs.length = needs.length.or(entry.length);
            needs.set_up = needs.set_up.or(entry.set_up);
            needs.turnaround = needs.turnaround.or(entry.turnaround);
            needs.crowd = needs.crowd.or(entry.crowd);
            needs.people = needs.people.or(entry.people);
            needs.officials = needs.officials.or(entry.officials);
        }
        needs
    }

    /// When matches may kick off on a day, those of a reserve day included.
    #[must_use]
    pub fn kick_offs_on(&self, date: Date) -> &KickOffs {
        self.days.get(&date).and_then(|day| day.kick_offs.as_ref()).unwrap_or(&self.kick_offs)
    }

    /// Whether a day is held in reserve.
    #[must_use]
    pub fn is_reserve(&self, date: Date) -> bool {
        self.days.get(&date).is_some_and(|day| day.reserve)
    }

    /// Whether an activity stays where it is.
    #[must_use]
    pub fn keeps(&self, activity: &Activity) -> bool {
        activity.pinned || activity.has_begun() || self.kept.contains(activity.id())
    }
}

impl FrameTeam {
    /// Minutes to a zone: the way to the nearest place around it that has one; 0 without.
    #[must_use]
    pub fn minutes_to(&self, zone: &str) -> u32 {
        let around = |place: &&String| zone == *place || zone.starts_with(&format!("{place}/"));
        let nearest = self.ways.keys().filter(around).max_by_key(|place| place.len());
        let way = nearest.and_then(|place| self.ways.get(place));
        way.map_or(0, |way| u32::try_from(way.as_mins()).unwrap_or_default())
    }
}
