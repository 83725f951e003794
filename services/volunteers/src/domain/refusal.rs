//! Why the rules refuse, each with what may be done instead.

use matchday_kernel::{ErrorKind, Fault, Instant, Interval, Violation, civil::Date};

use super::{assignment::State, limits::Broken, phase::Phase};

/// Why the rules refuse.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Every seat is taken.
    #[error("{shift} is full: all of its {headcount} seats are taken; {}", instead(alternatives))]
    Full {
        /// The shift.
        shift: String,
        /// Its seats.
        headcount: i32,
        /// What the volunteer may take instead.
        alternatives: Vec<Alternative>,
    },
    /// The volunteer holds another shift at that time.
    #[error("{volunteer} cannot take {shift}: the person holds {other} from {} until {}; {next}",
        during.start(), during.end())]
    Overlap {
        /// The volunteer.
        volunteer: String,
        /// The shift wanted.
        shift: String,
        /// The shift held.
        other: String,
        /// When that is held.
        during: Interval,
        /// What can be done.
        next: &'static str,
    },
    /// The volunteer does not bring what the shift needs.
    #[error("{volunteer} cannot take {shift}: {wanted}; choose another volunteer")]
    Requirement {
        /// The volunteer.
        volunteer: String,
        /// The shift.
        shift: String,
        /// `skill`, `language` or `availability`.
        requirement: &'static str,
        /// What is wanted, in words.
        wanted: String,
    },
    /// A hard limit would be broken.
    #[error("{volunteer} cannot take {shift}: {broken}; choose another volunteer or another shift")]
    Limit {
        /// The volunteer.
        volunteer: String,
        /// The shift.
        shift: String,
        /// The limit, with its numbers.
        broken: Broken,
    },
    /// The shift does not allow it now.
    #[error("{shift} is {state}: {next}")]
    ShiftState {
        /// The shift.
        shift: String,
        /// Where it stands.
        state: &'static str,
        /// What can be done instead.
        next: &'static str,
    },
    /// The phase of the day's roster does not allow it.
    #[error("the roster of {day}, the day of {shift}, is {}: {next}", phase.in_words())]
    Phase {
        /// The shift.
        shift: String,
        /// Its day.
        day: Date,
        /// The phase.
        phase: Phase,
        /// What can be done instead.
        next: &'static str,
    },
    /// A unit brings the people of the shift.
    #[error(
        "{shift} is held by the unit {unit}: its leader reports the headcount; nobody is assigned by name"
    )]
    OfUnit {
        /// The shift.
        shift: String,
        /// The unit.
        unit: String,
    },
    /// Volunteers hold the shift.
    #[error("{shift} is held by volunteers, not by a unit: sign them in one by one")]
    OfVolunteers {
        /// The shift.
        shift: String,
    },
    /// The assignment does not allow it now.
    #[error("{assignment} is {}: {}", state.in_words(), state.next())]
    AssignmentState {
        /// The assignment.
        assignment: String,
        /// Where it stands.
        state: State,
    },
    /// Volunteers want back by themselves what somebody took from them, or what they missed or left.
    #[error("the person's assignment to {shift} is {}: ask the coordinator for it", state.in_words())]
    TakenAway {
        /// The shift.
        shift: String,
        /// Where the assignment stands.
        state: State,
    },
    /// The answer to an invitation came after its deadline.
    #[error(
        "{assignment} could be accepted until {until}: invite the volunteer again if the seat is still open"
    )]
    AnswerTooLate {
        /// The assignment.
        assignment: String,
        /// The deadline.
        until: Instant,
    },
    /// A code is none of a shift that the volunteer holds.
    #[error(
        "the code is none that is shown now at a post of {volunteer}: read it again from the screen of the post, or let \
         its leader sign the volunteer in"
    )]
    CodeWrong {
        /// The volunteer.
        volunteer: String,
    },
    /// Nobody can take a place.
    #[error(
        "nobody can take the place on {shift}: none of {looked_at} volunteers is free, able and within the \
        limits, nothing was changed; {}",
        elsewhere(others)
    )]
    NoSubstitute {
        /// The shift.
        shift: String,
        /// Volunteers there are.
        looked_at: usize,
        /// Those who are there on other posts, and could be sent.
        others: Vec<String>,
    },
    /// Nothing waits for the volunteer's answer, or for an invitation.
    #[error("{volunteer} {problem}")]
    NoInvitation {
        /// The volunteer.
        volunteer: String,
        /// What is missing, and what comes before.
        problem: &'static str,
    },
    /// Volunteers stand in two groups.
    #[error("{} in two groups, nothing was imported: {}", persons(doubles.len()), first(doubles))]
    TwoGroups {
        /// Each of them.
        doubles: Vec<Double>,
    },
    /// Leaders are none of their groups' own volunteers.
    #[error("{} a leader who is none of its volunteers, nothing was imported: {}; import the leader in the group",
        groups(leaders.len()), first_leader(leaders))]
    LeaderUnknown {
        /// Each group with its leader.
        leaders: Vec<(String, String)>,
    },
}

