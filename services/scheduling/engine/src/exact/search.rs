//! Minimises one measure after another, and proves it.

use std::ops::ControlFlow;

use pumpkin_conflict_resolvers::resolvers::ResolutionResolver;
use pumpkin_core::Solver;
use pumpkin_core::branching::branchers::autonomous_search::AutonomousSearch;
use pumpkin_core::predicate;
use pumpkin_core::predicates::Predicate;
use pumpkin_core::results::{ProblemSolution, SatisfactionResultUnderAssumptions};
use pumpkin_core::variables::DomainId;

use super::branch::{Guide, Limit, Stop};
use super::model::{Model, number};
use super::objective::most;
use crate::change::{Change, Measure};
use crate::officials::{self, Appointment, appoint};
use crate::problem::Problem;

/// What to search for.
#[derive(Clone)]
pub(crate) struct Search<'s> {
    /// Where random choices begin.
    pub(crate) seed: u64,
    /// Conflicts and solutions that the exact search may spend.
    pub(crate) conflicts: u64,
    /// Rounds that the search of neighbourhoods may take.
    pub(crate) rounds: u64,
    /// Measures to minimise, the first before all others.
    pub(crate) measures: &'s [Measure],
    /// What a change of the timetable in force costs, where there is one.
    pub(crate) change: Option<&'s Change>,
    /// Candidates to try first.
    pub(crate) guide: Vec<Option<usize>>,
    /// Of each match the officials to appoint rather than others.
    pub(crate) prefer: &'s [Vec<usize>],
    /// Any timetable will do.
    pub(crate) first: bool,
    /// Upper limits on measures.
    pub(crate) within: &'s [(Measure, i64)],
}

/// The best that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Incumbent {
    /// Of each match its candidate.
    pub(crate) chosen: Vec<usize>,
    /// Of each match its officials.
    pub(crate) officials: Vec<Vec<usize>>,
    /// Measures, in the order of [`Search::measures`].
    pub(crate) values: Vec<i64>,
    /// What was spent until then.
    pub(crate) spent: u64,
}

/// What is proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Proof {
    /// Nothing is better; without an incumbent, nothing is feasible.
    Complete,
    /// Nothing: the budget ended, or the watch said stop. No first measure is below the bound.
    Stopped {
        /// The bound.
        bound: i64,
    },
}

/// Tells the watch: conflicts and solutions, the first measure of the best.
pub(crate) type Told<'w> = dyn FnMut(u64, Option<i64>) -> ControlFlow<()> + 'w;

struct Stating<'p> {
    model: Model<'p>,
    /// The measures that the solver can be told of.
    sums: Vec<Sum>,
    /// What soft rules on officials cost: beyond what they cost at least, in units.
    crews: Option<(DomainId, i64, i64)>,
}

/// A measure as the solver takes it: `base` and so many times `unit`.
struct Sum {
    measure: Measure,
    variable: DomainId,
    unit: i64,
    base: i64,
}

impl Sum {
    /// What says that the measure is at most a value.
    fn at_most(&self, value: i64) -> Predicate {
        most(self.variable, (value - self.base).div_euclid(self.unit))
    }
}

/// Searches. The last that is told is all that was spent.
pub(crate) fn search(problem: &Problem, search: &Search, told: &mut Told) -> (Option<Incumbent>, Proof) {
    if problem.is_empty() {
        return (None, Proof::Complete);
    }
    if search.conflicts == 0 {
        return (None, Proof::Stopped { bound: i64::MIN });
    }
    let stating = state(problem, search);
    let mut limit = Limit::new(search.conflicts);
    let (best, proof) = minimise(stating, search, &mut limit, told);
    let value = best.as_ref().and_then(|best| best.values.first().copied());
    // It has ended already, whatever the answer.
    let _ended: ControlFlow<()> = told(limit.spent(), value);
    (best, proof)
}

