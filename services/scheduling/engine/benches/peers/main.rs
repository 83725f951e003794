//! The engine against a peer, in one run: CP-SAT on the same 48 matches, and a youth festival that only the engine
//! makes. By hand, on a machine that does nothing else; about three minutes:
//!
//! ```text
//! PEER_PYTHON=/path/to/python-with-ortools cargo bench --locked -p matchday-timetable --bench peers
//! cargo bench --locked -p matchday-timetable --bench peers -- --quick        one round
//! ```
//!
//! Both are measured in turns; a figure is the median of the rounds. The peer's seconds are its solver's own, ours are
//! all of the call. Where Python has no ortools, or `../shared` is not beside the project, the peer is left out, with
//! a word. Every timetable is checked by the engine's checker, which shares no code with the search.

mod festival;
mod figure;
mod making;
mod mending;
#[path = "../../tests/peer/mod.rs"]
mod peer;

use std::{env, error::Error, process::ExitCode};

use peer::Peer;

fn main() -> ExitCode {
    let flags: Vec<String> = env::args().skip(1).filter(|flag| flag != "--bench").collect();
    let done = match flags.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [festival::ALONE] => festival::alone(),
        ["--quick"] => all(1),
        [] => all(5),
        _ => Err("say nothing, or --quick".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn all(rounds: usize) -> Result<(), Box<dyn Error>> {
    let peer = Peer::find().map_err(|word| println!("{word}\n")).ok();
    println!("load before: {}, rounds: {rounds}\n", figure::load());
    println!("| case | peer | ours |\n|---|---|---|");
    let published = making::measure(peer.as_ref(), rounds)?;
    mending::measure(peer.as_ref(), rounds, &published)?;
    festival::measure()?;
    println!("\nload after: {}", figure::load());
    Ok(())
}
