//! `PlaceService`: the tree of sites, venues and zones.

use matchday_api::venues::v1::{self as pb, place_service_server::PlaceService};
use matchday_kernel::{Common, SiteName, Slug, VenueName, Zone as TimeZone, ZoneName};
use matchday_rpc::parse::{self, Mask};
use matchday_store::{Conn, Locks, NewEvent, Record, Tx};
use tonic::{Request, Response, Status};

use crate::{
    Error, Venues,
    store::places::{SiteRow, VenueRow, ZoneRow},
};

/// Most seats a venue has: the largest stadium of the world holds about 130,000.
const MOST_SEATS: i32 = 1_000_000;
/// Most venues and zones in one import.
const MOST_IMPORTED: usize = 2_000;

fn site(name: &SiteName, site: pb::Site) -> Result<SiteRow, Error> {
    let zone: TimeZone = parse::text_as("site.time_zone", &site.time_zone)?;
    let provenance = parse::provenance("site.provenance", site.provenance)?;
    Ok(SiteRow {
        name: name.to_string(),
        display_name: parse::required_text("site.display_name", &site.display_name)?,
        time_zone: zone.name().to_owned(),
        generated: parse::generated_to_text(&provenance),
        source: provenance.source,
        ..SiteRow::default()
    })
}

fn venue(name: &VenueName, venue: pb::Venue) -> Result<VenueRow, Error> {
    let provenance = parse::provenance("venue.provenance", venue.provenance)?;
    if !(0..=MOST_SEATS).contains(&venue.seats) {
        return Err(Common::field("venue.seats", format!("must lie between 0 and {MOST_SEATS}")).into());
    }
    Ok(VenueRow {
        name: name.to_string(),
        display_name: parse::required_text("venue.display_name", &venue.display_name)?,
        purpose: parse::one_of::<pb::VenuePurpose>("venue.purpose", venue.purpose)?.into(),
        seats: venue.seats,
        generated: parse::generated_to_text(&provenance),
        source: provenance.source,
        ..VenueRow::default()
    })
}

fn zone(name: &ZoneName, zone: pb::Zone) -> Result<ZoneRow, Error> {
    let provenance = parse::provenance("zone.provenance", zone.provenance)?;
    Ok(ZoneRow {
        name: name.to_string(),
        display_name: parse::required_text("zone.display_name", &zone.display_name)?,
        kind: parse::one_of::<pb::ZoneKind>("zone.kind", zone.kind)?.into(),
        generated: parse::generated_to_text(&provenance),
        source: provenance.source,
        ..ZoneRow::default()
    })
}

fn site_to_create(request: &pb::CreateSiteRequest) -> Result<SiteRow, Error> {
    let id: Slug = parse::text_as("site_id", &request.site_id)?;
    site(&SiteName::new(id), parse::required("site", request.site.clone())?)
}

async fn create_site(tx: &mut Tx, row: SiteRow) -> Result<pb::CreateSiteResponse, Error> {
    let site: pb::Site = row.create(tx).await?.into();
    tx.emit(NewEvent::new(&site.name, None, &pb::SiteCreated { site: Some(site.clone()) }));
    Ok(pb::CreateSiteResponse { site: Some(site) })
}

async fn update_site(tx: &mut Tx, request: pb::UpdateSiteRequest) -> Result<pb::UpdateSiteResponse, Error> {
    let mask = Mask::new(request.update_mask, &["display_name", "time_zone", "provenance"])?;
    let wanted = parse::required("site", request.site)?;
    let name: SiteName = parse::text_as("site.name", &wanted.name)?;
    let row = SiteRow::update::<Error>(tx, name.as_str(), &wanted.etag.clone(), |current| {
        let mut merged = pb::Site::from(current.clone());
        mask.apply("display_name", &mut merged.display_name, wanted.display_name);
        mask.apply("time_zone", &mut merged.time_zone, wanted.time_zone);
        mask.apply("provenance", &mut merged.provenance, wanted.provenance);
        site(&name, merged)
    })
    .await?;
    let site = Some(pb::Site::from(row));
    tx.emit(NewEvent::new(&name, None, &pb::SiteUpdated { site: site.clone() }));
    Ok(pb::UpdateSiteResponse { site })
}

