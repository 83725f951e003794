//! What the day is played with: the opening, devices and tickets of its own, and limits.

use std::collections::HashMap;

use matchday_api::{
    common::v1::Provenance,
    visitors::v1::{
        CapacityLimits, Credential, CredentialKind, Device, GetEntryControlRequest, GetOccupancyRequest,
        GetOpeningRequest, ImportCredentialsRequest, ImportGatesRequest, ListDevicesRequest,
        ListGatesRequest, Occupancy, Opening, OpeningPhase, SetCapacityRequest,
    },
};
use matchday_kernel::{GateName, OpeningName};
use matchday_runtime::Exit;
use tonic::Status;

use super::{
    super::{connection::Client, pages},
    gates::{Lane, answered},
};
use crate::{failure::Failure, simulation::Crowd};

/// Of a hundred tickets so many people are approved, so that the gates have to stop.
const APPROVED: usize = 97;

/// The gates of an opening, by name.
pub(super) async fn gates(client: &Client, name: &OpeningName) -> Result<Vec<GateName>, Failure> {
    let opening = opening(client, name).await?;
    let mut gates = opening.gates;
    if gates.is_empty() {
        let found = pages::all(async |page_token| {
            let (parent, page_size) = (opening.venue.clone(), pages::PAGE_SIZE);
            let request = ListGatesRequest { parent, page_size, page_token };
            let page = client.gates().list_gates(request).await?.into_inner();
            Ok((page.gates, page.next_page_token))
        });
        gates = found.await?.into_iter().map(|gate| gate.name).collect();
    }
    if gates.is_empty() {
        return Err(Failure::new(Exit::Refused, format!("{} has no gates", opening.venue))
            .with_hint("import them: matchday gate import --help"));
    }
    gates.iter().map(|gate| gate.parse().map_err(Failure::input)).collect()
}

async fn opening(client: &Client, name: &OpeningName) -> Result<Opening, Failure> {
    let request = GetOpeningRequest { name: name.to_string() };
    Ok(client.admission().get_opening(request).await?.into_inner().opening.unwrap_or_default())
}

/// Who is inside.
pub(super) async fn occupancy(client: &Client, name: &OpeningName) -> Result<Occupancy, Failure> {
    let request = GetOccupancyRequest { name: name.to_string() };
    let reply = answered(async || client.admission().get_occupancy(request.clone()).await);
    Ok(reply.await?.into_inner().occupancy.unwrap_or_default())
}

/// The stage of a day.
pub(super) struct Stage {
    /// The opening.
    pub(super) opening: OpeningName,
    /// The lanes, by number.
    pub(super) lanes: Vec<Lane>,
    /// Codes of the credentials, by number.
    pub(super) codes: Vec<String>,
    /// The gates are still to be opened.
    pub(super) is_planned: bool,
}

impl Stage {
    /// Sets the stage for a day that lasts so many milliseconds; nobody has passed its gates. Nothing is written
    /// where it cannot be played.
    pub(super) async fn set(
        client: &Client,
        name: OpeningName,
        gates: &[GateName],
        crowd: &Crowd,
        (seed, lasts): (u64, i64),
    ) -> Result<Self, Failure> {
        let (found, counted) = (opening(client, &name).await?, occupancy(client, &name).await?);
        if counted.last_scan_time.is_some() {
            return Err(Failure::new(Exit::Refused, format!("somebody was scanned for {name} already"))
                .with_hint("a session is played once: take another one, or another data directory"));
        }
        let phase = found.phase();
        if !matches!(phase, OpeningPhase::Planned | OpeningPhase::Open) {
            return Err(late(&name));
        }
        let remaining = match (found.exit_only_time, counted.read_time) {
            (Some(until), Some(now)) => (until.seconds - now.seconds).saturating_mul(1_000_000),
            _ => 0,
        };
        if lasts.saturating_mul(1000) > remaining {
            return Err(late(&name));
        }
        let lanes = lanes(client, gates, crowd.lanes, seed).await?;
        let codes = tickets(client, &name, crowd, seed).await?;
        limit(client, &name, crowd).await?;
        let is_planned = phase == OpeningPhase::Planned;
        Ok(Self { opening: name, lanes, codes, is_planned })
    }
}

