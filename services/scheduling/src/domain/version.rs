//! What a schedule version goes through: (draft →) publishing → published → superseded, or refused; a draft may be
//! discarded.

/// Where a version stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The venues are asked for its places.
    Publishing,
    /// In force.
    Published,
    /// A later version is in force.
    Superseded,
    /// Its places were not free.
    Refused,
    /// Proposed.
    Draft,
    /// A draft that nobody wants any more.
    Discarded,
}

/// What the venues said to an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// All places are reserved.
    Reserved,
    /// They are not, and nothing was reserved.
    NotFree,
}

/// Takes the answer to an attempt into account. `None` when it changes nothing: another attempt was begun
/// since, and its answer decides, or the version is decided already.
#[must_use]
pub fn decide(state: State, last_attempt: i64, attempt: i64, answer: Answer) -> Option<State> {
    match (state, answer) {
        (State::Publishing, Answer::Reserved) if attempt == last_attempt => Some(State::Published),
        (State::Publishing, Answer::NotFree) if attempt == last_attempt => Some(State::Refused),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_attempt_decides_and_only_once() {
        assert_eq!(decide(State::Publishing, 2, 2, Answer::Reserved), Some(State::Published));
        assert_eq!(decide(State::Publishing, 2, 2, Answer::NotFree), Some(State::Refused));
        assert_eq!(decide(State::Publishing, 2, 1, Answer::NotFree), None);
        for state in [State::Published, State::Superseded, State::Refused, State::Draft, State::Discarded] {
            assert_eq!(decide(state, 2, 2, Answer::Reserved), None);
            assert_eq!(decide(state, 2, 2, Answer::NotFree), None);
        }
    }
}
