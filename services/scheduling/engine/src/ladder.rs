//! Steps by which rules may be relaxed, tried when nothing is feasible.
//!
//! Each step is tried alone, so that its price can be compared with that of the others; one that stands on another
//! names the changes of both. Where none is enough alone, all of them together are tried last.

use crate::model::{Ease, Instance, Relaxation, Span};
use crate::outcome::{LeadsTo, Step, Watch};
use crate::validate::validate;
use crate::whole::Whole;

/// What the last step is called, where none is enough alone.
const TOGETHER: &str = "all steps together";

/// Why a step is not enough that no counting refutes. Which rules are in its way is not looked for.
pub(crate) const SEARCHED: &str = "there is still no timetable: the search has ruled out every way";

/// Conflicts spent on a step.
pub(crate) const STEP_CONFLICTS: u64 = 1_000;
/// Rounds spent on a step.
pub(crate) const STEP_ROUNDS: u64 = 500;

/// Tries the steps of an instance in order, until the watch says stop.
pub(crate) fn climb(
    instance: &Instance,
    whole: &mut Whole,
    mut leads_to: impl FnMut(&Instance, &mut Watch) -> LeadsTo,
) -> Vec<Step> {
    let mut tried = |step: &Relaxation| {
        let eased = eased(instance, step);
        let leads_to = if whole.is_stopped() {
            LeadsTo::Unknown
        } else if let Some(fault) = validate(&eased).first() {
            LeadsTo::Infeasible(fault.what.clone())
        } else {
            whole.part(|watch| leads_to(&eased, watch))
        };
        Step { title: step.title.clone(), leads_to }
    };
    let mut steps: Vec<Step> = instance.ladder.iter().map(&mut tried).collect();
    let works = steps.iter().any(|step| matches!(step.leads_to, LeadsTo::Works { .. }));
    if !works && steps.len() > 1 {
        let changes = instance.ladder.iter().flat_map(|step| step.changes.clone()).collect();
        steps.push(tried(&Relaxation { title: TOGETHER.to_owned(), changes }));
    }
    steps
}

/// The instance after a step, without a ladder of its own.
fn eased(instance: &Instance, step: &Relaxation) -> Instance {
    let mut eased = Instance { ladder: Vec::new(), ..instance.clone() };
    for change in &step.changes {
        match change {
            Ease::Rule { id, kind } => {
                for rule in eased.rules.iter_mut().filter(|rule| rule.id == *id) {
                    rule.kind.clone_from(kind);
                }
            }
            Ease::KickOffs(starts) => {
                eased.kick_offs.extend(starts);
                eased.kick_offs.sort_unstable();
                eased.kick_offs.dedup();
            }
            Ease::Reserve(pitch) => {
                if let Some(pitch) = eased.pitches.get_mut(*pitch) {
                    pitch.reserve = false;
                }
            }
            Ease::Open { pitch, span } => {
                if let Some(pitch) = eased.pitches.get_mut(*pitch) {
                    pitch.open.push(*span);
                    join(&mut pitch.open);
                }
            }
        }
    }
    eased
}

/// Makes one of spans that overlap or touch: an occupation lies within one.
fn join(spans: &mut Vec<Span>) {
    spans.sort_unstable();
    spans.dedup_by(|next, before| {
        let touch = next.start <= before.end;
        if touch {
            before.end = before.end.max(next.end);
        }
        touch
    });
}
