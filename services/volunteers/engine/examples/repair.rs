//! Repairs a published roster:
//! `repair PUBLISHED.json CASE.json --seconds S --iterations I --seed N --threads T --out OUT.json`.
//!
//! The case is an instance as it is now: shifts at their new times, and `noshow` lists volunteers and the day on which
//! each does not come. Taking an assignment away costs 20, as in `repair_case.py`.

mod festival;

use std::collections::{BTreeMap, HashMap};
use std::fs::read_to_string;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use festival::arguments::{Arguments, Failure};
use festival::{read_instance, write_roster};
use matchday_roster::check::check;
use matchday_roster::model::{Instance, Roster};
use matchday_roster::outcome::Budget;
use matchday_roster::repair::{Standing, Weights, repair};

fn main() -> Result<(), Failure> {
    let arguments = Arguments::read(
        "repair PUBLISHED.json CASE.json --iterations I --seed N --threads T --out OUT.json",
    )?;
    let instance = read_instance(arguments.file(1)?)?;
    let published = read_roster(arguments.file(0)?, &instance)?;
    let begun = Instant::now();
    let budget = Budget {
        seed: arguments.number("seed", 1)?,
        passes: 0,
        iterations: arguments.number("iterations", 6_000_000)?,
        threads: arguments.number("threads", 2)?,
    };
    let end = begun + Duration::from_secs_f64(arguments.number("seconds", 60.0)?);
    let weights = Weights { person: arguments.number("person", 0)?, assignment: 20 };
    let now = arguments.number("now", 0)?;
    let settled: Vec<bool> = instance.shifts.iter().map(|shift| shift.span.start < now).collect();
    let standing = Standing { published: &published, lost: &[], settled: &settled, days: &[] };
    let repaired = repair(&instance, standing, weights, budget, &mut |_| {
        if Instant::now() >= end { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    let seconds = begun.elapsed().as_secs_f64();
    let report = check(&instance, &repaired.roster);
    if report.hard > 0 || report.cost != repaired.price.quality {
        return Err(format!("the checker finds {} broken rules and cost {}", report.hard, report.cost).into());
    }
    if let Some(path) = arguments.text("out") {
        write_roster(path, &instance, &repaired.roster)?;
    }
    let price = repaired.price;
    println!(
        "days {:?} iterations {} changes {} people {} quality {} total {} seconds {seconds:.2}",
        repaired.days, repaired.iterations, price.assignments, price.people, price.quality, price.total
    );
    Ok(())
}

/// Reads a roster as `check.py` reads it; shifts and volunteers that the instance does not have are a failure.
fn read_roster(path: &str, instance: &Instance) -> Result<Roster, Failure> {
    let file: BTreeMap<String, Vec<usize>> = serde_json::from_str(&read_to_string(path)?)?;
    let mut roster = Roster { crews: vec![Vec::new(); instance.shifts.len()] };
    let shifts: HashMap<&str, usize> = numbered(instance.shifts.iter().map(|one| one.id.as_str()));
    let volunteers: HashMap<&str, usize> = numbered(instance.volunteers.iter().map(|one| one.id.as_str()));
    let unknown = |id: &str| format!("{path} names {id}, which the instance does not have");
    for (id, crew) in &file {
        let crew_of = &mut roster.crews[*shifts.get(id.as_str()).ok_or_else(|| unknown(id))?];
        for volunteer in crew {
            let id = volunteer.to_string();
            crew_of.push(*volunteers.get(id.as_str()).ok_or_else(|| unknown(&id))?);
        }
        crew_of.sort_unstable();
    }
    Ok(roster)
}

fn numbered<'t>(ids: impl Iterator<Item = &'t str>) -> HashMap<&'t str, usize> {
    ids.enumerate().map(|(number, id)| (id, number)).collect()
}
