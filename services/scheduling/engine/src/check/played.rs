//! A timetable as the checker reads it: which match is played where and when.

use super::report::{Figure, Violation};
use super::tournament::{Reach, Tournament};
use crate::model::{Match, Minute, Place, Span, Timetable};

/// Minutes before the kick-off at which the warm-up in an area begins.
const WARM_UP_BEGINS: Minute = 45;
/// Minutes before the kick-off at which it ends; the teams are on the pitch from then on.
const WARM_UP_ENDS: Minute = 15;

/// A match with its place.
#[derive(Clone, Copy)]
pub(super) struct Game<'t> {
    pub(super) index: usize,
    pub(super) of: &'t Match,
    /// Kick-off.
    pub(super) start: Minute,
    /// The whistle.
    pub(super) whistle: Minute,
    pub(super) pitch: usize,
    /// Day of the kick-off, by place in the list.
    pub(super) day: usize,
    /// Minutes from midnight to the kick-off.
    pub(super) clock: Minute,
}

/// A timetable, read.
pub(crate) struct Played<'t> {
    pub(super) tournament: &'t Tournament<'t>,
    /// Every match that takes place and has a place within the tournament.
    games: Vec<Option<Game<'t>>>,
    /// Of each match its officials, each once; ones that are not there are left out.
    officials: Vec<Vec<usize>>,
    /// The match whose part in everything is looked at; all when there is none.
    about: Option<usize>,
}

impl<'t> Played<'t> {
    /// Reads a timetable: all of it, or only what one match takes part in. Sums, shares and sessions are looked at
    /// whole in any case.
    pub(crate) fn new(tournament: &'t Tournament<'t>, timetable: &Timetable, about: Option<usize>) -> Self {
        let instance = tournament.instance;
        let games = instance.matches.iter().enumerate().map(|(index, game)| {
            let place = timetable.places.get(index)?;
            let is_there = place.pitch < instance.pitches.len() && tournament.contains(place.start);
            (tournament.takes_place[index] && is_there).then(|| Game {
                index,
                of: game,
                start: place.start,
                whistle: place.start + game.length,
                pitch: place.pitch,
                day: tournament.day(place.start),
                clock: tournament.clock(place.start),
            })
        });
        let officials = timetable.officials.iter().map(|listed| {
            let known = listed.iter().copied().filter(|official| *official < instance.officials.len());
            let mut officials: Vec<usize> = known.collect();
            officials.sort_unstable();
            officials.dedup();
            officials
        });
        Self { tournament, games: games.collect(), officials: officials.collect(), about }
    }

    /// A match with its place, if it has one.
    pub(super) fn game(&self, index: usize) -> Option<Game<'t>> {
        self.games[index]
    }

    /// Where a match stands, if it takes place and has a place within the tournament.
    pub(crate) fn place(&self, index: usize) -> Option<Place> {
        self.games.get(index)?.map(|game| Place { start: game.start, pitch: game.pitch })
    }

    /// All matches with a place.
    pub(super) fn games(&self) -> impl Iterator<Item = Game<'t>> {
        self.games.iter().flatten().copied()
    }

    /// All matches with a place that a rule is about, by themselves and by their pitch.
    pub(super) fn within(&self, reach: &Reach) -> impl Iterator<Item = Game<'t>> {
        self.games().filter(|game| reach.names(game.index) && reach.covers(game.pitch))
    }

    /// Whether a match, looked at alone, is of interest.
    pub(super) fn is_about(&self, index: usize) -> bool {
        self.about.is_none_or(|about| about == index)
    }

    /// Whether two matches, looked at together, are of interest.
    pub(super) fn is_about_one_of(&self, a: usize, b: usize) -> bool {
        self.about.is_none_or(|about| about == a || about == b)
    }

    /// Whether all of some matches have begun, so that nothing is to be done about them.
    pub(super) fn is_past<'m>(&self, matches: impl IntoIterator<Item = &'m usize>) -> bool {
        matches.into_iter().all(|index| self.tournament.begun[*index])
    }

    /// How many of some matches have begun.
    pub(super) fn begun(&self, matches: &[usize]) -> usize {
        matches.iter().filter(|index| self.tournament.begun[**index]).count()
    }

    /// Whether matches that start together have come apart already.
    pub(super) fn came_apart(&self, games: &[Game]) -> bool {
        let mut begun = games.iter().filter(|game| self.tournament.begun[game.index]);
        begun.next().is_some_and(|first| begun.any(|game| game.start != first.start))
    }

    /// The officials of a match.
    pub(super) fn officials(&self, index: usize) -> &[usize] {
        self.officials.get(index).map_or(&[], Vec::as_slice)
    }

    /// Pairs of matches that the same team may play, the earlier first, and whether one decides who plays the other.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (Game<'t>, Game<'t>, bool)> {
        let ones = self.games().filter(|game| self.is_about(game.index));
        ones.flat_map(move |one| {
            let kin = self.tournament.kin[one.index].iter();
            // Looking at all, each pair is met from both ends.
            let kin = kin.filter(move |kin| self.about.is_some() || kin.other > one.index);
            kin.filter_map(move |kin| {
                let other = self.game(kin.other)?;
                let in_order = (one.start, one.index) <= (other.start, other.index);
                let (earlier, later) = if in_order { (one, other) } else { (other, one) };
                Some((earlier, later, kin.ordered))
            })
        })
    }

    /// A match and its kick-off: `m17 at 2023-10-25 16:00`.
    pub(super) fn kick_off(&self, game: &Game) -> String {
        format!("{} at {}", game.of.id, self.tournament.moment(game.start))
    }

    /// Id of a pitch.
    pub(super) fn pitch(&self, game: &Game) -> &'t str {
        &self.tournament.instance.pitches[game.pitch].id
    }
}

impl Game<'_> {
    /// When the pitch is held: from the set-up on, or from the end of the warm-up where there is an area for it.
    pub(super) fn on_pitch(&self, tournament: &Tournament) -> Span {
        let has_area = tournament.instance.pitches[self.pitch].warm_up_area.is_some();
        let before = if has_area { self.of.set_up.min(WARM_UP_ENDS) } else { self.of.set_up };
        Span { start: self.start - before, end: self.start + self.of.occupied }
    }

    /// When the warm-up area is held.
    pub(super) fn warm_up(&self) -> Span {
        Span { start: self.start - WARM_UP_BEGINS, end: self.start - WARM_UP_ENDS }
    }

    /// A violation of this match alone, of one unit.
    pub(super) fn breaks(&self, figures: Vec<Figure>, sentence: String, resolution: String) -> Violation {
        let matches = vec![self.index];
        Violation { matches, units: 1, figures, sentence, resolution, subject: (self.index, self.index) }
    }

    /// A violation of this match and another, of one unit.
    pub(super) fn breaks_with(
        &self,
        other: &Game,
        figures: Vec<Figure>,
        sentence: String,
        resolution: String,
    ) -> Violation {
        let subject = (self.index.min(other.index), self.index.max(other.index));
        let matches = vec![self.index, other.index];
        Violation { matches, units: 1, figures, sentence, resolution, subject }
    }
}

/// Minutes that two times have in common.
pub(super) fn common(one: Span, other: Span) -> Minute {
    (one.end.min(other.end) - one.start.max(other.start)).max(0)
}
