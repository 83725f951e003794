//! Teams that leave: withdrawn, or replaced by others.

use matchday_api::scheduling::v1 as pb;
use matchday_kernel::{Slug, TeamName};
use matchday_rpc::parse;
use matchday_store::{Record, Tx};

use super::{
    emit,
    season::{self, Season},
    teams,
};
use crate::{
    Error,
    domain::{bracket, contest::Presence, refused::Refusal},
    store::tournaments::TeamRow,
};

/// Reads a team that still plays.
async fn entered(tx: &mut Tx, name: &TeamName, etag: &str) -> Result<TeamRow, Error> {
    let row = TeamRow::get(tx, name.as_str()).await?;
    row.check_etag(etag)?;
    let how = match pb::TeamState::try_from(row.state).unwrap_or_default() {
        pb::TeamState::Withdrawn => "has withdrawn",
        pb::TeamState::Replaced => "has been replaced",
        pb::TeamState::Entered | pb::TeamState::Unspecified => return Ok(row),
    };
    Err(Refusal::TeamLeft { team: row.name, how }.into())
}

/// A team that withdraws, read and checked.
pub(super) struct Withdrawal {
    name: TeamName,
    reason: String,
    etag: String,
    is_preview: bool,
}

impl Withdrawal {
    pub(super) fn parse(request: &pb::WithdrawTeamRequest) -> Result<Self, Error> {
        Ok(Self {
            name: parse::text_as("name", &request.name)?,
            reason: parse::required_text("reason", &request.reason)?,
            etag: request.etag.clone(),
            is_preview: request.validate_only,
        })
    }

    pub(super) async fn carry_out(self, tx: &mut Tx) -> Result<pb::WithdrawTeamResponse, Error> {
        let tournament = self.name.parent();
        let row = entered(tx, &self.name, &self.etag).await?;
        let now = tx.now();
        let season = Season::read(tx, tournament.as_str(), now).await?;
        let mut after = season.contest.clone();
        if let Some(team) = after.teams.get_mut(self.name.as_str()) {
            team.presence = Presence::Withdrawn;
        }
        let next = season::following(&season.contest, &after)?;
        let mut row = TeamRow { state: pb::TeamState::Withdrawn.into(), ..row };
        let mut change = String::new();
        if !self.is_preview {
            row = row.save(tx).await?;
            let team = Some(row.clone().into());
            emit(tx, self.name.as_str(), &tournament, &pb::TeamUpdated { team });
            tx.change().clone_into(&mut change);
        }
        let changed =
            season::go_on(tx, &tournament, &season.rows, next, &self.reason, self.is_preview).await?;
        Ok(pb::WithdrawTeamResponse { team: Some(row.into()), changed, change })
    }
}

/// A team that takes the place of another, read and checked.
pub(super) struct Replacement {
    left: TeamName,
    name: TeamName,
    team: pb::Team,
    etag: String,
    is_preview: bool,
}

impl Replacement {
    pub(super) fn parse(request: &pb::ReplaceTeamRequest) -> Result<Self, Error> {
        let left: TeamName = parse::text_as("name", &request.name)?;
        let id: Slug = parse::text_as("team_id", &request.team_id)?;
        Ok(Self {
            name: TeamName::new(&left.parent(), id),
            team: parse::required("team", request.team.clone())?,
            etag: request.etag.clone(),
            is_preview: request.validate_only,
            left,
        })
    }

    pub(super) async fn carry_out(self, tx: &mut Tx) -> Result<pb::ReplaceTeamResponse, Error> {
        let tournament = self.left.parent();
        let left = entered(tx, &self.left, &self.etag).await?;
        let wanted = pb::Team {
            competition: left.competition.clone(),
            group: left.drawn_group.clone(),
            ..self.team.clone()
        };
        let team = teams::team(&self.name, wanted)?;
        let now = tx.now();
        let season = Season::read(tx, tournament.as_str(), now).await?;
        let other = (self.name.as_str(), team.display_name.as_str());
        let next = bracket::replace(&season.contest, self.left.as_str(), other)?;
        let left =
            TeamRow { state: pb::TeamState::Replaced.into(), replaced_by: self.name.to_string(), ..left };
        let (team, left, change) = if self.is_preview {
            (team.into(), left.into(), String::new())
        } else {
            let team = teams::create(tx, tournament.clone(), team).await?.team.unwrap_or_default();
            let left = pb::Team::from(left.save(tx).await?);
            emit(tx, self.left.as_str(), &tournament, &pb::TeamUpdated { team: Some(left.clone()) });
            (team, left, tx.change().to_owned())
        };
        let changed = season::go_on(tx, &tournament, &season.rows, next, "", self.is_preview).await?;
        Ok(pb::ReplaceTeamResponse { team: Some(team), left: Some(left), changed, change })
    }
}
