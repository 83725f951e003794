//! `matchday official`: who leads matches, and appointing them.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use matchday_api::scheduling::v1::{
    Absence, AppointOfficialsRequest, Candidate, GetOfficialRequest, ImportOfficialsRequest,
    ImportOfficialsResponse, ListCandidatesRequest, ListOfficialsRequest, Objection, Official, RuleSeverity,
    SetAvailabilityRequest,
};
use matchday_kernel::{ActivityName, OfficialName, TournamentName};
use matchday_rpc::parse::to_timestamp;

use super::{
    change::show,
    connection::{Client, Connection},
    names,
    origin::Origin,
    pages,
    refusal::Repeat,
    times::{self, Clocks},
};
use crate::{
    failure::{Failure, say},
    file,
    output::{Cell, Column, Shown},
    words,
};

/// The command and where it goes.
#[derive(Args)]
pub(crate) struct Officials {
    #[command(flatten)]
    connection: Connection,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Create officials from a CSV file, all or nothing
    #[command(
        after_long_help = "The header of the file is id,country,category,conflicts,away. Conflicts are ids \
                                 of teams between spaces or\nsemicolons. Away holds times between semicolons, on the \
                                 tournament's clocks: '2023-10-25 00:00/2023-10-26 00:00'.\nThe file names nobody: an \
                                 id such as referee-03 stands for a person of the competition's own list.\n\n\
                                 Example:\n  matchday official import officials.csv --tournament fisu-2023"
    )]
    Import(Import),
    /// List the officials of a tournament
    List {
        /// The tournament: fisu-2023
        tournament: String,
    },
    /// Show one official
    Show {
        /// The official: fisu-2023/referee-03
        name: String,
    },
    /// Say when an official is away, in place of what was said before
    #[command(after_long_help = "Example:\n  matchday official away fisu-2023/referee-03 \
                                 --time '2023-10-25 00:00/2023-10-26 00:00'\n  matchday official away \
                                 fisu-2023/referee-03 --never")]
    Away(Away),
    /// Give a match its officials in place of those it has
    #[command(after_long_help = "Examples:\n  matchday official appoint fisu-2023/m05 referee-03 \
                                 assistant-referee-01\n  matchday official appoint fisu-2023/m05 referee-07 \
                                 --set-aside --reason 'referee-03 is ill'")]
    Appoint(Appoint),
    /// Rank the officials of the tournament for a match, with what speaks against each
    #[command(after_long_help = "Example:\n  matchday official who-can fisu-2023/m05")]
    WhoCan {
        /// The match: fisu-2023/m05
        activity: String,
    },
}

#[derive(Args)]
struct Import {
    /// The file
    file: PathBuf,
    /// The tournament: fisu-2023
    #[arg(long)]
    tournament: String,
    #[command(flatten)]
    origin: Origin,
    /// Check everything, and create nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    repeat: Repeat,
}

#[derive(Args)]
struct Away {
    /// The official: fisu-2023/referee-03
    name: String,
    /// A time away, on the tournament's clocks (may be given more than once)
    #[arg(long, value_name = "FROM/UNTIL", required_unless_present = "never")]
    time: Vec<String>,
    /// At no time
    #[arg(long, conflicts_with = "time")]
    never: bool,
    #[command(flatten)]
    repeat: Repeat,
}

#[derive(Args)]
struct Appoint {
    /// The match: fisu-2023/m05
    activity: String,
    /// Ids of all its officials; none takes those it has away
    officials: Vec<String>,
    /// Why
    #[arg(long, default_value = "", hide_default_value = true, required_if_eq("set_aside", "true"))]
    reason: String,
    /// Set aside soft rules that speak against them
    #[arg(long)]
    set_aside: bool,
    /// Check everything, and change nothing
    #[arg(long)]
    preview: bool,
    #[command(flatten)]
    repeat: Repeat,
}

impl Shown for Official {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("name", |it: &Self| Cell::name(&it.name)),
        Column::new("country", |it: &Self| Cell::text(&it.country)),
        Column::new("category", |it: &Self| Cell::text(&it.category)),
        Column::new("conflicts", |it: &Self| Cell::Names(it.conflicts.clone())),
        Column::clock("away", |it: &Self| {
            Cell::Spans(it.away.iter().map(|time| (time.start_time, time.end_time)).collect())
        }),
        Column::detail("source", |it: &Self| super::source(it.provenance.as_ref())),
        Column::detail("generated", |it: &Self| super::generated(it.provenance.as_ref())),
        Column::detail("etag", |it: &Self| Cell::text(&it.etag)),
    ];
}

impl Shown for ImportOfficialsResponse {
    const COLUMNS: &'static [Column<Self>] =
        &[Column::new("officials", |it: &Self| Cell::Number(it.officials.into()))];
}

impl Shown for Candidate {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("official", |it: &Self| Cell::id(&it.official)),
        Column::new("category", |it: &Self| Cell::text(&it.category)),
        Column::new("could", |it: &Self| Cell::text(could(it))),
        Column::new("of-day", |it: &Self| Cell::Number(it.matches_of_day.into())),
        Column::new("in-all", |it: &Self| Cell::Number(it.matches.into())),
        Column::new("objections", |it: &Self| {
            Cell::Text(it.objections.iter().map(told).collect::<Vec<_>>().join("; "))
        }),
    ];
}

