//! Writes a youth festival, as an instance in JSON, to stdout.
//!
//! ```text
//! cargo run --release -p matchday-timetable --example festival -- SEED > festival.json
//! ```

use std::{env, error::Error, io};

use matchday_timetable::festival::festival;

fn main() -> Result<(), Box<dyn Error>> {
    let seed = env::args().nth(1).unwrap_or_else(|| "1".to_owned());
    let seed = seed.parse().map_err(|error| format!("{seed} is no seed: {error}"))?;
    serde_json::to_writer(io::stdout().lock(), &festival(seed))?;
    Ok(())
}
