//! What a rule looks at, with the limit that its kind needs.

use matchday_api::scheduling::v1::{self as pb, rule::Value};
use matchday_kernel::{Common, SignedDuration, civil::Time};
use matchday_rpc::parse;

use crate::{
    Error,
    domain::check::rule::{Kind, Rest, Window},
};

/// Longest time that a rule demands.
const LONGEST: SignedDuration = SignedDuration::from_hours(366 * 24);
/// Most days or matches that a rule counts.
const MOST_COUNTED: i32 = 366;

/// Reads what a rule looks at, with its limit; `at` is what the path of its fields begins with.
pub(super) fn kind(at: &str, rule: &pb::Rule) -> Result<Kind, Error> {
    use pb::RuleKind;

    let value = Limit { at, value: rule.value.as_ref() };
    let plain = |kind| value.none().map(|()| kind);
    match parse::one_of(&format!("{at}kind"), rule.kind)? {
        RuleKind::PlaceDoubleBooked => plain(Kind::PlaceDoubleBooked),
        RuleKind::PlaceHeldByOthers => plain(Kind::PlaceHeldByOthers),
        RuleKind::SessionsOverlap => Ok(Kind::SessionsOverlap { between: value.duration_or_none()? }),
        RuleKind::TeamInTwoPlaces => plain(Kind::TeamInTwoPlaces),
        RuleKind::OfficialInTwoPlaces => plain(Kind::OfficialInTwoPlaces),
        RuleKind::RestCalendarDays => Ok(Kind::Rest(Rest::CalendarDays(value.count()?))),
        RuleKind::RestBetweenKickOffs => Ok(Kind::Rest(Rest::BetweenKickOffs(value.duration()?))),
        RuleKind::RestAfterWhistle => Ok(Kind::Rest(Rest::AfterWhistle(value.duration()?))),
        RuleKind::LastGroupMatchesTogether => plain(Kind::LastGroupMatchesTogether),
        RuleKind::KnockoutAfterFeeders => Ok(Kind::KnockoutAfterFeeders { gap: value.duration_or_none()? }),
        RuleKind::MatchesPerVenueAndDay => Ok(Kind::MatchesPerVenueAndDay { most: value.count()? }),
        RuleKind::OpeningHours => Ok(Kind::OpeningHours(value.window()?)),
        RuleKind::NamesKnown => plain(Kind::NamesKnown),
        RuleKind::ZonesKnown => plain(Kind::ZonesKnown),
        RuleKind::Unspecified => Err(Common::field(format!("{at}kind"), "is required").into()),
    }
}

/// The value of a rule, to be read as its kind needs it.
struct Limit<'a> {
    at: &'a str,
    value: Option<&'a Value>,
}

impl Limit<'_> {
    fn wrong<T>(&self, field: &str, problem: &str) -> Result<T, Error> {
        Err(Common::field(format!("{}{field}", self.at), problem).into())
    }

    /// A kind without a value.
    fn none(&self) -> Result<(), Error> {
        const PROBLEM: &str = "is no value of this kind of rule, which has none";
        match self.value {
            None => Ok(()),
            Some(Value::Duration(_)) => self.wrong("duration", PROBLEM),
            Some(Value::Count(_)) => self.wrong("count", PROBLEM),
            Some(Value::Window(_)) => self.wrong("window", PROBLEM),
        }
    }

    fn duration(&self) -> Result<SignedDuration, Error> {
        match self.value {
            Some(Value::Duration(length)) => {
                Ok(parse::duration(&format!("{}duration", self.at), Some(*length), LONGEST)?)
            }
            _ => self.wrong("duration", "is what this kind of rule needs"),
        }
    }

    fn duration_or_none(&self) -> Result<SignedDuration, Error> {
        if self.value.is_none() { Ok(SignedDuration::ZERO) } else { self.duration() }
    }

    fn count(&self) -> Result<u32, Error> {
        match self.value {
            Some(Value::Count(count)) => within(&format!("{}count", self.at), *count, 0, MOST_COUNTED),
            _ => self.wrong("count", "is what this kind of rule needs"),
        }
    }

    fn window(&self) -> Result<Window, Error> {
        let Some(Value::Window(window)) = self.value else {
            return self.wrong("window", "is what this kind of rule needs");
        };
        let clock = |name: &str, text: &str| {
            let problem = format!("{text:?} is not a time of the day: write it like 08:00");
            time(text).ok_or_else(|| Common::field(format!("{}window.{name}", self.at), problem))
        };
        let closes = if window.closes == "24:00" { Time::MIN } else { clock("closes", &window.closes)? };
        Ok(Window { opens: clock("opens", &window.opens)?, closes })
    }
}

