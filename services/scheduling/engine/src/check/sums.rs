//! Sums with a limit: matches of a day, play that a pitch bears, crowds at the same time.

use std::collections::BTreeMap;

use super::played::{Game, Played};
use super::report::{Figure, Finding, Violation};
use super::tournament::{Reach, Tournament};
use super::words;
use crate::model::Minute;

const NONE: &str = "no match with a place is one that the rule is about";

/// Most matches of a pitch and day.
pub(super) fn of_pitch_and_day(played: &Played, reach: &Reach, most: u32) -> Finding {
    let name = |game: &Game| format!("pitch {}", played.pitch(game));
    of_day(played, reach, most, |game| game.pitch, name)
}

/// Most matches of a venue and day.
pub(super) fn of_venue_and_day(played: &Played, reach: &Reach, most: u32) -> Finding {
    let Tournament { instance, venues, .. } = played.tournament;
    let name = |game: &Game| format!("venue {}", instance.pitches[game.pitch].venue);
    of_day(played, reach, most, |game| venues[game.pitch], name)
}

fn of_day<'t>(
    played: &Played<'t>,
    reach: &Reach,
    most: u32,
    place: impl Fn(&Game<'t>) -> usize,
    name: impl Fn(&Game<'t>) -> String,
) -> Finding {
    let mut days: BTreeMap<(usize, usize), Vec<Game>> = BTreeMap::new();
    for game in played.within(reach) {
        days.entry((place(&game), game.day)).or_default().push(game);
    }
    let looked_at = days.len();
    let violations = days.into_iter().filter_map(|((place, day), games)| {
        let label = &played.tournament.instance.days[day].label;
        let matches: Vec<usize> = games.iter().map(|game| game.index).collect();
        let over = over(played, &matches, most);
        (over > 0).then(|| Violation {
            units: number(over),
            figures: vec![
                Figure::count("matches", number(matches.len()), "matches"),
                Figure::count("most", most, "matches"),
            ],
            sentence: format!(
                "{} has {} on {label}, {most} at most: {}",
                name(&games[0]),
                words::count(matches.len(), "match", "matches"),
                played.tournament.ids(&matches)
            ),
            resolution: format!(
                "move {} of them to another day or place",
                words::count(over, "match", "matches")
            ),
            subject: (place, day),
            matches,
        })
    });
    let violations = violations.collect();
    Finding::among(looked_at, "days with matches", NONE, violations)
}

/// Most minutes of play that a pitch of a surface bears in seven days.
pub(super) fn wear(played: &Played, reach: &Reach, surface: &str, most: u32) -> Finding {
    let instance = played.tournament.instance;
    let mut pitches: BTreeMap<usize, Vec<Game>> = BTreeMap::new();
    for game in played.within(reach) {
        if surface.is_empty() || instance.pitches[game.pitch].surface == surface {
            pitches.entry(game.pitch).or_default().push(game);
        }
    }
    let looked_at = pitches.len();
    let mut violations = Vec::new();
    for (pitch, games) in pitches {
        let mut days = vec![[0_i64; 2]; instance.days.len()];
        for game in &games {
            days[game.day][0] += i64::from(game.of.length);
            days[game.day][1] += i64::from(game.of.length) * i64::from(played.tournament.begun[game.index]);
        }
        let week = |first: usize, of: usize| days[first..].iter().take(7).map(|day| day[of]).sum::<i64>();
        let over = |first: usize| week(first, 0) - week(first, 1).max(i64::from(most));
        // Of equally worn weeks the first.
        let weeks = (0..days.len()).map(|first| (over(first), first));
        let Some((over, first)) = weeks.max_by_key(|(over, first)| (*over, std::cmp::Reverse(*first))) else {
            continue;
        };
        let worst = week(first, 0);
        if over <= 0 {
            continue;
        }
        let last = (first + 6).min(instance.days.len() - 1);
        let matches: Vec<usize> = games
            .iter()
            .filter(|game| (first..first + 7).contains(&game.day))
            .map(|game| game.index)
            .collect();
        violations.push(Violation {
            units: over,
            figures: vec![Figure::minutes("play in seven days", worst), Figure::minutes("most", most)],
            sentence: format!(
                "pitch {} bears {} of play from {} to {}, {} at most: {}",
                instance.pitches[pitch].id,
                words::length(worst),
                instance.days[first].label,
                instance.days[last].label,
                words::length(most),
                played.tournament.ids(&matches)
            ),
            resolution: format!("move {} of play to another pitch or week", words::length(over)),
            subject: (pitch, pitch),
            matches,
        });
    }
    Finding::among(looked_at, "pitches", "no match is on a pitch that the rule is about", violations)
}

/// Most crowd of matches that are in play at the same time.
pub(super) fn crowd_at_once(played: &Played, reach: &Reach, most: u32) -> Finding {
    let games: Vec<Game> = played.within(reach).filter(|game| game.of.crowd > 0).collect();
    let most_at = |begun: i64| begun.max(i64::from(most));
    let mut steps: Vec<(Minute, i64, i64)> = Vec::new();
    for game in &games {
        let crowd = i64::from(game.of.crowd);
        let begun = crowd * i64::from(played.tournament.begun[game.index]);
        steps.extend([(game.start, crowd, begun), (game.whistle, -crowd, -begun)]);
    }
    // Who leaves at a whistle has left before those come that are expected at the same minute.
    steps.sort_unstable();
    let crowds = steps.iter().scan((0, 0), |(crowd, begun), (at, step, of_begun)| {
        (*crowd, *begun) = (*crowd + step, *begun + of_begun);
        Some((*crowd - most_at(*begun), *crowd, *at))
    });
    let worst = crowds.max_by_key(|(over, _, at)| (*over, std::cmp::Reverse(*at)));
    let in_play = |start| games.iter().filter(move |game| game.start <= start && start < game.whistle);
    let violation = worst.filter(|(over, _, _)| *over > 0).map(|(over, crowd, start)| {
        let matches: Vec<usize> = in_play(start).map(|game| game.index).collect();
        Violation {
            units: over,
            figures: vec![Figure::count("expected", crowd, "people"), Figure::count("most", most, "people")],
            sentence: format!(
                "{crowd} are expected at {} together, {most} at most: {}",
                played.tournament.moment(start),
                played.tournament.ids(&matches)
            ),
            resolution: "kick some of them off at another time".to_owned(),
            subject: (0, 0),
            matches,
        }
    });
    let none = "no match that the rule is about expects a crowd";
    Finding::among(games.len(), "matches", none, violation.into_iter().collect())
}

/// By how many some matches are too many: those that have begun never are.
pub(super) fn over(played: &Played, matches: &[usize], most: u32) -> usize {
    matches.len().saturating_sub(played.begun(matches).max(most as usize))
}

pub(super) fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
