//! A whole tournament at once, all or nothing.

use matchday_api::scheduling::v1 as pb;
use matchday_kernel::{ActivityName, Common, SessionName, TeamName, TournamentName};
use matchday_rpc::parse;
use matchday_store::Tx;

use super::{activities, sessions, teams, tournaments};
use crate::{
    Error,
    store::{
        activities::ActivityRow,
        tournaments::{SessionRow, TeamRow, TournamentRow},
    },
};

/// Most teams, sessions and activities in one import, together.
const MOST: usize = 10_000;

/// A tournament with all it consists of, read and checked as far as it can be alone.
pub(super) struct Import {
    name: TournamentName,
    tournament: TournamentRow,
    teams: Vec<TeamRow>,
    sessions: Vec<SessionRow>,
    activities: Vec<ActivityRow>,
}

impl Import {
    pub(super) fn parse(request: pb::ImportTournamentRequest) -> Result<Self, Error> {
        if request.teams.len() + request.sessions.len() + request.activities.len() > MOST {
            let problem = format!("an import holds at most {MOST} teams, sessions and activities");
            return Err(Common::field("activities", problem).into());
        }
        let wanted = parse::required("tournament", request.tournament)?;
        let name: TournamentName = parse::text_as("tournament.name", &wanted.name)?;
        let check = |field: String, parent: &TournamentName| {
            if *parent == name {
                return Ok(());
            }
            Err(Common::field(field, format!("is of {parent}, not of {name}")))
        };
        let mut teams = Vec::new();
        for (index, team) in request.teams.into_iter().enumerate() {
            let field = format!("teams[{index}].name");
            let team_name: TeamName = parse::text_as(&field, &team.name)?;
            check(field, &team_name.parent())?;
            teams.push(teams::team(&team_name, team)?);
        }
        let mut sessions = Vec::new();
        for (index, session) in request.sessions.into_iter().enumerate() {
            let field = format!("sessions[{index}].name");
            let session_name: SessionName = parse::text_as(&field, &session.name)?;
            check(field, &session_name.parent())?;
            sessions.push(sessions::session(&session_name, session)?);
        }
        let mut activities = Vec::new();
        for (index, activity) in request.activities.into_iter().enumerate() {
            let field = format!("activities[{index}].name");
            let activity_name: ActivityName = parse::text_as(&field, &activity.name)?;
            check(field, &activity_name.parent())?;
            activities.push(activities::activity(&activity_name, activity)?);
        }
        let tournament = tournaments::tournament(&name, wanted)?;
        Ok(Self { name, tournament, teams, sessions, activities })
    }

    pub(super) fn name(&self) -> &str {
        self.name.as_str()
    }

    pub(super) async fn create(self, tx: &mut Tx) -> Result<pb::ImportTournamentResponse, Error> {
        let mut reply = pb::ImportTournamentResponse {
            tournament: tournaments::create(tx, self.tournament).await?.tournament,
            ..Default::default()
        };
        for row in self.teams {
            teams::create(tx, self.name.clone(), row).await?;
            reply.teams += 1;
        }
        for row in self.sessions {
            sessions::create(tx, self.name.clone(), row).await?;
            reply.sessions += 1;
        }
        for row in self.activities {
            activities::create(tx, self.name.clone(), row).await?;
            reply.activities += 1;
        }
        Ok(reply)
    }
}
