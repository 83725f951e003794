//! A line of the run sheet as people see it: one thing that is to happen at a key time.

use matchday_kernel::Instant;

/// What a line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// An activity starts.
    Activity,
    /// Gates open.
    GatesOpen,
    /// Gates let nobody in any more.
    ExitOnly,
    /// A place is to be cleared.
    Clear,
    /// A shift begins.
    Shift,
    /// Work on a place is due.
    WorkOrder,
}

/// Where it stands; a later state is greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// To come.
    Planned,
    /// Under way.
    UnderWay,
    /// Done.
    Done,
    /// Does not take place.
    Cancelled,
}

/// Which line it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Name of the resource it is about.
    pub resource: String,
    /// What it is about.
    pub kind: Kind,
}

impl Key {
    /// The line of a resource.
    #[must_use]
    pub fn new(resource: impl Into<String>, kind: Kind) -> Self {
        Self { resource: resource.into(), kind }
    }
}

/// How many people a line is about; all zero where it is not about people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct People {
    /// Wanted.
    pub wanted: i32,
    /// Of those, sure to come.
    pub sure: i32,
    /// Of those, there.
    pub present: i32,
}

/// What is to happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Name of the tournament.
    pub tournament: String,
    /// The start, or the moment it is due.
    pub time: Instant,
    /// The end; `None` for a moment.
    pub end: Option<Instant>,
    /// When it was planned.
    pub planned: Instant,
    /// In words.
    pub title: String,
    /// Name of the zone or the venue.
    pub place: String,
    /// Name of the activity or session it is for.
    pub occasion: String,
    /// Unit or crew that sees to it; empty when nobody is named.
    pub owner: String,
    /// Where it stands, as far as a service has said so.
    pub state: State,
    /// The people it is about.
    pub people: People,
}

/// What the state of a line depends on when somebody looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// What it is about.
    pub kind: Kind,
    /// The state that a service has reported.
    pub reported: State,
    /// The start, or the moment it is due.
    pub time: Instant,
    /// The end; `None` for a moment.
    pub end: Option<Instant>,
    /// Somebody is named to see to it.
    pub has_owner: bool,
    /// The people it is about.
    pub people: People,
}

impl Standing {
    /// The state at a moment. The clock only carries a line on, never back, and nothing that it does is stored:
    /// - activities, open gates and exit-only gates are under way from their time, and done from their end;
    /// - an activity that somebody has said is under way is done when somebody says so;
    /// - a clear-out is under way from its time, and done when somebody has reported it;
    /// - a unit's shift, which nobody signs out of, is done from its end once the unit has come;
    /// - other shifts and work orders are what people report.
    #[must_use]
    pub fn at(&self, now: Instant) -> State {
        let has_ended = self.end.is_some_and(|end| end <= now);
        let by_clock = match self.kind {
            Kind::Activity if self.reported == State::UnderWay => State::UnderWay,
            Kind::Activity | Kind::GatesOpen | Kind::ExitOnly if has_ended => State::Done,
            Kind::Activity | Kind::GatesOpen | Kind::ExitOnly | Kind::Clear if self.time <= now => {
                State::UnderWay
            }
            Kind::Shift if self.has_owner && has_ended && self.reported == State::UnderWay => State::Done,
            _ => State::Planned,
        };
        self.reported.max(by_clock)
    }

