//! Which levels a series of measures has reached: hysteresis and dwell. It is a function of the series.

use matchday_kernel::{Instant, SignedDuration};

use super::{Level, measure::Measure, rule::Rule};

/// Measures that are further apart do not say that a figure was low in between: a level does not end over such a gap.
pub const LONGEST_GAP: SignedDuration = SignedDuration::from_mins(1);

/// Whether a level holds, and since when the figure has spoken against that.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Latch {
    /// It holds.
    pub is_on: bool,
    /// Since when the figure has been above while it does not hold, or below while it does.
    pub since: Option<Instant>,
}

impl Latch {
    /// What a measure at a time makes of it.
    fn observe(self, at: Instant, level: Level, measure: Measure, rule: &Rule, is_gap: bool) -> Self {
        let (is_against, dwell) = if self.is_on {
            (!rule.goes_on(level, measure), rule.dwell_down)
        } else {
            (rule.begins(level, measure), rule.dwell_up)
        };
        if !is_against {
            return Self { since: None, ..self };
        }
        // above before and after a gap is above: what was not seen in between never delays an alert
        let since = self.since.filter(|_| !(is_gap && self.is_on)).unwrap_or(at);
        if at.since(since) >= dwell {
            Self { is_on: !self.is_on, since: None }
        } else {
            Self { since: Some(since), ..self }
        }
    }
}

/// The levels of a cause at a subject.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Track {
    /// One for each level, rising.
    pub latches: [Latch; 3],
    /// Time of the last measure; `None` before the first.
    pub seen: Option<Instant>,
}

impl Track {
    /// The highest level that holds.
    #[must_use]
    pub fn level(&self) -> Option<Level> {
        Level::ALL.into_iter().zip(self.latches).rev().find(|(_, latch)| latch.is_on).map(|(level, _)| level)
    }

    /// What a measure at a time makes of it; one that is not later than the last changes nothing. `None` is that nothing
    /// can be measured: that ends no level, and begins none.
    #[must_use]
    pub fn observe(self, at: Instant, measure: Option<Measure>, rule: &Rule) -> Self {
        if self.seen.is_some_and(|seen| at <= seen) {
            return self;
        }
        let is_gap = self.seen.is_some_and(|seen| at.since(seen) > LONGEST_GAP);
        let mut latches = self.latches;
        for (latch, level) in latches.iter_mut().zip(Level::ALL) {
            *latch = match measure {
                Some(measure) => latch.observe(at, level, measure, rule, is_gap),
                None if latch.is_on => Latch { since: None, ..*latch },
                None => *latch,
            };
        }
        Self { latches, seen: Some(at) }
    }

    /// Whether nothing is to be remembered of it.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.latches == [Latch::default(); 3]
    }

    /// Whether it has to be written when it was like this before: the time of the last measure matters only while a
    /// level may end.
    #[must_use]
    pub fn is_news(&self, before: &Self) -> bool {
        let is_ending = self.latches.iter().any(|latch| latch.is_on && latch.since.is_some());
        self.latches != before.latches || (is_ending && self.seen != before.seen)
    }
}

#[cfg(test)]
mod tests {
    use super::{super::rule::tests::rule, *};
    use proptest::prelude::*;

    fn second(seconds: i64) -> Instant {
        Instant::from_micros(1_700_000_000_000_000)
            .unwrap()
            .saturating_add(SignedDuration::from_secs(seconds))
    }

    fn after(series: &[(i64, f64)]) -> Option<Level> {
        let exact = |track: Track, (at, figure): &(i64, f64)| {
            track.observe(second(*at), Some(Measure::exact(*figure)), &rule())
        };
        series.iter().fold(Track::default(), exact).level()
    }

    #[test]
    fn a_level_begins_after_its_dwell_and_ends_after_the_other() {
        assert_eq!(after(&[(0, 3.5), (59, 3.5)]), None);
        assert_eq!(after(&[(0, 3.5), (60, 3.5)]), Some(Level::Orange));
        assert_eq!(after(&[(0, 3.5), (30, 1.0), (60, 3.5)]), None, "it was below in between");
        let orange = [(0, 3.5), (60, 3.5)];
        let then = |more: &[(i64, f64)]| after(&[orange.as_slice(), more].concat());
        assert_eq!(then(&[(120, 2.8), (180, 2.8), (900, 2.8)]), Some(Level::Orange), "within the hysteresis");
        assert_eq!(then(&[(120, 2.0), (180, 2.0), (240, 2.0), (300, 2.0)]), Some(Level::Yellow));
        assert_eq!(then(&[(120, 0.0), (180, 0.0), (240, 0.0), (300, 0.0)]), None);
        assert_eq!(then(&[(120, 0.0), (180, 0.0), (240, 3.0), (300, 0.0)]), Some(Level::Orange));
    }

