//! What always holds: the shape of a roster, requirements, availability, one shift at a time.

use std::collections::HashSet;

use super::{RuleReport, Violation};
use crate::model::{Instance, Roster, Severity, Shift, Volunteer};

/// The law without which no other is looked at.
pub(super) const SHAPE: &str = "always-shape";

/// What breaks the laws.
pub(super) fn laws(instance: &Instance, roster: &Roster) -> Vec<RuleReport> {
    let report =
        |rule: &str, violations| RuleReport { rule: rule.into(), severity: Severity::Hard, violations };
    let shape = shape(instance, roster);
    if !shape.is_empty() {
        return vec![report(SHAPE, shape)];
    }
    let held = || {
        roster.crews.iter().enumerate().flat_map(|(shift, crew)| crew.iter().map(move |one| (*one, shift)))
    };
    let lacking = |is_kept: fn(&Instance, &Volunteer, &Shift) -> bool, what: &str| {
        let broken = held().filter(|(volunteer, shift)| {
            !is_kept(instance, &instance.volunteers[*volunteer], &instance.shifts[*shift])
        });
        let violations = broken.map(|(volunteer, shift)| Violation {
            units: 1,
            volunteers: vec![volunteer],
            shifts: vec![shift],
            sentence: format!(
                "{} {what} shift {}",
                instance.volunteers[volunteer].id, instance.shifts[shift].id
            ),
        });
        violations.collect::<Vec<_>>()
    };
    vec![
        report(SHAPE, Vec::new()),
        report("always-skill", lacking(skilled, "lacks a skill for")),
        report("always-language", lacking(understood, "speaks no language of")),
        report("always-availability", lacking(available, "cannot come all the time of")),
        report("always-classes", lacking(free_of_classes, "has classes during")),
        report("always-declined", declined(instance, roster)),
        report("always-overlap", overlaps(instance, roster)),
    ]
}

fn shape(instance: &Instance, roster: &Roster) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut add = |shifts, sentence| found.push(Violation { units: 1, volunteers: vec![], shifts, sentence });
    let (crews, shifts) = (roster.crews.len(), instance.shifts.len());
    if crews != shifts {
        add(vec![], format!("the roster has {crews} crews for {shifts} shifts"));
    }
    for (number, (shift, crew)) in instance.shifts.iter().zip(&roster.crews).enumerate() {
        if crew.len() > shift.headcount as usize {
            add(
                vec![number],
                format!("{} people hold the {} seats of shift {}", crew.len(), shift.headcount, shift.id),
            );
        }
        if crew.iter().collect::<HashSet<_>>().len() < crew.len() {
            add(vec![number], format!("somebody holds two seats of shift {}", shift.id));
        }
        if let Some(unknown) = crew.iter().find(|one| **one >= instance.volunteers.len()) {
            add(vec![number], format!("shift {} names volunteer {unknown}, who is not there", shift.id));
        }
    }
    found
}

fn skilled(_: &Instance, volunteer: &Volunteer, shift: &Shift) -> bool {
    shift.skills.iter().all(|wanted| {
        volunteer.skills.iter().any(|own| {
            own.skill == *wanted
                && own
                    .valid
                    .is_none_or(|valid| valid.start <= shift.span.start && shift.span.end <= valid.end)
        })
    })
}

fn understood(_: &Instance, volunteer: &Volunteer, shift: &Shift) -> bool {
    shift.languages.is_empty() || volunteer.languages.iter().any(|own| shift.languages.contains(own))
}

fn available(_: &Instance, volunteer: &Volunteer, shift: &Shift) -> bool {
    volunteer.available.iter().any(|when| when.start <= shift.span.start && shift.span.end <= when.end)
}

fn free_of_classes(instance: &Instance, volunteer: &Volunteer, shift: &Shift) -> bool {
    let classes = volunteer.group.map_or(&[][..], |group| &instance.groups[group].classes);
    classes.iter().all(|class| class.end <= shift.span.start || shift.span.end <= class.start)
}

fn declined(instance: &Instance, roster: &Roster) -> Vec<Violation> {
    let mut found = Vec::new();
    for (volunteer, person) in instance.volunteers.iter().enumerate() {
        for &shift in person.declined.iter().filter(|shift| roster.crews[**shift].contains(&volunteer)) {
            let sentence = format!("{} has declined shift {}", person.id, instance.shifts[shift].id);
            found.push(Violation { units: 1, volunteers: vec![volunteer], shifts: vec![shift], sentence });
        }
    }
    found
}

fn overlaps(instance: &Instance, roster: &Roster) -> Vec<Violation> {
    let mut by_person = vec![Vec::new(); instance.volunteers.len()];
    for (shift, crew) in roster.crews.iter().enumerate() {
        for one in crew {
            by_person[*one].push(shift);
        }
    }
    let mut found = Vec::new();
    for (volunteer, own) in by_person.iter().enumerate() {
        for (at, one) in own.iter().enumerate() {
            for other in &own[at + 1..] {
                let (a, b) = (&instance.shifts[*one], &instance.shifts[*other]);
                if a.span.start < b.span.end && b.span.start < a.span.end {
                    found.push(Violation {
                        units: 1,
                        volunteers: vec![volunteer],
                        shifts: vec![*one, *other],
                        sentence: format!(
                            "{} holds shifts {} and {} at one time",
                            instance.volunteers[volunteer].id, a.id, b.id
                        ),
                    });
                }
            }
        }
    }
    found
}
