//! Work on a place: what is done with it, and how it follows the service plan.

use matchday_kernel::{Instant, Interval, VenueName, WorkOrderName};

/// Where a work order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Not begun.
    Planned,
    /// Begun, not done.
    InProgress,
    /// Done.
    Done,
    /// Not to be done.
    Cancelled,
}

/// Work to be done on a place by a moment.
#[derive(Clone, Debug, PartialEq)]
pub struct WorkOrder {
    /// Its name, below its venue's.
    pub name: WorkOrderName,
    /// What is asked for.
    pub task: Task,
    /// Somebody was assigned by hand, and stays assigned whatever the plan says.
    pub is_by_hand: bool,
    /// Where it stands.
    pub state: State,
    /// When the work began.
    pub begun: Option<Instant>,
    /// When it was done.
    pub done: Option<Instant>,
}

/// What the service plan asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// What is to be done.
    pub title: String,
    /// Name of the zone or the venue.
    pub place: String,
    /// Name of the tournament.
    pub tournament: String,
    /// Name of the activity or session it is for.
    pub occasion: String,
    /// Id of the item in its class of the plan.
    pub item: String,
    /// From when it can begin until it is due.
    pub time: Interval,
    /// When it was first planned to be due.
    pub planned_due: Instant,
    /// Unit or crew; empty while nobody is assigned.
    pub assignee: String,
    /// Name of the plan.
    pub plan: String,
}

/// Why a work order is left as it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{work_order} is {state}: {next}")]
pub struct WrongState {
    /// The work order.
    pub work_order: String,
    /// Its state.
    pub state: &'static str,
    /// What can be done instead.
    pub next: &'static str,
}

impl State {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::InProgress => "in progress",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
        }
    }
}

impl WorkOrder {
    /// New work.
    #[must_use]
    pub fn new(name: WorkOrderName, task: Task) -> Self {
        Self { name, task, is_by_hand: false, state: State::Planned, begun: None, done: None }
    }

    /// Whether it is the work on an item of an occasion at a venue.
    #[must_use]
    pub fn is_for(&self, item: &str, venue: &VenueName) -> bool {
        self.task.item == item && self.name.parent() == *venue
    }

    fn wrong_state(&self, next: &'static str) -> WrongState {
        WrongState { work_order: self.name.to_string(), state: self.state.word(), next }
    }

    /// Assigns a unit or a crew by hand.
    ///
    /// # Errors
    /// [`WrongState`] once it is done or cancelled.
    pub fn assign(self, assignee: String) -> Result<Self, WrongState> {
        match self.state {
            State::Planned | State::InProgress => {
                Ok(Self { task: Task { assignee, ..self.task }, is_by_hand: true, ..self })
            }
            State::Done => Err(self.wrong_state("there is nothing left to assign")),
            State::Cancelled => Err(self.wrong_state("it can be assigned once the plan asks for it again")),
        }
    }

    /// Begins the work.
    ///
    /// # Errors
    /// [`WrongState`] unless it is planned.
    pub fn start(self, now: Instant) -> Result<Self, WrongState> {
        match self.state {
            State::Planned => Ok(Self { state: State::InProgress, begun: Some(now), ..self }),
            State::InProgress => Err(self.wrong_state("complete it when the work is done")),
            State::Done => Err(self.wrong_state("there is nothing left to start")),
            State::Cancelled => Err(self.wrong_state("it can be started once the plan asks for it again")),
        }
    }

    /// Ends the work.
    ///
    /// # Errors
    /// [`WrongState`] unless it is in progress.
    pub fn complete(self, now: Instant) -> Result<Self, WrongState> {
        match self.state {
            State::InProgress => Ok(Self { state: State::Done, done: Some(now), ..self }),
            State::Planned => Err(self.wrong_state("start it first")),
            State::Done => Err(self.wrong_state("there is nothing left to complete")),
            State::Cancelled => Err(self.wrong_state("it can be started once the plan asks for it again")),
        }
    }

    /// Follows what the plan asks for now, overdue or not; what was cancelled is planned again. Work that has begun
    /// takes over nothing but the time that `begun_at` gives it, and work that is done nothing at all.
    #[must_use]
    pub fn follow(self, task: Task, begun_at: Interval) -> Self {
        match self.state {
            State::Done => self,
            State::InProgress => Self { task: Task { time: begun_at, ..self.task }, ..self },
            State::Planned | State::Cancelled => {
                let assignee = if self.is_by_hand { self.task.assignee } else { task.assignee };
                Self { task: Task { assignee, ..task }, state: State::Planned, ..self }
            }
        }
    }