    #[test]
    fn the_highest_level_is_told_at_once_and_levels_end_one_by_one() {
        assert_eq!(after(&[(0, 6.0), (60, 6.0)]), Some(Level::Red));
        let down = [(0, 6.0), (60, 6.0), (120, 4.0), (180, 4.0), (240, 4.0), (300, 4.0)];
        assert_eq!(after(&down), Some(Level::Orange));
    }

    #[test]
    fn a_gap_neither_ends_a_level_nor_delays_one() {
        let red = [(0, 6.0), (60, 6.0), (120, 0.0), (7_200, 0.0)];
        assert_eq!(after(&red), Some(Level::Red), "nobody looked for two hours");
        assert_eq!(after(&[(0, 6.0), (7_200, 6.0)]), Some(Level::Red));
        let blind = Track::default().observe(second(0), Some(Measure::exact(6.0)), &rule()).observe(
            second(60),
            Some(Measure::exact(6.0)),
            &rule(),
        );
        let blind = (2..500).fold(blind, |track, minute| track.observe(second(minute * 60), None, &rule()));
        assert_eq!(blind.level(), Some(Level::Red), "that nothing can be measured is not safety");
    }

    proptest! {
        #[test]
        fn nothing_chatters_within_its_dwells(
            figures in prop::collection::vec(0.0f64..8.0, 2..200), step in 1i64..60,
        ) {
            let mut track = Track::default();
            let mut changed = [None; 3];
            for (at, figure) in (0..).step_by(usize::try_from(step).unwrap()).zip(&figures) {
                let before = track;
                track = track.observe(second(at), Some(Measure::exact(*figure)), &rule());
                for (level, changed) in changed.iter_mut().enumerate() {
                    let is_on = track.latches[level].is_on;
                    if is_on != before.latches[level].is_on {
                        // it was against it for the whole dwell, all of that after the last change
                        let dwell = if is_on { 60 } else { 180 };
                        prop_assert!(at - changed.unwrap_or(0) >= dwell, "level {level} at {at} after {changed:?}");
                        *changed = Some(at);
                    }
                }
            }
        }

        #[test]
        fn a_level_once_begun_is_never_lost_to_gaps(
            gaps in prop::collection::vec((61i64..10_000, 0.0f64..8.0), 1..40),
        ) {
            let mut track = Track::default()
                .observe(second(0), Some(Measure::exact(6.0)), &rule())
                .observe(second(60), Some(Measure::exact(6.0)), &rule());
            let mut at = 60;
            for (gap, figure) in gaps {
                at += gap;
                track = track.observe(second(at), Some(Measure::exact(figure)), &rule());
                prop_assert_eq!(track.level(), Some(Level::Red));
            }
        }

        #[test]
        fn measures_that_come_again_or_late_change_nothing(
            figures in prop::collection::vec(0.0f64..8.0, 1..60), late in prop::collection::vec(0usize..60, 0..30),
        ) {
            let series: Vec<(i64, f64)> = (0..).step_by(30).zip(figures).collect();
            let mut disturbed = Vec::new();
            for (index, one) in series.iter().enumerate() {
                disturbed.push(*one);
                let earlier = late.iter().filter(|of| **of <= index);
                disturbed.extend(earlier.map(|of| series[*of]));
            }
            prop_assert_eq!(after(&disturbed), after(&series));
        }

        #[test]
        fn a_surer_estimate_of_a_higher_figure_never_has_a_lower_level(
            figures in prop::collection::vec((0.0f64..8.0, 0.0f64..3.0), 1..80),
        ) {
            let fold = |more: f64| {
                let series = (0..).step_by(30).zip(&figures);
                series.fold(Track::default(), |track, (at, (figure, _))| {
                    track.observe(second(at), Some(Measure::exact(figure + more)), &rule())
                })
            };
            prop_assert!(fold(0.5).level() >= fold(0.0).level());
        }
    }
}
