//! An opening, and how it follows the schedule and the service plan.

use matchday_kernel::Instant;

use super::course::{Course, Phase, Times};

/// The opening of a venue's gates for a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// Its name, whose last part is the session's.
    pub name: String,
    /// Name of the session.
    pub session: String,
    /// What people call the session.
    pub title: String,
    /// Name of the venue.
    pub venue: String,
    /// Names of the gates that open; empty means every gate of the venue.
    pub gates: Vec<String>,
    /// Its times and its phase.
    pub course: Course,
    /// Name of the service plan it was last derived from.
    pub plan: String,
    /// Spectators expected; 0 when nobody said.
    pub expected_attendance: i32,
}

/// What the schedule and the plan ask of an opening.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// What people call the session.
    pub title: String,
    /// Name of the venue.
    pub venue: String,
    /// Names of the gates that open; empty means every gate of the venue.
    pub gates: Vec<String>,
    /// Its times.
    pub times: Times,
    /// Name of the plan.
    pub plan: String,
    /// Spectators expected; 0 when nobody said.
    pub expected_attendance: i32,
}

/// What became of an opening when the schedule or the plan changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Followed {
    /// Nothing to do.
    Same,
    /// It was given up, and takes place again.
    Revived(Opening),
    /// It is different now.
    Changed(Opening),
    /// It does not take place.
    Cancelled(Opening),
}

impl Opening {
    /// An opening as wanted.
    #[must_use]
    pub fn planned(name: String, session: String, wanted: Wanted) -> Self {
        let Wanted { title, venue, gates, times, plan, expected_attendance } = wanted;
        let course = Course::planned(times);
        Self { name, session, title, venue, gates, course, plan, expected_attendance }
    }

    /// Whether somebody is let in at a gate, should the rest be right.
    #[must_use]
    pub fn is_gate(&self, gate: &str) -> bool {
        self.is_at_venue(gate) && (self.gates.is_empty() || self.gates.iter().any(|open| open == gate))
    }

    /// Whether a gate is one of the opening's venue.
    #[must_use]
    pub fn is_at_venue(&self, gate: &str) -> bool {
        gate.strip_prefix(&self.venue).is_some_and(|rest| rest.starts_with('/'))
    }

    /// Follows what is wanted of it now; `None` when it is not wanted any more.
    ///
    /// What was cleared is history and stays as it was. What has begun stays at its venue and goes on when it
    /// is not wanted any more: people may be inside.
    #[must_use]
    pub fn follow(&self, wanted: Option<Wanted>, now: Instant) -> Followed {
        let Some(wanted) = wanted else {
            let given_up = Self { course: self.course.cancel(now), ..self.clone() };
            return if given_up == *self { Followed::Same } else { Followed::Cancelled(given_up) };
        };
        let phase = self.course.phase(now);
        if phase == Phase::Cleared {
            return Followed::Same;
        }
        let keeps_place = self.course.has_begun(now) && wanted.venue != self.venue;
        let (venue, gates) =
            if keeps_place { (self.venue.clone(), self.gates.clone()) } else { (wanted.venue, wanted.gates) };
        let followed = Self {
            title: wanted.title,
            venue,
            gates,
            course: self.course.follow(wanted.times, now),
            plan: wanted.plan,
            expected_attendance: wanted.expected_attendance,
            ..self.clone()
        };
        if followed == *self {
            Followed::Same
        } else if phase == Phase::Cancelled {
            Followed::Revived(followed)
        } else {
            Followed::Changed(followed)
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::domain::course::tests::{at, times};

    pub(crate) fn wanted(open: i64) -> Wanted {
        Wanted {
            title: "Opening".into(),
            venue: "sites/s/venues/v".into(),
            gates: vec![],
            times: times(open),
            plan: "tournaments/t/plans/1".into(),
            expected_attendance: 8000,
        }
    }

    pub(crate) fn opening(open: i64) -> Opening {
        let (name, session) = ("tournaments/t/openings/s1", "tournaments/t/sessions/s1");
        Opening::planned(name.into(), session.into(), wanted(open))
    }

    #[test]
    fn what_is_wanted_already_changes_nothing() {
        assert_eq!(opening(0).follow(Some(wanted(0)), at(-10)), Followed::Same);
        assert_eq!(opening(0).follow(Some(wanted(0)), at(50)), Followed::Same);
    }

    #[test]
    fn it_moves_with_its_session_until_it_has_begun() {
        assert_eq!(opening(0).follow(Some(wanted(45)), at(-10)), Followed::Changed(opening(45)));
        let Followed::Changed(begun) = opening(0).follow(Some(wanted(45)), at(0)) else {
            panic!("its end moves")
        };
        assert_eq!((begun.course.times.open, begun.course.times.clear), (at(0), at(195)));
    }

    #[test]
    fn it_is_given_up_only_before_it_has_begun() {
        let Followed::Cancelled(cancelled) = opening(0).follow(None, at(-1)) else {
            panic!("it has not begun")
        };
        assert_eq!(cancelled.follow(None, at(-1)), Followed::Same);
        assert_eq!(cancelled.follow(Some(wanted(30)), at(-1)), Followed::Revived(opening(30)));
        assert_eq!(opening(0).follow(None, at(0)), Followed::Same);
    }

    #[test]
    fn what_has_begun_stays_at_its_venue() {
        let elsewhere = Wanted { venue: "sites/s/venues/w".into(), ..wanted(0) };
        assert_eq!(opening(0).follow(Some(elsewhere.clone()), at(10)), Followed::Same);
        let Followed::Changed(moved) = opening(0).follow(Some(elsewhere), at(-10)) else {
            panic!("it has not begun")
        };
        assert_eq!(moved.venue, "sites/s/venues/w");
    }

    #[test]
    fn what_was_cleared_stays_as_it_was() {
        let mut cleared = opening(0);
        cleared.course = cleared.course.clear(at(110)).unwrap();
        assert_eq!(cleared.follow(Some(wanted(500)), at(120)), Followed::Same);
        assert_eq!(cleared.follow(None, at(120)), Followed::Same);
    }

    #[test]
    fn a_gate_is_one_of_the_venue_and_of_the_plan() {
        let all = opening(0);
        assert!(all.is_gate("sites/s/venues/v/gates/north"));
        assert!(!all.is_gate("sites/s/venues/v2/gates/north"));
        let one = Opening { gates: vec!["sites/s/venues/v/gates/north".into()], ..all };
        assert!(one.is_gate("sites/s/venues/v/gates/north"));
        assert!(!one.is_gate("sites/s/venues/v/gates/south"));
        assert!(one.is_at_venue("sites/s/venues/v/gates/south"));
    }
}
