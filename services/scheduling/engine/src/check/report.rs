//! What came of a check.

use serde::Serialize;

use crate::model::Severity;

/// Most violations of a rule that a report lists; its units and [`Report::hard`] count all.
pub const MOST_VIOLATIONS: usize = 1_000;

/// What came of a check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// What always holds, with ids that start with `always-`, and then the rules of the instance, in their order.
    pub rules: Vec<RuleReport>,
    /// Violations of what must hold.
    pub hard: usize,
    /// What the broken soft rules cost: of each its units times its weight.
    pub cost: i64,
}

impl Report {
    /// Whether everything that must hold does.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.hard == 0
    }

    /// The rules that are broken, hard and soft.
    pub fn broken(&self) -> impl Iterator<Item = &RuleReport> {
        self.rules.iter().filter(|rule| rule.outcome == Outcome::Violated)
    }
}

/// What came of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was looked at, and holds.
    Kept,
    /// It was looked at, and is broken.
    Violated,
    /// There was nothing to look at: the reason says why.
    NotApplicable,
    /// It is switched off.
    Off,
}

/// What came of a rule, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleReport {
    /// Its id.
    pub id: String,
    /// How much it matters.
    pub severity: Severity,
    /// What came of it.
    pub outcome: Outcome,
    /// Why, in a sentence, with what was left out.
    pub why: String,
    /// Number of things looked at.
    pub looked_at: usize,
    /// What they are, in the plural.
    pub things: &'static str,
    /// Units by which it is broken, over all violations.
    pub units: i64,
    /// What breaks it, at most [`MOST_VIOLATIONS`].
    pub violations: Vec<Violation>,
}

/// One thing that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// The matches concerned, by place in the list.
    pub matches: Vec<usize>,
    /// Units by which it breaks the rule, at least 1.
    pub units: i64,
    /// What is and what should be.
    pub figures: Vec<Figure>,
    /// What is wrong, in a sentence.
    pub sentence: String,
    /// What would resolve it.
    pub resolution: String,
    /// What it is about, to be found again in another timetable: two matches, or a pitch and a day.
    #[serde(skip)]
    pub(crate) subject: (usize, usize),
}

/// A number with its unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Figure {
    /// What it is: `from whistle to kick-off`.
    pub name: &'static str,
    /// The number.
    pub value: i64,
    /// Its unit: `min`, `days`, `matches`, `people`.
    pub unit: &'static str,
}

impl Figure {
    /// A number of minutes.
    pub(super) fn minutes(name: &'static str, minutes: impl Into<i64>) -> Self {
        Self { name, value: minutes.into(), unit: "min" }
    }

    /// A number of things.
    pub(super) fn count(name: &'static str, value: impl Into<i64>, unit: &'static str) -> Self {
        Self { name, value: value.into(), unit }
    }
}

/// What a look at a rule found.
#[derive(Debug)]
pub(crate) struct Finding {
    /// Number of things looked at.
    pub(super) looked_at: usize,
    /// What they are, in the plural.
    pub(super) things: &'static str,
    /// Why there may be none.
    pub(super) none: &'static str,
    /// What was left out, in a sentence; empty when nothing was.
    pub(super) left_out: String,
    /// What breaks the rule.
    pub(crate) violations: Vec<Violation>,
}

impl Finding {
    /// What was found among things; `none` says why there may be none.
    pub(super) fn among(
        looked_at: usize,
        things: &'static str,
        none: &'static str,
        violations: Vec<Violation>,
    ) -> Self {
        Self { looked_at, things, none, left_out: String::new(), violations }
    }

    /// Nothing is looked at.
    pub(super) fn off() -> Self {
        Self::among(0, "", "the rule is switched off", Vec::new())
    }

    /// The same, with what was left out.
    pub(super) fn without(self, left_out: String) -> Self {
        Self { left_out, ..self }
    }

    /// Units over all violations.
    pub(crate) fn units(&self) -> i64 {
        self.violations.iter().fold(0, |sum, violation| sum.saturating_add(violation.units))
    }

    /// The report of the rule with this id.
    pub(super) fn report(mut self, id: &str, severity: Severity) -> RuleReport {
        let outcome = match (severity, self.looked_at) {
            (Severity::Off, _) => Outcome::Off,
            _ if !self.violations.is_empty() => Outcome::Violated,
            (_, 0) => Outcome::NotApplicable,
            _ => Outcome::Kept,
        };
        let mut why = match outcome {
            Outcome::NotApplicable | Outcome::Off => self.none.to_owned(),
            Outcome::Kept => format!("never broken among {} {}", self.looked_at, self.things),
            Outcome::Violated => {
                let times = self.violations.len();
                let times = if times == 1 { "once".to_owned() } else { format!("{times} times") };
                format!("broken {times} among {} {}", self.looked_at, self.things)
            }
        };
        if !self.left_out.is_empty() {
            why = format!("{why}; {}", self.left_out);
        }
        let units = self.units();
        self.violations.truncate(MOST_VIOLATIONS);
        let Self { looked_at, things, violations, .. } = self;
        RuleReport { id: id.to_owned(), severity, outcome, why, looked_at, things, units, violations }
    }
}
