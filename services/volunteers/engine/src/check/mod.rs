//! The judge of any roster, ours or another's: reads the model alone and shares no code with the search.

mod judge;
mod law;

use serde::{Deserialize, Serialize};

use crate::model::{Instance, Roster, Severity};

/// What a checker found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Of each law that always holds, then of each rule, what breaks it. Ids of laws begin with `always-`.
    pub rules: Vec<RuleReport>,
    /// How often something that must hold does not.
    pub hard: usize,
    /// Cost of open seats and of soft rules.
    pub cost: i64,
    /// Seats that stay open.
    pub open_seats: u32,
    /// People there in all, those of units included.
    pub covered: u64,
    /// People wanted in all, those of units included.
    pub wanted: u64,
    /// Groups and days on which they are not whole, whether a rule asks for it or not.
    pub broken_groups: usize,
}

/// How a rule fares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleReport {
    /// Its id.
    pub rule: String,
    /// How much it matters.
    pub severity: Severity,
    /// What breaks it.
    pub violations: Vec<Violation>,
}

/// Something that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Violation {
    /// By how many units.
    pub units: i64,
    /// The volunteers concerned.
    pub volunteers: Vec<usize>,
    /// The shifts concerned.
    pub shifts: Vec<usize>,
    /// What is broken, with its numbers.
    pub sentence: String,
}

/// Judges a roster of an instance in which [`validate`](crate::validate::validate) finds no fault.
#[must_use]
pub fn check(instance: &Instance, roster: &Roster) -> Report {
    let mut rules = law::laws(instance, roster);
    if rules.iter().any(|law| law.rule == law::SHAPE && !law.violations.is_empty()) {
        return Report { hard: 1, rules, ..Report::default() };
    }
    let judge = judge::Judge::new(instance, roster);
    rules.extend(instance.rules.iter().map(|rule| RuleReport {
        rule: rule.id.clone(),
        severity: rule.severity,
        violations: judge.violations(&rule.kind),
    }));
    let mut report = Report { broken_groups: judge.broken_groups().len(), ..Report::default() };
    for (shift, crew) in instance.shifts.iter().zip(&roster.crews) {
        let there = u32::try_from(crew.len()).unwrap_or(u32::MAX);
        let open = shift.headcount.saturating_sub(there);
        report.open_seats += open;
        report.cost += i64::from(open) * shift.priority;
        report.covered += u64::from(there) + u64::from(shift.unit_headcount);
        report.wanted += u64::from(shift.headcount) + u64::from(shift.unit_headcount);
    }
    for rule in &rules {
        let units = rule.violations.iter().map(|violation| violation.units);
        match rule.severity {
            Severity::Hard => report.hard += rule.violations.len(),
            Severity::Soft { weight } => report.cost += weight * units.sum::<i64>(),
        }
    }
    report.rules = rules;
    report
}
