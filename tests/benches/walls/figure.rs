//! Figures: medians and percentiles, and whether a target is met.

use std::time::Duration;

/// What a figure ought to be.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Target {
    /// As much as this, or more.
    AtLeast(f64),
    /// As much as this, or less.
    AtMost(f64),
    /// Shown to explain the others.
    None,
}

/// Prints a figure and whether it meets its target.
pub(crate) fn show(name: &str, value: f64, unit: &str, target: Target) {
    let verdict = |is_met: bool| if is_met { "met" } else { "MISSED" };
    let target = match target {
        Target::AtLeast(least) => format!("target at least {least} {unit}: {}", verdict(value >= least)),
        Target::AtMost(most) => format!("target at most {most} {unit}: {}", verdict(value <= most)),
        Target::None => String::new(),
    };
    println!("{}", format!("  {name:<58} {value:>10.2} {unit:<4} {target}").trim_end());
}

/// The median.
///
/// # Panics
/// When there are no values.
pub(crate) fn median(values: &[f64]) -> f64 {
    percentile(values, 50)
}

/// The smallest value that so many per cent of all do not exceed.
///
/// # Panics
/// When there are no values.
pub(crate) fn percentile(values: &[f64], percent: usize) -> f64 {
    assert!(!values.is_empty(), "nothing was measured");
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[(sorted.len() * percent).div_ceil(100).saturating_sub(1)]
}

/// A duration in milliseconds.
pub(crate) fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

/// A count as a number to calculate with.
pub(crate) fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).expect("nothing here is counted in billions"))
}
