//! `GateService`: gates and their devices.

use std::collections::HashMap;

use matchday_api::visitors::v1::{self as pb, gate_service_server::GateService};
use matchday_kernel::{Common, DeviceName, GateName, SiteName, VenueName, ZoneName};
use matchday_rpc::parse;
use matchday_store::{Locks, NewEvent, Record, Tx};
use tonic::{Request, Response, Status};

use crate::{
    Error, Visitors,
    store::gates::{self, DeviceRow, GateRow},
};

/// Most gates and devices in one import, together.
const MOST_IMPORTED: usize = 2_000;

/// Reads a gate. Its zone is at the same venue by its name; whether there is such a zone or venue is not asked
/// of venues: a gate is a fact of the site, and what stands behind it may be described later.
fn gate(field: &str, site: &SiteName, gate: pb::Gate) -> Result<GateRow, Error> {
    let of = |name: &str| format!("{field}.{name}");
    let name: GateName = parse::text_as(&of("name"), &gate.name)?;
    if name.parent().parent() != *site {
        return Err(Common::field(of("name"), format!("{name} is not at {site}")).into());
    }
    let zone: ZoneName = parse::text_as(&of("zone"), &gate.zone)?;
    if zone.parent() != name.parent() {
        return Err(Common::field(of("zone"), format!("{zone} is not at the venue of {name}")).into());
    }
    let provenance = parse::provenance(&of("provenance"), gate.provenance)?;
    Ok(GateRow {
        name: name.to_string(),
        display_name: parse::required_text(&of("display_name"), &gate.display_name)?,
        zone: zone.to_string(),
        generated: parse::generated_to_text(&provenance),
        source: provenance.source,
        ..GateRow::default()
    })
}

fn device(field: &str, site: &SiteName, device: pb::Device) -> Result<DeviceRow, Error> {
    let of = |name: &str| format!("{field}.{name}");
    let name: DeviceName = parse::text_as(&of("name"), &device.name)?;
    if name.parent().parent().parent() != *site {
        return Err(Common::field(of("name"), format!("{name} is not at {site}")).into());
    }
    let provenance = parse::provenance(&of("provenance"), device.provenance)?;
    Ok(DeviceRow {
        name: name.to_string(),
        gate: name.parent().to_string(),
        display_name: parse::required_text(&of("display_name"), &device.display_name)?,
        state: pb::DeviceState::Active.into(),
        generated: parse::generated_to_text(&provenance),
        source: provenance.source,
        ..DeviceRow::default()
    })
}

/// Gates and devices of a site, read and checked.
struct Import {
    site: SiteName,
    gates: Vec<GateRow>,
    devices: Vec<DeviceRow>,
}

impl Import {
    fn parse(request: pb::ImportGatesRequest) -> Result<Self, Error> {
        if request.gates.len() + request.devices.len() > MOST_IMPORTED {
            let problem = format!("an import holds at most {MOST_IMPORTED} gates and devices");
            return Err(Common::field("devices", problem).into());
        }
        let site: SiteName = parse::text_as("parent", &request.parent)?;
        let gates = request.gates.into_iter().enumerate();
        let gates = gates.map(|(index, one)| gate(&format!("gates[{index}]"), &site, one));
        let gates = gates.collect::<Result<_, _>>()?;
        let devices = request.devices.into_iter().enumerate();
        let devices = devices.map(|(index, one)| device(&format!("devices[{index}]"), &site, one));
        let devices = devices.collect::<Result<_, _>>()?;
        Ok(Self { site, gates, devices })
    }

    async fn create(self, tx: &mut Tx) -> Result<pb::ImportGatesResponse, Error> {
        let mut reply = pb::ImportGatesResponse::default();
        for row in self.gates {
            row.create(tx).await?;
            reply.gates += 1;
        }
        for row in self.devices {
            // one of the request has just been created
            GateRow::get(tx, &row.gate).await?;
            row.create(tx).await?;
            reply.devices += 1;
        }
        let event = pb::GatesImported { gates: reply.gates, devices: reply.devices };
        tx.emit(NewEvent::new(&self.site, None, &event));
        Ok(reply)
    }
}

