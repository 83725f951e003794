//! What a rule looks at, with the limit that its kind needs.

use std::{fmt::Display, str::FromStr};

use matchday_api::scheduling::v1::{self as pb, rule::Value};
use matchday_kernel::{
    Common, SignedDuration, Slug, ZoneName,
    civil::{Date, Time},
};
use matchday_rpc::parse;

use crate::{
    Error,
    domain::check::{
        limit::{Clocks, Limit as Decided},
        rule::{Kind, Rest, Window},
    },
};

/// Longest time that a rule demands.
const LONGEST: SignedDuration = SignedDuration::from_hours(366 * 24);
/// Most days or matches that a rule counts.
const MOST_COUNTED: i32 = 366;
/// Most spectators that a rule counts.
const MOST_CROWD: i32 = 1_000_000;
/// Most matches, days or pitches that a rule names.
const MOST_NAMED: usize = 200;

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
        decided => value.decided(decided).map(Kind::Timetable),
    }
}

/// The value of a rule, to be read as its kind needs it.
struct Limit<'a> {
    at: &'a str,
    value: Option<&'a Value>,
}

impl Limit<'_> {
    /// What the timetable engine decides.
    fn decided(&self, kind: pb::RuleKind) -> Result<Decided, Error> {
        use pb::RuleKind;

        let plain = |limit| self.none().map(|()| limit);
        match kind {
            RuleKind::TeamOnceADay => plain(Decided::TeamOnceADay),
            RuleKind::MatchesTogether => Ok(Decided::Together(self.matches()?)),
            RuleKind::MatchesInOrder => Ok(Decided::InOrder(self.matches()?)),
            RuleKind::MatchesPerPitchAndDay => Ok(Decided::MatchesPerPitchAndDay(self.count()?)),
            RuleKind::WeeklyWear => self.wear(),
            RuleKind::CrowdAtOnce => Ok(Decided::CrowdAtOnce(self.crowd()?)),
            RuleKind::KickOffWithin => Ok(Decided::KickOffWithin(self.clocks()?)),
            RuleKind::CrowdWithin => self.crowd_window(),
            RuleKind::NotOnDays => Ok(Decided::NotOnDays(self.days()?)),
            RuleKind::OnDays => Ok(Decided::OnDays(self.days()?)),
            RuleKind::OnPitches => Ok(Decided::OnPitches(self.pitches()?)),
            RuleKind::EqualRest => plain(Decided::EqualRest),
            RuleKind::ShareOfPrimeTime => Ok(Decided::ShareOfPrimeTime(self.clocks()?)),
            RuleKind::ShareOfPitches => Ok(Decided::ShareOfPitches(self.pitches()?)),
            RuleKind::Travel => Ok(Decided::Travel(self.duration()?)),
            RuleKind::OfficialMatchesPerDay => Ok(Decided::OfficialMatchesPerDay(self.count()?)),
            RuleKind::OfficialMatches => Ok(Decided::OfficialMatches(self.count()?)),
            RuleKind::OfficialRest => Ok(Decided::OfficialRest(self.duration()?)),
            RuleKind::OfficialNeutral => plain(Decided::OfficialNeutral),
            RuleKind::Notice => self.notice(),
            RuleKind::FitsCapacity => plain(Decided::FitsCapacity),
            _ => self.wrong("kind", "is not one that the timetable engine decides"),
        }
    }

    fn wrong<T>(&self, field: &str, problem: &str) -> Result<T, Error> {
        Err(Common::field(format!("{}{field}", self.at), problem).into())
    }

    /// A kind without a value.
    fn none(&self) -> Result<(), Error> {
        let field = match self.value {
            None => return Ok(()),
            Some(Value::Duration(_)) => "duration",
            Some(Value::Count(_)) => "count",
            Some(Value::Window(_)) => "window",
            Some(Value::Matches(_)) => "matches",
            Some(Value::Days(_)) => "days",
            Some(Value::Pitches(_)) => "pitches",
            Some(Value::Wear(_)) => "wear",
            Some(Value::CrowdWindow(_)) => "crowd_window",
            Some(Value::Notice(_)) => "notice",
        };
        self.wrong(field, "is no value of this kind of rule, which has none")
    }

    /// The value of the kind is another.
    fn needs<T>(&self, field: &str) -> Result<T, Error> {
        self.wrong(field, "is what this kind of rule needs")
    }

    fn duration(&self) -> Result<SignedDuration, Error> {
        match self.value {
            Some(Value::Duration(length)) => {
                Ok(parse::duration(&format!("{}duration", self.at), Some(*length), LONGEST)?)
            }
            _ => self.needs("duration"),
        }
    }

    fn duration_or_none(&self) -> Result<SignedDuration, Error> {
        if self.value.is_none() { Ok(SignedDuration::ZERO) } else { self.duration() }
    }

    fn count(&self) -> Result<u32, Error> {
        match self.value {
            Some(Value::Count(count)) => within(&format!("{}count", self.at), *count, 0, MOST_COUNTED),
            _ => self.needs("count"),
        }
    }

    fn window(&self) -> Result<Window, Error> {
        let Some(Value::Window(window)) = self.value else {
            return self.needs("window");
        };
        daily(&format!("{}window.", self.at), window)
    }

    /// A time of the day for kick-offs.
    fn clocks(&self) -> Result<Clocks, Error> {
        let window = self.window()?;
        clocks(&format!("{}window.", self.at), window)
    }

    fn crowd(&self) -> Result<u32, Error> {
        match self.value {
            Some(Value::Count(count)) => within(&format!("{}count", self.at), *count, 0, MOST_CROWD),
            _ => self.needs("count"),
        }
    }

    fn matches(&self) -> Result<Vec<String>, Error> {
        let Some(Value::Matches(list)) = self.value else { return self.needs("matches") };
        self.named::<Slug>("matches.ids", &list.ids, 2)?;
        Ok(list.ids.clone())
    }

    fn days(&self) -> Result<Vec<Date>, Error> {
        let Some(Value::Days(list)) = self.value else { return self.needs("days") };
        self.named("days.dates", &list.dates, 1)
    }

    fn pitches(&self) -> Result<Vec<String>, Error> {
        let Some(Value::Pitches(list)) = self.value else { return self.needs("pitches") };
        self.named::<ZoneName>("pitches.zones", &list.zones, 1)?;
        Ok(list.zones.clone())
    }

    /// Reads a list of names that has so many of them at least.
    fn named<T: FromStr<Err: Display>>(
        &self,
        field: &str,
        texts: &[String],
        least: usize,
    ) -> Result<Vec<T>, Error> {
        if !(least..=MOST_NAMED).contains(&texts.len()) {
            return self.wrong(field, &format!("are {}: name {least} to {MOST_NAMED}", texts.len()));
        }
        let one = |(index, text): (usize, &String)| {
            Ok(parse::text_as(&format!("{}{field}[{index}]", self.at), text)?)
        };
        texts.iter().enumerate().map(one).collect()
    }

    fn wear(&self) -> Result<Decided, Error> {
        let Some(Value::Wear(wear)) = self.value else { return self.needs("wear") };
        let surface = parse::optional_text(&format!("{}wear.surface", self.at), &wear.surface)?;
        Ok(Decided::WeeklyWear { surface, most: self.length("wear.most", wear.most)? })
    }

    fn crowd_window(&self) -> Result<Decided, Error> {
        let Some(Value::CrowdWindow(large)) = self.value else { return self.needs("crowd_window") };
        let at = format!("{}crowd_window.", self.at);
        let window = parse::required(&format!("{at}window"), large.window.clone())?;
        let inner = format!("{at}window.");
        Ok(Decided::CrowdWithin {
            clocks: clocks(&inner, daily(&inner, &window)?)?,
            crowd: within(&format!("{at}crowd"), large.crowd, 0, MOST_CROWD)?,
        })
    }

    fn notice(&self) -> Result<Decided, Error> {
        let Some(Value::Notice(notice)) = self.value else { return self.needs("notice") };
        Ok(Decided::Notice {
            crowd: within(&format!("{}notice.crowd", self.at), notice.crowd, 0, MOST_CROWD)?,
            before: self.length("notice.time", notice.time)?,
        })
    }

    fn length(&self, field: &str, length: Option<prost_types::Duration>) -> Result<SignedDuration, Error> {
        let field = format!("{}{field}", self.at);
        Ok(parse::duration(&field, Some(parse::required(&field, length)?), LONGEST)?)
    }
}

