//! Assisted editing: where one match could go, and what that would do to every rule.

use serde::Serialize;

use crate::check::findings;
use crate::check::played::Played;
use crate::check::report::{Finding, Violation};
use crate::check::tournament::Tournament;
use crate::model::{Instance, Minute, Place, Severity, Timetable};

/// Most places that are suggested.
pub const MOST_SUGGESTIONS: usize = 50;

/// Most places that are looked at: those nearest in time to where the match stands.
pub const MOST_PLACES: usize = 1_000;

/// A place where a match could go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Suggestion {
    /// The place.
    pub place: Place,
    /// Whether the match stands there now: what all others are compared with.
    pub stands: bool,
    /// Violations of what must hold, more than now; fewer when it is negative.
    pub hard: i64,
    /// Cost of the soft rules, more than now.
    pub cost: i64,
    /// What it does to each rule; rules it changes nothing for are left out.
    pub effects: Vec<Effect>,
    /// All of it: `2023-10-28 16:00 on second: +1 soft violation: …`.
    pub sentence: String,
}

/// What a move does to a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Effect {
    /// Id of the rule, or of what always holds.
    pub rule: String,
    /// How much it matters.
    pub severity: Severity,
    /// What happens.
    pub change: Change,
    /// Units by which the rule is broken, more than now.
    pub units: i64,
    /// What breaks it then; for one that is removed, what breaks it now.
    pub violation: Violation,
    /// The effect in words: `+1 soft violation: …`.
    pub sentence: String,
}

/// What happens to a violation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// It is not there now.
    Added,
    /// It is there now, by fewer units.
    Worse,
    /// It is there now, by more units.
    Better,
    /// It goes away.
    Removed,
}

/// Ranks the places where a match could go, the one where it stands among them: those that break the least of what must
/// hold first, then the cheapest, then the nearest in time. They are at most [`MOST_SUGGESTIONS`].
///
/// A match that is pinned, or kicked off before `now`, has its own place alone; one that is called off or has no place
/// has none. The instance has no fault that [`validate`](crate::validate::validate) finds.
#[must_use]
pub fn suggest(instance: &Instance, timetable: &Timetable, now: Minute, index: usize) -> Vec<Suggestion> {
    let tournament = Tournament::new(instance);
    let Some(stands) = Played::new(&tournament, timetable, Some(index)).place(index) else {
        return Vec::new();
    };
    let mut tried = timetable.clone();
    let mut look = |place: Place| {
        tried.places[index] = place;
        let played = Played::new(&tournament, &tried, Some(index));
        findings(&played).collect()
    };
    let before: Vec<Found> = look(stands);
    let mut ranked: Vec<(Rank, Place, Vec<Found>)> = Vec::new();
    for place in places(instance, now, index, stands) {
        let after = look(place);
        let (hard, cost) = difference(&before, &after);
        let away = place.start.abs_diff(stands.start);
        let rank = (hard, cost, away, place.pitch != stands.pitch, place);
        ranked.push((rank, place, after));
    }
    ranked.sort_by_key(|(rank, _, _)| *rank);
    let first = ranked.iter().take(MOST_SUGGESTIONS).any(|(_, place, _)| *place == stands);
    if let (false, Some(own)) = (first, ranked.iter().position(|(_, place, _)| *place == stands)) {
        ranked.swap(own, MOST_SUGGESTIONS - 1);
    }
    ranked.truncate(MOST_SUGGESTIONS);
    let suggest = |((hard, cost, ..), place, after): (Rank, Place, Vec<Found>)| {
        let effects = effects(&before, after);
        let sentence = sentence(&tournament, place, cost, &effects);
        Suggestion { place, stands: place == stands, hard, cost, effects, sentence }
    };
    ranked.into_iter().map(suggest).collect()
}

/// What was found on a rule: its id and how much it matters.
type Found<'t> = (&'t str, Severity, Finding);

/// Hard violations more, cost more, minutes away, on another pitch, where.
type Rank = (i64, i64, u32, bool, Place);

