//! What a person and a shift alone decide: requirements, availability, and what the pair costs.

use std::iter::once_with;

use crate::model::{Instance, Kind, Minute, Severity, Shift, Span, Volunteer};

/// Minutes of a day of the clock.
const DAY: Minute = 1_440;

/// Why a person does not hold a shift.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bar {
    /// Lacks the skill.
    Skill(usize),
    /// Speaks none of the languages.
    Language,
    /// Cannot come all the time.
    Availability,
    /// Has classes.
    Classes,
    /// Has declined it.
    Declined,
    /// Holds another shift at that time.
    Overlap,
    /// A hard rule of the instance forbids it.
    Rule(usize),
}

/// All that keeps a person from a shift for good, whatever else the person does.
pub(crate) fn bars<'i>(
    instance: &'i Instance,
    volunteer: &'i Volunteer,
    shift: &'i Shift,
) -> impl Iterator<Item = Bar> + 'i {
    let skills = shift.skills.iter().filter(move |skill| !has(volunteer, **skill, shift));
    let hard = instance.rules.iter().enumerate().filter(|(_, rule)| rule.severity == Severity::Hard);
    let forbidden = hard.filter(move |(_, rule)| units(instance, &rule.kind, volunteer, shift) > 0);
    skills
        .map(|skill| Bar::Skill(*skill))
        .chain(once_with(|| mute(volunteer, shift)).flatten())
        .chain(once_with(|| away(volunteer, shift)).flatten())
        .chain(once_with(|| taught(instance, volunteer, shift)).flatten())
        .chain(once_with(|| declined(instance, volunteer, shift)).flatten())
        .chain(forbidden.map(|(index, _)| Bar::Rule(index)))
}

fn mute(volunteer: &Volunteer, shift: &Shift) -> Option<Bar> {
    let speaks = || shift.languages.iter().any(|one| volunteer.languages.contains(one));
    (!shift.languages.is_empty() && !speaks()).then_some(Bar::Language)
}

fn away(volunteer: &Volunteer, shift: &Shift) -> Option<Bar> {
    let there = volunteer.available.iter().any(|span| span.contains(shift.span));
    (!there).then_some(Bar::Availability)
}

fn taught(instance: &Instance, volunteer: &Volunteer, shift: &Shift) -> Option<Bar> {
    let mut classes = volunteer.group.iter().flat_map(|group| &instance.groups[*group].classes);
    classes.any(|class| class.meets(shift.span)).then_some(Bar::Classes)
}

fn declined(instance: &Instance, volunteer: &Volunteer, shift: &Shift) -> Option<Bar> {
    let mut declined = volunteer.declined.iter().map(|one| &instance.shifts[*one]);
    declined.any(|one| one.id == shift.id).then_some(Bar::Declined)
}

/// What the soft rules that look at the pair alone ask for it.
pub(crate) fn cost(instance: &Instance, volunteer: &Volunteer, shift: &Shift) -> i64 {
    let costs = instance.rules.iter().map(|rule| match rule.severity {
        Severity::Hard => 0,
        Severity::Soft { weight } => weight * units(instance, &rule.kind, volunteer, shift),
    });
    costs.sum()
}

/// Whether the person has the skill during the shift.
pub(crate) fn has(volunteer: &Volunteer, skill: usize, shift: &Shift) -> bool {
    let mut held = volunteer.skills.iter().filter(|one| one.skill == skill);
    held.any(|one| one.valid.is_none_or(|valid| valid.contains(shift.span)))
}

/// Whether a time of the clock, as minutes since the midnight before its start, shares a minute with a time of the
/// day: 22:00 to 30:00 is every night.
pub(crate) fn touches(clock: Span, daily: Span) -> bool {
    let mut shifted = [-DAY, 0, DAY].into_iter();
    shifted.any(|by| clock.meets(Span { start: daily.start + by, end: daily.end + by }))
}

/// Units by which the pair breaks the rule; 0 for rules that look at more than the pair.
fn units(instance: &Instance, kind: &Kind, volunteer: &Volunteer, shift: &Shift) -> i64 {
    match kind {
        Kind::Minors { age, during } => {
            let minor = volunteer.age.is_some_and(|own| own < *age);
            i64::from(minor && touches(instance.clock(shift), *during))
        }
        Kind::Commute(most) => {
            let far = volunteer.home.is_some_and(|home| instance.way(home, shift.place) > *most);
            i64::from(far)
        }
        Kind::PreferredPlace => {
            i64::from(!volunteer.prefers.is_empty() && !volunteer.prefers.contains(&shift.place))
        }
        Kind::AvoidedTimes => {
            let start = instance.clock(shift).start;
            let avoided = volunteer.avoids.iter().filter(|span| (span.start..span.end).contains(&start));
            i64::try_from(avoided.count()).unwrap_or(i64::MAX)
        }
        _ => 0,
    }
}
