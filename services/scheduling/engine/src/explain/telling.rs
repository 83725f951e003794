//! A chain of waits in words.

use super::chain::Station;
use super::words::{hours, list, moment, number};
use crate::model::{Instance, Kind, Minute, Severity};
use crate::problem::{Problem, Wait, names_match, wait};

/// A wait of the chain: between two matches of a station, or from a station to the next.
struct Gap {
    /// What it is: `48 h + 105 min`.
    text: String,
    /// Minutes it takes at least, from one kick-off that there is to another, or what is asked for when none is that
    /// far away; `None` when that is a number of days.
    takes: Option<Minute>,
    /// Minutes asked for.
    asked: Minute,
}

/// Says that a chain is too long: by what its gaps need together where that is enough, else by its earliest kick-offs.
pub(super) fn sentence(problem: &Problem, stations: &[Station]) -> String {
    let who = who(problem.instance, stations);
    let gaps = gaps(problem, stations);
    let (from, until) = window(problem, stations);
    let needed: Option<Minute> = gaps.iter().map(|gap| gap.takes).sum();
    if let Some(needed) = needed.filter(|needed| *needed > until - from) {
        let asked: Minute = gaps.iter().map(|gap| gap.asked).sum();
        let slots = if needed > asked { slots(problem) } else { String::new() };
        return format!(
            "{who}: {}{slots} {} {}; from {} to {} there are {}",
            told(&gaps),
            if gaps.len() == 1 { "needs" } else { "need" },
            hours(needed),
            moment(problem, from),
            moment(problem, until),
            hours(until - from)
        );
    }
    let times: Vec<String> =
        stations.iter().flat_map(|station| &station.earliest).map(|time| moment(problem, *time)).collect();
    let missed = stations.last().and_then(|station| station.missed).unwrap_or(Minute::MAX);
    let last = stations.last().map_or(String::new(), |station| match station.matches[..] {
        [index] => name(problem.instance, index),
        _ => "the next of them".to_owned(),
    });
    let then = if missed < problem.instance.end {
        format!("{last} is then not before {}", moment(problem, missed))
    } else {
        format!("no day is then left for {last}")
    };
    let until = moment(problem, until);
    let gaps = told(&gaps);
    let are = if times.len() == 1 { "kick-off is" } else { "kick-offs are" };
    format!(
        "{who}, with {gaps}: the earliest {are} {}; {then}, and its last kick-off is {until}",
        list(&times)
    )
}

/// The first and the last kick-off of a chain.
fn window(problem: &Problem, stations: &[Station]) -> (Minute, Minute) {
    let of = |station: Option<&Station>| {
        let matches = station.map(|station| station.matches.as_slice()).unwrap_or_default();
        starts(problem, matches)
    };
    let from = stations.first().and_then(|station| station.earliest.first()).copied();
    let from = from.or_else(|| of(stations.first()).first().copied()).unwrap_or_default();
    (from, of(stations.last()).last().copied().unwrap_or_default())
}

/// All kick-offs of some matches.
fn starts(problem: &Problem, matches: &[usize]) -> Vec<Minute> {
    let options = matches.iter().flat_map(|index| &problem.options[*index]);
    let mut starts: Vec<Minute> = options.map(|option| option.start).collect();
    starts.sort_unstable();
    starts.dedup();
    starts
}

/// The stations: `a men's group of three plays serially, then quarter-final, semi-final and final`.
fn who(instance: &Instance, stations: &[Station]) -> String {
    let stages: Vec<&str> = stations
        .iter()
        .filter_map(|station| match station.matches[..] {
            [index] => instance.matches.get(index).map(|game| game.stage.as_str()),
            _ => None,
        })
        .collect();
    let mut different = stages.clone();
    different.sort_unstable();
    different.dedup();
    let by_stage = different.len() == stages.len() && !different.contains(&"");
    let mut serial = Vec::new();
    let mut names: Vec<String> = Vec::new();
    let mut pieces: Vec<String> = Vec::new();
    for station in stations {
        if let [index] = station.matches[..] {
            let game = &instance.matches[index];
            names.push(if by_stage { game.stage.clone() } else { game.id.clone() });
        } else {
            if !names.is_empty() {
                pieces.push(list(&std::mem::take(&mut names)));
            }
            serial.push(pieces.len());
            pieces.push(serially(instance, &station.matches));
        }
    }
    if !names.is_empty() {
        let alone = serial.is_empty() && names.len() > 1;
        pieces.push(list(&names) + if alone { " follow each other" } else { "" });
    }
    pieces.join(", then ")
}

