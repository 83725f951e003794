//! Applications: where one stands, and the verbs that move it.
//!
//! applied → screened → interviewed → trained → accredited, one step after the other; until then it can be rejected or
//! withdrawn. What is accredited, rejected or withdrawn moves no more.

use matchday_kernel::{ErrorKind, Fault, Violation};

/// Where an application stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Handed in.
    Applied,
    /// Found fit for an interview.
    Screened,
    /// Found fit for training.
    Interviewed,
    /// Trained.
    Trained,
    /// A volunteer.
    Accredited,
    /// Turned down.
    Rejected,
    /// Taken back.
    Withdrawn,
}

/// What may happen to an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Find it fit for an interview.
    Screen,
    /// Find it fit for training.
    PassInterview,
    /// Record that the person is trained.
    PassTraining,
    /// Make the person a volunteer.
    Accredit,
    /// Turn it down.
    Reject,
    /// Take it back.
    Withdraw,
}

impl State {
    /// Every state, in the order of the contract.
    pub const ALL: [Self; 7] = [
        Self::Applied,
        Self::Screened,
        Self::Interviewed,
        Self::Trained,
        Self::Accredited,
        Self::Rejected,
        Self::Withdrawn,
    ];

    /// Where it stands after a verb; `None` when it does not allow it.
    #[must_use]
    pub fn after(self, verb: Verb) -> Option<Self> {
        match (self, verb) {
            (Self::Applied, Verb::Screen) => Some(Self::Screened),
            (Self::Screened, Verb::PassInterview) => Some(Self::Interviewed),
            (Self::Interviewed, Verb::PassTraining) => Some(Self::Trained),
            (Self::Trained, Verb::Accredit) => Some(Self::Accredited),
            (from, Verb::Reject) if from.is_open() => Some(Self::Rejected),
            (from, Verb::Withdraw) if from.is_open() => Some(Self::Withdrawn),
            _ => None,
        }
    }

    /// Whether it may still move.
    #[must_use]
    pub fn is_open(self) -> bool {
        self < Self::Accredited
    }

    /// The word for it.
    #[must_use]
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Screened => "screened",
            Self::Interviewed => "interviewed",
            Self::Trained => "trained",
            Self::Accredited => "accredited",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// What may be done with it.
    #[must_use]
    pub fn next(self) -> &'static str {
        match self {
            Self::Applied => "it can be screened, rejected or withdrawn",
            Self::Screened => "it can be interviewed, rejected or withdrawn",
            Self::Interviewed => "it can be trained, rejected or withdrawn",
            Self::Trained => "it can be accredited, rejected or withdrawn",
            Self::Accredited => "the person is a volunteer: take back what is assigned, or erase the person",
            Self::Rejected | Self::Withdrawn => "it is closed: erase it, and the person may apply anew",
        }
    }
}

/// Why the rules of applications refuse.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Applications do not allow the step now.
    #[error("{} the step now, nothing was changed: {}", allow_not(refused.len()), first_state(refused))]
    State {
        /// Each of them, with where it stands.
        refused: Vec<(String, State)>,
    },
    /// Something is missing for the accreditation.
    #[error("{} missing for the accreditation, nothing was changed: {}", things_are(missing.len()), first(missing))]
    Blocked {
        /// What is missing of whom.
        missing: Vec<Violation>,
    },
    /// Somebody has applied with the same identity document.
    #[error(
        "{other} was handed in with the same identity document: one person applies once; \
         correct the number, or withdraw and erase the other"
    )]
    DocumentTaken {
        /// The application that is there.
        other: String,
    },
    /// The interview slot has no room.
    #[error("{slot} is full: all of its {capacity} places are booked; {}", instead(alternatives))]
    SlotFull {
        /// The slot.
        slot: String,
        /// Its places.
        capacity: i32,
        /// Slots with room.
        alternatives: Vec<String>,
    },
    /// The interview slot has begun.
    #[error("{slot} has begun: book one that is still to come")]
    SlotPast {
        /// The slot.
        slot: String,
    },
    /// The person is signed in somewhere.
    #[error("{volunteer} is signed in at {assignment}: sign the person out first")]
    OnDuty {
        /// The volunteer.
        volunteer: String,
        /// Where.
        assignment: String,
    },
    /// What says who the person is was erased.
    #[error("what says who {name} is was erased: {next}")]
    Erased {
        /// The application or the volunteer.
        name: String,
        /// What can be done.
        next: &'static str,
    },
}

impl Refusal {
    /// What says who somebody is was erased, and with it what could be done.
    #[must_use]
    pub fn erased(name: &str) -> Self {
        Self::Erased { name: name.to_owned(), next: "the person may apply anew, under another id" }
    }
}

fn allow_not(count: usize) -> String {
    if count == 1 {
        "1 application does not allow".into()
    } else {
        format!("{count} applications do not allow")
    }
}

