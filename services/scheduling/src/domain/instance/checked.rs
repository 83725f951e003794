//! A schedule checked against every rule: those of [`check`](super::super::check) there, the others by the engine's
//! checker.

use std::collections::BTreeMap;

use matchday_kernel::Instant;
use matchday_timetable::{
    check::{self as engine, RuleReport},
    validate::{Code, validate},
};

use super::{Material, Stated, rules, sketch};
use crate::domain::check::{
    self,
    report::{Figure, Outcome, Report, Violation},
    rule::{Kind, Severity},
};

/// Checks a schedule against each of its rules, in their order.
#[must_use]
pub fn check(material: &Material) -> Vec<Report> {
    let mut decided = by_engine(material);
    let reports = check::check(&material.rules, &material.timetable);
    let of_engine = |(rule, report): (&check::rule::Rule, Option<Report>)| {
        report.or_else(|| decided.remove(rule.id.as_str())).unwrap_or_else(Report::off)
    };
    material.rules.iter().zip(reports).map(of_engine).collect()
}

/// What comes of the rules that the engine decides, by id.
fn by_engine(material: &Material) -> BTreeMap<&str, Report> {
    let wanted = material
        .rules
        .iter()
        .filter(|rule| matches!(rule.kind, Kind::Timetable(_)) && rule.severity != Severity::Off);
    let mut reports = BTreeMap::new();
    let mut stated: Option<Stated> = None;
    for rule in wanted {
        let stated = stated.get_or_insert_with(|| as_it_stands(material));
        match rules::one(rule, material, stated) {
            Ok(of_engine) => stated.instance.rules.extend(of_engine),
            Err(fault) => {
                reports.insert(rule.id.as_str(), Report::impossible(fault.what));
            }
        }
    }
    let Some(stated) = stated else { return reports };
    let is_in_the_way = |code: Code| !matches!(code, Code::Pins | Code::Places);
    let fault = validate(&stated.instance).into_iter().find(|fault| is_in_the_way(fault.code));
    let checked = match &fault {
        None => engine::check(&stated.instance, &stated.timetable).rules,
        Some(_) => Vec::new(),
    };
    let mut checked: BTreeMap<String, RuleReport> =
        checked.into_iter().map(|report| (report.id.clone(), report)).collect();
    for rule in &material.rules {
        if !stated.instance.rules.iter().any(|of_engine| of_engine.id == rule.id) {
            continue;
        }
        let report = match (checked.remove(&rule.id), &fault) {
            (Some(report), _) => stated.report(report),
            (None, Some(fault)) => Report::impossible(fault.what.clone()),
            (None, None) => Report::impossible("the engine's checker does not look at it".to_owned()),
        };
        reports.insert(rule.id.as_str(), report);
    }
    reports
}

/// The schedule as it stands, without rules and pins; every kick-off in use is allowed.
fn as_it_stands(material: &Material) -> Stated {
    let mut stated = sketch(material);
    let instance = &mut stated.instance;
    instance.kick_offs.extend(stated.timetable.places.iter().map(|place| place.start));
    instance.kick_offs.sort_unstable();
    instance.kick_offs.dedup();
    stated
}

impl Stated {
    /// What the engine's checker says, in the names of the schedule.
    fn report(&self, report: RuleReport) -> Report {
        Report {
            outcome: match report.outcome {
                engine::Outcome::Kept => Outcome::Checked,
                engine::Outcome::Violated => Outcome::Violated,
                engine::Outcome::NotApplicable => Outcome::NotApplicable,
                engine::Outcome::Off => Outcome::Off,
            },
            why: report.why,
            looked_at: report.looked_at,
            things: report.things,
            violations: report.violations.into_iter().map(|violation| self.violation(violation)).collect(),
        }
    }

    fn violation(&self, violation: engine::Violation) -> Violation {
        let names = violation.matches.iter().filter_map(|index| self.activity(*index));
        let starts = violation.matches.iter().filter_map(|index| self.timetable.places.get(*index));
        Violation {
            at: starts.map(|place| self.calendar.moment(place.start)).min().unwrap_or(Instant::MIN),
            resources: names.map(str::to_owned).collect(),
            figures: violation.figures.into_iter().map(figure).collect(),
            sentence: violation.sentence,
            resolution: violation.resolution,
        }
    }
}

fn figure(figure: engine::Figure) -> Figure {
    let engine::Figure { name, value, unit } = figure;
    // figures of a schedule are small: minutes, matches, people
    Figure { name, value: i32::try_from(value).unwrap_or(i32::MAX).into(), unit }
}
