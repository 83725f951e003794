//! An assignment, and how it goes from state to state.

use matchday_kernel::{AssignmentName, Instant, VolunteerName};

use super::refusal::Refusal;

/// Where an assignment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Planned; nobody was asked.
    Proposed,
    /// The volunteer was asked.
    Invited,
    /// The volunteer accepted.
    Accepted,
    /// The volunteer declined.
    Declined,
    /// 签到: the volunteer is there.
    SignedIn,
    /// 签退: the volunteer was there.
    SignedOut,
    /// The volunteer did not come.
    NoShow,
    /// A change of the schedule broke it.
    ToBeReplaced,
    /// Undone back, or its shift was cancelled.
    Withdrawn,
    /// 离岗: the volunteer was there, and has gone before the end.
    Left,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 10] = [
        Self::Proposed,
        Self::Invited,
        Self::Accepted,
        Self::Declined,
        Self::SignedIn,
        Self::SignedOut,
        Self::NoShow,
        Self::ToBeReplaced,
        Self::Withdrawn,
        Self::Left,
    ];

    /// Whether it holds a seat of its shift.
    #[must_use]
    pub fn holds_seat(self) -> bool {
        self.holds_person() || self == Self::SignedOut
    }

    /// Whether it holds the person: nothing else that does may overlap.
    #[must_use]
    pub fn holds_person(self) -> bool {
        self.is_ahead() || self == Self::SignedIn
    }

    /// Whether it holds a person who has not come yet.
    #[must_use]
    pub fn is_ahead(self) -> bool {
        matches!(self, Self::Proposed | Self::Invited | Self::Accepted)
    }

    /// Whether the volunteer was there, and has gone.
    #[must_use]
    pub fn is_worked(self) -> bool {
        matches!(self, Self::SignedOut | Self::Left)
    }

    /// Whether the volunteer accepted it, and it still holds a seat.
    #[must_use]
    pub fn is_accepted(self) -> bool {
        matches!(self, Self::Accepted | Self::SignedIn | Self::SignedOut)
    }

    /// In words.
    #[must_use]
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Invited => "invited",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::SignedIn => "signed in",
            Self::SignedOut => "signed out",
            Self::NoShow => "a no-show",
            Self::ToBeReplaced => "to be replaced",
            Self::Withdrawn => "withdrawn",
            Self::Left => "left before the end",
        }
    }

    /// What may be done next.
    #[must_use]
    pub fn next(self) -> &'static str {
        match self {
            Self::Proposed => "invite the volunteer, or withdraw it",
            Self::Invited => "record that the volunteer accepts or declines, or withdraw it",
            Self::Accepted => "sign the volunteer in, or withdraw it",
            Self::SignedIn => "sign the volunteer out",
            Self::SignedOut => "the volunteer was there, and nothing is left to do",
            Self::Declined | Self::NoShow | Self::ToBeReplaced | Self::Withdrawn | Self::Left => {
                "assign another volunteer, or this one anew"
            }
        }
    }
}

/// What a change of the schedule undid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undone {
    /// The state before.
    pub former: State,
    /// Id of the change.
    pub cause: String,
}

/// A volunteer on a shift.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// Its name, below its shift's.
    pub name: AssignmentName,
    /// The volunteer.
    pub volunteer: VolunteerName,
    /// Where it stands.
    pub state: State,
    /// Why it is to be replaced, or was declined, withdrawn or left.
    pub reason: String,
    /// When the volunteer signed in.
    pub signed_in: Option<Instant>,
    /// When the volunteer signed out.
    pub signed_out: Option<Instant>,
    /// What a change of the schedule undid, where one did.
    pub undone: Option<Undone>,
    /// Whether no roster moves it.
    pub is_pinned: bool,
    /// Of an invitation: until when it can be accepted.
    pub answer_by: Option<Instant>,
    /// When the volunteer accepted.
    pub agreed: Option<Instant>,
}

impl Assignment {
    /// Proposes a volunteer for the shift that the name stands below.
    #[must_use]
    pub fn propose(name: AssignmentName, volunteer: VolunteerName) -> Self {
        Self {
            name,
            volunteer,
            state: State::Proposed,
            reason: String::new(),
            signed_in: None,
            signed_out: None,
            undone: None,
            is_pinned: false,
            answer_by: None,
            agreed: None,
        }
    }

    fn wrong_state(&self) -> Refusal {
        Refusal::AssignmentState { assignment: self.name.to_string(), state: self.state }
    }

