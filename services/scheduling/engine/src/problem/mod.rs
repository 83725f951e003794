//! The compiled form of an instance that searches work on: for each match the places it may stand, and the limits
//! between matches as a few plain shapes.
//!
//! What concerns one match alone (open hours, closures, bookings, windows, days, pitches, notice, capacity, travel,
//! pins) is decided here once: hard limits leave places out, soft ones put a cost on them. A rule applies to a match
//! that its scope names; a rule between two matches applies when it names both.

mod cost;
mod limits;
mod occupation;
mod pairs;
mod participants;
mod places;

use crate::model::{Instance, Minute, Rule, Severity, Timetable};

pub(crate) use limits::{Apart, Equal, Meter, Share, Tie};
pub(crate) use occupation::held_by;
pub(crate) use pairs::{Gap, SoftGap, Wait, wait};
pub(crate) use participants::deciding;
pub(crate) use places::{Refusal, names_match, names_pitch, refusals};

/// What a broken limit costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    /// It must not be broken.
    Hard,
    /// Each unit costs this.
    Soft(i64),
}

impl Weight {
    /// The weight of a rule; `None` when nothing comes of it.
    pub(crate) fn of(rule: &Rule) -> Option<Self> {
        match rule.severity {
            Severity::Hard => Some(Self::Hard),
            Severity::Soft { weight } if weight > 0 => Some(Self::Soft(weight)),
            Severity::Soft { .. } | Severity::Off => None,
        }
    }
}

/// A place where a match may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    /// Kick-off.
    pub(crate) start: Minute,
    /// Kick-off by place in [`Problem::times`].
    pub(crate) slot: usize,
    /// Pitch.
    pub(crate) pitch: usize,
    /// Cost of the soft rules that look at this match alone.
    pub(crate) cost: i64,
}

/// An instance, compiled.
#[derive(Debug)]
pub(crate) struct Problem<'i> {
    /// What it was made of.
    pub(crate) instance: &'i Instance,
    /// All kick-offs of all candidates, sorted.
    pub(crate) times: Vec<Minute>,
    /// Where each match may stand, by kick-off and pitch; none for one called off.
    pub(crate) options: Vec<Vec<Candidate>>,
    /// Whether the match is played.
    pub(crate) live: Vec<bool>,
    /// Whether it has begun: what such matches break by themselves is past.
    pub(crate) begun: Vec<bool>,
    /// Waits that must be kept.
    pub(crate) gaps: Vec<Gap>,
    /// Waits that should be kept.
    pub(crate) soft_gaps: Vec<SoftGap>,
    /// Matches that start together.
    pub(crate) ties: Vec<Tie>,
    /// Sums with a limit.
    pub(crate) meters: Vec<Meter>,
    /// Differences of kick-offs that cost.
    pub(crate) equals: Vec<Equal>,
    /// Shares of teams.
    pub(crate) shares: Vec<Share>,
    /// Sessions that keep apart.
    pub(crate) aparts: Vec<Apart>,
}

impl<'i> Problem<'i> {
    /// Compiles an instance that [`crate::validate::validate`] finds no fault with.
    pub(crate) fn new(instance: &'i Instance) -> Self {
        let mut problem = Self::stated(instance);
        problem.tighten();
        problem.number_slots();
        problem
    }

    /// The same, with every candidate that is allowed looked at alone: for those who say why there is none left.
    pub(crate) fn stated(instance: &'i Instance) -> Self {
        let mut live = vec![true; instance.matches.len()];
        for &index in &instance.cancelled {
            if let Some(live) = live.get_mut(index) {
                *live = false;
            }
        }
        let mut begun = vec![false; instance.matches.len()];
        for &index in &instance.begun {
            if let Some(begun) = begun.get_mut(index) {
                *begun = live[index];
            }
        }
        let mut problem = Self {
            instance,
            times: Vec::new(),
            options: Vec::new(),
            live,
            begun,
            gaps: Vec::new(),
            soft_gaps: Vec::new(),
            ties: Vec::new(),
            meters: Vec::new(),
            equals: Vec::new(),
            shares: Vec::new(),
            aparts: Vec::new(),
        };
        problem.options = places::options(&problem);
        let waits = pairs::waits(&problem);
        problem.gaps = waits.hard;
        problem.soft_gaps = waits.soft;
        limits::add(&mut problem, &waits.feeders);
        problem
    }

    /// The day a minute lies on.
    pub(crate) fn day(&self, minute: Minute) -> usize {
        self.instance.days.partition_point(|day| day.start <= minute).saturating_sub(1)
    }

    /// Minutes since midnight.
    pub(crate) fn clock(&self, minute: Minute) -> Minute {
        let day = self.day(minute);
        minute - self.instance.days.get(day).map_or(0, |day| day.start)
    }

    /// Whether a match is to be given a crew.
    pub(crate) fn needs_crew(&self, index: usize) -> bool {
        self.live[index] && !self.begun[index] && self.instance.matches[index].crews > 0
    }

    /// Whether matches that start together have come apart already: nothing is to be done then.
    pub(crate) fn came_apart(&self, matches: &[usize]) -> bool {
        let begun = matches.iter().filter(|index| self.begun[**index]);
        let mut starts = begun.filter_map(|index| self.options[*index].first()).map(|option| option.start);
        starts.next().is_some_and(|first| starts.any(|start| start != first))
    }

    /// Candidates over all matches.
    pub(crate) fn size(&self) -> usize {
        self.options.iter().map(Vec::len).sum()
    }

    /// Whether a match has no place at all, so that there is no timetable.
    pub(crate) fn is_empty(&self) -> bool {
        self.live.iter().zip(&self.options).any(|(live, options)| *live && options.is_empty())
    }

    /// The timetable that stands for these candidates, without officials.
    pub(crate) fn timetable(&self, chosen: &[usize]) -> Timetable {
        let places = (0..self.options.len())
            .map(|index| match self.options[index].get(chosen[index]) {
                Some(option) => crate::model::Place { start: option.start, pitch: option.pitch },
                None => {
                    self.instance.matches[index].pinned.unwrap_or(crate::model::Place { start: 0, pitch: 0 })
                }
            })
            .collect();
        Timetable { places, officials: Vec::new() }
    }

    /// Takes away candidates that leave no room for what must come before or after.
    pub(crate) fn tighten(&mut self) {
        let gaps = std::mem::take(&mut self.gaps);
        loop {
            let mut changed = false;
            for gap in gaps.iter().filter(|gap| gap.ordered) {
                let Some(first) = self.options[gap.a].first().map(|option| option.start) else { continue };
                let Some(last) = self.options[gap.b].last().map(|option| option.start) else { continue };
                let earliest = self.after(gap.forth, first);
                let before = self.options[gap.b].len();
                self.options[gap.b].retain(|option| option.start >= earliest);
                changed |= self.options[gap.b].len() != before;
                let mut latest = self.options[gap.a].clone();
                latest.retain(|option| self.after(gap.forth, option.start) <= last);
                changed |= latest.len() != self.options[gap.a].len();
                self.options[gap.a] = latest;
            }
            if !changed || self.is_empty() {
                break;
            }
        }
        self.gaps = gaps;
    }

    /// Gives every kick-off its number.
    fn number_slots(&mut self) {
        let mut times: Vec<Minute> = self.options.iter().flatten().map(|option| option.start).collect();
        times.sort_unstable();
        times.dedup();
        for option in self.options.iter_mut().flatten() {
            option.slot = times.partition_point(|time| *time < option.start);
        }
        self.times = times;
    }
}
