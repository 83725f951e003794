//! The file of those who apply to help at a tournament: CSV, or a workbook, whose columns may have other names.

use std::{
    collections::{HashMap, hash_map::Entry},
    path::Path,
};

use matchday_api::{
    common::v1::Provenance,
    volunteers::v1::{Applicant, Application, Availability, NewApplication},
};
use matchday_kernel::{
    ApplicationName, GroupName, Slug, TournamentName, VolunteerName, Zone, ZoneName, civil::Date,
};
use matchday_rpc::parse::MAX_TEXT;

use super::{
    Faults, FileError, Standing,
    mapping::Mapping,
    rows::{Row, Table, read_lines},
    sheet,
};

/// The columns of the file.
pub(super) const COLUMNS: &[&str] = &[
    "id",
    "display_name",
    "birth_date",
    "email",
    "phone",
    "document",
    "guardian",
    "group",
    "skills",
    "languages",
    "available",
    "zones",
    "consent",
    "volunteer",
    "note",
];

/// Those of them that must be there.
pub(super) const NEEDED: &[&str] = &["display_name", "birth_date"];

/// Most applications of one import.
const MOST: usize = 400_000;

/// Most skills, languages, times and zones of an application, each.
const MOST_EACH: usize = 50;

/// Whose applications they are, and what all of them have in common.
pub(crate) struct Frame<'a> {
    /// The tournament.
    pub(crate) tournament: &'a TournamentName,
    /// The time zone of the times in the file.
    pub(crate) zone: &'a Zone,
    /// Where the facts come from.
    pub(crate) provenance: &'a Provenance,
}

/// What was read of a file: what is right, and what is wrong.
pub(crate) struct Read {
    /// The applications without a fault.
    pub(crate) applications: Vec<NewApplication>,
    /// Where they stand.
    pub(crate) standing: Standing,
    /// What is wrong with the others.
    pub(crate) faults: Faults,
    /// Lines that are wrong.
    pub(crate) wrong: usize,
}

/// What no two lines may share, and the line it stands on.
type Seen = HashMap<String, u64>;

/// Reads the file; `passed` is told of the bytes of a CSV file read so far.
///
/// # Errors
/// When no line can be read at all.
pub(super) fn read(
    path: &Path,
    mapping: &Mapping,
    frame: &Frame<'_>,
    passed: impl Fn(u64),
) -> Result<Read, FileError> {
    let (mut applications, mut lines, mut wrong) = (Vec::new(), Vec::new(), 0);
    let (mut ids, mut documents, mut faults) = (Seen::new(), Seen::new(), Faults::default());
    let mut table = Table::new(path, COLUMNS, |names| mapping.order(names));
    let row = |row: &Row<'_>, faults: &mut Faults| {
        let mut own = Faults::default();
        let read = read_row(row, frame, &mut ids, &mut documents, &mut own);
        if lines.len() == MOST {
            own.add(row.wrong("id", format!("one import holds at most {MOST} applications")));
        }
        if own.is_empty() {
            applications.push(read);
            lines.push(row.line);
        } else {
            wrong += 1;
            faults.add_all(own);
        }
    };
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("xlsx")) {
        sheet::read_rows(path, &mut table, &mut faults, row)?;
    } else {
        read_lines(path, &mut table, passed, &mut faults, row)?;
    }
    let standing = Standing::default().with("new_applications", &path.display().to_string(), lines);
    Ok(Read { applications, standing, faults, wrong: wrong + table.unread })
}

