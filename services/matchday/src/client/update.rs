//! What changes an activity and is neither its time, its zone nor its state.

use clap::Args;
use matchday_api::scheduling::v1::{Activity, UpdateActivityRequest};
use matchday_kernel::SessionName;
use matchday_rpc::parse::to_duration;
use prost_types::FieldMask;

use super::{activity::Named, change, connection::Client, followed, names, refusal::Repeat, times};
use crate::failure::Failure;

/// Another title, another session or none, another class or none, other buffers.
#[derive(Args)]
#[command(
    after_long_help = "Examples:\n  matchday activity update fisu-2023/m05 --title 'Group B, second leg'\n  \
                             matchday activity update fisu-2023/m01 --no-session\n\nAn activity of a session \
                             takes place at the session's venue. To move it to another venue, take\nit out of \
                             its session first."
)]
#[group(id = "fields", required = true, multiple = true)]
pub(crate) struct Update {
    #[command(flatten)]
    named: Named,
    /// What people call it
    #[arg(long, group = "fields")]
    title: Option<String>,
    /// The session it is part of from now on
    #[arg(long, group = "fields", conflicts_with = "no_session")]
    session: Option<String>,
    /// Take it out of its session
    #[arg(long, group = "fields")]
    no_session: bool,
    /// Class of the service plan that applies to it from now on: group-match
    #[arg(long, group = "fields", conflicts_with = "no_class")]
    class: Option<String>,
    /// Let no class of the service plan apply to it
    #[arg(long, group = "fields")]
    no_class: bool,
    /// Time the zone is needed before the start
    #[arg(long, value_name = "LENGTH", group = "fields", allow_hyphen_values = true)]
    set_up: Option<String>,
    /// Time the zone is needed after the end
    #[arg(long, value_name = "LENGTH", group = "fields", allow_hyphen_values = true)]
    turnaround: Option<String>,
    #[command(flatten)]
    repeat: Repeat,
}

impl Update {
    /// Changes the fields given and shows the activity.
    pub(crate) async fn run(self, client: &Client) -> Result<(), Failure> {
        let name = self.named.read()?;
        let mut activity = Activity { name: name.to_string(), ..Activity::default() };
        let mut paths = Vec::new();
        if let Some(title) = self.title {
            activity.title = title;
            paths.push("title");
        }
        if let Some(session) = &self.session {
            let session: SessionName = names::read_within(Some(name.parent().id()), session)?;
            activity.session = session.into();
        }
        if self.session.is_some() || self.no_session {
            paths.push("session");
        }
        if self.class.is_some() || self.no_class {
            activity.service_class = self.class.unwrap_or_default();
            paths.push("service_class");
        }
        if let Some(set_up) = &self.set_up {
            activity.set_up = Some(to_duration(times::length_or_none("--set-up", set_up)?));
            paths.push("set_up");
        }
        if let Some(turnaround) = &self.turnaround {
            activity.turnaround = Some(to_duration(times::length_or_none("--turnaround", turnaround)?));
            paths.push("turnaround");
        }
        let request = self.repeat.request();
        let update = UpdateActivityRequest {
            activity: Some(activity),
            update_mask: Some(FieldMask { paths: paths.into_iter().map(str::to_owned).collect() }),
            request_id: request.id(),
        };
        let updated = client.schedule().update_activity(update).await;
        let response = updated.map_err(|status| request.refused(status))?.into_inner();
        let activity = response.activity.unwrap_or_default();
        let zone = change::show(client, &name, &activity).await?;
        if self.set_up.is_some() || self.turnaround.is_some() {
            followed::tell(client, &[activity], &zone).await;
        }
        Ok(())
    }
}