    /// Goes on to a state; a state that holds the person needs no reason any more, and one that does not has nothing to
    /// pin.
    fn go(self, is_allowed: bool, to: State, reason: String) -> Result<Self, Refusal> {
        if is_allowed {
            let is_pinned = self.is_pinned && to.holds_person();
            Ok(Self { state: to, reason, undone: None, is_pinned, answer_by: None, ..self })
        } else {
            Err(self.wrong_state())
        }
    }

    /// Proposes the volunteer anew who declined, was withdrawn, did not come, or is to be replaced.
    ///
    /// # Errors
    /// `ASSIGNMENT_STATE`
    pub fn propose_anew(self) -> Result<Self, Refusal> {
        let is_allowed = !self.state.holds_seat();
        let anew = self.go(is_allowed, State::Proposed, String::new())?;
        Ok(Self { signed_in: None, signed_out: None, agreed: None, ..anew })
    }

    /// The volunteer is asked, and answers until a moment where one is set.
    ///
    /// # Errors
    /// `ASSIGNMENT_STATE`
    pub fn invite(self, answer_by: Option<Instant>) -> Result<Self, Refusal> {
        let is_allowed = self.state == State::Proposed;
        let invited = self.go(is_allowed, State::Invited, String::new())?;
        Ok(Self { answer_by, ..invited })
    }

    /// The volunteer accepts.
    ///
    /// # Errors
    /// `ASSIGNMENT_STATE`, `ANSWER_TOO_LATE`
    pub fn accept(self, now: Instant) -> Result<Self, Refusal> {
        let is_allowed = self.state == State::Invited;
        if let Some(until) = self.answer_by.filter(|until| is_allowed && *until < now) {
            return Err(Refusal::AnswerTooLate { assignment: self.name.to_string(), until });
        }
        let accepted = self.go(is_allowed, State::Accepted, String::new())?;
        Ok(Self { agreed: Some(now), ..accepted })
    }

    /// Takes it back for a trade: only what is still to come is traded.
    ///
    /// # Errors
    /// `ASSIGNMENT_STATE`
    pub fn trade_away(self, reason: String) -> Result<Self, Refusal> {
        let is_allowed = self.state.is_ahead();
        self.go(is_allowed, State::Withdrawn, reason)
    }

    /// The volunteer declines; the seat is open again.
    ///
    /// # Errors
    /// `ASSIGNMENT_STATE`
    pub fn decline(self, reason: String) -> Result<Self, Refusal> {
        let is_allowed = self.state == State::Invited;
        self.go(is_allowed, State::Declined, reason)
    }

    /// The volunteer gives back what was accepted or asked for; the seat is open again.
    ///
    /// # Errors
    /// `ASSIGNMENT_STATE`
    pub fn give_back(self, reason: String) -> Result<Self, Refusal> {
        let is_allowed = matches!(self.state, State::Invited | State::Accepted);
        self.go(is_allowed, State::Declined, reason)
    }

    /// Takes it back before it has begun.
    ///
    /// # Errors
    /// `ASSIGNMENT_STATE`
    pub fn withdraw(self, reason: String) -> Result<Self, Refusal> {
        let is_allowed = self.state.is_ahead() || self.state == State::ToBeReplaced;
        self.go(is_allowed, State::Withdrawn, reason)
    }

    /// The volunteer is there.
    ///
    /// # Errors
    /// `ASSIGNMENT_STATE`
    pub fn sign_in(self, now: Instant) -> Result<Self, Refusal> {
        let is_allowed = self.state == State::Accepted;
        let there = self.go(is_allowed, State::SignedIn, String::new())?;
        Ok(Self { signed_in: Some(now), ..there })
    }

    /// The volunteer who was taken for missing is there after all, while a seat is open.
    ///
    /// # Errors
    /// `ASSIGNMENT_STATE`
    pub fn come_late(self, now: Instant) -> Result<Self, Refusal> {
        let is_allowed = self.state == State::NoShow;
        let there = self.go(is_allowed, State::SignedIn, String::new())?;
        Ok(Self { signed_in: Some(now), ..there })
    }

    /// The volunteer has left.
    ///
    /// # Errors
    /// `ASSIGNMENT_STATE`
    pub fn sign_out(self, now: Instant) -> Result<Self, Refusal> {
        let is_allowed = self.state == State::SignedIn;
        let gone = self.go(is_allowed, State::SignedOut, String::new())?;
        Ok(Self { signed_out: Some(now), ..gone })
    }

