//! What the engine works on: volunteers, shifts and rules as data. Times are minutes from the midnight on which the
//! first day begins; a list of numbers names things by their place in the instance's lists, counted from 0.

use serde::{Deserialize, Serialize};

/// Minutes from the start of the first day.
pub type Minute = i32;

/// A time from `start` to `end`, the end not included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// First minute.
    pub start: Minute,
    /// First minute after it.
    pub end: Minute,
}

impl Span {
    /// How long it is, in minutes.
    #[must_use]
    pub fn minutes(self) -> Minute {
        self.end - self.start
    }

    /// Whether all of the other time lies in it.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether they share a minute.
    #[must_use]
    pub fn meets(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// A roster to be made.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instance {
    /// Where each calendar day begins, in order. A shift belongs to the day it begins on.
    pub days: Vec<Minute>,
    /// Ids of the places where people work.
    pub places: Vec<String>,
    /// Minutes from place to place: a row for each place; none given means that no way takes time.
    #[serde(default)]
    pub travel: Vec<Vec<Minute>>,
    /// Ids of skills.
    pub skills: Vec<String>,
    /// Ids of languages.
    #[serde(default)]
    pub languages: Vec<String>,
    /// Ids of posts.
    pub posts: Vec<String>,
    /// Groups that come together: of a university, of a company.
    #[serde(default)]
    pub groups: Vec<Group>,
    /// Those who work.
    pub volunteers: Vec<Volunteer>,
    /// What is to be filled.
    pub shifts: Vec<Shift>,
    /// What must and should hold. That people bring what a shift requires, can come, have not declined it, and
    /// hold one shift at a time, always holds and is no rule.
    pub rules: Vec<Rule>,
}

/// A group that comes together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Its id.
    pub id: String,
    /// The member who leads it.
    #[serde(default)]
    pub leader: Option<usize>,
    /// Seats of its bus: no more members than that work on a day; `None` when there is no bus.
    #[serde(default)]
    pub bus: Option<u32>,
    /// When its members have classes: none of them works then.
    #[serde(default)]
    pub classes: Vec<Span>,
}

/// A volunteer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Volunteer {
    /// The id.
    pub id: String,
    /// What the person can do.
    pub skills: Vec<Qualification>,
    /// What the person speaks.
    pub languages: Vec<usize>,
    /// When the person can come: a shift lies within one of these.
    pub available: Vec<Span>,
    /// Place where the person lodges.
    pub home: Option<usize>,
    /// Places where the person likes to work; none given means all.
    pub prefers: Vec<usize>,
    /// Times of the day, in minutes since midnight, in which the person does not like to begin.
    pub avoids: Vec<Span>,
    /// Whether the person wishes to stay with one post.
    pub continuity: bool,
    /// Age in years; `None` when nobody said.
    pub age: Option<u32>,
    /// Limits of the person's own.
    pub limits: Limits,
    /// Those of one team, buddies among them, work together; empty for none.
    pub team: String,
    /// The group the person comes with.
    pub group: Option<usize>,
    /// Shifts that the person has declined.
    pub declined: Vec<usize>,
}

/// A skill that a person has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Qualification {
    /// The skill.
    pub skill: usize,
    /// When it is valid; `None` means always.
    #[serde(default)]
    pub valid: Option<Span>,
}

/// Limits of a person, each in place of what the rule says; minutes but for the last two.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Of [`Kind::HoursPerDay`].
    pub day: Option<Minute>,
    /// Of [`Kind::HoursPerWeek`].
    pub week: Option<Minute>,
    /// Of [`Kind::HoursInAll`].
    pub total: Option<Minute>,
    /// Of [`Kind::Rest`].
    pub rest: Option<Minute>,
    /// Of [`Kind::ConsecutiveDays`].
    pub consecutive: Option<u32>,
    /// Of [`Kind::Engagement`].
    pub engagement: Option<u32>,
}

/// A post at a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shift {
    /// Its id.
    pub id: String,
    /// The post.
    pub post: usize,
    /// Where.
    pub place: usize,
    /// When.
    pub span: Span,
    /// Seats for volunteers.
    pub headcount: u32,
    /// People that a unit brings: unnamed, no seats of a roster, counted in the coverage.
    #[serde(default)]
    pub unit_headcount: u32,
    /// Skills that each one needs.
    #[serde(default)]
    pub skills: Vec<usize>,
    /// Languages of which each one speaks one; none given asks for none.
    #[serde(default)]
    pub languages: Vec<usize>,
    /// What a seat costs that stays open.
    pub priority: i64,
}