/// Minimises one measure after another.
fn minimise(
    mut stating: Stating,
    search: &Search,
    limit: &mut Limit,
    told: &mut Told,
) -> (Option<Incumbent>, Proof) {
    let problem = stating.model.problem;
    let wanted = wanted(&stating.model, &search.guide);
    let guide = Guide::new(wanted, stating.model.variables.clone(), limit.counter());
    let mut brancher = AutonomousSearch::new(guide);
    let mut resolver = ResolutionResolver::default();
    let mut best: Option<Incumbent> = None;
    // What is left out because nothing is known of it proves nothing: the bound is that of before.
    let mut exact = true;
    let mut bound = i64::MIN;
    let stages: Vec<Option<Measure>> = match search.measures {
        [] => vec![None],
        measures => measures.iter().copied().map(Some).collect(),
    };
    for (stage, measure_of) in stages.into_iter().enumerate() {
        let sum = measure_of.and_then(|one| stating.sums.iter().position(|sum| sum.measure == one));
        loop {
            if stating.model.solver.is_inconsistent() {
                return (best, proof(exact, bound));
            }
            if exact {
                bound = stating.bound(search);
            }
            let value = best.as_ref().and_then(|best| best.values.first().copied());
            let assumption: Vec<Predicate> = match &best {
                Some(best) => match sum.and_then(|sum| stating.below(sum, best.values[stage])) {
                    Some(below) => vec![below],
                    None => break,
                },
                None => Vec::new(),
            };
            let mut watch = |spent| told(spent, value);
            let mut stop = Stop { limit: &mut *limit, watch: &mut watch };
            let (slots, pitches) = (&stating.model.slots, &stating.model.pitch);
            let variables: Vec<DomainId> = slots.iter().chain(pitches).copied().collect();
            let solution = match step(
                &mut stating.model.solver,
                &mut brancher,
                &mut stop,
                &mut resolver,
                &assumption,
                &variables,
            ) {
                Step::Found(solution) => solution,
                Step::NoneUnder => break,
                Step::None => return (best, proof(exact, bound)),
                Step::Stopped => return (best, Proof::Stopped { bound }),
            };
            limit.count();
            match stating.take(&solution, search) {
                Taken::Found(chosen, officials, crew_cost, proven) => {
                    exact &= proven;
                    let values = measure(problem, search, &chosen, crew_cost);
                    if best.as_ref().is_none_or(|best| values < best.values) {
                        best = Some(Incumbent { chosen, officials, values, spent: limit.spent() });
                    }
                    if search.first {
                        return (best, Proof::Stopped { bound });
                    }
                }
                Taken::Cut => {}
                Taken::Unknown => exact = false,
            }
            let value = best.as_ref().and_then(|best| best.values.first().copied());
            let said = told(limit.spent(), value);
            limit.heed(said);
            if limit.is_over() {
                return (best, Proof::Stopped { bound });
            }
        }
        match (sum, &best) {
            (Some(sum), Some(best)) => stating.hold(sum, best.values[stage]),
            // A measure that is too large for the solver is left to the search of neighbourhoods.
            (None, Some(_)) if measure_of.is_some() => return (best, Proof::Stopped { bound }),
            _ => {}
        }
    }
    if exact {
        bound = stating.bound(search);
    }
    (best, proof(exact, bound))
}

enum Step {
    /// Values of the variables asked for.
    Found(Vec<i32>),
    /// None holds the assumption.
    NoneUnder,
    /// None at all.
    None,
    Stopped,
}

fn step(
    solver: &mut Solver,
    brancher: &mut AutonomousSearch<Guide>,
    stop: &mut Stop,
    resolver: &mut ResolutionResolver,
    assumption: &[Predicate],
    variables: &[DomainId],
) -> Step {
    match solver.satisfy_under_assumptions(brancher, stop, resolver, assumption) {
        SatisfactionResultUnderAssumptions::Satisfiable(found) => {
            let solution = found.solution();
            Step::Found(variables.iter().map(|variable| solution.get_integer_value(*variable)).collect())
        }
        SatisfactionResultUnderAssumptions::UnsatisfiableUnderAssumptions(_) => Step::NoneUnder,
        SatisfactionResultUnderAssumptions::Unsatisfiable(_) => Step::None,
        SatisfactionResultUnderAssumptions::Unknown(_) => Step::Stopped,
    }
}

fn proof(exact: bool, bound: i64) -> Proof {
    if exact { Proof::Complete } else { Proof::Stopped { bound } }
}

/// The measures of a choice.
pub(crate) fn measure(problem: &Problem, search: &Search, chosen: &[usize], crew_cost: i64) -> Vec<i64> {
    let quality = || problem.tally(chosen).cost.saturating_add(crew_cost);
    let price = search.change.map(|change| change.price(problem, chosen));
    search
        .measures
        .iter()
        .map(|measure| match (measure, &price) {
            (Measure::Quality, _) | (_, None) => quality(),
            (Measure::People, Some(price)) => price.people,
            (Measure::KickOffs, Some(price)) => price.kick_offs,
            (Measure::Pitches, Some(price)) => price.pitches,
        })
        .collect()
}

/// States the problem and its measures.
fn state<'p>(problem: &'p Problem<'p>, search: &Search) -> Stating<'p> {
    let mut model = Model::new(problem, search.seed);
    model.state_limits();
    let mut stating = Stating { model, sums: Vec::new(), crews: None };
    let wanted = search.within.iter().map(|(measure, _)| *measure).chain(search.measures.iter().copied());
    for measure in wanted {
        if stating.sums.iter().any(|sum| sum.measure == measure) {
            continue;
        }
        let (terms, base) = match (measure, search.change) {
            (Measure::Quality, _) => {
                let (mut terms, base) = stating.model.quality();
                let least = officials::cheapest(problem);
                let more = officials::dearest(problem) - least;
                if more > 0 {
                    let unit = officials::unit(problem);
                    let most = i32::try_from(more / unit).unwrap_or(i32::MAX);
                    let crews = stating.model.variable(most);
                    stating.crews = Some((crews, least, unit));
                    terms.push((crews, unit, i64::from(most)));
                }
                (terms, base.saturating_add(least))
            }
            (_, Some(change)) => (stating.model.changes(change, measure), 0),
            (_, None) => continue,
        };
        if let Some((variable, unit)) = stating.model.sum(&terms) {
            stating.sums.push(Sum { measure, variable, unit, base });
        }
    }
    for (measure, limit) in search.within {
        if let Some(sum) = stating.sums.iter().find(|sum| sum.measure == *measure) {
            stating.model.clause(&[sum.at_most(*limit)]);
        }
    }
    stating
}

