//! Tables, lots and brackets.

use std::collections::BTreeSet;

use matchday_api::scheduling::v1 as pb;
use matchday_kernel::{Common, Random, TeamName, TournamentName};
use matchday_rpc::parse::{self, micros_to_timestamp};
use matchday_store::Tx;

use super::{
    competitions, emit,
    season::{self, Season},
};
use crate::{
    Error,
    domain::{
        bracket::{self, Node},
        contest::{Contest, GroupKey, Seat},
        refused::Refusal,
        standings::{Line, Table, Taker},
    },
    store::{activities::ActivityRow, competitions as stored},
};

/// The tables of a season, of one competition or group where one is named.
pub(super) fn tables(season: &Season, competition: &str, group: &str) -> Vec<pb::Table> {
    let tables = season.contest.tables();
    let wanted = tables.iter().filter(|((of, name), _)| {
        (competition.is_empty() || of == competition) && (group.is_empty() || name == group)
    });
    wanted.map(|(key, table)| told(&season.contest, key, table)).collect()
}

fn told(contest: &Contest, (competition, group): &GroupKey, table: &Table) -> pb::Table {
    let criteria = contest.order(competition).criteria;
    pb::Table {
        competition: competition.clone(),
        group: group.clone(),
        standings: table.lines.iter().map(|line| standing(contest, line)).collect(),
        complete: table.is_complete,
        needs_lots: !table.undecided().is_empty(),
        tie_breakers: criteria.into_iter().map(|one| competitions::tie_breaker(one).into()).collect(),
    }
}

fn standing(contest: &Contest, line: &Line) -> pb::Standing {
    let count = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
    let [won, drawn, lost] = line.record;
    pb::Standing {
        team: line.team.clone(),
        display_name: contest.called(&line.team).to_owned(),
        position: count(line.position),
        shared: line.is_shared,
        decided_by: line.decided_by.map_or(0, |by| competitions::tie_breaker(by).into()),
        played: line.played(),
        won,
        drawn,
        lost,
        goals_for: line.goals[0],
        goals_against: line.goals[1],
        points: line.points,
    }
}

/// The bracket of a season, of one competition where one is named.
pub(super) fn bracket(season: &Season, competition: &str) -> pb::GetBracketResponse {
    let contest = &season.contest;
    let nodes = bracket::resolve(contest);
    let is_wanted = |of: &str| competition.is_empty() || of == competition;
    let matches = season.rows.iter().zip(&nodes).enumerate();
    let matches = matches.filter(|(_, (row, _))| row.match_group.is_empty() && is_wanted(&row.competition));
    let ranks = bracket::ranks(contest, &nodes);
    pb::GetBracketResponse {
        matches: matches.map(|(at, (row, node))| bracket_match(contest, at, row, node)).collect(),
        ranks: ranks
            .into_iter()
            .filter(|((of, _), _)| is_wanted(of))
            .map(|((competition, rank), team)| pb::Ranked {
                competition,
                rank: i32::try_from(rank).unwrap_or(i32::MAX),
                display_name: contest.called(&team).to_owned(),
                team,
            })
            .collect(),
    }
}

fn bracket_match(contest: &Contest, at: usize, row: &ActivityRow, node: &Node) -> pb::BracketMatch {
    let name = |taker: &Taker| match taker {
        Taker::Team(team) => team.clone(),
        Taker::Unknown | Taker::Nobody => String::new(),
    };
    let side = |seat: &Seat, taker: &Taker| {
        let team = name(taker);
        pb::BracketSide {
            slot: seat.slot.clone(),
            display_name: contest.called(&team).to_owned(),
            team,
            nobody: *taker == Taker::Nobody,
        }
    };
    let seats = &contest.games[at].seats;
    let activity = pb::Activity::from(row.clone());
    pb::BracketMatch {
        activity: row.name.clone(),
        competition: row.competition.clone(),
        stage: row.stage.clone(),
        start_time: Some(micros_to_timestamp(row.starts)),
        home: Some(side(&seats[0], &node.sides[0])),
        away: Some(side(&seats[1], &node.sides[1])),
        result: activity.r#match.and_then(|played| played.result),
        state: row.state,
        winner: name(&node.winner),
        loser: name(&node.loser),
    }
}

