//! `FlowService`: graphs, readings of counters, reference counts, and how many people are where.

use std::collections::{BTreeMap, HashMap};

use matchday_api::visitors::v1::{self as pb, flow_service_server::FlowService};
use matchday_kernel::{Common, Instant, SignedDuration, Slug, VenueName, ZoneName};
use matchday_rpc::{fault_status, parse};
use matchday_runtime::events;
use matchday_store::{BoxStream, Locks, NewEvent, Record, Tx};
use tonic::{Request, Response, Status};

use super::{flow_estimate::occupancy, flow_graph};
use crate::{
    Error, Visitors,
    domain::flow::{graph::Graph, reading::MOST_IN_A_SLOT},
    store::flow::{self, FlowGraphRow, ReadingRow, ReferenceRow},
};

/// Most readings of one call.
const MOST_READINGS: usize = 10_000;
/// Sequences of a call that are further apart are looked up apart.
const WIDEST_GAP: i64 = 10;
/// Oldest reference count.
const A_DAY: SignedDuration = SignedDuration::from_hours(24);
/// A reading that comes later after its end is kept and not counted: the past stays as it was told.
const LATEST: SignedDuration = SignedDuration::from_mins(15);
/// How far the clock of a counter may be ahead.
const AHEAD: SignedDuration = SignedDuration::from_mins(2);
/// Most people of a reference count.
const MOST_PEOPLE: i64 = 1_000_000;

/// Under this lock the readings and counts of a venue are written.
fn flow_of(venue: &VenueName) -> String {
    format!("{venue}/flow")
}

fn reading(field: &str, reading: &pb::CounterReading) -> Result<ReadingRow, Error> {
    let of = |name: &str| format!("{field}.{name}");
    let counter: Slug = parse::text_as(&of("counter"), &reading.counter)?;
    if reading.sequence < 1 {
        return Err(Common::field(of("sequence"), "counts the counter's readings from 1").into());
    }
    let time = |name: &str, time| parse::required(&of(name), parse::instant(&of(name), time)?);
    let (start, end) = (time("start_time", reading.start_time)?, time("end_time", reading.end_time)?);
    if end <= start || end.as_micros() - start.as_micros() > flow::LONGEST_READING {
        return Err(
            Common::field(of("end_time"), "is not after its start, or more than an hour after it").into()
        );
    }
    for (name, people) in [("entries", reading.entries), ("exits", reading.exits)] {
        if !(0..=i64::from(MOST_IN_A_SLOT)).contains(&people) {
            let problem = format!("is {people}; a counter reports 0 to {MOST_IN_A_SLOT} people");
            return Err(Common::field(of(name), problem).into());
        }
    }
    Ok(ReadingRow {
        counter: counter.to_string(),
        sequence: reading.sequence,
        started: start.as_micros(),
        ended: end.as_micros(),
        entries: reading.entries,
        exits: reading.exits,
        late: 0,
    })
}

/// Readings of a venue's counters, read and checked.
struct Readings {
    venue: VenueName,
    rows: Vec<ReadingRow>,
}

impl Readings {
    fn parse(request: &pb::RecordReadingsRequest) -> Result<Self, Error> {
        if request.readings.len() > MOST_READINGS {
            let problem = format!("a call holds at most {MOST_READINGS} readings");
            return Err(Common::field("readings", problem).into());
        }
        let rows = request.readings.iter().enumerate();
        let rows = rows.map(|(index, one)| reading(&format!("readings[{index}]"), one));
        Ok(Self { venue: parse::text_as("parent", &request.parent)?, rows: rows.collect::<Result<_, _>>()? })
    }

