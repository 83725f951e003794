//! A shift: who it needs, how many seats are taken, and what may still happen on it.

use matchday_kernel::{Instant, Interval, SignedDuration};

use super::{assignment::State, refusal::Refusal};

/// How long before its start people sign in to a shift at the earliest. Assumed; nobody has confirmed it.
pub const EARLIEST_SIGN_IN: SignedDuration = SignedDuration::from_mins(60);
/// How long after its end people sign out of a shift by its code. Assumed; nobody has confirmed it.
const LATEST_CODE: SignedDuration = SignedDuration::from_hours(3);
/// Most people one post needs.
pub const MOST_PEOPLE: i32 = 10_000;

/// The seats of a shift, counted by what the assignments on it are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seats {
    /// Proposed, invited, accepted, signed in or signed out.
    pub taken: i32,
    /// Of those: accepted, signed in or signed out.
    pub accepted: i32,
    /// Of those: signed in and not out.
    pub signed_in: i32,
    /// Broken by a change of the schedule; they hold no seat.
    pub broken: i32,
}

impl Seats {
    /// Counts an assignment that went from one state to another; a new one comes from none.
    #[must_use]
    pub fn count(self, from: Option<State>, to: State) -> Self {
        let change = |is_counted: fn(State) -> bool| {
            i32::from(is_counted(to)) - i32::from(from.is_some_and(is_counted))
        };
        Self {
            taken: self.taken + change(State::holds_seat),
            accepted: self.accepted + change(State::is_accepted),
            signed_in: self.signed_in + change(|state| state == State::SignedIn),
            broken: self.broken + change(|state| state == State::ToBeReplaced),
        }
    }
}

/// A shift as the rules see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shift {
    /// Its name.
    pub name: String,
    /// When.
    pub time: Interval,
    /// People needed.
    pub headcount: i32,
    /// Unit that brings them; empty when volunteers hold the post.
    pub unit: String,
    /// Skills each volunteer must have.
    pub skills: Vec<String>,
    /// Languages of which each must speak one; empty asks for none.
    pub languages: Vec<String>,
    /// Whether it does not take place.
    pub is_cancelled: bool,
    /// Who holds its seats.
    pub seats: Seats,
    /// Whether it is a reserve (机动岗), which is given up for other posts.
    pub is_reserve: bool,
}

impl Shift {
    /// Seats that nobody holds; a unit's shift has none.
    #[must_use]
    pub fn open_seats(&self) -> i32 {
        if self.unit.is_empty() { (self.headcount - self.seats.taken).max(0) } else { 0 }
    }

    /// Broken assignments that still wait for somebody else: no more than there are open seats.
    #[must_use]
    pub fn to_be_replaced(&self) -> i32 {
        self.seats.broken.min(self.open_seats())
    }

    /// Whether it has begun: its time has come, or somebody is there.
    #[must_use]
    pub fn has_begun(&self, now: Instant) -> bool {
        self.time.start() <= now || self.seats.signed_in > 0
    }

    fn wrong_state(&self, state: &'static str, next: &'static str) -> Refusal {
        Refusal::ShiftState { shift: self.name.clone(), state, next }
    }

    /// Refuses a shift that is cancelled.
    ///
    /// # Errors
    /// `SHIFT_STATE`
    pub fn check_planned(&self) -> Result<(), Refusal> {
        if self.is_cancelled {
            return Err(self.wrong_state("cancelled", "take another shift"));
        }
        Ok(())
    }

    /// Refuses a shift on which nobody can be put any more: cancelled, over, or a unit's.
    ///
    /// # Errors
    /// `SHIFT_STATE`, `SHIFT_OF_UNIT`
    pub fn check_takes_volunteers(&self, now: Instant) -> Result<(), Refusal> {
        self.check_planned()?;
        if self.time.end() <= now {
            return Err(self.wrong_state("over", "take a shift that is still to come"));
        }
        if !self.unit.is_empty() {
            return Err(Refusal::OfUnit { shift: self.name.clone(), unit: self.unit.clone() });
        }
        Ok(())
    }

    /// Refuses a shift that has begun.
    ///
    /// # Errors
    /// `SHIFT_STATE`
    pub fn check_to_come(&self, now: Instant) -> Result<(), Refusal> {
        if self.time.start() <= now {
            return Err(self.wrong_state("under way or over", "tell the leader of the post"));
        }
        Ok(())
    }

    /// Refuses to show a code at a post where nobody signs in or out by one: cancelled, long over, or a unit's.
    ///
    /// # Errors
    /// `SHIFT_STATE`, `SHIFT_OF_UNIT`
    pub fn check_shows_code(&self, now: Instant) -> Result<(), Refusal> {
        self.check_takes_volunteers(now.saturating_add(-LATEST_CODE))
    }

    /// Refuses to sign in on a shift that is cancelled, over, or too far away.
    ///
    /// # Errors
    /// `SHIFT_STATE`, `SHIFT_OF_UNIT`
    pub fn check_sign_in(&self, now: Instant) -> Result<(), Refusal> {
        self.check_takes_volunteers(now)?;
        if self.time.start().since(now) > EARLIEST_SIGN_IN {
            return Err(self.wrong_state("not begun", "sign in from 60 minutes before its start"));
        }
        Ok(())
    }