    /// Is not asked for any more: work that has not begun is cancelled.
    #[must_use]
    pub fn drop_out(self) -> Self {
        match self.state {
            State::Planned => Self { state: State::Cancelled, ..self },
            State::InProgress | State::Done | State::Cancelled => self,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(minute: i64) -> Instant {
        Instant::from_micros(minute * 60_000_000).unwrap()
    }

    fn between(start: i64, due: i64) -> Interval {
        Interval::new(at(start), at(due)).unwrap()
    }

    fn task(start: i64, due: i64) -> Task {
        Task {
            title: "Mark the pitch".into(),
            place: "sites/s/venues/v/zones/pitch".into(),
            tournament: "tournaments/t".into(),
            occasion: "tournaments/t/activities/m01".into(),
            item: "lines".into(),
            time: between(start, due),
            planned_due: at(due),
            assignee: "grounds crew".into(),
            plan: "tournaments/t/plans/1".into(),
        }
    }

    fn planned() -> WorkOrder {
        WorkOrder::new("sites/s/venues/v/work-orders/m01-lines".parse().unwrap(), task(0, 60))
    }

    #[test]
    fn work_is_started_and_then_completed() {
        let begun = planned().start(at(10)).unwrap();
        assert_eq!((begun.state, begun.begun), (State::InProgress, Some(at(10))));
        let done = begun.complete(at(50)).unwrap();
        assert_eq!((done.state, done.begun, done.done), (State::Done, Some(at(10)), Some(at(50))));
    }

    #[test]
    fn a_refusal_names_the_state_and_what_can_be_done() {
        let refusal = planned().complete(at(1)).unwrap_err();
        assert_eq!(refusal.to_string(), "sites/s/venues/v/work-orders/m01-lines is planned: start it first");
        let begun = planned().start(at(1)).unwrap();
        assert_eq!(begun.clone().start(at(2)).unwrap_err().next, "complete it when the work is done");
        let done = begun.complete(at(2)).unwrap();
        assert_eq!(done.clone().start(at(3)).unwrap_err().state, "done");
        assert!(done.clone().complete(at(3)).is_err() && done.assign("x".into()).is_err());
        let cancelled = planned().drop_out();
        assert_eq!(cancelled.clone().start(at(3)).unwrap_err().state, "cancelled");
        assert!(cancelled.clone().complete(at(3)).is_err() && cancelled.assign("x".into()).is_err());
    }

    #[test]
    fn planned_work_follows_and_an_assignment_by_hand_stays() {
        let followed =
            planned().follow(Task { assignee: "night crew".into(), ..task(45, 105) }, between(0, 60));
        assert_eq!((followed.task.time, followed.task.assignee.as_str()), (between(45, 105), "night crew"));
        let by_hand = planned().assign("fire brigade".into()).unwrap();
        assert_eq!(by_hand.follow(task(45, 105), between(0, 60)).task.assignee, "fire brigade");
    }

    #[test]
    fn begun_work_keeps_what_it_is_and_done_work_everything() {
        let begun = planned().start(at(1)).unwrap();
        let followed = begun.clone().follow(Task { title: "Other".into(), ..task(45, 105) }, between(0, 105));
        assert_eq!((followed.task.title.as_str(), followed.task.time), ("Mark the pitch", between(0, 105)));
        assert_eq!(followed.task.planned_due, at(60));
        assert_eq!(begun.clone().drop_out(), begun);
        let done = begun.complete(at(2)).unwrap();
        assert_eq!(done.clone().follow(task(45, 105), between(0, 105)), done);
        assert_eq!(done.clone().drop_out(), done);
    }

    #[test]
    fn what_was_cancelled_is_planned_again() {
        let again = planned().drop_out().follow(task(45, 105), between(0, 60));
        assert_eq!((again.state, again.task), (State::Planned, task(45, 105)));
    }

    #[test]
    fn work_is_that_of_an_item_at_a_venue() {
        let (here, there) = ("sites/s/venues/v".parse().unwrap(), "sites/s/venues/w".parse().unwrap());
        assert!(planned().is_for("lines", &here));
        assert!(!planned().is_for("lines", &there) && !planned().is_for("goals", &here));
    }

    proptest! {
        /// Whatever is called and whatever is heard in any order: nothing is done that was not begun before, and what
        /// is done stays as it is.
        #[test]
        fn done_is_after_begun_and_final(steps in prop::collection::vec((0u8..5, 0i64..200), 0..40)) {
            let mut order = planned();
            for (minute, (step, start)) in (1i64..).zip(steps) {
                let before = order.clone();
                let now = at(minute);
                order = match step {
                    0 => before.clone().start(now).unwrap_or(before.clone()),
                    1 => before.clone().complete(now).unwrap_or(before.clone()),
                    2 => before.clone().follow(task(start, start + 30), before.task.time),
                    3 => before.clone().assign(format!("crew {start}")).unwrap_or(before.clone()),
                    _ => before.clone().drop_out(),
                };
                prop_assert!(before.state != State::Done || order == before);
                prop_assert_eq!(order.done.is_some(), order.state == State::Done);
                prop_assert!(order.done.is_none_or(|done| order.begun.is_some_and(|begun| begun < done)));
                prop_assert!(!order.is_by_hand || order.task.assignee.starts_with("crew"));
            }
        }
    }
}
