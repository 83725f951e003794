//! What an entry of the log is about: anything with a name, in full or as tables show it.

use matchday_api::{
    scheduling::v1::{GetActivityRequest, GetSessionRequest},
    venues::v1::GetZoneRequest,
    volunteers::v1::GetShiftRequest,
};
use matchday_kernel::{
    ActivityName, DeviceName, GateName, Scope, SessionName, ShiftName, TournamentName, ZoneName,
};
use tonic::{Code, Status};

use super::{connection::Client, names};
use crate::failure::Failure;

/// Reads a name: a full one of whatever there is; `fisu-2023/m01` or `m01` of an activity, a session or a shift
/// of the tournament; `jinjiang`, `jinjiang/stadium` and longer ones of a place or a gate. What a short name is the
/// servers say.
///
/// # Errors
/// [`Failure`] when there is nothing of that name, or nobody answers who knows.
pub(super) async fn read(
    client: &Client,
    tournament: &TournamentName,
    text: &str,
) -> Result<String, Failure> {
    const TOPS: [&str; 4] = ["tournaments/", "sites/", "staff/", "services/"];
    if TOPS.iter().any(|top| text.starts_with(top)) {
        let full: Scope = text.parse().map_err(|error| Failure::input(format!("--about: {error}")))?;
        return Ok(full.to_string());
    }
    let within = text.strip_prefix(tournament.id()).and_then(|rest| rest.strip_prefix('/'));
    match (within, text.split('/').count()) {
        _ if text == tournament.id() => Ok(tournament.to_string()),
        (Some(id), 2) => of_tournament(client, tournament, id).await,
        (None, 1) => match names::read_place(text) {
            // a site has a name of one part, as what is in the tournament may have
            Ok(site) if is_site(client, &site.name).await => Ok(site.name),
            _ => of_tournament(client, tournament, text).await,
        },
        (_, 3) => of_venue(client, text).await,
        (_, 4) => Ok(names::read::<DeviceName>(text)?.into()),
        _ => Ok(names::read_place(text)?.name),
    }
}

async fn is_site(client: &Client, name: &str) -> bool {
    let request = matchday_api::venues::v1::GetSiteRequest { name: name.to_owned() };
    client.places().get_site(request).await.is_ok()
}

/// An activity, a session or a shift.
async fn of_tournament(client: &Client, tournament: &TournamentName, id: &str) -> Result<String, Failure> {
    let within = Some(tournament.id());
    let activity: ActivityName = names::read_within(within, id)?;
    let request = GetActivityRequest { name: activity.to_string() };
    if exists(id, client.schedule().get_activity(request).await)? {
        return Ok(activity.into());
    }
    let session: SessionName = names::read_within(within, id)?;
    let request = GetSessionRequest { name: session.to_string() };
    if exists(id, client.schedule().get_session(request).await)? {
        return Ok(session.into());
    }
    let shift: ShiftName = names::read_within(within, id)?;
    let request = GetShiftRequest { name: shift.to_string() };
    if exists(id, client.roster().get_shift(request).await)? {
        return Ok(shift.into());
    }
    let problem = format!("--about: {tournament} has no activity, session or shift {id:?}");
    Err(Failure::input(problem).with_hint("write the name of anything else in full"))
}

/// A zone, or else a gate.
async fn of_venue(client: &Client, text: &str) -> Result<String, Failure> {
    let zone: ZoneName = names::read(text)?;
    let request = GetZoneRequest { name: zone.to_string() };
    if exists(text, client.places().get_zone(request).await)? {
        return Ok(zone.into());
    }
    Ok(names::read::<GateName>(text)?.into())
}

fn exists<T>(text: &str, answer: Result<T, Status>) -> Result<bool, Failure> {
    match answer {
        Ok(_) => Ok(true),
        Err(status) if status.code() == Code::NotFound => Ok(false),
        Err(status) => Err(Failure::from(status).with_hint(format!(
            "what {text:?} is was not answered: write its full name, as --output json shows it"
        ))),
    }
}