/// Reads a time of every day; `at` is what the path of its fields begins with.
pub(super) fn daily(at: &str, window: &pb::DailyWindow) -> Result<Window, Error> {
    let closes =
        if window.closes == "24:00" { Time::MIN } else { clock(&format!("{at}closes"), &window.closes)? };
    Ok(Window { opens: clock(&format!("{at}opens"), &window.opens)?, closes })
}

/// A window for kick-offs, which lies within one day.
fn clocks(at: &str, window: Window) -> Result<Clocks, Error> {
    let until = if window.closes == Time::MIN { Time::MAX } else { window.closes };
    if until < window.opens {
        let problem = "lies before the earliest kick-off: a window for kick-offs is of one day";
        return Err(Common::field(format!("{at}closes"), problem).into());
    }
    Ok(Clocks { from: window.opens, until })
}

/// Reads a time of the day.
pub(super) fn clock(field: &str, text: &str) -> Result<Time, Error> {
    let problem = || format!("{text:?} is not a time of the day: write it like 08:00");
    time(text).ok_or_else(|| Common::field(field, problem()).into())
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
            CrowdWithin, KickOffWithin, KnockoutAfterFeeders, MatchesInOrder, NamesKnown, NotOnDays, Notice,
            OnPitches, OpeningHours, RestAfterWhistle, RestCalendarDays, TeamOnceADay, WeeklyWear,
        };

        let matches = |ids: &[&str]| {
            Value::Matches(pb::MatchList { ids: ids.iter().map(ToString::to_string).collect() })
        };
        let days = |dates: &[&str]| {
            Value::Days(pb::DayList { dates: dates.iter().map(ToString::to_string).collect() })
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
            (TeamOnceADay, Some(Value::Count(1)), "count"),
            (MatchesInOrder, Some(matches(&["m1"])), "matches.ids"),
            (MatchesInOrder, Some(matches(&["m1", "M 2"])), "matches.ids[1]"),
            (NotOnDays, Some(days(&["28 October"])), "days.dates[0]"),
            (
                OnPitches,
                Some(Value::Pitches(pb::PitchList { zones: vec!["stadium".into()] })),
                "pitches.zones[0]",
            ),
            (KickOffWithin, Some(window("20:00", "09:00")), "window.closes"),
            (WeeklyWear, Some(Value::Wear(pb::WeeklyWear::default())), "wear.most"),
            (CrowdWithin, Some(Value::CrowdWindow(pb::CrowdWindow::default())), "crowd_window.window"),
            (Notice, Some(Value::Notice(pb::CrowdNotice { crowd: -1, time: None })), "notice.crowd"),
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
