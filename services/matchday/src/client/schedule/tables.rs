//! `matchday schedule standings`, `lots` and `bracket`: who stands where, and who plays whom.

use clap::Args;
use matchday_api::scheduling::v1::{
    ActivityState, BracketMatch, BracketSide, GetBracketRequest, GetStandingsRequest, Ranked,
    RecordLotsRequest, Standing, Table, TieBreaker,
};
use matchday_kernel::{TeamName, TournamentName};

use super::super::{activity, connection::Client, names, refusal::Repeat, times, times::Clocks};
use crate::{
    failure::{Failure, say},
    output::{Cell, Column, Format, Shown, ToJson, json, print},
    words,
};

/// Tables to show.
#[derive(Args)]
#[command(
    after_long_help = "Who shares a position has `=` behind it: nothing separates them, and lots must be drawn once \
                             everything is played. A team without a position has withdrawn, and its matches do not \
                             count.\n\nExamples:\n  matchday schedule standings fisu-2023\n  matchday schedule \
                             standings fisu-2023 --competition men --group A"
)]
pub(crate) struct Standings {
    /// The tournament: fisu-2023
    tournament: String,
    /// Only those of this competition: men
    #[arg(long, default_value = "")]
    competition: String,
    /// Only that of this group: A
    #[arg(long, default_value = "")]
    group: String,
}

/// Lots to record.
#[derive(Args)]
#[command(
    after_long_help = "Without teams Matchday draws, and keeps what it drew from. Matches that wait for the group get \
                             their teams at once.\n\nExamples:\n  matchday schedule lots fisu-2023 --competition men \
                             --group A hohai uvt\n  matchday schedule lots fisu-2023 --competition men --group A"
)]
pub(crate) struct Lots {
    /// The tournament: fisu-2023
    tournament: String,
    /// The competition: men
    #[arg(long)]
    competition: String,
    /// The group: A
    #[arg(long)]
    group: String,
    /// All teams that share a position, the one drawn first before the others
    teams: Vec<String>,
    #[command(flatten)]
    repeat: Repeat,
}

/// A bracket to show.
#[derive(Args)]
#[command(
    after_long_help = "Examples:\n  matchday schedule bracket fisu-2023 --competition men\n  matchday schedule bracket \
                             fisu-2023 --ranks"
)]
pub(crate) struct Bracket {
    /// The tournament: fisu-2023
    tournament: String,
    /// Only this competition: men
    #[arg(long, default_value = "")]
    competition: String,
    /// Show the ranks that are decided in place of the matches
    #[arg(long)]
    ranks: bool,
}

/// A line of a table, with the table it is of.
struct Line {
    competition: String,
    group: String,
    standing: Standing,
}

impl ToJson for Line {
    type Json = <Standing as ToJson>::Json;

    fn to_json(&self) -> Result<Self::Json, Failure> {
        self.standing.to_json()
    }
}

impl Shown for Line {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("competition", |it: &Self| Cell::text(&it.competition)),
        Column::new("group", |it: &Self| Cell::text(&it.group)),
        Column::new("position", |it: &Self| Cell::Text(position(&it.standing))),
        Column::detail("name", |it: &Self| Cell::name(&it.standing.team)),
        Column::new("team", |it: &Self| Cell::text(&it.standing.display_name)),
        Column::new("played", |it: &Self| Cell::Number(it.standing.played.into())),
        Column::new("won", |it: &Self| Cell::Number(it.standing.won.into())),
        Column::new("drawn", |it: &Self| Cell::Number(it.standing.drawn.into())),
        Column::new("lost", |it: &Self| Cell::Number(it.standing.lost.into())),
        Column::new("goals", |it: &Self| {
            Cell::Text(format!("{}-{}", it.standing.goals_for, it.standing.goals_against))
        }),
        Column::new("points", |it: &Self| Cell::Number(it.standing.points.into())),
        Column::new("decided by", |it: &Self| {
            Cell::Text(words::word_of::<TieBreaker>(it.standing.decided_by))
        }),
    ];
}

fn position(standing: &Standing) -> String {
    match (standing.position, standing.shared) {
        (0, _) => String::new(),
        (position, true) => format!("{position}="),
        (position, false) => position.to_string(),
    }
}

