//! What counters and reference counts say together, and which counter does not fit.
//!
//! Between two counts of a zone, what passed its links must be the difference of the counts. Weighted least squares
//! change what the counters said by as little as makes that true, each as far as it may be off. The counter whose being
//! wrong alone explains the misfit best is the suspect; counters that the counts cannot tell apart are named together.

/// A net flow as a counter says it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flow {
    /// People who came less those who went.
    pub people: f64,
    /// Its variance.
    pub variance: f64,
}

/// What must hold of the flows of some counters.
#[derive(Clone, Debug, PartialEq)]
pub struct Balance {
    /// Places of the flows, each with 1 where it adds people and -1 where it takes them.
    pub terms: Vec<(usize, f64)>,
    /// By how many people the zone changed, as it was counted.
    pub change: f64,
    /// Variance of the change.
    pub variance: f64,
}

/// Flows that agree.
#[derive(Clone, Debug, PartialEq)]
pub struct Reconciled {
    /// The flows, changed by as little as possible.
    pub flows: Vec<f64>,
    /// Places of the flows one of which is probably wrong; empty when nothing is more off than it may be.
    pub suspects: Vec<usize>,
    /// How far the best suspect is off, in standard deviations.
    pub misfit: f64,
}

/// Standard deviations beyond which a counter is suspect: chance alone goes there once in 370 times.
const SUSPECT: f64 = 3.0;
/// Suspects whose misfits differ by less cannot be told apart.
const ALIKE: f64 = 0.01;
/// Least variance of a balance, in people squared: counts are whole people, and balances may repeat each other.
const LEAST_VARIANCE: f64 = 0.25;

/// Reconciles flows with balances. `None` when a number is not finite or a balance names a flow there is not.
#[must_use]
pub fn reconcile(flows: &[Flow], balances: &[Balance]) -> Option<Reconciled> {
    let terms_exist = balances.iter().flat_map(|balance| &balance.terms).all(|(flow, _)| *flow < flows.len());
    let sign = |balance: &Balance, flow: usize| -> f64 {
        balance.terms.iter().filter(|(of, _)| *of == flow).map(|(_, sign)| sign).sum()
    };
    if !terms_exist {
        return None;
    }
    let size = balances.len();
    let signs: Vec<Vec<f64>> =
        balances.iter().map(|balance| (0..flows.len()).map(|flow| sign(balance, flow)).collect()).collect();
    let mut covariance = vec![vec![0.0; size]; size];
    for (row, of) in covariance.iter_mut().enumerate() {
        for (column, value) in of.iter_mut().enumerate() {
            let shared = flows.iter().enumerate();
            *value = shared.map(|(flow, one)| signs[row][flow] * one.variance * signs[column][flow]).sum();
        }
        of[row] += balances[row].variance.max(LEAST_VARIANCE);
    }
    let gap = |(balance, signs): (&Balance, &Vec<f64>)| {
        signs.iter().zip(flows).map(|(sign, flow)| sign * flow.people).sum::<f64>() - balance.change
    };
    let gaps: Vec<f64> = balances.iter().zip(&signs).map(gap).collect();
    let pulls = solve(covariance.clone(), gaps)?;
    let column = |flow: usize| -> Vec<f64> { signs.iter().map(|signs| signs[flow]).collect() };
    let mut misfits = Vec::with_capacity(flows.len());
    let mut agreed = Vec::with_capacity(flows.len());
    for (place, flow) in flows.iter().enumerate() {
        let column = column(place);
        let pull = dot(&column, &pulls);
        let strength = dot(&column, &solve(covariance.clone(), column.clone())?);
        misfits.push(if strength > 0.0 { pull.abs() / strength.sqrt() } else { 0.0 });
        agreed.push(flow.people - flow.variance * pull);
    }
    let misfit = misfits.iter().copied().fold(0.0, f64::max);
    let is_suspect = |one: f64| misfit > SUSPECT && one >= misfit * (1.0 - ALIKE);
    let suspects = (0..flows.len()).filter(|flow| is_suspect(misfits[*flow])).collect();
    agreed.iter().all(|flow| flow.is_finite()).then_some(Reconciled { flows: agreed, suspects, misfit })
}

