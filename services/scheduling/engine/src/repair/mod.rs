//! Repairs a timetable in force: what has begun and what is pinned stays, and as few people as possible are told.

mod reasons;

use crate::change::{Change, Measure};
use crate::check::passes;
use crate::disruption::apply;
use crate::exact::{Incumbent, Proof, Search};
use crate::explain::{argue, explain};
use crate::ladder::{SEARCHED, STEP_CONFLICTS, STEP_ROUNDS, climb};
use crate::model::{Instance, Minute, Timetable};
use crate::outcome::{Budget, Choice, Disruption, LeadsTo, Price, Progress, Reason, Repair, Watch};
use crate::problem::Problem;
use crate::solve::both;
use crate::validate::{Code, Fault, validate};
use crate::whole::Whole;

/// Conflicts spent on one choice, so that others have their turn. Whatever the budget is, it is spent in the same
/// order: the answer to a smaller one is a stage on the way to that to a larger one.
const MOST_CONFLICTS: u64 = 50_000;
/// Rounds spent on one choice.
const MOST_ROUNDS: u64 = 20_000;

/// What a choice puts first.
struct Aim {
    title: &'static str,
    measures: [Measure; 4],
}

/// What is known when another aim is tried.
struct Known {
    measures: [Measure; 4],
    best: Incumbent,
}

impl Known {
    fn of(&self, measure: Measure) -> i64 {
        let place = self.measures.iter().position(|one| *one == measure);
        place.and_then(|place| self.best.values.get(place)).copied().unwrap_or(0)
    }

    /// The one that moves fewer kick-offs.
    fn calmer(self, other: Self) -> Self {
        if self.of(Measure::KickOffs) < other.of(Measure::KickOffs) { self } else { other }
    }
}

impl Aim {
    /// What it led to.
    fn known(&self, best: &Incumbent) -> Known {
        Known { measures: self.measures, best: best.clone() }
    }
}

const FEWEST_TOLD: Aim = Aim {
    title: "fewest people told",
    measures: [Measure::People, Measure::KickOffs, Measure::Pitches, Measure::Quality],
};
const FEWEST_MOVED: Aim = Aim {
    title: "fewest kick-offs moved",
    measures: [Measure::KickOffs, Measure::People, Measure::Pitches, Measure::Quality],
};
const BEST_QUALITY: Aim = Aim {
    title: "best timetable with as few kick-offs moved",
    measures: [Measure::Quality, Measure::People, Measure::KickOffs, Measure::Pitches],
};

/// Repairs a timetable after disruptions: up to three ways that trade people told, kick-offs moved and quality.
///
/// People of a team are told once when any match that names it changes its kick-off or pitch; people of a match when
/// it does. The instance has no fault that [`validate`] finds.
///
/// # Errors
/// A disruption that names what is not there or takes no time, or one that leaves no instance to search in: a pin
/// against another.
pub fn repair(
    instance: &Instance,
    timetable: &Timetable,
    now: Minute,
    disruptions: &[Disruption],
    budget: Budget,
    watch: &mut Watch,
) -> Result<Repair, Fault> {
    let adapted = apply(instance, timetable, now, disruptions)?.instance;
    // Where there is too little room is for the reason and the ladder to say.
    if let Some(fault) = validate(&adapted).into_iter().find(|fault| fault.code != Code::Places) {
        return Err(fault);
    }
    let happened = Happened { timetable, now, disruptions, seed: budget.seed };
    let mut whole = Whole::new(watch);
    let reason = match whole.part(|watch| argue(&adapted, watch)) {
        Some(reason) => reason,
        None => match whole.part(|watch| choices(&adapted, &happened, budget, watch)) {
            Repair::Infeasible(_) => whole.part(|watch| explain(&adapted, budget.seed, watch)),
            repair => return Ok(repair),
        },
    };
    let ladder = climb(instance, &mut whole, |eased, watch| happened.step(eased, watch));
    Ok(Repair::Infeasible(Reason { ladder, ..reason }))
}

