//! Descriptions of competitions: read, checked, kept.

use std::collections::BTreeSet;

use matchday_api::scheduling::v1 as pb;
use matchday_kernel::{Common, TeamName, TournamentName};
use matchday_rpc::parse;
use matchday_store::{Conn, Tx};

use super::{
    emit,
    season::{self, Season},
};
use crate::{
    Error,
    domain::{
        format::{Format, Knockout},
        refused::Refusal,
        standings::{Criterion, Order, Points},
    },
    store::competitions as stored,
};

/// Most competitions of a tournament that are described.
const MOST: usize = 50;
/// Most points of a match.
const MOST_POINTS: i32 = 100;
/// Most teams of a knockout alone, and the largest rank that is played for.
const MOST_TEAMS: usize = 1024;

/// A description to keep, read and checked as far as it can be alone.
pub(super) struct Describe {
    tournament: TournamentName,
    competition: pb::Competition,
}

impl Describe {
    pub(super) fn parse(request: &pb::ApplyCompetitionRequest) -> Result<Self, Error> {
        let tournament: TournamentName = parse::text_as("parent", &request.parent)?;
        let wanted = parse::required("competition", request.competition.clone())?;
        let competition = pb::Competition {
            competition: parse::required_text("competition.competition", &wanted.competition)?,
            provenance: Some(parse::provenance("competition.provenance", wanted.provenance.clone())?),
            described: true,
            ..wanted
        };
        order(&competition)?;
        if let Some(wanted) = &competition.format {
            format(&tournament, wanted)?;
        }
        Ok(Self { tournament, competition })
    }

    pub(super) fn tournament(&self) -> &str {
        self.tournament.as_str()
    }

    pub(super) async fn carry_out(self, tx: &mut Tx) -> Result<pb::ApplyCompetitionResponse, Error> {
        let Self { tournament, competition } = self;
        let now = tx.now();
        let season = Season::read(tx, tournament.as_str(), now).await?;
        check_known(&season, tournament.as_str(), &competition.competition)?;
        let described = stored::of_tournament(tx, tournament.as_str()).await?;
        let is_new = described.iter().all(|one| one.competition != competition.competition);
        if is_new && described.len() >= MOST {
            let problem = format!("{MOST} competitions of {tournament} are described already");
            return Err(Common::field("competition", problem).into());
        }
        stored::describe(tx, tournament.as_str(), &competition).await?;
        let event = pb::CompetitionApplied {
            tournament: tournament.to_string(),
            competition: Some(competition.clone()),
        };
        emit(tx, tournament.as_str(), &tournament, &event);
        // another order may decide other ranks
        let after = Season::read(tx, tournament.as_str(), now).await?;
        let next = season::following(&season.contest, &after.contest)?;
        season::go_on(tx, &tournament, &after.rows, next, "", false).await?;
        Ok(pb::ApplyCompetitionResponse { competition: Some(competition) })
    }
}

/// The competitions of a tournament: described, or as they are where nobody says anything.
pub(super) async fn list(
    conn: &mut Conn,
    season: &Season,
    tournament: &str,
) -> Result<Vec<pb::Competition>, Error> {
    let mut competitions = stored::of_tournament(conn, tournament).await?;
    let described: BTreeSet<String> = competitions.iter().map(|one| one.competition.clone()).collect();
    for name in names(season).into_iter().filter(|name| !described.contains(*name)) {
        competitions.push(pb::Competition { competition: name.to_owned(), ..pb::Competition::default() });
    }
    competitions.sort_by(|one, other| one.competition.cmp(&other.competition));
    Ok(competitions)
}

fn names(season: &Season) -> BTreeSet<&str> {
    let of_teams = season.contest.teams.values().map(|team| team.competition.as_str());
    of_teams.chain(season.contest.games.iter().map(|game| game.competition.as_str())).collect()
}

/// Refuses a competition that nobody plays in.
pub(super) fn check_known(season: &Season, tournament: &str, competition: &str) -> Result<(), Error> {
    let names = names(season);
    if names.contains(competition) {
        return Ok(());
    }
    let known: Vec<String> = names.into_iter().map(|name| format!("{name:?}")).collect();
    Err(Refusal::CompetitionUnknown {
        tournament: tournament.to_owned(),
        competition: competition.to_owned(),
        known: if known.is_empty() { "none".to_owned() } else { known.join(", ") },
    }
    .into())
}

