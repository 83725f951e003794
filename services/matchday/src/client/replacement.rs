//! What `matchday shift` does when somebody is missing: another takes the place, or one who is there is sent to it.

use clap::Args;
use matchday_api::volunteers::v1::{
    Assignment, AssignmentState, RedeployVolunteerRequest, ReplaceVolunteerRequest, Substitute,
    SubstituteSource,
};
use matchday_kernel::{ShiftName, TournamentName, VolunteerName};
use serde::Serialize;

use super::{
    assignment::{Seat, show_all},
    connection::Client,
    names,
    refusal::Repeat,
    times::Clocks,
};
use crate::{
    failure::{Failure, say},
    output::{Cell, Column, Shown, ToJson},
    words,
};

/// A volunteer who cannot come or has to go.
#[derive(Args)]
pub(crate) struct Replace {
    #[command(flatten)]
    seat: Seat,
    /// Why, without naming a person
    #[arg(long)]
    reason: String,
    /// Take this volunteer; without it the best is taken, the reserve first
    #[arg(long, value_name = "VOLUNTEER")]
    with: Option<String>,
    /// The substitute has said yes already, and is not asked again
    #[arg(long, requires = "with")]
    agreed: bool,
    /// Show who would be taken, and change nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    repeat: Repeat,
}

/// A volunteer who is sent to another post.
#[derive(Args)]
pub(crate) struct Redeploy {
    #[command(flatten)]
    seat: Seat,
    /// The shift to go to: fisu-2023/opening-gate-stewards
    to: String,
    /// Why, without naming a person
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    repeat: Repeat,
}

/// Somebody in a replacement.
#[derive(Clone, Serialize)]
struct Placed {
    part: &'static str,
    volunteer: String,
    state: String,
    comes_from: String,
    gives_up: String,
}

impl ToJson for Placed {
    type Json = Self;

    fn to_json(&self) -> Result<Self, Failure> {
        Ok(self.clone())
    }
}

impl Shown for Placed {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("part", |it: &Self| Cell::text(it.part)),
        Column::new("volunteer", |it: &Self| Cell::name(&it.volunteer)),
        Column::new("state", |it: &Self| Cell::text(&it.state)),
        Column::new("comes-from", |it: &Self| Cell::text(&it.comes_from)),
        Column::new("gives-up", |it: &Self| Cell::name(&it.gives_up)),
    ];
}

impl Placed {
    fn of(part: &'static str, assignment: Assignment, substitute: Substitute) -> Self {
        let state = words::word_of::<AssignmentState>(assignment.state);
        Self { state, volunteer: assignment.volunteer, ..Self::could(part, substitute) }
    }

    fn could(part: &'static str, substitute: Substitute) -> Self {
        Self {
            part,
            comes_from: words::word_of::<SubstituteSource>(substitute.source),
            volunteer: substitute.volunteer,
            state: String::new(),
            gives_up: substitute.from_shift,
        }
    }
}

impl Replace {
    /// Replaces the volunteer, and shows who takes the place and who else could.
    pub(crate) async fn run(self, client: &Client) -> Result<(), Failure> {
        let (name, request) = (self.seat.assignment()?, self.repeat.request());
        let tournament: TournamentName = name.parent().parent();
        let within = |text: &str| names::read_within::<VolunteerName>(Some(tournament.id()), text);
        let replace = ReplaceVolunteerRequest {
            name: name.to_string(),
            reason: self.reason,
            substitute: self.with.as_deref().map(within).transpose()?.map(String::from).unwrap_or_default(),
            agreed: self.agreed,
            request_id: request.id(),
            validate_only: self.dry_run,
            ..ReplaceVolunteerRequest::default()
        };
        let replaced = client.roster().replace_volunteer(replace).await;
        let response = replaced.map_err(|status| request.refused(status))?.into_inner();
        if self.dry_run {
            say("it is possible; nothing was changed");
        }
        let gone = Placed::of("replaced", response.replaced.unwrap_or_default(), Substitute::default());
        let substitute = response.substitute.unwrap_or_default();
        let taken = Placed::of("substitute", response.assignment.unwrap_or_default(), substitute);
        let others = response.others.into_iter().map(|other| Placed::could("could, too", other));
        let zone = Clocks::Tournament(&tournament).zone_to_show(client).await;
        client.output.list(&[gone, taken].into_iter().chain(others).collect::<Vec<_>>(), &zone)
    }
}

impl Redeploy {
    /// Sends the volunteer, and shows the assignment left and the one taken.
    pub(crate) async fn run(self, client: &Client) -> Result<(), Failure> {
        let (name, request) = (self.seat.assignment()?, self.repeat.request());
        let tournament = name.parent().parent();
        let to: ShiftName = names::read_within(Some(tournament.id()), &self.to)?;
        let redeploy = RedeployVolunteerRequest {
            name: name.to_string(),
            to_shift: to.to_string(),
            reason: self.reason,
            request_id: request.id(),
            ..RedeployVolunteerRequest::default()
        };
        let sent = client.roster().redeploy_volunteer(redeploy).await;
        let response = sent.map_err(|status| request.refused(status))?.into_inner();
        let both: Vec<Assignment> = response.left.into_iter().chain(response.assignment).collect();
        show_all(client, &tournament, &both).await
    }
}
