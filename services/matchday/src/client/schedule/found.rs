//! What a run has found: its drafts with their price, or why there is none.

use std::collections::{BTreeMap, BTreeSet};

use matchday_api::scheduling::v1::{
    Activity, BrokenRule, GetScheduleVersionRequest, Infeasibility, LadderOutcome, LadderStep, Run, RunKind,
    RunMove, RunOption, RunState, run_budget::Limit,
};
use matchday_kernel::{RunName, Zone};
use matchday_runtime::Exit;

use super::{
    super::{connection::Client, times::Clocks},
    running::{grouped, short, text},
};
use crate::{
    failure::{Failure, say},
    output::{Cell, Column, Format, Shown, print, table},
    words,
};

impl Shown for Run {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("name", |it: &Self| Cell::name(&it.name)),
        Column::new("kind", |it: &Self| Cell::Text(words::word_of::<RunKind>(it.kind))),
        Column::new("state", |it: &Self| Cell::Text(words::word_of::<RunState>(it.state))),
        Column::clock("asked for", |it: &Self| Cell::Time(it.create_time)),
        Column::new("best", |it: &Self| number(it.progress.unwrap_or_default().best)),
        Column::new("bound", |it: &Self| number(it.progress.unwrap_or_default().bound)),
        Column::new("iterations", |it: &Self| Cell::Number(it.progress.unwrap_or_default().iteration)),
        Column::new("elapsed", |it: &Self| Cell::Length(it.progress.unwrap_or_default().elapsed)),
        Column::new("drafts", |it: &Self| Cell::Names(drafts(it))),
        Column::new("author", |it: &Self| Cell::text(&it.author)),
        Column::detail("base", |it: &Self| Cell::name(&it.base)),
        Column::detail("seed", |it: &Self| Cell::Number(it.budget.unwrap_or_default().seed)),
        Column::detail("budget", |it: &Self| Cell::Text(budget(it))),
        Column::detail("ended", |it: &Self| Cell::Time(it.end_time)),
        Column::detail("reason", |it: &Self| Cell::text(&it.reason)),
    ];
}

fn number(number: Option<i64>) -> Cell {
    number.map_or_else(|| Cell::text(""), Cell::Number)
}

fn budget(run: &Run) -> String {
    match run.budget.and_then(|budget| budget.limit) {
        None => String::new(),
        Some(Limit::Seconds(seconds)) => format!("{seconds} s"),
        Some(Limit::Iterations(iterations)) => format!("{iterations} iterations"),
    }
}

/// Names of the drafts of a run, those of the ladder included.
fn drafts(run: &Run) -> Vec<String> {
    let steps = run.infeasibility.iter().flat_map(|infeasibility| &infeasibility.ladder);
    let versions = run.options.iter().map(|option| &option.version).chain(steps.map(|step| &step.version));
    versions.filter(|version| !version.is_empty()).cloned().collect()
}

/// Shows a run that has ended.
///
/// # Errors
/// [`Failure`] when it has ended without a timetable: refused when there is none.
pub(super) async fn show(client: &Client, run: &Run) -> Result<(), Failure> {
    let name: RunName = run.name.parse().map_err(|error| Failure::of(Exit::Failed, &error))?;
    let zone = Clocks::Tournament(&name.parent()).zone_to_show(client).await;
    if client.output != Format::Table {
        client.output.one(run, &zone)?;
        return verdict(run);
    }
    for (number, option) in (1..).zip(&run.options) {
        let request = GetScheduleVersionRequest { name: option.version.clone() };
        let activities = client.schedule().get_schedule_version(request).await?.into_inner().activities;
        print(&format!("{number}. {}\n", heading(run.kind(), option)))?;
        match run.kind() {
            RunKind::Repair => print(&moves(option, &activities, &zone))?,
            _ => days(&activities, &zone)?,
        }
        broken(&option.broken)?;
    }
    if let Some(infeasibility) = &run.infeasibility {
        ladder(infeasibility)?;
    }
    verdict(run)
}

/// `fewest people told (proven): 120 people told, 3 kick-offs moved, 1 other pitch, cost 1,272: draft fisu-2023/5`.
fn heading(kind: RunKind, option: &RunOption) -> String {
    let price = option.price.unwrap_or_default();
    let people = match kind {
        RunKind::Repair => format!("{} people told, ", grouped(price.people)),
        _ => String::new(),
    };
    let kick_offs = if price.kick_offs == 1 { "kick-off" } else { "kick-offs" };
    let proven = if option.optimal && kind == RunKind::Repair { " (proven)" } else { "" };
    format!(
        "{}{proven}: {people}{} {kick_offs} moved, {} to another pitch alone, cost {}: draft {}",
        option.title,
        price.kick_offs,
        price.pitches,
        grouped(price.quality),
        short(&option.version)
    )
}

/// What a day of a timetable is like.
#[derive(Default)]
struct Day {
    matches: usize,
    times: Vec<String>,
    zones: BTreeSet<String>,
}

/// Writes for each day how many matches it has, when and on how many pitches.
fn days(activities: &[Activity], zone: &Zone) -> Result<(), Failure> {
    let mut days: BTreeMap<String, Day> = BTreeMap::new();
    for activity in activities.iter().filter(|activity| activity.r#match.is_some()) {
        let start = Cell::Time(activity.start_time).short(zone);
        let (date, time) = start.split_once(' ').unwrap_or((start.as_str(), ""));
        let day = days.entry(date.to_owned()).or_default();
        day.matches += 1;
        day.times.push(time.split(' ').next().unwrap_or_default().to_owned());
        day.zones.insert(activity.zone.clone());
    }
    let rows = days.into_iter().map(|(date, day)| {
        let first = day.times.iter().min().cloned().unwrap_or_default();
        let last = day.times.iter().max().cloned().unwrap_or_default();
        vec![date, day.matches.to_string(), first, last, day.zones.len().to_string()]
    });
    table(&["DAY", "MATCHES", "FIRST", "LAST", "PITCHES"], rows)
}

