//! Sessions of a venue keep apart: one day's gates open after the last day's have been cleared.

use std::collections::BTreeMap;

use super::played::{Game, Played};
use super::report::{Figure, Finding};
use super::tournament::Reach;
use super::words;
use crate::model::Minute;

/// The match that a session begins or ends with.
type Edge<'t> = (Minute, Game<'t>);

/// Between the end of a session and the set-up of the next one of its venue lies some time. A session is what has a
/// crowd on one day.
pub(super) fn apart(played: &Played, reach: &Reach, minutes: Minute) -> Finding {
    let tournament = played.tournament;
    let mut venues: BTreeMap<usize, BTreeMap<usize, (Edge, Edge, bool)>> = BTreeMap::new();
    for game in played.within(reach).filter(|game| game.of.crowd > 0) {
        let venue = tournament.venues[game.pitch];
        let (begins, ends) = (game.start - game.of.set_up, game.start + game.of.occupied);
        let edges = ((begins, game), (ends, game), false);
        let session = venues.entry(venue).or_default().entry(game.day).or_insert(edges);
        if (begins, game.index) < (session.0.0, session.0.1.index) {
            session.0 = edges.0;
        }
        if (ends, game.index) > (session.1.0, session.1.1.index) {
            session.1 = edges.1;
        }
        session.2 |= tournament.begun[game.index];
    }
    let mut looked_at = 0;
    let mut violations = Vec::new();
    for (venue, sessions) in venues {
        let venue = &tournament.instance.pitches[venue].venue;
        let sessions: Vec<_> = sessions.into_values().collect();
        for pair in sessions.windows(2) {
            looked_at += 1;
            let ((ends, last), (begins, first)) = (pair[0].1, pair[1].0);
            let between = begins - ends;
            // What lies before a session that has begun is past.
            if between >= minutes || pair[1].2 {
                continue;
            }
            let sentence = format!(
                "venue {venue} is cleared of {} at {} and needed for {} at {}: {} between, {} required",
                last.of.id,
                tournament.moment(ends),
                first.of.id,
                tournament.moment(begins),
                words::length(between),
                words::length(minutes)
            );
            let figures = vec![Figure::minutes("between", between), Figure::minutes("required", minutes)];
            let resolution = format!(
                "end {} earlier, or kick {} off {} later",
                last.of.id,
                first.of.id,
                words::length(minutes - between)
            );
            violations.push(last.breaks_with(&first, figures, sentence, resolution));
        }
    }
    let none = "no venue has two sessions that the rule is about";
    Finding::among(looked_at, "pairs of sessions", none, violations)
}
