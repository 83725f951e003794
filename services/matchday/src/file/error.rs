//! What can be wrong with a file.

use std::fmt::Display;
use std::io;
use std::string::FromUtf8Error;

use serde_saphyr::{MessageFormatter, UserMessageFormatter};

/// The error of a file that is not what it should be.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FileError {
    /// The file cannot be opened or read.
    #[error("{file}: cannot be read: {source}")]
    Unreadable {
        /// The file.
        file: String,
        /// Why not.
        source: io::Error,
    },
    /// The file is larger than files of its kind may be.
    #[error("{file}: is larger than {mib} MiB")]
    TooLarge {
        /// The file.
        file: String,
        /// How large it may be.
        mib: u64,
    },
    /// The file is not YAML, or its fields are not those of its kind.
    #[error("{file}{}: {problem}", line.map_or_else(String::new, |line| format!(":{line}")))]
    Form {
        /// The file.
        file: String,
        /// The line, counted from 1, where it is known.
        line: Option<u64>,
        /// What is wrong.
        problem: String,
    },
    /// A field holds what it cannot hold.
    #[error("{file}:{line}: {field}: {problem}")]
    Field {
        /// The file.
        file: String,
        /// The line, counted from 1.
        line: u64,
        /// The field: `activities[12].start`, counted from 0.
        field: String,
        /// What is wrong.
        problem: String,
    },
    /// A person is in two groups.
    #[error(
        "{file}:{line}: group: {id:?} is in the group {group} here and in the group {other} on line {other_line}: nobody is in two groups"
    )]
    TwoGroups {
        /// The file.
        file: String,
        /// The line of the second one, counted from 1.
        line: u64,
        /// The person.
        id: String,
        /// The second group.
        group: String,
        /// The first group.
        other: String,
        /// The line of the first one.
        other_line: u64,
    },
}

impl FileError {
    /// The error of bytes that are not UTF-8.
    pub(super) fn not_text(file: &str, error: &FromUtf8Error) -> Self {
        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = before.split(|byte| *byte == b'\n').count();
        Self::Form {
            file: file.to_owned(),
            line: u64::try_from(line).ok(),
            problem: "is not UTF-8 text".to_owned(),
        }
    }

    /// The error of a text that the YAML reader refused.
    pub(super) fn not_in_form(file: &str, error: &serde_saphyr::Error) -> Self {
        Self::Form {
            file: file.to_owned(),
            line: error.location().map(|location| location.line()),
            problem: shown(UserMessageFormatter.format_message(error)),
        }
    }

    /// The error of a file as a whole.
    pub(super) fn whole(file: &str, problem: impl Display) -> Self {
        Self::Form { file: file.to_owned(), line: None, problem: shown(problem) }
    }

    /// The error of a line.
    pub(super) fn line(file: &str, line: u64, problem: impl Display) -> Self {
        Self::Form { file: file.to_owned(), line: Some(line), problem: shown(problem) }
    }

    /// The error of a field.
    pub(super) fn field(file: &str, line: u64, field: String, problem: impl Display) -> Self {
        Self::Field { file: file.to_owned(), line, field, problem: shown(problem) }
    }
}

/// A problem as it is shown: problems repeat what was written, which may be long, or made to play with
/// the terminal.
fn shown(problem: impl Display) -> String {
    const LONGEST: usize = 500;
    let problem = problem.to_string().replace(char::is_control, "\u{fffd}");
    match problem.char_indices().nth(LONGEST) {
        Some((cut, _)) => format!("{}…", &problem[..cut]),
        None => problem,
    }
}
