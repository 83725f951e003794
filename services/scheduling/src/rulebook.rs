//! Rules as people write them: YAML, the same for the file that Matchday ships and for those of users.
//!
//! What a rule must be to be applied is decided where it is applied (`grpc::rules`); here is only how it is
//! written, and on which line.

mod value;

use std::{fmt::Display, sync::LazyLock};

use matchday_api::{
    common::v1::Basis,
    scheduling::v1::{Rule, RuleKind, RuleScope, RuleSeverity},
};
use matchday_kernel::{NameError, SiteName, VenueName, ZoneName};
use serde::Deserialize;
use serde_saphyr::Spanned;

use value::{CrowdWindowEntry, NoticeEntry, Values, WearEntry, WindowEntry};

/// The rules of a tournament that has none of its own, as they are written.
pub const SHIPPED: &str = include_str!("../rules/football.yaml");

/// A text of the file and where it stands.
type Text = Spanned<String>;

/// A file of rules, as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleFile {
    rules: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: Text,
    kind: Text,
    severity: Text,
    weight: Option<Text>,
    #[serde(default)]
    scope: ScopeEntry,
    duration: Option<Text>,
    count: Option<Text>,
    window: Option<WindowEntry>,
    matches: Option<Vec<Text>>,
    days: Option<Vec<Text>>,
    pitches: Option<Vec<Text>>,
    wear: Option<WearEntry>,
    crowd_window: Option<CrowdWindowEntry>,
    notice: Option<NoticeEntry>,
    source: Text,
    basis: Text,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ScopeEntry {
    competitions: Vec<Text>,
    stages: Vec<Text>,
    places: Vec<Text>,
    matches: Vec<Text>,
}

/// What a step of a ladder puts in the place of a rule, as it is written: another kind, another limit.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EasedRule {
    id: Text,
    kind: Text,
    duration: Option<Text>,
    count: Option<Text>,
    window: Option<WindowEntry>,
}

impl EasedRule {
    /// Reads what stands in the place of the rule; `at` is what the path of its fields begins with.
    ///
    /// # Errors
    /// [`Misread`]: the first value that cannot be read.
    pub fn read(self, at: &str) -> Result<Rule, Misread> {
        let Self { id, kind, duration, count, window } = self;
        let kind = word(format!("{at}.kind"), &kind, RuleKind::as_str_name)?;
        let values = Values { duration, count, window, ..Values::default() };
        Ok(Rule { id: id.value, kind: kind.into(), value: values.read(at)?, ..Rule::default() })
    }
}

/// What is wrong in a file, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {field}: {problem}")]
pub struct Misread {
    /// The line, counted from 1.
    pub line: u64,
    /// The field: `rules[3].kind`, counted from 0.
    pub field: String,
    /// What is wrong.
    pub problem: String,
}

/// The rules of a tournament that has none of its own.
#[must_use]
pub fn shipped() -> &'static [Rule] {
    static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
        let file = serde_saphyr::from_str(SHIPPED).expect("a test reads the shipped rules");
        read(file).expect("a test reads the shipped rules")
    });
    &RULES
}

/// Turns a file into the rules it holds.
///
/// # Errors
/// [`Misread`]: the first value that cannot be read.
pub fn read(file: RuleFile) -> Result<Vec<Rule>, Misread> {
    file.rules.into_iter().enumerate().map(|(index, entry)| entry.read(index)).collect()
}

impl Entry {
    fn read(self, index: usize) -> Result<Rule, Misread> {
        let at = |field: &str| format!("rules[{index}].{field}");
        let kind = word(at("kind"), &self.kind, RuleKind::as_str_name)?;
        let severity = word(at("severity"), &self.severity, RuleSeverity::as_str_name)?;
        let basis = word(at("basis"), &self.basis, Basis::as_str_name)?;
        let values = Values {
            duration: self.duration,
            count: self.count,
            window: self.window,
            matches: self.matches,
            days: self.days,
            pitches: self.pitches,
            wear: self.wear,
            crowd_window: self.crowd_window,
            notice: self.notice,
        };
        Ok(Rule {
            id: self.id.value,
            kind: kind.into(),
            severity: severity.into(),
            weight: self.weight.as_ref().map_or(Ok(0), |text| number(at("weight"), text))?,
            scope: self.scope.read(&at("scope"))?,
            value: values.read(&format!("rules[{index}]"))?,
            source: self.source.value,
            basis: basis.into(),
        })
    }
}

impl ScopeEntry {
    fn read(self, field: &str) -> Result<Option<RuleScope>, Misread> {
        let scope = RuleScope {
            competitions: texts(self.competitions),
            stages: texts(self.stages),
            places: places(&format!("{field}.places"), &self.places)?,
            matches: texts(self.matches),
        };
        Ok((scope != RuleScope::default()).then_some(scope))
    }
}

fn texts(texts: Vec<Text>) -> Vec<String> {
    texts.into_iter().map(|text| text.value).collect()
}

