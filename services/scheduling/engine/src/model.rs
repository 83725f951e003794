//! The instance: what is to be placed, where it may stand, and the rules. It is what JSON files hold, too.
//!
//! Time is counted in whole minutes from the start of the first calendar day, on one continuous clock: a day on
//! which the clocks change has 23 or 25 hours, and [`Day::start`] says where each begins. Things refer to each
//! other by their place in the lists.

use serde::{Deserialize, Serialize};

/// Minutes since the start of the first day.
pub type Minute = i32;

/// A time from `start` to `end`, the end not included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// First minute.
    pub start: Minute,
    /// First minute after it.
    pub end: Minute,
}

/// A tournament to make a timetable for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instance {
    /// What it is called.
    pub name: String,
    /// The calendar days, in order.
    pub days: Vec<Day>,
    /// Where the last day ends.
    pub end: Minute,
    /// When matches may kick off unless a match has its own list. Free windows are lists with a small step.
    pub kick_offs: Vec<Minute>,
    /// Those that play.
    pub teams: Vec<Team>,
    /// Where they play.
    pub pitches: Vec<Pitch>,
    /// Areas where teams warm up, each used by one match at a time.
    #[serde(default)]
    pub warm_up_areas: Vec<String>,
    /// What is to be placed.
    pub matches: Vec<Match>,
    /// Matches called off, by place in the list: they keep their place in a timetable, occupy nothing, and no rule
    /// looks at them.
    #[serde(default)]
    pub cancelled: Vec<usize>,
    /// Matches that have begun, by place in the list: they are pinned, and what they break by themselves is past and
    /// looked at no more. A limit on a sum is at least what they add to it.
    #[serde(default)]
    pub begun: Vec<usize>,
    /// What occupies pitches and is not to be placed: ceremonies, training, bookings of other tournaments.
    #[serde(default)]
    pub fixed: Vec<Fixed>,
    /// Those that lead matches; none when officials are not to be appointed.
    #[serde(default)]
    pub officials: Vec<Official>,
    /// What must and should hold.
    pub rules: Vec<Rule>,
    /// Steps by which rules may be relaxed when nothing is feasible, in the order they are tried. Each is tried alone:
    /// one that stands on another names the changes of both. Where none is enough, all are tried together.
    #[serde(default)]
    pub ladder: Vec<Relaxation>,
}

/// A calendar day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Day {
    /// How it is called in sentences: `2023-10-25`.
    pub label: String,
    /// Where it begins.
    pub start: Minute,
}

/// A team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Team {
    /// Its id.
    pub id: String,
    /// Competition it plays in.
    pub competition: String,
    /// Country or region, for officials' neutrality; empty when nobody said.
    #[serde(default)]
    pub country: String,
    /// People to be told when one of its matches moves.
    #[serde(default)]
    pub people: u32,
    /// Minutes from its lodging to each pitch, in the order of the pitches; empty when nobody said.
    #[serde(default)]
    pub travel: Vec<u32>,
}

/// A pitch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pitch {
    /// Its id.
    pub id: String,
    /// Id of its venue: sessions and the limits of a day may hang on it.
    pub venue: String,
    /// Id of the site.
    #[serde(default)]
    pub site: String,
    /// When it is open; occupations lie within one of these.
    pub open: Vec<Span>,
    /// When it is closed nevertheless, and why.
    #[serde(default)]
    pub closed: Vec<Closure>,
    /// Its surface, for the wear budget: `natural grass`.
    #[serde(default)]
    pub surface: String,
    /// Spectators it holds; 0 when nobody said.
    #[serde(default)]
    pub capacity: u32,
    /// Whether it has floodlights. No search looks at it: how long the light lasts is in `open`.
    #[serde(default)]
    pub floodlit: bool,
    /// Held in reserve: used only after a step of the ladder says so.
    #[serde(default)]
    pub reserve: bool,
    /// Area where teams warm up, in place of the pitch.
    #[serde(default)]
    pub warm_up_area: Option<usize>,
}

/// A time at which a pitch cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closure {
    /// When.
    pub span: Span,
    /// Why, for sentences.
    pub why: String,
}

