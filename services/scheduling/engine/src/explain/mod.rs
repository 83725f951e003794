//! Why there is no timetable, in a sentence with numbers.
//!
//! Four arguments prove it without a search: a match that has no place at all (`place`), one that nobody can lead
//! (`crews`), a chain of waits that is longer than the time there is (`chain`), and more matches than there is room
//! for (`room`). Each sentence states what its argument counted. Where none of them holds, the smallest set of rules that the exact search finds
//! contradictory is named with its limits.

mod chain;
mod crews;
mod limits;
mod place;
mod room;
mod telling;
mod words;

use crate::exact::{Core, contradiction, is_infeasible, shrink};
use crate::model::{Instance, Rule, Severity};
use crate::outcome::{Budget, Reason, Watch};
use crate::problem::Problem;

/// Something that cannot be.
struct Argument {
    /// The sentence.
    sentence: String,
    /// The matches it is about, by place in the list.
    matches: Vec<usize>,
}

/// A way to argue.
type Argue = fn(&Problem, &mut Watch) -> Option<Argument>;

/// Proves without a search that there is no timetable, where that can be. No argument is needed that takes a rule
/// for granted: the rules named are those it stands on, and it falls without any one of them. Gives up when the watch
/// says stop.
pub(crate) fn argue(instance: &Instance, watch: &mut Watch) -> Option<Reason> {
    let stated = Problem::stated(instance);
    let ways: [Argue; 4] = [
        |problem, _| place::argue(problem),
        |problem, _| crews::argue(problem),
        |problem, _| chain::argue(problem),
        room::argue,
    ];
    let argue = ways.into_iter().find(|argue| argue(&stated, watch).is_some())?;
    let rules =
        shrink(hard(instance), |rules| argue(&Problem::stated(&only(instance, rules)), watch).is_some());
    let bare = only(instance, &rules);
    let Argument { sentence, matches } = argue(&Problem::stated(&bare), watch)?;
    let rules = rules.iter().map(|rule| instance.rules[*rule].id.clone()).collect();
    Some(Reason { sentence, rules, matches, ladder: Vec::new() })
}

/// Conflicts spent on finding the rules that contradict each other.
const CONFLICTS: u64 = 50_000;

/// Says why there is no timetable, once that is proven.
pub(crate) fn explain(instance: &Instance, seed: u64, watch: &mut Watch) -> Reason {
    let budget = Budget { seed, conflicts: CONFLICTS, rounds: 0 };
    let Some(core) = contradiction(instance, budget, watch) else {
        let sentence = "pitches, kick-offs and rules together leave no room for all matches; which of them, could \
                        not be found out in the time given";
        return Reason { sentence: sentence.to_owned(), ..Reason::default() };
    };
    let whose = if core.matches.is_empty() {
        "all matches".to_owned()
    } else {
        words::matches(instance, &core.matches)
    };
    let rules = instance.rules.iter().filter(|rule| core.rules.contains(&rule.id));
    let rules: Vec<String> = rules.map(|rule| limits::limit(instance, rule)).collect();
    let mut things = vec!["pitches", "kick-offs"];
    things.extend(taking_part(instance, &core, seed, watch));
    let sentence = if rules.is_empty() {
        things.push("the order of the bracket");
        format!("{} leave no room for {whose}", words::list(&things))
    } else {
        let unsure = if core.minimal { "" } else { "; not all of these rules may be needed for that" };
        let things = words::list(&things);
        format!("at the {things} there are, {whose} cannot hold {}{unsure}", words::list(&rules))
    };
    Reason { sentence, rules: core.rules, matches: core.matches, ladder: Vec::new() }
}

/// Officials and warm-up areas, where there is room under the same rules without them, or that is not known.
fn taking_part(instance: &Instance, core: &Core, seed: u64, watch: &mut Watch) -> Vec<&'static str> {
    let of_core = |rule: &&Rule| core.rules.contains(&rule.id);
    let rules = instance.rules.iter().filter(of_core).cloned().collect();
    let bare = Instance { rules, ..instance.clone() };
    let mut is_needed = |without: Instance| {
        let budget = Budget { seed, conflicts: CONFLICTS / 10, rounds: 0 };
        is_infeasible(&without, budget, watch) != Some(true)
    };
    let mut taking_part = Vec::new();
    if !instance.officials.is_empty() {
        let mut without = bare.clone();
        for game in &mut without.matches {
            game.crews = 0;
            game.appointed.clear();
        }
        if is_needed(without) {
            taking_part.push("officials");
        }
    }
    if !instance.warm_up_areas.is_empty() {
        let mut without = bare;
        for pitch in &mut without.pitches {
            // The teams still come on the pitch as late as after a warm-up: each has an area of its own.
            pitch.warm_up_area = pitch.warm_up_area.map(|_| without.warm_up_areas.len());
            without.warm_up_areas.push(pitch.id.clone());
        }
        if is_needed(without) {
            taking_part.push("warm-up areas");
        }
    }
    taking_part
}

/// The rules that must hold, by place in the list.
fn hard(instance: &Instance) -> Vec<usize> {
    (0..instance.rules.len()).filter(|rule| instance.rules[*rule].severity == Severity::Hard).collect()
}

/// The instance with some of its rules alone.
fn only(instance: &Instance, rules: &[usize]) -> Instance {
    let rules = rules.iter().map(|rule| instance.rules[*rule].clone()).collect();
    Instance { rules, ..instance.clone() }
}