/// The values to try first.
fn wanted(model: &Model, guide: &[Option<usize>]) -> Vec<(DomainId, i32)> {
    let problem = model.problem;
    let mut order: Vec<usize> = (0..problem.options.len()).filter(|index| problem.live[*index]).collect();
    order.sort_by_key(|index| problem.options[*index].len());
    let mut wanted = Vec::new();
    for &index in &order {
        if let Some(option) =
            guide.get(index).copied().flatten().and_then(|one| problem.options[index].get(one))
        {
            let slot = model.starts[index].partition_point(|start| *start < option.start);
            let pitch = model.pitches[index].partition_point(|pitch| *pitch < option.pitch);
            wanted.push((model.slots[index], number(slot)));
            wanted.push((model.pitch[index], number(pitch)));
        }
    }
    for index in order {
        wanted.push((model.slots[index], 0));
        wanted.push((model.pitch[index], 0));
    }
    wanted
}

enum Taken {
    /// A timetable with officials, what these cost, and whether that is proven least.
    Found(Vec<usize>, Vec<Vec<usize>>, i64, bool),
    /// It broke what the model did not state; now it does.
    Cut,
    /// Officials could not be appointed in the branches allowed; it is left out.
    Unknown,
}

impl Stating<'_> {
    /// What says that a measure is lower than a value; `None` when that cannot be.
    fn below(&self, sum: usize, value: i64) -> Option<Predicate> {
        (value > self.least(&self.sums[sum])).then(|| self.sums[sum].at_most(value - 1))
    }

    /// Keeps a measure at a value.
    fn hold(&mut self, sum: usize, value: i64) {
        let held = self.sums[sum].at_most(value);
        self.model.clause(&[held]);
    }

    /// The first measure is proven to be no less.
    fn bound(&self, search: &Search) -> i64 {
        let first = self.sums.iter().find(|sum| search.measures.first() == Some(&sum.measure));
        first.map_or(i64::MIN, |sum| self.least(sum))
    }

    /// No less than this is left of a measure.
    fn least(&self, sum: &Sum) -> i64 {
        let least = i64::from(self.model.solver.lower_bound(&sum.variable));
        least.saturating_mul(sum.unit).saturating_add(sum.base)
    }

    /// Reads a solution, and cuts it off when it breaks what the model does not state.
    fn take(&mut self, solution: &[i32], search: &Search) -> Taken {
        let problem = self.model.problem;
        let mut chosen = vec![0; problem.options.len()];
        for index in (0..problem.options.len()).filter(|index| problem.live[*index]) {
            let value = |variable: usize| usize::try_from(solution[variable]).unwrap_or(0);
            let (slot, pitch) = (value(index), value(problem.options.len() + index));
            let place = (self.model.starts[index][slot], self.model.pitches[index][pitch]);
            chosen[index] = problem.options[index]
                .binary_search_by_key(&place, |option| (option.start, option.pitch))
                .unwrap_or(0);
        }
        let needs = problem.instance.matches.iter().enumerate();
        let crewed: Vec<usize> = needs
            .filter(|(index, game)| problem.live[*index] && (game.crews > 0 || !game.appointed.is_empty()))
            .map(|(index, _)| index)
            .collect();
        if crewed.is_empty() {
            return Taken::Found(chosen, Vec::new(), 0, true);
        }
        match appoint(problem, &chosen, search.prefer) {
            Appointment::Found(officials, cost, proven) => {
                if cost > 0
                    && let Some((crews, free, unit)) = self.crews
                    && !search.first
                {
                    let mut clause = self.differs(&crewed, &chosen);
                    let least = i32::try_from((cost - free).max(0) / unit).unwrap_or(i32::MAX);
                    clause.push(predicate!(crews >= least));
                    self.model.clause(&clause);
                }
                Taken::Found(chosen, officials, cost, proven)
            }
            Appointment::Impossible(matches) => {
                let clause = self.differs(&matches, &chosen);
                self.model.clause(&clause);
                Taken::Cut
            }
            Appointment::Unknown => {
                let clause = self.differs(&crewed, &chosen);
                self.model.clause(&clause);
                Taken::Unknown
            }
        }
    }

    /// One of the matches kicks off at another time.
    fn differs(&self, matches: &[usize], chosen: &[usize]) -> Vec<Predicate> {
        matches
            .iter()
            .map(|&index| {
                let start = self.model.problem.options[index][chosen[index]].start;
                let place = number(self.model.starts[index].partition_point(|one| *one < start));
                let slot = self.model.slots[index];
                predicate!(slot != place)
            })
            .collect()
    }
}
