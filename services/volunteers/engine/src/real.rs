//! Whole numbers as real ones and back, for what falls geometrically.

/// A whole number as a real one.
#[expect(clippy::cast_precision_loss, reason = "counts and costs here are far below 2^53")]
pub(crate) fn real(whole: i64) -> f64 {
    whole as f64
}

/// A real number without its fraction.
#[expect(clippy::cast_possible_truncation, reason = "what is meant; too large a number becomes the largest")]
pub(crate) fn whole(real: f64) -> i64 {
    real as i64
}

/// A value that falls from one to the other while something is done so often: its value after so many times.
pub(crate) fn falling(from: f64, until: f64, done: u64, over: u64) -> f64 {
    let count = |times: u64| real(i64::try_from(times).unwrap_or(i64::MAX));
    from * (until / from).powf(count(done) / count(over.max(1)))
}
