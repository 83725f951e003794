//! The command line, and how the process ends.

use clap::{CommandFactory, Parser, Subcommand, ValueEnum, error::ErrorKind};
use clap_complete::{aot, generate};
use matchday_runtime::Exit;
use tokio::runtime;

use crate::{client, demo::Demo, failure::Failure, output, serve::Serve};

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
    /// Print what lets a shell complete the commands and options of this program
    #[command(after_long_help = "Examples:\n  matchday completions bash > \
                                 ~/.local/share/bash-completion/completions/matchday\n  matchday completions \
                                 zsh > ~/.zfunc/_matchday\n  matchday completions fish > \
                                 ~/.config/fish/completions/matchday.fish")]
    Completions {
        /// The shell
        shell: Shell,
    },
}

/// A shell that completions are made for.
#[derive(Clone, Copy, ValueEnum)]
enum Shell {
    Bash,
    Zsh,
    Fish,
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
        Command::Completions { shell } => complete(shell).map(|()| Exit::Done),
    }
}

/// Prints the completions for a shell.
fn complete(shell: Shell) -> Result<(), Failure> {
    let shell = match shell {
        Shell::Bash => aot::Shell::Bash,
        Shell::Zsh => aot::Shell::Zsh,
        Shell::Fish => aot::Shell::Fish,
    };
    let mut script = Vec::new();
    generate(shell, &mut Cli::command(), "matchday", &mut script);
    output::print(&String::from_utf8_lossy(&script))
}

/// Shows help, or what is wrong with the command line. Nobody reading it is no failure.
fn explain(error: &clap::Error) -> Exit {
    let _ = error.print();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Exit::Done,
        _ => Exit::Usage,
    }
}
