//! A rule: what it looks at, its limit, and what it is about.

use matchday_kernel::{SignedDuration, civil::Time};

use super::{limit::Limit, timetable::Activity, words};

/// A limit that a schedule is checked against.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// What it is called.
    pub id: String,
    /// What it looks at, and its limit.
    pub kind: Kind,
    /// How much it matters.
    pub severity: Severity,
    /// What it is about.
    pub scope: Scope,
}

/// What a rule looks at, and its limit.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Two activities never need one zone at the same time.
    PlaceDoubleBooked,
    /// No activity needs a zone that others hold.
    PlaceHeldByOthers,
    /// Sessions at one venue do not overlap.
    SessionsOverlap {
        /// Least time between two of them.
        between: SignedDuration,
    },
    /// A team plays one match at a time.
    TeamInTwoPlaces,
    /// An official has one match at a time.
    OfficialInTwoPlaces,
    /// A team rests between its matches.
    Rest(Rest),
    /// The last matches of a group start together.
    LastGroupMatchesTogether,
    /// A match comes after those that decide who plays it.
    KnockoutAfterFeeders {
        /// Least time between the whistle and the kick-off.
        gap: SignedDuration,
    },
    /// A venue has so many matches a day, and no more.
    MatchesPerVenueAndDay {
        /// Most matches.
        most: u32,
    },
    /// Places are used while they are open.
    OpeningHours(Window),
    /// Slots, groups, teams and sessions that are named are there.
    NamesKnown,
    /// Zones that are named are known to the venues.
    ZonesKnown,
    /// What the timetable engine decides.
    Timetable(Limit),
}

/// How rest is counted, and how much there must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// Whole days of the calendar between the days of two matches.
    CalendarDays(u32),
    /// Time from kick-off to kick-off.
    BetweenKickOffs(SignedDuration),
    /// Time from the whistle to the next kick-off.
    AfterWhistle(SignedDuration),
}

/// A time of every day; one that closes not after it opens closes on the next day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// When it begins.
    pub opens: Time,
    /// When it ends; midnight is the end of the day.
    pub closes: Time,
}

/// How much a rule matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Must hold.
    Hard,
    /// Should hold.
    Soft {
        /// How much, beside other soft rules.
        weight: u32,
    },
    /// Is not checked.
    Off,
}

/// What a rule is about. What is empty limits nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Matches of these competitions.
    pub competitions: Vec<String>,
    /// Matches of these stages.
    pub stages: Vec<String>,
    /// Activities at these sites, venues and zones.
    pub places: Vec<String>,
    /// These matches, by id.
    pub matches: Vec<String>,
}

impl Scope {
    /// Whether an activity is one that the rule is about.
    #[must_use]
    pub fn covers(&self, activity: &Activity) -> bool {
        let has = |wanted: &[String], value: &str| wanted.is_empty() || wanted.iter().any(|one| one == value);
        let of_matches = match &activity.played {
            Some(played) => {
                has(&self.competitions, &played.competition)
                    && has(&self.stages, &played.stage)
                    && has(&self.matches, words::id(&activity.name))
            }
            None => self.competitions.is_empty() && self.stages.is_empty() && self.matches.is_empty(),
        };
        of_matches && self.covers_place(&activity.zone)
    }

    /// Whether a place is one that the rule is about.
    #[must_use]
    pub fn covers_place(&self, place: &str) -> bool {
        let within = |outer: &String| {
            place.strip_prefix(outer.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.places.is_empty() || self.places.iter().any(within)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use super::*;

    #[test]
    fn a_scope_is_limited_by_all_that_is_given() {
        let game = game("m1", 0, "a", "b");
        let of = |competitions: &[&str], stages: &[&str], places: &[&str]| {
            let own = |texts: &[&str]| texts.iter().map(ToString::to_string).collect();
            let (competitions, stages, places) = (own(competitions), own(stages), own(places));
            Scope { competitions, stages, places, matches: vec![] }.covers(&game)
        };
        assert!(of(&[], &[], &[]));
        assert!(of(&["women", "men"], &["group"], &["sites/s"]));
        assert!(of(&[], &[], &["sites/s/venues/v1"]));
        assert!(!of(&["women"], &[], &[]));
        assert!(!of(&["men"], &["final"], &[]));
        assert!(!of(&["men"], &[], &["sites/s/venues/v"]), "a name that only begins alike is another place");
        let of_match = |id: &str| Scope { matches: vec![id.to_owned()], ..Scope::default() }.covers(&game);
        assert!(of_match("m1") && !of_match("m2"));
    }

    #[test]
    fn what_is_no_match_is_of_no_competition() {
        let ceremony = Activity { played: None, ..game("opening", 0, "a", "b") };
        assert!(Scope::default().covers(&ceremony));
        assert!(!Scope { stages: vec!["group".into()], ..Scope::default() }.covers(&ceremony));
    }
}