/// A shift with open seats that a volunteer may take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternative {
    /// Its name.
    pub shift: String,
    /// When it takes place and how many seats are open, in words.
    pub description: String,
}

/// A volunteer in two groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Double {
    /// The volunteer.
    pub volunteer: String,
    /// One group; empty for none.
    pub one: String,
    /// The other; empty for none.
    pub other: String,
}

impl Double {
    fn in_words(&self) -> String {
        let group = |name: &str| if name.is_empty() { "no group".to_owned() } else { name.to_owned() };
        format!("{} is in {} and in {}", self.volunteer, group(&self.one), group(&self.other))
    }
}

fn instead(alternatives: &[Alternative]) -> String {
    if alternatives.is_empty() {
        return "none of the next shifts with open seats fits the volunteer".to_owned();
    }
    let shifts: Vec<&str> = alternatives.iter().map(|one| one.shift.as_str()).collect();
    format!("the volunteer may take {} instead", shifts.join(" or "))
}

fn elsewhere(others: &[String]) -> String {
    if others.is_empty() {
        return "nobody signed in on another post could be sent either: ask who could take it but for one rule"
            .to_owned();
    }
    format!("name one who is signed in on another post: {}", others.join(" or "))
}

fn persons(count: usize) -> String {
    if count == 1 { "a volunteer stands".to_owned() } else { format!("{count} volunteers stand") }
}

fn groups(count: usize) -> String {
    if count == 1 { "a group names".to_owned() } else { format!("{count} groups name") }
}

fn first(doubles: &[Double]) -> String {
    let rest = "leave each volunteer in one group";
    doubles.first().map_or_else(String::new, |one| format!("{}; {rest}", one.in_words()))
}

fn first_leader(leaders: &[(String, String)]) -> String {
    leaders.first().map_or_else(String::new, |(group, leader)| format!("{leader} of {group}"))
}