    async fn keep(mut self, tx: &mut Tx) -> Result<pb::RecordReadingsResponse, Error> {
        let graph = graph_of(tx, &self.venue).await?;
        if let Some(stray) = self.rows.iter().find(|row| graph.counters.iter().all(|it| it.id != row.counter))
        {
            let (counter, venue) = (stray.counter.clone(), self.venue.to_string());
            return Err(Error::CounterUnknown { counter, venue });
        }
        let now = tx.now();
        let (oldest, newest) = (now.saturating_add(-LATEST), now.saturating_add(AHEAD));
        for row in &mut self.rows {
            let is_late = row.ended < oldest.as_micros() || row.ended > newest.as_micros();
            row.late = i64::from(is_late);
        }
        let known = self.known(tx).await?;
        let (mut fresh, mut late) = (BTreeMap::new(), 0);
        for row in &self.rows {
            let key = (row.counter.as_str(), row.sequence);
            let before = known.get(&row.counter).and_then(|rows| rows.get(&row.sequence));
            match before.or(fresh.get(&key).copied()) {
                Some(before) if before.says_as(row) => {}
                Some(_) => {
                    let (counter, sequence) = (row.counter.clone(), row.sequence);
                    return Err(Error::ReadingKeyReused { counter, sequence });
                }
                None => {
                    late += i32::from(row.late == 1);
                    fresh.insert(key, row);
                }
            }
        }
        let fresh: Vec<ReadingRow> = fresh.into_values().cloned().collect();
        flow::insert_readings(tx, self.venue.as_str(), &fresh).await?;
        let count = |many: usize| i32::try_from(many).unwrap_or(i32::MAX);
        let new = count(fresh.len());
        if new > 0 {
            let event = pb::ReadingsRecorded { venue: self.venue.to_string(), readings: new };
            tx.emit(NewEvent::new(&self.venue, None, &event));
        }
        let repeated_readings = count(self.rows.len()) - new;
        Ok(pb::RecordReadingsResponse { counted: new - late, repeated_readings, late })
    }

    /// The readings kept before that these may repeat, by counter and sequence.
    async fn known(&self, tx: &mut Tx) -> Result<BTreeMap<String, HashMap<i64, ReadingRow>>, Error> {
        let mut sequences: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
        for row in &self.rows {
            sequences.entry(&row.counter).or_default().push(row.sequence);
        }
        let mut known: BTreeMap<String, HashMap<i64, ReadingRow>> = BTreeMap::new();
        for (counter, mut sequences) in sequences {
            sequences.sort_unstable();
            // sequences far apart are looked up apart: what lies between is not read
            for run in sequences.chunk_by(|one, next| next - one <= WIDEST_GAP) {
                let (first, last) = (run[0], run[run.len() - 1]);
                let rows = flow::readings_between(tx, self.venue.as_str(), counter, first, last).await?;
                known.entry(counter.to_owned()).or_default().extend(rows);
            }
        }
        Ok(known)
    }
}

async fn graph_of(tx: &mut Tx, venue: &VenueName) -> Result<Graph, Error> {
    let row = FlowGraphRow::get(tx, venue.as_str()).await?;
    flow_graph::read(venue, &row.graph()?)
}

async fn apply(
    tx: &mut Tx,
    venue: VenueName,
    graph: pb::FlowGraph,
) -> Result<pb::ApplyFlowGraphResponse, Error> {
    let row = FlowGraphRow::of(venue.as_str(), &graph);
    match FlowGraphRow::find(tx, venue.as_str()).await? {
        Some(before) => FlowGraphRow { body: row.body, ..before }.save(tx).await?,
        None => row.create(tx).await?,
    };
    tx.emit(NewEvent::new(&venue, None, &pb::FlowGraphApplied { venue: venue.to_string() }));
    Ok(pb::ApplyFlowGraphResponse { graph: Some(graph) })
}

/// A reference count, read and checked as far as it can be without the time.
struct Count {
    venue: VenueName,
    zone: ZoneName,
    time: Option<Instant>,
    people: i64,
    deviation: f64,
}

impl Count {
    fn parse(request: &pb::RecordReferenceCountRequest) -> Result<Self, Error> {
        let (people, deviation) = (request.people, request.deviation);
        if !(0..=MOST_PEOPLE).contains(&people) {
            return Err(
                Common::field("people", format!("is {people}; 0 to {MOST_PEOPLE} can be counted")).into()
            );
        }
        if !(0.0..=100_000.0).contains(&deviation) {
            return Err(Common::field("deviation", "is a number of people from 0 to 100,000").into());
        }
        Ok(Self {
            venue: parse::text_as("parent", &request.parent)?,
            zone: parse::text_as("zone", &request.zone)?,
            time: parse::instant("time", request.time)?,
            people,
            deviation,
        })
    }

