//! The live day of an activity: kicked off, interrupted, resumed, extended, abandoned, finished, corrected.
//!
//! The referee decides, Matchday records: each step takes the state it leaves and gives the next one, or says why it
//! cannot be. Facts are of the past and in order. While an activity is under way its end only gets later:
//!
//! | step | from | to | end |
//! |---|---|---|---|
//! | kick off | to come | in play | as much later as the start |
//! | suspend | in play | suspended | stays; it grows on when the activity is resumed |
//! | resume | suspended | in play | later by the time lost |
//! | extend | in play | in play | what was announced from now on, if that is later |
//! | abandon | in play, suspended | abandoned | now |
//! | finish | in play | finished | now |
//! | correct the kick-off | in play, suspended, over | stays | as much later as the start, unless over |
//! | correct the end | over | stays | as corrected |
//! | reopen | over | in play; suspended where it was abandoned so; to come where nobody has said that it began | at least the planned length from the start |

use matchday_kernel::{ErrorKind, Fault, Instant, Interval, IntervalError, SignedDuration};

use super::slot::{Slot, State};

/// How long before its start a kick-off may be: what is earlier is moved first.
pub const EARLIEST: SignedDuration = SignedDuration::from_hours(1);
/// How long after its start a kick-off may be: what is later is moved first.
pub const LATEST: SignedDuration = SignedDuration::from_hours(24);
/// How long at least it is expected to take, however early it is over: its place is held from its planned start on.
const SHORTEST: SignedDuration = SignedDuration::from_mins(1);
/// Longest extension.
pub const LONGEST_EXTENSION: SignedDuration = SignedDuration::from_hours(3);

/// Why a match lasts longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extension {
    /// Two periods of extra time.
    ExtraTime,
    /// Kicks from the penalty mark.
    Penalties,
}

impl Extension {
    /// How long it lasts from the whistle before it, unless somebody says otherwise.
    ///
    /// Extra time: two periods of at most 15 minutes and a break of at most 1 between them (Laws of the Game, laws 7
    /// and 10), and the 5 minutes before it that competitions allow; assumed: 2 minutes of time added in all.
    /// Kicks: assumed, 15 minutes for ten and a few more.
    #[must_use]
    pub const fn lasts(self) -> SignedDuration {
        match self {
            Self::ExtraTime => SignedDuration::from_mins(5 + 15 + 1 + 15 + 2),
            Self::Penalties => SignedDuration::from_mins(15),
        }
    }
}

/// An activity on its day.
#[derive(Clone, Debug, PartialEq)]
pub struct Live {
    /// When and where it takes place, and where it stands.
    pub slot: Slot,
    /// When it really began.
    pub actual_start: Option<Instant>,
    /// When it really ended.
    pub actual_end: Option<Instant>,
    /// When the last fact about it was; since then it is in its state.
    pub since: Option<Instant>,
}

/// Why a record is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Its state does not allow it.
    #[error("{activity} is {}: {next}", in_words(*state))]
    State {
        /// The activity.
        activity: String,
        /// Where it stands.
        state: State,
        /// What can be done instead.
        next: &'static str,
    },
    /// The time given cannot be.
    #[error("{activity}: {at} {problem}")]
    Time {
        /// The activity.
        activity: String,
        /// The time given.
        at: Instant,
        /// Why it cannot be, and what can be done.
        problem: String,
    },
    /// So much was recorded of it that it must be a mistake.
    #[error("{activity} has {most} records, and holds no more")]
    Full {
        /// The activity.
        activity: String,
        /// Most records of one activity.
        most: i32,
    },
    /// The activity would end beyond the calendar.
    #[error(transparent)]
    Calendar(#[from] IntervalError),
}