fn late(name: &OpeningName) -> Failure {
    let problem = format!("the gates of {name} let nobody in, or not long enough to play the day");
    Failure::new(Exit::Refused, problem)
        .with_hint("start the server with --clock-shift, so that it is shortly before they open")
}

fn generated() -> Provenance {
    Provenance { source: "matchday flow simulate".into(), generated: vec!["*".into()] }
}

/// The lanes of a day, each with a device of its own, whose sequences go on where they stand.
async fn lanes(client: &Client, gates: &[GateName], count: usize, seed: u64) -> Result<Vec<Lane>, Failure> {
    let of = |lane: usize| format!("{}/devices/sim-{seed}-{lane}", gates[lane % gates.len()]);
    let site = gates[0].parent().parent().to_string();
    let known = pages::all(async |page_token| {
        let (parent, page_size) = (site.clone(), pages::PAGE_SIZE);
        let request = ListDevicesRequest { parent, page_size, page_token };
        let page = client.gates().list_devices(request).await?.into_inner();
        Ok((page.devices, page.next_page_token))
    });
    let known: HashMap<String, i64> =
        known.await?.into_iter().map(|device| (device.name, device.last_sequence)).collect();
    let missing = (0..count).map(of).filter(|name| !known.contains_key(name));
    let devices: Vec<Device> = missing
        .map(|name| Device {
            name,
            display_name: "Simulated lane".into(),
            provenance: Some(generated()),
            ..Device::default()
        })
        .collect();
    if !devices.is_empty() {
        let import = ImportGatesRequest { parent: site, devices, ..ImportGatesRequest::default() };
        client.gates().import_gates(import).await?;
    }
    let lane = |lane: usize| {
        let device = of(lane);
        let sequence = known.get(&device).copied().unwrap_or_default();
        Lane::new(device, sequence)
    };
    Ok((0..count).map(lane).collect())
}

/// Tickets and passes of a day; those of an earlier attempt are as good.
async fn tickets(
    client: &Client,
    opening: &OpeningName,
    crowd: &Crowd,
    seed: u64,
) -> Result<Vec<String>, Failure> {
    let tournament = opening.parent();
    let codes: Vec<String> =
        (0..crowd.credentials).map(|number| format!("sim-{}-{seed}-{number:05}", opening.id())).collect();
    let credential = |(number, code): (usize, &String)| Credential {
        name: format!("{tournament}/credentials/{code}"),
        kind: if number < crowd.public { CredentialKind::Ticket } else { CredentialKind::Staff }.into(),
        sessions: vec![format!("{tournament}/sessions/{}", opening.id())],
        provenance: Some(generated()),
        ..Credential::default()
    };
    let import = ImportCredentialsRequest {
        parent: tournament.to_string(),
        credentials: codes.iter().enumerate().map(credential).collect(),
        ..ImportCredentialsRequest::default()
    };
    match client.credentials().import_credentials(import).await {
        Err(status) if !is(&status, "CREDENTIALS_EXIST") => Err(status.into()),
        _ => Ok(codes),
    }
}

fn is(status: &Status, reason: &str) -> bool {
    matchday_rpc::reason(status).is_some_and(|it| it == reason)
}

/// Limits the opening where nobody has.
async fn limit(client: &Client, opening: &OpeningName, crowd: &Crowd) -> Result<(), Failure> {
    let get = GetEntryControlRequest { name: opening.to_string() };
    let control = client.governor().get_entry_control(get).await?.into_inner().control.unwrap_or_default();
    if control.public_limit.is_some() {
        return Ok(());
    }
    let people = |count: usize| i32::try_from(count).ok();
    let limits = CapacityLimits {
        approved: people((crowd.public * APPROVED / 100).max(1)),
        permit: "simulated".into(),
        everyone: people(crowd.credentials),
        ..CapacityLimits::default()
    };
    let set = SetCapacityRequest {
        name: opening.to_string(),
        limits: Some(limits),
        etag: control.etag,
        ..SetCapacityRequest::default()
    };
    client.governor().set_capacity(set).await?;
    Ok(())
}
