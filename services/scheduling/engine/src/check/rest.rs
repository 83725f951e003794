//! What lies between two matches that the same team may play: the other match's whistle, what decides who plays, and
//! rest.

use super::played::{Game, Played};
use super::report::{Figure, Finding, Violation};
use super::tournament::Reach;
use super::words;
use crate::model::{Kind, Minute};

/// A team plays one match at a time. Matches that decide who plays others are looked at by [`after_deciders`].
pub(super) fn one_at_a_time(played: &Played) -> Finding {
    let mut looked_at = 0;
    let mut violations = Vec::new();
    for (earlier, later, _) in played.pairs().filter(|(_, _, ordered)| !ordered) {
        looked_at += 1;
        if later.start >= earlier.whistle {
            continue;
        }
        let ends = played.tournament.moment(earlier.whistle);
        let sentence = format!(
            "{} {} and {}, which begins before the other has ended at {ends}",
            played.tournament.who(earlier.index, later.index),
            played.kick_off(&earlier),
            played.kick_off(&later),
        );
        let figures = vec![Figure::minutes("in common", earlier.whistle - later.start)];
        let resolution = format!("kick {} off at {ends} or later", later.of.id);
        violations.push(earlier.breaks_with(&later, figures, sentence, resolution));
    }
    Finding::among(looked_at, "pairs of matches of one team", "no team may play two matches", violations)
}

/// A match begins after the whistle of those that decide who plays it.
pub(super) fn after_deciders(played: &Played) -> Finding {
    let tournament = played.tournament;
    let mut looked_at = 0;
    let mut violations = Vec::new();
    for game in played.games() {
        for &decider in &tournament.deciders[game.index] {
            let Some(decider) = played.game(decider) else { continue };
            if !played.is_about_one_of(game.index, decider.index) {
                continue;
            }
            looked_at += 1;
            if game.start >= decider.whistle {
                continue;
            }
            let ends = tournament.moment(decider.whistle);
            let sentence = format!(
                "{} begins before {}, which decides who plays it, has ended at {ends}",
                played.kick_off(&game),
                decider.of.id,
            );
            let figures = vec![Figure::minutes("too early", decider.whistle - game.start)];
            let resolution = format!("kick {} off at {ends} or later", game.of.id);
            violations.push(decider.breaks_with(&game, figures, sentence, resolution));
        }
    }
    let none = "no match waits for a winner, a loser or a rank";
    Finding::among(looked_at, "matches that decide others", none, violations)
}

/// Every team that may play two matches rests between them.
pub(super) fn rest(played: &Played, reach: &Reach, kind: &Kind) -> Finding {
    let mut looked_at = 0;
    let mut violations = Vec::new();
    for (earlier, later, _) in played.pairs() {
        if !reach.names(earlier.index) || !reach.names(later.index) {
            continue;
        }
        looked_at += 1;
        violations.extend(too_short(played, kind, &earlier, &later));
    }
    let none = "no team may play two matches that the rule is about";
    Finding::among(looked_at, "pairs of matches of one team", none, violations)
}

fn too_short(played: &Played, kind: &Kind, earlier: &Game, later: &Game) -> Option<Violation> {
    let between = later.start - earlier.start;
    let after = later.start - earlier.whistle;
    let hours = |is: Minute, least: Minute, name, what: &str| {
        let told = format!("{} {what}, {} required", words::length(is), words::length(least));
        let figures = vec![Figure::minutes(name, is), Figure::minutes("required", least)];
        let by = played.tournament.moment(later.start + least - is);
        (is < least).then(|| (told, figures, format!("kick {} off at {by} or later", later.of.id)))
    };
    let days = later.day - earlier.day;
    let (told, figures, resolution) = match kind {
        Kind::RestKickOff(least) => hours(between, *least, "between kick-offs", "between the kick-offs"),
        Kind::RestWhistle(least) => {
            hours(after, *least, "whistle to kick-off", "from the whistle to the kick-off")
        }
        Kind::RestCalendarDays(least) if days <= *least as usize => {
            let whole = i64::try_from(days).unwrap_or(i64::MAX) - 1;
            let told = if days == 0 {
                format!(
                    "on the same day, {} required between",
                    words::count(*least as usize, "whole day", "whole days")
                )
            } else {
                format!("{} between, {least} required", words::count(days - 1, "whole day", "whole days"))
            };
            let figures = vec![
                Figure::count("whole days between", whole, "days"),
                Figure::count("required", *least, "days"),
            ];
            let more = words::count(*least as usize + 1 - days, "day", "days");
            Some((told, figures, format!("kick {} off {more} later", later.of.id)))
        }
        Kind::TeamOnceADay if days == 0 => {
            let figures = vec![Figure::minutes("between kick-offs", between)];
            let resolution = format!("move {} to another day", later.of.id);
            Some(("both on the same day".to_owned(), figures, resolution))
        }
        _ => None,
    }?;
    let sentence = format!(
        "{} {} and {}: {told}",
        played.tournament.who(earlier.index, later.index),
        played.kick_off(earlier),
        played.kick_off(later),
    );
    Some(earlier.breaks_with(later, figures, sentence, resolution))
}
