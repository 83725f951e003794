//! Key times and the moments people plan from them: `KO−120`, `END+30`, `START`.

use std::fmt;
use std::str::FromStr;

use jiff::SignedDuration;

use crate::Instant;
use crate::written::written;

const EXAMPLES: &str = "KO-120, END+30, START or 2023-10-21T12:00:00Z";

/// The error of a text that is not a moment of a plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyTimeError {
    /// The text has no such form.
    #[error("{written:?} is not a moment of a plan: write it like {EXAMPLES}")]
    Malformed {
        /// What was written.
        written: String,
    },
    /// The key time is none of those that are known.
    #[error("{written:?} is not a key time: it is one of KO, END, START, GATES, CLEAR")]
    UnknownKey {
        /// What was written.
        written: String,
    },
    /// The offset is too long.
    #[error("the offset is longer than 7 days (10080 minutes)")]
    TooFar,
}

/// A time that work is planned from, and that work follows when it moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyTime {
    /// Kick-off, `KO`.
    KickOff,
    /// The end of the match: the whistle after extra time and penalties, if any; `END`.
    End,
    /// The start of an activity, `START`.
    Start,
    /// The gates of a session open, `GATES`.
    GatesOpen,
    /// The session is cleared, `CLEAR`.
    Clear,
}

impl KeyTime {
    /// Every key time.
    pub const ALL: [Self; 5] = [Self::KickOff, Self::End, Self::Start, Self::GatesOpen, Self::Clear];

    /// The code that people write: `KO`, `END`, `START`, `GATES`, `CLEAR`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::KickOff => "KO",
            Self::End => "END",
            Self::Start => "START",
            Self::GatesOpen => "GATES",
            Self::Clear => "CLEAR",
        }
    }
}

impl FromStr for KeyTime {
    type Err = KeyTimeError;

    /// Reads a code in upper or lower case.
    fn from_str(text: &str) -> Result<Self, KeyTimeError> {
        let is_written = |key: &Self| key.code().eq_ignore_ascii_case(text);
        let unknown = || KeyTimeError::UnknownKey { written: written(text) };
        Self::ALL.into_iter().find(is_written).ok_or_else(unknown)
    }
}

impl fmt::Display for KeyTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A distance from a key time: whole minutes, at most 7 days either way; negative is before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Offset(i32);

impl Offset {
    /// The key time itself.
    pub const ZERO: Self = Self(0);
    /// The longest distance, 7 days in minutes.
    pub const LONGEST_MINUTES: i32 = 7 * 24 * 60;

    /// The distance of so many minutes.
    ///
    /// # Errors
    /// [`KeyTimeError::TooFar`] beyond 7 days.
    pub const fn from_minutes(minutes: i32) -> Result<Self, KeyTimeError> {
        if minutes < -Self::LONGEST_MINUTES || minutes > Self::LONGEST_MINUTES {
            return Err(KeyTimeError::TooFar);
        }
        Ok(Self(minutes))
    }

    /// The distance in minutes.
    #[must_use]
    pub const fn as_minutes(self) -> i32 {
        self.0
    }

    /// The distance as a duration.
    #[must_use]
    pub fn duration(self) -> SignedDuration {
        SignedDuration::from_mins(i64::from(self.0))
    }

    /// Reads the digits after a sign.
    fn parse(sign: char, digits: &str) -> Option<Result<Self, KeyTimeError>> {
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        // Digits alone fail to parse only when they are too many.
        let minutes = digits.parse().unwrap_or(i32::MAX);
        Some(Self::from_minutes(if sign == '+' { minutes } else { -minutes }))
    }
}

impl fmt::Display for Offset {
    /// Prints `+30`, `−120` with a true minus sign, and nothing for zero.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0 => Ok(()),
            minutes if minutes > 0 => write!(f, "+{minutes}"),
            minutes => write!(f, "−{}", minutes.unsigned_abs()),
        }
    }
}

/// A moment of a plan: a key time and an offset, or a fixed time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyMoment {
    /// Follows a key time.
    Relative {
        /// The key time.
        key: KeyTime,
        /// How far from it.
        offset: Offset,
    },
    /// Stays where it is.
    Fixed(Instant),
}

impl KeyMoment {
    /// The moment it stands for, given when the key times are; `None` when its key time is not known or
    /// the moment lies beyond the calendar.
    #[must_use]
    pub fn resolve(&self, at: impl Fn(KeyTime) -> Option<Instant>) -> Option<Instant> {
        match *self {
            Self::Relative { key, offset } => at(key)?.checked_add(offset.duration()),
            Self::Fixed(moment) => Some(moment),
        }
    }
}

impl FromStr for KeyMoment {
    type Err = KeyTimeError;

    /// Reads `KO-120`, `KO−120`, `END+30`, `START`, in any case and with spaces around the sign, or a
    /// fixed RFC 3339 time.
    fn from_str(text: &str) -> Result<Self, KeyTimeError> {
        let malformed = || KeyTimeError::Malformed { written: written(text) };
        let trimmed = text.trim();
        if !trimmed.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return trimmed.parse().map(Self::Fixed).map_err(|_| malformed());
        }
        let Some((at, sign)) = trimmed.char_indices().find(|(_, c)| matches!(c, '+' | '-' | '−')) else {
            return Ok(Self::Relative { key: trimmed.parse()?, offset: Offset::ZERO });
        };
        let key = trimmed[..at].trim_end().parse()?;
        let digits = trimmed[at + sign.len_utf8()..].trim_start();
        let offset = Offset::parse(sign, digits).ok_or_else(malformed)??;
        Ok(Self::Relative { key, offset })
    }
}

impl fmt::Display for KeyMoment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Relative { key, offset } => write!(f, "{key}{offset}"),
            Self::Fixed(moment) => write!(f, "{moment}"),
        }
    }
}