/// A state as an adjective, for messages.
fn in_words(state: State) -> &'static str {
    match state {
        State::Scheduled => "scheduled, and has not begun",
        State::Delayed => "delayed, and has not begun",
        State::Rescheduled => "rescheduled, and has not begun",
        State::Cancelled => "cancelled",
        State::InPlay => "in play",
        State::Suspended => "suspended",
        State::Abandoned => "abandoned",
        State::Finished => "finished",
    }
}

impl Fault for Refusal {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::State { .. } => ErrorKind::FailedPrecondition,
            Self::Time { .. } | Self::Calendar(_) => ErrorKind::InvalidArgument,
            Self::Full { .. } => ErrorKind::ResourceExhausted,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::State { .. } => "LIVE_STATE",
            Self::Time { .. } => "LIVE_TIME",
            Self::Full { .. } => "LIVE_RECORDS_FULL",
            Self::Calendar(_) => "TIME_OUT_OF_RANGE",
        }
    }

    fn metadata(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::State { state, next, .. } => {
                vec![("state", in_words(*state).to_owned()), ("next", (*next).to_owned())]
            }
            Self::Time { at, .. } => vec![("time", at.to_string())],
            Self::Full { most, .. } => vec![("most", most.to_string())],
            Self::Calendar(_) => vec![],
        }
    }

    fn resource(&self) -> Option<&str> {
        match self {
            Self::State { activity, .. } | Self::Time { activity, .. } | Self::Full { activity, .. } => {
                Some(activity)
            }
            Self::Calendar(_) => None,
        }
    }
}

/// A step of the live day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It kicks off, or begins.
    KickOff,
    /// It is interrupted.
    Suspend,
    /// It goes on.
    Resume,
    /// It lasts longer than was known.
    Extend,
    /// It is ended before its time.
    Abandon,
    /// It is over.
    Finish,
    /// It kicked off at another time.
    CorrectKickOff,
    /// It ended at another time.
    CorrectEnd,
    /// It was not over.
    Reopen,
}

/// The decision table: what can be done in place of a step that a state does not allow; `None` where it does.
const fn instead(step: Step, state: State) -> Option<&'static str> {
    use State::{Abandoned, Cancelled, Delayed, Finished, InPlay, Rescheduled, Scheduled, Suspended};
    use Step::{Abandon, CorrectEnd, CorrectKickOff, Extend, Finish, KickOff, Reopen, Resume, Suspend};

    Some(match (step, state) {
        (KickOff, Scheduled | Delayed | Rescheduled)
        | (Suspend | Extend | Abandon | Finish | CorrectKickOff, InPlay)
        | (Resume | Abandon | CorrectKickOff, Suspended)
        | (CorrectKickOff | CorrectEnd | Reopen, Abandoned | Finished) => return None,
        (_, Cancelled) => "it does not take place; create a new activity",
        (Abandon, Scheduled | Delayed | Rescheduled) => "what has not begun is cancelled",
        (_, Scheduled | Delayed | Rescheduled) => "confirm its kick-off first",
        (KickOff, InPlay | Suspended) => "it has kicked off; correct the kick-off if its time is wrong",
        (Suspend, Suspended) => "it is interrupted already",
        (Extend, Suspended) => "resume it first",
        (Finish, Suspended) => "resume it first, or abandon it",
        (Resume, InPlay) => "it is not interrupted",
        (CorrectEnd | Reopen, InPlay | Suspended) => "it is not over; finish or abandon it first",
        (KickOff | Suspend | Resume | Extend | Abandon | Finish, Abandoned | Finished) => {
            "it is over; correct its times, or reopen it if that was a mistake"
        }
    })
}

impl Live {
    /// Refuses a step that the state does not allow.
    fn check(&self, step: Step) -> Result<(), Refusal> {
        let state = self.slot.state;
        match instead(step, state) {
            Some(next) => Err(Refusal::State { activity: self.slot.activity.clone(), state, next }),
            None => Ok(()),
        }
    }

