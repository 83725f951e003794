//! The file of the tickets and passes of a tournament.

use std::{collections::HashMap, path::Path};

use matchday_api::{
    common::v1::Provenance,
    visitors::v1::{Credential, CredentialKind, ImportCredentialsRequest},
};
use matchday_kernel::{CredentialName, SessionName, Slug, TournamentName};

use super::{
    Faults, FileError, Standing,
    rows::{self, Row},
};
use crate::words;

/// The columns of the file.
const COLUMNS: &[&str] = &["code", "kind", "sessions", "zones"];

/// Most credentials of one import.
const MOST: usize = 250_000;

/// Most sessions and zones of a credential, each.
const MOST_EACH: usize = 100;

/// Reads the file; `passed` is told of the bytes read so far.
///
/// # Errors
/// Every fault of it.
pub(super) fn read(
    path: &Path,
    tournament: &TournamentName,
    provenance: &Provenance,
    passed: impl Fn(u64),
) -> Result<(ImportCredentialsRequest, Standing), Faults> {
    let mut faults = Faults::default();
    let mut seen: HashMap<String, u64> = HashMap::new();
    let (mut credentials, mut lines) = (Vec::new(), Vec::new());
    rows::read(path, COLUMNS, passed, &mut faults, |row, faults| {
        let read = read_credential(row, tournament, provenance, faults);
        let code = row.text("code");
        match seen.get(code) {
            Some(line) => faults.add(row.wrong("code", format!("{code:?} is already on line {line}"))),
            None => {
                seen.insert(code.to_owned(), row.line);
            }
        }
        if seen.len() == MOST + 1 {
            faults.add(row.wrong("code", format!("one import holds at most {MOST} credentials")));
        }
        // what has a fault is not sent, and need not be kept
        if faults.is_empty() {
            credentials.push(read);
            lines.push(row.line);
        } else {
            credentials = Vec::new();
        }
    })?;
    let request = ImportCredentialsRequest {
        parent: tournament.to_string(),
        credentials,
        ..ImportCredentialsRequest::default()
    };
    faults.settle((request, Standing::default().with("credentials", &path.display().to_string(), lines)))
}

fn read_credential(
    row: &Row<'_>,
    tournament: &TournamentName,
    provenance: &Provenance,
    faults: &mut Faults,
) -> Credential {
    let kind = words::read::<CredentialKind>(row.text("kind"));
    let session = |id: &str| {
        let read = id.parse::<Slug>().map(|id| SessionName::new(tournament, id).to_string());
        read.map_err(|error| row.wrong("sessions", error))
    };
    for column in ["sessions", "zones"] {
        faults.keep(row.check_count(column, row.list(column).count(), MOST_EACH));
    }
    Credential {
        name: faults.keep(row.parse("code").map(|code| CredentialName::new(tournament, code).into())),
        kind: faults.keep(kind.map_err(|problem| row.wrong("kind", problem))).into(),
        sessions: row.list("sessions").map(|id| faults.keep(session(id))).collect(),
        zones: row.list("zones").map(|name| faults.keep(zone(row, name))).collect(),
        provenance: Some(provenance.clone()),
        ..Credential::default()
    }
}

/// Reads the short name of a zone.
fn zone(row: &Row<'_>, text: &str) -> Result<String, FileError> {
    let read = super::item::place(text, &["sites", "venues", "zones"]);
    read.map(|name: matchday_kernel::ZoneName| name.into()).map_err(|problem| row.wrong("zones", problem))
}
