//! 培训: when a course may be joined, left and recorded, and until when what was learned lasts.

use matchday_kernel::{ErrorKind, Fault, Instant, Interval, SignedDuration, Violation};

/// Where somebody stands in a course.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Has a place.
    Enrolled,
    /// Was there.
    Attended,
    /// Did not come.
    Missed,
    /// Has given the place back.
    Left,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Enrolled, Self::Attended, Self::Missed, Self::Left];

    /// Whether it takes a place.
    #[must_use]
    pub fn holds_place(self) -> bool {
        matches!(self, Self::Enrolled | Self::Attended)
    }

    fn in_words(self) -> &'static str {
        match self {
            Self::Enrolled => "enrolled in",
            Self::Attended => "known to have attended",
            Self::Missed => "known to have missed",
            Self::Left => "not enrolled any more in",
        }
    }
}

/// A course as the rules see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    /// Its name.
    pub name: String,
    /// When.
    pub time: Interval,
    /// Places.
    pub capacity: i32,
    /// Places taken.
    pub enrolled: i32,
    /// Days that what is learned lasts; 0 for good.
    pub valid_days: i32,
}

impl Course {
    /// When what was learned expires; `None` where it is for good.
    #[must_use]
    pub fn expires(&self) -> Option<Instant> {
        let days = SignedDuration::from_hours(24 * i64::from(self.valid_days));
        (self.valid_days > 0).then(|| self.time.end().saturating_add(days))
    }

    /// Refuses to enrol more people than there are places left, or anybody once it is over. `alternatives` are courses
    /// that teach the same.
    ///
    /// # Errors
    /// `COURSE_FULL`, `COURSE_STATE`
    pub fn check_enrol(&self, people: usize, now: Instant, alternatives: &[String]) -> Result<(), Refusal> {
        if self.time.end() <= now {
            let problem = "is over: enrol in one that is still to come".to_owned();
            return Err(Refusal::State { course: self.name.clone(), problem });
        }
        let left = usize::try_from(self.capacity - self.enrolled).unwrap_or_default();
        if people > left {
            let (course, capacity) = (self.name.clone(), self.capacity);
            return Err(Refusal::Full { course, capacity, left, alternatives: alternatives.to_vec() });
        }
        Ok(())
    }

    /// Refuses to say who was there before it has begun.
    ///
    /// # Errors
    /// `COURSE_STATE`
    pub fn check_begun(&self, now: Instant) -> Result<(), Refusal> {
        if now < self.time.start() {
            let problem = format!("begins at {}: record the attendance then", self.time.start());
            return Err(Refusal::State { course: self.name.clone(), problem });
        }
        Ok(())
    }

    /// Refuses somebody who does not stand as is needed; nobody stands nowhere.
    ///
    /// # Errors
    /// `COURSE_STATE`
    pub fn check_person(&self, person: &str, state: Option<State>, wanted: &[State]) -> Result<(), Refusal> {
        if state.is_some_and(|state| wanted.contains(&state)) {
            return Ok(());
        }
        let is = state.map_or("not enrolled in", State::in_words);
        let problem = format!("cannot be recorded so: {person} is {is} it; see `matchday training people`");
        Err(Refusal::State { course: self.name.clone(), problem })
    }
}

/// Why a course refuses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There are fewer places than people.
    #[error("{course} has {left} of its {capacity} places left; {}", instead(alternatives))]
    Full {
        /// The course.
        course: String,
        /// Its places.
        capacity: i32,
        /// Places left.
        left: usize,
        /// Courses with room that teach the same.
        alternatives: Vec<String>,
    },
    /// The course, or somebody in it, does not allow it now.
    #[error("{course} {problem}")]
    State {
        /// The course.
        course: String,
        /// What it is, and what can be done.
        problem: String,
    },
}

fn instead(alternatives: &[String]) -> String {
    if alternatives.is_empty() {
        return "no other course to come that teaches the same has room".to_owned();
    }
    format!("there is room in {}", alternatives.join(" and "))
}

impl Fault for Refusal {
    fn kind(&self) -> ErrorKind {
        ErrorKind::FailedPrecondition
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Full { .. } => "COURSE_FULL",
            Self::State { .. } => "COURSE_STATE",
        }
    }

    fn metadata(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Full { capacity, left, .. } => {
                vec![("capacity", capacity.to_string()), ("left", left.to_string())]
            }
            Self::State { .. } => Vec::new(),
        }
    }

    fn violations(&self) -> Vec<Violation> {
        match self {
            Self::Full { alternatives, .. } => {
                let of =
                    |course: &String| Violation { subject: course.clone(), description: "has room".into() };
                alternatives.iter().map(of).collect()
            }
            Self::State { .. } => Vec::new(),
        }
    }

    fn resource(&self) -> Option<&str> {
        let (Self::Full { course, .. } | Self::State { course, .. }) = self;
        Some(course)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::shift::tests::{at, between};

    fn course() -> Course {
        Course { name: "c".into(), time: between(0, 120), capacity: 3, enrolled: 2, valid_days: 0 }
    }

    #[test]
    fn what_is_learned_lasts_from_the_end_of_the_course() {
        assert_eq!(course().expires(), None);
        assert_eq!(Course { valid_days: 2, ..course() }.expires(), Some(at(120 + 2 * 1440)));
    }

    #[test]
    fn places_are_given_while_there_are_some_and_it_is_not_over() {
        assert_eq!(course().check_enrol(1, at(119), &[]), Ok(()));
        assert_eq!(course().check_enrol(1, at(120), &[]).unwrap_err().reason(), "COURSE_STATE");
        let full = course().check_enrol(2, at(0), &["d".into()]).unwrap_err();
        assert_eq!((full.reason(), full.violations()[0].subject.as_str()), ("COURSE_FULL", "d"));
        assert!(full.to_string().ends_with("there is room in d"), "{full}");
    }

    #[test]
    fn who_was_there_is_told_once_it_has_begun_and_of_who_is_enrolled() {
        assert!(course().check_begun(at(-1)).is_err() && course().check_begun(at(0)).is_ok());
        for state in State::ALL {
            let is_fine = course().check_person("p", Some(state), &[State::Enrolled]).is_ok();
            assert_eq!(is_fine, state == State::Enrolled);
        }
        let nobody = course().check_person("p", None, &State::ALL).unwrap_err().to_string();
        assert!(nobody.contains("p is not enrolled in it"), "{nobody}");
    }
}
