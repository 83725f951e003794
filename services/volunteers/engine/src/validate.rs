//! Says what is wrong with an instance before any search begins.
//!
//! Sizes are limited, so that no arithmetic of the engine can overflow and no list outgrows the memory: see the
//! constants.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::model::{Burden, Instance, Kind, Minute, Rule, Severity, Span};

/// Furthest minute from the start: about two years.
pub const MOST_MINUTES: Minute = 1_100_000;
/// Most days.
pub const MOST_DAYS: usize = 800;
/// Most volunteers, shifts, posts, each.
pub const MOST_THINGS: usize = 50_000;
/// Most places; their ways make a square.
pub const MOST_PLACES: usize = 1_000;
/// Most pairs of a volunteer and a shift.
pub const MOST_PAIRS: usize = 60_000_000;
/// Highest priority and weight; most people of a shift, in seats and units each.
pub const MOST_COST: i64 = 1_000_000;
/// Most rules; most items of a list of one thing.
pub const MOST_LISTED: usize = 1_000;
/// Most seats of a shift.
pub const MOST_SEATS: u32 = 10_000;

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// There are more than the engine takes, or a number is too large.
    Size,
    /// There are no days, or they are not in order.
    Days,
    /// Two things have the same id.
    Duplicate,
    /// A place in a list names nothing.
    Unknown,
    /// A time ends before it starts, or a shift lies outside the days.
    Time,
    /// The leader of a group is no member of it.
    Leader,
    /// The table of ways is no square over the places, or a way is negative.
    Ways,
    /// A limit, priority or weight is negative, or a wish is hard.
    Rule,
}

/// A fault in what was given.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
#[error("{what}")]
pub struct Fault {
    /// What is wrong with what, and what to do.
    pub what: String,
    /// The kind of fault.
    pub code: Code,
}

/// Faults as they are found.
#[derive(Default)]
struct Faults(Vec<Fault>);

impl Faults {
    fn add(&mut self, code: Code, what: String) {
        self.0.push(Fault { what, code });
    }

    fn most(&mut self, what: &str, count: usize, most: usize) {
        if count > most {
            self.add(Code::Size, format!("{count} {what} are more than the {most} the engine takes"));
        }
    }

    fn known(&mut self, whose: &str, what: &str, numbers: impl IntoIterator<Item = usize>, count: usize) {
        for number in numbers.into_iter().filter(|number| *number >= count) {
            let what = format!("{whose} names {what} {number}, and there are {count}, counted from 0");
            self.add(Code::Unknown, what);
        }
    }

    fn spans<'s>(&mut self, whose: &str, spans: impl IntoIterator<Item = &'s Span>) {
        for span in spans {
            let Span { start, end } = *span;
            if end <= start {
                let what =
                    format!("{whose} has a time that ends at minute {end}, not after its start at {start}");
                self.add(Code::Time, what);
            }
            for minute in [start, end].into_iter().filter(|one| !(-MOST_MINUTES..=MOST_MINUTES).contains(one))
            {
                let what = format!("{whose}: minute {minute} is further out than {MOST_MINUTES} minutes");
                self.add(Code::Size, what);
            }
        }
    }

    fn not_negative(&mut self, whose: &str, what: &str, number: i64, most: i64) {
        if number < 0 {
            self.add(Code::Rule, format!("{whose} has the {what} {number}: give 0 or more"));
        }
        if number > most {
            self.add(Code::Size, format!("{whose} has the {what} {number}: the engine takes at most {most}"));
        }
    }
}

/// Finds what is wrong with an instance. The engine may work on it when it is nothing.
#[must_use]
pub fn validate(instance: &Instance) -> Vec<Fault> {
    let mut faults = Faults::default();
    sizes(instance, &mut faults);
    if faults.0.is_empty() {
        days(instance, &mut faults);
        duplicates(instance, &mut faults);
        ways(instance, &mut faults);
        volunteers(instance, &mut faults);
        groups(instance, &mut faults);
        shifts(instance, &mut faults);
        instance.rules.iter().for_each(|stated| rule(instance, stated, &mut faults));
    }
    faults.0
}

