//! `matchday event`: what happened, in order, and which services have heard of it.

use clap::{Args, Subcommand};
use matchday_api::event::v1::{
    Event, Follower, FollowerState, GetLogRequest, ListFollowersRequest, TailEventsRequest,
};
use matchday_kernel::Scope;

use super::{
    connection::{Client, Connection},
    times,
};
use crate::{
    failure::{Failure, say},
    output::{self, Cell, Column, Shown},
    words,
};

/// The services that write a log.
const LOGS: [&str; 5] = [
    matchday_scheduling::NAME,
    matchday_venues::NAME,
    matchday_volunteers::NAME,
    matchday_visitors::NAME,
    matchday_control::NAME,
];

/// The command and where it goes.
#[derive(Args)]
pub(crate) struct Events {
    #[command(flatten)]
    connection: Connection,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Show the events of a service's log, one a line
    #[command(after_long_help = "Examples:\n  matchday event tail scheduling\n  matchday event tail venues \
                                 --resource sites/jinjiang/venues/stadium --follow\n  matchday event tail \
                                 scheduling --after 120 --output json\n\nWithout --follow it ends with the last \
                                 event there was when it began. Times are in UTC.")]
    Tail(Tail),
    /// Show which service has heard of which log, how far, and what is in its way
    Followers,
}

#[derive(Args)]
struct Tail {
    /// The log: the name of the service that writes it
    #[arg(value_parser = LOGS)]
    log: String,
    /// Only events after this one
    #[arg(long, value_name = "SEQUENCE", default_value_t = 0, value_parser = clap::value_parser!(i64).range(0..))]
    after: i64,
    /// Only events of this resource and of those below it: tournaments/fisu-2023
    #[arg(long, value_name = "NAME")]
    resource: Option<Scope>,
    /// Go on with what happens from now on, until interrupted
    #[arg(long)]
    follow: bool,
}

impl Shown for Event {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("sequence", |it: &Self| Cell::Number(it.sequence)),
        Column::new("time", |it: &Self| Cell::Time(it.time)),
        Column::new("type", |it: &Self| Cell::text(it.r#type.rsplit('.').next().unwrap_or_default())),
        Column::new("resource", |it: &Self| Cell::text(&it.resource)),
        Column::new("actor", |it: &Self| Cell::text(&it.actor)),
        Column::new("payload", |it: &Self| Cell::Text(payload(it))),
        Column::detail("tournament", |it: &Self| Cell::text(&it.tournament)),
        Column::detail("change", |it: &Self| Cell::text(&it.change)),
        Column::detail("request-id", |it: &Self| Cell::text(&it.request_id)),
        Column::detail("log-id", |it: &Self| Cell::text(&it.log_id)),
    ];
}

/// What happened, as canonical JSON; a payload that only a newer program knows is named.
fn payload(event: &Event) -> String {
    let Some(payload) = &event.payload else {
        return String::new();
    };
    output::json_line(payload).unwrap_or_else(|_| payload.type_url.clone())
}

impl Shown for Follower {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("follower", |it: &Self| Cell::text(&it.follower)),
        Column::new("log", |it: &Self| Cell::text(&it.log)),
        Column::new("sequence", |it: &Self| Cell::Number(it.sequence)),
        Column::new("state", |it: &Self| Cell::Text(words::word_of::<FollowerState>(it.state))),
        Column::new("reason", |it: &Self| Cell::text(&it.reason)),
    ];
}

impl Events {
    /// Does what the command says.
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let client = self.connection.open()?;
        match self.command {
            Command::Tail(tail) => tail.run(&client).await,
            Command::Followers => followers(&client).await,
        }
    }
}

/// Lists the followers of every process that answers, and says which does not.
async fn followers(client: &Client) -> Result<(), Failure> {
    let (mut followers, mut has_answer, mut silent) = (Vec::new(), false, Vec::new());
    for service in client.processes() {
        match client.events(service).list_followers(ListFollowersRequest {}).await {
            Ok(response) => {
                has_answer = true;
                followers.extend(response.into_inner().followers);
            }
            Err(status) => silent.push((service, status)),
        }
    }
    if has_answer {
        for (service, status) in &silent {
            say(format_args!("{service} does not tell its followers: {}", status.message()));
        }
    } else if let Some((_, status)) = silent.into_iter().next() {
        return Err(status.into());
    }
    client.output.list(&followers, &times::utc())
}

impl Tail {
    async fn run(self, client: &Client) -> Result<(), Failure> {
        let request = GetLogRequest { log: self.log.clone() };
        let log = client.events(&self.log).get_log(request).await?.into_inner();
        let stream = client.output.stream::<Event>()?;
        if !self.follow && self.after >= log.sequence {
            return Ok(());
        }
        // the server is not asked to filter: the last event there was must arrive for this to end
        let log_name = self.log.clone();
        let request = TailEventsRequest {
            log: self.log,
            after: self.after,
            log_id: log.log_id,
            resource: String::new(),
        };
        let is_meant =
            |event: &Event| self.resource.as_ref().is_none_or(|resource| resource.covers(&event.resource));
        let mut responses = client.events(&log_name).tail_events(request).await?.into_inner();
        while let Some(response) = responses.message().await? {
            let Some(event) = response.event else { continue };
            if is_meant(&event) {
                stream.item(&event, &times::utc())?;
            }
            if !self.follow && event.sequence >= log.sequence {
                break;
            }
        }
        Ok(())
    }
}
