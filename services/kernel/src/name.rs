//! Slugs, the ids inside resource names, and the one error for everything that is not a name.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

use crate::written::written;

/// The error of a text that is not the slug, resource name or scope it should be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{written:?} is not of the form {pattern}: {problem}")]
pub struct NameError {
    /// What was written, cut after 200 characters.
    pub written: String,
    /// The form that was expected.
    pub pattern: &'static str,
    /// What is wrong with it.
    pub problem: String,
}

impl NameError {
    pub(crate) fn new(text: &str, pattern: &'static str, problem: impl Into<String>) -> Self {
        Self { written: written(text), pattern, problem: problem.into() }
    }
}

/// The id of a resource within its collection: 1 to 63 of `a-z`, `0-9` and `-`, with no hyphen at
/// either end.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slug(String);

impl Slug {
    const PATTERN: &'static str = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
    const LONGEST: usize = 63;

    /// The slug as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Says what keeps a text from being a slug.
    pub(crate) fn problem(text: &str) -> Option<&'static str> {
        let is_slug_character = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if text.is_empty() {
            Some("is empty")
        } else if !text.chars().all(is_slug_character) {
            Some("has characters other than a-z, 0-9 and -")
        } else if text.len() > Self::LONGEST {
            Some("is longer than 63 characters")
        } else if text.starts_with('-') || text.ends_with('-') {
            Some("begins or ends with a hyphen")
        } else {
            None
        }
    }
}

impl TryFrom<String> for Slug {
    type Error = NameError;

    fn try_from(text: String) -> Result<Self, NameError> {
        match Self::problem(&text) {
            Some(problem) => Err(NameError::new(&text, Self::PATTERN, format!("it {problem}"))),
            None => Ok(Self(text)),
        }
    }
}

impl FromStr for Slug {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        Self::try_from(text.to_owned())
    }
}

impl From<Uuid> for Slug {
    fn from(id: Uuid) -> Self {
        Self(id.hyphenated().to_string())
    }
}

impl From<Slug> for String {
    fn from(slug: Slug) -> Self {
        slug.0
    }
}

impl AsRef<str> for Slug {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
