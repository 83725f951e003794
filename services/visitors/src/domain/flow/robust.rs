//! Middles that a few wild values do not move.

/// Where the weight of a value begins to fall, in spreads from the middle (Huber's usual 1.345: 95 % as efficient as
/// the mean where nothing is wild).
const BEND: f64 = 1.345;
/// The median of distances from the middle, times this, is the standard deviation of a normal distribution.
const OF_MEDIAN_DISTANCE: f64 = 1.4826;
/// Steps to the robust mean: more change nothing that matters.
const STEPS: usize = 30;

/// The middle value; `None` of none.
#[must_use]
pub fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let half = sorted.len() / 2;
    let upper = *sorted.get(half)?;
    if sorted.len() % 2 == 1 { Some(upper) } else { Some(f64::midpoint(sorted[half - 1], upper)) }
}

/// How far values lie from their middle: a standard deviation that wild values do not move. `None` of none.
#[must_use]
pub fn spread(values: &[f64]) -> Option<f64> {
    let middle = median(values)?;
    let distances: Vec<f64> = values.iter().map(|value| (value - middle).abs()).collect();
    Some(OF_MEDIAN_DISTANCE * median(&distances)?)
}

/// A mean in which a value far from the middle weighs less, and one of `half_life` places before the last weighs half.
/// `least_spread` is what the values spread by chance alone. `None` of none.
#[must_use]
pub fn fading_mean(values: &[f64], half_life: f64, least_spread: f64) -> Option<f64> {
    let bend = BEND * spread(values)?.max(least_spread);
    let mut mean = median(values)?;
    for _ in 0..STEPS {
        let (mut sum, mut weights, mut weight_of_age) = (0.0, 0.0, 1.0);
        for value in values.iter().rev() {
            let weight = weight_of_age * (bend / (value - mean).abs().max(bend));
            sum += weight * value;
            weights += weight;
            weight_of_age *= 0.5_f64.powf(1.0 / half_life);
        }
        mean = sum / weights;
    }
    Some(mean)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_wild_value_moves_neither_the_median_nor_the_spread_nor_much_of_the_mean() {
        let tame = [1.0, 1.1, 0.9, 1.05, 0.95, 1.0, 1.0];
        let wild = [1.0, 1.1, 0.9, 1.05, 0.95, 1.0, 90.0];
        assert_eq!(median(&tame), median(&wild));
        assert!(spread(&wild).unwrap() < 0.16);
        assert!((fading_mean(&wild, 20.0, 0.02).unwrap() - 1.0).abs() < 0.05);
    }

    #[test]
    fn what_is_recent_weighs_more() {
        let values = [1.0, 1.0, 1.0, 1.1, 1.1, 1.1];
        assert!(fading_mean(&values, 2.0, 0.2).unwrap() > 1.06);
        assert!((fading_mean(&values, 1e9, 0.2).unwrap() - 1.05).abs() < 1e-6);
    }

    #[test]
    fn of_nothing_there_is_no_middle() {
        assert_eq!((median(&[]), spread(&[]), fading_mean(&[], 1.0, 1.0)), (None, None, None));
    }
}
