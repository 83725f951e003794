//! How many of those who said yes come, and when: expected attendance, shifts at risk, the load of the sign-in desk.

use std::collections::BTreeMap;

use matchday_kernel::{Instant, SignedDuration};

/// Shares of people who do not come that a forecast shows beside the learned one: a well-run event, a usual one, a
/// rainy one. From the trade's experience with volunteers; none was measured at this event.
pub const SCENARIOS: [f64; 3] = [0.04, 0.125, 0.30];
/// What the learned share begins with before anybody was seen: 1 in 8. Assumed.
const PRIOR: (f64, f64) = (1.0, 8.0);
/// The part of the people needed below which a shift is short. Assumed.
const ENOUGH: f64 = 0.9;
/// How likely a shift must be short to be at risk. Assumed.
pub const AT_RISK: f64 = 0.1;
/// A quarter of an hour, in microseconds.
const QUARTER: i64 = 15 * 60 * 1_000_000;
/// Shares of people who come in each of the four quarters of the hour before a shift. Assumed, until enough have been
/// seen.
const ARRIVALS: [f64; 4] = [0.10, 0.25, 0.40, 0.25];
/// People who must have been seen for their arrivals to be used.
const SEEN_ENOUGH: usize = 40;

/// The share of people who do not come, learned from `missing` of `all`: the mean of a Beta distribution.
#[must_use]
pub fn learned(missing: u32, all: u32) -> f64 {
    (f64::from(missing) + PRIOR.0) / (f64::from(all) + PRIOR.1)
}

/// People on a shift.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crew {
    /// Needed.
    pub headcount: u32,
    /// There, or there and gone.
    pub present: u32,
    /// Accepted, and still to come.
    pub coming: u32,
}

impl Crew {
    /// People to be expected where this share of those still to come does not.
    #[must_use]
    pub fn expected(self, share: f64) -> f64 {
        f64::from(self.present) + f64::from(self.coming) * (1.0 - share)
    }

    /// How likely it is that fewer than nine in ten of those needed are there: each of those still to come does not by
    /// chance alone, with this share.
    #[must_use]
    pub fn short(self, share: f64) -> f64 {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most the headcount")]
        let enough = (f64::from(self.headcount) * ENOUGH).ceil() as u32;
        let Some(wanted) = enough.checked_sub(self.present) else {
            return 0.0;
        };
        if wanted == 0 {
            return 0.0;
        }
        fewer(self.coming, wanted, 1.0 - share)
    }
}

/// The probability that fewer than `wanted` of `all` come, each with probability `each`: the lower tail of the binomial
/// distribution, summed term by term.
fn fewer(all: u32, wanted: u32, each: f64) -> f64 {
    if wanted > all {
        return 1.0;
    }
    if each >= 1.0 {
        return 0.0;
    }
    // term by term in logarithms: the first ones underflow for large crews
    let (log_each, log_other) = (each.ln(), (1.0 - each).ln());
    let mut log_choose = 0.0;
    let mut sum = 0.0;
    for come in 0..wanted {
        if come > 0 {
            log_choose += f64::from(all - come + 1).ln() - f64::from(come).ln();
        }
        sum += (log_choose + f64::from(come) * log_each + f64::from(all - come) * log_other).exp();
    }
    sum.min(1.0)
}

/// When people come before a shift: shares of the four quarters of the hour before it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Arrivals([f64; 4]);

impl Arrivals {
    /// Learned from how long before the start of their shifts people have signed in; the assumed shares where too few
    /// were seen. Who came late counts to the last quarter.
    #[must_use]
    pub fn learned(ahead: &[SignedDuration]) -> Self {
        if ahead.len() < SEEN_ENOUGH {
            return Self(ARRIVALS);
        }
        let mut counts = [0u32; 4];
        for one in ahead {
            let quarters = usize::try_from(one.as_mins() / 15).unwrap_or(0).min(3);
            counts[3 - quarters] += 1;
        }
        let all = f64::from(u32::try_from(ahead.len()).unwrap_or(u32::MAX));
        Self(counts.map(|count| f64::from(count) / all))
    }
}

