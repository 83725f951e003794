//! `matchday demo`: the reference tournament in one command, with figures read from the services.
//!
//! | module | what |
//! |---|---|
//! | `story` | the day, from the import to the delay of the opening match and what followed |
//! | `stage` | everything imported, published and staffed, on the eve |
//! | `day` | the day played: volunteers sign in, work is done, a simulated crowd comes to the gates |
//! | `aftermath` | what a delay did, in all services |
//! | `clock` | the clock of the services, set to the day that is played |
//!
//! The services run on the clock of the day that is played: what has begun by the time of the delay is decided by
//! it. The whole story is told on standard output.

use std::{
    fmt::Display,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use clap::{Args, ValueEnum};
use matchday_runtime::{
    Exit,
    settings::Written,
    telemetry::{self, LogFormat},
};

use crate::{
    failure::Failure,
    output,
    serve::{self, Signals},
};

mod aftermath;
mod clock;
mod day;
mod stage;
mod story;

use self::{clock::DayClock, story::Story};

/// What the demo shows.
#[derive(Args)]
#[command(
    after_long_help = "Examples:\n  matchday demo fisu-2023\n  matchday demo fisu-2023 --exit --listen \
                             127.0.0.1:0\n\nEverything is kept in a temporary directory, gone at the end, \
                             unless --data names another."
)]
pub(crate) struct Demo {
    /// The tournament to play
    #[arg(value_enum)]
    example: Example,
    /// End when the story is told, instead of serving on
    #[arg(long)]
    exit: bool,
    /// Directory to keep everything in, without databases yet [default: a temporary one, gone at the end]
    #[arg(long, env = "MATCHDAY_DATA", value_name = "DIR")]
    data: Option<PathBuf>,
    /// Loopback address to listen on; port 0 takes a free one [default: 127.0.0.1:7300]
    #[arg(long, env = "MATCHDAY_LISTEN", value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// Log level, or target=level separated by commas
    #[arg(long, env = "MATCHDAY_LOG", value_name = "FILTER", default_value = "warn")]
    log: String,
    /// How log lines look [default: auto]
    #[arg(long, env = "MATCHDAY_LOG_FORMAT", value_enum, value_name = "FORMAT")]
    log_format: Option<LogFormat>,
}

/// The tournaments this program brings along.
#[derive(Clone, Copy, ValueEnum)]
enum Example {
    /// FISU University World Cup Football 2023, Jinjiang: what was published, the rest generated and marked
    #[value(name = "fisu-2023")]
    Fisu2023,
}

impl Demo {
    /// Tells the story, and stays up unless told otherwise. Without `--data` everything is kept in a
    /// temporary directory and gone at the end.
    ///
    /// # Errors
    /// [`Failure`]
    pub(crate) async fn run(self) -> Result<Exit, Failure> {
        let Example::Fisu2023 = self.example;
        let temporary = tempfile::tempdir()?;
        let data = self.data.unwrap_or_else(|| temporary.path().to_owned());
        check_empty(&data)?;
        let written = Written {
            data: Some(data),
            listen: self.listen,
            log: Some(self.log),
            log_format: self.log_format,
            ..Written::default()
        };
        let settings = written.complete(&serve::known()).map_err(|error| Failure::of(Exit::Usage, &error))?;
        telemetry::start(&settings.log, settings.log_format)
            .map_err(|error| Failure::of(Exit::Usage, &error))?;
        let mut signals = Signals::listen()?;
        let clock = DayClock::new();
        let running = serve::start(settings.clone(), clock.clock()).await?;
        tell(serve::greeting(&settings, &running))?;

        let server = format!("http://{}", running.address());
        let story = Story::open(&server, &settings.data, clock)?;
        tokio::select! {
            told = Box::pin(story.tell()) => told?,
            () = signals.next() => return Ok(Exit::Interrupted),
        }
        if self.exit {
            running.stop().await;
            return Ok(Exit::Done);
        }
        tell(format_args!(
            "It stays up; end it with Ctrl-C. In another terminal, for example:\n  matchday runsheet fisu-2023 --day \
             2023-10-21 --server {server} --data {}",
            settings.data.display()
        ))?;
        Ok(signals.stay(running).await)
    }
}

/// Refuses a directory with databases: what is in them would make the story untrue.
fn check_empty(data: &Path) -> Result<(), Failure> {
    let database = serve::known().map(|name| data.join(format!("{name}.db")));
    match database.iter().find(|path| path.exists()) {
        Some(path) => Err(Failure::new(
            Exit::Data,
            format!("{} is there already: the demo begins without data", path.display()),
        )
        .with_hint("leave --data (and MATCHDAY_DATA) out, or name a new directory")),
        None => Ok(()),
    }
}

/// Tells a line of the story, on standard output like its tables.
fn tell(line: impl Display) -> Result<(), Failure> {
    output::print(&format!("{line}\n"))
}
