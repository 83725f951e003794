//! `matchday flow`: people counters, counts by hand, and how many people are where.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use matchday_api::visitors::v1::{
    ApplyFlowGraphRequest, CounterReading, GetVenueOccupancyRequest, OccupancyStanding,
    RecordReadingsRequest, RecordReadingsResponse, RecordReferenceCountRequest, VenueOccupancy,
    WatchVenueOccupancyRequest, ZoneOccupancy,
};
use matchday_kernel::{Instant, VenueName, ZoneName};
use matchday_rpc::parse::to_timestamp;

use super::{
    alert, alert_rule,
    connection::{Client, Connection},
    duty_holder, names,
    refusal::Repeat,
    simulate::Simulate,
    times,
};
use crate::{
    failure::{Failure, say},
    file,
    output::{Cell, Column, Shown},
    words,
};

/// Blocks of a bar for one person per square metre.
const BLOCKS: f64 = 4.0;
/// Longest bar, in blocks: five people per square metre and more.
const LONGEST_BAR: f64 = 20.0;

/// The command and where it goes.
#[derive(Args)]
pub(crate) struct Flow {
    #[command(flatten)]
    connection: Connection,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Zones, links and counters of a venue
    #[command(subcommand)]
    Graph(GraphCommand),
    /// Show how many people are in each zone of a venue (区域人数)
    #[command(after_long_help = "Example:\n  matchday flow occupancy jinjiang/stadium --watch")]
    Occupancy {
        /// The venue: jinjiang/stadium
        venue: String,
        /// Show it again whenever it changes, until interrupted
        #[arg(long)]
        watch: bool,
    },
    /// List the alerts of a venue that are open (告警), or watch them
    #[command(
        after_long_help = "Examples:\n  matchday flow alerts jinjiang/stadium\n  matchday flow alerts \
                           jinjiang/stadium --watch\n  matchday flow alerts jinjiang/stadium --all --level red"
    )]
    Alerts(alert::Alerts),
    /// Show, acknowledge and shelve an alert
    #[command(subcommand)]
    Alert(alert::Deed),
    /// Measure the alarms themselves as ISA-18.2 does: how many at once, floods, stale ones, time to acknowledge
    #[command(
        after_long_help = "Example:\n  matchday flow alarm-figures jinjiang/stadium --from '2023-10-20 16:00'"
    )]
    AlarmFigures(alert::Figures),
    /// Who answers for a zone, and is told of its alerts (责任网格)
    #[command(subcommand)]
    Duty(duty_holder::Duty),
    /// When alerts are raised, lowered and handed on
    #[command(subcommand)]
    Rule(alert_rule::Rules),
    /// Play a session at its gates against the server, and check its account to the person; for rehearsals
    Simulate(Simulate),
    /// Record what a counter saw
    #[command(
        after_long_help = "Example:\n  matchday flow count jinjiang/stadium north 17 --from 2023-10-20T11:00:00Z \
                           --until 2023-10-20T11:01:00Z --in 120 --out 3\n\nThe same counter and number are the \
                           same reading: it is counted once."
    )]
    Count {
        /// The venue: jinjiang/stadium
        venue: String,
        /// Id of the counter
        counter: String,
        /// Counts the counter's readings, from 1
        #[arg(value_parser = clap::value_parser!(i64).range(1..))]
        sequence: i64,
        /// When the stretch of time began: 2023-10-20T11:00:00Z
        #[arg(long, value_parser = instant)]
        from: Instant,
        /// When it ended
        #[arg(long, value_parser = instant)]
        until: Instant,
        /// People counted in
        #[arg(long = "in", default_value_t = 0)]
        entries: i64,
        /// People counted out
        #[arg(long = "out", default_value_t = 0)]
        exits: i64,
    },
    /// Record how many people are in a zone, as somebody counted them (人工清点); 0 is empty
    #[command(
        after_long_help = "Example:\n  matchday flow reference jinjiang/stadium/gate-plaza 412 --give-or-take 5"
    )]
    Reference {
        /// The zone: jinjiang/stadium/gate-plaza
        zone: String,
        /// People in it
        people: i64,
        /// When it was counted, at most a day ago; without it now
        #[arg(long, value_parser = instant)]
        at: Option<Instant>,
        /// By how many people the count may be off, one standard deviation
        #[arg(long, default_value_t = 0.0)]
        give_or_take: f64,
        #[command(flatten)]
        repeat: Repeat,
    },
}

#[derive(Subcommand)]
enum GraphCommand {
    /// Set the zones, links and counters of a venue from a YAML file
    #[command(after_long_help = "Example:\n  matchday flow graph import examples/fisu-2023/flow.yaml")]
    Import {
        /// The file; examples/fisu-2023/flow.yaml shows how it is written
        file: PathBuf,
        #[command(flatten)]
        repeat: Repeat,
    },
}

fn instant(text: &str) -> Result<Instant, String> {
    text.parse().map_err(|error| format!("{error}"))
}

/// A bar as long as the crowd is dense.
fn bar(zone: &ZoneOccupancy) -> String {
    let blocks = (zone.density.unwrap_or_default() * BLOCKS).clamp(0.0, LONGEST_BAR);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 20")]
    let blocks = blocks.round() as usize;
    "█".repeat(blocks)
}

