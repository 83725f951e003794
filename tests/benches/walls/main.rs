//! What the walls cost and what they carry, in figures. Run by hand, on a machine that does nothing else:
//!
//! ```text
//! cargo build --release --locked -p matchday
//! cargo bench --locked -p matchday-tests --bench walls                  all of it, about eight minutes
//! cargo bench --locked -p matchday-tests --bench walls -- read wire     some of it
//! cargo bench --locked -p matchday-tests --bench walls -- --quick       tiny rounds: does it run at all?
//! ```
//!
//! | measurement | what it compares |
//! |---|---|
//! | [`read`] | a single row read through all layers with a bare tonic echo |
//! | [`write`] | durable unary writes, many to a transaction, with one row to a transaction |
//! | [`follow`] | the time from a commit to its effect in a follower, with what is promised |
//! | [`start`] | the time until a process is ready, and the memory it keeps, with what is promised |
//! | [`scan`] | scans at the gates of one opening, many at once, with one at a time |
//! | [`seat`] | many who want one seat of a shift, and seats given a second |
//! | [`backlog`] | what gates decided without a network, told at once, with what is promised |
//! | [`day`] | the reference tournament: a delay until all have followed, a check, an import of every ticket |
//! | [`wire`] | the round trip of a small statement with that of a connection without `TCP_NODELAY` |
//!
//! What is compared is measured in turns (A B A B), so that a machine that slows down slows both. PostgreSQL is
//! the server that the tests use; where none answers, its figures are left out, with a word. Everything stays
//! on loopback and ends by itself.

mod backlog;
mod crowd;
mod day;
mod echo;
mod figure;
mod follow;
mod hosted;
mod import;
mod limits;
mod load;
mod machine;
mod place;
mod program;
mod read;
mod scan;
mod seat;
mod start;
mod ticketing;
mod wire;
mod write;

use std::{env, process::ExitCode, time::Duration};

use matchday_runtime::telemetry::{self, LogFormat};

/// How long everything is measured.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Effort {
    /// Rounds of each comparison; the median counts.
    pub(crate) rounds: usize,
    /// How long one side of a round takes.
    pub(crate) round: Duration,
    /// Events whose way to a follower is timed.
    pub(crate) events: usize,
    /// Starts of a process.
    pub(crate) starts: usize,
    /// Delays of matches of the reference tournament.
    pub(crate) delays: usize,
    /// Tickets imported at once.
    pub(crate) tickets: usize,
    /// Scans of each device that was cut off.
    pub(crate) offline_scans: usize,
}

const FULL: Effort = Effort {
    rounds: 7,
    round: Duration::from_secs(2),
    events: 1000,
    starts: 10,
    delays: 500,
    tickets: 200_000,
    offline_scans: 2_000,
};
const QUICK: Effort = Effort {
    rounds: 2,
    round: Duration::from_millis(200),
    events: 20,
    starts: 2,
    delays: 10,
    tickets: 2000,
    offline_scans: 100,
};

const ALL: [&str; 9] = ["read", "write", "follow", "start", "scan", "seat", "backlog", "day", "wire"];

fn main() -> ExitCode {
    let (flags, mut names): (Vec<String>, Vec<String>) =
        env::args().skip(1).partition(|argument| argument.starts_with("--"));
    // cargo itself says `--bench`
    if let Some(wrong) = flags.iter().find(|flag| !["--bench", "--quick"].contains(&flag.as_str())) {
        return refuse(wrong);
    }
    if let Some(wrong) = names.iter().find(|name| !ALL.contains(&name.as_str())) {
        return refuse(wrong);
    }
    if names.is_empty() {
        names = ALL.map(str::to_owned).into();
    }
    let effort = if flags.iter().any(|flag| flag == "--quick") { QUICK } else { FULL };
    // as the program does: a span that nobody wants would cost nothing here
    telemetry::start("info", LogFormat::Human).expect("a filter that can be read");
    println!("{}", machine::description());
    println!("load before: {}", machine::load());
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    for name in &names {
        println!("\n{name}");
        match name.as_str() {
            "read" => runtime.block_on(read::measure(effort)),
            "write" => runtime.block_on(write::measure(effort)),
            "follow" => runtime.block_on(follow::measure(effort)),
            "start" => runtime.block_on(start::measure(effort)),
            "scan" => runtime.block_on(scan::measure(effort)),
            "seat" => runtime.block_on(seat::measure(effort)),
            "backlog" => runtime.block_on(backlog::measure(effort)),
            "day" => runtime.block_on(day::measure(effort)),
            _ => runtime.block_on(wire::measure(effort)),
        }
    }
    println!("\nload after: {}", machine::load());
    ExitCode::SUCCESS
}

fn refuse(wrong: &str) -> ExitCode {
    eprintln!("`{wrong}` is no measurement: give some of {}, or --quick", ALL.join(", "));
    ExitCode::from(2)
}
