//! Rounds in which every team meets every other, by the circle method: one team stays, the others turn around it.
//! With an odd number of teams one is idle in each round.

use super::{Entry, Planned};

/// The matches of a group by round; twice with the sides exchanged where two teams meet twice.
pub(super) fn matches(stage: &str, group: &str, teams: &[String], legs: usize) -> Vec<Planned> {
    let rounds = rounds(teams.len());
    let mut made = Vec::new();
    for leg in 0..legs {
        for (round, pairs) in rounds.iter().enumerate() {
            let round = leg * rounds.len() + round;
            for (home, away) in pairs {
                let sides = if leg == 0 { [*home, *away] } else { [*away, *home] };
                made.push(Planned {
                    stage: stage.to_owned(),
                    group: group.to_owned(),
                    round: round + 1,
                    step: round,
                    rank: 0,
                    sides: sides.map(|team| Entry::Team(teams[team].clone())),
                });
            }
        }
    }
    made
}

/// Pairs of each round, by index.
fn rounds(teams: usize) -> Vec<Vec<(usize, usize)>> {
    // who meets the one that is not there is idle
    let seats = teams + teams % 2;
    let turning = seats - 1;
    let at = |round: usize, seat: usize| if seat == 0 { turning } else { (round + seat - 1) % turning };
    let pair = |round: usize, seat: usize| {
        let (one, other) = (at(round, seat), at(round, seats - 1 - seat));
        // the one that stays is at home every other time
        if seat == 0 && round % 2 == 1 { (other, one) } else { (one, other) }
    };
    (0..turning)
        .map(|round| {
            let pairs = (0..seats / 2).map(|seat| pair(round, seat));
            pairs.filter(|(one, other)| *one < teams && *other < teams).collect()
        })
        .collect()
}
