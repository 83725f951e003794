//! How many people are in the zones of a venue: what the rows say, put to the domain.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use matchday_api::visitors::v1 as pb;
use matchday_kernel::{Instant, SignedDuration, VenueName};
use matchday_rpc::parse::micros_to_timestamp;
use matchday_store::{Conn, Record};

use super::flow_graph;
use crate::{
    Error,
    domain::flow::{
        balance::{Estimate, Passed, Reference, Standing, corrected, estimate, variance_of},
        graph::Graph,
        reconcile::{Balance, Flow, reconcile},
    },
    store::flow::{self, FlowGraphRow, ReferenceRow, SumRow},
};

/// A counter that said nothing for longer is silent.
const SILENT_AFTER: SignedDuration = SignedDuration::from_mins(10);
/// How far readings are looked back for where nobody counted a zone, and for those that came late.
const LOOKED_BACK: SignedDuration = SignedDuration::from_hours(24);

/// How many people are in a zone, and what that rests on.
pub(crate) struct ZoneEstimate {
    pub(crate) zone: String,
    pub(crate) estimate: Estimate,
    /// Ids of its counters that do not speak, or told too late what they saw.
    pub(crate) silent: Vec<String>,
    /// The time up to which every counter at it has spoken, in microseconds.
    pub(crate) fresh: Option<i64>,
    reference: Option<ReferenceRow>,
}

/// How many people are in the zones of a venue.
pub(crate) struct Estimates {
    pub(crate) graph: Graph,
    /// In the order of the graph.
    pub(crate) zones: Vec<ZoneEstimate>,
    /// Counters of the graph one of which is probably wrong.
    pub(crate) suspects: BTreeSet<usize>,
    late: i64,
}

/// Estimates the people in each zone of a venue at `now`, as the contract shows it.
pub(crate) async fn occupancy(
    conn: &mut Conn,
    venue: &VenueName,
    now: Instant,
) -> Result<pb::VenueOccupancy, Error> {
    let found = estimates(conn, venue, now).await?;
    let ids =
        found.suspects.iter().filter_map(|counter| Some(found.graph.counters.get(*counter)?.id.clone()));
    Ok(pb::VenueOccupancy {
        venue: venue.to_string(),
        time: Some(micros_to_timestamp(now.as_micros())),
        zones: found.zones.iter().map(|zone| shown(&found.graph, zone)).collect(),
        suspect_counters: ids.collect(),
        late_readings: found.late,
    })
}

/// Estimates the people in each zone of a venue at `now`.
pub(crate) async fn estimates(conn: &mut Conn, venue: &VenueName, now: Instant) -> Result<Estimates, Error> {
    let row = FlowGraphRow::get(conn, venue.as_str()).await?;
    let graph = flow_graph::read(venue, &row.graph()?)?;
    let references = flow::references(conn, venue.as_str()).await?;
    let looked_back = now.saturating_add(-LOOKED_BACK).as_micros();
    let since = |zone: &str| references.get(zone).map_or(looked_back, |one| one.counted);
    let mut seen = BTreeMap::new();
    for zone in &graph.zones {
        let since = since(&zone.name);
        if let std::collections::btree_map::Entry::Vacant(unseen) = seen.entry(since) {
            unseen.insert(Seen::of(
                &graph,
                &flow::sums(conn, venue.as_str(), since, now.as_micros()).await?,
                since,
                now,
            ));
        }
    }
    let late = flow::late(conn, venue.as_str(), looked_back).await?;
    let mut impossible: BTreeMap<i64, Vec<Balance>> = BTreeMap::new();
    for zone in &graph.zones {
        let (since, base) = (since(&zone.name), references.get(&zone.name).map(of_row));
        let Some(seen) = seen.get(&since) else { continue };
        let one = estimate(&graph, &zone.name, base, &seen.passed, &seen.unseen);
        if one.is_some_and(|one| one.standing == Standing::CounterFault) {
            let base = base.unwrap_or(Reference { people: 0, deviation: 0.0 });
            impossible.entry(since).or_default().push(Balance {
                terms: graph.counters_at(&zone.name).collect(),
                // nobody is left at the very least
                change: -f64::from(base.people),
                variance: base.deviation * base.deviation,
            });
        }
    }
    let found =
        impossible.iter().filter_map(|(since, balances)| Some(suspects(&graph, seen.get(since)?, balances)));
    let suspects: BTreeSet<usize> = found.flatten().collect();
    let mut zones = Vec::with_capacity(graph.zones.len());
    for zone in &graph.zones {
        let reference = references.get(&zone.name);
        let Some(seen) = seen.get(&since(&zone.name)) else { continue };
        let with = |unseen: &[f64]| estimate(&graph, &zone.name, reference.map(of_row), &seen.passed, unseen);
        let Some(mut one) = with(&seen.unseen) else { continue };
        let is_beside = graph.counters_at(&zone.name).any(|(counter, _)| suspects.contains(&counter));
        if is_beside && one.standing != Standing::CounterFault {
            one = Estimate {
                standing: Standing::CounterFault,
                ..with(&seen.doubting(&suspects)).unwrap_or(one)
            };
        }
        let counters: Vec<usize> = graph.counters_at(&zone.name).map(|(counter, _)| counter).collect();
        let silent = counters.iter().filter(|counter| seen.unseen[**counter] > 0.0);
        zones.push(ZoneEstimate {
            zone: zone.name.clone(),
            estimate: one,
            silent: silent.map(|counter| graph.counters[*counter].id.clone()).collect(),
            fresh: counters.iter().map(|counter| seen.spoken[*counter]).min().flatten(),
            reference: reference.cloned(),
        });
    }
    Ok(Estimates { graph, zones, suspects, late })
}

