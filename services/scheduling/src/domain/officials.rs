//! Who may lead a match: what speaks against an official, who is best placed, and whether an appointment stands.
//!
//! The checks are those of the timetable engine: nobody leads two matches at once or while away, and the rules of
//! the tournament limit the rest. Hard objections stand; soft ones can be set aside by who appoints.

use std::cmp::Reverse;

use matchday_kernel::{ErrorKind, Fault, Instant, Interval, SignedDuration, Violation};

use super::check::{
    rule::{Scope, Severity},
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

/// A rule of the tournament about officials.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// Id of the rule.
    pub rule: String,
    /// What it looks at.
    pub what: What,
    /// How much it matters.
    pub severity: Severity,
    /// The matches it is about.
    pub scope: Scope,
}

/// What a rule about officials looks at, and its limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Nobody leads a match of a team of the own country, or of one in conflict.
    Neutral,
    /// Most matches on a day of the tournament's calendar.
    MatchesPerDay(u32),
    /// Most matches in all.
    Matches(u32),
    /// Least time from kick-off to kick-off.
    Rest(SignedDuration),
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
    limits: &[Limit],
) -> Result<Vec<Objection>, Objected> {
    let objections: Vec<(String, Objection)> = wanted
        .iter()
        .flat_map(|official| {
            let found = objections(official, game, timetable, limits);
            found.into_iter().map(|objection| (official.name.clone(), objection))
        })
        .collect();
    if objections.iter().all(|(_, objection)| sets_aside_soft && !objection.is_hard()) {
        return Ok(objections.into_iter().map(|(_, objection)| objection).collect());
    }
    let category = objections.first().and_then(|(name, _)| wanted.iter().find(|one| one.name == *name));
    let category = category.map(|official| official.category.as_str()).unwrap_or_default();
    let mut others: Vec<Candidate<'_>> = candidates(game, all, timetable, limits)
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
    limits: &[Limit],
) -> Vec<Candidate<'a>> {
    let mut ranked: Vec<Candidate<'a>> = all
        .iter()
        .map(|official| Candidate {
            official,
            is_appointed: game.played.as_ref().is_some_and(|played| leads(official, played)),
            objections: objections(official, game, timetable, limits),
            matches_of_day: led(official, game, timetable)
                .filter(|other| is_same_day(game, other, timetable))
                .count(),
            matches: led(official, game, timetable).count(),
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

/// What speaks against an official for a match.
#[must_use]
pub fn objections(
    official: &Official,
    game: &Activity,
    timetable: &Timetable,
    limits: &[Limit],
) -> Vec<Objection> {
    let id = official.id();
    let span = |time: &Interval| format!("{} to {}", timetable.at(time.start()), timetable.at(time.end()));
    let away = official.away.iter().filter(|away| away.overlaps(&game.time));
    let away = away.map(|away| Objection::always("always-away", format!("{id} is away from {}", span(away))));
    let busy = led(official, game, timetable).filter(|other| other.time.overlaps(&game.time));
    let busy = busy.map(|other| {
        let sentence = format!("{id} leads {} from {}", words::called(other), span(&other.time));
        Objection::always("always-one-match", sentence)
    });
    let broken = limits.iter().filter(|limit| limit.severity != Severity::Off && limit.scope.covers(game));
    let broken = broken.filter_map(|limit| {
        let sentence = limit.broken(official, game, timetable)?;
        Some(Objection { rule: limit.rule.clone(), severity: limit.severity, sentence })
    });
    away.chain(busy).chain(broken).collect()
}

fn leads(official: &Official, played: &Played) -> bool {
    played.officials.iter().any(|id| id == official.id())
}

/// The other matches that an official leads, by start.
fn led<'a>(
    official: &'a Official,
    game: &'a Activity,
    timetable: &'a Timetable,
) -> impl Iterator<Item = &'a Activity> {
    let others = timetable.matches().filter(|(other, _)| other.name != game.name);
    others.filter(|(_, played)| leads(official, played)).map(|(other, _)| other)
}

fn is_same_day(game: &Activity, other: &Activity, timetable: &Timetable) -> bool {
    let day = |moment: Instant| timetable.zone.local_date(moment);
    day(game.time.start()) == day(other.time.start())
}

