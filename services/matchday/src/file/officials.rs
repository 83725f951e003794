//! The file of the officials of a tournament.

use std::{
    collections::{HashMap, hash_map::Entry},
    path::Path,
};

use matchday_api::{
    common::v1::Provenance,
    scheduling::v1::{Absence, ImportOfficialsRequest, Official},
};
use matchday_kernel::{OfficialName, Slug, TeamName, TournamentName, Zone};

use super::{
    Faults, FileError, Standing,
    rows::{self, Row},
};

/// The columns of the file.
const COLUMNS: &[&str] = &["id", "country", "category", "conflicts", "away"];

/// Most conflicts and times away of an official, each.
const MOST_EACH: usize = 50;

/// Reads the file; the times in it are those of the zone's clocks.
///
/// # Errors
/// Every fault of it.
pub(super) fn read(
    path: &Path,
    tournament: &TournamentName,
    zone: &Zone,
    provenance: &Provenance,
) -> Result<(ImportOfficialsRequest, Standing), Faults> {
    let (mut faults, mut known) = (Faults::default(), HashMap::new());
    let (mut officials, mut lines) = (Vec::new(), Vec::new());
    rows::read(
        path,
        COLUMNS,
        |_| (),
        &mut faults,
        |row, faults| {
            match known.entry(row.text("id").to_owned()) {
                Entry::Vacant(free) => drop(free.insert(row.line)),
                Entry::Occupied(taken) => {
                    let (id, line) = (taken.key(), taken.get());
                    faults.add(row.wrong("id", format!("{id:?} is already on line {line}")));
                }
            }
            let provenance = Some(provenance.clone());
            officials.push(Official { provenance, ..official(row, tournament, zone, faults) });
            lines.push(row.line);
        },
    )?;
    let standing = Standing::default().with("officials", &path.display().to_string(), lines);
    let request = ImportOfficialsRequest {
        parent: tournament.to_string(),
        officials,
        ..ImportOfficialsRequest::default()
    };
    faults.settle((request, standing))
}

fn official(row: &Row<'_>, tournament: &TournamentName, zone: &Zone, faults: &mut Faults) -> Official {
    let team = |id: &str| {
        let read = id.parse::<Slug>().map(|id| TeamName::new(tournament, id).into());
        read.map_err(|error| row.wrong("conflicts", error))
    };
    let category = match row.text("category") {
        "" => String::new(),
        _ => faults.keep(row.parse::<Slug>("category").map(String::from)),
    };
    let away: Vec<&str> = row.text("away").split(';').filter(|part| !part.trim().is_empty()).collect();
    faults.keep(row.check_count("conflicts", row.list("conflicts").count(), MOST_EACH));
    faults.keep(row.check_count("away", away.len(), MOST_EACH));
    Official {
        name: faults.keep(row.parse("id").map(|id| OfficialName::new(tournament, id).into())),
        country: row.text("country").to_owned(),
        category,
        conflicts: row.list("conflicts").map(|id| faults.keep(team(id))).collect(),
        away: away.into_iter().map(|part| faults.keep(absence(row, zone, part))).collect(),
        ..Official::default()
    }
}

fn absence(row: &Row<'_>, zone: &Zone, text: &str) -> Result<Absence, FileError> {
    let (start_time, end_time) = row.span("away", zone, text)?;
    Ok(Absence { start_time: Some(start_time), end_time: Some(end_time) })
}