/// The order of tie-breakers of a description.
pub(super) fn order(competition: &pb::Competition) -> Result<Order, Error> {
    let field = "competition.tie_breakers";
    let points = Points {
        won: number("competition.points_won", competition.points_won, 3)?,
        drawn: number("competition.points_drawn", competition.points_drawn.unwrap_or(1), 0)?,
    };
    if points.drawn > points.won {
        return Err(Common::field("competition.points_drawn", "are more than those of a match won").into());
    }
    let order = pb::TieBreakOrder::try_from(competition.order)
        .map_err(|_| Common::field("competition.order", "is no value of this field"))?;
    if order == pb::TieBreakOrder::Custom {
        let criteria = competition.tie_breakers.iter().enumerate().map(|(index, breaker)| {
            parse::one_of::<pb::TieBreaker>(&format!("{field}[{index}]"), *breaker).map(criterion)
        });
        let criteria: Vec<Criterion> = criteria.collect::<Result<_, _>>()?;
        let different: BTreeSet<Criterion> = criteria.iter().copied().collect();
        if criteria.first() != Some(&Criterion::Points) || different.len() != criteria.len() {
            return Err(Common::field(field, "must begin with points, and name each tie-breaker once").into());
        }
        return Ok(Order::custom(criteria, points));
    }
    if !competition.tie_breakers.is_empty() {
        return Err(Common::field(field, "are of a custom order alone").into());
    }
    Ok(if order == pb::TieBreakOrder::Uefa { Order::uefa(points) } else { Order::fifa(points) })
}

fn number(field: &str, number: i32, when_none: i32) -> Result<i32, Error> {
    match number {
        0 => Ok(when_none),
        1..=MOST_POINTS => Ok(number),
        _ => Err(Common::field(field, format!("must lie between 0 and {MOST_POINTS}")).into()),
    }
}

fn criterion(breaker: pb::TieBreaker) -> Criterion {
    match breaker {
        pb::TieBreaker::Points | pb::TieBreaker::Unspecified => Criterion::Points,
        pb::TieBreaker::GoalDifference => Criterion::GoalDifference,
        pb::TieBreaker::Goals => Criterion::Goals,
        pb::TieBreaker::Wins => Criterion::Wins,
        pb::TieBreaker::HeadToHeadPoints => Criterion::HeadToHeadPoints,
        pb::TieBreaker::HeadToHeadGoalDifference => Criterion::HeadToHeadGoalDifference,
        pb::TieBreaker::HeadToHeadGoals => Criterion::HeadToHeadGoals,
        pb::TieBreaker::Lots => Criterion::Lots,
    }
}

/// A tie-breaker as the contract names it.
pub(super) fn tie_breaker(criterion: Criterion) -> pb::TieBreaker {
    match criterion {
        Criterion::Points => pb::TieBreaker::Points,
        Criterion::GoalDifference => pb::TieBreaker::GoalDifference,
        Criterion::Goals => pb::TieBreaker::Goals,
        Criterion::Wins => pb::TieBreaker::Wins,
        Criterion::HeadToHeadPoints => pb::TieBreaker::HeadToHeadPoints,
        Criterion::HeadToHeadGoalDifference => pb::TieBreaker::HeadToHeadGoalDifference,
        Criterion::HeadToHeadGoals => pb::TieBreaker::HeadToHeadGoals,
        Criterion::Lots => pb::TieBreaker::Lots,
    }
}

/// How a competition is played.
pub(super) fn format(tournament: &TournamentName, format: &pb::Format) -> Result<Format, Error> {
    let field = |name: &str| format!("competition.format.{name}");
    let count = |name: &str, number: i32, least: usize, most: usize| {
        let read = usize::try_from(number).ok().filter(|number| (least..=most).contains(number));
        read.ok_or_else(|| {
            Error::from(Common::field(field(name), format!("must lie between {least} and {most}")))
        })
    };
    let kind = parse::one_of(&field("kind"), format.kind)?;
    let legs = count("legs", format.legs, 0, 2)?;
    let last_rank = count("last_rank", format.last_rank, 0, MOST_TEAMS)?;
    let knockout = Knockout { last_rank: (last_rank > 0).then_some(last_rank), has_byes: format.byes };
    let is_league = kind == pb::FormatKind::League;
    let is_alone = kind == pb::FormatKind::Knockout;
    for (name, is_given, belongs) in [
        ("legs", legs > 0, !is_alone),
        ("advancing", format.advancing != 0, !is_league && !is_alone),
        ("last_rank", last_rank > 0, !is_league),
        ("byes", format.byes, !is_league),
        ("seeds", !format.seeds.is_empty(), is_alone),
    ] {
        if is_given && !belongs {
            return Err(Common::field(field(name), "says nothing of a format of this kind").into());
        }
    }
    match kind {
        pb::FormatKind::League | pb::FormatKind::Unspecified => Ok(Format::League { legs: legs.max(1) }),
        pb::FormatKind::GroupsAndKnockout => Ok(Format::Groups {
            legs: legs.max(1),
            advancing: count("advancing", format.advancing, 1, 64)?,
            knockout,
        }),
        pb::FormatKind::Knockout => {
            Ok(Format::Knockout { knockout, seeds: seeds(tournament, &format.seeds)? })
        }
    }
}

fn seeds(tournament: &TournamentName, seeds: &[String]) -> Result<Vec<String>, Error> {
    let field = "competition.format.seeds";
    if seeds.len() > MOST_TEAMS {
        return Err(Common::field(field, format!("are more than {MOST_TEAMS}")).into());
    }
    for (index, seed) in seeds.iter().enumerate() {
        let field = format!("{field}[{index}]");
        let team: TeamName = parse::text_as(&field, seed)?;
        if team.parent() != *tournament {
            return Err(Common::field(field, format!("{team} is of another tournament")).into());
        }
    }
    Ok(seeds.to_vec())
}
