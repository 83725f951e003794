//! How well a counter's bias is learned: `cargo run --release -p matchday-visitors --example counter_bias FILE.csv`.
//!
//! The file has the columns `slot_start,direction,count` (local time, `in` or `out`). Its days are walked through in
//! order; each is predicted from those before it, then learned. Scored is every day with at least 100 entries and ten
//! days before it. At the end of a day everybody went home: what is left then is the error.

use std::{collections::BTreeMap, env, error::Error, fs, process::ExitCode};

use matchday_visitors::domain::flow::{
    bias::{Bias, ENTRIES_AT_LEAST},
    reading::{Day, MOST_IN_A_SLOT, Slot},
    robust::median,
};

/// Days of history before the first day that is scored.
const DAYS_BEFORE: usize = 10;
/// Shares of the days that intervals claim to cover.
const CLAIMS: [f64; 3] = [0.5, 0.8, 0.9];

/// The days of a file, by their date; the slots of each by the time of day.
fn days(text: &str) -> Result<Vec<Day>, String> {
    let mut slots: BTreeMap<&str, BTreeMap<&str, Slot>> = BTreeMap::new();
    for (index, line) in text.lines().enumerate().skip(1).filter(|(_, line)| !line.trim().is_empty()) {
        let wrong = |what: &str| format!("line {}: {what}", index + 1);
        let [start, direction, count] = line.split(',').map(str::trim).collect::<Vec<_>>()[..] else {
            return Err(wrong("it needs slot_start, direction and count"));
        };
        let (date, time) = start.split_once(['T', ' ']).ok_or_else(|| wrong("slot_start has no time"))?;
        let count: u32 = count.parse().map_err(|_| wrong("count is no whole number from 0 on"))?;
        if count > MOST_IN_A_SLOT {
            return Err(wrong("no door lets so many people through in a slot"));
        }
        let slot = slots.entry(date).or_default().entry(time).or_default();
        match direction {
            "in" => slot.entries += count,
            "out" => slot.exits += count,
            _ => return Err(wrong("direction is neither in nor out")),
        }
    }
    let times: Vec<&str> = {
        let mut times: Vec<&str> = slots.values().flat_map(|day| day.keys().copied()).collect();
        times.sort_unstable();
        times.dedup();
        times
    };
    let day = |of: &BTreeMap<&str, Slot>| Day {
        slots: times.iter().map(|time| of.get(time).copied().unwrap_or_default()).collect(),
    };
    Ok(slots.values().map(day).collect())
}

/// Errors of one way to correct, in people, and whether the counter was silent for a time on that day.
#[derive(Default)]
struct Errors(Vec<(f64, bool)>);

impl Errors {
    #[expect(clippy::cast_precision_loss, reason = "days of a file")]
    fn line(&self, name: &str) -> String {
        let rmse = |errors: &[(f64, bool)]| {
            let squares: f64 = errors.iter().map(|(error, _)| error * error).sum();
            (squares / errors.len().max(1) as f64).sqrt()
        };
        let all = &self.0;
        let bias = all.iter().map(|(error, _)| error).sum::<f64>() / all.len().max(1) as f64;
        let (first, second) = all.split_at(all.len() / 2);
        let heard: Vec<_> = all.iter().copied().filter(|(_, silent)| !silent).collect();
        let rmses = [rmse(first), rmse(second), rmse(&heard)].map(|rmse| format!("{rmse:>13.2}")).concat();
        format!("{name:<16} {:>7.2} {bias:>+7.2}{rmses}", rmse(all))
    }
}

#[expect(clippy::cast_precision_loss, reason = "people of a day, days of a file")]
fn report(days: Vec<Day>) -> String {
    let (mut raw, mut trailing, mut own) = (Errors::default(), Errors::default(), Errors::default());
    let mut covered = [0_usize; CLAIMS.len()];
    let (mut width, mut silent) = (0.0, 0);
    let (mut bias, mut ratios) = (Bias::default(), Vec::new());
    for (index, day) in days.into_iter().enumerate() {
        let (entries, exits) = (day.entries() as f64, day.exits() as f64);
        let is_busy = day.entries() >= ENTRIES_AT_LEAST;
        if is_busy
            && index >= DAYS_BEFORE
            && let (Some(ratio), Some(residual)) = (median(&ratios), bias.residual(&day))
        {
            let was_silent = residual.missed.slots > 0;
            raw.0.push((entries - exits, was_silent));
            trailing.0.push((entries - ratio * exits, was_silent));
            own.0.push((residual.people(), was_silent));
            silent += usize::from(was_silent);
            for (covered, claim) in covered.iter_mut().zip(CLAIMS) {
                let half = bias.half_width(&residual, claim).unwrap_or_default();
                *covered += usize::from(residual.people().abs() <= half);
                width = if claim > 0.85 { width + half } else { width };
            }
        }
        if is_busy {
            ratios.push(entries / exits.max(1.0));
        }
        bias.learn(day);
    }
    let scored = own.0.len();
    let mut lines = vec![
        format!("{scored} days scored; counter silent for a time on {silent} of them"),
        format!(
            "{:<16} {:>7} {:>7}{:>13}{:>13}{:>13}",
            "people", "RMSE", "bias", "first half", "second half", "not silent"
        ),
        raw.line("raw"),
        trailing.line("trailing median"),
        own.line("own"),
    ];
    for (covered, claim) in covered.into_iter().zip(CLAIMS) {
        let share = 100.0 * covered as f64 / scored.max(1) as f64;
        lines.push(format!("interval {:.0} %: covers {covered} of {scored} ({share:.0} %)", 100.0 * claim));
    }
    lines
        .push(format!("interval 90 %: {:.1} people to either side on average", width / scored.max(1) as f64));
    lines.join("\n")
}

fn run() -> Result<String, Box<dyn Error>> {
    let path = env::args().nth(1).ok_or("name a file with the columns slot_start,direction,count")?;
    let text = fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
    Ok(report(days(&text).map_err(|error| format!("{path}: {error}"))?))
}

fn main() -> ExitCode {
    match run() {
        Ok(report) => {
            println!("{report}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("counter_bias: {error}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_cannot_be_read_is_named() {
        let of = |line: &str| days(&format!("slot_start,direction,count\n{line}")).unwrap_err();
        assert!(of("2005-07-24T00:00:00,in,-3").contains("line 2: count"));
        assert!(of("2005-07-24T00:00:00,up,3").contains("neither in nor out"));
        assert!(of("2005-07-24,in,3").contains("no time"));
        assert!(of("2005-07-24T00:00:00,in,4000000000").contains("no door"));
        assert!(of("2005-07-24T00:00:00,in").contains("needs"));
    }

    #[test]
    fn a_file_of_no_days_scores_nothing() {
        assert!(report(Vec::new()).starts_with("0 days scored"));
    }

    #[test]
    fn on_real_counts_the_correction_beats_the_trailing_median() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/flow/calit2-first-7-weeks.csv");
        let Ok(text) = fs::read_to_string(path) else {
            println!("skipped: {path} is not here");
            return;
        };
        let report = report(days(&text).unwrap());
        let rmse = |name: &str| -> f64 {
            let line = report.lines().find(|line| line.starts_with(name)).unwrap();
            line[name.len()..].split_whitespace().next().unwrap().parse().unwrap()
        };
        assert!(rmse("own") < 0.97 * rmse("trailing median"), "{report}");
        assert!(rmse("trailing median") < rmse("raw"), "{report}");
        assert!(report.contains("interval 90 %: covers 24 of 27"), "{report}");
    }
}
