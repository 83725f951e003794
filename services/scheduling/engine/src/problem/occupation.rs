//! When a match holds pitches and warm-up areas.
//!
//! Without a warm-up area the pitch is held from the kick-off less the set-up. With one, teams warm up in the area
//! from 45 to 15 minutes before the kick-off, and the pitch is held from 15 minutes before it (or the set-up, when
//! that is shorter).

use super::{Candidate, Problem};
use crate::model::{Instance, Match, Place, Span};

/// Minutes before the kick-off at which the warm-up begins.
const WARM_UP_FROM: i32 = 45;
/// Minutes before the kick-off at which it ends.
const WARM_UP_UNTIL: i32 = 15;

/// Something held by one match at a time: pitches first, then warm-up areas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Need {
    /// What is held.
    pub(crate) resource: usize,
    /// When.
    pub(crate) span: Span,
}

/// When a match at a place holds the pitch.
pub(super) fn on_pitch(instance: &Instance, game: &Match, place: Place) -> Span {
    let warm_up = instance.pitches.get(place.pitch).and_then(|pitch| pitch.warm_up_area).is_some();
    let before = if warm_up { game.set_up.min(WARM_UP_UNTIL) } else { game.set_up };
    Span { start: place.start.saturating_sub(before), end: place.start.saturating_add(game.occupied) }
}

impl Problem<'_> {
    /// What a match holds at a candidate.
    pub(crate) fn needs(&self, index: usize, option: &Candidate) -> impl Iterator<Item = Need> + use<> {
        let game = &self.instance.matches[index];
        let place = Place { start: option.start, pitch: option.pitch };
        let pitch = Need { resource: option.pitch, span: on_pitch(self.instance, game, place) };
        let area = self.instance.pitches[option.pitch].warm_up_area.map(|area| Need {
            resource: self.instance.pitches.len() + area,
            span: Span { start: option.start - WARM_UP_FROM, end: option.start - WARM_UP_UNTIL },
        });
        std::iter::once(pitch).chain(area)
    }

    /// How many things can be held.
    pub(crate) fn resources(&self) -> usize {
        self.instance.pitches.len() + self.instance.warm_up_areas.len()
    }
}

/// When a match of an instance holds the pitch at a place.
pub(crate) fn held_by(instance: &Instance, index: usize, place: Place) -> Span {
    on_pitch(instance, &instance.matches[index], place)
}
