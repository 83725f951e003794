//! Why the service refuses.

use matchday_kernel::{Common, ErrorKind, Fault, Violation};
use matchday_rpc::fault_status;
use matchday_store::StoreError;
use tonic::Status;

use crate::domain::{live, officials::Objected, place::Misplaced, refused, slot::Refusal};

/// Why the service refuses.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What every store refuses.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A rule of activities.
    #[error(transparent)]
    Activity(#[from] Refusal),
    /// A rule of places.
    #[error(transparent)]
    Place(#[from] Misplaced),
    /// A rule of the live day.
    #[error(transparent)]
    Live(#[from] live::Refusal),
    /// Something speaks against officials of a match.
    #[error(transparent)]
    Officials(#[from] Objected),
    /// A rule of competitions, results and teams.
    #[error(transparent)]
    Competition(#[from] refused::Refusal),
    /// Another version of the tournament is being published.
    #[error("{version} is being published: repeat when that is decided")]
    PublishInProgress {
        /// The version.
        version: String,
    },
    /// A later version exists than the refused one that a repeated call would publish.
    #[error("{version} was refused, and there are later versions: publish with a new request id")]
    PublishOutdated {
        /// The version.
        version: String,
    },
    /// A draft was made of a schedule that has moved on.
    #[error(
        "{version} was made of a schedule that has moved on: {}; nothing was changed: make the draft anew",
        first(violations)
    )]
    DraftOutdated {
        /// The version.
        version: String,
        /// What has moved on: the version in force, or each activity, and how.
        violations: Vec<Violation>,
    },
    /// A version does not stand where it can be dealt with so.
    #[error("{version} is {state}: {next}")]
    VersionState {
        /// The version.
        version: String,
        /// Where it stands.
        state: &'static str,
        /// What can be done instead.
        next: &'static str,
    },
    /// A service plan cannot be followed as it stands.
    #[error("the service plan has {} faults, nothing was applied: {}", violations.len(), first(violations))]
    PlanInvalid {
        /// Each of them, with its field.
        violations: Vec<Violation>,
    },
    /// A service plan is for classes that nothing has.
    #[error(
        "no activity or session of {tournament} has the class {}: its classes are {}; correct the plan, or give the \
         class to an activity or a session",
        unknown.join(", "),
        known.join(", ")
    )]
    PlanClassUnknown {
        /// The tournament.
        tournament: String,
        /// The classes of the plan that nothing has.
        unknown: Vec<String>,
        /// The classes there are.
        known: Vec<String>,
    },
    /// The venues could not be asked.
    #[error("the venues could not be asked, nothing was changed: {problem}")]
    VenuesUnavailable {
        /// Why.
        problem: String,
    },
    /// A file would be larger than an answer may be.
    #[error(
        "the file has {bytes} bytes, and an answer carries {most}: ask for one day, team, venue or official"
    )]
    ExportTooLarge {
        /// How large it is.
        bytes: usize,
        /// How large it may be.
        most: usize,
    },
    /// The schedule, its rules or its timetable frame cannot be made a timetable of.
    #[error("no timetable of {tournament} can be made, {} faults: {}", faults.len(), first(faults))]
    TimetableInvalid {
        /// The tournament.
        tournament: String,
        /// Each of them, with its code.
        faults: Vec<Violation>,
    },
    /// As many runs wait and search as a process takes.
    #[error(
        "{searching} runs search and {waiting} wait, and a process takes no more: try again when one has ended, or \
         cancel one"
    )]
    RunsFull {
        /// Runs that search.
        searching: usize,
        /// Runs that wait.
        waiting: usize,
    },
    /// A run has ended, and cannot be cancelled.
    #[error(
        "{run} has ended ({state}): there is nothing to cancel; discard its drafts where nobody wants them"
    )]
    RunEnded {
        /// The run.
        run: String,
        /// How it has ended.
        state: &'static str,
    },
    /// A schedule was to be made or repaired from a version that is not in force any more.
    #[error("{} is in force, not {}: read it, and repeat with it", or_none(in_force), or_none(seen))]
    BaseSuperseded {
        /// The version that the caller takes to be in force; empty for none.
        seen: String,
        /// The version in force; empty for none.
        in_force: String,
    },
    /// The venues have not answered.
    #[error("{version} stays in publishing, and is finished when the venues answer: {problem}")]
    PublishPending {
        /// The version.
        version: String,
        /// Why they have not.
        problem: String,
    },
}

fn first(violations: &[Violation]) -> String {
    violations.first().map_or_else(String::new, |one| format!("{} {}", one.subject, one.description))
}

fn or_none(version: &str) -> &str {
    if version.is_empty() { "no version" } else { version }
}

impl From<Common> for Error {
    fn from(refusal: Common) -> Self {
        Self::Store(refusal.into())
    }
}

