//! What `matchday shift` does with waiting lists (候补), invitations that lapse, and trades.

use clap::Args;
use matchday_api::volunteers::v1::{
    JoinWaitlistRequest, LapseInvitationsRequest, LeaveWaitlistRequest, ListWaitlistRequest,
    TradeAssignmentsRequest, Waiting,
};
use matchday_kernel::{ShiftName, TournamentName};

use super::{
    assignment::{Seat, show_all},
    connection::Client,
    names,
    refusal::Repeat,
    times::Clocks,
};
use crate::{
    failure::{Failure, say},
    output::{Cell, Column, Shown},
};

/// Somebody who is to wait for a seat.
#[derive(Args)]
pub(crate) struct Wait {
    #[command(flatten)]
    seat: Seat,
    /// Take the volunteer off the list instead
    #[arg(long)]
    leave: bool,
    #[command(flatten)]
    repeat: Repeat,
}

/// Two who swap their shifts.
#[derive(Args)]
pub(crate) struct Trade {
    /// The shift of the one: fisu-2023/opening-gate-stewards
    shift: String,
    /// The one: v078
    volunteer: String,
    /// The shift of the other: fisu-2023/opening-ushers
    other_shift: String,
    /// The other: v079
    other_volunteer: String,
    /// Say whether it is possible, and change nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    repeat: Repeat,
}

impl Shown for Waiting {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("volunteer", |it: &Self| Cell::name(&it.volunteer)),
        Column::clock("since", |it: &Self| Cell::Time(it.join_time)),
    ];
}

impl Wait {
    /// Puts the volunteer on the list, or takes the person off it.
    pub(crate) async fn run(self, client: &Client) -> Result<(), Failure> {
        let ((shift, volunteer), request) = (self.seat.read()?, self.repeat.request());
        let (shift, volunteer) = (shift.to_string(), volunteer.to_string());
        let mut service = client.roster();
        if self.leave {
            let leave = LeaveWaitlistRequest { shift, volunteer, request_id: request.id() };
            service.leave_waitlist(leave).await.map_err(|status| request.refused(status))?;
            say("the volunteer does not wait any more");
            return Ok(());
        }
        let join = JoinWaitlistRequest { shift, volunteer, request_id: request.id() };
        let joined = service.join_waitlist(join).await.map_err(|status| request.refused(status))?;
        say(format_args!("waits in place {}", joined.into_inner().place));
        Ok(())
    }
}

/// Lists who waits for a seat of a shift.
pub(super) async fn list(client: &Client, shift: &str) -> Result<(), Failure> {
    let shift: ShiftName = names::read(shift)?;
    let request = ListWaitlistRequest { shift: shift.to_string() };
    let waiting = client.roster().list_waitlist(request).await?.into_inner().waiting;
    let zone = Clocks::Tournament(&shift.parent()).zone_to_show(client).await;
    client.output.list(&waiting, &zone)
}

/// Lets the invitations of a tournament lapse whose deadline has passed.
pub(super) async fn lapse(client: &Client, tournament: &str, repeat: Repeat) -> Result<(), Failure> {
    let (tournament, request): (TournamentName, _) = (names::read(tournament)?, repeat.request());
    let lapse = LapseInvitationsRequest { parent: tournament.to_string(), request_id: request.id() };
    let lapsed = client.roster().lapse_invitations(lapse).await;
    let response = lapsed.map_err(|status| request.refused(status))?.into_inner();
    let (lapsed, invited) = (response.lapsed.len(), response.invited.len());
    show_all(client, &tournament, &[response.lapsed, response.invited].concat()).await?;
    say(format_args!("lapsed: {lapsed}; invited from waiting lists: {invited}"));
    Ok(())
}

impl Trade {
    /// Swaps the shifts, and shows what both hold.
    pub(crate) async fn run(self, client: &Client) -> Result<(), Failure> {
        let one = Seat::of(self.shift, self.volunteer).assignment()?;
        let other = Seat::of(self.other_shift, self.other_volunteer).assignment()?;
        let request = self.repeat.request();
        let trade = TradeAssignmentsRequest {
            one: one.to_string(),
            other: other.to_string(),
            request_id: request.id(),
            validate_only: self.dry_run,
        };
        let traded = client.roster().trade_assignments(trade).await;
        let response = traded.map_err(|status| request.refused(status))?.into_inner();
        if self.dry_run {
            say("it is possible; nothing was changed");
        }
        let both = [response.one.unwrap_or_default(), response.other.unwrap_or_default()];
        show_all(client, &one.parent().parent(), &both).await
    }
}
