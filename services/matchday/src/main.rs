//! The program `matchday`: serves the services, and asks them from the command line.
//!
//! | module | subject |
//! |---|---|
//! | `cli` | the command line, and how the process ends |
//! | `demo` | the reference tournament in one command |
//! | `serve` | hosts services until it is told to stop |
//! | `client` | commands that call a server |
//! | `simulation` | a session played at its gates; pure |
//! | `output` | standard output: tables, CSV, JSON |
//! | `words` | words for the values of the contract's enums |
//! | `file` | the project's own YAML files |
//! | `failure` | why a command failed, as people and scripts see it |

mod cli;
mod client;
mod demo;
mod failure;
mod file;
mod output;
mod serve;
mod simulation;
mod words;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main().into()
}