fn sizes(instance: &Instance, faults: &mut Faults) {
    faults.most("days", instance.days.len(), MOST_DAYS);
    faults.most("places", instance.places.len(), MOST_PLACES);
    faults.most("skills", instance.skills.len(), MOST_LISTED);
    faults.most("languages", instance.languages.len(), MOST_LISTED);
    faults.most("posts", instance.posts.len(), MOST_THINGS);
    faults.most("groups", instance.groups.len(), MOST_THINGS);
    faults.most("volunteers", instance.volunteers.len(), MOST_THINGS);
    faults.most("shifts", instance.shifts.len(), MOST_THINGS);
    faults.most("rules", instance.rules.len(), MOST_LISTED);
    let pairs = instance.volunteers.len().saturating_mul(instance.shifts.len());
    faults.most("pairs of a volunteer and a shift", pairs, MOST_PAIRS);
    for volunteer in &instance.volunteers {
        let lists = [volunteer.skills.len(), volunteer.languages.len(), volunteer.available.len()];
        let more = [volunteer.prefers.len(), volunteer.avoids.len(), volunteer.declined.len()];
        let most = lists.into_iter().chain(more).max().unwrap_or(0);
        faults.most(&format!("items of one list of volunteer {}", volunteer.id), most, MOST_LISTED);
    }
}

fn days(instance: &Instance, faults: &mut Faults) {
    if instance.days.is_empty() {
        faults.add(Code::Days, "there are no days: name at least one".into());
    }
    if let Some([_, late]) = instance.days.windows(2).find(|pair| pair[0] >= pair[1]) {
        faults.add(
            Code::Days,
            format!("a day begins at minute {late}, not after the one before: put them in order"),
        );
    }
}

fn duplicates(instance: &Instance, faults: &mut Faults) {
    let mut check = |what: &str, ids: &mut dyn Iterator<Item = &String>| {
        let mut seen = HashSet::new();
        for id in ids.filter(|id| !seen.insert(id.as_str())).collect::<Vec<_>>() {
            faults.add(Code::Duplicate, format!("two {what} have the id {id}: give each its own"));
        }
    };
    check("places", &mut instance.places.iter());
    check("skills", &mut instance.skills.iter());
    check("languages", &mut instance.languages.iter());
    check("posts", &mut instance.posts.iter());
    check("groups", &mut instance.groups.iter().map(|one| &one.id));
    check("volunteers", &mut instance.volunteers.iter().map(|one| &one.id));
    check("shifts", &mut instance.shifts.iter().map(|one| &one.id));
    check("rules", &mut instance.rules.iter().map(|one| &one.id));
}

fn ways(instance: &Instance, faults: &mut Faults) {
    let (rows, places) = (&instance.travel, instance.places.len());
    if !rows.is_empty() && (rows.len() != places || rows.iter().any(|row| row.len() != places)) {
        let what = format!("the table of ways has not {places} rows of {places}, one for each place");
        faults.add(Code::Ways, what);
    }
    if let Some(way) = rows.iter().flatten().find(|way| !(0..=MOST_MINUTES).contains(*way)) {
        faults.add(Code::Ways, format!("a way takes {way} minutes: give 0 to {MOST_MINUTES}"));
    }
}

fn volunteers(instance: &Instance, faults: &mut Faults) {
    for volunteer in &instance.volunteers {
        let whose = format!("volunteer {}", volunteer.id);
        faults.known(&whose, "skill", volunteer.skills.iter().map(|one| one.skill), instance.skills.len());
        faults.known(&whose, "language", volunteer.languages.iter().copied(), instance.languages.len());
        faults.known(&whose, "place", volunteer.home, instance.places.len());
        faults.known(&whose, "place", volunteer.prefers.iter().copied(), instance.places.len());
        faults.known(&whose, "group", volunteer.group, instance.groups.len());
        faults.known(&whose, "shift", volunteer.declined.iter().copied(), instance.shifts.len());
        let valid = volunteer.skills.iter().filter_map(|one| one.valid.as_ref());
        faults.spans(&whose, volunteer.available.iter().chain(&volunteer.avoids).chain(valid));
        let limits = &volunteer.limits;
        for minutes in [limits.day, limits.week, limits.total, limits.rest].into_iter().flatten() {
            faults.not_negative(&whose, "limit", i64::from(minutes), i64::from(MOST_MINUTES));
        }
        if let Some(shifts) = limits.engagement {
            faults.not_negative(&whose, "least number of shifts", i64::from(shifts), 100);
        }
    }
}

