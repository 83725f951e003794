//! Finding a server and a token, and the clients of the services there.

use std::{env, path::PathBuf};

use clap::Args;
use matchday_api::{
    event::v1::event_service_client::EventServiceClient,
    scheduling::v1::{
        schedule_service_client::ScheduleServiceClient, tournament_service_client::TournamentServiceClient,
    },
    venues::v1::{booking_service_client::BookingServiceClient, place_service_client::PlaceServiceClient},
};
use matchday_rpc::{Credentials, Peer, peer};
use matchday_runtime::{
    Exit,
    address::{self, AddressError},
    keys,
};

use crate::{failure::Failure, output::Format};

/// The variable that holds a token itself.
const TOKEN: &str = "MATCHDAY_TOKEN";

/// Where the server is, and how to speak with it.
#[derive(Args)]
#[command(next_help_heading = "Connection and output")]
pub(crate) struct Connection {
    /// Server to call; only this machine's own addresses are allowed
    #[arg(long, global = true, env = "MATCHDAY_SERVER", value_name = "URL",
          default_value = "http://127.0.0.1:7300", value_parser = server)]
    server: String,
    #[command(flatten)]
    token: TokenPlace,
    /// How data is written to standard output
    #[arg(long, global = true, value_enum, value_name = "FORMAT", default_value_t)]
    output: Format,
}

/// Where the token is.
#[derive(Args)]
#[command(next_help_heading = "Connection and output")]
pub(crate) struct TokenPlace {
    /// File that holds your token; without it the one in `MATCHDAY_TOKEN`, then admin.token in the data
    /// directory
    #[arg(long, global = true, env = "MATCHDAY_TOKEN_FILE", value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// Data directory of the server, where its keys and the administrator's token are
    #[arg(long, global = true, env = "MATCHDAY_DATA", value_name = "DIR", default_value = "./matchday-data")]
    data: PathBuf,
}

fn server(text: &str) -> Result<String, AddressError> {
    address::check_url(text).map(|()| text.to_owned())
}

impl Connection {
    /// Reads the token and gets ready to call; nothing is sent yet.
    ///
    /// # Errors
    /// [`Failure`] when there is no token.
    pub(crate) fn open(&self) -> Result<Client, Failure> {
        Client::at(&self.server, &self.token.read()?, self.output)
    }
}

impl TokenPlace {
    /// The data directory.
    pub(crate) fn data(&self) -> &PathBuf {
        &self.data
    }

    /// The token.
    ///
    /// # Errors
    /// [`Failure`] when there is none.
    pub(crate) fn read(&self) -> Result<String, Failure> {
        let path = match (&self.token_file, env::var(TOKEN)) {
            (Some(path), _) => path.clone(),
            (None, Ok(token)) if !token.trim().is_empty() => return Ok(token),
            (None, _) => self.data.join(keys::ADMIN_TOKEN),
        };
        let missing = |problem: String| {
            Failure::new(Exit::Denied, format!("no token: {} {problem}", path.display())).with_hint(
                "run this where `matchday serve` runs, or name its directory with --data, or a token with \
                 --token-file",
            )
        };
        let text =
            std::fs::read_to_string(&path).map_err(|error| missing(format!("cannot be read: {error}")))?;
        match text.trim() {
            "" => Err(missing("is empty".to_owned())),
            token => Ok(token.to_owned()),
        }
    }
}

/// The services of a server, and how to show what they answer.
#[derive(Clone)]
pub(crate) struct Client {
    peer: Peer,
    /// How data is written.
    pub(crate) output: Format,
}

impl Client {
    /// The services of a server, called with a token; nothing is sent yet.
    ///
    /// # Errors
    /// [`Failure`] when the token cannot be sent.
    pub(crate) fn at(server: &str, token: &str, output: Format) -> Result<Self, Failure> {
        let peer = peer::remote(server).map_err(|error| Failure::of(Exit::Usage, &error))?;
        let credentials = Credentials::token(token)
            .map_err(|_| Failure::new(Exit::Denied, "the token holds what no token can hold"))?;
        Ok(Self { peer: credentials.on(peer), output })
    }

    /// Sites, venues and zones.
    pub(crate) fn places(&self) -> PlaceServiceClient<Peer> {
        PlaceServiceClient::new(self.peer.clone())
    }

    /// Bookings.
    pub(crate) fn bookings(&self) -> BookingServiceClient<Peer> {
        BookingServiceClient::new(self.peer.clone())
    }

    /// Tournaments and teams.
    pub(crate) fn tournaments(&self) -> TournamentServiceClient<Peer> {
        TournamentServiceClient::new(self.peer.clone())
    }

    /// Activities, sessions and versions.
    pub(crate) fn schedule(&self) -> ScheduleServiceClient<Peer> {
        ScheduleServiceClient::new(self.peer.clone())
    }

    /// Event logs and followers.
    pub(crate) fn events(&self) -> EventServiceClient<Peer> {
        EventServiceClient::new(self.peer.clone())
    }
}
