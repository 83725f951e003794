//! The project's own files: a site with its places, and a tournament with its schedule, as people write
//! them in YAML.
//!
//! | file | subject |
//! |---|---|
//! | `site` | a site, its venues and zones |
//! | `tournament`, `activity` | a tournament, its teams, sessions and activities |
//! | `item` | reading one value, and saying where it stands when it is wrong |
//! | `error` | what can be wrong with a file |
//!
//! Ids in a file are short (`jinjiang/stadium/pitch`, `m01`); what comes out is a request of the contract
//! with full names. Everything that a file alone can get wrong is refused here, with its line. Whether a
//! place exists or is free, the services know. To add a field: give it to the entry in its file, read it
//! in `read`, and describe it in `examples/fisu-2023/README.md`.

mod activity;
mod error;
mod item;
mod site;
#[cfg(test)]
mod tests;
mod tournament;

use std::fs::File;
use std::io::Read;
use std::path::Path;

use matchday_api::scheduling::v1::ImportTournamentRequest;
use matchday_api::venues::v1::ImportSiteRequest;
use serde::de::DeserializeOwned;

pub(crate) use error::FileError;

/// Largest file that is read, in bytes.
pub(crate) const MAX_BYTES: usize = 16 * 1024 * 1024;

/// Reads the file of a site.
///
/// # Errors
/// [`FileError`] with the file, the line and the field, as far as they are known.
pub(crate) fn site(path: &Path) -> Result<ImportSiteRequest, FileError> {
    site_text(&path.display().to_string(), &text_of(path)?)
}

/// Reads the text of a site's file; `name` is what its errors call it.
///
/// # Errors
/// As [`site()`].
pub(crate) fn site_text(name: &str, text: &str) -> Result<ImportSiteRequest, FileError> {
    site::read(name, yaml(name, text)?)
}

/// Reads the file of a tournament.
///
/// # Errors
/// [`FileError`] with the file, the line and the field, as far as they are known.
pub(crate) fn tournament(path: &Path) -> Result<ImportTournamentRequest, FileError> {
    tournament_text(&path.display().to_string(), &text_of(path)?)
}

/// Reads the text of a tournament's file; `name` is what its errors call it.
///
/// # Errors
/// As [`tournament()`].
pub(crate) fn tournament_text(name: &str, text: &str) -> Result<ImportTournamentRequest, FileError> {
    tournament::read(name, yaml(name, text)?)
}

fn text_of(path: &Path) -> Result<String, FileError> {
    let file = path.display().to_string();
    let unreadable = |source| FileError::Unreadable { file: file.clone(), source };
    let mut bytes = Vec::new();
    // One byte more than allowed tells a file that is too large from one that just fits, whatever its
    // length claims to be.
    File::open(path)
        .and_then(|opened| opened.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes))
        .map_err(unreadable)?;
    if bytes.len() > MAX_BYTES {
        return Err(FileError::TooLarge { file });
    }
    String::from_utf8(bytes).map_err(|error| FileError::not_text(&file, &error))
}

fn yaml<T: DeserializeOwned>(name: &str, text: &str) -> Result<T, FileError> {
    if text.len() > MAX_BYTES {
        return Err(FileError::TooLarge { file: name.to_owned() });
    }
    // The default budget of the parser stays on: it stops files that unfold into much more than they are.
    let options = serde_saphyr::options! { with_snippet: false };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| FileError::not_in_form(name, &error))
}
