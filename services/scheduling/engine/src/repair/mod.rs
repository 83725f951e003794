//! Repairs a timetable in force: what has begun and what is pinned stays, and as few people as possible are told.

mod reasons;

use crate::change::{Change, Measure};
use crate::disruption::{Adapted, apply};
use crate::exact::{Incumbent, Proof, Search, contradiction};
use crate::model::{Instance, Minute, Timetable};
use crate::outcome::{Budget, Choice, Disruption, Price, Progress, Reason, Repair, Watch};
use crate::problem::Problem;
use crate::solve::both;

/// What a choice puts first.
struct Aim {
    title: &'static str,
    measures: [Measure; 4],
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
/// it does. The instance has no fault that [`validate`](crate::validate::validate) finds.
pub fn repair(
    instance: &Instance,
    timetable: &Timetable,
    now: Minute,
    disruptions: &[Disruption],
    budget: Budget,
    watch: &mut Watch,
) -> Repair {
    let adapted = match apply(instance, timetable, now, disruptions) {
        Ok(adapted) => adapted,
        Err(fault) => return Repair::Infeasible(Reason { sentence: fault.what, ..Reason::default() }),
    };
    let problem = Problem::new(&adapted.instance);
    let change = Change::new(&adapted.instance, timetable);
    let mut repairing = Repairing {
        problem: &problem,
        change: &change,
        timetable,
        guide: guide(&problem, &change, disruptions),
        budget,
        spent: 0,
        stopped: false,
        watch,
    };
    // The first choice may take half of the budget: the others begin where it ends.
    let first = match repairing.aim(&FEWEST_TOLD, budget.conflicts / 2, &[]) {
        (Some(best), proof) => (best, proof),
        (None, Proof::Stopped { .. }) => return Repair::Unknown,
        (None, Proof::Complete) => {
            return Repair::Infeasible(reason(&adapted, budget, repairing.watch));
        }
    };
    let mut found = vec![repairing.choice(&FEWEST_TOLD, &first.0, first.1, disruptions)];
    repairing.guide = first.0.chosen.iter().map(|one| Some(*one)).collect();
    for (aim, share) in [(&FEWEST_MOVED, 2), (&BEST_QUALITY, 1)] {
        if repairing.stopped {
            break;
        }
        let fewest = found.iter().map(|choice| choice.price.kick_offs).min().unwrap_or(0);
        let within = [(Measure::KickOffs, i64::from(fewest))];
        let limits: &[(Measure, i64)] = if share == 1 { &within } else { &[] };
        let left = budget.conflicts.saturating_sub(repairing.spent);
        if let (Some(best), proof) = repairing.aim(aim, left / share, limits) {
            found.push(repairing.choice(aim, &best, proof, disruptions));
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

/// Why there is no repair.
fn reason(adapted: &Adapted, budget: Budget, watch: &mut Watch) -> Reason {
    let core = contradiction(&adapted.instance, budget, watch);
    let (rules, matches) = core.map(|core| (core.rules, core.matches)).unwrap_or_default();
    let sentence = if rules.is_empty() {
        "what is left of the pitches and kick-offs has no room for the matches that are still to be played"
            .to_owned()
    } else {
        format!("what is left of the pitches and kick-offs cannot hold together {}", rules.join(", "))
    };
    Reason { sentence, rules, matches, ladder: Vec::new() }
}

struct Repairing<'r, 'w, 'c> {
    problem: &'r Problem<'r>,
    change: &'r Change,
    timetable: &'r Timetable,
    guide: Vec<Option<usize>>,
    budget: Budget,
    spent: u64,
    stopped: bool,
    watch: &'w mut Watch<'c>,
}

impl Repairing<'_, '_, '_> {
    /// Searches for the best by an aim.
    fn aim(&mut self, aim: &Aim, conflicts: u64, within: &[(Measure, i64)]) -> (Option<Incumbent>, Proof) {
        let asked = Search {
            seed: self.budget.seed,
            conflicts,
            measures: &aim.measures,
            change: Some(self.change),
            guide: self.guide.clone(),
            prefer: &self.timetable.officials,
            first: false,
            within,
        };
        let before = self.spent;
        let mut last = 0;
        let (watch, stopped) = (&mut *self.watch, &mut self.stopped);
        let mut told = |progress: Progress| {
            last = progress.iteration;
            let said = watch(Progress { iteration: before + progress.iteration, ..progress });
            *stopped |= said.is_break();
            said
        };
        let found = both(self.problem, &asked, self.budget.rounds / 3, &mut told);
        self.spent += last;
        found
    }

    /// Writes down what was found.
    fn choice(&self, aim: &Aim, best: &Incumbent, proof: Proof, disruptions: &[Disruption]) -> Choice {
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
                timetable.places[index] = self.timetable.places[index];
            }
        }
        timetable.officials.clone_from(&best.officials);
        let moves = reasons::moves(self.problem, self.change, &best.chosen, disruptions);
        Choice { timetable, price, optimal: proof == Proof::Complete, title: aim.title.to_owned(), moves }
    }
}
