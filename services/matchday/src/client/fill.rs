//! `matchday shift fill`: volunteers proposed for open seats, and why seats stay open.

use clap::Args;
use matchday_api::volunteers::v1::{FillShiftsRequest, FillShiftsResponse, OpenShift};
use matchday_kernel::TournamentName;

use super::{
    connection::Client,
    names,
    refusal::{Repeat, Request},
    times::{self, Clocks},
};
use crate::{
    failure::{Failure, say},
    output::{Cell, Column, Shown},
};

/// Which shifts to fill.
#[derive(Args)]
#[command(
    after_long_help = "Example:\n  matchday shift fill fisu-2023 --day 2023-10-21 --dry-run\n\nShifts \
                             with seats left open are listed, each with the number of volunteers that each \
                             rule\nblocks; a volunteer counts at the first rule that does."
)]
pub(crate) struct Fill {
    /// The tournament: fisu-2023
    tournament: String,
    /// Only the shifts of one day, on the tournament's clocks
    #[arg(long, value_name = "YYYY-MM-DD")]
    day: Option<String>,
    /// Show what would be proposed, and change nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    repeat: Repeat,
}

impl Shown for OpenShift {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::new("shift", |it: &Self| Cell::name(&it.shift)),
        Column::new("open-seats", |it: &Self| Cell::Count(it.seats)),
        Column::new("blocked", |it: &Self| {
            let blocked = it.blocked.iter().map(|rule| format!("{} {}", rule.reason, rule.volunteers));
            Cell::Text(blocked.collect::<Vec<_>>().join(", "))
        }),
    ];
}

impl Fill {
    /// Fills the shifts and lists those with seats left open.
    pub(crate) async fn run(self, client: &Client) -> Result<(), Failure> {
        let tournament: TournamentName = names::read(&self.tournament)?;
        let window = Clocks::Tournament(&tournament).window(client, self.day.as_deref()).await?;
        let request = FillShiftsRequest {
            parent: tournament.to_string(),
            from: window.from,
            until: window.until,
            validate_only: self.dry_run,
            ..FillShiftsRequest::default()
        };
        let response = fill(client, request, &self.repeat.request()).await?;
        if response.proposed == 0 && response.open.is_empty() {
            say("nothing to fill: no shift to come has an open seat; shifts that are over are left out");
            return client.output.list(&response.open, &times::utc());
        }
        let made = if self.dry_run { "would be proposed; nothing was changed" } else { "proposed" };
        say(format_args!("{} assignments {made}", response.proposed));
        if !self.dry_run && response.proposed > 0 {
            let id = tournament.id();
            say(format_args!(
                "next: matchday shift invite --all {id}, then matchday shift accept --all {id}"
            ));
        }
        let seats: i32 = response.open.iter().map(|shift| shift.seats).sum();
        say(format_args!("{seats} seats stay open, in {} shifts", response.open.len()));
        client.output.list(&response.open, &times::utc())
    }
}

/// Fills shifts.
///
/// # Errors
/// [`Failure`] when the server refuses.
pub(crate) async fn fill(
    client: &Client,
    fill: FillShiftsRequest,
    request: &Request,
) -> Result<FillShiftsResponse, Failure> {
    let fill = FillShiftsRequest { request_id: request.id(), ..fill };
    let filled = client.roster().fill_shifts(fill).await;
    Ok(filled.map_err(|status| request.refused(status))?.into_inner())
}
