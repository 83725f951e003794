//! Who leads which match, once it is known when they are played.
//!
//! Officials stand outside the main search, where their symmetry would cost more than everything else: kick-offs
//! are found first, with a limit on the matches of a day that crews can lead, and crews are appointed to them
//! here. When that fails the search is told, and looks for other kick-offs.

use crate::model::{Instance, Kind, Match, Minute, Official, Severity, Side};
use crate::problem::{Problem, Weight};

/// Branches looked at before an appointment is given up as unknown.
const BRANCHES: u32 = 50_000;

/// What came of appointing crews.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Appointment {
    /// Every match has its crew: of each match its officials, what soft rules cost, and whether that is proven least.
    Found(Vec<Vec<usize>>, i64, bool),
    /// There is no way, proven: these matches alone, at their kick-offs, have none.
    Impossible(Vec<usize>),
    /// Not found in the branches allowed.
    Unknown,
}

/// Most matches of a day that the officials can lead, when a rule that looks at all matches limits it.
pub(crate) fn most_of_day(instance: &Instance, day: usize) -> Option<usize> {
    let most = instance
        .rules
        .iter()
        .filter(|rule| rule.severity == Severity::Hard && rule.scope == crate::model::Scope::default())
        .filter_map(|rule| match rule.kind {
            Kind::OfficialMatchesPerDay(most) => Some(most as usize),
            _ => None,
        })
        .min()?;
    let from = instance.days.get(day)?.start;
    let until = instance.days.get(day + 1).map_or(instance.end, |day| day.start);
    let present =
        |official: &&Official| !official.away.iter().any(|away| away.start <= from && until <= away.end);
    Some(instance.officials.iter().filter(present).count().saturating_mul(most))
}

/// What soft rules on officials may cost at most.
pub(crate) fn dearest(problem: &Problem) -> i64 {
    let crews = |limit: &Limit| -> i64 {
        let games = problem.instance.matches.iter().zip(&limit.matches).filter(|(_, within)| **within);
        games
            .map(|(game, _)| i64::from(game.crews).max(i64::try_from(game.appointed.len()).unwrap_or(0)))
            .sum()
    };
    limits(problem).iter().fold(0, |sum: i64, limit| {
        let Weight::Soft(weight) = limit.weight else { return sum };
        let units = match limit.kind {
            Kind::OfficialRest(_) => crews(limit) * crews(limit) / 2,
            _ => crews(limit),
        };
        sum.saturating_add(weight.saturating_mul(units))
    })
}

/// What divides all that soft rules on officials may cost.
pub(crate) fn unit(problem: &Problem) -> i64 {
    let weights = limits(problem).into_iter().filter_map(|limit| match limit.weight {
        Weight::Soft(weight) => Some(weight),
        Weight::Hard => None,
    });
    weights.fold(0, divisor).max(1)
}

/// The greatest common divisor; of 0 and a number, the number.
pub(crate) fn divisor(a: i64, b: i64) -> i64 {
    if b == 0 { a.abs() } else { divisor(b, a % b) }
}

/// What soft rules on officials cost at least, whenever matches are played.
pub(crate) fn cheapest(problem: &Problem) -> i64 {
    let instance = problem.instance;
    let open: Vec<usize> = (0..problem.options.len())
        .filter(|index| problem.needs_crew(*index) && instance.matches[*index].appointed.is_empty())
        .collect();
    let by_nobody = |index: &&usize| {
        instance.officials.iter().all(|who| is_partial(instance, who, &instance.matches[**index]))
    };
    limits(problem).iter().fold(0, |sum: i64, limit| {
        let Weight::Soft(weight) = limit.weight else { return sum };
        let within = open.iter().filter(|index| limit.matches[**index]);
        let units = match limit.kind {
            Kind::OfficialNeutral => within.filter(by_nobody).count(),
            Kind::OfficialMatches(most) => {
                within.count().saturating_sub(instance.officials.len().saturating_mul(most as usize))
            }
            _ => 0,
        };
        sum.saturating_add(weight.saturating_mul(i64::try_from(units).unwrap_or(i64::MAX)))
    })
}

/// Whether an official comes from the country of a team that a match names, or is in conflict with it.
pub(crate) fn is_partial(instance: &Instance, who: &Official, game: &Match) -> bool {
    game.sides.iter().any(|side| match side {
        Side::Team(team) => {
            let country = instance.teams.get(*team).map(|team| &team.country);
            who.conflicts.contains(team) || (!who.country.is_empty() && country == Some(&who.country))
        }
        _ => false,
    })
}

/// The rules on officials.
fn limits(problem: &Problem) -> Vec<Limit> {
    let rules = problem.instance.rules.iter().filter(|rule| {
        matches!(
            rule.kind,
            Kind::OfficialMatchesPerDay(_)
                | Kind::OfficialMatches(_)
                | Kind::OfficialRest(_)
                | Kind::OfficialNeutral
        )
    });
    let limits = rules.filter_map(|rule| {
        let matches = problem.in_scope(rule);
        Some(Limit { kind: rule.kind.clone(), weight: Weight::of(rule)?, matches })
    });
    limits.collect()
}

/// A rule on officials.
struct Limit {
    kind: Kind,
    weight: Weight,
    matches: Vec<bool>,
}

/// A crew to be found.
struct Open {
    index: usize,
    start: Minute,
    end: Minute,
    day: usize,
    appointed: Option<usize>,
}

