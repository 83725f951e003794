//! When a level begins and ends: thresholds, how sure one must be, and for how long.

use matchday_kernel::SignedDuration;

use super::{Cause, Level, measure::Measure};

/// Longest dwell.
pub const LONGEST_DWELL: SignedDuration = SignedDuration::from_hours(1);
/// Shortest time until an escalation: rehearsals are played faster than the clock.
pub const SHORTEST_ESCALATION: SignedDuration = SignedDuration::from_secs(1);
/// Longest time until an escalation.
pub const LONGEST_ESCALATION: SignedDuration = SignedDuration::from_hours(24);
/// Largest figure a threshold can name.
const LARGEST: f64 = 1_000_000.0;

/// Where a level begins.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Threshold {
    /// The level.
    pub level: Level,
    /// The figure, in the unit of the cause.
    pub figure: f64,
}

/// The rule of a cause.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// The cause.
    pub cause: Cause,
    /// Thresholds, rising with the level; at least one.
    pub thresholds: Vec<Threshold>,
    /// So probably the figure must be above a threshold, 0.5 to 0.999.
    pub probability: f64,
    /// A level ends below its threshold less this share of it, 0 to 0.9.
    pub hysteresis: f64,
    /// For so long it must be above.
    pub dwell_up: SignedDuration,
    /// For so long it must be below.
    pub dwell_down: SignedDuration,
    /// After so long without acknowledgement the next holder is told.
    pub escalate_after: SignedDuration,
}

/// Why a rule cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum RuleFault {
    /// There are no thresholds: the cause would never be told.
    #[error("has no threshold, and its cause would never be told: give it one")]
    NoThreshold,
    /// Thresholds do not rise with their levels.
    #[error(
        "has {after} for a level and {before} for the one below it: thresholds rise with the level, one for each"
    )]
    Order {
        /// The figure of the lower level.
        before: f64,
        /// That of the higher level.
        after: f64,
    },
    /// A figure is none.
    #[error("has a threshold of {0}; a threshold is more than 0 and at most 1,000,000")]
    Figure(f64),
    /// A probability is none.
    #[error("has a probability of {0}; it is more than 0.5 and at most 0.999")]
    Probability(f64),
    /// A hysteresis is none.
    #[error("has a hysteresis of {0}; it is 0 to 0.9")]
    Hysteresis(f64),
    /// It is escalated too soon or too late.
    #[error("escalates after {0:#}; that is a second to a day")]
    Escalation(SignedDuration),
    /// A dwell is too long.
    #[error("dwells {0:#}; a dwell is 0 to an hour")]
    Dwell(SignedDuration),
}

impl Rule {
    /// Checks that its parts can be used.
    ///
    /// # Errors
    /// [`RuleFault`] of the first part that cannot.
    pub fn check(&self) -> Result<(), RuleFault> {
        if self.thresholds.is_empty() {
            return Err(RuleFault::NoThreshold);
        }
        for threshold in &self.thresholds {
            if !(threshold.figure > 0.0 && threshold.figure <= LARGEST) {
                return Err(RuleFault::Figure(threshold.figure));
            }
        }
        for pair in self.thresholds.windows(2) {
            if pair[1].level <= pair[0].level || pair[1].figure <= pair[0].figure {
                return Err(RuleFault::Order { before: pair[0].figure, after: pair[1].figure });
            }
        }
        if !(self.probability > 0.5 && self.probability <= 0.999) {
            return Err(RuleFault::Probability(self.probability));
        }
        if !(0.0..=0.9).contains(&self.hysteresis) {
            return Err(RuleFault::Hysteresis(self.hysteresis));
        }
        for dwell in [self.dwell_up, self.dwell_down] {
            if dwell < SignedDuration::ZERO || dwell > LONGEST_DWELL {
                return Err(RuleFault::Dwell(dwell));
            }
        }
        if !(SHORTEST_ESCALATION..=LONGEST_ESCALATION).contains(&self.escalate_after) {
            return Err(RuleFault::Escalation(self.escalate_after));
        }
        Ok(())
    }

    /// The threshold of a level; `None` when the rule has none.
    #[must_use]
    pub fn threshold(&self, level: Level) -> Option<f64> {
        self.thresholds.iter().find(|one| one.level == level).map(|one| one.figure)
    }

