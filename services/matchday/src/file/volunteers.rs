//! The files of the volunteers of a tournament, and of their groups.

use std::{
    collections::{HashMap, hash_map::Entry},
    path::Path,
};

use matchday_api::{
    common::v1::Provenance,
    volunteers::v1::{Availability, Group, ImportVolunteersRequest, Volunteer},
};
use matchday_kernel::{GroupName, Slug, TournamentName, VolunteerName, Zone};

use super::{
    Faults, FileError, Standing,
    rows::{self, Row},
};

/// The columns of the file of volunteers.
const PEOPLE: &[&str] = &["id", "display_name", "group", "skills", "languages", "available"];

/// The columns of the file of groups.
const GROUPS: &[&str] = &["id", "display_name", "leader"];

/// Most volunteers of one import.
const MOST: usize = 250_000;

/// Most skills, languages and times of a volunteer, each.
const MOST_EACH: usize = 50;

/// Whose volunteers they are, and what all of them have in common.
pub(crate) struct Frame<'a> {
    /// The tournament.
    pub(crate) tournament: &'a TournamentName,
    /// The time zone of the times in the file.
    pub(crate) zone: &'a Zone,
    /// Where the facts come from.
    pub(crate) provenance: &'a Provenance,
}

/// The groups of a file, and the line of each.
type Blocks = HashMap<String, (u64, Group)>;

/// A volunteer's line and group.
type People = HashMap<String, (u64, String)>;

/// Reads the file of volunteers and, where there is one, that of their groups; `passed` is told of the bytes
/// of the first read so far.
///
/// # Errors
/// Every fault of both files.
pub(super) fn read(
    path: &Path,
    groups: Option<&Path>,
    frame: &Frame<'_>,
    passed: impl Fn(u64),
) -> Result<(ImportVolunteersRequest, Standing), Faults> {
    let mut faults = Faults::default();
    let blocks = match groups {
        Some(groups) => Some(read_groups(groups, frame, &mut faults)?),
        None => None,
    };
    let mut people = People::new();
    let (mut volunteers, mut lines) = (Vec::new(), Vec::new());
    rows::read(path, PEOPLE, passed, &mut faults, |row, faults| {
        let read = read_volunteer(row, frame, blocks.as_ref(), &mut people, faults);
        if people.len() == MOST + 1 {
            faults.add(row.wrong("id", format!("one import holds at most {MOST} volunteers")));
        }
        // what has a fault is not sent, and need not be kept
        if faults.is_empty() {
            volunteers.push(read);
            lines.push(row.line);
        } else {
            volunteers = Vec::new();
        }
    })?;
    if let Some((path, blocks)) = groups.zip(blocks.as_ref()) {
        check_leaders(path, blocks, &people, &mut faults);
    }
    let standing = Standing::default().with("volunteers", &path.display().to_string(), lines);
    let file_of_groups = groups.map(|path| path.display().to_string()).unwrap_or_default();
    let mut groups: Vec<(u64, Group)> = blocks.unwrap_or_default().into_values().collect();
    groups.sort_by_key(|(line, _)| *line);
    let (lines, groups) = groups.into_iter().unzip();
    let request = ImportVolunteersRequest {
        parent: frame.tournament.to_string(),
        groups,
        volunteers,
        ..ImportVolunteersRequest::default()
    };
    faults.settle((request, standing.with("groups", &file_of_groups, lines)))
}

fn read_groups(path: &Path, frame: &Frame<'_>, faults: &mut Faults) -> Result<Blocks, FileError> {
    let mut blocks = Blocks::new();
    rows::read(
        path,
        GROUPS,
        |_| (),
        faults,
        |row, faults| {
            let leader = match row.text("leader") {
                "" => String::new(),
                _ => {
                    faults.keep(row.parse("leader").map(|id| VolunteerName::new(frame.tournament, id).into()))
                }
            };
            let group = Group {
                name: faults.keep(row.parse("id").map(|id| GroupName::new(frame.tournament, id).into())),
                display_name: faults.keep(row.required("display_name")),
                leader,
                provenance: Some(frame.provenance.clone()),
                ..Group::default()
            };
            match blocks.entry(row.text("id").to_owned()) {
                Entry::Vacant(free) => {
                    free.insert((row.line, group));
                }
                Entry::Occupied(taken) => {
                    let line = taken.get().0;
                    faults.add(row.wrong("id", format!("{:?} is already on line {line}", taken.key())));
                }
            }
        },
    )?;
    Ok(blocks)
}