fn dot(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

/// Solves a symmetric positive definite system by Gauss's elimination; `None` when it is not one.
fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Option<Vec<f64>> {
    let size = right.len();
    for pivot in 0..size {
        let at = matrix[pivot][pivot];
        if !(at.is_finite() && at > 0.0) {
            return None;
        }
        let (above, below) = matrix.split_at_mut(pivot + 1);
        for (offset, row) in below.iter_mut().enumerate() {
            let factor = row[pivot] / at;
            for (value, of_pivot) in row.iter_mut().zip(&above[pivot]).skip(pivot) {
                *value -= factor * of_pivot;
            }
            right[pivot + 1 + offset] -= factor * right[pivot];
        }
    }
    for pivot in (0..size).rev() {
        let known: f64 = (pivot + 1..size).map(|later| matrix[pivot][later] * right[later]).sum();
        right[pivot] = (right[pivot] - known) / matrix[pivot][pivot];
    }
    Some(right)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn flow(people: f64) -> Flow {
        Flow { people, variance: 25.0 }
    }

    fn balance(terms: &[(usize, f64)], change: f64) -> Balance {
        Balance { terms: terms.to_vec(), change, variance: 1.0 }
    }

    /// Plaza: counters 0 and 1 bring people, 2 takes them on to the stand, from where 3 takes them out.
    fn balances(plaza: f64, stand: f64) -> Vec<Balance> {
        vec![balance(&[(0, 1.0), (1, 1.0), (2, -1.0)], plaza), balance(&[(2, 1.0), (3, -1.0)], stand)]
    }

    #[test]
    fn a_counter_between_two_zones_that_lies_is_found() {
        let flows = [flow(300.0), flow(200.0), flow(250.0), flow(10.0)];
        let found = reconcile(&flows, &balances(100.0, 390.0)).unwrap();
        assert_eq!(found.suspects, [2], "{found:?}");
        // least squares share the error: the liar moves furthest, towards the 400 it should have said
        let moved: Vec<f64> = found.flows.iter().zip(&flows).map(|(now, flow)| now - flow.people).collect();
        assert!((80.0..150.0).contains(&moved[2]), "{moved:?}");
        assert!([0, 1, 3].iter().all(|other: &usize| moved[*other].abs() < moved[2]), "{moved:?}");
    }

    #[test]
    fn counters_that_cannot_be_told_apart_are_named_together() {
        let flows = [flow(300.0), flow(50.0), flow(400.0), flow(10.0)];
        let found = reconcile(&flows, &balances(100.0, 390.0)).unwrap();
        assert_eq!(found.suspects, [0, 1], "{found:?}");
    }

    #[test]
    fn what_fits_has_no_suspect_and_stays() {
        let flows = [flow(300.0), flow(200.0), flow(400.0), flow(10.0)];
        let found = reconcile(&flows, &balances(100.0, 390.0)).unwrap();
        assert!(found.suspects.is_empty() && found.misfit < 1e-9);
        assert!((found.flows[0] - 300.0).abs() < 1e-9);
        assert_eq!(reconcile(&flows, &[]).unwrap().suspects, [0; 0]);
    }

    #[test]
    fn what_cannot_be_reckoned_is_nothing() {
        assert_eq!(reconcile(&[flow(1.0)], &[balance(&[(3, 1.0)], 0.0)]), None);
        assert_eq!(reconcile(&[flow(f64::NAN)], &[balance(&[(0, 1.0)], 0.0)]), None);
    }

    proptest! {
        #[test]
        fn reconciled_flows_come_closer_to_every_count(
            people in prop::collection::vec(-2_000.0f64..2_000.0, 4),
            plaza in -500.0f64..500.0, stand in -500.0f64..500.0,
        ) {
            let flows: Vec<Flow> = people.iter().map(|people| flow(*people)).collect();
            let balances = balances(plaza, stand);
            let found = reconcile(&flows, &balances).unwrap();
            let gap = |flows: &[f64]| -> f64 {
                let of = |one: &Balance| {
                    let sum: f64 = one.terms.iter().map(|(flow, sign)| sign * flows[*flow]).sum();
                    (sum - one.change).powi(2)
                };
                balances.iter().map(of).sum()
            };
            prop_assert!(gap(&found.flows) <= gap(&people) + 1e-6);
        }
    }
}
