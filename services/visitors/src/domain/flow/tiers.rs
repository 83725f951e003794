//! How dense a crowd may become before somebody has to know: tiers of density, as a venue configures them.

/// Where a tier begins.
#[derive(Clone, Debug, PartialEq)]
pub struct Tier {
    /// What it is called, such as `orange`.
    pub label: String,
    /// Density from which on it holds, in people per square metre.
    pub from_density: f64,
}

/// Why tiers cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum TierFault {
    /// A density is none.
    #[error("the tier {0} begins at {1} people per m², which is no density between 0 and 20")]
    Density(String, f64),
    /// They are not in rising order.
    #[error("the tier {0} begins at {1} people per m², which is not above the {2} of the tier before it")]
    Order(String, f64, f64),
}

/// Densest crowd that a tier may name, in people per square metre: people die from about 7 on.
const DENSEST: f64 = 20.0;

/// Checks that tiers rise.
///
/// # Errors
/// [`TierFault`] of the first tier that is wrong.
pub fn check(tiers: &[Tier]) -> Result<(), TierFault> {
    let mut before: Option<f64> = None;
    for tier in tiers {
        let from = tier.from_density;
        if !(from > 0.0 && from <= DENSEST) {
            return Err(TierFault::Density(tier.label.clone(), from));
        }
        if let Some(before) = before.filter(|before| from <= *before) {
            return Err(TierFault::Order(tier.label.clone(), from, before));
        }
        before = Some(from);
    }
    Ok(())
}

/// The tier of a density: the last one that has begun; `None` below the first.
#[must_use]
pub fn tier_of(tiers: &[Tier], density: f64) -> Option<usize> {
    tiers.iter().rposition(|tier| density >= tier.from_density)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tiers(densities: &[f64]) -> Vec<Tier> {
        let tier = |(index, from): (usize, &f64)| Tier { label: format!("t{index}"), from_density: *from };
        densities.iter().enumerate().map(tier).collect()
    }

    #[test]
    fn a_density_is_in_the_last_tier_that_has_begun() {
        let tiers = tiers(&[2.0, 3.0, 5.0]);
        assert_eq!(check(&tiers), Ok(()));
        let of = |density| tier_of(&tiers, density);
        assert_eq!((of(1.9), of(2.0), of(4.9), of(9.0)), (None, Some(0), Some(1), Some(2)));
    }

    #[test]
    fn tiers_out_of_order_and_impossible_ones_are_refused() {
        assert!(matches!(check(&tiers(&[2.0, 2.0])), Err(TierFault::Order(..))));
        for wrong in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(matches!(check(&tiers(&[wrong])), Err(TierFault::Density(..))));
        }
    }
}
