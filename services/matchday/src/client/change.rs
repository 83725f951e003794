//! What creates, delays, moves and cancels an activity.

use clap::Args;
use matchday_api::scheduling::v1::{
    Activity, ActivityKind, CancelActivityRequest, CreateActivityRequest, DelayActivityRequest,
    DelayActivityResponse, Match, MoveActivityRequest,
};
use matchday_api::venues::v1::GetZoneRequest;
use matchday_kernel::{ActivityName, SessionName, TeamName, Zone, ZoneName};
use matchday_rpc::parse::{to_duration, to_timestamp};
use tonic::Code;

use super::{
    activity::Named,
    connection::Client,
    followed, names,
    refusal::{Repeat, Request},
    times::{self, Clocks},
};
use crate::{
    failure::{Failure, say},
    words,
};

/// An activity to create.
#[derive(Args)]
#[command(after_long_help = "Example:\n  matchday activity create fisu-2023/rehearsal --kind rehearsal \
                             --title 'Opening rehearsal'\n    --zone jinjiang/stadium/pitch --from \
                             '2023-10-20 19:00' --for 2h --set-up 30m\n\nTimes are those of the tournament's \
                             clocks; one with an offset is taken as it is:\n  --from '2023-10-20 11:00 \
                             +00:00'")]
pub(crate) struct Create {
    #[command(flatten)]
    named: Named,
    /// What it is
    #[arg(long, value_parser = words::values::<ActivityKind>())]
    kind: ActivityKind,
    /// What people call it
    #[arg(long)]
    title: String,
    /// The zone it occupies: jinjiang/stadium/pitch
    #[arg(long)]
    zone: String,
    /// When it starts: '2023-10-21 20:00'
    #[arg(long, value_name = "TIME")]
    from: String,
    /// When it ends, as far as it is known
    #[arg(long, value_name = "TIME", required_unless_present = "lasts")]
    until: Option<String>,
    /// How long it lasts, in place of --until: 1h55m
    #[arg(
        id = "lasts",
        long = "for",
        value_name = "LENGTH",
        conflicts_with = "until",
        allow_hyphen_values = true
    )]
    lasts: Option<String>,
    /// Time the zone is needed before the start
    #[arg(long, value_name = "LENGTH", default_value = "0m", allow_hyphen_values = true)]
    set_up: String,
    /// Time the zone is needed after the end
    #[arg(long, value_name = "LENGTH", default_value = "0m", allow_hyphen_values = true)]
    turnaround: String,
    /// The session it is part of
    #[arg(long)]
    session: Option<String>,
    /// Class of the service plan that applies to it: group-match
    #[arg(long, default_value = "", hide_default_value = true)]
    class: String,
    #[command(flatten)]
    played: Played,
    #[command(flatten)]
    repeat: Repeat,
}

/// What a match says beside time and place.
#[derive(Args)]
struct Played {
    /// Competition of a match: men, women
    #[arg(long)]
    competition: Option<String>,
    /// Stage of a match: group, quarter-final, final
    #[arg(long, requires = "competition")]
    stage: Option<String>,
    /// Group of a match
    #[arg(long, requires = "competition")]
    group: Option<String>,
    /// First side of a match: a team (hohai), or the slot that will name it ('winner of m37')
    #[arg(long, requires = "competition")]
    home: Option<String>,
    /// Second side of a match
    #[arg(long, requires = "competition")]
    away: Option<String>,
    /// Official of a match, by id: referee-03 (may be given more than once)
    #[arg(long, value_name = "ID", requires = "competition")]
    official: Vec<String>,
}

/// A delay.
#[derive(Args)]
#[command(
    after_long_help = "Example:\n  matchday activity delay fisu-2023/m01 --by 45m --reason thunderstorm"
)]
pub(crate) struct Delay {
    #[command(flatten)]
    named: Named,
    /// How much later than it stands now: 45m
    #[arg(long, value_name = "LENGTH", allow_hyphen_values = true)]
    by: String,
    /// Why
    #[arg(long)]
    reason: String,
    /// Show what would change, and change nothing
    #[arg(long)]
    preview: bool,
    #[command(flatten)]
    repeat: Repeat,
}