async fn revoke(tx: &mut Tx, name: DeviceName, etag: String) -> Result<pb::RevokeDeviceResponse, Error> {
    let row = DeviceRow::get(tx, name.as_str()).await?;
    row.check_etag(&etag)?;
    let sequences = gates::last_sequences(tx, name.as_str(), name.as_str()).await?;
    let last_sequence = sequences.get(name.as_str()).copied().unwrap_or_default();
    let revoked: i32 = pb::DeviceState::Revoked.into();
    if row.state == revoked {
        // whoever revokes wants it revoked: a second time changes nothing
        return Ok(pb::RevokeDeviceResponse { device: Some(row.into_pb(last_sequence)) });
    }
    let row = DeviceRow { state: revoked, ..row }.save(tx).await?;
    let device = Some(row.into_pb(last_sequence));
    tx.emit(NewEvent::new(&name, None, &pb::DeviceRevoked { device: device.clone() }));
    Ok(pb::RevokeDeviceResponse { device })
}

/// Checks that a text names a site, a venue, or, where `has_gates`, a gate. Visitors keeps neither sites nor
/// venues: below one that does not exist there is nothing, and the list is empty.
fn check_parent(parent: &str, has_gates: bool) -> Result<(), Error> {
    match parent.split('/').count() {
        6 if has_gates => drop(parse::text_as::<GateName>("parent", parent)?),
        4 => drop(parse::text_as::<VenueName>("parent", parent)?),
        _ => drop(parse::text_as::<SiteName>("parent", parent)?),
    }
    Ok(())
}

#[tonic::async_trait]
impl GateService for Visitors {
    async fn import_gates(
        &self,
        request: Request<pb::ImportGatesRequest>,
    ) -> Result<Response<pb::ImportGatesResponse>, Status> {
        let import = Import::parse(request.get_ref().clone())?;
        let locks = Locks::of([import.site.as_str()]);
        self.desk.write(&request, locks, move |tx| Box::pin(import.create(tx))).await
    }

    async fn get_gate(
        &self,
        request: Request<pb::GetGateRequest>,
    ) -> Result<Response<pb::GetGateResponse>, Status> {
        let row: GateRow = self.desk.get::<GateName, _>(&request.get_ref().name).await?;
        Ok(Response::new(pb::GetGateResponse { gate: Some(row.into()) }))
    }

    async fn list_gates(
        &self,
        request: Request<pb::ListGatesRequest>,
    ) -> Result<Response<pb::ListGatesResponse>, Status> {
        let parent = &request.get_ref().parent;
        check_parent(parent, false)?;
        let (rows, next_page_token) = self.desk.list::<GateRow>(&request, parent).await?;
        let gates = rows.into_iter().map(Into::into).collect();
        Ok(Response::new(pb::ListGatesResponse { gates, next_page_token }))
    }

    async fn list_devices(
        &self,
        request: Request<pb::ListDevicesRequest>,
    ) -> Result<Response<pb::ListDevicesResponse>, Status> {
        let parent = &request.get_ref().parent;
        check_parent(parent, true)?;
        let (rows, next_page_token) = self.desk.list::<DeviceRow>(&request, parent).await?;
        let mut sequences = HashMap::new();
        if let (Some(first), Some(last)) = (rows.first(), rows.last()) {
            let mut conn = self.desk.read().await?;
            sequences =
                gates::last_sequences(&mut conn, &first.name, &last.name).await.map_err(Error::from)?;
        }
        let with_sequence = |row: DeviceRow| {
            let last_sequence = sequences.get(&row.name).copied().unwrap_or_default();
            row.into_pb(last_sequence)
        };
        let devices = rows.into_iter().map(with_sequence).collect();
        Ok(Response::new(pb::ListDevicesResponse { devices, next_page_token }))
    }

    async fn revoke_device(
        &self,
        request: Request<pb::RevokeDeviceRequest>,
    ) -> Result<Response<pb::RevokeDeviceResponse>, Status> {
        let name: DeviceName = parse::text_as("name", &request.get_ref().name).map_err(Error::from)?;
        let etag = request.get_ref().etag.clone();
        let locks = Locks::of([name.as_str()]);
        self.desk.write(&request, locks, move |tx| Box::pin(revoke(tx, name, etag))).await
    }
}
