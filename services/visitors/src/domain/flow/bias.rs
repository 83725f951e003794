//! How far a counter counts more people in than out, learned from days on which everybody went home.
//!
//! A counter misses people, and not as many in both directions: unless corrected, the difference grows all day. Of each
//! day that has ended, what came in went out, so that `entries / exits` is the counter's ratio of that day. The
//! ratio of a new day is predicted from those before, exits are multiplied by it, and what is then left at the end of
//! the day is the residual. What a day says is used on later days only.
//!
//! - The prediction is halfway between the median of the ratios and their robust mean, in which older days fade:
//!   the one is not moved by a wild day, the other follows a counter that drifts.
//! - A day on which the counter fell silent says nothing about its ratio, and what it missed is filled in
//!   ([`super::silence`]).
//! - The interval is as wide as the ratios of past days were off: the share of them that it promises to cover lay within
//!   it. No distribution is assumed.

use super::{
    reading::Day,
    robust::{fading_mean, median, spread},
    silence::{Hours, Missed},
};

/// People who came in on a day that says something about a ratio.
pub const ENTRIES_AT_LEAST: u64 = 100;
/// Days that are remembered: a year and more.
const DAYS_AT_MOST: usize = 400;
/// Busy days after which a day weighs half.
const HALF_LIFE: f64 = 20.0;
/// What log ratios of days spread by chance alone.
const LEAST_SPREAD: f64 = 0.02;
/// Ratios beyond this, or below its inverse, are a defect of the counter and teach nothing.
const MOST_RATIO: f64 = 3.0;

/// What is known of a counter.
#[derive(Clone, Debug, Default)]
pub struct Bias {
    hours: Hours,
    log_ratios: Vec<f64>,
}

/// A counter's ratio of entries to exits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ratio {
    /// Entries counted for each exit counted, of the same people.
    pub entries_per_exit: f64,
    /// Its standard deviation from day to day, relative.
    pub spread: f64,
}

/// What is left of a day after the correction, in people.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Residual {
    /// Entries, filled in where the counter was silent.
    pub entries: f64,
    /// Exits, filled in and corrected.
    pub exits: f64,
    /// What was filled in.
    pub missed: Missed,
}

impl Residual {
    /// People inside by the count: none, at the end of a day on which all went home.
    #[must_use]
    pub fn people(&self) -> f64 {
        self.entries - self.exits
    }
}

impl Bias {
    /// Days from which the ratio was learned.
    #[must_use]
    pub fn days(&self) -> usize {
        self.log_ratios.len()
    }

    /// Learns from a day that has ended and on which everybody went home.
    pub fn learn(&mut self, day: Day) {
        if day.entries() < ENTRIES_AT_LEAST {
            return;
        }
        if self.hours.missed(&day).slots == 0 {
            #[expect(clippy::cast_precision_loss, reason = "people of one day")]
            let log_ratio = (day.entries() as f64 / day.exits().max(1) as f64).ln();
            if log_ratio.abs() <= MOST_RATIO.ln() {
                if self.log_ratios.len() == DAYS_AT_MOST {
                    self.log_ratios.remove(0);
                }
                self.log_ratios.push(log_ratio);
            }
        }
        self.hours.learn(day);
    }

    /// The ratio to be expected of the next day; `None` before the first one was learned.
    #[must_use]
    pub fn ratio(&self) -> Option<Ratio> {
        let middle = median(&self.log_ratios)?;
        let recent = fading_mean(&self.log_ratios, HALF_LIFE, LEAST_SPREAD)?;
        let entries_per_exit = f64::midpoint(middle.exp(), recent.exp());
        Some(Ratio { entries_per_exit, spread: spread(&self.log_ratios)?.max(LEAST_SPREAD) })
    }

    /// What is left of a day, corrected by what was learned of others; `None` before the first one was learned.
    #[must_use]
    pub fn residual(&self, day: &Day) -> Option<Residual> {
        let ratio = self.ratio()?;
        let missed = self.hours.missed(day);
        #[expect(clippy::cast_precision_loss, reason = "people of one day")]
        let (entries, exits) = (day.entries() as f64 + missed.entries, day.exits() as f64 + missed.exits);
        Some(Residual { entries, exits: exits * ratio.entries_per_exit, missed })
    }

