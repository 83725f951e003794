//! Brackets: who wins plays on for the upper half of the ranks, who loses for the lower half, as far as is asked.

use super::{Entry, Planned};
use crate::domain::stage;

/// The first round of a bracket in order: neighbours meet, then the winners of neighbours. `None` is nobody: who
/// meets it goes on.
type Line = Vec<Option<Entry>>;

/// Brackets in the making.
pub(super) struct Bracket {
    pub(super) made: Vec<Planned>,
    /// Step of every first round.
    pub(super) first_step: usize,
    pub(super) last_rank: Option<usize>,
}

impl Bracket {
    /// Whether anybody plays for a rank.
    pub(super) fn is_played_for(&self, rank: usize) -> bool {
        self.last_rank.is_none_or(|last| rank <= last)
    }

    /// Plays for the ranks from `rank` on; `is_main` is the bracket that the title is played for in.
    pub(super) fn play(&mut self, rank: usize, line: &[Option<Entry>], is_main: bool) {
        self.round(rank, line, is_main, self.first_step);
    }

    fn round(&mut self, rank: usize, line: &[Option<Entry>], is_main: bool, step: usize) {
        let players = line.iter().flatten().count();
        if players < 2 || !self.is_played_for(rank) {
            return;
        }
        let stage = stage(rank, line.len(), players, is_main);
        let (mut winners, mut losers) = (Line::new(), Line::new());
        for pair in line.chunks(2) {
            let (winner, loser) = match pair {
                [Some(home), Some(away)] => {
                    let of = self.made.len();
                    self.made.push(Planned {
                        stage: stage.clone(),
                        group: String::new(),
                        round: 0,
                        step,
                        rank,
                        sides: [home.clone(), away.clone()],
                    });
                    let after = |is_winner| Some(Entry::After { of, is_winner });
                    (after(true), after(false))
                }
                [one, other] => (one.clone().or_else(|| other.clone()), None),
                _ => (pair.first().cloned().flatten(), None),
            };
            winners.push(winner);
            losers.push(loser);
        }
        let on = winners.iter().flatten().count();
        self.round(rank, &winners, is_main, step + 1);
        self.round(rank + on, &compact(losers), false, step + 1);
    }
}

/// A line without those pairs that are nobody twice, as long as a bracket.
fn compact(line: Line) -> Line {
    let players: Vec<Entry> = line.iter().flatten().cloned().collect();
    if players.len() == line.len() { line } else { in_pairs(players) }
}

fn stage(rank: usize, length: usize, players: usize, is_main: bool) -> String {
    match (is_main, length) {
        (_, 2) => stage::of_rank(rank),
        (true, 4) => "semi-final".to_owned(),
        (true, 8) => "quarter-final".to_owned(),
        (true, _) => format!("round of {length}"),
        (false, _) => format!("placement {rank}-{}", rank + players - 1),
    }
}

/// Entries as they stand, neighbours against each other; where they are no power of two, the first go through.
pub(super) fn in_pairs(entries: Vec<Entry>) -> Line {
    if entries.len().is_power_of_two() { entries.into_iter().map(Some).collect() } else { by_seed(entries) }
}

/// Entries by strength: the strongest meet each other as late as can be, and go through first rounds.
///
/// # Errors
/// Why they fit no bracket.
pub(super) fn seeded(entries: Vec<Entry>, has_byes: bool) -> Result<Line, String> {
    check(entries.len(), has_byes)?;
    Ok(by_seed(entries))
}

/// The best of each group against each other. With two of each group, and 2, 4, 8 … groups, the winner of
/// one meets the second of the next, and both teams of a group meet again in the final alone, as in the World Cups
/// of 32 teams; otherwise by place, so that nobody meets a team of its own group first where that can be.
///
/// # Errors
/// Why they fit no bracket.
pub(super) fn across_groups(groups: &[&String], advancing: usize, has_byes: bool) -> Result<Line, String> {
    check(groups.len() * advancing, has_byes)?;
    let entry = |place: usize, group: &str| Entry::Place {
        place: u32::try_from(place).unwrap_or(u32::MAX),
        group: group.to_owned(),
    };
    if advancing == 2 && groups.len() > 1 && groups.len().is_power_of_two() {
        let half = |winner: usize, second: usize| {
            let pairs = groups.chunks(2).map(move |pair| [(1, pair[winner]), (2, pair[second])]);
            pairs.flatten().map(|(place, group)| Some(entry(place, group)))
        };
        return Ok(half(0, 1).chain(half(1, 0)).collect());
    }
    let all = (1..=advancing).flat_map(|place| groups.iter().map(move |group| (place, *group)));
    let mut line = by_seed(all.map(|(place, group)| entry(place, group)).collect());
    part_groups(&mut line);
    Ok(line)
}

fn check(entries: usize, has_byes: bool) -> Result<(), String> {
    if entries < 2 {
        return Err(format!("{entries} go on, and a knockout needs two"));
    }
    if !entries.is_power_of_two() && !has_byes {
        return Err(format!(
            "{entries} teams are no bracket of {} or {}: let others go on, or allow byes",
            entries.next_power_of_two() / 2,
            entries.next_power_of_two()
        ));
    }
    Ok(())
}

/// Entries in the order in which a bracket seats the first, the second and so on.
fn by_seed(entries: Vec<Entry>) -> Line {
    let length = entries.len().next_power_of_two();
    let mut seeds = vec![0];
    while seeds.len() < length {
        let last = 2 * seeds.len() - 1;
        seeds = seeds.iter().flat_map(|seed| [*seed, last - seed]).collect();
    }
    let mut entries: Vec<Option<Entry>> = entries.into_iter().map(Some).collect();
    entries.resize(length, None);
    seeds.into_iter().map(|seed| entries[seed].clone()).collect()
}

/// Exchanges second sides until no pair is of one group, where that can be.
fn part_groups(line: &mut [Option<Entry>]) {
    let group = |entry: &Option<Entry>| match entry {
        Some(Entry::Place { group, .. }) => Some(group.clone()),
        _ => None,
    };
    let is_same = |line: &[Option<Entry>], pair: usize| {
        let (home, away) = (group(&line[2 * pair]), group(&line[2 * pair + 1]));
        home.is_some() && home == away
    };
    for pair in 0..line.len() / 2 {
        if !is_same(line, pair) {
            continue;
        }
        for other in 0..line.len() / 2 {
            line.swap(2 * pair + 1, 2 * other + 1);
            if line[2 * pair + 1].is_some() && !is_same(line, pair) && !is_same(line, other) {
                break;
            }
            line.swap(2 * pair + 1, 2 * other + 1);
        }
    }
}
