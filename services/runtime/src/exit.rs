//! Exit codes: stable, so that scripts can tell what to do.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// It did what was asked.
    Done,
    /// A defect, or a failure of the machine.
    Failed,
    /// The command line or the configuration is wrong.
    Usage,
    /// The input is wrong: a file, a name, a time.
    Input,
    /// The service refused: conflicts, a wrong state, something missing or there already.
    Refused,
    /// The token is missing or does not allow it.
    Denied,
    /// The server does not answer.
    Unreachable,
    /// The data directory or the database cannot be used by this process.
    Data,
    /// Ended at once by a second signal.
    Interrupted,
}

impl Exit {
    /// The number the process ends with.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Input => 3,
            Self::Refused => 4,
            Self::Denied => 5,
            Self::Unreachable => 6,
            Self::Data => 7,
            Self::Interrupted => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.number())
    }
}