impl Shown for BracketMatch {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("activity", |it: &Self| Cell::id(&it.activity)),
        Column::new("start", |it: &Self| Cell::Time(it.start_time)),
        Column::new("competition", |it: &Self| Cell::text(&it.competition)),
        Column::new("stage", |it: &Self| Cell::text(&it.stage)),
        Column::new("home", |it: &Self| Cell::Text(side(it.home.as_ref()))),
        Column::new("away", |it: &Self| Cell::Text(side(it.away.as_ref()))),
        Column::new("result", |it: &Self| {
            Cell::Text(it.result.as_ref().map_or_else(String::new, activity::score))
        }),
        Column::new("state", |it: &Self| Cell::Text(words::word_of::<ActivityState>(it.state))),
        Column::new("winner", |it: &Self| Cell::id(&it.winner)),
        Column::detail("loser", |it: &Self| Cell::id(&it.loser)),
    ];
}

/// The team of a side, or the words for who takes it.
fn side(side: Option<&BracketSide>) -> String {
    match side {
        Some(side) if side.nobody => "nobody".to_owned(),
        Some(side) if !side.team.is_empty() => side.display_name.clone(),
        Some(side) => side.slot.clone(),
        None => String::new(),
    }
}

impl Shown for Ranked {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("competition", |it: &Self| Cell::text(&it.competition)),
        Column::new("rank", |it: &Self| Cell::Number(it.rank.into())),
        Column::detail("name", |it: &Self| Cell::name(&it.team)),
        Column::new("team", |it: &Self| Cell::text(&it.display_name)),
    ];
}

impl Standings {
    /// Shows the tables.
    pub(crate) async fn run(self, client: &Client) -> Result<(), Failure> {
        let tournament: TournamentName = names::read(&self.tournament)?;
        let request = GetStandingsRequest {
            parent: tournament.into(),
            competition: self.competition,
            group: self.group,
        };
        let tables = client.competitions().get_standings(request).await?.into_inner().tables;
        show(client, tables)
    }
}

fn show(client: &Client, tables: Vec<Table>) -> Result<(), Failure> {
    for table in tables.iter().filter(|table| table.needs_lots) {
        say(format!(
            "{}, group {}: nothing separates some of the teams, and lots decide",
            table.competition, table.group
        ));
    }
    if client.output == Format::Json {
        let tables = tables.iter().map(ToJson::to_json).collect::<Result<Vec<_>, _>>()?;
        return print(&json(&tables)?);
    }
    let lines = tables.into_iter().flat_map(|table| {
        let (competition, group) = (table.competition, table.group);
        table.standings.into_iter().map(move |standing| Line {
            competition: competition.clone(),
            group: group.clone(),
            standing,
        })
    });
    client.output.list(&lines.collect::<Vec<_>>(), &times::utc())
}

impl Lots {
    /// Records the lots, and shows the table.
    pub(crate) async fn run(self, client: &Client) -> Result<(), Failure> {
        let tournament: TournamentName = names::read(&self.tournament)?;
        let team = |id: &String| names::read_within::<TeamName>(Some(tournament.id()), id).map(String::from);
        let request = self.repeat.request();
        let lots = RecordLotsRequest {
            teams: self.teams.iter().map(team).collect::<Result<_, _>>()?,
            parent: tournament.to_string(),
            competition: self.competition,
            group: self.group,
            request_id: request.id(),
        };
        let recorded = client.competitions().record_lots(lots).await;
        let response = recorded.map_err(|status| request.refused(status))?.into_inner();
        show(client, response.table.into_iter().collect())
    }
}

impl Bracket {
    /// Shows the bracket, or its ranks.
    pub(crate) async fn run(self, client: &Client) -> Result<(), Failure> {
        let tournament: TournamentName = names::read(&self.tournament)?;
        let request = GetBracketRequest { parent: tournament.to_string(), competition: self.competition };
        let bracket = client.competitions().get_bracket(request).await?.into_inner();
        if self.ranks {
            return client.output.list(&bracket.ranks, &times::utc());
        }
        let zone = Clocks::Tournament(&tournament).zone_to_show(client).await;
        client.output.list(&bracket.matches, &zone)
    }
}
