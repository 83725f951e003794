//! `matchday volunteer`: the people who help, and the groups they come in.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use matchday_api::volunteers::v1::{
    CreateCalendarLinkRequest, CreateCalendarLinkResponse, FindOpenShiftsRequest, GetVolunteerRequest, Group,
    ImportVolunteersRequest, ImportVolunteersResponse, ListGroupsRequest, ListVolunteersRequest,
    OpenShiftOffer, RevokeCalendarLinkRequest, Volunteer,
};
use matchday_kernel::{GroupName, TournamentName, VolunteerName};

use super::{
    connection::{Client, Connection},
    names,
    origin::Origin,
    pages, personal,
    progress::{self, Reading},
    refusal::{Repeat, Request},
    times::{self, Clocks},
};
use crate::{
    failure::{Failure, say},
    file,
    output::{Cell, Column, Shown},
};

/// The command and where it goes.
#[derive(Args)]
pub(crate) struct Volunteers {
    #[command(flatten)]
    connection: Connection,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Create volunteers and their groups from CSV files, all or nothing
    #[command(after_long_help = "Example:\n  matchday volunteer import examples/fisu-2023/volunteers.csv \
                                 --tournament fisu-2023\n    --groups examples/fisu-2023/groups.csv \
                                 --generated\n\nThe header of the file is \
                                 id,display_name,group,skills,languages,available. Skills and languages\nstand \
                                 between spaces or semicolons. Available holds times between semicolons, on \
                                 the tournament's\nclocks: '2023-10-21 08:00/2023-10-21 23:00'; empty means \
                                 always. The header of the file of groups is\nid,display_name,leader.")]
    Import(Import),
    /// List the volunteers of a tournament
    List {
        /// The tournament: fisu-2023
        tournament: String,
        /// Only those of one group: hohai
        #[arg(long)]
        group: Option<String>,
    },
    /// Show one volunteer
    Show {
        /// The volunteer: fisu-2023/v001
        name: String,
    },
    /// List the open seats that a volunteer could take, and those from which one rule alone keeps the person
    WhatCan {
        /// The volunteer: fisu-2023/v001
        name: String,
    },
    /// Export who has applied at a tournament, contact and identity included; each page leaves an event
    #[command(after_long_help = "Example:\n  matchday volunteer export fisu-2023 --output csv > people.csv")]
    Export(personal::Export),
    /// Erase who somebody is: identity, contact and free text go, attendance and hours stay under the bare name
    #[command(
        after_long_help = "What is still to come of the volunteer is taken back. It cannot be undone, and \
                                 nobody else gets the name.\n\nExamples:\n  matchday volunteer erase \
                                 fisu-2023/v001 --reason 'asked for it'\n  matchday volunteer erase fisu-2023/a001 \
                                 --application --reason 'asked for it'"
    )]
    Erase(personal::Erase),
    /// Make the secret address of a volunteer's own shifts as a calendar; an earlier one ends
    #[command(after_long_help = "Example:\n  matchday volunteer calendar fisu-2023/v001 --language zh-CN")]
    Calendar {
        /// The volunteer: fisu-2023/v001
        name: String,
        /// Language of the calendar: en or zh-CN
        #[arg(long, default_value = "en")]
        language: String,
        /// End the address instead
        #[arg(long)]
        revoke: bool,
    },
    /// List the groups of a tournament
    Groups {
        /// The tournament: fisu-2023
        tournament: String,
    },
}

#[derive(Args)]
struct Import {
    /// The file of the volunteers
    file: PathBuf,
    /// The tournament they help at: fisu-2023
    #[arg(long)]
    tournament: String,
    /// The file of their groups; without it they come in groups that exist, or alone
    #[arg(long, value_name = "FILE")]
    groups: Option<PathBuf>,
    #[command(flatten)]
    origin: Origin,
    /// Check everything, and create nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    repeat: Repeat,
}

impl Shown for Volunteer {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("name", |it: &Self| Cell::name(&it.name)),
        Column::new("display-name", |it: &Self| Cell::text(&it.display_name)),
        Column::new("group", |it: &Self| Cell::id(&it.group)),
        Column::new("skills", |it: &Self| Cell::Text(it.skills.join(", "))),
        Column::detail("learned", |it: &Self| {
            Cell::Text(it.learned.iter().map(|one| one.skill.as_str()).collect::<Vec<_>>().join(", "))
        }),
        Column::new("languages", |it: &Self| Cell::Text(it.languages.join(", "))),
        Column::clock("available", |it: &Self| {
            Cell::Spans(it.availability.iter().map(|time| (time.start_time, time.end_time)).collect())
        }),
        Column::detail("source", |it: &Self| super::source(it.provenance.as_ref())),
        Column::detail("generated", |it: &Self| super::generated(it.provenance.as_ref())),
        Column::detail("etag", |it: &Self| Cell::text(&it.etag)),
    ];
}

impl Shown for OpenShiftOffer {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("shift", |it: &Self| Cell::name(&it.shift)),
        Column::new("cost", |it: &Self| Cell::Number(it.cost)),
        Column::new("but-for", |it: &Self| {
            let by = if it.minutes > 0 { format!(" by {} min", it.minutes) } else { String::new() };
            Cell::Text(format!("{}{by}", it.rule))
        }),
    ];
}

impl Shown for CreateCalendarLinkResponse {
    const COLUMNS: &'static [Column<Self>] = &[Column::new("path", |it: &Self| Cell::text(&it.path))];
}

impl Shown for Group {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("name", |it: &Self| Cell::name(&it.name)),
        Column::new("display-name", |it: &Self| Cell::text(&it.display_name)),
        Column::new("leader", |it: &Self| Cell::id(&it.leader)),
        Column::detail("source", |it: &Self| super::source(it.provenance.as_ref())),
        Column::detail("generated", |it: &Self| super::generated(it.provenance.as_ref())),
        Column::detail("etag", |it: &Self| Cell::text(&it.etag)),
    ];
}