    async fn keep(self, tx: &mut Tx) -> Result<pb::RecordReferenceCountResponse, Error> {
        let (now, zone) = (tx.now(), self.zone.to_string());
        let time = self.time.unwrap_or(now);
        if time > now || now.since(time) > A_DAY {
            return Err(Common::field("time", "lies in the future, or more than a day ago").into());
        }
        let graph = graph_of(tx, &self.venue).await?;
        if graph.zones.iter().all(|one| one.name != zone) {
            return Err(
                Common::field("zone", format!("{zone} is not in the flow graph of {}", self.venue)).into()
            );
        }
        let (people, deviation, counted) = (self.people, self.deviation, time.as_micros());
        let row = ReferenceRow { zone: zone.clone(), counted, people, deviation };
        flow::save_reference(tx, self.venue.as_str(), &row).await?;
        let event = pb::ReferenceCounted { zone, people, time: Some(parse::to_timestamp(time)) };
        tx.emit(NewEvent::new(&self.venue, None, &event));
        Ok(pb::RecordReferenceCountResponse { occupancy: Some(occupancy(tx, &self.venue, now).await?) })
    }
}

#[tonic::async_trait]
impl FlowService for Visitors {
    type WatchVenueOccupancyStream = BoxStream<'static, Result<pb::WatchVenueOccupancyResponse, Status>>;

    async fn apply_flow_graph(
        &self,
        request: Request<pb::ApplyFlowGraphRequest>,
    ) -> Result<Response<pb::ApplyFlowGraphResponse>, Status> {
        let venue: VenueName = parse::text_as("parent", &request.get_ref().parent).map_err(Error::from)?;
        let graph = request.get_ref().graph.clone();
        let graph = parse::required("graph", graph).map_err(Error::from)?;
        flow_graph::read(&venue, &graph)?;
        let locks = Locks::of([flow_of(&venue)]);
        self.desk.write(&request, locks, move |tx| Box::pin(apply(tx, venue, graph))).await
    }

    async fn get_flow_graph(
        &self,
        request: Request<pb::GetFlowGraphRequest>,
    ) -> Result<Response<pb::GetFlowGraphResponse>, Status> {
        let row: FlowGraphRow = self.desk.get::<VenueName, _>(&request.get_ref().parent).await?;
        let graph = row.graph().map_err(Error::from)?;
        Ok(Response::new(pb::GetFlowGraphResponse { graph: Some(graph) }))
    }

    async fn record_readings(
        &self,
        request: Request<pb::RecordReadingsRequest>,
    ) -> Result<Response<pb::RecordReadingsResponse>, Status> {
        let record = Readings::parse(request.get_ref())?;
        let locks = Locks::of([flow_of(&record.venue)]);
        self.desk.write(&request, locks, move |tx| Box::pin(record.keep(tx))).await
    }

    async fn record_reference_count(
        &self,
        request: Request<pb::RecordReferenceCountRequest>,
    ) -> Result<Response<pb::RecordReferenceCountResponse>, Status> {
        let count = Count::parse(request.get_ref())?;
        let locks = Locks::of([flow_of(&count.venue)]);
        self.desk.write(&request, locks, move |tx| Box::pin(count.keep(tx))).await
    }

    async fn get_venue_occupancy(
        &self,
        request: Request<pb::GetVenueOccupancyRequest>,
    ) -> Result<Response<pb::GetVenueOccupancyResponse>, Status> {
        let venue: VenueName = parse::text_as("parent", &request.get_ref().parent).map_err(Error::from)?;
        let mut conn = self.desk.read().await?;
        let occupancy = occupancy(&mut conn, &venue, self.desk.now()).await?;
        Ok(Response::new(pb::GetVenueOccupancyResponse { occupancy: Some(occupancy) }))
    }

    async fn watch_venue_occupancy(
        &self,
        request: Request<pb::WatchVenueOccupancyRequest>,
    ) -> Result<Response<Self::WatchVenueOccupancyStream>, Status> {
        let venue: VenueName = parse::text_as("parent", &request.get_ref().parent).map_err(Error::from)?;
        let mut conn = self.desk.read().await?;
        FlowGraphRow::get(&mut conn, venue.as_str()).await.map_err(|error| fault_status(&error))?;
        drop(conn);
        let estimates = self.feeds.occupancy.stream(&venue, (), |(), found: &pb::VenueOccupancy| {
            Ok(Some(pb::WatchVenueOccupancyResponse { occupancy: Some(found.clone()) }))
        });
        Ok(Response::new(events::until_ending(estimates, &self.stop)))
    }
}
