//! The problem as the solver takes it.
//!
//! Each match has a variable for its kick-off, by place in the list of its own kick-offs, so that "not before" is a
//! bound; and, where a kick-off leaves a choice, one for its pitch. A candidate holds when both take its values.
//! Waits are clauses over bounds, one for each kick-off at which the earliest follower changes.

use std::collections::HashMap;

use pumpkin_core::Solver;
use pumpkin_core::constraints::Constraint;
use pumpkin_core::options::{RestartOptions, SolverOptions};
use pumpkin_core::predicate;
use pumpkin_core::predicates::Predicate;
use pumpkin_core::proof::ConstraintTag;
use pumpkin_core::rand::SeedableRng;
use pumpkin_core::rand::rngs::SmallRng;
use pumpkin_core::variables::{AffineView, DomainId, Literal, TransformableVariable};

use crate::model::Minute;
use crate::problem::{Gap, Problem};

/// The model, being stated.
pub(super) struct Model<'p> {
    pub(super) problem: &'p Problem<'p>,
    pub(super) solver: Solver,
    tag: ConstraintTag,
    /// Kick-offs of each match.
    pub(super) starts: Vec<Vec<Minute>>,
    /// Which of them it takes.
    pub(super) slots: Vec<DomainId>,
    /// Pitches of each match.
    pub(super) pitches: Vec<Vec<usize>>,
    /// Which of them it takes.
    pub(super) pitch: Vec<DomainId>,
    /// For each candidate, what says that it holds.
    pub(super) holds: Vec<Vec<Predicate>>,
    /// All variables, in the order in which they were made.
    pub(super) variables: Vec<DomainId>,
    events: HashMap<(usize, Vec<usize>), Literal>,
    /// Literals of predicates.
    literals: HashMap<Predicate, Literal>,
    /// Stands in for variables once nothing is feasible.
    nothing: DomainId,
}

impl<'p> Model<'p> {
    /// States where matches may stand.
    pub(super) fn new(problem: &'p Problem<'p>, seed: u64) -> Self {
        let mut solver = Solver::with_options(SolverOptions {
            random_generator: SmallRng::seed_from_u64(seed),
            memory_preallocated: 1,
            restart_options: RestartOptions {
                min_num_conflicts_before_first_restart: 200,
                ..RestartOptions::default()
            },
            ..SolverOptions::default()
        });
        let tag = solver.new_constraint_tag();
        let nothing = solver.new_bounded_integer(0, 1);
        let mut model = Self {
            problem,
            solver,
            tag,
            starts: Vec::new(),
            slots: Vec::new(),
            pitches: Vec::new(),
            pitch: Vec::new(),
            holds: Vec::new(),
            variables: vec![nothing],
            events: HashMap::new(),
            literals: HashMap::new(),
            nothing,
        };
        for index in 0..problem.options.len() {
            model.place(index);
        }
        model
    }

    /// A new variable from 0 to `most`.
    pub(super) fn variable(&mut self, most: i32) -> DomainId {
        if self.solver.is_inconsistent() {
            return self.nothing;
        }
        let variable = self.solver.new_bounded_integer(0, most.max(0));
        self.variables.push(variable);
        variable
    }

    /// A new literal.
    pub(super) fn literal(&mut self) -> Literal {
        Literal::new(self.variable(1))
    }

    /// One of these holds.
    pub(super) fn clause(&mut self, clause: &[Predicate]) {
        if self.solver.is_inconsistent() || clause.contains(&Predicate::trivially_true()) {
            return;
        }
        let tag = self.tag;
        let clause = clause.iter().copied().filter(|one| *one != Predicate::trivially_false());
        self.solver.add_clause(clause.collect::<Vec<_>>(), tag);
    }

    /// The sum of variables times factors is at most `most`.
    pub(super) fn at_most(&mut self, terms: &[(DomainId, i32)], most: i32) {
        if self.solver.is_inconsistent() {
            return;
        }
        let views: Vec<AffineView<DomainId>> =
            terms.iter().map(|(variable, factor)| variable.scaled(*factor)).collect();
        pumpkin_constraints::less_than_or_equals(views, most, self.tag).post(&mut self.solver);
    }

    /// Kick-off of a match at `time` or later.
    pub(super) fn from(&self, index: usize, time: Minute) -> Predicate {
        let place = self.starts[index].partition_point(|start| *start < time);
        if place == 0 {
            Predicate::trivially_true()
        } else if place == self.starts[index].len() {
            Predicate::trivially_false()
        } else {
            let variable = self.slots[index];
            let value = number(place);
            predicate!(variable >= value)
        }
    }

