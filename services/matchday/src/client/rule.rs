//! `matchday rule`: the rules that the schedule of a tournament is checked against.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use matchday_api::{
    common::v1::Basis,
    scheduling::v1::{
        ApplyRulesRequest, DailyWindow, ListRulesRequest, Rule, RuleKind, RuleOrigin, RuleSeverity,
        rule::Value,
    },
};
use matchday_kernel::TournamentName;

use super::{connection::Connection, names, refusal::Repeat, times};
use crate::{
    failure::{Failure, say},
    file,
    output::{Cell, Column, Shown},
    words,
};

/// The command and where it goes.
#[derive(Args)]
pub(crate) struct Rules {
    #[command(flatten)]
    connection: Connection,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Give a tournament the rules of a YAML file in place of those it has, all or nothing
    #[command(
        after_long_help = "The file is written like services/scheduling/rules/football.yaml, the rules \
                                 that Matchday ships; docs/howto/add-a-rule.md explains it. A file without \
                                 rules (`rules: []`) puts the shipped ones in force again.\n\nExample:\n  \
                                 matchday rule apply rules.yaml --tournament fisu-2023"
    )]
    Apply {
        /// The file
        file: PathBuf,
        /// The tournament: fisu-2023
        #[arg(long)]
        tournament: String,
        #[command(flatten)]
        repeat: Repeat,
    },
    /// List the rules in force: those that were applied, otherwise those that Matchday ships
    List {
        /// The tournament: fisu-2023
        tournament: String,
    },
}

impl Shown for Rule {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("id", |it: &Self| Cell::text(&it.id)),
        Column::new("severity", |it: &Self| Cell::Text(severity(it))),
        Column::new("kind", |it: &Self| Cell::Text(words::word_of::<RuleKind>(it.kind))),
        Column::new("value", value),
        Column::new("scope", |it: &Self| Cell::Names(scope(it))),
        Column::new("basis", |it: &Self| Cell::Text(words::word_of::<Basis>(it.basis))),
        Column::new("source", |it: &Self| Cell::text(&it.source)),
    ];
}

/// How much a rule matters: `hard`, `soft 10`, `off`.
pub(crate) fn severity(rule: &Rule) -> String {
    let word = words::word_of::<RuleSeverity>(rule.severity);
    if rule.weight == 0 { word } else { format!("{word} {}", rule.weight) }
}

fn value(rule: &Rule) -> Cell {
    match &rule.value {
        None => Cell::text(""),
        Some(Value::Duration(length)) => Cell::Length(Some(*length)),
        Some(Value::Count(count)) => Cell::Number((*count).into()),
        Some(Value::Window(window)) => Cell::Text(clocks(window)),
        Some(Value::Matches(matches)) => Cell::Names(matches.ids.clone()),
        Some(Value::Days(days)) => Cell::Names(days.dates.clone()),
        Some(Value::Pitches(pitches)) => Cell::Names(pitches.zones.clone()),
        Some(Value::Wear(wear)) if wear.surface.is_empty() => Cell::Length(wear.most),
        Some(Value::Wear(wear)) => Cell::Text(format!("{} on {}", length(wear.most), wear.surface)),
        Some(Value::CrowdWindow(large)) => {
            let window = large.window.clone().unwrap_or_default();
            Cell::Text(format!("{} from {} on", clocks(&window), large.crowd))
        }
        Some(Value::Notice(notice)) => {
            Cell::Text(format!("{} from {} on", length(notice.time), notice.crowd))
        }
    }
}

fn clocks(window: &DailyWindow) -> String {
    format!("{}–{}", window.opens, window.closes)
}

fn length(length: Option<prost_types::Duration>) -> String {
    Cell::Length(length).short(&times::utc())
}

fn scope(rule: &Rule) -> Vec<String> {
    let scope = rule.scope.clone().unwrap_or_default();
    [scope.competitions, scope.stages, scope.matches, scope.places].concat()
}

impl Rules {
    /// Does what the command says.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        match self.command {
            Command::Apply { file, tournament, repeat } => {
                let name: TournamentName = names::read(&tournament)?;
                let rules = file::rules(&file)?;
                let client = self.connection.open()?;
                let request = repeat.request();
                let apply = ApplyRulesRequest { parent: name.to_string(), rules, request_id: request.id() };
                let applied = client.checks().apply_rules(apply).await;
                let response = applied.map_err(|status| request.refused(status))?.into_inner();
                tell_origin(response.origin(), &name);
                client.output.list(&response.rules, &times::utc())
            }
            Command::List { tournament } => {
                let name: TournamentName = names::read(&tournament)?;
                let client = self.connection.open()?;
                let request = ListRulesRequest { parent: name.to_string() };
                let response = client.checks().list_rules(request).await?.into_inner();
                tell_origin(response.origin(), &name);
                client.output.list(&response.rules, &times::utc())
            }
        }
    }
}

/// Says where the rules come from.
pub(super) fn tell_origin(origin: RuleOrigin, tournament: &TournamentName) {
    let id = tournament.id();
    say(match origin {
        RuleOrigin::Shipped => format!("{id} has no rules of its own: these are the ones Matchday ships"),
        RuleOrigin::Applied | RuleOrigin::Unspecified => format!("these rules were applied to {id}"),
    });
}
