//! What `matchday shift` does with assignments (派岗): a volunteer on a shift. Invitations are in `invitation`.

use clap::Args;
use matchday_api::volunteers::v1::{
    AssignVolunteerRequest, Assignment, AssignmentState, ListAssignmentsRequest, PinAssignmentRequest,
    RecordNoShowRequest, SignInRequest, SignOutRequest, WithdrawAssignmentRequest,
};
use matchday_kernel::{AssignmentName, ShiftName, TournamentName, VolunteerName};

use super::{
    connection::Client,
    names, pages,
    refusal::{Repeat, Request},
    times::Clocks,
};
use crate::{
    failure::{Failure, say},
    output::{Cell, Column, Shown},
    words,
};

/// A volunteer on a shift.
#[derive(Args)]
pub(super) struct Seat {
    /// The shift, as `shift list` shows it: fisu-2023/opening-gate-stewards
    shift: String,
    /// The volunteer: v001
    volunteer: String,
}

impl Seat {
    pub(super) fn of(shift: String, volunteer: String) -> Self {
        Self { shift, volunteer }
    }

    pub(super) fn read(&self) -> Result<(ShiftName, VolunteerName), Failure> {
        let shift: ShiftName = names::read(&self.shift)?;
        let volunteer = names::read_within(Some(shift.parent().id()), &self.volunteer)?;
        Ok((shift, volunteer))
    }

    pub(super) fn assignment(&self) -> Result<AssignmentName, Failure> {
        let (shift, volunteer) = self.read()?;
        let name = format!("{shift}/assignments/{}", volunteer.id());
        name.parse().map_err(|error: matchday_kernel::NameError| Failure::input(error.problem))
    }
}

/// A volunteer to propose for a shift.
#[derive(Args)]
pub(crate) struct Assign {
    #[command(flatten)]
    seat: Seat,
    /// Say whether it is possible, and change nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    repeat: Repeat,
}

/// An assignment to take back.
#[derive(Args)]
pub(crate) struct Withdraw {
    #[command(flatten)]
    seat: Seat,
    /// Why, without naming a person
    #[arg(long)]
    reason: String,
    #[command(flatten)]
    repeat: Repeat,
}

/// An assignment whose volunteer came, went, or did not come.
#[derive(Args)]
pub(crate) struct Attend {
    #[command(flatten)]
    seat: Seat,
    #[command(flatten)]
    repeat: Repeat,
}

/// An assignment to keep where it is.
#[derive(Args)]
pub(crate) struct Pin {
    #[command(flatten)]
    seat: Seat,
    /// Let rosters move it again
    #[arg(long)]
    off: bool,
    #[command(flatten)]
    repeat: Repeat,
}

/// Which assignments are listed.
#[derive(Args)]
pub(crate) struct Held {
    /// The tournament or the shift: fisu-2023, fisu-2023/opening-gate-stewards
    of: String,
    /// Only those of one volunteer: v001
    #[arg(long)]
    volunteer: Option<String>,
    /// Only those in this state (may be given more than once)
    #[arg(long, value_parser = words::values::<AssignmentState>())]
    state: Vec<AssignmentState>,
}

impl Shown for Assignment {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("name", |it: &Self| Cell::name(&it.name)),
        Column::new("state", |it: &Self| Cell::Text(words::word_of::<AssignmentState>(it.state))),
        Column::clock("start", |it: &Self| Cell::Time(it.start_time)),
        Column::new("end", |it: &Self| Cell::Time(it.end_time)),
        Column::detail("answer-by", |it: &Self| Cell::Time(it.answer_by)),
        Column::new("signed-in", |it: &Self| Cell::Time(it.sign_in_time)),
        Column::new("signed-out", |it: &Self| Cell::Time(it.sign_out_time)),
        Column::new("reason", |it: &Self| Cell::text(&it.reason)),
        Column::detail("volunteer", |it: &Self| Cell::name(&it.volunteer)),
        Column::detail("pinned", |it: &Self| Cell::text(if it.pinned { "yes" } else { "no" })),
        Column::detail("etag", |it: &Self| Cell::text(&it.etag)),
    ];
}

impl Assign {
    /// Proposes the volunteer and shows the assignment.
    pub(crate) async fn run(self, client: &Client) -> Result<(), Failure> {
        let (shift, volunteer) = self.seat.read()?;
        let request = self.repeat.request();
        let assign = AssignVolunteerRequest {
            shift: shift.to_string(),
            volunteer: volunteer.into(),
            request_id: request.id(),
            validate_only: self.dry_run,
        };
        let assigned = client.roster().assign_volunteer(assign).await;
        let response = assigned.map_err(|status| request.refused(status))?.into_inner();
        if self.dry_run {
            say("it is possible; nothing was changed");
        }
        show(client, &shift.parent(), response.assignment).await
    }
}

