//! More matches than there is room for.
//!
//! Matches that can only be played within a time and on some pitches are counted against the room there: of each day
//! what a pitch holds one after another, at most what rules allow a pitch, a venue and the officials.

use std::collections::{BTreeMap, BTreeSet};

use super::{Argument, words};
use crate::model::{Kind, Match, Minute, Rule, Severity, Span};
use crate::officials;
use crate::outcome::{Progress, Watch};
use crate::problem::{Problem, names_match, names_pitch};

/// Times looked at as ends of the window; where there are more, those of whole days alone.
const TIMES: usize = 60;

struct Crowded {
    matches: Vec<usize>,
    room: usize,
}

/// Finds the fewest matches that have no room. Gives up when the watch says stop.
pub(super) fn argue(problem: &Problem, watch: &mut Watch) -> Option<Argument> {
    let mut tight = Problem::stated(problem.instance);
    tight.tighten();
    if tight.is_empty() {
        return None;
    }
    let mut found: Option<Crowded> = None;
    let spans = spans(&tight);
    for pitches in pitch_sets(&tight) {
        let bound = bound_to(&tight, &pitches);
        let starts = starts(&tight, &bound);
        for &span in &spans {
            let within = |one: &&(usize, Span)| span.start <= one.1.start && one.1.end <= span.end;
            let count = bound.iter().filter(within).count();
            if count < 2 || found.as_ref().is_some_and(|found| found.matches.len() <= count) {
                continue;
            }
            if watch(Progress::default()).is_break() {
                return None;
            }
            let matches: Vec<usize> = bound.iter().filter(within).map(|one| one.0).collect();
            let room = room(&tight, &pitches, &starts, span, &matches);
            if matches.len() > room {
                found = Some(Crowded { matches, room });
            }
        }
    }
    let found = found?;
    Some(Argument { sentence: sentence(&tight, &found), matches: found.matches })
}

/// Kick-offs in order, of each pitch and day, each with a match that may take it.
type Starts = BTreeMap<(usize, usize), Vec<(Minute, usize)>>;

/// Where the bound matches may kick off.
fn starts(problem: &Problem, bound: &[(usize, Span)]) -> Starts {
    let mut starts = Starts::new();
    for &(index, _) in bound {
        for option in &problem.options[index] {
            starts.entry((option.pitch, problem.day(option.start))).or_default().push((option.start, index));
        }
    }
    for starts in starts.values_mut() {
        starts.sort_unstable();
    }
    starts
}

/// Sets of pitches: those that a match is bound to.
fn pitch_sets(problem: &Problem) -> BTreeSet<Vec<usize>> {
    let of = |index: usize| {
        let pitches: BTreeSet<usize> = problem.options[index].iter().map(|option| option.pitch).collect();
        pitches.into_iter().collect::<Vec<_>>()
    };
    let mut sets: BTreeSet<Vec<usize>> =
        (0..problem.options.len()).filter(|index| problem.live[*index]).map(of).collect();
    sets.insert((0..problem.instance.pitches.len()).collect());
    sets
}

/// The matches that can only be played on these pitches, each with its first and last kick-off.
fn bound_to(problem: &Problem, pitches: &[usize]) -> Vec<(usize, Span)> {
    let bound = |index: usize| {
        let options = &problem.options[index];
        let (first, last) = (options.first()?.start, options.last()?.start);
        let bound = options.iter().all(|option| pitches.contains(&option.pitch));
        bound.then_some((index, Span { start: first, end: last + 1 }))
    };
    (0..problem.options.len()).filter(|index| !problem.begun[*index]).filter_map(bound).collect()
}

/// Windows from the first kick-off of a match to the last of one.
fn spans(problem: &Problem) -> Vec<Span> {
    let ends = |end: &dyn Fn(usize) -> Option<Minute>| {
        let all: BTreeSet<Minute> = (0..problem.options.len()).filter_map(end).collect();
        all.into_iter().collect::<Vec<_>>()
    };
    let mut from = ends(&|index| problem.options[index].first().map(|option| option.start));
    let mut until = ends(&|index| problem.options[index].last().map(|option| option.start + 1));
    if from.len() > TIMES || until.len() > TIMES {
        from = problem.instance.days.iter().map(|day| day.start).collect();
        until = from.iter().skip(1).copied().chain([problem.instance.end]).collect();
    }
    from.iter()
        .flat_map(|&start| until.iter().filter(move |end| **end > start).map(move |&end| Span { start, end }))
        .collect()
}

