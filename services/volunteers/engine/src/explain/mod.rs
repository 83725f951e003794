//! Says of a roster why a seat stays open and what would fill it, who could replace somebody, and what somebody could
//! take.

mod swaps;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::{Instance, Roster};
use crate::problem::Problem;
use crate::rule::pair::{self, Bar};
use crate::state::State;

pub use swaps::{Step, Swap};

/// Candidates that are named.
const NAMED: usize = 5;

/// An instance, prepared for questions about its rosters.
pub struct Prepared<'i>(Problem<'i>);

/// Questions about one roster.
pub struct Explainer<'p> {
    state: State<'p>,
}

/// Why a seat of a shift is open, and what would fill it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// The shift.
    pub shift: usize,
    /// Seats that are open.
    pub open: u32,
    /// How many volunteers each rule keeps away, each counted at the first that does: laws before rules, in the order
    /// of the instance. Ids of laws begin with `always-`.
    pub blocked: BTreeMap<String, usize>,
    /// Those who could take it at once, the cheapest first.
    pub free: Vec<Choice>,
    /// Those whom one rule alone keeps away, the cheapest first.
    pub nearest: Vec<Near>,
    /// Ways to fill it by moving others, the cheapest of one and of two steps.
    pub swaps: Vec<Swap>,
    /// The rule of the instance that would have to give way least to let somebody in, and by how much.
    pub relaxation: Option<Near>,
}

/// Somebody who could take a shift at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// The volunteer.
    pub volunteer: usize,
    /// The shift.
    pub shift: usize,
    /// What it would change the cost by; negative when it is worth it.
    pub cost: i64,
}

/// Somebody whom one rule alone keeps from a shift.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Near {
    /// What it would cost without the rule.
    pub choice: Choice,
    /// The rule, or the law.
    pub rule: String,
    /// By how many units the rule would be broken; 1 for a law.
    pub units: i64,
    /// The same in words.
    pub sentence: String,
}

impl<'i> Prepared<'i> {
    /// Prepares an instance in which [`validate`](crate::validate::validate) finds no fault.
    #[must_use]
    pub fn new(instance: &'i Instance) -> Self {
        Self(Problem::new(instance))
    }

    /// Takes a roster to ask about. What of it breaks a hard rule is left out.
    #[must_use]
    pub fn explain(&self, roster: &Roster) -> Explainer<'_> {
        Explainer { state: State::of(&self.0, roster, vec![false; self.0.slots.len()].into()) }
    }
}