    /// Below this figure a level ends; `None` when the rule does not have it.
    #[must_use]
    pub fn end(&self, level: Level) -> Option<f64> {
        Some(self.threshold(level)? * (1.0 - self.hysteresis))
    }

    /// Whether a level begins at a measure: the figure is surely enough above its threshold, or above one of a higher
    /// level.
    #[must_use]
    pub fn begins(&self, level: Level, measure: Measure) -> bool {
        let is_above = |one: &Threshold| measure.probability_above(one.figure) >= self.probability;
        self.thresholds.iter().filter(|one| one.level >= level).any(is_above)
            && self.threshold(level).is_some()
    }

    /// Whether a level goes on at a measure: the figure is not as surely below its end as it must be above to begin.
    #[must_use]
    pub fn goes_on(&self, level: Level, measure: Measure) -> bool {
        self.end(level).is_some_and(|end| measure.probability_above(end) > 1.0 - self.probability)
    }

    /// The rule with other thresholds for some levels; those that would be out of order stay.
    #[must_use]
    pub fn with(&self, thresholds: &[Threshold]) -> Self {
        let mut changed = self.clone();
        for wanted in thresholds {
            changed.thresholds.retain(|one| one.level != wanted.level);
            changed.thresholds.push(*wanted);
        }
        changed.thresholds.sort_by_key(|one| one.level);
        if changed.check().is_ok() { changed } else { self.clone() }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Yellow from 2, orange from 3, red from 5 people per square metre.
    pub(crate) fn rule() -> Rule {
        let thresholds = Level::ALL.into_iter().zip([2.0, 3.0, 5.0]);
        Rule {
            cause: Cause::Density,
            thresholds: thresholds.map(|(level, figure)| Threshold { level, figure }).collect(),
            probability: 0.9,
            hysteresis: 0.1,
            dwell_up: SignedDuration::from_mins(1),
            dwell_down: SignedDuration::from_mins(3),
            escalate_after: SignedDuration::from_mins(5),
        }
    }

    #[test]
    fn a_level_begins_above_its_threshold_and_goes_on_until_surely_below() {
        let of = |middle, deviation| {
            let measure = Measure { middle, deviation };
            (rule().begins(Level::Orange, measure), rule().goes_on(Level::Orange, measure))
        };
        assert_eq!(of(3.0, 0.0), (true, true));
        assert_eq!(of(2.9, 0.0), (false, true));
        assert_eq!(of(2.6, 0.0), (false, false));
        assert_eq!(of(3.2, 0.5), (false, true), "66 of 100 is not sure enough");
        assert_eq!(of(2.4, 0.5), (false, true), "it may still be above");
        assert_eq!(of(2.0, 0.5), (false, false));
    }

    #[test]
    fn a_rule_out_of_order_or_range_is_refused() {
        assert_eq!(rule().check(), Ok(()));
        let with = |change: fn(&mut Rule)| {
            let mut changed = rule();
            change(&mut changed);
            changed.check().unwrap_err()
        };
        assert_eq!(with(|rule| rule.thresholds.clear()), RuleFault::NoThreshold);
        assert!(matches!(with(|rule| rule.thresholds[1].figure = 2.0), RuleFault::Order { .. }));
        assert!(matches!(with(|rule| rule.thresholds.swap(0, 1)), RuleFault::Order { .. }));
        assert!(matches!(with(|rule| rule.thresholds[0].figure = f64::NAN), RuleFault::Figure(_)));
        assert!(matches!(with(|rule| rule.probability = 0.5), RuleFault::Probability(_)));
        assert!(matches!(with(|rule| rule.hysteresis = 1.0), RuleFault::Hysteresis(_)));
        assert!(matches!(with(|rule| rule.dwell_up = SignedDuration::from_hours(2)), RuleFault::Dwell(_)));
        let soon = with(|rule| rule.escalate_after = SignedDuration::ZERO);
        assert!(soon.to_string().contains("a second to a day"), "{soon}");
    }

    #[test]
    fn a_zone_has_thresholds_of_its_own_where_they_fit() {
        let orange = |figure| [Threshold { level: Level::Orange, figure }];
        assert_eq!(rule().with(&orange(4.0)).threshold(Level::Orange), Some(4.0));
        assert_eq!(rule().with(&orange(6.0)), rule(), "above red it is not used");
    }
}
