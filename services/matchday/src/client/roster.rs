//! `matchday roster`: rosters (排班方案) made by the engine, explained, and put in force.
//!
//! | file | subject |
//! |---|---|
//! | `search` | a search asked for and followed |
//! | `generate` | a roster made |
//! | `repair` | the roster in force mended, and what a draft changes for whom |
//! | `rules` | what rosters cost |
//! | `explain` | why seats stay open, what would fill them, and who could take one |

mod explain;
mod generate;
mod repair;
mod rules;
mod search;

use clap::{Args, Subcommand};
use matchday_api::volunteers::v1::{
    GetRosterRequest, ListRostersRequest, PublishRosterRequest, RepairPrice, Roster, RosterPurpose,
    RosterState,
};
use matchday_kernel::{RosterName, TournamentName};
use matchday_runtime::Exit;

use super::{
    connection::{Client, Connection},
    names, pages,
    phase::Phases,
    refusal::Repeat,
    times::{self, Clocks},
};
use crate::{
    failure::{Failure, say},
    output::{Cell, Column, Shown},
    words,
};

/// The command and where it goes.
#[derive(Args)]
pub(crate) struct Rosters {
    #[command(flatten)]
    connection: Connection,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Fill the open seats as well as can be, as a draft
    Generate(generate::Generate),
    /// Mend what a change, an absence or a refusal has broken, as a draft that few people must be told of
    Repair(repair::Repair),
    /// List what a draft changes for whom
    Changes {
        /// The roster: fisu-2023/3; or the tournament, of which the latest is meant: fisu-2023
        #[arg(value_name = "ROSTER_OR_TOURNAMENT")]
        name: String,
    },
    /// Say why seats stay open, and what would fill them
    Explain(explain::Explain),
    /// Say who could take a seat of a shift, or replace somebody who holds one
    WhoCan(explain::WhoCan),
    /// Show or set who gives the shifts of a day to whom: sign-up, supervised, locked (排班阶段)
    #[command(
        after_long_help = "Examples:\n  matchday roster phase fisu-2023\n  matchday roster phase fisu-2023 \
                                 sign-up\n  matchday roster phase fisu-2023 locked --day 2023-10-21"
    )]
    Phase(Phases),
    /// Show or set what rosters cost: seats that stay open, and what people wish for
    #[command(
        after_long_help = "Examples:\n  matchday roster rules fisu-2023\n  matchday roster rules fisu-2023 \
                                 --nights 2:400 --leader leading:700 --source 'Volunteer handbook'"
    )]
    Rules(Box<rules::Rules>),
    /// List the rosters of a tournament, the latest first
    List {
        /// The tournament: fisu-2023
        tournament: String,
    },
    /// Show one roster
    Show {
        /// The roster: fisu-2023/3; or the tournament, of which the latest is meant: fisu-2023
        #[arg(value_name = "ROSTER_OR_TOURNAMENT")]
        name: String,
    },
    /// Release and propose the seats of a draft, all or none
    #[command(after_long_help = "Examples:\n  matchday roster publish fisu-2023\n  matchday roster publish \
                                 fisu-2023/3 --dry-run")]
    Publish(Publish),
}

#[derive(Args)]
struct Publish {
    /// The roster: fisu-2023/3; or the tournament, of which the latest is meant: fisu-2023
    #[arg(value_name = "ROSTER_OR_TOURNAMENT")]
    name: String,
    /// Check every seat, and change nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    repeat: Repeat,
}

impl Shown for Roster {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("name", |it: &Self| Cell::name(&it.name)),
        Column::new("state", |it: &Self| Cell::Text(words::word_of::<RosterState>(it.state))),
        Column::new("purpose", |it: &Self| Cell::Text(words::word_of::<RosterPurpose>(it.purpose))),
        Column::clock("made", |it: &Self| Cell::Time(it.create_time)),
        Column::new("cost", |it: &Self| Cell::Number(it.progress.unwrap_or_default().cost)),
        Column::new("bound", |it: &Self| {
            let bound = it.progress.unwrap_or_default().bound;
            bound.map_or_else(|| Cell::text(""), Cell::Number)
        }),
        Column::new("gap", |it: &Self| Cell::Text(search::gap(&it.progress.unwrap_or_default()))),
        Column::new("elapsed", |it: &Self| Cell::Length(it.progress.unwrap_or_default().elapsed)),
        Column::new("author", |it: &Self| Cell::text(&it.author)),
        Column::detail("filled", |it: &Self| Cell::Number(i64::try_from(it.seats.len()).unwrap_or(i64::MAX))),
        Column::detail("released", |it: &Self| {
            Cell::Number(i64::try_from(it.released.len()).unwrap_or(i64::MAX))
        }),
        Column::detail("people-to-contact", |it: &Self| Cell::Text(price(it, |price| price.people.into()))),
        Column::detail("price", |it: &Self| Cell::Text(price(it, |price| price.total))),
        Column::detail("open", |it: &Self| {
            Cell::Number(it.unfilled.iter().map(|shift| i64::from(shift.seats)).sum())
        }),
        Column::detail("broken-groups", |it: &Self| Cell::Number(it.broken_groups.into())),
        Column::detail("iterations", |it: &Self| Cell::Number(it.progress.unwrap_or_default().iterations)),
        Column::detail("seconds", |it: &Self| Cell::Number(it.budget.unwrap_or_default().seconds.into())),
        Column::detail("seed", |it: &Self| Cell::Number(it.budget.unwrap_or_default().seed)),
    ];
}