/// Looks for the choices; the reason where there are none is empty.
fn choices(adapted: &Instance, happened: &Happened, budget: Budget, watch: &mut Watch) -> Repair {
    let problem = Problem::new(adapted);
    let change = Change::new(adapted, happened.timetable);
    let mut repairing = Repairing::new(&problem, &change, happened, budget, watch);
    let first = match repairing.aim(&FEWEST_TOLD, &[], None) {
        (Some(best), proof) => (best, proof),
        (None, Proof::Stopped { .. }) => return Repair::Unknown,
        (None, Proof::Complete) => return Repair::Infeasible(Reason::default()),
    };
    let Some(choice) = repairing.choice(&FEWEST_TOLD, &first.0, first.1) else { return Repair::Unknown };
    let mut found = vec![choice];
    let mut calmest = FEWEST_TOLD.known(&first.0);
    repairing.guide = first.0.chosen.iter().map(|one| Some(*one)).collect();
    for aim in [&FEWEST_MOVED, &BEST_QUALITY] {
        if repairing.stopped {
            break;
        }
        let fewest = [(Measure::KickOffs, calmest.of(Measure::KickOffs))];
        let within: &[_] = if aim.measures[0] == Measure::Quality { &fewest } else { &[] };
        if let (Some(best), proof) = repairing.aim(aim, within, Some(&calmest))
            && let Some(choice) = repairing.choice(aim, &best, proof)
        {
            found.push(choice);
            calmest = aim.known(&best).calmer(calmest);
        }
    }
    found.sort_by_key(|choice| choice.price);
    let mut choices: Vec<Choice> = Vec::new();
    for choice in found {
        if !choices.iter().any(|other| covers(&other.price, &choice.price)) {
            choices.push(choice);
        }
    }
    Repair::Choices(choices)
}

/// Whether nothing is better in `other`.
fn covers(price: &Price, other: &Price) -> bool {
    price.people <= other.people
        && price.kick_offs <= other.kick_offs
        && price.pitches <= other.pitches
        && price.quality <= other.quality
}

/// The old place of each match; where it is lost, the pitch taken in its place, or the nearest kick-off.
fn guide(problem: &Problem, change: &Change, disruptions: &[Disruption]) -> Vec<Option<usize>> {
    let swapped = |pitch: usize| {
        disruptions.iter().find_map(|disruption| match disruption {
            Disruption::VenueSwapped { pitch: given_up, by } if *given_up == pitch => Some(*by),
            _ => None,
        })
    };
    (0..problem.options.len())
        .map(|index| {
            let old = change.old[index]?;
            let pitch = swapped(old.pitch).unwrap_or(old.pitch);
            let options = problem.options[index].iter().enumerate();
            let near = options.min_by_key(|(_, option)| {
                let kept = option.start == old.start && option.pitch == old.pitch;
                (!kept, option.start.abs_diff(old.start), option.pitch != pitch, option.pitch)
            });
            near.map(|(candidate, _)| candidate)
        })
        .collect()
}

/// What a repair starts from.
struct Happened<'h> {
    timetable: &'h Timetable,
    now: Minute,
    disruptions: &'h [Disruption],
    seed: u64,
}

impl Happened<'_> {
    /// What a step of the ladder leads to.
    fn step(&self, eased: &Instance, watch: &mut Watch) -> LeadsTo {
        let adapted = match apply(eased, self.timetable, self.now, self.disruptions) {
            Ok(adapted) => adapted.instance,
            Err(fault) => return LeadsTo::Infeasible(fault.what),
        };
        if let Some(reason) = argue(&adapted, watch) {
            return LeadsTo::Infeasible(reason.sentence);
        }
        let problem = Problem::new(&adapted);
        let change = Change::new(&adapted, self.timetable);
        let budget = Budget { seed: self.seed, conflicts: STEP_CONFLICTS, rounds: STEP_ROUNDS };
        let mut repairing = Repairing::new(&problem, &change, self, budget, watch);
        match repairing.aim(&FEWEST_TOLD, &[], None) {
            (Some(best), proof) => match repairing.choice(&FEWEST_TOLD, &best, proof) {
                Some(Choice { timetable, price, .. }) => {
                    LeadsTo::Works { cost: price.quality, timetable, price: Some(price) }
                }
                None => LeadsTo::Unknown,
            },
            (None, Proof::Complete) => LeadsTo::Infeasible(SEARCHED.to_owned()),
            (None, Proof::Stopped { .. }) => LeadsTo::Unknown,
        }
    }
}

