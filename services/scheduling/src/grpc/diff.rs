//! What differs between two schedules, and who has to be told.

use std::collections::BTreeMap;

use matchday_api::scheduling::v1 as pb;
use matchday_kernel::{Common, ScheduleVersionName, TournamentName};
use matchday_rpc::parse;
use matchday_runtime::Desk;
use matchday_store::{Conn, Record};
use tonic::Status;

use crate::{
    Error,
    domain::{
        diff::{Aspect, Difference, diff},
        told::{Entry, Recipient, told},
    },
    store::{
        activities,
        tournaments::{SessionRow, TeamRow, TournamentRow},
        versions::{self, VersionRow},
    },
};

/// Most differences that are told one by one: they must fit a response.
const MOST: usize = 1000;

/// A schedule to compare.
enum Side {
    InForce,
    Stands,
    Version(ScheduleVersionName),
}

/// Two schedules to compare, read and checked.
pub(super) struct Diff {
    tournament: TournamentName,
    from: Side,
    to: Side,
}

impl Diff {
    pub(super) fn parse(request: &pb::DiffVersionsRequest) -> Result<Self, Error> {
        let tournament: TournamentName = parse::text_as("parent", &request.parent)?;
        let from = side("from", &request.from, &tournament, Side::InForce)?;
        let to = side("to", &request.to, &tournament, Side::Stands)?;
        Ok(Self { tournament, from, to })
    }

    pub(super) async fn read(self, desk: &Desk) -> Result<pb::DiffVersionsResponse, Status> {
        let mut conn = desk.read().await?;
        Ok(self.compare(&mut conn).await?)
    }

    async fn compare(self, conn: &mut Conn) -> Result<pb::DiffVersionsResponse, Error> {
        let tournament = TournamentRow::get(conn, self.tournament.as_str()).await?;
        let before = schedule(conn, &tournament, &self.from).await?;
        let after = schedule(conn, &tournament, &self.to).await?;
        let (first, until) = (format!("{}/", tournament.name), format!("{}0", tournament.name));
        let teams = TeamRow::between(conn, &first, &until, i64::MAX).await?;
        let sessions = SessionRow::between(conn, &first, &until, i64::MAX).await?;
        let differences = diff(&before, &after);
        let told = told(&before, &after, &teams.iter().map(entry).collect::<Vec<_>>(), &differences);
        let people = People::new(teams, sessions);
        let notice = |(recipient, indices): (Recipient, Vec<usize>)| {
            let activities = indices.into_iter().map(|index| differences[index].activity.clone());
            people.notice(recipient, activities.collect())
        };
        Ok(pb::DiffVersionsResponse {
            notices: told.into_iter().map(notice).collect(),
            difference_count: i32::try_from(differences.len()).unwrap_or(i32::MAX),
            differences: differences.into_iter().take(MOST).map(to_pb).collect(),
        })
    }
}

/// A schedule that a request names: a version, or the tournament for the schedule as it stands.
fn side(field: &str, text: &str, tournament: &TournamentName, usual: Side) -> Result<Side, Error> {
    if text.is_empty() {
        return Ok(usual);
    }
    if text == tournament.as_str() {
        return Ok(Side::Stands);
    }
    let version: ScheduleVersionName = parse::text_as(field, text)?;
    if version.parent() != *tournament {
        return Err(Common::field(field, format!("{version} is not of {tournament}")).into());
    }
    Ok(Side::Version(version))
}

async fn schedule(
    conn: &mut Conn,
    tournament: &TournamentRow,
    side: &Side,
) -> Result<Vec<pb::Activity>, Error> {
    let version = match side {
        Side::Stands => {
            let rows = activities::of_tournament(conn, &tournament.name).await?;
            return Ok(rows.into_iter().map(Into::into).collect());
        }
        Side::InForce if tournament.published_version.is_empty() => return Ok(vec![]),
        Side::InForce => &tournament.published_version,
        Side::Version(name) => name.as_str(),
    };
    let row = VersionRow::get(conn, version).await?;
    Ok(versions::content(conn, &row.name).await?)
}

fn entry(row: &TeamRow) -> Entry {
    let left = [pb::TeamState::Withdrawn, pb::TeamState::Replaced].map(i32::from);
    Entry {
        team: row.name.clone(),
        competition: row.competition.clone(),
        group: row.drawn_group.clone(),
        has_left: left.contains(&row.state),
    }
}

/// What is known of those who are told, by name.
struct People {
    teams: BTreeMap<String, TeamRow>,
    sessions: BTreeMap<String, SessionRow>,
}

impl People {
    fn new(teams: Vec<TeamRow>, sessions: Vec<SessionRow>) -> Self {
        Self {
            teams: teams.into_iter().map(|row| (row.name.clone(), row)).collect(),
            sessions: sessions.into_iter().map(|row| (row.name.clone(), row)).collect(),
        }
    }

    fn notice(&self, recipient: Recipient, activities: Vec<String>) -> pb::Notice {
        let (kind, recipient, display_name, people) = match recipient {
            Recipient::Team(name) => {
                let called = self.teams.get(&name).map(|row| row.display_name.clone());
                (pb::RecipientKind::Team, name, called.unwrap_or_default(), None)
            }
            Recipient::Official(id) => (pb::RecipientKind::Official, id, String::new(), Some(1)),
            Recipient::Session(name) => {
                let session = self.sessions.get(&name);
                let expected = session.map(|row| row.expected_attendance).filter(|expected| *expected > 0);
                let called = session.map(|row| row.title.clone()).unwrap_or_default();
                (pb::RecipientKind::Session, name, called, expected)
            }
            Recipient::Venue(name) => (pb::RecipientKind::Venue, name, String::new(), None),
        };
        pb::Notice { kind: kind.into(), recipient, display_name, people, activities }
    }
}

fn to_pb(difference: Difference) -> pb::ActivityDifference {
    let aspects = difference.aspects().into_iter().map(|aspect| aspect_to_pb(aspect).into()).collect();
    let Difference { activity, before, after } = difference;
    pb::ActivityDifference { activity, before, after, aspects }
}

fn aspect_to_pb(aspect: Aspect) -> pb::DifferenceAspect {
    match aspect {
        Aspect::Added => pb::DifferenceAspect::Added,
        Aspect::Removed => pb::DifferenceAspect::Removed,
        Aspect::Start => pb::DifferenceAspect::Start,
        Aspect::Length => pb::DifferenceAspect::Length,
        Aspect::Place => pb::DifferenceAspect::Place,
        Aspect::Sides => pb::DifferenceAspect::Sides,
        Aspect::Officials => pb::DifferenceAspect::Officials,
        Aspect::Session => pb::DifferenceAspect::Session,
        Aspect::Buffers => pb::DifferenceAspect::Buffers,
        Aspect::Details => pb::DifferenceAspect::Details,
    }
}
