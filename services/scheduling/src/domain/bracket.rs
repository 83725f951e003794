//! Who takes the slots of a bracket, as far as results say.
//!
//! | file | subject |
//! |---|---|
//! | `progress` | what changes in the schedule when results, lots or teams do |
//! | `replace` | what changes when a team takes the place of another |
//!
//! A place in a group is known when all its matches are played and nobody shares it; nothing is concluded before,
//! however certain it may look. Where nobody takes a side, because a team has withdrawn or a group has fewer
//! teams, the match does not take place and the other side goes on.

mod progress;
mod replace;

use std::collections::{BTreeMap, VecDeque};

pub use progress::{Change, progress};
pub use replace::replace;

use super::{
    check::slot::Slot,
    contest::{Contest, Game, GroupKey},
    result::Score,
    stage,
    standings::{Table, Taker},
};

/// Who plays a match, and who goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Who takes its sides, or should have.
    pub sides: [Taker; 2],
    /// Who wins, or goes on without playing.
    pub winner: Taker,
    /// Who loses; nobody where nobody plays.
    pub loser: Taker,
}

impl Node {
    fn unknown() -> Self {
        let open = || Taker::Unknown;
        Self { sides: [open(), open()], winner: open(), loser: open() }
    }

    /// Whether it does not take place, because nobody takes one of its sides.
    #[must_use]
    pub fn is_void(&self) -> bool {
        self.sides.contains(&Taker::Nobody)
    }
}

/// Who plays every match of a contest, in the order of its matches.
#[must_use]
pub fn resolve(contest: &Contest) -> Vec<Node> {
    let tables = contest.tables();
    let bracket = Bracket { contest, tables };
    let by_id: BTreeMap<&str, usize> =
        contest.games.iter().enumerate().map(|(index, game)| (game.id(), index)).collect();
    let feeders: Vec<[Option<usize>; 2]> = contest
        .games
        .iter()
        .map(|game| {
            game.seats.each_ref().map(|seat| match Slot::read(&seat.slot, &game.competition) {
                Slot::OfMatch { id, .. } => by_id.get(id.as_str()).copied(),
                _ => None,
            })
        })
        .collect();
    let mut fed: Vec<Vec<usize>> = vec![Vec::new(); feeders.len()];
    for (index, sources) in feeders.iter().enumerate() {
        for source in sources.iter().flatten() {
            fed[*source].push(index);
        }
    }
    let mut nodes = vec![Node::unknown(); contest.games.len()];
    // each match again when what feeds it is known; what waits for itself is never known
    let mut open: VecDeque<usize> = (0..nodes.len()).collect();
    while let Some(index) = open.pop_front() {
        let node = bracket.node(&contest.games[index], feeders[index], &nodes);
        if node != nodes[index] {
            nodes[index] = node;
            open.extend(&fed[index]);
        }
    }
    nodes
}

struct Bracket<'a> {
    contest: &'a Contest,
    tables: BTreeMap<GroupKey, Table>,
}

impl Bracket<'_> {
    fn node(&self, game: &Game, feeders: [Option<usize>; 2], nodes: &[Node]) -> Node {
        let sides = [0, 1].map(|side| match self.taker(game, side, feeders[side], nodes) {
            Taker::Team(team) if self.contest.has_withdrawn(&team) && !game.has_begun => Taker::Nobody,
            taker => taker,
        });
        let (winner, loser) = outcome(game, &sides);
        Node { sides, winner, loser }
    }

    fn taker(&self, game: &Game, side: usize, feeder: Option<usize>, nodes: &[Node]) -> Taker {
        let seat = &game.seats[side];
        if seat.slot.is_empty() {
            return Taker::Team(seat.team.clone());
        }
        match Slot::read(&seat.slot, &game.competition) {
            Slot::OfMatch { winner, .. } => feeder.map_or(Taker::Unknown, |feeder| {
                let node = &nodes[feeder];
                if winner { node.winner.clone() } else { node.loser.clone() }
            }),
            Slot::OfGroup { competition, group, place, .. } => {
                self.tables.get(&(competition, group)).map_or(Taker::Unknown, |table| table.taker(place))
            }
            Slot::Unread { .. } => Taker::Unknown,
        }
    }
}

/// Who wins and who loses.
fn outcome(game: &Game, sides: &[Taker; 2]) -> (Taker, Taker) {
    if let Some(winner) = game.score.as_ref().and_then(Score::winner) {
        // what was played is a fact, whoever would play it now
        let played = |side: usize| match game.seats[side].known() {
            Some(team) => Taker::Team(team.clone()),
            None => sides[side].clone(),
        };
        return (played(winner), played(1 - winner));
    }
    match sides {
        [Taker::Nobody, other] | [other, Taker::Nobody] => (other.clone(), Taker::Nobody),
        _ => (Taker::Unknown, Taker::Unknown),
    }
}

/// The ranks of each competition that are decided, by competition and rank.
#[must_use]
pub fn ranks(contest: &Contest, nodes: &[Node]) -> BTreeMap<(String, usize), String> {
    let mut ranks = BTreeMap::new();
    for (game, node) in contest.games.iter().zip(nodes) {
        let Some(rank) = stage::rank_of(&game.stage).filter(|_| game.group.is_empty()) else { continue };
        for (rank, taker) in [(rank, &node.winner), (rank + 1, &node.loser)] {
            if let Taker::Team(team) = taker {
                ranks.insert((game.competition.clone(), rank), team.clone());
            }
        }
    }
    ranks
}

#[cfg(test)]
mod tests;
