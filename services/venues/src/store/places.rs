//! Sites, venues and zones as rows, and as the contract shows them.

use matchday_api::venues::v1 as pb;
use matchday_rpc::parse::{micros_to_timestamp, to_provenance};
use matchday_store::{Record, table};

table! {
    /// A site as stored.
    pub(crate) struct SiteRow in "sites" {
        display_name: String,
        time_zone: String,
        source: String,
        generated: String,
    }
}

table! {
    /// A venue as stored.
    pub(crate) struct VenueRow in "venues" {
        display_name: String,
        purpose: i32,
        seats: i32,
        source: String,
        generated: String,
    }
}

table! {
    /// A zone as stored.
    pub(crate) struct ZoneRow in "zones" {
        display_name: String,
        kind: i32,
        source: String,
        generated: String,
    }
}

impl From<SiteRow> for pb::Site {
    fn from(row: SiteRow) -> Self {
        Self {
            etag: row.etag(),
            name: row.name,
            display_name: row.display_name,
            time_zone: row.time_zone,
            provenance: Some(to_provenance(row.source, &row.generated)),
            create_time: Some(micros_to_timestamp(row.created)),
            update_time: Some(micros_to_timestamp(row.updated)),
        }
    }
}

impl From<VenueRow> for pb::Venue {
    fn from(row: VenueRow) -> Self {
        Self {
            etag: row.etag(),
            name: row.name,
            display_name: row.display_name,
            purpose: row.purpose,
            seats: row.seats,
            provenance: Some(to_provenance(row.source, &row.generated)),
            create_time: Some(micros_to_timestamp(row.created)),
            update_time: Some(micros_to_timestamp(row.updated)),
        }
    }
}

impl From<ZoneRow> for pb::Zone {
    fn from(row: ZoneRow) -> Self {
        Self {
            etag: row.etag(),
            name: row.name,
            display_name: row.display_name,
            kind: row.kind,
            provenance: Some(to_provenance(row.source, &row.generated)),
            create_time: Some(micros_to_timestamp(row.created)),
            update_time: Some(micros_to_timestamp(row.updated)),
        }
    }
}
