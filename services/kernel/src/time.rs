//! Instants: moments on the one time line, in microseconds.

use std::fmt;
use std::str::FromStr;

use jiff::{SignedDuration, Timestamp, Zoned};

use crate::written::written;
use crate::{LocalTimeError, Zone};

/// The error of a time that cannot be read or counted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// The count of microseconds lies outside the calendar.
    #[error("{micros} microseconds since 1970 lie outside the years -9999 to 9999")]
    OutOfRange {
        /// Microseconds since 1970-01-01T00:00:00Z.
        micros: i64,
    },
    /// The text is not a time of the expected form.
    #[error("{written:?} is not a time: write it like {example}")]
    Malformed {
        /// What was written.
        written: String,
        /// How it may be written.
        example: &'static str,
    },
    /// The local time names no single moment.
    #[error(transparent)]
    Local(#[from] LocalTimeError),
}

/// A moment: microseconds since 1970-01-01T00:00:00Z, within the years −9999 to 9999.
///
/// Read and printed as RFC 3339 (`2023-10-21T12:00:00Z`); any offset is read, `Z` is printed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

impl Instant {
    /// The first moment that can be told, -9999-01-02T01:59:59Z as in jiff.
    pub const MIN: Self = Self(-377_705_023_201_000_000);
    /// The last moment that can be told, 9999-12-30T22:00:00.999999Z as in jiff.
    pub const MAX: Self = Self(253_402_207_200_999_999);

    /// The moment so many microseconds after 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    /// [`TimeError::OutOfRange`] outside [`Self::MIN`] to [`Self::MAX`].
    pub fn from_micros(micros: i64) -> Result<Self, TimeError> {
        let instant = Self(micros);
        if (Self::MIN..=Self::MAX).contains(&instant) {
            Ok(instant)
        } else {
            Err(TimeError::OutOfRange { micros })
        }
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// The moment later by a duration (earlier when it is negative); what the duration has below a
    /// microsecond is dropped. `None` outside the calendar.
    #[must_use]
    pub fn checked_add(self, by: SignedDuration) -> Option<Self> {
        let micros = i64::try_from(by.as_micros()).ok()?;
        Self::from_micros(self.0.checked_add(micros)?).ok()
    }

    /// Like [`Self::checked_add`], stopping at the ends of the calendar.
    #[must_use]
    pub fn saturating_add(self, by: SignedDuration) -> Self {
        let end = if by.is_negative() { Self::MIN } else { Self::MAX };
        self.checked_add(by).unwrap_or(end)
    }

    /// How long after `earlier` this moment is; negative when it is before.
    #[must_use]
    pub const fn since(self, earlier: Self) -> SignedDuration {
        SignedDuration::from_micros(self.0 - earlier.0)
    }

    /// This moment as the clocks of a zone show it.
    #[must_use]
    pub fn in_zone(self, zone: &Zone) -> Zoned {
        Timestamp::from(self).to_zoned(zone.time_zone().clone())
    }

    /// This moment in UTC as ISO 8601's basic format to the second, the `DATE-TIME` of RFC 5545:
    /// `20231025T023000Z`.
    #[must_use]
    pub fn basic_utc(self) -> String {
        Timestamp::from(self).strftime("%Y%m%dT%H%M%SZ").to_string()
    }
}

impl From<Timestamp> for Instant {
    fn from(timestamp: Timestamp) -> Self {
        Self(timestamp.as_microsecond())
    }
}

impl From<Instant> for Timestamp {
    fn from(instant: Instant) -> Self {
        Self::from_microsecond(instant.0).expect("the range was checked when the instant was made")
    }
}

impl FromStr for Instant {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        let malformed =
            || TimeError::Malformed { written: written(text), example: "2023-10-21T20:00:00+08:00" };
        // A zone in brackets would be skipped without being compared to the offset.
        if text.contains('[') {
            return Err(malformed());
        }
        text.parse::<Timestamp>().map(Self::from).map_err(|_| malformed())
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&Timestamp::from(*self), f)
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