/// A limit or a wish.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Its id, once in an instance.
    pub id: String,
    /// What it looks at.
    pub kind: Kind,
    /// How much it matters.
    pub severity: Severity,
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
}

/// What a rule looks at. *Unit* says what a soft rule counts. Those marked *wish* are never hard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Between shifts at two places lies the way from one to the other. Unit: pair of shifts.
    Travel {
        /// Minutes by which a person may be late for the second one.
        lateness: Minute,
    },
    /// Minutes between shifts of two days. Unit: pair of shifts.
    Rest(Minute),
    /// Minutes of work on a day. Unit: minute beyond.
    HoursPerDay(Minute),
    /// Minutes of work in any seven days in a row. Unit: minute beyond, over all such weeks.
    HoursPerWeek(Minute),
    /// Minutes of work in all. Unit: minute beyond.
    HoursInAll(Minute),
    /// Days of work in a row. Unit: day beyond.
    ConsecutiveDays(u32),
    /// After at most `work` minutes, counted from the first start to the last end, there is a pause of at least
    /// `pause`. Unit: stretch of work that is longer.
    Breaks {
        /// Minutes.
        work: Minute,
        /// Minutes.
        pause: Minute,
    },
    /// Nobody below the age works in this time of the day. Unit: shift.
    Minors {
        /// Years.
        age: u32,
        /// Times in minutes since midnight, at most 2,880, so that a night may pass midnight.
        during: Span,
    },
    /// Minutes from home to a shift, where home is known. Unit: shift further away.
    Commute(Minute),
    /// People work where they prefer. *Wish.* Unit: shift elsewhere.
    PreferredPlace,
    /// People do not begin when they do not like to. *Wish.* Unit: shift and time that is avoided.
    AvoidedTimes,
    /// Everybody holds at least so many shifts. *Wish.* Unit: shift too few.
    Engagement(u32),
    /// Nights, weekends, unpopular posts are shared: nobody holds more than so many of them. Unit: shift beyond.
    Share {
        /// Which shifts count.
        of: Burden,
        /// How many of them a person holds at most.
        most: u32,
    },
    /// Those who wish it stay with one post. *Wish.* Unit: post beyond the first.
    Continuity,
    /// Those of a team work together. *Wish.* Unit: person in a shift with none other of the team.
    TeamTogether,
    /// In a shift that at least `from` people hold, one has the skill: a leader (from 1), somebody with experience
    /// (from 2). *Wish.* Unit: shift.
    Among {
        /// The skill.
        skill: usize,
        /// People, at least 1.
        from: u32,
    },
    /// Groups are kept whole: on a day those of a group who work are at one place, the leader, where it has one, is
    /// there, and the bus holds them. *Wish.* Unit: group and day.
    GroupsWhole,
}

/// Shifts that nobody likes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Burden {
    /// Those that touch this time of the day, in minutes since midnight, at most 2,880.
    Nights(Span),
    /// Those of these days: weekends.
    Days(Vec<usize>),
    /// Those of these posts.
    Posts(Vec<usize>),
}

/// A roster: of each shift those who hold it, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Roster {
    /// Volunteers, by shift.
    pub crews: Vec<Vec<usize>>,
}

impl Instance {
    /// The day a minute lies on, by place in the list of days.
    #[must_use]
    pub fn day(&self, minute: Minute) -> usize {
        self.days.partition_point(|start| *start <= minute).saturating_sub(1)
    }

    /// Minutes from one place to another.
    #[must_use]
    pub fn way(&self, from: usize, to: usize) -> Minute {
        self.travel.get(from).and_then(|row| row.get(to)).copied().unwrap_or(0)
    }

    /// A shift's time as minutes since the midnight of the day it begins on.
    #[must_use]
    pub fn clock(&self, shift: &Shift) -> Span {
        let midnight = self.days[self.day(shift.span.start)];
        Span { start: shift.span.start - midnight, end: shift.span.end - midnight }
    }
}
