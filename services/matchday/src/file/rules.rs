//! A file of rules. How rules are written, scheduling knows: it ships some in the same form.

use matchday_api::scheduling::v1::Rule;
use matchday_scheduling::rulebook::{self, RuleFile};

use super::FileError;

/// Turns the file into the rules it holds.
///
/// # Errors
/// [`FileError::Field`]
pub(super) fn read(name: &str, file: RuleFile) -> Result<Vec<Rule>, FileError> {
    rulebook::read(file).map_err(|wrong| FileError::field(name, wrong.line, wrong.field, wrong.problem))
}
