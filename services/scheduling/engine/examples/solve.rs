//! Makes the timetable of an instance that a JSON file holds.
//!
//! ```text
//! cargo run --release -p matchday-timetable --example solve -- INSTANCE.json --seconds 10 --seed 1 --out OUT.json
//! ```
//!
//! Progress goes to stderr. The last line on stdout says `optimal`, `best … bound …`, `infeasible` or `unknown`,
//! with cost and seconds. A run that the clock ended names the conflicts and rounds that repeat it.

use std::{
    env,
    error::Error,
    fs,
    ops::ControlFlow,
    path::PathBuf,
    process::ExitCode,
    time::{Duration, Instant},
};

use matchday_timetable::{
    check::check,
    model::Instance,
    outcome::{Budget, Found, LeadsTo, Outcome, Progress, Reason},
    solve::solve,
    validate::validate,
};

const USAGE: &str =
    "solve INSTANCE.json [--seconds S] [--seed N] [--conflicts C] [--rounds R] [--out OUT.json]
  --seconds S     end after this time (60)
  --seed N        where random choices begin (1)
  --conflicts C   end the exact search after so many conflicts
  --rounds R      end the search of neighbourhoods after so many rounds
  --out OUT.json  write the timetable here";

struct Asked {
    instance: PathBuf,
    seconds: f64,
    budget: Budget,
    out: Option<PathBuf>,
}

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(3)
        }
    }
}

fn run() -> Result<ExitCode, Box<dyn Error>> {
    let Some(asked) = asked(env::args().skip(1))? else {
        println!("{USAGE}");
        return Ok(ExitCode::SUCCESS);
    };
    let name = asked.instance.display();
    let text = fs::read_to_string(&asked.instance).map_err(|error| format!("{name}: {error}"))?;
    let instance: Instance = serde_json::from_str(&text).map_err(|error| format!("{name}: {error}"))?;
    let faults = validate(&instance);
    if !faults.is_empty() {
        let lines: Vec<String> = faults.iter().map(|fault| format!("\n  {fault}")).collect();
        return Err(format!("{name}: no timetable can be searched for:{}", lines.concat()).into());
    }
    let begun = Instant::now();
    let end = Duration::try_from_secs_f64(asked.seconds)?;
    let mut last = Progress::default();
    let mut shown = None;
    let outcome = solve(&instance, asked.budget, &mut |progress| {
        last = progress;
        if shown != Some((progress.best, progress.bound)) {
            shown = Some((progress.best, progress.bound));
            let number = |number: Option<i64>| number.map_or("-".to_owned(), |number| number.to_string());
            eprintln!(
                "{:8.2} s  best {:>8}  bound {:>8}  iteration {}",
                begun.elapsed().as_secs_f64(),
                number(progress.best),
                number(progress.bound),
                progress.iteration
            );
        }
        if begun.elapsed() < end { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    let seconds = begun.elapsed().as_secs_f64();
    eprintln!(
        "to repeat it: --seed {} --conflicts {} --rounds {}",
        asked.budget.seed,
        last.conflicts,
        last.iteration - last.conflicts
    );
    if let Outcome::Optimal(found) | Outcome::Best { found, .. } = &outcome {
        checked(&instance, found)?;
    }
    if let (Some(out), Outcome::Optimal(found) | Outcome::Best { found, .. }) = (&asked.out, &outcome) {
        let text = serde_json::to_string_pretty(&found.timetable)?;
        fs::write(out, text + "\n").map_err(|error| format!("{}: {error}", out.display()))?;
    }
    Ok(match outcome {
        Outcome::Optimal(found) => {
            println!("optimal {} in {seconds:.2} s", found.cost);
            ExitCode::SUCCESS
        }
        Outcome::Best { found, bound } => {
            println!("best {} bound {bound} in {seconds:.2} s", found.cost);
            ExitCode::SUCCESS
        }
        Outcome::Infeasible(reason) => {
            tell(&reason);
            println!("infeasible in {seconds:.2} s");
            ExitCode::from(4)
        }
        Outcome::Unknown => {
            println!(
                "unknown after {seconds:.2} s: more time may find a timetable, or prove that there is none"
            );
            ExitCode::from(4)
        }
    })
}

/// Insists that the checker, which shares no code with the search, finds the same.
fn checked(instance: &Instance, found: &Found) -> Result<(), String> {
    let report = check(instance, &found.timetable);
    if report.is_clean() && report.cost == found.cost {
        return Ok(());
    }
    let broken: Vec<&str> = report.broken().map(|rule| rule.id.as_str()).collect();
    let (cost, broken) = (report.cost, broken.join(", "));
    Err(format!(
        "a defect of the engine: the checker finds a cost of {cost}, not {}; broken: {broken}",
        found.cost
    ))
}

/// Tells why there is none, and what the steps of the ladder lead to.
fn tell(reason: &Reason) {
    println!("{}", reason.sentence);
    for step in &reason.ladder {
        match &step.leads_to {
            LeadsTo::Works { cost, .. } => println!("  {}: works, at a cost of {cost}", step.title),
            LeadsTo::Infeasible(why) => println!("  {}: is not enough: {why}", step.title),
            LeadsTo::Unknown => println!("  {}: not known", step.title),
        }
    }
}

/// The command line; nothing when help is asked for.
fn asked(mut arguments: impl Iterator<Item = String>) -> Result<Option<Asked>, Box<dyn Error>> {
    let budget = Budget { seed: 1, conflicts: u64::MAX, rounds: u64::MAX };
    let mut asked = Asked { instance: PathBuf::new(), seconds: 60.0, budget, out: None };
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| format!("{argument} needs a value\n{USAGE}"));
        match argument.as_str() {
            "--help" | "-h" => return Ok(None),
            "--seconds" => asked.seconds = value()?.parse().map_err(|error| format!("--seconds: {error}"))?,
            "--seed" => asked.budget.seed = value()?.parse().map_err(|error| format!("--seed: {error}"))?,
            "--conflicts" => {
                asked.budget.conflicts = value()?.parse().map_err(|error| format!("--conflicts: {error}"))?;
            }
            "--rounds" => {
                asked.budget.rounds = value()?.parse().map_err(|error| format!("--rounds: {error}"))?;
            }
            "--out" => asked.out = Some(value()?.into()),
            flag if flag.starts_with('-') => return Err(format!("{flag} is no option\n{USAGE}").into()),
            _ if asked.instance.as_os_str().is_empty() => asked.instance = argument.into(),
            _ => return Err(format!("one instance at a time, not {argument} too\n{USAGE}").into()),
        }
    }
    if asked.instance.as_os_str().is_empty() {
        return Err(USAGE.into());
    }
    Ok(Some(asked))
}