    fn place(&mut self, index: usize) {
        let options = &self.problem.options[index];
        let mut starts: Vec<Minute> = options.iter().map(|option| option.start).collect();
        starts.dedup();
        let mut pitches: Vec<usize> = options.iter().map(|option| option.pitch).collect();
        pitches.sort_unstable();
        pitches.dedup();
        let slot = self.variable(number(starts.len()) - 1);
        let pitch = self.variable(number(pitches.len()) - 1);
        let mut holds = Vec::with_capacity(options.len());
        let mut from = 0;
        for (place, &start) in starts.iter().enumerate() {
            let value = number(place);
            let at = predicate!(slot == value);
            let until = from + options[from..].iter().take_while(|option| option.start == start).count();
            let open: Vec<i32> = options[from..until]
                .iter()
                .map(|option| number(pitches.partition_point(|pitch| *pitch < option.pitch)))
                .collect();
            for other in 0..number(pitches.len()) {
                if !open.contains(&other) {
                    self.clause(&[!at, predicate!(pitch != other)]);
                }
            }
            for &taken in &open {
                let on = predicate!(pitch == taken);
                if open.len() == 1 {
                    holds.push(at);
                } else if starts.len() == 1 {
                    holds.push(on);
                } else {
                    let literal = self.literal();
                    let both = literal.get_true_predicate();
                    self.literals.insert(both, literal);
                    self.clause(&[!both, at]);
                    self.clause(&[!both, on]);
                    self.clause(&[both, !at, !on]);
                    holds.push(both);
                }
            }
            from = until;
        }
        self.starts.push(starts);
        self.slots.push(slot);
        self.pitches.push(pitches);
        self.pitch.push(pitch);
        self.holds.push(holds);
    }

    /// A literal that is true when a match takes one of these candidates (sorted).
    pub(super) fn event(&mut self, index: usize, chosen: &[usize]) -> Literal {
        let key = (index, chosen.to_vec());
        if let Some(&known) = self.events.get(&key) {
            return known;
        }
        // What makes it true, and what makes it false: kick-offs as a whole where the pitch does not matter.
        let (mut within, mut without) = (Vec::new(), Vec::new());
        let options = &self.problem.options[index];
        let slot = self.slots[index];
        let mut from = 0;
        for (place, &start) in self.starts[index].iter().enumerate() {
            let until = from + options[from..].iter().take_while(|option| option.start == start).count();
            let first = chosen.partition_point(|candidate| *candidate < from);
            let end = chosen.partition_point(|candidate| *candidate < until);
            let value = number(place);
            if first == end {
                without.push(predicate!(slot == value));
            } else if end - first == until - from {
                within.push(predicate!(slot == value));
            } else {
                for candidate in from..until {
                    let chosen = chosen[first..end].binary_search(&candidate).is_ok();
                    let side = if chosen { &mut within } else { &mut without };
                    side.push(self.holds[index][candidate]);
                }
            }
            from = until;
        }
        let event = match within[..] {
            [one] if !self.solver.is_inconsistent() => self.literal_of(one),
            _ => {
                let event = self.literal();
                let (yes, no) = (event.get_true_predicate(), event.get_false_predicate());
                // The shorter list is enough: it holds just when none of the other does.
                let (shorter, is, is_not) =
                    if within.len() <= without.len() { (within, yes, no) } else { (without, no, yes) };
                for &one in &shorter {
                    self.clause(&[!one, is]);
                }
                let mut clause = shorter;
                clause.push(is_not);
                self.clause(&clause);
                event
            }
        };
        self.events.insert(key, event);
        event
    }

    /// The literal that is true when a predicate holds.
    fn literal_of(&mut self, predicate: Predicate) -> Literal {
        if let Some(&known) = self.literals.get(&predicate) {
            return known;
        }
        let literal = self.solver.new_literal_for_predicate(predicate, self.tag);
        self.variables.push(Self::domain(literal));
        self.literals.insert(predicate, literal);
        literal
    }

    /// `b` waits after `a`, unless one of `otherwise` holds.
    pub(super) fn wait(&mut self, gap: &Gap, otherwise: &[Predicate]) {
        if gap.ordered {
            self.one_way(gap.a, gap.b, gap.forth, otherwise);
        } else {
            let first = self.literal();
            let mut clause = otherwise.to_vec();
            clause.push(first.get_false_predicate());
            self.one_way(gap.a, gap.b, gap.forth, &clause);
            clause.pop();
            clause.push(first.get_true_predicate());
            self.one_way(gap.b, gap.a, gap.back, &clause);
        }
    }

    fn one_way(&mut self, a: usize, b: usize, wait: crate::problem::Wait, otherwise: &[Predicate]) {
        let mut last = None;
        for place in 0..self.starts[a].len() {
            let start = self.starts[a][place];
            let then = self.from(b, self.problem.after(wait, start));
            if last == Some(then) {
                continue;
            }
            last = Some(then);
            let mut clause = otherwise.to_vec();
            clause.push(!self.from(a, start));
            clause.push(then);
            self.clause(&clause);
        }
    }

    /// Two matches kick off at the same time, unless one of `otherwise` holds.
    pub(super) fn together(&mut self, a: usize, b: usize, otherwise: &[Predicate]) {
        let same = crate::problem::Wait::default();
        self.one_way(a, b, same, otherwise);
        self.one_way(b, a, same, otherwise);
    }
}

/// A count as the solver takes it.
pub(super) fn number(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
