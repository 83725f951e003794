//! What wants a zone: an activity, or a booking made by hand.

use matchday_kernel::{Instant, Interval, IntervalError, SignedDuration, ZoneName};

/// Longest set-up and turnaround.
pub const LONGEST_BUFFER: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Longest time one booking holds a zone.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(366 * 24);

/// What wants a zone, and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Occupant {
    /// Name of the activity; empty when it is a booking made by hand.
    pub holder: String,
    /// Revision of the activity; 0 without one.
    pub revision: i64,
    /// Tournament it belongs to; empty when it belongs to none.
    pub tournament: String,
    /// What it is for.
    pub title: String,
    /// The zone it wants.
    pub zone: ZoneName,
    /// When, without buffers.
    pub time: Interval,
    /// Time needed before.
    pub set_up: SignedDuration,
    /// Time needed after.
    pub turnaround: SignedDuration,
}

impl Occupant {
    /// The same, holding its zone from a start on that is earlier, if it is: what has begun keeps its start.
    #[must_use]
    pub fn since(self, start: Instant) -> Self {
        let time = Interval::new(start.min(self.time.start()), self.time.end()).unwrap_or(self.time);
        Self { time, ..self }
    }

    /// The time the zone is taken: `[start − set-up, end + turnaround)`.
    ///
    /// # Errors
    /// [`IntervalError::OutOfRange`] at the ends of the calendar.
    pub fn occupation(&self) -> Result<Interval, IntervalError> {
        self.time.with_buffers(self.set_up, self.turnaround)
    }
}