/// How many of the matches, at most, the pitches hold within the window.
fn room(problem: &Problem, pitches: &[usize], starts: &Starts, span: Span, matches: &[usize]) -> usize {
    let instance = problem.instance;
    let games = || matches.iter().map(|index| &instance.matches[*index]);
    let least = |of: &dyn Fn(&Match) -> Minute| games().map(of).min().unwrap_or_default();
    // A warm-up elsewhere shortens the time before the kick-off.
    let before = if instance.warm_up_areas.is_empty() { least(&|game| game.set_up) } else { 0 };
    let binds =
        |rule: &&Rule| rule.severity == Severity::Hard && games().all(|game| names_match(&rule.scope, game));
    let mut counted = vec![false; problem.options.len()];
    for &index in matches {
        counted[index] = true;
    }
    let counting = Counting {
        problem,
        starts,
        span,
        counted,
        cycle: least(&|game| game.occupied).saturating_add(before).max(1),
        limits: instance.rules.iter().filter(binds).collect(),
    };
    let crewed = matches.iter().all(|index| problem.needs_crew(*index));
    (0..instance.days.len())
        .map(|day| {
            let fit = counting.of_day(pitches, day);
            let crews = officials::most_of_day(instance, day).filter(|_| crewed);
            crews.map_or(fit, |crews| fit.min(crews))
        })
        .sum()
}

/// What is counted, and the rules that bind all of it.
struct Counting<'c> {
    problem: &'c Problem<'c>,
    starts: &'c Starts,
    span: Span,
    /// Whether each match is.
    counted: Vec<bool>,
    /// The shortest time from one kick-off to the next on a pitch.
    cycle: Minute,
    limits: Vec<&'c Rule>,
}

impl Counting<'_> {
    fn of_day(&self, pitches: &[usize], day: usize) -> usize {
        let mut venues: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for &pitch in pitches {
            venues.entry(&self.problem.instance.pitches[pitch].venue).or_default().push(pitch);
        }
        venues.values().map(|pitches| self.of_venue(pitches, day)).sum()
    }

    fn of_venue(&self, pitches: &[usize], day: usize) -> usize {
        let fit: usize = pitches.iter().map(|pitch| self.of_pitch(*pitch, day)).sum();
        let most = self.limits.iter().filter_map(|rule| match rule.kind {
            Kind::MatchesPerVenueAndDay(most) if pitches.iter().all(|pitch| self.names(rule, *pitch)) => {
                Some(most as usize)
            }
            _ => None,
        });
        most.min().map_or(fit, |most| fit.min(most))
    }

    fn of_pitch(&self, pitch: usize, day: usize) -> usize {
        let starts = self.starts.get(&(pitch, day)).map_or(&[][..], Vec::as_slice);
        let mut free = self.span.start;
        let mut fit = 0;
        for &(start, index) in starts.iter().take_while(|start| start.0 < self.span.end) {
            if start >= free && self.counted[index] {
                fit += 1;
                free = start.saturating_add(self.cycle);
            }
        }
        let most = self.limits.iter().filter_map(|rule| match rule.kind {
            Kind::MatchesPerPitchAndDay(most) if self.names(rule, pitch) => Some(most as usize),
            _ => None,
        });
        most.min().map_or(fit, |most| fit.min(most))
    }

    fn names(&self, rule: &Rule, pitch: usize) -> bool {
        names_pitch(&rule.scope, &self.problem.instance.pitches[pitch])
    }
}

fn sentence(problem: &Problem, found: &Crowded) -> String {
    let instance = problem.instance;
    let starts =
        || found.matches.iter().flat_map(|index| &problem.options[*index]).map(|option| option.start);
    let (first, last) = (starts().min().unwrap_or_default(), starts().max().unwrap_or_default());
    let used: BTreeSet<usize> =
        found.matches.iter().flat_map(|index| &problem.options[*index]).map(|option| option.pitch).collect();
    let pitches: Vec<&str> = used.iter().map(|pitch| instance.pitches[*pitch].id.as_str()).collect();
    let rules: Vec<String> = instance.rules.iter().map(|rule| super::limits::limit(instance, rule)).collect();
    let under = if rules.is_empty() { String::new() } else { format!(" under {}", words::list(&rules)) };
    let when = if first == last {
        format!("at {}", words::moment(problem, first))
    } else {
        format!("from {} to {}", words::moment(problem, first), words::moment(problem, last))
    };
    format!(
        "{} ({}) have to kick off {when} on {}, and there is room for {} then{under}",
        words::count(found.matches.len(), "match", "matches"),
        words::matches(instance, &found.matches),
        words::list(&pitches),
        found.room,
    )
}