fn things_are(count: usize) -> String {
    if count == 1 { "1 thing is".into() } else { format!("{count} things are") }
}

fn first_state(refused: &[(String, State)]) -> String {
    refused.first().map_or_else(String::new, |(name, state)| in_words(name, *state))
}

fn in_words(name: &str, state: State) -> String {
    format!("{name} is {}: {}", state.in_words(), state.next())
}

fn first(missing: &[Violation]) -> String {
    missing.first().map_or_else(String::new, |one| format!("{}: {}", one.subject, one.description))
}

fn instead(alternatives: &[String]) -> String {
    if alternatives.is_empty() {
        "no other has room".into()
    } else {
        format!("there is room in {}", alternatives.join(", "))
    }
}

impl Fault for Refusal {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::DocumentTaken { .. } => ErrorKind::AlreadyExists,
            _ => ErrorKind::FailedPrecondition,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::State { .. } => "APPLICATION_STATE",
            Self::Blocked { .. } => "ACCREDITATION_BLOCKED",
            Self::DocumentTaken { .. } => "IDENTITY_DOCUMENT_TAKEN",
            Self::SlotFull { .. } => "INTERVIEW_SLOT_FULL",
            Self::SlotPast { .. } => "INTERVIEW_SLOT_PAST",
            Self::OnDuty { .. } => "PERSON_ON_DUTY",
            Self::Erased { .. } => "PERSON_ERASED",
        }
    }

    fn metadata(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::State { refused } => {
                let first = refused.first();
                vec![
                    ("application", first.map(|(name, _)| name.clone()).unwrap_or_default()),
                    ("state", first.map_or_else(String::new, |(_, state)| state.in_words().into())),
                ]
            }
            Self::Blocked { missing } => vec![("missing", missing.len().to_string())],
            Self::DocumentTaken { other } => vec![("application", other.clone())],
            Self::SlotFull { slot, capacity, .. } => {
                vec![("slot", slot.clone()), ("capacity", capacity.to_string())]
            }
            Self::SlotPast { slot } => vec![("slot", slot.clone())],
            Self::OnDuty { volunteer, assignment } => {
                vec![("volunteer", volunteer.clone()), ("assignment", assignment.clone())]
            }
            Self::Erased { name, .. } => vec![("name", name.clone())],
        }
    }

    fn violations(&self) -> Vec<Violation> {
        match self {
            Self::State { refused } => refused
                .iter()
                .map(|(name, state)| Violation { subject: name.clone(), description: in_words(name, *state) })
                .collect(),
            Self::Blocked { missing } => missing.clone(),
            Self::SlotFull { alternatives, .. } => alternatives
                .iter()
                .map(|slot| Violation { subject: slot.clone(), description: "has room".into() })
                .collect(),
            Self::DocumentTaken { .. }
            | Self::SlotPast { .. }
            | Self::OnDuty { .. }
            | Self::Erased { .. } => Vec::new(),
        }
    }

    fn resource(&self) -> Option<&str> {
        match self {
            Self::State { refused } => refused.first().map(|(name, _)| name.as_str()),
            Self::Blocked { missing } => missing.first().map(|one| one.subject.as_str()),
            Self::DocumentTaken { other } => Some(other),
            Self::SlotFull { slot, .. } | Self::SlotPast { slot } => Some(slot),
            Self::OnDuty { volunteer: name, .. } | Self::Erased { name, .. } => Some(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const VERBS: [Verb; 6] =
        [Verb::Screen, Verb::PassInterview, Verb::PassTraining, Verb::Accredit, Verb::Reject, Verb::Withdraw];

    proptest! {
        /// Whatever is tried in whatever order: nobody is accredited who was not found fit at every step, and what is
        /// closed stays so.
        #[test]
        fn nobody_skips_a_step(tried in proptest::collection::vec(0..VERBS.len(), 0..40)) {
            let (mut state, mut passed) = (State::Applied, Vec::new());
            for verb in tried.into_iter().map(|at| VERBS[at]) {
                let Some(next) = state.after(verb) else { continue };
                prop_assert!(state.is_open(), "{state:?} moved by {verb:?}");
                state = next;
                passed.push(verb);
            }
            if state == State::Accredited {
                prop_assert_eq!(passed, VERBS[..4].to_vec());
            }
        }
    }

    #[test]
    fn every_refusal_says_what_may_be_done() {
        for state in State::ALL {
            let told = Refusal::State { refused: vec![("a1".into(), state)] };
            assert_eq!(told.violations()[0].description, in_words("a1", state));
            assert!(told.to_string().contains(state.next()), "{told}");
        }
        let full = Refusal::SlotFull { slot: "s1".into(), capacity: 2, alternatives: vec!["s2".into()] };
        assert_eq!(full.to_string(), "s1 is full: all of its 2 places are booked; there is room in s2");
    }
}
