//! 志愿服务时长: which time counts, what of it was at night, and what it is credited with.

use matchday_kernel::{ErrorKind, Fault, Instant, Interval, SignedDuration, Violation, Zone, civil::Time};

use super::shift::EARLIEST_SIGN_IN;

/// How long after its end time still counts as served on a shift: who forgets to sign out has not served all night.
/// Assumed; nobody has confirmed it.
pub const LATEST_COUNTED: SignedDuration = SignedDuration::from_mins(60);
/// The longest service that is written by hand as one entry.
pub const LONGEST_BY_HAND: SignedDuration = SignedDuration::from_hours(24);
/// The most that a minute of the night is credited with, in hundredths of a minute.
pub const HIGHEST_PERCENT: i32 = 300;

/// How service at night is credited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NightRule {
    /// When the night begins, on the clocks of the tournament.
    pub start: Time,
    /// When it ends, on the same day or the next.
    pub end: Time,
    /// What a minute of it is credited with, in hundredths of a minute: 100 to 300.
    pub percent: i32,
}

impl NightRule {
    /// The rule before anybody has set one: 22:00 to 06:00, credited like the day. Assumed.
    pub const ASSUMED: Self =
        Self { start: Time::constant(22, 0, 0, 0), end: Time::constant(6, 0, 0, 0), percent: 100 };

    fn is_night(&self, time: Time) -> bool {
        if self.start <= self.end {
            self.start <= time && time < self.end
        } else {
            self.start <= time || time < self.end
        }
    }
}

/// What a service comes to, in whole minutes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Served {
    /// From the beginning to the end.
    pub minutes: i32,
    /// Of those: begun at night.
    pub night_minutes: i32,
    /// Credited: those of the day once, those of the night with the factor; rounded down.
    pub credited: i64,
}

impl Served {
    /// What a service from one moment to another comes to.
    #[must_use]
    pub fn of(time: &Interval, rule: NightRule, zone: &Zone) -> Self {
        let minutes = i32::try_from(time.duration().as_mins()).unwrap_or(i32::MAX);
        let is_at_night = |minute: &i32| {
            let moment = time.start().saturating_add(SignedDuration::from_mins((*minute).into()));
            rule.is_night(moment.in_zone(zone).time())
        };
        let night_minutes = i32::try_from((0..minutes).filter(is_at_night).count()).unwrap_or(i32::MAX);
        let by_day = i64::from(minutes - night_minutes);
        let by_night = i64::from(night_minutes) * i64::from(rule.percent) / 100;
        Self { minutes, night_minutes, credited: by_day + by_night }
    }
}

/// The time on a shift that counts: from the sign-in, no earlier than people may sign in, to the sign-out, no later
/// than an hour after the end. `None` when nothing of it does.
#[must_use]
pub fn counted(shift: &Interval, signed_in: Instant, signed_out: Instant) -> Option<Interval> {
    let earliest = shift.start().saturating_add(-EARLIEST_SIGN_IN);
    let latest = shift.end().saturating_add(LATEST_COUNTED);
    Interval::new(signed_in.max(earliest), signed_out.min(latest)).ok()
}

/// Why hours and certificates refuse.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// An entry cannot be taken back.
    #[error("{entry} {problem}")]
    EntryState {
        /// The entry.
        entry: String,
        /// What it is, and what can be done.
        problem: &'static str,
    },
    /// Nothing is confirmed that could be attested.
    #[error(
        "nothing of the hours of {volunteer} is confirmed, there is nothing to attest: have the leaders of the \
         shifts confirm them first (`matchday hours confirm`)"
    )]
    Unconfirmed {
        /// The volunteer.
        volunteer: String,
    },
    /// A certificate is revoked.
    #[error("{certificate} is revoked: issue a new one (`matchday hours certificate`)")]
    Revoked {
        /// The certificate.
        certificate: String,
    },
    /// The font has no such character.
    #[error(
        "{certificate} cannot be printed: the font has no character for {character:?} of the name; write the name \
         with another character, or print the certificate elsewhere"
    )]
    Unprintable {
        /// The certificate.
        certificate: String,
        /// The character.
        character: char,
    },
}

