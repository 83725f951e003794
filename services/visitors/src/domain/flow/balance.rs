//! How many people are in a zone: what a reference count said, and what passed its links since then.
//!
//! The estimate is a function of sums over the log: in which order readings came changes nothing. What leaves a zone
//! through a counter arrives, to the person, in the zone behind it.

use super::graph::Graph;

/// Entries and exits of a counter over a stretch of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Passed {
    /// People counted in.
    pub entries: u64,
    /// People counted out.
    pub exits: u64,
}

/// A count of the people in a zone that does not come from counters (人工清点).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reference {
    /// People in the zone: 0 when it was seen empty.
    pub people: u32,
    /// By how much the count may be off, one standard deviation in people.
    pub deviation: f64,
}

/// What an estimate may be trusted with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It rests on a reference count and on counters that all spoke.
    Sound,
    /// A counter at the zone has not spoken lately, or told too late what it saw: people may have passed it unseen.
    CounterSilent,
    /// More people left than there were: a counter is wrong. The upper end is everybody who came.
    CounterFault,
    /// Nobody ever counted the zone: it is held to have been empty before the first reading.
    NoReference,
}

/// How many people are in a zone.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    /// Most likely number; never negative.
    pub people: f64,
    /// Lower end of the interval that covers the true number in 90 of 100 cases.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
    /// Standard deviation, in people.
    pub deviation: f64,
    /// What it may be trusted with.
    pub standing: Standing,
    /// People per square metre; `None` without an area.
    pub density: Option<f64>,
    /// The tier of the density at the upper end of the interval: nobody is safe because it is not known how many there
    /// are. `None` below the first one, and without an area.
    pub tier: Option<usize>,
}

/// Standard deviations to either side of the middle that cover 90 of 100 cases of a normal distribution.
const OF_NINETY: f64 = 1.645;
/// Share of the people a counter counts who are counted wrongly one by one, by chance.
const MISCOUNTED: f64 = 0.05;

/// Estimates the people in a zone of `graph` from what passed each of its counters since the reference; `passed` and
/// `unseen` are by counter. `unseen` is how many people may have passed a counter since it last spoke: 0 when it speaks.
/// `None` for a zone that is not in the graph.
#[must_use]
pub fn estimate(
    graph: &Graph,
    zone: &str,
    reference: Option<Reference>,
    passed: &[Passed],
    unseen: &[f64],
) -> Option<Estimate> {
    let of = graph.zones.iter().find(|one| one.name == zone)?;
    let base = reference.unwrap_or(Reference { people: 0, deviation: 0.0 });
    let mut people = f64::from(base.people);
    let mut came = people;
    let mut variance = base.deviation * base.deviation;
    let mut is_silent = false;
    for (counter, sign) in graph.counters_at(zone) {
        let (flow, counter_unseen) = (
            passed.get(counter).copied().unwrap_or_default(),
            unseen.get(counter).copied().unwrap_or_default().max(0.0),
        );
        let (entries, exits) = corrected(graph, counter, flow);
        people += sign * (entries - exits);
        came += counter_unseen + if sign > 0.0 { entries } else { exits };
        variance += variance_of(graph, counter, flow) + counter_unseen * counter_unseen;
        is_silent |= counter_unseen > 0.0;
    }
    let deviation = variance.sqrt();
    let (mut low, mut high) = (people - OF_NINETY * deviation, people + OF_NINETY * deviation);
    let is_impossible = high < 0.0;
    if is_impossible {
        (low, high) = (0.0, came.max(0.0));
    }
    let standing = match (is_impossible, is_silent, reference) {
        (true, ..) => Standing::CounterFault,
        (_, true, _) => Standing::CounterSilent,
        (.., None) => Standing::NoReference,
        _ => Standing::Sound,
    };
    let (people, low, high) = (people.max(0.0), low.max(0.0), high.max(0.0));
    let tier = of.area_m2.and_then(|area| super::tiers::tier_of(&of.tiers, high / area));
    let density = of.area_m2.map(|area| people / area);
    Some(Estimate { people, low, high, deviation, standing, density, tier })
}

/// Entries and exits of a counter as they are believed: exits are corrected by its ratio.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "people who passed a door")]
pub fn corrected(graph: &Graph, counter: usize, passed: Passed) -> (f64, f64) {
    let ratio = graph.counters.get(counter).map_or(1.0, |counter| counter.entries_per_exit);
    (passed.entries as f64, passed.exits as f64 * ratio)
}

/// Who came into a zone and who went out of it, in people as they are believed; `passed` is by counter.
#[must_use]
pub fn came_and_went(graph: &Graph, zone: &str, passed: &[Passed]) -> (f64, f64) {
    graph.counters_at(zone).fold((0.0, 0.0), |(came, went), (counter, sign)| {
        let (entries, exits) = corrected(graph, counter, passed.get(counter).copied().unwrap_or_default());
        if sign > 0.0 { (came + entries, went + exits) } else { (came + exits, went + entries) }
    })
}