impl Fault for Error {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Store(error) => error.kind(),
            Self::Officials(objected) => objected.kind(),
            Self::Competition(refusal) => refusal.kind(),
            Self::Live(refusal) => refusal.kind(),
            Self::Activity(Refusal::Cancelled { .. } | Refusal::Begun { .. } | Refusal::Unchanged { .. })
            | Self::Place(_)
            | Self::DraftOutdated { .. }
            | Self::VersionState { .. }
            | Self::PublishOutdated { .. }
            | Self::PlanClassUnknown { .. }
            | Self::ExportTooLarge { .. }
            | Self::RunEnded { .. }
            | Self::BaseSuperseded { .. }
            | Self::TimetableInvalid { .. } => ErrorKind::FailedPrecondition,
            Self::RunsFull { .. } => ErrorKind::ResourceExhausted,
            Self::Activity(_) | Self::PlanInvalid { .. } => ErrorKind::InvalidArgument,
            Self::PublishInProgress { .. } => ErrorKind::Aborted,
            Self::PublishPending { .. } | Self::VenuesUnavailable { .. } => ErrorKind::Unavailable,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Store(error) => error.reason(),
            Self::Officials(objected) => objected.reason(),
            Self::Competition(refusal) => refusal.reason(),
            Self::Live(refusal) => refusal.reason(),
            Self::Activity(Refusal::Cancelled { .. }) => "ACTIVITY_CANCELLED",
            Self::Activity(Refusal::Begun { .. }) => "ACTIVITY_BEGUN",
            Self::Activity(Refusal::Unchanged { .. }) => "ACTIVITY_UNCHANGED",
            Self::Activity(Refusal::NoDelay) => "DELAY_OUT_OF_RANGE",
            Self::Activity(Refusal::Length | Refusal::Time(_)) => "TIME_OUT_OF_RANGE",
            Self::Place(Misplaced::OtherSite { .. }) => "ACTIVITY_AT_OTHER_SITE",
            Self::Place(Misplaced::OtherVenue { .. }) => "SESSION_AT_OTHER_VENUE",
            Self::PublishInProgress { .. } => "PUBLISH_IN_PROGRESS",
            Self::PublishOutdated { .. } => "PUBLISH_OUTDATED",
            Self::DraftOutdated { .. } => "DRAFT_OUTDATED",
            Self::VersionState { .. } => "VERSION_STATE",
            Self::PlanInvalid { .. } => "PLAN_INVALID",
            Self::PlanClassUnknown { .. } => "PLAN_CLASS_UNKNOWN",
            Self::VenuesUnavailable { .. } => "VENUES_UNAVAILABLE",
            Self::PublishPending { .. } => "PUBLISH_PENDING",
            Self::ExportTooLarge { .. } => "EXPORT_TOO_LARGE",
            Self::TimetableInvalid { .. } => "TIMETABLE_INVALID",
            Self::RunsFull { .. } => "RUNS_FULL",
            Self::RunEnded { .. } => "RUN_ENDED",
            Self::BaseSuperseded { .. } => "BASE_SUPERSEDED",
        }
    }

    fn metadata(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Store(error) => error.metadata(),
            Self::Officials(objected) => objected.metadata(),
            Self::Competition(refusal) => refusal.metadata(),
            Self::Live(refusal) => refusal.metadata(),
            Self::Activity(_) | Self::VenuesUnavailable { .. } | Self::PlanInvalid { .. } => vec![],
            Self::ExportTooLarge { bytes, most } => {
                vec![("bytes", bytes.to_string()), ("most", most.to_string())]
            }
            Self::TimetableInvalid { faults, .. } => vec![("faults", faults.len().to_string())],
            Self::RunsFull { searching, waiting } => {
                vec![("searching", searching.to_string()), ("waiting", waiting.to_string())]
            }
            Self::RunEnded { run, state } => vec![("run", run.clone()), ("state", (*state).to_owned())],
            Self::BaseSuperseded { seen, in_force } => {
                vec![("seen", seen.clone()), ("in_force", in_force.clone())]
            }
            Self::PlanClassUnknown { unknown, .. } => vec![("classes", unknown.join(" "))],
            Self::Place(Misplaced::OtherSite { sites, .. }) => vec![("sites", sites.clone())],
            Self::Place(Misplaced::OtherVenue { session, venue, .. }) => {
                vec![("session", session.clone()), ("venue", venue.clone())]
            }
            Self::VersionState { version, state, .. } => {
                vec![("version", version.clone()), ("state", (*state).to_owned())]
            }
            Self::PublishInProgress { version }
            | Self::PublishOutdated { version }
            | Self::DraftOutdated { version, .. }
            | Self::PublishPending { version, .. } => {
                vec![("version", version.clone())]
            }
        }
    }

    fn violations(&self) -> Vec<Violation> {
        match self {
            Self::Store(error) => error.violations(),
            Self::Officials(objected) => objected.violations(),
            Self::PlanInvalid { violations } | Self::DraftOutdated { violations, .. } => violations.clone(),
            Self::TimetableInvalid { faults, .. } => faults.clone(),
            _ => Vec::new(),
        }
    }

    fn resource(&self) -> Option<&str> {
        match self {
            Self::Store(error) => error.resource(),
            Self::Officials(objected) => objected.resource(),
            Self::Competition(refusal) => refusal.resource(),
            Self::Live(refusal) => refusal.resource(),
            Self::Activity(
                Refusal::Cancelled { activity }
                | Refusal::Begun { activity }
                | Refusal::Unchanged { activity },
            ) => Some(activity),
            Self::PublishInProgress { version }
            | Self::PublishOutdated { version }
            | Self::VersionState { version, .. }
            | Self::BaseSuperseded { in_force: version, .. }
            | Self::DraftOutdated { version, .. }
            | Self::PublishPending { version, .. } => Some(version),
            Self::RunEnded { run, .. } => Some(run),
            Self::PlanClassUnknown { tournament, .. } | Self::TimetableInvalid { tournament, .. } => {
                Some(tournament)
            }
            Self::Activity(_)
            | Self::Place(_)
            | Self::PlanInvalid { .. }
            | Self::ExportTooLarge { .. }
            | Self::RunsFull { .. }
            | Self::VenuesUnavailable { .. } => None,
        }
    }
}

impl From<Error> for Status {
    fn from(error: Error) -> Self {
        fault_status(&error)
    }
}