/// The moves of a repair with their reasons, and who is to be told.
fn moves(option: &RunOption, activities: &[Activity], zone: &Zone) -> String {
    let mut lines: Vec<String> =
        option.moves.iter().map(|one| format!("   {}\n", moved(one, zone))).collect();
    let hidden = usize::try_from(option.move_count).unwrap_or_default().saturating_sub(option.moves.len());
    if hidden > 0 {
        lines.push(format!("   and {hidden} more\n"));
    }
    lines.extend(option.cancelled.iter().map(|name| format!("   {} is called off\n", id(name))));
    let changed: BTreeSet<&str> = option.moves.iter().map(|one| one.activity.as_str()).collect();
    let sides: BTreeSet<&str> = activities
        .iter()
        .filter(|activity| changed.contains(activity.name.as_str()))
        .filter_map(|activity| activity.r#match.as_ref())
        .flat_map(|played| [played.home.as_str(), played.away.as_str()])
        .map(id)
        .collect();
    if !sides.is_empty() {
        lines.push(format!("   to be told: {}\n", sides.into_iter().collect::<Vec<_>>().join(", ")));
    }
    lines.concat()
}

fn moved(one: &RunMove, zone: &Zone) -> String {
    let place = |time, zone_name: &str| {
        format!("{} {}", Cell::Time(time).short(zone), Cell::place(zone_name).short(zone))
    };
    let (from, to) = (place(one.from_time, &one.from_zone), place(one.to_time, &one.to_zone));
    format!("{}: {from} → {to}: {}", id(&one.activity), one.why)
}

/// The last part of a name.
fn id(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// Writes the soft rules that a timetable breaks.
fn broken(rules: &[BrokenRule]) -> Result<(), Failure> {
    if rules.is_empty() {
        return Ok(());
    }
    let row = |rule: &BrokenRule| vec![rule.rule.clone(), rule.count.to_string(), rule.sentence.clone()];
    table(&["SOFT RULE BROKEN", "TIMES", "FIRST"], rules.iter().map(row))
}

/// Writes why there is no timetable, and what the ladder leads to.
fn ladder(infeasibility: &Infeasibility) -> Result<(), Failure> {
    let rules = infeasibility.rules.join(", ");
    let matches: Vec<&str> = infeasibility.activities.iter().map(|name| id(name)).collect();
    let named = [("rules", rules), ("matches", matches.join(", "))]
        .into_iter()
        .filter(|(_, named)| !named.is_empty());
    let named = named.map(|(what, named)| format!("{what}: {named}\n"));
    let lines: String = std::iter::once(format!("{}\n", infeasibility.sentence)).chain(named).collect();
    print(&lines)?;
    if infeasibility.ladder.is_empty() {
        return Ok(());
    }
    table(&["STEP", "LEADS TO", "PEOPLE TOLD", "COST", "DRAFT"], infeasibility.ladder.iter().map(step))
}

fn step(step: &LadderStep) -> Vec<String> {
    let leads_to = match step.outcome() {
        LadderOutcome::Works => "a timetable".to_owned(),
        LadderOutcome::NotEnough => format!("not enough: {}", step.why),
        LadderOutcome::Unknown | LadderOutcome::Unspecified => "not known in time".to_owned(),
    };
    let (people, cost) =
        step.price.map_or_else(Default::default, |price| (grouped(price.people), grouped(price.quality)));
    vec![step.title.clone(), leads_to, people, cost, short(&step.version)]
}

/// The command that shows what a draft changes.
fn diff(draft: &str) -> String {
    format!("matchday schedule diff {}", draft.replace('/', " now "))
}

/// Says what to do next, or why there is nothing to do it with.
fn verdict(run: &Run) -> Result<(), Failure> {
    let name = short(&run.name);
    let failed = |exit, message: &str| Failure::new(exit, format!("{name} {message}"));
    match run.state() {
        RunState::Succeeded => {
            let draft = run.options.first().map(|option| short(&option.version)).unwrap_or_default();
            say(format_args!("{name} has ended: {}", text(&run.progress.unwrap_or_default())));
            say(format_args!(
                "next: `{}` shows what it changes, `matchday schedule publish {draft}` puts it in force",
                diff(&draft)
            ));
            Ok(())
        }
        RunState::Infeasible => {
            let sentence =
                run.infeasibility.as_ref().map_or("", |infeasibility| infeasibility.sentence.as_str());
            let refused = failed(Exit::Refused, &format!("has found that there is no timetable: {sentence}"));
            Err(match drafts(run).first() {
                Some(draft) => refused.with_hint(format!(
                    "a step of the ladder leads to the draft {}: `{}`",
                    short(draft),
                    diff(&short(draft))
                )),
                None => refused
                    .with_hint("relax one of the rules, or give the frame more pitches, days or kick-offs"),
            })
        }
        RunState::Undecided => Err(failed(Exit::Failed, &format!("has found nothing: {}", run.reason))
            .with_hint("give it more time with --seconds")),
        RunState::Cancelled => Err(failed(Exit::Refused, "was cancelled")),
        RunState::Failed | RunState::Interrupted => {
            Err(failed(Exit::Failed, &format!("has failed: {}", run.reason)))
        }
        RunState::Unspecified | RunState::Queued | RunState::Running => {
            say(format_args!("{name} goes on: {}", text(&run.progress.unwrap_or_default())));
            Ok(())
        }
    }
}
