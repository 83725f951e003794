//! Half-open intervals of time.

use std::fmt;

use jiff::SignedDuration;

use crate::Instant;

/// The error of an interval that cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IntervalError {
    /// The end is not after the start.
    #[error("the end {end} is not after the start {start}")]
    Empty {
        /// The start that was asked for.
        start: Instant,
        /// The end that was asked for.
        end: Instant,
    },
    /// The interval would reach beyond the calendar.
    #[error("the interval would reach beyond the years -9999 to 9999")]
    OutOfRange,
}

/// A span of time with its start and without its end, never empty: `[start, end)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Interval {
    start: Instant,
    end: Instant,
}

impl Interval {
    /// The interval from `start` until just before `end`.
    ///
    /// # Errors
    /// [`IntervalError::Empty`] when the end is not after the start.
    pub fn new(start: Instant, end: Instant) -> Result<Self, IntervalError> {
        if start < end { Ok(Self { start, end }) } else { Err(IntervalError::Empty { start, end }) }
    }

    /// The interval from `start` to `end`, or of a microsecond at `start` where that would be empty.
    pub(crate) fn never_empty(start: Instant, end: Instant) -> Self {
        let microsecond = SignedDuration::from_micros(1);
        let start = start.min(Instant::MAX.saturating_add(-microsecond));
        Self { start, end: end.max(start.saturating_add(microsecond)) }
    }

    /// The first moment within.
    #[must_use]
    pub const fn start(&self) -> Instant {
        self.start
    }

    /// The first moment after.
    #[must_use]
    pub const fn end(&self) -> Instant {
        self.end
    }

    /// The time from start to end, always positive.
    #[must_use]
    pub const fn duration(&self) -> SignedDuration {
        self.end.since(self.start)
    }

    /// Whether a moment lies within.
    #[must_use]
    pub fn contains(&self, moment: Instant) -> bool {
        self.start <= moment && moment < self.end
    }

    /// Whether the two have a moment in common; one that begins where the other ends does not.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The interval widened by a time before and a time after; negative times make it narrower.
    ///
    /// # Errors
    /// [`IntervalError::OutOfRange`] beyond the calendar, [`IntervalError::Empty`] when nothing is left.
    pub fn with_buffers(&self, before: SignedDuration, after: SignedDuration) -> Result<Self, IntervalError> {
        let earlier = before.checked_neg().ok_or(IntervalError::OutOfRange)?;
        let start = self.start.checked_add(earlier).ok_or(IntervalError::OutOfRange)?;
        let end = self.end.checked_add(after).ok_or(IntervalError::OutOfRange)?;
        Self::new(start, end)
    }

    /// The interval moved later, or earlier by a negative duration.
    ///
    /// # Errors
    /// [`IntervalError::OutOfRange`] beyond the calendar.
    pub fn shift(&self, by: SignedDuration) -> Result<Self, IntervalError> {
        let start = self.start.checked_add(by).ok_or(IntervalError::OutOfRange)?;
        let end = self.end.checked_add(by).ok_or(IntervalError::OutOfRange)?;
        Self::new(start, end)
    }
}

impl fmt::Display for Interval {
    /// Prints `start/end`, the ISO 8601 form.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.start, self.end)
    }
}