impl Shown for ImportVolunteersResponse {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("groups", |it: &Self| Cell::Number(it.groups.into())),
        Column::new("volunteers", |it: &Self| Cell::Number(it.volunteers.into())),
    ];
}

impl Volunteers {
    /// Does what the command says.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let client = self.connection.open()?;
        match self.command {
            Command::Import(import) => import.run(&client).await,
            Command::List { tournament, group } => list(&client, &tournament, group.as_deref()).await,
            Command::Show { name } => {
                let name: VolunteerName = names::read(&name)?;
                let request = GetVolunteerRequest { name: name.to_string() };
                let response = client.volunteers().get_volunteer(request).await?.into_inner();
                let zone = Clocks::Tournament(&name.parent()).zone_to_show(&client).await;
                client.output.one(&response.volunteer.unwrap_or_default(), &zone)
            }
            Command::WhatCan { name } => {
                let name: VolunteerName = names::read(&name)?;
                let request = FindOpenShiftsRequest { volunteer: name.into() };
                let answer = client.roster_drafts().find_open_shifts(request).await?.into_inner();
                let (free, nearest) = (answer.free.len(), answer.nearest.len());
                say(format_args!("{free} shifts could be taken at once, {nearest} but for one rule"));
                client.output.list(&[answer.free, answer.nearest].concat(), &times::utc())
            }
            Command::Calendar { name, language, revoke } => {
                calendar(&client, &names::read(&name)?, language, revoke).await
            }
            Command::Export(export) => export.run(&client).await,
            Command::Erase(erase) => erase.run(&client).await,
            Command::Groups { tournament } => {
                let tournament: TournamentName = names::read(&tournament)?;
                let groups = pages::all(async |page_token| {
                    let parent = tournament.to_string();
                    let request = ListGroupsRequest { parent, page_size: pages::PAGE_SIZE, page_token };
                    let page = client.volunteers().list_groups(request).await?.into_inner();
                    Ok((page.groups, page.next_page_token))
                });
                client.output.list(&groups.await?, &times::utc())
            }
        }
    }
}

impl Import {
    async fn run(self, client: &Client) -> Result<(), Failure> {
        let tournament: TournamentName = names::read(&self.tournament)?;
        let zone = Clocks::Tournament(&tournament).zone(client).await?;
        let provenance = self.origin.provenance();
        let frame = file::Volunteers { tournament: &tournament, zone: &zone, provenance: &provenance };
        let reading = Reading::of(&self.file);
        let passed = |bytes| reading.passed(bytes);
        let read = file::volunteers(&self.file, self.groups.as_deref(), &frame, passed);
        drop(reading);
        let (read, standing) = read?;
        let request = ImportVolunteersRequest { validate_only: self.dry_run, ..read };
        let imported = import(client, request, &self.repeat.request()).await;
        let response = imported.map_err(|failure| failure.in_words(|text| standing.told(text)))?;
        let (groups, volunteers) = (response.groups, response.volunteers);
        if self.dry_run {
            say(format_args!("{volunteers} volunteers and {groups} groups are right; nothing was created"));
        } else {
            say(format_args!("imported into {tournament}: {volunteers} volunteers, {groups} groups"));
        }
        client.output.one(&response, &times::utc())
    }
}

/// Imports volunteers and groups.
///
/// # Errors
/// [`Failure`] when the server refuses.
pub(crate) async fn import(
    client: &Client,
    import: ImportVolunteersRequest,
    request: &Request,
) -> Result<ImportVolunteersResponse, Failure> {
    let what = format!("{} volunteers", import.volunteers.len());
    let import = ImportVolunteersRequest { request_id: request.id(), ..import };
    pages::check_size(&import)?;
    let mut service = client.volunteers();
    let sent = progress::sending(&what, service.import_volunteers(import)).await;
    Ok(sent.map_err(|status| request.refused(status))?.into_inner())
}

/// Makes the address of a volunteer's calendar, or ends it.
async fn calendar(
    client: &Client,
    volunteer: &VolunteerName,
    language: String,
    revoke: bool,
) -> Result<(), Failure> {
    let mut service = client.volunteers();
    if revoke {
        let request = RevokeCalendarLinkRequest { volunteer: volunteer.to_string(), ..Default::default() };
        service.revoke_calendar_link(request).await?;
        say("the address is ended");
        return Ok(());
    }
    let request = CreateCalendarLinkRequest { volunteer: volunteer.to_string(), language };
    let link = service.create_calendar_link(request).await?.into_inner();
    say("whoever has the address reads the shifts: give it to the volunteer alone; it is shown once");
    client.output.one(&link, &times::utc())
}

async fn list(client: &Client, tournament: &str, group: Option<&str>) -> Result<(), Failure> {
    let tournament: TournamentName = names::read(tournament)?;
    let within = |group| names::read_within::<GroupName>(Some(tournament.id()), group);
    let request = ListVolunteersRequest {
        parent: tournament.to_string(),
        page_size: pages::PAGE_SIZE,
        group: group.map(within).transpose()?.map(String::from).unwrap_or_default(),
        ..ListVolunteersRequest::default()
    };
    let zone = Clocks::Tournament(&tournament).zone_of_known(client).await?;
    let volunteers = pages::all(async |page_token| {
        let request = ListVolunteersRequest { page_token, ..request.clone() };
        let page = client.volunteers().list_volunteers(request).await?.into_inner();
        Ok((page.volunteers, page.next_page_token))
    });
    client.output.list(&volunteers.await?, &zone)
}