/// Whether somebody could lead the match, in one word.
fn could(candidate: &Candidate) -> &'static str {
    let is_hard = |objection: &Objection| objection.severity() == RuleSeverity::Hard;
    match candidate.objections.as_slice() {
        _ if candidate.appointed => "appointed",
        [] => "yes",
        some if some.iter().any(is_hard) => "no",
        _ => "rather not",
    }
}

fn told(objection: &Objection) -> String {
    let severity = words::word_of::<RuleSeverity>(objection.severity);
    format!("{} ({severity}): {}", objection.rule, objection.sentence)
}

impl Officials {
    /// Does what the command says.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let client = self.connection.open()?;
        match self.command {
            Command::Import(import) => import.run(&client).await,
            Command::List { tournament } => list(&client, &names::read(&tournament)?).await,
            Command::Show { name } => {
                let name: OfficialName = names::read(&name)?;
                let request = GetOfficialRequest { name: name.to_string() };
                let response = client.officials().get_official(request).await?.into_inner();
                show_official(&client, &name, response.official).await
            }
            Command::Away(away) => away.run(&client).await,
            Command::Appoint(appoint) => appoint.run(&client).await,
            Command::WhoCan { activity } => {
                let activity: ActivityName = names::read(&activity)?;
                let request = ListCandidatesRequest { activity: activity.to_string() };
                let response = client.officials().list_candidates(request).await?.into_inner();
                client.output.list(&response.candidates, &times::utc())
            }
        }
    }
}

async fn list(client: &Client, tournament: &TournamentName) -> Result<(), Failure> {
    let zone = Clocks::Tournament(tournament).zone_of_known(client).await?;
    let officials = pages::all(async |page_token| {
        let parent = tournament.to_string();
        let request = ListOfficialsRequest { parent, page_size: pages::PAGE_SIZE, page_token };
        let page = client.officials().list_officials(request).await?.into_inner();
        Ok((page.officials, page.next_page_token))
    });
    client.output.list(&officials.await?, &zone)
}

async fn show_official(
    client: &Client,
    name: &OfficialName,
    official: Option<Official>,
) -> Result<(), Failure> {
    let zone = Clocks::Tournament(&name.parent()).zone_to_show(client).await;
    client.output.one(&official.unwrap_or_default(), &zone)
}

impl Import {
    async fn run(self, client: &Client) -> Result<(), Failure> {
        let tournament: TournamentName = names::read(&self.tournament)?;
        let zone = Clocks::Tournament(&tournament).zone(client).await?;
        let (read, standing) = file::officials(&self.file, &tournament, &zone, &self.origin.provenance())?;
        let request = self.repeat.request();
        let import = ImportOfficialsRequest { validate_only: self.dry_run, request_id: request.id(), ..read };
        pages::check_size(&import)?;
        let sent = client.officials().import_officials(import).await;
        let response =
            sent.map_err(|status| request.refused(status).in_words(|text| standing.told(text)))?.into_inner();
        let count = response.officials;
        if self.dry_run {
            say(format_args!("{count} officials are right; nothing was created"));
        } else {
            say(format_args!("imported into {tournament}: {count} officials"));
        }
        client.output.one(&response, &times::utc())
    }
}

impl Away {
    async fn run(self, client: &Client) -> Result<(), Failure> {
        let name: OfficialName = names::read(&self.name)?;
        let tournament = name.parent();
        let clocks = Clocks::Tournament(&tournament);
        let mut away = Vec::new();
        for time in &self.time {
            let Some((from, until)) = time.split_once('/') else {
                let example = "2023-10-25 00:00/2023-10-26 00:00";
                return Err(Failure::input(format!("--time: {time:?} has no end: write it like {example}")));
            };
            away.push(Absence {
                start_time: Some(to_timestamp(clocks.moment(client, "--time", from).await?)),
                end_time: Some(to_timestamp(clocks.moment(client, "--time", until).await?)),
            });
        }
        let request = self.repeat.request();
        let set = SetAvailabilityRequest {
            name: name.to_string(),
            away,
            request_id: request.id(),
            ..SetAvailabilityRequest::default()
        };
        let answer = client.officials().set_availability(set).await;
        let response = answer.map_err(|status| request.refused(status))?.into_inner();
        for activity in &response.activities {
            let id = activity.rsplit('/').next().unwrap_or_default();
            say(format_args!(
                "{} leads {id} at that time: matchday official who-can {}/{id}",
                name.id(),
                tournament.id()
            ));
        }
        show_official(client, &name, response.official).await
    }
}

impl Appoint {
    async fn run(self, client: &Client) -> Result<(), Failure> {
        let name: ActivityName = names::read(&self.activity)?;
        let request = self.repeat.request();
        let appoint = AppointOfficialsRequest {
            activity: name.to_string(),
            officials: self.officials,
            reason: self.reason,
            set_aside_soft: self.set_aside,
            validate_only: self.preview,
            request_id: request.id(),
            ..AppointOfficialsRequest::default()
        };
        let answer = client.officials().appoint_officials(appoint).await;
        let response = answer.map_err(|status| request.refused(status))?.into_inner();
        for objection in &response.set_aside {
            say(format_args!("set aside: {}", told(objection)));
        }
        match (self.preview, response.set_aside.is_empty()) {
            (true, true) => say("nothing speaks against it; nothing was changed"),
            (true, false) => say("nothing else speaks against it; nothing was changed"),
            (false, _) => {}
        }
        show(client, &name, &response.activity.unwrap_or_default()).await?;
        Ok(())
    }
}
