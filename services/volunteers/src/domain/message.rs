//! A message to one volunteer: where it stands, what an attempt comes to, and when it is tried again.
//!
//! queued → sending → sent, failed or uncertain; what has not gone can be cancelled. A message is claimed, *sending*, in
//! a write of its own before anything leaves the house: so whatever ends a process, it is known which attempts it cut.

use matchday_kernel::{Instant, SignedDuration};

/// Attempts before a message is given up.
pub const MOST_ATTEMPTS: u32 = 12;
/// How long after the first attempt comes the second; it doubles with each, up to [`LONGEST_WAIT`].
const FIRST_WAIT: SignedDuration = SignedDuration::from_secs(1);
/// The longest wait between two attempts. All twelve come to 18½ minutes.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_mins(5);

/// Where a message stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Waits for its next attempt.
    Queued,
    /// An attempt is under way.
    Sending,
    /// It was taken on.
    Sent,
    /// It was refused for good, or as often as is tried.
    Failed,
    /// It may have been taken on.
    Uncertain,
    /// Taken back before it went.
    Cancelled,
}

/// The way a message leaves the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// Mail by SMTP.
    Email,
    /// An HTTP call.
    Webhook,
    /// A file in a directory.
    File,
}

/// What an attempt came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was taken on.
    Taken,
    /// It will never be taken on: why.
    Refused(String),
    /// It was not taken on this time: why.
    NotNow(String),
    /// It may have been taken on: what has happened.
    Unknown(String),
}

/// Where a message stands after an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next {
    /// The state.
    pub state: State,
    /// When it is tried again, of one that is queued.
    pub due: Option<Instant>,
    /// What is wrong; empty for nothing.
    pub problem: String,
}

impl State {
    /// Every state, in the order of the contract.
    pub const ALL: [Self; 6] =
        [Self::Queued, Self::Sending, Self::Sent, Self::Failed, Self::Uncertain, Self::Cancelled];

    /// Whether somebody may ask for it to be sent again.
    #[must_use]
    pub fn may_be_retried(self) -> bool {
        matches!(self, Self::Failed | Self::Uncertain)
    }

    /// Whether what an attempt came to still counts: it is under way, or was thought to be cut.
    #[must_use]
    pub fn awaits_outcome(self) -> bool {
        matches!(self, Self::Sending | Self::Uncertain)
    }
}

impl Channel {
    /// Every channel, in the order of the contract.
    pub const ALL: [Self; 3] = [Self::Email, Self::Webhook, Self::File];

    /// Whether a repeat under the same key is no second message.
    #[must_use]
    pub fn is_keyed(self) -> bool {
        self != Self::Email
    }
}

/// How long to wait after so many attempts, from 1.
fn wait(attempts: u32) -> SignedDuration {
    let doublings = attempts.saturating_sub(1).min(16);
    FIRST_WAIT.checked_mul(1 << doublings).map_or(LONGEST_WAIT, |wait| wait.min(LONGEST_WAIT))
}

/// Where a message stands after its latest attempt, which was number `attempts` from 1 and has ended now.
#[must_use]
pub fn after(outcome: Outcome, channel: Channel, attempts: u32, now: Instant) -> Next {
    let settled = |state, problem| Next { state, due: None, problem };
    match outcome {
        Outcome::Taken => settled(State::Sent, String::new()),
        Outcome::Refused(problem) => settled(State::Failed, problem),
        Outcome::Unknown(problem) if !channel.is_keyed() => settled(State::Uncertain, problem),
        Outcome::NotNow(problem) | Outcome::Unknown(problem) if attempts >= MOST_ATTEMPTS => {
            settled(State::Failed, problem)
        }
        Outcome::NotNow(problem) | Outcome::Unknown(problem) => {
            Next { state: State::Queued, due: Some(now.saturating_add(wait(attempts))), problem }
        }
    }
}

/// What an attempt came to whose process has ended.
#[must_use]
pub fn cut() -> Outcome {
    Outcome::Unknown("the process ended during the attempt".to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::shift::tests::at;

    fn outcome() -> impl Strategy<Value = Outcome> {
        prop_oneof![
            Just(Outcome::Taken),
            Just(Outcome::Refused("HTTP 404".into())),
            Just(Outcome::NotNow("HTTP 503".into())),
            Just(cut()),
        ]
    }

    #[test]
    fn waits_double_up_to_five_minutes() {
        let waits: Vec<i64> = (1..MOST_ATTEMPTS).map(|attempts| wait(attempts).as_secs()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
        assert_eq!(waits.iter().sum::<i64>(), 18 * 60 + 31);
    }

    #[test]
    fn only_a_mail_that_was_cut_is_uncertain() {
        for channel in Channel::ALL {
            let state = after(cut(), channel, 1, at(0)).state;
            assert_eq!(state == State::Uncertain, channel == Channel::Email);
        }
    }

    proptest! {
        #[test]
        fn every_message_settles_after_as_many_attempts_as_there_are(
            outcomes in prop::collection::vec(outcome(), MOST_ATTEMPTS as usize),
            channel in prop::sample::select(&Channel::ALL[..]),
        ) {
            let mut now = at(0);
            for (attempts, outcome) in (1..).zip(outcomes) {
                let is_refused = matches!(outcome, Outcome::Refused(_));
                let next = after(outcome.clone(), channel, attempts, now);
                prop_assert_eq!(next.state == State::Queued, next.due.is_some());
                prop_assert_eq!(next.state == State::Sent, outcome == Outcome::Taken);
                prop_assert_eq!(next.problem.is_empty(), outcome == Outcome::Taken);
                prop_assert!(!is_refused || next.state == State::Failed);
                let Some(due) = next.due else { return Ok(()) };
                prop_assert!(now < due && due <= now.saturating_add(LONGEST_WAIT));
                now = due;
            }
            prop_assert!(false, "it is still queued");
        }
    }
}
