//! An alert as people read it: what is the matter, what to do, and what that is predicted to do, in each language.

use std::sync::LazyLock;

use matchday_kernel::words::{Language, Words};

use super::{
    Cause, Level,
    forecast::{Forecast, HORIZON},
};

const ENGLISH: &str = include_str!("../../../locales/en.ftl");
const CHINESE: &str = include_str!("../../../locales/zh-CN.ftl");

/// Children that a sentence names.
const NAMED: usize = 5;

fn words(language: Language) -> &'static Words {
    static ALL: LazyLock<[Words; 2]> = LazyLock::new(|| Words::all(ENGLISH, CHINESE));
    Words::among(&ALL, language)
}

/// What an alert is told from.
#[derive(Clone, Debug, PartialEq)]
pub struct Told<'a> {
    /// Its cause.
    pub cause: Cause,
    /// Its level.
    pub level: Level,
    /// The last part of the name of its subject.
    pub place: &'a str,
    /// The figure, in the unit of the cause.
    pub figure: f64,
    /// The threshold of the level.
    pub threshold: f64,
    /// Between so many and so many people are there, in 90 of 100 cases.
    pub between: (i64, i64),
    /// What it counts.
    pub children: &'a [String],
    /// How many of them there are.
    pub count: usize,
    /// Gates to pause.
    pub gates: &'a [String],
    /// What is projected; `None` where no rate is known.
    pub forecast: Option<Forecast>,
}

/// An alert in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The language.
    pub language: Language,
    /// What is the matter.
    pub what: String,
    /// What to do.
    pub action: String,
    /// What is predicted.
    pub prediction: String,
}

impl Told<'_> {
    /// Says it in every language.
    #[must_use]
    pub fn say(&self) -> Vec<Said> {
        Language::ALL.into_iter().map(|language| self.say_in(language)).collect()
    }

    fn say_in(&self, language: Language) -> Said {
        let words = words(language);
        let (id, level) = (id(self.cause), words.say(level(self.level), &[]));
        let (figure, threshold) = (number(self.figure), number(self.threshold));
        let (low, high) = (self.between.0.to_string(), self.between.1.to_string());
        let children = listed(self.children, self.count);
        let gates = if self.gates.is_empty() {
            words.say("no-gates", &[])
        } else {
            listed(self.gates, self.gates.len())
        };
        let count = self.count.to_string();
        let arguments: [(&'static str, &str); 9] = [
            ("place", self.place),
            ("figure", &figure),
            ("threshold", &threshold),
            ("low", &low),
            ("high", &high),
            ("children", &children),
            ("count", &count),
            ("gates", &gates),
            ("level", &level),
        ];
        Said {
            language,
            what: words.say(&format!("what-{id}"), &arguments),
            action: words.say(&format!("action-{id}"), &arguments),
            prediction: self.predicted(words),
        }
    }

    fn predicted(&self, words: &Words) -> String {
        match self.cause {
            Cause::Density | Cause::Capacity => {
                self.forecast.map_or_else(|| words.say("prediction-none", &[]), |it| projected(words, &it))
            }
            Cause::CounterFault | Cause::CounterSilent | Cause::StaleEstimate => {
                words.say("prediction-counted", &[])
            }
            Cause::QuotaOverdue => words.say("prediction-uploaded", &[]),
            Cause::DeviceSilent => words.say("prediction-asked", &[]),
            Cause::Conflict => words.say("prediction-checked", &[]),
        }
    }
}

fn projected(words: &Words, forecast: &Forecast) -> String {
    let horizon = number(HORIZON);
    let time = |minutes: Option<f64>| {
        let never = || words.say("never", &[("horizon", &horizon)]);
        minutes.map_or_else(never, |minutes| number(minutes.round()))
    };
    let rates = words.say(
        "prediction-rates",
        &[
            ("inflow", &number(forecast.inflow)),
            ("outflow", &number(forecast.outflow)),
            ("window", &number(forecast.window)),
        ],
    );
    let earliest = time(forecast.earliest);
    let limit = match forecast.to_limit {
        Some(0.0) => words.say("prediction-reached", &[]),
        Some(_) => words.say(
            "prediction-limit",
            &[
                ("minutes", &time(forecast.to_limit)),
                ("earliest", &earliest),
                ("latest", &time(forecast.latest)),
            ],
        ),
        None => words.say("prediction-no-limit", &[("horizon", &horizon), ("earliest", &earliest)]),
    };
    let paused = match forecast.to_end_when_paused {
        Some(minutes) => words.say("prediction-paused", &[("minutes", &number(minutes.round()))]),
        None => words.say("prediction-paused-long", &[("horizon", &horizon)]),
    };
    match words.language() {
        Language::English => format!("{rates} {limit}. {paused}."),
        Language::Chinese => format!("{rates}{limit}。{paused}。"),
    }
}