    /// Refuses to say of somebody who could still come that the person did not.
    ///
    /// # Errors
    /// `SHIFT_STATE`
    pub fn check_no_show(&self, now: Instant) -> Result<(), Refusal> {
        self.check_planned()?;
        if now < self.time.start() {
            return Err(self.wrong_state("not begun", "withdraw the assignment if the volunteer cannot come"));
        }
        Ok(())
    }

    /// Refuses to count the people of a unit where there is none, or nothing takes place.
    ///
    /// # Errors
    /// `SHIFT_OF_VOLUNTEERS`, `SHIFT_STATE`
    pub fn check_counts_unit(&self) -> Result<(), Refusal> {
        if self.unit.is_empty() {
            return Err(Refusal::OfVolunteers { shift: self.name.clone() });
        }
        self.check_planned()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn at(minute: i64) -> Instant {
        // a Saturday midnight in Asia/Shanghai
        Instant::from_micros(1_697_817_600_000_000 + minute * 60_000_000).unwrap()
    }

    pub(crate) fn between(start: i64, end: i64) -> Interval {
        Interval::new(at(start), at(end)).unwrap()
    }

    pub(crate) fn shift(id: &str, start: i64, end: i64, headcount: i32) -> Shift {
        Shift {
            name: format!("tournaments/t/shifts/{id}"),
            time: between(start, end),
            headcount,
            unit: String::new(),
            skills: vec![],
            languages: vec![],
            is_cancelled: false,
            seats: Seats::default(),
            is_reserve: false,
        }
    }

    fn state_of(result: Result<(), Refusal>) -> &'static str {
        match result {
            Ok(()) => "",
            Err(Refusal::ShiftState { state, .. }) => state,
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn seats_are_counted_by_states() {
        let mut seats = Seats::default();
        let path = [State::Proposed, State::Invited, State::Accepted, State::SignedIn, State::SignedOut];
        let mut from = None;
        for to in path {
            seats = seats.count(from, to);
            from = Some(to);
            assert_eq!(seats.taken, 1, "{to:?}");
        }
        assert_eq!(seats, Seats { taken: 1, accepted: 1, signed_in: 0, broken: 0 });
        let broken =
            Seats::default().count(None, State::Accepted).count(Some(State::Accepted), State::ToBeReplaced);
        assert_eq!(broken, Seats { taken: 0, accepted: 0, signed_in: 0, broken: 1 });
    }

    #[test]
    fn what_is_to_be_replaced_waits_only_while_seats_are_open() {
        let mut shift = shift("a", 0, 60, 2);
        shift.seats = Seats { taken: 1, broken: 1, ..Seats::default() };
        assert_eq!((shift.open_seats(), shift.to_be_replaced()), (1, 1));
        shift.seats.taken = 2;
        assert_eq!((shift.open_seats(), shift.to_be_replaced()), (0, 0));
    }

    #[test]
    fn nobody_is_put_on_what_is_cancelled_over_or_a_units() {
        let planned = shift("a", 0, 60, 2);
        assert_eq!(state_of(planned.check_takes_volunteers(at(59))), "");
        assert_eq!(state_of(planned.check_takes_volunteers(at(60))), "over");
        let cancelled = Shift { is_cancelled: true, ..planned.clone() };
        assert_eq!(state_of(cancelled.check_takes_volunteers(at(0))), "cancelled");
        let of_unit = Shift { unit: "police".into(), ..planned };
        assert!(matches!(of_unit.check_takes_volunteers(at(0)), Err(Refusal::OfUnit { .. })));
        assert_eq!(of_unit.open_seats(), 0);
    }

    #[test]
    fn signing_in_opens_an_hour_before_and_no_show_with_the_start() {
        let shift = shift("a", 120, 180, 2);
        assert_eq!(state_of(shift.check_sign_in(at(59))), "not begun");
        assert_eq!(state_of(shift.check_sign_in(at(60))), "");
        assert_eq!(state_of(shift.check_sign_in(at(180))), "over");
        assert_eq!(state_of(shift.check_no_show(at(119))), "not begun");
        assert_eq!(state_of(shift.check_no_show(at(120))), "");
    }

    #[test]
    fn it_begins_with_its_time_or_with_the_first_person() {
        let mut shift = shift("a", 120, 180, 2);
        assert!(!shift.has_begun(at(119)) && shift.has_begun(at(120)));
        shift.seats.signed_in = 1;
        assert!(shift.has_begun(at(61)));
    }

    #[test]
    fn people_are_counted_only_of_units() {
        let shift = shift("a", 0, 60, 2);
        assert!(matches!(shift.check_counts_unit(), Err(Refusal::OfVolunteers { .. })));
        let of_unit = Shift { unit: "police".into(), ..shift };
        assert!(of_unit.check_counts_unit().is_ok());
        assert_eq!(state_of(Shift { is_cancelled: true, ..of_unit }.check_counts_unit()), "cancelled");
    }
}
