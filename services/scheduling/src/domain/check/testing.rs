//! Small timetables for the tests of the rules: two teams a match, one venue each unless said otherwise.

use matchday_kernel::{Instant, Interval, SignedDuration, Zone, civil::time};

use super::{
    report::{Outcome, Report},
    rule::{Kind, Rest, Rule, Scope, Severity, Window},
    timetable::{Activity, Played, Side, Timetable},
};
use crate::domain::slot::State;

/// The zone of the tests.
pub(in crate::domain) fn zone() -> Zone {
    "Asia/Shanghai".parse().unwrap()
}

/// So many minutes after midnight of 21 October 2023 in the zone.
pub(in crate::domain) fn at(minute: i64) -> Instant {
    let midnight: Instant = "2023-10-21T00:00:00+08:00".parse().unwrap();
    midnight.checked_add(SignedDuration::from_mins(minute)).unwrap()
}

/// From one minute to another.
pub(in crate::domain) fn span(from: i64, until: i64) -> Interval {
    Interval::new(at(from), at(until)).unwrap()
}

/// Name of an activity.
pub(in crate::domain) fn activity(id: &str) -> String {
    format!("tournaments/t/activities/{id}")
}

/// Name of a team.
pub(in crate::domain) fn team(id: &str) -> String {
    format!("tournaments/t/teams/{id}")
}

/// Name of the pitch of a venue.
pub(in crate::domain) fn pitch(venue: &str) -> String {
    format!("sites/s/venues/{venue}/zones/pitch")
}

/// A men's match of 115 minutes from a minute on, without buffers; a side in words is a slot.
pub(in crate::domain) fn game(id: &str, from: i64, home: &str, away: &str) -> Activity {
    let side = |text: &str| {
        let is_slot = text.contains(' ');
        Side::read(&if is_slot { text.to_owned() } else { team(text) }, "men")
    };
    Activity {
        name: activity(id),
        title: format!("{home} against {away}"),
        zone: pitch("v1"),
        time: span(from, from + 115),
        occupation: span(from, from + 115),
        session: String::new(),
        state: State::Scheduled,
        pinned: false,
        played: Some(Played {
            competition: "men".into(),
            stage: "group".into(),
            group: String::new(),
            sides: [side(home), side(away)],
            officials: vec![],
            round: 0,
        }),
    }
}

/// The match in a group.
pub(in crate::domain) fn in_group(group: &str, mut game: Activity) -> Activity {
    if let Some(played) = &mut game.played {
        played.group = group.into();
    }
    game
}

/// The match at the pitch of a venue.
pub(in crate::domain) fn at_venue(venue: &str, game: Activity) -> Activity {
    Activity { zone: pitch(venue), ..game }
}

/// A timetable of activities that take place.
pub(in crate::domain) fn timetable(activities: Vec<Activity>) -> Timetable {
    Timetable::new(zone(), activities.into_iter().map(|activity| (State::Scheduled, activity)).collect())
}

/// A hard rule for the whole tournament.
pub(in crate::domain) fn hard(kind: Kind) -> Rule {
    Rule { id: "the-rule".into(), kind, severity: Severity::Hard, scope: Scope::default() }
}

/// A rule of every kind that is decided here.
pub(in crate::domain) fn every_kind() -> Vec<Kind> {
    let day = SignedDuration::from_hours(24);
    vec![
        Kind::PlaceDoubleBooked,
        Kind::PlaceHeldByOthers,
        Kind::SessionsOverlap { between: day },
        Kind::TeamInTwoPlaces,
        Kind::OfficialInTwoPlaces,
        Kind::Rest(Rest::CalendarDays(1)),
        Kind::Rest(Rest::BetweenKickOffs(day)),
        Kind::Rest(Rest::AfterWhistle(day)),
        Kind::LastGroupMatchesTogether,
        Kind::KnockoutAfterFeeders { gap: day },
        Kind::MatchesPerVenueAndDay { most: 1 },
        Kind::OpeningHours(Window { opens: time(8, 0, 0, 0), closes: time(23, 0, 0, 0) }),
        Kind::NamesKnown,
        Kind::ZonesKnown,
    ]
}

/// What comes of one hard rule.
pub(in crate::domain) fn report(kind: Kind, timetable: &Timetable) -> Report {
    super::check(&[hard(kind)], timetable).remove(0).expect("it is decided here")
}

/// Expects a rule to hold.
#[track_caller]
pub(in crate::domain) fn holds(kind: Kind, timetable: &Timetable) -> Report {
    let report = report(kind, timetable);
    assert_eq!(report.outcome, Outcome::Checked, "{report:?}");
    report
}

/// Expects a rule to be broken so many times.
#[track_caller]
pub(in crate::domain) fn broken(kind: Kind, times: usize, timetable: &Timetable) -> Report {
    let report = report(kind, timetable);
    assert_eq!((report.outcome, report.violations.len()), (Outcome::Violated, times), "{report:?}");
    report
}

/// Expects a rule not to apply, for a reason that holds these words.
#[track_caller]
pub(in crate::domain) fn does_not_apply(kind: Kind, words: &str, timetable: &Timetable) {
    let report = report(kind, timetable);
    assert_eq!(report.outcome, Outcome::NotApplicable, "{report:?}");
    assert!(report.why.contains(words), "{}", report.why);
}
