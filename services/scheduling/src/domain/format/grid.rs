//! Places for matches, one after the other: days, kick-offs, pitches. A timetable moves them afterwards.

use std::{collections::BTreeMap, iter};

use matchday_kernel::{
    Instant, Interval, SignedDuration, Zone,
    civil::{Date, Time},
};

use crate::domain::refused::Refusal;

/// Where and when matches can be.
#[derive(Clone, Debug)]
pub struct Grid {
    /// Whose clocks count.
    pub zone: Zone,
    /// The first day.
    pub first: Date,
    /// The last day, included.
    pub last: Date,
    /// Kick-offs of a day.
    pub kick_offs: Vec<Time>,
    /// Names of the pitches.
    pub pitches: Vec<String>,
    /// When pitches are held already, by name, buffers included.
    pub held: BTreeMap<String, Vec<Interval>>,
}

/// A place for a match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KickOff {
    /// When.
    pub at: Instant,
    /// Name of the pitch.
    pub pitch: String,
}

/// How long a match needs its pitch.
#[derive(Clone, Copy, Debug)]
pub struct Length {
    /// Its step: those of a lower one end before it begins.
    pub step: usize,
    /// From kick-off to whistle.
    pub play: SignedDuration,
}

impl Grid {
    /// Places matches, which come by step. Each step begins on a day of its own where that fits, otherwise
    /// when the step before is over. No pitch is held twice, `before` the kick-off and `after` the whistle included.
    ///
    /// # Errors
    /// [`Refusal::GridTooSmall`]
    pub fn place(
        &self,
        matches: &[Length],
        before: SignedDuration,
        after: SignedDuration,
    ) -> Result<Vec<KickOff>, Refusal> {
        let placed = self.fill(matches, before, after, true);
        let placed =
            if placed.len() < matches.len() { self.fill(matches, before, after, false) } else { placed };
        if placed.len() < matches.len() {
            let (placed, matches) = (placed.len(), matches.len());
            return Err(Refusal::GridTooSmall { placed, matches, last: self.last.to_string() });
        }
        Ok(placed)
    }

    fn fill(
        &self,
        matches: &[Length],
        before: SignedDuration,
        after: SignedDuration,
        new_day: bool,
    ) -> Vec<KickOff> {
        let mut held = self.held.clone();
        let mut open = self.places();
        let mut placed = Vec::new();
        let (mut step, mut over) = (0, Instant::MIN);
        let mut earliest = Instant::MIN;
        for length in matches {
            if length.step > step {
                step = length.step;
                earliest = if new_day { self.zone.day(self.zone.local_date(over)).end() } else { over };
            }
            let next = open.find_map(|(at, pitch)| {
                let time = Interval::new(at, at.checked_add(length.play)?).ok()?;
                let time = time.with_buffers(before, after).ok()?;
                let others = held.entry(pitch.clone()).or_default();
                let is_free = at >= earliest && others.iter().all(|other| !other.overlaps(&time));
                is_free.then(|| {
                    others.push(time);
                    KickOff { at, pitch: pitch.clone() }
                })
            });
            let Some(kick_off) = next else { break };
            over = over.max(kick_off.at.saturating_add(length.play));
            placed.push(kick_off);
        }
        placed
    }

    /// All places, by time.
    fn places(&self) -> impl Iterator<Item = (Instant, &String)> {
        let days =
            iter::successors(Some(self.first), |day| day.tomorrow().ok()).take_while(|day| *day <= self.last);
        days.flat_map(move |day| {
            // a time that the clocks leave out is no kick-off
            let times =
                self.kick_offs.iter().filter_map(move |time| self.zone.resolve(day.to_datetime(*time)).ok());
            times.flat_map(|at| self.pitches.iter().map(move |pitch| (at, pitch)))
        })
    }
}
