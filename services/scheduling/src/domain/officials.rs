//! Who may lead a match: what speaks against an official, who is best placed, and whether an appointment stands.
//!
//! The checks are those of the timetable engine: nobody leads two matches at once or while away, and the rules of
//! the tournament limit the rest. Hard objections stand; soft ones can be set aside by who appoints.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use matchday_kernel::{ErrorKind, Fault, Instant, Interval, Violation};

use super::check::{
    limit::Limit,
    rule::{Kind, Rule, Severity},
    timetable::{Activity, Played, Side, Timetable},
    words,
};

/// Most others that a refusal names.
const MOST_NAMED: usize = 5;

/// Somebody, or a crew, that leads matches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Official {
    /// Its name.
    pub name: String,
    /// Country or region; empty when nobody said.
    pub country: String,
    /// What it leads matches as; empty when nobody said.
    pub category: String,
    /// Names of the teams whose matches it does not lead.
    pub conflicts: Vec<String>,
    /// When it cannot lead a match.
    pub away: Vec<Interval>,
}

impl Official {
    /// The id by which matches name it.
    #[must_use]
    pub fn id(&self) -> &str {
        words::id(&self.name)
    }
}

/// Why an official should not lead a match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objection {
    /// Id of the rule, or of what holds without one.
    pub rule: String,
    /// How much it matters.
    pub severity: Severity,
    /// What is the matter, with its numbers.
    pub sentence: String,
}

impl Objection {
    /// One that holds without a rule.
    fn always(rule: &str, sentence: String) -> Self {
        Self { rule: rule.to_owned(), severity: Severity::Hard, sentence }
    }

    fn is_hard(&self) -> bool {
        self.severity == Severity::Hard
    }

    /// How much a soft one matters; 0 for others.
    #[must_use]
    pub fn weight(&self) -> u32 {
        match self.severity {
            Severity::Soft { weight } => weight,
            Severity::Hard | Severity::Off => 0,
        }
    }
}

/// An official, as somebody to lead a match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate<'a> {
    /// The official.
    pub official: &'a Official,
    /// Whether it is appointed to the match already.
    pub is_appointed: bool,
    /// What speaks against it.
    pub objections: Vec<Objection>,
    /// Matches it leads on the day, without this one.
    pub matches_of_day: usize,
    /// Matches it leads in all, without this one.
    pub matches: usize,
}

/// Why an appointment is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{activity} cannot have these officials: {}; {}", told(objections), next(objections, instead))]
pub struct Objected {
    /// Name of the match.
    pub activity: String,
    /// Names of officials, each with what speaks against it.
    pub objections: Vec<(String, Objection)>,
    /// Names of others who could lead it, those first who are best placed.
    pub instead: Vec<String>,
}

fn told(objections: &[(String, Objection)]) -> String {
    objections.iter().map(|(_, objection)| objection.sentence.as_str()).collect::<Vec<_>>().join("; ")
}

fn next(objections: &[(String, Objection)], instead: &[String]) -> String {
    let ids: Vec<String> = instead.iter().map(|name| words::id(name).to_owned()).collect();
    let others = if ids.is_empty() {
        "no other official could".to_owned()
    } else {
        format!("{} could", words::one_of(&ids))
    };
    if objections.iter().any(|(_, objection)| objection.is_hard()) {
        return others;
    }
    format!("{others}, or set the soft rules aside with a reason")
}

impl Fault for Objected {
    fn kind(&self) -> ErrorKind {
        ErrorKind::FailedPrecondition
    }

    fn reason(&self) -> &'static str {
        "OFFICIAL_OBJECTED"
    }

    fn metadata(&self) -> Vec<(&'static str, String)> {
        let rules: Vec<&str> = self.objections.iter().map(|(_, objection)| objection.rule.as_str()).collect();
        vec![("rules", rules.join(" ")), ("instead", self.instead.join(" "))]
    }

    fn violations(&self) -> Vec<Violation> {
        let violation = |(official, objection): &(String, Objection)| Violation {
            subject: official.clone(),
            description: format!("{}: {}", objection.rule, objection.sentence),
        };
        self.objections.iter().map(violation).collect()
    }

    fn resource(&self) -> Option<&str> {
        Some(&self.activity)
    }
}

