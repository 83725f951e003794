//! A figure that is known within limits, and how probably it is above a threshold.

/// A figure as it was estimated, in the unit of its cause.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measure {
    /// The most likely value.
    pub middle: f64,
    /// Its standard deviation; 0 when it is known exactly.
    pub deviation: f64,
}

impl Measure {
    /// A figure that was counted.
    #[must_use]
    pub const fn exact(figure: f64) -> Self {
        Self { middle: figure, deviation: 0.0 }
    }

    /// Probability that the true figure is at least a threshold, 0 to 1: `Φ((middle − threshold) / deviation)`, with
    /// `Φ` the distribution function of the normal distribution. Of an exact figure it is 0 or 1; of one that is no
    /// number 0.
    #[must_use]
    pub fn probability_above(self, threshold: f64) -> f64 {
        if self.deviation > 0.0 {
            normal((self.middle - threshold) / self.deviation)
        } else if self.middle >= threshold {
            1.0
        } else {
            0.0
        }
    }
}

/// Distribution function of the standard normal distribution, off by at most 0.0000002: Abramowitz and Stegun,
/// Handbook of Mathematical Functions, 26.2.17.
fn normal(deviations: f64) -> f64 {
    const FACTORS: [f64; 5] = [0.319_381_530, -0.356_563_782, 1.781_477_937, -1.821_255_978, 1.330_274_429];
    const SLOPE: f64 = 0.231_641_9;
    if deviations.is_nan() {
        return 0.0;
    }
    let size = deviations.abs();
    let step = 1.0 / (1.0 + SLOPE * size);
    let sum = FACTORS.iter().rev().fold(0.0, |sum, factor| (sum + factor) * step);
    let density = (-0.5 * size * size).exp() / (2.0 * std::f64::consts::PI).sqrt();
    let tail = (density * sum).clamp(0.0, 1.0);
    if deviations < 0.0 { tail } else { 1.0 - tail }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_normal_distribution_is_that_of_the_tables() {
        for (deviations, wanted) in [(0.0, 0.5), (1.0, 0.841_345), (1.281_552, 0.9), (-1.645, 0.049_985)] {
            let found = normal(deviations);
            assert!((found - wanted).abs() < 1e-5, "{deviations}: {found}");
        }
        assert_eq!((normal(f64::INFINITY), normal(f64::NEG_INFINITY), normal(f64::NAN)), (1.0, 0.0, 0.0));
    }

    #[test]
    fn what_is_counted_is_above_or_it_is_not() {
        let of = |figure| Measure::exact(figure).probability_above(1.0);
        assert_eq!((of(0.99), of(1.0), of(f64::NAN)), (0.0, 1.0, 0.0));
    }

    #[test]
    fn a_wide_estimate_is_less_sure() {
        let sure = Measure { middle: 5.0, deviation: 0.5 }.probability_above(4.0);
        let unsure = Measure { middle: 5.0, deviation: 2.0 }.probability_above(4.0);
        assert!(sure > 0.97 && unsure < 0.7, "{sure} {unsure}");
    }
}