/// Where a match may go, the place where it stands included.
fn places(instance: &Instance, now: Minute, index: usize, stands: Place) -> Vec<Place> {
    let game = &instance.matches[index];
    let mut places = vec![stands];
    if game.pinned.is_none() && stands.start >= now {
        let pitches: Vec<usize> = match &game.pitches {
            Some(pitches) => pitches.clone(),
            None => (0..instance.pitches.len()).filter(|pitch| !instance.pitches[*pitch].reserve).collect(),
        };
        let starts = game.kick_offs.as_ref().unwrap_or(&instance.kick_offs).iter().copied();
        let mut starts: Vec<Minute> = starts.filter(|start| *start >= now).collect();
        starts.sort_by_key(|start| (start.abs_diff(stands.start), *start));
        let all = starts.iter().flat_map(|&start| pitches.iter().map(move |&pitch| Place { start, pitch }));
        places.extend(all.take(MOST_PLACES));
        places.sort_unstable();
        places.dedup();
    }
    places
}

/// Hard violations and cost, after less before.
fn difference(before: &[Found], after: &[Found]) -> (i64, i64) {
    let count = |finding: &Finding| i64::try_from(finding.violations.len()).unwrap_or(i64::MAX);
    let mut difference = (0, 0_i64);
    for ((_, severity, before), (_, _, after)) in before.iter().zip(after) {
        match severity {
            Severity::Hard => difference.0 += count(after) - count(before),
            Severity::Soft { weight } => {
                let units = after.units() - before.units();
                difference.1 = difference.1.saturating_add(weight.saturating_mul(units));
            }
            Severity::Off => {}
        }
    }
    difference
}

/// What changes, hard rules first, and what is added before what is removed.
fn effects(before: &[Found], after: Vec<Found>) -> Vec<Effect> {
    let mut effects = Vec::new();
    for ((rule, severity, before), (_, _, after)) in before.iter().zip(after) {
        let mut gone: Vec<&Violation> = before.violations.iter().collect();
        let mut tell = |change, units, violation: Violation| {
            let sentence = words_of(*severity, change, units, &violation);
            effects.push(Effect {
                rule: (*rule).to_owned(),
                severity: *severity,
                change,
                units,
                violation,
                sentence,
            });
        };
        for violation in after.violations {
            let known = gone.iter().position(|old| old.subject == violation.subject);
            let units = violation.units - known.map_or(0, |known| gone.swap_remove(known).units);
            let change = match (known, units) {
                (None, _) => Change::Added,
                (_, 0) => continue,
                (_, 1..) => Change::Worse,
                _ => Change::Better,
            };
            tell(change, units, violation);
        }
        for old in gone {
            tell(Change::Removed, -old.units, old.clone());
        }
    }
    effects.sort_by_key(|effect| (effect.severity != Severity::Hard, effect.change));
    effects
}

fn words_of(severity: Severity, change: Change, units: i64, violation: &Violation) -> String {
    let kind = if severity == Severity::Hard { "hard" } else { "soft" };
    let what = match change {
        Change::Added => format!("+1 {kind} violation"),
        Change::Removed => format!("-1 {kind} violation"),
        Change::Worse => format!("a {kind} violation worse by {units}"),
        Change::Better => format!("a {kind} violation better by {}", -units),
    };
    format!("{what}: {}", violation.sentence)
}

fn sentence(tournament: &Tournament, place: Place, cost: i64, effects: &[Effect]) -> String {
    let pitch = &tournament.instance.pitches[place.pitch].id;
    let effects: Vec<&str> = effects.iter().map(|effect| effect.sentence.as_str()).collect();
    let told = if effects.is_empty() { "changes no rule".to_owned() } else { effects.join("; ") };
    let cost = if cost == 0 { String::new() } else { format!("; cost {cost:+}") };
    format!("{} on {pitch}: {told}{cost}", tournament.moment(place.start))
}