impl Shown for ZoneOccupancy {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("zone", |it: &Self| Cell::name(&it.zone)),
        Column::new("people", |it: &Self| Cell::Number(it.people)),
        Column::new("low", |it: &Self| Cell::Number(it.low)),
        Column::new("high", |it: &Self| Cell::Number(it.high)),
        Column::new("per-m2", |it: &Self| {
            Cell::Text(it.density.map_or_else(String::new, |it| format!("{it:.2}")))
        }),
        Column::summary("crowd", |it: &Self| Cell::Text(bar(it))),
        Column::new("tier", |it: &Self| Cell::text(&it.tier)),
        Column::new("standing", |it: &Self| Cell::Text(words::word_of::<OccupancyStanding>(it.standing))),
        Column::clock("fresh", |it: &Self| Cell::Time(it.fresh_time)),
        Column::detail("counted", |it: &Self| Cell::Time(it.reference_time)),
        Column::detail("silent", |it: &Self| Cell::Text(it.silent_counters.join(" "))),
    ];
}

impl Shown for RecordReadingsResponse {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("counted", |it: &Self| Cell::Number(it.counted.into())),
        Column::new("repeated", |it: &Self| Cell::Number(it.repeated_readings.into())),
        Column::new("late", |it: &Self| Cell::Number(it.late.into())),
    ];
}

impl Flow {
    /// Does what the command says.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        match self.command {
            Command::Graph(GraphCommand::Import { file, repeat }) => {
                let apply = file::flow(&file)?;
                let (client, request) = (self.connection.open()?, repeat.request());
                let apply = ApplyFlowGraphRequest { request_id: request.id(), ..apply };
                let venue = apply.parent.clone();
                let applied = client.flow().apply_flow_graph(apply).await;
                let graph = applied.map_err(|status| request.refused(status))?.into_inner().graph;
                let graph = graph.unwrap_or_default();
                let (zones, links) = (graph.zones.len(), graph.links.len());
                say(format_args!("{venue}: {zones} zones, {links} links, {} counters", graph.counters.len()));
                Ok(())
            }
            Command::Occupancy { venue, watch: false } => {
                let venue: VenueName = names::read(&venue)?;
                let client = self.connection.open()?;
                let request = GetVenueOccupancyRequest { parent: venue.to_string() };
                let reply = client.flow().get_venue_occupancy(request).await?.into_inner();
                show(&client, &reply.occupancy.unwrap_or_default())
            }
            Command::Occupancy { venue, watch: true } => {
                let venue: VenueName = names::read(&venue)?;
                let client = self.connection.open()?;
                let request = WatchVenueOccupancyRequest { parent: venue.to_string() };
                let mut replies = client.flow().watch_venue_occupancy(request).await?.into_inner();
                while let Some(reply) = replies.message().await? {
                    show(&client, &reply.occupancy.unwrap_or_default())?;
                }
                Ok(())
            }
            Command::Alerts(alerts) => alerts.run(&self.connection.open()?).await,
            Command::Alert(deed) => deed.run(&self.connection.open()?).await,
            Command::AlarmFigures(figures) => figures.run(&self.connection.open()?).await,
            Command::Duty(duty) => duty.run(&self.connection.open()?).await,
            Command::Rule(rules) => rules.run(&self.connection.open()?).await,
            Command::Simulate(simulate) => simulate.run(&self.connection.open()?).await,
            Command::Count { venue, counter, sequence, from, until, entries, exits } => {
                let venue: VenueName = names::read(&venue)?;
                let client = self.connection.open()?;
                let (start_time, end_time) = (Some(to_timestamp(from)), Some(to_timestamp(until)));
                let reading = CounterReading { counter, sequence, start_time, end_time, entries, exits };
                let request = RecordReadingsRequest { parent: venue.to_string(), readings: vec![reading] };
                let reply = client.flow().record_readings(request).await?.into_inner();
                client.output.one(&reply, &times::utc())
            }
            Command::Reference { zone, people, at, give_or_take, repeat } => {
                let zone: ZoneName = names::read(&zone)?;
                let (client, request) = (self.connection.open()?, repeat.request());
                let count = RecordReferenceCountRequest {
                    parent: zone.parent().to_string(),
                    zone: zone.to_string(),
                    time: at.map(to_timestamp),
                    people,
                    deviation: give_or_take,
                    request_id: request.id(),
                };
                let counted = client.flow().record_reference_count(count).await;
                let reply = counted.map_err(|status| request.refused(status))?.into_inner();
                show(&client, &reply.occupancy.unwrap_or_default())
            }
        }
    }
}

/// Shows the zones of a venue, and says what is wrong with its counters.
fn show(client: &Client, occupancy: &VenueOccupancy) -> Result<(), Failure> {
    client.output.list(&occupancy.zones, &times::utc())?;
    if !occupancy.suspect_counters.is_empty() {
        let suspects = occupancy.suspect_counters.join(", ");
        say(format_args!("what was counted cannot be; probably wrong is one of the counters: {suspects}"));
    }
    if occupancy.late_readings > 0 {
        say(format_args!("{} readings came too late to be counted", occupancy.late_readings));
    }
    Ok(())
}
