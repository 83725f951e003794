//! Figures, and how they are said.

use std::{
    fs,
    ops::ControlFlow,
    time::{Duration, Instant},
};

use matchday_timetable::{
    check::check,
    model::{Instance, Timetable},
    outcome::{Budget, Progress},
};

/// No end but the optimum: the watch looks at the clock.
pub(crate) const BUDGET: Budget = Budget { seed: 1, conflicts: u64::MAX, rounds: u64::MAX };
/// When a search that finds no end is given up.
const LONGEST: Duration = Duration::from_secs(40);

/// Seconds to the first timetable and to the end.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Times {
    pub(crate) first: Option<f64>,
    pub(crate) end: f64,
}

/// Measures a search.
pub(crate) fn timed<T>(search: impl FnOnce(&mut dyn FnMut(Progress) -> ControlFlow<()>) -> T) -> (T, Times) {
    let begun = Instant::now();
    let mut first = None;
    let found = search(&mut |progress| {
        if progress.best.is_some() && first.is_none() {
            first = Some(begun.elapsed().as_secs_f64());
        }
        if begun.elapsed() < LONGEST { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    (found, Times { first, end: begun.elapsed().as_secs_f64() })
}

/// The middle one.
pub(crate) fn median(figures: impl IntoIterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.into_iter().collect();
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Seconds as they stand in the table.
pub(crate) fn seconds(figures: impl IntoIterator<Item = f64>) -> String {
    format!("{:.2} s", median(figures))
}

/// Insists that a timetable keeps every hard rule, and costs what the search says.
pub(crate) fn checked(instance: &Instance, timetable: &Timetable, cost: i64) -> Result<(), String> {
    let report = check(instance, timetable);
    if report.hard > 0 || report.cost != cost {
        return Err(format!(
            "the checker finds {} broken and a cost of {}, not {cost}",
            report.hard, report.cost
        ));
    }
    Ok(())
}

/// Load of the machine over the last minute.
pub(crate) fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().next().unwrap_or("unknown").to_owned()
}
