//! Why each match moves.

use crate::change::Change;
use crate::model::{Minute, Place, Span};
use crate::outcome::{Disruption, Move};
use crate::problem::{Candidate, Gap, Problem, Weight, held_by};

/// What moves, and why.
pub(super) fn moves(
    problem: &Problem,
    change: &Change,
    chosen: &[usize],
    disruptions: &[Disruption],
) -> Vec<Move> {
    let mut moves = Vec::new();
    for (index, old) in change.old.iter().enumerate() {
        let Some(from) = *old else { continue };
        let to = place(&problem.options[index][chosen[index]]);
        if from != to {
            let telling = Telling { problem, change, chosen, disruptions };
            moves.push(Move { index, from, to, why: telling.why(index, from) });
        }
    }
    moves
}

fn place(option: &Candidate) -> Place {
    Place { start: option.start, pitch: option.pitch }
}

struct Telling<'t> {
    problem: &'t Problem<'t>,
    change: &'t Change,
    chosen: &'t [usize],
    disruptions: &'t [Disruption],
}

impl Telling<'_> {
    fn id(&self, index: usize) -> &str {
        &self.problem.instance.matches[index].id
    }

    fn now_at(&self, index: usize) -> Place {
        place(&self.problem.options[index][self.chosen[index]])
    }

    fn why(&self, index: usize, from: Place) -> String {
        let kept = self.problem.options[index].iter().any(|option| place(option) == from);
        if !kept && let Some(lost) = self.lost(index, from) {
            return lost;
        }
        let others =
            || (0..self.change.old.len()).filter(|other| *other != index && self.problem.live[*other]);
        let span = held_by(self.problem.instance, index, from);
        let same_pitch = others().find(|other| {
            let place = self.now_at(*other);
            place.pitch == from.pitch && overlap(held_by(self.problem.instance, *other, place), span)
        });
        if let Some(other) = same_pitch {
            return format!("gives way to {}", self.id(other));
        }
        let waits = self.problem.gaps.iter().filter(|gap| gap.a == index || gap.b == index);
        for gap in waits {
            let at = |one: usize| if one == index { from.start } else { self.now_at(one).start };
            if !self.problem.keeps(gap, at(gap.a), at(gap.b)) {
                return self.too_close(index, gap, at(gap.a), at(gap.b));
            }
        }
        let start = self.now_at(index).start;
        let hard = self.problem.ties.iter().filter(|tie| tie.weight == Weight::Hard);
        for other in hard.filter(|tie| tie.matches.contains(&index)).flat_map(|tie| &tie.matches) {
            if *other != index && start != from.start && self.now_at(*other).start == start {
                return format!("kicks off together with {}", self.id(*other));
            }
        }
        if kept {
            "keeps the limits of a day or of a crowd, or makes the timetable better, now that others move"
                .to_owned()
        } else {
            "its place is no longer allowed by the rules or leaves no time for what comes before or after"
                .to_owned()
        }
    }

    /// Why a place cannot be used any more.
    fn lost(&self, index: usize, from: Place) -> Option<String> {
        let instance = self.problem.instance;
        let pitch = instance.pitches.get(from.pitch)?;
        let span = held_by(instance, index, from);
        if let Some(closure) = pitch.closed.iter().find(|closure| overlap(closure.span, span)) {
            let until = self.clock(closure.span.end);
            return Some(if closure.why.is_empty() {
                format!("pitch {} is lost until {until}", pitch.id)
            } else {
                format!("pitch {} is lost until {until}: {}", pitch.id, closure.why)
            });
        }
        if let Some(fixed) =
            instance.fixed.iter().find(|fixed| fixed.pitch == from.pitch && overlap(fixed.span, span))
        {
            return Some(format!("pitch {} is booked: {}", pitch.id, fixed.title));
        }
        let shrunk = self.disruptions.iter().any(|disruption| {
            matches!(disruption, Disruption::CapacityChanged { pitch, .. } if *pitch == from.pitch)
        });
        let crowd = instance.matches[index].crowd;
        if shrunk && pitch.capacity > 0 && crowd > pitch.capacity {
            return Some(format!("pitch {} holds {} and {crowd} are expected", pitch.id, pitch.capacity));
        }
        None
    }

    fn too_close(&self, index: usize, gap: &Gap, a: Minute, b: Minute) -> String {
        let other = if gap.a == index { gap.b } else { gap.a };
        let (own, others) = if gap.a == index { (a, b) } else { (b, a) };
        if gap.ordered && b < a {
            let (first, second) = (self.id(gap.a), self.id(gap.b));
            return format!("{second} comes after {first}");
        }
        let games = &self.problem.instance.matches;
        let (rest, when) = if own <= others {
            (others - own - games[index].length, "before")
        } else {
            (own - others - games[other].length, "after")
        };
        if rest < 0 {
            return format!("would be played at the same time as {}", self.id(other));
        }
        let (hours, minutes) = (rest / 60, rest % 60);
        let rest = if minutes == 0 { format!("{hours} h") } else { format!("{hours} h {minutes:02}") };
        format!("would rest {rest} {when} {}", self.id(other))
    }

    /// A minute as people say it.
    fn clock(&self, minute: Minute) -> String {
        let clock = self.problem.clock(minute);
        let day = self.problem.day(minute);
        let label = self.problem.instance.days.get(day).map_or("", |day| day.label.as_str());
        format!("{label} {:02}:{:02}", clock / 60, clock % 60)
    }
}

fn overlap(one: Span, other: Span) -> bool {
    one.start < other.end && other.start < one.end
}
