//! Matches and teams of a tournament, as tables and brackets read them.

use std::collections::BTreeMap;

use super::{
    result::Score,
    standings::{Meeting, Member, Order, Points, Table},
};

/// A match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Game {
    /// Name of the activity.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// Competition.
    pub competition: String,
    /// Stage.
    pub stage: String,
    /// Group; empty in a knockout.
    pub group: String,
    /// Who plays.
    pub seats: [Seat; 2],
    /// Its result.
    pub score: Option<Score>,
    /// It has begun: what it is stays.
    pub has_begun: bool,
    /// It does not take place.
    pub is_cancelled: bool,
}

/// A side of a match.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seat {
    /// The slot, as the schedule writes it; empty where a team was named directly.
    pub slot: String,
    /// Name of the team; empty while nobody has taken the slot.
    pub team: String,
}

/// Whether a team still plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It plays.
    Entered,
    /// It has withdrawn.
    Withdrawn,
    /// Another has taken its place.
    Replaced,
}

/// A team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entrant {
    /// What people call it.
    pub display_name: String,
    /// Competition it plays in.
    pub competition: String,
    /// Group it was drawn into.
    pub group: String,
    /// Whether it still plays.
    pub presence: Presence,
}

/// Longest title, in characters: what people write is no longer either.
const LONGEST_TITLE: usize = 500;

/// A title with another name in it; as it was where that would make it too long.
#[must_use]
pub fn retitled(title: &str, was: &str, now: &str) -> String {
    let retitled = if was.is_empty() { title.to_owned() } else { title.replacen(was, now, 1) };
    if retitled.chars().count() > LONGEST_TITLE { title.to_owned() } else { retitled }
}

/// A competition and a group of it.
pub type GroupKey = (String, String);

/// Everything that tables and brackets are made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contest {
    /// The matches.
    pub games: Vec<Game>,
    /// The teams, by name.
    pub teams: BTreeMap<String, Entrant>,
    /// Orders of tie-breakers, by competition; others have that of FIFA.
    pub orders: BTreeMap<String, Order>,
    /// Names of teams in the order in which they were drawn.
    pub lots: BTreeMap<GroupKey, Vec<String>>,
}

impl Game {
    /// The last part of its name.
    #[must_use]
    pub fn id(&self) -> &str {
        self.name.rsplit('/').next().unwrap_or(&self.name)
    }

    /// Whether its result may stand between two teams that are level: it is of a group or league.
    #[must_use]
    pub fn may_be_drawn(&self) -> bool {
        !self.group.is_empty()
    }
}

impl Seat {
    /// Reads a side, and the slot it was written as before a team took it.
    #[must_use]
    pub fn read(side: &str, slot: &str) -> Self {
        if side.starts_with("tournaments/") {
            return Self { slot: slot.to_owned(), team: side.to_owned() };
        }
        Self { slot: side.to_owned(), team: String::new() }
    }

    /// Its team, where it is known.
    #[must_use]
    pub fn known(&self) -> Option<&String> {
        (!self.team.is_empty()).then_some(&self.team)
    }
}

impl Contest {
    /// Whether a team has withdrawn.
    #[must_use]
    pub fn has_withdrawn(&self, team: &str) -> bool {
        self.teams.get(team).is_some_and(|team| team.presence == Presence::Withdrawn)
    }

    /// What people call a team.
    #[must_use]
    pub fn called<'a>(&'a self, team: &'a str) -> &'a str {
        self.teams.get(team).map_or(team, |team| &team.display_name)
    }

    /// The order of tie-breakers of a competition.
    #[must_use]
    pub fn order(&self, competition: &str) -> Order {
        self.orders.get(competition).cloned().unwrap_or_else(|| Order::fifa(Points::default()))
    }

    /// The table of every group in which matches are played.
    #[must_use]
    pub fn tables(&self) -> BTreeMap<GroupKey, Table> {
        let mut groups: BTreeMap<GroupKey, (BTreeMap<&str, Member>, Vec<Meeting>)> = BTreeMap::new();
        for game in self.games.iter().filter(|game| !game.group.is_empty()) {
            let key = (game.competition.clone(), game.group.clone());
            let (members, meetings) = groups.entry(key).or_default();
            for team in game.seats.iter().filter_map(Seat::known) {
                members.insert(team, self.member(team));
            }
            meetings.push(Meeting {
                sides: game.seats.each_ref().map(|seat| seat.known().cloned()),
                goals: game.score.as_ref().map(|score| score.goals),
                is_cancelled: game.is_cancelled,
            });
        }
        for (name, team) in self.teams.iter().filter(|(_, team)| team.presence != Presence::Replaced) {
            if let Some((members, _)) = groups.get_mut(&(team.competition.clone(), team.group.clone())) {
                members.insert(name, self.member(name));
            }
        }
        let table = |(key, (members, meetings)): (GroupKey, (BTreeMap<&str, Member>, Vec<Meeting>))| {
            let members: Vec<Member> = members.into_values().collect();
            let lots = self.lots.get(&key).map(Vec::as_slice).unwrap_or_default();
            let table = Table::of(&members, &meetings, &self.order(&key.0), lots);
            (key, table)
        };
        groups.into_iter().map(table).collect()
    }

    fn member(&self, team: &str) -> Member {
        Member { team: team.to_owned(), has_withdrawn: self.has_withdrawn(team) }
    }
}
