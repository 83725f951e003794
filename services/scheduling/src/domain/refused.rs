//! Why competitions, results, lots and teams that leave are refused.

use matchday_kernel::{ErrorKind, Fault};

/// Why something about a competition is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nobody plays in the competition.
    #[error("no team of {tournament} plays in {competition:?}: its competitions are {known}")]
    CompetitionUnknown {
        /// The tournament.
        tournament: String,
        /// The competition.
        competition: String,
        /// The competitions there are.
        known: String,
    },
    /// The format and the teams do not fit each other.
    #[error("the matches of {competition:?} cannot be made: {problem}")]
    FormatUnfit {
        /// The competition.
        competition: String,
        /// What does not fit, and what would.
        problem: String,
    },
    /// The competition has matches already.
    #[error("{competition:?} has {matches} matches already: none were made")]
    MatchesExist {
        /// The competition.
        competition: String,
        /// How many.
        matches: usize,
    },
    /// The grid has too few places.
    #[error(
        "the grid has room for {placed} of {matches} matches until {last}: give it more pitches, more kick-offs, or \
         an earlier first day"
    )]
    GridTooSmall {
        /// Matches that were placed.
        placed: usize,
        /// Matches to be placed.
        matches: usize,
        /// Last day of the tournament.
        last: String,
    },
    /// Nobody knows yet who plays.
    #[error("{activity} has no result yet: the {side} is not known")]
    SidesUnknown {
        /// The match.
        activity: String,
        /// The slot, in words.
        side: String,
    },
    /// The match is not over.
    #[error("{activity} has no result yet: {why}")]
    TooEarly {
        /// The match.
        activity: String,
        /// Why not.
        why: String,
    },
    /// No match ends like that.
    #[error("{activity} cannot have ended like that: {problem}")]
    Impossible {
        /// The match.
        activity: String,
        /// What is wrong.
        problem: String,
    },
    /// The match has a result.
    #[error("{activity} has the result {score}: to correct it, say why")]
    Recorded {
        /// The match.
        activity: String,
        /// Its result.
        score: String,
    },
    /// What follows from it would change a match that has begun, or was cancelled.
    #[error("{activity} {what}, and would have other sides: {was}, not {would}; nothing was changed")]
    BracketBegun {
        /// The match that would change.
        activity: String,
        /// What it has done.
        what: &'static str,
        /// Who plays it.
        was: String,
        /// Who would.
        would: String,
    },
    /// Lots decide nothing here.
    #[error("lots decide nothing in group {group} of {competition:?}: {why}")]
    LotsNotNeeded {
        /// Competition.
        competition: String,
        /// Group.
        group: String,
        /// Why not.
        why: String,
    },
    /// The team has left.
    #[error("{team} {how} already")]
    TeamLeft {
        /// The team.
        team: String,
        /// How.
        how: &'static str,
    },
    /// The team has played.
    #[error("{team} has begun {activity}, and nobody takes over what was played: withdraw it instead")]
    TeamHasPlayed {
        /// The team.
        team: String,
        /// The match.
        activity: String,
    },
}

impl Fault for Refusal {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Impossible { .. } => ErrorKind::InvalidArgument,
            Self::CompetitionUnknown { .. }
            | Self::FormatUnfit { .. }
            | Self::MatchesExist { .. }
            | Self::GridTooSmall { .. }
            | Self::SidesUnknown { .. }
            | Self::TooEarly { .. }
            | Self::Recorded { .. }
            | Self::BracketBegun { .. }
            | Self::LotsNotNeeded { .. }
            | Self::TeamLeft { .. }
            | Self::TeamHasPlayed { .. } => ErrorKind::FailedPrecondition,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::CompetitionUnknown { .. } => "COMPETITION_UNKNOWN",
            Self::FormatUnfit { .. } => "FORMAT_UNFIT",
            Self::MatchesExist { .. } => "MATCHES_EXIST",
            Self::GridTooSmall { .. } => "GRID_TOO_SMALL",
            Self::SidesUnknown { .. } => "RESULT_SIDES_UNKNOWN",
            Self::TooEarly { .. } => "RESULT_TOO_EARLY",
            Self::Impossible { .. } => "RESULT_IMPOSSIBLE",
            Self::Recorded { .. } => "RESULT_RECORDED",
            Self::BracketBegun { .. } => "BRACKET_BEGUN",
            Self::LotsNotNeeded { .. } => "LOTS_NOT_NEEDED",
            Self::TeamLeft { .. } => "TEAM_LEFT",
            Self::TeamHasPlayed { .. } => "TEAM_HAS_PLAYED",
        }
    }

    fn resource(&self) -> Option<&str> {
        match self {
            Self::SidesUnknown { activity, .. }
            | Self::TooEarly { activity, .. }
            | Self::Impossible { activity, .. }
            | Self::Recorded { activity, .. }
            | Self::BracketBegun { activity, .. } => Some(activity),
            Self::TeamLeft { team, .. } | Self::TeamHasPlayed { team, .. } => Some(team),
            Self::CompetitionUnknown { tournament, .. } => Some(tournament),
            Self::FormatUnfit { .. }
            | Self::MatchesExist { .. }
            | Self::GridTooSmall { .. }
            | Self::LotsNotNeeded { .. } => None,
        }
    }
}