impl Explainer<'_> {
    /// Explains every shift that has open seats, in order.
    #[must_use]
    pub fn open_seats(&mut self) -> Vec<Explanation> {
        let open: Vec<usize> =
            (0..self.state.open.len()).filter(|shift| self.state.open[*shift] > 0).collect();
        let mut fillings = swaps::Fillings::default();
        open.into_iter().map(|shift| self.explanation(shift, &mut fillings)).collect()
    }

    /// Says who could replace a person in a shift that the person holds; the person's own name is not among them.
    ///
    /// # Panics
    /// If the person does not hold the shift.
    #[must_use]
    pub fn who_could_replace(&mut self, volunteer: usize, shift: usize) -> Explanation {
        let pair = self.state.remove(volunteer, shift);
        let mut explanation = self.explanation(shift, &mut swaps::Fillings::default());
        self.state.add(volunteer, shift, pair);
        explanation.free.retain(|choice| choice.volunteer != volunteer);
        explanation.swaps.retain(|swap| swap.steps.iter().all(|step| step.volunteer != volunteer));
        explanation
    }

    /// Lists the open shifts that a person could take at once, the cheapest first, and those from which one rule alone
    /// keeps the person.
    #[must_use]
    pub fn what_could_take(&self, volunteer: usize) -> (Vec<Choice>, Vec<Near>) {
        let (mut free, mut nearest) = (Vec::new(), Vec::new());
        for shift in (0..self.state.open.len()).filter(|shift| self.state.open[*shift] > 0) {
            if !self.state.holds(volunteer, shift) {
                let bars = self.bars(volunteer, shift);
                self.sort_in(volunteer, shift, &bars, &mut free, &mut nearest);
            }
        }
        free.sort_by_key(|choice| (choice.cost, choice.shift));
        nearest.sort_by_key(|near| (near.choice.cost, near.choice.shift));
        (free, nearest)
    }

    fn explanation(&mut self, shift: usize, fillings: &mut swaps::Fillings) -> Explanation {
        let (mut blocked, mut free, mut nearest) = (BTreeMap::new(), Vec::new(), Vec::new());
        for volunteer in (0..self.state.held.len()).filter(|one| !self.state.holds(*one, shift)) {
            let bars = self.bars(volunteer, shift);
            if let Some(first) = bars.first() {
                *blocked.entry(self.name(*first)).or_default() += 1;
            }
            self.sort_in(volunteer, shift, &bars, &mut free, &mut nearest);
        }
        free.sort_by_key(|choice| (choice.cost, choice.volunteer));
        nearest.sort_by_key(|near| (near.choice.cost, near.choice.volunteer));
        let gives_way = nearest.iter().filter(|near| !near.rule.starts_with("always-"));
        let relaxation =
            gives_way.min_by_key(|near| (near.units, near.choice.cost, near.choice.volunteer)).cloned();
        free.truncate(NAMED);
        nearest.truncate(NAMED);
        let swaps = swaps::swaps(&mut self.state, shift, fillings);
        Explanation { shift, open: self.state.open[shift], blocked, free, nearest, swaps, relaxation }
    }

    /// Everything that keeps a person from a shift.
    fn bars(&self, volunteer: usize, shift: usize) -> Vec<Bar> {
        let instance = self.state.problem.instance;
        let bars = pair::bars(instance, &instance.volunteers[volunteer], &instance.shifts[shift]);
        bars.chain(self.state.all_blocked(volunteer, shift)).collect()
    }

    /// Adds a person to those who are free or near.
    fn sort_in(
        &self,
        volunteer: usize,
        shift: usize,
        bars: &[Bar],
        free: &mut Vec<Choice>,
        nearest: &mut Vec<Near>,
    ) {
        let instance = self.state.problem.instance;
        let (person, wanted) = (&instance.volunteers[volunteer], &instance.shifts[shift]);
        let choice = || {
            let pair = pair::cost(instance, person, wanted);
            Choice { volunteer, shift, cost: self.state.delta(volunteer, shift, pair) }
        };
        match bars {
            [] => free.push(choice()),
            [bar] => {
                let (rule, units) = (self.name(*bar), self.units(*bar, volunteer, shift));
                let sentence = match bar {
                    Bar::Skill(skill) => {
                        format!(
                            "{} lacks {} alone for shift {}",
                            person.id, instance.skills[*skill], wanted.id
                        )
                    }
                    Bar::Language => format!("{} lacks a language alone for shift {}", person.id, wanted.id),
                    Bar::Availability => {
                        format!("{} could take shift {} if there at that time", person.id, wanted.id)
                    }
                    Bar::Classes => format!("{} could take shift {} but for classes", person.id, wanted.id),
                    Bar::Declined => format!("{} has declined shift {}", person.id, wanted.id),
                    Bar::Overlap => {
                        format!("{} could take shift {} but for another one then", person.id, wanted.id)
                    }
                    Bar::Rule(_) => format!(
                        "{} could take shift {} if rule {rule} gave way by {units}",
                        person.id, wanted.id
                    ),
                };
                nearest.push(Near { choice: choice(), rule, units, sentence });
            }
            _ => {}
        }
    }

    fn name(&self, bar: Bar) -> String {
        match bar {
            Bar::Skill(_) => "always-skill".into(),
            Bar::Language => "always-language".into(),
            Bar::Availability => "always-availability".into(),
            Bar::Classes => "always-classes".into(),
            Bar::Declined => "always-declined".into(),
            Bar::Overlap => "always-overlap".into(),
            Bar::Rule(rule) => self.state.problem.instance.rules[rule].id.clone(),
        }
    }

    fn units(&self, bar: Bar, volunteer: usize, shift: usize) -> i64 {
        let Bar::Rule(rule) = bar else { return 1 };
        let active = self.state.problem.hard.iter().find(|active| active.index == rule);
        active.map_or(1, |active| active.rule.delta(&self.state, volunteer, shift))
    }
}