    fn wrong_time(&self, at: Instant, problem: impl Into<String>) -> Refusal {
        Refusal::Time { activity: self.slot.activity.clone(), at, problem: problem.into() }
    }

    /// Refuses a time that lies in the future.
    fn check_past(&self, at: Instant, now: Instant) -> Result<(), Refusal> {
        if at <= now {
            return Ok(());
        }
        Err(self.wrong_time(at, format!("lies in the future, it is {now}: record what has happened")))
    }

    /// Refuses a time that lies in the future, or before the last fact.
    fn check_time(&self, at: Instant, now: Instant) -> Result<(), Refusal> {
        self.check_past(at, now)?;
        match self.since {
            Some(since) if at < since => {
                let problem = format!("is before {since}, the last that was recorded: correct that first");
                Err(self.wrong_time(at, problem))
            }
            _ => Ok(()),
        }
    }

    /// The same at another time, within the calendar.
    fn during(self, start: Instant, end: Instant) -> Result<Self, Refusal> {
        let time = Interval::new(start, end)?;
        time.with_buffers(self.slot.set_up, self.slot.turnaround)?;
        Ok(Self { slot: Slot { time, ..self.slot }, ..self })
    }

    /// The same with an end that is later, if this one is.
    fn until(self, end: Instant) -> Result<Self, Refusal> {
        let time = self.slot.time;
        self.during(time.start(), end.max(time.end()))
    }

    /// The same with the end that it had.
    fn over(self, end: Instant) -> Result<Self, Refusal> {
        let start = self.slot.time.start();
        self.during(start, end.max(start.saturating_add(SHORTEST)))
    }

    /// The same with another actual start. What begins before it was planned is expected from its planned start on:
    /// its place and its people are there from then.
    fn started(self, at: Instant) -> Result<Self, Refusal> {
        let time = self.slot.time;
        let start = at.max(self.slot.planned_start);
        let end = start.checked_add(time.duration()).ok_or(IntervalError::OutOfRange)?;
        Ok(Self { actual_start: Some(at), ..self.during(start, end.max(time.end()))? })
    }

    fn in_state(self, state: State, since: Instant) -> Self {
        Self { slot: Slot { state, ..self.slot }, since: Some(since), ..self }
    }

    /// It kicks off, or begins.
    ///
    /// # Errors
    /// [`Refusal`] when it is not to come, or the time is more than [`EARLIEST`] before its start or [`LATEST`] after.
    pub fn kick_off(self, at: Instant, now: Instant) -> Result<Self, Refusal> {
        self.check(Step::KickOff)?;
        self.check_time(at, now)?;
        let late = at.since(self.slot.time.start());
        if late < -EARLIEST || late > LATEST {
            let problem = format!("is far from its start at {}: move it first", self.slot.time.start());
            return Err(self.wrong_time(at, problem));
        }
        Ok(self.started(at)?.in_state(State::InPlay, at))
    }

    /// It is interrupted.
    ///
    /// # Errors
    /// [`Refusal`] when it is not in play, or the time cannot be.
    pub fn suspend(self, at: Instant, now: Instant) -> Result<Self, Refusal> {
        self.check(Step::Suspend)?;
        self.check_time(at, now)?;
        Ok(self.in_state(State::Suspended, at))
    }

    /// It goes on, and ends later by the time that was lost.
    ///
    /// # Errors
    /// [`Refusal`] when it is not suspended, or the time cannot be.
    pub fn resume(self, at: Instant, now: Instant) -> Result<Self, Refusal> {
        self.check(Step::Resume)?;
        self.check_time(at, now)?;
        let lost = self.since.map_or(SignedDuration::ZERO, |since| at.since(since));
        let end = self.slot.time.end().checked_add(lost).ok_or(IntervalError::OutOfRange)?;
        Ok(self.until(end)?.in_state(State::InPlay, at))
    }

