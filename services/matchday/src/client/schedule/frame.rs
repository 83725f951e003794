//! What a timetable is made within: `matchday schedule frame`.

use std::path::PathBuf;

use clap::Subcommand;
use matchday_api::scheduling::v1::{
    ApplyTimetableFrameRequest, FrameClosure, FrameDay, FrameMatches, FrameOrigin, FramePitch,
    GetTimetableFrameRequest, KickOffs, TimetableFrame,
};
use matchday_kernel::{TournamentName, Zone};

use super::super::{
    connection::Client,
    generated, names,
    refusal::Repeat,
    source,
    times::{self, Clocks},
};
use crate::{
    failure::{Failure, say},
    file,
    output::{self, Cell, Column, Format, Shown},
};

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Show the frame in force, with what the schedule says where the frame is silent
    Show {
        /// The tournament: fisu-2023
        tournament: String,
    },
    /// Give a tournament the frame of a YAML file in place of the one it has
    #[command(
        after_long_help = "docs/howto/make-a-timetable.md explains the file.\n\nExample:\n  matchday schedule \
                                 frame apply examples/fisu-2023/timetable.yaml --dry-run"
    )]
    Apply {
        /// The file; examples/fisu-2023/timetable.yaml shows how it is written
        file: PathBuf,
        /// Check the frame, and change nothing
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        repeat: Repeat,
    },
}

impl Shown for TimetableFrame {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("name", |it: &Self| Cell::name(&it.name)),
        Column::new("kick-offs", |it: &Self| Cell::Text(clocks(it.kick_offs.as_ref()))),
        Column::new("other days", |it: &Self| Cell::Text(joined(&it.days, day))),
        Column::new("kept", |it: &Self| Cell::Names(it.kept.clone())),
        Column::new("ladder", |it: &Self| Cell::Text(joined(&it.ladder, |step| step.title.clone()))),
        Column::detail("teams", |it: &Self| Cell::Count(i32::try_from(it.teams.len()).unwrap_or(i32::MAX))),
        Column::clock("applied", |it: &Self| Cell::Time(it.update_time)),
        Column::detail("source", |it: &Self| source(it.provenance.as_ref())),
        Column::detail("generated", |it: &Self| generated(it.provenance.as_ref())),
    ];
}

impl Shown for FramePitch {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("pitch", |it: &Self| Cell::name(&it.zone)),
        Column::new("open", |it: &Self| {
            Cell::Text(it.hours.as_ref().map_or_else(String::new, |it| format!("{}–{}", it.opens, it.closes)))
        }),
        Column::new("closed", |it: &Self| {
            Cell::Spans(
                it.closures
                    .iter()
                    .map(|FrameClosure { start_time, end_time, .. }| (*start_time, *end_time))
                    .collect(),
            )
        }),
        Column::new("surface", |it: &Self| Cell::text(&it.surface)),
        Column::new("holds", |it: &Self| Cell::Count(it.capacity)),
        Column::new("floodlit", |it: &Self| Cell::text(yes(it.floodlit))),
        Column::new("reserve", |it: &Self| Cell::text(yes(it.reserve))),
        Column::new("warm-up area", |it: &Self| Cell::name(&it.warm_up_area)),
    ];
}

impl Shown for FrameMatches {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("matches", |it: &Self| Cell::Text(covered(it))),
        Column::new("length", |it: &Self| Cell::Length(it.length)),
        Column::new("set-up", |it: &Self| Cell::Length(it.set_up)),
        Column::new("turnaround", |it: &Self| Cell::Length(it.turnaround)),
        Column::new("crowd", |it: &Self| number(it.crowd)),
        Column::new("people", |it: &Self| number(it.people)),
        Column::new("officials", |it: &Self| Cell::text(yes(it.officials.unwrap_or_default()))),
    ];
}

fn yes(is_so: bool) -> &'static str {
    if is_so { "yes" } else { "" }
}

fn number(number: Option<i32>) -> Cell {
    number.map_or_else(|| Cell::text(""), |number| Cell::Number(number.into()))
}

/// Which matches an entry covers: `men, group`, `all`.
fn covered(entry: &FrameMatches) -> String {
    let named = [entry.competitions.clone(), entry.stages.clone()].concat();
    if named.is_empty() { "all".to_owned() } else { named.join(", ") }
}

/// Kick-offs of a day: `15:30, 10:00–20:30 every 30m`.
fn clocks(kick_offs: Option<&KickOffs>) -> String {
    let KickOffs { times, windows } = kick_offs.cloned().unwrap_or_default();
    let windows = windows.into_iter().map(|window| {
        let step = Cell::Length(window.step).short(&times::utc());
        format!("{}–{} every {step}", window.from, window.until)
    });
    times.into_iter().chain(windows).collect::<Vec<_>>().join(", ")
}

/// A day that differs: `2023-10-28 (none)`, `2023-11-01 (reserve)`.
fn day(day: &FrameDay) -> String {
    let clocks = day.kick_offs.as_ref().map(|kick_offs| clocks(Some(kick_offs)));
    let clocks = clocks.map(|clocks| if clocks.is_empty() { "none".to_owned() } else { clocks });
    let parts: Vec<String> =
        [day.reserve.then(|| "reserve".to_owned()), clocks].into_iter().flatten().collect();
    format!("{} ({})", day.date, parts.join(", "))
}

fn joined<T>(list: &[T], told: fn(&T) -> String) -> String {
    list.iter().map(told).collect::<Vec<_>>().join("; ")
}

impl Command {
    /// Does what the command says.
    pub(crate) async fn run(self, client: &Client) -> Result<(), Failure> {
        match self {
            Self::Show { tournament } => {
                let name: TournamentName = names::read(&tournament)?;
                let request = GetTimetableFrameRequest { parent: name.to_string() };
                let response = client.frames().get_timetable_frame(request).await?.into_inner();
                if response.origin() == FrameOrigin::Derived {
                    let id = name.id();
                    say(format_args!("{id} has no frame of its own: this is what its schedule says"));
                }
                let zone = Clocks::Tournament(&name).zone_to_show(client).await;
                show(client.output, &response.frame.unwrap_or_default(), &zone)
            }
            Self::Apply { file, dry_run, repeat } => {
                let apply = file::frame(&file)?;
                let name: TournamentName = names::read(&apply.parent)?;
                let request = repeat.request();
                let apply =
                    ApplyTimetableFrameRequest { request_id: request.id(), validate_only: dry_run, ..apply };
                let applied = client.frames().apply_timetable_frame(apply).await;
                let response = applied.map_err(|status| request.refused(status))?.into_inner();
                say(if dry_run { "the frame is right; nothing was changed" } else { "applied the frame" });
                let zone = Clocks::Tournament(&name).zone_to_show(client).await;
                show(client.output, &response.frame.unwrap_or_default(), &zone)
            }
        }
    }
}

/// Writes a frame: as a table in three parts, as CSV its pitches, as JSON the whole.
fn show(output: Format, frame: &TimetableFrame, zone: &Zone) -> Result<(), Failure> {
    match output {
        Format::Json => output.one(frame, zone),
        Format::Csv => output.list(&frame.pitches, zone),
        Format::Table => {
            output.one(frame, zone)?;
            output::print("\n")?;
            output.list(&frame.pitches, zone)?;
            if frame.matches.is_empty() {
                return Ok(());
            }
            output::print("\n")?;
            output.list(&frame.matches, zone)
        }
    }
}