fn venue_to_create(request: &pb::CreateVenueRequest) -> Result<VenueRow, Error> {
    let parent: SiteName = parse::text_as("parent", &request.parent)?;
    let id: Slug = parse::text_as("venue_id", &request.venue_id)?;
    venue(&VenueName::new(&parent, id), parse::required("venue", request.venue.clone())?)
}

async fn create_venue(tx: &mut Tx, parent: String, row: VenueRow) -> Result<pb::CreateVenueResponse, Error> {
    SiteRow::get(tx, &parent).await?;
    let venue: pb::Venue = row.create(tx).await?.into();
    tx.emit(NewEvent::new(&venue.name, None, &pb::VenueCreated { venue: Some(venue.clone()) }));
    Ok(pb::CreateVenueResponse { venue: Some(venue) })
}

async fn update_venue(
    tx: &mut Tx,
    request: pb::UpdateVenueRequest,
) -> Result<pb::UpdateVenueResponse, Error> {
    let mask = Mask::new(request.update_mask, &["display_name", "purpose", "seats", "provenance"])?;
    let wanted = parse::required("venue", request.venue)?;
    let name: VenueName = parse::text_as("venue.name", &wanted.name)?;
    let row = VenueRow::update::<Error>(tx, name.as_str(), &wanted.etag.clone(), |current| {
        let mut merged = pb::Venue::from(current.clone());
        mask.apply("display_name", &mut merged.display_name, wanted.display_name);
        mask.apply("purpose", &mut merged.purpose, wanted.purpose);
        mask.apply("seats", &mut merged.seats, wanted.seats);
        mask.apply("provenance", &mut merged.provenance, wanted.provenance);
        venue(&name, merged)
    })
    .await?;
    let venue = Some(pb::Venue::from(row));
    tx.emit(NewEvent::new(&name, None, &pb::VenueUpdated { venue: venue.clone() }));
    Ok(pb::UpdateVenueResponse { venue })
}

fn zone_to_create(request: &pb::CreateZoneRequest) -> Result<ZoneRow, Error> {
    let parent: VenueName = parse::text_as("parent", &request.parent)?;
    let id: Slug = parse::text_as("zone_id", &request.zone_id)?;
    zone(&ZoneName::new(&parent, id), parse::required("zone", request.zone.clone())?)
}

async fn create_zone(tx: &mut Tx, parent: String, row: ZoneRow) -> Result<pb::CreateZoneResponse, Error> {
    VenueRow::get(tx, &parent).await?;
    let zone: pb::Zone = row.create(tx).await?.into();
    tx.emit(NewEvent::new(&zone.name, None, &pb::ZoneCreated { zone: Some(zone.clone()) }));
    Ok(pb::CreateZoneResponse { zone: Some(zone) })
}

async fn update_zone(tx: &mut Tx, request: pb::UpdateZoneRequest) -> Result<pb::UpdateZoneResponse, Error> {
    let mask = Mask::new(request.update_mask, &["display_name", "kind", "provenance"])?;
    let wanted = parse::required("zone", request.zone)?;
    let name: ZoneName = parse::text_as("zone.name", &wanted.name)?;
    let row = ZoneRow::update::<Error>(tx, name.as_str(), &wanted.etag.clone(), |current| {
        let mut merged = pb::Zone::from(current.clone());
        mask.apply("display_name", &mut merged.display_name, wanted.display_name);
        mask.apply("kind", &mut merged.kind, wanted.kind);
        mask.apply("provenance", &mut merged.provenance, wanted.provenance);
        zone(&name, merged)
    })
    .await?;
    let zone = Some(pb::Zone::from(row));
    tx.emit(NewEvent::new(&name, None, &pb::ZoneUpdated { zone: zone.clone() }));
    Ok(pb::UpdateZoneResponse { zone })
}

