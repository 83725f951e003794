//! The project's own files: places, tournaments, service plans and gates, as people write them in YAML, and
//! long lists of people and tickets, as other programs write them in CSV.
//!
//! | file | subject |
//! |---|---|
//! | `site` | a site, its venues and zones |
//! | `tournament`, `activity` | a tournament, its teams, sessions and activities |
//! | `plan`, `plan_item` | a service plan: its limits, its classes, and what they ask for |
//! | `frame`, `frame_step` | a timetable frame: kick-offs, pitches, what matches need; its ladder |
//! | `flow` | zones, links and people counters of a venue |
//! | `gates` | the gates of a site, and the devices at them |
//! | `volunteers` | volunteers and their groups |
//! | `applications`, `mapping` | applications to help, and which column of a table is which of ours |
//! | `credentials` | tickets and passes |
//! | `scans` | what a device decided without a network |
//! | `officials` | officials |
//! | `rules` | the rules of a tournament |
//! | `competitions` | what the competitions of a tournament are like |
//! | `openfootball`, `fixture`, `slugs` | fixtures as openfootball publishes them; ids made of what things are called |
//! | `rows`, `lines`, `sheet` | a CSV file, or a workbook, row by row |
//! | `standing` | where the entries of a file stand, for what a server says of them |
//! | `faults` | everything that is wrong with a file, collected |
//! | `item` | reading one value, and saying where it stands when it is wrong |
//! | `error` | what can be wrong with a file |
//!
//! Ids in a file are short (`jinjiang/stadium/pitch`, `m01`); what comes out is a request of the contract
//! with full names. Everything that a file alone can get wrong is refused here, with its line. Whether a
//! place exists or is free, the services know. To add a field: give it to the entry in its file, read it
//! in `read`, and describe it in `examples/fisu-2023/README.md`.

mod activity;
mod applications;
mod competitions;
mod credentials;
mod error;
mod faults;
mod fixture;
mod flow;
mod frame;
mod frame_step;
mod gates;
mod item;
mod lines;
mod mapping;
mod officials;
mod openfootball;
mod plan;
mod plan_item;
mod rows;
mod rules;
mod scans;
mod sheet;
mod site;
mod slugs;
mod standing;
#[cfg(test)]
mod tests;
mod tournament;
mod volunteers;

use std::fs::File;
use std::io::Read;
use std::path::Path;

use matchday_api::common::v1::Provenance;
use matchday_api::scheduling::v1::{
    ApplyServicePlanRequest, ApplyTimetableFrameRequest, Competition, ImportOfficialsRequest,
    ImportTournamentRequest, Rule,
};
use matchday_api::venues::v1::ImportSiteRequest;
use matchday_api::visitors::v1::{
    ApplyFlowGraphRequest, ImportCredentialsRequest, ImportGatesRequest, OfflineScan,
};
use matchday_api::volunteers::v1::ImportVolunteersRequest;
use matchday_kernel::{TournamentName, Zone};
use serde::de::DeserializeOwned;

pub(crate) use applications::{Frame as Applications, Read as ReadApplications};
pub(crate) use error::FileError;
pub(crate) use faults::Faults;
pub(crate) use mapping::Mapping;
pub(crate) use openfootball::Openfootball;
pub(crate) use standing::Standing;
pub(crate) use volunteers::Frame as Volunteers;

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

/// Reads a file of rules.
///
/// # Errors
/// [`FileError`] with the file, the line and the field, as far as they are known.
pub(crate) fn rules(path: &Path) -> Result<Vec<Rule>, FileError> {
    rules_text(&path.display().to_string(), &text_of(path)?)
}

/// Reads the text of a file of rules; `name` is what its errors call it.
///
/// # Errors
/// As [`rules()`].
pub(crate) fn rules_text(name: &str, text: &str) -> Result<Vec<Rule>, FileError> {
    rules::read(name, yaml(name, text)?)
}

/// Reads the file of the officials of a tournament, and where they stand in it; its times are those of the zone's
/// clocks.
///
/// # Errors
/// Every fault of it, with the file, the line and the field, as far as they are known.
pub(crate) fn officials(
    path: &Path,
    tournament: &TournamentName,
    zone: &Zone,
    provenance: &Provenance,
) -> Result<(ImportOfficialsRequest, Standing), Faults> {
    officials::read(path, tournament, zone, provenance)
}

/// Reads the file of what a tournament's competitions are like.
///
/// # Errors
/// [`FileError`] with the file, the line and the field, as far as they are known.
pub(crate) fn competitions(path: &Path, tournament: &TournamentName) -> Result<Vec<Competition>, FileError> {
    competitions_text(&path.display().to_string(), &text_of(path)?, tournament)
}

/// Reads the text of such a file; `name` is what its errors call it.
///
/// # Errors
/// As [`competitions()`].
pub(crate) fn competitions_text(
    name: &str,
    text: &str,
    tournament: &TournamentName,
) -> Result<Vec<Competition>, FileError> {
    competitions::read(name, yaml(name, text)?, tournament)
}