/// People expected to sign in, by the beginning of the quarter of an hour, for shifts with their start and the number of
/// people expected. A shift that begins within a quarter shares it.
#[must_use]
pub fn desk(shifts: impl IntoIterator<Item = (Instant, f64)>, arrivals: Arrivals) -> BTreeMap<Instant, f64> {
    let mut load = BTreeMap::new();
    for (start, people) in shifts {
        for (index, share) in (0i64..).zip(arrivals.0) {
            let begins = start.as_micros() - (4 - index) * QUARTER;
            let quarter = begins - begins.rem_euclid(QUARTER);
            if let Ok(quarter) = Instant::from_micros(quarter)
                && share > 0.0
            {
                *load.entry(quarter).or_insert(0.0) += people * share;
            }
        }
    }
    load
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::shift::tests::at;

    #[test]
    fn the_learned_share_begins_at_one_in_eight_and_follows_what_is_seen() {
        assert!((learned(0, 0) - 0.125).abs() < 1e-9);
        assert!((learned(30, 100) - 31.0 / 108.0).abs() < 1e-9);
    }

    #[test]
    fn scenarios_tell_what_is_expected() {
        let crew = Crew { headcount: 24, present: 4, coming: 20 };
        let expected = SCENARIOS.map(|share| crew.expected(share));
        for (people, wanted) in expected.into_iter().zip([23.2, 21.5, 18.0]) {
            assert!((people - wanted).abs() < 1e-9, "{people}, not {wanted}");
        }
    }

    #[test]
    fn a_shift_is_short_as_the_binomial_distribution_says() {
        // 10 of 10 needed, enough are 9: P(fewer than 9 of 10 come at 7/8) = 1 - (7/8)^10 - 10 (7/8)^9 / 8
        let crew = Crew { headcount: 10, present: 0, coming: 10 };
        let each: f64 = 0.875;
        let by_hand = 1.0 - each.powi(10) - 10.0 * each.powi(9) * 0.125;
        assert!((crew.short(0.125) - by_hand).abs() < 1e-9);
        let certain = |present, coming, share| Crew { headcount: 10, present, coming }.short(share);
        assert!(certain(9, 0, 0.9) < 1e-9 && certain(0, 9, 0.0) < 1e-9);
        assert!(certain(0, 8, 0.0) > 1.0 - 1e-9);
        assert!(Crew { headcount: 4000, present: 0, coming: 4000 }.short(0.125) > 0.999);
    }

    #[test]
    fn the_desk_is_busiest_before_the_start_and_follows_what_is_seen() {
        let assumed = desk([(at(600), 20.0)], Arrivals::learned(&[]));
        let told: Vec<_> = assumed.into_iter().collect();
        assert_eq!(told, [(at(540), 2.0), (at(555), 5.0), (at(570), 8.0), (at(585), 5.0)]);
        // everybody came twenty minutes ahead, two late
        let mut seen = vec![SignedDuration::from_mins(20); 38];
        seen.extend([SignedDuration::from_mins(-5); 2]);
        let learned = desk([(at(600), 20.0)], Arrivals::learned(&seen));
        assert_eq!(learned.into_iter().collect::<Vec<_>>(), [(at(570), 19.0), (at(585), 1.0)]);
        let odd = desk([(at(607), 10.0)], Arrivals::learned(&[]));
        assert_eq!(odd.first_key_value().map(|(quarter, _)| *quarter), Some(at(540)));
    }

    proptest! {
        /// More people never make a shift shorter, a higher share never less short, and nobody is lost at the desk.
        #[test]
        fn more_people_help_and_the_desk_sees_all(
            headcount in 1u32..60, present in 0u32..30, coming in 0u32..80, share in 0.0f64..0.9, minute in 0i64..5000,
        ) {
            let crew = Crew { headcount, present, coming };
            let short = crew.short(share);
            prop_assert!((0.0..=1.0).contains(&short));
            let with_another = Crew { coming: coming + 1, ..crew };
            prop_assert!(with_another.short(share) <= short + 1e-9);
            prop_assert!(crew.short((share + 0.05).min(1.0)) >= short - 1e-9);
            let people = crew.expected(share);
            let seen: f64 = desk([(at(minute), people)], Arrivals::learned(&[])).values().sum();
            prop_assert!((seen - people).abs() < 1e-6);
        }
    }
}
