//! Rounds of a group that nobody said: the earliest in which neither team plays yet, in the order of the schedule.
//!
//! Only a group in which everybody plays everybody once, and whose rounds come out whole, gets them: the engine looks
//! at its last round alone.

use std::collections::{BTreeMap, BTreeSet};

use matchday_timetable::model::{Instance, Side};

use super::placement::Game;

/// Gives the matches of groups their rounds where nobody said any.
pub(super) fn complete(instance: &mut Instance, games: &[Game]) {
    let mut groups: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    for (index, game) in instance.matches.iter().enumerate().filter(|(_, game)| !game.group.is_empty()) {
        groups.entry((&game.competition, &game.group)).or_default().push(index);
    }
    let mut rounds: Vec<(usize, u32)> = Vec::new();
    for mut members in groups.into_values() {
        if members.iter().all(|index| instance.matches[*index].round == 0) {
            members.sort_by_key(|index| (games[*index].place().start, *index));
            let sides: Vec<[Side; 2]> = members.iter().map(|index| instance.matches[*index].sides).collect();
            rounds.extend(members.into_iter().zip(of(&sides).unwrap_or_default()));
        }
    }
    for (index, round) in rounds {
        instance.matches[index].round = round;
    }
}

/// The rounds of matches in their order; `None` when they do not come out whole.
fn of(matches: &[[Side; 2]]) -> Option<Vec<u32>> {
    let teams: BTreeSet<Side> = matches.iter().flatten().copied().collect();
    let is_whole = teams.len().is_multiple_of(2) && matches.len() * 2 == teams.len() * (teams.len() - 1);
    if !is_whole {
        return None;
    }
    let mut playing: Vec<BTreeSet<Side>> = Vec::new();
    let mut rounds = Vec::with_capacity(matches.len());
    for sides in matches {
        let is_free = |round: &BTreeSet<Side>| !sides.iter().any(|side| round.contains(side));
        let round = playing.iter().position(is_free).unwrap_or_else(|| {
            playing.push(BTreeSet::new());
            playing.len() - 1
        });
        playing[round].extend(sides);
        rounds.push(u32::try_from(round + 1).ok()?);
    }
    (playing.len() == teams.len() - 1).then_some(rounds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pairs: &[(usize, usize)]) -> Vec<[Side; 2]> {
        pairs.iter().map(|(home, away)| [Side::Team(*home), Side::Team(*away)]).collect()
    }

    #[test]
    fn a_group_of_four_has_three_rounds_of_two() {
        let found = of(&matches(&[(0, 1), (2, 3), (0, 2), (1, 3), (0, 3), (1, 2)]));
        assert_eq!(found, Some(vec![1, 1, 2, 2, 3, 3]));
    }

    #[test]
    fn what_does_not_come_out_whole_has_none() {
        assert_eq!(of(&matches(&[(0, 1), (1, 2), (0, 2)])), None, "a group of three");
        assert_eq!(of(&matches(&[(0, 1), (2, 3), (0, 2), (1, 3), (0, 3)])), None, "a match is missing");
    }
}
