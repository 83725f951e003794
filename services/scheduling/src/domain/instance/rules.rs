//! Rules as the engine knows them.

use matchday_kernel::{
    SignedDuration,
    civil::{Date, Time},
};
use matchday_timetable::{
    model::{self, Instance, Minute},
    validate::{Code, Fault, MOST_MINUTES},
};

use super::{Material, Stated, fault, places, short_place};
use crate::domain::check::{
    limit::{Clocks, Limit},
    rule::{Kind, Rest, Rule, Scope, Severity},
};

/// A rule in force that the engine does not look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Id of the rule.
    pub rule: String,
    /// Why.
    pub why: String,
}

/// What the engine makes of a rule.
enum Stating {
    /// It looks at it.
    Rule(model::Kind),
    /// It holds in every timetable, or is no matter of places and times.
    Always,
    /// It does not look at it.
    LeftOut(&'static str),
}

/// Adds the rules in force.
pub(super) fn state(material: &Material, stated: &mut Stated, faults: &mut Vec<Fault>) {
    for rule in material.rules.iter().filter(|rule| rule.severity != Severity::Off) {
        let is_hard = rule.severity == Severity::Hard;
        match (&rule.kind, is_hard) {
            (Kind::OpeningHours(window), true) if is_of_places_alone(&rule.scope) => {
                places::narrow(*window, &rule.scope, material, stated);
                continue;
            }
            (Kind::OpeningHours(_), true) => {
                let what = format!(
                    "rule {} gives places other hours for some matches, which no timetable can be made for: leave \
                     competitions, stages and matches out of its scope",
                    rule.id
                );
                faults.push(fault(Code::Rule, what));
                continue;
            }
            _ => {}
        }
        match kind(&rule.id, &rule.kind, material, stated) {
            Ok(Stating::Rule(kind)) => {
                let before = faults.len();
                let rule = of(rule, kind, &stated.instance, faults);
                if faults.len() == before {
                    stated.instance.rules.push(rule);
                }
            }
            Ok(Stating::Always) => {}
            Ok(Stating::LeftOut(why)) if !is_hard => {
                stated.left_out.push(LeftOut { rule: rule.id.clone(), why: why.to_owned() });
            }
            Ok(Stating::LeftOut(why)) => {
                faults.push(fault(Code::Rule, format!("rule {}: {why}", rule.id)));
            }
            Err(wrong) => faults.push(wrong),
        }
    }
}

/// States one rule alone, as far as the engine decides it.
///
/// # Errors
/// Why it cannot be stated.
pub(super) fn one(rule: &Rule, material: &Material, stated: &Stated) -> Result<Option<model::Rule>, Fault> {
    let Stating::Rule(kind) = kind(&rule.id, &rule.kind, material, stated)? else { return Ok(None) };
    let mut faults = Vec::new();
    let rule = of(rule, kind, &stated.instance, &mut faults);
    faults.into_iter().next().map_or(Ok(Some(rule)), Err)
}

fn is_of_places_alone(scope: &Scope) -> bool {
    scope.competitions.is_empty() && scope.stages.is_empty() && scope.matches.is_empty()
}

/// A rule with its severity and scope; a scope that names what is not there is a fault.
fn of(rule: &Rule, kind: model::Kind, instance: &Instance, faults: &mut Vec<Fault>) -> model::Rule {
    let matches = &instance.matches;
    let mut known = |what: &str, named: &[String], is_there: &dyn Fn(&str) -> bool| {
        for one in named.iter().filter(|one| !is_there(one)) {
            let what = format!(
                "rule {} is about {what} {one}, which is not there: correct its scope, or leave the rule out",
                rule.id
            );
            faults.push(fault(Code::Unknown, what));
        }
    };
    let scope = &rule.scope;
    known("the competition", &scope.competitions, &|id| matches.iter().any(|game| game.competition == id));
    known("the stage", &scope.stages, &|id| matches.iter().any(|game| game.stage == id));
    known("the match", &scope.matches, &|id| matches.iter().any(|game| game.id == id));
    let places: Vec<String> = scope.places.iter().map(|place| short_place(place)).collect();
    known("the place", &places, &|id| {
        instance
            .pitches
            .iter()
            .any(|pitch| [&pitch.id, &pitch.venue, &pitch.site].iter().any(|one| *one == id))
    });
    let mut scope = model::Scope {
        competitions: scope.competitions.clone(),
        stages: scope.stages.clone(),
        matches: scope.matches.clone(),
        places,
    };
    if matches!(kind, model::Kind::Notice { .. }) {
        // what stays was announced in its time
        let movable = matches.iter().filter(|game| game.pinned.is_none()).map(|game| game.id.clone());
        let named = |id: &String| scope.matches.is_empty() || scope.matches.contains(id);
        scope.matches = movable.filter(named).collect();
    }
    model::Rule {
        id: rule.id.clone(),
        kind,
        severity: match rule.severity {
            Severity::Hard => model::Severity::Hard,
            Severity::Soft { weight } => model::Severity::Soft { weight: weight.into() },
            Severity::Off => model::Severity::Off,
        },
        scope,
        source: String::new(),
        assumed: false,
    }
}

/// What the engine makes of a kind.
fn kind(id: &str, kind: &Kind, material: &Material, stated: &Stated) -> Result<Stating, Fault> {
    Ok(Stating::Rule(match kind {
        Kind::Rest(Rest::CalendarDays(days)) => model::Kind::RestCalendarDays(*days),
        Kind::Rest(Rest::BetweenKickOffs(least)) => model::Kind::RestKickOff(minutes(*least)),
        Kind::Rest(Rest::AfterWhistle(least)) => model::Kind::RestWhistle(minutes(*least)),
        Kind::SessionsOverlap { between } => model::Kind::SessionsApart(minutes(*between)),
        Kind::LastGroupMatchesTogether => model::Kind::LastGroupMatchesTogether,
        Kind::MatchesPerVenueAndDay { most } => model::Kind::MatchesPerVenueAndDay(*most),
        Kind::KnockoutAfterFeeders { gap } if gap.is_zero() => return Ok(Stating::Always),
        Kind::KnockoutAfterFeeders { .. } => {
            return Ok(Stating::LeftOut(
                "a timetable keeps no time of its own after the matches that decide who plays: say it with \
                 rest-after-whistle",
            ));
        }
        Kind::OpeningHours(_) => {
            return Ok(Stating::LeftOut(
                "opening hours that need not hold narrow no pitch: they are checked",
            ));
        }
        Kind::PlaceDoubleBooked
        | Kind::PlaceHeldByOthers
        | Kind::TeamInTwoPlaces
        | Kind::OfficialInTwoPlaces
        | Kind::NamesKnown
        | Kind::ZonesKnown => return Ok(Stating::Always),
        Kind::Timetable(limit) => self::limit(id, limit, material, stated)?,
    }))
}

fn limit(id: &str, limit: &Limit, material: &Material, stated: &Stated) -> Result<model::Kind, Fault> {
    let days = |dates: &[Date]| {
        let day = |date: &Date| {
            let none =
                || fault(Code::Unknown, format!("rule {id} names {date}, which is no day of the tournament"));
            stated.calendar.day_of(*date).ok_or_else(none)
        };
        dates.iter().map(day).collect::<Result<Vec<usize>, Fault>>()
    };
    let pitches = |zones: &[String]| {
        let pitch = |zone: &String| {
            let none = || {
                let place = short_place(zone);
                fault(
                    Code::Unknown,
                    format!("rule {id} names {place}, which is no pitch of the timetable frame"),
                )
            };
            stated.zones.iter().position(|one| one == zone).ok_or_else(none)
        };
        zones.iter().map(pitch).collect::<Result<Vec<usize>, Fault>>()
    };
    let matches = |ids: &[String]| {
        let is_there = |id: &&String| stated.instance.matches.iter().any(|game| game.id == **id);
        match ids.iter().find(|id| !is_there(id)) {
            None => Ok(ids.to_vec()),
            Some(other) => {
                Err(fault(Code::Unknown, format!("rule {id} names the match {other}, which is not there")))
            }
        }
    };
    Ok(match limit {
        Limit::TeamOnceADay => model::Kind::TeamOnceADay,
        Limit::Together(ids) => model::Kind::Together(matches(ids)?),
        Limit::InOrder(ids) => model::Kind::InOrder(matches(ids)?),
        Limit::MatchesPerPitchAndDay(most) => model::Kind::MatchesPerPitchAndDay(*most),
        Limit::WeeklyWear { surface, most } => model::Kind::WeeklyWear {
            surface: surface.clone(),
            most: u32::try_from(minutes(*most)).unwrap_or_default(),
        },
        Limit::CrowdAtOnce(most) => model::Kind::CrowdAtOnce(*most),
        Limit::KickOffWithin(Clocks { from, until }) => {
            model::Kind::KickOffWithin { from: clock(*from), until: clock(*until) }
        }
        Limit::CrowdWithin { clocks, crowd } => {
            model::Kind::CrowdWithin { from: clock(clocks.from), until: clock(clocks.until), crowd: *crowd }
        }
        Limit::NotOnDays(dates) => model::Kind::NotOnDays(days(dates)?),
        Limit::OnDays(dates) => model::Kind::OnDays(days(dates)?),
        Limit::OnPitches(zones) => model::Kind::OnPitches(pitches(zones)?),
        Limit::EqualRest => model::Kind::EqualRest,
        Limit::ShareOfPrimeTime(Clocks { from, until }) => {
            model::Kind::ShareOfPrimeTime { from: clock(*from), until: clock(*until) }
        }
        Limit::ShareOfPitches(zones) => model::Kind::ShareOfPitches(pitches(zones)?),
        Limit::Travel(most) => model::Kind::Travel(u32::try_from(minutes(*most)).unwrap_or_default()),
        Limit::OfficialMatchesPerDay(most) => model::Kind::OfficialMatchesPerDay(*most),
        Limit::OfficialMatches(most) => model::Kind::OfficialMatches(*most),
        Limit::OfficialRest(least) => model::Kind::OfficialRest(minutes(*least)),
        Limit::OfficialNeutral => model::Kind::OfficialNeutral,
        Limit::Notice { crowd, before } => model::Kind::Notice {
            crowd: *crowd,
            minutes: minutes(*before),
            now: stated.calendar.minute(material.now).clamp(-MOST_MINUTES, MOST_MINUTES),
        },
        Limit::FitsCapacity => model::Kind::FitsCapacity,
    })
}

/// What stands in the place of a rule after a step of the ladder.
///
/// # Errors
/// Why it cannot be stated.
pub(super) fn eased(
    id: &str,
    eased: &Kind,
    material: &Material,
    stated: &Stated,
) -> Result<model::Kind, Fault> {
    match kind(id, eased, material, stated)? {
        Stating::Rule(kind) => Ok(kind),
        Stating::Always | Stating::LeftOut(_) => {
            let what =
                format!("a step of the ladder puts a kind in the place of rule {id} that moves no match");
            Err(fault(Code::Rule, what))
        }
    }
}

/// Whole minutes, the last one counted in full.
fn minutes(length: SignedDuration) -> Minute {
    let micros = length.as_micros();
    Minute::try_from(micros.div_euclid(60_000_000) + i128::from(micros.rem_euclid(60_000_000) > 0))
        .unwrap_or(MOST_MINUTES)
}

/// Minutes since midnight.
fn clock(time: Time) -> Minute {
    Minute::from(time.hour()) * 60 + Minute::from(time.minute())
}
