//! Which rules cannot hold together.

use std::ops::ControlFlow;

use super::{Proof, Search, search};
use crate::model::{Instance, Kind, Severity};
use crate::outcome::{Budget, Progress, Watch};
use crate::problem::Problem;

/// Conflicts spent on one question; what is not known by then counts as feasible.
const QUESTION: u64 = 3_000;

/// Rules that cannot hold together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Core {
    /// Their ids. None are needed when places, pins and the order of the bracket contradict each other alone.
    pub rules: Vec<String>,
    /// The matches concerned, by place in the list; empty when it is all of them.
    pub matches: Vec<usize>,
    /// Whether it is proven that without any one of the rules the rest can hold. When the budget ended before,
    /// rules may be among them that are not needed.
    pub minimal: bool,
}

/// Finds a smallest set of hard rules that cannot hold together: one from which none can be left out. `None` when
/// the instance is feasible, or the budget ended before that was known.
pub fn contradiction(instance: &Instance, budget: Budget, watch: &mut Watch) -> Option<Core> {
    let mut asking = Asking { instance: instance.clone(), budget, spent: 0, stopped: false, watch };
    let hard = hard(instance);
    if asking.is_infeasible(&hard, &[], budget.conflicts) != Some(true) {
        return None;
    }
    let mut minimal = true;
    let rules = shrink(hard, |rules| {
        let answer = asking.is_infeasible(rules, &[], QUESTION);
        minimal &= answer.is_some();
        answer == Some(true)
    });
    let played: Vec<usize> =
        (0..instance.matches.len()).filter(|index| !instance.cancelled.contains(index)).collect();
    let matches = if rules.iter().any(|rule| looks_at_all(&instance.rules[*rule].kind)) {
        Vec::new()
    } else {
        let matches = shrink(played.clone(), |matches| {
            let left_out: Vec<usize> = played.iter().copied().filter(|one| !matches.contains(one)).collect();
            asking.is_infeasible(&rules, &left_out, QUESTION) == Some(true)
        });
        if matches.len() == played.len() { Vec::new() } else { matches }
    };
    let rules = rules.iter().map(|rule| instance.rules[*rule].id.clone()).collect();
    Some(Core { rules, matches, minimal })
}

/// Whether the hard rules of an instance cannot hold together; `None` when the budget ended before that was known.
pub(crate) fn is_infeasible(instance: &Instance, budget: Budget, watch: &mut Watch) -> Option<bool> {
    let mut asking = Asking { instance: instance.clone(), budget, spent: 0, stopped: false, watch };
    asking.is_infeasible(&hard(instance), &[], budget.conflicts)
}

/// The rules that must hold, by place in the list.
fn hard(instance: &Instance) -> Vec<usize> {
    (0..instance.rules.len()).filter(|rule| instance.rules[*rule].severity == Severity::Hard).collect()
}

/// Whether a rule asks for something else, not for less, when a match is left out: which ones are fed by two, a
/// group's last round and its number of teams, what follows what.
fn looks_at_all(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::EqualRest
            | Kind::LastGroupMatchesTogether
            | Kind::ShareOfPrimeTime { .. }
            | Kind::ShareOfPitches(_)
            | Kind::SessionsApart(_)
    )
}

struct Asking<'w, 'c> {
    instance: Instance,
    budget: Budget,
    spent: u64,
    stopped: bool,
    watch: &'w mut Watch<'c>,
}

impl Asking<'_, '_> {
    /// Whether these rules contradict each other without some of the matches; `None` when it is not known.
    fn is_infeasible(&mut self, rules: &[usize], left_out: &[usize], most: u64) -> Option<bool> {
        if self.stopped || self.spent >= self.budget.conflicts {
            return None;
        }
        for (number, rule) in self.instance.rules.iter_mut().enumerate() {
            rule.severity = if rules.contains(&number) { Severity::Hard } else { Severity::Off };
        }
        let cancelled = self.instance.cancelled.len();
        self.instance.cancelled.extend(left_out);
        let (found, proof, spent) = {
            let problem = Problem::new(&self.instance);
            let asked = Search {
                seed: self.budget.seed,
                conflicts: most.min(self.budget.conflicts - self.spent),
                rounds: 0,
                measures: &[],
                change: None,
                guide: Vec::new(),
                prefer: &[],
                first: true,
                within: &[],
            };
            let mut spent = 0;
            let before = self.spent;
            let (watch, stopped) = (&mut *self.watch, &mut self.stopped);
            let mut told = |conflicts: u64, _| {
                spent = conflicts;
                let said = watch({
                    let iteration = before + conflicts;
                    Progress { iteration, conflicts: iteration, best: None, bound: None }
                });
                *stopped |= said.is_break();
                said
            };
            // Asked once for each question, too: most are answered before the search looks up.
            if told(0, None) == ControlFlow::Break(()) {
                (None, Proof::Stopped { bound: 0 }, 0)
            } else {
                let (found, proof) = search(&problem, &asked, &mut told);
                (found, proof, spent)
            }
        };
        self.instance.cancelled.truncate(cancelled);
        self.spent += spent + 1;
        match (found, proof) {
            (Some(_), _) => Some(false),
            (None, Proof::Complete) => Some(true),
            (None, Proof::Stopped { .. }) => None,
        }
    }
}

/// Leaves out what is not needed for `holds`: in large pieces first, at the end one by one.
pub(crate) fn shrink(mut items: Vec<usize>, mut holds: impl FnMut(&[usize]) -> bool) -> Vec<usize> {
    let mut piece = items.len();
    while piece >= 1 {
        let mut at = 0;
        while at < items.len() {
            let end = (at + piece).min(items.len());
            let rest: Vec<usize> = items[..at].iter().chain(&items[end..]).copied().collect();
            if holds(&rest) {
                items = rest;
            } else {
                at = end;
            }
        }
        piece /= 2;
    }
    items
}
