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
use matchday_roster::model::Instance;
use matchday_roster::outcome::Budget;
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

/// What fits until the end, a third of the time for the bound. A tiny trial says how long a trial of an eighth of the
/// time is, and that one says the rest: the first steps of a search are slower than those that follow.
fn measured(instance: &Instance, fixed: Budget, end: Instant) -> Budget {
    let tiny = Budget { passes: 2, iterations: 100 * instance.volunteers.len() as u64, ..fixed };
    let left = micros(end.saturating_duration_since(Instant::now()));
    let trial = Pace::of(instance, tiny).fit(fixed, left / 8);
    let trial = Budget { passes: trial.passes.max(tiny.passes), ..trial };
    let pace = Pace::of(instance, trial);
    pace.fit(fixed, micros(end.saturating_duration_since(Instant::now())))
}

/// How fast this machine is, in microseconds.
struct Pace {
    prepare: u64,
    pass: u64,
    /// For [`Pace::iterations`] of them.
    searching: u64,
    iterations: u64,
}

impl Pace {
    fn of(instance: &Instance, trial: Budget) -> Self {
        let begun = Instant::now();
        let (mut prepared, mut passed, mut searched) = (begun, (0, begun), (0, begun));
        solve(instance, trial, &mut |progress| {
            let now = Instant::now();
            match (progress.pass, progress.iteration) {
                (0, 0) => (prepared, passed) = (now, (0, now)),
                (pass, 0) => passed = (pass, now),
                (_, iteration) => searched = (iteration, now),
            }
            ControlFlow::Continue(())
        });
        Self {
            prepare: micros(prepared - begun),
            pass: micros(passed.1 - prepared).div_ceil(passed.0.max(1)),
            searching: micros(searched.1.saturating_duration_since(passed.1)),
            iterations: searched.0,
        }
    }

    fn fit(&self, fixed: Budget, micros: u64) -> Budget {
        let left = micros.saturating_sub(self.prepare);
        // Fewer than ten say nothing.
        let fit = Some((left / 3 / self.pass).min(600)).filter(|passes| *passes >= 10).unwrap_or(0);
        let passes = if fixed.passes > 0 { fixed.passes } else { fit };
        let searching = left.saturating_sub(passes * self.pass) * 9 / 10;
        let iterations = searching.saturating_mul(self.iterations) / self.searching;
        Budget { passes, iterations: iterations.max(1), ..fixed }
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX).max(1)
}