/// A number with at most one decimal.
fn number(figure: f64) -> String {
    let text = format!("{figure:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// The first of some names, and that there are more.
fn listed(names: &[String], count: usize) -> String {
    let first: Vec<&str> = names.iter().take(NAMED).map(String::as_str).collect();
    let more = count.saturating_sub(first.len());
    if more == 0 { first.join(", ") } else { format!("{} (+{more})", first.join(", ")) }
}

fn id(cause: Cause) -> &'static str {
    match cause {
        Cause::Density => "density",
        Cause::Capacity => "capacity",
        Cause::CounterFault => "counter-fault",
        Cause::CounterSilent => "counter-silent",
        Cause::StaleEstimate => "stale-estimate",
        Cause::QuotaOverdue => "quota-overdue",
        Cause::DeviceSilent => "device-silent",
        Cause::Conflict => "conflict",
    }
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Yellow => "level-yellow",
        Level::Orange => "level-orange",
        Level::Red => "level-red",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(cause: Cause) -> Told<'static> {
        static NONE: &[String] = &[];
        Told {
            cause,
            level: Level::Orange,
            place: "north-stand",
            figure: 3.25,
            threshold: 3.0,
            between: (3_700, 4_100),
            children: NONE,
            count: 0,
            gates: NONE,
            forecast: None,
        }
    }

    #[test]
    fn every_cause_is_said_in_every_language() {
        for cause in Cause::ALL {
            for said in told(cause).say() {
                for text in [&said.what, &said.action, &said.prediction] {
                    let is_said = !text.is_empty() && !text.contains(['{', '$']) && !text.contains(id(cause));
                    assert!(is_said || text.contains(' '), "{cause:?} {:?}: {text}", said.language);
                }
            }
            for (key, language) in ["what", "action"].iter().flat_map(|key| Language::ALL.map(|of| (key, of)))
            {
                assert!(words(language).has(&format!("{key}-{}", id(cause))), "{key} {cause:?}");
            }
        }
    }

    #[test]
    fn both_languages_have_the_same_messages() {
        let ids = |text: &str| -> Vec<String> {
            let lines = text.lines().filter(|line| !line.starts_with('#'));
            lines.filter_map(|line| Some(line.split_once(" = ")?.0.to_owned())).collect()
        };
        assert_eq!(ids(ENGLISH), ids(CHINESE));
        assert!(ids(ENGLISH).iter().all(|id| Language::ALL.iter().all(|of| words(*of).has(id))));
    }

    #[test]
    fn a_dense_zone_says_what_to_do_and_what_comes_of_it() {
        let forecast = Forecast {
            inflow: 41.0,
            outflow: 35.0,
            window: 10.0,
            to_limit: Some(33.4),
            earliest: Some(9.6),
            latest: None,
            to_end_when_paused: Some(11.8),
        };
        let gates = vec!["north".to_owned(), "east".to_owned()];
        let said = Told { gates: &gates, forecast: Some(forecast), ..told(Cause::Density) }.say();
        assert_eq!(
            said[0].what,
            "north-stand: 3.2 people per m² (90 of 100: 3700 to 4100 people), orange from 3"
        );
        assert_eq!(said[0].action, "Pause entry at north, east");
        assert_eq!(
            said[0].prediction,
            "At 41 in and 35 out a minute over the last 10 minutes, red is reached in about 33 minutes (10 to not \
             within 60). With entry paused the alert can end in about 12 minutes. This is a projection of these rates."
        );
        assert!(said[1].action.contains("暂停放行"), "{:?}", said[1]);
    }

    #[test]
    fn many_children_are_counted() {
        let names: Vec<String> = (0..9).map(|number| format!("c{number}")).collect();
        assert_eq!(listed(&names, 40), "c0, c1, c2, c3, c4 (+35)");
    }
}
