//! What the rates of the last minutes lead to. It is a projection: the rates are held to stay as they are.

use super::measure::Measure;

/// No time beyond so many minutes is told: rates of ten minutes say nothing about more than an hour.
pub const HORIZON: f64 = 60.0;
/// Standard deviations to either side of the middle that cover 90 of 100 cases of a normal distribution.
const OF_NINETY: f64 = 1.645;

/// People who came and went over some minutes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rates {
    /// People who came.
    pub came: f64,
    /// People who went.
    pub went: f64,
    /// Minutes; more than 0.
    pub minutes: f64,
}

/// What is projected; minutes from now, `None` beyond [`HORIZON`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Forecast {
    /// People who come, a minute.
    pub inflow: f64,
    /// People who go, a minute.
    pub outflow: f64,
    /// Minutes over which that was measured.
    pub window: f64,
    /// Until the limit; 0 when it is reached.
    pub to_limit: Option<f64>,
    /// The same should more be there and come than was estimated.
    pub earliest: Option<f64>,
    /// The same should fewer be there and come.
    pub latest: Option<f64>,
    /// Until there are few enough that the alert ends, when nobody comes any more and people go as now.
    pub to_end_when_paused: Option<f64>,
}

/// Projects `people` at these rates to a `limit`, and, with entry paused, down to `end`; all in people.
///
/// Net rate `r = (came − went) / t`. Who came and went are counts, so its standard deviation is `√(came + went) / t`
/// (Poisson). Time to the limit is `(limit − people) / r`; its ends take people and rate 1.645 standard deviations to either
/// side, together. Paused it is `(people − end) / (went / t)`.
#[must_use]
pub fn forecast(people: Measure, limit: f64, end: f64, rates: Rates) -> Forecast {
    let Rates { came, went, minutes } = rates;
    if minutes <= 0.0 {
        return Forecast::default();
    }
    let net = (came - went) / minutes;
    let (spread, net_spread) = (OF_NINETY * people.deviation, OF_NINETY * (came + went).sqrt() / minutes);
    Forecast {
        inflow: came / minutes,
        outflow: went / minutes,
        window: minutes,
        to_limit: until(limit - people.middle, net),
        earliest: until(limit - people.middle - spread, net + net_spread),
        latest: until(limit - people.middle + spread, net - net_spread),
        to_end_when_paused: until(people.middle - end, went / minutes),
    }
}

/// Minutes until so many people more are there at a rate; `None` when that never is, or beyond the horizon.
fn until(people: f64, rate: f64) -> Option<f64> {
    if people <= 0.0 {
        return Some(0.0);
    }
    let minutes = people / rate;
    (rate > 0.0 && minutes <= HORIZON).then_some(minutes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn people(middle: f64) -> Measure {
        Measure { middle, deviation: 20.0 }
    }

    fn rates(came: f64, went: f64) -> Rates {
        Rates { came, went, minutes: 10.0 }
    }

    #[test]
    fn a_limit_is_reached_when_more_come_than_go() {
        let told = forecast(people(3_000.0), 3_200.0, 2_700.0, rates(410.0, 350.0));
        assert_eq!((told.inflow, told.outflow), (41.0, 35.0));
        let minutes = told.to_limit.unwrap();
        assert!((minutes - 200.0 / 6.0).abs() < 1e-9);
        assert!(told.earliest.unwrap() < minutes);
        assert_eq!(told.latest, None, "the rates may as well be even");
        assert!((told.to_end_when_paused.unwrap() - 300.0 / 35.0).abs() < 1e-9);
    }

    #[test]
    fn what_is_not_reached_is_no_number() {
        let told = forecast(people(3_000.0), 3_200.0, 2_700.0, rates(100.0, 300.0));
        assert_eq!((told.to_limit, told.earliest), (None, None));
        let full = forecast(people(3_300.0), 3_200.0, 2_700.0, rates(100.0, 0.0));
        assert_eq!((full.to_limit, full.to_end_when_paused), (Some(0.0), None), "nobody leaves");
        assert_eq!(forecast(people(1.0), 2.0, 0.0, Rates::default()), Forecast::default());
    }

    proptest! {
        #[test]
        fn the_range_holds_the_middle(
            middle in 0.0f64..10_000.0, deviation in 0.0f64..500.0, limit in 1.0f64..12_000.0,
            came in 0.0f64..2_000.0, went in 0.0f64..2_000.0,
        ) {
            let told = forecast(Measure { middle, deviation }, limit, limit * 0.9, rates(came, went));
            let never = f64::INFINITY;
            let (earliest, latest) = (told.earliest.unwrap_or(never), told.latest.unwrap_or(never));
            prop_assert!(earliest <= told.to_limit.unwrap_or(never) && told.to_limit.unwrap_or(never) <= latest);
            prop_assert!([told.to_limit, told.earliest, told.to_end_when_paused].into_iter().flatten()
                .all(|minutes| (0.0..=HORIZON).contains(&minutes)));
        }
    }
}