/// Reads a `worldcup.json` of openfootball.
///
/// # Errors
/// [`FileError`] with the file, the line, the match and the field, as far as they are known.
pub(crate) fn openfootball(
    path: &Path,
    frame: &Openfootball,
) -> Result<(ImportSiteRequest, ImportTournamentRequest), FileError> {
    openfootball_text(&path.display().to_string(), &text_of(path)?, frame)
}

/// Reads the text of a `worldcup.json`; `name` is what its errors call it.
///
/// # Errors
/// As [`openfootball()`].
pub(crate) fn openfootball_text(
    name: &str,
    text: &str,
    frame: &Openfootball,
) -> Result<(ImportSiteRequest, ImportTournamentRequest), FileError> {
    openfootball::read(name, &yaml(name, text)?, frame)
}

/// Reads the file of a service plan.
///
/// # Errors
/// Every fault of it, with the file, the line and the field, as far as they are known.
pub(crate) fn plan(path: &Path) -> Result<ApplyServicePlanRequest, Faults> {
    plan_text(&path.display().to_string(), &text_of(path)?)
}

/// Reads the text of a service plan; `name` is what its errors call it.
///
/// # Errors
/// As [`plan()`].
pub(crate) fn plan_text(name: &str, text: &str) -> Result<ApplyServicePlanRequest, Faults> {
    plan::read(name, yaml(name, text)?)
}

/// Reads the file of a timetable frame.
///
/// # Errors
/// Every fault of it, with the file, the line and the field, as far as they are known.
pub(crate) fn frame(path: &Path) -> Result<ApplyTimetableFrameRequest, Faults> {
    frame_text(&path.display().to_string(), &text_of(path)?)
}

/// Reads the text of a timetable frame; `name` is what its errors call it.
///
/// # Errors
/// As [`frame()`].
pub(crate) fn frame_text(name: &str, text: &str) -> Result<ApplyTimetableFrameRequest, Faults> {
    frame::read(name, yaml(name, text)?)
}

/// Reads the file of the gates of a site, and where they stand in it; `zones` are the lines of their zones.
///
/// # Errors
/// Every fault of it, with the file, the line and the field, as far as they are known.
pub(crate) fn gates(path: &Path) -> Result<(ImportGatesRequest, Standing), Faults> {
    let name = path.display().to_string();
    gates::read(&name, yaml(&name, &text_of(path)?)?)
}

/// Reads the file of the zones, links and counters of a venue.
///
/// # Errors
/// Every fault of it, with the file, the line and the field, as far as they are known.
pub(crate) fn flow(path: &Path) -> Result<ApplyFlowGraphRequest, Faults> {
    let name = path.display().to_string();
    flow::read(&name, yaml(&name, &text_of(path)?)?)
}

/// Reads the text of the gates of a site; `name` is what its errors call it.
///
/// # Errors
/// As [`gates()`].
pub(crate) fn gates_text(name: &str, text: &str) -> Result<ImportGatesRequest, Faults> {
    gates::read(name, yaml(name, text)?).map(|(request, _)| request)
}

/// Reads the file of volunteers and, where there is one, that of their groups, and where they stand in them;
/// `passed` is told of the bytes of the first read so far.
///
/// # Errors
/// Every fault of both, with the file, the line and the field.
pub(crate) fn volunteers(
    path: &Path,
    groups: Option<&Path>,
    frame: &Volunteers<'_>,
    passed: impl Fn(u64),
) -> Result<(ImportVolunteersRequest, Standing), Faults> {
    volunteers::read(path, groups, frame, passed)
}

/// Reads the file of those who apply to help, CSV or a workbook, and where they stand in it; `passed` is told of the bytes
/// of a CSV file read so far.
///
/// # Errors
/// When no line of it can be read at all; what is wrong with single lines comes with the others.
pub(crate) fn applications(
    path: &Path,
    mapping: &Mapping,
    frame: &Applications<'_>,
    passed: impl Fn(u64),
) -> Result<ReadApplications, FileError> {
    applications::read(path, mapping, frame, passed)
}

/// Reads the file of the tickets and passes of a tournament, and where they stand in it; `passed` is told of the
/// bytes read so far.
///
/// # Errors
/// Every fault of it, with the file, the line and the field.
pub(crate) fn credentials(
    path: &Path,
    tournament: &TournamentName,
    provenance: &Provenance,
    passed: impl Fn(u64),
) -> Result<(ImportCredentialsRequest, Standing), Faults> {
    credentials::read(path, tournament, provenance, passed)
}

/// Reads the file of what a device decided without a network.
///
/// # Errors
/// Every fault of it, with the file, the line and the field.
pub(crate) fn scans(path: &Path) -> Result<Vec<OfflineScan>, Faults> {
    scans::read(path)
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
        return Err(too_large(file));
    }
    String::from_utf8(bytes).map_err(|error| FileError::not_text(&file, &error))
}

fn too_large(file: String) -> FileError {
    FileError::TooLarge { file, mib: (MAX_BYTES / 1024 / 1024) as u64 }
}

fn yaml<T: DeserializeOwned>(name: &str, text: &str) -> Result<T, FileError> {
    if text.len() > MAX_BYTES {
        return Err(too_large(name.to_owned()));
    }
    // The default budget of the parser stays on: it stops files that unfold into much more than they are.
    let options = serde_saphyr::options! { with_snippet: false };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| FileError::not_in_form(name, &error))
}