/// Lots, read and checked as far as they can be alone.
pub(super) struct Drawing {
    tournament: TournamentName,
    competition: String,
    group: String,
    teams: Vec<String>,
    /// What Matchday draws from, where people did not.
    seed: u64,
}

impl Drawing {
    pub(super) fn parse(request: &pb::RecordLotsRequest, seed: u64) -> Result<Self, Error> {
        for (index, team) in request.teams.iter().enumerate() {
            parse::text_as::<TeamName>(&format!("teams[{index}]"), team)?;
        }
        Ok(Self {
            tournament: parse::text_as("parent", &request.parent)?,
            competition: parse::required_text("competition", &request.competition)?,
            group: parse::required_text("group", &request.group)?,
            teams: request.teams.clone(),
            seed,
        })
    }

    pub(super) fn tournament(&self) -> &str {
        self.tournament.as_str()
    }

    pub(super) async fn carry_out(self, tx: &mut Tx) -> Result<pb::RecordLotsResponse, Error> {
        let now = tx.now();
        let season = Season::read(tx, self.tournament.as_str(), now).await?;
        let key = (self.competition.clone(), self.group.clone());
        let lots = self.lots(&season.contest, &key)?;
        let mut after = season.contest.clone();
        let drawn = after.lots.entry(key.clone()).or_default();
        // what was drawn before still counts for those that are not drawn again
        drawn.retain(|team| !lots.teams.contains(team));
        drawn.splice(0..0, lots.teams.iter().cloned());
        let kept = pb::Lots { teams: drawn.clone(), ..lots.clone() };
        stored::keep_lots(tx, self.tournament.as_str(), &kept).await?;
        let event = pb::LotsRecorded { tournament: self.tournament.to_string(), lots: Some(lots.clone()) };
        emit(tx, self.tournament.as_str(), &self.tournament, &event);
        let next = season::following(&season.contest, &after)?;
        let changed = season::go_on(tx, &self.tournament, &season.rows, next, "", false).await?;
        let table = after.tables().get(&key).map(|table| told(&after, &key, table));
        Ok(pb::RecordLotsResponse { lots: Some(lots), table, changed, change: tx.change().to_owned() })
    }

    fn lots(&self, contest: &Contest, key: &GroupKey) -> Result<pb::Lots, Error> {
        let refused = |why: &str| Refusal::LotsNotNeeded {
            competition: self.competition.clone(),
            group: self.group.clone(),
            why: why.to_owned(),
        };
        let tables = contest.tables();
        let table = tables.get(key).ok_or_else(|| refused("no match is played in it"))?;
        if !table.is_complete {
            return Err(refused("not all its matches have their results").into());
        }
        let undecided = table.undecided();
        if undecided.is_empty() {
            return Err(refused("nobody shares a position").into());
        }
        let equal: BTreeSet<&str> = undecided.into_iter().collect();
        if self.teams.is_empty() {
            let teams = shuffled(equal.into_iter().map(str::to_owned).collect(), self.seed);
            let (competition, group) = key.clone();
            return Ok(pb::Lots { competition, group, teams, seed: self.seed.to_string() });
        }
        let given: BTreeSet<&str> = self.teams.iter().map(String::as_str).collect();
        if given != equal || given.len() != self.teams.len() {
            let names: Vec<&str> = equal.into_iter().collect();
            let problem = format!("must be those that share a position, each once: {}", names.join(", "));
            return Err(Common::field("teams", problem).into());
        }
        let (competition, group) = key.clone();
        Ok(pb::Lots { competition, group, teams: self.teams.clone(), seed: String::new() })
    }
}

/// Names in an order drawn from a seed: the shuffle of Fisher and Yates, from the last to the first.
fn shuffled(mut names: Vec<String>, seed: u64) -> Vec<String> {
    let random = Random::seeded(seed);
    names.sort_unstable();
    for last in (1..names.len()).rev() {
        let mut bytes = [0; 8];
        random.fill(&mut bytes);
        let below = u64::try_from(last + 1).unwrap_or(u64::MAX);
        names.swap(last, usize::try_from(u64::from_le_bytes(bytes) % below).unwrap_or(last));
    }
    names
}