/// What the counters of a graph saw since a time, in their order.
struct Seen {
    passed: Vec<Passed>,
    /// People who may have passed each counter without being counted: since it last spoke, and those it told of too late.
    unseen: Vec<f64>,
    /// When each counter last spoke.
    spoken: Vec<Option<i64>>,
}

impl Seen {
    fn of(graph: &Graph, sums: &HashMap<String, SumRow>, since: i64, now: Instant) -> Self {
        let of = |count: i64| u64::try_from(count).unwrap_or_default();
        let passed = |sum: &SumRow| Passed { entries: of(sum.entries), exits: of(sum.exits) };
        let counters = || graph.counters.iter().map(|counter| sums.get(&counter.id));
        let busiest = sums.values().map(|sum| sum.entries + sum.exits).max().unwrap_or_default();
        #[expect(clippy::cast_precision_loss, reason = "people, and microseconds of days")]
        let unseen = |sum: Option<&SumRow>| -> f64 {
            let late = sum.map_or(0.0, |sum| sum.missed as f64);
            let spoken = sum.and_then(|sum| Some((sum, sum.ended?)));
            let silent = now.as_micros() - spoken.map_or(since, |(_, ended)| ended);
            if i128::from(silent) <= SILENT_AFTER.as_micros() {
                return late;
            }
            // a counter that never spoke may have missed as many as the busiest one saw
            let missed = spoken.map_or(busiest as f64, |(sum, ended)| {
                let spoke = (ended - since).max(1) as f64;
                (sum.entries + sum.exits) as f64 * silent as f64 / spoke
            });
            late + missed.max(1.0)
        };
        Self {
            passed: counters().map(|sum| sum.map(passed).unwrap_or_default()).collect(),
            unseen: counters().map(unseen).collect(),
            spoken: counters().map(|sum| sum.and_then(|sum| sum.ended)).collect(),
        }
    }
}

impl Seen {
    /// How many may have passed each counter unseen, when what some of them said may be wrong altogether.
    #[expect(clippy::cast_precision_loss, reason = "people who passed a door")]
    fn doubting(&self, suspects: &BTreeSet<usize>) -> Vec<f64> {
        let doubted = |(counter, unseen): (usize, &f64)| {
            let said = self.passed[counter].entries.max(self.passed[counter].exits) as f64;
            unseen + if suspects.contains(&counter) { said } else { 0.0 }
        };
        self.unseen.iter().enumerate().map(doubted).collect()
    }
}

fn of_row(row: &ReferenceRow) -> Reference {
    Reference { people: u32::try_from(row.people).unwrap_or_default(), deviation: row.deviation }
}

/// The counters of which one is probably wrong, where balances are impossible.
fn suspects(graph: &Graph, seen: &Seen, balances: &[Balance]) -> Vec<usize> {
    let flow = |(counter, passed): (usize, &Passed)| {
        let (entries, exits) = corrected(graph, counter, *passed);
        Flow { people: entries - exits, variance: variance_of(graph, counter, *passed) }
    };
    let flows: Vec<Flow> = seen.passed.iter().enumerate().map(flow).collect();
    reconcile(&flows, balances).map(|found| found.suspects).unwrap_or_default()
}

#[expect(clippy::cast_possible_truncation, reason = "people of a venue, rounded")]
fn shown(graph: &Graph, of: &ZoneEstimate) -> pb::ZoneOccupancy {
    let one = &of.estimate;
    let tiers = graph.zones.iter().find(|zone| zone.name == of.zone).map(|zone| zone.tiers.as_slice());
    let tier = one.tier.and_then(|tier| tiers?.get(tier)).map(|tier| tier.label.clone());
    pb::ZoneOccupancy {
        zone: of.zone.clone(),
        people: one.people.round() as i64,
        low: one.low.floor() as i64,
        high: one.high.ceil() as i64,
        standing: match one.standing {
            Standing::Sound => pb::OccupancyStanding::Sound,
            Standing::CounterSilent => pb::OccupancyStanding::CounterSilent,
            Standing::CounterFault => pb::OccupancyStanding::CounterFault,
            Standing::NoReference => pb::OccupancyStanding::NoReference,
        }
        .into(),
        density: one.density,
        tier: tier.unwrap_or_default(),
        fresh_time: of.fresh.map(micros_to_timestamp),
        reference_time: of.reference.as_ref().map(|row| micros_to_timestamp(row.counted)),
        silent_counters: of.silent.clone(),
    }
}