/// A match to be placed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Match {
    /// Its id.
    pub id: String,
    /// Competition.
    pub competition: String,
    /// Stage: `group`, `quarter-final`.
    pub stage: String,
    /// Group; empty outside a group stage.
    #[serde(default)]
    pub group: String,
    /// Round in its group, from 1; 0 when nobody said. Only the last round is looked at.
    #[serde(default)]
    pub round: u32,
    /// Who plays.
    pub sides: [Side; 2],
    /// Minutes from the kick-off to the whistle that count for rest.
    pub length: Minute,
    /// Minutes the pitch is needed before the kick-off.
    pub set_up: Minute,
    /// Minutes the pitch is needed from the kick-off on: the longest length, and the turnaround.
    pub occupied: Minute,
    /// Spectators expected, or any other measure of the crowd; rules use the same one.
    #[serde(default)]
    pub crowd: u32,
    /// People to be told beside the teams when it moves in time: officials, ticket holders, staff.
    #[serde(default)]
    pub people: u32,
    /// When it may kick off, in place of the instance's list.
    #[serde(default)]
    pub kick_offs: Option<Vec<Minute>>,
    /// Pitches it may be played on; none given means all that are not in reserve.
    #[serde(default)]
    pub pitches: Option<Vec<usize>>,
    /// Where it stands already and stays.
    #[serde(default)]
    pub pinned: Option<Place>,
    /// Officials already appointed, who stay.
    #[serde(default)]
    pub appointed: Vec<usize>,
    /// Crews of officials it needs: 0 or 1.
    #[serde(default)]
    pub crews: u32,
}

/// A side of a match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// A team.
    Team(usize),
    /// The winner of a match.
    Winner(usize),
    /// The loser of a match.
    Loser(usize),
    /// A rank, from 1, in the group that a match belongs to: any match of the group names it.
    Rank {
        /// A match of the group.
        of: usize,
        /// The rank.
        rank: u32,
    },
    /// A place among teams of the same rank in several groups of the competition; every group match decides it.
    Across {
        /// A match of the competition's group stage.
        of: usize,
        /// The rank, from 1.
        place: u32,
    },
    /// Nobody knows yet, and nothing depends on it.
    Open,
}

/// Where and when a match is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Kick-off.
    pub start: Minute,
    /// Pitch.
    pub pitch: usize,
}

/// Something that occupies a pitch and is not to be placed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fixed {
    /// Its id, or the name of the booking.
    pub id: String,
    /// What it is, for sentences.
    pub title: String,
    /// The pitch.
    pub pitch: usize,
    /// When the pitch is occupied, buffers included.
    pub span: Span,
}

/// Somebody, or a crew, that leads matches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Official {
    /// The id.
    pub id: String,
    /// Country or region; empty when nobody said.
    #[serde(default)]
    pub country: String,
    /// Teams whose group matches the official never leads.
    #[serde(default)]
    pub conflicts: Vec<usize>,
    /// When the official is away.
    #[serde(default)]
    pub away: Vec<Span>,
}

/// A limit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Its id, once in an instance.
    pub id: String,
    /// What it looks at, and its limit.
    pub kind: Kind,
    /// How much it matters.
    pub severity: Severity,
    /// What it is about.
    #[serde(default)]
    pub scope: Scope,
    /// Where the limit was read.
    #[serde(default)]
    pub source: String,
    /// Nobody has confirmed the limit.
    #[serde(default)]
    pub assumed: bool,
}

/// How much a rule matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Must hold.
    Hard,
    /// Should hold: each unit by which it is broken costs the weight.
    Soft {
        /// Cost of a unit, at least 0.
        weight: i64,
    },
    /// Is not looked at.
    Off,
}

/// What a rule is about; an empty list limits nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Scope {
    /// Matches of these competitions.
    pub competitions: Vec<String>,
    /// Matches of these stages.
    pub stages: Vec<String>,
    /// These matches, by id.
    pub matches: Vec<String>,
    /// Places: ids of sites, venues or pitches.
    pub places: Vec<String>,
}

