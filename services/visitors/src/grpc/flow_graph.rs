//! Reading the graph of a venue: from the wire to the domain, checked.

use matchday_api::visitors::v1 as pb;
use matchday_kernel::{Common, Slug, VenueName, ZoneName};
use matchday_rpc::parse;

use crate::{
    Error,
    domain::flow::{
        graph::{Counter, Graph, Link, Zone},
        tiers::Tier,
    },
};

const MOST_ZONES: usize = 100;
const MOST_LINKS: usize = 300;
const MOST_COUNTERS: usize = 300;
const MOST_TIERS: usize = 10;
/// What a counter is held to be like when nobody said: unbiased, give or take a tenth.
const ASSUMED: (f64, f64) = (1.0, 0.1);

/// Reads the graph of a venue.
pub(super) fn read(venue: &VenueName, graph: &pb::FlowGraph) -> Result<Graph, Error> {
    bounded("graph.zones", graph.zones.len(), MOST_ZONES)?;
    bounded("graph.links", graph.links.len(), MOST_LINKS)?;
    bounded("graph.counters", graph.counters.len(), MOST_COUNTERS)?;
    let zones = graph.zones.iter().enumerate();
    let zones = zones.map(|(index, one)| zone(&format!("graph.zones[{index}]"), venue, one));
    let links = graph.links.iter().enumerate();
    let links = links.map(|(index, one)| link(&format!("graph.links[{index}]"), one));
    let counters = graph.counters.iter().enumerate();
    let counters = counters.map(|(index, one)| counter(&format!("graph.counters[{index}]"), one));
    let graph = Graph {
        zones: zones.collect::<Result<_, _>>()?,
        links: links.collect::<Result<_, _>>()?,
        counters: counters.collect::<Result<_, _>>()?,
    };
    graph.check().map_err(|fault| Common::field("graph", fault))?;
    Ok(graph)
}

fn bounded(field: &str, count: usize, most: usize) -> Result<(), Error> {
    if count > most {
        return Err(Common::field(field, format!("holds {count}; at most {most} are kept")).into());
    }
    Ok(())
}

fn zone(field: &str, venue: &VenueName, zone: &pb::FlowZone) -> Result<Zone, Error> {
    let name: ZoneName = parse::text_as(&format!("{field}.zone"), &zone.zone)?;
    if name.parent() != *venue {
        return Err(Common::field(format!("{field}.zone"), format!("{name} is not at {venue}")).into());
    }
    bounded(&format!("{field}.tiers"), zone.tiers.len(), MOST_TIERS)?;
    parse::provenance(&format!("{field}.provenance"), zone.provenance.clone())?;
    let tier = |tier: &pb::DensityTier| -> Result<Tier, Error> {
        let label = parse::required_text(&format!("{field}.tiers.label"), &tier.label)?;
        Ok(Tier { label, from_density: tier.from_density })
    };
    let tiers = zone.tiers.iter().map(tier).collect::<Result<_, _>>()?;
    Ok(Zone { name: name.to_string(), area_m2: zone.area_m2, tiers })
}

fn link(field: &str, link: &pb::FlowLink) -> Result<Link, Error> {
    let id: Slug = parse::text_as(&format!("{field}.id"), &link.id)?;
    let place = |zone: &str| (!zone.is_empty()).then(|| zone.to_owned());
    Ok(Link { id: id.to_string(), from: place(&link.from), to: place(&link.to) })
}

fn counter(field: &str, counter: &pb::FlowCounter) -> Result<Counter, Error> {
    let id: Slug = parse::text_as(&format!("{field}.id"), &counter.id)?;
    parse::provenance(&format!("{field}.provenance"), counter.provenance.clone())?;
    Ok(Counter {
        id: id.to_string(),
        link: counter.link.clone(),
        entries_per_exit: counter.entries_per_exit.unwrap_or(ASSUMED.0),
        spread: counter.spread.unwrap_or(ASSUMED.1),
    })
}
