//! The file of a site: its venues and their zones.

use std::collections::HashMap;

use matchday_api::venues::v1::{ImportSiteRequest, Site, Venue, VenuePurpose, Zone, ZoneKind};
use matchday_kernel::{SiteName, VenueName, ZoneName};
use serde::Deserialize;

use super::FileError;
use super::item::{Item, Text};

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SiteFile {
    site: Text,
    display_name: Text,
    time_zone: Text,
    source: Option<String>,
    #[serde(default)]
    generated: Vec<Text>,
    #[serde(default)]
    venues: Vec<VenueEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VenueEntry {
    id: Text,
    display_name: Text,
    purpose: Text,
    seats: Option<Text>,
    source: Option<String>,
    #[serde(default)]
    generated: Vec<Text>,
    #[serde(default)]
    zones: Vec<ZoneEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ZoneEntry {
    id: Text,
    kind: Text,
    display_name: Text,
    source: Option<String>,
    #[serde(default)]
    generated: Vec<Text>,
}

/// Turns the file into the request that imports it.
///
/// # Errors
/// [`FileError::Field`]
pub(super) fn read(name: &str, file: SiteFile) -> Result<ImportSiteRequest, FileError> {
    let whole = Item::whole(name);
    let site_name = SiteName::new(whole.parse("site", &file.site)?);
    let zone: matchday_kernel::Zone = whole.parse("time_zone", &file.time_zone)?;
    let site = Site {
        name: site_name.to_string(),
        display_name: whole.text("display_name", &file.display_name)?,
        time_zone: zone.name().to_owned(),
        provenance: whole.provenance(file.source, file.generated, &["display_name", "time_zone"])?,
        ..Site::default()
    };
    let mut request = ImportSiteRequest { site: Some(site), ..ImportSiteRequest::default() };
    let mut seen = HashMap::new();
    for (index, entry) in file.venues.into_iter().enumerate() {
        let item = whole.nth("venues", index);
        item.unique(&mut seen, &entry.id)?;
        read_venue(&item, &site_name, entry, &mut request)?;
    }
    Ok(request)
}

fn read_venue(
    item: &Item<'_>,
    site: &SiteName,
    entry: VenueEntry,
    request: &mut ImportSiteRequest,
) -> Result<(), FileError> {
    let name = VenueName::new(site, item.parse("id", &entry.id)?);
    let purpose: VenuePurpose = item.word("purpose", &entry.purpose)?;
    request.venues.push(Venue {
        name: name.to_string(),
        display_name: item.text("display_name", &entry.display_name)?,
        purpose: purpose.into(),
        seats: item.count("seats", entry.seats.as_ref())?.unwrap_or_default(),
        provenance: item.provenance(entry.source, entry.generated, &["display_name", "purpose", "seats"])?,
        ..Venue::default()
    });
    let mut seen = HashMap::new();
    for (index, zone) in entry.zones.into_iter().enumerate() {
        let item = item.nth("zones", index);
        item.unique(&mut seen, &zone.id)?;
        request.zones.push(read_zone(&item, &name, zone)?);
    }
    Ok(())
}

fn read_zone(item: &Item<'_>, venue: &VenueName, entry: ZoneEntry) -> Result<Zone, FileError> {
    let kind: ZoneKind = item.word("kind", &entry.kind)?;
    Ok(Zone {
        name: ZoneName::new(venue, item.parse("id", &entry.id)?).into(),
        display_name: item.text("display_name", &entry.display_name)?,
        kind: kind.into(),
        provenance: item.provenance(entry.source, entry.generated, &["display_name", "kind"])?,
        ..Zone::default()
    })
}