fn read_volunteer(
    row: &Row<'_>,
    frame: &Frame<'_>,
    blocks: Option<&Blocks>,
    people: &mut People,
    faults: &mut Faults,
) -> Volunteer {
    let group = match row.text("group") {
        "" => String::new(),
        id if blocks.is_some_and(|blocks| !blocks.contains_key(id)) => {
            faults.add(row.wrong("group", format!("{id:?} is no group of the file of groups")));
            String::new()
        }
        _ => faults.keep(row.parse("group").map(|id| GroupName::new(frame.tournament, id).into())),
    };
    if let Err(twice) = register(row, people) {
        faults.add(twice);
    }
    let skill = |id: &str| {
        let read = id.parse::<Slug>().map(|skill| skill.to_string());
        read.map_err(|error| row.wrong("skills", error))
    };
    let available = || row.text("available").split(';').filter(|part| !part.trim().is_empty());
    for (column, count) in [
        ("skills", row.list("skills").count()),
        ("languages", row.list("languages").count()),
        ("available", available().count()),
    ] {
        faults.keep(row.check_count(column, count, MOST_EACH));
    }
    Volunteer {
        name: faults.keep(row.parse("id").map(|id| VolunteerName::new(frame.tournament, id).into())),
        display_name: faults.keep(row.required("display_name")),
        group,
        skills: row.list("skills").map(|id| faults.keep(skill(id))).collect(),
        languages: row.list("languages").map(|code| faults.keep(language(row, code))).collect(),
        availability: available().map(|part| faults.keep(read_time(row, frame, part))).collect(),
        provenance: Some(frame.provenance.clone()),
        ..Volunteer::default()
    }
}

/// Remembers whom the row is about.
fn register(row: &Row<'_>, people: &mut People) -> Result<(), FileError> {
    let group = row.text("group");
    match people.entry(row.text("id").to_owned()) {
        Entry::Vacant(free) => {
            free.insert((row.line, group.to_owned()));
            Ok(())
        }
        Entry::Occupied(taken) => {
            let (line, other) = taken.get();
            if group.is_empty() || other.is_empty() || group == other {
                return Err(row.wrong("id", format!("{:?} is already on line {line}", taken.key())));
            }
            Err(row.two_groups(taken.key(), group, other, *line))
        }
    }
}

/// Reads the code of a language, as ISO 639 writes it.
fn language(row: &Row<'_>, code: &str) -> Result<String, FileError> {
    if matches!(code.len(), 2 | 3) && code.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return Ok(code.to_owned());
    }
    Err(row.wrong("languages", format!("{code:?} is no language: write it like zh, en or es")))
}

fn read_time(row: &Row<'_>, frame: &Frame<'_>, text: &str) -> Result<Availability, FileError> {
    let (start_time, end_time) = row.span("available", frame.zone, text)?;
    Ok(Availability { start_time: Some(start_time), end_time: Some(end_time) })
}

/// A group is led by one of its own.
fn check_leaders(path: &Path, blocks: &Blocks, people: &People, faults: &mut Faults) {
    let file = path.display().to_string();
    let mut led: Vec<_> = blocks.iter().map(|(id, (line, group))| (*line, id, &group.leader)).collect();
    led.sort_unstable();
    for (line, id, leader) in led.into_iter().filter(|(_, _, leader)| !leader.is_empty()) {
        let leader = leader.rsplit('/').next().unwrap_or_default();
        let problem = match people.get(leader) {
            Some((_, group)) if group == id => continue,
            Some((row, group)) if group.is_empty() => format!("{leader:?} is in no group, on line {row}"),
            Some((row, group)) => format!("{leader:?} is in the group {group:?}, on line {row}"),
            None => format!("{leader:?} is not among the volunteers"),
        };
        let problem = format!("{problem}: a group is led by one of its own");
        faults.add(FileError::field(&file, line, "leader".to_owned(), problem));
    }
}
