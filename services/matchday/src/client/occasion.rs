//! What work is for: an activity or a session.

use matchday_api::scheduling::v1::GetActivityRequest;
use matchday_kernel::{ActivityName, SessionName, TournamentName};
use tonic::Code;

use super::{connection::Client, names};
use crate::failure::Failure;

/// Reads the name of an activity or a session of a tournament: `m01`, `opening`, `fisu-2023/m01`, or a full one.
/// Which of both a short one is, the server says.
///
/// # Errors
/// [`Failure`] when it is no name, or the server does not answer.
pub(crate) async fn read(
    client: &Client,
    tournament: &TournamentName,
    text: &str,
) -> Result<String, Failure> {
    if text.parse::<ActivityName>().is_ok() || text.parse::<SessionName>().is_ok() {
        return Ok(text.to_owned());
    }
    let activity: ActivityName = names::read_within(Some(tournament.id()), text)?;
    let request = GetActivityRequest { name: activity.to_string() };
    match client.schedule().get_activity(request).await {
        Ok(_) => Ok(activity.into()),
        Err(status) if status.code() == Code::NotFound => {
            let session: SessionName = names::read_within(Some(tournament.id()), text)?;
            Ok(session.into())
        }
        Err(status) => Err(Failure::from(status).with_hint(
            "whether it is an activity or a session was not answered: write its full name, such as \
             tournaments/fisu-2023/activities/m01",
        )),
    }
}

/// The same, where one may be given.
///
/// # Errors
/// As [`read`].
pub(crate) async fn read_if(
    client: &Client,
    tournament: &TournamentName,
    text: Option<&str>,
) -> Result<String, Failure> {
    match text {
        Some(text) => read(client, tournament, text).await,
        None => Ok(String::new()),
    }
}
