//! Limits that the timetable engine decides: where it places matches, and where it checks them.

use matchday_kernel::{
    SignedDuration,
    civil::{Date, Time},
};

/// A limit that the timetable engine decides.
#[derive(Clone, Debug, PartialEq)]
pub enum Limit {
    /// A team plays at most one match a day.
    TeamOnceADay,
    /// Matches, by id, kick off at the same time.
    Together(Vec<String>),
    /// Matches, by id, kick off in this order.
    InOrder(Vec<String>),
    /// Most matches of a pitch on a day.
    MatchesPerPitchAndDay(u32),
    /// Most play that a pitch bears in any seven days.
    WeeklyWear {
        /// The surface; empty means all.
        surface: String,
        /// Time of play.
        most: SignedDuration,
    },
    /// Most spectators of matches that are in play at the same time.
    CrowdAtOnce(u32),
    /// Matches kick off within a time of the day.
    KickOffWithin(Clocks),
    /// Matches with a large crowd kick off within a time of the day.
    CrowdWithin {
        /// The time.
        clocks: Clocks,
        /// Spectators from which a crowd is large.
        crowd: u32,
    },
    /// No match kicks off on these days.
    NotOnDays(Vec<Date>),
    /// Matches kick off on these days alone.
    OnDays(Vec<Date>),
    /// Matches are played on these pitches alone, by the names of their zones.
    OnPitches(Vec<String>),
    /// The two matches that decide who plays a third kick off at the same time.
    EqualRest,
    /// Teams kick off equally often within a time of the day.
    ShareOfPrimeTime(Clocks),
    /// Teams play equally often on these pitches.
    ShareOfPitches(Vec<String>),
    /// Longest way of a team to a match.
    Travel(SignedDuration),
    /// Most matches of an official on a day.
    OfficialMatchesPerDay(u32),
    /// Most matches of an official in all.
    OfficialMatches(u32),
    /// Least time from kick-off to kick-off of an official.
    OfficialRest(SignedDuration),
    /// An official leads no match of a team of the same country, or in conflict.
    OfficialNeutral,
    /// A match with a large crowd is announced so long before.
    Notice {
        /// Spectators from which a crowd is large.
        crowd: u32,
        /// How long before the kick-off.
        before: SignedDuration,
    },
    /// The crowd fits the pitch.
    FitsCapacity,
}

/// A time of the day for kick-offs, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clocks {
    /// Earliest.
    pub from: Time,
    /// Latest.
    pub until: Time,
}