struct Appointing<'p> {
    problem: &'p Problem<'p>,
    prefer: &'p [Vec<usize>],
    limits: Vec<Limit>,
    open: Vec<Open>,
    /// What each official leads so far, by place in `open`.
    leads: Vec<Vec<usize>>,
    taken: Vec<usize>,
    best: Option<(i64, Vec<usize>)>,
    branches: u32,
    /// The last crew looked at.
    deepest: usize,
}

/// Appoints a crew to every match that needs one, of equal ones rather those that are preferred.
pub(crate) fn appoint<'p>(
    problem: &'p Problem<'p>,
    chosen: &[usize],
    prefer: &'p [Vec<usize>],
) -> Appointment {
    let instance = problem.instance;
    let mut open = Vec::new();
    for (index, game) in instance.matches.iter().enumerate() {
        if !problem.live[index] {
            continue;
        }
        let start = problem.options[index][chosen[index]].start;
        let one =
            |appointed| Open { index, start, end: start + game.length, day: problem.day(start), appointed };
        if game.appointed.is_empty() {
            open.extend(problem.needs_crew(index).then(|| one(None)));
        } else {
            open.extend(game.appointed.iter().map(|official| one(Some(*official))));
        }
    }
    open.sort_by_key(|one| (one.start, one.index));
    let mut appointing = Appointing {
        problem,
        prefer,
        limits: limits(problem),
        leads: vec![Vec::new(); instance.officials.len()],
        taken: Vec::with_capacity(open.len()),
        open,
        best: None,
        branches: 0,
        deepest: 0,
    };
    appointing.go(0);
    let ended = appointing.branches < BRANCHES;
    match appointing.best {
        Some((cost, taken)) => {
            let mut officials = vec![Vec::new(); instance.matches.len()];
            for (one, official) in appointing.open.iter().zip(taken) {
                officials[one.index].push(official);
            }
            Appointment::Found(officials, cost, ended || cost == 0)
        }
        None if ended => {
            let looked_at = appointing.open.iter().take(appointing.deepest + 1);
            Appointment::Impossible(looked_at.map(|open| open.index).collect())
        }
        None => Appointment::Unknown,
    }
}

impl Appointing<'_> {
    /// Appoints from the `at`-th crew on, at a cost so far.
    fn go(&mut self, cost: i64) {
        if self.branches >= BRANCHES || self.best.as_ref().is_some_and(|best| cost >= best.0) {
            return;
        }
        self.branches += 1;
        let at = self.taken.len();
        self.deepest = self.deepest.max(at);
        let Some(open) = self.open.get(at) else {
            self.best = Some((cost, self.taken.clone()));
            return;
        };
        let preferred = self.prefer.get(open.index);
        let mut ways: Vec<(i64, bool, usize, usize)> = Vec::new();
        let all = match open.appointed {
            Some(official) => official..official + 1,
            None => 0..self.leads.len(),
        };
        for official in all {
            if official >= self.leads.len() {
                continue;
            }
            // Officials whom nothing tells apart are tried once.
            let twin = open.appointed.is_none()
                && self.prefer.is_empty()
                && (0..official).any(|other| self.leads[other].is_empty() && self.are_twins(other, official));
            if !twin && let Some(added) = self.added(at, official) {
                let other = !preferred.is_some_and(|some| some.contains(&official));
                ways.push((added, other, self.leads[official].len(), official));
            }
        }
        ways.sort_unstable();
        for (added, _, _, official) in ways {
            self.taken.push(official);
            self.leads[official].push(at);
            self.go(cost.saturating_add(added));
            self.leads[official].pop();
            self.taken.pop();
        }
    }

    fn are_twins(&self, other: usize, official: usize) -> bool {
        let officials = &self.problem.instance.officials;
        let (one, two) = (&officials[other], &officials[official]);
        self.leads[official].is_empty()
            && one.country == two.country
            && one.conflicts == two.conflicts
            && one.away == two.away
            && !self.open[self.taken.len()..]
                .iter()
                .any(|open| open.appointed == Some(other) || open.appointed == Some(official))
    }

    /// What it costs that the official leads it, too; `None` when that must not be. Who leads what has begun is past.
    fn added(&self, at: usize, official: usize) -> Option<i64> {
        let instance = self.problem.instance;
        let open = &self.open[at];
        if self.problem.begun[open.index] {
            return Some(0);
        }
        let game = &instance.matches[open.index];
        let who = &instance.officials[official];
        if who.away.iter().any(|away| away.start < open.end && open.start < away.end)
            || self.leads[official].iter().any(|other| {
                let other = &self.open[*other];
                other.start < open.end && open.start < other.end
            })
        {
            return None;
        }
        let mut cost: i64 = 0;
        for limit in self.limits.iter().filter(|limit| limit.matches[open.index]) {
            let led = || {
                self.leads[official].iter().map(|one| &self.open[*one]).filter(|one| limit.matches[one.index])
            };
            let units = match limit.kind {
                Kind::OfficialMatchesPerDay(most) => {
                    i64::from(led().filter(|one| one.day == open.day).count() >= most as usize)
                }
                Kind::OfficialMatches(most) => i64::from(led().count() >= most as usize),
                Kind::OfficialRest(minutes) => {
                    let close = led().filter(|one| open.start - one.start < minutes).count();
                    i64::try_from(close).unwrap_or(i64::MAX)
                }
                Kind::OfficialNeutral => i64::from(is_partial(instance, who, game)),
                _ => 0,
            };
            match limit.weight {
                Weight::Hard if units > 0 => return None,
                Weight::Hard => {}
                Weight::Soft(weight) => cost = cost.saturating_add(weight.saturating_mul(units)),
            }
        }
        Some(cost)
    }
}