/// Reads a number between two others.
pub(super) fn within(field: &str, number: i32, least: i32, most: i32) -> Result<u32, Error> {
    let read = u32::try_from(number).ok().filter(|_| (least..=most).contains(&number));
    read.ok_or_else(|| Common::field(field, format!("must lie between {least} and {most}")).into())
}

/// Reads hours and minutes, two digits each.
fn time(text: &str) -> Option<Time> {
    let (hours, minutes) =
        text.split_once(':').filter(|(hours, minutes)| hours.len() + minutes.len() == 4)?;
    let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?;
    Time::new(number(hours)?, number(minutes)?, 0, 0).ok()
}

#[cfg(test)]
mod tests {
    use matchday_api::scheduling::v1::DailyWindow;
    use matchday_kernel::{Fault, civil::time};

    use super::*;

    fn rule(kind: pb::RuleKind, value: impl Into<Option<Value>>) -> pb::Rule {
        pb::Rule { kind: kind.into(), value: value.into(), ..pb::Rule::default() }
    }

    fn hours(hours: i64) -> Value {
        Value::Duration(prost_types::Duration { seconds: hours * 3600, nanos: 0 })
    }

    fn window(opens: &str, closes: &str) -> Value {
        Value::Window(DailyWindow { opens: opens.into(), closes: closes.into() })
    }

    #[track_caller]
    fn refused(rule: &pb::Rule, field: &str) {
        let error = kind("rules[0].", rule).unwrap_err();
        assert_eq!(error.violations()[0].subject, format!("rules[0].{field}"), "{error}");
    }

    #[test]
    fn each_kind_needs_its_value_and_no_other() {
        use pb::RuleKind::{
            KnockoutAfterFeeders, NamesKnown, OpeningHours, RestAfterWhistle, RestCalendarDays,
        };

        assert!(kind("", &rule(RestAfterWhistle, hours(48))).is_ok());
        assert!(kind("", &rule(KnockoutAfterFeeders, None)).is_ok());
        for (kind, value, field) in [
            (RestAfterWhistle, None, "duration"),
            (RestAfterWhistle, Some(Value::Count(48)), "duration"),
            (RestAfterWhistle, Some(hours(-1)), "duration"),
            (RestAfterWhistle, Some(hours(24 * 367)), "duration"),
            (RestCalendarDays, Some(Value::Count(-1)), "count"),
            (RestCalendarDays, Some(Value::Count(367)), "count"),
            (NamesKnown, Some(Value::Count(1)), "count"),
            (KnockoutAfterFeeders, Some(window("08:00", "09:00")), "duration"),
            (OpeningHours, None, "window"),
            (OpeningHours, Some(window("8:00", "23:00")), "window.opens"),
            (OpeningHours, Some(window("08:00", "24:01")), "window.closes"),
            (OpeningHours, Some(window("24:00", "23:00")), "window.opens"),
            (OpeningHours, Some(window("08:00", "+1:00")), "window.closes"),
            (pb::RuleKind::Unspecified, None, "kind"),
        ] {
            refused(&rule(kind, value), field);
        }
    }

    #[test]
    fn midnight_ends_a_day() {
        let read = kind("", &rule(pb::RuleKind::OpeningHours, window("06:30", "24:00"))).unwrap();
        let expected = Window { opens: time(6, 30, 0, 0), closes: Time::MIN };
        assert_eq!(read, Kind::OpeningHours(expected));
    }
}