    /// The volunteer goes before the end; the seat is open again.
    ///
    /// # Errors
    /// `ASSIGNMENT_STATE`
    pub fn leave(self, now: Instant, reason: String) -> Result<Self, Refusal> {
        let is_allowed = self.state == State::SignedIn;
        let gone = self.go(is_allowed, State::Left, reason)?;
        Ok(Self { signed_out: Some(now), ..gone })
    }

    /// Gives the seat up for somebody else: ends it of somebody who is there, takes it back otherwise. One that holds
    /// no seat stays as it is.
    ///
    /// # Errors
    /// `ASSIGNMENT_STATE` when the volunteer has been there to the end.
    pub fn give_up(self, now: Instant, reason: String) -> Result<Self, Refusal> {
        match self.state {
            State::SignedIn => self.leave(now, reason),
            State::Declined | State::NoShow | State::Withdrawn | State::Left => Ok(self),
            _ => self.withdraw(reason),
        }
    }

    /// The volunteer did not come; the seat is open again.
    ///
    /// # Errors
    /// `ASSIGNMENT_STATE`
    pub fn no_show(self) -> Result<Self, Refusal> {
        let is_allowed = self.state == State::Accepted;
        self.go(is_allowed, State::NoShow, String::new())
    }

    /// A change of the schedule breaks it: it holds no seat and no person any more.
    ///
    /// # Errors
    /// `ASSIGNMENT_STATE` when the volunteer is there, or does not hold it.
    pub fn break_off(self, reason: String, cause: &str) -> Result<Self, Refusal> {
        let (former, is_allowed) = (self.state, self.state.is_ahead());
        let broken = self.go(is_allowed, State::ToBeReplaced, reason)?;
        Ok(Self { undone: Some(Undone { former, cause: cause.to_owned() }), ..broken })
    }

    /// Takes it back because the schedule does not need it any more.
    ///
    /// # Errors
    /// `ASSIGNMENT_STATE` when it has begun, or holds nothing and waits for nobody.
    pub fn call_off(self, reason: String, cause: &str) -> Result<Self, Refusal> {
        let former = self.state;
        let called_off = self.withdraw(reason)?;
        Ok(Self { undone: Some(Undone { former, cause: cause.to_owned() }), ..called_off })
    }

    /// Keeps it from being moved by a roster, or lets it move again.
    ///
    /// # Errors
    /// `ASSIGNMENT_STATE`
    pub fn pin(self, is_pinned: bool) -> Result<Self, Refusal> {
        if self.state.is_ahead() { Ok(Self { is_pinned, ..self }) } else { Err(self.wrong_state()) }
    }

    /// Gives back what an earlier event of the same change broke, which a later one has set right.
    ///
    /// # Errors
    /// `ASSIGNMENT_STATE` when no change broke it.
    pub fn mend(self) -> Result<Self, Refusal> {
        let former = self.undone.as_ref().map(|undone| undone.former);
        match former {
            Some(former) if self.state == State::ToBeReplaced => self.go(true, former, String::new()),
            _ => Err(self.wrong_state()),
        }
    }

    /// Whether the volunteer declined it, did not come, has left, or was taken from it by a person.
    #[must_use]
    pub fn was_refused(&self) -> bool {
        !self.state.holds_seat() && !self.was_undone_by_schedule()
    }

    /// Whether somebody other than the volunteer took it, or it was taken as missed or left: nobody puts themselves on it
    /// again.
    #[must_use]
    pub fn is_for_others_to_give(&self) -> bool {
        self.was_refused() && self.state != State::Declined
    }