/// Decides whether a match may have these officials in place of those it has. Returns what was set aside.
///
/// # Errors
/// [`Objected`] when something speaks against one of them, hard, or soft and not set aside.
pub fn appoint(
    game: &Activity,
    wanted: &[Official],
    all: &[Official],
    sets_aside_soft: bool,
    timetable: &Timetable,
    rules: &[Rule],
) -> Result<Vec<Objection>, Objected> {
    let case = Case::new(game, timetable, rules);
    let objections: Vec<(String, Objection)> = wanted
        .iter()
        .flat_map(|official| {
            let found = case.objections(official);
            found.into_iter().map(|objection| (official.name.clone(), objection))
        })
        .collect();
    if objections.iter().all(|(_, objection)| sets_aside_soft && !objection.is_hard()) {
        return Ok(objections.into_iter().map(|(_, objection)| objection).collect());
    }
    let category = objections.first().and_then(|(name, _)| wanted.iter().find(|one| one.name == *name));
    let category = category.map(|official| official.category.as_str()).unwrap_or_default();
    let mut others: Vec<Candidate<'_>> = candidates(game, all, timetable, rules)
        .into_iter()
        .filter(|candidate| candidate.objections.is_empty() && !wanted.contains(candidate.official))
        .collect();
    // a stable sort: of the same kind first, the rank among them stays
    others.sort_by_key(|candidate| candidate.official.category != category);
    let instead = others.iter().take(MOST_NAMED).map(|candidate| candidate.official.name.clone()).collect();
    Err(Objected { activity: game.name.clone(), objections, instead })
}

/// All officials for a match, ranked: those without objections first, then by the weight of soft ones, then those
/// with hard ones; among equals those with the fewest matches on the day, then in all, then by name.
#[must_use]
pub fn candidates<'a>(
    game: &Activity,
    all: &'a [Official],
    timetable: &Timetable,
    rules: &[Rule],
) -> Vec<Candidate<'a>> {
    let case = Case::new(game, timetable, rules);
    let mut ranked: Vec<Candidate<'a>> = all
        .iter()
        .map(|official| Candidate {
            official,
            is_appointed: game.played.as_ref().is_some_and(|played| leads(official, played)),
            objections: case.objections(official),
            matches_of_day: case.led(official).filter(|other| case.is_same_day(other)).count(),
            matches: case.led(official).count(),
        })
        .collect();
    ranked.sort_by_key(|candidate| {
        let hard = candidate.objections.iter().filter(|objection| objection.is_hard()).count();
        let weight: u32 = candidate.objections.iter().map(Objection::weight).sum();
        (hard, weight, candidate.matches_of_day, candidate.matches, candidate.official.name.as_str())
    });
    ranked
}

/// The matches from a moment on that an official leads and is away from, by start.
#[must_use]
pub fn missed<'a>(official: &Official, from: Instant, timetable: &'a Timetable) -> Vec<&'a Activity> {
    let led = timetable.matches().filter(|(game, played)| game.time.end() > from && leads(official, played));
    led.map(|(game, _)| game)
        .filter(|game| official.away.iter().any(|away| away.overlaps(&game.time)))
        .collect()
}

fn leads(official: &Official, played: &Played) -> bool {
    played.officials.iter().any(|id| id == official.id())
}

/// A match that is to be led, and what officials are judged by.
struct Case<'a> {
    game: &'a Activity,
    timetable: &'a Timetable,
    rules: &'a [Rule],
    /// The other matches that each official leads, by its id, by start.
    led: BTreeMap<&'a str, Vec<&'a Activity>>,
}

