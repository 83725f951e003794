//! Makes a roster of the benchmark:
//! `solve INSTANCE.json --seconds S --seed N --threads T --out OUT.json`.
//!
//! A short trial measures how fast this machine is; from that the passes and iterations that fit the time follow. What
//! was asked for is printed: `--passes P --iterations I` in place of `--seconds` gives the same roster again, with any
//! number of threads, unless the time cut the run short.

mod festival;

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use festival::arguments::{Arguments, Failure};
use festival::{read_instance, write_roster};
use matchday_roster::check::check;
use matchday_roster::explain::Prepared;
use matchday_roster::model::{Instance, Roster};
use matchday_roster::outcome::Budget;
use matchday_roster::pace::fitting;
use matchday_roster::solve::solve;
use matchday_roster::validate::validate;

fn main() -> Result<(), Failure> {
    let begun = Instant::now();
    let arguments = Arguments::read("solve INSTANCE.json --seconds S --seed N --threads T --out OUT.json")?;
    let instance = read_instance(arguments.file(0)?)?;
    if let Some(fault) = validate(&instance).into_iter().next() {
        return Err(fault.into());
    }
    let (seed, threads) = (arguments.number("seed", 1)?, arguments.number("threads", 2)?);
    let seconds: f64 = arguments.number("seconds", 30.0)?;
    let end = begun + Duration::from_secs_f64(seconds);
    let fixed = Budget { seed, passes: arguments.number("passes", 0)?, iterations: 0, threads };
    let budget = match arguments.number("iterations", 0)? {
        0 => measured(&instance, fixed, end),
        iterations => Budget { iterations, ..fixed },
    };
    let timed = arguments.number("iterations", 0)? == 0;
    let outcome = solve(&instance, budget, &mut |_| {
        if timed && Instant::now() >= end { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    let seconds = begun.elapsed().as_secs_f64();
    let report = check(&instance, &outcome.roster);
    if report.hard > 0 || report.cost != outcome.cost {
        return Err(format!("the checker finds {} broken rules and cost {}", report.hard, report.cost).into());
    }
    let explaining = Instant::now();
    let explained = Prepared::new(&instance).explain(&outcome.roster).open_seats();
    println!(
        "shifts with open seats {}, all explained in {} ms",
        explained.len(),
        explaining.elapsed().as_millis()
    );
    if let Some(path) = arguments.text("out") {
        write_roster(path, &instance, &outcome.roster)?;
    }
    println!(
        "asked for passes {} iterations {}; made {} and {}; open seats {}, people there {} of {}, broken groups {}",
        budget.passes,
        budget.iterations,
        outcome.passes,
        outcome.iterations,
        outcome.open_seats,
        report.covered,
        report.wanted,
        outcome.broken_groups
    );
    println!(
        "cost {} bound {} gap {}.{:02}% seconds {:.2}",
        outcome.cost,
        outcome.bound,
        outcome.gap() / 100,
        outcome.gap() % 100,
        seconds
    );
    Ok(())
}

/// What fits until the end.
fn measured(instance: &Instance, fixed: Budget, end: Instant) -> Budget {
    let begun = Instant::now();
    let settled = vec![false; instance.shifts.len()];
    let kept = Roster { crews: vec![Vec::new(); instance.shifts.len()] };
    let left = micros(end.saturating_duration_since(begun));
    fitting(instance, &settled, &kept, fixed, left, &|| micros(begun.elapsed()))
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX).max(1)
}