    /// It lasts so much longer from the moment that was announced. An end that is expected later stays.
    ///
    /// # Errors
    /// [`Refusal`] when it is not in play, or the time cannot be.
    pub fn extend(self, at: Instant, lasts: SignedDuration, now: Instant) -> Result<Self, Refusal> {
        self.check(Step::Extend)?;
        self.check_time(at, now)?;
        let end = at.checked_add(lasts).ok_or(IntervalError::OutOfRange)?;
        Ok(self.until(end)?.in_state(State::InPlay, at))
    }

    /// It is ended before its time.
    ///
    /// # Errors
    /// [`Refusal`] when it is not under way, or the time cannot be.
    pub fn abandon(self, at: Instant, now: Instant) -> Result<Self, Refusal> {
        self.check(Step::Abandon)?;
        self.check_time(at, now)?;
        self.ended(at, State::Abandoned)
    }

    /// It is over.
    ///
    /// # Errors
    /// [`Refusal`] when it is not in play, or the time cannot be.
    pub fn finish(self, at: Instant, now: Instant) -> Result<Self, Refusal> {
        self.check(Step::Finish)?;
        self.check_time(at, now)?;
        self.ended(at, State::Finished)
    }

    fn ended(self, at: Instant, state: State) -> Result<Self, Refusal> {
        let start = self.actual_start.unwrap_or(self.slot.time.start());
        if at <= start {
            return Err(self.wrong_time(at, format!("is not after its start at {start}")));
        }
        Ok(Self { actual_end: Some(at), ..self.over(at)?.in_state(state, at) })
    }

    /// It kicked off at another time than was recorded.
    ///
    /// # Errors
    /// [`Refusal`] when it has not begun, or the time is not before what was recorded since.
    pub fn correct_kick_off(self, at: Instant, now: Instant) -> Result<Self, Refusal> {
        self.check(Step::CorrectKickOff)?;
        self.check_past(at, now)?;
        let is_last = self.since == self.actual_start;
        let before = if is_last { None } else { self.since };
        if let Some(since) = before
            && at >= since
        {
            return Err(self.wrong_time(at, format!("is not before {since}, what was recorded since")));
        }
        let (since, over) = (before.or(Some(at)), self.actual_end);
        let corrected = Self { since, ..self.started(at)? };
        match over {
            Some(end) => corrected.over(end),
            None => Ok(corrected),
        }
    }

    /// It ended at another time than was recorded.
    ///
    /// # Errors
    /// [`Refusal`] when it is not over, or the time is in the future or not after its start.
    pub fn correct_end(self, at: Instant, now: Instant) -> Result<Self, Refusal> {
        self.check(Step::CorrectEnd)?;
        self.check_past(at, now)?;
        let state = self.slot.state;
        self.ended(at, state)
    }

    /// It was not over, and is expected to last at least as long as it was planned: in play again, suspended where it
    /// was abandoned while it was interrupted since that moment, and to come where a result alone has ended it.
    ///
    /// # Errors
    /// [`Refusal`] when it is not over.
    pub fn reopen(self, interrupted: Option<Instant>) -> Result<Self, Refusal> {
        self.check(Step::Reopen)?;
        let start = self.slot.time.start();
        let length = self.slot.planned_end.since(self.slot.planned_start);
        let end = start.checked_add(length).ok_or(IntervalError::OutOfRange)?;
        let open = Self { actual_end: None, ..self.until(end)? };
        Ok(match (open.actual_start, interrupted) {
            (None, _) => {
                let is_late = start > open.slot.planned_start;
                let state = if is_late { State::Delayed } else { State::Scheduled };
                Self { since: None, slot: Slot { state, ..open.slot }, ..open }
            }
            (Some(_), Some(since)) if open.slot.state == State::Abandoned => {
                open.in_state(State::Suspended, since)
            }
            (Some(began), _) => {
                let since = open.since.unwrap_or(began);
                open.in_state(State::InPlay, since)
            }
        })
    }
}

#[cfg(test)]
mod tests;