/// What a rule looks at. *Unit* says what a soft rule counts.
///
/// That a pitch and a warm-up area hold one thing at a time, that a team plays one match at a time and that a match
/// comes after those that decide who plays it, always holds and is no rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Whole calendar days between two matches of every possible participant. Unit: pair of matches.
    RestCalendarDays(u32),
    /// Minutes from kick-off to kick-off of every possible participant. Unit: pair of matches.
    RestKickOff(Minute),
    /// Minutes from the whistle to the next kick-off of every possible participant. Unit: pair of matches.
    RestWhistle(Minute),
    /// A team plays at most one match a day. Unit: pair of matches.
    TeamOnceADay,
    /// The last matches of a group start together; not applicable to a group with an odd number of teams.
    /// Unit: group.
    LastGroupMatchesTogether,
    /// The matches of the list (ids) kick off at the same time. Unit: pair beside the first.
    Together(Vec<String>),
    /// The matches of the list (ids) kick off in this order, at the same time at best. Unit: neighbours in the list.
    InOrder(Vec<String>),
    /// Most matches of one pitch and day; scope by place. Unit: match too many.
    MatchesPerPitchAndDay(u32),
    /// Most matches of one venue and day; scope by place. Unit: match too many.
    MatchesPerVenueAndDay(u32),
    /// Minutes of play that one pitch of the scope (place, or surface below) bears in any seven calendar days.
    /// Unit: minute too many in the worst week of a pitch.
    WeeklyWear {
        /// Surface; empty means all.
        surface: String,
        /// Minutes.
        most: u32,
    },
    /// Most crowd of matches of the scope that are in play at the same time. Unit: one of the crowd too many, at the
    /// worst kick-off.
    CrowdAtOnce(u32),
    /// Kick-offs lie within this time of the day, in minutes since midnight, the end included. Unit: match.
    KickOffWithin {
        /// Earliest.
        from: Minute,
        /// Latest.
        until: Minute,
    },
    /// Like [`Kind::KickOffWithin`]; Unit: one of the crowd of the match. Used for prime time.
    CrowdWithin {
        /// Earliest.
        from: Minute,
        /// Latest.
        until: Minute,
        /// Matches with less crowd are not looked at.
        crowd: u32,
    },
    /// No match kicks off on these days, by place in the list of days. Unit: match.
    NotOnDays(Vec<usize>),
    /// Matches kick off on these days. Unit: match.
    OnDays(Vec<usize>),
    /// Matches are played on these pitches, by place in the list. Unit: match.
    OnPitches(Vec<usize>),
    /// Those that meet have rested equally: for a match that two matches feed, the difference of their kick-offs.
    /// Unit: minute.
    EqualRest,
    /// Teams have an equal share of kick-offs in this time of the day, over matches that name them. Unit: match of
    /// difference between the most and the fewest in a competition beyond 1.
    ShareOfPrimeTime {
        /// Earliest.
        from: Minute,
        /// Latest.
        until: Minute,
    },
    /// Teams have an equal share of matches on these pitches, over matches that name them. Unit: as above.
    ShareOfPitches(Vec<usize>),
    /// Minutes a team travels from its lodging to a match. Unit: minute beyond the limit.
    Travel(u32),
    /// Most matches of an official on a day. Unit: match too many.
    OfficialMatchesPerDay(u32),
    /// Most matches of an official in all. Unit: match too many.
    OfficialMatches(u32),
    /// Minutes from kick-off to kick-off of an official. Unit: pair of matches.
    OfficialRest(Minute),
    /// An official leads no match that names a team of the official's country, or one in conflict. Unit: match.
    OfficialNeutral,
    /// Minutes between the end of the last occupation of a venue's session and the first set-up of the next one's,
    /// where a match with a crowd follows another day's; sessions of one venue and day are one. Unit: pair of sessions.
    SessionsApart(Minute),
    /// A match with at least this crowd is announced this long before: it does not kick off before `now` + minutes.
    /// Unit: match.
    Notice {
        /// Crowd from which it counts.
        crowd: u32,
        /// Minutes of notice.
        minutes: Minute,
        /// The present; may be negative.
        now: Minute,
    },
    /// Expected crowd fits the capacity of the pitch, where both are known. Unit: one of the crowd too many.
    FitsCapacity,
}

/// A step of the ladder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relaxation {
    /// What it is called: `rest 44 h in place of 48 h`.
    pub title: String,
    /// What it does, in order.
    pub changes: Vec<Ease>,
}

/// What a step of the ladder does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ease {
    /// Puts another rule in the place of the rule with this id.
    Rule {
        /// Id of the rule it replaces.
        id: String,
        /// What it looks at then.
        kind: Kind,
    },
    /// Adds kick-offs.
    KickOffs(Vec<Minute>),
    /// Takes a pitch out of the reserve.
    Reserve(usize),
    /// Opens a pitch for longer.
    Open {
        /// The pitch.
        pitch: usize,
        /// When, too.
        span: Span,
    },
}

/// A timetable: the place of every match and its officials, in the order of the matches.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Timetable {
    /// Places.
    pub places: Vec<Place>,
    /// Officials of each match, by place in the list of officials; empty lists where none are appointed.
    #[serde(default)]
    pub officials: Vec<Vec<usize>>,
}
