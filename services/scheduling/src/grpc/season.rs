//! The matches, teams, results and lots of a tournament as they are stored, and what a change of them brings along.

use matchday_api::scheduling::v1 as pb;
use matchday_kernel::{Instant, TournamentName};
use matchday_store::{Conn, Record, Tx};

use super::{competitions, emit};
use crate::{
    Error,
    domain::{
        bracket::{self, Change},
        contest::{Contest, Entrant, Game, Presence, Seat},
        draft::has_begun,
        result::{Course, Score},
    },
    store::{
        activities::{self, ActivityRow},
        competitions as stored,
        tournaments::{TeamRow, TournamentRow},
    },
};

/// What was read of a tournament.
#[derive(Clone, Debug)]
pub(super) struct Season {
    /// Its matches, by start.
    pub(super) rows: Vec<ActivityRow>,
    /// The same for tables and brackets, in the same order.
    pub(super) contest: Contest,
}

impl Season {
    /// Reads the matches of a tournament that must exist.
    pub(super) async fn read(conn: &mut Conn, tournament: &str, now: Instant) -> Result<Self, Error> {
        TournamentRow::get(conn, tournament).await?;
        let mut rows = activities::of_tournament(conn, tournament).await?;
        rows.retain(|row| row.kind == i32::from(pb::ActivityKind::Match));
        let (first, until) = (format!("{tournament}/"), format!("{tournament}0"));
        let teams = TeamRow::between(conn, &first, &until, i64::MAX).await?;
        let described = stored::of_tournament(conn, tournament).await?;
        let orders = described.iter().map(|one| Ok((one.competition.clone(), competitions::order(one)?)));
        let lots = stored::lots(conn, tournament).await?;
        let contest = Contest {
            games: rows.iter().map(|row| game(row, now)).collect(),
            teams: teams.into_iter().map(entrant).collect(),
            orders: orders.collect::<Result<_, Error>>()?,
            lots: lots.into_iter().map(|lots| ((lots.competition, lots.group), lots.teams)).collect(),
        };
        Ok(Self { rows, contest })
    }

    /// Where a match stands in the season.
    pub(super) fn position(&self, activity: &str) -> Option<usize> {
        self.rows.iter().position(|row| row.name == activity)
    }
}

/// Gives every match the sides that results give it now, after a change that is no result.
pub(crate) async fn catch_up(tx: &mut Tx, tournament: &TournamentName) -> Result<(), Error> {
    let now = tx.now();
    let season = Season::read(tx, tournament.as_str(), now).await?;
    let next = following(&season.contest, &season.contest)?;
    go_on(tx, tournament, &season.rows, next, "", false).await?;
    Ok(())
}

/// Writes what changes in the schedule; unless it is a preview. Returns the matches that are others now. `why` stands
/// behind the reason of what is cancelled.
pub(super) async fn go_on(
    tx: &mut Tx,
    tournament: &TournamentName,
    rows: &[ActivityRow],
    next: Vec<Change>,
    why: &str,
    is_preview: bool,
) -> Result<Vec<pb::Activity>, Error> {
    let mut changed = Vec::new();
    for change in next {
        let row = changed_row(rows[change.game].clone(), &change, why)?;
        if is_preview {
            changed.push(row.into());
            continue;
        }
        let activity = pb::Activity::from(row.save(tx).await?);
        let told = Some(activity.clone());
        if change.cancelled.is_empty() {
            emit(tx, &activity.name, tournament, &pb::ActivityUpdated { activity: told });
        } else {
            emit(tx, &activity.name, tournament, &pb::ActivityCancelled { activity: told });
        }
        changed.push(activity);
    }
    Ok(changed)
}

fn changed_row(row: ActivityRow, change: &Change, why: &str) -> Result<ActivityRow, Error> {
    let [home, away] = change.sides.clone();
    let slot = |side: usize| {
        let is_taken = change.sides[side].starts_with("tournaments/");
        if is_taken { change.slots[side].clone() } else { String::new() }
    };
    let (home_slot, away_slot) = (slot(0), slot(1));
    let row = ActivityRow { home, away, home_slot, away_slot, title: change.title.clone(), ..row };
    if change.cancelled.is_empty() {
        return Ok(row);
    }
    let cancelled = row.slot()?.cancel()?;
    let reason =
        if why.is_empty() { change.cancelled.clone() } else { format!("{} ({why})", change.cancelled) };
    Ok(row.with_slot(&cancelled, reason))
}

/// What follows from a change: what must be written so that every match has the sides that results give it.
pub(super) fn following(before: &Contest, after: &Contest) -> Result<Vec<Change>, Error> {
    Ok(bracket::progress(before, after)?)
}

/// A match of a row.
pub(super) fn game(row: &ActivityRow, now: Instant) -> Game {
    Game {
        name: row.name.clone(),
        title: row.title.clone(),
        competition: row.competition.clone(),
        stage: row.stage.clone(),
        group: row.match_group.clone(),
        seats: [Seat::read(&row.home, &row.home_slot), Seat::read(&row.away, &row.away_slot)],
        score: score(row),
        has_begun: score(row).is_some() || has_begun(&row.clone().into(), now),
        is_cancelled: !row.takes_place(),
    }
}

/// The result of a row, where its goals are known.
pub(super) fn score(row: &ActivityRow) -> Option<Score> {
    let (home, away) = row.home_goals.zip(row.away_goals)?;
    let outcome = row.outcome.and_then(|outcome| pb::ResultOutcome::try_from(outcome).ok());
    Some(Score {
        goals: [home, away],
        penalties: row.home_penalties.zip(row.away_penalties).map(|(home, away)| [home, away]),
        course: outcome.map_or(Course::NormalTime, course),
        awarded_to: [&row.home, &row.away].iter().position(|side| **side == row.awarded_to),
    })
}

/// How a match came to its result, in the words of the domain.
pub(super) fn course(outcome: pb::ResultOutcome) -> Course {
    match outcome {
        pb::ResultOutcome::Unspecified | pb::ResultOutcome::NormalTime => Course::NormalTime,
        pb::ResultOutcome::ExtraTime => Course::ExtraTime,
        pb::ResultOutcome::Penalties => Course::Penalties,
        pb::ResultOutcome::Walkover => Course::Walkover,
        pb::ResultOutcome::Abandoned => Course::Abandoned,
    }
}

fn entrant(row: TeamRow) -> (String, Entrant) {
    let presence = match pb::TeamState::try_from(row.state).unwrap_or_default() {
        pb::TeamState::Withdrawn => Presence::Withdrawn,
        pb::TeamState::Replaced => Presence::Replaced,
        pb::TeamState::Entered | pb::TeamState::Unspecified => Presence::Entered,
    };
    let (display_name, competition, group) = (row.display_name, row.competition, row.drawn_group);
    (row.name, Entrant { display_name, competition, group, presence })
}