    /// Whether the schedule took it, and not a person: then the volunteer may be proposed again unasked.
    #[must_use]
    pub fn was_undone_by_schedule(&self) -> bool {
        self.undone.is_some()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::domain::shift::tests::at;

    pub(crate) fn assignment(state: State) -> Assignment {
        let name: AssignmentName = "tournaments/t/shifts/a/assignments/v1".parse().unwrap();
        let proposed = Assignment::propose(name, "tournaments/t/volunteers/v1".parse().unwrap());
        Assignment { state, ..proposed }
    }

    type Step = fn(Assignment) -> Result<Assignment, Refusal>;

    #[test]
    fn only_the_steps_of_the_contract_are_taken() {
        use State as S;
        let steps: [(&str, Step, &[State], State); 11] = [
            (
                "propose",
                Assignment::propose_anew,
                &[S::Declined, S::NoShow, S::ToBeReplaced, S::Withdrawn, S::Left],
                S::Proposed,
            ),
            ("invite", |a| a.invite(None), &[S::Proposed], S::Invited),
            ("accept", |a| a.accept(at(0)), &[S::Invited], S::Accepted),
            ("decline", |a| a.decline("ill".into()), &[S::Invited], S::Declined),
            (
                "withdraw",
                |a| a.withdraw("ill".into()),
                &[S::Proposed, S::Invited, S::Accepted, S::ToBeReplaced],
                S::Withdrawn,
            ),
            ("sign in", |a| a.sign_in(at(0)), &[S::Accepted], S::SignedIn),
            ("come late", |a| a.come_late(at(0)), &[S::NoShow], S::SignedIn),
            ("sign out", |a| a.sign_out(at(0)), &[S::SignedIn], S::SignedOut),
            ("leave", |a| a.leave(at(0), "ill".into()), &[S::SignedIn], S::Left),
            ("no-show", Assignment::no_show, &[S::Accepted], S::NoShow),
            (
                "break",
                |a| a.break_off("x".into(), "c"),
                &[S::Proposed, S::Invited, S::Accepted],
                S::ToBeReplaced,
            ),
        ];
        for (name, step, from, to) in steps {
            for state in S::ALL {
                match step(assignment(state)) {
                    Ok(now) => {
                        assert!(from.contains(&state), "{name} from {state:?}");
                        assert_eq!(now.state, to);
                    }
                    Err(Refusal::AssignmentState { state: refused, .. }) => {
                        assert!(!from.contains(&state) && refused == state, "{name} from {state:?}");
                    }
                    Err(other) => panic!("{other}"),
                }
            }
        }
    }

    #[test]
    fn an_answer_counts_until_its_deadline() {
        let invited = assignment(State::Proposed).invite(Some(at(10))).unwrap();
        assert_eq!(invited.clone().accept(at(10)).unwrap().answer_by, None);
        let late = invited.accept(at(11)).unwrap_err();
        assert!(matches!(late, Refusal::AnswerTooLate { until, .. } if until == at(10)), "{late}");
    }

    #[test]
    fn whatever_still_holds_somebody_is_given_up_and_the_rest_stays() {
        for state in State::ALL {
            let given_up = assignment(state).give_up(at(0), "ill".into()).map(|one| one.state);
            let expected = match state {
                State::SignedOut => None,
                State::SignedIn => Some(State::Left),
                State::Declined | State::NoShow | State::Left => Some(state),
                _ => Some(State::Withdrawn),
            };
            assert_eq!(given_up.ok(), expected, "{state:?}");
        }
    }

    #[test]
    fn what_a_change_broke_comes_back_as_it_was() {
        let broken = assignment(State::Accepted).break_off("clash".into(), "c1").unwrap();
        assert_eq!(broken.undone, Some(Undone { former: State::Accepted, cause: "c1".into() }));
        assert!(broken.was_undone_by_schedule());
        let mended = broken.mend().unwrap();
        assert_eq!((mended.state, mended.reason.as_str(), mended.undone), (State::Accepted, "", None));
        assert!(assignment(State::ToBeReplaced).mend().is_err(), "no change is known");
    }

    #[test]
    fn only_what_is_still_to_come_is_pinned_and_only_while_it_is_held() {
        for state in State::ALL {
            assert_eq!(assignment(state).pin(true).is_ok(), state.is_ahead(), "{state:?}");
        }
        let pinned = assignment(State::Accepted).pin(true).unwrap();
        assert!(pinned.clone().sign_in(at(0)).unwrap().is_pinned);
        assert!(!pinned.withdraw("ill".into()).unwrap().is_pinned);
    }

    #[test]
    fn times_of_an_earlier_attendance_are_forgotten_anew() {
        let came = assignment(State::Accepted).sign_in(at(5)).unwrap();
        assert_eq!(came.signed_in, Some(at(5)));
        let gone = came.sign_out(at(9)).unwrap();
        assert_eq!((gone.signed_in, gone.signed_out), (Some(at(5)), Some(at(9))));
        let no_show = Assignment { state: State::NoShow, ..gone };
        let anew = no_show.propose_anew().unwrap();
        assert_eq!((anew.signed_in, anew.signed_out), (None, None));
    }

    #[test]
    fn called_off_is_known_as_the_schedules_doing() {
        assert!(
            assignment(State::Invited).call_off("cancelled".into(), "c").unwrap().was_undone_by_schedule()
        );
        assert!(!assignment(State::Invited).withdraw("ill".into()).unwrap().was_undone_by_schedule());
    }
}
