//! Waits between two matches that the same team may play.

use super::participants::Participants;
use super::places::names_match;
use super::{Problem, Weight};
use crate::model::{Instance, Kind, Minute};

/// How long one match waits for another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wait {
    /// Minutes from kick-off to kick-off, at least.
    pub(crate) minutes: Minute,
    /// Days from one to the other, at least.
    pub(crate) days: usize,
}

impl Wait {
    fn most(self, other: Self) -> Self {
        Self { minutes: self.minutes.max(other.minutes), days: self.days.max(other.days) }
    }

    /// The shorter in each of both.
    pub(crate) fn least(self, other: Self) -> Self {
        Self { minutes: self.minutes.min(other.minutes), days: self.days.min(other.days) }
    }

    fn then(self, other: Self) -> Self {
        Self {
            minutes: self.minutes.saturating_add(other.minutes),
            days: self.days.saturating_add(other.days),
        }
    }

    fn covers(self, other: Self) -> bool {
        self.minutes >= other.minutes && self.days >= other.days
    }
}

/// Two matches, one of which waits for the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Gap {
    /// A match.
    pub(crate) a: usize,
    /// The other; the later one when they are ordered.
    pub(crate) b: usize,
    /// Whether `b` is after `a` and never before.
    pub(crate) ordered: bool,
    /// How long `b` waits after `a`.
    pub(crate) forth: Wait,
    /// How long `a` waits after `b`.
    pub(crate) back: Wait,
}

/// A gap that may be broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SoftGap {
    /// The gap.
    pub(crate) gap: Gap,
    /// What it costs when it is broken.
    pub(crate) weight: i64,
}

/// All waits of an instance.
pub(super) struct Waits {
    pub(super) hard: Vec<Gap>,
    pub(super) soft: Vec<SoftGap>,
    pub(super) feeders: Vec<Vec<usize>>,
}

impl Problem<'_> {
    /// The earliest kick-off after one at `start`.
    pub(crate) fn after(&self, wait: Wait, start: Minute) -> Minute {
        let by_minutes = start.saturating_add(wait.minutes);
        if wait.days == 0 {
            return by_minutes;
        }
        let day = self.instance.days.get(self.day(start).saturating_add(wait.days));
        day.map_or(Minute::MAX, |day| day.start.max(by_minutes))
    }

    /// Whether two kick-offs keep a gap.
    pub(crate) fn keeps(&self, gap: &Gap, a: Minute, b: Minute) -> bool {
        b >= self.after(gap.forth, a) || (!gap.ordered && a >= self.after(gap.back, b))
    }
}

/// The wait that a rule of rest asks for after a match.
pub(crate) fn wait(instance: &Instance, kind: &Kind, after: usize) -> Option<Wait> {
    match kind {
        Kind::RestCalendarDays(days) => Some(Wait { minutes: 0, days: (*days as usize).saturating_add(1) }),
        Kind::TeamOnceADay => Some(Wait { minutes: 0, days: 1 }),
        Kind::RestKickOff(minutes) => Some(Wait { minutes: *minutes, days: 0 }),
        Kind::RestWhistle(minutes) => {
            Some(Wait { minutes: instance.matches[after].length.saturating_add(*minutes), days: 0 })
        }
        _ => None,
    }
}

/// Finds all waits: of rest, of the order of the bracket, and of orders that rules name.
pub(super) fn waits(problem: &Problem) -> Waits {
    let instance = problem.instance;
    let mut who = Participants::new(problem, &problem.live);
    let count = instance.matches.len();
    let rules: Vec<_> = instance
        .rules
        .iter()
        .filter(|rule| {
            matches!(
                rule.kind,
                Kind::RestCalendarDays(_) | Kind::TeamOnceADay | Kind::RestKickOff(_) | Kind::RestWhistle(_)
            )
        })
        .filter_map(|rule| Some((rule, Weight::of(rule)?)))
        .collect();
    let applies: Vec<Vec<bool>> = rules
        .iter()
        .map(|(rule, _)| instance.matches.iter().map(|game| names_match(&rule.scope, game)).collect())
        .collect();
    let mut unordered = Vec::new();
    let mut soft = Vec::new();
    let mut ordered: Vec<Vec<Option<Wait>>> = vec![vec![None; count]; count];
    for a in 0..count {
        for b in a + 1..count {
            let settled = problem.begun[a] && problem.begun[b];
            if !problem.live[a] || !problem.live[b] || settled || !who.may_share(a, b) {
                continue;
            }
            let (a, b) = if who.before[a][b] { (b, a) } else { (a, b) };
            let is_ordered = who.before[b][a];
            let length = |index: usize| Wait { minutes: instance.matches[index].length.max(1), days: 0 };
            let mut gap = Gap { a, b, ordered: is_ordered, forth: length(a), back: length(b) };
            for ((rule, weight), applies) in rules.iter().zip(&applies) {
                if !(applies[a] && applies[b]) {
                    continue;
                }
                let (Some(forth), Some(back)) =
                    (wait(instance, &rule.kind, a), wait(instance, &rule.kind, b))
                else {
                    continue;
                };
                match weight {
                    Weight::Hard => {
                        gap.forth = gap.forth.most(forth);
                        gap.back = gap.back.most(back);
                    }
                    Weight::Soft(weight) => soft.push(SoftGap {
                        gap: Gap { a, b, ordered: is_ordered, forth, back },
                        weight: *weight,
                    }),
                }
            }
            if is_ordered {
                ordered[a][b] = Some(gap.forth);
            } else {
                unordered.push(gap);
            }
        }
    }
    let mut hard = direct(&ordered);
    hard.extend(unordered);
    in_order(problem, &mut hard, &mut soft);
    Waits { hard, soft, feeders: who.feeders }
}

/// The ordered waits that no chain of others implies.
fn direct(ordered: &[Vec<Option<Wait>>]) -> Vec<Gap> {
    let count = ordered.len();
    let mut gaps = Vec::new();
    for a in 0..count {
        let later: Vec<usize> = (0..count).filter(|b| ordered[a][*b].is_some()).collect();
        for &b in &later {
            let Some(forth) = ordered[a][b] else { continue };
            let implied = later.iter().any(|&middle| match (ordered[a][middle], ordered[middle][b]) {
                (Some(first), Some(second)) => first.then(second).covers(forth),
                _ => false,
            });
            if !implied {
                gaps.push(Gap { a, b, ordered: true, forth, back: Wait::default() });
            }
        }
    }
    gaps
}

/// Adds the orders that rules name.
fn in_order(problem: &Problem, hard: &mut Vec<Gap>, soft: &mut Vec<SoftGap>) {
    for rule in &problem.instance.rules {
        let (Kind::InOrder(ids), Some(weight)) = (&rule.kind, Weight::of(rule)) else { continue };
        let indexes = problem.named(rule, ids);
        for pair in indexes.windows(2).filter(|pair| !pair.iter().all(|index| problem.begun[*index])) {
            let gap =
                Gap { a: pair[0], b: pair[1], ordered: true, forth: Wait::default(), back: Wait::default() };
            match weight {
                Weight::Hard => hard.push(gap),
                Weight::Soft(weight) => soft.push(SoftGap { gap, weight }),
            }
        }
    }
}
