//! `matchday credential`: tickets and passes.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use matchday_api::visitors::v1::{
    BlockCredentialRequest, Credential, CredentialKind, CredentialState, GetCredentialRequest,
    GetPassRequest, ImportCredentialsRequest, ImportCredentialsResponse, ListCredentialsRequest,
    RevokeCredentialRequest,
};
use matchday_kernel::{CredentialName, TournamentName, VolunteerName};

use super::{
    connection::{Client, Connection},
    names,
    origin::Origin,
    pages,
    progress::{self, Reading},
    refusal::{Repeat, Request},
    times, zones_named,
};
use crate::{
    failure::{Failure, say},
    file,
    output::{Cell, Column, Shown},
    words,
};

/// The command and where it goes.
#[derive(Args)]
pub(crate) struct Credentials {
    #[command(flatten)]
    connection: Connection,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Create tickets and passes from a CSV file, all or nothing
    #[command(after_long_help = "Example:\n  matchday credential import examples/fisu-2023/credentials.csv \
                                 --tournament fisu-2023\n    --generated\n\nThe header of the file is \
                                 code,kind,sessions,zones. A kind is ticket, pass or staff. Sessions \
                                 (opening)\nand zones (jinjiang/stadium/pitch) stand between spaces or \
                                 semicolons; empty means all.")]
    Import(Import),
    /// List the tickets and passes of a tournament
    List {
        /// The tournament: fisu-2023
        tournament: String,
    },
    /// Show one ticket or pass
    Show {
        /// The credential: fisu-2023/t-000001
        name: String,
    },
    /// Show the pass that a volunteer was given with the accreditation
    Pass {
        /// The volunteer: fisu-2023/v001
        volunteer: String,
    },
    /// Keep the holder of a ticket or pass out until it is unblocked; who is inside with it gets out
    #[command(
        after_long_help = "Example:\n  matchday credential block fisu-2023/t-000001 --reason 'ban of the league'"
    )]
    Block(Block),
    /// Let the holder of a ticket or pass in again
    Unblock(Block),
    /// Refuse a ticket or pass from now on; who is inside with it stays inside
    Revoke {
        /// The credential: fisu-2023/t-000001
        name: String,
        /// Why, without naming a person
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        repeat: Repeat,
    },
}

/// A holder who is kept out or let in again.
#[derive(Args)]
struct Block {
    /// The credential: fisu-2023/t-000001
    name: String,
    /// Why, without naming a person
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    repeat: Repeat,
}

impl Block {
    async fn run(self, connection: &Connection, blocked: bool) -> Result<(), Failure> {
        let name: CredentialName = names::read(&self.name)?;
        let (client, request) = (connection.open()?, self.repeat.request());
        let block = BlockCredentialRequest {
            name: name.into(),
            blocked,
            reason: self.reason,
            request_id: request.id(),
            ..BlockCredentialRequest::default()
        };
        let reply = client.credentials().block_credential(block).await;
        let response = reply.map_err(|status| request.refused(status))?.into_inner();
        client.output.one(&response.credential.unwrap_or_default(), &times::utc())
    }
}

#[derive(Args)]
struct Import {
    /// The file
    file: PathBuf,
    /// The tournament they are for: fisu-2023
    #[arg(long)]
    tournament: String,
    #[command(flatten)]
    origin: Origin,
    /// Each lets in so often, over all sessions; without it any number of times
    #[arg(long, value_name = "NUMBER", default_value_t = 0, hide_default_value = true)]
    entries: i32,
    /// Check everything, and create nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    repeat: Repeat,
}

impl Shown for Credential {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("name", |it: &Self| Cell::name(&it.name)),
        Column::new("kind", |it: &Self| Cell::Text(words::word_of::<CredentialKind>(it.kind))),
        Column::new("state", |it: &Self| Cell::Text(words::word_of::<CredentialState>(it.state))),
        Column::new("sessions", |it: &Self| Cell::Names(it.sessions.clone())),
        Column::new("zones", |it: &Self| Cell::Names(it.zones.clone())),
        Column::detail("entries", |it: &Self| Cell::Count(it.entries)),
        Column::detail("source", |it: &Self| super::source(it.provenance.as_ref())),
        Column::detail("generated", |it: &Self| super::generated(it.provenance.as_ref())),
        Column::detail("etag", |it: &Self| Cell::text(&it.etag)),
    ];
}