/// A figure of a repair; nothing of other rosters.
fn price(roster: &Roster, figure: fn(&RepairPrice) -> i64) -> String {
    roster.price.as_ref().map_or_else(String::new, |price| figure(price).to_string())
}

impl Rosters {
    /// Does what the command says.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let client = self.connection.open()?;
        match self.command {
            Command::Generate(generate) => generate.run(&client).await,
            Command::Repair(repair) => repair.run(&client).await,
            Command::Changes { name } => {
                let name = named(&client, &name).await?;
                let request = GetRosterRequest { name: name.to_string() };
                let roster = client.roster_drafts().get_roster(request).await?.into_inner().roster;
                client.output.list(&repair::Change::all(&roster.unwrap_or_default()), &times::utc())
            }
            Command::Explain(explain) => explain.run(&client).await,
            Command::WhoCan(who_can) => who_can.run(&client).await,
            Command::Rules(rules) => rules.run(&client).await,
            Command::Phase(phase) => phase.run(&client).await,
            Command::List { tournament } => list(&client, &names::read(&tournament)?).await,
            Command::Show { name } => {
                let name = named(&client, &name).await?;
                let request = GetRosterRequest { name: name.to_string() };
                let roster = client.roster_drafts().get_roster(request).await?.into_inner().roster;
                let zone = Clocks::Tournament(&name.parent()).zone_to_show(&client).await;
                client.output.one(&roster.unwrap_or_default(), &zone)
            }
            Command::Publish(publish) => publish.run(&client).await,
        }
    }
}

impl Publish {
    async fn run(self, client: &Client) -> Result<(), Failure> {
        let name = chosen(client, &self.name).await?;
        let request = self.repeat.request();
        let publish = PublishRosterRequest {
            name: name.to_string(),
            request_id: request.id(),
            validate_only: self.dry_run,
            ..PublishRosterRequest::default()
        };
        let published = client.roster_drafts().publish_roster(publish).await;
        let published = published.map_err(|status| request.refused(status))?.into_inner();
        let roster = published.roster.unwrap_or_default();
        let (seats, released, id) = (roster.seats.len(), roster.released.len(), name.parent());
        if self.dry_run {
            say(format_args!("all {seats} seats can be proposed, {released} released; nothing was changed"));
        } else {
            say(format_args!("{seats} assignments proposed, {released} released"));
            say(format_args!("next: matchday shift invite --all {}", id.id()));
        }
        let zone = Clocks::Tournament(&id).zone_to_show(client).await;
        client.output.one(&roster, &zone)
    }
}

/// A roster by its name, or the latest of a tournament.
async fn named(client: &Client, text: &str) -> Result<RosterName, Failure> {
    if is_roster(text) { names::read(text) } else { names::read(&latest(client, text).await?.name) }
}

/// The same to be put in force: a proposal that nobody asked for has to be named.
async fn chosen(client: &Client, text: &str) -> Result<RosterName, Failure> {
    if is_roster(text) {
        return names::read(text);
    }
    let Roster { name, author, .. } = latest(client, text).await?;
    if author.starts_with("services/") {
        let short = name.replace("tournaments/", "").replace("rosters/", "");
        let problem =
            format!("{name} is the latest roster: it was proposed by itself, after a change of the schedule");
        return Err(Failure::new(Exit::Refused, problem).with_hint(format!(
            "look at it with `matchday roster changes {short}`, and name it: `matchday roster publish {short}`"
        )));
    }
    names::read(&name)
}

fn is_roster(text: &str) -> bool {
    text.trim_start_matches("tournaments/").contains('/')
}

async fn latest(client: &Client, tournament: &str) -> Result<Roster, Failure> {
    let tournament: TournamentName = names::read(tournament)?;
    let request =
        ListRostersRequest { parent: tournament.to_string(), page_size: 1, page_token: String::new() };
    let rosters = client.roster_drafts().list_rosters(request).await?.into_inner().rosters;
    rosters.into_iter().next().ok_or_else(|| {
        Failure::new(Exit::Refused, format!("{tournament} has no rosters"))
            .with_hint(format!("`matchday roster generate {}` makes one", tournament.id()))
    })
}

async fn list(client: &Client, tournament: &TournamentName) -> Result<(), Failure> {
    let zone = Clocks::Tournament(tournament).zone_of_known(client).await?;
    let rosters = pages::all(async |page_token| {
        let parent = tournament.to_string();
        let request = ListRostersRequest { parent, page_size: pages::PAGE_SIZE, page_token };
        let page = client.roster_drafts().list_rosters(request).await?.into_inner();
        Ok((page.rosters, page.next_page_token))
    });
    client.output.list(&rosters.await?, &zone)
}
