//! The file of the zones, links and counters of a venue.

use std::collections::HashMap;

use matchday_api::visitors::v1::{
    ApplyFlowGraphRequest, DensityTier, FlowCounter, FlowGraph, FlowLink, FlowZone,
};
use matchday_kernel::{SiteName, Slug, VenueName, ZoneName};
use serde::Deserialize;

use super::{
    Faults,
    item::{Item, Text},
};

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FlowFile {
    site: Text,
    venue: Text,
    zones: Vec<ZoneEntry>,
    links: Vec<LinkEntry>,
    counters: Vec<CounterEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ZoneEntry {
    zone: Text,
    area_m2: Option<f64>,
    #[serde(default)]
    tiers: Vec<TierEntry>,
    source: Option<String>,
    #[serde(default)]
    generated: Vec<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TierEntry {
    label: Text,
    from_density: f64,
}

/// An end that is left out is the outside.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LinkEntry {
    id: Text,
    from: Option<Text>,
    to: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CounterEntry {
    id: Text,
    link: Text,
    entries_per_exit: Option<f64>,
    spread: Option<f64>,
    source: Option<String>,
    #[serde(default)]
    generated: Vec<Text>,
}

/// Reads the file into the request it stands for. How the parts fit together, the server says.
pub(super) fn read(name: &str, file: FlowFile) -> Result<ApplyFlowGraphRequest, Faults> {
    let mut faults = Faults::default();
    let whole = Item::whole(name);
    let site: SiteName = whole.parse::<Slug>("site", &file.site).map(SiteName::new)?;
    let venue = whole.parse("venue", &file.venue).map(|id| VenueName::new(&site, id))?;
    let zone_name = |item: &Item<'_>, field: &str, zone: &Text| {
        item.parse(field, zone).map(|id| ZoneName::new(&venue, id).to_string())
    };
    let mut graph = FlowGraph::default();
    for (index, entry) in file.zones.into_iter().enumerate() {
        let item = whole.nth("zones", index);
        let provenance = item.provenance(entry.source, entry.generated, &["area_m2", "tiers"]);
        let tiers = entry.tiers.iter().enumerate().map(|(index, tier)| {
            let label = faults.keep(item.nth("tiers", index).text("label", &tier.label));
            DensityTier { label, from_density: tier.from_density }
        });
        graph.zones.push(FlowZone {
            tiers: tiers.collect(),
            zone: faults.keep(zone_name(&item, "zone", &entry.zone)),
            area_m2: entry.area_m2,
            provenance: faults.keep(provenance),
        });
    }
    let mut seen = HashMap::new();
    for (index, entry) in file.links.into_iter().enumerate() {
        let item = whole.nth("links", index);
        faults.keep(item.unique(&mut seen, &entry.id));
        let mut end = |field: &str, zone: Option<Text>| {
            zone.map_or_else(String::new, |zone| faults.keep(zone_name(&item, field, &zone)))
        };
        let (from, to) = (end("from", entry.from), end("to", entry.to));
        graph.links.push(FlowLink { id: faults.keep(item.text("id", &entry.id)), from, to });
    }
    let mut seen = HashMap::new();
    for (index, entry) in file.counters.into_iter().enumerate() {
        let item = whole.nth("counters", index);
        faults.keep(item.unique(&mut seen, &entry.id));
        let provenance = item.provenance(entry.source, entry.generated, &["entries_per_exit", "spread"]);
        graph.counters.push(FlowCounter {
            id: faults.keep(item.text("id", &entry.id)),
            link: faults.keep(item.text("link", &entry.link)),
            entries_per_exit: entry.entries_per_exit,
            spread: entry.spread,
            provenance: faults.keep(provenance),
        });
    }
    faults.settle(ApplyFlowGraphRequest {
        parent: venue.to_string(),
        graph: Some(graph),
        request_id: String::new(),
    })
}
