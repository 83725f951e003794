//! One entry of a file: its values are read through it, and it says where they stand when they are wrong.

use std::collections::HashMap;
use std::fmt::Display;
use std::str::FromStr;

use matchday_api::common::v1::Provenance;
use matchday_kernel::{NameError, SignedDuration, SiteName, Slug, VenueName, ZoneName};
use serde_saphyr::Spanned;

use super::FileError;
use crate::words::{self, Words};

/// A text of the file and where it stands.
pub(super) type Text = Spanned<String>;

/// An entry of a file: the file itself, or one of a list in it.
pub(super) struct Item<'a> {
    file: &'a str,
    /// `venues[2].zones[0]`; empty for the file itself.
    path: String,
}

impl<'a> Item<'a> {
    /// The file itself.
    pub(super) fn whole(file: &'a str) -> Self {
        Self { file, path: String::new() }
    }

    /// An entry of this one's list.
    pub(super) fn nth(&self, list: &str, index: usize) -> Self {
        self.within(&format!("{list}[{index}]"))
    }

    /// The mapping that one of the fields holds.
    pub(super) fn within(&self, field: &str) -> Self {
        Self { file: self.file, path: self.path_of(field) }
    }

    /// The path of one of the fields.
    pub(super) fn path_of(&self, field: &str) -> String {
        if self.path.is_empty() { field.to_owned() } else { format!("{}.{field}", self.path) }
    }

    /// The error of a field that holds a wrong value.
    pub(super) fn wrong<T>(&self, field: &str, value: &Spanned<T>, problem: impl Display) -> FileError {
        FileError::field(self.file, value.referenced.line(), self.path_of(field), problem)
    }

    /// Reads a value that says itself how it is written.
    pub(super) fn parse<T: FromStr<Err: Display>>(&self, field: &str, value: &Text) -> Result<T, FileError> {
        value.value.parse().map_err(|error| self.wrong(field, value, error))
    }

    /// Reads a text that must not be blank.
    pub(super) fn text(&self, field: &str, value: &Text) -> Result<String, FileError> {
        if value.value.trim().is_empty() {
            return Err(self.wrong(field, value, "is empty"));
        }
        Ok(value.value.clone())
    }

    /// Reads an id that is not the last part of a name; absent is empty.
    pub(super) fn optional_id(&self, field: &str, value: Option<&Text>) -> Result<String, FileError> {
        let read = value.map(|value| self.parse::<Slug>(field, value)).transpose()?;
        Ok(read.map_or_else(String::new, |id| id.to_string()))
    }

    /// Reads the word for one of the values of the contract's enums: `warm-up-area`.
    pub(super) fn word<E: Words>(&self, field: &str, value: &Text) -> Result<E, FileError> {
        words::read(&value.value).map_err(|problem| self.wrong(field, value, problem))
    }

    /// Reads the short name of a place: the ids in these collections, one after the other.
    pub(super) fn place<N: FromStr<Err = NameError>>(
        &self,
        field: &str,
        value: &Text,
        collections: &[&str],
    ) -> Result<N, FileError> {
        place(&value.value, collections).map_err(|problem| self.wrong(field, value, problem))
    }

    /// Reads a length of time such as `1h 55m`; absent is none.
    pub(super) fn duration(&self, field: &str, value: Option<&Text>) -> Result<SignedDuration, FileError> {
        let Some(value) = value else {
            return Ok(SignedDuration::ZERO);
        };
        let wrong = |problem: &str| self.wrong(field, value, format!("{:?} {problem}", value.value));
        let read: SignedDuration =
            value.value.parse().map_err(|_| wrong("is not a length of time: write it like 1h 55m"))?;
        if read.is_negative() {
            return Err(wrong("is negative"));
        }
        Ok(read)
    }

    /// Reads a number of persons, seats or goals; absent is `None`, nobody said.
    pub(super) fn count(&self, field: &str, value: Option<&Text>) -> Result<Option<i32>, FileError> {
        let Some(value) = value else {
            return Ok(None);
        };
        let read = value.value.parse().ok().filter(|number| *number >= 0);
        let problem = || format!("{:?} is not a number from 0 to {}", value.value, i32::MAX);
        read.map(Some).ok_or_else(|| self.wrong(field, value, problem()))
    }

    /// Reads where the facts come from. The fields named as generated must be among those of the
    /// resource: a misspelt one would let something generated pass for a fact.
    pub(super) fn provenance(
        &self,
        source: Option<String>,
        generated: Vec<Text>,
        fields: &[&str],
    ) -> Result<Option<Provenance>, FileError> {
        let unknown = |name: &&Text| name.value != "*" && !fields.contains(&name.value.as_str());
        if let Some(name) = generated.iter().find(unknown) {
            let problem = format!("{:?} is neither \"*\" nor one of {}", name.value, fields.join(", "));
            return Err(self.wrong("generated", name, problem));
        }
        Ok(Some(Provenance {
            source: source.unwrap_or_default(),
            generated: generated.into_iter().map(|name| name.value).collect(),
        }))
    }

    /// Refuses an id that the list holds already.
    pub(super) fn unique(&self, seen: &mut HashMap<String, u64>, id: &Text) -> Result<(), FileError> {
        self.unique_as(seen, "id", id, &id.value)
    }

    /// Refuses a field that makes an entry the same as another: both have the key.
    pub(super) fn unique_as(
        &self,
        seen: &mut HashMap<String, u64>,
        field: &str,
        value: &Text,
        key: &str,
    ) -> Result<(), FileError> {
        match seen.insert(key.to_owned(), value.referenced.line()) {
            None => Ok(()),
            Some(line) => {
                let problem = format!("{key:?} is already the {field} of the one on line {line}");
                Err(self.wrong(field, value, problem))
            }
        }
    }
}

/// Reads the short name of a place: the ids in these collections, one after the other.
///
/// # Errors
/// What is wrong with it.
pub(super) fn place<N: FromStr<Err = NameError>>(text: &str, collections: &[&str]) -> Result<N, String> {
    let wrong = |problem: &str| {
        let ids: Vec<&str> = collections.iter().map(|name| name.trim_end_matches('s')).collect();
        format!("{text:?} is not of the form {}: {problem}", ids.join("/"))
    };
    let ids: Vec<&str> = text.split('/').collect();
    if ids.len() != collections.len() {
        return Err(wrong(&format!("it has {} parts", ids.len())));
    }
    let parts: Vec<&str> = collections.iter().zip(ids).flat_map(|(name, id)| [name, id]).collect();
    parts.join("/").parse().map_err(|error: NameError| wrong(&error.problem))
}

/// Reads the short name of a site, a venue or a zone.
///
/// # Errors
/// What is wrong with it.
pub(super) fn any_place(text: &str) -> Result<String, String> {
    const COLLECTIONS: [&str; 3] = ["sites", "venues", "zones"];
    let depth = text.split('/').count().min(COLLECTIONS.len());
    match depth {
        1 => place::<SiteName>(text, &COLLECTIONS[..1]).map(String::from),
        2 => place::<VenueName>(text, &COLLECTIONS[..2]).map(String::from),
        _ => place::<ZoneName>(text, &COLLECTIONS).map(String::from),
    }
}