impl Fault for Refusal {
    fn kind(&self) -> ErrorKind {
        ErrorKind::FailedPrecondition
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::EntryState { .. } => "HOURS_STATE",
            Self::Unconfirmed { .. } => "HOURS_UNCONFIRMED",
            Self::Revoked { .. } => "CERTIFICATE_REVOKED",
            Self::Unprintable { .. } => "NAME_UNPRINTABLE",
        }
    }

    fn metadata(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Unprintable { character, .. } => {
                vec![("code_point", format!("U+{:04X}", u32::from(*character)))]
            }
            _ => Vec::new(),
        }
    }

    fn violations(&self) -> Vec<Violation> {
        Vec::new()
    }

    fn resource(&self) -> Option<&str> {
        match self {
            Self::EntryState { entry: name, .. }
            | Self::Unconfirmed { volunteer: name }
            | Self::Revoked { certificate: name }
            | Self::Unprintable { certificate: name, .. } => Some(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::shift::tests::{at, between};

    fn zone() -> Zone {
        "Asia/Shanghai".parse().unwrap()
    }

    #[test]
    fn a_shift_counts_from_sign_in_to_sign_out_within_an_hour_around_it() {
        let shift = between(600, 900);
        assert_eq!(counted(&shift, at(590), at(905)), Some(between(590, 905)));
        assert_eq!(counted(&shift, at(500), at(2000)), Some(between(540, 960)));
        assert_eq!(counted(&shift, at(700), at(700)), None);
        assert_eq!(counted(&shift, at(961), at(970)), None);
    }

    #[test]
    fn the_night_is_that_of_the_tournament_and_has_its_factor() {
        let rule = NightRule { percent: 150, ..NightRule::ASSUMED };
        // at(0) is midnight in Shanghai: 21:00 to 23:30
        let evening = Served::of(&between(1260, 1410), rule, &zone());
        assert_eq!(evening, Served { minutes: 150, night_minutes: 90, credited: 60 + 135 });
        let morning = Served::of(&between(350, 370), rule, &zone());
        assert_eq!((morning.night_minutes, morning.credited), (10, 25));
        let noon = NightRule { start: Time::constant(12, 0, 0, 0), end: Time::constant(13, 0, 0, 0), ..rule };
        assert_eq!(Served::of(&between(700, 800), noon, &zone()).night_minutes, 60);
        assert_eq!(Served::of(&between(1260, 1410), NightRule::ASSUMED, &zone()).credited, 150);
    }

    #[test]
    fn the_night_that_clocks_are_put_back_is_an_hour_longer() {
        let zone: Zone = "Europe/Berlin".parse().unwrap();
        // 2023-10-28T20:00Z is 22:00 in Berlin, 2023-10-29T05:00Z is 06:00
        let time =
            Interval::new("2023-10-28T20:00:00Z".parse().unwrap(), "2023-10-29T05:00:00Z".parse().unwrap());
        let served = Served::of(&time.unwrap(), NightRule::ASSUMED, &zone);
        assert_eq!((served.minutes, served.night_minutes), (540, 540));
    }

    proptest! {
        /// Parts of a service come to what the whole does, wherever it is cut at a full minute.
        #[test]
        fn parts_come_to_the_whole(start in 0i64..3000, first in 1i64..600, second in 1i64..600) {
            let rule = NightRule { percent: 200, ..NightRule::ASSUMED };
            let whole = Served::of(&between(start, start + first + second), rule, &zone());
            let parts = [between(start, start + first), between(start + first, start + first + second)];
            let [one, other] = parts.map(|part| Served::of(&part, rule, &zone()));
            prop_assert_eq!(one.minutes + other.minutes, whole.minutes);
            prop_assert_eq!(one.night_minutes + other.night_minutes, whole.night_minutes);
            prop_assert_eq!(one.credited + other.credited, whole.credited);
            prop_assert!(whole.night_minutes <= whole.minutes);
        }
    }
}