    /// What is late at a moment, in a sentence; like the state, it is said when somebody looks and stored nowhere:
    /// - work that is due and not done;
    /// - an activity that should be over, and is said to be under way;
    /// - a shift that has begun and not ended, with fewer people there than are wanted.
    #[must_use]
    pub fn lateness(&self, now: Instant) -> Option<String> {
        let People { wanted, present, .. } = self.people;
        let has_ended = self.end.is_some_and(|end| end <= now);
        match (self.kind, self.reported) {
            (Kind::Activity, State::UnderWay) if has_ended => Some("should be over, and is not".to_owned()),
            (Kind::WorkOrder, State::Planned) if self.time < now => Some("overdue, and not begun".to_owned()),
            (Kind::WorkOrder, State::UnderWay) if self.time < now => Some("overdue".to_owned()),
            (Kind::Shift, State::Planned | State::UnderWay) if self.time <= now && !has_ended => {
                match (present, self.has_owner) {
                    (0, true) => Some("it has begun, and the unit has not reported".to_owned()),
                    (0, false) => Some("it has begun, and nobody has signed in".to_owned()),
                    (present, false) if present < wanted => Some(format!("{present} of {wanted} are there")),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const STATES: [State; 4] = [State::Planned, State::UnderWay, State::Done, State::Cancelled];
    const KINDS: [Kind; 6] =
        [Kind::Activity, Kind::GatesOpen, Kind::ExitOnly, Kind::Clear, Kind::Shift, Kind::WorkOrder];

    fn at(minute: i64) -> Instant {
        Instant::from_micros(minute * 60_000_000).unwrap()
    }

    /// Of a line from minute 10 to minute 20.
    fn standing(kind: Kind, reported: State, has_owner: bool) -> Standing {
        let people = People { wanted: 3, sure: 2, present: 0 };
        Standing { kind, reported, time: at(10), end: Some(at(20)), has_owner, people }
    }

    fn states(standing: Standing) -> [State; 4] {
        [9, 10, 19, 20].map(|minute| standing.at(at(minute)))
    }

    #[test]
    fn the_clock_begins_and_ends_activities_and_openings() {
        for kind in [Kind::Activity, Kind::GatesOpen, Kind::ExitOnly] {
            let by_clock = [State::Planned, State::UnderWay, State::UnderWay, State::Done];
            assert_eq!(states(standing(kind, State::Planned, false)), by_clock, "{kind:?}");
            assert_eq!(states(standing(kind, State::Cancelled, false)), [State::Cancelled; 4], "{kind:?}");
        }
    }

    #[test]
    fn what_was_kicked_off_is_over_when_somebody_says_so() {
        let in_play = standing(Kind::Activity, State::UnderWay, false);
        assert_eq!(states(in_play), [State::UnderWay; 4]);
        assert_eq!((in_play.lateness(at(19)), in_play.lateness(at(20)).is_some()), (None, true));
        assert_eq!(states(standing(Kind::Activity, State::Done, false)), [State::Done; 4]);
    }

    #[test]
    fn a_place_is_cleared_when_somebody_says_so() {
        let open = standing(Kind::Clear, State::Planned, false);
        assert_eq!(states(open), [State::Planned, State::UnderWay, State::UnderWay, State::UnderWay]);
        assert_eq!(states(standing(Kind::Clear, State::Done, false)), [State::Done; 4]);
    }

    #[test]
    fn the_shift_of_a_unit_that_has_come_ends_with_its_time() {
        let come = standing(Kind::Shift, State::UnderWay, true);
        assert_eq!(states(come), [State::UnderWay, State::UnderWay, State::UnderWay, State::Done]);
        assert_eq!(states(standing(Kind::Shift, State::Planned, true)), [State::Planned; 4]);
        assert_eq!(states(standing(Kind::Shift, State::UnderWay, false)), [State::UnderWay; 4]);
    }

    #[test]
    fn work_is_what_people_report() {
        assert_eq!(states(standing(Kind::WorkOrder, State::Planned, true)), [State::Planned; 4]);
    }

    #[test]
    fn what_is_late_is_said_while_it_matters() {
        let late = |standing: Standing| [9, 10, 11, 20].map(|minute| standing.lateness(at(minute)));
        let said = |texts: [&str; 4]| texts.map(|text| (!text.is_empty()).then(|| text.to_owned()));
        let begun = "it has begun, and nobody has signed in";
        let shift = standing(Kind::Shift, State::Planned, false);
        assert_eq!(late(shift), said(["", begun, begun, ""]));
        let some =
            Standing { reported: State::UnderWay, people: People { present: 1, ..shift.people }, ..shift };
        assert_eq!(late(some), said(["", "1 of 3 are there", "1 of 3 are there", ""]));
        let unit = "it has begun, and the unit has not reported";
        assert_eq!(late(standing(Kind::Shift, State::Planned, true)), said(["", unit, unit, ""]));
        let work = standing(Kind::WorkOrder, State::Planned, true);
        assert_eq!(late(work), said(["", "", "overdue, and not begun", "overdue, and not begun"]));
        assert_eq!(late(Standing { reported: State::UnderWay, ..work })[2].as_deref(), Some("overdue"));
        for reported in [State::Done, State::Cancelled] {
            assert_eq!(late(Standing { reported, ..work }), [const { None }; 4]);
            assert_eq!(late(Standing { reported, ..shift }), [const { None }; 4]);
        }
    }

    proptest! {
        /// Time carries every line on, never back.
        #[test]
        fn time_never_goes_back(kind in 0usize..6, state in 0usize..4, owner: bool, mut times in prop::array::uniform2(0i64..30)) {
            times.sort_unstable();
            let standing = standing(KINDS[kind], STATES[state], owner);
            prop_assert!(standing.at(at(times[0])) <= standing.at(at(times[1])));
            prop_assert!(standing.at(at(times[0])) >= standing.reported);
        }
    }
}
