//! Alerts as the service raises them: what is measured, what comes of it, and the task that looks.
//!
//! A venue is measured outside of a write (`zones`, `gates`), and it is decided what that changes (`decide`). Only when
//! something does, a write takes the lock of the venue's alerts, reads again, decides again and keeps it (`keep`): two
//! processes that look at once raise one alert. What is decided depends on what was measured and when, never on who looked.

pub(crate) mod decide;
mod gates;
#[cfg(test)]
mod held;
pub(crate) mod keep;
pub(crate) mod rules;
mod task;
mod zones;

use std::collections::BTreeMap;

use matchday_kernel::{Instant, VenueName};
use matchday_store::Conn;

pub(crate) use task::tend;

use crate::{
    Error,
    domain::alert::{Cause, forecast::Forecast, measure::Measure, rule::Rule},
    store::{alerts::tracks::Key, openings},
};

/// The lock under which the alerts of a venue change.
pub(crate) fn alerts_of(venue: &str) -> String {
    format!("{venue}/alerts")
}

/// The rules of a venue.
pub(crate) type Rules = BTreeMap<Cause, Rule>;

/// What was measured of a cause at a subject.
#[derive(Clone, Debug)]
pub(crate) struct Condition {
    pub(crate) key: Key,
    /// The figure; `None` when nothing can be said of it.
    pub(crate) measure: Option<Measure>,
    /// The rule of the cause, with what the subject has of its own.
    pub(crate) rule: Rule,
    /// What is counted, and how many there are.
    pub(crate) children: Vec<String>,
    pub(crate) count: usize,
    /// Between so many and so many people are there.
    pub(crate) between: (i64, i64),
    /// Gates to pause.
    pub(crate) gates: Vec<String>,
    pub(crate) forecast: Option<Forecast>,
}

/// Children that an alert names.
const MOST_CHILDREN: usize = 20;

impl Condition {
    /// A figure of a cause at a subject.
    fn new(rules: &Rules, cause: Cause, subject: &str, measure: Option<Measure>) -> Option<Self> {
        Some(Self {
            key: (cause, subject.to_owned()),
            measure,
            rule: rules.get(&cause)?.clone(),
            children: Vec::new(),
            count: 0,
            between: (0, 0),
            gates: Vec::new(),
            forecast: None,
        })
    }

    /// What is left of something that is not there any more: nothing is wrong with it.
    pub(crate) fn gone(rules: &Rules, key: &Key) -> Option<Self> {
        Self::new(rules, key.0, &key.1, Some(Measure::exact(0.0)))
    }

    /// The same, of what it counts.
    fn of(mut self, mut children: Vec<String>, count: usize) -> Self {
        children.truncate(MOST_CHILDREN);
        (self.children, self.count) = (children, count);
        self
    }
}

/// Measures all that may be wrong at a venue.
pub(crate) async fn measured(
    conn: &mut Conn,
    venue: &VenueName,
    rules: &Rules,
    now: Instant,
) -> Result<Vec<Condition>, Error> {
    let openings = openings::under_way(conn, venue.as_str(), now).await?;
    let mut conditions = zones::measured(conn, venue, rules, &openings, now).await?;
    conditions.extend(gates::measured(conn, venue, rules, &openings, now).await?);
    Ok(conditions)
}

/// A number of things as a figure.
#[expect(clippy::cast_precision_loss, reason = "counters, devices and conflicts")]
fn figure(count: usize) -> f64 {
    count as f64
}
