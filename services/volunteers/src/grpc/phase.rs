//! 排班阶段: setting who may give shifts to whom.

use matchday_api::volunteers::v1 as pb;
use matchday_kernel::{Common, TournamentName, civil::Date};
use matchday_rpc::parse;
use matchday_store::Tx;

use crate::{Error, domain::phase::Phase, roster::emit, store::phases};

/// Most days of a tournament with a phase of their own: each write of its roster reads them.
const MOST_DAYS: usize = 400;

/// A phase to set, read and checked.
pub(crate) struct SetPhase {
    tournament: TournamentName,
    day: Option<Date>,
    phase: Option<Phase>,
}

impl SetPhase {
    pub(crate) fn parse(request: &pb::SetRosterPhaseRequest) -> Result<Self, Error> {
        let day = Some(request.day.as_str()).filter(|text| !text.is_empty()).map(day).transpose()?;
        let phase = match request.phase {
            0 => None,
            number => phases::read(parse::one_of("phase", number)?),
        };
        Ok(Self { tournament: parse::text_as("parent", &request.parent)?, day, phase })
    }

    pub(crate) fn tournament(&self) -> &TournamentName {
        &self.tournament
    }

    pub(crate) async fn carry_out(self, tx: &mut Tx) -> Result<pb::SetRosterPhaseResponse, Error> {
        let tournament = self.tournament.as_str();
        phases::set(tx, tournament, self.day, self.phase).await?;
        let now = phases::phases(tx, tournament).await?;
        if now.days.len() > MOST_DAYS {
            let problem = format!("{MOST_DAYS} days have a phase of their own: take one away first");
            return Err(Common::field("day", problem).into());
        }
        let phases = Some(phases::told_all(tournament, &now));
        emit(tx, tournament, tournament, &pb::RosterPhaseChanged { phases: phases.clone() });
        Ok(pb::SetRosterPhaseResponse { phases })
    }
}

/// Reads the day of a request; what is more than a date is none.
pub(super) fn day(text: &str) -> Result<Date, Error> {
    let date = text.parse().ok().filter(|date: &Date| date.to_string() == text);
    let problem = || Common::field("day", format!("{text:?} is no date: write it like 2023-10-21"));
    Ok(date.ok_or_else(problem)?)
}
