//! The benchmark's format of instances and rosters.

pub(crate) mod arguments;

use std::collections::BTreeMap;
use std::fs::{read_to_string, write};

use matchday_roster::model::{
    Instance, Kind, Limits, Minute, Qualification, Roster, Rule, Severity, Shift, Span, Volunteer,
};
use serde::Deserialize;

use arguments::Failure;

const DAY: Minute = 1_440;
const TRAVEL: Minute = 30;

#[derive(Deserialize)]
struct File {
    days: i32,
    shifts: Vec<FileShift>,
    vols: Vec<FileVolunteer>,
    /// Volunteers, and the day on which each does not come.
    #[serde(default)]
    noshow: Vec<(usize, Minute)>,
}

#[derive(Deserialize)]
struct FileShift {
    id: usize,
    post: usize,
    start: Minute,
    end: Minute,
    venue: usize,
    skill: usize,
    lang: Option<usize>,
    prio: i64,
    demand: u32,
}

#[derive(Deserialize)]
struct FileVolunteer {
    id: usize,
    skills: Vec<usize>,
    langs: Vec<usize>,
    avail: Vec<(Minute, Minute)>,
    max_day: Minute,
    rest: Minute,
    max_total: Minute,
    max_consec: u32,
    pref_venue: usize,
    dis_early: bool,
    dis_late: bool,
    min_shifts: u32,
}

/// Reads an instance as `generate.py` writes it, with those who do not come where they are named.
pub(crate) fn read_instance(path: &str) -> Result<Instance, Failure> {
    let mut file: File = serde_json::from_str(&read_to_string(path)?)?;
    for (id, day) in &file.noshow {
        for volunteer in file.vols.iter_mut().filter(|one| one.id == *id) {
            volunteer.avail.retain(|(start, _)| start.div_euclid(DAY) != *day);
        }
    }
    let count = |numbers: &mut dyn Iterator<Item = usize>| numbers.max().map_or(0, |most| most + 1);
    let names = |what: &str, count: usize| (0..count).map(|number| format!("{what}-{number}")).collect();
    let places = count(&mut file.shifts.iter().map(|one| one.venue))
        .max(count(&mut file.vols.iter().map(|one| one.pref_venue)));
    let skills = count(&mut file.shifts.iter().map(|one| one.skill))
        .max(count(&mut file.vols.iter().flat_map(|one| one.skills.iter().copied())));
    let languages = count(&mut file.shifts.iter().filter_map(|one| one.lang))
        .max(count(&mut file.vols.iter().flat_map(|one| one.langs.iter().copied())));
    let way = |from, to| if from == to { 0 } else { TRAVEL };
    Ok(Instance {
        days: (0..file.days).map(|day| day * DAY).collect(),
        places: names("venue", places),
        travel: (0..places).map(|from| (0..places).map(|to| way(from, to)).collect()).collect(),
        skills: names("skill", skills),
        languages: names("language", languages),
        posts: names("post", count(&mut file.shifts.iter().map(|one| one.post))),
        groups: vec![],
        volunteers: file.vols.into_iter().map(volunteer).collect(),
        shifts: file.shifts.iter().map(shift).collect(),
        rules: rules(),
    })
}

fn shift(file: &FileShift) -> Shift {
    Shift {
        id: file.id.to_string(),
        post: file.post,
        place: file.venue,
        span: Span { start: file.start, end: file.end },
        headcount: file.demand,
        unit_headcount: 0,
        skills: vec![file.skill],
        languages: file.lang.into_iter().collect(),
        priority: file.prio,
    }
}

fn volunteer(file: FileVolunteer) -> Volunteer {
    let early = file.dis_early.then_some(Span { start: 0, end: 9 * 60 });
    let late = file.dis_late.then_some(Span { start: 18 * 60, end: DAY });
    Volunteer {
        id: file.id.to_string(),
        skills: file.skills.into_iter().map(|skill| Qualification { skill, valid: None }).collect(),
        languages: file.langs,
        available: file.avail.into_iter().map(|(start, end)| Span { start, end }).collect(),
        prefers: vec![file.pref_venue],
        avoids: early.into_iter().chain(late).collect(),
        limits: Limits {
            day: Some(file.max_day),
            total: Some(file.max_total),
            rest: Some(file.rest),
            consecutive: Some(file.max_consec),
            engagement: Some(file.min_shifts),
            ..Limits::default()
        },
        ..Volunteer::default()
    }
}

/// The rules and weights that `check.py` judges by.
fn rules() -> Vec<Rule> {
    let rule = |id: &str, kind, severity| Rule { id: id.into(), kind, severity };
    let soft = |weight| Severity::Soft { weight };
    vec![
        rule("rest", Kind::Rest(660), Severity::Hard),
        rule("hours-per-day", Kind::HoursPerDay(480), Severity::Hard),
        rule("hours-in-all", Kind::HoursInAll(2_880), Severity::Hard),
        rule("travel", Kind::Travel { lateness: 0 }, Severity::Hard),
        rule("consecutive-days", Kind::ConsecutiveDays(5), Severity::Hard),
        rule("preferred-place", Kind::PreferredPlace, soft(3)),
        rule("avoided-times", Kind::AvoidedTimes, soft(4)),
        rule("engagement", Kind::Engagement(2), soft(30)),
    ]
}

/// Writes a roster as `check.py` reads it.
pub(crate) fn write_roster(path: &str, instance: &Instance, roster: &Roster) -> Result<(), Failure> {
    let mut file: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (shift, crew) in instance.shifts.iter().zip(&roster.crews) {
        let ids: Result<Vec<usize>, _> =
            crew.iter().map(|one| instance.volunteers[*one].id.parse()).collect();
        file.insert(&shift.id, ids?);
    }
    Ok(write(path, serde_json::to_string(&file)?)?)
}
