//! What is computed once for all who watch it.

use std::collections::HashMap;

use matchday_api::visitors::v1 as pb;
use matchday_kernel::{OpeningName, VenueName};
use matchday_rpc::parse::{micros_to_timestamp, to_timestamp};
use matchday_runtime::Desk;
use matchday_store::{Conn, Record, StoreError};
use tonic::Status;

use super::{admissions, flow_estimate, governor};
use crate::{
    Error,
    store::{
        control::number,
        offline,
        openings::OpeningRow,
        scans::{self, MINUTE, MinuteRow},
    },
};

/// Minutes that a view of a gate holds.
const MINUTES: i64 = 15;
/// Quotas that it holds.
const QUOTAS: i64 = 100;

/// How many people are in the zones of a venue.
pub(crate) async fn occupancy(desk: Desk, venue: VenueName) -> Result<pb::VenueOccupancy, Status> {
    let mut conn = desk.read().await?;
    Ok(flow_estimate::occupancy(&mut conn, &venue, desk.now()).await?)
}

/// Whether an estimate says the same as another, whenever they were made.
pub(crate) fn is_same(one: &pb::VenueOccupancy, other: &pb::VenueOccupancy) -> bool {
    pb::VenueOccupancy { time: other.time, ..one.clone() } == *other
}

/// An opening as whoever runs its gates sees it.
pub(crate) async fn gate(desk: Desk, name: OpeningName) -> Result<pb::GateView, Status> {
    let mut conn = desk.read().await?;
    Ok(view(&mut conn, name.as_str(), &desk).await.map_err(Error::from)?)
}

/// Whether a view shows the same as another, whenever they were read.
pub(crate) fn is_same_gate(one: &pb::GateView, other: &pb::GateView) -> bool {
    let without_time = |view: &pb::GateView| {
        let mut view = view.clone();
        view.read_time = None;
        if let Some(occupancy) = &mut view.occupancy {
            occupancy.read_time = None;
        }
        view
    };
    without_time(one) == without_time(other)
}

async fn view(conn: &mut Conn, name: &str, desk: &Desk) -> Result<pb::GateView, StoreError> {
    let now = desk.now();
    let opening = OpeningRow::get(conn, name).await?.to_pb(now)?;
    let control = governor::control_of(conn, name).await?;
    let occupancy = admissions::occupancy(conn, name, now).await?;
    let quotas = offline::open_quotas(conn, name, QUOTAS).await?;
    let until = now.as_micros().div_euclid(MINUTE);
    let scanned = scans::by_minute(conn, name, until - MINUTES, until).await?;
    Ok(pb::GateView {
        opening: Some(opening),
        control: Some(control),
        occupancy: Some(occupancy),
        quotas: quotas.into_iter().map(Into::into).collect(),
        minutes: minutes(until, scanned),
        read_time: Some(to_timestamp(now)),
    })
}

/// The last minutes before one, those without a scan as well.
fn minutes(until: i64, scanned: Vec<MinuteRow>) -> Vec<pb::GateMinute> {
    let scanned: HashMap<i64, MinuteRow> = scanned.into_iter().map(|row| (row.minute, row)).collect();
    let minute = |minute: i64| {
        let row = scanned.get(&minute).copied().unwrap_or_default();
        pb::GateMinute {
            start_time: Some(micros_to_timestamp(minute * MINUTE)),
            entries: number(row.entries),
            exits: number(row.exits),
            refused: number(row.refused),
        }
    };
    (until - MINUTES..until).map(minute).collect()
}