struct Repairing<'r, 'w, 'c> {
    problem: &'r Problem<'r>,
    change: &'r Change,
    happened: &'r Happened<'r>,
    guide: Vec<Option<usize>>,
    budget: Budget,
    conflicts: u64,
    rounds: u64,
    stopped: bool,
    watch: &'w mut Watch<'c>,
}

impl<'r, 'w, 'c> Repairing<'r, 'w, 'c> {
    fn new(
        problem: &'r Problem<'r>,
        change: &'r Change,
        happened: &'r Happened<'r>,
        budget: Budget,
        watch: &'w mut Watch<'c>,
    ) -> Self {
        let guide = guide(problem, change, happened.disruptions);
        Self { problem, change, happened, guide, budget, conflicts: 0, rounds: 0, stopped: false, watch }
    }

    /// Searches for the best by an aim, with what is left of the budget; what is known holds the limits.
    fn aim(
        &mut self,
        aim: &Aim,
        within: &[(Measure, i64)],
        known: Option<&Known>,
    ) -> (Option<Incumbent>, Proof) {
        let from = known.map(|known| Incumbent {
            values: aim.measures.iter().map(|measure| known.of(*measure)).collect(),
            spent: 0,
            ..known.best.clone()
        });
        let asked = Search {
            seed: self.budget.seed,
            conflicts: MOST_CONFLICTS.min(self.budget.conflicts - self.conflicts),
            rounds: MOST_ROUNDS.min(self.budget.rounds - self.rounds),
            measures: &aim.measures,
            change: Some(self.change),
            guide: self.guide.clone(),
            prefer: &self.happened.timetable.officials,
            first: false,
            within,
        };
        let before = (self.conflicts, self.rounds);
        let mut spent = before;
        let (watch, stopped) = (&mut *self.watch, &mut self.stopped);
        let mut told = |progress: Progress| {
            spent = (before.0 + progress.conflicts, before.1 + progress.iteration - progress.conflicts);
            let said = watch(Progress { iteration: spent.0 + spent.1, conflicts: spent.0, ..progress });
            *stopped |= said.is_break();
            said
        };
        let found = both(self.problem, &asked, from, &mut told);
        (self.conflicts, self.rounds) = spent;
        found
    }

    /// Writes down what was found, when it passes the check.
    fn choice(&self, aim: &Aim, best: &Incumbent, proof: Proof) -> Option<Choice> {
        let counted = self.change.price(self.problem, &best.chosen);
        let quality =
            aim.measures.iter().zip(&best.values).find(|(measure, _)| **measure == Measure::Quality);
        let price = Price {
            people: u64::try_from(counted.people).unwrap_or(0),
            kick_offs: u32::try_from(counted.kick_offs).unwrap_or(u32::MAX),
            pitches: u32::try_from(counted.pitches).unwrap_or(u32::MAX),
            quality: quality.map_or(0, |(_, quality)| *quality),
        };
        let mut timetable = self.problem.timetable(&best.chosen);
        for (index, live) in self.problem.live.iter().enumerate() {
            if !live {
                timetable.places[index] = self.happened.timetable.places[index];
            }
        }
        timetable.officials.clone_from(&best.officials);
        if !passes(self.problem.instance, &timetable, price.quality) {
            return None;
        }
        let moves = reasons::moves(self.problem, self.change, &best.chosen, self.happened.disruptions);
        let (title, optimal) = (aim.title.to_owned(), proof == Proof::Complete);
        Some(Choice { timetable, price, optimal, title, moves })
    }
}