fn groups(instance: &Instance, faults: &mut Faults) {
    for (number, group) in instance.groups.iter().enumerate() {
        let whose = format!("group {}", group.id);
        faults.known(&whose, "volunteer", group.leader, instance.volunteers.len());
        faults.spans(&whose, &group.classes);
        let leader = group.leader.and_then(|leader| instance.volunteers.get(leader));
        if let Some(leader) = leader.filter(|leader| leader.group != Some(number)) {
            let what = format!("{} leads group {} and is no member of it", leader.id, group.id);
            faults.add(Code::Leader, what);
        }
    }
}

fn shifts(instance: &Instance, faults: &mut Faults) {
    for shift in &instance.shifts {
        let whose = format!("shift {}", shift.id);
        faults.known(&whose, "post", [shift.post], instance.posts.len());
        faults.known(&whose, "place", [shift.place], instance.places.len());
        faults.known(&whose, "skill", shift.skills.iter().copied(), instance.skills.len());
        faults.known(&whose, "language", shift.languages.iter().copied(), instance.languages.len());
        faults.spans(&whose, [&shift.span]);
        faults.not_negative(&whose, "priority", shift.priority, MOST_COST);
        faults.not_negative(&whose, "headcount", i64::from(shift.headcount), i64::from(MOST_SEATS));
        faults.not_negative(&whose, "unit headcount", i64::from(shift.unit_headcount), i64::from(MOST_SEATS));
        if instance.days.first().is_some_and(|first| shift.span.start < *first) {
            faults.add(Code::Time, format!("{whose} begins before the first day"));
        }
    }
}

fn rule(instance: &Instance, rule: &Rule, faults: &mut Faults) {
    let whose = format!("rule {}", rule.id);
    if let Severity::Soft { weight } = rule.severity {
        faults.not_negative(&whose, "weight", weight, MOST_COST);
    }
    let is_wish = matches!(
        rule.kind,
        Kind::PreferredPlace
            | Kind::AvoidedTimes
            | Kind::Engagement(_)
            | Kind::Continuity
            | Kind::TeamTogether
            | Kind::Among { .. }
            | Kind::GroupsWhole
    );
    if is_wish && rule.severity == Severity::Hard {
        faults.add(Code::Rule, format!("{whose} is a wish and cannot be hard: give it a weight"));
    }
    let minutes = match &rule.kind {
        Kind::Rest(minutes)
        | Kind::HoursPerDay(minutes)
        | Kind::HoursPerWeek(minutes)
        | Kind::HoursInAll(minutes)
        | Kind::Commute(minutes) => vec![*minutes],
        Kind::Travel { lateness } => vec![*lateness],
        Kind::Breaks { work, pause } => vec![*work, *pause],
        _ => vec![],
    };
    for minutes in minutes {
        faults.not_negative(&whose, "limit", i64::from(minutes), i64::from(MOST_MINUTES));
    }
    match &rule.kind {
        Kind::Minors { during, .. } | Kind::Share { of: Burden::Nights(during), .. } => {
            faults.spans(&whose, [during]);
            if during.start < 0 || during.end > 2_880 {
                let what = format!("{whose} has a time of the day outside 0 to 2880 minutes");
                faults.add(Code::Time, what);
            }
        }
        Kind::Share { of: Burden::Days(days), .. } => {
            faults.known(&whose, "day", days.iter().copied(), instance.days.len());
        }
        Kind::Share { of: Burden::Posts(posts), .. } => {
            faults.known(&whose, "post", posts.iter().copied(), instance.posts.len());
        }
        Kind::Among { skill, from } => {
            faults.known(&whose, "skill", [*skill], instance.skills.len());
            if *from == 0 {
                faults.add(Code::Rule, format!("{whose} counts from 0 people: give 1 or more"));
            }
        }
        Kind::Engagement(shifts) => {
            faults.not_negative(&whose, "least number of shifts", i64::from(*shifts), 100);
        }
        _ => {}
    }
}