impl Fault for Refusal {
    fn kind(&self) -> ErrorKind {
        ErrorKind::FailedPrecondition
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Full { .. } => "SHIFT_FULL",
            Self::Overlap { .. } => "SHIFT_OVERLAP",
            Self::Requirement { .. } => "SHIFT_REQUIREMENT",
            Self::Limit { .. } => "SHIFT_LIMIT",
            Self::ShiftState { .. } => "SHIFT_STATE",
            Self::Phase { .. } => "ROSTER_PHASE",
            Self::OfUnit { .. } => "SHIFT_OF_UNIT",
            Self::OfVolunteers { .. } => "SHIFT_OF_VOLUNTEERS",
            Self::AssignmentState { .. } | Self::TakenAway { .. } => "ASSIGNMENT_STATE",
            Self::AnswerTooLate { .. } => "ANSWER_TOO_LATE",
            Self::CodeWrong { .. } => "SIGN_IN_CODE_WRONG",
            Self::NoSubstitute { .. } => "NO_SUBSTITUTE",
            Self::NoInvitation { .. } => "NO_INVITATION",
            Self::TwoGroups { .. } => "VOLUNTEER_IN_TWO_GROUPS",
            Self::LeaderUnknown { .. } => "GROUP_LEADER_UNKNOWN",
        }
    }

    fn metadata(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Full { headcount, alternatives, .. } => {
                let shifts: Vec<&str> = alternatives.iter().map(|one| one.shift.as_str()).collect();
                vec![("headcount", headcount.to_string()), ("alternatives", shifts.join(" "))]
            }
            Self::Overlap { other, .. } => vec![("other", other.clone())],
            Self::Requirement { requirement, .. } => vec![("requirement", (*requirement).into())],
            Self::Limit { broken, .. } => vec![
                ("limit", broken.what.code().into()),
                ("minutes", broken.is.as_mins().to_string()),
                ("limit_minutes", broken.limit.as_mins().to_string()),
            ],
            Self::ShiftState { state, next, .. } => {
                vec![("state", (*state).into()), ("next", (*next).into())]
            }
            Self::Phase { day, phase, next, .. } => {
                vec![("day", day.to_string()), ("phase", phase.in_words().into()), ("next", (*next).into())]
            }
            Self::OfUnit { unit, .. } => vec![("unit", unit.clone())],
            Self::AssignmentState { state, .. } => {
                vec![("state", state.in_words().into()), ("next", state.next().into())]
            }
            Self::TakenAway { state, .. } => {
                vec![("state", state.in_words().into()), ("next", "ask the coordinator for it".into())]
            }
            Self::AnswerTooLate { until, .. } => vec![("until", until.to_string())],
            Self::NoSubstitute { looked_at, others, .. } => {
                vec![("volunteers", looked_at.to_string()), ("others", others.join(" "))]
            }
            Self::NoInvitation { volunteer, .. } | Self::CodeWrong { volunteer } => {
                vec![("volunteer", volunteer.clone())]
            }
            Self::TwoGroups { doubles } => vec![("volunteers", doubles.len().to_string())],
            Self::LeaderUnknown { leaders } => vec![("groups", leaders.len().to_string())],
            Self::OfVolunteers { .. } => Vec::new(),
        }
    }

    fn violations(&self) -> Vec<Violation> {
        match self {
            Self::Full { alternatives, .. } => {
                let of = |one: &Alternative| Violation {
                    subject: one.shift.clone(),
                    description: format!("may be taken instead: {}", one.description),
                };
                alternatives.iter().map(of).collect()
            }
            Self::TwoGroups { doubles } => {
                let of =
                    |one: &Double| Violation { subject: one.volunteer.clone(), description: one.in_words() };
                doubles.iter().map(of).collect()
            }
            Self::LeaderUnknown { leaders } => {
                let of = |(group, leader): &(String, String)| Violation {
                    subject: group.clone(),
                    description: format!("its leader {leader} is none of its volunteers"),
                };
                leaders.iter().map(of).collect()
            }
            _ => Vec::new(),
        }
    }

    fn resource(&self) -> Option<&str> {
        match self {
            Self::Full { shift, .. }
            | Self::Overlap { shift, .. }
            | Self::Requirement { shift, .. }
            | Self::Limit { shift, .. }
            | Self::ShiftState { shift, .. }
            | Self::TakenAway { shift, .. }
            | Self::Phase { shift, .. }
            | Self::OfUnit { shift, .. }
            | Self::NoSubstitute { shift, .. }
            | Self::OfVolunteers { shift } => Some(shift),
            Self::AssignmentState { assignment, .. } | Self::AnswerTooLate { assignment, .. } => {
                Some(assignment)
            }
            Self::NoInvitation { volunteer, .. } | Self::CodeWrong { volunteer } => Some(volunteer),
            Self::TwoGroups { doubles } => doubles.first().map(|double| double.volunteer.as_str()),
            Self::LeaderUnknown { leaders } => leaders.first().map(|(group, _)| group.as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_shift_says_what_may_be_taken_instead() {
        let alternatives =
            vec![Alternative { shift: "tournaments/t/shifts/b".into(), description: "2 seats".into() }];
        let full = Refusal::Full { shift: "tournaments/t/shifts/a".into(), headcount: 3, alternatives };
        assert!(
            full.to_string().ends_with("the volunteer may take tournaments/t/shifts/b instead"),
            "{full}"
        );
        assert_eq!(full.violations()[0].description, "may be taken instead: 2 seats");
    }

    #[test]
    fn an_assignment_says_the_next_legal_action() {
        for state in State::ALL {
            let refusal = Refusal::AssignmentState { assignment: "a".into(), state };
            assert_eq!(refusal.to_string(), format!("a is {}: {}", state.in_words(), state.next()));
        }
    }

    #[test]
    fn both_groups_are_named() {
        let double = Double { volunteer: "v".into(), one: "g".into(), other: String::new() };
        let refusal = Refusal::TwoGroups { doubles: vec![double] };
        assert_eq!(
            refusal.to_string(),
            "a volunteer stands in two groups, nothing was imported: v is in g and in no group; leave each \
             volunteer in one group"
        );
    }
}