/// A site with its places, read and checked: each lies below the one before it in the tree.
struct Import {
    site: SiteRow,
    venues: Vec<VenueRow>,
    zones: Vec<(VenueName, ZoneRow)>,
}

impl Import {
    fn parse(request: pb::ImportSiteRequest) -> Result<Self, Error> {
        if request.venues.len() + request.zones.len() > MOST_IMPORTED {
            let problem = format!("an import holds at most {MOST_IMPORTED} venues and zones");
            return Err(Common::field("zones", problem).into());
        }
        let root = parse::required("site", request.site)?;
        let site_name: SiteName = parse::text_as("site.name", &root.name)?;
        let mut venues = Vec::new();
        for (index, one) in request.venues.into_iter().enumerate() {
            let field = format!("venues[{index}].name");
            let name: VenueName = parse::text_as(&field, &one.name)?;
            if name.parent() != site_name {
                return Err(Common::field(field, format!("{name} is not at {site_name}")).into());
            }
            venues.push(venue(&name, one)?);
        }
        let mut zones = Vec::new();
        for (index, one) in request.zones.into_iter().enumerate() {
            let name: ZoneName = parse::text_as(&format!("zones[{index}].name"), &one.name)?;
            zones.push((name.parent(), zone(&name, one)?));
        }
        Ok(Self { site: site(&site_name, root)?, venues, zones })
    }

    async fn create(self, tx: &mut Tx) -> Result<pb::ImportSiteResponse, Error> {
        let mut reply = pb::ImportSiteResponse::default();
        let parent = self.site.name.clone();
        reply.site = create_site(tx, self.site).await?.site;
        for row in self.venues {
            create_venue(tx, parent.clone(), row).await?;
            reply.venues += 1;
        }
        for (venue, row) in self.zones {
            create_zone(tx, venue.to_string(), row).await?;
            reply.zones += 1;
        }
        Ok(reply)
    }
}

/// Checks that a parent of zones or bookings exists: a site, a venue, or a zone.
pub(super) async fn check_exists(conn: &mut Conn, parent: &str) -> Result<(), Error> {
    match parent.split('/').count() {
        2 => drop(SiteRow::get(conn, parse::text_as::<SiteName>("parent", parent)?.as_str()).await?),
        4 => drop(VenueRow::get(conn, parse::text_as::<VenueName>("parent", parent)?.as_str()).await?),
        _ => drop(ZoneRow::get(conn, parse::text_as::<ZoneName>("parent", parent)?.as_str()).await?),
    }
    Ok(())
}

#[tonic::async_trait]
impl PlaceService for Venues {
    async fn create_site(
        &self,
        request: Request<pb::CreateSiteRequest>,
    ) -> Result<Response<pb::CreateSiteResponse>, Status> {
        let row = site_to_create(request.get_ref())?;
        let locks = Locks::of([&row.name]);
        self.desk.write(&request, locks, move |tx| Box::pin(create_site(tx, row))).await
    }

    async fn get_site(
        &self,
        request: Request<pb::GetSiteRequest>,
    ) -> Result<Response<pb::GetSiteResponse>, Status> {
        let row: SiteRow = self.desk.get::<SiteName, _>(&request.get_ref().name).await?;
        Ok(Response::new(pb::GetSiteResponse { site: Some(row.into()) }))
    }

    async fn list_sites(
        &self,
        request: Request<pb::ListSitesRequest>,
    ) -> Result<Response<pb::ListSitesResponse>, Status> {
        let (rows, next_page_token) = self.desk.list::<SiteRow>(&request, "sites").await?;
        let sites = rows.into_iter().map(Into::into).collect();
        Ok(Response::new(pb::ListSitesResponse { sites, next_page_token }))
    }

    async fn update_site(
        &self,
        request: Request<pb::UpdateSiteRequest>,
    ) -> Result<Response<pb::UpdateSiteResponse>, Status> {
        let body = request.get_ref().clone();
        let locks = Locks::of(body.site.as_ref().map(|site| site.name.as_str()));
        self.desk.write(&request, locks, move |tx| Box::pin(update_site(tx, body))).await
    }