/// Matches of which any two share a team.
fn serially(instance: &Instance, matches: &[usize]) -> String {
    let first = &instance.matches[matches[0]];
    let same = |index: &usize| {
        let game = &instance.matches[*index];
        game.competition == first.competition && game.stage == first.stage && game.group == first.group
    };
    let whole: Vec<usize> = (0..instance.matches.len())
        .filter(|index| same(index) && !instance.cancelled.contains(index))
        .collect();
    if !first.group.is_empty() && whole == matches {
        let mut teams: Vec<_> = whole.iter().flat_map(|index| instance.matches[*index].sides).collect();
        teams.sort_unstable();
        teams.dedup();
        let (competition, teams) = (&first.competition, number(teams.len()));
        return if competition.ends_with("men") {
            format!("a {competition}'s group of {teams} plays serially")
        } else {
            format!("a group of {teams} in {competition} plays serially")
        };
    }
    let team = first.sides.iter().find(|side| {
        matches!(side, crate::model::Side::Team(_))
            && matches.iter().all(|index| instance.matches[*index].sides.contains(side))
    });
    if let Some(crate::model::Side::Team(team)) = team {
        let team = instance.teams.get(*team).map_or("", |team| team.id.as_str());
        return format!("{team} plays {}", super::words::count(matches.len(), "match", "matches"));
    }
    format!("{} share teams and are played one after another", super::words::matches(instance, matches))
}

fn name(instance: &Instance, index: usize) -> String {
    let game = &instance.matches[index];
    let others = instance.matches.iter().filter(|other| {
        !game.stage.is_empty() && other.stage == game.stage && other.competition == game.competition
    });
    if others.count() == 1 { format!("the {}", game.stage) } else { game.id.clone() }
}

/// The waits of the chain, in order.
fn gaps(problem: &Problem, stations: &[Station]) -> Vec<Gap> {
    let mut gaps = Vec::new();
    let mut before: &[usize] = &[];
    for station in stations {
        let after = station.matches.as_slice();
        if !before.is_empty() {
            gaps.push(gap(problem, before, after, station.wait));
        }
        for _ in 1..after.len() {
            gaps.push(gap(problem, after, after, station.within));
        }
        before = after;
    }
    gaps
}

fn gap(problem: &Problem, before: &[usize], after: &[usize], wait: Wait) -> Gap {
    let (from, to) = (starts(problem, before), starts(problem, after));
    let next = |start: Minute| {
        let earliest = problem.after(wait, start);
        to.get(to.partition_point(|time| *time < earliest)).map(|time| time - start)
    };
    let takes = from.iter().filter_map(|start| next(*start)).min();
    let takes = takes.or((wait.days == 0).then_some(wait.minutes));
    Gap { text: text(problem.instance, before, after, wait), takes, asked: wait.minutes }
}

/// What a wait is made of.
fn text(instance: &Instance, before: &[usize], after: &[usize], asked: Wait) -> String {
    let pairs = before.iter().flat_map(|one| after.iter().map(move |other| (*one, *other)));
    for (one, other) in pairs.filter(|(one, other)| one != other) {
        let games = (&instance.matches[one], &instance.matches[other]);
        let rules = instance.rules.iter().filter(|rule| {
            rule.severity == Severity::Hard
                && names_match(&rule.scope, games.0)
                && names_match(&rule.scope, games.1)
        });
        for rule in rules {
            let Some(found) = wait(instance, &rule.kind, one) else { continue };
            let is_it =
                if asked.days > 0 { found.days == asked.days } else { found.minutes == asked.minutes };
            match rule.kind {
                _ if !is_it => {}
                Kind::RestWhistle(minutes) => {
                    return format!("{} + {} min", hours(minutes), games.0.length);
                }
                Kind::RestCalendarDays(days) => {
                    let days = days as usize;
                    return super::words::count(days, "calendar day", "calendar days");
                }
                Kind::TeamOnceADay => return "a night".to_owned(),
                _ => return hours(asked.minutes),
            }
        }
    }
    hours(asked.minutes)
}

/// The gaps: `two gaps of 24 h and three of 48 h`.
fn told(gaps: &[Gap]) -> String {
    let mut runs: Vec<(usize, &str)> = Vec::new();
    for gap in gaps {
        match runs.iter_mut().find(|run| run.1 == gap.text) {
            Some(run) => run.0 += 1,
            None => runs.push((1, &gap.text)),
        }
    }
    let runs: Vec<String> = runs
        .iter()
        .enumerate()
        .map(|(place, (count, text))| {
            let gaps = match (place, count) {
                (0, 1) => " gap",
                (0, _) => " gaps",
                _ => "",
            };
            format!("{}{gaps} of {text}", number(*count))
        })
        .collect();
    list(&runs)
}

/// The slots that kick-offs lie in.
fn slots(problem: &Problem) -> String {
    let mut starts: Vec<Minute> = problem.options.iter().flatten().map(|option| option.start).collect();
    starts.sort_unstable();
    starts.dedup();
    let same_day = starts.windows(2).filter(|pair| problem.day(pair[0]) == problem.day(pair[1]));
    let mut steps: Vec<Minute> = same_day.map(|pair| pair[1] - pair[0]).collect();
    steps.sort_unstable();
    steps.dedup();
    match steps[..] {
        [step] => format!(" in {} slots", hours(step)),
        _ => " at the kick-offs there are".to_owned(),
    }
}
