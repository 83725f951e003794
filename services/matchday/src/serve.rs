//! `matchday serve`: hosts services until it is told to stop.

use std::path::PathBuf;

use clap::Args;
use matchday_kernel::Clock;
use matchday_rpc::peer;
use matchday_runtime::{
    Exit, Host, HostError, Running, Settings, ambient, keys,
    service::Build,
    settings::{Trust, Written},
    telemetry,
};
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::{
    failure::{Failure, say},
    output,
};

/// Most writes of a service committed at once.
const MAX_BATCH: usize = 1000;

/// The services this program can host.
const KNOWN: [(&str, Build); 5] = [
    (matchday_scheduling::NAME, matchday_scheduling::build),
    (matchday_venues::NAME, matchday_venues::build),
    (matchday_volunteers::NAME, matchday_volunteers::build),
    (matchday_visitors::NAME, matchday_visitors::build),
    (matchday_control::NAME, matchday_control::build),
];

/// What `serve` is told.
#[derive(Args)]
#[command(after_long_help = "Examples:\n  matchday serve\n  matchday serve --service venues --database \
                             postgres://me@localhost/matchday --listen 127.0.0.1:7302\n    --auth-public-key \
                             issuer.pub.pem --service-token-file venues.token\n    --peer \
                             scheduling=http://127.0.0.1:7301\n\nWithout flags it hosts every service on \
                             127.0.0.1:7300 and keeps its data in ./matchday-data. On\nthe first start it makes \
                             the keys and the administrator's token there; the other commands\nfind the token \
                             by themselves. Interrupt it to end it.")]
pub(crate) struct Serve {
    #[command(flatten)]
    written: Written,
    /// TOML file with the same settings; flags and variables win over it
    #[arg(long, env = "MATCHDAY_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// Print the settings as they would be used, passwords hidden, and end
    #[arg(long)]
    dump_config: bool,
}

impl Serve {
    /// Serves until a signal asks it to end; a second one ends it at once.
    pub(crate) async fn run(self) -> Result<Exit, Failure> {
        let dump = self.dump_config;
        let settings = self.settings()?;
        if dump {
            let text = settings.dump().map_err(|error| Failure::of(Exit::Usage, &error))?;
            output::print(&text)?;
            return Ok(Exit::Done);
        }
        telemetry::start(&settings.log, settings.log_format)
            .map_err(|error| Failure::of(Exit::Usage, &error))?;
        let mut signals = Signals::listen()?;
        let running = tokio::select! {
            running = start(settings.clone(), clock(&settings)) => running?,
            () = signals.next() => return Ok(Exit::Interrupted),
        };
        say(greeting(&settings, &running));
        Ok(signals.stay(running).await)
    }

    fn settings(self) -> Result<Settings, Failure> {
        let written = match &self.config {
            Some(path) => self.written.over_file(path),
            None => Ok(self.written),
        };
        written
            .and_then(|written| written.complete(&known()))
            .map_err(|error| Failure::of(Exit::Usage, &error))
    }
}

/// The names of the services this program can host.
pub(crate) fn known() -> [&'static str; KNOWN.len()] {
    KNOWN.map(|(name, _)| name)
}

/// The machine's clock, or that of a rehearsal.
fn clock(settings: &Settings) -> Clock {
    let Some(shift) = settings.clock_shift else { return ambient::clock() };
    let clock = ambient::clock_ahead(shift.0);
    say(format_args!("rehearsal: the clock shows {}", clock.now()));
    clock
}

/// Starts hosting with the machine's randomness.
///
/// # Errors
/// [`Failure`] with the exit code that tells whose fault it is.
pub(crate) async fn start(settings: Settings, clock: Clock) -> Result<Running, Failure> {
    let host =
        Host { settings, known: KNOWN.to_vec(), clock, random: ambient::random(), max_batch: MAX_BATCH };
    host.start().await.map_err(|error| {
        let exit = match &error {
            HostError::Bind { .. } | HostError::Contract(_) => Exit::Failed,
            HostError::Store(_) | HostError::Keys(_) => Exit::Data,
            HostError::Peer(peer::AddressError { .. }) => Exit::Usage,
        };
        Failure::of(exit, &error)
    })
}

/// That it is ready, in lines that are plain whatever the logs look like: scripts wait for the first.
pub(crate) fn greeting(settings: &Settings, running: &Running) -> String {
    let mut lines = vec![
        format!("ready on http://{}", running.address()),
        format!("hosting {}", settings.service.join(", ")),
    ];
    if matches!(settings.trust, Trust::Own {}) {
        let token = settings.data.join(keys::ADMIN_TOKEN);
        lines.push(format!("the administrator's token is in {}", token.display()));
    }
    lines.join("\n")
}

/// The signals that ask a process to end.
pub(crate) struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    /// Listens for them from now on.
    ///
    /// # Errors
    /// [`Failure`] when the operating system does not let it.
    pub(crate) fn listen() -> Result<Self, Failure> {
        let listen = |kind| signal(kind).map_err(|error| Failure::of(Exit::Failed, &error));
        Ok(Self { interrupt: listen(SignalKind::interrupt())?, terminate: listen(SignalKind::terminate())? })
    }

    /// Waits for the next one.
    pub(crate) async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }

    /// Stays until a signal, and then ends gracefully; a second signal ends it at once.
    pub(crate) async fn stay(mut self, mut running: Running) -> Exit {
        let exit = tokio::select! {
            () = self.next() => Exit::Done,
            () = running.ended() => Exit::Failed,
        };
        say("stopping: open calls are finished; a second signal ends at once");
        tokio::select! {
            () = running.stop() => exit,
            () = self.next() => Exit::Interrupted,
        }
    }
}