    async fn import_site(
        &self,
        request: Request<pb::ImportSiteRequest>,
    ) -> Result<Response<pb::ImportSiteResponse>, Status> {
        let import = Import::parse(request.get_ref().clone())?;
        let locks = Locks::of([&import.site.name]);
        self.desk.write(&request, locks, move |tx| Box::pin(import.create(tx))).await
    }

    async fn create_venue(
        &self,
        request: Request<pb::CreateVenueRequest>,
    ) -> Result<Response<pb::CreateVenueResponse>, Status> {
        let row = venue_to_create(request.get_ref())?;
        let parent = request.get_ref().parent.clone();
        let locks = Locks::of([&parent, &row.name]);
        self.desk.write(&request, locks, move |tx| Box::pin(create_venue(tx, parent, row))).await
    }

    async fn get_venue(
        &self,
        request: Request<pb::GetVenueRequest>,
    ) -> Result<Response<pb::GetVenueResponse>, Status> {
        let row: VenueRow = self.desk.get::<VenueName, _>(&request.get_ref().name).await?;
        Ok(Response::new(pb::GetVenueResponse { venue: Some(row.into()) }))
    }

    async fn list_venues(
        &self,
        request: Request<pb::ListVenuesRequest>,
    ) -> Result<Response<pb::ListVenuesResponse>, Status> {
        let parent = &request.get_ref().parent;
        let (rows, next_page_token) =
            self.desk.list_of::<SiteName, SiteRow, VenueRow>(&request, parent).await?;
        let venues = rows.into_iter().map(Into::into).collect();
        Ok(Response::new(pb::ListVenuesResponse { venues, next_page_token }))
    }

    async fn update_venue(
        &self,
        request: Request<pb::UpdateVenueRequest>,
    ) -> Result<Response<pb::UpdateVenueResponse>, Status> {
        let body = request.get_ref().clone();
        let locks = Locks::of(body.venue.as_ref().map(|venue| venue.name.as_str()));
        self.desk.write(&request, locks, move |tx| Box::pin(update_venue(tx, body))).await
    }

    async fn create_zone(
        &self,
        request: Request<pb::CreateZoneRequest>,
    ) -> Result<Response<pb::CreateZoneResponse>, Status> {
        let row = zone_to_create(request.get_ref())?;
        let parent = request.get_ref().parent.clone();
        let locks = Locks::of([&parent, &row.name]);
        self.desk.write(&request, locks, move |tx| Box::pin(create_zone(tx, parent, row))).await
    }

    async fn get_zone(
        &self,
        request: Request<pb::GetZoneRequest>,
    ) -> Result<Response<pb::GetZoneResponse>, Status> {
        let row: ZoneRow = self.desk.get::<ZoneName, _>(&request.get_ref().name).await?;
        Ok(Response::new(pb::GetZoneResponse { zone: Some(row.into()) }))
    }

    async fn list_zones(
        &self,
        request: Request<pb::ListZonesRequest>,
    ) -> Result<Response<pb::ListZonesResponse>, Status> {
        let parent = &request.get_ref().parent;
        check_exists(&mut self.desk.read().await?, parent).await?;
        let (rows, next_page_token) = self.desk.list::<ZoneRow>(&request, parent).await?;
        let zones = rows.into_iter().map(Into::into).collect();
        Ok(Response::new(pb::ListZonesResponse { zones, next_page_token }))
    }

    async fn update_zone(
        &self,
        request: Request<pb::UpdateZoneRequest>,
    ) -> Result<Response<pb::UpdateZoneResponse>, Status> {
        let body = request.get_ref().clone();
        let locks = Locks::of(body.zone.as_ref().map(|zone| zone.name.as_str()));
        self.desk.write(&request, locks, move |tx| Box::pin(update_zone(tx, body))).await
    }
}