impl Shown for ImportCredentialsResponse {
    const COLUMNS: &'static [Column<Self>] =
        &[Column::new("credentials", |it: &Self| Cell::Number(it.credentials.into()))];
}

impl Credentials {
    /// Does what the command says.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        match self.command {
            Command::Import(import) => import.run(&self.connection).await,
            Command::Block(block) => block.run(&self.connection, true).await,
            Command::Unblock(block) => block.run(&self.connection, false).await,
            Command::List { tournament } => {
                let tournament: TournamentName = names::read(&tournament)?;
                let client = self.connection.open()?;
                let credentials = pages::all(async |page_token| {
                    let parent = tournament.to_string();
                    let request = ListCredentialsRequest { parent, page_size: pages::PAGE_SIZE, page_token };
                    let page = client.credentials().list_credentials(request).await?.into_inner();
                    Ok((page.credentials, page.next_page_token))
                });
                client.output.list(&credentials.await?, &times::utc())
            }
            Command::Show { name } => {
                let name: CredentialName = names::read(&name)?;
                let client = self.connection.open()?;
                let request = GetCredentialRequest { name: name.into() };
                let response = client.credentials().get_credential(request).await?.into_inner();
                client.output.one(&response.credential.unwrap_or_default(), &times::utc())
            }
            Command::Pass { volunteer } => {
                let volunteer: VolunteerName = names::read(&volunteer)?;
                let client = self.connection.open()?;
                let request = GetPassRequest { volunteer: volunteer.into() };
                let response = client.credentials().get_pass(request).await?.into_inner();
                client.output.one(&response.credential.unwrap_or_default(), &times::utc())
            }
            Command::Revoke { name, reason, repeat } => {
                let name: CredentialName = names::read(&name)?;
                let (client, request) = (self.connection.open()?, repeat.request());
                let revoke = RevokeCredentialRequest {
                    name: name.into(),
                    reason,
                    request_id: request.id(),
                    ..RevokeCredentialRequest::default()
                };
                let revoked = client.credentials().revoke_credential(revoke).await;
                let response = revoked.map_err(|status| request.refused(status))?.into_inner();
                client.output.one(&response.credential.unwrap_or_default(), &times::utc())
            }
        }
    }
}

impl Import {
    async fn run(self, connection: &Connection) -> Result<(), Failure> {
        let tournament: TournamentName = names::read(&self.tournament)?;
        let reading = Reading::of(&self.file);
        let passed = |bytes| reading.passed(bytes);
        let read = file::credentials(&self.file, &tournament, &self.origin.provenance(), passed);
        drop(reading);
        let (read, standing) = read?;
        let mut request = ImportCredentialsRequest { validate_only: self.dry_run, ..read };
        request.credentials.iter_mut().for_each(|credential| credential.entries = self.entries);
        let client = connection.open()?;
        let rows = request.credentials.iter().zip(standing.lines("credentials"));
        let named = rows.flat_map(|(row, line)| row.zones.iter().map(|zone| (zone.as_str(), *line)));
        zones_named::check(&client, &self.file, named).await?;
        let imported = import(&client, request, &self.repeat.request()).await;
        let response = imported.map_err(|failure| failure.in_words(|text| standing.told(text)))?;
        let credentials = response.credentials;
        if self.dry_run {
            say(format_args!("{credentials} credentials are right; nothing was created"));
        } else {
            say(format_args!("imported into {tournament}: {credentials} credentials"));
        }
        client.output.one(&response, &times::utc())
    }
}

/// Imports credentials.
///
/// # Errors
/// [`Failure`] when the server refuses.
pub(crate) async fn import(
    client: &Client,
    import: ImportCredentialsRequest,
    request: &Request,
) -> Result<ImportCredentialsResponse, Failure> {
    let what = format!("{} credentials", import.credentials.len());
    let import = ImportCredentialsRequest { request_id: request.id(), ..import };
    pages::check_size(&import)?;
    let mut service = client.credentials();
    let sent = progress::sending(&what, service.import_credentials(import)).await;
    Ok(sent.map_err(|status| request.refused(status))?.into_inner())
}