impl Withdraw {
    /// Takes the assignment back and shows it.
    pub(crate) async fn run(self, client: &Client) -> Result<(), Failure> {
        let (name, request) = (self.seat.assignment()?, self.repeat.request());
        let withdraw = WithdrawAssignmentRequest {
            name: name.to_string(),
            reason: self.reason,
            request_id: request.id(),
            ..WithdrawAssignmentRequest::default()
        };
        let withdrawn = client.roster().withdraw_assignment(withdraw).await;
        let response = withdrawn.map_err(|status| request.refused(status))?.into_inner();
        show(client, &name.parent().parent(), response.assignment).await
    }
}

impl Pin {
    /// Pins the assignment, or lets it go, and shows it.
    pub(crate) async fn run(self, client: &Client) -> Result<(), Failure> {
        let (name, request) = (self.seat.assignment()?, self.repeat.request());
        let pin = PinAssignmentRequest {
            name: name.to_string(),
            pinned: !self.off,
            request_id: request.id(),
            ..PinAssignmentRequest::default()
        };
        let pinned = client.roster().pin_assignment(pin).await;
        let response = pinned.map_err(|status| request.refused(status))?.into_inner();
        show(client, &name.parent().parent(), response.assignment).await
    }
}

impl Attend {
    /// Signs the volunteer in.
    pub(crate) async fn sign_in(self, client: &Client) -> Result<(), Failure> {
        let (name, request) = self.read()?;
        let sign_in =
            SignInRequest { name: name.to_string(), request_id: request.id(), ..SignInRequest::default() };
        let signed = client.roster().sign_in(sign_in).await;
        let response = signed.map_err(|status| request.refused(status))?.into_inner();
        show(client, &name.parent().parent(), response.assignment).await
    }

    /// Signs the volunteer out, at the end or with a reason before it.
    pub(crate) async fn sign_out(self, client: &Client, leave_reason: String) -> Result<(), Failure> {
        let (name, request) = self.read()?;
        let sign_out = SignOutRequest {
            name: name.to_string(),
            request_id: request.id(),
            leave_reason,
            ..SignOutRequest::default()
        };
        let signed = client.roster().sign_out(sign_out).await;
        let response = signed.map_err(|status| request.refused(status))?.into_inner();
        show(client, &name.parent().parent(), response.assignment).await
    }

    /// Records that the volunteer did not come.
    pub(crate) async fn no_show(self, client: &Client) -> Result<(), Failure> {
        let (name, request) = self.read()?;
        let no_show = RecordNoShowRequest {
            name: name.to_string(),
            request_id: request.id(),
            ..RecordNoShowRequest::default()
        };
        let recorded = client.roster().record_no_show(no_show).await;
        let response = recorded.map_err(|status| request.refused(status))?.into_inner();
        show(client, &name.parent().parent(), response.assignment).await
    }

    fn read(self) -> Result<(AssignmentName, Request), Failure> {
        Ok((self.seat.assignment()?, self.repeat.request()))
    }
}

/// Lists assignments.
pub(super) async fn list(client: &Client, held: Held) -> Result<(), Failure> {
    // a tournament is one part, or two when it is written in full
    let is_tournament = !held.of.trim_start_matches("tournaments/").contains('/');
    let (parent, tournament): (String, TournamentName) = if is_tournament {
        let tournament: TournamentName = names::read(&held.of)?;
        (tournament.to_string(), tournament)
    } else {
        let shift: ShiftName = names::read(&held.of)?;
        (shift.to_string(), shift.parent())
    };
    let within = |text: &str| names::read_within::<VolunteerName>(Some(tournament.id()), text);
    let request = ListAssignmentsRequest {
        parent,
        page_size: pages::PAGE_SIZE,
        volunteer: held.volunteer.as_deref().map(within).transpose()?.map(String::from).unwrap_or_default(),
        states: held.state.into_iter().map(i32::from).collect(),
        ..ListAssignmentsRequest::default()
    };
    show_all(client, &tournament, &all(client, &request).await?).await
}

/// All assignments a request asks for, page by page.
///
/// # Errors
/// [`Failure`] when the server refuses.
pub(super) async fn all(
    client: &Client,
    request: &ListAssignmentsRequest,
) -> Result<Vec<Assignment>, Failure> {
    pages::all(async |page_token| {
        let request = ListAssignmentsRequest { page_token, ..request.clone() };
        let page = client.roster().list_assignments(request).await?.into_inner();
        Ok((page.assignments, page.next_page_token))
    })
    .await
}

async fn show(
    client: &Client,
    tournament: &TournamentName,
    assignment: Option<Assignment>,
) -> Result<(), Failure> {
    let zone = Clocks::Tournament(tournament).zone_to_show(client).await;
    client.output.one(&assignment.unwrap_or_default(), &zone)
}

/// Lists assignments of a tournament.
///
/// # Errors
/// [`Failure`] when the clocks cannot be read or nothing can be written.
pub(super) async fn show_all(
    client: &Client,
    tournament: &TournamentName,
    assignments: &[Assignment],
) -> Result<(), Failure> {
    let zone = Clocks::Tournament(tournament).zone_to_show(client).await;
    client.output.list(assignments, &zone)
}
