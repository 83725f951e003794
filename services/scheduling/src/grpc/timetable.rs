//! The timetable of a tournament, as it is stored and as the venues know it.

use matchday_api::scheduling::v1 as pb;
use matchday_kernel::{Common, Interval, Zone};
use matchday_runtime::Desk;
use matchday_store::{Conn, Record};
use tonic::Status;

use crate::{
    Error,
    domain::{
        check::timetable::{Activity, Played, Session, Side, Team, Timetable},
        slot::State,
    },
    inquiry::Inquiry,
    store::{
        activities::{self, ActivityRow},
        rules,
        tournaments::{SessionRow, TeamRow, TournamentRow},
    },
};

/// What a check is made of.
pub(super) struct Basics {
    /// The schedule, with what the venues know of it.
    pub(super) timetable: Timetable,
    /// The rules that were applied.
    pub(super) applied: Vec<pb::Rule>,
}

/// Reads everything that a check of a tournament looks at.
pub(super) async fn read(desk: &Desk, inquiry: &Inquiry, tournament: &str) -> Result<Basics, Status> {
    let mut conn = desk.read().await?;
    let row = TournamentRow::get(&mut conn, tournament).await.map_err(Error::from)?;
    let applied = rules::of_tournament(&mut conn, tournament).await.map_err(Error::from)?;
    let mut timetable = stored(&mut conn, &row).await?;
    // the venues may take their time: nobody waits for this connection meanwhile
    drop(conn);
    let sites: Vec<String> = row.sites.split_whitespace().map(str::to_owned).collect();
    timetable.venues = inquiry.ask(tournament, &sites, whole(&timetable)).await;
    Ok(Basics { timetable, applied })
}

/// Reads the timetable of a tournament, without what the venues know.
pub(super) async fn stored(conn: &mut Conn, tournament: &TournamentRow) -> Result<Timetable, Error> {
    let zone: Zone = tournament.time_zone.parse().map_err(Common::internal)?;
    let rows = activities::of_tournament(conn, &tournament.name).await?;
    let activities = rows.into_iter().map(activity).collect::<Result<_, Error>>()?;
    let mut timetable = Timetable::new(zone, activities);
    let (first, until) = (format!("{}/", tournament.name), format!("{}0", tournament.name));
    let teams = TeamRow::between(conn, &first, &until, i64::MAX).await?;
    timetable.teams = teams.into_iter().map(team).collect();
    let sessions = SessionRow::between(conn, &first, &until, i64::MAX).await?;
    timetable.sessions = sessions.into_iter().map(session).collect();
    Ok(timetable)
}

fn activity(row: ActivityRow) -> Result<(State, Activity), Error> {
    let slot = row.slot()?;
    let stored = pb::Activity::from(row);
    let played = stored.r#match.map(|played| Played {
        sides: [&played.home, &played.away].map(|side| Side::read(side, &played.competition)),
        competition: played.competition,
        stage: played.stage,
        group: played.group,
        officials: played.officials,
    });
    let activity = Activity::new(&slot, stored.title, stored.session, played).map_err(Common::internal)?;
    Ok((slot.state, activity))
}

fn team(row: TeamRow) -> (String, Team) {
    let team = Team {
        display_name: row.display_name,
        competition: row.competition,
        group: row.drawn_group,
        country: row.country,
    };
    (row.name, team)
}

fn session(row: SessionRow) -> (String, Session) {
    (row.name, Session { title: row.title, venue: row.venue })
}

/// From the first moment that a zone is needed to the last; `None` when nothing takes place.
fn whole(timetable: &Timetable) -> Option<Interval> {
    let start = timetable.activities.iter().map(|activity| activity.occupation.start()).min()?;
    let end = timetable.activities.iter().map(|activity| activity.occupation.end()).max()?;
    Interval::new(start, end).ok()
}