/// Variance of what a counter says of the people who came less those who went.
#[must_use]
pub fn variance_of(graph: &Graph, counter: usize, passed: Passed) -> f64 {
    let (entries, exits) = corrected(graph, counter, passed);
    let spread = graph.counters.get(counter).map_or(0.0, |counter| counter.spread);
    MISCOUNTED * (entries + exits) + (spread * exits).powi(2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::flow::graph::tests::graph;
    use proptest::prelude::*;

    const EMPTY: Reference = Reference { people: 0, deviation: 0.0 };

    fn passed(of: &[(u64, u64)]) -> Vec<Passed> {
        of.iter().map(|&(entries, exits)| Passed { entries, exits }).collect()
    }

    #[test]
    fn people_who_came_and_did_not_go_on_are_in_the_zone() {
        let passed = passed(&[(300, 10), (200, 0), (400, 20)]);
        let of = |zone| estimate(&graph(), zone, Some(EMPTY), &passed, &[]).unwrap();
        assert_eq!((of("plaza").people, of("stand").people), (110.0, 380.0));
        assert_eq!(of("stand").standing, Standing::Sound);
        assert_eq!((of("stand").density, of("stand").tier), (Some(3.8), Some(0)));
        assert_eq!(estimate(&graph(), "moon", None, &passed, &[]), None);
    }

    #[test]
    fn who_leaves_one_zone_comes_into_the_next() {
        let passed = passed(&[(300, 10), (200, 0), (400, 20)]);
        assert_eq!(came_and_went(&graph(), "plaza", &passed), (520.0, 410.0));
        assert_eq!(came_and_went(&graph(), "stand", &passed), (400.0, 20.0));
    }

    #[test]
    fn an_impossible_balance_is_a_fault_and_not_safety() {
        let passed = passed(&[(0, 0), (0, 0), (400, 900)]);
        let stand = estimate(&graph(), "stand", Some(EMPTY), &passed, &[]).unwrap();
        assert_eq!((stand.standing, stand.people), (Standing::CounterFault, 0.0));
        assert_eq!((stand.low, stand.high, stand.tier), (0.0, 400.0, Some(0)), "400 may still be inside");
    }

    #[test]
    fn whoever_passed_unseen_may_be_inside_when_the_balance_is_impossible() {
        let passed = passed(&[(0, 0), (0, 0), (400, 900)]);
        let stand = estimate(&graph(), "stand", Some(EMPTY), &passed, &[0.0, 0.0, 30.0]).unwrap();
        assert_eq!((stand.standing, stand.high), (Standing::CounterFault, 430.0));
    }

    #[test]
    fn a_silent_counter_widens_the_interval_and_says_so() {
        let passed = passed(&[(100, 0), (0, 0), (0, 0)]);
        let of = |unseen: &[f64]| estimate(&graph(), "plaza", Some(EMPTY), &passed, unseen).unwrap();
        assert_eq!(of(&[0.0, 80.0, 0.0]).standing, Standing::CounterSilent);
        assert!(of(&[0.0, 80.0, 0.0]).high > of(&[]).high + 100.0);
        assert_eq!(estimate(&graph(), "plaza", None, &passed, &[]).unwrap().standing, Standing::NoReference);
    }

    proptest! {
        #[test]
        fn nobody_is_lost_between_zones(
            counts in prop::collection::vec((0u64..2_000, 0u64..2_000), 3),
            ratios in prop::collection::vec(0.5f64..2.0, 3),
        ) {
            let mut graph = graph();
            graph.counters.iter_mut().zip(ratios).for_each(|(counter, ratio)| counter.entries_per_exit = ratio);
            let passed = passed(&counts);
            let net = |counter| {
                let (entries, exits) = corrected(&graph, counter, passed[counter]);
                entries - exits
            };
            // counted from as many as never make it negative, so that nothing is cut off
            let base = Reference { people: 20_000, deviation: 0.0 };
            let of = |zone| estimate(&graph, zone, Some(base), &passed, &[]).unwrap().people - 20_000.0;
            prop_assert!((of("plaza") + of("stand") - net(0) - net(1)).abs() < 1e-6);
        }

        #[test]
        fn an_estimate_is_never_negative_and_lies_in_its_interval(
            counts in prop::collection::vec((0u64..1_000_000, 0u64..1_000_000), 3),
            people in 0u32..100_000, deviation in 0.0f64..500.0,
            unseen in prop::collection::vec(0.0f64..1_000.0, 3),
        ) {
            for zone in ["plaza", "stand"] {
                let base = Reference { people, deviation };
                let one = estimate(&graph(), zone, Some(base), &passed(&counts), &unseen).unwrap();
                prop_assert!(0.0 <= one.low && one.low <= one.people && one.people <= one.high, "{one:?}");
                prop_assert!(one.high.is_finite());
            }
        }
    }
}