/// Another time, another zone, or both.
#[derive(Args)]
#[command(
    after_long_help = "Example:\n  matchday activity move fisu-2023/m05 --to '2023-10-22 16:00' --reason \
                             'pitch flooded'\n    --zone jinjiang/reserve/pitch"
)]
#[group(id = "what", required = true, multiple = true)]
pub(crate) struct Move {
    #[command(flatten)]
    named: Named,
    /// New start: '2023-10-22 16:00'
    #[arg(long, value_name = "TIME", group = "what")]
    to: Option<String>,
    /// New zone: jinjiang/reserve/pitch
    #[arg(long, group = "what")]
    zone: Option<String>,
    /// New length: 1h55m
    #[arg(id = "lasts", long = "for", value_name = "LENGTH", group = "what", allow_hyphen_values = true)]
    lasts: Option<String>,
    /// Why
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    repeat: Repeat,
}

/// A cancellation.
#[derive(Args)]
#[command(after_long_help = "Example:\n  matchday activity cancel fisu-2023/m05 --reason 'pitch flooded'")]
pub(crate) struct Cancel {
    #[command(flatten)]
    named: Named,
    /// Why
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    repeat: Repeat,
}

impl Create {
    /// Creates the activity and shows it.
    pub(crate) async fn run(self, client: &Client) -> Result<(), Failure> {
        let name = self.named.read()?;
        let tournament = name.parent();
        let within = |text: &str| names::read_within::<SessionName>(Some(tournament.id()), text);
        let session = self.session.as_deref().map(within).transpose()?;
        let zone: ZoneName = names::read(&self.zone)?;
        let clocks = Clocks::Tournament(&tournament);
        let start = clocks.moment(client, "--from", &self.from).await?;
        let end = match (&self.until, &self.lasts) {
            (Some(until), _) => clocks.moment(client, "--until", until).await?,
            (None, lasts) => {
                start.saturating_add(times::length("--for", lasts.as_deref().unwrap_or_default())?)
            }
        };
        let activity = Activity {
            kind: self.kind.into(),
            title: self.title,
            zone: zone.into(),
            start_time: Some(to_timestamp(start)),
            end_time: Some(to_timestamp(end)),
            set_up: Some(to_duration(times::length_or_none("--set-up", &self.set_up)?)),
            turnaround: Some(to_duration(times::length_or_none("--turnaround", &self.turnaround)?)),
            session: session.map(String::from).unwrap_or_default(),
            r#match: self.played.read(&name),
            service_class: self.class,
            ..Activity::default()
        };
        let request = self.repeat.request();
        let create = CreateActivityRequest {
            parent: tournament.to_string(),
            activity_id: name.id().to_owned(),
            activity: Some(activity),
            request_id: request.id(),
        };
        let response = client
            .schedule()
            .create_activity(create)
            .await
            .map_err(|status| request.refused(status))?
            .into_inner();
        show(client, &name, &response.activity.unwrap_or_default()).await?;
        Ok(())
    }
}

impl Played {
    fn read(self, activity: &ActivityName) -> Option<Match> {
        // one word is a team's id, a slot is written in several
        let side = |side: Option<String>| {
            let side = side.unwrap_or_default();
            match side.parse() {
                Ok(id) => TeamName::new(&activity.parent(), id).into(),
                Err(_) => side,
            }
        };
        let competition = self.competition?;
        Some(Match {
            competition,
            stage: self.stage.unwrap_or_default(),
            group: self.group.unwrap_or_default(),
            home: side(self.home),
            away: side(self.away),
            officials: self.official,
            ..Match::default()
        })
    }
}

impl Delay {
    /// Delays the activity and shows everything that moved.
    pub(crate) async fn run(self, client: &Client) -> Result<(), Failure> {
        let name = self.named.read()?;
        let by = times::length("--by", &self.by)?;
        let delayed = DelayActivityRequest {
            name: name.to_string(),
            delay: Some(to_duration(by)),
            reason: self.reason,
            validate_only: self.preview,
            ..DelayActivityRequest::default()
        };
        let response = delay(client, delayed, &self.repeat.request()).await?;
        if self.preview {
            say("this would change; nothing was changed, and whether the places are free was not checked");
        }
        let zone = Clocks::Tournament(&name.parent()).zone_to_show(client).await;
        client.output.list(&response.activities, &zone)?;
        if !self.preview {
            followed::tell(client, &response.activities, &zone).await;
            if let Some(activity) = response.activities.first() {
                followed::tell_where(activity, &zone);
            }
        }
        Ok(())
    }
}