    /// Half the width of the interval that covers the true number with this `share` (such as 0.9), in people. With too
    /// few days to promise that, it is wider than any of them needed. `None` before the first day was learned.
    #[must_use]
    pub fn half_width(&self, residual: &Residual, share: f64) -> Option<f64> {
        let expected = self.ratio()?.entries_per_exit;
        let mut off: Vec<f64> =
            self.log_ratios.iter().map(|log_ratio| (log_ratio.exp() / expected - 1.0).abs()).collect();
        off.sort_by(f64::total_cmp);
        #[expect(clippy::cast_precision_loss, reason = "at most 400 days")]
        let days = off.len() as f64;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and the number of days and one more"
        )]
        let place = ((days + 1.0) * share.clamp(0.0, 1.0)).ceil() as usize;
        // the days were part of what they are compared with: a new one is off by a little more
        let of_new_day = 1.0 + 1.0 / days;
        let promised = place <= off.len();
        let relative = *off.get(place.saturating_sub(1)).or(off.last())?;
        let margin = if promised { of_new_day } else { 1.5 * of_new_day };
        // what was filled in is known no better than people pass by chance
        let filled = 2.0 * (residual.missed.entries + residual.missed.exits).sqrt();
        Some(relative * margin * residual.exits + filled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::flow::reading::Slot;
    use proptest::prelude::*;

    fn day(entries: u32, exits: u32) -> Day {
        let of = |people: u32, slot: u32| people / 10 + u32::from(slot < people % 10);
        Day {
            slots: (0..10).map(|slot| Slot { entries: of(entries, slot), exits: of(exits, slot) }).collect(),
        }
    }

    fn learned(days: impl IntoIterator<Item = (u32, u32)>) -> Bias {
        let mut bias = Bias::default();
        days.into_iter().for_each(|(entries, exits)| bias.learn(day(entries, exits)));
        bias
    }

    #[test]
    fn a_counter_that_misses_a_tenth_of_the_exits_is_corrected() {
        let bias = learned((0..20).map(|one| (200 + one, 180 + one)));
        let residual = bias.residual(&day(400, 360)).unwrap();
        assert!(residual.people().abs() < 10.0, "{residual:?}");
    }

    #[test]
    fn a_wild_day_a_quiet_one_and_one_without_exits_teach_next_to_nothing() {
        let tame = learned((0..20).map(|one| (200 + one, 190 + one)));
        let mut wild = tame.clone();
        for (entries, exits) in [(300, 150), (40, 90), (200, 0)] {
            wild.learn(day(entries, exits));
        }
        let of = |bias: &Bias| bias.ratio().unwrap().entries_per_exit;
        assert!((of(&tame) - of(&wild)).abs() < 0.01);
        assert_eq!(wild.days(), 21);
    }

    #[test]
    fn before_the_first_day_nothing_is_claimed() {
        assert_eq!(Bias::default().residual(&day(200, 190)), None);
        assert_eq!(learned([(40, 30)]).ratio(), None);
    }

    #[test]
    fn with_few_days_the_interval_is_wider_than_any_of_them_needed() {
        let bias = learned([(200, 190), (220, 200), (210, 205)]);
        let residual = bias.residual(&day(200, 200)).unwrap();
        assert!(bias.half_width(&residual, 0.9).unwrap() > 10.0);
    }

    proptest! {
        #[test]
        fn any_days_leave_finite_numbers(days in prop::collection::vec((0u32..5_000, 0u32..5_000), 0..60)) {
            let bias = learned(days);
            if let Some(residual) = bias.residual(&day(300, 280)) {
                prop_assert!(residual.people().is_finite());
                prop_assert!(bias.half_width(&residual, 0.9).unwrap() >= 0.0);
                let ratio = bias.ratio().unwrap().entries_per_exit;
                prop_assert!((1.0 / MOST_RATIO..=MOST_RATIO).contains(&ratio));
            }
        }
    }
}
