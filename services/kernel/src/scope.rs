//! Scopes: the part of the house that a grant reaches.

use std::fmt;
use std::str::FromStr;

use crate::{NameError, Slug};

/// Everything (`*`), or everything below the beginning of a resource name: `sites/jinjiang` reaches the
/// site, its venues and their zones.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scope(String);

impl Scope {
    const EVERYTHING: &'static str = "*";
    const PATTERN: &'static str = "* or the beginning of a resource name";

    /// The scope that reaches everything.
    #[must_use]
    pub fn everything() -> Self {
        Self(Self::EVERYTHING.to_owned())
    }

    /// The scope as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the resource lies within this scope. Segments count, not letters: `sites/a` does not
    /// cover `sites/ab`.
    #[must_use]
    pub fn covers(&self, resource: &str) -> bool {
        let below = |rest: &str| rest.is_empty() || rest.starts_with('/');
        self.0 == Self::EVERYTHING || resource.strip_prefix(&self.0).is_some_and(below)
    }
}

/// Says what keeps a text from being the beginning of a resource name.
fn problem(text: &str) -> Option<String> {
    let is_collection = |segment: &str| {
        let mut words = segment.split('-');
        words.all(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_alphabetic()))
    };
    text.split('/').enumerate().find_map(|(position, segment)| {
        if position % 2 == 1 {
            Slug::problem(segment).map(|problem| format!("the id {segment:?} {problem}"))
        } else if is_collection(segment) {
            None
        } else {
            Some(format!("{segment:?} is not a collection such as sites"))
        }
    })
}

impl TryFrom<String> for Scope {
    type Error = NameError;

    fn try_from(text: String) -> Result<Self, NameError> {
        if text == Self::EVERYTHING {
            return Ok(Self(text));
        }
        match problem(&text) {
            Some(problem) => Err(NameError::new(&text, Self::PATTERN, problem)),
            None => Ok(Self(text)),
        }
    }
}

impl FromStr for Scope {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        Self::try_from(text.to_owned())
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