/// Delays an activity; the reply names everything that moved.
///
/// # Errors
/// [`Failure`] when the server refuses.
pub(crate) async fn delay(
    client: &Client,
    delay: DelayActivityRequest,
    request: &Request,
) -> Result<DelayActivityResponse, Failure> {
    let delay = DelayActivityRequest { request_id: request.id(), ..delay };
    let response = client.schedule().delay_activity(delay).await.map_err(|status| request.refused(status))?;
    Ok(response.into_inner())
}

impl Move {
    /// Moves the activity and shows it.
    pub(crate) async fn run(self, client: &Client) -> Result<(), Failure> {
        let name = self.named.read()?;
        let zone: Option<ZoneName> = self.zone.as_deref().map(names::read).transpose()?;
        let lasts = self.lasts.as_deref().map(|lasts| times::length("--for", lasts)).transpose()?;
        let start = match &self.to {
            Some(to) => Some(Clocks::Tournament(&name.parent()).moment(client, "--to", to).await?),
            None => None,
        };
        if let Some(zone) = &zone {
            check_zone(client, zone).await?;
        }
        let request = self.repeat.request();
        let moved = MoveActivityRequest {
            name: name.to_string(),
            start_time: start.map(to_timestamp),
            duration: lasts.map(to_duration),
            zone: zone.map(String::from).unwrap_or_default(),
            reason: self.reason,
            request_id: request.id(),
            ..MoveActivityRequest::default()
        };
        let response = client
            .schedule()
            .move_activity(moved)
            .await
            .map_err(|status| request.refused(status))?
            .into_inner();
        show_followed(client, &name, response.activity).await
    }
}

impl Cancel {
    /// Cancels the activity and shows it.
    pub(crate) async fn run(self, client: &Client) -> Result<(), Failure> {
        let name = self.named.read()?;
        let request = self.repeat.request();
        let cancel = CancelActivityRequest {
            name: name.to_string(),
            reason: self.reason,
            request_id: request.id(),
            ..CancelActivityRequest::default()
        };
        let response = client
            .schedule()
            .cancel_activity(cancel)
            .await
            .map_err(|status| request.refused(status))?
            .into_inner();
        show_followed(client, &name, response.activity).await
    }
}

/// Shows an activity on its tournament's clocks, which are returned.
///
/// # Errors
/// [`Failure`] when the clocks cannot be read or nothing can be written.
pub(super) async fn show(client: &Client, name: &ActivityName, activity: &Activity) -> Result<Zone, Failure> {
    let zone = Clocks::Tournament(&name.parent()).zone_to_show(client).await;
    client.output.one(activity, &zone)?;
    Ok(zone)
}

/// Shows an activity, and says what became of its booking.
async fn show_followed(
    client: &Client,
    name: &ActivityName,
    activity: Option<Activity>,
) -> Result<(), Failure> {
    let activity = activity.unwrap_or_default();
    let zone = show(client, name, &activity).await?;
    followed::tell(client, std::slice::from_ref(&activity), &zone).await;
    followed::tell_where(&activity, &zone);
    Ok(())
}

/// Refuses a zone that venues does not know. Where venues cannot be asked, the move goes on: its booking
/// will tell.
async fn check_zone(client: &Client, zone: &ZoneName) -> Result<(), Failure> {
    match client.places().get_zone(GetZoneRequest { name: zone.to_string() }).await {
        Err(status) if status.code() == Code::NotFound => {
            let venue = zone.parent();
            let venue = format!("{}/{}", venue.parent().id(), venue.id());
            Err(Failure::input(format!("--zone: there is no zone {venue}/{}", zone.id())).with_hint(format!(
                "`matchday zone list {}` shows those there are",
                zone.parent().parent().id()
            )))
        }
        _ => Ok(()),
    }
}
