//! The youth festival, in a process of its own, so that its memory can be told.

use std::{env, error::Error, fs, process::Command};

use matchday_timetable::{
    festival::festival,
    outcome::{Budget, Outcome},
    solve::feasible,
    validate::validate,
};

use crate::figure::{checked, timed};

/// Makes the festival and says what it took, in the child.
pub(crate) const ALONE: &str = "--festival";

/// Measures it.
pub(crate) fn measure() -> Result<(), Box<dyn Error>> {
    let output = Command::new(env::current_exe()?).arg(ALONE).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    print!("{}", String::from_utf8_lossy(&output.stdout));
    Ok(())
}

/// What the child does.
pub(crate) fn alone() -> Result<(), Box<dyn Error>> {
    let mut told = Vec::new();
    for seed in 1..=3 {
        let instance = festival(seed);
        let faults = validate(&instance);
        if let Some(fault) = faults.first() {
            return Err(fault.what.clone().into());
        }
        let budget = Budget { seed, conflicts: 10_000, rounds: 100_000 };
        let (outcome, times) = timed(|watch| feasible(&instance, budget, watch));
        let (Outcome::Best { found, .. } | Outcome::Optimal(found)) = outcome else {
            return Err(format!("festival {seed}: {outcome:?}").into());
        };
        checked(&instance, &found.timetable, found.cost)?;
        let first =
            times.first.map_or("no word of the first".to_owned(), |first| format!("first {first:.2} s"));
        told.push(format!("{first}, then {} in {:.2} s", found.cost, times.end));
    }
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("unknown").trim();
    println!(
        "| youth festival: 128 teams, 16 pitches, 5 days, 320 matches, seeds 1 to 3 | — | {}; at most {most} |",
        told.join("; ")
    );
    Ok(())
}