impl<'a> Case<'a> {
    fn new(game: &'a Activity, timetable: &'a Timetable, rules: &'a [Rule]) -> Self {
        let mut led = BTreeMap::<&str, Vec<&Activity>>::new();
        for (other, played) in timetable.matches().filter(|(other, _)| other.name != game.name) {
            for id in played.officials.iter().collect::<BTreeSet<_>>() {
                led.entry(id).or_default().push(other);
            }
        }
        Self { game, timetable, rules, led }
    }

    /// What speaks against an official for the match.
    fn objections(&self, official: &Official) -> Vec<Objection> {
        let id = official.id();
        let span = |time: &Interval| {
            format!("{} to {}", self.timetable.at(time.start()), self.timetable.at(time.end()))
        };
        let away = official.away.iter().filter(|away| away.overlaps(&self.game.time));
        let away =
            away.map(|away| Objection::always("always-away", format!("{id} is away from {}", span(away))));
        let busy = self.led(official).filter(|other| other.time.overlaps(&self.game.time));
        let busy = busy.map(|other| {
            let sentence = format!("{id} leads {} from {}", words::called(other), span(&other.time));
            Objection::always("always-one-match", sentence)
        });
        let holds = |rule: &&Rule| rule.severity != Severity::Off && rule.scope.covers(self.game);
        let broken = self.rules.iter().filter(holds).filter_map(|rule| {
            let sentence = self.broken(rule, official)?;
            Some(Objection { rule: rule.id.clone(), severity: rule.severity, sentence })
        });
        away.chain(busy).chain(broken).collect()
    }

    /// The other matches that an official leads, by start.
    fn led(&self, official: &Official) -> impl Iterator<Item = &'a Activity> {
        self.led.get(official.id()).into_iter().flatten().copied()
    }

    fn is_same_day(&self, other: &Activity) -> bool {
        let day = |moment: Instant| self.timetable.zone.local_date(moment);
        day(self.game.time.start()) == day(other.time.start())
    }

    /// How the match would break a rule about officials, with the numbers; `None` when it would not, or the rule is
    /// about something else.
    fn broken(&self, rule: &Rule, official: &Official) -> Option<String> {
        let Kind::Timetable(limit) = &rule.kind else { return None };
        let id = official.id();
        let led = || self.led(official).filter(|other| rule.scope.covers(other));
        match limit {
            Limit::OfficialNeutral => not_neutral(official, self.game, self.timetable),
            Limit::OfficialMatchesPerDay(most) => {
                let count = led().filter(|other| self.is_same_day(other)).count() + 1;
                (count > *most as usize).then(|| {
                    let day = self.timetable.zone.local_date(self.game.time.start());
                    format!("{id} would lead {count} matches on {day}, at most {most} are allowed")
                })
            }
            Limit::OfficialMatches(most) => {
                let count = led().count() + 1;
                (count > *most as usize)
                    .then(|| format!("{id} would lead {count} matches, at most {most} are allowed"))
            }
            Limit::OfficialRest(least) => {
                let apart = |other: &Activity| self.game.time.start().since(other.time.start()).abs();
                let nearest = led().min_by_key(|other| (apart(other), Reverse(other.time.start())))?;
                (apart(nearest) < *least).then(|| {
                    let (is, least) = (words::length(apart(nearest)), words::length(*least));
                    format!("{id} kicks off {} {is} apart, {least} required", words::called(nearest))
                })
            }
            _ => None,
        }
    }
}

fn not_neutral(official: &Official, game: &Activity, timetable: &Timetable) -> Option<String> {
    let sides = game.played.iter().flat_map(|played| &played.sides).filter_map(Side::team);
    sides.into_iter().find_map(|team| {
        let (id, called) = (official.id(), timetable.team_called(team));
        if official.conflicts.iter().any(|other| other == team) {
            return Some(format!("{id} does not lead matches of {called}"));
        }
        let country = timetable.teams.get(team).map(|team| team.country.as_str()).unwrap_or_default();
        let is_own = !country.is_empty() && country == official.country;
        is_own.then(|| format!("{id} and {called} are both of {country}"))
    })
}

#[cfg(test)]
mod tests;