fn read_row(
    row: &Row<'_>,
    frame: &Frame<'_>,
    ids: &mut Seen,
    documents: &mut Seen,
    faults: &mut Faults,
) -> NewApplication {
    let tournament = frame.tournament;
    faults.keep(once(row, "id", row.text("id").to_owned(), ids));
    // as the service compares them
    let is_of_number = |c: &char| !c.is_whitespace() && *c != '-';
    let document: String =
        row.text("document").chars().filter(is_of_number).flat_map(char::to_uppercase).collect();
    faults.keep(once(row, "document", document, documents));
    let available = || row.text("available").split(';').filter(|part| !part.trim().is_empty());
    for (column, count) in [
        ("skills", row.list("skills").count()),
        ("languages", row.list("languages").count()),
        ("zones", row.list("zones").count()),
        ("available", available().count()),
    ] {
        faults.keep(row.check_count(column, count, MOST_EACH));
    }
    let slug = |column: &'static str, id: &str| {
        let read = id.parse::<Slug>().map(|id| id.to_string());
        read.map_err(|error| row.wrong(column, error))
    };
    let application = Application {
        name: optional(row, "id", faults, |id| ApplicationName::new(tournament, id).into()),
        group: optional(row, "group", faults, |id| GroupName::new(tournament, id).into()),
        volunteer: optional(row, "volunteer", faults, |id| VolunteerName::new(tournament, id).into()),
        skills: row.list("skills").map(|id| faults.keep(slug("skills", id))).collect(),
        languages: row.list("languages").map(|code| faults.keep(slug("languages", code))).collect(),
        availability: available().map(|part| faults.keep(time(row, frame.zone, part))).collect(),
        zones: row.list("zones").map(|text| faults.keep(zone(row, text))).collect(),
        provenance: Some(frame.provenance.clone()),
        ..Application::default()
    };
    let applicant = Applicant {
        display_name: faults.keep(row.required("display_name")),
        birth_date: faults.keep(birth_date(row)),
        email: faults.keep(text(row, "email")),
        phone: faults.keep(text(row, "phone")),
        document_number: faults.keep(text(row, "document")),
        guardian: faults.keep(text(row, "guardian")),
        note: faults.keep(text(row, "note")),
        ..Applicant::default()
    };
    let consent_version = faults.keep(text(row, "consent"));
    NewApplication { application: Some(application), applicant: Some(applicant), consent_version }
}

/// Remembers a value, which must not have stood on another line. It is not told: it may say who somebody is.
fn once(row: &Row<'_>, column: &str, value: String, seen: &mut Seen) -> Result<(), FileError> {
    if value.is_empty() {
        return Ok(());
    }
    match seen.entry(value) {
        Entry::Vacant(free) => {
            free.insert(row.line);
            Ok(())
        }
        Entry::Occupied(taken) => Err(row.wrong(column, format!("is that of line {} too", taken.get()))),
    }
}

fn optional(row: &Row<'_>, column: &str, faults: &mut Faults, name: impl Fn(Slug) -> String) -> String {
    match row.text(column) {
        "" => String::new(),
        _ => faults.keep(row.parse(column).map(name)),
    }
}

fn text(row: &Row<'_>, column: &str) -> Result<String, FileError> {
    let text = row.text(column);
    if text.contains(char::is_control) {
        return Err(row.wrong(column, "holds a control character"));
    }
    match text.chars().count() {
        length if length > MAX_TEXT => {
            Err(row.wrong(column, format!("is {length} characters long; at most {MAX_TEXT} are kept")))
        }
        _ => Ok(text.to_owned()),
    }
}

fn birth_date(row: &Row<'_>) -> Result<String, FileError> {
    let date = row.text("birth_date").parse::<Date>();
    date.map(|date| date.to_string())
        .map_err(|_| row.wrong("birth_date", "is no date: write it like 2004-05-17"))
}

fn time(row: &Row<'_>, zone: &Zone, text: &str) -> Result<Availability, FileError> {
    let (start_time, end_time) = row.span("available", zone, text)?;
    Ok(Availability { start_time: Some(start_time), end_time: Some(end_time) })
}

/// Reads a zone as staff write it: `jinjiang/stadium/pitch`.
fn zone(row: &Row<'_>, text: &str) -> Result<String, FileError> {
    let ids: Vec<&str> = text.split('/').collect();
    let name = match ids.as_slice() {
        [site, venue, zone] => format!("sites/{site}/venues/{venue}/zones/{zone}"),
        _ => text.to_owned(),
    };
    name.parse::<ZoneName>().map(String::from).map_err(|error| row.wrong("zones", error))
}
