//! `matchday session`: the ticketed blocks of a tournament, one admission and one clear-out each.

use clap::{Args, Subcommand};
use matchday_api::scheduling::v1::{
    CreateSessionRequest, ListSessionsRequest, Session, UpdateSessionRequest,
};
use matchday_kernel::{SessionName, TournamentName, VenueName};
use prost_types::FieldMask;

use super::{
    connection::{Client, Connection},
    names, pages,
    refusal::Repeat,
    times::Clocks,
};
use crate::{
    failure::Failure,
    output::{Cell, Column, Shown},
};

/// The command and where it goes.
#[derive(Args)]
pub(crate) struct Sessions {
    #[command(flatten)]
    connection: Connection,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List the sessions of a tournament
    #[command(after_long_help = "Example:\n  matchday session list fisu-2023")]
    List {
        /// The tournament: fisu-2023
        tournament: String,
    },
    /// Create a session; activities join it with `activity create` or `activity update`
    Create(Create),
    /// Change the title, the expected attendance or the class of a session
    Update(Update),
}

/// A session to create.
#[derive(Args)]
#[command(
    after_long_help = "Example:\n  matchday session create fisu-2023/finals --title 'Finals day' --venue \
                             jinjiang/stadium\n    --expected 8000 --class closing"
)]
struct Create {
    /// The session: fisu-2023/opening
    name: String,
    /// What people call it
    #[arg(long)]
    title: String,
    /// The venue it takes place at: jinjiang/stadium
    #[arg(long)]
    venue: String,
    /// Spectators expected
    #[arg(long, value_name = "NUMBER", default_value_t = 0, hide_default_value = true)]
    expected: i32,
    /// Class of the service plan that applies to it: opening
    #[arg(long, default_value = "", hide_default_value = true)]
    class: String,
    #[command(flatten)]
    repeat: Repeat,
}

/// Another title, another number of spectators, another class or none.
#[derive(Args)]
#[command(after_long_help = "Example:\n  matchday session update fisu-2023/opening --class opening")]
#[group(id = "fields", required = true, multiple = true)]
struct Update {
    /// The session: fisu-2023/opening
    name: String,
    /// What people call it
    #[arg(long, group = "fields")]
    title: Option<String>,
    /// Spectators expected
    #[arg(long, value_name = "NUMBER", group = "fields")]
    expected: Option<i32>,
    /// Class of the service plan that applies to it from now on: opening
    #[arg(long, group = "fields", conflicts_with = "no_class")]
    class: Option<String>,
    /// Let no class of the service plan apply to it
    #[arg(long, group = "fields")]
    no_class: bool,
    #[command(flatten)]
    repeat: Repeat,
}

impl Shown for Session {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("name", |it: &Self| Cell::name(&it.name)),
        Column::new("start", |it: &Self| Cell::Time(it.start_time)),
        Column::new("end", |it: &Self| Cell::Time(it.end_time)),
        Column::new("venue", |it: &Self| Cell::name(&it.venue)),
        Column::new("expected", |it: &Self| Cell::Count(it.expected_attendance)),
        Column::new("activities", |it: &Self| Cell::Names(it.activities.clone())),
        Column::new("title", |it: &Self| Cell::text(&it.title)),
        Column::detail("class", |it: &Self| Cell::text(&it.service_class)),
        Column::detail("source", |it: &Self| super::source(it.provenance.as_ref())),
        Column::detail("generated", |it: &Self| super::generated(it.provenance.as_ref())),
        Column::detail("etag", |it: &Self| Cell::text(&it.etag)),
    ];
}

impl Sessions {
    /// Does what the command says.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let client = self.connection.open()?;
        match self.command {
            Command::List { tournament } => list(&client, &names::read(&tournament)?).await,
            Command::Create(create) => create.run(&client).await,
            Command::Update(update) => update.run(&client).await,
        }
    }
}

async fn list(client: &Client, tournament: &TournamentName) -> Result<(), Failure> {
    let zone = Clocks::Tournament(tournament).zone_of_known(client).await?;
    let sessions = pages::all(async |page_token| {
        let request =
            ListSessionsRequest { parent: tournament.to_string(), page_size: pages::PAGE_SIZE, page_token };
        let page = client.schedule().list_sessions(request).await?.into_inner();
        Ok((page.sessions, page.next_page_token))
    });
    client.output.list(&sessions.await?, &zone)
}

impl Create {
    async fn run(self, client: &Client) -> Result<(), Failure> {
        let name: SessionName = names::read(&self.name)?;
        let venue: VenueName = names::read(&self.venue)?;
        let session = Session {
            title: self.title,
            venue: venue.into(),
            expected_attendance: self.expected,
            service_class: self.class,
            ..Session::default()
        };
        let request = self.repeat.request();
        let create = CreateSessionRequest {
            parent: name.parent().to_string(),
            session_id: name.id().to_owned(),
            session: Some(session),
            request_id: request.id(),
        };
        let created = client.schedule().create_session(create).await;
        let response = created.map_err(|status| request.refused(status))?.into_inner();
        show(client, &name, response.session).await
    }
}

impl Update {
    async fn run(self, client: &Client) -> Result<(), Failure> {
        let name: SessionName = names::read(&self.name)?;
        let mut session = Session { name: name.to_string(), ..Session::default() };
        let mut paths = Vec::new();
        if let Some(title) = self.title {
            session.title = title;
            paths.push("title".to_owned());
        }
        if let Some(expected) = self.expected {
            session.expected_attendance = expected;
            paths.push("expected_attendance".to_owned());
        }
        if self.class.is_some() || self.no_class {
            session.service_class = self.class.unwrap_or_default();
            paths.push("service_class".to_owned());
        }
        let request = self.repeat.request();
        let update = UpdateSessionRequest {
            session: Some(session),
            update_mask: Some(FieldMask { paths }),
            request_id: request.id(),
        };
        let updated = client.schedule().update_session(update).await;
        let response = updated.map_err(|status| request.refused(status))?.into_inner();
        show(client, &name, response.session).await
    }
}

async fn show(client: &Client, name: &SessionName, session: Option<Session>) -> Result<(), Failure> {
    let zone = Clocks::Tournament(&name.parent()).zone_to_show(client).await;
    client.output.one(&session.unwrap_or_default(), &zone)
}
