//! Time zones: what the clocks on the wall show, and which moment a local time means.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};

use crate::written::written;
use crate::{Instant, Interval, TimeError};

/// The error of a text that names no time zone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{written:?} is not a time zone: write an IANA name such as Asia/Shanghai")]
pub struct ZoneError {
    /// What was written.
    pub written: String,
}

/// The error of a local time that names no single moment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LocalTimeError {
    /// The clocks are put back, and show this time twice.
    #[error(
        "{} happens twice in {zone}: write {} or {}",
        local_format(*local), zone.format(*earlier), zone.format(*later)
    )]
    Ambiguous {
        /// The local time.
        local: DateTime,
        /// The zone whose clocks show it.
        zone: Zone,
        /// The first time the clocks show it.
        earlier: Instant,
        /// The second time the clocks show it.
        later: Instant,
    },
    /// The clocks are put forward, and never show this time.
    #[error(
        "{} does not exist in {zone}, where the clocks are put forward: write {} or {}",
        local_format(*local), zone.format(*before), zone.format(*after)
    )]
    Gap {
        /// The local time.
        local: DateTime,
        /// The zone whose clocks skip it.
        zone: Zone,
        /// The moment meant by the clocks as they are after the change; it lies before the change.
        before: Instant,
        /// The moment meant by the clocks as they were before the change; it lies after the change.
        after: Instant,
    },
    /// The local time lies at the very ends of the calendar.
    #[error("{} in {zone} lies outside the years -9999 to 9999", local_format(*local))]
    OutOfRange {
        /// The local time.
        local: DateTime,
        /// The zone it was meant in.
        zone: Zone,
    },
}

/// A local time as people write it: to the minute, with seconds only where there are any.
fn local_format(local: DateTime) -> String {
    let pattern = if local.second() == 0 { "%F %H:%M" } else { "%F %H:%M:%S" };
    local.strftime(pattern).to_string()
}

/// A time zone with its IANA name, such as `Asia/Shanghai`.
#[derive(Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Zone {
    const EXAMPLE: &'static str = "2023-10-21 20:00 or 2023-10-21T20:00:00+08:00";

    /// The IANA name.
    #[must_use]
    pub fn name(&self) -> &str {
        // Reading a zone lets only those with a name through.
        self.0.iana_name().unwrap_or_default()
    }

    pub(crate) fn time_zone(&self) -> &TimeZone {
        &self.0
    }

    /// The moment at which the clocks of this zone show a local time.
    ///
    /// # Errors
    /// A time that the clocks show twice or never, with both moments it could mean.
    pub fn resolve(&self, local: DateTime) -> Result<Instant, LocalTimeError> {
        let moment = |offset: Offset| {
            let out_of_range = || LocalTimeError::OutOfRange { local, zone: self.clone() };
            offset.to_timestamp(local).map(Instant::from).map_err(|_| out_of_range())
        };
        match self.0.to_ambiguous_timestamp(local).offset() {
            AmbiguousOffset::Unambiguous { offset } => moment(offset),
            AmbiguousOffset::Fold { before, after } => {
                let (earlier, later) = (moment(before)?, moment(after)?);
                Err(LocalTimeError::Ambiguous { local, zone: self.clone(), earlier, later })
            }
            AmbiguousOffset::Gap { before, after } => {
                let (before, after) = (moment(after)?, moment(before)?);
                Err(LocalTimeError::Gap { local, zone: self.clone(), before, after })
            }
        }
    }

    /// Reads a local time of this zone (`2023-10-21 20:00`, `2023-10-21T20:00:30`) or a time with its
    /// offset (`2023-10-21 20:00 +08:00`, `2023-10-21T12:00Z`), which is never ambiguous.
    ///
    /// # Errors
    /// [`TimeError::Malformed`] for any other text, [`TimeError::Local`] for a local time that names no
    /// single moment.
    pub fn parse_local_or_offset(&self, text: &str) -> Result<Instant, TimeError> {
        let malformed = || TimeError::Malformed { written: written(text), example: Self::EXAMPLE };
        let (date, time) = text.trim().split_once(['T', 't', ' ']).ok_or_else(malformed)?;
        // The calendar library reads more than is promised here, and skips a zone in brackets.
        if !time.contains(':') || text.contains('[') {
            return Err(malformed());
        }
        if let Some(end) = time.find(['Z', 'z', '+', '-']) {
            let (clock, offset) = time.split_at(end);
            let instant = format!("{date}T{}{offset}", clock.trim_end()).parse();
            return instant.map_err(|_| malformed());
        }
        let local: DateTime = format!("{date}T{time}").parse().map_err(|_| malformed())?;
        Ok(self.resolve(local)?)
    }

    /// The date on the calendar of this zone.
    #[must_use]
    pub fn local_date(&self, moment: Instant) -> Date {
        moment.in_zone(self).date()
    }

    /// The day of this zone from midnight to midnight: 23 or 25 hours long when the clocks change. Where
    /// they skip midnight it begins with the first moment after.
    ///
    /// An interval is never empty: a date that the zone skipped altogether (`Pacific/Apia`, 2011-12-30)
    /// and one beyond the ends of the calendar are one microsecond long.
    #[must_use]
    pub fn day(&self, date: Date) -> Interval {
        let end = date.tomorrow().map_or(Instant::MAX, |next| self.midnight(next));
        Interval::never_empty(self.midnight(date), end)
    }

    fn midnight(&self, date: Date) -> Instant {
        let beyond = if date.year() < 0 { Instant::MIN } else { Instant::MAX };
        date.to_zoned(self.0.clone()).map_or(beyond, |midnight| midnight.timestamp().into())
    }

    /// A moment as people of this zone write it: `2023-10-21 20:00 +08:00`, with seconds only where there
    /// are any.
    #[must_use]
    pub fn format(&self, moment: Instant) -> String {
        let local = moment.in_zone(self);
        format!("{} {}", local_format(local.datetime()), local.strftime("%:z"))
    }
}

impl FromStr for Zone {
    type Err = ZoneError;

    fn from_str(text: &str) -> Result<Self, ZoneError> {
        match TimeZone::get(text) {
            Ok(zone) if zone.iana_name().is_some() && !zone.is_unknown() => Ok(Self(zone)),
            _ => Err(ZoneError { written: written(text) }),
        }
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({})", self.name())
    }
}
