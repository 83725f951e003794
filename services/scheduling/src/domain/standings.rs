//! Tables: a pure function of results and an ordered list of tie-breakers.
//!
//! | file | subject |
//! |---|---|
//! | `order` | tie-breakers, and the orders that have names |
//! | `ranking` | who is before whom |
//!
//! A team that has withdrawn before all its matches were played is out: its results count as not played, as
//! published regulations have it (goalball, art. 50: "previous results are automatically cancelled"; UEFA's club
//! competitions declare them null and void). One that has played them all keeps its place.

pub mod order;
mod ranking;

use std::collections::BTreeMap;

pub use order::{Criterion, Order, Points};
use ranking::{Bout, Ranking};

/// A match of a group, as a table reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meeting {
    /// Names of the teams; `None` while nobody knows who plays.
    pub sides: [Option<String>; 2],
    /// Goals of both sides; `None` before the result.
    pub goals: Option<[i32; 2]>,
    /// It does not take place.
    pub is_cancelled: bool,
}

/// A team of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name.
    pub team: String,
    /// It plays no further match.
    pub has_withdrawn: bool,
}

/// The line of a team.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Name of the team.
    pub team: String,
    /// Its position, from 1, which others may share; 0 when it is out.
    pub position: usize,
    /// Others share the position.
    pub is_shared: bool,
    /// What puts it behind the team above; `None` for the first, and where the position is shared.
    pub decided_by: Option<Criterion>,
    /// Matches won, drawn and lost.
    pub record: [i32; 3],
    /// Goals scored, and scored against.
    pub goals: [i32; 2],
    /// Its points.
    pub points: i32,
}

/// The table of a group or league.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// A line for each team by position, those that share one by name; who is out stands at the end.
    pub lines: Vec<Line>,
    /// Every match has its result, and everybody is known.
    pub is_complete: bool,
    /// Everybody is known, whatever the results are.
    pub is_drawn: bool,
}

/// Who takes a place of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taker {
    /// Nobody knows yet.
    Unknown,
    /// This team.
    Team(String),
    /// The group has fewer teams.
    Nobody,
}

impl Line {
    /// Matches that count.
    #[must_use]
    pub fn played(&self) -> i32 {
        self.record.iter().sum()
    }
}

impl Table {
    /// Works the table out. `lots` names teams in the order in which they were drawn.
    #[must_use]
    pub fn of(members: &[Member], meetings: &[Meeting], order: &Order, lots: &[String]) -> Self {
        let plays = |meeting: &Meeting, team: &str| meeting.sides.iter().flatten().any(|side| side == team);
        let is_missing = |meeting: &Meeting| meeting.is_cancelled || meeting.goals.is_none();
        let is_out = |member: &Member| {
            let mut own = meetings.iter().filter(|meeting| plays(meeting, &member.team));
            member.has_withdrawn && own.any(is_missing)
        };
        let (out, ranked): (Vec<&Member>, Vec<&Member>) = members.iter().partition(|member| is_out(member));
        let held: Vec<&Meeting> = meetings.iter().filter(|meeting| !meeting.is_cancelled).collect();
        let counts = |meeting: &&&Meeting| !out.iter().any(|member| plays(meeting, &member.team));
        let counting: Vec<&Meeting> = held.iter().filter(counts).copied().collect();

        let indexes: BTreeMap<&str, usize> =
            ranked.iter().enumerate().map(|(index, member)| (member.team.as_str(), index)).collect();
        let index = |side: &Option<String>| indexes.get(side.as_deref()?).copied();
        let mut ranking =
            Ranking { order, bouts: vec![Vec::new(); ranked.len()], lots: vec![None; ranked.len()] };
        for meeting in &counting {
            let sides = index(&meeting.sides[0]).zip(index(&meeting.sides[1]));
            let Some(((home, away), [scored, against])) = sides.zip(meeting.goals) else { continue };
            ranking.bouts[home].push(Bout { opponent: away, goals: [scored, against] });
            ranking.bouts[away].push(Bout { opponent: home, goals: [against, scored] });
        }
        for (lot, team) in lots.iter().enumerate() {
            if let Some(index) = indexes.get(team.as_str()) {
                ranking.lots[*index] = Some(lot);
            }
        }
        let mut lines = Vec::new();
        for class in ranking.classes() {
            let position = lines.len() + 1;
            let is_shared = class.teams.len() > 1;
            let mut shared: Vec<Line> = class.teams.iter().map(|index| ranking.line(*index)).collect();
            for (line, index) in shared.iter_mut().zip(&class.teams) {
                line.team.clone_from(&ranked[*index].team);
                (line.position, line.is_shared) = (position, is_shared);
                line.decided_by = class.behind_by.filter(|_| !is_shared);
            }
            shared.sort_by(|one, other| one.team.cmp(&other.team));
            lines.extend(shared);
        }
        lines.extend(out.iter().map(|member| Line { team: member.team.clone(), ..Line::default() }));
        let is_drawn =
            !meetings.is_empty() && held.iter().all(|meeting| meeting.sides.iter().all(Option::is_some));
        let is_complete = is_drawn && counting.iter().all(|meeting| meeting.goals.is_some());
        Self { lines, is_complete, is_drawn }
    }

    /// Who takes a place, from 1; `None` is the last. It is known when all matches are played and nobody shares it.
    #[must_use]
    pub fn taker(&self, place: Option<u32>) -> Taker {
        let ranked: Vec<&Line> = self.lines.iter().filter(|line| line.position > 0).collect();
        let place = place.map_or(ranked.len(), |place| usize::try_from(place).unwrap_or(usize::MAX));
        if self.is_drawn && (place == 0 || place > ranked.len()) {
            return Taker::Nobody;
        }
        match place.checked_sub(1).and_then(|index| ranked.get(index)) {
            Some(line) if self.is_complete && !line.is_shared => Taker::Team(line.team.clone()),
            _ => Taker::Unknown,
        }
    }

    /// Names of the teams that share a position although everything is played: lots decide.
    #[must_use]
    pub fn undecided(&self) -> Vec<&str> {
        let shared = self.lines.iter().filter(|line| line.is_shared && self.is_complete);
        shared.map(|line| line.team.as_str()).collect()
    }
}

#[cfg(test)]
mod tests;