impl Limit {
    /// How a match would break the limit, with the numbers; `None` when it would not.
    fn broken(&self, official: &Official, game: &Activity, timetable: &Timetable) -> Option<String> {
        let id = official.id();
        let led = || led(official, game, timetable).filter(|other| self.scope.covers(other));
        match self.what {
            What::Neutral => not_neutral(official, game, timetable),
            What::MatchesPerDay(most) => {
                let count = led().filter(|other| is_same_day(game, other, timetable)).count() + 1;
                (count > most as usize).then(|| {
                    let day = timetable.zone.local_date(game.time.start());
                    format!("{id} would lead {count} matches on {day}, at most {most} are allowed")
                })
            }
            What::Matches(most) => {
                let count = led().count() + 1;
                (count > most as usize)
                    .then(|| format!("{id} would lead {count} matches, at most {most} are allowed"))
            }
            What::Rest(least) => {
                let apart = |other: &Activity| game.time.start().since(other.time.start()).abs();
                let nearest = led().min_by_key(|other| (apart(other), Reverse(other.time.start())))?;
                (apart(nearest) < least).then(|| {
                    let (is, least) = (words::length(apart(nearest)), words::length(least));
                    format!("{id} kicks off {} {is} apart, {least} required", words::called(nearest))
                })
            }
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
mod tests {
    use super::super::check::{testing::*, timetable::Team};
    use super::*;

    fn official(id: &str) -> Official {
        Official { name: format!("tournaments/t/officials/{id}"), ..Official::default() }
    }

    fn led_by(ids: &[&str], mut game: Activity) -> Activity {
        let officials = ids.iter().map(ToString::to_string).collect();
        game.played.as_mut().unwrap().officials = officials;
        game
    }

    fn limit(what: What, severity: Severity) -> Limit {
        Limit { rule: "the-rule".into(), what, severity, scope: Scope::default() }
    }

    fn hard(what: What) -> Vec<Limit> {
        vec![limit(what, Severity::Hard)]
    }

    /// m1 at 16:00, m2 at 19:00, m3 on the next day at 16:00; `referee-01` leads m1.
    fn day() -> Timetable {
        let mut timetable = timetable(vec![
            led_by(&["referee-01"], game("m1", 16 * 60, "a", "b")),
            game("m2", 19 * 60, "c", "d"),
            game("m3", 40 * 60, "a", "winner of m2"),
        ]);
        let team_of = |country: &str| Team {
            display_name: "A".into(),
            competition: "men".into(),
            group: String::new(),
            country: country.into(),
        };
        timetable.teams.insert(team("a"), team_of("Brazil"));
        timetable.teams.insert(team("b"), team_of(""));
        timetable
    }

    #[track_caller]
    fn objected(official: &Official, game: usize, limits: &[Limit]) -> Vec<String> {
        let timetable = day();
        let found = objections(official, &timetable.activities[game], &timetable, limits);
        found.into_iter().map(|objection| format!("{}: {}", objection.rule, objection.sentence)).collect()
    }

    #[test]
    fn nobody_leads_while_away_or_two_matches_at_once() {
        let away = |from, until| Official { away: vec![span(from, until)], ..official("referee-02") };
        let [told] = &objected(&away(17 * 60, 18 * 60), 0, &[])[..] else { panic!("one objection") };
        assert_eq!(
            told,
            "always-away: referee-02 is away from 2023-10-21 17:00 +08:00 to 2023-10-21 18:00 +08:00"
        );
        assert!(objected(&away(17 * 60 + 55, 20 * 60), 0, &[]).is_empty(), "it is over by then");
        let timetable = timetable(vec![
            led_by(&["referee-01"], game("m1", 0, "a", "b")),
            game("m2", 114, "c", "d"),
            game("m3", 115, "c", "d"),
        ]);
        let of =
            |game: usize| objections(&official("referee-01"), &timetable.activities[game], &timetable, &[]);
        assert_eq!(of(1)[0].rule, "always-one-match");
        assert!(of(2).is_empty());
        assert!(of(0).is_empty(), "its own match is none beside it");
    }

    #[test]
    fn neutrality_is_of_countries_and_of_conflicts() {
        let of = |country: &str| Official { country: country.into(), ..official("referee-02") };
        let told = objected(&of("Brazil"), 0, &hard(What::Neutral));
        assert_eq!(told, ["the-rule: referee-02 and A are both of Brazil"]);
        assert!(objected(&of(""), 0, &hard(What::Neutral)).is_empty(), "nobody said, for both");
        assert!(objected(&of("Brazil"), 1, &hard(What::Neutral)).is_empty());
        assert!(objected(&of("Brazil"), 0, &[]).is_empty(), "no rule asks for it");
        assert!(objected(&of("Brazil"), 0, &[limit(What::Neutral, Severity::Off)]).is_empty());
        let conflict = Official { conflicts: vec![team("c")], ..official("referee-02") };
        assert_eq!(
            objected(&conflict, 1, &hard(What::Neutral)),
            ["the-rule: referee-02 does not lead matches of c"]
        );
    }

    #[test]
    fn matches_are_counted_by_day_and_in_all_and_lie_apart() {
        let busy = official("referee-01");
        let told = objected(&busy, 1, &hard(What::MatchesPerDay(1)));
        assert_eq!(told, ["the-rule: referee-01 would lead 2 matches on 2023-10-21, at most 1 are allowed"]);
        assert!(objected(&busy, 1, &hard(What::MatchesPerDay(2))).is_empty());
        assert!(objected(&busy, 2, &hard(What::MatchesPerDay(1))).is_empty(), "another day");
        assert!(!objected(&busy, 2, &hard(What::Matches(1))).is_empty());
        let told = objected(&busy, 1, &hard(What::Rest(SignedDuration::from_hours(4))));
        assert_eq!(told, ["the-rule: referee-01 kicks off m1 (a against b) 3 h apart, 4 h required"]);
        assert!(objected(&busy, 1, &hard(What::Rest(SignedDuration::from_hours(3)))).is_empty());
    }

    #[test]
    fn a_limit_counts_the_matches_it_is_about() {
        let scope = Scope { stages: vec!["final".into()], ..Scope::default() };
        let finals = Limit { scope, ..limit(What::MatchesPerDay(1), Severity::Hard) };
        assert!(objected(&official("referee-01"), 1, &[finals]).is_empty());
    }

    #[test]
    fn a_refusal_names_those_who_could() {
        let timetable = day();
        let of = |id: &str, category: &str| Official { category: category.into(), ..official(id) };
        let all =
            [of("referee-01", "referee"), of("referee-02", "assistant-referee"), of("referee-03", "referee")];
        let limits = hard(What::MatchesPerDay(1));
        let decide = |wanted: &[Official], aside, limits: &[Limit]| {
            appoint(&timetable.activities[1], wanted, &all, aside, &timetable, limits)
        };
        let refused = decide(&all[..1], true, &limits).unwrap_err();
        assert_eq!(refused.instead, [all[2].name.clone(), all[1].name.clone()], "of the same category first");
        assert!(
            refused.to_string().ends_with("at most 1 are allowed; referee-03 or referee-02 could"),
            "{refused}"
        );
        assert_eq!(decide(&all[1..], false, &limits), Ok(vec![]));
        let soft = [limit(What::MatchesPerDay(1), Severity::Soft { weight: 7 })];
        let refused = decide(&all[..1], false, &soft).unwrap_err();
        assert!(refused.to_string().ends_with("or set the soft rules aside with a reason"), "{refused}");
        assert_eq!(decide(&all[..1], true, &soft).unwrap()[0].weight(), 7);
        assert_eq!(decide(&[], false, &limits), Ok(vec![]));
    }

    #[test]
    fn candidates_are_ranked() {
        let timetable = day();
        let away = Official { away: vec![span(0, 48 * 60)], ..official("referee-00") };
        let all = [away, official("referee-01"), official("referee-02")];
        let soft = [limit(What::MatchesPerDay(1), Severity::Soft { weight: 7 })];
        let ranked = candidates(&timetable.activities[1], &all, &timetable, &soft);
        let ids: Vec<&str> = ranked.iter().map(|candidate| candidate.official.id()).collect();
        assert_eq!(ids, ["referee-02", "referee-01", "referee-00"]);
        assert_eq!((ranked[1].matches_of_day, ranked[1].matches, ranked[1].is_appointed), (1, 1, false));
        let own = candidates(&timetable.activities[0], &all, &timetable, &soft);
        let first = own.iter().find(|candidate| candidate.is_appointed).unwrap();
        assert_eq!((first.official.id(), first.matches), ("referee-01", 0));
    }
}
