//! What came of a rule.

use matchday_kernel::{Instant, SignedDuration};

/// Most resources that a violation names.
const MOST_NAMED: usize = 50;

/// What came of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was checked, and holds.
    Checked,
    /// It was checked, and is broken.
    Violated,
    /// It could not be checked.
    NotApplicable,
    /// It is switched off.
    Off,
}

/// What came of a rule, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// What came of it.
    pub outcome: Outcome,
    /// Why, in a sentence.
    pub why: String,
    /// Number of things looked at.
    pub looked_at: usize,
    /// What they are.
    pub things: &'static str,
    /// What breaks it, by time.
    pub violations: Vec<Violation>,
}

/// One thing that breaks a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Violation {
    /// When, to sort by.
    pub at: Instant,
    /// Names of what is concerned.
    pub resources: Vec<String>,
    /// What is and what should be.
    pub figures: Vec<Figure>,
    /// What is wrong, in a sentence.
    pub sentence: String,
    /// What would resolve it.
    pub resolution: String,
}

/// A number with its unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// What it is.
    pub name: &'static str,
    /// The number.
    pub value: f64,
    /// Its unit.
    pub unit: &'static str,
}

impl Figure {
    /// A length of time in hours.
    pub(super) fn hours(name: &'static str, length: SignedDuration) -> Self {
        Self { name, value: length.as_secs_f64() / 3600.0, unit: "h" }
    }

    /// A length of time in minutes.
    pub(super) fn minutes(name: &'static str, length: SignedDuration) -> Self {
        Self { name, value: length.as_secs_f64() / 60.0, unit: "min" }
    }

    /// A number of things.
    pub(super) fn count(name: &'static str, number: i32, unit: &'static str) -> Self {
        Self { name, value: number.into(), unit }
    }
}

/// What a rule found.
#[derive(Debug)]
pub(super) struct Finding {
    /// Number of things looked at.
    pub(super) looked_at: usize,
    /// What they are, in the plural.
    pub(super) things: &'static str,
    /// Why there may be none.
    pub(super) none: String,
    /// What was left out, in a sentence; empty when nothing was.
    pub(super) left_out: String,
    /// What breaks the rule.
    pub(super) violations: Vec<Violation>,
}

impl Finding {
    /// What was found among things; `none` says why there may be none.
    pub(super) fn among(
        looked_at: usize,
        things: &'static str,
        none: &str,
        violations: Vec<Violation>,
    ) -> Self {
        Self { looked_at, things, none: none.to_owned(), left_out: String::new(), violations }
    }

    /// Nothing could be looked at.
    pub(super) fn impossible(things: &'static str, why: String) -> Self {
        Self { looked_at: 0, things, none: why, left_out: String::new(), violations: Vec::new() }
    }

    /// The same, with what was left out.
    pub(super) fn without(self, left_out: String) -> Self {
        Self { left_out, ..self }
    }
}

impl Report {
    /// The report of a rule that is switched off.
    #[must_use]
    pub fn off() -> Self {
        Self { outcome: Outcome::Off, ..Self::impossible("the rule is switched off".to_owned()) }
    }

    /// The report of a rule that could not be checked, with why.
    #[must_use]
    pub fn impossible(why: String) -> Self {
        let outcome = Outcome::NotApplicable;
        Self { outcome, why, looked_at: 0, things: "", violations: Vec::new() }
    }
}

impl From<Finding> for Report {
    fn from(mut found: Finding) -> Self {
        found.violations.sort_by_key(|violation| violation.at);
        for violation in &mut found.violations {
            violation.resources.truncate(MOST_NAMED);
        }
        let outcome = match (found.looked_at, found.violations.is_empty()) {
            (0, _) => Outcome::NotApplicable,
            (_, true) => Outcome::Checked,
            (_, false) => Outcome::Violated,
        };
        let mut why = match outcome {
            Outcome::NotApplicable | Outcome::Off => found.none,
            Outcome::Checked => format!("never broken among {} {}", found.looked_at, found.things),
            Outcome::Violated => {
                format!("broken {} among {} {}", times(found.violations.len()), found.looked_at, found.things)
            }
        };
        if !found.left_out.is_empty() {
            why = format!("{why}; {}", found.left_out);
        }
        let Finding { looked_at, things, violations, .. } = found;
        Self { outcome, why, looked_at, things, violations }
    }
}

fn times(number: usize) -> String {
    match number {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        number => format!("{number} times"),
    }
}
