//! The file of the gates of a site, and of the devices at them.

use std::collections::HashMap;

use matchday_api::{
    common::v1::Provenance,
    visitors::v1::{Device, Gate, ImportGatesRequest},
};
use matchday_kernel::{DeviceName, GateName, SiteName, VenueName, ZoneName};
use serde::Deserialize;

use super::{
    Faults, Standing,
    item::{Item, Text},
};

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GatesFile {
    site: Text,
    gates: Vec<GateEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GateEntry {
    id: Text,
    venue: Text,
    zone: Text,
    display_name: Text,
    source: Option<String>,
    #[serde(default)]
    generated: Vec<Text>,
    #[serde(default)]
    devices: Vec<DeviceEntry>,
}

/// A device; where it does not say, its facts come from where those of its gate do.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DeviceEntry {
    id: Text,
    display_name: Text,
    source: Option<String>,
    generated: Option<Vec<Text>>,
}

/// Turns the file into the request that imports it.
///
/// # Errors
/// Every fault of it.
pub(super) fn read(name: &str, file: GatesFile) -> Result<(ImportGatesRequest, Standing), Faults> {
    let whole = Item::whole(name);
    // without its site nothing in the file has a name
    let site = SiteName::new(whole.parse("site", &file.site)?);
    let mut request = ImportGatesRequest { parent: site.to_string(), ..ImportGatesRequest::default() };
    let (mut faults, mut seen) = (Faults::default(), HashMap::new());
    let (mut gates, mut zones, mut devices) = (Vec::new(), Vec::new(), Vec::new());
    for (index, entry) in file.gates.into_iter().enumerate() {
        let item = whole.nth("gates", index);
        let venue = item.parse("venue", &entry.venue).map(|id| VenueName::new(&site, id));
        let gate = venue.and_then(|venue| {
            let id = item.parse("id", &entry.id)?;
            // a gate's id is its own within its venue
            item.unique_as(&mut seen, "id", &entry.id, &format!("{}/{}", entry.venue.value, entry.id.value))?;
            Ok((GateName::new(&venue, id), venue))
        });
        match gate {
            Ok((gate, venue)) => {
                gates.push(entry.id.referenced.line());
                zones.push(entry.zone.referenced.line());
                devices.extend(entry.devices.iter().map(|device| device.id.referenced.line()));
                read_gate(&item, &gate, &venue, entry, &mut request, &mut faults);
            }
            Err(fault) => faults.add(fault),
        }
    }
    let standing = Standing::default()
        .with("gates", name, gates)
        .with("zones", name, zones)
        .with("devices", name, devices);
    faults.settle((request, standing))
}

fn read_gate(
    item: &Item<'_>,
    name: &GateName,
    venue: &VenueName,
    entry: GateEntry,
    request: &mut ImportGatesRequest,
    faults: &mut Faults,
) {
    let provenance = item.provenance(entry.source, entry.generated, &["display_name", "zone"]);
    let provenance = faults.keep(provenance).unwrap_or_default();
    let mut seen = HashMap::new();
    for (index, device) in entry.devices.into_iter().enumerate() {
        let item = item.nth("devices", index);
        faults.keep(item.unique(&mut seen, &device.id));
        request.devices.push(read_device(&item, name, &provenance, device, faults));
    }
    request.gates.push(Gate {
        name: name.to_string(),
        display_name: faults.keep(item.text("display_name", &entry.display_name)),
        zone: faults.keep(item.parse("zone", &entry.zone).map(|id| ZoneName::new(venue, id).into())),
        provenance: Some(provenance),
        ..Gate::default()
    });
}

fn read_device(
    item: &Item<'_>,
    gate: &GateName,
    of_gate: &Provenance,
    entry: DeviceEntry,
    faults: &mut Faults,
) -> Device {
    let source = entry.source.unwrap_or_else(|| of_gate.source.clone());
    let provenance = if let Some(generated) = entry.generated {
        faults.keep(item.provenance(Some(source), generated, &["display_name"]))
    } else {
        let is_shared = |field: &&String| *field != "zone";
        let generated = of_gate.generated.iter().filter(is_shared).cloned().collect();
        Some(Provenance { source, generated })
    };
    Device {
        name: faults.keep(item.parse("id", &entry.id).map(|id| DeviceName::new(gate, id).into())),
        display_name: faults.keep(item.text("display_name", &entry.display_name)),
        provenance,
        ..Device::default()
    }
}