/// Reads a list of places.
fn places(field: &str, texts: &[Text]) -> Result<Vec<String>, Misread> {
    let one = |(index, text): (usize, &Text)| {
        place(&text.value).map_err(|error| misread(format!("{field}[{index}]"), text, error))
    };
    texts.iter().enumerate().map(one).collect()
}

fn misread(field: String, text: &Text, problem: impl Display) -> Misread {
    Misread { line: text.referenced.line(), field, problem: problem.to_string() }
}

fn number(field: String, text: &Text) -> Result<i32, Misread> {
    text.value.parse().map_err(|_| misread(field, text, format!("{:?} is not a number", text.value)))
}

/// Reads the word for a value of one of the contract's enums: `rest-after-whistle`.
fn word<E: TryFrom<i32> + Copy>(
    field: String,
    text: &Text,
    name: fn(&E) -> &'static str,
) -> Result<E, Misread> {
    let values: Vec<E> = (1..).map_while(|number| E::try_from(number).ok()).collect();
    // the names of an enum begin alike, and the first ends with this
    let shared = match E::try_from(0) {
        Ok(unset) => name(&unset).len() - "UNSPECIFIED".len(),
        Err(_) => 0,
    };
    let word = |value: &E| name(value)[shared..].to_lowercase().replace('_', "-");
    values.iter().copied().find(|value| word(value) == text.value).ok_or_else(|| {
        let known: Vec<String> = values.iter().map(word).collect();
        misread(field, text, format!("{:?} is none of {}", text.value, known.join(", ")))
    })
}

/// Reads a place as staff write it: `jinjiang`, `jinjiang/stadium`, `jinjiang/stadium/pitch`.
fn place(text: &str) -> Result<String, NameError> {
    match text.split('/').collect::<Vec<_>>()[..] {
        [site, venue] => format!("sites/{site}/venues/{venue}").parse().map(|name: VenueName| name.into()),
        [site, venue, zone] => {
            format!("sites/{site}/venues/{venue}/zones/{zone}").parse().map(|name: ZoneName| name.into())
        }
        _ => format!("sites/{text}").parse().map(|name: SiteName| name.into()),
    }
}

#[cfg(test)]
mod tests {
    use matchday_api::scheduling::v1::rule::Value;

    use super::*;

    fn written(text: &str) -> Result<Vec<Rule>, Misread> {
        read(serde_saphyr::from_str(text).unwrap())
    }

    fn one(line: &str) -> String {
        format!(
            "rules:\n  - id: it\n    kind: rest-calendar-days\n    severity: hard\n    source: x\n    basis: assumed\n    {line}\n"
        )
    }

    #[test]
    fn the_shipped_rules_are_read_and_have_sources() {
        let rules = shipped();
        assert!(rules.len() >= 14);
        assert!(rules.iter().all(|rule| !rule.source.is_empty()));
        let of = |id: &str| rules.iter().find(|rule| rule.id == id).unwrap();
        assert_eq!(of("rest-calendar-day").value, Some(Value::Count(1)));
        assert_eq!(of("matches-per-venue-and-day").severity(), RuleSeverity::Off);
        let seconds = 44 * 3600;
        let least = Value::Duration(prost_types::Duration { seconds, nanos: 0 });
        assert_eq!(of("rest-between-kick-offs").value, Some(least));
    }

    #[test]
    fn places_are_written_short() {
        let rules = written(&one("scope: { places: [a, a/b, a/b/c], stages: [final] }")).unwrap();
        let scope = rules[0].scope.clone().unwrap();
        assert_eq!(scope.places, ["sites/a", "sites/a/venues/b", "sites/a/venues/b/zones/c"]);
        assert_eq!(scope.stages, ["final"]);
        assert_eq!(written(&one("count: 1")).unwrap()[0].scope, None);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line_and_field() {
        for (line, field, problem) in [
            ("count: many", "rules[0].count", "\"many\" is not a number"),
            ("duration: soon", "rules[0].duration", "\"soon\" is not a length of time"),
            ("scope: { places: [A] }", "rules[0].scope.places[0]", "\"sites/A\" is not of the form"),
            ("weight: heavy", "rules[0].weight", "\"heavy\" is not a number"),
        ] {
            let wrong = written(&one(line)).unwrap_err();
            assert_eq!((wrong.line, wrong.field.as_str()), (7, field));
            assert!(wrong.problem.starts_with(problem), "{wrong}");
        }
        let two = written(&one("count: 1\n    duration: 44h")).unwrap_err();
        assert!(two.problem.contains("a rule has one value"), "{two}");
    }

    #[test]
    fn an_unknown_kind_names_those_there_are() {
        let wrong = written(&one("count: 1").replace("rest-calendar-days", "rest")).unwrap_err();
        assert_eq!((wrong.line, wrong.field.as_str()), (3, "rules[0].kind"));
        assert!(wrong.problem.contains("\"rest\" is none of place-double-booked, "), "{wrong}");
    }
}
