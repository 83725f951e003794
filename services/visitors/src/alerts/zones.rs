//! What may be wrong with the zones of a venue: too dense, or nobody knows how dense.

use matchday_kernel::{Instant, SignedDuration, VenueName};
use matchday_store::{Conn, Record};

use super::{Condition, Rules, figure};
use crate::{
    Error,
    domain::{
        alert::{
            Cause, Level,
            forecast::{self, Rates},
            measure::Measure,
            rule::{Rule, Threshold},
        },
        flow::{
            balance::{Passed, Standing, came_and_went},
            graph::{Graph, Zone},
            tiers::Tier,
        },
        opening::Opening,
    },
    grpc::flow_estimate::{Estimates, ZoneEstimate, estimates},
    store::{
        flow::{self, FlowGraphRow},
        gates,
    },
};

/// Rates are those of so long.
const WINDOW: SignedDuration = SignedDuration::from_mins(10);
/// Counters that all have been silent for longer were switched off, unless gates are open.
const SWITCHED_OFF: SignedDuration = SignedDuration::from_mins(10);

/// Measures the zones of a venue; without a graph there is nothing to measure.
pub(super) async fn measured(
    conn: &mut Conn,
    venue: &VenueName,
    rules: &Rules,
    openings: &[Opening],
    now: Instant,
) -> Result<Vec<Condition>, Error> {
    if FlowGraphRow::find(conn, venue.as_str()).await?.is_none() {
        return Ok(Vec::new());
    }
    let found = estimates(conn, venue, now).await?;
    let from = now.saturating_add(-WINDOW);
    let sums = flow::sums(conn, venue.as_str(), from.as_micros(), now.as_micros()).await?;
    let of = |count: i64| u64::try_from(count).unwrap_or_default();
    let passed = |id: &String| {
        sums.get(id)
            .map_or(Passed::default(), |sum| Passed { entries: of(sum.entries), exits: of(sum.exits) })
    };
    let passed: Vec<Passed> = found.graph.counters.iter().map(|counter| passed(&counter.id)).collect();
    let spoke = found.zones.iter().filter_map(|zone| zone.fresh).max();
    let is_watched = !openings.is_empty() || spoke.is_some_and(|spoke| since(spoke, now) <= SWITCHED_OFF);
    let leading = gates::leading_to(conn, venue.as_str()).await?;
    let mut conditions = Vec::new();
    for zone in &found.zones {
        let named = leading.iter().filter(|(_, to)| *to == zone.zone).map(|(gate, _)| gate.clone());
        let mut gates: Vec<String> = named.collect();
        if gates.is_empty() {
            // no gate leads there by itself: all that let people in do
            gates = leading.iter().map(|(gate, _)| gate.clone()).collect();
            gates.retain(|gate| openings.iter().any(|opening| opening.is_gate(gate)));
        }
        let rates = rates(&found.graph, zone, &passed, from);
        conditions.extend(dense(rules, &found.graph, zone, gates, rates));
        conditions.extend(doubtful(rules, &found, zone, is_watched, now));
    }
    Ok(conditions)
}

fn since(micros: i64, now: Instant) -> SignedDuration {
    SignedDuration::from_micros(now.as_micros() - micros)
}

/// Rates of a zone from a time up to which its counters have spoken; `None` when they have not.
fn rates(graph: &Graph, zone: &ZoneEstimate, passed: &[Passed], from: Instant) -> Option<Rates> {
    let spoken = SignedDuration::from_micros(zone.fresh? - from.as_micros());
    let (came, went) = came_and_went(graph, &zone.zone, passed);
    let minutes = spoken.as_secs_f64() / 60.0;
    // less than a minute is no rate
    (minutes >= 1.0).then_some(Rates { came, went, minutes })
}

/// The thresholds that a zone has of its own: tiers that are called like a level.
fn own(tiers: &[Tier]) -> Vec<Threshold> {
    let level = |label: &str| match label {
        "yellow" => Some(Level::Yellow),
        "orange" => Some(Level::Orange),
        "red" => Some(Level::Red),
        _ => None,
    };
    let threshold = |tier: &Tier| Some(Threshold { level: level(&tier.label)?, figure: tier.from_density });
    tiers.iter().filter_map(threshold).collect()
}

/// How dense a zone is; `None` without an area.
#[expect(clippy::cast_possible_truncation, reason = "people of a venue, rounded")]
fn dense(
    rules: &Rules,
    graph: &Graph,
    zone: &ZoneEstimate,
    gates: Vec<String>,
    rates: Option<Rates>,
) -> Option<Condition> {
    let Zone { area_m2, tiers, .. } = graph.zones.iter().find(|one| one.name == zone.zone)?;
    let (area, one) = ((*area_m2)?, &zone.estimate);
    let measure = Measure { middle: one.people / area, deviation: one.deviation / area };
    // an impossible balance says nothing, and least of all that nobody is there
    let measure = Some(measure).filter(|_| one.standing != Standing::CounterFault);
    let condition = Condition::new(rules, Cause::Density, &zone.zone, measure)?;
    let rule = condition.rule.with(&own(tiers));
    let people = Measure { middle: one.people, deviation: one.deviation };
    let limits = highest(&rule).zip(lowest_end(&rule));
    let forecast = limits.zip(rates).filter(|_| measure.is_some());
    let forecast =
        forecast.map(|((limit, end), rates)| forecast::forecast(people, limit * area, end * area, rates));
    let between = (one.low.floor() as i64, one.high.ceil() as i64);
    Some(Condition { rule, between, gates, forecast, ..condition })
}

/// The threshold of the highest level of a rule.
pub(super) fn highest(rule: &Rule) -> Option<f64> {
    rule.thresholds.last().map(|one| one.figure)
}

/// Below this figure no level of a rule holds any more.
pub(super) fn lowest_end(rule: &Rule) -> Option<f64> {
    rule.end(rule.thresholds.first()?.level)
}

/// How far what is known of a zone can be believed.
fn doubtful(
    rules: &Rules,
    found: &Estimates,
    zone: &ZoneEstimate,
    is_watched: bool,
    now: Instant,
) -> Vec<Condition> {
    let at_zone: Vec<usize> = found.graph.counters_at(&zone.zone).map(|(counter, _)| counter).collect();
    let suspects = at_zone.iter().filter(|counter| found.suspects.contains(counter));
    let suspects: Vec<String> =
        suspects.filter_map(|counter| Some(found.graph.counters.get(*counter)?.id.clone())).collect();
    let is_fault = zone.estimate.standing == Standing::CounterFault;
    let faults = if is_fault { suspects.len().max(1) } else { 0 };
    let silent = zone.silent.len();
    let stale = zone.fresh.map_or(f64::INFINITY, |fresh| since(fresh, now).as_secs_f64() / 60.0);
    let at = |cause, measure| Condition::new(rules, cause, &zone.zone, measure);
    // of counters that are switched off nothing is known: that raises nothing, and ends nothing
    let watched = |of: f64| Some(Measure::exact(of)).filter(|_| is_watched);
    // a counter that never spoke is silent; how old its word is cannot be said
    let stale = watched(stale).filter(|measure| measure.middle.is_finite());
    [
        at(Cause::CounterFault, Some(Measure::exact(figure(faults)))).map(|it| it.of(suspects, faults)),
        at(Cause::CounterSilent, watched(figure(silent))).map(|it| it.of(zone.silent.clone(), silent)),
        at(Cause::StaleEstimate, stale),
    ]
    .into_iter()
    .flatten()
    .collect()
}
