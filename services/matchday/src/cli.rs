//! The command line, and how the process ends.

use clap::{Parser, Subcommand, error::ErrorKind};
use matchday_runtime::Exit;
use tokio::runtime;

use crate::{client, demo::Demo, failure::Failure, serve::Serve};

/// The match-day operations system of a football centre.
#[derive(Parser)]
#[command(name = "matchday", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the services
    Serve(Box<Serve>),
    /// Play a tournament: serve it, publish it, delay its opening match, show what follows
    Demo(Box<Demo>),
    #[command(flatten)]
    Client(Box<client::Command>),
}

/// Reads the command line, does what it says, and tells how it ended.
pub(crate) fn main() -> Exit {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return explain(&error),
    };
    let built = runtime::Builder::new_multi_thread().enable_all().build();
    let ended = built.map_err(|error| Failure::of(Exit::Failed, &error)).and_then(|runtime| {
        let ended = runtime.block_on(run(cli.command));
        // what is still open after a second signal is not waited for
        runtime.shutdown_background();
        ended
    });
    ended.unwrap_or_else(|failure| {
        failure.tell();
        failure.exit()
    })
}

async fn run(command: Command) -> Result<Exit, Failure> {
    match command {
        Command::Serve(serve) => serve.run().await,
        Command::Demo(demo) => demo.run().await,
        Command::Client(command) => command.run().await.map(|()| Exit::Done),
    }
}

/// Shows help, or what is wrong with the command line. Nobody reading it is no failure.
fn explain(error: &clap::Error) -> Exit {
    let _ = error.print();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Exit::Done,
        _ => Exit::Usage,
    }
}
